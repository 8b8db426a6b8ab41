"""What holds of posting, whatever happened before: whole, for ever, once, in any order, taken back, closed."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from umeed.books.actions import Conflict, lock_month, post_sheet, reverse_sheet
from umeed.books.ledger.balances import balances
from umeed.books.ledger.drafts import Draft
from umeed.books.ledger.proving import first_difference
from umeed.books.models import Line, Movement, Sheet
from umeed.books.tests.attacks.test_shapes import put
from umeed.books.tests.making import BEGAN
from umeed.books.tests.properties.histories import HISTORIES, LAST, Step, World, all_lines, lived, quickly, rows
from umeed.books.tests.raw import FIRST, LINE, line, sheet_of
from umeed.core.actions import Refused
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id

AMOUNTS = st.lists(st.integers(1, 10**9), min_size=1, max_size=6)


@given(
    HISTORIES, AMOUNTS, st.sampled_from(["uneven", "short", "long", "empty", "nought", "headless", "late", "elsewhere"])
)
@quickly(max_examples=24)
def test_01_every_posted_sheet_is_whole_and_no_other_goes_in(world: World, steps, amounts, wrong) -> None:
    with lived(world, steps[:4]) as now:
        lines: list[tuple[Any, ...]] = [(423, -one) for one in amounts] + [(101, sum(amounts))]
        said: dict[str, Any] = {}
        if wrong == "uneven":
            lines[0] = (423, lines[0][1] - 1)
        elif wrong == "nought":
            lines += [(101, 0)]
        elif wrong == "empty":
            lines = []
        elif wrong in ("short", "long"):
            said["line_count"] = len(lines) + (1 if wrong == "short" else -1)
        with pytest.raises(DatabaseError), transaction.atomic():
            if wrong in ("uneven", "nought", "empty", "short", "long"):
                put(FIRST, now.books[0].pk, lines, **said)
            else:
                _put_beside(now, wrong, lines)
        assert not Sheet.objects.filter(pk=FIRST).exists() and not Line.objects.filter(sheet=FIRST).exists()
        told = rows(
            "SELECT s.id FROM books_sheet s LEFT JOIN books_line l ON l.sheet_id = s.id GROUP BY s.id"
            " HAVING sum(l.amount_paise) IS DISTINCT FROM 0 OR count(l.*) <> s.line_count"
            " OR bool_or(l.book_id <> s.book_id)"
        )
        assert told == []


def _put_beside(now: World, wrong: str, lines: list[tuple[Any, ...]]) -> None:
    """Lines without a sheet, after or before theirs, or in another book than it."""
    mine, others = (book.pk for book in now.books[:2])
    if wrong == "elsewhere":
        sql, values = sheet_of(FIRST, mine, lines, book_id=others)
        _run(sql, values)
    if wrong == "late":
        put(FIRST, mine, lines)
    for at, (head, paise) in enumerate(lines, 50 if wrong == "late" else 1):
        _run(LINE, line(FIRST, at, mine, head, paise))


def _run(sql: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


CHANGES = st.builds(
    lambda table, change, where: change.format(table=table) + where,
    st.sampled_from(["books_sheet", "books_line"]),
    st.sampled_from([
        "UPDATE {table} SET book_id = book_id + 1", "UPDATE {table} SET book_id = book_id", "DELETE FROM {table}",
        "TRUNCATE {table} CASCADE", "TRUNCATE {table}",
    ]),
    st.sampled_from(["", " WHERE true", " WHERE book_id > 0"]),
)  # fmt: skip


@given(HISTORIES, CHANGES)
@quickly(max_examples=15)
def test_02_nothing_that_is_posted_is_changed_or_removed(world: World, steps, change) -> None:
    with lived(world, [Step("receive", 0, 0, 500_00, 3, 0), *steps[:3]]):
        before = all_lines()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
        assert all_lines() == before != []


@given(HISTORIES, st.integers(0, 30), st.integers(1, 5))
@quickly(max_examples=15)
def test_03_posted_twice_is_posted_once_and_other_content_is_a_conflict(world: World, steps, which, more) -> None:
    with lived(world, steps) as now:
        if not now.drafts:
            return
        before = all_lines()
        book, draft = now.drafts[which % len(now.drafts)]
        first = Sheet.objects.get(uid=draft.uid)
        again = post_sheet(by=us(), book=book, draft=draft)
        assert (again.sheet, again.is_new) == (first.pk, False)
        other = Draft(draft.uid, draft.on - datetime.timedelta(days=more), draft.kind, draft.entries)
        with pytest.raises(Conflict):
            post_sheet(by=us(), book=book, draft=other)
        assert all_lines() == before


@given(HISTORIES, st.randoms(use_true_random=False), st.integers(0, 14))
@quickly(max_examples=12)
def test_04_any_order_repetition_and_partial_retry_give_the_same_books(world: World, steps, chance, part) -> None:
    with lived(world, steps) as now:
        drafts = list(now.drafts)
        sure = [one for one in drafts if _only_adds(one[1])]
        before = [balances(book.pk, us().today) for book in now.books]
        sent = [(book, Draft(new_id(), one.on, one.kind, one.entries)) for book, one in sure]
        with transaction.atomic():
            for book, one in sent:
                post_sheet(by=us(), book=book, draft=one)
            straight = [balances(book.pk, us().today) for book in now.books]
            transaction.set_rollback(True)
        assert [balances(book.pk, us().today) for book in now.books] == before
        tried = [*sent[:part], *chance.sample(sent, len(sent)), *sent]
        for book, one in tried:
            post_sheet(by=us(), book=book, draft=one)
        assert [balances(book.pk, us().today) for book in now.books] == straight
        assert first_difference() is None


def _only_adds(draft: Draft) -> bool:
    """Whether it can come at any time: it takes nothing out of anything."""
    takes = {"cash", "bank", "loan_to_member"}
    savings = {"saving_compulsory", "saving_health", "saving_optional"}
    return all(one.amount > 0 for one in draft.entries if one.head in takes) and all(
        one.amount < 0 for one in draft.entries if one.head in savings
    )


class _Crash(Exception):
    pass


@given(HISTORIES, st.integers(0, 25))
@quickly(max_examples=20)
def test_04_a_crash_between_any_two_statements_leaves_nothing(world: World, steps, after) -> None:
    with lived(world, steps[:3]) as now:
        before, left = (all_lines(), Sheet.objects.count(), list(Movement.objects.order_by("pk").values())), [after]

        def crash(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if not left[0]:
                raise _Crash
            left[0] -= 1
            return execute(sql, params, many, context)

        step = Step("meet", 0, 0, 50_00, 10, 0)
        try:
            with transaction.atomic(), connection.execute_wrapper(crash):
                now.live([step])
        except _Crash:
            assert (all_lines(), Sheet.objects.count(), list(Movement.objects.order_by("pk").values())) == before
        else:
            assert Sheet.objects.count() == before[1] + 1
        assert first_difference() is None


@given(HISTORIES)
@quickly(max_examples=20)
def test_05_movements_are_the_sums_of_their_lines(world: World, steps) -> None:
    with lived(world, steps):
        sums: dict[tuple[int, int, int], list[int]] = {}
        for book, on, _sheet, head, paise, *_about in all_lines():
            month = sums.setdefault((book, on.year * 12 + on.month - 1, head), [0, 0])
            month[paise < 0] += abs(paise)
        kept = {(m.book_id, m.month, m.head): [m.debit_paise, m.credit_paise] for m in Movement.objects.all()}
        assert kept == sums
        assert first_difference() is None


@given(HISTORIES, st.integers(0, 30))
@quickly(max_examples=15)
def test_06_a_reversal_takes_all_back_once_and_is_taken_back_once(world: World, steps, which) -> None:
    with lived(world, steps) as now:
        open_ones = [one for one in now.posted if not Sheet.objects.filter(reverses=one[1]).exists()]
        if not open_ones:
            return
        book, wrong = open_ones[which % len(open_ones)]
        before = balances(book, us().today)
        sql = "SELECT head, sum(amount_paise)::bigint FROM books_line WHERE sheet_id = %s GROUP BY 1"
        lines = dict(rows(sql, [wrong]))
        try:
            undone = reverse_sheet(by=us(), sheet=wrong, uid=new_id(), why="Wrong")
        except Refused:
            return
        assert sum(balances(book, us().today).values()) == sum(before.values()) - sum(lines.values()) == 0
        with pytest.raises(Refused):
            reverse_sheet(by=us(), sheet=wrong, uid=new_id(), why="Twice")
        redone = reverse_sheet(by=us(), sheet=undone.sheet, uid=new_id(), why="Right after all")
        assert balances(book, us().today) == before
        with pytest.raises(Refused):
            reverse_sheet(by=us(), sheet=undone.sheet, uid=new_id(), why="Twice")
        assert redone.is_new and first_difference() is None


@given(HISTORIES, HISTORIES, st.integers(0, LAST))
@quickly(max_examples=15)
def test_13_a_closed_month_keeps_its_totals(world: World, steps, more, later) -> None:
    with lived(world, steps) as now:
        month = BEGAN + datetime.timedelta(days=later)
        for book in now.books:
            lock_month(by=us(), book=book, month=month)
        number = month.year * 12 + month.month - 1
        before = list(Movement.objects.filter(month=number).order_by("pk").values())
        now.live(more)
        assert list(Movement.objects.filter(month=number).order_by("pk").values()) == before
        assert first_difference() is None
