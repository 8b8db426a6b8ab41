"""Whose cut-off it is."""

from __future__ import annotations

from uuid import UUID

from umeed.books.actions.records import CLOSED_MONTH
from umeed.books.cutoffs.documents import GIVEN
from umeed.books.models import Book, CutOff, MonthLock
from umeed.core.actions import Refused
from umeed.core.scope import Scope
from umeed.institutions.models import Institution
from umeed.kernel.refusals import N_, Refusal

_NO_GROUP = N_("This institution is not among those whose books you may keep.")
_OTHER_KIND = N_("A cut-off is written for a self-help group, a VO or a CLF.")


def institution_to_keep(by: Scope, institution: UUID, capability: str) -> Institution:
    """A group, VO or CLF in scope, locked, so that two cut-offs of one are posted one after the other."""
    rows = Institution.objects.filter(pk=institution)
    if not rows.seen_by(by, capability).exists():
        raise Refused([Refusal("group", "not_found", _NO_GROUP)])
    found = rows.select_for_update(of=("self",), no_key=True).get()
    if found.kind not in GIVEN:
        raise Refused([Refusal("group", "other_kind", _OTHER_KIND)])
    Book.objects.filter(institution=found).select_for_update().first()
    return found


def why_not_correct(row: CutOff) -> list[Refusal]:
    """Why it stays as it was written, and is put right by what it differs."""
    on = row.sheet.on_date
    is_closed = MonthLock.objects.closing(on).filter(book=row.book_id).exists()
    return [Refusal(None, "month_closed", CLOSED_MONTH, {"day": on})] if is_closed else []
