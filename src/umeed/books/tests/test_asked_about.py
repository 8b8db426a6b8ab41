"""What is unusual is asked about and not refused: a first instalment that lies far ahead, a limit out of proportion."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from umeed.books.actions.loans import reasons_against_terms
from umeed.books.actions.taking import reasons_to_take
from umeed.books.models import Loan
from umeed.books.rules.lending import far_ahead
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.test_agreed_anew import TERMS as ANEW
from umeed.books.tests.test_bodies import a_day, close, vo
from umeed.books.tests.test_cutoff import cut_off, group, post
from umeed.books.tests.test_meetings import close as close_meeting
from umeed.books.tests.test_meetings import lend, meeting, saved
from umeed.books.tests.test_taken import TERMS
from umeed.books.tests.writing import Keeper
from umeed.books.tests.writing import lend as lent_to_her
from umeed.core.actions import Refused
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id

__all__ = ["group", "vo"]
FAR = "due_far"


def told(do: Any, *given: Any, **said: Any) -> list[tuple[str | None, str]]:
    with pytest.raises(Refused) as refused:
        do(*given, **said)
    return [(one.field, one.code) for one in refused.value.refusals]


@pytest.mark.parametrize(
    ("method", "frequency", "last"),
    [
        ("balance", "monthly", date(2024, 6, 10)), ("flat", "weekly", date(2024, 6, 10)),
        ("declining", "quarterly", date(2024, 10, 10)), ("balance", "yearly", date(2026, 4, 10)),
        ("bullet", "monthly", date(2025, 4, 10)), ("bullet", "yearly", date(2025, 4, 10)),
    ],
)  # fmt: skip
def test_two_periods_ahead_or_two_months_is_usual(method: str, frequency: str, last: date) -> None:
    def codes(on: date) -> list[str]:
        found = far_ahead(on, date(2024, 4, 10), "first_due", frequency=frequency, method=method)
        return [f"{one.code} {one.severity}" for one in found]

    assert codes(last) == [] and codes(date.fromordinal(last.toordinal() + 1)) == [f"{FAR} warn"]


def test_of_a_loan_to_a_woman_and_of_one_to_a_group_it_is_asked(kept: Kept, vo: Any) -> None:
    lent = lend(kept, 1, 100, first_due="2025-05-08")
    said = meeting(kept, 1, "2024-04-08", savings=saved(kept), lendings=[lent], counted=150_00)
    assert told(close_meeting, kept, said) == [("lendings.0.first_due", FAR)]
    close_meeting(kept, said, is_sure=True)
    lent = {
        "loan": new_id(), "body": vo.two.group.pk, "paise": 10_000_00, "mode": "bank", "rate_bp_a_year": 1200,
        "method": "balance", "instalments": 5, "first_due": "2024-12-10",
    }  # fmt: skip
    assert told(close, vo, a_day(vo, lendings=[lent])) == [("lendings.0.first_due", FAR)]


def test_of_a_loan_that_was_taken_or_agreed_anew_it_is_asked(kept: Kept, keeper: Keeper) -> None:
    far = replace(TERMS, first_due=day("2024-11-10"))
    found = reasons_to_take(us(), kept.book, day("2024-04-10"), far)
    assert [(one.field, one.code, one.severity) for one in found] == [("first_due", FAR, "warn")]
    loan: Loan = lent_to_her(kept, keeper)
    given = {**ANEW, "since": day("2024-06-20"), "first_due": day("2025-08-08")}
    found = reasons_against_terms(us(), kept.book, loan.uid, given)
    assert ("first_due", FAR) in [(one.field, one.code) for one in found]


@pytest.mark.parametrize(("limit", "asked"), [(6_00_000_00, []), (60_00_000_00, [("loans.1.limit", "far_more")])])
def test_a_limit_far_above_what_is_their_own_is_asked_about_in_a_cut_off(group: Any, limit: int, asked: Any) -> None:
    """They hold 27,000 of their own; up to six lakh is lent to any group."""
    credit = {
        "loan": new_id(), "head": "loan_from_bank", "lender": "J&K Bank, Shopian", "is_cash_credit": True,
        "lent_on": "2023-06-01", "lent": 0, "outstanding": 0, "limit": limit, "rate_bp_a_year": 900,
        "method": "balance", "frequency": "monthly", "instalments": 0,
    }  # fmt: skip
    said = cut_off(group)
    said["loans"] = [*said["loans"], credit]
    if asked:
        assert told(post, group, said, is_sure=False) == asked
    post(group, said, is_sure=bool(asked))


def test_a_group_that_lends_out_of_a_fund_more_than_it_holds_is_asked(kept: Kept) -> None:
    """A VO is refused. What came in today, and what was lent out of it before, counts."""
    cif = {"head": "cif", "paise": 100_00}
    first = lend(kept, 1, 70, source="cif")
    said = meeting(kept, 1, "2024-04-08", savings=saved(kept), lendings=[first], counted=180_00)
    assert told(close_meeting, kept, said) == [("lendings.0.source", "above_the_fund")]
    close_meeting(kept, {**said, "receipts": [cif], "counted": 280_00})
    more = [lend(kept, 2, 30, source="cif"), lend(kept, 3, 1, source="cif"), lend(kept, 4, 100)]
    said = meeting(kept, 2, "2024-04-15", lendings=more, counted=149_00)
    assert told(close_meeting, kept, said) == [("lendings.1.source", "above_the_fund")]
    repaid = {"loan": first["loan"], "principal": 10_00}
    close_meeting(kept, {**said, "repayments": [repaid], "counted": 159_00})
    said = meeting(kept, 3, "2024-04-22", lendings=[lend(kept, 0, 10, source="bank")], counted=149_00)
    assert told(close_meeting, kept, said) == [("lendings.0.source", "above_the_fund")]
    close_meeting(kept, said, is_sure=True)
