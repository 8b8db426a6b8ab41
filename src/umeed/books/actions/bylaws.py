"""A group says its own rules: always a new row, from a day on; what was agreed before stays as it was."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from umeed.books.actions.finding import book_to_keep
from umeed.books.actions.posting import same_row
from umeed.books.meetings.facts import standing_meetings
from umeed.books.models import Book, Bylaw
from umeed.books.rules.bylaws import why_not_set
from umeed.core.actions import refuse_if
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.kernel.refusals import Refusal


def set_bylaws(*, by: Scope, book: Book | int, id: UUID, since: datetime.date, **given: Any) -> Bylaw:
    """Write new rules from a day on. The same id once, with other content it is a `Conflict`; nothing that was written
    before is touched."""
    with transaction.atomic():
        kept = book_to_keep(by, book)
        if (known := Bylaw.objects.filter(pk=id).first()) is not None:
            return same_row(known, book_id=kept.pk, since=since, **given)
        refuse_if(reasons_on(by, kept, since, given))
        with audited(by=by, did="set_bylaws", why=given.get("resolution", "")) as trail:
            row = Bylaw(id=id, book=kept, since=since, **given)
            row.save(force_insert=True)
            trail.created(row)
            trail.at_place(kept.institution.place_id)
    return row


def reasons_on(by: Scope, book: Book, since: datetime.date | None, given: dict[str, Any]) -> list[Refusal]:
    """Every reason and question. Two questions of the database."""
    return why_not_set(
        given, since=since, today=by.today, opened_on=book.opened_on,
        last_since=Bylaw.objects.filter(book=book).aggregate(last=Max("since"))["last"],
        last_held=standing_meetings(book).filter(number__isnull=False).aggregate(last=Max("held_on"))["last"],
    )  # fmt: skip
