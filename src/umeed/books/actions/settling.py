"""Settling which of two holds, with what follows from it: the second in the place of the first, or beside it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from umeed.books.actions.clashes import settle_clash
from umeed.books.actions.days import close_day
from umeed.books.actions.meetings import close_meeting
from umeed.books.actions.open_meetings import begin_meeting
from umeed.books.meetings.facts import standing_meetings
from umeed.books.models import Clash, Meeting
from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.kernel.refusals import N_, Refusal

_NOT_THERE = N_("There is nothing to settle here any more.")


def settle(
    *,
    by: Scope,
    clash: int,
    settled: str,
    why: str,
    number: int | None = None,
    difference_why: str = "",
    is_sure: bool = False,
) -> UUID | None:
    """Say which one holds and do what follows, all or nothing; answers the meeting that came of it.

    “The second” takes the first back and closes the second; “both” lets the second be written as a meeting (or a day)
    of its own, with the next `number`. The box may have changed since the second was written: `difference_why` says why
    what it counted is another sum than it would have to hold. Questions refuse the second until `is_sure`.
    """
    with transaction.atomic(), audited(by=by, did="settle_clash", why=why):
        row = Clash.objects.filter(pk=clash, settled="").seen_by(by, "books.keep").first()
        if row is None:
            raise Refused([Refusal("clash", "not_there", _NOT_THERE)])
        settle_clash(by=by, clash=clash, settled=settled, why=why)
        # A new id, made of the clash: what stands in the book under the old one is another meeting.
        said = {**row.said, "id": str(uuid5(row.uid, f"clash/{row.pk}"))}
        if difference_why.strip():
            said |= {"difference_why": difference_why, "difference": None}
        if settled == "replaced":
            first = in_the_place_of(row)
            close = close_meeting if row.book.institution.kind == "shg" else close_day
            replaces = first.pk if first else None
            return close(by=by, book=row.book_id, said=said, is_sure=is_sure, replaces=replaces, why=why).meeting
        if settled == "both":
            open_one = begin_meeting(by=by, book=row.book_id, id=UUID(said["id"]), said={**said, "number": number})
            return open_one.pk
    return None


def in_the_place_of(clash: Clash) -> Meeting | None:
    """The meeting that stands where the one of a clash wanted to."""
    standing = standing_meetings(clash.book)
    found = standing.filter(pk=clash.uid).first()
    number: Any = clash.said.get("number")
    return found or (standing.filter(number=number).first() if number else None)
