"""What the book knows before a meeting: for its rules, and for what is filled in beforehand."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max, QuerySet, Sum

from umeed.books.codes import MeetingKind
from umeed.books.heads import BY_KEY, BY_NUMBER, CHART, SAVINGS
from umeed.books.ledger.balances import balances
from umeed.books.ledger.credits import least_left
from umeed.books.ledger.least import least_back, least_not_lent
from umeed.books.ledger.on_the_way import waiting_on
from umeed.books.ledger.others import above, books_of
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.ledger.sources import source_of, sources
from umeed.books.meetings.documents import PAYMENTS, RECEIPTS
from umeed.books.meetings.missing import FAR_BACK, Missed, missed_before
from umeed.books.meetings.queue import queue_before
from umeed.books.meetings.rhythm import Rhythm
from umeed.books.meetings.sums import Bodies, KnownLoan
from umeed.books.models import Book, Bylaw, Line, Meeting, MonthLock, stands
from umeed.books.rules import meetings as rules
from umeed.books.rules.bylaws import Bylaws
from umeed.books.rules.credits import Room
from umeed.institutions.models import Membership
from umeed.institutions.naming import memberships_called
from umeed.kernel.money import Paise

ABOUT_WOMAN = frozenset(head.key for head in CHART if "woman" in head.about)
MEETINGS_A_YEAR = {"weekly": 52, "fortnightly": 26, "monthly": 12}

_BY_WOMAN = """
SELECT umeed_kept_woman(woman_id), head, sum(paise) FROM (
    SELECT l.woman_id, l.head, sum(l.amount_paise) AS paise
    FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
    WHERE s.book_id = %(book)s AND s.on_date <= %(on)s AND l.head = ANY(%(heads)s) GROUP BY 1, 2
) hers GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Before:
    """A book on the day of a meeting, before it: what rules judge by, loans with their dues, and who lies above."""

    facts: rules.Facts
    loans: Sequence[RunningLoan]
    bodies: Bodies
    bylaws: Bylaws
    rhythm: Rhythm
    # What those who were away owe when they come again.
    missed: Mapping[UUID, Missed] = field(default_factory=dict)
    # Loans of women, and of a VO or CLF, that were written off and of which not all has come back.
    off: Sequence[RunningLoan] = ()
    # Of a VO or CLF {woman: her group}; here all are of one.
    group_of: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def known_loans(self) -> dict[UUID, KnownLoan]:
        return {
            one.loan.uid: KnownLoan(
                one.loan.pk, one.loan.head, one.loan.woman_id, one.loan.body_id, one.loan.twin_id is not None,
                is_off=one.off_on is not None,
            )
            for one in (*self.loans, *self.off)
        }  # fmt: skip


def rhythm_of(book: Book) -> Rhythm:
    """How often its body meets: a group that says nothing meets every week, a VO or CLF every month."""
    body = book.institution
    usual = "weekly" if body.kind == "shg" else "monthly"
    return Rhythm(body.meeting_frequency or usual, body.meeting_day, body.meeting_date)


def bylaws_of(book: Book, on: datetime.date) -> Bylaws:
    """The rules in force on a day; before the first row the usual ones, with the saving of the group's profile."""
    row = Bylaw.objects.filter(book=book, since__lte=on).order_by("-since").first()
    return row.plain if row is not None else usual_bylaws(book)


def usual_bylaws(book: Book) -> Bylaws:
    """What a group begins with until it has said its own rules."""
    return Bylaws({"saving_compulsory": Paise(book.institution.saving_paise or 0)})


