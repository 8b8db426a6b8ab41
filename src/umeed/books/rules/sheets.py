"""Why a sheet cannot be posted, told before the database refuses it less kindly. All reasons at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Protocol

from umeed.books.heads import BY_KEY, Level
from umeed.kernel.money import rupees
from umeed.kernel.refusals import N_, Refusal

MOST_LINES = 2_000
MOST_PAISE = 10**15
"""Ten thousand crore rupees: more is a slip of the finger, and far below what the database can hold."""

_NO_LINES = N_("A sheet has two lines or more.")
_TOO_MANY = N_("A sheet has at most %(most)s lines; this one has %(count)s. Divide it.")
_UNEVEN = N_("The lines do not add up: %(over)s more is debited than credited.")
_UNEVEN_OTHER = N_("The lines do not add up: %(over)s more is credited than debited.")
_NOTHING = N_("Line %(line)s is about no money.")
_TOO_LARGE = N_("Line %(line)s: %(amount)s is more than any book here can hold.")
_NO_HEAD = N_("Line %(line)s: this is no head of the chart.")
_PART = N_("Line %(line)s: an amount is in whole paise.")
_NOT_HERE = N_("Line %(line)s: “%(head)s” is no head of this kind of institution.")
_ABOUT = {
    "woman": (N_("Line %(line)s: “%(head)s” names the woman."), N_("Line %(line)s: “%(head)s” names no woman.")),
    "loan": (N_("Line %(line)s: “%(head)s” names the loan."), N_("Line %(line)s: “%(head)s” names no loan.")),
    "body": (
        N_("Line %(line)s: “%(head)s” names the group, VO or CLF."),
        N_("Line %(line)s: “%(head)s” names no other institution."),
    ),
}
_FUTURE = N_("%(day)s has not come yet.")
_BEFORE = N_("The book is kept since %(since)s; a sheet of %(day)s comes too early.")
_LOCKED = N_("The month of %(day)s is closed in this book. Post a correction in an open month.")
_NO_MEMBER = N_("Line %(line)s: she was not a member on %(day)s.")
_ALONE = N_("Line %(line)s: this stands in both books. Write it as what happens between the two.")
_OTHER_LOAN = N_("Line %(line)s: the loan belongs to another book or another woman.")


def month_of(day: date) -> int:
    """As the database counts months: year × 12 + month − 1."""
    return day.year * 12 + day.month - 1


class Entry(Protocol):
    """What a rule needs to know of a line."""

    head: str
    amount: int
    woman: object
    loan: object
    body: object


def why_not_lines(entries: Sequence[Entry], level: Level) -> list[Refusal]:
    """Reasons that lie in the lines themselves: what they add up to, and what their heads ask for."""
    if len(entries) < 2:
        return [Refusal("lines", "no_lines", _NO_LINES)]
    if len(entries) > MOST_LINES:
        return [Refusal("lines", "too_many_lines", _TOO_MANY, {"most": MOST_LINES, "count": len(entries)})]
    reasons = [reason for at, entry in enumerate(entries, 1) for reason in _why_not_line(at, entry, level)]
    if any(one.code == "part_of_a_paisa" for one in reasons):
        return reasons
    if over := sum(entry.amount for entry in entries):
        text = _UNEVEN if over > 0 else _UNEVEN_OTHER
        reasons.append(Refusal("lines", "uneven", text, {"over": rupees(abs(over))}))
    return reasons


def _why_not_line(at: int, entry: Entry, level: Level) -> list[Refusal]:
    head = BY_KEY.get(entry.head)
    if head is None:
        return [Refusal("lines", "no_head", _NO_HEAD, {"line": at})]
    line = {"line": at, "head": head.title}
    reasons = []
    if type(entry.amount) is not int:
        # A float would be rounded by the database, a Decimal too: nobody would have said so.
        reasons.append(Refusal("lines", "part_of_a_paisa", _PART, line))
        return reasons
    if entry.amount == 0:
        reasons.append(Refusal("lines", "nothing", _NOTHING, line))
    if abs(entry.amount) > MOST_PAISE:
        reasons.append(Refusal("lines", "too_large", _TOO_LARGE, {**line, "amount": rupees(abs(entry.amount))}))
    if level not in head.levels:
        reasons.append(Refusal("lines", "not_here", _NOT_HERE, line))
    for about, (missing, unasked) in _ABOUT.items():
        is_named = getattr(entry, about) is not None
        if is_named != (about in head.about):
            reasons.append(Refusal("lines", f"{about}_of_line", unasked if is_named else missing, line))
    return reasons


def why_not_on(on: date, *, today: date, since: date, locked: Collection[date]) -> list[Refusal]:
    """Reasons that lie in the day. `locked` holds the first days of the months that are closed."""
    if on > today:
        return [Refusal("on", "future", _FUTURE, {"day": on})]
    if on < since:
        return [Refusal("on", "before_the_book", _BEFORE, {"day": on, "since": since})]
    return [Refusal("on", "month_locked", _LOCKED, {"day": on})] if on.replace(day=1) in locked else []


def not_a_member(at: int, on: date) -> Refusal:
    return Refusal("lines", "not_a_member", _NO_MEMBER, {"line": at, "day": on})


def not_her_loan(at: int) -> Refusal:
    return Refusal("lines", "other_loan", _OTHER_LOAN, {"line": at})


def not_alone(at: int) -> Refusal:
    return Refusal("lines", "in_both_books", _ALONE, {"line": at})
