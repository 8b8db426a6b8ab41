"""Writing a meeting step by step, closing it, taking it back, correcting it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Max

from umeed.books.actions.clashes import keep_clash
from umeed.books.actions.events import Move, post_event
from umeed.books.actions.finding import book_to_keep, hold_together
from umeed.books.actions.posting import Conflict, mirror_of, reverse_sheet
from umeed.books.actions.releasing import put, put_loan, release
from umeed.books.actions.reversing import reverse_events_of
from umeed.books.codes import MeetingKind
from umeed.books.ledger import writing
from umeed.books.ledger.drafts import Draft
from umeed.books.ledger.lowest import below_nothing
from umeed.books.meetings.documents import MeetingDocument, digest_of, read
from umeed.books.meetings.facts import Before, before, standing_meetings
from umeed.books.meetings.sums import INTEREST, KnownLoan, entries_of, given_head, tally_of
from umeed.books.models import (
    Agreement,
    Book,
    Loan,
    LoanDecision,
    LoanRequest,
    Meeting,
    MonthLock,
    OpenMeeting,
    Sheet,
)
from umeed.books.rules.meetings import why_not_close
from umeed.books.rules.sheets import month_of
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import Trail, audited
from umeed.core.scope import Scope
from umeed.kernel.money import Paise
from umeed.kernel.refusals import N_, Refusal

_OTHER_OPEN = N_("Another meeting of this book is being written. Close it or put it away first.")
_CHANGED = N_("Somebody else has written in this meeting since you opened the page. Look at it again.")
_GONE = N_("This meeting is closed already.")
_CONFLICT = N_(
    "Another meeting stands in its place. Nothing of this one was written; both are kept until somebody decides."
)
_NOT_STANDING = N_("This meeting was taken back or corrected already.")
_NO_REASON = N_("Say why.")


@dataclass(frozen=True, slots=True)
class Closed:
    """The id of a meeting in its book; `is_new` is False for one that was there."""

    meeting: UUID
    is_new: bool


def begin_meeting(*, by: Scope, book: Book | int, id: UUID, said: Mapping[str, Any]) -> OpenMeeting:
    """Begin to write a meeting, with what is known of it. The same call again answers the same one."""
    with transaction.atomic():
        kept = book_to_keep(by, book)
        known = OpenMeeting.objects.filter(book=kept).first()
        if known is not None:
            refuse_if([Refusal("book", "other_open", _OTHER_OPEN)] if known.pk != id else [])
            return known
        with audited(by=by, did="begin_meeting") as trail:
            row = OpenMeeting(id=id, book=kept, said=_plain(said), begun_by=by.viewer)
            row.save(force_insert=True)
            trail.rows("created", "books_openmeeting", [(str(id), None, {"book": kept.pk})])
            trail.at_place(kept.institution.place_id)
    return row


def keep_part(*, by: Scope, meeting: UUID, parts: Mapping[str, Any], revision: int) -> OpenMeeting:
    """Keep what a step says, as it was typed if it cannot stand yet. `revision` refuses an older page."""
    with transaction.atomic():
        row = _open(by, meeting)
        if row.revision != revision:
            raise Refused([Refusal("revision", "changed", _CHANGED)])
        with audited(by=by, did="write_meeting") as trail:
            row.said = {**row.said, **_plain(parts)}
            row.revision += 1
            row.save()
            trail.rows("changed", "books_openmeeting", [(str(row.pk), None, {"parts": sorted(parts)})])
            trail.at_place(row.book.institution.place_id)
    return row


def put_away(*, by: Scope, meeting: UUID, why: str) -> None:
    """Give up a meeting that is being written. What was typed stays in the chain of who did what."""
    with transaction.atomic():
        row = _open(by, meeting)
        refuse_if([] if why.strip() else [Refusal("why", "no_reason", _NO_REASON)])
        with audited(by=by, did="put_away_meeting", why=why) as trail:
            trail.rows("removed", "books_openmeeting", [(str(row.pk), row.said, None)])
            trail.at_place(row.book.institution.place_id)
            row.delete()


def known_before(
    *, by: Scope, book: Book, on: datetime.date, number: int | None, replaces: UUID | None = None
) -> Before:
    """What the book knows before a meeting that is being written; for a correction, as if the old one had not been."""
    if replaces is None:
        return before(book, on, number=number, today=by.today)
    with transaction.atomic():
        # Taken back only to look: exactly as it will be when the correction is closed.
        _take_back_money(by, book, replaces, why="–")
        found = before(book, on, number=number, today=by.today, without=replaces)
        transaction.set_rollback(True)
    return found


def close_meeting(
    *,
    by: Scope,
    book: Book | int,
    said: Mapping[str, Any],
    is_sure: bool = False,
    replaces: UUID | None = None,
    why: str = "",
) -> Closed:
    """Close a meeting: its sheet, loans, requests, what it sends to VO and CLF, and its record, all or nothing.

    `said` is the document. Questions (warnings) refuse it until `is_sure`. The same document again is known; the same
    id or number with another content is a Conflict, and what came is kept as a clash. `replaces` corrects a meeting.
    """
    meeting = read(said)
    if isinstance(meeting, list):
        raise Refused(meeting)
    try:
        with transaction.atomic():
            return _close(by, book, meeting, is_sure=is_sure, replaces=replaces, why=why)
    except Conflict:
        keep_clash(by=by, book=book, uid=meeting.id, digest=digest_of(meeting), said=meeting.model_dump(mode="json"))
        raise


def _close(
    by: Scope, book: Book | int, meeting: MeetingDocument, *, is_sure: bool, replaces: UUID | None, why: str
) -> Closed:
    if (known := _known(meeting)) is not None:
        book_to_keep(by, book)
        return known
    kept = book_to_keep(by, book)
    with audited(by=by, did="correct_meeting" if replaces else "close_meeting", why=why) as trail:
        old = _take_back_money(by, kept, replaces, why) if replaces else None
        facts = before(kept, meeting.on, number=meeting.number, today=by.today, without=replaces)
        _hold_others(kept, meeting, facts)
        reasons = why_not_close(meeting, facts.facts, tally_of(meeting))
        if any(one.code == "number_taken" for one in reasons):
            raise Conflict([*reasons, Refusal("id", "conflict", _CONFLICT)])
        refuse_if(reasons)
        if reasons and not is_sure:
            raise Refused(reasons)
        if old is not None:
            release(kept, old, trail, but_for=meeting)
        row = _write(by, kept, meeting, facts, trail, old)
    return Closed(row.pk, is_new=True)


def _known(meeting: MeetingDocument) -> Closed | None:
    row = Meeting.objects.filter(pk=meeting.id).values_list("digest", flat=True).first()
    if row is None:
        return None
    if bytes(row) != digest_of(meeting):
        raise Conflict([Refusal("id", "conflict", _CONFLICT)])
    return Closed(meeting.id, is_new=False)


def _hold_others(book: Book, meeting: MeetingDocument, known: Before) -> None:
    shared = {loan.body for loan in known.known_loans.values() if loan.is_shared and loan.body}
    named = {one.body for one in meeting.given} | (shared if meeting.repaid else set())
    others = {body for body in named if body in known.bodies and known.bodies[body][1]} | (shared & named)
    if others:
        hold_together(book, others)


def _write(
    by: Scope, book: Book, meeting: MeetingDocument, known: Before, trail: Trail, old: Meeting | None
) -> Meeting:
    _write_requests(book, meeting, trail)
    loans = {**known.known_loans, **_write_loans(book, meeting, known, trail)}
    entries = entries_of(meeting, loans, known.bodies, cash_before=known.facts.cash)
    sheet = None
    if entries:
        sheet = writing.put_one(
            book.pk, Draft(meeting.id, meeting.on, Sheet.Kind.MEETING, tuple(entries)), by=by.viewer
        )
    _send_on(by, book, meeting, known)
    # A meeting that comes late, or corrects another, must leave nothing below nothing on a later day either.
    gone = mirror_of(old.sheet) if old is not None and old.sheet is not None else ()
    refuse_if(below_nothing(book.pk, meeting.on, [*gone, *entries], posted=True))
    row = Meeting(
        id=meeting.id, book=book, number=meeting.number, version=_next_version(book, meeting.number), replaces=old,
        held_on=meeting.on, kind=meeting.kind, place=meeting.place or book.institution.meeting_place,
        president_id=meeting.president, sheet_id=sheet, counted_paise=meeting.counted or 0,
        said=meeting.model_dump(mode="json", exclude_defaults=True), digest=digest_of(meeting), closed_by=by.viewer,
        **_attendance(meeting),
    )  # fmt: skip
    row.save(force_insert=True)
    told = {"book": book.pk, "number": meeting.number, "on": meeting.on.isoformat(), "sha256": row.digest.hex()}
    trail.rows("created", "books_meeting", [(str(row.pk), None, told)])
    trail.subject = ("books_meeting", str(row.pk))
    trail.at_place(book.institution.place_id)
    OpenMeeting.objects.filter(book=book, pk=meeting.id).delete()
    return row


def _next_version(book: Book, number: int | None) -> int:
    """Meetings of one number follow each other: written, taken back, written anew."""
    last = Meeting.objects.filter(book=book, number=number).aggregate(last=Max("version"))["last"] if number else 0
    return (last or 0) + 1


def _attendance(meeting: MeetingDocument) -> dict[str, list[UUID]]:
    return {
        state: [woman for woman, said in meeting.attendance.items() if said == state]
        for state in ("present", "late", "absent", "on_leave")
    }


def _write_requests(book: Book, meeting: MeetingDocument, trail: Trail) -> None:
    for asked in meeting.requests:
        put(trail, LoanRequest(
            id=asked.id, book=book, woman_id=asked.woman, asked_on=meeting.on, amount_paise=asked.paise,
            purpose=asked.purpose, instalments=asked.instalments, note=asked.note,
        ))  # fmt: skip
    for one in meeting.decisions:
        put(trail, LoanDecision(
            id=one.id, book=book, request_id=one.request, decided_on=meeting.on, outcome=one.outcome,
            amount_paise=one.paise, way=one.way, voted=list(one.voted), promised_on=one.promised_on,
            jump_why=one.jump_why, why=one.why,
        ))  # fmt: skip


def _write_loans(book: Book, meeting: MeetingDocument, known: Before, trail: Trail) -> dict[UUID, KnownLoan]:
    """Loans that are paid out, with their terms; what the lines need of them."""
    made = {}
    bylaws = known.bylaws
    for lent in meeting.lendings:
        loan = put_loan(trail, Loan(
            uid=lent.loan, book=book, way=Loan.Way.GIVEN, head="loan_to_member", woman_id=lent.woman,
            request_id=lent.request, lent_on=meeting.on, source=lent.source, purpose=lent.purpose,
        ))  # fmt: skip
        put(trail, Agreement(
            id=uuid5(lent.loan, "agreement/1"), book=book, loan=loan, since=meeting.on, principal_paise=lent.paise,
            rate_bp_a_year=lent.rate_bp_a_year, method=lent.method, frequency=lent.frequency,
            instalments=lent.instalments, first_due=lent.first_due, multiple_paise=bylaws.multiple,
            rounding_paise=bylaws.rounding.unit, halves=bylaws.rounding.halves,
        ))  # fmt: skip
        made[lent.loan] = KnownLoan(loan.pk, loan.head, lent.woman)
    return made


def _send_on(by: Scope, book: Book, meeting: MeetingDocument, known: Before) -> None:
    """What goes to a VO or CLF that keeps a book here, one event a body."""
    shared = {one.loan.uid: one.loan for one in known.loans if one.loan.twin_id is not None}
    moves: dict[UUID, list[Move]] = {}
    for repaid in meeting.repaid:
        loan = shared.get(repaid.loan)
        if loan is None or loan.body_id is None:
            continue
        hers = moves.setdefault(loan.body_id, [])
        for ours, theirs, paise in (
            (loan.head, "loan_to_body", repaid.principal),
            (INTEREST[loan.head], "interest_from_bodies", repaid.interest),
        ):
            if paise:
                hers.append(Move(ours, theirs, Paise(paise), loan))
    theirs_of = {"saving": "saving_of_body", "share": "share_of_body", "fee": "fee_of_body"}
    for given in meeting.given:
        kind, has_book = known.bodies[given.body]
        if has_book:
            ours = given_head(given.what, kind)
            moves.setdefault(given.body, []).append(Move(ours, theirs_of[given.what], Paise(given.paise)))
    for body, done in moves.items():
        post_event(by=by, book=book, other=body, uid=uuid5(meeting.id, f"event/{body}"), on=meeting.on, moves=done)


def take_back_meeting(*, by: Scope, meeting: UUID, id: UUID, why: str) -> Closed:
    """Take a meeting back whole, with a reason: its sheet is reversed, and its number is free for the right one."""
    with transaction.atomic():
        if (known := Meeting.objects.filter(pk=id, kind=MeetingKind.TAKEN_BACK).first()) is not None:
            return Closed(known.pk, is_new=False)
        found = Meeting.objects.filter(pk=meeting).values_list("book", flat=True).first()
        book = book_to_keep(by, found or 0)
        with audited(by=by, did="take_back_meeting", why=why) as trail:
            old = _take_back_money(by, book, meeting, why)
            _refuse_if_below(book, old)
            release(book, old, trail)
            row = Meeting(
                id=id, book=book, number=old.number, version=old.version + 1, replaces=old, held_on=old.held_on,
                kind=MeetingKind.TAKEN_BACK, counted_paise=0, said={"why": why}, digest=b"", closed_by=by.viewer,
            )  # fmt: skip
            row.save(force_insert=True)
            trail.rows("created", "books_meeting", [(str(row.pk), None, {"book": book.pk, "takes_back": str(meeting)})])
            trail.at_place(book.institution.place_id)
    return Closed(row.pk, is_new=True)


def _take_back_money(by: Scope, book: Book, meeting: UUID, why: str) -> Meeting:
    """Reverse the sheet of a meeting that stands, and those it sent on; answers the meeting."""
    old = standing_meetings(book).filter(pk=meeting).first()
    if old is None:
        raise Refused([Refusal("replaces", "not_standing", _NOT_STANDING)])
    refuse_if([] if why.strip() else [Refusal("why", "no_reason", _NO_REASON)])
    on = by.today if _is_locked(book, old) else old.held_on
    if old.sheet_id is not None:
        reverse_sheet(by=by, sheet=old.sheet_id, uid=uuid5(old.pk, "reversal"), why=why, on=on, is_part=True)
    reverse_events_of(by=by, book=book, meeting=old, why=why, on=on)
    return old


def _refuse_if_below(book: Book, old: Meeting) -> None:
    """What was taken back whole must not have been used since."""
    if old.sheet is not None:
        refuse_if(below_nothing(book.pk, old.held_on, mirror_of(old.sheet), posted=True))


def _is_locked(book: Book, meeting: Meeting) -> bool:
    return MonthLock.objects.filter(book=book, month=month_of(meeting.held_on)).exists()


def _open(by: Scope, meeting: UUID) -> OpenMeeting:
    row = OpenMeeting.objects.filter(pk=meeting).seen_by(by, "books.keep").first()
    if row is None:
        raise Refused([Refusal("meeting", "gone", _GONE)])
    return OpenMeeting.objects.select_related("book__institution").select_for_update(of=("self",)).get(pk=row.pk)


def _plain(said: Mapping[str, Any]) -> Any:
    """As JSON keeps it: ids and days as text."""
    return json.loads(json.dumps(said, default=str))
