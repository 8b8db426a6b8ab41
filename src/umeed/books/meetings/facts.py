"""What the book knows before a meeting: for its rules, and for what is filled in beforehand."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, Sum

from umeed.books.codes import MeetingKind
from umeed.books.heads import BY_KEY, BY_NUMBER, CHART, SAVINGS
from umeed.books.ledger.credits import least_left
from umeed.books.ledger.least import least_back, least_not_lent
from umeed.books.ledger.on_the_way import said_again
from umeed.books.ledger.running import RunningLoan, running_of
from umeed.books.ledger.sources import source_of, sources
from umeed.books.meetings.documents import PAYMENTS, RECEIPTS
from umeed.books.meetings.known import NOTHING_WRITTEN, NOWHERE, Held, Known, Place, Written, known_of
from umeed.books.meetings.missing import FAR_BACK, Missed, missed_before
from umeed.books.meetings.queue import queue_before, queue_of
from umeed.books.meetings.rhythm import Rhythm
from umeed.books.meetings.sums import Bodies, KnownLoan
from umeed.books.models import Book, Bylaw, Line, Meeting, stands
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
    # Loans that were lent by then, closed ones too.
    every: Sequence[RunningLoan]
    bodies: Bodies
    bylaws: Bylaws
    rhythm: Rhythm
    # What those who were away owe when they come again.
    missed: Mapping[UUID, Missed] = field(default_factory=dict)
    # Of a VO or CLF {woman: her group}; here all are of one.
    group_of: Mapping[UUID, str] = field(default_factory=dict)
    # Where the meeting that is closed is written.
    place: Place = NOWHERE
    # Nothing is written of a later day, no terms were resolved for one, and no loan was ever written off.
    is_quiet: bool = False

    @cached_property
    def loans(self) -> Sequence[RunningLoan]:
        return [one for one in self.every if not one.is_closed]

    @cached_property
    def off(self) -> Sequence[RunningLoan]:
        """Loans of women, and of a VO or CLF, that were written off and of which not all has come back."""
        return [one for one in self.every if _may_come_back(one)]

    @property
    def known_loans(self) -> dict[UUID, KnownLoan]:
        return {one.loan.uid: known_loan(one) for one in (*self.loans, *self.off)}


class LoansBefore(Mapping[UUID, rules.LoanFacts]):
    """{loan: its facts} of those that run, and of those that may come back. How each stands is worked out when it is
    asked for: a meeting names three or four of twenty, and the rules look at no others. It follows from the loan alone.
    """

    def __init__(self, every: Iterable[RunningLoan], facts_of: Callable[[RunningLoan], rules.LoanFacts]) -> None:
        self._every = {one.loan.uid: one for one in every}
        self._facts_of = cache(lambda loan: facts_of(self._every[loan]))

    def __getitem__(self, loan: UUID) -> rules.LoanFacts:
        if loan not in self:
            raise KeyError(loan)
        return self._facts_of(loan)

    def __contains__(self, loan: object) -> bool:
        one = self._every.get(loan)  # type: ignore[call-overload]
        return one is not None and (not one.is_closed or _may_come_back(one))

    def __iter__(self) -> Iterator[UUID]:
        return (loan for loan in self._every if loan in self)

    def __len__(self) -> int:
        return sum(1 for _loan in self)


def known_loan(one: RunningLoan) -> KnownLoan:
    loan = one.loan
    return KnownLoan(
        loan.pk, loan.head, loan.woman_id, loan.body_id, loan.twin_id is not None, is_off=one.off_on is not None
    )


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
    """The book on a day, as if the meeting `without` had not been, with what is filled in beforehand. A fixed number of
    questions, whatever the group's size."""
    found = before_closing(book, on, number=number, today=today, without=without)
    held = _held_before(book, on, without)
    return replace(found, missed=missed_before(book, held, on, usual_bylaws(book), found.facts.members))


