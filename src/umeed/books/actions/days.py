"""Closing a day of a VO or CLF: its sheet, what stands in other books too, loans and its record; taking it back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Sum

from umeed.books.actions.bodies import make_loan
from umeed.books.actions.clashes import keep_clash
from umeed.books.actions.events import Move, post_event
from umeed.books.actions.finding import book_to_keep, hold_together
from umeed.books.actions.meetings import Closed, _attendance, _is_locked, _next_version
from umeed.books.actions.posting import CONFLICT, Conflict, reverse_sheet
from umeed.books.actions.releasing import _left, _remove, put
from umeed.books.actions.reversing import reverse_event
from umeed.books.bodies.documents import BodyDay, read
from umeed.books.bodies.facts import BeforeDay, before_day, sums_by_body
from umeed.books.bodies.sums import Known, Moved, SharedLoan, entries_of, is_shared, moves_of, tally_of
from umeed.books.codes import MeetingKind
from umeed.books.ledger import writing
from umeed.books.ledger.drafts import Draft
from umeed.books.meetings.documents import digest_of
from umeed.books.meetings.facts import standing_meetings
from umeed.books.models import Agreement, Book, Line, Loan, LoanDecision, LoanRequest, Meeting, OpenMeeting, Sheet
from umeed.books.rules.bodies import why_not_close_day
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import Trail, audited, picture
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.kernel.refusals import N_, Refusal

_CONFLICT = N_(
    "Another meeting stands in its place. Nothing of this one was written; both are kept until somebody decides."
)
_NOT_STANDING = N_("This meeting was taken back or corrected already.")
_NO_REASON = N_("Say why.")
_GOES_ON = N_("Something was repaid on a loan of that day since. Take that back first.")
_DECIDED = N_("A request of that day was decided later. Take that back first.")


def close_day(
    *,
    by: Scope,
    book: Book | int,
    said: Mapping[str, Any],
    is_sure: bool = False,
    replaces: UUID | None = None,
    why: str = "",
) -> Closed:
    """Close a day of a VO or CLF, all or nothing. Questions refuse it until `is_sure`. The same document again is
    known; the same id or number with another content is a Conflict, and what came is kept. `replaces` corrects one."""
    day = read(said)
    if isinstance(day, list):
        raise Refused(day)
    try:
        with transaction.atomic():
            return _close(by, book, day, is_sure=is_sure, replaces=replaces, why=why)
    except Conflict:
        keep_clash(by=by, book=book, uid=day.id, digest=digest_of(day), said=day.model_dump(mode="json"))
        raise


def _close(by: Scope, book: Book | int, day: BodyDay, *, is_sure: bool, replaces: UUID | None, why: str) -> Closed:
    pk = book.pk if isinstance(book, Book) else book
    hold_together(pk, _others(pk, day))
    kept = book_to_keep(by, book)
    if (known := _known(day)) is not None:
        return known
    with audited(by=by, did="correct_day" if replaces else "close_day", why=why) as trail:
        old = _take_back_money(by, kept, replaces, why) if replaces else None
        before = before_day(kept, day.on, number=day.number, today=by.today, without=replaces)
        reasons = why_not_close_day(day, before.facts, tally_of(day))
        if any(one.code == "number_taken" for one in reasons):
            raise Conflict([*reasons, Refusal("id", "conflict", _CONFLICT)])
        if reasons and not (is_sure and all(one.severity == "warn" for one in reasons)):
            raise Refused(reasons)
        if old is not None:
            _release(kept, old, trail, but_for=day)
        row = _write(by, kept, day, before, trail, old)
    return Closed(row.pk, is_new=True)


def known_before_day(
    *, by: Scope, book: Book, on: datetime.date, number: int | None, replaces: UUID | None = None
) -> BeforeDay:
    """What the book knows before a day that is being written; for a correction, as if the old one had not been."""
    if replaces is None:
        return before_day(book, on, number=number, today=by.today)
    with transaction.atomic():
        # Taken back only to look: exactly as it will be when the correction is closed.
        _take_back_money(by, book, replaces, why="–")
        found = before_day(book, on, number=number, today=by.today, without=replaces)
        transaction.set_rollback(True)
    return found


def _others(book: int, day: BodyDay) -> set[UUID]:
    """Bodies into whose books the day may write."""
    named = {one.body for part in (day.arrived, day.taken, day.lendings, day.passed, day.returned, day.given)
             for one in part}  # type: ignore[attr-defined]  # fmt: skip
    loans = [one.loan for one in (*day.repayments, *day.repaid)]
    lent = Loan.objects.filter(book=book, uid__in=loans, body__isnull=False).values_list("body", flat=True)
    return named | {body for body in lent if body}


def _known(day: BodyDay) -> Closed | None:
    row = Meeting.objects.filter(pk=day.id).values_list("digest", flat=True).first()
    if row is None:
        return None
    if bytes(row) != digest_of(day):
        raise Conflict([Refusal("id", "conflict", CONFLICT)])
    return Closed(day.id, is_new=False)


def _write(by: Scope, book: Book, day: BodyDay, before: BeforeDay, trail: Trail, old: Meeting | None) -> Meeting:
    _write_requests(book, day, trail)
    rows = {
        lent.loan: make_loan(
            by=by, book=book, before=before, loan=lent.loan, on=day.on, terms=lent, trail=trail, request=lent.request
        )
        for lent in day.lendings
    }
    made = {uid: _as_known(row, book) for uid, row in rows.items()}
    known = Known(before.known.kind, {**before.known.loans, **made}, before.known.bodies)
    entries = entries_of(day, known, cash_before=before.facts.cash)
    sheet = None
    if entries:
        sheet = writing.put_one(book.pk, Draft(day.id, day.on, Sheet.Kind.MEETING, tuple(entries)), by=by.viewer)
    _post_events(by, book, day, known)
    row = Meeting(
        id=day.id, book=book, number=day.number, version=_next_version(book, day.number), replaces=old,
        held_on=day.on, kind=day.kind, place=day.place or book.institution.meeting_place, president_id=day.president,
        sheet_id=sheet, counted_paise=day.counted or 0, said=day.model_dump(mode="json", exclude_defaults=True),
        digest=digest_of(day), closed_by=by.viewer, **_attendance(day),  # type: ignore[arg-type]
    )  # fmt: skip
    row.save(force_insert=True)
    told = {"book": book.pk, "number": day.number, "on": day.on.isoformat(), "sha256": row.digest.hex()}
    trail.rows("created", "books_meeting", [(str(row.pk), None, told)])
    trail.subject = ("books_meeting", str(row.pk))
    trail.at_place(book.institution.place_id)
    OpenMeeting.objects.filter(book=book, pk=day.id).delete()
    return row


def _as_known(loan: Loan, book: Book) -> SharedLoan:
    return SharedLoan(loan.pk, loan.head, loan.body_id, f"loan_from_{book.institution.kind}" if loan.twin_id else "")


def _write_requests(book: Book, day: BodyDay, trail: Trail) -> None:
    for asked in day.requests:
        put(trail, LoanRequest(
            id=asked.id, book=book, body_id=asked.body, asked_on=day.on, amount_paise=asked.paise,
            purpose=asked.purpose, note=asked.note,
        ))  # fmt: skip
    for one in day.decisions:
        put(trail, LoanDecision(
            id=one.id, book=book, request_id=one.request, decided_on=day.on, outcome=one.outcome,
            amount_paise=one.paise, way=one.way, voted=list(one.voted), promised_on=one.promised_on,
            jump_why=one.jump_why, why=one.why,
        ))  # fmt: skip


def _post_events(by: Scope, book: Book, day: BodyDay, known: Known) -> None:
    """One event a body, for all of the day that stands in its book too."""
    by_body: dict[UUID, list[Moved]] = {}
    for move in moves_of(day, known):
        if is_shared(move, known):
            by_body.setdefault(move.body, []).append(move)
    named = {move.loan for moves in by_body.values() for move in moves if move.loan is not None}
    loans = {loan.uid: loan for loan in Loan.objects.filter(book=book, uid__in=named)}
    for body in sorted(by_body):
        moves = [
            Move(one.ours, one.theirs, one.paise, loans[one.loan] if one.loan is not None else None)
            for one in by_body[body]
        ]
        post_event(by=by, book=book, other=body, uid=event_of(day.id, body), on=day.on, moves=moves)


def event_of(day: UUID, body: UUID) -> UUID:
    """The id of what a day says in the book of another body too."""
    return uuid5(day, f"event/{body}")


def take_back_day(*, by: Scope, day: UUID, id: UUID, why: str) -> Closed:
    """Take a day back whole, with a reason, in every book into which it wrote; its number is free for the right one."""
    with transaction.atomic():
        if (known := Meeting.objects.filter(pk=id, kind=MeetingKind.TAKEN_BACK).first()) is not None:
            return Closed(known.pk, is_new=False)
        found = Meeting.objects.filter(pk=day).values_list("book", flat=True).first() or 0
        hold_together(found, {body for body, _head in sums_by_body(found, by.today)})
        book = book_to_keep(by, found)
        with audited(by=by, did="take_back_day", why=why) as trail:
            old = _take_back_money(by, book, day, why)
            _release(book, old, trail)
            row = Meeting(
                id=id, book=book, number=old.number, version=old.version + 1, replaces=old, held_on=old.held_on,
                kind=MeetingKind.TAKEN_BACK, counted_paise=0, said={"why": why}, digest=b"", closed_by=by.viewer,
            )  # fmt: skip
            row.save(force_insert=True)
            trail.rows("created", "books_meeting", [(str(row.pk), None, {"book": book.pk, "takes_back": str(day)})])
            trail.at_place(book.institution.place_id)
    return Closed(row.pk, is_new=True)


def _release(book: Book, old: Meeting, trail: Trail, *, but_for: BodyDay | None = None) -> None:
    """Let go of what a day made and its correction does not make again: loans never paid out, decisions, requests."""
    said = old.said
    lent = _left(said.get("lendings"), "loan", but_for.lendings if but_for else (), "loan")
    loans = list(Loan.objects.filter(book=book, uid__in=lent))
    with as_system():
        pairs = [pk for loan in loans for pk in (loan.pk, loan.twin_id) if pk]
        moved = Line.objects.filter(sheet__book=book, loan__in=pairs).values("loan").annotate(paise=Sum("amount_paise"))
        refuse_if(Refusal("lendings", "goes_on", _GOES_ON) for one in moved if one["paise"])
        _remove(trail, Agreement.objects.filter(loan__in=pairs))
    for loan in loans:
        before = picture(loan)
        loan.request = None
        loan.save()
        trail.changed(loan, before)
    decisions = _left(said.get("decisions"), "id", but_for.decisions if but_for else (), "id")
    _remove(trail, LoanDecision.objects.filter(book=book, pk__in=decisions))
    asked = _left(said.get("requests"), "id", but_for.requests if but_for else (), "id")
    refuse_if(
        Refusal("requests", "decided_later", _DECIDED)
        for _one in LoanDecision.objects.filter(book=book, request__in=asked)[:1]
    )
    _remove(trail, LoanRequest.objects.filter(book=book, pk__in=asked))


def _bodies_said(said: Mapping[str, Any]) -> set[str]:
    parts = ("taken", "lendings", "passed", "returned", "given")
    return {one["body"] for part in parts for one in said.get(part, ())}


def _lenders_said(book: Book, said: Mapping[str, Any]) -> set[UUID]:
    loans = [one["loan"] for part in ("repayments", "repaid") for one in said.get(part, ())]
    bodies = Loan.objects.filter(book=book, uid__in=loans, body__isnull=False).values_list("body", flat=True)
    return {body for body in bodies if body}


def _take_back_money(by: Scope, book: Book, day: UUID, why: str) -> Meeting:
    old = standing_meetings(book).filter(pk=day).first()
    if old is None:
        raise Refused([Refusal("replaces", "not_standing", _NOT_STANDING)])
    refuse_if([] if why.strip() else [Refusal("why", "no_reason", _NO_REASON)])
    on = by.today if _is_locked(book, old) else old.held_on
    if old.sheet_id is not None:
        reverse_sheet(by=by, sheet=old.sheet_id, uid=uuid5(old.pk, "reversal"), why=why, on=on, is_part=True)
    bodies = {UUID(body) for body in _bodies_said(old.said)} | _lenders_said(book, old.said)
    events = [event_of(old.pk, body) for body in bodies]
    for sheet in Sheet.objects.filter(book=book, event__in=events).order_by("pk"):
        if sheet.event is not None:
            reverse_event(by=by, event=sheet.event, why=why, on=on)
    return old
