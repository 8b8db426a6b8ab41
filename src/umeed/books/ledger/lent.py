"""What was lent, and when, where a book's own lines do not tell it: of a loan that it took over, and of one that stands
in two books, of which both say what the lender's says."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from umeed.books.ledger.running import RunningLoan
from umeed.books.models import Agreement, CutOff, Loan
from umeed.core.viewer import as_system
from umeed.kernel.money import Paise


@dataclass(frozen=True, slots=True)
class Lent:
    """`before` is what a cut-off says to have been lent, where one brought the loan and says it; `came_with` what was
    lent in the book, or owed when it was taken over."""

    on: datetime.date
    came_with: Paise
    is_taken_over: bool
    before: Paise | None = None

    @property
    def paise(self) -> Paise:
        return self.came_with if self.before is None else self.before


def lent_in(book: int, loans: Iterable[RunningLoan]) -> dict[UUID, Lent]:
    """{loan: what was lent} of those that were taken over or stand in two books; of a cash credit its limit says more.
    One question, none when nothing is; three more for those in two books."""
    asked = [one for one in loans if not one.loan.is_cash_credit and (one.was_taken_over or one.loan.twin_id)]
    said = _before([book]) if any(one.was_taken_over for one in asked) else {}
    ours = {
        one.loan.pk: Lent(one.loan.lent_on, one.came_with, one.was_taken_over, said.get(one.loan.uid))
        for one in asked
    }  # fmt: skip
    theirs = _other_side(one.loan.twin_id for one in asked if one.loan.twin_id)
    return {one.loan.uid: as_the_lender(one.loan, ours[one.loan.pk], theirs) for one in asked}


def lent_before(book: int, loans: Iterable[RunningLoan]) -> dict[UUID, Lent]:
    """{loan that was taken over: what was lent, and when}, where it is said."""
    taken = [one for one in loans if one.was_taken_over]
    return {uid: lent for uid, lent in lent_in(book, taken).items() if lent.before is not None}


def as_the_lender(loan: Loan, ours: Lent, theirs: Mapping[int, Lent]) -> Lent:
    """Who took the loan says what the lender says; a lender that only took it over and does not know, as the other."""
    other = theirs.get(loan.twin_id) if loan.twin_id else None
    if other is None:
        return ours
    lender, taker = (ours, other) if loan.way == Loan.Way.GIVEN else (other, ours)
    before = lender.before
    if before is None:
        before = taker.before if lender.is_taken_over else lender.came_with
    return Lent(lender.on, ours.came_with, ours.is_taken_over, before)


def _other_side(twins: Iterable[int]) -> dict[int, Lent]:
    """{loan in the other book: what that says}. It is this body's own loan, in whatever book it stands."""
    asked = list(twins)
    if not asked:
        return {}
    with as_system():
        rows = Agreement.objects.filter(loan__in=asked).select_related("loan").order_by("-since")
        first = {terms.loan_id: terms for terms in rows}
        taken = {pk for pk, terms in first.items() if terms.carried is not None and terms.loan.lent_on <= terms.since}
        said = _before({first[pk].book_id for pk in taken})
    return {
        pk: Lent(terms.loan.lent_on, Paise(terms.principal_paise), pk in taken, said.get(terms.loan.uid))
        for pk, terms in first.items()
    }  # fmt: skip


def _before(books: Iterable[int]) -> dict[UUID, Paise]:
    """{loan of a cut-off: what was lent}. One question."""
    asked = list(books)
    rows = CutOff.objects.filter(book__in=asked).order_by("book", "version") if asked else CutOff.objects.none()
    last = {book: loans or () for book, loans in rows.values_list("book", "said__loans")}
    return {UUID(one["loan"]): Paise(one["lent"]) for loans in last.values() for one in loans}
