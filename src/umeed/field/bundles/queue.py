"""The part `queue`: who asked for a loan and waits, and what was decided or paid out in the window."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from umeed.books.models import LoanDecision, LoanRequest
from umeed.field.bundles.columns import plain, without_empty
from umeed.field.bundles.windows import Window, kept_books

Part = dict[str, Any]
_OUT = ("refused", "withdrawn")
_ASKED = ("id", "woman_id", "asked_on", "amount_paise", "purpose", "instalments", "note")
_DECIDED = ("id", "decided_on", "outcome", "amount_paise", "way", "voted", "promised_on", "jump_why", "why")


def queue_parts(windows: Sequence[Window], since: Mapping[UUID, datetime.date]) -> dict[UUID, Part]:
    """{group: its part}. `since` is the day of the first meeting that may still be corrected. Two questions."""
    books = kept_books(windows)
    decided = _decided(books)
    asked: dict[int, list[LoanRequest]] = defaultdict(list)
    rows = with_loans(LoanRequest.objects.filter(book__in=list(books), woman__isnull=False))
    for row in rows.order_by("book", "asked_on", "pk"):
        if _matters(row, decided[row.pk], books[row.book_id]):
            asked[row.book_id].append(row)
    return {
        window.group.pk: {
            "asked": [request_row(row) for row in asked[book]],
            "decided": [_decision(one, since.get(window.group.pk)) for one in _in_order(asked[book], decided)],
        }
        for book, window in books.items()
    }


def _decided(books: Iterable[int]) -> Mapping[UUID, list[LoanDecision]]:
    found: dict[UUID, list[LoanDecision]] = defaultdict(list)
    # By the requests of the book: decisions themselves are not found by it.
    rows = LoanDecision.objects.filter(request__book__in=list(books))
    for one in rows.order_by("decided_on", "changed_at"):
        found[one.request_id].append(one)
    return found


def _matters(row: LoanRequest, decided: Sequence[LoanDecision], window: Window) -> bool:
    """It waits, or it was decided or paid out on a day of the window."""
    if any(one.decided_on >= window.since for one in decided):
        return True
    if row.paid is not None:  # type: ignore[attr-defined]
        return row.paid_on >= window.since  # type: ignore[attr-defined, no-any-return]
    return not decided or decided[-1].outcome not in _OUT


def _in_order(asked: Sequence[LoanRequest], decided: Mapping[UUID, list[LoanDecision]]) -> list[LoanDecision]:
    every = [one for row in asked for one in decided[row.pk]]
    return sorted(every, key=lambda one: (one.decided_on, one.changed_at))


def with_loans(rows: QuerySet[LoanRequest]) -> QuerySet[LoanRequest]:
    return rows.annotate(paid=F("loan__uid"), paid_on=F("loan__lent_on"))


def request_row(row: LoanRequest) -> Part:
    said = plain({name.removesuffix("_id"): getattr(row, name) for name in _ASKED})
    return without_empty({**said, "loan": plain(row.paid)})  # type: ignore[attr-defined]


def _decision(one: LoanDecision, since: datetime.date | None) -> Part:
    said = decision_row(one)
    if since is None or one.decided_on < since:
        del said["id"]
    return said


def decision_row(one: LoanDecision) -> Part:
    said = plain({"request": one.request_id, **{name: getattr(one, name) for name in _DECIDED}})
    if said["way"] == "all":
        del said["way"]
    return without_empty(said)
