"""Why a day of a VO or CLF cannot be closed, and what in it is unusual. Plain values in, every reason at once out."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from umeed.books.rules.above import why_not_arrived, why_not_given
from umeed.books.rules.held import (
    BookFacts,
    field_of,
    not_a_member,
    who_took,
    why_not_cash,
    why_not_missed,
    why_not_moved,
    why_not_then,
)
from umeed.books.rules.lending import (
    Owed,
    why_not_drawn,
    why_not_repaid,
    why_not_terms,
)
from umeed.books.rules.queue import (
    Decided,
    RequestFacts,
    granted_in,
    unknown_request,
    why_not_as_decided,
    why_not_asked,
    why_not_before_others,
    why_not_decided,
    why_not_twice,
)
from umeed.books.rules.rates import USUAL_OF_BODIES_BP
from umeed.books.rules.sources import sources_later, sources_on, why_not_of_source
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_, Refusal

_NOT_BELOW = N_("It did not belong here on %(day)s.")
_SAME_MONEY = N_("%(amount)s of %(name)s is on the way already. Is this other money? If not, count that in.")
_MORE_THAN_HELD = N_("%(name)s has %(amount)s here; more cannot be given back.")
_FUND = N_("The fund holds %(amount)s; more cannot be handed on.")
_OVERDUE = N_("%(name)s has %(amount)s overdue. Is it lent to all the same?")
_CLOSED_THERE = N_("The month of %(day)s is closed in the book of %(name)s.")
_LOCKED_DAY = N_(
    "The month of %(day)s is closed in this book: nothing more is written in it. Write this one as a day at the office "
    "in an open month, and say under “What was decided” when it was held."
)
_OF_ANOTHER = N_("This loan is another's.")
_WAITS = N_(
    "The request of %(name)s for %(amount)s waits still. Is this another loan? If not, choose the request beside it."
)
_UNSAID = N_("Say of %(name)s whether anybody came.")
_BEFORE_SENT = N_("It was sent on %(day)s: on an earlier day it cannot be counted in.")
_WHO_TOOK = N_("Nobody of %(name)s was there. Say who took it.")

AGEING_DAYS = 15
"""Money on the way for longer is asked about. Our choice: two fortnights' meetings could have counted it in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyLoan(Owed):
    """A loan before the day: to a group or VO, or one that was taken. `source` is the money that it was lent out of."""

    body: UUID | None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFacts(BookFacts):
    """What the book of a VO or CLF knows before the day. `held` {(body, head): paise as people say it}; `sources`
    {source: paise that are not lent out}; `closed_there` {body: its name} of bodies whose month is closed."""

    below: Mapping[UUID, str]
    loans: Mapping[UUID, BodyLoan] = field(default_factory=dict)
    held: Mapping[tuple[UUID, str], Paise] = field(default_factory=dict)
    sources: Mapping[str, Paise] = field(default_factory=dict)
    sources_later: Mapping[str, Paise] = field(default_factory=dict)
    funds: Mapping[str, Paise] = field(default_factory=dict)
    requests: Mapping[UUID, RequestFacts] = field(default_factory=dict)
    # Of a correction: what a later day built on.
    built_on: Mapping[UUID, Decided] = field(default_factory=dict)
    closed_there: Mapping[UUID, str] = field(default_factory=dict)
    meetings_a_year: int = 364
    why_locked: str = _LOCKED_DAY

    @property
    def counted_there(self) -> Mapping[UUID, Paise]:
        """What others counted first is said between the two books, not in a day."""
        return {}

    def name(self, body: UUID | None) -> str:
        return self.below.get(body, "?") if body else "?"


def why_not_close_day(day: Any, facts: DayFacts, tally: Any) -> list[Refusal]:
    """Every reason and every question about a day (`BodyDay`), with its sums (`Tally`)."""
    then = why_not_then(day, facts)
    if day.kind == "missed":
        moved = tally.cash_in or tally.cash_out or tally.bank_in or tally.bank_out
        return [*then, *why_not_missed(moved=bool(moved), why=day.why)]
    return [
        *then, *_attendance(day, facts), *_repayments(day, facts), *_bodies(day, facts), *why_not_arrived(day, facts),
        *_queue(day, facts), *_lendings(day, facts), *_funds(day, facts), *why_not_moved(day, facts),
        *_taken_along(day, facts), *_there(day, facts), *why_not_drawn(day, facts.loans),
        *why_not_cash(day, facts, tally),
    ]  # fmt: skip