def before_closing(
    book: Book, on: datetime.date, *, number: int | None, today: datetime.date, without: UUID | None = None,
    written: Written = NOTHING_WRITTEN,
) -> Before:  # fmt: skip
    """The same for the rules alone: of a meeting that is written, what it names. One question; more where a cash credit
    runs, where something was written off or is written of a later day, and of a correction."""
    known, group = known_of(book, on, written), book.institution
    bylaws = known.bylaws.plain if known.bylaws is not None else usual_bylaws(book)
    last_met = _last_met(known.held, on, without)
    every = _loans(book, known, bylaws.penalty, last_met, on)
    off = [one for one in every if _may_come_back(one)]
    credits = (one.loan for one in every if one.loan.is_cash_credit and not one.is_closed)
    left, back = least_left(book.pk, on, credits), least_back(book.pk, off, on, today)
    queue = queue_before(book, on, "woman", without=without) if without else queue_of(known.asked, known.decided, on)
    waiting = said_again(known.waiting, without)
    facts = rules.Facts(
        today=today, since=book.opened_on, formed_on=group.formed_on, bylaws=bylaws,
        members={woman: name for woman, name, belongs in known.women if belongs},
        called={woman: name for woman, name, _belongs in known.women},
        cash=known.paise.get("cash", Paise(0)), bank=known.paise.get("bank", Paise(0)), savings=known.savings,
        loans=LoansBefore(every, lambda one: _facts_of(one, left, back)),
        # Of a loan that is closed nothing is out.
        sources=sources(every, known.paise) if written.asks_sources else {},
        sources_later=least_not_lent(book.pk, on) if known.is_later and written.asks_sources else {},
        requests=queue.waiting, built_on=queue.built_on,
        on_the_way={body: one.sent for body, one in waiting.items() if one.sent},
        counted_there={body: one.counted for body, one in waiting.items() if one.counted}, above=frozenset(known.above),
        keeping=frozenset(body for body, (_kind, has_book) in known.above.items() if has_book),
        **_among(book, known.held, on, number, without), last_met=last_met,
        meetings_a_year=MEETINGS_A_YEAR.get(group.meeting_frequency, 52), is_month_locked=known.is_locked,
        about_woman=ABOUT_WOMAN, receipts=frozenset(RECEIPTS), payments=frozenset(PAYMENTS),
    )  # fmt: skip
    is_quiet = not known.is_later and not known.let_go
    return Before(facts, every, known.above, bylaws, rhythm_of(book), place=known.place, is_quiet=is_quiet)


def _loans(
    book: Book, known: Known, penalty: Paise, last_met: datetime.date | None, on: datetime.date
) -> list[RunningLoan]:
    for loan in known.loans:
        loan.last_met, loan.meets, loan.penalty = last_met, book.institution.meeting_frequency, penalty  # type: ignore[attr-defined]
    return running_of(book.pk, known.loans, known.agreed, known.moves, on)


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


def _last_met(held: Iterable[Held], on: datetime.date, without: UUID | None) -> datetime.date | None:
    """The last day before this one on which a meeting was held; an extra one asks nobody for what is due."""
    days = (one.on for one in held if one.on < on and one.kind != MeetingKind.EXTRA and one.id != str(without))
    return max(days, default=None)


def neighbours(book: Book, on: datetime.date, number: int | None, without: UUID | None) -> dict[str, Any]:
    """The last number, the meeting of the same number or day, and the ones before and after it. One question."""
    rows = standing_meetings(book).filter(number__isnull=False).order_by("number")
    held = [Held(str(pk), *more) for pk, *more in rows.values_list("pk", "number", "held_on", "kind")]
    return _among(book, held, on, number, without)


def _among(
    book: Book, held: Sequence[Held], on: datetime.date, number: int | None, without: UUID | None
) -> dict[str, Any]:
    """The same among meetings that were held, by number. No question where there is one."""
    late = came_late((one.number, one.on) for one in held)
    mine = next((one.number for one in held if one.id == str(without)), None)
    rows = [(one.number, one.on) for one in held if one.id != str(without)]
    said: dict[str, object] = {
        "last_number": rows[-1][0] if rows else _meetings_before(book),
        "same_day": next((row for row in rows if row[1] == on), None),
    }
    if without is None:
        said["counted_since"] = min((row for row in rows if row[1] > on), key=lambda row: row[1], default=None)
    if number is not None:
        said["same_number"] = next((row for row in rows if row[0] == number), None)
    # One that came late says nothing of the order of days, neither of others nor, when it is corrected, of its own.
    if number is not None and not (number == mine and mine in late):
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
