"""Why a day of a VO or CLF cannot be closed, and what in it is unusual. Plain values in, every reason at once out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from umeed.books.rules import meetings as shared
from umeed.books.rules.allocation import NOTHING
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_, Refusal

_MISSED_WITH = shared._MISSED_WITH
_NOT_BELOW = N_("It did not belong here on %(day)s.")
_SAME_MONEY = N_("%(amount)s of %(name)s is on the way already. Is this other money? If not, count that in.")
_MORE_THAN_HELD = N_("%(name)s has %(amount)s here; more cannot be given back.")
_SOURCE = N_("%(amount)s of this money is not lent out; more cannot be lent.")
_FUND = N_("The fund holds %(amount)s; more cannot be handed on.")
_OVERDUE = N_("%(name)s has %(amount)s overdue. Is it lent to all the same?")
_CLOSED_THERE = N_("The month of %(day)s is closed in the book of %(name)s.")
_OF_ANOTHER = N_("This loan is another's.")
_UNSAID = N_("Say of %(name)s whether anybody came.")

AGEING_DAYS = 15
"""Money on the way for longer is asked about. Our choice: two fortnights' meetings could have counted it in."""


@dataclass(frozen=True, slots=True)
class BodyLoan:
    """A loan of the book before the day. Paise."""

    body: UUID | None
    owed: Paise
    interest_asked: Paise = NOTHING
    overdue: Paise = NOTHING
    is_given: bool = True


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What the book knows before the day. `held` {(body, head): paise as people say it}; `sources` {source: paise that
    are not lent out}; `closed_there` {body: its name} of bodies whose month is closed."""

    today: date
    since: date
    formed_on: date
    below: Mapping[UUID, str]
    above: frozenset[UUID]
    cash: Paise
    bank: Paise
    loans: Mapping[UUID, BodyLoan] = field(default_factory=dict)
    held: Mapping[tuple[UUID, str], Paise] = field(default_factory=dict)
    on_the_way: Mapping[UUID, Paise] = field(default_factory=dict)
    sources: Mapping[str, Paise] = field(default_factory=dict)
    funds: Mapping[str, Paise] = field(default_factory=dict)
    women: Mapping[UUID, str] = field(default_factory=dict)
    requests: Mapping[UUID, shared.RequestFacts] = field(default_factory=dict)
    closed_there: Mapping[UUID, str] = field(default_factory=dict)
    last_number: int = 0
    same_number: tuple[int, date] | None = None
    earlier: tuple[int, date] | None = None
    later: tuple[int, date] | None = None
    meetings_a_year: int = 364
    is_month_locked: bool = False
    about_woman: frozenset[str] = frozenset()
    receipts: frozenset[str] = frozenset()
    payments: frozenset[str] = frozenset()

    @property
    def members(self) -> Mapping[UUID, str]:
        """Women whom receipts and payments may name."""
        return self.women

    def name(self, body: UUID | None) -> str:
        return self.below.get(body, "?") if body else "?"


def why_not_close_day(day: Any, facts: DayFacts, tally: Any) -> list[Refusal]:
    """Every reason and every question about a day (`BodyDay`), with its sums (`Tally`)."""
    then = shared._why_not_then(day, facts)  # type: ignore[arg-type]
    if day.kind == "missed":
        return [*then, *_missed(day, tally)]
    return [
        *then, *_attendance(day, facts), *_repayments(day, facts), *_bodies(day, facts), *_arrived(day, facts),
        *_queue(day, facts), *_lendings(day, facts), *_funds(day, facts), *_moved(day, facts), *_there(day, facts),
        *shared._cash(day, facts, tally),  # type: ignore[arg-type]
    ]  # fmt: skip


def why_not_on_day(on: date, facts: DayFacts) -> list[Refusal]:
    """Reasons that lie in the day, for what happens outside a meeting."""
    return shared._why_not_then(_Then(on), facts)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Then:
    on: date
    kind: str = "missed"


def not_below(field: str, on: date) -> Refusal:
    return Refusal(field, "not_below", _NOT_BELOW, {"day": on})


def _missed(day: Any, tally: Any) -> list[Refusal]:
    moved = tally.cash_in or tally.cash_out or tally.bank_in or tally.bank_out
    reasons = [Refusal("kind", "missed_with_money", _MISSED_WITH)] if moved else []
    if not day.why.strip():
        reasons.append(Refusal("why", "why_missed", shared._MISSED_WHY))
    return reasons


def _attendance(day: Any, facts: DayFacts) -> list[Refusal]:
    reasons = []
    if day.kind == "regular":
        reasons = [
            Refusal(f"attendance.{body}", "unsaid", _UNSAID, {"name": name})
            for body, name in facts.below.items() if body not in day.attendance
        ]  # fmt: skip
    strangers = [body for body in day.attendance if body not in facts.below]
    reasons += [Refusal(f"attendance.{body}", "not_below", _NOT_BELOW, {"day": day.on}) for body in strangers]
    if day.president is not None and day.president not in facts.women:
        reasons.append(Refusal("president", "not_a_member", shared._NOT_A_MEMBER, {"day": day.on}))
    return reasons


def _repayments(day: Any, facts: DayFacts) -> list[Refusal]:
    reasons: list[Refusal] = []
    for part, is_given in (("repayments", True), ("repaid", False)):
        seen: set[UUID] = set()
        for at, paid in enumerate(getattr(day, part)):
            loan = facts.loans.get(paid.loan)
            if loan is None or loan.is_given is not is_given:
                reasons.append(Refusal(_of(part, at, "loan"), "no_loan", shared._NO_LOAN))
                continue
            if paid.loan in seen:
                reasons.append(Refusal(_of(part, at, "loan"), "twice", shared._TWICE))
            seen.add(paid.loan)
            reasons += shared._repayment(part, at, paid, loan)  # type: ignore[arg-type]
            if is_given:
                reasons += _same_money(part, at, loan.body, day, facts)
    return reasons


def _same_money(part: str, at: int, body: UUID | None, day: Any, facts: DayFacts) -> list[Refusal]:
    """What a group's own book has sent already is counted in, not written a second time."""
    counted = sum(one.paise for one in day.arrived if one.body == body)
    waits = facts.on_the_way.get(body, Paise(0)) - counted if body else 0
    if waits <= 0:
        return []
    said = {"amount": rupees(waits), "name": facts.name(body)}
    name = "paise" if part == "taken" else "principal"
    return [Refusal(_of(part, at, name), "same_money", _SAME_MONEY, said, "warn")]


