"""The record of what was held, a group's meeting or a day of a VO or CLF: is it there already, writing, taking back."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Max, Q

from umeed.books.actions.clashes import keep_clash
from umeed.books.actions.posting import OF_A_PAGE, Conflict, mirror_of, reverse_sheet, same_or_conflict
from umeed.books.actions.releasing import Made
from umeed.books.actions.reversing import events_of, reverse_events
from umeed.books.bodies.documents import BodyDay
from umeed.books.codes import MeetingKind
from umeed.books.ledger import writing
from umeed.books.ledger.credits import above_limit
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.ledger.lowest import each_below_nothing
from umeed.books.ledger.others import bodies_called
from umeed.books.meetings.differences import differences_of, put_right_by
from umeed.books.meetings.documents import MeetingDocument, digest_of
from umeed.books.meetings.facts import standing_meetings
from umeed.books.meetings.known import Place
from umeed.books.meetings.since import moved_before
from umeed.books.models import Book, Line, Meeting, MonthLock, OpenMeeting, Sheet
from umeed.books.rules.limits import Account
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import Trail
from umeed.core.scope import Scope
from umeed.kernel.refusals import N_, Refusal

Held = MeetingDocument | BodyDay
_CONFLICT = N_(
    "Another meeting stands in its place. Nothing of this one was written; both are kept until somebody decides."
)
NOT_STANDING = N_("It was taken back or corrected already.")
_NO_REASON = N_("Say why.")
CLOSED_MONTH = N_(
    "The month of %(day)s is closed in this book: what was written of it stays. What was wrong is put right in an "
    "open month, by what it differs."
)
_LINKED_SINCE = N_(
    "The loan between this body and %(name)s was linked since and stands in both books as one: what was written of it "
    "before stays. What else was wrong is put right by what it differs."
)


@dataclass(frozen=True, slots=True)
class Closed:
    """The id of a meeting in its book; `is_new` is False for one that was there."""

    meeting: UUID
    is_new: bool


@contextmanager
def all_or_a_clash(*, by: Scope, book: Book | int, held: Held) -> Iterator[None]:
    """Everything of it is written, or nothing; what came in the place of another is kept as a clash."""
    try:
        with transaction.atomic():
            yield
    except Conflict:
        keep_clash(by=by, book=book, uid=held.id, digest=digest_of(held), said=held.model_dump(mode="json"))
        raise


def closed_before(held: Held) -> Closed | None:
    """The same document again is known; the same id with another content is a Conflict."""
    row = Meeting.objects.filter(pk=held.id).values_list("digest", flat=True).first()
    return known_as(held, None if row is None else bytes(row))


def known_as(held: Held, digest: bytes | None) -> Closed | None:
    """The same of what is there under its id, by its digest."""
    if digest is None:
        return None
    same_or_conflict(digest, digest_of(held), Refusal("id", "conflict", _CONFLICT))
    return Closed(held.id, is_new=False)


def refuse_to_close(reasons: Sequence[Refusal], *, is_sure: bool) -> None:
    """A number that is taken is a Conflict; other reasons refuse, questions until somebody `is_sure`."""
    if any(one.code == "number_taken" for one in reasons):
        raise Conflict([*reasons, Refusal("id", "conflict", _CONFLICT)])
    if reasons and not (is_sure and all(one.severity == "warn" for one in reasons)):
        raise Refused(reasons)


def write_sheet(*, by: Scope, book: Book, held: Held, entries: Sequence[Entry]) -> int | None:
    """Its money; no sheet when none moved."""
    if not entries:
        return None
    return writing.put_one(book.pk, Draft(held.id, held.on, Sheet.Kind.MEETING, tuple(entries)), by=by.viewer)


def write_meeting(
    *, by: Scope, book: Book, held: Held, entries: Sequence[Entry], replaces: Meeting | None, trail: Trail,
    place: Place, made: Made,
) -> None:  # fmt: skip
    """A meeting with its money and what it makes, in one statement. Where it stands is known."""
    row = _record(by=by, book=book, held=held, replaces=replaces, last=place.last_version)
    draft = Draft(held.id, held.on, Sheet.Kind.MEETING, tuple(entries)) if entries else None
    writing.put_meeting(book.pk, draft, row, made)
    _tell(trail, book, row)
    if place.is_open:
        OpenMeeting.objects.filter(book=book, pk=held.id).delete()


def write_record(
    *, by: Scope, book: Book, held: Held, sheet: int | None, replaces: Meeting | None, trail: Trail
) -> Meeting:  # fmt: skip
    """The record itself, append-only; what was being written of it is done."""
    row = _record(by=by, book=book, held=held, replaces=replaces, last=_last_version(book, held.number))
    row.sheet_id = sheet
    row.save(force_insert=True)
    _tell(trail, book, row)
    OpenMeeting.objects.filter(book=book, pk=held.id).delete()
    return row


def _record(*, by: Scope, book: Book, held: Held, replaces: Meeting | None, last: int | None) -> Meeting:
    return Meeting(
        id=held.id, book=book, number=held.number, version=(last or 0) + 1, replaces=replaces,
        held_on=held.on, kind=held.kind, place=held.place or book.institution.meeting_place,
        president_id=held.president, counted_paise=held.counted or 0,
        said=held.model_dump(mode="json", exclude_defaults=True), digest=digest_of(held), closed_by=by.viewer,
        **_attendance(held),
    )  # fmt: skip


def _tell(trail: Trail, book: Book, row: Meeting) -> None:
    told = {"book": book.pk, "number": row.number, "on": row.held_on.isoformat(), "sha256": row.digest.hex()}
    trail.rows("created", "books_meeting", [(str(row.pk), None, told)])
    trail.subject = ("books_meeting", str(row.pk))
    trail.at_place(book.institution.place_id)


def _last_version(book: Book, number: int | None) -> int | None:
    """Meetings of one number follow each other: written, taken back, written anew."""
    return Meeting.objects.filter(book=book, number=number).aggregate(last=Max("version"))["last"] if number else None


def _attendance(held: Held) -> dict[str, list[UUID]]:
    return {
        state: [who for who, said in held.attendance.items() if said == state]
        for state in ("present", "late", "absent", "on_leave")
    }


def taken_back_before(id: UUID, meeting: UUID, why: str) -> Closed | None:
    """The same taking back again is known; another one under its id is a Conflict."""
    known = Meeting.objects.filter(pk=id).first()
    if known is None:
        return None
    stands = known.kind == MeetingKind.TAKEN_BACK and (known.replaces_id, known.said["why"].strip())
    same_or_conflict(stands, (meeting, why.strip()), OF_A_PAGE)
    return Closed(known.pk, is_new=False)


def is_month_closed(held: Meeting) -> bool:
    """Whether nothing dated on its day is written any more."""
    return MonthLock.objects.closing(held.held_on).filter(book=held.book_id).exists()


def why_not_correct(held: Meeting) -> list[Refusal]:
    """What was held in a month that is closed stays as it was written, and what cannot be taken back. What is not
    corrected any more is put right by what it differs."""
    if is_month_closed(held):
        return [Refusal("replaces", "month_closed", CLOSED_MONTH, {"day": held.held_on})]
    return why_not_take_back(held)


def why_not_take_back(held: Meeting) -> list[Refusal]:
    """What moved a loan before it was linked stays: since then it moves in both books or in none."""
    sheets = [held.sheet_id, *(one.pk for one in differences_of(held))]
    bodies = set(Line.objects.filter(sheet__in=sheets, loan__twin__isnull=False).values_list("loan__body", flat=True))
    called = bodies_called(bodies) if bodies else {}
    return [Refusal("replaces", "linked_since", _LINKED_SINCE, {"name": called.get(body, "?")}) for body in bodies]


def take_back_money(*, by: Scope, book: Book, meeting: UUID, why: str, is_correction: bool = False) -> Meeting:
    """Reverse the sheet of one that stands, what it sent to other bodies, and what put it right since: on its own day,
    or today when that month is closed. Answers it."""
    old = standing_meetings(book).filter(pk=meeting).first()
    if old is None:
        raise Refused([Refusal("replaces", "not_standing", NOT_STANDING)])
    reasons = why_not_correct(old) if is_correction else why_not_take_back(old)
    refuse_if([*reasons, *([] if why.strip() else [Refusal("why", "no_reason", _NO_REASON)])])
    on = by.today if is_month_closed(old) else old.held_on
    if old.sheet_id is not None:
        reverse_sheet(by=by, sheet=old.sheet_id, uid=uuid5(old.pk, "reversal"), why=why, on=on, is_part=True)
    for one in differences_of(old):
        reverse_sheet(by=by, sheet=one.pk, uid=uuid5(one.uid, "reversal"), why=why, on=by.today, is_part=True)
    reverse_events(by=by, held=old, why=why, on=on)
    return old


def taken_back_with(old: Meeting) -> dict[datetime.date, list[Entry]]:
    """All that is taken back in its own book with one that stood, by the day on which it had been written: its sheet,
    what put it right since, what of what it sent stands here."""
    own = Sheet.objects.filter(Q(pk=old.sheet_id) | Q(event__in=events_of(old)), book=old.book_id)
    gone: dict[datetime.date, list[Entry]] = {}
    for sheet in (*own, *put_right_by(old)):
        gone.setdefault(sheet.on_date, []).extend(mirror_of(sheet))
    return gone


def refuse_if_below(book: Book, moved: Mapping[datetime.date, Sequence[Entry]], today: datetime.date) -> None:
    """What is posted and taken back must leave nothing below nothing, and no cash credit above its limit, on its day or
    a later one, and loans as they were that were agreed anew or written off later. What goes on one day and comes on
    another does not make up for it. Each reason says of whom and of which loan it is."""
    below: dict[Account, Refusal] = {}
    above: list[Refusal] = []
    for on, entries in sorted(moved.items()):
        below = each_below_nothing(book.pk, on, entries, posted=True) | below
        above += above_limit(book.pk, on, entries)
    named = [
        replace(reason, values={**reason.values, "woman": account.woman, "loan": account.loan, "body": account.body})
        for account, reason in below.items()
    ]
    refuse_if([*named, *above, *moved_before(book, moved, today)])


def write_taken_back(*, by: Scope, book: Book, old: Meeting, id: UUID, why: str, trail: Trail) -> Closed:
    """The record that one was taken back whole; its number is free for the right one."""
    row = Meeting(
        id=id, book=book, number=old.number, version=old.version + 1, replaces=old, held_on=old.held_on,
        kind=MeetingKind.TAKEN_BACK, counted_paise=0, said={"why": why}, digest=b"", closed_by=by.viewer,
    )  # fmt: skip
    row.save(force_insert=True)
    trail.rows("created", "books_meeting", [(str(row.pk), None, {"book": book.pk, "takes_back": str(old.pk)})])
    trail.at_place(book.institution.place_id)
    return Closed(row.pk, is_new=True)
