"""What happens between two bodies: one event, a sheet in each book, in one transaction, or nothing.

Money that one has given and the other has not counted yet is on the way in the other's book; that a loan, a saving or
a share moved stands in both books from the first moment. The database refuses an event of which the books differ.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from umeed.books.actions.finding import book_to_keep
from umeed.books.heads import BY_KEY
from umeed.books.ledger import writing
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.models import Book, Loan, MonthLock, Sheet
from umeed.books.rules import sheets as rules
from umeed.core.actions import refuse_if
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.kernel.money import Paise
from umeed.kernel.refusals import N_, Refusal

_THEIRS_LATER = N_("The book of %(name)s begins only on %(since)s.")
_THEIRS_LOCKED = N_("The month of %(day)s is closed in the book of %(name)s.")


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that moved. `ours` grows or shrinks by `paise` (debits positive); theirs by the contrary.

    `loan` is ours, its twin theirs. Paise are never nought.
    """

    ours: str
    theirs: str
    paise: Paise
    loan: Loan | None = None


def post_event(*, by: Scope, book: Book, other: UUID, uid: UUID, on: datetime.date, moves: Sequence[Move]) -> int:
    """Write an event into our book (kept by the person) and into that of `other`; returns the id of our sheet.

    Our side is met by `on_the_way` towards them, theirs by `on_the_way` from us: who counts it in clears that.
    """
    kept = book_to_keep(by, book)
    with as_system():
        theirs = Book.objects.select_related("institution").get(institution=other)
        refuse_if(_why_not_there(theirs, on))
    ours = Draft(_sheet_of(uid, kept), on, Sheet.Kind.BETWEEN_BODIES, _entries(moves, theirs.institution_id, True), uid)
    mirror = Draft(
        _sheet_of(uid, theirs), on, Sheet.Kind.BETWEEN_BODIES, _entries(moves, kept.institution_id, False), uid
    )
    with audited(by=by, did="post_event") as trail:
        sheet = writing.put_one(kept.pk, ours, by=by.viewer)
        # Theirs is written by the product: whoever gives need not see the book of who takes.
        with as_system():
            writing.put_one(theirs.pk, mirror, by=by.viewer)
        told = {"book": kept.pk, "other": theirs.pk, "on": on.isoformat(), "sha256": ours.digest.hex()}
        trail.rows("created", "books_sheet", [(str(sheet), None, told)])
        trail.at_place(kept.institution.place_id)
    return sheet


def _why_not_there(theirs: Book, on: datetime.date) -> list[Refusal]:
    name = theirs.institution.name
    if on < theirs.opened_on:
        return [Refusal("on", "theirs_later", _THEIRS_LATER, {"name": name, "since": theirs.opened_on})]
    if MonthLock.objects.filter(book=theirs, month=rules.month_of(on)).exists():
        return [Refusal("on", "theirs_locked", _THEIRS_LOCKED, {"name": name, "day": on})]
    return []


def _sheet_of(event: UUID, book: Book) -> UUID:
    """The same event makes the same sheets, however often it is sent."""
    return uuid5(event, f"book/{book.pk}")


def _entries(moves: Sequence[Move], other: UUID, is_ours: bool) -> tuple[Entry, ...]:
    entries = []
    for move in moves:
        key, paise = (move.ours, move.paise) if is_ours else (move.theirs, Paise(-move.paise))
        loan = None
        if move.loan is not None:
            loan = move.loan.pk if is_ours else move.loan.twin_id
        about = BY_KEY[key].about
        entries.append(
            Entry(key, paise, loan=loan if "loan" in about else None, body=other if "body" in about else None)
        )
    whole = sum(entry.amount for entry in entries)
    return (*entries, Entry("on_the_way", Paise(-whole), body=other)) if whole else tuple(entries)
