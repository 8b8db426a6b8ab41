"""Minutes of a meeting, the attendance and savings register, the monthly report."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, ngettext, pgettext

from umeed.books import codes
from umeed.books.heads import BY_KEY, SAVINGS
from umeed.books.ledger.balances import balances
from umeed.books.meetings.facts import members, savings_of_women, standing_meetings
from umeed.books.models import Book, LoanDecision, LoanRequest, Meeting
from umeed.books.registers.accounts import movements, surplus_of
from umeed.books.registers.cash import HEAD_ORDER, flow_title
from umeed.books.registers.flows import WITHDRAWAL, flows
from umeed.books.registers.loans import loans_on, overdue
from umeed.books.registers.papering import (
    ONE_DAY,
    account,
    money,
    officers,
    paper,
    register_url,
    sheet_url,
    some,
    summed,
    table,
)
from umeed.books.registers.reading import Names, kept_women, names, sheets
from umeed.core.papers.shapes import Column, Fact, Paper, Row, Sides, Table
from umeed.kernel.money import grouped
from umeed.kernel.periods import Period

MEETINGS_A_TABLE = 7
LOAN_HEADS = ("loan_to_member", "loan_to_body", "loan_from_bank", "loan_from_vo", "loan_from_clf", "loan_from_other")


# Minutes ------------------------------------------------------------------------------------------------------------


def minutes(book: Book, meeting: UUID) -> Paper | None:
    """A meeting as it was held: who came, what was said and decided, the money by step, the cash that was counted. At
    most eleven questions."""
    held = Meeting.objects.filter(book=book, pk=meeting).select_related("sheet").first()
    if held is None:
        return None
    said = held.said
    attending = {pk for part in (held.present, held.late, held.absent, held.on_leave) for pk in part}
    told = names([*attending, held.president_id], attending if book.institution.kind != "shg" else ())
    tables: list[Any] = [_attendance(held, told)]
    if items := said.get("agenda"):
        tables.append(_agenda(items))
    if said.get("requests") or said.get("decisions"):
        tables.append(_decisions(held))
    if held.sheet_id is not None:
        tables.append(_money(book, held))
    tables.append(_signing(held, told))
    title = gettext("Minutes of meeting %(number)s") % {"number": held.number} if held.number else gettext("Minutes")
    return paper(
        book, title, tables, as_of=held.held_on, facts=_facts_of(held, told), signatures=officers(),
        notes=_standing(held),
    )  # fmt: skip


def _facts_of(held: Meeting, told: Names) -> list[Any]:
    facts: list[Any] = [
        (gettext("Kind"), str(codes.MeetingKind(held.kind).label)), (gettext("Place"), held.place),
        (gettext("President of the day"), told.who(held.president_id)),
        (gettext("Came"), gettext("%(came)s of %(all)s") % {"came": held.who_came, "all": held.who_belongs}),
    ]  # fmt: skip
    if held.said.get("are_last_minutes_read"):
        facts.append((gettext("Last minutes"), gettext("Read aloud")))
    if held.kind not in (codes.MeetingKind.MISSED, codes.MeetingKind.TAKEN_BACK):
        facts.append(Fact(gettext("Cash counted"), held.counted_paise, "paise"))
    if why := held.said.get("difference_why") or held.said.get("why"):
        facts.append((gettext("Reason"), why))
    return [fact for fact in facts if fact[1] not in ("", None)]


def _standing(held: Meeting) -> list[str]:
    after = Meeting.objects.filter(replaces=held).first()
    if after is None:
        return []
    if after.kind == codes.MeetingKind.TAKEN_BACK:
        return [gettext("This meeting was taken back: %(why)s") % {"why": after.said.get("why", "")}]
    return [gettext("This meeting was corrected by a later writing and does not stand any more.")]


def _attendance(held: Meeting, told: Names) -> Table:
    states = (
        (codes.Attendance.PRESENT, held.present), (codes.Attendance.LATE, held.late),
        (codes.Attendance.ABSENT, held.absent), (codes.Attendance.LEAVE, held.on_leave),
    )  # fmt: skip
    rows = [
        Row((str(state.label), len(women), ", ".join(sorted(told.who(woman) for woman in women))))
        for state, women in states if women
    ]  # fmt: skip
    columns = [Column(gettext("Attendance"), width=12), Column(gettext("How many"), "count"),
               Column(gettext("Names"), width=60)]  # fmt: skip
    return table(gettext("Attendance"), columns, rows, empty=gettext("Nobody met."))


def _agenda(items: Iterable[dict[str, str]]) -> Table:
    rows = [Row((at, item["topic"], item.get("decided", ""))) for at, item in enumerate(items, 1)]
    columns = [Column(gettext("No."), "count"), Column(gettext("Agenda"), width=28),
               Column(gettext("Decided"), width=50)]  # fmt: skip
    return table(gettext("Agenda and decisions"), columns, rows)


def _decisions(held: Meeting) -> Table:
    """Who asked for a loan, and what was decided on it."""
    wanted = [one["request"] for one in held.said.get("decisions", ())]
    wanted += [one["id"] for one in held.said.get("requests", ())]
    decided = {one.request_id: one for one in LoanDecision.objects.filter(
        pk__in=[one["id"] for one in held.said.get("decisions", ())])}  # fmt: skip
    rows = []
    asked = LoanRequest.objects.filter(book=held.book_id, pk__in=wanted).order_by("asked_on", "pk")
    told = names((one.woman_id for one in asked), (one.body_id for one in asked))
    for one in asked:
        decision = decided.get(one.pk)
        outcome = str(codes.Outcome(decision.outcome).label) if decision else gettext("Waits")
        why = " · ".join(part for part in (decision.why, decision.jump_why) if part) if decision else one.note
        rows.append(Row((
            told.woman(one.woman_id) or told.body(one.body_id), one.asked_on, one.amount_paise,
            str(one.get_purpose_display()), outcome, decision.amount_paise if decision else None, why,
        )))  # fmt: skip
    return table(gettext("Loans asked for"), [
        Column(gettext("Name"), width=20), Column(gettext("Asked on"), "day"), *money(gettext("Amount")),
        Column(gettext("Purpose"), width=14), Column(gettext("Decision"), width=12), *money(gettext("Granted")),
        Column(gettext("Reason"), width=24),
    ], rows)  # fmt: skip


def _money(book: Book, held: Meeting) -> Sides:
    """What came in and went out, by head."""
    found = [one for one in sheets(book, held.held_on, held.held_on) if one.sheet == held.sheet_id]
    moved = flows(book, found)
    sides = []
    for is_receipt, title in ((True, gettext("Receipts")), (False, gettext("Payments"))):
        sums: dict[str, int] = {}
        for flow in moved:
            if not flow.is_contra and flow.is_receipt == is_receipt:
                sums[flow.head] = sums.get(flow.head, 0) + abs(flow.whole)
            elif flow.is_contra and (flow.head == WITHDRAWAL) == is_receipt:
                sums[flow.head] = sums.get(flow.head, 0) + abs(flow.cash)
        rows = [
            Row((flow_title(head, is_receipt=is_receipt), sums[head]), href=sheet_url(book, held.sheet_id))
            for head in HEAD_ORDER if head in sums
        ]  # fmt: skip
        sides.append((title, rows))
    return account(*sides, title=gettext("Money of the meeting"))


def _signing(held: Meeting, told: Names) -> Table:
    """A line for each woman who came: her signature or thumb."""
    came = sorted(told.who(woman) for woman in (*held.present, *held.late))
    columns = [Column(gettext("No."), "count"), Column(gettext("Name"), width=30),
               Column(gettext("Signature or thumb"), width=40)]  # fmt: skip
    return table(gettext("Signatures"), columns, [Row((at, name, None)) for at, name in enumerate(came, 1)])


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
    for one in found:
        stands = next((m.sheet_id for m in held if m.sheet_id == one.sheet), None)
        for post in one.posts:
            key = (post.woman, stands)  # type: ignore[assignment]
            saved[key] = saved.get(key, 0) - post.paise  # type: ignore[index, arg-type]
    tables = [
        *(_came(part, order, told, kept) for part in _parts(held)),
        *(_saved_in(book, part, order, told, saved) for part in _parts(held)),
        _saved_in_all(order, told, before, saved, after),
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
        rows.append(Row((gettext("Came"), *(str(count) for count in came_in_all), sum(came_in_all)), "total"))
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
    after: dict[UUID, int],
) -> Table:  # fmt: skip
    """Of every woman: what she had, saved in meetings and besides, and has."""
    rows = []
    for woman in order:
        outside = saved.get((woman, None), 0)
        inside = sum(paise for (whose, sheet), paise in saved.items() if whose == woman and sheet is not None)
        rows.append(Row((told.woman(woman), before.get(woman, 0), some(inside), some(outside), after.get(woman, 0))))
    columns = [
        Column(gettext("Name"), width=22),
        *money(gettext("Opening balance"), gettext("Saved in meetings"), gettext("Besides"),
               gettext("Closing balance")),
    ]  # fmt: skip
    return table(gettext("Savings in all"), columns, summed(rows, 1, 2, 3, 4))


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
