"""Why a meeting cannot be closed, and what in it is unusual. Plain values in, every reason at once out.

M1 to M10 of the field's practice: docs/rules/README.md (“a meeting”).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from umeed.books.rules.above import why_not_above
from umeed.books.rules.bylaws import NOTHING, Bylaws
from umeed.kernel.money import Paise, grouped, rupees
from umeed.kernel.refusals import N_, Refusal

_FUTURE = N_("%(day)s has not come yet.")
_BEFORE_BOOK = N_("The book is kept since %(since)s; this is earlier.")
_NUMBER_TAKEN = N_("Meeting %(number)s stands in the book already, held on %(day)s.")
_NUMBER_GAP = N_("The last meeting in the book is %(last)s; this one says %(number)s. Is one missing?")
_NUMBER_NEEDED = N_("A meeting that was held has a number.")
_EARLIER = N_("Meeting %(number)s was held on %(day)s already; this one must be later.")
_LATER = N_("Meeting %(number)s was held on %(day)s; this one must be earlier.")
_MISSED_WITH = N_("No money moves in a meeting that was not held. Call it an extra meeting instead.")
_MISSED_WHY = N_("Say why the meeting was not held.")
_MORE_THAN_WEEKS = N_("%(count)s meetings are more than the group can have held since %(since)s.")
_NO_PRESIDENT = N_("Name who presided.")
_PRESIDENT_AWAY = N_("Who presided must have been there.")
_UNSAID = N_("Say of %(name)s whether she was there.")
_NOT_A_MEMBER = N_("She was not a member on %(day)s.")
_NO_QUORUM = N_("%(came)s of %(all)s came; the group decides with %(needed)s. Was it decided all the same?")
_BY_WHOM = N_("%(name)s was not there. Say who brought it.")
_NOT_KEPT = N_("This group does not keep this saving.")
_MUCH_SAVED = N_("%(amount)s is much more than the usual %(usual)s. Is it right?")
_OVERDRAWN = N_("%(name)s has %(amount)s in this saving; more cannot be given back.")
_NO_LOAN = N_("This loan does not run in this book.")
_LOAN_CLOSED = N_("Nothing is owed on this loan any more.")
_MORE_THAN_OWED = N_("%(amount)s is owed on this loan; more cannot be repaid.")
_MORE_INTEREST = N_("%(asked)s of interest is due; %(paid)s is more. Is it right?")
_NOTHING_PAID = N_("A repayment of nothing: leave it empty.")
_OTHER_HEAD = N_("This is none of the receipts and payments of a meeting.")
_WOMAN_NEEDED = N_("Say which woman it is about.")
_NO_WOMAN = N_("This is about no woman.")
_UNKNOWN_REQUEST = N_("Nobody asked for this loan, or it is decided already.")
_TWICE = N_("This stands here twice.")
_WHY_REFUSED = N_("Say why, so that she knows.")
_JUMP = N_("%(name)s asked before her, on %(day)s. Say why this one comes first.")
_VOTED = N_("Name those who decided.")
_OTHER_WOMAN = N_("This request is another woman's.")
_NOT_GRANTED = N_("This request was not granted.")
_MORE_THAN_GRANTED = N_("%(amount)s was granted; this is more.")
_WHILE_OVERDUE = N_("%(name)s has %(amount)s overdue; the group's rule is not to lend before it is paid.")
_MORE_THAN_MOST = N_("The group's rule is at most %(most)s a loan.")
_DUE_BEFORE = N_("The first instalment must fall due after the loan is paid out.")
_HIGH_RATE = N_("%(rate)s per cent a year is more than the usual 24. Is it right?")
_BOX = N_("The box holds %(has)s and %(needs)s is paid out of it.")
_BANK = N_("The bank holds %(has)s and %(needs)s is taken from it.")
_COUNT = N_("Count the cash and write how much there is.")
_DIFFERENCE = N_("%(counted)s was counted; the book says %(must)s. Say why there is %(apart)s more.")
_DIFFERENCE_LESS = N_("%(counted)s was counted; the book says %(must)s. Say why there is %(apart)s less.")

MUCH = 20
"""A saving of so many times the usual amount is asked about."""
USUAL_RATE_BP = 2_400
"""Per cent a year above which a rate is asked about (SHG profile form of LokOS: 0 to 36, warn above 24)."""


@dataclass(frozen=True, slots=True)
class LoanFacts:
    """A loan before the meeting. Paise."""

    woman: UUID | None
    owed: Paise
    interest_asked: Paise = NOTHING
    overdue: Paise = NOTHING
    is_given: bool = True
    # The VO or CLF in whose book the same loan stands.
    lender: UUID | None = None


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A request that waits, or was granted and not paid out yet (`granted`)."""

    woman: UUID
    asked_on: date
    paise: Paise
    granted: Paise | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the book knows before the meeting. Paise; `earlier` and `later` are (number, day) of its neighbours."""

    today: date
    since: date
    formed_on: date
    bylaws: Bylaws
    members: Mapping[UUID, str]
    cash: Paise
    bank: Paise
    savings: Mapping[tuple[UUID, str], Paise] = field(default_factory=dict)
    loans: Mapping[UUID, LoanFacts] = field(default_factory=dict)
    requests: Mapping[UUID, RequestFacts] = field(default_factory=dict)
    on_the_way: Mapping[UUID, Paise] = field(default_factory=dict)
    # What a VO or CLF counted from here before it was said here that it left; those above that keep a book.
    counted_there: Mapping[UUID, Paise] = field(default_factory=dict)
    keeping: frozenset[UUID] = frozenset()
    above: frozenset[UUID] = frozenset()
    last_number: int = 0
    last_met: date | None = None
    same_number: tuple[int, date] | None = None
    earlier: tuple[int, date] | None = None
    later: tuple[int, date] | None = None
    meetings_a_year: int = 52
    is_month_locked: bool = False
    about_woman: frozenset[str] = frozenset()
    receipts: frozenset[str] = frozenset()
    payments: frozenset[str] = frozenset()

    def name(self, woman: UUID | None) -> str:
        return self.members.get(woman, "?") if woman else "?"


def why_not_close(meeting: Any, facts: Facts, tally: Any) -> list[Refusal]:
    """Every reason and every question about a meeting (`MeetingDocument`), with its sums (`Tally`)."""
    if meeting.kind == "missed":
        return [*_why_not_then(meeting, facts), *_missed(meeting)]
    return [
        *_why_not_then(meeting, facts), *_attendance(meeting, facts), *_savings(meeting, facts),
        *_repayments(meeting, facts), *_moved(meeting, facts), *_queue(meeting, facts), *_lendings(meeting, facts),
        *why_not_above(meeting, facts), *_cash(meeting, facts, tally),
    ]  # fmt: skip


_LOCKED = N_("The month of %(day)s is closed in this book.")


def _why_not_then(meeting: Any, facts: Facts) -> list[Refusal]:
    reasons = []
    if meeting.on > facts.today:
        reasons.append(Refusal("on", "future", _FUTURE, {"day": meeting.on}))
    elif meeting.on < max(facts.since, facts.formed_on):
        since = max(facts.since, facts.formed_on)
        reasons.append(Refusal("on", "before_the_book", _BEFORE_BOOK, {"since": since}))
    elif facts.is_month_locked:
        reasons.append(Refusal("on", "month_locked", _LOCKED, {"day": meeting.on}))
    return [*reasons, *(_number(meeting, facts) if meeting.kind != "missed" else ())]


def _number(meeting: Any, facts: Facts) -> list[Refusal]:
    if meeting.number is None:
        return [Refusal("number", "number_missing", _NUMBER_NEEDED)]
    if facts.same_number is not None:
        taken = {"number": facts.same_number[0], "day": facts.same_number[1]}
        return [Refusal("number", "number_taken", _NUMBER_TAKEN, taken)]
    reasons = []
    for neighbour, text, sign in (
        (facts.earlier, _EARLIER, 1),
        (facts.later, _LATER, -1),
    ):
        if neighbour is not None and (neighbour[1] - meeting.on).days * sign >= 0:
            said = {"number": neighbour[0], "day": neighbour[1]}
            reasons.append(Refusal("on", "out_of_order", text, said))
    if meeting.number > facts.last_number + 1:
        said = {"last": facts.last_number, "number": meeting.number}
        reasons.append(Refusal("number", "number_gap", _NUMBER_GAP, said, "warn"))
    possible = (meeting.on - facts.formed_on).days * facts.meetings_a_year // 364 + 1
    if meeting.number > possible and meeting.kind == "regular":
        said = {"count": meeting.number, "since": facts.formed_on}
        reasons.append(Refusal("number", "more_than_weeks", _MORE_THAN_WEEKS, said, "warn"))
    return reasons


def _missed(meeting: Any) -> list[Refusal]:
    moves = (
        meeting.savings, meeting.withdrawals, meeting.repayments, meeting.fines, meeting.receipts, meeting.lendings,
        meeting.payments, meeting.repaid, meeting.given, meeting.left, meeting.arrived,
    )  # fmt: skip
    reasons = []
    if any(moves) or meeting.deposit or meeting.withdrawal:
        reasons.append(Refusal("kind", "missed_with_money", _MISSED_WITH))
    if not meeting.why.strip():
        reasons.append(Refusal("why", "why_missed", _MISSED_WHY))
    return reasons


def _attendance(meeting: Any, facts: Facts) -> list[Refusal]:
    reasons = []
    for woman, name in facts.members.items():
        if woman not in meeting.attendance:
            reasons.append(Refusal(f"attendance.{woman}", "unsaid", _UNSAID, {"name": name}))
    for woman in meeting.attendance.keys() - facts.members.keys():
        reasons.append(Refusal(f"attendance.{woman}", "not_a_member", _NOT_A_MEMBER, {"day": meeting.on}))
    if meeting.president is None:
        reasons.append(Refusal("president", "no_president", _NO_PRESIDENT))
    elif not meeting.came(meeting.president):
        reasons.append(Refusal("president", "president_away", _PRESIDENT_AWAY))
    came = sum(1 for woman in facts.members if meeting.came(woman))
    needed = -(-len(facts.members) * facts.bylaws.quorum_percent // 100)
    if came < needed and (meeting.decisions or meeting.lendings):
        said = {"came": grouped(came), "all": grouped(len(facts.members)), "needed": grouped(needed)}
        reasons.append(Refusal("attendance", "no_quorum", _NO_QUORUM, said, "warn"))
    return reasons


def _of(part: str, at: int, name: str) -> str:
    return f"{part}.{at}.{name}"


def _stranger(part: str, at: int, woman: UUID | None, meeting: Any, facts: Facts) -> list[Refusal]:
    if woman is None or woman in facts.members:
        return []
    return [Refusal(_of(part, at, "woman"), "not_a_member", _NOT_A_MEMBER, {"day": meeting.on})]


def _brought(part: str, at: int, one: Any, woman: UUID | None, meeting: Any, facts: Facts) -> list[Refusal]:
    """M5: who is absent may pay through another, who is named."""
    if woman is None or meeting.came(woman) or one.by.strip():
        return []
    return [Refusal(_of(part, at, "by"), "by_whom", _BY_WHOM, {"name": facts.name(woman)})]


def _savings(meeting: Any, facts: Facts) -> list[Refusal]:
    reasons: list[Refusal] = []
    seen: set[tuple[UUID, str]] = set()
    for at, saved in enumerate(meeting.savings):
        reasons += _stranger("savings", at, saved.woman, meeting, facts)
        reasons += _brought("savings", at, saved, saved.woman, meeting, facts)
        if saved.head not in facts.bylaws.kept:
            reasons.append(Refusal(_of("savings", at, "paise"), "not_kept", _NOT_KEPT))
        if (saved.woman, saved.head) in seen:
            reasons.append(Refusal(_of("savings", at, "paise"), "twice", _TWICE))
        seen.add((saved.woman, saved.head))
        usual = facts.bylaws.savings.get(saved.head, Paise(0))
        if usual and saved.paise > MUCH * usual:
            said = {"amount": rupees(saved.paise), "usual": rupees(usual)}
            reasons.append(Refusal(_of("savings", at, "paise"), "much_saved", _MUCH_SAVED, said, "warn"))
    for at, back in enumerate(meeting.withdrawals):
        reasons += _stranger("withdrawals", at, back.woman, meeting, facts)
        new = sum(one.paise for one in meeting.savings if (one.woman, one.head) == (back.woman, back.head))
        taken = sum(one.paise for one in meeting.withdrawals if (one.woman, one.head) == (back.woman, back.head))
        has = facts.savings.get((back.woman, back.head), Paise(0)) + new
        if taken > has:
            said = {"name": facts.name(back.woman), "amount": rupees(has)}
            reasons.append(Refusal(_of("withdrawals", at, "paise"), "overdrawn", _OVERDRAWN, said))
    return reasons


def _repayments(meeting: Any, facts: Facts) -> list[Refusal]:
    reasons: list[Refusal] = []
    for part, is_given in (("repayments", True), ("repaid", False)):
        seen: set[UUID] = set()
        for at, paid in enumerate(getattr(meeting, part)):
            loan = facts.loans.get(paid.loan)
            if loan is None or loan.is_given is not is_given:
                reasons.append(Refusal(_of(part, at, "loan"), "no_loan", _NO_LOAN))
                continue
            if paid.loan in seen:
                reasons.append(Refusal(_of(part, at, "loan"), "twice", _TWICE))
            seen.add(paid.loan)
            reasons += _repayment(part, at, paid, loan)
            if is_given:
                reasons += _brought(part, at, paid, loan.woman, meeting, facts)
    return reasons


def _repayment(part: str, at: int, paid: Any, loan: LoanFacts) -> list[Refusal]:
    if not paid.paise:
        return [Refusal(_of(part, at, "principal"), "nothing", _NOTHING_PAID)]
    reasons = []
    if paid.principal > loan.owed:
        text = _MORE_THAN_OWED if loan.owed else _LOAN_CLOSED
        reasons.append(Refusal(_of(part, at, "principal"), "more_than_owed", text, {"amount": rupees(loan.owed)}))
    if paid.interest > loan.interest_asked and loan.is_given:
        said = {"asked": rupees(loan.interest_asked), "paid": rupees(paid.interest)}
        reasons.append(Refusal(_of(part, at, "interest"), "more_interest", _MORE_INTEREST, said, "warn"))
    return reasons


def _moved(meeting: Any, facts: Facts) -> list[Refusal]:
    reasons: list[Refusal] = []
    for part, heads in (("receipts", facts.receipts), ("payments", facts.payments)):
        for at, one in enumerate(getattr(meeting, part)):
            if one.head not in heads:
                reasons.append(Refusal(_of(part, at, "head"), "other_head", _OTHER_HEAD))
                continue
            if (one.head in facts.about_woman) != (one.woman is not None):
                text = _NO_WOMAN if one.woman else _WOMAN_NEEDED
                reasons.append(Refusal(_of(part, at, "woman"), "woman", text))
            reasons += _stranger(part, at, one.woman, meeting, facts)
    for at, fine in enumerate(meeting.fines):
        reasons += _stranger("fines", at, fine.woman, meeting, facts)
    return reasons


def _waiting(meeting: Any, facts: Facts) -> dict[UUID, RequestFacts]:
    """Requests that wait or are granted, with those of this meeting."""
    new = {one.id: RequestFacts(one.woman, meeting.on, Paise(one.paise)) for one in meeting.requests}
    return {**facts.requests, **new}


def _queue(meeting: Any, facts: Facts) -> list[Refusal]:
    reasons: list[Refusal] = []
    waiting = _waiting(meeting, facts)
    for at, asked in enumerate(meeting.requests):
        reasons += _stranger("requests", at, asked.woman, meeting, facts)
    decided = {one.request for one in meeting.decisions}
    for at, one in enumerate(meeting.decisions):
        request = waiting.get(one.request)
        if request is None:
            reasons.append(Refusal(_of("decisions", at, "request"), "unknown_request", _UNKNOWN_REQUEST))
            continue
        if one.outcome in ("refused", "deferred") and not one.why.strip():
            reasons.append(Refusal(_of("decisions", at, "why"), "why_refused", _WHY_REFUSED))
        if one.way == "named" and not one.voted:
            reasons.append(Refusal(_of("decisions", at, "voted"), "voted", _VOTED))
        if one.outcome == "granted" and not one.jump_why.strip():
            before = [
                other for key, other in waiting.items()
                if key not in decided and other.granted is None and other.asked_on < request.asked_on
            ]  # fmt: skip
            if before:
                first = min(before, key=lambda other: other.asked_on)
                said = {"name": facts.name(first.woman), "day": first.asked_on}
                reasons.append(Refusal(_of("decisions", at, "jump_why"), "jump", _JUMP, said))
    return reasons


def _lendings(meeting: Any, facts: Facts) -> list[Refusal]:
    reasons: list[Refusal] = []
    waiting = _waiting(meeting, facts)
    granted = {one.request: one for one in meeting.decisions if one.outcome == "granted"}
    for at, lent in enumerate(meeting.lendings):
        reasons += _stranger("lendings", at, lent.woman, meeting, facts)
        reasons += _lending_asked(at, lent, waiting, granted)
        if lent.first_due <= meeting.on:
            reasons.append(Refusal(_of("lendings", at, "first_due"), "due_before", _DUE_BEFORE))
        if lent.rate_bp_a_year > USUAL_RATE_BP:
            rate = f"{lent.rate_bp_a_year / 100:g}"
            reasons.append(
                Refusal(_of("lendings", at, "rate_bp_a_year"), "high_rate", _HIGH_RATE, {"rate": rate}, "warn")
            )
        if facts.bylaws.most is not None and lent.paise > facts.bylaws.most:
            said = {"most": rupees(facts.bylaws.most)}
            reasons.append(Refusal(_of("lendings", at, "paise"), "more_than_most", _MORE_THAN_MOST, said))
        overdue = _still_overdue(lent.woman, meeting, facts)
        if overdue and not facts.bylaws.lends_to_overdue:
            said = {"name": facts.name(lent.woman), "amount": rupees(overdue)}
            reasons.append(Refusal(_of("lendings", at, "woman"), "while_overdue", _WHILE_OVERDUE, said))
    return reasons


def _still_overdue(woman: UUID, meeting: Any, facts: Facts) -> int:
    """What of her loans is overdue after what she pays today."""
    paid = {one.loan: one.principal + one.interest for one in meeting.repayments}
    return sum(
        max(0, loan.overdue - paid.get(key, 0))
        for key, loan in facts.loans.items()
        if loan.is_given and loan.woman == woman
    )


def _lending_asked(
    at: int, lent: Any, waiting: Mapping[UUID, RequestFacts], granted: Mapping[UUID, Any]
) -> list[Refusal]:
    """A loan that answers a request is hers, was granted, and is no more than was granted."""
    if lent.request is None:
        return []
    request = waiting.get(lent.request)
    if request is None:
        return [Refusal(_of("lendings", at, "request"), "unknown_request", _UNKNOWN_REQUEST)]
    if request.woman != lent.woman:
        return [Refusal(_of("lendings", at, "request"), "other_woman", _OTHER_WOMAN)]
    now = granted.get(lent.request)
    most = (now.paise or request.paise) if now is not None else request.granted
    if most is None:
        return [Refusal(_of("lendings", at, "request"), "not_granted", _NOT_GRANTED)]
    if lent.paise > most:
        return [
            Refusal(_of("lendings", at, "paise"), "more_than_granted", _MORE_THAN_GRANTED, {"amount": rupees(most)})
        ]
    return []


def _cash(meeting: Any, facts: Facts, tally: Any) -> Sequence[Refusal]:
    reasons = []
    box, bank = facts.cash + tally.cash_in - tally.cash_out, facts.bank + tally.bank_in - tally.bank_out
    if box < 0:
        said = {"has": rupees(facts.cash + tally.cash_in), "needs": rupees(tally.cash_out)}
        reasons.append(Refusal("counted", "box", _BOX, said))
    if bank < 0:
        said = {"has": rupees(facts.bank + tally.bank_in), "needs": rupees(tally.bank_out)}
        reasons.append(Refusal("withdrawal", "bank", _BANK, said))
    if meeting.counted is None:
        reasons.append(Refusal("counted", "count", _COUNT))
    elif meeting.counted != box and not meeting.difference_why.strip():
        said = {"counted": rupees(meeting.counted), "must": rupees(box), "apart": rupees(abs(meeting.counted - box))}
        text = _DIFFERENCE if meeting.counted > box else _DIFFERENCE_LESS
        reasons.append(Refusal("difference_why", "difference", text, said))
    return reasons
