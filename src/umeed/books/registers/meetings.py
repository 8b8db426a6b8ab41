"""The attendance and savings register, and the monthly report."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, ngettext, pgettext

from umeed.books.heads import BY_KEY, SAVINGS
from umeed.books.ledger.balances import balances, kept_women
from umeed.books.meetings.facts import members, savings_of_women, standing_meetings
from umeed.books.models import Book, Meeting
from umeed.books.registers.accounts import movements, surplus_of
from umeed.books.registers.loans import loans_on, overdue
from umeed.books.registers.papering import (
    ONE_DAY,
    money,
    officers,
    paper,
    register_url,
    some,
    summed,
    table,
)
from umeed.books.registers.reading import Names, names, sheets
from umeed.core.papers.shapes import Column, Fact, Paper, Row, Table
from umeed.kernel.money import grouped
from umeed.kernel.periods import Period

MEETINGS_A_TABLE = 7
LOAN_HEADS = ("loan_to_member", "loan_to_body", "loan_from_bank", "loan_from_vo", "loan_from_clf", "loan_from_other")


# Attendance and savings ---------------------------------------------------------------------------------------------


def attendance_and_savings(book: Book, period: Period) -> Paper:
    """Women by meetings: who came, what each saved. At most nine questions."""
    held = list(
        standing_meetings(book)
        .filter(held_on__gte=period.first_day, held_on__lte=period.last_day, number__isnull=False)
        .order_by("held_on", "number")
    )
    before = _saved(savings_of_women(book, period.first_day - ONE_DAY))
    after = _saved(savings_of_women(book, period.last_day))
    found = sheets(book, period.first_day, period.last_day, heads=SAVINGS)
    named = {pk for one in held for part in (one.present, one.late, one.absent, one.on_leave) for pk in part}
    kept = kept_women(named)
    women = set(kept.values()) | {w for w in {*before, *after} if before.get(w) or after.get(w)}
    women |= {post.woman for one in found for post in one.posts if post.woman}
    told = names(women)
    order = sorted(women, key=lambda woman: (told.woman(woman), str(woman)))
    saved: dict[tuple[UUID, int | None], int] = {}
    back: dict[UUID, int] = {}
    for one in found:
        stands = next((m.sheet_id for m in held if m.sheet_id == one.sheet), None)
        for post in one.posts:
            if stands is not None and post.paise > 0:
                back[post.woman] = back.get(post.woman, 0) + post.paise  # type: ignore[index, arg-type]
                continue
            key = (post.woman, stands)  # type: ignore[assignment]
            saved[key] = saved.get(key, 0) - post.paise  # type: ignore[index, arg-type]
    tables = [
        *(_came(part, order, told, kept) for part in _parts(held)),
        *(_saved_in(book, part, order, told, saved) for part in _parts(held)),
        _saved_in_all(order, told, before, saved, back, after),
    ]
    return paper(
        book, gettext("Attendance and savings"), tables, period=period, form="a4_landscape", signatures=officers(),
        notes=[gettext("P came, L came late, A was absent, V was on leave.")],
    )  # fmt: skip


def _parts(held: Sequence[Meeting]) -> Iterable[Sequence[Meeting]]:
    """So many meetings as a page is wide."""
    return (held[at : at + MEETINGS_A_TABLE] for at in range(0, len(held), MEETINGS_A_TABLE))


def _saved(of: dict[Any, Any]) -> dict[UUID, int]:
    sums: dict[UUID, int] = {}
    for (woman, _head), paise in of.items():
        sums[woman] = sums.get(woman, 0) + int(paise)
    return sums


def _came(held: Sequence[Meeting], order: Sequence[UUID], told: Names, kept: dict[UUID, UUID]) -> Table:
    marks = {
        "present": pgettext("mark of attendance", "P"), "late": pgettext("mark of attendance", "L"),
        "absent": pgettext("mark of attendance", "A"), "on_leave": pgettext("mark of attendance", "V"),
    }  # fmt: skip
    states = [
        {kept.get(pk, pk): mark for state, mark in marks.items() for pk in getattr(one, state)} for one in held
    ]  # fmt: skip
    rows = []
    for woman in order:
        line = [state.get(woman, "") for state in states]
        came = sum(1 for mark in line if mark in (marks["present"], marks["late"]))
        rows.append(Row((told.woman(woman), *line, came)))
    if rows:
        came_in_all = [one.who_came for one in held]
        rows.append(Row((gettext("Came"), *came_in_all, sum(came_in_all)), "total"))
    columns = [Column(gettext("Name"), width=22), *(Column(_heading(one), width=9) for one in held),
               Column(gettext("Came"), "count")]  # fmt: skip
    return table(gettext("Attendance"), columns, rows)


def _heading(one: Meeting) -> str:
    return f"{one.number} · {one.held_on:%d-%m}"


def _saved_in(
    book: Book, held: Sequence[Meeting], order: Sequence[UUID], told: Names, saved: dict[tuple[UUID, int | None], int]
) -> Table:
    rows = []
    for woman in order:
        line = [some(saved.get((woman, one.sheet_id), 0)) if one.sheet_id else None for one in held]
        cells = (told.woman(woman), *line, sum(paise or 0 for paise in line))
        rows.append(Row(cells, href=register_url(book, "passbook", woman=woman)))
    columns = [Column(gettext("Name"), width=22), *(Column(_heading(one), "paise") for one in held),
               *money(gettext("Total"))]  # fmt: skip
    return table(gettext("Savings"), columns, summed(rows, *range(1, len(held) + 2)))


def _saved_in_all(
    order: Sequence[UUID], told: Names, before: dict[UUID, int], saved: dict[tuple[UUID, int | None], int],
    back: dict[UUID, int], after: dict[UUID, int],
) -> Table:  # fmt: skip
    """Of every woman: what she had, saved in meetings, was given back there, what moved besides, and what she has."""
    rows = []
    for woman in order:
        outside = saved.get((woman, None), 0)
        inside = sum(paise for (whose, sheet), paise in saved.items() if whose == woman and sheet is not None)
        rows.append(Row((
            told.woman(woman), before.get(woman, 0), some(inside), some(back.get(woman, 0)), some(outside),
            after.get(woman, 0),
        )))  # fmt: skip
    columns = [
        Column(gettext("Name"), width=22),
        *money(gettext("Opening balance"), gettext("Saved in meetings"), gettext("Given back"),
               gettext("Besides"), gettext("Closing balance")),
    ]  # fmt: skip
    return table(gettext("Savings in all"), columns, summed(rows, 1, 2, 3, 4, 5))


# The monthly report -------------------------------------------------------------------------------------------------


def monthly_report(book: Book, period: Period, *, until: datetime.date | None = None) -> Paper:
    """What the group tells its VO each month (Maasanivedika), of a month that runs `until` today. At most sixteen
    questions."""
    last = min(period.last_day, until or period.last_day)
    held = list(standing_meetings(book).filter(held_on__gte=period.first_day, held_on__lte=last))
    met = [one for one in held if one.number is not None]
    before, after = balances(book.pk, period.first_day - ONE_DAY), balances(book.pk, last)
    moved = movements(book, period)
    loans = loans_on(book, last)
    given = [one for one in loans.running if one.loan.way == "given"]
    late = [one for one in given if overdue(one)]
    lent = [one for one in loans_on(book, last, with_closed=True).running
            if one.loan.way == "given" and one.loan.lent_on in period]  # fmt: skip
    came, belong = sum(one.who_came for one in met), sum(one.who_belongs for one in met)
    facts: list[Any] = [
        Fact(gettext("Members"), len(members(book, last)), "count"), Fact(gettext("Meetings held"), len(met), "count"),
        Fact(gettext("Meetings not held"), len(held) - len(met), "count"),
        Fact(gettext("Attendance"), came / belong if belong else None, "percent"),
        Fact(gettext("Loans that run"), len(given), "count"), Fact(gettext("Loans overdue"), len(late), "count"),
        Fact(gettext("Loans given in this time"), len(lent), "count"),
    ]  # fmt: skip
    rows = [
        _line(words, sum(int(before.get(k, 0)) for k in keys) * sign, sum(moved.get(k, 0) for k in keys) * sign,
              sum(int(after.get(k, 0)) for k in keys) * sign)
        for words, keys, sign in _lines()
    ]  # fmt: skip
    surplus = surplus_of(before), surplus_of(after)
    rows.append(_line(gettext("Surplus"), surplus[0], surplus[1] - surplus[0], surplus[1]))
    columns = [
        Column(gettext("Head"), width=30),
        *money(gettext("Opening balance"), gettext("In this time"), gettext("Closing balance")),
    ]  # fmt: skip
    overdue_in_all = sum(overdue(one) for one in late)
    words = ngettext("%(n)s loan is overdue", "%(n)s loans are overdue", len(late)) % {"n": grouped(len(late))}
    return paper(
        book, gettext("Monthly report"), [table("", columns, [row for row in rows if any(row.cells[1:])])],
        period=period, facts=[*facts, Fact(gettext("Overdue with interest"), overdue_in_all, "paise")],
        signatures=officers(),
        notes=[f"{words}."] if late else [],
    )  # fmt: skip


def _line(words: str, before: int, moved: int, after: int) -> Row:
    return Row((words, before, moved, after))


def _lines() -> list[tuple[str, tuple[str, ...], int]]:
    return [
        *((gettext(head.title), (head.key,), -1) for head in SAVINGS),
        *((gettext(BY_KEY[key].title), (key,), BY_KEY[key].grows_by) for key in LOAN_HEADS),
        (gettext("Savings and shares with VO and CLF"),
         ("saving_with_vo", "saving_with_clf", "share_with_vo", "share_with_clf"), 1),
        (gettext("Savings and shares of groups and VOs"), ("saving_of_body", "share_of_body"), -1),
        (gettext("Funds and grants"), ("revolving_fund", "cif", "vrf", "startup", "other_grant"), -1),
        (gettext("Cash in hand"), ("cash",), 1), (gettext("Cash at bank"), ("bank",), 1),
        (gettext("Fixed deposit"), ("fixed_deposit",), 1),
    ]  # fmt: skip


def meetings_of(book: Book, first: datetime.date, last: datetime.date) -> list[Meeting]:
    """Meetings of a stretch of days, the newest first: to choose from. One question."""
    rows = standing_meetings(book).filter(held_on__gte=first, held_on__lte=last, number__isnull=False)
    return list(rows.order_by("-held_on", "-number").only("id", "number", "held_on", "book"))
