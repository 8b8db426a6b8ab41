"""One row's cells, read in the kinds that women and groups need; what cannot be read becomes a reason.

Spreadsheets write absent values in many ways (`Null`, `NA`, `-`), numbers as text (`#9000000032`), several phones in
one cell (`Mother:9000000036;Father:9000000055`). Hard reasons are for what a record cannot do without.
"""

import datetime
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from umeed.institutions.loads.words import PHONE_OWNER, folded, yes_no
from umeed.kernel.dates import date_as_written
from umeed.kernel.digits import plain_text
from umeed.kernel.identity import digits_of, mobile_number, rounded_by_spreadsheet
from umeed.kernel.money import grouped, paise_from_rupees
from umeed.kernel.refusals import N_, Refusal, in_number, warning

Cell = str | int | float | datetime.date | None
_NOTHING = frozenset({"", "null", "none", "nil", "na", "n/a", "-", "--", "nan", "#n/a", "not available"})
# What an export writes in the place of a sealed value (core.fields.masked): dots, and the last characters at most.
_COVERED = re.compile(r"•+.{0,4}")
_LEFT_OUT = N_("“%(written)s” is not understood in this column; it is left out.")
_NOT_A_NUMBER = N_("“%(written)s” is not a number.")
_PHONE_LEFT_OUT = N_(
    "A phone number is left out: it is not a mobile number of 10 digits that begins with 6, 7, 8 or 9."
)
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.]\d{2})?\s*(?:([ap])\.?m\.?)?", re.IGNORECASE)
# As the forms and our own export set apart what stands in one cell.
_BETWEEN = re.compile("[,،;·\n]")
_MORE_PHONES_ONE = N_("One more phone number in this cell is left out; one number a woman is kept.")
_MORE_PHONES = N_("%(count)s more phone numbers in this cell are left out; one number a woman is kept.")
_SCRIPTS = (
    ("\u0600", "\u06ff", "ur"),
    ("\u0900", "\u097f", "hi"),
    ("\u0a00", "\u0a7f", "pa"),
    ("\u0f00", "\u0fff", "bo"),
)


