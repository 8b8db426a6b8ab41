"""Why an amount of a meeting of a closed month is not put right today, and what in it is unusual. Plain values in,
every reason at once out.

What became of a loan since stands against it: new terms divided what was owed then, and a write-off let it go. What is
put right of a meeting before would be asked for by nobody. What is unusual is asked as in a meeting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from umeed.books.heads import SAVINGS
from umeed.books.rules.allocation import NOTHING
from umeed.books.rules.held import far_more
from umeed.books.rules.lending import MORE_THAN_OFF, more_interest
from umeed.books.rules.meetings import MUCH, far_above_usual
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_, Refusal

_ANEW = N_("The loan of %(name)s was agreed anew from %(day)s: take the new terms back first.")
_LET_GO = N_("The interest on the loan of %(name)s was let go from %(day)s: ask for it again first.")
_OFF = N_("The loan of %(name)s was written off on %(day)s: take that back first.")

_MUCH_MORE = N_("%(amount)s is much more than the %(was)s that was written. Is it right?")
_FOUND = {
    "cash_over": N_(
        "By this %(amount)s is told as found over, and %(counted)s was counted in the box that day. Is it right?"
    ),
    "cash_short": N_(
        "By this %(amount)s is told as missing, and %(counted)s was counted in the box that day. Is it right?"
    ),
}
MUCH_FOUND = Paise(1_000_00)
"""What is found over or short is asked about from so much on. Our choice."""
_SAVED = frozenset(head.key for head in SAVINGS)
_INTEREST_OF_GIVEN = frozenset({"interest_from_members", "interest_from_bodies"})
RECOVERED = "written_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanSince:
    """A loan today by whose it is, with what became of it after the meeting: the day of the last terms that were agreed
    later, and whether they only let its interest go. Paise: what is due of its interest or has run, and what may still
    come of it when it was written off."""

    called: str = ""
    anew_on: date | None = None
    lets_go: bool = False
    off_on: date | None = None
    interest: Paise = NOTHING
    may_come_back: Paise = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What the book knows today. Paise; `has` is in its box and at its bank, `counted` what was counted in the box that
    day, `usual` {head: a saving or fine of this group}."""

    has: Paise
    counted: Paise = NOTHING
    usual: Mapping[str, Paise] = field(default_factory=dict)
    loans: Mapping[int, LoanSince] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """One amount, as it stands and as it is right. `comes_in` to the body."""

    key: str
    head: str
    comes_in: bool
    loan: int | None
    was: Paise
    right: Paise


def why_not_put_right(
    lines: Iterable[Differs], since: Since, found: Mapping[str, Paise] | None = None
) -> list[Refusal]:  # fmt: skip
    """Every reason and every question. `found` {cash_over, cash_short: what is told as such by them}."""
    return [*(reason for one in lines for reason in _of_line(one, since)), *_much_found(found or {}, since.counted)]


def _much_found(found: Mapping[str, Paise], counted: Paise) -> Iterator[Refusal]:
    """More than was counted in the box that day: a slip of the finger would be told as found, and nothing was."""
    for head, paise in found.items():
        if paise > max(counted, MUCH_FOUND):
            said = {"amount": rupees(paise), "counted": rupees(counted)}
            yield Refusal(None, f"much_{head}", _FOUND[head], said, "warn")


def _of_line(one: Differs, since: Since) -> list[Refusal]:
    loan = since.loans.get(one.loan or 0, LoanSince())
    return list(_since(one, loan)) or _unusual(one, loan, since)


def _since(one: Differs, loan: LoanSince) -> Iterator[Refusal]:
    if one.head == RECOVERED:
        if one.right - one.was > loan.may_come_back:
            yield Refusal(one.key, "more_than_off", MORE_THAN_OFF, {"amount": rupees(loan.may_come_back)})
    else:
        yield from why_not_since(one.key, loan)


def why_not_since(path: str, loan: LoanSince) -> Iterator[Refusal]:
    """Why nothing that moved on a loan before is another amount now: what came later took it as it was."""
    if loan.off_on is not None:
        yield Refusal(path, "written_off_since", _OFF, {"name": loan.called, "day": loan.off_on})
    elif loan.anew_on is not None:
        text = _LET_GO if loan.lets_go else _ANEW
        yield Refusal(path, "anew_since", text, {"name": loan.called, "day": loan.anew_on})


def _unusual(one: Differs, loan: LoanSince, since: Since) -> list[Refusal]:
    """Asked of what is more than it was. What is repaid, drawn or recovered has its own bounds."""
    if one.right <= one.was or one.head.startswith("loan_") or one.head == RECOVERED:
        return []
    if one.head in _INTEREST_OF_GIVEN:
        asked = Paise(one.was + loan.interest)
        return [more_interest(one.key, one.right, asked)] if one.right > asked else []
    if one.comes_in and since.usual.get(one.head):
        code = "much_saved" if one.head in _SAVED else "much_fined"
        return far_above_usual(one.key, code, one.right, since.usual[one.head])
    if far := far_more(one.key, one.right, since.has):
        return far
    if not one.was or one.right <= MUCH * one.was:
        return []
    return [Refusal(one.key, "much_more", _MUCH_MORE, {"amount": rupees(one.right), "was": rupees(one.was)}, "warn")]
