"""A meeting or day that is being written, step by step: begun, kept as it was typed, put away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from umeed.books.actions.finding import book_to_keep
from umeed.books.models import Book, OpenMeeting
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.kernel.refusals import N_, Refusal

_OTHER_OPEN = N_("Another meeting of this book is being written. Close it or put it away first.")
_CHANGED = N_("Somebody else has written in this meeting since you opened the page. Look at it again.")
_GONE = N_("This meeting is closed already.")
_NO_REASON = N_("Say why.")


def begin_meeting(*, by: Scope, book: Book | int, id: UUID, said: Mapping[str, Any]) -> OpenMeeting:
    """Begin to write a meeting, with what is known of it. The same call again answers the same one."""
    with transaction.atomic():
        kept = book_to_keep(by, book)
        known = OpenMeeting.objects.filter(book=kept).first()
        if known is not None:
            refuse_if([Refusal("book", "other_open", _OTHER_OPEN)] if known.pk != id else [])
            return known
        with audited(by=by, did="begin_meeting") as trail:
            row = OpenMeeting(id=id, book=kept, said=_plain(said), begun_by=by.viewer)
            row.save(force_insert=True)
            trail.rows("created", "books_openmeeting", [(str(id), None, {"book": kept.pk})])
            trail.at_place(kept.institution.place_id)
    return row


def keep_part(*, by: Scope, meeting: UUID, parts: Mapping[str, Any], revision: int) -> OpenMeeting:
    """Keep what a step says, as it was typed if it cannot stand yet. `revision` refuses an older page."""
    with transaction.atomic():
        row = _open(by, meeting)
        if row.revision != revision:
            raise Refused([Refusal("revision", "changed", _CHANGED)])
        with audited(by=by, did="write_meeting") as trail:
            row.said = {**row.said, **_plain(parts)}
            row.revision += 1
            row.save()
            trail.rows("changed", "books_openmeeting", [(str(row.pk), None, {"parts": sorted(parts)})])
            trail.at_place(row.book.institution.place_id)
    return row


def put_away(*, by: Scope, meeting: UUID, why: str) -> None:
    """Give up a meeting that is being written. What was typed stays in the chain of who did what."""
    with transaction.atomic():
        row = _open(by, meeting)
        refuse_if([] if why.strip() else [Refusal("why", "no_reason", _NO_REASON)])
        with audited(by=by, did="put_away_meeting", why=why) as trail:
            trail.rows("removed", "books_openmeeting", [(str(row.pk), row.said, None)])
            trail.at_place(row.book.institution.place_id)
            row.delete()


def _open(by: Scope, meeting: UUID) -> OpenMeeting:
    row = OpenMeeting.objects.filter(pk=meeting).seen_by(by, "books.keep").first()
    if row is None:
        raise Refused([Refusal("meeting", "gone", _GONE)])
    return OpenMeeting.objects.select_related("book__institution").select_for_update(of=("self",)).get(pk=row.pk)


def _plain(said: Mapping[str, Any]) -> Any:
    """As JSON keeps it: ids and days as text."""
    return json.loads(json.dumps(said, default=str))
