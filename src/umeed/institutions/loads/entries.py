"""From a row to an entry: what it says about a group or a woman, read once, the same for LokOS and for plain lists."""

import datetime
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from umeed.core.loads.layouts import SheetRow
from umeed.institutions import codes
from umeed.institutions.loads import words
from umeed.institutions.loads.cells import Cells, as_text
from umeed.institutions.loads.columns import OFFICES
from umeed.kernel.identity import pin_code
from umeed.kernel.refusals import N_, Refusal, warning

Said = dict[str, Any]
_NO_NAME = N_("The name is missing.")
_NO_GROUP = N_("The group is missing: every woman comes as a member of a group.")
_NOT_AN_ID = N_("This is not an Umeed id. Leave the cell as it was exported, or empty it for a new woman.")
_NO_FORMATION = N_("Give the day on which the group was formed.")
_PIN_LEFT_OUT = N_("The PIN code is left out: it has 6 digits and does not begin with 0.")
_NOT_REVIVED = N_("A revival date is given, but the group is not a revived one; the date is left out.")
# A federation's office, as our own export writes it beside the group's: "Bookkeeper (VO)".
_ABOVE = tuple(f"({kind})" for kind in codes.Kind.values if kind != codes.Kind.SHG)
_LIVELIHOODS = ("livelihood_1", "livelihood_2", "livelihood_3")


@dataclass(slots=True)
class Account:
    """A bank account as a row gives it: number, IFSC or both; `again` is None where it has no column or is empty."""

    number: Any
    again: Any
    ifsc: str
    said: Said

    @property
    def passbook(self) -> Said:
        """What stands beside the number and IFSC of a woman's account."""
        said = {"account_name": self.said.get("name"), "account_opened_on": self.said.get("opened_on")}
        return _given(said)


@dataclass(slots=True)
class Named:
    """An office bearer as a group's row names her."""

    name: str
    since: datetime.date | None
    signs: bool


@dataclass(slots=True)
class GroupEntry:
    """A group as its row tells it. `said` holds only what is said, under the model's column names."""

    sheet: str
    number: int
    name: str
    village: str
    panchayat: str
    village_code: str
    lokos_id: str
    status: str
    said: Said
    account: Account | None
    offices: dict[str, Named]
    reasons: list[Refusal]


@dataclass(slots=True)
class MemberEntry:
    """A woman as her row tells it, with the group she is a member of."""

    sheet: str
    number: int
    name: str
    group: str
    village: str
    panchayat: str
    village_code: str
    lokos_id: str
    joined_on: datetime.date | None
    office: str
    office_since: datetime.date | None
    said: Said
    account: Account | None
    identity: Any
    is_inactive: bool
    umeed_id: UUID | None
    is_by_age: bool
    reasons: list[Refusal]


@dataclass(slots=True)
class Waiting:
    """A cut-off row: it waits for the books and is kept as it stands."""

    sheet: str
    number: int
    group: str
    said: Said = field(default_factory=dict)


def group_entry(row: SheetRow, today: datetime.date) -> GroupEntry:
    cells = Cells(row.values, today)
    name, formed_on = cells.text("name"), cells.day("formed_on")
    said = _given({
        "formed_on": formed_on,
        "promoter_name": cells.text("promoter_name"),
        "special": _special(cells),
        "saving_paise": cells.paise("saving"),
        "has_voluntary_saving": cells.yes("voluntary"),
        "bookkeeper_name": cells.text("bookkeeper_name"),
        "bookkeeper_phone": cells.phone("bookkeeper_phone")[0],
        "names_local": cells.texts("names_local"),
        "livelihoods": _livelihoods(cells),
        "address": _address(cells),
        "pin_code": _pin(cells),
        "meeting_time": cells.time("meeting_time"),
        "meeting_place": cells.text("meeting_place"),
        "checked_on": cells.day("checked_on"),
        **_origin(cells),
        **_meeting(cells),
    })  # fmt: skip
    if not name:
        cells.reasons.append(Refusal("name", "name_missing", _NO_NAME))
    if formed_on is None and not any(reason.field == "formed_on" for reason in cells.reasons):
        cells.reasons.append(Refusal("formed_on", "formation_missing", _NO_FORMATION))
    return GroupEntry(
        row.sheet, row.number, name, *_place(cells), cells.text("lokos_id", 60),
        cells.code("status", words.STATUS), said, _account(cells), _offices(cells), cells.reasons,
    )  # fmt: skip


