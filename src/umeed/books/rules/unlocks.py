"""What a grade opens: funds in their parts, bank loans one after the other. Plain values in, what is missing out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from umeed.books.rules.health import Run
from umeed.books.rules.schedules import month_later
from umeed.kernel.money import Paise, grouped
from umeed.kernel.refusals import N_, Refusal

NOTHING = Paise(0)
# It came; it may be asked for; something is missing (`waits` says what); another one comes before it.
State = Literal["has", "open", "waits", "later"]

_GRADE = N_("with grade %(grade)s")
_MONTHS = N_(
    "with grade %(grade)s, after %(months)s months of regular meetings in the book: on %(day)s at the earliest"
)
_PART = N_("when the part before it has come")
_LAST = N_("%(months)s months after the loan before it: on %(day)s")
_LATE = N_("when nothing of the bank's loans is late")


@dataclass(frozen=True, slots=True)
class Unlock:
    """Money that a grade opens once the group has met regularly for so many months, as its book shows. Paise.

    `head` is what it stands under once it has come. Of a fund that comes in parts, `beyond` is what the parts before it
    come to. Of bank loans, `nth` counts: so many before it, the last of them so many months ago (`after_the_last`).
    """

    title: str
    grade: str
    after_months: int
    paise: Paise
    source: str
    since: date
    times_corpus: int = 0
    head: str = ""
    beyond: Paise = NOTHING
    nth: int = 0
    after_the_last: int = 0
    # And each one after it.
    is_last: bool = False

    def amount(self, corpus: Paise) -> Paise:
        """In whole rupees: no bank lends to the paisa."""
        return Paise(max(self.paise, self.times_corpus * corpus // 100 * 100))


@dataclass(frozen=True, slots=True)
class Had:
    """What came so far: of each fund how much, on which days the loans of banks; whether one of those is late."""

    funds: Mapping[str, int] = field(default_factory=dict)
    bank_loans: Sequence[date] = ()
    is_bank_late: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """How it stands with one of them. Paise."""

    unlock: Unlock
    paise: Paise
    state: State
    waits: Sequence[Refusal] = ()


def opened(unlocks: Iterable[Unlock], had: Had, *, corpus: Paise, grade: str, run: Run, today: date) -> list[Opened]:
    """How it stands with each that came or comes next."""
    found = []
    for one in unlocks:
        waits = _waits(one, had, grade, run, today)
        state = _came(one, had) or ("waits" if waits else "open")
        if state != "later":
            found.append(Opened(one, one.amount(corpus), state, waits if state == "waits" else ()))
    return found


def _came(one: Unlock, had: Had) -> State | None:
    if not one.nth:
        return "has" if had.funds.get(one.head, 0) > one.beyond else None
    count = len(had.bank_loans)
    if count < one.nth - 1:
        return "later"
    return "has" if count >= one.nth and not one.is_last else None


def _waits(one: Unlock, had: Had, grade: str, run: Run, today: date) -> list[Refusal]:
    """All that is missing."""
    waits: list[Refusal] = []

    def missing(code: str, text: str, **said: object) -> None:
        waits.append(Refusal(None, code, text, said, "warn"))

    if run.months < one.after_months:
        day = run.earliest(one.after_months, today)
        missing("months", _MONTHS, grade=one.grade, months=grouped(one.after_months), day=day)
    elif grade != one.grade:
        missing("grade", _GRADE, grade=one.grade)
    if one.beyond and not had.funds.get(one.head, 0):
        missing("part", _PART)
    if one.nth and had.bank_loans and one.after_the_last:
        last = max(had.bank_loans)
        again = month_later(last, one.after_the_last, last.day)
        if again > today:
            missing("last", _LAST, months=grouped(one.after_the_last), day=again)
    if one.nth and had.is_bank_late:
        missing("late", _LATE)
    return waits
