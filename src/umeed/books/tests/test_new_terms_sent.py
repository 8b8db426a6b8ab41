"""New terms of a loan as they are sent: twice, with other content, with a rate or number that people write."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from umeed.books.actions import Conflict
from umeed.books.actions.loans import agree_anew, let_interest_go
from umeed.books.models import Agreement, Loan
from umeed.books.pages.bylaws import RateField
from umeed.books.pages.taken import YearRateField
from umeed.books.pages.writing.lending import _rate
from umeed.books.pages.writing.typed import Typed, rate_as_typed
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.test_agreed_anew import TERMS
from umeed.books.tests.test_interest_let_go import lent_flat
from umeed.books.tests.writing import Keeper, fields_of, lend, text_of
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id

OTHERWISE: list[dict[str, Any]] = [
    {"rate_bp_a_year": 1_500}, {"method": "flat"}, {"frequency": "quarterly"}, {"instalments": 1_000},
    {"first_due": day("2024-07-09")}, {"since": day("2024-06-21")}, {"resolution": "15"}, {"approved": "The VO"},
]  # fmt: skip


@pytest.fixture
def loan(kept: Kept, keeper: Keeper) -> Loan:
    return lend(kept, keeper)


@pytest.mark.parametrize("other", OTHERWISE, ids=lambda other: next(iter(other)))
def test_terms_of_one_id_are_the_same_or_a_conflict(kept: Kept, loan: Loan, other: dict[str, Any]) -> None:
    said = {**TERMS, "id": new_id(), "since": day("2024-06-20"), "loan": loan.uid}
    first = agree_anew(by=us(), book=kept.book, **said)
    assert agree_anew(by=us(), book=kept.book, **said) == first
    with pytest.raises(Conflict):
        agree_anew(by=us(), book=kept.book, **{**said, **other})
    assert Agreement.objects.filter(loan=loan).count() == 2


def test_interest_that_was_let_go_is_the_same_or_a_conflict(kept: Kept, keeper: Keeper) -> None:
    loan = lent_flat(kept, keeper, repaid_on="2024-05-08")
    said = {"id": new_id(), "loan": loan.uid, "since": day("2024-06-20"), "resolution": "14"}
    first = let_interest_go(by=us(), book=kept.book, **said)
    assert let_interest_go(by=us(), book=kept.book, **said) == first
    for other in ({"since": day("2024-06-21")}, {"resolution": "15"}, {"loan": new_id()}):
        with pytest.raises(Conflict):
            let_interest_go(by=us(), book=kept.book, **{**said, **other})


def test_the_page_says_saved_of_what_stands_alone(kept: Kept, keeper: Keeper, loan: Loan) -> None:
    url = keeper.url("loan_anew", loan.uid)
    sent = {
        **fields_of(keeper.client.get(url)), "since": "20-6-2024", "first_due": "20-7-2024", "resolution": "14",
        "instalments": "۱۲",
    }  # fmt: skip
    for _twice in range(2):
        assert keeper.client.post(url, sent).status_code == 302
    assert Agreement.objects.get(pk=sent["record_id"]).instalments == 12
    for other in ({"instalments": "0"}, {"instalments": "11"}, {"since": "1-9-2024", "first_due": "1-10-2024"}):
        answer = keeper.client.post(url, {**sent, **other})
        assert answer.status_code == 422 and "Nothing of this was written" in text_of(answer)
    assert Agreement.objects.get(pk=sent["record_id"]).instalments == 12


@pytest.mark.parametrize(
    ("written", "kept"), [("1.23", 1_476), ("1.5", 1_800), ("1.125", 1_350), ("0.8333", 1_000), ("1.234", None)]
)
def test_a_rate_is_kept_as_it_is_written_or_refused(written: str, kept: int | None) -> None:
    typed = Typed({"rate": written})
    if kept is None:
        with pytest.raises(ValidationError, match="at most two digits"):
            RateField().clean(written)
        assert (_rate(typed, "rate"), [one.code for one in typed.reasons]) == (0, ["too_fine"])
        return
    assert RateField().clean(written) == _rate(typed, "rate") == kept and not typed.reasons


def test_every_rate_that_a_page_fills_in_is_kept() -> None:
    for bp in range(9_601):
        assert (RateField().clean(rate_as_typed(bp)), YearRateField().clean(rate_as_typed(bp, 100))) == (bp, bp)
    with pytest.raises(ValidationError):
        YearRateField().clean("10.505")


@pytest.mark.parametrize("page", ["loan_anew", "loan_new", "bylaws_new"])
def test_numbers_are_written_in_any_digits(kept: Kept, keeper: Keeper, loan: Loan, page: str) -> None:
    """A number box of a browser stays empty when it is typed in with a keyboard of Urdu."""
    url = keeper.url(page, *([loan.uid] if page == "loan_anew" else []))
    opened = keeper.client.get(url)
    assert 'type="number"' not in opened.content.decode()
    answer = keeper.client.post(url, {**fields_of(opened), "instalments": "۳۰", "rate_bp_a_year": "x"})
    form = answer.context["form"]
    assert form.cleaned_data["instalments"] == 30 and "rate_bp_a_year" in form.errors
