"""Opening a book, posting a sheet, reversing it, closing a month."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction

from umeed.books.actions.clashes import keep_clash
from umeed.books.actions.finding import KEEP, book_to_keep
from umeed.books.bodies.facts import below_of, women_below
from umeed.books.heads import BY_NUMBER
from umeed.books.ledger import writing
from umeed.books.ledger.balances import kept_woman
from umeed.books.ledger.before import Before, Lent, before
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.ledger.lowest import below_nothing
from umeed.books.ledger.others import books_of
from umeed.books.models import Book, Line, MonthLock, Sheet
from umeed.books.rules import sheets as rules
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import audited
from umeed.core.models import AuditChange
from umeed.core.plans import plans_kept
from umeed.core.scope import Scope
from umeed.institutions.models import Institution
from umeed.kernel.money import Paise
from umeed.kernel.refusals import N_, Refusal

_NO_BOOK = N_("This book is not among those that you may keep.")
_NO_SHEET = N_("This sheet is not among those that you may correct.")
_OTHER_KIND = N_("Books are kept of self-help groups, VOs and CLFs.")
CONFLICT = N_("Another sheet was already posted under this id. Nothing of this one was written.")
_ELSE = N_("Something else was written from this page already. Nothing of this was written: open the page again.")
_REVERSED = N_("This sheet was already reversed.")
_NO_REASON = N_("Say why it is reversed.")
_BEFORE_FORMING = N_("The book cannot begin before the group was formed on %(day)s.")
_NOT_OVER = N_("This month is not over yet.")


# Lines that cannot be added up, or hold more than the database could.
_UNREADABLE = {"no_head", "part_of_a_paisa", "too_large", "too_many_lines"}
TAKEN = "23505"
# What a body has with another, or pays it: loans have their twin.
BETWEEN = frozenset({
    "saving_with_vo", "saving_with_clf", "share_with_vo", "share_with_clf", "saving_of_body", "share_of_body",
    "fee_to_body", "fee_of_body",
})  # fmt: skip


class Conflict(Refused):
    """The same id with other content: nothing is written, and what is there is not taken for what was sent."""


_Row = TypeVar("_Row", bound=models.Model)
OF_A_SHEET, OF_A_PAGE = Refusal("uid", "conflict", CONFLICT), Refusal(None, "conflict", _ELSE)


def same_or_conflict(stands: object, said: object, reason: Refusal = OF_A_SHEET) -> None:
    """What stands under an id is what is said under it now, or it is a Conflict. Asked before any rule: what was done
    may not be done twice."""
    if stands != said:
        raise Conflict([reason])


def same_row(row: _Row, **said: object) -> _Row:
    """The record that a page made when it was sent before, each of its columns as is said now, or a Conflict."""
    same_or_conflict({name: getattr(row, name) for name in said}, said, OF_A_PAGE)
    return row


def why_written(sheet: int) -> str | None:
    """The reason for which a sheet was written."""
    told = AuditChange.objects.filter(table="books_sheet", kind=AuditChange.CREATED, subject_id=str(sheet))
    return told.order_by("entry__seq").values_list("entry__why", flat=True).first()


@dataclass(frozen=True, slots=True)
class Posted:
    """The id of a sheet in its book; `is_new` is False for one that was there."""

    sheet: int
    is_new: bool


def open_book(*, by: Scope, institution: Institution | UUID, on: datetime.date) -> Book:
    """Begin the book of a group, VO or CLF on a day; the same call again answers the same book."""
    pk = institution.pk if isinstance(institution, Institution) else institution
    found = Institution.objects.filter(pk=pk).seen_by(by, KEEP).first()
    if found is None:
        raise Refused([Refusal("institution", "not_found", _NO_BOOK)])
    if (known := Book.objects.filter(institution=found).first()) is not None:
        return known
    reasons = [] if found.kind in ("shg", "vo", "clf") else [Refusal("institution", "other_kind", _OTHER_KIND)]
    if on < found.formed_on:
        reasons.append(Refusal("on", "before_forming", _BEFORE_FORMING, {"day": found.formed_on}))
    refuse_if([*reasons, *rules.why_not_on(on, today=by.today, since=found.formed_on, locked=())])
    with audited(by=by, did="open_book") as trail:
        book = Book(institution=found, opened_on=on)
        book.save()
        trail.created(book)
        trail.at_place(found.place_id)
    return book


@plans_kept()
def post_sheet(*, by: Scope, book: Book | int, draft: Draft) -> Posted:
    """Post a sheet whole, once. The same again is known; the same id with other content is a Conflict, and what came is
    kept as a clash until a person settles it."""
    try:
        with transaction.atomic():
            kept = book_to_keep(by, book)
            said = before(kept.pk, draft)
            if (known := _known(draft, said)) is not None:
                return known
            refuse_if(why_not_post(by, kept, draft, said))
            return Posted(_write(by, kept, draft, did="post_sheet"), is_new=True)
    except Conflict:
        keep_clash(by=by, book=book, uid=draft.uid, digest=draft.digest, said=draft.as_json())
        raise


def why_not_post(by: Scope, book: Book, draft: Draft, said: Before) -> list[Refusal]:
    """Every reason against a sheet. One question, and one more when something falls or another body is named."""
    reasons = rules.why_not_lines(draft.entries, book.institution.kind)
    is_read = not any(one.code in _UNREADABLE for one in reasons)
    reasons += rules.why_not_on(draft.on, today=by.today, since=book.opened_on, locked=_locked_months(draft, said))
    reasons += _strangers(book, draft, said) + _foreign_loans(draft, said)
    if is_read:
        reasons += _in_both_books(draft) + below_nothing(book.pk, draft.on, draft.entries)
    return reasons


def reverse_sheet(
    *, by: Scope, sheet: Sheet | int, uid: UUID, why: str, on: datetime.date | None = None, is_part: bool = False
) -> Posted:
    """Post the exact mirror of a sheet, once and with a reason, on a day of an open month (today unless given).

    Nothing may fall below nothing by it. As part of a correction, whose new sheet follows, that is not asked here.
    """
    with transaction.atomic():
        pk = sheet.pk if isinstance(sheet, Sheet) else sheet
        found = Sheet.objects.filter(pk=pk).first()
        if found is None:
            raise Refused([Refusal("sheet", "not_found", _NO_SHEET)])
        book = book_to_keep(by, found.book_id)
        mirror = Draft(uid, on or by.today, Sheet.Kind.REVERSAL, mirror_of(found))
        said = before(book.pk, mirror)
        if (known := _known(mirror, said)) is not None:
            return known
        reasons = rules.why_not_on(mirror.on, today=by.today, since=found.on_date, locked=_locked_months(mirror, said))
        if not why.strip():
            reasons.append(Refusal("why", "no_reason", _NO_REASON))
        if Sheet.objects.filter(reverses=found).exists():
            reasons.append(Refusal("sheet", "reversed", _REVERSED))
        elif not is_part:
            reasons += below_nothing(book.pk, mirror.on, mirror.entries)
        refuse_if(reasons)
        return Posted(_write(by, book, mirror, did="reverse_sheet", why=why, reverses=found.pk), is_new=True)


def lock_month(*, by: Scope, book: Book | int, month: datetime.date) -> MonthLock:
    """Close the month of a day in a book, and all before it: nothing dated in them is posted any more.

    Closing twice closes once.
    """
    with transaction.atomic():
        kept = book_to_keep(by, book)
        number = rules.month_of(month)
        if (known := MonthLock.objects.closing(month).filter(book=kept).order_by("month").first()) is not None:
            return known
        if number >= rules.month_of(by.today):
            raise Refused([Refusal("month", "not_over", _NOT_OVER)])
        with audited(by=by, did="lock_month") as trail:
            lock = MonthLock(book=kept, month=number, locked_by=by.viewer)
            lock.save()
            trail.created(lock)
            trail.about(kept)
            trail.at_place(kept.institution.place_id)
        return lock


def _known(draft: Draft, said: Before) -> Posted | None:
    if said.sheet is None:
        return None
    same_or_conflict(said.digest, draft.digest)
    return Posted(said.sheet, is_new=False)


def _write(by: Scope, book: Book, draft: Draft, *, did: str, why: str = "", reverses: int | None = None) -> int:
    """The sheet and its audit entry in one transaction. The chain holds the digest; the lines stand in the ledger."""
    with audited(by=by, did=did, why=why, savepoint=False) as trail:
        try:
            sheet = writing.put_one(book.pk, draft, by=by.viewer, reverses=reverses)
        except IntegrityError as clash:
            # Only an id that another book took just now; what else the ledger refuses is no clash, and not told as one.
            if getattr(clash.__cause__, "sqlstate", "") != TAKEN:
                raise
            raise Conflict([OF_A_SHEET]) from clash
        told = {"book": book.pk, "on": draft.on.isoformat(), "lines": len(draft.entries), "sha256": draft.digest.hex()}
        trail.rows("created", "books_sheet", [(str(sheet), None, told)])
        trail.at_place(book.institution.place_id)
    return sheet


def mirror_of(sheet: Sheet) -> tuple[Entry, ...]:
    """The lines of a sheet with every amount turned round."""
    lines = sheet.lines.order_by("position").values_list("head", "amount_paise", "woman_id", "loan_id", "body_id")
    return tuple(_mirrored(lines))


def _mirrored(lines: Iterable[Sequence[object]]) -> Iterable[Entry]:
    for head, amount, woman, loan, body in lines:
        yield Entry(BY_NUMBER[head].key, Paise(-amount), woman, loan, body)  # type: ignore[index, operator, arg-type]


def _locked_months(draft: Draft, said: Before) -> list[datetime.date]:
    return [draft.on.replace(day=1)] if said.is_locked else []


def _strangers(book: Book, draft: Draft, said: Before) -> list[Refusal]:
    """Lines that name a woman who was not in the institution on that day. Of a VO or CLF, who belong to no group below
    and stand nowhere in its book: two questions, where it names any."""
    named = {entry.woman for entry in draft.entries if entry.woman} - said.members
    if named and book.institution.kind != "shg":
        named -= women_below(below_of(book, draft.on), draft.on).keys()
        named -= set(Line.objects.filter(sheet__book=book, woman__in=named).values_list("woman", flat=True))
    return [rules.not_a_member(at, draft.on) for at, entry in enumerate(draft.entries, 1) if entry.woman in named]


def _foreign_loans(draft: Draft, said: Before) -> list[Refusal]:
    """Lines whose loan belongs to another book or another woman, or moves in two books at once."""
    reasons = []
    for at, entry in enumerate(draft.entries, 1):
        if entry.loan and not _is_hers(entry, said.loans):
            reasons.append(rules.not_her_loan(at))
        elif entry.loan and said.loans[entry.loan].is_shared and draft.kind != Sheet.Kind.CUT_OFF:
            reasons.append(rules.not_alone(at))
    return reasons


def _in_both_books(draft: Draft) -> list[Refusal]:
    """Lines of what another body has with this one, when that body keeps a book here too. One question."""
    if draft.kind == Sheet.Kind.CUT_OFF:
        return []
    between = [(at, entry.body) for at, entry in enumerate(draft.entries, 1) if entry.body and entry.head in BETWEEN]
    keeping = books_of({body for _at, body in between if body}, on=draft.on) if between else {}
    return [rules.not_alone(at) for at, body in between if body in keeping]


def _is_hers(entry: Entry, loans: Mapping[int, Lent]) -> bool:
    if entry.loan not in loans:
        return False
    of = loans[entry.loan]
    if entry.body not in (None, of.body):
        return False
    return entry.woman in (None, of.woman) or kept_woman(entry.woman) == kept_woman(of.woman)
