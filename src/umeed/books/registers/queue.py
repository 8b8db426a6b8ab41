"""The loan queue that every woman can read: her place, the rule, the promised day, the reason of each jump."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from umeed.books import codes
from umeed.books.ledger.balances import kept_women
from umeed.books.models import Book, LoanDecision, LoanRequest
from umeed.books.registers.papering import ONE_DAY, money, paper, table
from umeed.books.registers.reading import Names, names
from umeed.core.papers.shapes import Column, Paper, Row, Table
from umeed.core.templatetags.umeed_text import listed
from umeed.core.viewer import as_system

# How long the reason of a jump stays on the page.
JUMPS_FOR = 365 * ONE_DAY
_OUT = frozenset({codes.Outcome.REFUSED, codes.Outcome.WITHDRAWN})


def loan_queue(book: Book, as_of: datetime.date) -> Paper:
    """Who waits, in the order of asking; who was served before others, and why. At most five questions."""
    asked, lent, decided = _asked(book, as_of)
    kept = kept_women({one.woman_id for one in asked if one.woman_id})
    told = names(kept.values(), (one.body_id for one in asked))
    whose = _Whose(told, kept)
    waiting = _waiting(asked, lent, decided)
    return paper(
        book, gettext("Loan queue"),
        [_queue(waiting, decided, whose), _jumps(asked, decided, lent, whose, as_of)], as_of=as_of,
        notes=[
            gettext("Rule: who asked first is served first. Who is served before others has the reason beside her.")
        ],
        spoken=" ".join(
            gettext("%(place)s: %(name)s.") % {"place": at, "name": whose(one)} for at, one in enumerate(waiting, 1)
        ) or gettext("Nobody waits for a loan."),
    )  # fmt: skip


_Decided = Mapping[UUID, list[LoanDecision]]
_Lent = Mapping[UUID, datetime.date]


def _asked(book: Book, as_of: datetime.date) -> tuple[list[LoanRequest], _Lent, _Decided]:
    """All who asked, in the order of the queue, when they were lent to, and what was decided on each. Three
    questions."""
    asked = list(LoanRequest.objects.filter(book=book, asked_on__lte=as_of).order_by("asked_on", "pk"))
    lent = dict(book.loans.filter(request__isnull=False, lent_on__lte=as_of).values_list("request", "lent_on"))
    decided: dict[UUID, list[LoanDecision]] = defaultdict(list)
    rows = LoanDecision.objects.filter(book=book, decided_on__lte=as_of).order_by("decided_on", "changed_at")
    for decision in rows:
        decided[decision.request_id].append(decision)
    return asked, lent, decided


def _waiting(asked: Sequence[LoanRequest], lent: _Lent, decided: _Decided) -> list[LoanRequest]:
    return [one for one in asked if one.pk not in lent and not _is_out(decided[one.pk])]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a woman stands in the loan queue, and for when she was promised a loan."""

    at: int
    asked_on: datetime.date
    promised_on: datetime.date | None


def place_of(meeting: UUID, woman: UUID, on: datetime.date) -> Place | None:
    """For who holds a slip of a meeting: her own place in that group's queue on a day, and nobody else's. Six
    questions."""
    # The slip's token lets her, as it lets her read her slip: registers/slips.
    with as_system():
        book = Book.objects.get(meetings=meeting)
        asked, lent, decided = _asked(book, on)
        waiting = _waiting(asked, lent, decided)
        kept = kept_women({one.woman_id for one in waiting if one.woman_id} | {woman})
    for at, one in enumerate(waiting, 1):
        if one.woman_id and kept[one.woman_id] == kept[woman]:
            return Place(at, one.asked_on, _promised(decided[one.pk]))
    return None


def _promised(decisions: Sequence[LoanDecision]) -> datetime.date | None:
    return next((one.promised_on for one in reversed(decisions) if one.promised_on), None)


class _Whose:
    """Who asked."""

    def __init__(self, told: Names, kept: Mapping[UUID, UUID]) -> None:
        self.told, self.kept = told, kept

    def __call__(self, one: LoanRequest) -> str:
        return self.told.woman(self.kept.get(one.woman_id)) if one.woman_id else self.told.body(one.body_id)


def _is_out(decisions: Sequence[LoanDecision]) -> bool:
    return bool(decisions) and decisions[-1].outcome in _OUT


def _queue(waiting: Sequence[LoanRequest], decided: Mapping[UUID, list[LoanDecision]], whose: _Whose) -> Table:
    rows = []
    for at, one in enumerate(waiting, 1):
        last = decided[one.pk][-1] if decided[one.pk] else None
        promised = _promised(decided[one.pk])
        rows.append(Row((
            at, whose(one), one.asked_on, one.amount_paise, str(one.get_purpose_display()),
            _how(last), promised, (last.why or last.jump_why) if last else one.note,
        )))  # fmt: skip
    return table(gettext("Who waits"), [
        Column(gettext("Place"), "count"), Column(gettext("Name"), width=20), Column(gettext("Asked on"), "day"),
        *money(gettext("Amount")), Column(gettext("Purpose"), width=14), Column(gettext("How it stands"), width=14),
        Column(gettext("Promised for"), "day"), Column(gettext("Reason"), width=22),
    ], rows, empty=gettext("Nobody waits for a loan."))  # fmt: skip


def _how(last: LoanDecision | None) -> str:
    if last is None:
        return gettext("Waits")
    is_granted = last.outcome == codes.Outcome.GRANTED
    return gettext("Granted, not paid out yet") if is_granted else str(last.get_outcome_display())


def _jumps(
    asked: Sequence[LoanRequest], decided: Mapping[UUID, list[LoanDecision]], lent: Mapping[UUID, datetime.date],
    whose: _Whose, as_of: datetime.date,
) -> Table:  # fmt: skip
    """Those who were granted a loan while others with an earlier place waited or were put off, as the decisions say;
    `asked` stands in the order of the queue."""
    rows = []
    for at, one in enumerate(asked):
        grant = next((d for d in decided[one.pk] if d.outcome == codes.Outcome.GRANTED), None)
        if grant is None or grant.decided_on < as_of - JUMPS_FOR:
            continue
        before = [
            whose(other) for other in asked[:at]
            if _waited(decided[other.pk], lent.get(other.pk), grant.decided_on)
        ]  # fmt: skip
        if before:
            rows.append(Row((
                whose(one), one.asked_on, grant.decided_on, one.amount_paise, listed(before),
                grant.jump_why or gettext("No reason was written"),
            )))  # fmt: skip
    return table(gettext("Who was served before others"), [
        Column(gettext("Name"), width=20), Column(gettext("Asked on"), "day"), Column(gettext("Granted on"), "day"),
        *money(gettext("Amount")), Column(gettext("Who waited"), width=24), Column(gettext("Reason"), width=30),
    ], rows, empty=gettext("Nobody was served before others."))  # fmt: skip


def _waited(decisions: Sequence[LoanDecision], lent_on: datetime.date | None, on: datetime.date) -> bool:
    """Whether a request still waited at the end of a day: neither granted nor refused by then."""
    if lent_on is not None and lent_on <= on:
        return False
    until = [d for d in decisions if d.decided_on <= on]
    return not until or until[-1].outcome == codes.Outcome.DEFERRED
