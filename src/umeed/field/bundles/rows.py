"""What came to a book since a phone asked last, row by row: little is asked for where little came.

A week brings a meeting with its sheet, perhaps a loan and what was asked for and decided. Of these the new rows are
told, the phone adds them to what it has (`static/field/book/adding.js` says how) and has the very parts that it would be
told whole. Whatever is less plain (a correction, a sheet that no meeting wrote, what comes late) is told whole.

rows      {meetings: the columns of the part, of new meetings alone, `id` of each; said: [their documents];
           loans: [those that are new or agreed anew, their terms in full];
           asked, decided: [rows of the part `queue`, `id` of each]}
has       {…, rows: {meetings, loans, decided}}: how many there are in the window, as the phone must have then; of
          loans and decisions where some may have come.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from umeed.books.codes import MeetingKind
from umeed.books.models import Loan, LoanDecision, LoanRequest, Meeting
from umeed.field.bundles.loans import agreed_on, limits_of_loans, loan_row, terms_of
from umeed.field.bundles.meetings import columns_of, said_row
from umeed.field.bundles.queue import decision_row, request_row, with_loans
from umeed.field.bundles.sheets import has_of, sheets_parts
from umeed.field.bundles.windows import FRAME, Window, frame
from umeed.field.cursor import NEWEST, written

Part = dict[str, Any]
_MEETINGS = f"""
SELECT f.book,
    ARRAY(SELECT m.id FROM books_meeting m WHERE m.book_id = f.book AND {written("m")}),
    (SELECT max(m.held_on) FROM books_meeting m WHERE m.book_id = f.book AND NOT {written("m")}),
    (SELECT count(*) FROM books_meeting m WHERE m.book_id = f.book AND m.held_on >= f.since)
FROM {FRAME}, {NEWEST}
"""  # noqa: S608
# Whether a sheet came that more parts tell of: before the window, or not by a plain meeting; one that names another body;
# one that names a woman who never belonged; one of a loan that was left out, since nothing had moved on it for so long.
_SHEETS = f"""
SELECT s.book_id, bool_or(s.on_date < f.since OR s.reverses_id IS NOT NULL
        OR NOT EXISTS (SELECT FROM books_meeting m WHERE m.sheet_id = s.id)), bool_or(l.body_id IS NOT NULL),
    bool_or(l.woman_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM institutions_membership w WHERE w.woman_id = l.woman_id AND w.institution_id = b.institution_id)),
    bool_or(l.loan_id IS NOT NULL AND EXISTS (
        SELECT FROM books_loan n WHERE n.id = l.loan_id AND n.lent_on < f.since AND NOT EXISTS (
            SELECT FROM books_line e JOIN books_sheet o ON o.id = e.sheet_id
            WHERE e.loan_id = n.id AND o.on_date >= f.since AND o.id <= f.last)))
FROM {FRAME} JOIN books_book b ON b.id = f.book JOIN books_sheet s ON s.book_id = f.book AND s.id > f.last
JOIN books_line l ON l.sheet_id = s.id GROUP BY 1
"""  # noqa: S608
_LOANS = f"""
SELECT f.book, ARRAY(
        SELECT n.id FROM books_loan n WHERE n.book_id = f.book AND {written("n")}
        UNION SELECT a.loan_id FROM books_agreement a WHERE a.book_id = f.book AND {written("a")})
FROM {FRAME}, {NEWEST}
"""  # noqa: S608
_COUNTED = f"""
SELECT f.book, (SELECT count(*) FROM books_loan n WHERE n.book_id = f.book AND n.lent_on >= f.since)
FROM {FRAME}
"""  # noqa: S608
_QUEUE = f"""
SELECT q.book_id, q.id, {written("q")} OR coalesce(bool_or({written("n")}), false),
    array_agg(d.id) FILTER (WHERE {written("d")}), max(d.decided_on) FILTER (WHERE NOT {written("d")}),
    count(d.id) FILTER (WHERE d.decided_on >= f.since)
