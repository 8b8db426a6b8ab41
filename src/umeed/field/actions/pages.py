"""Keeping the picture of a signed page that a phone sends, sealed."""

from __future__ import annotations

import hashlib
from uuid import UUID

from umeed.core.actions import Refused
from umeed.core.seal import sealed_bytes
from umeed.field.jpeg import bare, size_of
from umeed.field.models import Device, Page
from umeed.kernel.refusals import N_, Refusal

PURPOSE = "field.page.picture"
# Pictures that no command has attached yet.
MOST_LOOSE = 200
_NO_PICTURE = N_("This is no picture as a phone's camera makes it (JPEG), or it is too large.")
_TOO_MANY = N_("Too many pictures came without their meetings. Send the meetings first.")
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
    page = page or Page(owner_id=device.owner_id, uid=uid)
    page.sha256, (page.width, page.height) = sha256, size
    page.picture = sealed_bytes(bare(raw), PURPOSE)
    page.save()
    return page
