"""The steps of a group's meeting, in its order: who came, savings, repayments, fines, receipts, payments, the box."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from umeed.books.rules.allocation import Split, allocated
from umeed.kernel.money import Paise
from umeed.simulator.books import seasons
from umeed.simulator.books.habits import RF, Member
from umeed.simulator.books.minutes import Minutes
from umeed.simulator.books.owing import Owing

if TYPE_CHECKING:
    from umeed.simulator.books.year import GroupYear

CAME = ("present", "late")
_PENALTY_AFTER = 13
"""Days after which a late instalment costs a penalty: groups that meet weekly wait for the second meeting."""
_OVER = ("A note was counted twice", "Change was not given back")
_SHORT = ("Change was given twice", "A torn note was put aside", "One coin is missing")


def attend(year: GroupYear, day: datetime.date, members: list[Member]) -> dict[str, str]:
    """{woman: whether she came}. Fewer come while the harvest is brought in."""
    dip = 0.07 if day.month in (9, 10) else 0.0
    uniform, came = year.chance.uniform, {}
    for woman in members:
        draw = uniform()
        if draw < woman.comes - dip:
            came[woman.text] = "late" if draw < 0.035 else "present"
        else:
            came[woman.text] = "on_leave" if draw > 0.985 else "absent"
    return came


def save(year: GroupYear, minutes: Minutes, members: list[Member], came: dict[str, str]) -> None:
    """Whoever is there saves; half of those who are away send it by a neighbour."""
    heads = [(head, int(paise)) for head, paise in year.habits.bylaws.savings.items() if paise]
    uniform, optional = year.chance.uniform, year.habits.bylaws.takes_optional
    for at, woman in enumerate(members):
        is_here, by = came[woman.text] in CAME, None
        draw = uniform()
        if not is_here:
            if draw > 0.55:
                continue
            by = members[at - 1].name
        elif draw > 0.5 + woman.pays / 2:
            continue
        for head, paise in heads:
            minutes.save(woman.id, woman.text, head, paise, by)
            woman.saved[head] = woman.saved.get(head, 0) + paise
        if optional and draw < 0.02 and is_here:
            paise = 50_00 * (1 + int(draw * 400) % 6)
            minutes.save(woman.id, woman.text, "saving_optional", paise)
            woman.saved["saving_optional"] = woman.saved.get("saving_optional", 0) + paise


def repay(year: GroupYear, minutes: Minutes, came: dict[str, str], goes: Member | None) -> None:
    """What fell due on loans; a few bring a part, a few nothing, a few more than is asked, who goes everything."""
    day = minutes.on
    hard = seasons.lean(year.group.terrain, day)
    for woman, loan in year.loans:
        if woman is goes:
            minutes.repay(loan, woman.id, penalty=0, interest=loan.interest_due + loan.run(day), principal=loan.owed)
        elif loan.principal_due or loan.interest_due:
            _repay_due(year, minutes, woman, loan, came.get(woman.text), hard)
        elif loan.owed and came.get(woman.text) == "present" and year.chance.happens(0.004):
            part = min(loan.owed, 50_000 * year.chance.between(1, 6))
            minutes.repay(loan, woman.id, penalty=0, interest=loan.run(day), principal=part)
    year.loans = [one for one in year.loans if not one[1].is_closed]


def _repay_due(year: GroupYear, minutes: Minutes, woman: Member, loan: Owing, came: str | None, hard: float) -> None:
    draw, day = year.chance.uniform(), minutes.on
    if (woman.is_bad and (day - year.span.first).days > 90) or draw > woman.pays - hard:
        return
    by = None
    if came not in CAME:
        if draw > 0.5:
            return
        by = "Her daughter"
    (principal, interest), since = loan.to_pay(day), loan.since()
    is_late = since is not None and (day - since).days > _PENALTY_AFTER
    bylaws = year.habits.bylaws
    penalty = int(bylaws.penalty) if is_late else 0
    if is_late and draw < 0.25:
        # She brings a part of it, in whole fifties.
        brings = Paise(max(5_000, (principal + interest) // 2 // 5_000 * 5_000))
        owed = Split(Paise(penalty), Paise(interest), Paise(loan.owed))
        split = allocated(brings, owed=owed, order=bylaws.order)
        penalty, interest, principal = split.penalty, split.interest, split.principal
    minutes.repay(loan, woman.id, penalty=penalty, interest=interest, principal=principal, by=by)


def fine(year: GroupYear, minutes: Minutes, members: list[Member], came: dict[str, str]) -> None:
    """Who is late pays today, who was away the next time, most of them."""
    late, absent = int(year.habits.bylaws.fine_late), int(year.habits.bylaws.fine_absent)
    if not late:
        return
    for woman in members:
        if came[woman.text] == "late" and year.chance.happens(0.7):
            minutes.fine(woman.id, "late", late)
        elif came[woman.text] == "present" and absent and year.chance.happens(0.012):
            minutes.fine(woman.id, "absent", absent)


def receive(year: GroupYear, minutes: Minutes) -> None:
    """Interest of the bank each quarter, the revolving fund, what the VO has sent."""
    day, mode = minutes.on, "bank" if year.group.has_account else "cash"
    quarter = (day.year, (day.month - 1) // 3)
    if year.quarter not in (quarter, (0, 0)) and year.group.has_account and year.bank > 1_000_00:
        minutes.receive("interest_from_bank", year.bank * 7 // 1_000, "bank")
    year.quarter = quarter
    if year.rf_on and year.rf_on <= day:
        minutes.receive("revolving_fund", RF, mode)
        year.rf_on = None
    if year.arriving and year.group.vo is not None:
        minutes.arrive(year.group.vo.id, year.arriving, mode)
        year.arriving = 0


def pay(year: GroupYear, minutes: Minutes) -> None:
    """The bookkeeper once a month, tea and paper now and then."""
    month = (minutes.on.year, minutes.on.month)
    box, _bank = year.held(minutes)
    if year.month != month:
        if year.month != (0, 0) and box > 400_00:
            minutes.pay("fee_to_bookkeeper", 100_00 + 50_00 * (len(year.group.members) > 8))
        year.month = month
    elif box > 500_00 and year.chance.happens(0.06):
        minutes.pay("meeting_cost", year.chance.of((2_000, 3_000, 5_000)), note="Tea and register")


def to_bank(year: GroupYear, minutes: Minutes) -> None:
    """What the box need not hold goes to the bank."""
    box, _bank = year.held(minutes)
    if year.group.has_account and box > year.habits.box + 500_00 and "withdrawal" not in minutes.said:
        minutes.deposit((box - year.habits.box // 2) // 100_00 * 100_00)


def repay_above(year: GroupYear, minutes: Minutes) -> None:
    """What fell due to the VO and the bank, when it is there."""
    vo = year.group.vo
    for loan, head, lender in (
        (year.vo_loan, "loan_from_vo", vo.id if vo else None), (year.bank_loan, "loan_from_bank", None),
    ):  # fmt: skip
        if loan is None or not loan.owed:
            continue
        loan.come(minutes.on)
        principal, interest = loan.to_pay(minutes.on)
        box, bank = year.held(minutes)
        mode = "bank" if bank >= principal + interest else "cash"
        is_there = (bank if mode == "bank" else box) >= principal + interest
        if not (principal or interest) or not is_there or year.chance.happens(0.06):
            continue
        interest_head = "interest_to_bank" if lender is None else "interest_to_body"
        minutes.repay_above(loan, head, interest_head, principal=principal, interest=interest, mode=mode, lender=lender)
        if lender is not None:
            year.to_vo.append((minutes.on, principal + interest, mode))


def give(year: GroupYear, minutes: Minutes) -> None:
    """The monthly saving with the VO, its share once."""
    vo, day = year.group.vo, minutes.on
    if vo is None or max(vo.since, vo.opened) >= day or year.gave_in == (day.year, day.month):
        return
    box, bank = year.held(minutes)
    parts = [("saving", year.vo_saving), *([] if year.has_share else [("share", 500_00)])]
    whole = sum(paise for _what, paise in parts)
    mode = "cash" if box > whole + 100_00 else "bank"
    if mode == "bank" and bank < whole:
        return
    for what, paise in parts:
        minutes.give(vo.id, vo.kind, what, paise, mode)
    year.has_share, year.gave_in = True, (day.year, day.month)
    year.to_vo.append((day, whole, mode))


def count(year: GroupYear, minutes: Minutes) -> None:
    """The box is counted; now and then it is a little short or over, and somebody says why."""
    box, _bank = year.held(minutes)
    over, why = 0, ""
    if year.chance.happens(0.012):
        over = year.chance.of((-5_000, -2_000, -1_000, 1_000, 2_000))
        over = over if box + over >= 0 else 1_000
        why = year.chance.of(_OVER if over > 0 else _SHORT)
    minutes.count(box, over, why)
