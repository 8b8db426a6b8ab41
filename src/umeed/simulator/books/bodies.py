"""The year of a VO or a CLF, a day a month: what arrived is counted in, funds are lent on, the CLF gets its part."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from umeed.books.bodies.documents import BodyDay
from umeed.books.bulk import STATES
from umeed.books.ledger.drafts import Entry
from umeed.books.models import Sheet
from umeed.kernel.money import Paise
from umeed.simulator.books.habits import Above
from umeed.simulator.books.minutes import Minutes, Shape
from umeed.simulator.books.owing import Agreed, Owing
from umeed.simulator.books.rows import Rows
from umeed.simulator.books.year import CLF_DAY, DAY, VO_DAY, FromVo, GroupYear, Span, monthly
from umeed.simulator.chance import Chance

VRF, STARTUP, CLF_MONTHS = 1_50_000_00, 25_000_00, 30
_BYLAWS: dict[str, object] = {
    "compulsory_paise": 0, "food_paise": 0, "health_paise": 0, "takes_optional": False, "rate_bp_a_year": 1_200,
    "method": "balance", "frequency": "monthly", "instalments": 20, "multiple_paise": 10_000, "rounding_paise": 100,
    "halves": "up", "order": "pir", "fine_late_paise": 0, "fine_absent_paise": 0, "penalty_paise": 0,
    "quorum_percent": 50, "most_paise": None, "lends_to_overdue": False,
}  # fmt: skip
_COSTS = (
    ("fee_to_bookkeeper", 500_00, None),
    ("travel", 300_00, "To the block office"),
    ("meeting_cost", 200_00, "Tea"),
)
_TOPICS = (
    ("Reports of the groups", "Each group says what it saved, lent and has overdue."),
    ("Investment fund", "Who is in time may ask for the second part."),
    ("Weak groups", "Two of us visit the groups that do not meet."),
    ("Plans", "Livelihood plans are written before the season."),
)


@dataclass(frozen=True, slots=True)
class Body:
    """A VO or CLF as the mission has it, with the days since when others belong to it."""

    id: UUID
    kind: str
    formed_on: datetime.date
    place: str
    above: Above | None = None
    ties: tuple[tuple[UUID, datetime.date], ...] = ()


@dataclass
class Below:
    """What a body below brings into the year: what stood on its first day, what moves then, who may preside."""

    id: UUID
    saving: int = 0
    share: int = 0
    loan: Owing | None = None
    lent: list[FromVo] = field(default_factory=list)
    sent: list[tuple[datetime.date, int, str]] = field(default_factory=list)
    women: list[tuple[UUID, datetime.date]] = field(default_factory=list)


def below_of(year: GroupYear) -> Below:
    """What a group is to its VO."""
    women = [(woman.id, woman.joined) for woman in year.group.members[:3]]
    return Below(year.group.id, *year.at_vo, year.vo_loan_before, year.from_vo, year.to_vo, women)


class DayMinutes(Minutes):
    """A day of a VO or CLF as it is written: what stands in two books comes first, then what is its own."""

    __slots__ = ()
    shape = Shape(BodyDay)

    def lend_on(self, body: UUID, kind: str, loan: FromVo) -> None:
        terms = loan.terms
        self._say("lendings", {
            "loan": str(loan.uid), "body": str(body), "paise": terms.principal,
            "mode": self._move("bank", -terms.principal), "rate_bp_a_year": terms.rate_bp, "method": terms.method,
            "instalments": terms.instalments, "first_due": terms.first_due.isoformat(), "part_month": terms.part_month,
        })  # fmt: skip
        self._line("on_the_way", terms.principal, body=body)
        self.sent.setdefault(body, []).append(("loan_to_body", f"loan_from_{kind}", terms.principal, loan))


class BodyYear:
    """One VO or CLF. `below` are the groups or VOs whose books were written before."""

    def __init__(
        self, body: Body, book: int, books: dict[UUID, int], span: Span, rows: Rows, seed: int, below: list[Below]
    ) -> None:
        self.body, self.book, self.books, self.span, self.rows, self.below = body, book, books, span, rows, below
        self.chance = Chance(seed, f"books:{body.id}")
        self.opened = max(body.formed_on, span.start)
        self.cash = self.bank = self.held = 0
        self.loan: Owing | None = None
        women = [pair for one in below for pair in one.women[:1]]
        self.up = Below(body.id, women=women)

    def new_id(self) -> UUID:
        return UUID(hex=self.chance.id())

    def play(self) -> Below:
        """Open the book, and go through the year; returns what it is to the body above."""
        self.rows.books.append((self.book, self.body.id, self.opened))
        self.rows.bylaw(self.book, self.opened, _BYLAWS, self.new_id())
        if self.body.formed_on < self.span.start:
            self._begin()
        day = self.opened
        while (day := monthly(day, VO_DAY if self.body.kind == "vo" else CLF_DAY)) < self.span.end:
            self._meet(day)
        return self.up

    def _begin(self) -> None:
        """What stands on the day of the cut-off: as the groups below have it, and the funds behind it."""
        lent, out = sum(loan.terms.principal for one in self.below for loan in one.lent), 0
        entries: list[Entry] = []

        def put(head: str, paise: int, **about: Any) -> None:
            if paise:
                entries.append(Entry(head, Paise(paise), **about))

        for one in self.below:
            if one.loan is not None:
                out += one.loan.agreed.principal
                put("loan_to_body", one.loan.agreed.principal, loan=one.loan.twin, body=one.id)
            put("saving_of_body", -one.saving, body=one.id)
            put("share_of_body", -one.share, body=one.id)
        put("startup", -STARTUP)
        put("vrf", -VRF if self.body.kind == "vo" and self.chance.happens(0.6) else 0)
        put("surplus_before", -(out // 20))
        owed, above = 0, self.body.above
        if above is not None and above.since < self.opened and out:
            part = (out + lent) * self.chance.between(5, 8) // 10 // CLF_MONTHS // 100_00 * 100_00
            owed = part * CLF_MONTHS
            self._lent_from_above(above, owed)
            put("loan_from_clf", -owed, loan=self.loan.number if self.loan else None)
            put("share_with_clf", 1_000_00, body=above.id)
        # The fund is at least what is out of it and will be lent.
        put("cif", -max(0, out + lent + self.chance.between(20, 60) * 1_000_00 - owed))
        self.bank = -sum(entry.amount for entry in entries)
        put("bank", self.bank)
        self.rows.post(self.book, self.new_id(), self.opened, Sheet.Kind.CUT_OFF, entries)

    def _lent_from_above(self, above: Above, owed: int) -> None:
        """What the CLF has lent to the VO, in both books."""
        on, rows, uid = self.opened, self.rows, self.new_id()
        terms = Agreed(on, owed, 600, "balance", "monthly", CLF_MONTHS, monthly(on + DAY * 10, CLF_DAY), 100, 100,
                       part_month="days")  # fmt: skip
        numbers = rows.number(), rows.number()
        more: dict[str, Any] = {
            "lent_on": max(self.body.formed_on, on - DAY * 180), "source": "cif", "purpose": "onlending",
        }  # fmt: skip
        self.loan = rows.lent(
            uid, self.book, "loan_from_clf", terms, body=above.id, twin=numbers[1], number=numbers[0], **more
        )
        rows.lent(
            uuid5(uid, "theirs"), self.books[above.id], "loan_to_body", terms, body=self.body.id, twin=numbers[0],
            number=numbers[1], **more,
        )  # fmt: skip
        self.loan.twin = numbers[1]
        self.up.loan, self.up.share = self.loan, 1_000_00

    def _meet(self, day: datetime.date) -> None:
        self.held += 1
        came = {str(id): "present" if self.chance.happens(0.92) else "absent"
                for id, since in self.body.ties if since <= day}  # fmt: skip
        minutes = DayMinutes(self.new_id(), day, number=self.held, attendance=came)
        here = [one for one in self.below if came.get(str(one.id)) == "present"]
        presiding = next((id for one in here for id, joined in one.women if joined <= day), None)
        if presiding is not None:
            minutes.said["president"] = str(presiding)
        arrived = self._arrived(day)
        lent = [(one.id, loan) for one in self.below for loan in one.lent if loan.on == day]
        self._repay_above(minutes, kept_back=sum(loan.terms.principal for _id, loan in lent))
        for whom, loan in lent:
            minutes.lend_on(whom, self.body.kind, loan)
        for (body, mode), paise in arrived.items():
            minutes.arrive(body, paise, mode)
        self._funds(minutes)
        self._costs(minutes)
        if (box := self.cash + minutes.cash) > 1_500_00:
            minutes.deposit((box - 500_00) // 100_00 * 100_00)
        topic, decided = _TOPICS[self.held % len(_TOPICS)]
        minutes.said["agenda"] = [{"topic": topic, "decided": decided}]
        minutes.count(self.cash + minutes.cash)
        self._close(minutes, came, presiding)

    def _arrived(self, day: datetime.date) -> dict[tuple[UUID, str], int]:
        """What was sent before this day and is counted in now."""
        found: dict[tuple[UUID, str], int] = defaultdict(int)
        for one in self.below:
            for sent, paise, mode in one.sent:
                if sent < day:
                    found[one.id, mode] += paise
            one.sent = [said for said in one.sent if said[0] >= day]
        return found

    def _repay_above(self, minutes: DayMinutes, kept_back: int) -> None:
        loan, above, day = self.loan, self.body.above, minutes.on
        if loan is None or above is None:
            return
        loan.come(day)
        principal, interest = loan.to_pay(day)
        whole, bank = principal + interest, self.bank - kept_back
        if not whole or bank < whole or self.chance.happens(0.05):
            return
        minutes.repay_above(
            loan, "loan_from_clf", "interest_to_body", principal=principal, interest=interest, mode="bank",
            lender=above.id,
        )  # fmt: skip
        self.up.sent.append((day, whole, "bank"))

    def _funds(self, minutes: DayMinutes) -> None:
        """A body that began within the year gets its funds on its first day."""
        if self.held == 1 and self.body.formed_on >= self.span.start:
            minutes.receive("startup", STARTUP, "bank")
            lent = sum(loan.terms.principal for one in self.below for loan in one.lent)
            minutes.receive("cif", lent + 50_000_00, "bank")

    def _costs(self, minutes: DayMinutes) -> None:
        for head, paise, note in _COSTS:
            if self.cash + minutes.cash >= paise:
                minutes.pay(head, paise, note=note)
            elif self.bank + minutes.bank >= paise + 2_000_00:
                minutes.pay(head, paise, "bank", note=note)

    def _close(self, minutes: DayMinutes, came: dict[str, str], president: UUID | None) -> None:
        self.cash += minutes.cash
        self.bank += minutes.bank
        assert self.cash >= 0 and self.bank >= 0
        states = {state: [UUID(id) for id, said in came.items() if said == state] for state in STATES}
        noon = datetime.datetime.combine(minutes.on, datetime.time(14), self.span.now.tzinfo)
        self.rows.close(
            self.book, minutes, number=self.held, attendance=states, president=president, place=self.body.place,
            closed_at=noon, institution=self.body.id, books=self.books,
        )  # fmt: skip
