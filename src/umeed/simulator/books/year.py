"""A group's year, week by week: from the opening of its book to last week's meeting."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from uuid import UUID, uuid5

from umeed.books.ledger.drafts import Entry
from umeed.books.models import Sheet
from umeed.kernel.money import Paise
from umeed.simulator.books import seasons, steps
from umeed.simulator.books.closing import close, closed_at
from umeed.simulator.books.habits import CIF, CIF_MONTHS, DOSE_MONTHS, Group, Member, habits_of
from umeed.simulator.books.lending import Wish, lend_and_decide
from umeed.simulator.books.minutes import Minutes
from umeed.simulator.books.opening import lent_by_vo, open_with_a_past
from umeed.simulator.books.owing import Agreed, Owing
from umeed.simulator.books.rows import Rows
from umeed.simulator.books.turns import give_back, grade, leaving_on, new_rules, plans_of
from umeed.simulator.chance import Chance

DAY, WEEK = datetime.timedelta(days=1), datetime.timedelta(weeks=1)
YOUNG = DAY * 84
"""A group younger than twelve weeks begins with its first meeting; an older one with a cut-off (M9)."""
VO_DAY, CLF_DAY = 5, 10
"""The day of the month on which VOs and CLFs meet."""
_TOPICS = (
    ("Attendance and savings", "Everybody saves on the day of the meeting."),
    ("Repayments", "Who is late pays in two parts."),
    ("Health camp", "All go to the health camp at the sub-centre."),
    ("Schemes", "Applications for the pension are written together."),
    ("School", "No girl of the group leaves school this year."),
    ("Dairy", "Milk is sold together at the collection point."),
    ("Insurance", "Premiums are due in May; everybody brings hers."),
    ("Accounts", "The books were read out and agreed."),
)


@dataclass(frozen=True, slots=True)
class Span:
    """The weeks that are invented: from the first Monday, so many."""

    first: datetime.date
    weeks: int
    now: datetime.datetime

    @property
    def start(self) -> datetime.date:
        """The day of the cut-offs."""
        return self.first - DAY

    @property
    def end(self) -> datetime.date:
        """The first day that is not invented any more."""
        return self.first + self.weeks * WEEK

    def mondays(self, since: datetime.date) -> list[datetime.date]:
        """The weeks of a book that begins on a day: a young group's own first weeks come before the year's."""
        start = min(self.first, since - DAY * since.weekday())
        return [start + WEEK * at for at in range((self.first - start).days // 7 + self.weeks)]


def monthly(after: datetime.date, day: int) -> datetime.date:
    """The first such day of a month that is later than another day."""
    found = after.replace(day=day)
    return found if found > after else (after.replace(day=1) + DAY * 32).replace(day=day)


@dataclass(slots=True)
class FromVo:
    """A loan that the VO pays out on one of its days: as it stands in the VO's book."""

    on: datetime.date
    uid: UUID
    number: int
    twin: int
    terms: Agreed