def before(
    book: Book, on: datetime.date, *, number: int | None, today: datetime.date, without: UUID | None = None
) -> Before:
    """The book on a day, as if the meeting `without` had not been. A fixed number of questions, whatever the group's
    size."""
    every = running_loans(book.pk, on, with_closed=True)
    loans, off = [one for one in every if not one.is_closed], [one for one in every if _may_come_back(one)]
    paise, left = balances(book.pk, on), least_left(book.pk, on, (one.loan for one in loans))
    group, bylaws, bodies = book.institution, bylaws_of(book, on), _above(book, on)
    waiting, called = waiting_on(book.pk, on, without), _everybody(book)
    queue, back = queue_before(book, on, "woman", without=without), least_back(book.pk, off, on, today)
    facts = rules.Facts(
        today=today, since=book.opened_on, formed_on=group.formed_on, bylaws=bylaws,
        members={woman: name for (woman, during), name in called.items() if on in during},
        called={woman: name for (woman, _during), name in called.items()},
        cash=paise.get("cash", Paise(0)), bank=paise.get("bank", Paise(0)), savings=savings_of_women(book, on),
        loans={one.loan.uid: _facts_of(one, left, back) for one in (*loans, *off)},
        sources=sources(loans, paise), sources_later=least_not_lent(book.pk, on),
        requests=queue.waiting, built_on=queue.built_on,
        on_the_way={body: one.sent for body, one in waiting.items() if one.sent},
        counted_there={body: one.counted for body, one in waiting.items() if one.counted}, above=frozenset(bodies),
        keeping=frozenset(body for body, (_kind, has_book) in bodies.items() if has_book),
        **neighbours(book, on, number, without), last_met=_last_met(book, on, without),
        meetings_a_year=MEETINGS_A_YEAR.get(group.meeting_frequency, 52),
        is_month_locked=MonthLock.objects.closing(on).filter(book=book).exists(),
        about_woman=ABOUT_WOMAN, receipts=frozenset(RECEIPTS), payments=frozenset(PAYMENTS),
    )  # fmt: skip
    missed = missed_before(book, _held_before(book, on, without), on, usual_bylaws(book), facts.members)
    met = [replace(one, met=facts.last_met) for one in loans]
    return Before(facts, met, bodies, bylaws, rhythm_of(book), missed, off)


def members(book: Book, on: datetime.date) -> dict[UUID, str]:
    """{woman: name} of who belonged on a day, by name."""
    return {woman: name for (woman, during), name in _everybody(book).items() if on in during}


def _everybody(book: Book) -> dict[tuple[UUID, Any], str]:
    """{(woman, from when until when): name} of whoever belonged at any time, by name."""
    ties = Membership.objects.filter(institution=book.institution_id)
    return {(woman, during): name for woman, name, (during,) in memberships_called(ties, "during")}


def savings_of_women(book: Book, on: datetime.date) -> dict[tuple[UUID, str], Paise]:
    """{(woman, head): paise saved} at the end of a day, under the record that is kept of her."""
    heads = [head.number for head in SAVINGS]
    with connection.cursor() as cursor:
        cursor.execute(_BY_WOMAN, {"book": book.pk, "on": on, "heads": heads})
        return {(woman, BY_NUMBER[head].key): Paise(-int(paise)) for woman, head, paise in cursor.fetchall() if paise}


def saved_by(book: Book, on: datetime.date) -> dict[UUID, Paise]:
    """{woman: all that she has saved} of the members of a day, by name."""
    saved: dict[UUID, Paise] = {woman: Paise(0) for woman in members(book, on)}
    for (woman, _head), has in savings_of_women(book, on).items():
        if woman in saved:
            saved[woman] = Paise(saved[woman] + has)
    return saved


def _may_come_back(one: RunningLoan) -> bool:
    """A woman's, or one of a VO or CLF that keeps a book here too: it stands there likewise."""
    return one.may_come_back > 0 and (one.loan.woman_id is not None or one.loan.twin_id is not None)


