"""Why a meeting cannot be closed, and what in it is unusual. Plain values in, every reason at once out.

M1 to M10 of the field's practice: docs/rules/README.md (“a meeting”).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from umeed.books.rules.above import why_not_above
from umeed.books.rules.bylaws import Bylaws
from umeed.books.rules.held import (
    BookFacts,
    field_of,
    not_a_member,
    stranger,
    who_took,
    why_not_cash,
    why_not_missed,
    why_not_moved,
    why_not_then,
)
from umeed.books.rules.lending import (
    TWICE,
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
from umeed.books.rules.sources import sources_later, sources_on, why_not_of_source
from umeed.kernel.money import Paise, grouped, rupees
from umeed.kernel.refusals import N_, Refusal, in_number

_NO_PRESIDENT = N_("Name who presided.")
_PRESIDENT_AWAY = N_("Who presided must have been there.")
_UNSAID = N_("Say of %(name)s whether she was there.")
_NO_QUORUM = N_("%(came)s of %(all)s came; the group decides with %(needed)s. Was it decided all the same?")
_BY_WHOM = N_("%(name)s was not there. Say who brought it.")
_WHO_TOOK = N_("%(name)s was not there. Say who took it.")
_SET_OFF = N_(
    "For %(name)s %(paid)s is set off, and %(taken)s is taken from her savings for it. The two must be the same."
)
_NOT_KEPT = N_("This group does not keep this saving.")
_MUCH = N_("%(amount)s is much more than the usual %(usual)s. Is it right?")
_OVERDRAWN = N_("%(name)s has %(amount)s in this saving; more cannot be given back.")
_VOTED = N_("Name those who decided.")
_VOTED_AWAY = N_("%(name)s was not there and cannot have decided.")
_OTHER_WOMAN = N_("This request is another woman's.")
_WHILE_OVERDUE = N_("%(name)s has %(amount)s overdue; the group's rule is not to lend before it is paid.")
_MORE_THAN_MOST = N_("The group's rule is at most %(most)s a loan.")
_GRANT_LESS = N_("The group's rule is at most %(most)s a loan. Write how much is granted, at most that.")
_FEW_NAMED = (
    N_("One woman is named; the group decides with %(needed)s. Was it decided all the same?"),
    N_("%(named)s women are named; the group decides with %(needed)s. Was it decided all the same?"),
)

MUCH, LEAST_FINE = 20, Paise(5_00)
"""More than so many times the usual saving or fine is asked about; what a fine comes to where no rule says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanFacts(Owed):
    """A loan before the meeting: the woman's, or one that the group took."""

    woman: UUID | None
    # The VO or CLF in whose book the same loan stands.
    lender: UUID | None = None
    # The money that it was lent out of, or that it is.
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts(BookFacts):
    """What the book of a group knows before the meeting. Paise."""

    bylaws: Bylaws
    savings: Mapping[tuple[UUID, str], Paise] = field(default_factory=dict)
    loans: Mapping[UUID, LoanFacts] = field(default_factory=dict)
    requests: Mapping[UUID, RequestFacts] = field(default_factory=dict)
    # {source: paise that are not lent out}
    sources: Mapping[str, Paise] = field(default_factory=dict)
    sources_later: Mapping[str, Paise] = field(default_factory=dict)
    # Of a correction: what a later meeting built on.
    built_on: Mapping[UUID, Decided] = field(default_factory=dict)
    # What a VO or CLF counted from here before it was said here that it left; those above that keep a book.
    counted_there: Mapping[UUID, Paise] = field(default_factory=dict)
    keeping: frozenset[UUID] = frozenset()

    def name(self, woman: UUID | None) -> str:
        return (self.members.get(woman) or self.called.get(woman, "?")) if woman else "?"


def why_not_close(meeting: Any, facts: Facts, tally: Any) -> list[Refusal]:
    """Every reason and every question about a meeting (`MeetingDocument`), with its sums (`Tally`)."""
    if meeting.kind == "missed":
        return [*why_not_then(meeting, facts), *_missed(meeting)]
    return [
        *why_not_then(meeting, facts), *_attendance(meeting, facts), *_savings(meeting, facts),
        *_set_off(meeting, facts), *_taken_along(meeting, facts),
        *_repayments(meeting, facts), *_moved(meeting, facts), *_queue(meeting, facts), *_lendings(meeting, facts),
        *why_not_above(meeting, facts), *why_not_drawn(meeting, facts.loans), *why_not_cash(meeting, facts, tally),
    ]  # fmt: skip


def _missed(meeting: Any) -> list[Refusal]:
    moves = (
        meeting.savings, meeting.withdrawals, meeting.repayments, meeting.fines, meeting.receipts, meeting.lendings,
        meeting.payments, meeting.repaid, meeting.drawn, meeting.given, meeting.left, meeting.arrived,
    )  # fmt: skip
    return why_not_missed(moved=any(moves) or bool(meeting.deposit or meeting.withdrawal), why=meeting.why)


