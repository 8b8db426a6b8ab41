"""Opening plus transactions to a day equals a single opening on that day: money, dues and days overdue, ever after."""

from __future__ import annotations

import contextlib
import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from umeed.books.actions import post_cut_off
from umeed.books.cutoffs.taking import cut_off_from
from umeed.books.heads import BY_KEY
from umeed.books.ledger import writing
from umeed.books.ledger.balances import balances
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.meetings.facts import savings_of_women
from umeed.books.models import Agreement, Book, Loan
from umeed.books.tests.conftest import Kept, keep
from umeed.core.audit import audited
from umeed.institutions.models import Institution, Woman
from umeed.institutions.tests.making import make_group, us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise
from umeed.places.tests.world import Valley

BEGAN = datetime.date(2024, 4, 1)
CUT = 196
"""Days from the beginning to the cut-off; what happens later happens in both books."""
HEADS = ("saving_compulsory", "saving_food", "saving_health", "saving_optional")


@dataclass(frozen=True)
class Lent:
    """A loan of a history: on which day, to whom, and its terms. Paise."""

    on: int
    woman: int
    paise: int
    method: str
    frequency: str
    instalments: int
    rate: int
    multiple: int
    unit: int
    wait: int
    part: str


@dataclass(frozen=True)
class Done:
    """Something else of a history. `which` is a woman or a loan, `part` what of it, in hundredths or paise."""

    on: int
    kind: str
    which: int
    paise: int


