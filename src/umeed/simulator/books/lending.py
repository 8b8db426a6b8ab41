"""Who asks for a loan, in which order loans are granted, and what is paid out of what is there."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from umeed.simulator.books.habits import Member
from umeed.simulator.books.minutes import Minutes
from umeed.simulator.books.owing import Agreed
from umeed.simulator.books.seasons import harvest_after, purposes

if TYPE_CHECKING:
    from umeed.simulator.books.year import GroupYear

AMOUNTS = (1_000, 2_000, 2_000, 3_000, 5_000, 5_000, 5_000, 8_000, 10_000, 10_000, 15_000, 20_000)
MOST = 30_000_00
KEPT_BACK = 300_00
SECOND_LOAN = 0.15
_NO_MONEY = "There is not enough money in the box yet"
_ILL = "Somebody in her house is ill"
_IS_LATE = "An instalment of an earlier loan is overdue"


@dataclass(slots=True)
class Wish:
    """A request that waits."""

    id: UUID
    woman: Member
    paise: int
    purpose: str
    instalments: int
    asked_on: datetime.date
    is_put_off: bool = False


def lend_and_decide(year: GroupYear, minutes: Minutes, members: list[Member], came: dict[str, str]) -> None:
    """Requests of this meeting, decisions in the order of asking, and the loans that are paid out."""
    box, bank = year.held(minutes)
    free = box + bank - year.promised() - KEPT_BACK
    if year.group.is_shown and minutes.on >= year.span.end - datetime.timedelta(days=21):
        # What is there is kept for a purchase together, so that a queue is to be seen.
        free = 0
    _ask(year, minutes, came, free)
    bylaws, day = year.habits.bylaws, minutes.on
    here = sum(1 for woman in members if came[woman.text] in ("present", "late"))
    if here * 100 < len(members) * bylaws.quorum_percent:
        return
    served: list[Wish] = []
    granted: list[tuple[Wish, int]] = []
    waits: Wish | None = None
    for wish in year.queue:
        owes = sum(loan.overdue for woman, loan in year.loans if woman is wish.woman)
        if owes and not bylaws.lends_to_overdue:
            _decided(year, minutes, wish, "refused", why=_IS_LATE)
            served.append(wish)
            continue
        paise = wish.paise if free >= wish.paise else free // 500_00 * 500_00
        is_enough = paise >= max(1_000_00, wish.paise * 0.6)
        if is_enough and waits is None:
            _decided(year, minutes, wish, "granted", paise=paise)
        elif is_enough and wish.purpose == "health":
            _decided(year, minutes, wish, "granted", paise=paise, jump_why=_ILL)
        else:
            waits = waits or wish
            continue
        free -= paise
        served.append(wish)
        granted.append((wish, paise))
    if waits is not None:
        _put_off(year, minutes, waits)
    year.queue = [wish for wish in year.queue if wish not in served]
    for wish, paise in granted:
        is_here = came[wish.woman.text] in ("present", "late")
        # Who is away lets somebody who came take it along.
        by = None if is_here else next(one.name for one in members if came[one.text] in ("present", "late"))
        _pay_out(year, minutes, wish, paise, day, by)


def _ask(year: GroupYear, minutes: Minutes, came: dict[str, str], free: int) -> None:
    """The more money lies idle, the more ask, and for more."""
    chance, wants = year.chance, 0.05 + 0.55 * min(1.0, max(0, free) / 10_000_00)
    if year.group.is_shown and not free:
        wants = 1.0
    for _ in range(2 if free > 20_000_00 else 1):
        if len(year.queue) >= 4 or not chance.happens(wants):
            return
        has = Counter(woman.text for woman, _loan in year.loans)
        could = [
            woman for woman in year.group.members
            if came.get(woman.text) in ("present", "late") and woman.left == datetime.date.max
            and (not has[woman.text] or (has[woman.text] == 1 and chance.happens(SECOND_LOAN)))
            and all(wish.woman is not woman for wish in year.queue)
        ]  # fmt: skip
        if not could:
            return
        _wish(year, minutes, chance.of(could), free)


def _wish(year: GroupYear, minutes: Minutes, woman: Member, free: int) -> None:
    chance, bylaws = year.chance, year.habits.bylaws
    paise = max(chance.of(AMOUNTS) * 100, min(MOST, free // chance.between(2, 5)) // 1_000_00 * 1_000_00)
    paise = min(paise, int(bylaws.most) if bylaws.most else paise)
    purpose = chance.of(purposes(year.group.terrain, minutes.on))
    count = 1 if purpose == "orchard" else bylaws.instalments
    wish = Wish(year.new_id(), woman, paise, purpose, count, minutes.on)
    minutes.ask(wish.id, woman.id, paise, purpose, count)
    year.rows.requests.append((wish.id, year.book, woman.id, minutes.on, paise, purpose, count))
    year.queue.append(wish)


def _decided(year: GroupYear, minutes: Minutes, wish: Wish, outcome: str, **more: object) -> None:
    id = year.new_id()
    said = {name: value.isoformat() if isinstance(value, datetime.date) else value for name, value in more.items()}
    minutes.decide(id, wish.id, outcome, **said)
    year.rows.decisions.append((
        id, year.book, wish.id, minutes.on, outcome, more.get("paise"), "all", more.get("promised_on"),
        more.get("jump_why", ""), more.get("why", ""),
    ))  # fmt: skip


def _put_off(year: GroupYear, minutes: Minutes, wish: Wish) -> None:
    if not wish.is_put_off:
        promised = minutes.on + datetime.timedelta(days=28)
        _decided(year, minutes, wish, "deferred", why=_NO_MONEY, promised_on=promised)
        wish.is_put_off = True


def _pay_out(
    year: GroupYear, minutes: Minutes, wish: Wish, paise: int, day: datetime.date, by: str | None
) -> None:  # fmt: skip
    bylaws, (box, bank) = year.habits.bylaws, year.held(minutes)
    if box < paise:
        minutes.withdraw(min(bank, -(-(paise - box) // 100_00) * 100_00))
    is_orchard = wish.purpose == "orchard"
    terms = Agreed(
        day, paise, bylaws.rate_bp_a_year, "bullet" if is_orchard else bylaws.method,
        "yearly" if is_orchard else bylaws.frequency, 1 if is_orchard else bylaws.instalments,
        harvest_after(day) if is_orchard else year.first_due(day), bylaws.multiple, bylaws.rounding.unit,
        bylaws.rounding.halves, bylaws.part_month,
    )  # fmt: skip
    uid = year.new_id()
    loan = year.rows.lent(
        uid,
        year.book,
        "loan_to_member",
        terms,
        woman=wish.woman.id,
        request=wish.id,
        source="own",
        purpose=wish.purpose,
    )
    minutes.lend(
        uid, loan.number, wish.woman.id, terms, request=wish.id, mode="cash", source="own", purpose=wish.purpose, by=by
    )
    year.loans.append((wish.woman, loan))
