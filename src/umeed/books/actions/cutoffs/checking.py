"""After a cut-off was posted: checked by a second person, or taken back whole."""

from __future__ import annotations

import dataclasses
from uuid import UUID

from django.db import transaction

from umeed.books.actions.cutoffs.finding import institution_to_keep
from umeed.books.actions.cutoffs.loans import drop_loans
from umeed.books.actions.cutoffs.posting import reverse_cut_off
from umeed.books.actions.finding import KEEP
from umeed.books.cutoffs import facts as known
from umeed.books.ledger.lowest import below_nothing
from umeed.books.models import CutOff, MonthLock, Sheet
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import audited, is_open, picture
from umeed.core.scope import Scope
from umeed.institutions.models import Institution
from umeed.kernel.refusals import N_, Refusal

SEE = "books.see"
_NO_REASON = N_("Say why.")
_NOT_STANDING = N_("This cut-off was taken back or corrected already.")
_NOT_THERE = N_("There is no cut-off here that you may check.")
_OWN = N_("You wrote it yourself; somebody else checks it.")
_OWN_GROUP = N_("Somebody from outside checks it: whoever answers for the level above, or an officer.")
_CHECKED = N_("It was checked already.")
_LOCKED = N_("The month of %(day)s is closed in this book.")
_LINKED = N_("A loan of it stands in another body's book too.")
_REPAID = N_("Something moved on the loan of %(name)s since.")
_REPAID_OWN = N_("Something moved on a loan that was taken since.")


def take_back_cut_off(*, by: Scope, cut_off: UUID, why: str, capability: str = KEEP) -> None:
    """Take a cut-off back whole, with a reason: the book is as if it had not been, and another may be written."""
    with transaction.atomic():
        row = CutOff.objects.filter(pk=cut_off).select_related("book__institution", "sheet").first()
        if row is None:
            raise Refused([Refusal(None, "not_standing", _NOT_STANDING)])
        group = institution_to_keep(by, row.book.institution_id, capability)
        refuse_if([*why_not_take_back(row), *([] if why.strip() else [Refusal("why", "no_reason", _NO_REASON)])])
        is_part = is_open()
        with audited(by=by, did="take_back_cut_off", why=why) as trail:
            gone = reverse_cut_off(by, row.book, row, trail)
            drop_loans(row.book, row, keep=set(), trail=trail)
            refuse_if(below_nothing(row.book.pk, row.sheet.on_date, gone, posted=True))
            if not is_part:
                trail.at_place(group.place_id)


def why_not_take_back(row: CutOff) -> list[Refusal]:
    """Reasons that lie in what was done since."""
    if Sheet.objects.filter(reverses=row.sheet_id).exists():
        return [Refusal(None, "not_standing", _NOT_STANDING)]
    since = sorted(set(known.repaid_since(row.book, row).values()))
    reasons = [Refusal(None, "repaid_since", _REPAID if name else _REPAID_OWN, {"name": name}) for name in since]
    if known.linked_of(row.book, row):
        reasons.append(Refusal(None, "linked", _LINKED))
    if MonthLock.objects.closing(row.sheet.on_date).filter(book=row.book_id).exists():
        reasons.append(Refusal(None, "month_locked", _LOCKED, {"day": row.sheet.on_date}))
    return reasons


def check_cut_off(*, by: Scope, cut_off: UUID) -> None:
    """A second person has looked at it beside the papers of the group and found it right."""
    with audited(by=by, did="check_cut_off") as trail:
        row = CutOff.objects.filter(pk=cut_off).seen_by(by, SEE).select_related("book__institution", "sheet").first()
        refuse_if(why_not_check(by, row))
        assert row is not None
        before = picture(row)
        row.checked_by, row.checked_on = by.viewer, by.today
        row.save()
        trail.changed(row, before)
        trail.at_place(row.book.institution.place_id)


def why_not_check(by: Scope, row: CutOff | None) -> list[Refusal]:
    """Whoever wrote it does not check it, nor another bookkeeper of the same institution, unless it came in a file."""
    if row is None:
        return [Refusal(None, "not_there", _NOT_THERE)]
    if Sheet.objects.filter(reverses=row.sheet_id).exists():
        return [Refusal(None, "not_standing", _NOT_STANDING)]
    if row.checked_by:
        return [Refusal(None, "checked", _CHECKED)]
    reasons = [Refusal(None, "own", _OWN)] if row.sheet.recorded_by == by.viewer else []
    came_in_a_file = row.said.get("origin") in ("lokos", "workbook")
    if not came_in_a_file and not _reaches_from_outside(by, row.book.institution):
        reasons.append(Refusal(None, "own_group", _OWN_GROUP))
    return reasons


def _reaches_from_outside(by: Scope, group: Institution) -> bool:
    """Whether the person sees the book by another posting than one at the institution itself."""
    if by.is_system:
        return True
    outside = tuple(grant for grant in by.grants if grant.institution_id != group.pk)
    scope = dataclasses.replace(by, grants=outside, memory={})
    return bool(Institution.objects.filter(pk=group.pk).seen_by(scope, SEE).exists())
