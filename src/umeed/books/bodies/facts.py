"""What the book of a VO or CLF knows before a day: what each group has here and owes, funds, what is on the way."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from umeed.books.bodies.documents import PAYMENTS, RECEIPTS
from umeed.books.bodies.sums import Known, SharedLoan
from umeed.books.heads import BY_NUMBER
from umeed.books.ledger.balances import balances
from umeed.books.ledger.credits import least_left
from umeed.books.ledger.least import least_back, least_held, least_not_lent
from umeed.books.ledger.on_the_way import waiting_on
from umeed.books.ledger.others import above, books_of, closed_months_of
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.ledger.sources import source_of, sources
from umeed.books.meetings.facts import ABOUT_WOMAN, neighbours
from umeed.books.meetings.queue import queue_before
from umeed.books.models import Book, MonthLock
from umeed.books.rules import bodies as rules
from umeed.books.rules.credits import Room
from umeed.books.rules.limits import FUNDS, OF_BODIES
from umeed.institutions.models import Federation, Membership
from umeed.institutions.naming import memberships_called
from umeed.kernel.money import Paise

_BY_BODY = """
SELECT coalesce(l.body_id, o.body_id), l.head, sum(l.amount_paise)
FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id LEFT JOIN books_loan o ON o.id = l.loan_id
WHERE s.book_id = %(book)s AND s.on_date <= %(on)s AND coalesce(l.body_id, o.body_id) IS NOT NULL GROUP BY 1, 2
"""


@dataclass(frozen=True)
class BeforeDay:
    """The book of a VO or CLF on a day: what rules judge by, and the loans with their dues."""

    facts: rules.DayFacts
    loans: Sequence[RunningLoan]
    known: Known
    # Loans between two bodies that were written off and of which not all has come back.
    off: Sequence[RunningLoan] = ()
    # {woman: the group to which she belongs}
    group_of: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def bodies(self) -> dict[UUID, tuple[str, bool]]:
        """Those above: {institution: (kind, keeps a book here)}."""
        return {body: self.known.bodies[body] for body in self.facts.above}


def before_day(
    book: Book, on: datetime.date, *, number: int | None = None, today: datetime.date, without: UUID | None = None
) -> BeforeDay:
    """A fixed number of questions, however many groups there are."""
    every = running_loans(book.pk, on, with_closed=True)
    running = [one for one in every if not one.is_closed]
    off = [one for one in every if one.may_come_back > 0 and one.loan.body_id]
    left = least_left(book.pk, on, (one.loan for one in running))
    paise, least = balances(book.pk, on), least_held(book.pk, on, (*OF_BODIES, *FUNDS))
    below, over = below_of(book, on), above(book.institution_id, on)
    queue, back = queue_before(book, on, "body", without=without), least_back(book.pk, off, on, today)
    women = women_below(below, on)
    named = {*below, *over, *(one.loan.body_id for one in (*running, *off) if one.loan.body_id)}
    keeping = books_of(named, on)
    facts = rules.DayFacts(
        today=today, since=book.opened_on, formed_on=book.institution.formed_on,
        below={body: name for body, (name, _kind) in below.items()}, above=frozenset(over),
        cash=paise.get("cash", Paise(0)), bank=paise.get("bank", Paise(0)),
        loans={one.loan.uid: _facts_of(one, left, back) for one in (*running, *off)},
        held={(one.body, one.head): lowest.paise for one, lowest in least.items() if one.body},
        on_the_way={body: one.sent for body, one in waiting_on(book.pk, on, without).items() if one.sent},
        sources=sources(running, paise), sources_later=least_not_lent(book.pk, on),
        funds={one.head: lowest.paise for one, lowest in least.items() if not one.body},
        members={woman: f"{name} · {group}" for woman, (name, group) in women.items()},
        requests=queue.waiting, built_on=queue.built_on,
        closed_there=closed_months_of(keeping, on),
        is_month_locked=MonthLock.objects.closing(on).filter(book=book).exists(),
        about_woman=ABOUT_WOMAN, receipts=frozenset(RECEIPTS), payments=frozenset(PAYMENTS),
        **neighbours(book, on, number, without),
    )  # fmt: skip
    kinds = {body: kind for body, (_name, kind) in below.items()} | {body: kind for body, (kind, _name) in over.items()}
    bodies = {body: (kind, body in keeping) for body, kind in kinds.items()}
    lenders = {one.loan.body_id: ("", one.loan.body_id in keeping) for one in (*running, *off) if one.loan.body_id}
    known = Known(book.institution.kind, _shared([*running, *off], book), {**lenders, **bodies})
    return BeforeDay(facts, running, known, off, {woman: group for woman, (_name, group) in women.items()})


def sums_by_body(book: int, on: datetime.date) -> dict[tuple[UUID, str], Paise]:
    """{(other body, head): debits less credits} of all lines that name it, or a loan with it."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_BODY, {"book": book, "on": on})
        return {(body, BY_NUMBER[head].key): Paise(int(paise)) for body, head, paise in cursor.fetchall() if paise}


