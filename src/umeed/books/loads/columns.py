"""The columns of cut-offs as spreadsheets bring them: LokOS's sheet as it is, and our own workbook, of three sheets for
groups and three for VOs and CLFs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from umeed.core.loads.layouts import Column
from umeed.institutions.loads.columns import CUTOFF, LOKOS_CUTOFF

GROUPS, WOMEN, LOANS = "cutoff_groups", "cutoff_women", "cutoff_loans"
FEDERATIONS, BODIES, BODY_LOANS = "cutoff_federations", "cutoff_bodies", "cutoff_body_loans"


def _column(key: str, title: Any, *headings: str, **more: Any) -> Column:
    return Column(key, title, headings, **more)


# LokOS's sheet does not say whose savings and loans a row holds, nor up to how much a cash credit may be drawn: whoever
# fills it in adds them.
LOKOS: Mapping[str, Sequence[Column]] = {
    CUTOFF: (
        *LOKOS_CUTOFF,
        _column("member", _("Member"), "Member", "Member name", "Name of member"),
        _column("surplus", _("Surplus before the books began"), "Surplus"),
        _column("limit", _("Limit of the cash credit"), "Limit", "Cash credit limit"),
    )
}

_GROUP = (
    _column("group", _("Group"), "SHG", "Group", "SHG name", required=True),
    _column("village", _("Village"), "Village"),
    _column("group_id", _("Id of the group"), exact=("Id of the group",)),
)
_MONEY = (
    _column("cash", _("Cash in hand"), "Cash in hand", required=True),
    _column("bank", _("Cash at bank"), "Cash at bank"),
    _column("fixed_deposit", _("Fixed deposit"), "Fixed deposit"),
    _column("insurance_policy", _("Insurance policy"), "Insurance policy"),
)
_FUNDS = (
    _column("rf_received", _("Revolving fund received"), "RF received"),
    _column("rf_returned", _("Revolving fund returned"), "RF returned"),
    _column("cif_received", _("CIF received that stays here"), "CIF received"),
    _column("cif_returned", _("CIF returned"), "CIF returned"),
    _column("vrf", _("Vulnerability reduction fund"), "VRF"),
    _column("startup", _("Start-up grant"), "Start-up grant"),
    _column("other_grant", _("Other grant"), "Other grant"),
    _column("other_receipts", _("Other receipts until then"), "Other receipts"),
    _column("surplus", _("Surplus before the books began"), "Surplus"),
    _column("surplus_why", _("How it came about")),
)
OWN_GROUPS: Sequence[Column] = (
    *_GROUP,
    _column("on", _("Day of the cut-off"), "Cut-off date", required=True),
    _column("meetings_held", _("Meetings held until then"), "Meetings held"),
    _column("last_meeting", _("Last meeting"), "Last meeting"),
    *_MONEY,
    _column("saving_vo", _("Saving with the VO"), "Saving with VO"),
    _column("share_vo", _("Share capital with the VO"), "Share capital with VO"),
    _column("saving_clf", _("Saving with the CLF"), "Saving with CLF"),
    _column("share_clf", _("Share capital with the CLF"), "Share capital with CLF"),
    *_FUNDS,
)
_WOMAN = (
    *_GROUP,
    _column("woman", _("Woman"), "Woman", "Member", "Member name", required=True),
    _column("belonging", _("Husband, father or mother"), "Husband or father"),
    _column("woman_id", _("Id of the woman"), exact=("Id of the woman",)),
)
OWN_WOMEN: Sequence[Column] = (
    *_WOMAN,
    _column("saving_compulsory", _("Compulsory saving"), "Compulsory saving", required=True),
    _column("saving_food", _("Food security saving"), "Food security saving"),
    _column("saving_health", _("Health saving"), "Health saving"),
    _column("saving_optional", _("Optional saving"), "Optional saving"),
    _column("attended", _("Meetings she came to"), "Meetings attended"),
    _column("closed_count", _("Loans she has repaid"), "Loans repaid"),
    _column("closed_paise", _("What they came to"), "Amount repaid"),
)
_TERMS = (
    _column("whom", _("From whom"), "Lender"),
    _column("lender", _("Bank and branch, or who else lent"), "Bank and branch"),
    _column("is_cash_credit", _("Cash credit"), "Cash credit"),
    _column("limit", _("Limit of the cash credit"), "Limit"),
    _column("lent_on", _("Lent on"), "Lent on", required=True),
    _column("lent", _("Lent"), "Lent", required=True),
    _column("outstanding", _("Principal still owed"), "Outstanding", required=True),
    _column("overdue_principal", _("Of it overdue"), "Principal overdue"),
    _column("overdue_interest", _("Interest overdue"), "Interest overdue"),
    _column("overdue_since", _("Overdue since"), "Overdue since"),
    _column("rate", _("Interest, per cent a year"), "Rate a year", "Rate"),
    _column("method", _("How interest is counted"), "Method"),
    _column("part_month", _("Interest for a month that is not over"), "Part of a month"),
    _column("frequency", _("Repaid"), "Frequency"),
    _column("instalments", _("Instalments left"), "Instalments left"),
    _column("next_due", _("Next instalment due"), "Next due"),
    _column("source", _("Lent out of"), "Source"),
    _column("purpose", _("Purpose"), "Purpose"),
)
# A woman's interest is said by the month, as in her meetings; a bank's by the year.
_RATE_A_MONTH = _column("rate_a_month", _("Interest of a woman's loan, per cent a month"), "Rate a month")
OWN_LOANS: Sequence[Column] = (
    *_GROUP,
    _column("woman", _("Woman"), "Woman", "Member", "Member name"),
    _column("belonging", _("Husband, father or mother"), "Husband or father"),
    _column("woman_id", _("Id of the woman"), exact=("Id of the woman",)),
    *(part for column in _TERMS for part in ((_RATE_A_MONTH, column) if column.key == "rate" else (column,))),
)

_FEDERATION = (
    _column("group", _("VO or CLF"), "VO or CLF", "Federation", "VO name", "CLF name", required=True),
    _column("village", _("Village"), "Village"),
    _column("group_id", _("Id of the VO or CLF"), exact=("Id of the VO or CLF",)),
)
OWN_FEDERATIONS: Sequence[Column] = (
    *_FEDERATION,
    _column("on", _("Day of the cut-off"), "Cut-off date", required=True),
    _column("meetings_held", _("Meetings held until then"), "Meetings held"),
    _column("last_meeting", _("Last meeting"), "Last meeting"),
    *_MONEY,
    _column("saving_clf", _("Saving with the CLF"), "Saving with CLF"),
    _column("share_clf", _("Share capital with the CLF"), "Share capital with CLF"),
    *_FUNDS,
)
_BODY = (
    _column("member", _("Group or VO"), "Group or VO", "Member group", required=True),
    _column("member_id", _("Id of the group or VO"), exact=("Id of the group or VO",)),
)
OWN_BODIES: Sequence[Column] = (
    *_FEDERATION,
    *_BODY,
    _column("share_of_body", _("Share capital"), "Share capital", required=True),
    _column("saving_of_body", _("Saving"), "Saving"),
    _column("attended", _("Meetings it came to"), "Meetings attended"),
    _column("closed_count", _("Loans it has repaid"), "Loans repaid"),
    _column("closed_paise", _("What they came to"), "Amount repaid"),
)
OWN_BODY_LOANS: Sequence[Column] = (
    *_FEDERATION,
    *(replace(column, required=False) for column in _BODY),
    *_TERMS,
)
OWN: Mapping[str, Sequence[Column]] = {
    GROUPS: OWN_GROUPS, WOMEN: OWN_WOMEN, LOANS: OWN_LOANS,
    FEDERATIONS: OWN_FEDERATIONS, BODIES: OWN_BODIES, BODY_LOANS: OWN_BODY_LOANS,
}  # fmt: skip
