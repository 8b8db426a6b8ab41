"""What Python reads of a real book comes out in JavaScript from the same rows: a loan with its terms, a cash credit."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from umeed.books.ledger.credits import credits_from, least_left
from umeed.books.ledger.moved import moves_of
from umeed.books.ledger.running import DAYS_BETWEEN, running_loans
from umeed.books.models import Agreement, CreditLimit, Loan
from umeed.books.tests.conftest import Kept, keep
from umeed.books.tests.making import day, entry, post, sheet
from umeed.books.tests.test_cash_credit import CREDIT
from umeed.books.tests.test_credit_limits import drawn_on, say
from umeed.books.tests.test_taken import TERMS, take
from umeed.core.viewer import as_system
from umeed.field.tests.javascript import JavaScript, plain
from umeed.field.tests.loans import answers, told
from umeed.institutions.tests.making import make_group
from umeed.places.tests import world

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("javascript")]

LATER = day("2099-01-01")
COLUMNS = (
    "since", "principal_paise", "rate_bp_a_year", "method", "frequency", "instalments", "first_due", "multiple_paise",
    "rounding_paise", "halves", "part_month", "overdue_principal_paise", "overdue_interest_paise", "overdue_since",
    "run_paise", "resolution", "carried",
)  # fmt: skip


@pytest.fixture
def kept(db: None) -> Kept:
    return keep(make_group(world.valley().chinar, members=5))


def rows_of(loan: Loan) -> dict[str, Any]:
    """As the parts of a group have them; limits in the order in which they were said."""
    of = {name: getattr(loan, name) for name in ("way", "head", "lent_on", "is_cash_credit")}
    limits = CreditLimit.objects.filter(loan=loan).order_by("since", "changed_at", "pk")
    return plain({
        "loan": of | {"woman": loan.woman_id},
        "agreements": list(Agreement.objects.filter(loan=loan).values(*COLUMNS)),
        "limits": list(limits.values_list("since", "limit_paise")), "moves": moves_of(loan.book_id, LATER)[loan.pk],
    })  # fmt: skip


def running(js: JavaScript, loan: Loan, on: datetime.date) -> list[Any]:
    """By JavaScript and by Python."""
    book = loan.book
    case = rows_of(loan) | {"on": plain(on), "meetsEvery": DAYS_BETWEEN.get(book.institution.meeting_frequency, 7)}
    case["limits"] = js.call("rules/credits.js", "limitsOf", case["limits"])
    (one,) = running_loans(book.pk, on, loans=[loan.pk], with_closed=True)
    return [*answers(js, "running", [[case]]), told(one)]


def test_a_loan_of_a_bank_on_days_of_its_life(js: JavaScript, kept: Kept) -> None:
    loan = take(kept, TERMS)
    about = {"loan": loan.pk}
    post(kept.book, sheet(entry("loan_from_bank", 3_000, **about), entry("bank", -3_000), on="2024-06-12"))
    post(kept.book, sheet(entry("interest_to_bank", 400, **about), entry("bank", -400), on="2024-06-12"))
    with as_system():
        for on in ("2024-04-10", "2024-06-11", "2024-06-12", "2024-12-31"):
            by_javascript, by_python = running(js, loan, day(on))
            assert by_javascript == by_python and by_python["owed"] > 0


def test_a_cash_credit_from_a_day_on(js: JavaScript, kept: Kept) -> None:
    loan = take(kept, CREDIT)
    say(kept, loan, "2024-05-01", 1_50_000)
    say(kept, loan, "2024-07-01", 60_000)
    say(kept, loan, "2024-07-01", 70_000)
    drawn_on(kept, loan, "2024-06-10", 12_000)
    drawn_on(kept, loan, "2024-08-10", 1_000)
    post(kept.book, sheet(entry("loan_from_bank", 63_000, loan=loan.pk), entry("bank", -63_000), on="2024-09-01"))
    say(kept, loan, "2024-07-01", 75_000)
    with as_system():
        rows = rows_of(loan)
        rows["limits"] = js.call("rules/credits.js", "limitsOf", rows["limits"])
        for on in ("2024-04-10", "2024-05-31", "2024-07-01", "2024-08-09", "2024-12-31"):
            by_python = credits_from(kept.book.pk, day(on), [loan.pk])[loan.pk]
            by_javascript = js.call("rules/credits.js", "creditFrom", {**rows, "on": on})
            assert by_javascript == plain(by_python)
            assert js.call("rules/credits.js", "leastLeft", by_javascript) == plain(
                least_left(kept.book.pk, day(on), [loan])[loan.pk]
            )
            one, other = running(js, loan, day(on))
            assert one == other and one["limit"] is not None
    assert by_python.limit == 75_000_00, "of one day the limit holds that was said last"


def test_what_is_not_agreed_by_then_is_no_loan(js: JavaScript, kept: Kept) -> None:
    loan = take(kept, CREDIT)
    with as_system():
        assert js.call("rules/running.js", "runningLoan", {**rows_of(loan), "on": "2024-04-09"}) is None
        assert running_loans(kept.book.pk, day("2024-04-09"), loans=[loan.pk]) == []
