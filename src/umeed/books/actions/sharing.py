"""Sharing out what a group has earned, to its women."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Sum

from umeed.books.actions.finding import book_to_keep
from umeed.books.actions.posting import OF_A_PAGE, Posted, post_sheet, reverse_sheet, same_or_conflict, why_not_post
from umeed.books.heads import BY_KEY, CHART
from umeed.books.ledger.balances import balances
from umeed.books.ledger.before import before
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.ledger.least import least_sum
from umeed.books.ledger.running import running_loans
from umeed.books.meetings.documents import Mode
from umeed.books.meetings.facts import saved_by
from umeed.books.models import Book, Line, MonthLock, Sheet
from umeed.books.rules.sharing import Basis, Lent, Part, asked_of, explained, why_not_share
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise
from umeed.kernel.refusals import N_, Refusal

_NOT_HERE = N_("This share-out does not stand in the book.")
_NO_REASON = N_("Say why.")
HEAD = BY_KEY["share_out"].number
_FLOWS = frozenset({"share_out", *(head.key for head in CHART if head.side == "income")})


@dataclass(frozen=True, slots=True)
class SharePlan:
    """What a share-out would come to: what was earned and not shared yet, each woman's part and how it came to be, why
    it cannot be, and what is asked about it."""

    surplus: Paise
    told: Mapping[UUID, Part]
    reasons: list[Refusal]
    asks: list[Refusal] = field(default_factory=list)

    @property
    def parts(self) -> dict[UUID, Paise]:
        """{woman: what she gets}, those who get nothing left out."""
        return {woman: part.paise for woman, part in self.told.items() if part.paise}


def plan_share_out(book: Book, *, on: datetime.date, paise: Paise, basis: Basis, unit: int = 1) -> SharePlan:
    """What it would come to, woman by woman in the order of their names. Writes nothing."""
    saved, surplus = saved_by(book, on), surplus_of(book, on)
    reasons = why_not_share(paise, surplus, saved, basis, unit)
    held = balances(book.pk, on)
    left = Paise(held.get("cash", 0) + held.get("bank", 0) - paise)
    told = {} if reasons else explained(paise, saved, basis, unit)
    return SharePlan(surplus, told, reasons, asked_of(lent_on(book, on), left))


def why_not_share_out(by: Scope, book: Book, plan: SharePlan, on: datetime.date, mode: Mode) -> list[Refusal]:
    """Reasons against it, those of the sheet too: its day, its month, what the box or the bank holds."""
    if plan.reasons:
        return plan.reasons
    draft = _draft(new_id(), on, plan, mode)
    return why_not_post(by, book, draft, before(book.pk, draft))


def _draft(uid: UUID, on: datetime.date, plan: SharePlan, mode: Mode) -> Draft:
    lines = [Entry("share_out", part, woman=woman) for woman, part in plan.parts.items()]
    return Draft(uid, on, Sheet.Kind.ADJUSTMENT, (*lines, Entry(mode, Paise(-sum(plan.parts.values())))))


def surplus_of(book: Book, on: datetime.date) -> Paise:
    """What was earned until a day, less what was spent and shared out; with what there was before the book began. What
    was shared out later, beyond what was earned until then, is not there to be shared before."""
    sides, sums = {"income", "expense"}, balances(book.pk, on)
    earned = -sum(paise for key, paise in sums.items() if BY_KEY[key].side in sides or key == "surplus_before")
    flows = -sum(paise for key, paise in sums.items() if key in _FLOWS)
    return Paise(earned - flows + least_sum(book.pk, on, _FLOWS))


def lent_on(book: Book, on: datetime.date) -> Lent:
    """What runs and what is late on a day."""
    running = running_loans(book.pk, on)
    late = [one for one in running if one.days_late]
    here, there = (
        [one for one in late if one.loan.way == way] for way in ("given", "taken")
    )  # fmt: skip
    return Lent(
        owed=Paise(sum(one.owed for one in running if one.loan.way == "given")),
        late=Paise(sum(one.arrears.principal + one.arrears.interest for one in here)),
        late_women=len({one.loan.woman_id for one in here}),
        own_late=Paise(sum(one.arrears.principal + one.arrears.interest for one in there)),
    )  # fmt: skip


def share_out(
    *, by: Scope, book: Book | int, uid: UUID, on: datetime.date, paise: Paise, basis: Basis, mode: Mode = "cash",
    unit: int = 1, is_sure: bool = False,
) -> Posted:  # fmt: skip
    """Pay each woman her part, whole or not at all. The same again is known, also when savings have come since.
    Questions refuse it until somebody `is_sure`."""
    with transaction.atomic():
        kept = book_to_keep(by, book)
        if (known := _known(uid, kept, on, paise, mode)) is not None:
            return known
        plan = plan_share_out(kept, on=on, paise=paise, basis=basis, unit=unit)
        refuse_if(plan.reasons)
        if plan.asks and not is_sure:
            raise Refused(plan.asks)
        return post_sheet(by=by, book=kept, draft=_draft(uid, on, plan, mode))


def _known(uid: UUID, book: Book, on: datetime.date, paise: Paise, mode: Mode) -> Posted | None:
    """By which rule it was divided is not kept: by savings that came since, the same rule gives other parts."""
    row = Sheet.objects.filter(uid=uid).first()
    if row is None:
        return None
    moved = Line.objects.filter(sheet=row).values_list("head").annotate(paise=Sum("amount_paise"))
    said = {HEAD: paise, BY_KEY[mode].number: -paise}
    same_or_conflict((row.book_id, row.on_date, dict(moved)), (book.pk, on, said), OF_A_PAGE)
    return Posted(row.pk, is_new=False)


def undo_share_out(*, by: Scope, book: Book | int, sheet: int, why: str) -> Posted:
    """Take a share-out back with a reason: on its own day, or today when that month is closed. Twice is once."""
    with transaction.atomic():
        kept = book_to_keep(by, book)
        row = Sheet.objects.filter(pk=sheet, book=kept, kind=Sheet.Kind.ADJUSTMENT, lines__head=HEAD).first()
        if row is None:
            raise Refused([Refusal("sheet", "not_here", _NOT_HERE)])
        refuse_if([] if why.strip() else [Refusal("why", "no_reason", _NO_REASON)])
        is_locked = MonthLock.objects.closing(row.on_date).filter(book=kept).exists()
        on = by.today if is_locked else row.on_date
        with audited(by=by, did="undo_share_out", why=why) as trail:
            done = reverse_sheet(by=by, sheet=row, uid=uuid5(row.uid, "taken back"), why=why, on=on)
            trail.about(row)
            trail.at_place(kept.institution.place_id)
    return done
