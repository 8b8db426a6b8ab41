"""Before something that was resolved of a loan is taken back, its page says how the loan will stand; and so it does."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from umeed.books.actions import lock_month
from umeed.books.ledger.running import running_loans
from umeed.books.models import Loan
from umeed.books.registers.loans import standing
from umeed.books.templatetags.books_text import money
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.test_agreed_anew import anew
from umeed.books.tests.test_interest_let_go import lent_flat, let_go
from umeed.books.tests.test_written_off import before, now
from umeed.books.tests.writing import Keeper, fields_of, lend, text_of
from umeed.core.templatetags.umeed_text import day as written
from umeed.institutions.tests.making import us

Did = Callable[[Kept, Loan], Any]


def closed(kept: Kept, loan: Loan) -> None:
    """Written off in a month that was closed since."""
    now(kept, loan)
    lock_month(by=us(), book=kept.book, month=day("2024-06-30"))


def told_of(page: str) -> dict[str, str]:
    said = page[page.index("Afterwards the loan stands so:") :].partition("</dl>")[0]
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", said)
    return {name: re.sub(r"<[^>]*>", "", value) for name, value in found}


@pytest.mark.parametrize(
    ("did", "way"),
    [(now, "off"), (before, "off"), (closed, "off"), (anew, "anew")],
    ids=["written off", "written off before", "in a closed month", "agreed anew"],
)
def test_the_loan_stands_as_it_was_told(kept: Kept, keeper: Keeper, did: Did, way: str) -> None:
    loan = lend(kept, keeper)
    did(kept, loan)
    assert_it_stands_so(kept, keeper, loan, way)


def test_interest_that_is_asked_for_again(kept: Kept, keeper: Keeper) -> None:
    loan = lent_flat(kept, keeper, repaid_on="2024-05-10")
    let_go(kept, loan)
    assert_it_stands_so(kept, keeper, loan, "anew")


def assert_it_stands_so(kept: Kept, keeper: Keeper, loan: Loan, way: str) -> None:
    url = keeper.url(f"loan_{way}_undo", loan.uid)
    page = keeper.client.get(url)
    told = told_of(page.content.decode())
    assert keeper.client.post(url, {**fields_of(page), "why": "The wrong loan"}).status_code == 302
    one = running_loans(kept.book.pk, timezone.localdate(), with_closed=True)[0]
    now, then = one.due_now.whole, one.due_next
    assert told["Principal owed"] == money(one.owed) and (now or then)
    assert told.get("Due since") == (written(one.arrears.since) if now else None)
    assert told.get("To pay now") == (money(now) if now else None)
    assert told.get("Next due on") == (written(then.on) if then else None)
    assert told.get("To pay then") == (money(then.whole) if then else None)
    assert told["How it stands"] == standing(one) != "Repaid"
    assert ("Agreed interest to come" in told) == (not one.owed and one.to_come > 0)


def test_what_may_not_be_taken_back_is_not_told_as_if_it_were(kept: Kept, keeper: Keeper) -> None:
    loan = lend(kept, keeper)
    anew(kept, loan)
    lock_month(by=us(), book=kept.book, month=day("2024-06-30"))
    page = text_of(keeper.client.get(keeper.url("loan_anew_undo", loan.uid)))
    assert "month" in page and "Afterwards the loan stands so" not in page