def _facts_of(one: RunningLoan, left: Mapping[int, Room | None], back: Mapping[int, Paise]) -> rules.LoanFacts:
    if one.off_on is not None:
        return rules.LoanFacts(
            woman=one.loan.woman_id, owed=back[one.loan.pk], is_off=True, is_given=one.loan.way == "given",
            lender=one.loan.body_id if one.loan.twin_id is not None else None,
        )  # fmt: skip
    late = one.arrears
    return rules.LoanFacts(
        woman=one.loan.woman_id, owed=one.owed, run=one.run, to_come=one.to_come,
        interest_asked=Paise(late.interest + one.run),
        overdue=Paise(late.principal + late.interest), is_given=one.loan.way == "given",
        lender=one.loan.body_id if one.loan.twin_id is not None else None,
        is_credit=one.loan.is_cash_credit, limit=one.limit, least_left=left.get(one.loan.pk),
        source=source_of(one.loan),
    )  # fmt: skip


def _above(book: Book, on: datetime.date) -> dict[UUID, tuple[str, bool]]:
    """The VO and CLF of a group on a day: {institution: (kind, keeps a book here)}. Three questions."""
    found = above(book.institution_id, on)
    keeping = books_of(found, on)
    return {body: (kind, body in keeping) for body, (kind, _name) in found.items()}


def standing_meetings(book: Book) -> QuerySet[Meeting]:
    """Meetings that hold: not replaced by a correction, and not taken back."""
    return Meeting.objects.filter(stands(), book=book).exclude(kind=MeetingKind.TAKEN_BACK)


def explained_in(held: Meeting) -> int | None:
    """What the reason of a closed meeting's difference is about: counted less what had to be there."""
    if not held.said.get("difference_why") or held.sheet_id is None:
        return None
    heads = [BY_KEY["cash_over"].number, BY_KEY["cash_short"].number]
    apart = Line.objects.filter(sheet=held.sheet_id, head__in=heads).aggregate(apart=Sum("amount_paise"))["apart"]
    return -int(apart) if apart else None


def _held_before(book: Book, on: datetime.date, without: UUID | None) -> QuerySet[Meeting]:
    """The last meetings before this one, the newest first."""
    held = standing_meetings(book).filter(number__isnull=False, held_on__lt=on).exclude(pk=without)
    return held.order_by("-held_on")[:FAR_BACK]


def _last_met(book: Book, on: datetime.date, without: UUID | None) -> datetime.date | None:
    """The last day before this one on which a meeting was held; an extra one asks nobody for what is due."""
    held = standing_meetings(book).filter(number__isnull=False, held_on__lt=on).exclude(pk=without)
    held = held.exclude(kind=MeetingKind.EXTRA)
    return held.aggregate(last=Max("held_on"))["last"]


def neighbours(book: Book, on: datetime.date, number: int | None, without: UUID | None) -> dict[str, Any]:
    """The last number, the meeting of the same number or day, and the ones before and after it. One question."""
    every = list(
        standing_meetings(book).filter(number__isnull=False).order_by("number").values_list("pk", "number", "held_on")
    )
    late = came_late((one, day) for _pk, one, day in every)
    rows = [(one, day) for pk, one, day in every if pk != without]
    said: dict[str, object] = {
        "last_number": rows[-1][0] if rows else _meetings_before(book),
        "same_day": next((row for row in rows if row[1] == on), None),
    }
    if without is None:
        said["counted_since"] = min((row for row in rows if row[1] > on), key=lambda row: row[1], default=None)
    if number is not None:
        said["same_number"] = next((row for row in rows if row[0] == number), None)
    # One that came late says nothing of the order of days, neither of others nor, when it is corrected, of its own.
    if number is not None and not any(pk == without and one in late and one == number for pk, one, _day in every):
        ordered = [row for row in rows if row[0] not in late]
        said["earlier"] = next((row for row in reversed(ordered) if row[0] < number), None)
        said["later"] = next((row for row in ordered if row[0] > number), None)
    return said


def came_late(rows: Iterable[tuple[int, datetime.date]]) -> set[int]:
    """The numbers, of (number, day) by number, whose day is not after that of every smaller one."""
    late, last = set(), datetime.date.min
    for number, day in rows:
        if day <= last:
            late.add(number)
        last = max(last, day)
    return late


def _meetings_before(book: Book) -> int:
    row = book.cut_offs.order_by("-version").values_list("meetings_before", flat=True).first()
    return row or 0
