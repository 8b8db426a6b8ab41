"""The sheets by which a meeting of a closed month was put right later, found by their ids."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

from umeed.books.models import Meeting, Sheet

MOST_TIMES = 20


def uid_of(meeting: Meeting, nth: int) -> UUID:
    """The id of the sheet by which it is put right for the nth time."""
    return uuid5(meeting.pk, f"difference/{nth}")


def put_right_by(meeting: Meeting, until: int = MOST_TIMES) -> Sequence[Sheet]:
    """The sheets by which a meeting was put right, the first one first; those before the one numbered `until`. One
    question."""
    uids = [uid_of(meeting, nth) for nth in range(until)]
    return list(Sheet.objects.filter(uid__in=uids).order_by("pk"))


def differences_of(meeting: Meeting, until: int = MOST_TIMES) -> Sequence[Sheet]:
    """Those of them that were not taken back with it."""
    every = put_right_by(meeting, until)
    undone = set(Sheet.objects.filter(reverses__in=every).values_list("reverses", flat=True)) if every else set()
    return [one for one in every if one.pk not in undone]
