"""A loan that runs, kept up as the weeks go by: what `rules.demands` would find on each day, without counting anew."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from uuid import UUID

from umeed.books.rules.carried import Carried
from umeed.books.rules.rounding import Rounding
from umeed.books.rules.schedules import Due, LoanTerms, month_before, month_later, schedule
from umeed.kernel.money import Paise

_DAYS = {"weekly": 7, "fortnightly": 14}
_MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
_NEVER = datetime.date.max


@dataclass(frozen=True, slots=True)
class Agreed:
    """Terms as a book keeps them: on `principal` owed since a day; of a loan taken over, what is `carried` of it."""

    since: datetime.date
    principal: int
    rate_bp: int
    method: str
    frequency: str
    instalments: int
    first_due: datetime.date
    multiple: int = 100
    rounding: int = 100
    halves: str = "up"
    part_month: str = "due"
    carried: Carried | None = None

    def terms(self) -> LoanTerms:
        return LoanTerms(
            Paise(self.principal), self.rate_bp, self.method, self.first_due, self.instalments, self.frequency,
            self.since, Rounding(self.rounding, self.halves), self.multiple, self.part_month,
        )  # fmt: skip


@dataclass(slots=True)
class Owing:
    """`number` is the loan's in the database, `twin` that of the same loan in the other body's book. Paise."""

    uid: UUID
    number: int
    agreed: Agreed
    twin: int | None = None
    owed: int = 0
    asked_principal: int = 0
    asked_interest: int = 0
    paid_principal: int = 0
    paid_interest: int = 0
    _dues: list[Due] = field(default_factory=list)
    _rounding: Rounding = field(default_factory=Rounding)
    # Interest of a period on what is owed: paise × _rate[0] / _rate[1].
    _rate: tuple[int, int] = (0, 1)
    _at: int = 0
    _next: datetime.date = _NEVER
    # What was asked for, in order: (day, principal in all, interest in all); the first that may be unpaid.
    _asked: list[tuple[datetime.date, int, int]] = field(default_factory=list)
    _first: int = 0
    # The month that runs: since when, what was repaid in it by days (paise × days), and its interest asked for before.
    _begin: datetime.date = _NEVER
    _within: int = 0
    _before: int = 0

    def __post_init__(self) -> None:
        said, terms = self.agreed, self.agreed.terms()
        self.owed = said.principal
        self._rounding, rate = terms.rounding, terms.rate
        self._rate = rate.numerator, rate.denominator
        self._begin = said.since
        if said.carried is None:
            self._dues, self._next = schedule(terms), said.first_due
            return
        self._begin = min(said.since, month_before(said.first_due, said.frequency))
        for due in said.carried.overdue:
            self._ask(due.on, due.principal, due.interest)
        self._dues = list(said.carried.plan)
        self._next = said.first_due if self._dues or said.method == "balance" else _NEVER

    def come(self, day: datetime.date) -> None:
        """Ask for everything that fell due until a day. What was paid before must be there, what is paid on it not."""
        while self._next <= day:
            self._demand(self._next)
            self._begin, self._within, self._before = self._next, 0, 0
            self._at += 1
            self._next = self._day(self._at)

    def _demand(self, day: datetime.date) -> None:
        agreed = self._dues[self._at] if self._at < len(self._dues) else None
        principal, interest = (agreed.principal, agreed.interest) if agreed else (Paise(0), Paise(0))
        if self.agreed.method == "balance":
            interest = Paise(max(0, self._run(day, self.owed) - self._before))
        if principal or interest:
            self._ask(day, principal, interest)

    def run(self, day: datetime.date) -> int:
        """Interest that has run since the last due day and is not paid, for who repays everything on a day."""
        if self.agreed.method != "balance" or self.agreed.part_month == "due" or not self._begin < day < self._next:
            return 0
        asked = self.asked_interest + max(0, self._run(day, self.owed) - self._before)
        return max(0, asked - self.paid_interest - self.interest_due)

    def _run(self, day: datetime.date, owed: int) -> int:
        """The interest of the month that runs until a day, by the days; a whole month where only due days count."""
        if self.agreed.part_month == "due":
            return self._interest(owed, 1)
        days = max(0, (day - self._begin).days)
        return self._interest(owed * days + self._within, (self._next - self._begin).days)

    def _interest(self, owed: int, length: int) -> Paise:
        """As `Rounding` rounds it, in whole numbers: halves up, or to the even one."""
        over, under = max(0, owed) * self._rate[0], self._rate[1] * self._rounding.unit * length
        whole, rest = divmod(over, under)
        up = rest * 2 > under or (rest * 2 == under and (self._rounding.halves == "up" or whole % 2 == 1))
        return Paise((whole + up) * self._rounding.unit)

    def _ask(self, day: datetime.date, principal: int, interest: int) -> None:
        self.asked_principal += principal
        self.asked_interest += interest
        self._asked.append((day, self.asked_principal, self.asked_interest))

    def _day(self, at: int) -> datetime.date:
        """The day of the next demand; loans on the balance go on asking for interest after their last instalment."""
        said = self.agreed
        if said.method != "balance" and at >= len(self._dues):
            return _NEVER
        if said.frequency in _DAYS:
            return said.first_due + datetime.timedelta(days=_DAYS[said.frequency] * at)
        return month_later(said.first_due, _MONTHS[said.frequency] * at, said.first_due.day)

    @property
    def interest_due(self) -> int:
        return max(0, self.asked_interest - self.paid_interest)

    @property
    def principal_due(self) -> int:
        return min(self.owed, max(0, self.asked_principal - self.paid_principal))

    def to_pay(self, day: datetime.date) -> tuple[int, int]:
        """Principal and interest that are expected on a day: with the last of the principal what has run since."""
        principal = self.principal_due
        return principal, self.interest_due + (self.run(day) if principal == self.owed else 0)

    @property
    def overdue(self) -> int:
        """As the rules count it: all that is asked for and not paid, today's instalment too."""
        return max(0, self.asked_principal - self.paid_principal) + self.interest_due

    @property
    def is_closed(self) -> bool:
        return self.owed == 0 and self.interest_due == 0

    def since(self) -> datetime.date | None:
        """The oldest day whose demand is not paid."""
        asked = self._asked
        while self._first < len(asked):
            day, principal, interest = asked[self._first]
            if principal > self.paid_principal or interest > self.paid_interest:
                return day
            self._first += 1
        return None

    def pay(self, principal: int, interest: int, day: datetime.date) -> None:
        if principal and self.agreed.part_month != "due" and self.agreed.method == "balance":
            self._pay_within(principal, day)
        self.owed -= principal
        self.paid_principal += principal
        self.paid_interest += interest

    def _pay_within(self, principal: int, day: datetime.date) -> None:
        """What is repaid between two due days counts for the days that it was out; who repays all is asked at once."""
        if not self._begin < day < self._next:
            return
        self._within += principal * (day - self._begin).days
        if principal >= self.owed and (now := self._run(day, 0)) > self._before:
            self._ask(day, 0, now - self._before)
            self._before = now