def _bodies(day: Any, facts: DayFacts) -> list[Refusal]:
    """What comes from and goes back to bodies below, and goes to those above."""
    reasons: list[Refusal] = []
    for part in ("taken", "returned", "passed", "lendings", "requests"):
        for at, one in enumerate(getattr(day, part)):
            if one.body not in facts.below:
                reasons.append(not_below(_of(part, at, "body"), day.on))
            elif part == "taken":
                reasons += _same_money(part, at, one.body, day, facts)
    for at, one in enumerate(day.returned):
        head = f"{one.what}_of_body"
        new = sum(other.paise for other in day.taken if (other.body, other.what) == (one.body, one.what))
        has = facts.held.get((one.body, head), Paise(0)) + new
        if sum(other.paise for other in day.returned if (other.body, other.what) == (one.body, one.what)) > has:
            said = {"name": facts.name(one.body), "amount": rupees(has)}
            reasons.append(Refusal(_of("returned", at, "paise"), "overdrawn", _MORE_THAN_HELD, said))
    for at, one in enumerate(day.given):
        if one.body not in facts.above:
            reasons.append(Refusal(_of("given", at, "body"), "no_body", shared._NO_BODY))
    return reasons


def _arrived(day: Any, facts: DayFacts) -> list[Refusal]:
    reasons = []
    sums: dict[UUID, int] = {}
    for at, came in enumerate(day.arrived):
        sums[came.body] = sums.get(came.body, 0) + came.paise
        sent = max(Paise(0), facts.on_the_way.get(came.body, Paise(0)))
        if sums[came.body] > sent:
            said = {"amount": rupees(sent)}
            reasons.append(Refusal(_of("arrived", at, "paise"), "more_than_sent", shared._ON_THE_WAY, said))
    return reasons


def _queue(day: Any, facts: DayFacts) -> list[Refusal]:
    reasons = []
    waiting = {**facts.requests, **{one.id: None for one in day.requests}}
    for at, one in enumerate(day.decisions):
        if one.request not in waiting:
            reasons.append(Refusal(_of("decisions", at, "request"), "unknown_request", shared._UNKNOWN_REQUEST))
        elif one.outcome in ("refused", "deferred") and not one.why.strip():
            reasons.append(Refusal(_of("decisions", at, "why"), "why_refused", shared._WHY_REFUSED))
    return reasons


def _lendings(day: Any, facts: DayFacts) -> list[Refusal]:
    reasons: list[Refusal] = []
    granted = {one.request: one.paise for one in day.decisions if one.outcome == "granted"}
    asked = {one.id: (one.body, one.paise) for one in day.requests}
    asked |= {key: (one.woman, one.paise) for key, one in facts.requests.items()}
    for at, lent in enumerate(day.lendings):
        reasons += why_not_lend(lent, day.on, facts, field=f"lendings.{at}.")
        if lent.request is None:
            continue
        request, known = asked.get(lent.request), facts.requests.get(lent.request)
        if request is None or request[0] != lent.body:
            text = shared._UNKNOWN_REQUEST if request is None else _OF_ANOTHER
            reasons.append(Refusal(_of("lendings", at, "request"), "unknown_request", text))
            continue
        most = (granted[lent.request] or request[1]) if lent.request in granted else (known.granted if known else None)
        if most is None:
            reasons.append(Refusal(_of("lendings", at, "request"), "not_granted", shared._NOT_GRANTED))
        elif lent.paise > most:
            said = {"amount": rupees(most)}
            reasons.append(Refusal(_of("lendings", at, "paise"), "more_than_granted", shared._MORE_THAN_GRANTED, said))
    return [*reasons, *why_not_of_source(day.lendings, facts, part="lendings")]


