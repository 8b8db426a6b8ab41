"""A meeting that was closed on a phone, or taken back there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from umeed.books.actions import Conflict, close_meeting, take_back_meeting
from umeed.books.actions.clashes import keep_clash
from umeed.books.actions.finding import book_to_keep
from umeed.books.actions.settling import CORRECTS, in_the_place_of
from umeed.books.meetings.documents import MeetingDocument, digest_of, read
from umeed.books.meetings.facts import rhythm_of, standing_meetings
from umeed.books.models import Clash, Meeting
from umeed.core.actions import Refused
from umeed.field import rules
from umeed.field.commands.merged import with_kept_women
from umeed.field.commands.trying import Stands, Work, name_of, unread
from umeed.field.numbers import Standing, number_of, unknown_to_her
from umeed.kernel.refusals import Refusal


def close(work: Work) -> bool:
    """Close a meeting, or correct one that stands. The document carries the command's own id.

    One whose number is taken by plainly another meeting gets the next (`field/numbers.py`): two phones of a group do
    not know of each other. What stands is only looked at where the books refuse it, and with the book held.
    """
    document = work.part("document")
    if str(document.get("id")).lower() != str(work.sent.uid):
        raise unread("document.id")
    before = transaction.savepoint()
    try:
        return _closed(work, document, before)
    except (Refused, Stands):
        # Perhaps that is only because it names a record that was merged into another since.
        if (now := with_kept_women(document)) is document:
            raise
        transaction.savepoint_rollback(before)
        work.told.clear()
    return _closed(work, now, before)


def _closed(work: Work, document: Mapping[str, Any], before: str) -> bool:
    is_sure = work.said.get("sure") is True
    try:
        return _close(work, document, is_sure=is_sure)
    except Conflict:
        # Also the clash that was kept is no more: perhaps it is none.
        transaction.savepoint_rollback(before)
    except Refused as refused:
        if (corrected := _corrected_before(work, refused)) is None:
            raise
        raise _corrected_twice(work, document, corrected, refused) from refused
    number, comes_late = _looked_up(work, document)
    if number is not None:
        work.told["number"] = number
        document = {**document, "number": number}
    try:
        return _close(work, document, is_sure=is_sure and not comes_late)
    except Conflict as conflict:
        clash = Clash.objects.filter(book=work.book, uid=work.sent.uid).order_by("-pk").first()
        first = in_the_place_of(clash) if clash else None
        raise Stands(told_of(first), conflict.refusals, clash) from conflict


def _close(work: Work, document: Mapping[str, Any], *, is_sure: bool) -> bool:
    return close_meeting(
        by=work.by, book=work.book, said=document, is_sure=is_sure, replaces=work.meeting_or_none("replaces"),
        why=work.line("why"),
    ).is_new  # fmt: skip


def _corrected_before(work: Work, refused: Refused) -> UUID | None:
    """The meeting that it corrects, where somebody else corrected or took back that one first."""
    if all((one.field, one.code) != ("replaces", "not_standing") for one in refused.refusals):
        return None
    corrects = work.meeting_or_none("replaces")
    return corrects if Meeting.objects.filter(pk=corrects, book=work.book).exists() else None


def _corrected_twice(work: Work, said: Mapping[str, Any], corrects: UUID, refused: Refused) -> Stands:
    """Two of one meeting, each without the other: both are kept, a person says which holds."""
    held = read(said)
    if isinstance(held, list):
        raise Refused(held)
    kept = {**held.model_dump(mode="json"), CORRECTS: str(corrects)}
    keep_clash(by=work.by, book=work.book, uid=held.id, digest=digest_of(held), said=kept)
    clash = Clash.objects.get(book=work.book, uid=held.id, digest=digest_of(held))
    return Stands(told_of(in_the_place_of(clash)), refused.refusals, clash)


def _looked_up(work: Work, said: Mapping[str, Any]) -> tuple[int | None, bool]:
    """The number that a meeting gets in the place of the one that it says, None where that stays; and whether later
    ones stand, of which its writer did not know when she was sure."""
    book, held, replaces = book_to_keep(work.by, work.book), read(said), work.meeting_or_none("replaces")
    if not isinstance(held, MeetingDocument) or held.number is None:
        return None, False
    # What stands under its id got its number before; a correction has that of the one that it corrects.
    numbers = dict(Meeting.objects.filter(pk__in=[held.id, replaces or held.id], book=book).values_list("pk", "number"))
    if (there := numbers.get(held.id) or numbers.get(replaces)) is not None:
        return (there if there != held.number else None), False
    rows = standing_meetings(book).filter(number__isnull=False).values_list("pk", "number", "held_on")
    standing = [Standing(str(pk), *rest) for pk, *rest in rows]
    after = [str(uid) for uid in work.sent.after]
    number = number_of(held.number, held.on, standing, rhythm_of(book).frequency, after)
    if number == held.number:
        return None, False
    return number, any(one.on > held.on for one in unknown_to_her(held.number, standing, after))


def take_back(work: Work) -> bool:
    meeting = work.meeting_of("meeting")
    if not Meeting.objects.filter(pk=meeting, book=work.book).exists():
        raise Refused([Refusal("meeting", "no_meeting", rules.NO_MEETING)])
    try:
        return take_back_meeting(by=work.by, meeting=meeting, id=work.sent.uid, why=work.line("why")).is_new
    except Conflict as conflict:
        raise Stands(told_of(Meeting.objects.filter(pk=work.sent.uid).first()), conflict.refusals) from conflict


def told_of(meeting: Meeting | None) -> dict[str, Any]:
    """What a phone is told of the meeting that stands."""
    if meeting is None:
        return {}
    return {
        "id": str(meeting.pk), "number": meeting.number, "on": meeting.held_on.isoformat(),
        "closed_by": name_of(meeting.closed_by), "closed_at": meeting.closed_at.isoformat(),
    }  # fmt: skip
