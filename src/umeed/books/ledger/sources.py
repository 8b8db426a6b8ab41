"""Which money a loan is lent out of."""

from __future__ import annotations

from umeed.books.models import Loan


def source_of(loan: Loan) -> str:
    """The money that a loan was lent out of, or, of one that was taken, that it is."""
    return "bank" if loan.head == "loan_from_bank" else loan.source
