"""Settling which of two holds, with what follows from it: the second in the place of the first, or beside it.

Who keeps the book settles it, who keeps that of its VO or CLF, or an officer of its block: never she alone who wrote
both, as long as there is somebody else. An officer says which holds and writes in no book besides.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q

from umeed.access.capabilities import ROLES
from umeed.access.models import Posting
from umeed.books.actions.clashes import SETTLE, refuse_unsaid, settle_clash, to_settle
from umeed.books.actions.cutoffs.posting import post_cut_off
from umeed.books.actions.days import close_day
from umeed.books.actions.meetings import close_meeting
from umeed.books.actions.open_meetings import begin_meeting
from umeed.books.codes import Settled
from umeed.books.cutoffs.facts import standing_cut_off
from umeed.books.ledger.others import above
from umeed.books.meetings.facts import standing_meetings
from umeed.books.models import Book, Clash, CutOff, Meeting, OpenMeeting
from umeed.core.actions import refuse_if
from umeed.core.audit import audited
from umeed.core.scope import Grant, Scope
from umeed.core.viewer import as_system
from umeed.kernel.refusals import N_, Refusal
from umeed.places.models import Within

KEEP = "books.keep"
CORRECTS = "corrects"
"""In what was kept of a correction: the meeting that it wanted to correct, which was corrected or taken back before."""
# Beside the document of a meeting of its own, while it is being written: of which clash, who said so, why.
PAGE, OF_CLASH = "page", "of_clash"
_WROTE_BOTH = N_(
    "You wrote both. Somebody else says which one holds: who keeps the book of the VO or CLF, or an officer."
)
_BEING_WRITTEN = N_("It is being written as a meeting of its own. Close that one, or put it away first.")
_NOT_OFFERED = N_("Of these two only one can hold.")


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
    of its own, with the next `number`: whoever keeps the book goes through it once more, and it is settled when that is
    closed. For who does not keep the book it is closed at once. The box may have changed since the second was written:
    `difference_why` says why what it counted is another sum than it would have to hold. Questions refuse the second
    until `is_sure`.
    """
    with transaction.atomic(), audited(by=by, did="settle_clash", why=why):
        row = to_settle(by, clash)
        refuse_unsaid(settled, why)
        refuse_if(_why_not_settle(by, row, settled))
        said = _document(row) | (
            {"difference_why": difference_why, "difference": None} if difference_why.strip() else {}
        )
        if settled == Settled.BOTH:
            said["number"] = number
            if _keeps(by, row.book):
                beside = {OF_CLASH: {"clash": row.pk, "why": why}}
                return begin_meeting(by=by, book=row.book_id, id=written_as(row), said={**said, PAGE: beside}).pk
        settle_clash(by=by, clash=clash, settled=settled, why=why)
        if settled == Settled.KEPT:
            return None
        return _write_second(by, row, said, is_sure=is_sure, why=why, replaces=settled == Settled.REPLACED)


def settle_written(*, by: Scope, written: OpenMeeting) -> None:
    """The meeting of its own is closed: both happened, as was said when it was begun."""
    kept = written.said.get(PAGE)
    about = kept.get(OF_CLASH) if isinstance(kept, dict) else None
    if about and Clash.objects.filter(pk=about["clash"], book=written.book_id, settled="").exists():
        settle_clash(
            by=by, clash=about["clash"], settled=Settled.BOTH, why=about["why"], said_by=written.begun_by
        )  # fmt: skip


def written_as(clash: Clash) -> UUID:
    """The id under which the second is written: a new one, made of the clash, for what stands in the book under the old
    one is another meeting."""
    return written_id(clash.uid, clash.pk)


def written_id(uid: UUID, clash: int) -> UUID:
    return uuid5(uid, f"clash/{clash}")


def stands_as(book: int, meeting: UUID) -> UUID:
    """The id under which a meeting stands that somebody wrote as `meeting`: another one where two came for one place
    and a person settled that hers holds, or both."""
    settled = Clash.objects.filter(book=book, uid=meeting, settled__in=(Settled.REPLACED, Settled.BOTH))
    for row in settled.order_by("-settled_at"):
        ids = {written_as(row), meeting}
        there = set(Meeting.objects.filter(book=book, pk__in=ids).values_list("pk", flat=True))
        if written_as(row) in there and (row.settled == Settled.REPLACED or meeting not in there):
            return written_as(row)
    return meeting


