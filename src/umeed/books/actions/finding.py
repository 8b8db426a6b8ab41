"""Finds a book within the scope, and locks it for the length of an action."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.db.models import Case, When

from umeed.books.models import Book
from umeed.core.actions import Refused
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.institutions.models import Institution
from umeed.kernel.refusals import N_, Refusal

KEEP = "books.keep"
_LEVEL = Case(When(institution__kind="shg", then=0), When(institution__kind="vo", then=1), default=2)
# What is kept otherwise than it is read (sealed, or as JSON) is asked for when somebody needs it.
_COLUMNS = [one.attname for one in Institution._meta.concrete_fields if not hasattr(one, "from_db_value")]
_HELD = f"""
SELECT h.opened_on, h.places, h.above, {", ".join(f"(h.kept_by).{one}" for one in _COLUMNS)} FROM books_held(%s, %s) h
"""  # noqa: S608
_NO_BOOK = N_("This book is not among those that you may keep.")


def book_to_keep(by: Scope, book: Book | int) -> Book:
    """A book in scope, locked: two sheets of one book are posted one after the other. Within a transaction.

    The database answers whether the viewer reaches it, and what it lies in; the scope, whether she may keep it.
    """
    pk = book.pk if isinstance(book, Book) else book
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [pk, by.today])
        row = cursor.fetchone()
    if row is None or not by.reaches(KEEP, row[1], row[2]):
        raise Refused([Refusal("book", "not_found", _NO_BOOK)])
    kept_by = Institution.from_db(connection.alias, _COLUMNS, row[3:])
    found = Book.from_db(None, ("id", "institution_id", "opened_on"), (pk, kept_by.pk, row[0]))
    found.institution = kept_by
    return found


def hold_together(book: Book | int, others: Iterable[UUID]) -> None:
    """Lock a book and those of other institutions in one order, so that two who write into both never wait for each
    other: groups, then VOs, then CLFs. A group's meeting may thus lock its own book first; who writes from above calls
    this before anything else."""
    pk = book.pk if isinstance(book, Book) else book
    with as_system():
        rows = Book.objects.filter(institution__in=list(others)) | Book.objects.filter(pk=pk)
        list(rows.order_by(_LEVEL, "pk").select_for_update(of=("self",)).values_list("pk"))
