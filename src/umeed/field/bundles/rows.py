"""What came to a book since a phone asked last, row by row: little is asked for where little came.

A week brings a meeting with its sheet, perhaps a loan and what was asked for and decided. Of these the new rows are
told, the phone adds them to what it has (`static/field/book/adding.js` says how) and has the very parts that it would
be told whole. Whatever is less plain (a correction, a sheet that none of these meetings wrote, what comes late) is told
whole.

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
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from umeed.books.codes import MeetingKind
from umeed.books.models import Loan, LoanDecision, LoanRequest, Meeting
from umeed.field.bundles.loans import agreed_on, limits_of_loans, loan_row, terms_of
from umeed.field.bundles.meetings import columns_of, said_row, taken_back_with
from umeed.field.bundles.queue import decision_row, request_row, with_loans
from umeed.field.bundles.sheets import NewSheet, has_of, new_sheets, sheets_part
from umeed.field.bundles.windows import FRAME, Window, frame, kept_books
from umeed.field.cursor import NEWEST, written

Part = dict[str, Any]
_MEETINGS = f"""
SELECT f.book, array_agg(m.id) FILTER (WHERE {written("m")}), max(m.held_on) FILTER (WHERE NOT {written("m")}),
    count(*) FILTER (WHERE m.held_on >= f.since)
FROM {FRAME} CROSS JOIN {NEWEST} JOIN books_meeting m ON m.book_id = f.book GROUP BY 1
"""  # noqa: S608
# What came from before the window is in no list of sheets.
_EARLY = f"""
SELECT f.book FROM {FRAME} JOIN books_sheet s ON s.book_id = f.book AND s.on_date < f.since AND s.id > f.last GROUP BY 1
"""  # noqa: S608
_BELONG = "SELECT institution_id, woman_id FROM institutions_membership WHERE institution_id = ANY(%s)"
# Of loans those that were left out, since nothing had moved on them for so long.
_LEFT_OUT = f"""
SELECT n.book_id FROM {FRAME} JOIN books_loan n ON n.book_id = f.book AND n.lent_on < f.since AND n.id = ANY(%(loans)s)
WHERE NOT EXISTS (
    SELECT FROM books_line l JOIN books_sheet s ON s.id = l.sheet_id
    WHERE l.loan_id = n.id AND s.on_date >= f.since AND s.id <= f.last)
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
    """What came to one book. `also` {meeting: its sheets besides its own}; `whole`: the parts that are told whole
    besides; `is_plain` False when all are."""

    window: Window
    meetings: list[Meeting]
    sheets: Sequence[NewSheet]
    rows: Part
    counted: dict[str, int]
    whole: set[str]
    is_plain: bool = True
    also: Mapping[UUID, list[int]] = field(default_factory=dict)


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
    told = {book: row for book, *row in _ask(_MEETINGS, windows, xid=xid)}
    new = [pk for ids, _last, _count in told.values() for pk in ids or ()]
    rows: dict[int, list[Meeting]] = defaultdict(list)
    for row in Meeting.objects.filter(pk__in=new).defer("digest").order_by("held_on", "number") if new else ():
        rows[row.book_id].append(row)
    sheets, found = new_sheets(windows), dict[int, Came]()
    for book, window in kept_books(windows).items():
        _ids, last, count = told.get(book, (None, None, 0))
        is_plain = _are_plain(rows[book], last, window)
        found[book] = Came(window, rows[book], sheets.get(book, ()), {}, {"meetings": count}, set(), is_plain)
    return found


def _are_plain(rows: Sequence[Meeting], last: datetime.date | None, window: Window) -> bool:
    """Whether they come after all others, each on a day of its own, and put nothing right."""
    days = [day for day in (last, *(row.held_on for row in rows)) if day is not None]
    return all(one < other for one, other in pairwise(days)) and all(
        row.version == 1 and row.replaces_id is None and row.kind != MeetingKind.TAKEN_BACK
        and row.held_on >= window.since for row in rows
    )  # fmt: skip


def _look_at_sheets(found: Mapping[int, Came]) -> None:
    """Of which more parts tell than rows do: what comes from before the window or was written by none of the plain
    meetings; what names another body, a woman who never belonged, a loan that was left out."""
    windows = [one.window for one in found.values()]
    with connection.cursor() as cursor:
        cursor.execute(_BELONG, [[one.group.pk for one in windows]])
        belong = set(cursor.fetchall())
    loans = {loan for one in found.values() for sheet in one.sheets for loan in sheet.loans if loan}
    left_out = {book for (book,) in _ask(_LEFT_OUT, windows, loans=list(loans))} if loans else ()
    early = {book for (book,) in _ask(_EARLY, windows)}
    _look_who_wrote([one for one in found.values() if one.is_plain])
    for book, one in found.items():
        one.is_plain = one.is_plain and book not in early
        women = {woman for row in one.sheets for woman in row.women if woman}
        one.whole |= {"self"} if any(body for row in one.sheets for body in row.bodies) else set()
        one.whole |= {"women"} if {(one.window.group.pk, woman) for woman in women} - belong else set()
        one.whole |= {"loans"} if book in left_out else set()


def _look_who_wrote(came: Sequence[Came]) -> None:
    """A meeting's own sheet, and the one of what it gave to another body or got from it."""
    further = {one.window.group.pk: _further(one) for one in came}
    asking = [one for one in came if further[one.window.group.pk]]
    also = taken_back_with([row for one in asking for row in one.meetings]) if asking else {}
    for one in asking:
        one.also = {row.pk: also.get(row.pk, []) for row in one.meetings}
        one.is_plain = further[one.window.group.pk] <= {sheet for sheets in one.also.values() for sheet in sheets}


def _further(one: Came) -> set[int]:
    return {row.id for row in one.sheets} - {row.sheet_id for row in one.meetings}


def _add_meetings(came: Iterable[Came]) -> None:
    for one in came:
        if one.meetings:
            one.rows["meetings"] = columns_of(one.window, one.meetings)
            one.rows["said"] = [said_row(row, one.also.get(row.pk, ())) for row in one.meetings]


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
    has = has_of([one.window for one in plain])
    return {
        one.window.group.pk: {
            "sheets": sheets_part(one.window, one.sheets), "rows": one.rows,
            "has": {**has[one.window.group.pk], "rows": one.counted},
        }
        for one in plain
    }  # fmt: skip
