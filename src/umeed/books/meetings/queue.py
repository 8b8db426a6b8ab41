"""Who asked for a loan and waits, as a meeting or a day of a VO or CLF finds it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple
from uuid import UUID

from django.db.models import Q

from umeed.books.models import Book, LoanDecision, LoanRequest, Meeting
from umeed.books.rules.queue import Decided, RequestFacts
from umeed.kernel.money import Paise


@dataclass(frozen=True)
class Queue:
    """Requests that wait, or were granted and not paid out. Of a correction also, by request, what the corrected one
    had decided where a later one built on it."""

    waiting: Mapping[UUID, RequestFacts]
    built_on: Mapping[UUID, Decided] = field(default_factory=dict)


class Asked(NamedTuple):
    """A request, and the loan that was paid out on it."""

    id: UUID
    who: UUID
    on: datetime.date
    paise: int
    paid: UUID | None = None


class Decision(NamedTuple):
    """What was decided on a request on a day."""

    request: UUID
    on: datetime.date
    outcome: str
    paise: int | None
    promised_on: datetime.date | None


def queue_before(
    book: Book, on: datetime.date, who: Literal["woman", "body"], *, without: UUID | None = None
) -> Queue:  # fmt: skip
    """The queue on a day, of women or of bodies, as if the meeting `without` had not been: what it asked is not there,
    and what it decided and paid out waits. Three questions at most."""
    own = _Own(without)
    rows = LoanRequest.objects.filter(Q(loan__isnull=True) | Q(pk__in=own.of), book=book, asked_on__lte=on)
    rows = rows.filter(**{f"{who}__isnull": False}).order_by("asked_on", "pk")
    asked = [Asked(*row) for row in rows.values_list("pk", who, "asked_on", "amount_paise", "loan__uid")]
    decided = LoanDecision.objects.filter(book=book, request__in=[one.id for one in asked]).exclude(pk__in=own.decided)
    decided = decided.order_by("decided_on", "changed_at")
    said = decided.values_list("request", "decided_on", "outcome", "amount_paise", "promised_on")
    return _queue(asked, [Decision(*row) for row in said], on, own)


def queue_of(asked: Sequence[Asked], decided: Sequence[Decision], on: datetime.date) -> Queue:
    """The queue on a day of what was asked by then and not paid out, oldest first, with what was decided on it."""
    return _queue(asked, decided, on, _Own(None))


def _queue(asked: Sequence[Asked], decided: Sequence[Decision], on: datetime.date, own: _Own) -> Queue:
    promised = dict[UUID, datetime.date]()
    last, later = dict[UUID, Decision](), {one.id for one in asked if one.paid and one.paid not in own.lent}
    for decision in decided:
        if decision.request in own.of and decision.on > on:
            later.add(decision.request)
        else:
            last[decision.request] = decision
        if decision.promised_on and decision.on <= on:
            promised[decision.request] = decision.promised_on
    waiting = {
        one.id: RequestFacts(one.who, one.on, Paise(one.paise), granted, promised.get(one.id))
        for one in asked
        if one.id not in own.asked and (granted := _granted(one, last.get(one.id))) != "gone"
    }
    built_on = {one.id: Decided(one.who, *own.outcome.get(one.id, ("", None))) for one in asked if one.id in later}
    return Queue(waiting, built_on)


def _granted(asked: Asked, decision: Decision | None) -> Paise | Literal["gone"] | None:
    """What was granted and not paid out; nothing of what waits. "gone" of what waits no longer."""
    if decision is None or decision.outcome == "deferred":
        return None
    if decision.outcome == "granted":
        return Paise(decision.paise or asked.paise)
    return "gone"


class _Own:
    """Of the meeting that is corrected: what it asked, decided (by id, and by request) and paid out."""

    def __init__(self, meeting: UUID | None) -> None:
        said: Mapping[str, Any] = {}
        if meeting is not None:
            said = Meeting.objects.filter(pk=meeting).values_list("said", flat=True).first() or {}
        decisions, lendings = said.get("decisions") or (), said.get("lendings") or ()
        self.asked = {UUID(one["id"]) for one in said.get("requests") or ()}
        self.decided = {UUID(one["id"]) for one in decisions}
        self.outcome = {UUID(one["request"]): (one["outcome"], one.get("paise")) for one in decisions}
        self.lent = {UUID(one["loan"]) for one in lendings}
        paid = {UUID(one["request"]) for one in lendings if one.get("request")}
        self.of = self.asked | self.outcome.keys() | paid
