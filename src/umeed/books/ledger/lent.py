"""What was lent before a book took a loan over: its cut-off says it, the book itself holds what was owed then."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from umeed.books.ledger.running import RunningLoan
from umeed.books.models import CutOff
from umeed.kernel.money import Paise


def lent_before(book: int, loans: Iterable[RunningLoan]) -> dict[UUID, Paise]:
    """{loan of the cut-off: what was lent}; of a cash credit its limit says more. One question, none when nothing was
    taken over."""
    taken = {one.loan.uid for one in loans if one.was_taken_over and not one.loan.is_cash_credit}
    if not taken:
        return {}
    said = CutOff.objects.filter(book=book).order_by("-version").values_list("said__loans", flat=True).first() or []
    return {loan: Paise(one["lent"]) for one in said if (loan := UUID(one["loan"])) in taken}
