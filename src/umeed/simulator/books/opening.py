"""What a group with a past begins its book with: a balanced cut-off, its running loans, what it has with its VO."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from umeed.books.ledger.drafts import Entry
from umeed.books.models import Sheet
from umeed.kernel.money import Paise
from umeed.simulator.books.habits import CIF, RF, Member
from umeed.simulator.books.owing import Agreed, Owing
from umeed.simulator.books.seasons import purposes

if TYPE_CHECKING:
    from umeed.simulator.books.year import GroupYear

MOST_SAVED = 8_000_00
MOST_OWED = 40_000_00
_DAY = datetime.timedelta(days=1)


@dataclass
class CutOff:
    """The lines of a cut-off as they come together. Debits positive."""

    on: datetime.date
    entries: list[Entry] = field(default_factory=list)

    def add(self, head: str, paise: int, **about: object) -> None:
        if paise:
            self.entries.append(Entry(head, Paise(paise), **about))

    @property
    def whole(self) -> int:
        return sum(entry.amount for entry in self.entries)


def open_with_a_past(year: GroupYear) -> None:
    """The cut-off sheet and the loans that run. Surplus takes what is over, so that it is balanced."""
    cut, chance, on = CutOff(year.opened), year.chance, year.opened
    weeks = (on - year.group.formed_on).days // 7
    year.meetings_before = max(1, int(weeks * (0.8 + 0.15 * year.habits.discipline)))
    saved = sum(_savings(year, woman, cut) for woman in year.members_on(on))
    surplus = saved * chance.between(6, 14) // 100 // 100 * 100
    pool = saved + surplus
    if year.habits.has_rf and weeks >= 13:
        year.rf_on = None
        cut.add("revolving_fund", -RF)
        pool += RF
    pool += _from_bank(year, cut)
    pool += _with_vo(year, cut)
    share = (62 + chance.between(0, 26)) if year.group.has_account else 92 + chance.between(0, 5)
    cut.add("surplus_before", -surplus)
    pool -= _to_members(year, cut, pool * share // 100)
    year.cash = pool if not year.group.has_account else min(pool, chance.between(200, year.habits.box // 100) * 100)
    year.bank = pool - year.cash
    cut.add("cash", year.cash)
    cut.add("bank", year.bank)
    assert cut.whole == 0
    entries = sorted(cut.entries, key=lambda entry: entry.under.number)
    uid = year.new_id()
    year.rows.post(year.book, uid, on, Sheet.Kind.CUT_OFF, entries)
    said = {"on": on.isoformat(), "meetings_before": year.meetings_before}
    year.rows.cut_offs.append((year.new_id(), year.book, uid, said, year.meetings_before, on))


def _savings(year: GroupYear, woman: Member, cut: CutOff) -> int:
    """What she has saved so far, by type; returns the sum."""
    weeks, whole = (cut.on - woman.joined).days // 7, 0
    for head, paise in year.habits.bylaws.savings.items():
        if not paise:
            continue
        most = MOST_SAVED if head == "saving_compulsory" else MOST_SAVED // 8
        times = min(int(weeks * (woman.comes - 0.04)), most // paise)
        woman.saved[head] = times * paise
        cut.add(head, -woman.saved[head], woman=woman.id)
        whole += woman.saved[head]
    return whole


def _from_bank(year: GroupYear, cut: CutOff) -> int:
    """A running bank loan, where the group has one; returns what is owed on it."""
    habits, chance, on = year.habits, year.chance, cut.on
    age = (on - year.group.formed_on).days
    if not (habits.bank_dose and year.group.has_account and age > 300):
        return 0
    count, paid = 36, chance.between(2, 28)
    part = habits.bank_dose // count // 10_000 * 10_000
    owed = habits.bank_dose - part * paid
    terms = Agreed(on, owed, 850, "balance", "monthly", count - paid, _day_of_next_month(on, 10), 10_000, 1, "even")
    year.bank_loan = year.rows.lent(
        year.new_id(), year.book, "loan_from_bank", terms, lent_on=max(year.group.formed_on, _before(on, paid)),
        purpose="onlending", lender="Demonstration Bank",
    )  # fmt: skip
    habits.bank_dose = 0
    cut.add("loan_from_bank", -owed, loan=year.bank_loan.number)
    return owed


def _with_vo(year: GroupYear, cut: CutOff) -> int:
    """Saving and share with the VO, and the investment fund that it lent; returns what of it is money to lend on."""
    vo, chance = year.group.vo, year.chance
    if vo is None or vo.since > cut.on - 30 * _DAY:
        return 0
    months = min(24, (cut.on - vo.since).days // 30)
    saving, share, owed = year.vo_saving * months, 500_00, 0
    cut.add("saving_with_vo", saving, body=vo.id)
    cut.add("share_with_vo", share, body=vo.id)
    year.has_share = True
    if year.habits.has_cif and (cut.on - year.group.formed_on).days > 200:
        paid = chance.between(1, 26)
        year.habits.has_cif = False
        owed = max(0, CIF - 1_70_000 * paid)
        if owed:
            year.vo_loan = lend_cif(year, cut.on, owed, 24 - paid, _before(cut.on, paid))
            cut.add("loan_from_vo", -owed, loan=year.vo_loan.number)
    year.at_vo.append((year.group.id, saving, share, year.vo_loan))
    return owed - saving - share


def lend_cif(
    year: GroupYear, on: datetime.date, owed: int, months: int, lent_on: datetime.date | None = None
) -> Owing:  # fmt: skip
    """The investment fund lent by the VO: a loan in both books, each the other's twin."""
    vo, rows = year.group.vo, year.rows
    assert vo is not None
    terms = Agreed(on, owed, 1_200, "balance", "monthly", max(1, months), _day_of_next_month(on, 5), 10_000, 100)
    ours, theirs = rows.number(), rows.number()
    since = max(year.group.formed_on, lent_on or on)
    more = {"lent_on": since, "source": "cif", "purpose": "onlending"}
    loan = rows.lent(year.new_id(), year.book, "loan_from_vo", terms, body=vo.id, twin=theirs, number=ours, **more)
    rows.lent(
        year.new_id(), year.books[vo.id], "loan_to_body", terms, body=year.group.id, twin=ours, number=theirs, **more,
    )  # fmt: skip
    loan.twin = theirs
    return loan


