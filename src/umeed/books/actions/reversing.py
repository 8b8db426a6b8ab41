"""Taking back what happened between two bodies: the mirror of both sheets, in both books, at once."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from umeed.books.actions.events import why_not_there
from umeed.books.actions.finding import book_to_keep, hold_together
from umeed.books.actions.posting import mirror_of
from umeed.books.ledger import writing
from umeed.books.ledger.drafts import Draft
from umeed.books.ledger.lowest import below_nothing
from umeed.books.models import Book, Loan, Meeting, Sheet
from umeed.books.rules.sheets import why_not_on
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.kernel.refusals import N_, Refusal

_NO_EVENT = N_("This is not among those that you may correct.")
_REVERSED = N_("This was taken back already.")
_NO_REASON = N_("Say why.")
# Where a document names another body, or a loan that may be another body's too.
_BODIES = ("taken", "lendings", "passed", "returned", "given")
_LOANS = ("repayments", "repaid")


def reverse_event(*, by: Scope, event: UUID, why: str, on: datetime.date | None = None, is_part: bool = False) -> None:
    """Take back an event whole. Whoever keeps one of the two books may.

    Nothing may fall below nothing by it. As part of what is taken back with it, that is asked of all together.
    """
    with transaction.atomic():
        ours = Sheet.objects.filter(event=event).seen_by(by, "books.keep").order_by("pk").first()
        if ours is None:
            raise Refused([Refusal("event", "not_found", _NO_EVENT)])
        with as_system():
            sheets = list(Sheet.objects.filter(event=event).select_related("book__institution").order_by("pk"))
        hold_together(ours.book_id, [sheet.book.institution_id for sheet in sheets])
        book = book_to_keep(by, ours.book_id)
        refuse_if([] if why.strip() else [Refusal("why", "no_reason", _NO_REASON)])
        uid, day = uuid5(event, "reversal"), on or by.today
        with as_system():
            refuse_if(_why_not(sheets, day, by.today, is_part=is_part))
        with audited(by=by, did="reverse_event", why=why) as trail:
            mirrors = []
            with as_system():
                for sheet in sheets:
                    draft = Draft(uuid5(uid, f"book/{sheet.book_id}"), day, Sheet.Kind.REVERSAL, mirror_of(sheet), uid)
                    mirrors.append(writing.put_one(sheet.book_id, draft, by=by.viewer, reverses=sheet.pk))
            # Under the mirror in each of the books: who reads the other one finds the reason there too.
            said = {"event": str(event), "reversed": True}
            trail.rows("created", "books_sheet", [(str(mirror), None, said) for mirror in mirrors])
            trail.at_place(book.institution.place_id)


def _why_not(sheets: list[Sheet], on: datetime.date, today: datetime.date, *, is_part: bool) -> list[Refusal]:
    """Reasons against taking back an event on a day, in either book."""
    if Sheet.objects.filter(reverses__in=sheets).exists() or any(sheet.reverses_id for sheet in sheets):
        return [Refusal("event", "reversed", _REVERSED)]
    reasons = why_not_on(on, today=today, since=sheets[0].on_date, locked=())
    for sheet in sheets:
        reasons += why_not_there(sheet.book, on)
    return reasons if is_part else [*reasons, *_below(sheets, on)]


def _below(sheets: list[Sheet], on: datetime.date) -> list[Refusal]:
    """What would fall below nothing in either book; what is said of a loan in both of them once."""
    told = [one for sheet in sheets for one in below_nothing(sheet.book_id, on, mirror_of(sheet))]
    return [one for at, one in enumerate(told) if one not in told[:at]]


def reverse_events(*, by: Scope, held: Meeting, why: str, on: datetime.date) -> None:
    """Take back what a meeting or day wrote in the books of others too."""
    for sheet in Sheet.objects.filter(book=held.book_id, event__in=events_of(held)).order_by("pk"):
        if sheet.event is not None:
            reverse_event(by=by, event=sheet.event, why=why, on=on, is_part=True)


def events_of(held: Meeting) -> list[UUID]:
    """What a meeting or day wrote in the books of others too."""
    return [event_of(held.pk, body) for body in _bodies_of(held.book_id, held.said)]


def event_of(held: UUID, body: UUID) -> UUID:
    """The id of what a meeting or day says in the book of another body too."""
    return uuid5(held, f"event/{body}")


def hold_all(book: Book | int, replaces: UUID | None, said: Mapping[str, Any] | None = None) -> None:
    """Lock a book with those into which a meeting or day that is `said` may write, and those into which the one that it
    `replaces` wrote: in the one order, and before anything else of it, since what is taken back locks them too."""
    pk = book.pk if isinstance(book, Book) else book
    every = list(Meeting.objects.filter(pk=replaces, book=pk).values_list("said", flat=True)) if replaces else []
    if others := {body for one in (*every, said or {}) for body in _bodies_of(pk, one)}:
        hold_together(pk, others)


def _bodies_of(book: int, said: Mapping[str, Any]) -> set[UUID]:
    """Bodies into whose books a document may write."""
    named = {UUID(one["body"]) for part in _BODIES for one in said.get(part) or () if "body" in one}
    loans = [one["loan"] for part in _LOANS for one in said.get(part) or ()]
    if not loans:
        return named
    lent = Loan.objects.filter(book=book, uid__in=loans, body__isnull=False).values_list("body", flat=True)
    return named | {body for body in lent if body}
