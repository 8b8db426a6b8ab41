"""Writes the year of books bundle by bundle: each whole, in one transaction, or not at all. A second run goes on."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, models
from django.utils import timezone

from umeed.books import bulk as books_bulk
from umeed.books.ledger import writing
from umeed.books.models import Agreement, Book, Bylaw, CutOff, Grading, Loan, LoanDecision, LoanRequest
from umeed.core.audit import Trail, audited
from umeed.core.roles import work_as_app, work_as_owner
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.institutions import bulk
from umeed.institutions.models import Membership
from umeed.simulator import reasons
from umeed.simulator.books import rows as columns
from umeed.simulator.books.bodies import Below, BodyYear, below_of
from umeed.simulator.books.reading import Bundle, Known, bundles, ids_of, read
from umeed.simulator.books.rows import Rows
from umeed.simulator.books.year import GroupYear, Span

WEEKS = 52
Told = Callable[[int, str], None]


@dataclass
class Counts:
    """What was written, and how long it took to think it out and to write it, in seconds."""

    books: int = 0
    meetings: int = 0
    sheets: int = 0
    lines: int = 0
    thought: float = 0.0
    wrote: float = 0.0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(one + two for one, two in zip(_values(self), _values(other), strict=True)))


def _values(counts: Counts) -> tuple[float, ...]:
    return counts.books, counts.meetings, counts.sheets, counts.lines, counts.thought, counts.wrote


def span_of(weeks: int) -> Span:
    """So many weeks, the last of them the one before this one."""
    now = timezone.localtime()
    monday = now.date() - datetime.timedelta(days=now.weekday())
    return Span(monday - datetime.timedelta(weeks=weeks), weeks, now)


def load(
    *, by: Scope, told: Told, seed: int, weeks: int = WEEKS, place: int | None = None, shown: UUID | None = None
) -> Counts:
    """Books with their year for every institution in a place that keeps none yet (all, when no place is given)."""
    span, whole = span_of(weeks), Counts()
    with as_system():
        found = bundles(place, span.now.date())
    for at, bundle in enumerate(found):
        whole += load_bundle(bundle, by=by, span=span, seed=seed, shown=shown)
        told(100 * (at + 1) // len(found), f"Books {whole.books:,}, meetings {whole.meetings:,}")
    return whole


def load_bundle(bundle: Bundle, *, by: Scope, span: Span, seed: int, shown: UUID | None = None) -> Counts:
    """One bundle, all or nothing."""
    began = time.monotonic()
    with as_system():
        known = read(bundle, span, shown)
        rows = invent(known, span, seed)
        thought = time.monotonic()
        if not rows.books:
            return Counts(thought=thought - began)
        with audited(by=by, did="invent_books", why=reasons.INVENTED) as trail:
            write(rows, trail, by=by.viewer)
    sheets = len(rows.sheets) + len(rows.derived) + len(rows.mirrors)
    lines = sum(len(draft.entries) for _book, draft in (*rows.sheets, *rows.derived))
    return Counts(len(rows.books), len(rows.meetings), sheets, lines, thought - began, time.monotonic() - thought)


def invent(known: Known, span: Span, seed: int) -> Rows:
    """The whole year of a bundle: groups first, then their VOs, then the CLF."""
    ids = list(ids_of(known))
    books = dict(zip(ids, books_bulk.numbers("books_book_id_seq", len(ids)), strict=True))
    rows = Rows(_numbers("books_loan_id_seq").__next__, span.now)
    below: dict[UUID, list[Below]] = {id: [] for id in ids}
    for group in known.groups:
        year = GroupYear(group, books[group.id], books, span, rows, seed)
        year.play()
        if group.vo is not None:
            below[group.vo.id].append(below_of(year))
    for bodies in (known.vos, known.clfs):
        for body in bodies:
            what = BodyYear(body, books[body.id], books, span, rows, seed, below[body.id]).play()
            if body.above is not None:
                below[body.above.id].append(what)
    return rows


def _numbers(sequence: str) -> Iterator[int]:
    while True:
        yield from books_bulk.numbers(sequence, 1000)


def write(rows: Rows, trail: Trail, *, by: str) -> None:
    """Everything in one transaction, in an order that keeps references whole."""
    with connection.cursor() as cursor:
        # A planner that has only seen small tables would compare every line there is with every sheet that is posted.
        cursor.execute("SET LOCAL enable_material = off")
    for model, names, made in (
        (Book, columns.BOOK, rows.books), (Bylaw, columns.BYLAW, rows.bylaws),
        (LoanRequest, columns.REQUEST, rows.requests), (LoanDecision, columns.DECISION, rows.decisions),
        (Loan, columns.LOAN, rows.loans), (Agreement, columns.AGREEMENT, rows.agreements),
        (Grading, columns.GRADING, rows.gradings),
    ):  # fmt: skip
        bulk.put(trail, model, names, made, note="together")
    _count(Book, Loan, Agreement)
    _leave(rows, trail)
    writing.put_many((*rows.sheets, *rows.derived), by=by)
    books_bulk.put_mirrors(rows.mirrors, by=by)
    _cut_offs(rows, trail, by)
    books_bulk.put_meetings(rows.meetings, by=by)
    trail.rows("created", "books_sheet", [("", None, {"rows": len(rows.sheets) + len(rows.derived)})])
    trail.rows("created", "books_meeting", [("", None, {"rows": len(rows.meetings)})])


def _leave(rows: Rows, trail: Trail) -> None:
    """End the memberships of women who left. Their books were settled in their last meeting."""
    names = ("during", "leave_reason")
    ended = ((id, {"during": [str(since), None]}, ((since, until), why)) for id, since, until, why in rows.leaving)
    bulk.change(trail, Membership, names, ended)


def _count(*tables: type[models.Model]) -> None:
    """Statistics of what this transaction has just written and its sheets will be checked against.

    Without them the planner takes the tables for as small as they were, and compares every line with every loan.
    """
    work_as_owner()
    try:
        with connection.cursor() as cursor:
            for model in tables:
                cursor.execute(f'ANALYZE "{model._meta.db_table}"')
    finally:
        if not connection.needs_rollback:
            work_as_app()


def _cut_offs(rows: Rows, trail: Trail, by: str) -> None:
    """Cut-offs name their sheet by its number, which it has now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT uid, id FROM books_sheet WHERE uid = ANY(%s)", [[one[2] for one in rows.cut_offs]])
        sheets = dict(cursor.fetchall())
    names = ("id", "book_id", "sheet_id", "said", "meetings_before", "checked_by", "checked_on")
    made = (
        (id, book, sheets[uid], said, before, "" if at % 4 == 3 else by, None if at % 4 == 3 else on)
        for at, (id, book, uid, said, before, on) in enumerate(rows.cut_offs)
    )
    bulk.put(trail, CutOff, names, made, note="together")
