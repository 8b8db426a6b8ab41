"""Minutes of a meeting, or of a day of a VO or CLF: what was decided and how, and what became of the money."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, pgettext

from umeed.books import codes
from umeed.books.heads import BY_KEY
from umeed.books.models import Book, LoanDecision, LoanRequest, Meeting
from umeed.books.registers.cash import HEAD_ORDER, flow_title
from umeed.books.registers.document import Who, who_in
from umeed.books.registers.flows import WITHDRAWAL, Flow, flows
from umeed.books.registers.papering import (
    account,
    head_title,
    money,
    officers,
    paper,
    sheet_url,
    some,
    summed,
    table,
    without_empty,
)
from umeed.books.registers.put_right import put_right_of, put_right_table
from umeed.books.registers.reading import Names, sheets
from umeed.core.papers.shapes import Column, Fact, Paper, Row, Sides, Table
from umeed.core.templatetags.umeed_text import listed

_BROUGHT = ("savings", "fines")
# What goes to and fro between two bodies.
_WHAT: dict[str, Callable[[], str]] = {
    "saving": lambda: gettext("Savings"), "share": lambda: gettext("Share capital"), "fee": lambda: gettext("Fee"),
}  # fmt: skip


def minutes(book: Book, meeting: UUID) -> Paper | None:
    """A meeting as it was held: who came, what was said and decided, who repaid, who was fined, what was lent on which
    terms, what was paid to VO, CLF and banks, the money by head, the cash that was counted, what was put right later.
    At most seventeen questions, seven more where something was."""
    held = Meeting.objects.filter(book=book, pk=meeting).select_related("sheet").first()
    if held is None:
        return None
    who = who_in(book, held)
    tables: list[Any] = [_attendance(held, who.told)]
    if items := held.said.get("agenda"):
        tables.append(_agenda(items))
    moved = _moved(book, held)
    tables += [one for one in _of_the_money(held, who, moved) if one]
    if held.sheet_id is not None:
        tables.append(_money(book, held, moved))
    if (later := put_right_table(put_right_of(held))) is not None:
        tables.append(later)
    tables.append(_signing(held, who.told))
    title = gettext("Minutes of meeting %(number)s") % {"number": held.number} if held.number else gettext("Minutes")
    return paper(
        book, title, tables, as_of=held.held_on, facts=_facts_of(held, who.told), signatures=officers(),
        notes=_standing(held),
    )  # fmt: skip


def _of_the_money(held: Meeting, who: Who, moved: Sequence[Flow]) -> list[Table | None]:
    return [
        _decisions(held, who), _lent(held, who), _repaid(held, who), _fines(held, who), _came(held, who, moved),
        _drawn(held, who), _paid(held, who), _passed(held, who), _by_another(held, who),
    ]  # fmt: skip


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
        Row((str(state.label), len(women), listed(sorted(told.who(woman) for woman in women))))
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


def _decisions(held: Meeting, who: Who) -> Table | None:
    """Who asked for a loan, what was decided on it, and how."""
    decisions = held.said.get("decisions", ())
    wanted = [*(one["request"] for one in decisions), *(one["id"] for one in held.said.get("requests", ()))]
    if not wanted:
        return None
    found = LoanDecision.objects.filter(pk__in=[one["id"] for one in decisions])
    decided = {one.request_id: one for one in found}
    rows = []
    for one in LoanRequest.objects.filter(book=held.book_id, pk__in=wanted).order_by("asked_on", "pk"):
        decision = decided.get(one.pk)
        why = " · ".join(part for part in (decision.why, decision.jump_why) if part) if decision else one.note
        rows.append(Row((
            who.woman(one.woman_id) or who.told.body(one.body_id), one.asked_on, one.amount_paise,
            str(one.get_purpose_display()), _how(decision, who), _granted(one, decision),
            decision.promised_on if decision else None, why,
        )))  # fmt: skip
    return table(gettext("Loans asked for"), [
        Column(gettext("Name"), width=16), Column(gettext("Asked on"), "day"), *money(gettext("Amount")),
        Column(gettext("Purpose"), width=12), Column(gettext("Decision"), width=20), *money(gettext("Granted")),
        Column(gettext("Promised for"), "day"), Column(gettext("Reason"), width=20),
    ], rows)  # fmt: skip


def _how(decision: LoanDecision | None, who: Who) -> str:
    """As “Granted · By those named: Rubeena Jan, Nusrat Ara”."""
    if decision is None:
        return gettext("Waits")
    return f"{codes.Outcome(decision.outcome).label} · {decided_by(decision.way, map(who.woman, decision.voted))}"


def decided_by(way: str, names: Iterable[str]) -> str:
    """As “All agreed”, or “By those named: Nusrat Ara, Rubeena Jan”."""
    return ": ".join(filter(None, (str(codes.Deciding(way).label), listed(sorted(names)))))


def _granted(asked: LoanRequest, decision: LoanDecision | None) -> int | None:
    if decision is None or decision.outcome != codes.Outcome.GRANTED:
        return None
    return decision.amount_paise or asked.amount_paise


def _lent(held: Meeting, who: Who) -> Table | None:
    """Loans that were paid out, with their terms."""
    rows = [
        Row((
            who.called(one), one["paise"],
            str(codes.Purpose(one.get("purpose") or _usual(one)).label),
            round(one["rate_bp_a_year"] / (12 if one.get("woman") else 1)),
            f"{one['instalments']} · {codes.Instalments(one.get('frequency', 'monthly')).label}",
            str(codes.Method(one["method"]).label), _day(one["first_due"]), _by(one),
        ))
        for one in held.said.get("lendings", ())
    ]  # fmt: skip
    # As it was agreed: with women by the month, with groups and VOs by the year.
    is_hers = any(one.get("woman") for one in held.said.get("lendings", ()))
    rate = gettext("Interest a month") if is_hers else gettext("Interest a year")
    return table(gettext("Loans paid out"), [
        Column(gettext("Name"), width=16), *money(gettext("Amount")), Column(gettext("Purpose"), width=12),
        Column(rate, "rate"), Column(gettext("Instalments"), width=12),
        Column(gettext("How interest is counted"), width=18), Column(gettext("First instalment due"), "day"),
        Column(pgettext("money", "By"), width=6),
    ], summed(rows, 1)) if rows else None  # fmt: skip


def _usual(one: dict[str, Any]) -> str:
    """What a document leaves out."""
    return "other" if one.get("woman") else "onlending"


def _repaid(held: Meeting, who: Who) -> Table | None:
    """Who repaid, of several loans which, and what of it was what; what came of a loan that was written off is
    recovered."""
    rows = []
    for one in held.said.get("repayments", ()):
        parts = [one.get(part, 0) for part in ("principal", "interest", "penalty")]
        parts = [0, 0, 0, sum(parts)] if who.is_off(one) else [*parts, 0]
        name = " · ".join(part for part in (who.called(one), one.get("by", "")) if part)
        rows.append(Row((name, *map(some, parts), sum(parts))))
    return without_empty(table(gettext("Repayments"), [
        Column(gettext("Name"), width=30),
        *money(gettext("Principal"), gettext("Interest"), gettext("Penalty"), gettext("Recovered"), gettext("Total")),
    ], summed(rows, 1, 2, 3, 4, 5)), 4) if rows else None  # fmt: skip


def _fines(held: Meeting, who: Who) -> Table | None:
    """Who was fined, and why."""
    rows = []
    for one in held.said.get("fines", ()):
        why = " · ".join(part for part in (why_fined(one["why"]), one.get("note", "")) if part)
        rows.append(Row((who.called(one), why, one["paise"], _by(one))))
    return table(gettext("Fines"), [
        Column(gettext("Name"), width=30), Column(gettext("Reason"), width=30), *money(gettext("Amount")),
        Column(pgettext("money", "By"), width=10),
    ], summed(rows, 2)) if rows else None  # fmt: skip


def why_fined(why: str) -> str:
    """What was written besides says it where it is neither."""
    return {"late": gettext("Came late"), "absent": gettext("Was absent")}.get(why, "")


def _came(held: Meeting, who: Who, moved: Sequence[Flow]) -> Table | None:
    """What else other bodies brought, and what of theirs was on the way and was counted in, by what it was for: with
    the repayments it comes to what stands under its head in the money of the meeting."""
    rows = [
        Row((who.called(one), _WHAT[one["what"]](), one["paise"], _by(one))) for one in held.said.get("taken", ())
    ]  # fmt: skip
    for one in held.said.get("arrived", ()):
        sums: dict[str, int] = {}
        for flow in moved:
            part = flow.bank if one.get("mode") == "bank" else flow.cash
            if part and flow.was_on_the_way and str(flow.body) == one["body"]:
                sums[flow.head] = sums.get(flow.head, 0) + part
        # Where the sheet also says what left towards it, or was taken back, what it was for is not told apart.
        sums = sums if sum(sums.values()) == one["paise"] else {"on_the_way": one["paise"]}
        rows += [Row((who.called(one), _was_on_the_way(head), paise, _by(one))) for head, paise in sums.items()]
    return table(gettext("What came in"), [
        Column(gettext("Name"), width=30), Column(gettext("What for"), width=30), *money(gettext("Amount")),
        Column(pgettext("money", "By"), width=10),
    ], summed(rows, 2)) if rows else None  # fmt: skip


def _was_on_the_way(head: str) -> str:
    told = "" if head == "on_the_way" else flow_title(head, is_receipt=True)
    return " · ".join(part for part in (told, gettext("was on the way")) if part)


def _drawn(held: Meeting, who: Who) -> Table | None:
    """What was drawn from cash credits of banks."""
    rows = [Row((who.called(one), one["paise"], _by(one))) for one in held.said.get("drawn", ())]
    return table(gettext("Drawn from the cash credit"), [
        Column(gettext("Name"), width=30), *money(gettext("Amount")), Column(pgettext("money", "By"), width=10),
    ], summed(rows, 1)) if rows else None  # fmt: skip


def _paid(held: Meeting, who: Who) -> Table | None:
    """What was paid to the VO, the CLF and banks, and by what."""
    rows = []
    for one in held.said.get("repaid", ()):
        for part, words in (("principal", gettext("Loan repaid")), ("interest", gettext("Interest"))):
            if one.get(part):
                words = flow_title("written_off", is_receipt=False) if who.is_off(one) else words
                rows.append(Row((who.called(one), words, one[part], _by(one))))
    rows += [
        Row((who.called(one), _WHAT[one["what"]](), one["paise"], _by(one))) for one in held.said.get("given", ())
    ]  # fmt: skip
    rows += [
        Row((who.called(one), head_title(BY_KEY["on_the_way"]), one["paise"], _by(one)))
        for one in held.said.get("left", ())
    ]  # fmt: skip
    return table(gettext("Paid to VO, CLF and banks"), [
        Column(gettext("Name"), width=30), Column(gettext("What for"), width=20), *money(gettext("Amount")),
        Column(pgettext("money", "By"), width=10),
    ], summed(rows, 2)) if rows else None  # fmt: skip


def _passed(held: Meeting, who: Who) -> Table | None:
    """What was passed on to groups and VOs, and what of theirs was given back."""
    rows = [
        Row((who.called(one), flow_title(_head_of(part, one), is_receipt=False), one["paise"], _by(one)))
        for part in ("passed", "returned") for one in held.said.get(part, ())
    ]  # fmt: skip
    return table(gettext("Paid to groups and VOs"), [
        Column(gettext("Name"), width=30), Column(gettext("What for"), width=30), *money(gettext("Amount")),
        Column(pgettext("money", "By"), width=10),
    ], summed(rows, 2)) if rows else None  # fmt: skip


def _by_another(held: Meeting, who: Who) -> Table | None:
    """Cash that went through another's hand since who pays or gets it was not there: what somebody brought or took.
    Who brought a repayment stands beside it."""
    rows = [
        Row((
            who.called(one), flow_title(_head_of(part, one), is_receipt=part in _BROUGHT),
            *((one["paise"], None) if part in _BROUGHT else (None, one["paise"])), one["by"],
        ))
        for part in (*_BROUGHT, "withdrawals", "payments", "lendings", "returned", "passed")
        for one in held.said.get(part, ()) if one.get("by")
    ]  # fmt: skip
    return table(gettext("By another's hand"), [
        Column(gettext("Name"), width=24), Column(gettext("What for"), width=24),
        *money(gettext("Came in"), gettext("Went out")), Column(gettext("Who brought or took it"), width=24),
    ], rows) if rows else None  # fmt: skip


def _head_of(part: str, one: dict[str, Any]) -> str:
    """Under which head a part of the document stands."""
    if part == "lendings":
        return "loan_to_member" if one.get("woman") else "loan_to_body"
    if part == "returned":
        return f"{one['what']}_of_body"
    return one.get("head") or "fine"


def _by(one: dict[str, Any]) -> str:
    return pgettext("money", "Bank") if one.get("mode") == "bank" else pgettext("money", "Cash")


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def _moved(book: Book, held: Meeting) -> list[Flow]:
    if held.sheet_id is None:
        return []
    return flows(book, [one for one in sheets(book, held.held_on, held.held_on) if one.sheet == held.sheet_id])


def _money(book: Book, held: Meeting, moved: Sequence[Flow]) -> Sides:
    """What came in and went out, by head."""
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
