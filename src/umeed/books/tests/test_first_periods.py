"""The first instalment asks for the interest of a whole period, however near or far it is: what is unusual is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from umeed.books.actions.loans import reasons_against_terms
from umeed.books.actions.taking import reasons_to_take
from umeed.books.models import Loan
from umeed.books.rules.bylaws import Bylaws
from umeed.books.rules.lending import why_not_terms
from umeed.books.rules.schedules import LoanTerms, schedule
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.test_agreed_anew import TERMS as ANEW
from umeed.books.tests.test_asked_about import told
from umeed.books.tests.test_bodies import a_day, close, vo
from umeed.books.tests.test_bodies import terms as to_a_group
from umeed.books.tests.test_meetings import close as close_meeting
from umeed.books.tests.test_meetings import lend, meeting, saved
from umeed.books.tests.test_taken import TERMS
from umeed.books.tests.writing import Keeper, fields_of, text_of
from umeed.books.tests.writing import lend as lent_to_her
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id

__all__ = ["vo"]
ASKED = "first_period"
LENT = date(2026, 11, 22)


def asked(first_due: date, on: date = LENT, **said: Any) -> list[str]:
    """What is asked of 3,000 at 2 per cent a month."""
    usual = {"rate_bp_a_year": 2_400, "method": "balance", "frequency": "monthly", "instalments": 10}
    loan = replace(
        LoanTerms(principal=3_000_00, first_due=first_due, lent_on=on, **{**usual, **said}),  # type: ignore[arg-type]
        rounding=Bylaws({}).rounding,
    )

    class Lent:
        paise, rate_bp_a_year, method, frequency = loan.principal, loan.rate_bp_a_year, loan.method, loan.frequency

    Lent.first_due = first_due  # type: ignore[attr-defined]
    found = [one for one in why_not_terms(Lent, on) if one.code == ASKED]
    interest = schedule(loan)[0].interest
    # The sum that is told is the one that will be asked for.
    assert all(one.values["interest"] == f"₹{interest // 100}" and one.severity == "warn" for one in found)
    return [one.message(str) for one in found]


@pytest.mark.parametrize("method", ["balance", "flat", "declining"])
def test_sixty_rupees_for_one_day_are_asked_about(method: str) -> None:
    words = "until the first instalment falls due. Is it right?"
    assert asked(date(2026, 11, 23), method=method) == [f"₹60 of interest for one day, {words}"]
    assert asked(date(2027, 1, 22), method=method) == [f"₹60 of interest for 61 days, {words}"]


@pytest.mark.parametrize(
    ("frequency", "least", "most"),
    [("weekly", 4, 10), ("fortnightly", 7, 21), ("monthly", 15, 45), ("quarterly", 45, 135)],
)
def test_of_half_a_period_to_one_and_a_half_nothing_is_asked(frequency: str, least: int, most: int) -> None:
    def codes(days: int) -> list[str]:
        return asked(LENT + timedelta(days=days), frequency=frequency)

    assert codes(least) == codes(most) == [] and codes(least - 1) and codes(most + 1)


@pytest.mark.parametrize(
    ("since", "until", "interest"),
    [
        (date(2026, 10, 1), date(2026, 10, 31), "₹0"), (date(2026, 9, 30), date(2026, 10, 1), "₹60"),
        (date(2026, 9, 1), date(2026, 10, 31), "₹60"), (date(2026, 4, 20), date(2026, 11, 5), ""),
        (date(2026, 9, 20), date(2026, 10, 20), ""),
    ],
)  # fmt: skip
def test_a_bullet_that_costs_nothing_or_a_month_for_a_day_is_asked_about(
    since: date, until: date, interest: str
) -> None:
    found = asked(until, since, method="bullet", instalments=1)
    assert [one.split()[0] for one in found] == ([interest] if interest else [])


def test_without_interest_nothing_is_asked() -> None:
    assert asked(date(2026, 11, 23), rate_bp_a_year=0) == []


def test_it_is_asked_of_every_loan_that_is_written(kept: Kept, vo: Any) -> None:
    lent = lend(kept, 1, 100, first_due="2024-04-09")
    said = meeting(kept, 1, "2024-04-08", savings=saved(kept), lendings=[lent], counted=150_00)
    assert told(close_meeting, kept, said) == [("lendings.0.first_due", ASKED)]
    close_meeting(kept, said, is_sure=True)
    near = vars_of(to_a_group(vo.two.group, 10_000, first_due="2024-05-12"))
    assert told(close, vo, a_day(vo, lendings=[near])) == [("lendings.0.first_due", ASKED)]
    found = reasons_to_take(us(), kept.book, day("2024-04-10"), replace(TERMS, first_due=day("2024-04-11")))
    assert [(one.field, one.code, one.severity) for one in found] == [("first_due", ASKED, "warn")]


def vars_of(terms: Any) -> dict[str, Any]:
    names = ("body", "paise", "rate_bp_a_year", "method", "instalments", "first_due")
    return {"loan": new_id(), "mode": "bank", **{name: getattr(terms, name) for name in names}}


def test_it_is_asked_of_new_terms_and_on_their_page(kept: Kept, keeper: Keeper) -> None:
    loan: Loan = lent_to_her(kept, keeper)
    given = {**ANEW, "since": day("2024-06-20"), "first_due": day("2024-06-21")}
    found = reasons_against_terms(us(), kept.book, loan.uid, given)
    assert [(one.field, one.code, one.severity) for one in found] == [("first_due", ASKED, "warn")]
    # What could not be read yet asks nothing.
    assert reasons_against_terms(us(), kept.book, loan.uid, {**given, "rate_bp_a_year": None}) == []
    url = keeper.url("loan_anew", loan.uid)
    sent = {
        **fields_of(keeper.client.get(url)), "since": "20-6-2024", "first_due": "21-6-2024", "resolution": "14",
    }  # fmt: skip
    answer = keeper.client.post(url, sent)
    assert answer.status_code == 422 and "₹4 of interest for one day" in text_of(answer).replace("₹ ", "₹")
    assert keeper.client.post(url, {**sent, "confirmed": f"{ASKED}:first_due"}).status_code == 302
