"""What a book says of a sheet that is to be posted, in one question: rules judge what is told here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from umeed.books.ledger.drafts import Draft

_BEFORE = "SELECT sheet, digest, is_locked, members, lent FROM books_before(%s, %s, %s, %s::uuid[], %s::bigint[])"


@dataclass(frozen=True, slots=True)
class Lent:
    """Whom a loan of the book is about. `is_shared`: it stands in the other body's book too."""

    woman: UUID | None
    body: UUID | None
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Before:
    """`sheet` and `digest` are those of a sheet that was posted under this id. `members` are the women named by the
    draft who had joined by its day, `loans` those named by it that are of this book."""

    sheet: int | None
    digest: bytes
    is_locked: bool
    members: frozenset[UUID]
    loans: dict[int, Lent]


def before(book: int, draft: Draft) -> Before:
    """The database refuses a book that the viewer does not reach."""
    women = list({entry.woman for entry in draft.entries if entry.woman})
    loans = list({entry.loan for entry in draft.entries if entry.loan})
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, [book, draft.uid, draft.on, women, loans])
        sheet, digest, is_locked, members, lent = cursor.fetchone()
    rows = json.loads(lent) if isinstance(lent, str) else lent
    owners = {loan: Lent(_id(woman), _id(body), is_shared) for loan, woman, body, is_shared in rows}
    return Before(sheet, bytes(digest or b""), is_locked, frozenset(members), owners)


def _id(text: Any) -> UUID | None:
    return UUID(text) if text else None
