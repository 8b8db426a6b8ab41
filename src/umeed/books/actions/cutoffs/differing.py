"""What was written wrong in a cut-off whose month is closed: put right in an open month, by what it differs.

The cut-off stays as it was posted. What the right amounts come to otherwise is what was earned before the book began,
more or less: the surplus makes it even, as in the cut-off itself.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Sum

from umeed.books.actions.cutoffs.finding import why_not_correct
from umeed.books.actions.putting_right import Differing, PuttingRight, as_differs
from umeed.books.actions.records import NOT_STANDING
from umeed.books.cutoffs.facts import standing_cut_off
from umeed.books.cutoffs.written import written_in
from umeed.books.heads import BY_KEY
from umeed.books.ledger.balances import balances
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.meetings.differences import MOST_TIMES, OF_CUT_OFF, uid_of
from umeed.books.meetings.written import Written
from umeed.books.models import Book, CutOff, Line, Sheet
from umeed.books.rules.cutoffs import much_surplus
from umeed.books.rules.differing import Since, why_not_put_right
from umeed.books.rules.limits import WATCHED
from umeed.core.actions import Refused
from umeed.core.scope import Scope
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_, Refusal

_LESS = N_("It would hold %(less)s less than nothing on %(day)s.")


class OfCutOff(PuttingRight):
    """A cut-off of a group, VO or CLF."""

    row: CutOff
    did = "put_right_cut_off"
    too_often = N_("It was put right %(most)s times already; more is not possible.")
    below = frozenset({"overdrawn", "bank", "fund"})

    def __init__(self, row: CutOff) -> None:
        super().__init__(row, row.sheet.on_date)

    def written(self, nth: int = MOST_TIMES) -> list[Written]:
        return written_in(self.row, nth)

    def stands(self) -> bool:
        row = standing_cut_off(self.row.book)
        return row is not None and row.pk == self.row.pk

    def is_still_open(self) -> bool:
        return not why_not_correct(self.row)

    def draft(self, nth: int, lines: Sequence[Differing], on: datetime.date) -> Draft:
        entries = [entry for _one, entry in lines]
        if apart := sum(entry.amount for entry in entries):
            entries.append(Entry("surplus_before", Paise(-apart)))
        return Draft(uid_of(self.row, nth), on, Sheet.Kind.ADJUSTMENT, tuple(entries))

    def why_not(self, book: Book, lines: Sequence[Differing], draft: Draft) -> list[Refusal]:
        sums = balances(book.pk, draft.on)
        since = Since(has=Paise(sums.get("cash", 0) + sums.get("bank", 0)))
        reasons = why_not_put_right([as_differs(one, entry) for one, entry in lines], since)
        apart = sum(entry.amount for _one, entry in lines)
        reasons += much_surplus(Paise(-sums.get("surplus_before", 0)), apart)
        return [*reasons, *_below(book, lines, draft.on)]

    def told(self, lines: Sequence[Differing]) -> dict[str, Any]:
        return {"of": OF_CUT_OFF}


def put_right_cut_off(
    *, by: Scope, cut_off: UUID, nth: int, right: Mapping[str, Paise], why: str, is_sure: bool = False
) -> int:  # fmt: skip
    """Put a cut-off that stands right: see `PuttingRight.put_right`."""
    row = CutOff.objects.filter(pk=cut_off).select_related("book__institution", "sheet").first()
    if row is None:
        raise Refused([Refusal(None, "not_standing", NOT_STANDING)])
    return OfCutOff(row).put_right(by=by, nth=nth, right=right, why=why, is_sure=is_sure)


def _below(book: Book, lines: Sequence[Differing], on: datetime.date) -> Iterator[Refusal]:
    """Of what is not watched on every day (deposits, what lies with those above): nothing may be less than nothing of
    it today. One question."""
    falling = [(one, entry) for one, entry in lines if one.head not in WATCHED and entry.amount < 0]
    if not falling:
        return
    heads = {BY_KEY[one.head].number for one, _entry in falling}
    rows = Line.objects.filter(sheet__book=book, sheet__on_date__lte=on, head__in=heads).values_list("head", "body")
    held = {(head, body): int(paise) for head, body, paise in rows.annotate(Sum("amount_paise"))}
    for one, entry in falling:
        left = held.get((BY_KEY[one.head].number, one.body), 0) + entry.amount
        if left < 0:
            yield Refusal(one.key, "below", _LESS, {"less": rupees(-left), "day": on})
