"""Loans that two books name, each for itself, and that may be one: which of ours is most like which of theirs.

A cut-off in one book and one in the other both bring the loan between them; nothing links the two but what they say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from umeed.books.cutoffs.taking import carried_of
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.models import Book, Loan
from umeed.core.scope import Scope

KEEP = "books.keep"


@dataclass(frozen=True, slots=True)
class Pair:
    """A loan of ours and one of theirs. `is_likely` when neither is more like another one."""

    ours: RunningLoan
    theirs: RunningLoan
    is_likely: bool = False

    @property
    def differs(self) -> bool:
        """Whether the books say another amount is owed: a person says which is right."""
        return self.ours.owed != self.theirs.owed

    @property
    def terms_differ(self) -> bool:
        """Whether the books ask for other parts on other days, or count interest another way: they would not agree
        for long."""
        return asks_for(self.ours) != asks_for(self.theirs)

    @property
    def likeness(self) -> tuple[int, int]:
        """How many things both say alike; then how near the amounts lie."""
        one, two = self.ours, self.theirs
        alike = (
            3 * (one.owed == two.owed) + 2 * (one.loan.lent_on == two.loan.lent_on)
            + (one.agreement.rate_bp_a_year == two.agreement.rate_bp_a_year) + (one.loan.source == two.loan.source)
        )  # fmt: skip
        return alike, -abs(one.owed - two.owed)


def asks_for(one: RunningLoan) -> tuple[object, ...]:
    """What a book asks for from now on: what is overdue by day, what falls due later, how interest is counted."""
    agreed, left = one.agreement, carried_of(one)
    return (
        agreed.rate_bp_a_year, agreed.method, one.part_month, agreed.frequency, agreed.rounding_paise, agreed.halves,
        left.overdue, left.plan, left.ahead,
    )  # fmt: skip


def pairs_of(ours: Iterable[RunningLoan], theirs: Iterable[RunningLoan]) -> list[Pair]:
    """Every loan that one book gave beside every one that the other took, none of them linked, the likeliest first."""
    mirror = list(theirs)
    found = [
        Pair(one, two) for one in ours for two in mirror
        if one.loan.way != two.loan.way and one.loan.twin_id is None and two.loan.twin_id is None
    ]  # fmt: skip
    found.sort(key=lambda pair: pair.likeness, reverse=True)
    taken: set[int] = set()
    told = []
    for pair in found:
        both = {pair.ours.loan.pk, pair.theirs.loan.pk}
        told.append(Pair(pair.ours, pair.theirs, is_likely=not both & taken))
        taken |= both if not both & taken else set()
    return told


def unlinked_with(scope: Scope, book: Book) -> dict[UUID, str]:
    """{other body: its name} of those whose book the viewer keeps too, and whose loan with this one is not linked."""
    rows = Loan.objects.filter(book=book, twin=None, body__isnull=False)
    ours = set(rows.values_list("body", flat=True))
    books = dict(
        Book.objects.filter(institution__in=ours).seen_by(scope, KEEP).values_list("pk", "institution")
    )  # fmt: skip
    theirs = Loan.objects.filter(book__in=books, body=book.institution_id, twin=None)
    mirror = {books[pk] for pk in theirs.values_list("book", flat=True)}
    if not mirror:
        return {}
    running = running_loans(book.pk, scope.today)
    return {
        one.loan.body_id: one.loan.body.name
        for one in running
        if one.loan.twin_id is None and one.loan.body_id in mirror and one.loan.body is not None
    }
