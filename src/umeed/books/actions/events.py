"""What happens between two bodies: one event, a sheet in each book, in one transaction, or nothing.

Money that one has given and the other has not counted yet is on the way in the other's book; that a loan, a saving or
a share moved stands in both books from the first moment. The database refuses an event of which the books differ.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db import transaction

from umeed.books.actions.finding import book_to_keep, hold_together
from umeed.books.actions.posting import same_or_conflict
from umeed.books.heads import BY_KEY
from umeed.books.ledger import writing
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.models import Book, Loan, MonthLock, Sheet
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.kernel.money import Paise
from umeed.kernel.refusals import N_, Refusal

_NO_BOOK_THERE = N_("It keeps no book here yet.")
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

    @property
    def entry(self) -> Entry:
        """What of it stands in our book."""
        return Entry(self.ours, self.paise, loan=self.loan.pk if self.loan is not None else None)


def post_event(
    *,
    by: Scope,
    book: Book,
    other: UUID,
    uid: UUID,
    on: datetime.date,
    moves: Sequence[Move],
    met_by: str = "on_the_way",
) -> int:
    """Write an event into our book (kept by the person) and into that of `other`; returns the id of our sheet.

    Our side is met by `on_the_way` towards them (or at once by our cash or bank), theirs by `on_the_way` from us: who
    counts it in clears that. The same event again is known.
    """
    with transaction.atomic():
        hold_together(book, [other])
        kept = book_to_keep(by, book)
        with as_system():
            theirs = Book.objects.select_related("institution").filter(institution=other).first()
        if theirs is None:
            raise Refused([Refusal("body", "no_book_there", _NO_BOOK_THERE)])
        ours, mirror = (
            Draft(_sheet_of(uid, one), on, Sheet.Kind.BETWEEN_BODIES, entries, uid)
            for one, entries in (
                (kept, _entries(moves, theirs.institution_id, is_ours=True, met_by=met_by)),
                (theirs, _entries(moves, kept.institution_id, is_ours=False)),
            )
        )
        if (known := _known(ours)) is not None:
            return known
        with as_system():
            refuse_if([*why_not_there(kept, on), *why_not_there(theirs, on)])
        return _write(by, (kept, ours), (theirs, mirror))


def _known(ours: Draft) -> int | None:
    row = Sheet.objects.filter(uid=ours.uid).first()
    if row is None:
        return None
    same_or_conflict(bytes(row.digest), ours.digest)
    return row.pk


def _write(by: Scope, ours: tuple[Book, Draft], theirs: tuple[Book, Draft]) -> int:
    kept, draft = ours
    with audited(by=by, did="post_event") as trail:
        sheet = writing.put_one(kept.pk, draft, by=by.viewer)
        # Theirs is written by the product: whoever gives need not see the book of who takes.
        with as_system():
            writing.put_one(theirs[0].pk, theirs[1], by=by.viewer)
        told = {"book": kept.pk, "other": theirs[0].pk, "on": draft.on.isoformat(), "sha256": draft.digest.hex()}
        trail.rows("created", "books_sheet", [(str(sheet), None, told)])
        trail.at_place(kept.institution.place_id)
    return sheet


def why_not_there(theirs: Book, on: datetime.date) -> list[Refusal]:
    """Reasons that lie in the other's book."""
    name = theirs.institution.name
    if on < theirs.opened_on:
        return [Refusal("on", "theirs_later", _THEIRS_LATER, {"name": name, "since": theirs.opened_on})]
    if MonthLock.objects.closing(on).filter(book=theirs).exists():
        return [Refusal("on", "theirs_locked", _THEIRS_LOCKED, {"name": name, "day": on})]
    return []


def _sheet_of(event: UUID, book: Book) -> UUID:
    """The same event makes the same sheets, however often it is sent."""
    return uuid5(event, f"book/{book.pk}")


def _entries(moves: Sequence[Move], other: UUID, *, is_ours: bool, met_by: str = "on_the_way") -> tuple[Entry, ...]:
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
    met = Entry(met_by, Paise(-whole), body=other if met_by == "on_the_way" else None)
    return (*entries, met) if whole else tuple(entries)
