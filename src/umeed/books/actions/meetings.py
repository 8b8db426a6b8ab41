"""Closing a group's meeting: its sheet, loans, requests, what it sends on and its record; taking it back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from umeed.books.actions.events import Move, post_event
from umeed.books.actions.finding import book_to_keep
from umeed.books.actions.records import (
    Closed,
    all_or_a_clash,
    closed_before,
    known_as,
    refuse_if_below,
    refuse_to_close,
    take_back_money,
    taken_back_before,
    taken_back_with,
    write_meeting,
    write_taken_back,
)
from umeed.books.actions.releasing import Made, put, put_decisions, put_loan, release
from umeed.books.actions.reversing import event_of, hold_all
from umeed.books.ledger.drafts import Entry
from umeed.books.meetings.documents import MeetingDocument, read
from umeed.books.meetings.facts import Before, before, before_closing, known_loan
from umeed.books.meetings.known import Written
from umeed.books.meetings.quiet import is_surely_right
from umeed.books.meetings.sums import INTEREST, KnownLoan, entries_of, given_head, tally_of
from umeed.books.models import Agreement, Book, Loan, LoanRequest, Meeting
from umeed.books.rules.meetings import why_not_close
from umeed.core.actions import Refused
from umeed.core.audit import Trail, audited
from umeed.core.plans import plans_kept
from umeed.core.scope import Scope
from umeed.kernel.money import Paise


def known_before(
    *, by: Scope, book: Book, on: datetime.date, number: int | None, replaces: UUID | None = None
) -> Before:
    """What the book knows before a meeting that is being written; for a correction, as if the old one had not been."""
    if replaces is None:
        return before(book, on, number=number, today=by.today)
    with transaction.atomic():
        hold_all(book, replaces)
        # Taken back only to look: exactly as it will be when the correction is closed.
        take_back_money(by=by, book=book, meeting=replaces, why="–", is_correction=True)
        found = before(book, on, number=number, today=by.today, without=replaces)
        transaction.set_rollback(True)
    return found


@plans_kept()
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
    with all_or_a_clash(by=by, book=book, held=meeting):
        return _close(by, book, meeting, is_sure=is_sure, replaces=replaces, why=why)


def _close(
    by: Scope, book: Book | int, meeting: MeetingDocument, *, is_sure: bool, replaces: UUID | None, why: str
) -> Closed:
    hold_all(book, replaces, _sent_on(meeting))
    kept = book_to_keep(by, book)
    if replaces is not None:
        return _correct(by, kept, meeting, is_sure=is_sure, replaces=replaces, why=why)
    facts = before_closing(kept, meeting.on, number=meeting.number, today=by.today, written=_written(meeting))
    if (known := known_as(meeting, facts.place.digest)) is not None:
        return known
    refuse_to_close(why_not_close(meeting, facts.facts, tally_of(meeting)), is_sure=is_sure)
    with audited(by=by, did="close_meeting", why=why, savepoint=False) as trail:
        _write(by, kept, meeting, facts, trail, None)
    return Closed(meeting.id, is_new=True)


def _correct(
    by: Scope, book: Book, meeting: MeetingDocument, *, is_sure: bool, replaces: UUID, why: str
) -> Closed:  # fmt: skip
    if (known := closed_before(meeting)) is not None:
        return known
    with audited(by=by, did="correct_meeting", why=why, savepoint=False) as trail:
        old = take_back_money(by=by, book=book, meeting=replaces, why=why, is_correction=True)
        facts = before_closing(
            book, meeting.on, number=meeting.number, today=by.today, without=replaces, written=_written(meeting)
        )
        refuse_to_close(why_not_close(meeting, facts.facts, tally_of(meeting)), is_sure=is_sure)
        release(book, old, trail, but_for=meeting)
        _write(by, book, meeting, facts, trail, old)
    return Closed(meeting.id, is_new=True)


def _sent_on(meeting: MeetingDocument) -> Mapping[str, Any]:
    """What of it may be written in the books of others too."""
    if not meeting.given and not meeting.repaid:
        return {}
    return meeting.model_dump(mode="json", include={"given", "repaid"})


def _written(meeting: MeetingDocument) -> Written:
    """What it makes, and all that its rules and its lines look at."""
    asked, decided = (one.id for one in meeting.requests), (one.id for one in meeting.decisions)
    lent = (id for one in meeting.lendings for id in (one.loan, _first_terms(one.loan)))
    return Written(
        meeting.id, meeting.number, made=(*asked, *decided, *lent),
        loans=[one.loan for one in (*meeting.repayments, *meeting.repaid, *meeting.drawn)],
        women=[one.woman for one in meeting.lendings], asks_savings=bool(meeting.withdrawals),
        asks_queue=bool(meeting.decisions or meeting.lendings),
        asks_bodies=bool(meeting.repaid or meeting.given or meeting.arrived or meeting.left),
        asks_sources=any(one.source != "own" for one in meeting.lendings),
    )  # fmt: skip


def _first_terms(loan: UUID) -> UUID:
    return uuid5(loan, "agreement/1")


def _write(
    by: Scope, book: Book, meeting: MeetingDocument, known: Before, trail: Trail, old: Meeting | None
) -> None:  # fmt: skip
    made: Made | None = {} if known.place.are_new else None
    _write_requests(book, meeting, trail, made)
    # The rules found each loan that it names among those that run, or that may come back.
    loans = {one.loan.uid: known_loan(one) for one in known.every} | _write_loans(book, meeting, known, trail, made)
    entries = entries_of(meeting, loans, known.bodies, cash_before=known.facts.cash)
    write_meeting(
        by=by, book=book, held=meeting, entries=entries, made=made or {}, replaces=old, trail=trail, place=known.place
    )
    here = [*entries, *_send_on(by, book, meeting, known)]
    if old is not None or not is_surely_right(known, here):
        moved = taken_back_with(old) if old is not None else {}
        refuse_if_below(book, {**moved, meeting.on: [*moved.get(meeting.on, ()), *here]}, by.today)


def _write_requests(book: Book, meeting: MeetingDocument, trail: Trail, made: Made | None) -> None:
    for asked in meeting.requests:
        put(trail, LoanRequest(
            id=asked.id, book=book, woman_id=asked.woman, asked_on=meeting.on, amount_paise=asked.paise,
            purpose=asked.purpose, instalments=asked.instalments, note=asked.note,
        ), made)  # fmt: skip
    put_decisions(trail, book, meeting, made)


def _write_loans(
    book: Book, meeting: MeetingDocument, known: Before, trail: Trail, made: Made | None
) -> dict[UUID, KnownLoan]:
    """Loans that are paid out, with their terms; what the lines need of them."""
    lent_now = {}
    bylaws = known.bylaws
    for lent in meeting.lendings:
        loan = put_loan(trail, Loan(
            uid=lent.loan, book=book, way=Loan.Way.GIVEN, head="loan_to_member", woman_id=lent.woman,
            request_id=lent.request, lent_on=meeting.on, source=lent.source, purpose=lent.purpose,
        ), made)  # fmt: skip
        put(trail, Agreement(
            id=_first_terms(lent.loan), book=book, loan=loan, since=meeting.on, principal_paise=lent.paise,
            rate_bp_a_year=lent.rate_bp_a_year, method=lent.method, frequency=lent.frequency,
            instalments=lent.instalments, first_due=lent.first_due, multiple_paise=bylaws.multiple,
            rounding_paise=bylaws.rounding.unit, halves=bylaws.rounding.halves,
            part_month=bylaws.part_month,
        ), made)  # fmt: skip
        lent_now[lent.loan] = KnownLoan(loan.pk, loan.head, lent.woman)
    return lent_now


def _send_on(by: Scope, book: Book, meeting: MeetingDocument, known: Before) -> list[Entry]:
    """What goes to a VO or CLF that keeps a book here, one event a body; answers what it settles in this one."""
    shared = {one.loan.uid: one.loan for one in known.every if one.loan.twin_id is not None}
    off = {one.loan.uid for one in known.off}
    moves: dict[UUID, list[Move]] = {}
    for repaid in meeting.repaid:
        loan = shared.get(repaid.loan)
        if loan is None or loan.body_id is None:
            continue
        hers = moves.setdefault(loan.body_id, [])
        if repaid.loan in off:
            # Of a loan that was written off: neither a repayment nor interest, in both books.
            hers.append(Move("written_off", "written_off", Paise(repaid.paise), loan))
            continue
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
        post_event(by=by, book=book, other=body, uid=event_of(meeting.id, body), on=meeting.on, moves=done)
    return [one.entry for done in moves.values() for one in done]


def take_back_meeting(*, by: Scope, meeting: UUID, id: UUID, why: str) -> Closed:
    """Take a meeting back whole, with a reason: its sheet is reversed, and its number is free for the right one. In a
    month that is closed its money is turned back today, and its number stays empty."""
    with transaction.atomic():
        if (known := taken_back_before(id, meeting, why)) is not None:
            return known
        found = Meeting.objects.filter(pk=meeting).values_list("book", flat=True).first() or 0
        hold_all(found, meeting)
        book = book_to_keep(by, found)
        with audited(by=by, did="take_back_meeting", why=why) as trail:
            old = take_back_money(by=by, book=book, meeting=meeting, why=why)
            refuse_if_below(book, taken_back_with(old), by.today)
            release(book, old, trail)
            return write_taken_back(by=by, book=book, old=old, id=id, why=why, trail=trail)
