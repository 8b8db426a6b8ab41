"""Random histories of a VO and its groups: after every step, and as of every day, the books say the same."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction

from umeed.books.actions import Move, post_event, reverse_event
from umeed.books.actions.bodies import BodyTerms, lend_to_body, settle_on_the_way, take_back, write_off
from umeed.books.actions.days import close_day, take_back_day
from umeed.books.bodies.agreeing import first_disagreement, standings
from umeed.books.bodies.facts import sums_by_body
from umeed.books.ledger.balances import balances
from umeed.books.ledger.proving import first_difference
from umeed.books.ledger.running import running_loans
from umeed.books.models import Book, Line, Loan, Meeting, Sheet
from umeed.books.registers.flows import flows
from umeed.books.registers.reading import sheets
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import entry, post, sheet
from umeed.books.tests.test_bodies import Vo, vo
from umeed.core.actions import Refused
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise

__all__ = ["vo"]
STEPS = 45


@dataclass
class History:
    """A VO whose groups and bookkeeper do what comes to their minds."""

    vo: Vo
    chance: random.Random
    on: datetime.date = datetime.date(2024, 4, 10)
    number: int = 0

    @property
    def group(self) -> Kept:
        return self.chance.choice([self.vo.one, self.vo.two])

    def paise(self, most: int = 5_000_00) -> Paise:
        return Paise(self.chance.randrange(1, most))

    def step(self) -> str:
        """One thing, tried; what is refused must leave no trace."""
        ways = (
            self.lends, self.repays, self.gives, self.counts, self.counts, self.has_a_day, self.has_a_day,
            self.takes_back, self.reverses, self.undoes_a_day, self.writes_off, self.brings_back,
        )  # fmt: skip
        way = self.chance.choice(ways)
        self.on += datetime.timedelta(days=self.chance.randrange(3))
        before = Sheet.objects.count(), Loan.objects.count()
        try:
            with transaction.atomic():
                way()
        except Refused:
            assert (Sheet.objects.count(), Loan.objects.count()) == before
            return f"{way.__name__} refused"
        return way.__name__

    def lends(self) -> None:
        terms = BodyTerms(
            self.group.group.pk, self.paise(30_000_00), 1200, self.chance.choice(["balance", "flat", "declining"]), 6,
            self.on + datetime.timedelta(days=30), source=self.chance.choice(["cif", "own"]),
        )  # fmt: skip
        mode: Any = self.chance.choice(["cash", "bank"])
        lend_to_body(by=us(), book=self.vo.book, loan=new_id(), on=self.on, terms=terms, mode=mode)

    def repays(self) -> None:
        group = self.group
        loan = self._loan(Loan.objects.filter(book=group.book, way="taken"))
        moves = [
            Move("loan_from_vo", "loan_to_body", self.paise(), loan),
            Move("interest_to_body", "interest_from_bodies", self.paise(500_00), loan),
        ]
        post_event(by=us(), book=group.book, other=self.vo.vo.pk, uid=new_id(), on=self.on, moves=moves, met_by="cash")

    def gives(self) -> None:
        group = self.group
        ours, theirs = self.chance.choice([
            ("saving_with_vo", "saving_of_body"), ("share_with_vo", "share_of_body"), ("fee_to_body", "fee_of_body"),
        ])  # fmt: skip
        moves = [Move(ours, theirs, self.paise(900_00))]
        post_event(by=us(), book=group.book, other=self.vo.vo.pk, uid=new_id(), on=self.on, moves=moves)

    def counts(self) -> None:
        group = self.group
        book, body = self.chance.choice([(self.vo.book, group.group.pk), (group.book, self.vo.vo.pk)])
        waits = sums_by_body(book.pk, self.on).get((body, "on_the_way"), 0)
        part = self.chance.choice([waits, waits // 2, waits + 1, self.paise()])
        mode: Any = self.chance.choice(["cash", "bank"])
        settle_on_the_way(by=us(), book=book, body=body, ways={mode: Paise(part)}, on=self.on, uid=new_id())

    def has_a_day(self) -> None:
        group = self.group
        self.number += 1
        body, loan = group.group.pk, self._loan(Loan.objects.filter(book=self.vo.book, body=group.group), must=False)
        said: dict[str, Any] = {
            "id": new_id(), "number": self.number, "on": self.on, "kind": "extra", "counted": 10**12,
            "difference_why": "Whatever is there", "taken": [{"body": body, "what": "saving", "paise": self.paise()}],
        }  # fmt: skip
        if loan is not None:
            said["repayments"] = [{"loan": loan.uid, "principal": self.paise(), "interest": self.paise(99_00)}]
        if self.chance.random() < 0.5:
            said["lendings"] = [{
                "loan": new_id(), "body": body, "paise": self.paise(9_000_00), "mode": "bank", "source": "cif",
                "rate_bp_a_year": 1200, "method": "balance", "instalments": 4,
                "first_due": self.on + datetime.timedelta(days=30),
            }]  # fmt: skip
        if self.chance.random() < 0.3:
            said["returned"] = [{"body": body, "what": "saving", "paise": self.paise(400_00)}]
            said["passed"] = [{"body": body, "head": "cif", "paise": self.paise(200_00), "mode": "bank"}]
        said["counted"] = max(0, balances(self.vo.book.pk, self.on).get("cash", 0))
        close_day(by=us(), book=self.vo.book, said=said, is_sure=True)

    def takes_back(self) -> None:
        rows = Sheet.objects.filter(book=self.vo.book, event__isnull=False)
        take_back(by=us(), book=self.vo.book, event=self._one(rows).event, why="It did not arrive")

    def reverses(self) -> None:
        group = self.group
        rows = Sheet.objects.filter(book=group.book, event__isnull=False)
        reverse_event(by=us(), event=self._one(rows).event, why="Written by mistake")

    def undoes_a_day(self) -> None:
        held = self._one(Meeting.objects.filter(book=self.vo.book, kind="extra"))
        take_back_day(by=us(), day=held.pk, id=new_id(), why="The wrong day")

    def writes_off(self) -> None:
        loan = self._loan(Loan.objects.filter(book=self.vo.book))
        owed = sum(Line.objects.filter(loan=loan, head=112).values_list("amount_paise", flat=True))
        paise = self.chance.choice([self.paise(900_00), Paise(owed)])
        write_off(by=us(), loan=loan.uid, paise=paise, resolution="7", on=self.on, uid=new_id())

    def brings_back(self) -> None:
        """Something of a loan that was written off whole."""
        self.number += 1
        off = [one for one in running_loans(self.vo.book.pk, self.on, with_closed=True) if one.may_come_back > 0]
        if not off:
            raise Refused([])
        paid = {"loan": self.chance.choice(off).loan.uid, "principal": self.paise(900_00)}
        close_day(by=us(), book=self.vo.book, is_sure=True, said={
            "id": new_id(), "number": self.number, "on": self.on, "kind": "extra", "counted": 10**12,
            "difference_why": "Whatever is there", "repayments": [paid],
        })  # fmt: skip

    def _loan(self, rows: Any, must: bool = True) -> Any:
        return self._one(rows) if must or rows.exists() else None

    def _one(self, rows: Any) -> Any:
        found = list(rows.order_by("pk"))
        if not found:
            raise Refused([])
        return self.chance.choice(found)


def pairs_agree() -> None:
    """Every loan of two books is owed by one as it is owed to the other."""
    for loan in Loan.objects.filter(way="given", twin__isnull=False):
        lines = Line.objects.filter(loan__in=[loan.pk, loan.twin_id], head__in=[112, 212])
        assert sum(lines.values_list("amount_paise", flat=True)) == 0, loan
        one, two = (
            [
                (known.recovered, known.may_come_back, known.off_on)
                for known in running_loans(of.book_id, us().today, loans=[of.pk], with_closed=True)
            ]
            for of in (loan, Loan.objects.get(pk=loan.twin_id))
        )
        assert one == two


def registers_agree(book: Book) -> None:
    """What came in and went out is what box and bank moved by, sheet by sheet; where nothing is on the way any more, no
    register says so of anything."""
    found = sheets(book, None, us().today)
    moved = flows(book, found)
    for one in found:
        own = [flow for flow in moved if flow.entered.sheet == one.sheet]
        assert (sum(f.cash for f in own), sum(f.bank for f in own)) == (one.sum("cash"), one.sum("bank"))
    ways = {flow.body for flow in moved if flow.head == "on_the_way"}
    waits = {body for (body, key), paise in sums_by_body(book.pk, us().today).items() if key == "on_the_way" and paise}
    for body in ways - waits:
        assert sum(f.whole for f in moved if f.head == "on_the_way" and f.body == body) == 0


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_the_books_say_the_same(vo, seed) -> None:
    post(vo.book, sheet(entry("cash", 20_000), entry("other_receipt", -20_000), on="2024-04-01"))
    for group in (vo.one, vo.two):
        post(group.book, sheet(entry("cash", 90_000), entry("other_receipt", -90_000), on="2024-04-01"))
        post(group.book, sheet(entry("bank", 90_000), entry("other_receipt", -90_000), on="2024-04-01"))
    history = History(vo, random.Random(seed))
    told = []
    for _ in range(STEPS):
        told.append(history.step())
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert first_disagreement() is None, told
    assert first_difference() is None
    pairs_agree()
    for book in (vo.book, vo.one.book, vo.two.book):
        registers_agree(book)
    assert len({one for one in told if not one.endswith("refused")}) >= 6, told
    for on in {history.on - datetime.timedelta(days=at * 5) for at in range(10)}:
        for group in (vo.one, vo.two):
            assert all(one.agrees for one in standings(vo.book, group.group.pk, on))