def is_cut_off(clash: Clash) -> bool:
    return CutOff.objects.filter(pk=clash.uid, book=clash.book_id).exists()


def offered(clash: Clash) -> list[str]:
    """What may be said of the two. One record, or one cut-off, cannot hold twice; a sheet has no second place."""
    if "entries" in clash.said:
        return [Settled.KEPT.value]
    if CORRECTS in clash.said or is_cut_off(clash):
        return [Settled.KEPT.value, Settled.REPLACED.value]
    return list(Settled.values)


def in_the_place_of(clash: Clash) -> Meeting | None:
    """The meeting that stands where the one of a clash wanted to: of a correction what became of the one it names."""
    standing = standing_meetings(clash.book)
    if CORRECTS in clash.said:
        return standing.filter(pk=_last_of(clash.said[CORRECTS])).first()
    found = standing.filter(pk=clash.uid).first()
    number: Any = clash.said.get("number")
    return found or (standing.filter(number=number).first() if number else None)


def _last_of(meeting: str) -> UUID:
    """The last of the corrections that follow a meeting."""
    last = UUID(meeting)
    while (newer := Meeting.objects.filter(replaces=last).values_list("pk", flat=True).first()) is not None:
        last = newer
    return last


def _document(clash: Clash) -> dict[str, Any]:
    """The second as it is written: under its own id; a correction under the number of what it corrects."""
    said = {key: part for key, part in clash.said.items() if key != CORRECTS} | {"id": str(written_as(clash))}
    if corrected := clash.said.get(CORRECTS):
        said["number"] = Meeting.objects.filter(pk=corrected).values_list("number", flat=True).first()
    return said


def _write_second(
    by: Scope, clash: Clash, said: dict[str, Any], *, is_sure: bool, why: str, replaces: bool
) -> UUID | None:  # fmt: skip
    """The second, in the place of the first or beside it."""
    keeper = by if _keeps(by, clash.book) else _as_keeper(by, clash.book)
    if is_cut_off(clash):
        old = standing_cut_off(clash.book)
        return post_cut_off(
            by=keeper, group=clash.book.institution_id, said=said, is_sure=is_sure, why=why,
            replaces=old.pk if old is not None else None,
        ).cut_off  # fmt: skip
    close = close_meeting if clash.book.institution.kind == "shg" else close_day
    first = in_the_place_of(clash) if replaces else None
    return close(
        by=keeper, book=clash.book_id, said=said, is_sure=is_sure, replaces=first.pk if first else None, why=why
    ).meeting  # fmt: skip


def _why_not_settle(by: Scope, clash: Clash, settled: str) -> list[Refusal]:
    if OpenMeeting.objects.filter(pk=written_as(clash)).exists():
        return [Refusal("clash", "being_written", _BEING_WRITTEN)]
    if settled not in offered(clash):
        return [Refusal("settled", "not_offered", _NOT_OFFERED)]
    wrote_both = clash.came_from == by.viewer == _wrote_first(clash) and not by.is_system
    return [Refusal("clash", "wrote_both", _WROTE_BOTH)] if wrote_both and _is_another_there(by, clash.book) else []


def _wrote_first(clash: Clash) -> str:
    cut_off = CutOff.objects.filter(pk=clash.uid, book=clash.book_id).select_related("sheet").first()
    if cut_off is not None:
        return cut_off.sheet.recorded_by
    first = in_the_place_of(clash)
    return first.closed_by if first is not None else ""


def _is_another_there(by: Scope, book: Book) -> bool:
    """Whether somebody else can sign in and may say which holds."""
    roles = [key for key, role in ROLES.items() if SETTLE in role.capabilities]
    lies_in = Within.objects.on(by.today).filter(below=book.institution.place_id).values("above_id")
    at = Q(place__in=lies_in) | Q(institution_id__in=[book.institution_id, *above(book.institution_id, by.today)])
    with as_system():
        held = Posting.objects.on(by.today).filter(at, role__in=roles, user__is_active=True)
        return held.exclude(user=by.viewer).exists()


def _keeps(by: Scope, book: Book) -> bool:
    return by.is_system or Book.objects.filter(pk=book.pk).seen_by(by, KEEP).exists()


def _as_keeper(by: Scope, book: Book) -> Scope:
    """An officer, with the right to keep exactly this book for the length of what she settles."""
    grant = Grant("group_bookkeeper", frozenset({KEEP}), institution_id=book.institution_id)
    return Scope(by.viewer, by.name, by.today, (grant,), by.origin)
