"""Keeping the picture of a signed page that a phone sends, sealed."""

from __future__ import annotations

import datetime
import hashlib
from uuid import UUID

from django.db.models import Count, Sum
from django.db.models.functions import Length
from django.utils import timezone

from umeed.core.actions import Refused
from umeed.core.seal import sealed_bytes
from umeed.field.jpeg import bare, size_of
from umeed.field.models import Device, Page
from umeed.kernel.refusals import N_, Refusal

PURPOSE = "field.page.picture"
# Pictures that no command has attached yet.
MOST_LOOSE = 200
# A winter's meetings of thirty groups come within a day or two.
MOST_IN_A_DAY, MOST_BYTES_IN_A_DAY = 300, 60 * 1024 * 1024
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
    if Page.objects.filter(owner=device.owner_id, meeting=None).count() >= MOST_LOOSE:
        raise Refused([Refusal("picture", "too_many", _TOO_MANY)])
    if _are_enough_today(device.owner_id, len(raw)):
        raise Refused([Refusal("picture", "too_many", _ENOUGH_TODAY)])
    page = page or Page(owner_id=device.owner_id, uid=uid)
    page.sha256, (page.width, page.height) = sha256, size
    page.picture = sealed_bytes(bare(raw), PURPOSE)
    page.save()
    return page


def _are_enough_today(owner: UUID, more: int) -> bool:
    """Whether as many came from her within a day as are taken, from whichever of her phones."""
    since = timezone.now() - datetime.timedelta(days=1)
    came = Page.objects.filter(owner=owner, received_at__gt=since)
    told = came.aggregate(count=Count("pk"), size=Sum(Length("picture")))
    return told["count"] >= MOST_IN_A_DAY or (told["size"] or 0) + more > MOST_BYTES_IN_A_DAY