def not_below(path: str, on: date) -> Refusal:
    return Refusal(path, "not_below", _NOT_BELOW, {"day": on})


def _attendance(day: Any, facts: DayFacts) -> list[Refusal]:
    reasons = []
    if day.kind == "regular":
        reasons = [
            Refusal(f"attendance.{body}", "unsaid", _UNSAID, {"name": name})
            for body, name in facts.below.items() if body not in day.attendance
        ]  # fmt: skip
    strangers = [body for body in day.attendance if body not in facts.below]
    reasons += [Refusal(f"attendance.{body}", "not_below", _NOT_BELOW, {"day": day.on}) for body in strangers]
    if day.president is not None and day.president not in facts.members:
        reasons.append(not_a_member("president", day.president, day.on, facts))
    return reasons


def _repayments(day: Any, facts: DayFacts) -> list[Refusal]:
    def same_money(part: str, at: int, _paid: Any, loan: BodyLoan) -> list[Refusal]:
        return _same_money(part, at, loan.body, day, facts)

    return why_not_repaid(day, facts.loans, same_money)


def _same_money(part: str, at: int, body: UUID | None, day: Any, facts: DayFacts) -> list[Refusal]:
    """What a group's own book has sent already is counted in, not written a second time."""
    counted = sum(one.paise for one in day.arrived if one.body == body)
    waits = facts.on_the_way.get(body, Paise(0)) - counted if body else 0
    if waits <= 0:
        return []
    said = {"amount": rupees(waits), "name": facts.name(body)}
    name = "paise" if part == "taken" else "principal"
    return [Refusal(field_of(part, at, name), "same_money", _SAME_MONEY, said, "warn")]


def _bodies(day: Any, facts: DayFacts) -> list[Refusal]:
    """What comes from and goes back to bodies below, and goes to those above."""
    reasons: list[Refusal] = []
    for part in ("taken", "returned", "passed", "lendings", "requests"):
        for at, one in enumerate(getattr(day, part)):
            if one.body not in facts.below:
                reasons.append(not_below(field_of(part, at, "body"), day.on))
            elif part == "taken":
                reasons += _same_money(part, at, one.body, day, facts)
    for at, one in enumerate(day.returned):
        head = f"{one.what}_of_body"
        new = sum(other.paise for other in day.taken if (other.body, other.what) == (one.body, one.what))
        has = facts.held.get((one.body, head), Paise(0)) + new
        if sum(other.paise for other in day.returned if (other.body, other.what) == (one.body, one.what)) > has:
            said = {"name": facts.name(one.body), "amount": rupees(has)}
            reasons.append(Refusal(field_of("returned", at, "paise"), "overdrawn", _MORE_THAN_HELD, said))
    return [*reasons, *why_not_given(day, facts)]


def _waiting(day: Any, facts: DayFacts) -> dict[UUID, RequestFacts]:
    """Requests that wait or are granted, with those of this day."""
    new = {one.id: RequestFacts(one.body, day.on, Paise(one.paise)) for one in day.requests}
    return {**facts.requests, **new}


def _queue(day: Any, facts: DayFacts) -> list[Refusal]:
    waiting = _waiting(day, facts)
    reasons = [
        *why_not_as_decided(day, facts.built_on, facts.name), *why_not_before_others(day, waiting, facts.name),
    ]  # fmt: skip
    for at, one in enumerate(day.decisions):
        if one.request not in waiting:
            reasons.append(unknown_request("decisions", at))
        else:
            reasons += why_not_decided(at, one, day.on)
    return reasons


def _lendings(day: Any, facts: DayFacts) -> list[Refusal]:
    reasons = list(why_not_twice(day.lendings))
    waiting, granted = _waiting(day, facts), granted_in(day)
    answered = {lent.request for lent in day.lendings} - {None}
    for at, lent in enumerate(day.lendings):
        reasons += why_not_lend(lent, day.on, facts, path=f"lendings.{at}.")
        not_theirs = Refusal(field_of("lendings", at, "request"), "unknown_request", _OF_ANOTHER)
        reasons += why_not_asked(at, lent, lent.body, waiting, granted, not_theirs)
    reasons += _still_waiting(day, waiting, answered, facts)
    now, later = sources_on(day, facts), sources_later(day, facts)
    return [*reasons, *why_not_of_source(day.lendings, now, later, part="lendings")]