def _to_members(year: GroupYear, cut: CutOff, lendable: int) -> int:
    """Loans that run on this day; returns what is owed on all of them."""
    chance, on = year.chance, cut.on
    could = [woman for woman in year.members_on(on) if (on - woman.joined).days > 60]
    count = max(1, round(len(could) * (0.45 + 0.3 * chance.uniform()))) if could else 0
    weights = [0.4 + chance.uniform() for _ in range(count)]
    whole = 0
    for woman, weight in zip(sorted(could, key=lambda one: chance.uniform())[:count], weights, strict=True):
        owed = min(MOST_OWED, int(lendable * weight / sum(weights))) // 10_000 * 10_000
        if owed >= 50_000:
            whole += owed
            _her_loan(year, cut, woman, owed)
    return whole


def _her_loan(year: GroupYear, cut: CutOff, woman: Member, owed: int) -> None:
    chance, on, bylaws = year.chance, cut.on, year.habits.bylaws
    count = bylaws.instalments
    paid = chance.between(1, max(1, count - 2))
    left = count - paid
    late: dict[str, object] = {}
    if woman.is_bad or chance.happens(0.05):
        days = 100 if woman.is_bad else chance.of((6, 12, 20, 35, 50))
        part = max(bylaws.multiple, owed // max(2, left) // bylaws.multiple * bylaws.multiple)
        interest = int(bylaws.rounding(owed * bylaws.rate_bp_a_year // 120_000)) * (3 if woman.is_bad else 1)
        late = {
            "overdue_principal": min(owed, part * (3 if woman.is_bad else 1)), "overdue_interest": interest,
            "overdue_since": on - datetime.timedelta(days=days),
        }  # fmt: skip
    first = year.first_due(on)
    if bylaws.frequency == "monthly":
        first = on + datetime.timedelta(days=chance.between(2, 28))
    terms = Agreed(
        on, owed, bylaws.rate_bp_a_year, bylaws.method, bylaws.frequency, left, first, bylaws.multiple,
        bylaws.rounding.unit, bylaws.rounding.halves, **late,
    )  # fmt: skip
    step = {"monthly": 30, "weekly": 7, "fortnightly": 14}[bylaws.frequency]
    loan = year.rows.lent(
        year.new_id(), year.book, "loan_to_member", terms, woman=woman.id, source="own",
        lent_on=max(woman.joined, on - datetime.timedelta(days=paid * step)), purpose=chance.of(purposes("plain", on)),
    )  # fmt: skip
    year.loans.append((woman, loan))
    cut.add("loan_to_member", owed, woman=woman.id, loan=loan.number)


def _before(on: datetime.date, months: int) -> datetime.date:
    return on - datetime.timedelta(days=30 * months)


def _day_of_next_month(on: datetime.date, day: int) -> datetime.date:
    return (on.replace(day=1) + datetime.timedelta(days=32)).replace(day=day)


def what_is_owed(loans: list[tuple[Member, Owing]], woman: UUID) -> int:
    return sum(loan.owed for who, loan in loans if who.id == woman)
