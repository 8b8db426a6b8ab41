"""Which money loans are lent out of, and how much of it is not lent out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from umeed.books.ledger.running import RunningLoan
from umeed.books.models import Loan
from umeed.books.rules.sources import FUND_OF
from umeed.kernel.money import Paise


def sources(running: Iterable[RunningLoan], paise: Mapping[str, Paise]) -> dict[str, Paise]:
    """{source: what of it is not lent out}: the fund and what was borrowed of it, less what is out."""
    left = {source: -paise.get(head, 0) for source, head in FUND_OF.items()} | {"bank": 0}
    for one in running:
        if (source := source_of(one.loan)) in left:
            left[source] += one.owed if one.loan.way == "taken" else -one.owed
    return {source: Paise(sum_of) for source, sum_of in left.items()}


def source_of(loan: Loan) -> str:
    """The money that a loan was lent out of, or, of one that was taken, that it is."""
    return "bank" if loan.head == "loan_from_bank" else loan.source
