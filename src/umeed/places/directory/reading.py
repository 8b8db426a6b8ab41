"""From a row of a directory to an entry: codes as numbers, names made readable, and where a place is said to lie."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from umeed.core.loads.layouts import SheetRow
from umeed.kernel.digits import plain_text
from umeed.kernel.refusals import N_, Refusal
from umeed.places import rules
from umeed.places.naming import tidy

PARENT_KINDS = (rules.DISTRICT, rules.TEHSIL, rules.BLOCK, rules.PANCHAYAT)
_LARGEST_CODE = 2_147_483_647


@dataclass(frozen=True)
class Named:
    """A place as a row names it: by code, by name or by both."""

    code: int | None = None
    name: str = ""

    def __bool__(self) -> bool:
        return self.code is not None or bool(self.name)


@dataclass(frozen=True)
class Entry:
    """One place of a directory, as its row tells it. `parents` has only the kinds that the row names."""

    kind: str
    sheet: str
    number: int
    code: int | None
    name: str
    name_local: str = ""
    census_2001: str = ""
    census_2011: str = ""
    state_code: int | None = None
    parents: Mapping[str, Named] = field(default_factory=dict)
    reasons: tuple[Refusal, ...] = ()

    @property
    def shown(self) -> str:
        return f"{self.name} ({self.code})" if self.code else self.name

    def parent(self, kind: str) -> Named:
        return self.parents.get(kind, Named())


def entry_of(row: SheetRow) -> Entry:
    """Read a row. What cannot be read stands in `reasons`."""
    values = row.values
    code, reasons = _code(values.get("code"))
    name = tidy(text_of(values.get("name")))
    parents = {}
    for kind in PARENT_KINDS:
        parent_code, wrong = _code(values.get(f"{kind}_code"), kind)
        reasons += wrong
        if named := Named(parent_code, tidy(text_of(values.get(f"{kind}_name")))):
            parents[kind] = named
    return Entry(
        kind=row.kind,
        sheet=row.sheet,
        number=row.number,
        code=code,
        name=name,
        name_local=_local(values.get("name_local")),
        census_2001=_census(values.get("census_2001")),
        census_2011=_census(values.get("census_2011")),
        state_code=_code(values.get("state_code"))[0],
        parents=parents,
        reasons=tuple(reasons),
    )


def text_of(value: Any) -> str:
    """A cell as text, in Latin digits and without unseen marks; a whole number without its decimal point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return plain_text(str(value))


def _code(value: Any, kind: str = "") -> tuple[int | None, list[Refusal]]:
    """A code as a number: '00236400' and 55.0 too; empty and zero are no code."""
    text = text_of(value)
    if not text or not text.strip("0"):
        return None, []
    if text.isascii() and text.isdecimal() and int(text) <= _LARGEST_CODE:
        return int(text), []
    words = N_("“%(code)s” is not a code. LGD codes are whole numbers.")
    return None, [Refusal(f"{kind}_code" if kind else "code", "not_a_code", words, {"code": text[:40]})]


def _census(value: Any) -> str:
    """A census code as written, with its leading zeros; a row of zeros is none."""
    text = text_of(value)
    return text[:12] if text.strip("0") else ""


def _local(value: Any) -> str:
    """A name in its own script; LGD often repeats the English name there, which says nothing."""
    text = text_of(value)
    return "" if text.isascii() else text[: rules.LONGEST_NAME]
