"""The year of a VO or a CLF: what it lends on, what comes back to it once a month, what it repays further up."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from umeed.books.ledger.drafts import Entry
from umeed.books.models import Sheet
from umeed.kernel.money import Paise
from umeed.simulator.books.habits import Above
from umeed.simulator.books.opening import CutOff
from umeed.simulator.books.owing import Agreed, Owing
from umeed.simulator.books.rows import Rows
from umeed.simulator.books.year import GroupYear, Span
from umeed.simulator.chance import Chance

_DAY = datetime.timedelta(days=1)
VRF, STARTUP = 1_50_000_00, 25_000_00
_BYLAWS: dict[str, object] = {
    "compulsory_paise": 0, "food_paise": 0, "health_paise": 0, "takes_optional": False, "rate_bp_a_year": 1_200,
    "method": "balance", "frequency": "monthly", "instalments": 24, "multiple_paise": 10_000, "rounding_paise": 100,
    "halves": "up", "order": "pir", "fine_late_paise": 0, "fine_absent_paise": 0, "penalty_paise": 0,
    "quorum_percent": 50, "most_paise": None, "lends_to_overdue": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Body:
    """A VO or CLF as the mission has it."""

    id: UUID
    kind: str
    formed_on: datetime.date
    above: Above | None = None


@dataclass
class Below:
    """What a body below brings into the year: what stood on the day of the cut-off, and what moves then."""

    id: UUID
    saving: int = 0
    share: int = 0
    loan: Owing | None = None
    lent: list[tuple[datetime.date, int]] = field(default_factory=list)
    sent: list[tuple[datetime.date, int]] = field(default_factory=list)


def below_of(year: GroupYear) -> Below:
    saving, share, loan = next(((one[1], one[2], one[3]) for one in year.at_vo), (0, 0, None))
    return Below(year.group.id, saving, share, loan, year.from_vo, year.to_vo)


class BodyYear:
    """One VO or CLF. `below` are the groups or VOs whose books were written before."""

    def __init__(
        self, body: Body, book: int, books: dict[UUID, int], span: Span, rows: Rows, seed: int, below: list[Below]
    ) -> None:
        self.body, self.book, self.books, self.span, self.rows, self.below = body, book, books, span, rows, below
        self.chance = Chance(seed, f"books:{body.id}")
        self.opened = max(body.formed_on, span.start)
        self.bank = 0
        self.loan: Owing | None = None
        self.up = Below(body.id)

    def new_id(self) -> UUID:
        return UUID(hex=self.chance.id())

    def play(self) -> Below:
        """Open the book, and go through the year; returns what it is to the body above."""
        self.rows.books.append((self.book, self.body.id, self.opened))
        self.rows.bylaw(self.book, self.opened, _BYLAWS, self.new_id())
        if self.body.formed_on < self.span.start:
            self._cut_off()
        else:
            whole = sum(paise for one in self.below for _day, paise in one.lent)
            grant = -(-whole // 1_000_00) * 1_000_00 + STARTUP
            self._post(self.opened, [("startup", -STARTUP), ("cif", STARTUP - grant)])
        events: list[tuple[datetime.date, UUID | None, int]] = [(day, None, 0) for day in self._days()]
        events += [(day, one.id, paise) for one in self.below for day, paise in one.lent]
        for day, whom, paise in sorted(events, key=lambda event: (event[0], event[1] is None, str(event[1]))):
            if whom is None:
                self._month(day)
            else:
                self._post(day, [], way=[(whom, paise)])
        return self.up

    def _days(self) -> Iterable[datetime.date]:
        """Once a month: a VO on the 5th, a CLF on the 10th."""
        at = self.opened.replace(day=5 if self.body.kind == "vo" else 10)
        end = self.span.now.date()
        while at < end:
            if at > self.opened:
                yield at
            at = (at.replace(day=1) + _DAY * 32).replace(day=at.day)

    def _cut_off(self) -> None:
        chance, cut = self.chance, CutOff(self.opened)
        lent, loans = sum(paise for one in self.below for _day, paise in one.lent), 0
        for one in self.below:
            if one.loan is not None and one.loan.agreed.since == self.opened:
                assert one.loan.twin is not None
                loans += one.loan.agreed.principal
                cut.add("loan_to_body", one.loan.agreed.principal, loan=one.loan.twin, body=one.id)
            cut.add("saving_of_body", -one.saving, body=one.id)
            cut.add("share_of_body", -one.share, body=one.id)
        cut.add("startup", -STARTUP)
        if self.body.kind == "vo" and chance.happens(0.6):
            cut.add("vrf", -VRF)
        cut.add("surplus_before", -(loans // 20))
        above = self.body.above
        if above is not None and above.since < self.opened and loans:
            self._lent_from_above(cut, above, (loans + lent) * chance.between(5, 8) // 10 // 1_000_00 * 1_000_00)
        kept = lent + chance.between(20_000, 90_000) * 100
        cut.add("cif", -max(0, kept + cut.whole) // 1_000_00 * 1_000_00)
        self.bank = -cut.whole
        cut.add("bank", self.bank)
        uid = self.new_id()
        entries = sorted(cut.entries, key=lambda entry: entry.under.number)
        self.rows.post(self.book, uid, self.opened, Sheet.Kind.CUT_OFF, entries)
        said = {"on": self.opened.isoformat(), "meetings_before": 0}
        self.rows.cut_offs.append((self.new_id(), self.book, uid, said, 0, self.opened))

    def _lent_from_above(self, cut: CutOff, above: Above, owed: int) -> None:
        """What the CLF has lent to the VO, in both books; the share that the VO has there."""
        first = (cut.on.replace(day=1) + _DAY * 32).replace(day=10)
        terms = Agreed(cut.on, owed, 600, "balance", "monthly", 30, first, 1_000_00, 100)
        ours, theirs = self.rows.number(), self.rows.number()
        more = {"lent_on": max(self.body.formed_on, cut.on - _DAY * 180), "source": "cif", "purpose": "onlending"}
        self.loan = self.rows.lent(
            self.new_id(), self.book, "loan_from_clf", terms, body=above.id, twin=theirs, number=ours, **more
        )
        self.rows.lent(
            self.new_id(),
            self.books[above.id],
            "loan_to_body",
            terms,
            body=self.body.id,
            twin=ours,
            number=theirs,
            **more,
        )
        self.loan.twin = theirs
        cut.add("loan_from_clf", -owed, loan=ours)
        cut.add("share_with_clf", 1_000_00, body=above.id)
        self.up.loan, self.up.share = self.loan, 1_000_00

    def _month(self, day: datetime.date) -> None:
        """What has arrived is counted into the bank, costs are paid, the CLF gets its instalment."""
        arrived: dict[UUID, int] = defaultdict(int)
        for one in self.below:
            for sent, paise in one.sent:
                if sent < day:
                    arrived[one.id] += paise
            one.sent = [(sent, paise) for sent, paise in one.sent if sent >= day]
        way = [(body, -paise) for body, paise in arrived.items()]
        free = self.bank + sum(arrived.values())
        costs = [("fee_to_bookkeeper", 500_00), ("travel", 300_00), ("meeting_cost", 200_00)]
        costs = costs if free > 5_000_00 else []
        free -= sum(paise for _head, paise in costs)
        if self.loan is not None and self.body.above is not None:
            way += self._repay_above(day, self.loan, self.body.above, free)
        if way or costs:
            self._post(day, costs, way=way)

    def _repay_above(self, day: datetime.date, loan: Owing, above: Above, free: int) -> list[tuple[UUID, int]]:
        loan.come(day)
        principal, interest = loan.principal_due, loan.interest_due
        if not principal + interest or free < principal + interest:
            return []
        loan.pay(principal, interest)
        moves: list[tuple[str, str, int, Owing | None]] = [
            (ours, theirs, paise, loan)
            for ours, theirs, paise in (
                ("loan_from_clf", "loan_to_body", principal), ("interest_to_body", "interest_from_bodies", interest),
            )
            if paise
        ]  # fmt: skip
        us, them = self.body.id, above.id
        self.rows.between(self.new_id(), day, self.book, us, self.books[them], them, moves)
        self.up.sent.append((day, principal + interest))
        return [(them, principal + interest)]

    def _post(
        self, day: datetime.date, lines: list[tuple[str, int]], way: list[tuple[UUID, int]] | None = None
    ) -> None:
        """A sheet of the bank: (head, paise) and what went to others, or came from them (below nought)."""
        entries = [Entry(head, Paise(paise)) for head, paise in lines if paise]
        entries += [Entry("on_the_way", Paise(paise), body=body) for body, paise in way or () if paise]
        whole = sum(entry.amount for entry in entries)
        if not entries:
            return
        self.bank -= whole
        assert self.bank >= 0
        first = [Entry("bank", Paise(-whole))] if whole else []
        self.rows.post(self.book, self.new_id(), day, Sheet.Kind.BANK, [*first, *entries])