def member_entry(row: SheetRow, today: datetime.date) -> MemberEntry:
    cells = Cells(row.values, today)
    phone, owner = cells.phone("phone")
    birth, is_by_age = _birth(cells)
    account = _account(cells)
    said = _given({
        "names_local": cells.names_local("name_local") or cells.texts("names_local"),
        "belonging_name": cells.text("belonging"),
        "belonging_names_local": cells.names_local("belonging_local") or cells.texts("belonging_names_local"),
        "relation": cells.code("relation", words.RELATION),
        **birth,
        "gender": cells.code("gender", words.GENDER),
        "social_category": cells.code("social", words.SOCIAL),
        "religion": cells.code("religion", words.RELIGION),
        "is_pvtg": cells.yes("is_pvtg"),
        "disability": cells.code("disability", words.DISABILITY),
        "disability_kind": cells.text("disability_kind", 60),
        "guardian_name": cells.text("guardian"),
        "marital": cells.code("marital", words.MARITAL),
        "is_household_head": cells.yes("is_head"),
        "education": cells.code("education", words.EDUCATION),
        "reads": cells.codes("reads", words.SCRIPT),
        "phone": phone,
        "phone_owner": owner or cells.code("phone_owner", words.PHONE_OWNER),
        "has_smartphone": cells.yes("has_smartphone"),
        "is_account_seeded": cells.yes("is_account_seeded"),
        "livelihoods": _livelihoods(cells),
        "nominee_name": cells.text("nominee"),
        "nominee_relation": cells.code("nominee_relation", words.RELATION),
        "is_insured": cells.yes("insured"),
        "address": _address(cells),
        "pin_code": _pin(cells),
        "checked_on": cells.day("checked_on"),
        **_passbook(cells, account),
    })  # fmt: skip
    entry = MemberEntry(
        row.sheet, row.number, cells.text("name"), cells.text("group"), *_place(cells),
        cells.text("lokos_id", 60), cells.day("joined_on"), _office(cells),
        cells.day("office_since"), said, account, _identity(cells),
        words.MEMBER_STATUS.get(words.folded(cells.text("status"))) == "inactive", _own_id(cells), is_by_age,
        cells.reasons,
    )  # fmt: skip
    if entry.umeed_id is None:
        _missing(entry)
    return entry


def waiting_entry(row: SheetRow) -> Waiting:
    said = {key: as_text(value) for key, value in row.values.items() if value is not None}
    return Waiting(row.sheet, row.number, said.get("group", ""), said)


def _place(cells: Cells) -> tuple[str, str, str]:
    """Village, panchayat, and the code that our own export writes beside them: many villages share a name."""
    return cells.text("village"), cells.text("panchayat"), cells.text("village_code", 12)


def _missing(entry: MemberEntry) -> None:
    asked = {reason.field for reason in entry.reasons}
    for field_name, value, code, text in (
        ("name", entry.name, "name_missing", _NO_NAME),
        ("group", entry.group, "group_missing", _NO_GROUP),
    ):
        if not value and field_name not in asked:
            entry.reasons.append(Refusal(field_name, code, text))


