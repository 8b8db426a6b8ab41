"""A year of invented books: what the bulk path writes is what the actions would have written, meeting by meeting."""

from __future__ import annotations

import contextlib
import dataclasses
from collections import Counter
from typing import Any
from uuid import UUID, uuid5

import pytest
from django.db import connection, transaction

from umeed.books.actions import close_meeting
from umeed.books.actions.cutoffs import post_cut_off
from umeed.books.actions.days import close_day
from umeed.books.bodies.agreeing import first_disagreement
from umeed.books.ledger.proving import first_difference
from umeed.books.models import Agreement, Book, Loan, LoanDecision, LoanRequest, Meeting
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.simulator import mission, sizes
from umeed.simulator.books import closing, loading, opening, turns
from umeed.simulator.books.reading import bundles, read
from umeed.simulator.books.rows import Rows
from umeed.simulator.books.year import Span
from umeed.simulator.sizes import Size

TINY = Size("tiny", 14, 2, 1, 1, panchayats_a_block=2, villages_a_block=3)


@pytest.fixture
def span() -> Span:
    return loading.span_of(30)


@pytest.fixture
def known(db: None, monkeypatch: pytest.MonkeyPatch, by: Scope, span: Span) -> Any:
    """The bundle of the home block's CLF."""
    monkeypatch.setitem(sizes.SIZES, "tiny", TINY)
    monkeypatch.setitem(sizes.SIZES, "village", TINY)
    mission.invent("tiny", by=by, told=lambda _percent, _words: None)
    with as_system():
        return max(bundles(None, span.now.date()), key=lambda bundle: len(bundle.ids))


def put(rows: Rows, by: Scope) -> None:
    with as_system(), audited(by=by, did="invent_books") as trail:
        loading.write(rows, trail, by=by.viewer)


def lines() -> Counter[tuple[Any, ...]]:
    """Every line of every sheet, with its loan by the id that is the same whoever wrote it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.uid, s.on_date, s.kind, i.institution_id, l.head, l.woman_id, o.uid, l.body_id, l.amount_paise"
            " FROM books_line l JOIN books_sheet s ON s.id = l.sheet_id JOIN books_book i ON i.id = s.book_id"
            " LEFT JOIN books_loan o ON o.id = l.loan_id"
        )
        return Counter(cursor.fetchall())


def facts() -> dict[str, Any]:
    """All that stands in the books: lines, meetings, loans with their terms, what was asked for and decided."""
    with as_system():
        return {
            "lines": lines(),
            "meetings": _rows(Meeting, "id", "book__institution", "number", "version", "replaces", "held_on", "kind",
                              "place", "president", "present", "late", "absent", "on_leave", "sheet__uid",
                              "counted_paise", "said", "digest"),
            "loans": _rows(Loan, "uid", "book__institution", "way", "head", "woman", "body", "twin__uid", "request",
                           "lent_on", "source", "purpose", "lender"),
            "agreements": _rows(Agreement, "id", "loan__uid", "since", "principal_paise", "rate_bp_a_year", "method",
                                "frequency", "instalments", "first_due", "multiple_paise", "rounding_paise", "halves",
                                "overdue_principal_paise", "overdue_interest_paise", "overdue_since", "carried"),
            "requests": _rows(LoanRequest, "id", "book__institution", "woman", "asked_on", "amount_paise", "purpose",
                              "instalments", "note"),
            "decisions": _rows(LoanDecision, "id", "request", "decided_on", "outcome", "amount_paise", "way", "voted",
                               "promised_on", "jump_why", "why"),
        }  # fmt: skip


def _rows(model: Any, *names: str) -> dict[Any, Any]:
    plain = (tuple(bytes(one) if isinstance(one, memoryview) else one for one in row)
             for row in model.objects.values_list(*names))  # fmt: skip
    return {row[0]: dict(zip(names, row, strict=True)) for row in plain}


class _Undone(Exception):
    """Takes back what was written."""


def written_in_bulk(rows: Rows, by: Scope) -> dict[str, Any]:
    """What the bulk path writes, every guard heard, and taken back."""
    found: dict[str, Any] = {}
    with contextlib.suppress(_Undone), transaction.atomic():
        put(rows, by)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert first_difference() is None
        found = facts()
        raise _Undone
    return found


def written_by_actions(rows: Rows, by: Scope) -> dict[str, Any]:
    """The same year: what no meeting makes in bulk, then every meeting in the order of days through the actions."""
    lent = {UUID(one["loan"]) for meeting in rows.meetings for one in meeting.said.get("lendings", ())}
    lent |= {uuid5(loan, "twin") for loan in lent}
    loans = {row[0] for row in rows.loans if row[1] in lent}
    put(dataclasses.replace(
        rows, derived=[], mirrors=[], meetings=[], requests=[], decisions=[],
        loans=[row for row in rows.loans if row[0] not in loans],
        agreements=[row for row in rows.agreements if row[2] not in loans],
    ), by)  # fmt: skip
    groups = set(Book.objects.filter(institution__kind="shg").values_list("pk", flat=True))
    with as_system():
        for meeting in sorted(rows.meetings, key=lambda one: (one.on, one.version)):
            close = close_meeting if meeting.book in groups else close_day
            close(by=by, book=meeting.book, said=meeting.said, is_sure=True, replaces=meeting.replaces, why=meeting.why)
    return facts()


def test_what_is_invented_is_what_the_actions_would_write(
    known: Any, by: Scope, span: Span, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every meeting goes once more through the action: no reason against it, and not a paisa is different."""
    monkeypatch.setattr(closing, "CORRECTED", 0.03)
    monkeypatch.setattr(turns, "LEAVE", 0.9)
    with as_system():
        rows = loading.invent(read(known, span), span, seed=7)
    bulk = written_in_bulk(rows, by)
    assert len(bulk["meetings"]) > 200 and any(row["replaces"] for row in bulk["meetings"].values())
    assert rows.leaving and len(rows.bylaws) > len(rows.books)
    assert any(row["twin__uid"] for row in bulk["loans"].values()) and bulk["decisions"]
    acted = written_by_actions(rows, by)
    for name, stands in bulk.items():
        assert acted[name] == stands, name
    assert first_disagreement() is None


@pytest.mark.parametrize("saved", [opening.MOST_SAVED, 500_00], ids=["usual", "little"])
def test_a_cut_off_is_what_the_action_would_post(
    known: Any, by: Scope, span: Span, monkeypatch: pytest.MonkeyPatch, saved: int
) -> None:
    """Nothing is to be said against any, and lines, loans and terms are the same; also of women who saved little."""
    monkeypatch.setattr(opening, "MOST_SAVED", saved)
    with as_system():
        rows = loading.invent(read(known, span), span, seed=7)
    bulk = written_in_bulk(rows, by)
    put(Rows(rows.number, rows.now, books=rows.books, bylaws=rows.bylaws), by)
    groups = {book: institution for book, institution, _since in rows.books}
    with as_system():
        for _id, book, _sheet, said, _before, _on in rows.cut_offs:
            post_cut_off(by=by, group=groups[book], said=said, is_sure=True)
    acted = facts()
    assert len(rows.cut_offs) > 8
    assert saved < 4_500_00 or any(row["carried"]["overdue"] for row in acted["agreements"].values())
    with_cut_off = {groups[row[1]] for row in rows.cut_offs}
    first = {line: count for line, count in bulk["lines"].items() if line[2] == 4 and line[3] in with_cut_off}
    assert acted["lines"] == first
    for name in ("agreements", "loans"):
        for key, row in acted[name].items():
            assert {**bulk[name][key], "twin__uid": None} == {**row, "twin__uid": None}, name
