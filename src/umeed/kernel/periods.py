"""Periods that the mission counts by: months, quarters and financial years from April to March."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from umeed.kernel.digits import plain_text
from umeed.kernel.refusals import N_, Refusal, as_is

Kind = Literal["month", "quarter", "year"]

MONTH_NAMES = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)

_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
_YEAR = re.compile(r"(?:FY\s?)?(\d{4})\s?[-–/]\s?(\d{4}|\d{2})", re.IGNORECASE)
_CODE = re.compile(r"FY(\d{4})-(\d{2})(?:-Q([1-4]))?|(\d{4})-(\d{2})")
_MONTH_WORD = re.compile(r"([A-Za-z]{3,9})\.?[ ,'-]*(\d{4})")
_QUARTER_FIRST = re.compile(r"Q([1-4])[ ,]*(.+)", re.IGNORECASE)
_QUARTER_LAST = re.compile(r"(.+?)[ ,-]*Q([1-4])", re.IGNORECASE)


@dataclass(frozen=True, order=True, slots=True)
class FinancialYear:
    """The year from 1 April of `starts` to 31 March of the next."""

    starts: int

    @classmethod
    def of(cls, day: date) -> FinancialYear:
        """Return the financial year in which `day` lies."""
        return cls(day.year if day.month >= 4 else day.year - 1)

    @classmethod
    def parse(cls, text: str) -> FinancialYear | Refusal:
        """Read '2025-26', 'FY 2025-26' or '2025-2026'; refuse years that do not follow each other."""
        found = _YEAR.fullmatch(plain_text(text))
        if found:
            starts, ends = int(found[1]), found[2]
            if 1900 <= starts < 2200 and (starts + 1) % 10 ** len(ends) == int(ends):
                return cls(starts)
        reason = N_("“%(written)s” is not a financial year. Write it like 2025-26.")
        return Refusal(None, "not_a_financial_year", reason, {"written": text[:40]})

    @property
    def label(self) -> str:
        """'2025-26'"""
        return f"{self.starts}-{(self.starts + 1) % 100:02d}"

    @property
    def first_day(self) -> date:
        return date(self.starts, 4, 1)

    @property
    def last_day(self) -> date:
        return date(self.starts + 1, 3, 31)

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def next(self) -> FinancialYear:
        return FinancialYear(self.starts + 1)

    def previous(self) -> FinancialYear:
        return FinancialYear(self.starts - 1)

    def period(self) -> Period:
        """Return the whole year as a period."""
        return Period(self.first_day, "year")

    def quarters(self) -> tuple[Period, ...]:
        """Return April-June, July-September, October-December, January-March."""
        return tuple(Period(_months_later(self.first_day, 3 * n), "quarter") for n in range(4))

    def months(self) -> tuple[Period, ...]:
        """Return the twelve months, April first."""
        return self.period().months()

    def __str__(self) -> str:
        return self.label


def _months_later(day: date, months: int) -> date:
    """Return the first of the month that lies `months` after the month of `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A month, a quarter of the financial year, or a financial year, named by its first day."""

    first_day: date
    kind: Kind

    def __post_init__(self) -> None:
        if self.first_day.day != 1:
            raise ValueError(f"a period begins on the first of a month, not on {self.first_day}")
        if (self.first_day.month - 4) % _MONTHS_IN[self.kind]:
            raise ValueError(f"no {self.kind} begins in month {self.first_day.month}")

    @classmethod
    def month_of(cls, day: date) -> Period:
        return cls(day.replace(day=1), "month")

    @classmethod
    def quarter_of(cls, day: date) -> Period:
        return cls(_months_later(day, -((day.month - 4) % 3)), "quarter")

    @classmethod
    def year_of(cls, day: date) -> Period:
        return FinancialYear.of(day).period()

    @property
    def after(self) -> date:
        """The first day that no longer belongs to it: `[first_day, after)`."""
        return _months_later(self.first_day, _MONTHS_IN[self.kind])

    @property
    def last_day(self) -> date:
        return self.after - timedelta(days=1)

    @property
    def financial_year(self) -> FinancialYear:
        return FinancialYear.of(self.first_day)

    @property
    def quarter_number(self) -> int:
        """1 for April-June … 4 for January-March."""
        return ((self.first_day.month - 4) % 12) // 3 + 1

    @property
    def code(self) -> str:
        """A word for URLs and keys that sorts and is read back by `from_code`: 2025-04, FY2025-26-Q1, FY2025-26."""
        if self.kind == "month":
            return f"{self.first_day:%Y-%m}"
        year = f"FY{self.financial_year.label}"
        return f"{year}-Q{self.quarter_number}" if self.kind == "quarter" else year

    @classmethod
    def from_code(cls, code: str) -> Period:
        """Return the period of a `code`; ValueError for anything else."""
        found = _CODE.fullmatch(code)
        if not found:
            raise ValueError(f"not the code of a period: {code!r}")
        if found[4]:
            return cls(date(int(found[4]), int(found[5]), 1), "month")
        year = FinancialYear.parse(f"{found[1]}-{found[2]}")
        if isinstance(year, Refusal):
            raise ValueError(year.message())
        return year.quarters()[int(found[3]) - 1] if found[3] else year.period()

    @classmethod
    def parse(cls, text: str) -> Period | Refusal:
        """Read a period as people write it: 'April 2025', 'Q1 2025-26', 'FY 2025-26', '2025-26', or a code.

        A bare '2004-05' could be May 2004 or the year 2004-05 and is refused.
        """
        written = plain_text(text)
        period = _month_in(written) or _quarter_in(written) or _year_in(written)
        if period:
            return period
        if re.fullmatch(r"\d{4}-\d{2}", written):
            if not isinstance(FinancialYear.parse(written), Refusal):
                reason = N_(
                    "“%(written)s” can be a month or a financial year. Write FY %(written)s or the month's name."
                )
                return Refusal(None, "month_or_year", reason, {"written": written})
            if 1 <= int(written[5:]) <= 12 and 1900 <= int(written[:4]) < 2200:
                return cls.from_code(written)
        reason = N_("“%(written)s” is not a period. Write it like April 2025, Q1 2025-26 or 2025-26.")
        return Refusal(None, "not_a_period", reason, {"written": text[:40]})

    def label(self, translate: Callable[[str], str] = as_is) -> str:
        """Return 'April 2025', 'Q1 2025-26' or '2025-26' for people."""
        if self.kind == "month":
            name = translate(MONTH_NAMES[self.first_day.month - 1])
            return translate(N_("%(month)s %(year)s")) % {"month": name, "year": self.first_day.year}
        if self.kind == "quarter":
            values = {"number": self.quarter_number, "year": self.financial_year.label}
            return translate(N_("Q%(number)s %(year)s")) % values
        return self.financial_year.label

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day < self.after

    def next(self) -> Period:
        return Period(self.after, self.kind)

    def previous(self) -> Period:
        return Period(_months_later(self.first_day, -_MONTHS_IN[self.kind]), self.kind)

    def months(self) -> tuple[Period, ...]:
        """Return its months in order (a month has one: itself)."""
        return tuple(Period(_months_later(self.first_day, n), "month") for n in range(_MONTHS_IN[self.kind]))

    def __str__(self) -> str:
        return self.code


def _month_in(text: str) -> Period | None:
    found = _MONTH_WORD.fullmatch(text)
    if not found or not 1900 <= int(found[2]) < 2200:
        return None
    for number, name in enumerate(MONTH_NAMES, start=1):
        if name.lower().startswith(found[1].lower()):
            return Period(date(int(found[2]), number, 1), "month")
    return None


def _quarter_in(text: str) -> Period | None:
    first, last = _QUARTER_FIRST.fullmatch(text), _QUARTER_LAST.fullmatch(text)
    number, rest = (first[1], first[2]) if first else (last[2], last[1]) if last else ("", "")
    year = FinancialYear.parse(rest) if number else None
    return year.quarters()[int(number) - 1] if isinstance(year, FinancialYear) else None


def _year_in(text: str) -> Period | None:
    year = FinancialYear.parse(text)
    if isinstance(year, Refusal):
        return None
    bare = re.fullmatch(r"\d{4}-(\d{2})", text)
    return None if bare and 1 <= int(bare[1]) <= 12 else year.period()
