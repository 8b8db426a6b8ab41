"""Closing a day of a VO or CLF: its sheet, what stands in other books too, loans and its record; taking it back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from umeed.books.actions.bodies import make_loan
from umeed.books.actions.events import Move, post_event
from umeed.books.actions.finding import book_to_keep
from umeed.books.actions.records import (
    Closed,
    all_or_a_clash,
    closed_before,
    refuse_if_below,
    refuse_to_close,
    take_back_money,
    taken_back_before,
    taken_back_with,
    write_record,
    write_sheet,
    write_taken_back,
)
from umeed.books.actions.releasing import left_out, put, put_decisions, release_asked, release_requests_of, remove
from umeed.books.actions.reversing import event_of, hold_all
from umeed.books.bodies.documents import BodyDay, read
from umeed.books.bodies.facts import BeforeDay, before_day
from umeed.books.bodies.sums import Known, Moved, SharedLoan, entries_of, is_shared, moves_of, tally_of
from umeed.books.ledger.drafts import Entry
from umeed.books.models import Agreement, Book, Line, Loan, LoanDecision, LoanRequest, Meeting
from umeed.books.rules.bodies import why_not_close_day
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import Trail, audited
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.kernel.refusals import N_, Refusal

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
    with all_or_a_clash(by=by, book=book, held=day):
        return _close(by, book, day, is_sure=is_sure, replaces=replaces, why=why)


def _close(by: Scope, book: Book | int, day: BodyDay, *, is_sure: bool, replaces: UUID | None, why: str) -> Closed:
    hold_all(book, replaces, day.model_dump(mode="json"))
    kept = book_to_keep(by, book)
    if (known := closed_before(day)) is not None:
        return known
    with audited(by=by, did="correct_day" if replaces else "close_day", why=why) as trail:
        old = None
        if replaces:
            old = take_back_money(by=by, book=kept, meeting=replaces, why=why, is_correction=True)
        before = before_day(kept, day.on, number=day.number, today=by.today, without=replaces)
        refuse_to_close(why_not_close_day(day, before.facts, tally_of(day)), is_sure=is_sure)
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
        hold_all(book, replaces)
        # Taken back only to look: exactly as it will be when the correction is closed.
        take_back_money(by=by, book=book, meeting=replaces, why="–", is_correction=True)
        found = before_day(book, on, number=number, today=by.today, without=replaces)
        transaction.set_rollback(True)
    return found


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
    sheet = write_sheet(by=by, book=book, held=day, entries=entries)
    sent = _post_events(by, book, day, known)
    moved = taken_back_with(old) if old is not None else {}
    refuse_if_below(book, {**moved, day.on: [*moved.get(day.on, ()), *entries, *sent]}, by.today)
    return write_record(by=by, book=book, held=day, sheet=sheet, replaces=old, trail=trail)


def _as_known(loan: Loan, book: Book) -> SharedLoan:
    return SharedLoan(loan.pk, loan.head, loan.body_id, f"loan_from_{book.institution.kind}" if loan.twin_id else "")


def _write_requests(book: Book, day: BodyDay, trail: Trail) -> None:
    for asked in day.requests:
        put(trail, LoanRequest(
            id=asked.id, book=book, body_id=asked.body, asked_on=day.on, amount_paise=asked.paise,
            purpose=asked.purpose, note=asked.note,
        ))  # fmt: skip
    put_decisions(trail, book, day)


def _post_events(by: Scope, book: Book, day: BodyDay, known: Known) -> list[Entry]:
    """One event a body, for all of the day that stands in its book too; answers what of it stands in this one."""
    by_body: dict[UUID, list[Moved]] = {}
    posted: list[Entry] = []
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
        posted += [one.entry for one in moves]
    return posted


def take_back_day(*, by: Scope, day: UUID, id: UUID, why: str) -> Closed:
    """Take a day back whole, with a reason, in every book into which it wrote; its number is free for the right one."""
    with transaction.atomic():
        if (known := taken_back_before(id, day, why)) is not None:
            return known
        found = Meeting.objects.filter(pk=day).values_list("book", flat=True).first() or 0
        hold_all(found, day)
        book = book_to_keep(by, found)
        with audited(by=by, did="take_back_day", why=why) as trail:
            old = take_back_money(by=by, book=book, meeting=day, why=why)
            _release(book, old, trail)
            refuse_if_below(book, taken_back_with(old), by.today)
            return write_taken_back(by=by, book=book, old=old, id=id, why=why, trail=trail)


def _release(book: Book, old: Meeting, trail: Trail, *, but_for: BodyDay | None = None) -> None:
    """Let go of what a day made and its correction does not make again: loans never paid out, decisions, requests."""
    lent = left_out(old.said.get("lendings"), "loan", but_for.lendings if but_for else ())
    loans = list(Loan.objects.filter(book=book, uid__in=lent))
    with as_system():
        pairs = [pk for loan in loans for pk in (loan.pk, loan.twin_id) if pk]
        # Under each head, in both books: what was repaid and what was paid as interest are not one sum.
        moved = Line.objects.filter(loan__in=pairs).values("loan", "head").annotate(paise=Sum("amount_paise"))
        refuse_if(Refusal("lendings", "goes_on", _GOES_ON) for one in moved if one["paise"])
        remove(trail, Agreement.objects.filter(loan__in=pairs))
    release_requests_of(loans, trail)
    release_asked(book, old, trail, but_for=but_for, why_decided=_why_decided)


def _why_decided(_later: LoanDecision) -> Refusal:
    return Refusal("requests", "decided_later", _DECIDED)