class GroupYear:
    """What the group has and owes as the weeks go by, and what it is like."""

    def __init__(self, group: Group, book: int, books: dict[UUID, int], span: Span, rows: Rows, seed: int) -> None:
        self.group, self.book, self.books, self.span, self.rows = group, book, books, span, rows
        self.chance = Chance(seed, f"books:{group.id}")
        self.habits = habits_of(group, self.chance)
        self.is_young = group.formed_on > span.start - YOUNG
        self.opened = group.formed_on if self.is_young else span.start
        self.cash = self.bank = self.meetings_before = 0
        self.loans: list[tuple[Member, Owing]] = []
        self.queue: list[Wish] = []
        self.vo_loan: Owing | None = None
        self.vo_loan_before: Owing | None = None
        self.bank_loan: Owing | None = None
        self.vo_saving = self.chance.of((50_00, 100_00, 100_00, 200_00))
        self.has_share = False
        # Saving and share with the VO on the first day; what it lends later; what goes there: (day, paise, how).
        self.at_vo = (0, 0)
        self.from_vo: list[FromVo] = []
        self.to_vo: list[tuple[datetime.date, int, str]] = []
        self.rf_on: datetime.date | None = None
        self.cif_on: datetime.date | None = None
        self.bank_on: datetime.date | None = None
        self.arriving = 0
        # When the bank last gave interest (quarter), the bookkeeper was paid, the VO got its saving (months).
        self.quarter = self.month = self.gave_in = (0, 0)

    def new_id(self) -> UUID:
        return UUID(hex=self.chance.id())

    def play(self) -> None:
        """Open the book and hold every meeting."""
        rows = self.rows
        rows.books.append((self.book, self.group.id, self.opened))
        rows.bylaw(self.book, self.opened, self.habits.row, self.new_id())
        self._plan_funds()
        self.plans = plans_of(self)
        if not self.is_young:
            open_with_a_past(self)
        number = self.meetings_before
        stops = self.chance.between(8, 36) if self.group.status == "dormant" else 10_000
        for monday in self.span.mondays(self.opened)[:stops]:
            day = monday + DAY * self.habits.weekday
            if day < self.opened or (day == self.opened and not self.is_young):
                continue
            members = self.members_on(day)
            if len(members) < 3:
                continue
            self._between_meetings(day)
            draw = self.chance.uniform()
            why = seasons.why_missed(self.group.terrain, day, draw, self.habits.discipline)
            if why and number > self.meetings_before:
                rows.missed(self.book, self.new_id(), day, why, self.group.place, closed_at(self, day))
                continue
            number += 1
            self._meet(day, number, members)
        grade(self)

    def members_on(self, day: datetime.date) -> list[Member]:
        return [woman for woman in self.group.members if woman.joined <= day < woman.left]

    def first_due(self, day: datetime.date) -> datetime.date:
        """When a loan of this day is first repaid: at a meeting a month (a week, a fortnight) later."""
        return day + WEEK * {"weekly": 1, "fortnightly": 2}.get(self.habits.bylaws.frequency, 4)

    def held(self, minutes: Minutes) -> tuple[int, int]:
        """Box and bank at this moment of the meeting."""
        return self.cash + minutes.cash, self.bank + minutes.bank

    def promised(self) -> int:
        """What must be there for the VO and the bank next month."""
        whole = 0
        for loan in (self.vo_loan, self.bank_loan):
            if loan is not None and loan.owed:
                whole += loan.principal_due + loan.interest_due + min(loan.owed, 4_000_00)
        return whole

    def _plan_funds(self) -> None:
        """When the revolving fund, the VO's loan and the bank's come, if they come within the year."""
        formed, chance, habits, vo = self.group.formed_on, self.chance, self.habits, self.group.vo
        later = self.span.first + DAY * chance.between(20, 320)
        is_later = chance.happens(0.5)
        if habits.has_rf:
            self.rf_on = max(formed + DAY * 100, self.opened)
        if habits.has_cif and vo is not None:
            due = max(formed + DAY * 200, vo.since + DAY * 30, vo.opened + DAY * 40, self.opened)
            self.cif_on = monthly(max(due, later) if is_later else due, VO_DAY)
        if habits.bank_dose and self.group.has_account:
            self.bank_on = max(formed + DAY * 210, later)

    def _between_meetings(self, day: datetime.date) -> None:
        """What happened since the last one: the VO lends its fund, the bank lends."""
        if self.vo_loan is not None and not self.vo_loan.owed and self.cif_on is None:
            # What was repaid goes round: she who is in time gets the fund again.
            self.cif_on = monthly(day + DAY * 20, VO_DAY)
        if self.cif_on and self.opened < self.cif_on < day:
            self._lent_by_vo(self.cif_on)
            self.cif_on = None
        if self.bank_on and self.opened < self.bank_on < day and self.habits.bank_dose:
            self._lent_by_bank(day - DAY, self.habits.bank_dose)
            self.habits.bank_dose = 0

    def _lent_by_vo(self, on: datetime.date) -> None:
        theirs = self.new_id()
        terms = Agreed(
            on, CIF, 1_200, "balance", "monthly", CIF_MONTHS, monthly(on + DAY * 20, VO_DAY), part_month="days"
        )
        self.vo_loan = lent_by_vo(self, uuid5(theirs, "twin"), terms, theirs=theirs, source="cif", purpose="onlending")
        assert self.vo_loan.twin is not None
        self.from_vo.append(FromVo(on, theirs, self.vo_loan.twin, self.vo_loan.number, terms))
        self.arriving += CIF

    def _lent_by_bank(self, on: datetime.date, dose: int) -> None:
        terms = Agreed(
            on, dose, 850, "balance", "monthly", DOSE_MONTHS, monthly(on + DAY * 20, 10), 10_000, 1, "even", "days"
        )
        self.bank_loan = self.rows.lent(
            self.new_id(), self.book, "loan_from_bank", terms, purpose="onlending", lender="Demonstration Bank"
        )
        taken = [Entry("bank", Paise(dose)), Entry("loan_from_bank", Paise(-dose), loan=self.bank_loan.number)]
        self.rows.post(self.book, self.new_id(), on, Sheet.Kind.BANK, taken)
        self.bank += dose

    def _meet(self, day: datetime.date, number: int, members: list[Member]) -> None:
        for _woman, loan in self.loans:
            loan.come(day)
        new_rules(self, day)
        came = steps.attend(self, day, members)
        if not any(state in steps.CAME for state in came.values()):
            came[members[0].text] = "present"
        present = [woman for woman in members if came[woman.text] in steps.CAME]
        president = present[number % len(present)]
        minutes = Minutes(
            self.new_id(), day, number=number, president=president.text, attendance=came, are_last_minutes_read=True
        )
        steps.save(self, minutes, members, came)
        goes = leaving_on(self, day, came)
        if goes is not None:
            give_back(self, minutes, goes)
        steps.repay(self, minutes, came, goes)
        steps.fine(self, minutes, members, came)
        steps.receive(self, minutes)
        lend_and_decide(self, minutes, members, came)
        steps.pay(self, minutes)
        steps.to_bank(self, minutes)
        steps.repay_above(self, minutes)
        steps.give(self, minutes)
        if self.chance.happens(0.5):
            topic, decided = self.chance.of(_TOPICS)
            minutes.said["agenda"] = [{"topic": topic, "decided": decided}]
        steps.count(self, minutes)
        close(self, minutes, number, came, president)