FROM {FRAME} JOIN books_loanrequest q ON q.book_id = f.book AND q.woman_id IS NOT NULL CROSS JOIN {NEWEST}
LEFT JOIN books_loandecision d ON d.request_id = q.id LEFT JOIN books_loan n ON n.request_id = q.id
GROUP BY q.id, f.since, clock.newest
"""  # noqa: S608


class Key(NamedTuple):
    """As much of a group or of its book as is asked by."""

    pk: Any


@dataclass(slots=True)
class Came:
    """What came to one book. `whole`: the parts that are told whole besides; `is_plain` False when all are."""

    window: Window
    meetings: list[Meeting]
    rows: Part
    counted: dict[str, int]
    whole: set[str]
    is_plain: bool = True


def came_to(windows: Sequence[Window], xid: int, touched: Mapping[UUID, frozenset[int]]) -> dict[UUID, Came]:
    """{group: what came since a transaction}. `touched` says what of it is looked at."""
    from umeed.field.models import What

    found = _meetings(windows, xid)
    _look_at_sheets(found)
    plain = [one for one in found.values() if one.is_plain]
    _add_meetings(plain)
    _add_loans([one for one in plain if What.LOANS in touched[one.window.group.pk]], xid)
    _add_queue([one for one in plain if touched[one.window.group.pk] & {What.QUEUE, What.LOANS}], xid)
    return {one.window.group.pk: one for one in found.values()}


def _ask(sql: str, windows: Iterable[Window], **more: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {**frame(list(windows)), **more})
        return cursor.fetchall()


def _meetings(windows: Sequence[Window], xid: int) -> dict[int, Came]:
    by_book = {one.book.pk: one for one in windows if one.book is not None}
    told = {book: row for book, *row in _ask(_MEETINGS, windows, xid=xid)}
    new = [pk for ids, _last, _count in told.values() for pk in ids]
    rows: dict[int, list[Meeting]] = defaultdict(list)
    for row in Meeting.objects.filter(pk__in=new).defer("digest").order_by("held_on", "number") if new else ():
        rows[row.book_id].append(row)
    return {
        book: Came(
            window, rows[book], {}, {"meetings": told[book][2]}, set(), _are_plain(rows[book], told[book][1], window)
        )
        for book, window in by_book.items()
    }


def _are_plain(rows: Sequence[Meeting], last: datetime.date | None, window: Window) -> bool:
    """Whether they come after all others, each on a day of its own, and put nothing right."""
    days = [day for day in (last, *(row.held_on for row in rows)) if day is not None]
    return all(one < other for one, other in pairwise(days)) and all(
        row.version == 1 and row.replaces_id is None and row.kind != MeetingKind.TAKEN_BACK
        and row.held_on >= window.since for row in rows
    )  # fmt: skip


def _look_at_sheets(found: Mapping[int, Came]) -> None:
    windows = [one.window for one in found.values()]
    for book, is_odd, has_bodies, has_strangers, has_old_loans in _ask(_SHEETS, windows):
        one = found[book]
        one.is_plain = one.is_plain and not is_odd
        one.whole |= {
            name for name, is_so in (("self", has_bodies), ("women", has_strangers), ("loans", has_old_loans)) if is_so
        }


def _add_meetings(came: Iterable[Came]) -> None:
    for one in came:
        if one.meetings:
            one.rows["meetings"] = columns_of(one.window, one.meetings)
            one.rows["said"] = [said_row(row) for row in one.meetings]


def _add_loans(came: Sequence[Came], xid: int) -> None:
    """Those that are new, or were agreed on anew."""
    by_book = {one.window.book.pk: one for one in came if one.window.book is not None}
    if not by_book:
        return
    windows = [one.window for one in came]
    ids = [pk for _book, every in _ask(_LOANS, windows, xid=xid) for pk in every]
    for book, count in _ask(_COUNTED, windows):
        by_book[book].counted["loans"] = count
    if ids:
        loans = list(Loan.objects.filter(pk__in=ids).order_by("pk"))
        agreed, limits = agreed_on(ids), limits_of_loans([loan.pk for loan in loans if loan.is_cash_credit])
        for loan in loans:
            one, terms = by_book[loan.book_id], agreed[loan.pk]
            if max(loan.lent_on, *(row.since for row in terms)) < one.window.since:
                one.whole.add("loans")
            one.rows.setdefault("loans", []).append(loan_row(loan, list(map(terms_of, terms)), limits[loan.pk]))


def _add_queue(came: Sequence[Came], xid: int) -> None:
    """What was asked for or paid out, and what was decided. A request from before the window may have been left out,
    with all that was decided on it."""
    by_book = {one.window.book.pk: one for one in came if one.window.book is not None}
    if not by_book:
        return
    asked, decided = list[UUID](), list[UUID]()
    last, counted = dict[int, datetime.date](), dict.fromkeys(by_book, 0)
    for book, request, is_new, new, before, count in _ask(_QUEUE, [one.window for one in came], xid=xid):
        asked += [request] if is_new or new else []
        decided += new or []
        counted[book] += count
        if before is not None:
            last[book] = max(before, last.get(book, before))
    for book, count in counted.items():
        by_book[book].counted["decided"] = count
    for row in with_loans(LoanRequest.objects.filter(pk__in=asked)).order_by("asked_on", "pk") if asked else ():
        one = by_book[row.book_id]
        if row.asked_on < one.window.since:
            one.whole.add("queue")
        one.rows.setdefault("asked", []).append(request_row(row))
    for row in LoanDecision.objects.filter(pk__in=decided).order_by("decided_on", "changed_at") if decided else ():
        one = by_book[row.book_id]
        if row.decided_on < last.get(row.book_id, row.decided_on):
            one.whole.add("queue")
        one.rows.setdefault("decided", []).append(decision_row(row))


def told_by_rows(came: Iterable[Came]) -> dict[UUID, Part]:
    """{group: its sheets, rows and how many there are}, of those to which rows came."""
    plain = [one for one in came if one.is_plain]
    if not plain:
        return {}
    windows = [one.window for one in plain]
    sheets, has = sheets_parts(windows), has_of(windows)
    return {
        one.window.group.pk: {
            "sheets": sheets[one.window.group.pk], "rows": one.rows,
            "has": {**has[one.window.group.pk], "rows": one.counted},
        }
        for one in plain
    }  # fmt: skip