def _given(values: Said) -> Said:
    """Only what is said: empty cells change nothing."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


def _own_id(cells: Cells) -> UUID | None:
    """Her id of this product, which our own export writes; None for a woman who comes without one."""
    written = cells.text("umeed_id", 60)
    try:
        return UUID(written) if written else None
    except ValueError:
        cells.reasons.append(Refusal("umeed_id", "not_an_id", _NOT_AN_ID))
        return None


def _birth(cells: Cells) -> tuple[Said, bool]:
    """The date of birth where it is known; else the year alone, or from an age and the day on which it was that age.

    With it whether the year comes from an age, which tells it to within one.
    """
    written = cells.text("born_on")
    # Many registers write the year where the date belongs; a spreadsheet would take its number for a day of 1905.
    if len(written) == 4 and written.isdecimal() and 1900 <= int(written) <= cells.today.year:
        return {"born_year": int(written)}, False
    if cells.yes("knows_birth") is not False and (born_on := cells.day("born_on")):
        return {"born_on": born_on, "born_year": born_on.year}, False
    if year := cells.number("born_year", 9999):
        return {"born_year": year}, False
    age = cells.number("age", 150)
    return ({"born_year": (cells.day("age_on") or cells.today).year - age}, True) if age else ({}, False)


def _origin(cells: Cells) -> Said:
    """LokOS asks under one button who promoted a group of the programme, or how another came in."""
    written = words.folded(cells.text("origin"))
    promoter = cells.code("promoter", words.PROMOTER)
    if written in words.PROMOTER and written not in words.ORIGIN:
        promoter, origin = words.PROMOTER[written], ""
    else:
        origin = cells.code("origin", words.ORIGIN)
    said: Said = {"promoter": promoter, "origin": origin, "coopted_on": cells.day("coopted_on")}
    revived_on = cells.day("revived_on")
    if revived_on and origin not in ("", "revived"):
        cells.reasons.append(warning("revived_on", "not_revived", _NOT_REVIVED))
    elif revived_on:
        said |= {"revived_on": revived_on, "origin": "revived"}
    return said


def _special(cells: Cells) -> str:
    if words.folded(cells.text("group_type")) in ("", "special") and cells.text("special"):
        return cells.code("special", words.SPECIAL)
    return ""


def _meeting(cells: Cells) -> Said:
    """Frequency with its weekday, or with its date in the month."""
    frequency = cells.code("frequency", words.FREQUENCY)
    weekday = {"fortnightly": "fortnight_day", "monthly": "monthly_day"}.get(frequency, "weekly_day")
    date_key = {"fortnightly": "fortnight_date", "monthly": "monthly_date"}.get(frequency, "")
    if "fortnight_date" not in cells.values:
        date_key = "monthly_date"  # a plain list has one column for it, as our own export
    return {
        "meeting_frequency": frequency,
        "meeting_day": cells.code(weekday, words.WEEKDAY) or cells.code("weekly_day", words.WEEKDAY),
        "meeting_date": cells.number(date_key, 31) if date_key else None,
    }  # fmt: skip


def _livelihoods(cells: Cells) -> list[str]:
    return cells.texts("livelihoods", 80) or [text for key in _LIVELIHOODS if (text := cells.text(key, 80))]


def _address(cells: Cells) -> str:
    return ", ".join(text for key in ("address_1", "address_2") if (text := cells.text(key, 240)))[:240]


def _pin(cells: Cells) -> str:
    if not cells.text("pin"):
        return ""
    found = pin_code(cells.values["pin"])
    if isinstance(found, Refusal):
        cells.reasons.append(warning("pin", "pin_left_out", _PIN_LEFT_OUT))
        return ""
    return found


def _account(cells: Cells) -> Account | None:
    number, ifsc = cells.digits("account_number"), cells.text("ifsc", 20)
    if not number and not ifsc:
        return None
    said = _given({
        "name": cells.text("account_name"), "bank": cells.text("bank", 80), "branch": cells.text("branch", 80),
        "opened_on": cells.day("account_opened_on"),
    })  # fmt: skip
    return Account(number, cells.digits("account_again") or None, ifsc, said)


def _passbook(cells: Cells, account: Account | None) -> Said:
    """What stands beside a woman's number and IFSC, where both are empty or covered; else it is judged with them."""
    if account is not None:
        return {}
    return {"account_name": cells.text("account_name"), "account_opened_on": cells.day("account_opened_on")}


def _identity(cells: Cells) -> Any:
    """The Aadhaar number of the row, if that is the document it names."""
    kind = words.folded(cells.text("identity_kind"))
    return cells.digits("identity") if kind in ("aadhaar", "aadhar", "adhaar", "uid") else ""


def _office(cells: Cells) -> str:
    """Her office in the group; offices in federations stand beside it in our own export and are not loaded."""
    parts = [part.strip() for part in cells.text("office").replace("،", ",").split(",")]
    own = [part for part in parts if not part.casefold().endswith(_ABOVE)]
    if not own or words.folded(", ".join(own)) in words.NO_OFFICE:
        return ""
    return cells.code("office", words.OFFICE) if len(own) == len(parts) else words.OFFICE.get(words.folded(own[0]), "")


def _offices(cells: Cells) -> dict[str, Named]:
    return {
        office: Named(name, cells.day(f"{office}_since"), bool(cells.yes(f"{office}_signs")))
        for office in OFFICES
        if (name := cells.text(office))
    }
