"""The columns of women and groups as spreadsheets bring them: LokOS's own workbook, and plain lists.

LokOS headings carry a number that says the field (`004`) and its part (`304`); headings repeat, so the number is part
of the known spelling. The 60, 60 and 88 labels are those of the upload workbook of 2022.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from umeed.core.loads.layouts import Column

GROUPS, MEMBERS, CUTOFF = "groups", "members", "cutoff"
OFFICES = ("president", "secretary", "treasurer")


def _column(key: str, title: Any, *headings: str, **more: Any) -> Column:
    return Column(key, title, headings, **more)


LOKOS_GROUPS: Sequence[Column] = (
    _column("serial", _("Serial number"), "Sno."),
    _column("what", _("Kind of entry"), "Type"),
    _column("flow", _("Flow"), "Flow Type"),
    _column("name", _("Group"), "001 SHG Name", required=True),
    _column("panchayat", _("Panchayat"), "002 GP"),
    _column("village", _("Village"), "003 Village", required=True),
    _column("to_add", _("Members to add"), "No. of Members to Add"),
    _column("formed_on", _("Formed on"), "004 Formation Date", required=True),
    _column("promoter", _("Promoted by"), "005 Promoted by"),
    _column("origin", _("Origin"), "105 RadioBtn(NRLM/StateProject/SGSY)"),
    _column("promoter_name", _("Name of the promoter"), "205 Promoter(NGO/Other)"),
    _column("revived_on", _("Revived on"), "305 Revival Date"),
    _column("coopted_on", _("Brought in on"), "405 Co-option Date"),
    _column("group_type", _("Ordinary or special"), "006 SHG Type"),
    _column("special", _("Special group"), "106 Tags(Special)"),
    _column("special_other", _("Other special group"), "206 Other(Specify)(Tag)"),
    _column("frequency", _("Meets"), "007 Meeting Frequency"),
    _column("weekly_day", _("Weekday"), "107 Day(Weekly)"),
    _column("fortnight_by", _("Fortnightly by"), "207 Fortnight Week(Fortnightly)"),
    _column("fortnight_day", _("Weekday of the fortnight"), "307 Day(Fortnight Week> First/Second)"),
    _column("fortnight_date", _("Date of the fortnight"), "407 Date (Fortnight Week>Other)"),
    _column("monthly_by", _("Monthly by"), "507 Monthly Day(Monthly)"),
    _column("monthly_day", _("Weekday of the month"), "607 Day(Monthly Day)"),
    _column("monthly_date", _("Date of the month"), "707 Date(Monthly Day>Others)"),
    _column("saving_frequency", _("Saves"), "008 Compulsory Saving Frequency"),
    _column("saving", _("Compulsory saving"), "009 Compulsory Saving Amount"),
    _column("saving_rate", _("Interest on compulsory saving"), "010 Compulsory Saving Interest Rate(Annual)%"),
    _column("voluntary", _("Voluntary saving"), "011 Voluntary Saving"),
    _column("voluntary_rate", _("Interest on voluntary saving"), "111 Voluntary Savings Interest Rate(Yes)"),
    _column("has_bookkeeper", _("Bookkeeper found"), "012 Bookkeeper Identified"),
    _column("bookkeeper_name", _("Bookkeeper"), "0112 Bookkeeper's Name"),
    _column("bookkeeper_phone", _("Bookkeeper's phone"), "212 Bookkeeper/'s Mobile No.", sealed=True),
    _column("livelihood_1", _("First livelihood"), "013 Primary Livelihood Activity"),
    _column("livelihood_2", _("Second livelihood"), "014 Secondary Livelihood Activity"),
    _column("livelihood_3", _("Third livelihood"), "015 Tertiary Livelihood Activity"),
    _column("tenure", _("Term of office"), "016 Tenure of elected official"),
    _column("resolution", _("Resolution"), "017 SHG Resolution Copy"),
    _column("status", _("Status"), "018 Status"),
    _column("phone", _("Phone of a member"), "019 Mobile Belongs to(Member)", sealed=True),
    _column("address_1", _("Address"), "020 Address Line 1"),
    _column("address_2", _("Address, second line"), "120 Address Line 2"),
    _column("pin", _("PIN code"), "220 Pincode"),
    _column("account_name", _("Name in the passbook"), "021 Name In Bank Passbook"),
    _column("ifsc", _("IFSC"), "121 IFSC Code"),
    _column("bank", _("Bank"), "221 Bank Name"),
    _column("branch", _("Branch"), "321 Bank Branch"),
    _column("account_number", _("Account number"), "421 Account Number", sealed=True),
    _column("account_opened_on", _("Account opened on"), "521 Account Opening Date"),
    _column("passbook", _("Passbook page"), "621 Passbook First Page"),
    _column("is_main_account", _("Main account"), "721 Is Default"),
    _column("president", _("President"), "022 President"),
    _column("president_since", _("President since"), "122 From Date(President"),
    _column("president_signs", _("President signs"), "222 Signatory(President)"),
    _column("secretary", _("Secretary"), "023 Secretary"),
    _column("secretary_since", _("Secretary since"), "123 From Date(Secretary)"),
    _column("secretary_signs", _("Secretary signs"), "223 Signatory(Secretary)"),
    _column("treasurer", _("Treasurer"), "024 Treasurer"),
    _column("treasurer_since", _("Treasurer since"), "124 From Date(Secretary)", "124 From Date(Treasurer)"),
    _column("treasurer_signs", _("Treasurer signs"), "224 Signatory(Secretary)", "224 Signatory(Treasurer)"),
    _column("expected_error", _("Expected error"), "Expected Error Message (,)"),
)

LOKOS_MEMBERS: Sequence[Column] = (
    _column("serial", _("Serial number"), "Sno."),
    _column("group", _("Group"), "SHG Reference", required=True),
    _column("flow", _("Flow"), "Flow Type"),
    _column("name", _("Name"), "001 Name", required=True),
    _column("name_local", _("Name in her script"), "002 Name in Local"),
    _column("gender", _("Gender"), "003 Gender"),
    _column("knows_birth", _("Date of birth known"), "004 Is Member Date of Birth Availble"),
    _column("born_on", _("Born on"), "104 DOB (Yes)"),
    _column("age", _("Age"), "204 Age(No)"),
    _column("age_on", _("Age on the day"), "304 Age as of Date(No)"),
    _column("joined_on", _("Joined on"), "005 Member Joining Date", required=True),
    _column("marital", _("Marital status"), "006 Marital Status"),
    _column("belonging", _("Mother, father or spouse"), "007 Mother/Father/Spouse"),
    _column("belonging_local", _("Mother, father or spouse, in her script"), "008 Mother/Father/Spouse in Local"),
    _column("relation", _("Relation"), "009 Relation"),
    _column("is_head", _("Head of the household"), "010 Is Member Head of the family?"),
    _column("disability", _("Disability"), "011 Disability"),
    _column("disability_kind", _("Kind of disability"), "111 Disability Type"),
    _column("guardian", _("Guardian"), "211 Guardian Name"),
    _column("guardian_local", _("Guardian, in her script"), "311 Guardian Name in Local"),
    _column("guardian_relation", _("Relation of the guardian"), "411 Relation with guardian"),
    _column("office", _("Office"), "012 Post/Designation"),
    _column("social", _("Social category"), "013 Social Category"),
    _column("religion", _("Religion"), "014 Religion"),
    _column("education", _("Education"), "015 Highest Education Level"),
    _column("insured", _("Insured"), "051 Insurance"),
    _column("livelihood_1", _("First livelihood"), "016 Primary Livelihood"),
    _column("livelihood_2", _("Second livelihood"), "017 Secondary Livelyhood"),
    _column("livelihood_3", _("Third livelihood"), "018 Tertiary Livelihood"),
    _column("photo", _("Photograph"), "019  Member Image"),
    _column("consent", _("Consent form"), "050 Consent Form Image"),
    _column("status", _("Status"), "020 Status"),
    _column("phone", _("Phone"), "021 Phone Numbers(;)", sealed=True),
    _column("address_kind", _("Kind of address"), "022 Address Type"),
    _column("address_where", _("Place of the address"), "122 Address Location"),
    _column("address_1", _("Address"), "222 Address Line 1"),
    _column("address_2", _("Address, second line"), "322 Address Line 2"),
    _column("pin", _("PIN code"), "422 Pincode"),
    _column("account_name", _("Name in the passbook"), "023 Name in Bank Passbook"),
    _column("ifsc", _("IFSC"), "123 IFSC Code"),
    _column("bank", _("Bank"), "223 Bank Name"),
    _column("branch", _("Branch"), "323 Bank Branch"),
    _column("account_number", _("Account number"), "423 Account Number", sealed=True),
    _column("account_again", _("Account number, again"), "823 Re-Type Account Number", sealed=True),
    _column("account_opened_on", _("Account opened on"), "523 Account Opening Date"),
    _column("passbook", _("Passbook page"), "623 Passbook First Page"),
    _column("is_main_account", _("Main account"), "723 Is Default"),
    _column("identity_kind", _("Identity document"), "024 KYC Document Type"),
    _column("identity", _("Identity number"), "124 KYC ID", sealed=True),
    _column("identity_front", _("Document, front"), "224 Document Front Image"),
    _column("identity_back", _("Document, back"), "324 Doc Rear Image"),
    _column("other_kind", _("Other document"), "025 Other ID"),
    _column("other_number", _("Number of the other document"), "125 ID", sealed=True),
    _column("cadre", _("Cadre"), "026 Category"),
    _column("cadre_role", _("Role in the cadre"), "126 Roles"),
    _column("cadre_since", _("In the cadre since"), "226 Joining Date"),
    _column("cadre_until", _("In the cadre until"), "326 Leaving Date"),
    _column("insurance", _("Insurance"), "027 Insurance"),
    _column("insured_until", _("Insured until"), "127 Valid Upto"),
    _column("expected_error", _("Expected error"), "Expected Error Message (,)"),
)

_LOAN = (
    "Fund Source", "Disbursed Loan Amount", "Principal Repaid", "Principal Arrears", "Interest Rate(Annually)",
    "Interest Paid", "Overdue Interest(if any)", "Total Overdue", "Loan Disbursement Date", "Mode of Receipt",
    "Period(Months)", "Loan Repayment Frequency", "Purpose",
)  # fmt: skip
_CUTOFF_HEADINGS = (
    "Sno.", "SHG Reference", "Flow Type", "New Meeting Number", "Meeting Date", "001 Attendence",
    "002 Compulsory Saving", "003 Voluntary Saving", "004 Number of Loans", "005 Amount of Loans",
    *(f"{part or ''}{number:0{2 if part else 3}d} {word}" for number in (6, 7, 8) for part, word in enumerate(_LOAN)),
    "009 Share Capital", "010 Membership Fee", "011 Investment At(Group Investment)", "111 Type of Saving",
    "211 Amount", "012 Institution(Grp Closed Loan)", "112 Borrowed From", "212 Fund Source", "312 Number of Loans",
    "412 Total Amount", "013 Institution(Grp Active Loan)", "113 Borrowed From", "213 Loan Account No.",
    "313 Fund Source", "413 Type of Loan", "513 Loan Disbursement Date", "613 Mode of Receipt",
    "713 Interest Rate(Annually)", "813 Amount Withdrawn", "913 Original Period(In Months)",
    "1013 Total Outstanding Period(in Months)", "1113 Remaining Period(in Months)", "1213 Principal Repaid",
    "1313 Principal Outstanding(including Arrears)", "1413 Principal Arrears", "1513 Interest Arrears",
    "1613 Repayment Frequency", "014 Source(Fund Received)", "114 Fund Source", "214 Mode of Receipt",
    "314 Total Amount Received", "015 Cash in Hand(Grp Cash Balance)", "115 Cash in Transit",
    "215 Date of Balance Taken", "016 Bank Name(Grp Bank Balance)", "116 Cash in Bank",
    "216 Cheque issued but amount not debited", "316 Cheque received but amount not credited",
    "416 Date of Balance taken",
)  # fmt: skip


def _cutoff(heading: str) -> Column:
    """A column that waits for the books: kept as it stands, under its number."""
    keys = {"Sno.": "serial", "SHG Reference": "group", "Flow Type": "flow", "New Meeting Number": "meeting_number"}
    keys["Meeting Date"] = "met_on"
    key = keys.get(heading) or f"c{heading.split()[0]}"
    return Column(key, heading, (heading,), heading in ("SHG Reference", "New Meeting Number"), "Account No" in heading)


LOKOS_CUTOFF: Sequence[Column] = tuple(_cutoff(heading) for heading in _CUTOFF_HEADINGS)
LOKOS: Mapping[str, Sequence[Column]] = {GROUPS: LOKOS_GROUPS, MEMBERS: LOKOS_MEMBERS, CUTOFF: LOKOS_CUTOFF}

_CODE = ("Village LGD code", "Village code")
# A bare "LGD code" in another's list may as well be that of the panchayat or block; in our own export it is not.
_EXPORTED_CODE = ("District", "Block", "Panchayat", "Village", "LGD code")

PLAIN_MEMBERS: Sequence[Column] = (
    _column("name", _("Name"), "Name", "Member name", "Name of member", "Woman", "Name of the woman", required=True),
    _column("group", _("Group"), "SHG", "SHG name", "Group", "Group name", "Name of SHG", "Self-help group",
            required=True),
    _column("belonging", _("Husband, father or mother"), "Husband/Father", "Husband name", "Father name", "Parentage",
            "W/o", "D/o", "Husband or father", "Father/Husband name", "Husband's, father's or mother's name"),
    _column("relation", _("Relation"), "Relation"),
    _column("village", _("Village"), "Village", "Village name", exact=_CODE),
    _column("village_code", _("LGD code of the village"), exact=_CODE, run=_EXPORTED_CODE),
    _column("panchayat", _("Panchayat"), "Panchayat", "GP", "Gram panchayat"),
    _column("joined_on", _("Joined on"), "Joining date", "Date of joining", "Joined on", "Joined"),
    _column("born_on", _("Born on"), "Date of birth", "DOB", "Birth date"),
    _column("born_year", _("Year of birth"), "Year of birth", "Birth year"),
    _column("age", _("Age"), "Age", "Age in years"),
    _column("age_on", _("Age on the day"), "Age as of date", "Age on"),
    _column("gender", _("Gender"), "Gender", "Sex"),
    _column("phone", _("Phone"), "Phone", "Mobile", "Mobile no", "Phone number", "Mobile number", "Contact",
            sealed=True),
    _column("office", _("Office"), "Office", "Post", "Designation", "Position"),
    _column("office_since", _("Office since"), "Office since", "Elected on"),
    _column("marital", _("Marital status"), "Marital status"),
    _column("is_head", _("Head of the household"), "Head of the household"),
    _column("social", _("Social category"), "Social category", "Category", "Caste category"),
    _column("religion", _("Religion"), "Religion"),
    _column("education", _("Education"), "Education", "Qualification"),
    _column("disability", _("Disability"), "Disability"),
    _column("disability_kind", _("Kind of disability"), "Disability type"),
    _column("guardian", _("Guardian"), "Guardian", "Guardian name"),
    _column("nominee", _("Nominee"), "Nominee", "Nominee name"),
    _column("nominee_relation", _("Relation of the nominee"), "Nominee relation", "Relation with nominee",
            "Nominee's relation"),
    _column("insured", _("Insured"), "Insured"),
    _column("livelihood_1", _("First livelihood"), "Livelihood", "Occupation", "Activity"),
    _column("livelihood_2", _("Second livelihood"), "Second livelihood"),
    _column("account_number", _("Account number"), "Account number", "Account no", "Bank account", sealed=True),
    _column("account_again", _("Account number, again"), "Re-type account number", "Account number again", sealed=True),
    _column("ifsc", _("IFSC"), "IFSC", "IFSC code"),
    _column("address_1", _("Address"), "Address"),
    _column("pin", _("PIN code"), "PIN", "PIN code", "Pincode"),
    _column("lokos_id", _("LokOS id"), "LokOS id", "LokOS member id", exact=("Member id", "Member code")),
    _column("umeed_id", _("Umeed id"), "Umeed id"),
)  # fmt: skip

PLAIN_GROUPS: Sequence[Column] = (
    _column("name", _("Group"), "SHG name", "Group name", "SHG", "Name of SHG", "Name of group", "Name", required=True),
    _column("village", _("Village"), "Village", "Village name", exact=_CODE, required=True),
    _column("village_code", _("LGD code of the village"), exact=_CODE, run=_EXPORTED_CODE),
    _column("panchayat", _("Panchayat"), "Panchayat", "GP", "Gram panchayat"),
    _column("formed_on", _("Formed on"), "Formation date", "Date of formation", "Formed on", required=True),
    _column("origin", _("Origin"), "Origin"),
    _column("revived_on", _("Revived on"), "Revival date"),
    _column("coopted_on", _("Brought in on"), "Co-option date"),
    _column("promoter", _("Promoted by"), "Promoted by", "Promoter"),
    _column("promoter_name", _("Name of the promoter"), "Name of the promoter", "Promoter name"),
    _column("special", _("Special group"), "Special group", "Special"),
    _column("status", _("Status"), "Status"),
    _column("frequency", _("Meets"), "Meeting frequency"),
    _column("weekly_day", _("Weekday"), "Meeting day"),
    _column("monthly_date", _("Date of the month"), "Meeting date", "Meeting date in the month"),
    _column("saving", _("Compulsory saving"), "Saving", "Compulsory saving", "Monthly saving",
            "Compulsory saving a meeting"),
    _column("voluntary", _("Voluntary saving"), "Voluntary saving"),
    _column("bookkeeper_name", _("Bookkeeper"), "Bookkeeper", "Bookkeeper name"),
    _column("bookkeeper_phone", _("Bookkeeper's phone"), "Bookkeeper phone", "Bookkeeper mobile", sealed=True),
    _column("account_number", _("Account number"), "Account number", "Account no", "Bank account", sealed=True),
    _column("account_again", _("Account number, again"), "Re-type account number", "Account number again", sealed=True),
    _column("account_name", _("Name in the passbook"), "Name in passbook", "Account name"),
    _column("ifsc", _("IFSC"), "IFSC", "IFSC code"),
    _column("bank", _("Bank"), "Bank", "Bank name"),
    _column("branch", _("Branch"), "Branch", "Bank branch"),
    _column("account_opened_on", _("Account opened on"), "Account opening date", "Account opened on"),
    _column("address_1", _("Address"), "Address"),
    _column("pin", _("PIN code"), "PIN", "PIN code", "Pincode"),
    _column("lokos_id", _("LokOS id"), "LokOS id", "LokOS SHG id", exact=("SHG id", "SHG code")),
)  # fmt: skip
