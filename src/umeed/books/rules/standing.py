"""Whether a loan is regular, watched or an NPA on a day, with what was before it; and what a cash credit asks for.

By the days that the oldest unpaid due is late (RBI: 30, 60, 90 by plain difference of dates). What has been an NPA
stays one until nothing at all is overdue. A cash credit has no instalments: at each month's end it asks for interest by
the day. It is out of order when its credits of 90 days do not cover the interest, or it stands above its limit so long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from umeed.books.rules.allocation import NOTHING
from umeed.books.rules.demands import NPA_DAYS, Paid, Standing, arrears, is_out_of_order, standings
from umeed.books.rules.interest import CreditDay, Stand, credit_account, interest_by_days
from umeed.books.rules.rounding import TO_THE_PAISA, Rounding
from umeed.books.rules.schedules import Due
from umeed.kernel.money import Paise

_NIGHT = timedelta(days=1)


def standing_on(dues: Sequence[Due], paid: Sequence[Paid], on: date) -> Standing:
    """The standing of a loan at the end of a day. `dues` is all that was asked for until then."""
    now = arrears(dues, paid, on)
    if now.since is None or now.standing is Standing.NPA:
        return now.standing
    # Only days on which something was paid can have ended an NPA; it was at its latest on the eve of each.
    eves = {one.on - _NIGHT for one in paid if one.on <= on}
    days = sorted({*eves, *(one.on for one in paid if one.on <= on), on})
    return standings(arrears(dues, paid, day) for day in days)[-1]


def credit_dues(
    paid: Sequence[Paid],
    *,
    principal: Paise,
    since: date,
    until: date,
    rate_bp_a_year: int,
    rounding: Rounding = TO_THE_PAISA,
    with_running: bool = False,
) -> list[Due]:
    """Interest of each whole month of a cash credit, on its daily balances, due on the first of the next one; with
    that of the month that runs, if asked, as if it were due on the last day.

    `paid` has what was drawn again as principal below nothing. Interest that was not paid bears interest too, as the
    bank debits it.
    """
    dues: list[Due] = []
    begins, ends = since, first_of_next_month(since)
    while ends <= until or (with_running and begins < until):
        ends = min(ends, until)
        stands = [Stand(since, _owed(principal, paid, dues, since))]
        stands += [Stand(day, _owed(principal, paid, dues, day)) for day in _days(paid, dues, since, ends)]
        interest = interest_by_days(stands, since=begins, until=ends, rate_bp_a_year=rate_bp_a_year, rounding=rounding)
        if interest:
            dues.append(Due(ends, NOTHING, interest))
        begins, ends = ends, first_of_next_month(ends)
    return dues


def credit_standing(
    dues: Iterable[Due], paid: Sequence[Paid], on: date, *, principal: Paise, since: date, limit: Paise | None
) -> Standing:
    """NPA when it is out of order, else regular. With no `limit` known, only credits against interest are looked at.

    A credit younger than 90 days cannot be out of order yet.
    """
    if (on - since).days < NPA_DAYS:
        return Standing.REGULAR
    days = [CreditDay(since, drawn=principal)]
    days += [
        CreditDay(one.on, Paise(max(0, one.principal) + one.interest), Paise(max(0, -one.principal)))
        for one in paid if one.on <= on
    ]  # fmt: skip
    days += [CreditDay(due.on, interest=due.interest) for due in dues if due.on <= on]
    most = limit if limit is not None else Paise(sum(day.drawn + day.interest for day in days))
    return Standing.NPA if is_out_of_order(credit_account(days, on=on, limit=most)) else Standing.REGULAR


def _owed(principal: Paise, paid: Sequence[Paid], dues: Sequence[Due], day: date) -> Paise:
    """What stands at the end of a day, with interest that was debited and not paid."""
    paid_in = sum(one.principal + one.interest for one in paid if one.on <= day)
    return Paise(principal - paid_in + sum(due.interest for due in dues if due.on <= day))


def _days(paid: Sequence[Paid], dues: Sequence[Due], since: date, until: date) -> list[date]:
    days = {*(one.on for one in paid), *(due.on for due in dues)}
    return sorted(day for day in days if since < day < until)


def first_of_next_month(day: date) -> date:
    """When a cash credit asks for the interest of the month of a day."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
