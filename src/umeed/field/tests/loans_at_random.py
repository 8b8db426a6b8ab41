"""Loans, payments and whole histories by chance, as plain values: odd ones too, which no page would let be written."""

from __future__ import annotations

import datetime
from dataclasses import replace
from random import Random
from typing import Any

from umeed.books.heads import BY_KEY
from umeed.books.rules.carried import Carried, plan_of, taken_over
from umeed.books.rules.demands import Paid, demands
from umeed.books.rules.rounding import Rounding
from umeed.books.rules.schedules import Due, LoanTerms, month_later, schedule
from umeed.field.tests.javascript import plain
from umeed.field.tests.loans import running_loan
from umeed.kernel.money import Paise

BEGIN = datetime.date(2024, 1, 1)
METHODS = ("balance", "flat", "declining", "bullet")
FREQUENCIES = ("weekly", "fortnightly", "monthly", "quarterly", "half_yearly", "yearly")
NO_MORE = "It asks no more."
WOMAN = "00000000-0000-4000-8000-000000000001"
# (way, head of the loan, head of its interest, how often of ten)
KINDS = (
    ("given", "loan_to_member", "interest_from_members", 6), ("given", "loan_to_body", "interest_from_bodies", 1),
    ("taken", "loan_from_vo", "interest_to_body", 1), ("taken", "loan_from_bank", "interest_to_bank", 1),
    ("taken", "loan_from_other", "interest_to_other", 1),
)  # fmt: skip

Plain = dict[str, Any]


def a_day(chance: Random, first: datetime.date = BEGIN, days: int = 900) -> datetime.date:
    """More often the last days of a month, and its first ones, than chance alone would have it."""
    day = first + datetime.timedelta(days=chance.randint(0, days))
    return month_later(day, 0, chance.choice([1, 28, 29, 30, 31])) if chance.random() < 0.25 else day