# Days of meetings, so that many payments fall on the very day on which something is due.
lent = some.builds(
    Lent, on=some.integers(0, CUT // 7 - 1).map(lambda week: week * 7), woman=some.integers(0, 4),
    paise=some.integers(1_00, 9_000_00),
    method=some.sampled_from(["balance", "flat", "declining", "bullet"]),
    frequency=some.sampled_from(["weekly", "fortnightly", "monthly", "quarterly"]), instalments=some.integers(1, 14),
    rate=some.sampled_from([0, 700, 1200, 2400, 3333]), multiple=some.sampled_from([1, 100, 1000]),
    unit=some.sampled_from([1, 100]), wait=some.sampled_from([7, 14, 28, 30, 61]),
    part=some.sampled_from(["days", "whole", "due"]),
)  # fmt: skip
done = some.builds(
    Done, on=some.integers(0, 57).map(lambda week: week * 7),
    kind=some.sampled_from(["save", "repay", "repay", "repay", "interest", "fine", "grant", "cost"]),
    which=some.integers(0, 9), paise=some.integers(1, 5_000_00),
)  # fmt: skip
histories = some.tuples(some.lists(lent, min_size=1, max_size=5), some.lists(done, max_size=25))


class Over(Exception):
    """The history was looked at: nothing of it is kept."""


@dataclass
class World:
    """A group with a book, and two that begin theirs with what another book says."""

    kept: Kept
    groups: list[Institution]


@pytest.fixture
def world(valley: Valley) -> World:
    groups = [make_group(place, name, members=5) for place, name in (
        (valley.chinar, "Roshni"), (valley.deodar, "Gulab"), (valley.poplar, "Mahak"),
    )]  # fmt: skip
    return World(keep(groups[0]), groups[1:])


def day(number: int) -> datetime.date:
    return BEGAN + datetime.timedelta(days=number)


def put(book: Book, on: datetime.date, head: str, paise: int, **about: Any) -> None:
    """A sheet in which cash meets a head; `paise` as debits of the head."""
    entries = Entry("cash", Paise(-paise)), Entry(head, Paise(paise), **about)
    writing.put_one(book.pk, Draft(new_id(), on, 1, entries), by="system")


def lend(kept: Kept, one: Lent) -> Loan:
    loan = Loan(uid=new_id(), book=kept.book, way="given", head="loan_to_member", woman=kept.women[one.woman],
                lent_on=day(one.on), source="own", purpose="cattle")  # fmt: skip
    loan.save()
    Agreement(
        id=uuid5(loan.uid, "agreement/1"), book=kept.book, loan=loan, since=day(one.on), principal_paise=one.paise,
        rate_bp_a_year=one.rate, method=one.method, frequency=one.frequency, instalments=one.instalments,
        first_due=day(one.on + one.wait), multiple_paise=one.multiple, rounding_paise=one.unit, halves="up",
        part_month=one.part,
    ).save(force_insert=True)  # fmt: skip
    put(kept.book, day(one.on), "loan_to_member", one.paise, woman=loan.woman_id, loan=loan.pk)
    return loan


def do(kept: Kept, loans: list[Loan | None], one: Done, paise: int) -> None:
    on = day(one.on)
    if one.kind in ("repay", "interest"):
        loan = loans[one.which % len(loans)]
        if loan is not None and paise:
            head = "loan_to_member" if one.kind == "repay" else "interest_from_members"
            put(kept.book, on, head, -paise, woman=loan.woman_id, loan=loan.pk)
        return
    head = {"save": HEADS[one.which % 4], "fine": "fine", "grant": "revolving_fund", "cost": "rent"}[one.kind]
    about = {"woman": kept.women[one.which % 5].pk} if "woman" in BY_KEY[head].about else {}
    put(kept.book, on, head, paise if one.kind == "cost" else -paise, **about)


def amounts(lents: list[Lent], events: Iterable[Done]) -> list[tuple[Done, int]]:
    """Events in order of days, each with its paise: nothing is repaid that is not owed, or before it was lent."""
    owed = {at: one.paise for at, one in enumerate(lents)}
    told = []
    for one in sorted(events, key=lambda one: one.on):
        at, paise = one.which % len(lents), one.paise
        if one.kind in ("repay", "interest") and one.on < lents[at].on:
            paise = 0
        elif one.kind == "repay":
            paise = min(paise, owed[at])
            owed[at] -= paise
        elif one.kind == "interest":
            paise = paise // 20 + 1
        told.append((one, paise))
    return told


def taken_over(old: Kept, group: Institution, on: datetime.date) -> tuple[Kept, dict[UUID, Loan]]:
    """Another group begins on a day with what a book says, woman by woman; and its loans by those of the old book."""
    women = list(Woman.objects.filter(memberships__institution=group).order_by("name", "pk"))
    hers = {one.pk: other.pk for one, other in zip(old.women, women, strict=True)}
    said = cut_off_from(old.book, on, id=new_id())
    for part in ("savings", "loans", "closed"):
        said[part] = [{**one, "woman": hers[one["woman"]]} for one in said[part]]
    posted = post_cut_off(by=us(), group=group.pk, said=said, is_sure=True)
    book = Book.objects.get(pk=posted.book)
    made = {loan.uid: loan for loan in Loan.objects.filter(book=book)}
    twins = {
        loan.uid: made[uid] for loan in Loan.objects.filter(book=old.book)
        if (uid := uuid5(loan.uid, f"cut-off/{posted.cut_off}")) in made
    }  # fmt: skip
    return Kept(group, book, women), twins


def compare(one: Kept, two: Kept, on: datetime.date) -> None:
    """The same money under every head and for every woman; of every loan the same that is owed, due and late."""
    mine, hers = balances(one.book.pk, on), balances(two.book.pk, on)
    for key, head in BY_KEY.items():
        if head.side in ("asset", "liability", "fund") and key != "surplus_before":
            assert mine.get(key, 0) == hers.get(key, 0), key
    names = {woman.pk: at for kept in (one, two) for at, woman in enumerate(kept.women)}
    saved = [
        {(names[woman], head): paise for (woman, head), paise in savings_of_women(kept.book, on).items()}
        for kept in (one, two)
    ]
    assert saved[0] == saved[1]
    assert loans_of(one, on, names) == loans_of(two, on, names)


def loans_of(kept: Kept, on: datetime.date, names: dict[UUID, int]) -> dict[int, list[str]]:
    told: dict[int, list[str]] = defaultdict(list)
    for running in running_loans(kept.book.pk, on):
        told[names[running.loan.woman_id]].append(str(state(running)))
    return {woman: sorted(states) for woman, states in told.items()}


def state(one: RunningLoan) -> tuple[Any, ...]:
    late = one.arrears
    return one.owed, one.run, late.principal, late.interest, late.since, late.days, late.standing


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
# The principal of a flat loan is repaid at once: its interest, agreed for a day after the cut-off, is still to come.
@example(history=(
    [Lent(189, 0, 36_800, "flat", "weekly", 1, 700, 1, 1, 14, "days")],
    [Done(189, "repay", 0, 36_800)],
))  # fmt: skip
@given(history=histories)
def test_opening_and_transactions_equal_a_single_opening(world: World, history: tuple[list[Lent], list[Done]]) -> None:
    lents, events = history
    with contextlib.suppress(Over), audited(by=us(), did="make_history"):
        old = world.kept
        put(old.book, BEGAN, "surplus_before", -900_000_000_00)
        loans: list[Loan | None] = [lend(old, one) for one in lents]
        told = amounts(lents, events)
        for one, paise in told:
            if one.on <= CUT:
                do(old, loans, one, paise)
        second, twins = taken_over(old, world.groups[0], day(CUT))
        compare(old, second, day(CUT))
        others = [twins.get(loan.uid) if loan else None for loan in loans]
        for one, paise in told:
            if one.on > CUT and (one.kind not in ("repay", "interest") or others[one.which % len(loans)]):
                do(old, loans, one, paise)
                do(second, others, one, paise)
        for number in (CUT + 1, CUT + 13, CUT + 45, CUT + 110, CUT + 200, CUT + 500):
            compare(old, second, day(number))
        # What was carried is carried on: a third book that begins with what the second says, when all is done.
        third, _twins = taken_over(second, world.groups[1], day(CUT + 210))
        for number in (CUT + 210, CUT + 230, CUT + 500):
            compare(old, third, day(number))
        raise Over
