"""The picture of a signed page: it comes apart from its command, before or after it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Sum
from django.db.models.functions import Length

from umeed.books.models import Meeting
from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.field import rules
from umeed.field.commands.trying import NotYet, Work, unread
from umeed.field.models import Page
from umeed.kernel.refusals import N_, Refusal

# The register has a page or two an evening; more are taken where one was not sharp.
MOST_OF_A_MEETING, MOST_BYTES_OF_A_MEETING = 12, 2 * 1024 * 1024
_ENOUGH = N_("This meeting has as many photos as are kept of one. Put this one away.")
_OTHER_PICTURE = N_("Another picture came than the one that was announced.")


def attach(work: Work) -> bool:
    """Attach a picture that has come to a meeting of the group."""
    meeting, sha256 = work.meeting_of("meeting"), work.said.get("sha256")
    if not isinstance(sha256, str):
        raise unread("sha256")
    if not Meeting.objects.filter(pk=meeting, book=work.book).exists():
        raise Refused([Refusal("meeting", "no_meeting", rules.NO_MEETING)])
    page = Page.objects.filter(owner=work.owner, uid=work.sent.uid).select_for_update().first()
    if page is None:
        raise NotYet(Refusal(None, "no_picture", rules.WAITS_FOR_PICTURE))
    if bytes(page.sha256).hex() != sha256.lower():
        raise Refused([Refusal("sha256", "other_picture", _OTHER_PICTURE)])
    if page.meeting is not None:
        return False
    if _has_enough(meeting, len(page.picture)):
        raise Refused([Refusal("meeting", "too_many", _ENOUGH)])
    with audited(by=work.by, did="attach_page") as trail:
        page.meeting, page.group = meeting, work.group.id
        page.save(update_fields=["meeting", "group"])
        trail.rows("created", "field_page", [(str(page.pk), None, {"meeting": str(meeting), "sha256": sha256})])
        trail.at_place(work.group.place)
    return True


def _has_enough(meeting: UUID, more: int) -> bool:
    told = Page.objects.filter(meeting=meeting).aggregate(count=Count("pk"), size=Sum(Length("picture")))
    return told["count"] >= MOST_OF_A_MEETING or (told["size"] or 0) + more > MOST_BYTES_OF_A_MEETING
