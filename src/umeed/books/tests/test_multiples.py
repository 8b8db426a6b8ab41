"""Instalments in the multiples that the group's rules say: of loans of a cut-off, and of those agreed anew."""

from __future__ import annotations

from typing import Any

import pytest

from umeed.books.actions.loans import agree_anew
from umeed.books.ledger.running import running_loans
from umeed.books.ledger.terms import later_dues
from umeed.books.models import Agreement, Book, Bylaw, Loan
from umeed.books.rules.schedules import schedule
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import day
from umeed.books.tests.test_cutoff import ON, cut_off, group, loan, post, women_of
from umeed.books.tests.writing import Keeper, lend
from umeed.core.audit import audited
from umeed.core.viewer import as_system
from umeed.institutions.models import Institution
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id

__all__ = ["group"]
ANEW: dict[str, Any] = {
    "rate_bp_a_year": 2_400, "method": "balance", "frequency": "monthly", "instalments": 7, "resolution": "14",
    "since": day("2024-06-20"), "first_due": day("2024-07-20"),
}  # fmt: skip


def rule(book: Book, since: str, multiple: int) -> None:
    with audited(by=us(), did="set_bylaws"):
        Bylaw(
            id=new_id(), book=book, since=day(since), compulsory_paise=50_00, rate_bp_a_year=2_400, method="balance",
            frequency="monthly", multiple_paise=multiple,
        ).save(force_insert=True)  # fmt: skip


def parts(agreement: Agreement) -> list[int]:
    return [due.principal for due in later_dues(agreement)]


def test_what_is_agreed_anew_goes_by_the_rule_of_its_day(group: Institution) -> None:
    """24,000 in 7: by tens it is 3,430 six times and 3,420, never 3,428.57."""
    hers = loan(women_of(group)[0], outstanding=24_000_00, lent=30_000_00, instalments=12)
    post(group, cut_off(group, loans=[hers], bank=2_000_00))
    book = Book.objects.get()
    first = Agreement.objects.get()
    assert first.multiple_paise == 100, "the usual one, before the group has said its own"
    stands = parts(first)
    rule(book, "2024-06-01", 10_00)
    made = agree_anew(by=us(), book=book, loan=hers["loan"], id=new_id(), **ANEW)
    assert made.multiple_paise == 10_00 and parts(made) == [3_430_00] * 6 + [3_420_00]
    with as_system():
        asked = running_loans(book.pk, day("2024-07-20"))[0].arrears.principal
    assert asked == 3_430_00
    first.refresh_from_db()
    assert (first.multiple_paise, parts(first)) == (100, stands), "what stands is not rewritten"


@pytest.mark.parametrize(
    ("multiple", "asked"),
    [
        (10_00, [860_00] * 5 + [850_00] * 2),
        (100, [858_00] + [857_00] * 6),
        (1, [857_14] * 6 + [857_16]),
    ],
)
def test_a_loan_of_a_cut_off_goes_by_the_rule_of_its_day(group: Institution, multiple: int, asked: list[int]) -> None:
    """6,000 in 7."""
    post(group, cut_off(group))
    book = Book.objects.get()
    rule(book, ON, multiple)
    hers = loan(women_of(group)[0], instalments=7)
    corrects = book.cut_offs.get()
    post(group, cut_off(group, loans=[hers]), replaces=corrects.pk, why="In 7")
    agreement = Agreement.objects.get(loan__uid=hers["loan"])
    assert agreement.multiple_paise == multiple
    assert parts(agreement) == asked


def test_new_terms_round_as_the_schedule_says(kept: Kept, keeper: Keeper) -> None:
    lent: Loan = lend(kept, keeper)
    rule(kept.book, "2024-06-01", 50_00)
    made = agree_anew(by=us(), book=kept.book, loan=lent.uid, id=new_id(), **{**ANEW, "instalments": 3})
    assert [due.principal for due in schedule(made.terms_on(made.principal_paise))] == [1_00_00, 50_00, 50_00]
