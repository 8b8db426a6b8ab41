"""A loan that runs, kept up as the weeks go by: what `rules.demands` would find on each day, without counting anew."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from uuid import UUID

from umeed.books.rules.rounding import TO_THE_PAISA, Rounding
from umeed.books.rules.schedules import Due, LoanTerms, month_later, schedule
from umeed.kernel.money import Paise

_DAYS = {"weekly": 7, "fortnightly": 14}
_MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
_NEVER = datetime.date.max


@dataclass(frozen=True, slots=True)
class Agreed:
    """Terms as a book keeps them: on `principal` owed since a day, some of it overdue already."""

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
    overdue_principal: int = 0
    overdue_interest: int = 0
    overdue_since: datetime.date | None = None

    def terms(self) -> LoanTerms:
        rounding = Rounding(self.rounding, self.halves) if self.rounding > 1 else TO_THE_PAISA
        return LoanTerms(
            Paise(self.principal - self.overdue_principal), self.rate_bp, self.method, self.first_due,
            self.instalments, self.frequency, self.since, rounding, self.multiple,
        )  # fmt: skip


@dataclass(slots=True)
class Owing:
    """`number` is the loan's in the database, `twin` that of the same loan in the other body's book. Paise."""

    uid: UUID
    number: int
    who: object
    agreed: Agreed
    owed: int = 0
    asked_principal: int = 0
    asked_interest: int = 0
    paid_principal: int = 0
    paid_interest: int = 0
    twin: int | None = None
    is_bad: bool = False
    _dues: list[Due] = field(default_factory=list)
    _terms: LoanTerms | None = None
    _at: int = 0
    _next: datetime.date = _NEVER
    # What was asked for, in order: (day, principal in all, interest in all); the first that may be unpaid.
    _asked: list[tuple[datetime.date, int, int]] = field(default_factory=list)
    _first: int = 0

    def __post_init__(self) -> None:
        said = self.agreed
        self.owed = said.principal
        if said.overdue_since is not None:
            self._ask(said.overdue_since, said.overdue_principal, said.overdue_interest)
        if said.principal > said.overdue_principal:
            self._terms = said.terms()
            self._dues = schedule(self._terms)
            self._next = said.first_due

    def come(self, day: datetime.date) -> None:
        """Ask for everything that fell due until a day. What was paid before must be there, what is paid on it not."""
        while self._next <= day:
            self._demand(self._next)
            self._at += 1
            self._next = self._day(self._at)

    def _demand(self, day: datetime.date) -> None:
        assert self._terms is not None
        agreed = self._dues[self._at] if self._at < len(self._dues) else None
        principal = agreed.principal if agreed else 0
        if self.agreed.method == "balance":
            interest = self._terms.rounding(max(0, self.owed) * self._terms.rate)
        else:
            interest = agreed.interest if agreed else Paise(0)
        if principal or interest:
            self._ask(day, principal, interest)

    def _ask(self, day: datetime.date, principal: int, interest: int) -> None:
        self.asked_principal += principal
        self.asked_interest += interest
        self._asked.append((day, self.asked_principal, self.asked_interest))

    def _day(self, at: int) -> datetime.date:
        """The day of the next demand; loans on the balance go on asking for interest after their last instalment."""
        said = self.agreed
        if said.method == "bullet" or (said.method != "balance" and at >= said.instalments):
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

    def pay(self, principal: int, interest: int) -> None:
        self.owed -= principal
        self.paid_principal += principal
        self.paid_interest += interest