def _attendance(meeting: Any, facts: Facts) -> list[Refusal]:
    reasons = []
    for woman, name in facts.members.items():
        if woman not in meeting.attendance:
            reasons.append(Refusal(f"attendance.{woman}", "unsaid", _UNSAID, {"name": name}))
    for woman in meeting.attendance:
        if woman not in facts.members:
            reasons.append(not_a_member(f"attendance.{woman}", woman, meeting.on, facts))
    if meeting.president is None:
        reasons.append(Refusal("president", "no_president", _NO_PRESIDENT))
    elif not meeting.came(meeting.president):
        reasons.append(Refusal("president", "president_away", _PRESIDENT_AWAY))
    came, needed = _came(meeting, facts), _needed(facts)
    if came < needed and (meeting.decisions or meeting.lendings):
        said = {"came": grouped(came), "all": grouped(len(facts.members)), "needed": grouped(needed)}
        reasons.append(Refusal("attendance", "no_quorum", _NO_QUORUM, said, "warn"))
    return reasons


def _came(meeting: Any, facts: Facts) -> int:
    return sum(1 for woman in facts.members if meeting.came(woman))


def _needed(facts: Facts) -> int:
    """With how many of its members the group decides."""
    return -(-len(facts.members) * facts.bylaws.quorum_percent // 100)


def _set_off(meeting: Any, facts: Facts) -> list[Refusal]:
    """What is set off is paid with what is taken from her own savings, woman by woman."""
    paid: dict[UUID | None, int] = {}
    taken: dict[UUID | None, int] = {}
    fields: dict[UUID | None, str] = {}
    for part in ("savings", "repayments", "fines", "withdrawals"):
        for at, one in enumerate(getattr(meeting, part)):
            if one.mode != "set_off":
                continue
            loan = facts.loans.get(one.loan) if part == "repayments" else None
            whose = (loan.woman if loan else None) if part == "repayments" else one.woman
            sums = taken if part == "withdrawals" else paid
            sums[whose] = sums.get(whose, 0) + one.paise
            fields.setdefault(whose, field_of(part, at, "principal" if part == "repayments" else "paise"))
    return [
        Refusal(where, "set_off", _SET_OFF, {
            "name": facts.name(whose), "paid": rupees(Paise(paid.get(whose, 0))),
            "taken": rupees(Paise(taken.get(whose, 0))),
        })
        for whose, where in fields.items() if paid.get(whose, 0) != taken.get(whose, 0)
    ]  # fmt: skip


def _brought(part: str, at: int, one: Any, woman: UUID | None, meeting: Any, facts: Facts) -> list[Refusal]:
    """M5: who is absent may pay through another, who is named."""
    if woman is None or meeting.came(woman) or one.by.strip():
        return []
    return [Refusal(field_of(part, at, "by"), "by_whom", _BY_WHOM, {"name": facts.name(woman)})]


def _taken_along(meeting: Any, facts: Facts) -> list[Refusal]:
    """M5, the other way: what is paid out in cash for who is absent."""
    return [
        reason
        for part in ("withdrawals", "lendings", "payments")
        for at, one in enumerate(getattr(meeting, part))
        if one.woman is not None and not meeting.came(one.woman)
        for reason in who_took(part, at, one, _WHO_TOOK, facts.name(one.woman))
    ]


def _savings(meeting: Any, facts: Facts) -> list[Refusal]:
    reasons: list[Refusal] = []
    seen: set[tuple[UUID, str]] = set()
    for at, saved in enumerate(meeting.savings):
        reasons += stranger("savings", at, saved.woman, meeting.on, facts)
        reasons += _brought("savings", at, saved, saved.woman, meeting, facts)
        if saved.head not in facts.bylaws.kept:
            reasons.append(Refusal(field_of("savings", at, "paise"), "not_kept", _NOT_KEPT))
        if (saved.woman, saved.head) in seen:
            reasons.append(Refusal(field_of("savings", at, "paise"), "twice", TWICE))
        seen.add((saved.woman, saved.head))
        usual = facts.bylaws.savings.get(saved.head, Paise(0))
        reasons += far_above_usual(field_of("savings", at, "paise"), "much_saved", saved.paise, usual)
    for at, back in enumerate(meeting.withdrawals):
        reasons += stranger("withdrawals", at, back.woman, meeting.on, facts)
        new = sum(one.paise for one in meeting.savings if (one.woman, one.head) == (back.woman, back.head))
        taken = sum(one.paise for one in meeting.withdrawals if (one.woman, one.head) == (back.woman, back.head))
        has = facts.savings.get((back.woman, back.head), Paise(0)) + new
        if taken > has:
            said = {"name": facts.name(back.woman), "amount": rupees(has)}
            reasons.append(Refusal(field_of("withdrawals", at, "paise"), "overdrawn", _OVERDRAWN, said))
    return reasons


def _repayments(meeting: Any, facts: Facts) -> list[Refusal]:
    def brought(part: str, at: int, paid: Any, loan: LoanFacts) -> list[Refusal]:
        return _brought(part, at, paid, loan.woman, meeting, facts)

    return why_not_repaid(meeting, facts.loans, brought)


def _moved(meeting: Any, facts: Facts) -> list[Refusal]:
    reasons = why_not_moved(meeting, facts)
    for at, fine in enumerate(meeting.fines):
        reasons += stranger("fines", at, fine.woman, meeting.on, facts)
        reasons += _brought("fines", at, fine, fine.woman, meeting, facts)
        reasons += far_above_usual(
            field_of("fines", at, "paise"), "much_fined", fine.paise, usual_fine(facts.bylaws)
        )  # fmt: skip
    return reasons


def usual_fine(bylaws: Bylaws) -> Paise:
    return max(bylaws.fine_late, bylaws.fine_absent, LEAST_FINE)


def far_above_usual(path: str, code: str, paise: Paise, usual: Paise) -> list[Refusal]:
    """The question about a saving or a fine of many times the usual one, where one is known."""
    if not usual or paise <= MUCH * usual:
        return []
    return [Refusal(path, code, _MUCH, {"amount": rupees(paise), "usual": rupees(usual)}, "warn")]


def _waiting(meeting: Any, facts: Facts) -> dict[UUID, RequestFacts]:
    """Requests that wait or are granted, with those of this meeting."""
    new = {one.id: RequestFacts(one.woman, meeting.on, Paise(one.paise)) for one in meeting.requests}
    return {**facts.requests, **new}


def _queue(meeting: Any, facts: Facts) -> list[Refusal]:
    reasons: list[Refusal] = []
    waiting = _waiting(meeting, facts)
    for at, asked in enumerate(meeting.requests):
        reasons += stranger("requests", at, asked.woman, meeting.on, facts)
    reasons += why_not_as_decided(meeting, facts.built_on, facts.name)
    reasons += why_not_before_others(meeting, waiting, facts.name)
    for at, one in enumerate(meeting.decisions):
        request = waiting.get(one.request)
        if request is None:
            reasons.append(unknown_request("decisions", at))
            continue
        reasons += why_not_decided(at, one, meeting.on)
        reasons += _voted(at, one, meeting, facts)
        most = facts.bylaws.most
        if one.outcome == "granted" and most is not None and (one.paise or request.paise) > most:
            path = field_of("decisions", at, "paise")
            reasons.append(Refusal(path, "more_than_most", _GRANT_LESS, {"most": rupees(most)}))
    return reasons


def _voted(at: int, one: Any, meeting: Any, facts: Facts) -> list[Refusal]:
    """Those who decided for all are named, and were there. Fewer than the quorum are asked about, like a meeting to
    which fewer came (of that one it is asked once): the book holds what happened, also when it is corrected later."""
    if one.way != "named":
        return []
    path = field_of("decisions", at, "voted")
    away = [woman for woman in one.voted if not meeting.came(woman)]
    if not one.voted:
        return [Refusal(path, "voted", _VOTED)]
    named, needed = len(set(one.voted) - set(away)), _needed(facts)
    reasons = [Refusal(path, "voted_away", _VOTED_AWAY, {"name": facts.name(woman)}) for woman in away]
    if named < needed <= _came(meeting, facts):
        said = {"named": grouped(named), "needed": grouped(needed)}
        reasons.append(Refusal(path, "few_named", in_number(named, *_FEW_NAMED), said, "warn"))
    return reasons


def _lendings(meeting: Any, facts: Facts) -> list[Refusal]:
    reasons = list(why_not_twice(meeting.lendings))
    waiting = _waiting(meeting, facts)
    granted = granted_in(meeting)
    for at, lent in enumerate(meeting.lendings):
        reasons += stranger("lendings", at, lent.woman, meeting.on, facts)
        not_hers = Refusal(field_of("lendings", at, "request"), "other_woman", _OTHER_WOMAN)
        reasons += why_not_asked(at, lent, lent.woman, waiting, granted, not_hers)
        reasons += why_not_terms(
            lent, meeting.on, path=f"lendings.{at}.", charges=facts.bylaws.rate_bp_a_year,
            rounding=facts.bylaws.rounding,
        )  # fmt: skip
        if facts.bylaws.most is not None and lent.paise > facts.bylaws.most:
            said = {"most": rupees(facts.bylaws.most)}
            reasons.append(Refusal(field_of("lendings", at, "paise"), "more_than_most", _MORE_THAN_MOST, said))
        overdue = _still_overdue(lent.woman, meeting, facts)
        if overdue and not facts.bylaws.lends_to_overdue:
            said = {"name": facts.name(lent.woman), "amount": rupees(overdue)}
            reasons.append(Refusal(field_of("lendings", at, "woman"), "while_overdue", _WHILE_OVERDUE, said))
    now, later = sources_on(meeting, facts), sources_later(meeting, facts)
    return [*reasons, *why_not_of_source(meeting.lendings, now, later, part="lendings", asks=True)]


def _still_overdue(woman: UUID, meeting: Any, facts: Facts) -> int:
    """What of her loans is overdue after what she pays today."""
    paid = {one.loan: one.principal + one.interest for one in meeting.repayments}
    return sum(
        max(0, loan.overdue - paid.get(key, 0))
        for key, loan in facts.loans.items()
        if loan.is_given and loan.woman == woman
    )
