"""Keeping the picture of a signed page that a phone sends, sealed."""

from __future__ import annotations

import datetime
import hashlib
from uuid import UUID

from django.db.models import Count, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Length
from django.utils import timezone

from umeed.core.actions import Refused
from umeed.core.seal import sealed_bytes
from umeed.field.jpeg import bare, size_of
from umeed.field.models import Command, Device, Page
from umeed.kernel.refusals import N_, Refusal

PURPOSE = "field.page.picture"
# Pictures that no command has attached yet, of those that came within so many days: who never settles an old one is
# not kept from sending new ones for ever.
MOST_LOOSE, DAYS_LOOSE = 200, 90
# A winter's meetings of thirty groups come within a day or two.
MOST_IN_A_DAY, MOST_BYTES_IN_A_DAY = 300, 60 * 1024 * 1024
_DAY, _HOUR, _AT_LEAST = datetime.timedelta(days=1), datetime.timedelta(hours=1), datetime.timedelta(minutes=15)
_NO_PICTURE = N_("This is no picture as a phone's camera makes it (JPEG), or it is too large.")
_TOO_MANY = N_("Too many pictures came without their meetings. Send the meetings first.")
_ENOUGH_TODAY = N_("So many pictures are taken within a day, and no more. The others come up tomorrow by themselves.")
_ANOTHER = N_("Another picture was attached under this id already.")


def keep_page(*, device: Device, uid: UUID, raw: bytes) -> Page:
    """Keep a picture until its command attaches it, or find the one that was. The same again is known: by what came,
    which is kept without what the camera wrote beside it."""
    size = size_of(raw)
    if size is None:
        raise Refused([Refusal("picture", "no_picture", _NO_PICTURE)])
    sha256 = hashlib.sha256(raw).digest()
    page = Page.objects.filter(owner=device.owner_id, uid=uid).defer("picture").select_for_update().first()
    if page is not None and bytes(page.sha256) == sha256:
        return page
    if page is not None and page.meeting is not None:
        raise Refused([Refusal("picture", "another", _ANOTHER)])
    if _loose().filter(owner=device.owner_id, received_at__gt=_long_ago()).count() >= MOST_LOOSE:
        raise _full(_TOO_MANY, _HOUR)
    if (wait := _until_more(device.owner_id, len(raw))) is not None:
        raise _full(_ENOUGH_TODAY, wait)
    page = page or Page(owner_id=device.owner_id, uid=uid)
    page.sha256, (page.width, page.height) = sha256, size
    page.picture = sealed_bytes(bare(raw), PURPOSE)
    page.save()
    return page


def forget_loose() -> int:
    """Remove pictures that nothing will ever attach: what announced them was put away or put aside, or nothing did for
    so many days. One that comes after all is told that its picture is missing. How many went."""
    final = Q(became="aside") | Q(became=None, received_at__lt=_long_ago())
    last = Command.objects.filter(owner=OuterRef("owner"), uid=OuterRef("uid")).order_by("-attempt")
    gone, _of = _loose().annotate(became=Subquery(last.values("state")[:1])).filter(final).delete()
    return gone


def _loose():  # type: ignore[no-untyped-def]
    return Page.objects.filter(meeting=None)


def _long_ago() -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=DAYS_LOOSE)


def _full(text: str, wait: datetime.timedelta) -> Refused:
    """Not now. The phone sends none before so many seconds have gone."""
    return Refused([Refusal("picture", "too_many", text, {"seconds": int(wait.total_seconds())})])


def _until_more(owner: UUID, more: int) -> datetime.timedelta | None:
    """None where one of so many bytes is taken now; else how long until the first of those leaves that came from her
    within a day, from whichever of her phones."""
    now = timezone.now()
    came = Page.objects.filter(owner=owner, received_at__gt=now - _DAY)
    told = came.aggregate(count=Count("pk"), size=Sum(Length("picture")), first=Min("received_at"))
    if told["count"] < MOST_IN_A_DAY and (told["size"] or 0) + more <= MOST_BYTES_IN_A_DAY:
        return None
    return max(told["first"] + _DAY - now, _AT_LEAST) if told["first"] else _DAY
