"""A woman who leaves her group: what she has in its book and what she owes it must be settled first (M7)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from umeed.books.heads import SAVINGS
from umeed.books.ledger.balances import balances_of_a_woman
from umeed.books.models import Book
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_, Refusal

_SAVED = N_("She still has %(amount)s of savings in the book. Give it back to her in a meeting first.")
_OWES = N_("She still owes the group %(amount)s. It must be repaid in a meeting first.")
_FOR_EVER = datetime.date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a woman has saved and what she owes, in one book. Paise."""

    saved: Paise
    owes: Paise


def standing_of(book: int, woman: UUID, on: datetime.date = _FOR_EVER) -> Standing:
    """Whatever the book knows of her, until a day."""
    hers = balances_of_a_woman(book, woman, on)
    saved = -sum(hers.get(head.key, 0) for head in SAVINGS)
    return Standing(Paise(saved), Paise(hers.get("loan_to_member", 0)))


def why_not_leave(woman: UUID, institution: UUID, left_on: datetime.date) -> Iterable[Refusal]:
    """Asked by the room of institutions before a membership ends."""
    book = Book.objects.filter(institution=institution).values_list("pk", flat=True).first()
    if book is None:
        return
    hers = standing_of(book, woman)
    if hers.saved > 0:
        yield Refusal("left_on", "has_savings", _SAVED, {"amount": rupees(hers.saved)})
    if hers.owes > 0:
        yield Refusal("left_on", "owes", _OWES, {"amount": rupees(hers.owes)})