class Cells:
    """The cells of one row under a layout's keys. Every reading notes in `reasons` what it could not read."""

    __slots__ = ("reasons", "today", "values")

    def __init__(self, values: Mapping[str, Cell], today: datetime.date) -> None:
        self.values, self.today = values, today
        self.reasons: list[Refusal] = []

    def text(self, key: str, longest: int = 120) -> str:
        """A text without stray blanks; '' when the cell is empty, covered, or says that there is nothing."""
        value = self.values.get(key)
        return "" if value is None else _said(value)[:longest]

    def day(self, key: str) -> datetime.date | None:
        value = self.values.get(key)
        if value is None or not self.text(key):
            return None
        found = _day(value, self.today)
        if isinstance(found, Refusal):
            self.reasons.append(found.on(key))
            return None
        return found

    def code(self, key: str, words: Mapping[str, str]) -> str:
        """A code from a list of words; an unknown word is told and left out."""
        written = self.text(key)
        if not written:
            return ""
        code = words.get(folded(written))
        if code is None:
            self.reasons.append(warning(key, "unknown_word", _LEFT_OUT, {"written": written}))
            return ""
        return code

    def texts(self, key: str, longest: int = 120) -> list[str]:
        """Several texts from one cell, set apart as `parts_of` says."""
        return [part[:longest] for part in parts_of(self.text(key, 600))]

    def codes(self, key: str, words: Mapping[str, str]) -> list[str]:
        """Several codes from one cell, each once; an unknown word among them is told and left out."""
        found = {part: words.get(folded(part)) for part in self.texts(key)}
        for written in (part for part, code in found.items() if code is None):
            self.reasons.append(warning(key, "unknown_word", _LEFT_OUT, {"written": written}))
        return list(dict.fromkeys(code for code in found.values() if code is not None))

    def time(self, key: str) -> datetime.time | None:
        """A time of day (`10:30`, `2.15 pm`); what is none is told and left out."""
        written = self.text(key)
        found = _TIME.fullmatch(written)
        if found is not None:
            hour, minute, half = int(found[1]), int(found[2]), (found[3] or "").casefold()
            hour = hour % 12 + (12 if half == "p" else 0) if half and 1 <= hour <= 12 else hour
            if hour < 24 and minute < 60:
                return datetime.time(hour, minute)
        if written:
            self.reasons.append(warning(key, "not_a_time", _LEFT_OUT, {"written": written}))
        return None

    def yes(self, key: str) -> bool | None:
        """Yes, no, or None when it is not said. "Yes-External" is a yes."""
        written = folded(self.text(key))
        return yes_no().get(written, yes_no().get(written.split()[0])) if written else None

    def number(self, key: str, most: int = 2_147_483_647) -> int | None:
        written = self.text(key).removesuffix(".0")
        if not written:
            return None
        if not written.isdecimal() or int(written) > most:
            self.reasons.append(Refusal(key, "not_a_number", _NOT_A_NUMBER, {"written": written}))
            return None
        return int(written)

    def paise(self, key: str) -> int | None:
        value = self.values.get(key)
        if value is None or not self.text(key):
            return None
        found = paise_from_rupees(value)
        if isinstance(found, Refusal):
            self.reasons.append(found.on(key))
            return None
        return int(found)

    def digits(self, key: str) -> Any:
        """A number kept as text; a cell that the spreadsheet rounded is passed on as it is, to be refused by name."""
        value = self.values.get(key)
        if value is None or not self.text(key):
            return ""
        return value if rounded_by_spreadsheet(value) else digits_of(value)

    def names_local(self, key: str) -> dict[str, str]:
        """{language: text} for a name in another script; a Latin text says nothing new."""
        written = self.text(key)
        language = language_of(written)
        return {language: written} if language else {}

    def phone(self, key: str) -> tuple[str, str]:
        """(number, whose) from one cell: `9000000032`, `#900…`, `Mother:900…;Father:900…`; her own comes first."""
        found: list[tuple[str, str]] = []
        for part in self.text(key, 200).replace(",", ";").split(";"):
            owner, colon, written = part.rpartition(":")
            number = mobile_number(written) if written.strip() else None
            if isinstance(number, Refusal):
                # The number itself never stands in a reason: reasons rest in the clear.
                self.reasons.append(warning(key, "phone_left_out", _PHONE_LEFT_OUT))
            elif number:
                found.append((number, PHONE_OWNER.get(folded(owner), "family") if colon else ""))
        found.sort(key=lambda one: one[1] not in ("", "self"))
        if len(found) > 1:
            more = len(found) - 1
            text = in_number(more, _MORE_PHONES_ONE, _MORE_PHONES)
            self.reasons.append(warning(key, "more_phones", text, {"count": grouped(more)}))
        return found[0] if found else ("", "")


def parts_of(text: str) -> list[str]:
    """What stands in one cell with commas, or with the dot between names in several scripts, each part by itself."""
    return [part for text in _BETWEEN.split(text) if (part := text.strip())]


def language_of(text: str) -> str:
    """The language under which a name in this script is kept; '' for Latin and for scripts not known here."""
    found = (language for mark in text for first, last, language in _SCRIPTS if first <= mark <= last)
    return next(found, "")


def as_text(value: Cell) -> str:
    """A cell as plain text: whole floats without '.0', days as 25-01-2016."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime.date):
        return f"{value:%d-%m-%Y}"
    return plain_text(str(value))


@lru_cache(maxsize=50_000)
def _said(value: Cell) -> str:
    written = as_text(value)
    return "" if written.casefold() in _NOTHING or _COVERED.fullmatch(written) else written


@lru_cache(maxsize=50_000)
def _day(value: Cell, latest: datetime.date) -> datetime.date | Refusal:
    return date_as_written(value, latest=latest)