def why_not_lend(lent: Any, on: date, facts: DayFacts, *, field: str = "") -> list[Refusal]:
    """Reasons and questions about one loan to a group or VO, its source apart."""
    reasons = []
    if lent.first_due <= on:
        reasons.append(Refusal(f"{field}first_due", "due_before", shared._DUE_BEFORE))
    if lent.rate_bp_a_year > shared.USUAL_RATE_BP:
        said = {"rate": f"{lent.rate_bp_a_year / 100:g}"}
        reasons.append(Refusal(f"{field}rate_bp_a_year", "high_rate", shared._HIGH_RATE, said, "warn"))
    late = sum(loan.overdue for loan in facts.loans.values() if loan.is_given and loan.body == lent.body)
    if late:
        said = {"name": facts.name(lent.body), "amount": rupees(late)}
        reasons.append(Refusal(f"{field}body", "overdue", _OVERDUE, said, "warn"))
    return reasons


def why_not_of_source(lendings: Sequence[Any], facts: DayFacts, *, part: str = "") -> list[Refusal]:
    """No loan above the fund that it is lent out of; own money is bounded by the box and the bank."""
    reasons = []
    used: dict[str, int] = {}
    for at, lent in enumerate(lendings):
        if lent.source == "own":
            continue
        used[lent.source] = used.get(lent.source, 0) + lent.paise
        left = max(Paise(0), facts.sources.get(lent.source, Paise(0)))
        if used[lent.source] > left:
            said = {"amount": rupees(left)}
            field = _of(part, at, "source") if part else "source"
            reasons.append(Refusal(field, "above_the_fund", _SOURCE, said))
    return reasons


def _funds(day: Any, facts: DayFacts) -> list[Refusal]:
    reasons = []
    used: dict[str, int] = {}
    for at, one in enumerate(day.passed):
        used[one.head] = used.get(one.head, 0) + one.paise
        new = sum(got.paise for got in day.receipts if got.head == one.head)
        holds = max(0, facts.funds.get(one.head, Paise(0)) + new)
        if used[one.head] > holds:
            reasons.append(Refusal(_of("passed", at, "paise"), "above_the_fund", _FUND, {"amount": rupees(holds)}))
    return reasons


def _moved(day: Any, facts: DayFacts) -> list[Refusal]:
    reasons: list[Refusal] = []
    for part, heads in (("receipts", facts.receipts), ("payments", facts.payments)):
        for at, one in enumerate(getattr(day, part)):
            if one.head not in heads:
                reasons.append(Refusal(_of(part, at, "head"), "other_head", shared._OTHER_HEAD))
            elif (one.head in facts.about_woman) != (one.woman is not None):
                text = shared._NO_WOMAN if one.woman else shared._WOMAN_NEEDED
                reasons.append(Refusal(_of(part, at, "woman"), "woman", text))
            elif one.woman is not None and one.woman not in facts.women:
                reasons.append(Refusal(_of(part, at, "woman"), "not_a_member", shared._NOT_A_MEMBER, {"day": day.on}))
    return reasons


def _there(day: Any, facts: DayFacts) -> list[Refusal]:
    """The month may be closed in another body's book into which this day writes."""
    named: set[UUID | None] = {one.body for part in ("taken", "returned", "passed", "lendings", "given")
                               for one in getattr(day, part)}  # fmt: skip
    named |= {facts.loans[one.loan].body for one in (*day.repayments, *day.repaid) if one.loan in facts.loans}
    return [
        Refusal("on", "theirs_locked", _CLOSED_THERE, {"day": day.on, "name": name})
        for body, name in facts.closed_there.items() if body in named
    ]  # fmt: skip


def _of(part: str, at: int, name: str) -> str:
    return f"{part}.{at}.{name}"


def waiting_since(moved: Iterable[tuple[date, int]]) -> date | None:
    """The day of the oldest money of what is still on the way: what is counted in settles the oldest first.

    `moved` are sums by day, in order; negative ones count in. What lies the other way round (counted more than was
    sent) is told by the sign of the whole, and its age likewise.
    """
    days = list(moved)
    whole = sum(paise for _, paise in days)
    if not whole:
        return None
    left = abs(whole)
    for day, paise in reversed(days):
        same = paise if whole > 0 else -paise
        if same > 0:
            left -= same
            if left <= 0:
                return day
    return days[0][0]
