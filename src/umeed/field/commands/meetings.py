"""A meeting that was closed on a phone, or taken back there."""

from __future__ import annotations

from typing import Any

from umeed.books.actions import Conflict, close_meeting, take_back_meeting
from umeed.books.actions.settling import in_the_place_of
from umeed.books.models import Clash, Meeting
from umeed.core.actions import Refused
from umeed.field import rules
from umeed.field.commands.trying import Stands, Work, name_of, unread
from umeed.kernel.refusals import Refusal


def close(work: Work) -> bool:
    """Close a meeting, or correct one that stands. The document carries the command's own id."""
    document = work.part("document")
    if str(document.get("id")).lower() != str(work.sent.uid):
        raise unread("document.id")
    try:
        done = close_meeting(
            by=work.by, book=work.book, said=document, is_sure=work.said.get("sure") is True,
            replaces=work.id_or_none("replaces"), why=work.line("why"),
        )  # fmt: skip
    except Conflict as conflict:
        clash = Clash.objects.filter(book=work.book, uid=work.sent.uid).order_by("-pk").first()
        first = in_the_place_of(clash) if clash else None
        raise Stands(told_of(first), conflict.refusals, clash) from conflict
    return done.is_new


def take_back(work: Work) -> bool:
    meeting = work.id_of("meeting")
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