def an_amount(chance: Random, most: int = 10**7) -> int:
    return chance.choice(
        [chance.randint(1, most), chance.randint(1, most // 100) * 100, chance.randint(1, 50) * 10_000]
    )


def rounding(chance: Random) -> Rounding:
    return chance.choice(
        [Rounding(), Rounding(1, "up"), Rounding(100, "up"), Rounding(100), Rounding(500), Rounding(1000)]
    )


def terms(chance: Random, *, most: int = 60, **said: Any) -> LoanTerms:
    lent_on = a_day(chance)
    usual: Plain = {
        "principal": chance.choice([an_amount(chance), chance.randint(1, 10**13)]) if chance.random() < 0.2
        else an_amount(chance),
        "rate_bp_a_year": chance.choice([0, 100, 700, 1200, 1800, 2400, 3600, 9999, chance.randint(0, 10_000)]),
        "method": chance.choice(METHODS), "first_due": lent_on + datetime.timedelta(days=chance.randint(0, 60)),
        "instalments": chance.choice([1, 2, 3, 5, 10, 12, 24, chance.randint(1, most)]),
        "frequency": chance.choice([*FREQUENCIES, "monthly", "monthly", "weekly"]),
        "lent_on": chance.choice([lent_on, lent_on, None]), "rounding": rounding(chance),
        "multiple": chance.choice([1, 1, 100, 500, 1000, 5000, 10_000]),
        "part_month": chance.choice(["days", "whole", "due"]),
    }  # fmt: skip
    return LoanTerms(**(usual | said))


def payments(chance: Random, since: datetime.date, principal: int, *, most: int = 8) -> list[Paid]:
    """Now and then on one day, more than is owed, or taken back."""
    paid = []
    for _ in range(chance.randint(0, most)):
        day = paid[-1].on if paid and chance.random() < 0.2 else a_day(chance, since, 500)
        part = chance.choice([0, principal, principal // 2, principal // 10, chance.randint(0, principal)])
        if chance.random() < 0.1:
            part = -part
        paid.append(Paid(day, Paise(part), Paise(chance.choice([0, part // 50, chance.randint(0, 10_000)]))))
    return paid


def dues(chance: Random, *, most: int = 10) -> list[Due]:
    days = sorted(a_day(chance) for _ in range(chance.randint(0, most)))
    return [Due(day, Paise(chance.choice([0, an_amount(chance)])), Paise(chance.randint(0, 50_000))) for day in days]


def carried(chance: Random, since: datetime.date) -> tuple[LoanTerms, int, Carried]:
    """(its first terms, what is owed of it, what is carried) of a loan that a book takes over on a day."""
    lent_on = since - datetime.timedelta(days=chance.choice([0, chance.randint(0, 500), chance.randint(0, 500)]))
    first_due = lent_on + datetime.timedelta(days=chance.randint(1, 45))
    loan = terms(chance, most=30, principal=Paise(an_amount(chance)), lent_on=lent_on, first_due=first_due)
    left, paid = loan.principal, []
    for due in demands(loan, [], since):
        if chance.random() < 0.7 and left > 0:
            part = min(left, due.principal + chance.choice([0, 0, 10_000]))
            left = Paise(left - part)
            paid.append(Paid(due.on, Paise(part), due.interest))
    later = [due for due in schedule(loan) if due.on > since]
    if loan.method == "balance":
        later = [replace(due, interest=Paise(0)) for due in later]
    found = taken_over(demands(loan, paid, since), later, paid, since)
    if chance.random() < 0.3 and left > 0:
        rest = replace(loan, principal=Paise(left), first_due=since + datetime.timedelta(days=20), instalments=3)
        found = replace(found, plan=plan_of(rest, lent=loan.principal, lent_on=lent_on))
    more: Plain = {"first_due": chance.choice([first_due, first_due, None])}
    if chance.random() < 0.5:
        more["begun"] = since - datetime.timedelta(days=chance.randint(0, 40))
        days = sorted(since - datetime.timedelta(days=chance.randint(0, 30)) for _ in range(chance.randint(0, 2)))
        more["repaid"] = tuple((day, Paise(chance.randint(1, 500_000))) for day in days)
    if loan.method == "balance" and chance.random() < 0.2:
        # Interest that was agreed for later days is told apart from what is counted on the balance.
        found = replace(found, plan=tuple(replace(due, interest=Paise(chance.randint(0, 900))) for due in found.plan))
    return loan, left, replace(found, **more)


def as_agreed(loan: LoanTerms, since: datetime.date, **said: Any) -> Plain:
    """A row of terms, as the parts of a group have it."""
    return {
        "since": since.isoformat(), "principal_paise": loan.principal, "rate_bp_a_year": loan.rate_bp_a_year,
        "method": loan.method, "frequency": loan.frequency, "instalments": loan.instalments,
        "first_due": loan.first_due.isoformat(), "multiple_paise": loan.multiple, "rounding_paise": loan.rounding.unit,
        "halves": loan.rounding.halves, "part_month": loan.part_month, "overdue_principal_paise": 0,
        "overdue_interest_paise": 0, "overdue_since": None, "run_paise": 0, "resolution": "", "carried": None, **said,
    }  # fmt: skip


class History:
    """A loan and all that happened on it, in order of days, as `running_loan` takes it."""

    def __init__(self, seed: int) -> None:
        self.chance = chance = Random(seed)
        self.way, self.head, self.interest, _ = chance.choices(KINDS, [kind[3] for kind in KINDS])[0]
        self.is_credit = self.head == "loan_from_bank" and chance.random() < 0.8
        self.since = a_day(chance, days=200)
        self.day, self.moves, self.limits = self.since, [], []
        self.lent_on, row = self._begin()
        self.agreements: list[Plain] = [row]
        if row["principal_paise"]:
            self._move(self.head, row["principal_paise"], grows=True)
        for _ in range(chance.randint(0, 9)):
            self.day += datetime.timedelta(
                days=chance.choice([0, 1, 7, chance.randint(1, 40), chance.randint(20, 120)])
            )
            self._happens()

    def _begin(self) -> tuple[datetime.date, Plain]:
        chance, since = self.chance, self.since
        if chance.random() < (0.5 if self.is_credit else 0.3):
            loan, left, brought = carried(chance, since)
            if self.is_credit:
                brought = replace(brought, limit=chance.choice([None, Paise(left + 50_000), Paise(left or 1)]))
            lent_on = since if self.is_credit and chance.random() < 0.3 else loan.lent_on or since
            lent_on += datetime.timedelta(days=chance.choice([0, 0, 0, 3]) if self.is_credit else 0)
            return lent_on, as_agreed(loan, since, principal_paise=left, carried=brought.plain)
        first_due = since + datetime.timedelta(days=chance.randint(1, 60))
        loan = terms(chance, most=30, principal=Paise(an_amount(chance)), lent_on=since, first_due=first_due)
        overdue: Plain = {}
        if chance.random() < 0.1:
            overdue = {
                "overdue_since": (since - datetime.timedelta(days=chance.randint(0, 120))).isoformat(),
                "overdue_principal_paise": chance.choice([0, loan.principal // 3, loan.principal]),
                "overdue_interest_paise": chance.randint(0, 9_000),
            }  # fmt: skip
        return since, as_agreed(loan, since, **overdue)

    def _move(self, head: str, paise: int, *, grows: bool, is_off: bool = False) -> None:
        sign = BY_KEY[head].grows_by * (1 if grows else -1)
        if paise:
            self.moves.append([self.day.isoformat(), BY_KEY[head].number, is_off, sign * paise])

    def said(self, on: datetime.date) -> Plain:
        """The loan on a day, with a meeting before it and what it asks of who is late."""
        chance = Random(on.toordinal() * len(self.moves))
        loan = {
            "way": self.way, "head": self.head, "woman": WOMAN if self.head == "loan_to_member" else None,
            "lent_on": self.lent_on.isoformat(), "is_cash_credit": self.is_credit,
        }  # fmt: skip
        met = chance.choice(
            [None, on, on - datetime.timedelta(days=chance.randint(0, 70)), self.agreements[-1]["first_due"]]
        )
        return plain({
            "loan": loan, "agreements": self.agreements, "moves": _summed(self.moves), "on": on, "met": met,
            "meetsEvery": chance.choice([7, 14, 31]), "limits": self.limits, "penalty": chance.choice([0, 500]),
        })  # fmt: skip

    def days(self) -> list[datetime.date]:
        """On which it is looked at: of its life and after it, and those on which much is decided by a day."""
        chance = Random(len(self.moves))
        days = [self.since, self.day, self.day + datetime.timedelta(days=chance.randint(1, 400))]
        days += [a_day(chance, self.since, 500)]
        for row in self.agreements:
            first = datetime.date.fromisoformat(row["first_due"])
            days += [first, first + datetime.timedelta(days=chance.choice([7, 14, 31, 30, 90]))]
            days += [datetime.date.fromisoformat(row["since"]) + datetime.timedelta(days=chance.randint(0, 20))]
        return [day for day in days if day >= self.since]

    def _happens(self) -> None:
        what = [self._pays_what_is_due] * 5 + [self._pays, self._pays_more, self._takes_back, self._writes_off]
        what += [self._agrees_anew, self._repays_all, self._brings_interest_only, self._lets_go, self._was_no_loss]
        if self.is_credit:
            what = [self._draws, self._draws, self._pays, self._brings_interest_only, self._limits, self._repays_all]
        self.chance.choice(what)()

    def _now(self) -> Any:
        return running_loan(self.said(self.day))

    def _pays_what_is_due(self) -> None:
        due = self._now().to_pay
        self._move(self.head, due.principal, grows=False)
        self._move(self.interest, due.interest, grows=True)

    def _pays(self) -> None:
        owed = max(0, self._now().owed)
        self._move(self.head, self.chance.choice([owed // 10, owed // 2, self.chance.randint(0, owed)]), grows=False)
        self._move(self.interest, self.chance.randint(0, 5_000), grows=True)

    def _pays_more(self) -> None:
        """More than is owed: of no page, but of a rule that must not fail."""
        self._move(self.head, max(0, self._now().owed) + self.chance.choice([0, 100, 10_000]), grows=False)

    def _brings_interest_only(self) -> None:
        now = self._now()
        self._move(self.interest, self.chance.choice([now.arrears.interest, now.run, 777]), grows=True)

    def _repays_all(self) -> None:
        due = self._now().to_pay_all
        self._move(self.head, max(0, due.principal), grows=False)
        self._move(self.interest, due.interest, grows=True)

    def _takes_back(self) -> None:
        if len(self.moves) > 1:
            _day, head, is_off, paise = self.chance.choice(self.moves[1:])
            self.moves.append([self.day.isoformat(), head, is_off, -paise])

    def _writes_off(self) -> None:
        """All of it or some; before, sheets booked its interest and let that go at once; then something comes back."""
        chance, owed, given = self.chance, self._now().owed, self.way == "given"
        part = chance.choice([owed, owed, owed // 2])
        if part <= 0:
            return
        interest = chance.choice([0, 0, 1_200])
        self._move(self.head, part, grows=False, is_off=True)
        self._move(self.interest, interest, grows=True, is_off=True)
        self._move("written_off" if given else "other_receipt", part + interest, grows=True, is_off=True)
        if chance.random() < 0.6:
            self.day += datetime.timedelta(days=chance.randint(0, 90))
            self._move("written_off", chance.choice([part, part // 3]), grows=not given)

    def _was_no_loss(self) -> None:
        """Repaid on the day on which it had been written off by mistake."""
        self._writes_off()
        off = [move for move in self.moves if move[2] and move[0] == self.day.isoformat()]
        self.moves += [[day, head, is_off, -paise] for day, head, is_off, paise in off]
        self._repays_all()

    def _lets_go(self) -> None:
        """All of the principal comes, and soon it asks no more of the interest that was agreed for later days."""
        chance, since = self.chance, self.day
        later = since + datetime.timedelta(days=chance.choice([0, 1, chance.randint(0, 60)]))
        is_new = later.isoformat() > self.agreements[-1]["since"]
        if is_new and all(one["resolution"] != NO_MORE for one in self.agreements):
            self._move(self.head, max(0, self._now().owed), grows=False)
            row = as_agreed(terms(chance, principal=Paise(1)), later, principal_paise=0, resolution=NO_MORE)
            self.agreements.append(row | {"first_due": since.isoformat()})

    def _agrees_anew(self) -> None:
        """Other terms from this day on."""
        chance, now, since = self.chance, self._now(), self.day
        if since.isoformat() <= self.agreements[-1]["since"] or now.owed <= 0:
            return
        late = now.arrears
        loan = terms(
            chance, most=30, principal=now.owed, first_due=since + datetime.timedelta(days=chance.randint(1, 60))
        )
        has_overdue = late.since is not None and chance.random() < 0.7
        self.agreements.append(as_agreed(
            loan, since, run_paise=chance.choice([0, now.run, 1_500]), resolution="Anew.",
            overdue_since=late.since.isoformat() if has_overdue else None,
            overdue_principal_paise=min(late.principal, now.owed) if has_overdue else 0,
            overdue_interest_paise=late.interest if has_overdue else 0,
        ))  # fmt: skip
        if chance.random() < 0.3:
            self.day += datetime.timedelta(days=chance.randint(1, 9))
            chance.choice([self._lets_go, self._writes_off])()

    def _draws(self) -> None:
        self._move(self.head, self.chance.choice([10_000, an_amount(self.chance, 10**6)]), grows=True)

    def _limits(self) -> None:
        if not self.limits or self.limits[-1][0] < self.day.isoformat():
            self.limits.append([self.day.isoformat(), self.chance.choice([0, max(1, self._now().owed), 5_000_000])])


def _summed(moves: list[list[Any]]) -> list[list[Any]]:
    """As `moves_of` reads them: what moved under a head on a day in one sum, in order."""
    sums: dict[tuple[str, int, bool], int] = {}
    for day, head, is_off, paise in moves:
        sums[day, head, is_off] = sums.get((day, head, is_off), 0) + paise
    return [[*key, paise] for key, paise in sorted(sums.items())]
