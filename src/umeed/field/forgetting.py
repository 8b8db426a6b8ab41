"""When a phone that is to forget is told so: as soon as nothing waits on it, or when that waited for a week in vain.

What is refused, held or stands against another lies at the server, whole: the phone may forget it. What is never taken,
since something is wrong with the app that wrote it, must not keep all the rest on the phone for ever: a week is time to
put right what is wrong here. That one command stays on the phone, sealed; everything else goes.
"""

from __future__ import annotations

import datetime

from umeed.field.models import Device

IN_VAIN = datetime.timedelta(days=7)


def is_told(device: Device, *, left: int, is_last: bool, now: datetime.datetime) -> bool:
    """`left`: how many commands stay on it after this message; `is_last`: whether it has brought all that it can."""
    if not device.must_forget:
        return False
    since = device.wipe_waits_since
    return left <= 0 or (is_last and since is not None and now - since >= IN_VAIN)


def waits_since(device: Device, *, left: int, is_last: bool, now: datetime.datetime) -> datetime.datetime | None:
    """Since when it should forget and something waits on it that is not taken."""
    if not device.must_forget or left <= 0:
        return None
    return device.wipe_waits_since or (now if is_last else None)


def forgets_on(device: Device) -> datetime.datetime | None:
    """The latest moment from which it is told all the same."""
    since = device.wipe_waits_since
    return since + IN_VAIN if since is not None and device.wipe_told_at is None else None
