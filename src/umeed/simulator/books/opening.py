"""What a group with a past begins its book with: a balanced cut-off, its running loans, what it has with its VO."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from umeed.books.cutoffs.documents import CutOffDocument, Running, read
from umeed.books.cutoffs.sums import entries_of
from umeed.books.models import Sheet
from umeed.books.rules.bylaws import WHOLE_RUPEES
from umeed.books.rules.carried import plan_of
from umeed.books.rules.rounding import TO_THE_PAISA
from umeed.books.rules.schedules import LoanTerms, month_later
from umeed.kernel.money import Paise
from umeed.simulator.books.habits import CIF, CIF_MONTHS, DOSE_MONTHS, RF, Member
from umeed.simulator.books.owing import Agreed, Owing
from umeed.simulator.books.seasons import purposes

if TYPE_CHECKING:
    from umeed.simulator.books.year import GroupYear

MOST_SAVED = 4_500_00
"""What a woman has in compulsory saving at most: older groups have shared out what was above it."""
MOST_OWED = 40_000_00
_STEP = {"monthly": 30, "weekly": 7, "fortnightly": 14}


def open_with_a_past(year: GroupYear) -> None:
    """The cut-off as it is written, its sheet and the loans that run. Surplus takes what is over, so it is balanced."""
    chance, on, group = year.chance, year.opened, year.group
    weeks = (on - group.formed_on).days // 7
    year.meetings_before = max(1, int(weeks * (0.8 + 0.15 * year.habits.discipline)))
    said: dict[str, Any] = {
        "id": str(year.new_id()), "on": on.isoformat(), "meetings_held": year.meetings_before,
        "last_meeting": max(group.formed_on, on - datetime.timedelta(days=chance.between(1, 6))).isoformat(),
        "held": [], "loans": [],
    }  # fmt: skip
    said["savings"] = [one for woman in year.members_on(on) for one in _savings(year, woman, on)]
    saved = sum(one["paise"] for one in said["savings"])
    surplus = saved * chance.between(6, 14) // 100 // 100 * 100
    pool = saved + surplus
    if year.habits.has_rf and weeks >= 13:
        year.rf_on = None
        said["rf_received"] = RF
        pool += RF
    pool += _from_bank(year, said)
    pool += _with_vo(year, said, pool // 2)
    share = chance.between(70, 90) if group.has_account else chance.between(88, 95)
    pool -= _to_members(year, said, pool * share // 100)
    year.cash = pool if not group.has_account else min(pool, chance.between(200, year.habits.box // 100) * 100)
    year.bank = pool - year.cash
    said |= {"cash": year.cash, "bank": year.bank, "surplus": surplus}
    said["attended"] = {woman.text: int(min(year.meetings_before, (on - woman.joined).days // 7) * woman.comes)
                        for woman in year.members_on(on)}  # fmt: skip
    _post(year, said)


def _post(year: GroupYear, said: dict[str, Any]) -> None:
    document = read(said)
    assert isinstance(document, CutOffDocument), document
    numbers = {running.loan: _take_over(year, running) for running in document.loans}
    vo = year.group.vo
    entries = entries_of(document, numbers, {vo.id: vo.kind} if vo else {})
    assert sum(entry.amount for entry in entries) == 0
    year.rows.post(year.book, document.id, document.on, Sheet.Kind.CUT_OFF, entries)
    kept = document.model_dump(mode="json", exclude_defaults=True)
    year.rows.cut_offs.append((document.id, year.book, document.id, kept, document.meetings_held, document.on))


def _savings(year: GroupYear, woman: Member, on: datetime.date) -> list[dict[str, Any]]:
    """What she has saved so far, by type."""
    weeks, said = (on - woman.joined).days // 7, []
    for head, paise in year.habits.bylaws.savings.items():
        most = MOST_SAVED if head == "saving_compulsory" else MOST_SAVED // 8
        times = int(min(weeks, most // paise) * (woman.comes - 0.04)) if paise else 0
        if times > 0:
            woman.saved[head] = times * paise
            said.append({"woman": woman.text, "head": head, "paise": times * paise})
    return said


def _from_bank(year: GroupYear, said: dict[str, Any]) -> int:
    """A running bank loan, where the group has one; returns what is owed on it."""
    habits, on, formed = year.habits, year.opened, year.group.formed_on
    if not (habits.bank_dose and year.group.has_account and (on - formed).days > 300):
        return 0
    paid = year.chance.between(2, DOSE_MONTHS - 8)
    part, left = habits.bank_dose // DOSE_MONTHS, DOSE_MONTHS - paid
    said["loans"].append({
        "loan": str(year.new_id()), "head": "loan_from_bank", "lender": "Demonstration Bank",
        "lent_on": max(formed, on - datetime.timedelta(days=30 * paid)).isoformat(), "lent": habits.bank_dose,
        "outstanding": part * left, "rate_bp_a_year": 850, "method": "balance", "instalments": left,
        "next_due": _day_of_next_month(on, 10).isoformat(), "purpose": "onlending", "part_month": "days",
    })  # fmt: skip
    habits.bank_dose = 0
    return part * left


def _with_vo(year: GroupYear, said: dict[str, Any], most: int) -> int:
    """Saving and share with the VO, no more than `most`, and the investment fund that it lent; returns what of it is
    money to lend on."""
    vo, on = year.group.vo, year.opened
    if vo is None or max(vo.since, vo.opened) > on or vo.since > on - datetime.timedelta(days=30):
        return 0
    share, owed = 500_00 if most >= 500_00 else 0, 0
    saving = min(year.vo_saving * min(24, (on - vo.since).days // 30), max(0, most - share) // 100 * 100)
    held = (("saving", saving), ("share", share))
    said["held"] += [{"body": str(vo.id), "what": what, "paise": paise} for what, paise in held if paise]
    year.has_share = share > 0
    if year.habits.has_cif and (on - year.group.formed_on).days > 200:
        paid = year.chance.between(1, CIF_MONTHS + 4)
        owed = max(0, CIF - CIF // CIF_MONTHS * paid)
        if owed:
            year.cif_on = None
            lent_on = max(year.group.formed_on, vo.since, on - datetime.timedelta(days=30 * paid))
            said["loans"].append({
                "loan": str(year.new_id()), "head": "loan_from_vo", "body": str(vo.id), "lent_on": lent_on.isoformat(),
                "lent": CIF, "outstanding": owed, "rate_bp_a_year": 1_200, "method": "balance",
                "instalments": CIF_MONTHS - paid, "next_due": _day_of_next_month(on, 5).isoformat(),
                "source": "cif", "purpose": "onlending", "part_month": "days",
            })  # fmt: skip
    year.at_vo = (saving, share)
    return owed - saving - share


def _to_members(year: GroupYear, said: dict[str, Any], lendable: int) -> int:
    """Loans that run on this day; returns what is owed on all of them."""
    chance, on = year.chance, year.opened
    could = [woman for woman in year.members_on(on) if (on - woman.joined).days > 60]
    count = max(1, round(len(could) * (0.55 + 0.3 * chance.uniform()))) if could else 0
    weights = [0.4 + chance.uniform() for _ in range(count)]
    most, whole = year.habits.bylaws.most or MOST_OWED, 0
    for woman, weight in zip(sorted(could, key=lambda _one: chance.uniform())[:count], weights, strict=True):
        owed = min(int(most), int(lendable * weight / sum(weights))) // 10_000 * 10_000
        if owed >= 50_000:
            whole += owed
            said["loans"].append(_her_loan(year, woman, owed))
    return whole


def _her_loan(year: GroupYear, woman: Member, owed: int) -> dict[str, Any]:
    chance, on, bylaws = year.chance, year.opened, year.habits.bylaws
    paid = chance.between(1, max(1, bylaws.instalments - 2))
    left = bylaws.instalments - paid
    lent_on = max(woman.joined, on - datetime.timedelta(days=paid * _STEP[bylaws.frequency] + 130 * woman.is_bad))
    first = year.first_due(on) if bylaws.frequency != "monthly" else on + datetime.timedelta(days=chance.between(2, 28))
    said: dict[str, Any] = {
        "loan": str(year.new_id()), "woman": woman.text, "lent_on": lent_on.isoformat(),
        "lent": -(-owed * bylaws.instalments // left // 50_000) * 50_000, "outstanding": owed,
        "rate_bp_a_year": bylaws.rate_bp_a_year, "method": bylaws.method, "frequency": bylaws.frequency,
        "instalments": left, "next_due": first.isoformat(), "source": "own",
        "purpose": chance.of(purposes(year.group.terrain, lent_on)), "multiple": bylaws.multiple,
    }  # fmt: skip
    if woman.is_bad or chance.happens(0.05):
        said["overdue"] = _overdue(year, owed, left, lent_on, is_bad=woman.is_bad)
        if sum(one["principal"] for one in said["overdue"]) == owed:
            del said["next_due"], said["instalments"]
    return said


def _overdue(
    year: GroupYear, owed: int, left: int, lent_on: datetime.date, *, is_bad: bool
) -> list[dict[str, Any]]:  # fmt: skip
    """What she did not pay: one instalment, or three of the last months."""
    on, bylaws = year.opened, year.habits.bylaws
    part = max(bylaws.multiple, owed // max(2, left) // bylaws.multiple * bylaws.multiple)
    interest = int(bylaws.rounding(owed * bylaws.rate_bp_a_year // 120_000))
    said, rest = [], owed
    for days in (100, 70, 40) if is_bad else (year.chance.of((6, 12, 20, 35, 50)),):
        due = max(lent_on, on - datetime.timedelta(days=days))
        principal = min(rest, part)
        rest -= principal
        said.append({"on": due.isoformat(), "principal": principal, "interest": interest})
    return said


def _take_over(year: GroupYear, running: Running) -> int:
    """A loan of the cut-off with its terms, as `actions.cutoffs` writes them; returns its number."""
    bylaws, on, rows, vo = year.habits.bylaws, year.opened, year.rows, year.group.vo
    hers = running.head == "loan_to_member"
    # As its lender rounds: a VO like all that have said nothing else, a bank to the paisa.
    theirs = WHOLE_RUPEES if running.head == "loan_from_vo" else TO_THE_PAISA
    rounding = bylaws.rounding if hers else theirs
    plan = ()
    if running.rest > 0 and running.next_due is not None:
        terms = LoanTerms(
            Paise(running.rest), running.rate_bp_a_year, running.method, running.next_due, running.instalments,
            running.frequency, running.lent_on, rounding, bylaws.multiple if hers else 1,
        )  # fmt: skip
        plan = plan_of(terms, lent=Paise(running.lent), lent_on=running.lent_on)
    agreed = Agreed(
        on, running.outstanding, running.rate_bp_a_year, running.method, running.frequency, max(1, len(plan)),
        plan[0].on if plan else month_later(on, 1, on.day), running.multiple,
        rounding.unit, rounding.halves, running.part_month or (bylaws.part_month if hers else "due"),
        running.carried(tuple(plan)),
    )  # fmt: skip
    more = {"lent_on": running.lent_on, "source": running.source, "purpose": running.purpose}
    if running.head == "loan_from_vo":
        assert vo is not None
        year.vo_loan = year.vo_loan_before = lent_by_vo(year, running.loan, agreed, **more)
        return year.vo_loan.number
    loan = rows.lent(running.loan, year.book, running.head, agreed, woman=running.woman, lender=running.lender, **more)
    if running.woman is None:
        year.bank_loan = loan
    else:
        year.loans.append((next(one for one in year.group.members if one.id == running.woman), loan))
    return loan.number


def lent_by_vo(year: GroupYear, uid: UUID, agreed: Agreed, *, theirs: UUID | None = None, **more: Any) -> Owing:
    """A loan of the VO in both books, each the other's twin; `uid` is ours, `theirs` the VO's."""
    vo, rows = year.group.vo, year.rows
    assert vo is not None
    numbers = rows.number(), rows.number()
    loan = rows.lent(
        uid, year.book, f"loan_from_{vo.kind}", agreed, body=vo.id, twin=numbers[1], number=numbers[0], **more
    )
    rows.lent(
        theirs or uuid5(uid, "theirs"), year.books[vo.id], "loan_to_body", agreed, body=year.group.id, twin=numbers[0],
        number=numbers[1], **more,
    )  # fmt: skip
    loan.twin = numbers[1]
    return loan


def _day_of_next_month(on: datetime.date, day: int) -> datetime.date:
    return (on.replace(day=1) + datetime.timedelta(days=32)).replace(day=day)