def _still_waiting(
    day: Any, waiting: Mapping[UUID, RequestFacts], answered: Iterable[UUID], facts: DayFacts
) -> Iterable[Refusal]:
    """A loan that answers no request, to whom has one that waits and was not decided otherwise today."""
    passed_over = {*answered, *(one.request for one in day.decisions if one.outcome != "granted")}
    for at, lent in enumerate(day.lendings):
        theirs = [one for key, one in waiting.items() if one.who == lent.body and key not in passed_over]
        if lent.request is None and theirs:
            said = {"name": facts.name(lent.body), "amount": rupees(theirs[0].paise)}
            yield Refusal(field_of("lendings", at, "request"), "request_waits", _WAITS, said, "warn")


def why_not_lend(lent: Any, on: date, facts: DayFacts, *, path: str = "") -> list[Refusal]:
    """Reasons and questions about one loan to a group or VO, its source apart."""
    reasons = why_not_terms(lent, on, path=path, a_month=False, usual=USUAL_OF_BODIES_BP)
    late = sum(loan.overdue for loan in facts.loans.values() if loan.is_given and loan.body == lent.body)
    if late:
        said = {"name": facts.name(lent.body), "amount": rupees(late)}
        reasons.append(Refusal(f"{path}body", "overdue", _OVERDUE, said, "warn"))
    return reasons


def _funds(day: Any, facts: DayFacts) -> list[Refusal]:
    reasons = []
    used: dict[str, int] = {}
    for at, one in enumerate(day.passed):
        used[one.head] = used.get(one.head, 0) + one.paise
        new = sum(got.paise for got in day.receipts if got.head == one.head)
        holds = max(0, facts.funds.get(one.head, Paise(0)) + new)
        if used[one.head] > holds:
            reasons.append(Refusal(field_of("passed", at, "paise"), "above_the_fund", _FUND, {"amount": rupees(holds)}))
    return reasons


def _taken_along(day: Any, facts: DayFacts) -> list[Refusal]:
    """Cash that is paid out for a body of which nobody came. On a day at the office who came need not be said."""
    return [
        reason
        for part in ("lendings", "passed", "returned")
        for at, one in enumerate(getattr(day, part))
        if one.body in day.attendance and not day.came(one.body)
        for reason in who_took(part, at, one, _WHO_TOOK, facts.name(one.body))
    ]


def _there(day: Any, facts: DayFacts) -> list[Refusal]:
    """The month may be closed in another body's book into which this day writes."""
    named: set[UUID | None] = {one.body for part in ("taken", "returned", "passed", "lendings", "given")
                               for one in getattr(day, part)}  # fmt: skip
    named |= {facts.loans[one.loan].body for one in (*day.repayments, *day.repaid) if one.loan in facts.loans}
    return [
        Refusal("on", "theirs_locked", _CLOSED_THERE, {"day": day.on, "name": name})
        for body, name in facts.closed_there.items() if body in named
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """Money that is on the way: since when, what it is of (an event, or whatever the caller knows it by), how much of
    it, and whether nothing of it was counted in."""

    on: date
    what: Hashable
    paise: Paise
    is_whole: bool


def still_on_the_way(moved: Iterable[tuple[date, Hashable, int]]) -> list[Sent]:
    """What is left of what was sent, the oldest first: what is counted in settles the oldest.

    `moved` in order; the other sign counts in, and may come first. What is of one thing is one, where it began: a
    payment and what takes it back are nothing.
    """
    days: dict[Hashable, date] = {}
    sums: dict[Hashable, int] = {}
    for day, what, paise in moved:
        days.setdefault(what, day)
        sums[what] = sums.get(what, 0) + paise
    waits: deque[tuple[Hashable, int]] = deque()
    for what, whole in sums.items():
        left = whole
        while left and waits and waits[0][1] * left < 0:
            oldest, paise = waits.popleft()
            if abs(paise) > abs(left):
                waits.appendleft((oldest, paise + left))
                left = 0
            else:
                left += paise
        if left:
            waits.append((what, left))
    return [Sent(days[what], what, Paise(left), is_whole=left == sums[what]) for what, left in waits]


def why_not_counted_in(paise: int, waited: int, sent: Iterable[Sent], on: date) -> list[Refusal]:
    """Nothing is counted in on a day before it was sent: no more than `waited` then and since. `sent` is what others
    sent and is on the way now, oldest first."""
    if paise <= max(0, waited):
        return []
    return [Refusal("on", "before_sent", _BEFORE_SENT, {"day": one.on}) for one in sent if one.on > on][:1]