def below_of(book: Book, on: datetime.date) -> dict[UUID, tuple[str, str]]:
    """{body: (name, kind)} of what belongs to it on a day, by name."""
    ties = Federation.objects.filter(above=book.institution_id, during__contains=on)
    rows = ties.order_by("member__name", "member").values_list("member", "member__name", "member__kind")
    return {member: (name, kind) for member, name, kind in rows}


def women_below(below: Mapping[UUID, object], on: datetime.date) -> dict[UUID, tuple[str, str]]:
    """{woman: (her name, her group)} of the members of the groups, two steps down for a CLF. Groups of one name are
    told apart by their place."""
    groups = set(below) | set(
        Federation.objects.filter(above__in=list(below), during__contains=on).values_list("member", flat=True)
    )
    ties = Membership.objects.filter(institution__in=groups)
    rows = memberships_called(ties, "during", "institution", "institution__name", "institution__place__name")
    called = _groups_called({group: (str(name), str(place)) for _w, _n, (_during, group, name, place) in rows})
    return {woman: (name, called[of_tie[1]]) for woman, name, of_tie in rows if on in of_tie[0]}  # type: ignore[operator, index]


def _groups_called(groups: Mapping[object, tuple[str, str]]) -> dict[object, str]:
    """{group: what it is called} of {group: (name, place)}."""
    names, both = Counter(name for name, _place in groups.values()), Counter(groups.values())
    said: dict[object, str] = {}
    for group in sorted(groups, key=str):
        name, place = groups[group]
        beside = [place] if names[name] > 1 else []
        if both[name, place] > 1:
            beside.append(str(1 + sum(groups[one] == (name, place) for one in said)))
        said[group] = f"{name} ({', '.join(beside)})" if beside else name
    return said


def _facts_of(one: RunningLoan, left: Mapping[int, Room | None], back: Mapping[int, Paise]) -> rules.BodyLoan:
    late = one.arrears
    if one.off_on is not None:
        # What comes of it is no source to lend out of a second time: when it was written off, none of it was out.
        return rules.BodyLoan(
            body=one.loan.body_id, owed=back[one.loan.pk], is_off=True, is_given=one.loan.way == "given"
        )
    return rules.BodyLoan(
        body=one.loan.body_id, owed=one.owed, run=one.run, to_come=one.to_come,
        interest_asked=Paise(late.interest + one.run),
        overdue=Paise(late.principal + late.interest), is_given=one.loan.way == "given",
        source=source_of(one.loan), is_credit=one.loan.is_cash_credit, limit=one.limit,
        least_left=left.get(one.loan.pk),
    )  # fmt: skip


def _shared(running: Sequence[RunningLoan], book: Book) -> dict[UUID, SharedLoan]:
    return {
        one.loan.uid: SharedLoan(
            one.loan.pk, one.loan.head, one.loan.body_id, _twin_head(one, book), is_off=one.off_on is not None
        )
        for one in running
    }


def _twin_head(one: RunningLoan, book: Book) -> str:
    """The head of the same loan in the other's book: it follows from ours, their book need not be looked into."""
    if one.loan.twin_id is None:
        return ""
    return f"loan_from_{book.institution.kind}" if one.loan.way == "given" else "loan_to_body"
