"""A loan that a group, VO or CLF took: from a bank, from others, or from a VO or CLF that keeps no book here."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q, Sum

from umeed.books.actions.finding import book_to_keep
from umeed.books.actions.posting import OF_A_PAGE, post_sheet, reverse_sheet, same_or_conflict
from umeed.books.ledger.balances import own_money
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.ledger.others import above, books_of
from umeed.books.models import Agreement, Book, CutOff, Line, Loan, MonthLock, Sheet
from umeed.books.rules.carried import Carried
from umeed.books.rules.taken import TakenTerms, called, covered, why_not_take, why_not_undo
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.kernel.money import Paise
from umeed.kernel.refusals import N_, Refusal

_NOT_HERE = N_("This loan was not entered here, or was taken back already.")
_NO_REASON = N_("Say why.")


def take_loan(*, by: Scope, book: Book | int, loan: UUID, on: datetime.date, terms: TakenTerms) -> Loan:
    """Enter a loan that came into the box or the bank. Its dues stand in the next meeting. The same loan once."""
    with transaction.atomic():
        kept = book_to_keep(by, book)
        if (known := _known(kept, loan, on, terms)) is not None:
            return known
        refuse_if(reasons_to_take(by, kept, on, terms))
        with audited(by=by, did="take_loan") as trail:
            row = Loan(
                uid=loan, book=kept, way=Loan.Way.TAKEN, head=terms.head, body_id=terms.body, lent_on=on,
                lender=" ".join(terms.lender.split()), number=covered(terms.number),
                is_cash_credit=terms.is_cash_credit,
            )  # fmt: skip
            row.save()
            trail.created(row)
            agreed = Agreement(
                id=uuid5(loan, "agreement/1"), book=kept, loan=row, since=on, principal_paise=terms.paise,
                rate_bp_a_year=terms.rate_bp_a_year, method=terms.method, frequency=terms.frequency,
                instalments=terms.instalments, first_due=terms.first_due, multiple_paise=100, rounding_paise=100,
                halves="up", part_month=terms.part_month, carried=_carried(terms),
            )  # fmt: skip
            agreed.save(force_insert=True)
            trail.created(agreed)
            if terms.paise:
                post_sheet(by=by, book=kept, draft=_draft(row, on, terms))
            trail.at_place(kept.institution.place_id)
    return row


def _carried(terms: TakenTerms) -> dict[str, Any] | None:
    """Of a cash credit its limit stands where that of one that was taken over does."""
    return Carried(limit=terms.limit).plain if terms.is_cash_credit else None


def _draft(loan: Loan, on: datetime.date, terms: TakenTerms) -> Draft:
    lines = (Entry(terms.mode, terms.paise), Entry(terms.head, Paise(-terms.paise), loan=loan.pk))
    return Draft(sheet_of(loan.uid), on, Sheet.Kind.BANK, lines)


def sheet_of(loan: UUID) -> UUID:
    """The id of the sheet by which a loan came."""
    return uuid5(loan, "taken")


def reasons_to_take(by: Scope, book: Book, on: datetime.date, terms: TakenTerms) -> list[Refusal]:
    """Every reason and question."""
    return why_not_take(
        terms, on, today=by.today, since=book.opened_on, above=lenders_of(book, on),
        locked=MonthLock.objects.closing(on).filter(book=book).exists(), own=own_money(book.pk, on),
    )  # fmt: skip


def lenders_of(book: Book, on: datetime.date) -> dict[UUID, tuple[str, bool]]:
    """{VO or CLF above on a day: (kind, whether it keeps a book here)}."""
    found = above(book.institution_id, on)
    keeping = books_of(found, on)
    return {body: (kind, body in keeping) for body, (kind, _name) in found.items()}


def _known(book: Book, loan: UUID, on: datetime.date, terms: TakenTerms) -> Loan | None:
    row = Loan.objects.filter(uid=loan).first()
    if row is None:
        return None
    first = Agreement.objects.filter(loan=row).order_by("since").first()
    # Before the number had a place of its own it stood after the lender: both together say the same.
    stands = first and (
        row.book_id, row.head, row.body_id, called(row.lender, row.number), row.lent_on, first.principal_paise,
        first.rate_bp_a_year, first.method, first.part_month, first.frequency, first.instalments, first.first_due,
        first.carried,
    )  # fmt: skip
    same_or_conflict(stands, (
        book.pk, terms.head, terms.body, terms.called, on, terms.paise, terms.rate_bp_a_year, terms.method,
        terms.part_month, terms.frequency, terms.instalments, terms.first_due, _carried(terms),
    ), OF_A_PAGE)  # fmt: skip
    if terms.paise:
        came = Sheet.objects.filter(uid=sheet_of(loan)).values_list("digest", flat=True).first()
        same_or_conflict(came and bytes(came), _draft(row, on, terms).digest, OF_A_PAGE)
    return row


def undo_loan(*, by: Scope, book: Book | int, loan: UUID, why: str) -> None:
    """Take back the entry of a loan, with a reason: its sheet is reversed on its own day (today when that month is
    closed) and its terms go. Only while nothing was repaid on it. A cash credit of which nothing was drawn has no
    sheet: its terms go alone."""
    with transaction.atomic():
        kept = book_to_keep(by, book)
        row, sheet = entered(kept, loan)
        refuse_if([] if why.strip() else [Refusal("why", "no_reason", _NO_REASON)])
        agreed = Agreement.objects.filter(loan=row)
        refuse_if(why_not_undo(*_moved(kept, row, sheet, agreed.count())))
        with audited(by=by, did="undo_loan", why=why) as trail:
            if sheet is not None:
                is_locked = MonthLock.objects.closing(sheet.on_date).filter(book=kept).exists()
                on = by.today if is_locked else sheet.on_date
                reverse_sheet(by=by, sheet=sheet, uid=uuid5(loan, "taken back"), why=why, on=on)
            for terms in agreed:
                trail.removed(terms)
                terms.delete()
            trail.about(row)
            trail.at_place(kept.institution.place_id)


def _moved(book: Book, loan: Loan, came: Sheet | None, agreements: int) -> tuple[Paise, int, Paise]:
    """(what was repaid since it came, how often terms were agreed, what was drawn again), without what was reversed: of
    a cash credit both may be the same amount."""
    others = Line.objects.filter(book=book, loan=loan)
    others = others if came is None else others.exclude(sheet=came)
    if not loan.is_cash_credit:
        return Paise(int(others.aggregate(paise=Sum("amount_paise"))["paise"] or 0)), agreements, Paise(0)
    undone = Sheet.objects.filter(book=book, reverses__isnull=False)
    others = others.exclude(sheet__in=undone).exclude(sheet__in=undone.values("reverses"))
    sums = others.aggregate(
        repaid=Sum("amount_paise", filter=Q(amount_paise__gt=0)),
        drawn=Sum("amount_paise", filter=Q(amount_paise__lt=0)),
    )
    return Paise(int(sums["repaid"] or 0)), agreements, Paise(-int(sums["drawn"] or 0))


def entered(book: Book, loan: UUID) -> tuple[Loan, Sheet | None]:
    """A loan that was entered by `take_loan` and stands, with its sheet: none of a cash credit of which nothing was
    drawn then."""
    row = Loan.objects.filter(uid=loan, book=book, way=Loan.Way.TAKEN, twin__isnull=True).first()
    sheet = Sheet.objects.filter(uid=sheet_of(loan), book=book).first() if row is not None else None
    if row is not None and sheet is not None and not Sheet.objects.filter(reverses=sheet).exists():
        return row, sheet
    if row is not None and sheet is None and row.uid in entered_undrawn(book):
        return row, None
    raise Refused([Refusal("loan", "not_here", _NOT_HERE)])


def entered_undrawn(book: Book) -> set[UUID]:
    """Cash credits that were entered with nothing drawn; those that a cut-off brought are not among them. Two
    questions, one when there is none."""
    first = Agreement.objects.filter(book=book, principal_paise=0, loan__is_cash_credit=True, loan__way=Loan.Way.TAKEN)
    found = set(first.values_list("loan__uid", flat=True))
    if not found:
        return found
    said = CutOff.objects.filter(book=book).values_list("said__loans", flat=True)
    return found - {UUID(one["loan"]) for loans in said for one in loans or ()}
