"""Who asked for a loan and waits, as a meeting or a day of a VO or CLF finds it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from django.db.models import F, Q

from umeed.books.models import Book, LoanDecision, LoanRequest, Meeting
from umeed.books.rules.queue import Decided, RequestFacts
from umeed.kernel.money import Paise


@dataclass(frozen=True)
class Queue:
    """Requests that wait, or were granted and not paid out. Of a correction also, by request, what the corrected one
    had decided where a later one built on it."""

    waiting: Mapping[UUID, RequestFacts]
    built_on: Mapping[UUID, Decided] = field(default_factory=dict)


def queue_before(
    book: Book, on: datetime.date, who: Literal["woman", "body"], *, without: UUID | None = None
) -> Queue:  # fmt: skip
    """The queue on a day, of women or of bodies, as if the meeting `without` had not been: what it asked is not there,
    and what it decided and paid out waits. Three questions at most."""
    own = _Own(without)
    rows = LoanRequest.objects.filter(Q(loan__isnull=True) | Q(pk__in=own.of), book=book, asked_on__lte=on)
    asked = list(rows.filter(**{f"{who}__isnull": False}).annotate(paid=F("loan__uid")).order_by("asked_on", "pk"))
    decided = LoanDecision.objects.filter(book=book, request__in=[one.pk for one in asked]).exclude(pk__in=own.decided)
    promised = dict[UUID, datetime.date]()
    last, later = dict[UUID, LoanDecision](), {one.pk for one in asked if one.paid and one.paid not in own.lent}
    for decision in decided.order_by("decided_on", "changed_at"):
        if decision.request_id in own.of and decision.decided_on > on:
            later.add(decision.request_id)
        else:
            last[decision.request_id] = decision
        if decision.promised_on and decision.decided_on <= on:
            promised[decision.request_id] = decision.promised_on
    waiting = {
        one.pk: RequestFacts(
            getattr(one, f"{who}_id"), one.asked_on, Paise(one.amount_paise), granted, promised.get(one.pk)
        )
        for one in asked
        if one.pk not in own.asked and (granted := _granted(one, last.get(one.pk))) != "gone"
    }
    built_on = {
        one.pk: Decided(getattr(one, f"{who}_id"), *own.outcome.get(one.pk, ("", None)))
        for one in asked if one.pk in later
    }  # fmt: skip
    return Queue(waiting, built_on)


def _granted(asked: LoanRequest, decision: LoanDecision | None) -> Paise | Literal["gone"] | None:
    """What was granted and not paid out; nothing of what waits. "gone" of what waits no longer."""
    if decision is None or decision.outcome == "deferred":
        return None
    if decision.outcome == "granted":
        return Paise(decision.amount_paise or asked.amount_paise)
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
