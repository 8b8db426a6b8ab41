"""Sharing out what a group has earned, to its women."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from umeed.books.actions.finding import book_to_keep
from umeed.books.actions.posting import Posted, post_sheet
from umeed.books.heads import BY_KEY
from umeed.books.ledger.balances import balances
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.meetings.documents import Mode
from umeed.books.meetings.facts import members, savings_of_women
from umeed.books.models import Book, Line, Sheet
from umeed.books.rules.sharing import Basis, parts, why_not_share
from umeed.core.actions import refuse_if
from umeed.core.scope import Scope
from umeed.kernel.money import Paise
from umeed.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class SharePlan:
    """What a share-out would come to: what was earned and not shared yet, each woman's part, and why it cannot be."""

    surplus: Paise
    parts: Mapping[UUID, Paise]
    reasons: list[Refusal]


def plan_share_out(book: Book, *, on: datetime.date, paise: Paise, basis: Basis) -> SharePlan:
    """What it would come to, woman by woman in the order of their names. Writes nothing."""
    saved: dict[UUID, Paise] = {woman: Paise(0) for woman in members(book, on)}
    for (woman, _head), has in savings_of_women(book, on).items():
        if woman in saved:
            saved[woman] = Paise(saved[woman] + has)
    surplus = surplus_of(book, on)
    reasons = why_not_share(paise, surplus, saved, basis)
    return SharePlan(surplus, {} if reasons else parts(paise, saved, basis), reasons)


def surplus_of(book: Book, on: datetime.date) -> Paise:
    """What was earned until a day, less what was spent and shared out; with what there was before the book began."""
    sides = {"income", "expense"}
    sums = balances(book.pk, on).items()
    return Paise(-sum(paise for key, paise in sums if BY_KEY[key].side in sides or key == "surplus_before"))


def share_out(
    *, by: Scope, book: Book | int, uid: UUID, on: datetime.date, paise: Paise, basis: Basis, mode: Mode = "cash"
) -> Posted:
    """Pay each woman her part, whole or not at all. The same again is known, also when savings have come since."""
    with transaction.atomic():
        kept = book_to_keep(by, book)
        if (known := _known(uid, kept, on, paise)) is not None:
            return known
        plan = plan_share_out(kept, on=on, paise=paise, basis=basis)
        refuse_if(plan.reasons)
        lines = [Entry("share_out", part, woman=woman) for woman, part in plan.parts.items()]
        draft = Draft(uid, on, Sheet.Kind.ADJUSTMENT, (*lines, Entry(mode, Paise(-paise))))
        return post_sheet(by=by, book=kept, draft=draft)


def _known(uid: UUID, book: Book, on: datetime.date, paise: Paise) -> Posted | None:
    row = Sheet.objects.filter(uid=uid, book=book, on_date=on).first()
    if row is None:
        return None
    given = Line.objects.filter(sheet=row, head=BY_KEY["share_out"].number).values_list("amount_paise", flat=True)
    return Posted(row.pk, is_new=False) if sum(given) == paise else None
