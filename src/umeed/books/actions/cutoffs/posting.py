"""Posting a cut-off, also in the place of one that it corrects."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import Max

from umeed.books.actions.clashes import keep_clash
from umeed.books.actions.cutoffs.finding import institution_to_keep
from umeed.books.actions.cutoffs.loans import drop_loans, write_loan
from umeed.books.actions.finding import KEEP
from umeed.books.actions.posting import TAKEN, Conflict, mirror_of, same_or_conflict
from umeed.books.actions.records import refuse_if_below
from umeed.books.cutoffs import facts as known
from umeed.books.cutoffs.documents import CutOffDocument, digest_of, read
from umeed.books.cutoffs.sums import entries_of, sides_of
from umeed.books.ledger import writing
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.ledger.others import above
from umeed.books.meetings.facts import bylaws_of
from umeed.books.meetings.since import resolved_since
from umeed.books.models import Agreement, Book, CutOff, OpenCutOff, Sheet
from umeed.books.rules.cutoffs import why_not_cut_off
from umeed.books.rules.sheets import MOST_LINES
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import Trail, audited, is_open, picture
from umeed.core.scope import Scope
from umeed.institutions.models import Institution
from umeed.kernel.refusals import N_, Refusal

_NO_TERMS = frozenset({"revision", "changed_at"})
_CONFLICT = N_("Another cut-off was already posted under this id. Nothing of this one was written.")
_TOO_MANY = N_("This is more than one sheet of the book can hold.")


@dataclass(frozen=True, slots=True)
class CutOffPosted:
    """The id of a cut-off in its book; `is_new` is False for one that was there."""

    cut_off: UUID
    book: int
    is_new: bool


def post_cut_off(
    *,
    by: Scope,
    group: UUID,
    said: Mapping[str, Any],
    is_sure: bool = False,
    replaces: UUID | None = None,
    why: str = "",
    capability: str = KEEP,
) -> CutOffPosted:
    """Post a cut-off: its sheet, its loans with their terms, its record; the book begins with it if there is none.

    Questions (warnings) refuse it until `is_sure`. The same document again is known; another one under its id is a
    Conflict. `replaces` corrects a cut-off: its sheet is reversed on its own day, what came after it stays.
    """
    document = read(said)
    if isinstance(document, list):
        raise Refused(document)
    try:
        with transaction.atomic():
            return _post(by, group, document, is_sure=is_sure, replaces=replaces, why=why, capability=capability)
    except Conflict:
        row = Book.objects.filter(institution=group).first()
        if row is not None and capability == KEEP:
            keep_clash(by=by, book=row, uid=document.id, digest=digest_of(document), said=plain_of(document))
        raise


def why_not_post_cut_off(
    *, by: Scope, group: Institution, document: CutOffDocument, replaces: UUID | None = None, why: str = ""
) -> list[Refusal]:
    """Every reason and question, before it is tried: for a page, or a file's report."""
    book = Book.objects.filter(institution=group).first()
    facts = known.facts_of(group, book, document, today=by.today, corrects=replaces, why=why)
    reasons = why_not_cut_off(document, facts, sides_of(document, facts.bodies))
    if sum(map(len, (document.savings, document.kept, document.loans, document.held))) > MOST_LINES - 20:
        reasons.append(Refusal(None, "too_many_lines", _TOO_MANY))
    return reasons


def _post(
    by: Scope, group: UUID, document: CutOffDocument, *, is_sure: bool, replaces: UUID | None, why: str, capability: str
) -> CutOffPosted:
    found = institution_to_keep(by, group, capability)
    if (there := _known(document)) is not None:
        return there
    reasons = why_not_post_cut_off(by=by, group=found, document=document, replaces=replaces, why=why)
    refuse_if(reasons)
    if reasons and not is_sure:
        raise Refused(reasons)
    is_part = is_open()
    with audited(by=by, did="correct_cut_off" if replaces else "post_cut_off", why=why) as trail:
        book = _book(found, document.on, trail)
        old = known.standing_cut_off(book) if replaces else None
        then = _terms(book, old)
        moved = {} if old is None else {old.sheet.on_date: reverse_cut_off(by, book, old, trail)}
        try:
            with transaction.atomic():
                row, entries = _write(by, book, document, old, trail)
        except IntegrityError as clash:
            # Only an id that is there already; what else the database refuses is no clash, and not told as one.
            if getattr(clash.__cause__, "sqlstate", "") != TAKEN:
                raise
            raise Conflict([Refusal("id", "conflict", _CONFLICT)]) from clash
        if old is not None:
            now = _terms(book, old)
            others = [loan for loan, terms in then.items() if now.get(loan, terms) != terms]
            refuse_if(resolved_since(book, others, old.sheet.on_date, by.today))
            refuse_if_below(book, {**moved, document.on: (*moved.get(document.on, ()), *entries)}, by.today)
        OpenCutOff.objects.filter(institution=found, pk=document.id).delete()
        # Within a load, the load is what it is all about.
        if not is_part:
            trail.subject = ("books_cutoff", str(row.pk))
            trail.at_place(found.place_id)
    return CutOffPosted(row.pk, book.pk, is_new=True)


def _terms(book: Book, old: CutOff | None) -> dict[int, dict[str, Any]]:
    """{loan: its first terms} of those that a cut-off brought."""
    said = [one["loan"] for one in old.said.get("loans", ())] if old is not None else []
    rows = Agreement.objects.filter(book=book, loan__uid__in=said).order_by("loan", "-since")
    written = {row.loan_id: picture(row) for row in rows}
    return {loan: {key: value for key, value in one.items() if key not in _NO_TERMS} for loan, one in written.items()}


def _known(document: CutOffDocument) -> CutOffPosted | None:
    row = CutOff.objects.filter(pk=document.id).first()
    if row is None:
        return None
    was = read(row.said)
    stands = was if isinstance(was, list) else digest_of(was)
    same_or_conflict(stands, digest_of(document), Refusal("id", "conflict", _CONFLICT))
    return CutOffPosted(row.pk, row.book_id, is_new=False)


def _book(group: Institution, on: datetime.date, trail: Trail) -> Book:
    """Its book, which begins with the cut-off at the latest."""
    book = Book.objects.filter(institution=group).first()
    if book is None:
        book = Book(institution=group, opened_on=on)
        book.save()
        trail.created(book)
    elif book.opened_on > on:
        before = picture(book)
        book.opened_on = on
        book.save()
        trail.changed(book, before)
    return book


def reverse_cut_off(by: Scope, book: Book, old: CutOff, trail: Trail) -> tuple[Entry, ...]:
    """Reverse the sheet of a cut-off on its own day, so that no day was ever without or with both; its lines."""
    mirror = Draft(uuid5(old.pk, "reversal"), old.sheet.on_date, Sheet.Kind.REVERSAL, mirror_of(old.sheet))
    sheet = writing.put_one(book.pk, mirror, by=by.viewer, reverses=old.sheet_id)
    told = {"book": book.pk, "on": mirror.on.isoformat(), "reverses": old.sheet_id, "sha256": mirror.digest.hex()}
    trail.rows("created", "books_sheet", [(str(sheet), None, told)])
    return mirror.entries


def _write(
    by: Scope, book: Book, document: CutOffDocument, old: CutOff | None, trail: Trail
) -> tuple[CutOff, tuple[Entry, ...]]:
    """The cut-off and its lines."""
    bodies = {body: kind for body, (kind, _name) in above(book.institution_id, document.on).items()}
    if old is not None:
        drop_loans(book, old, keep={loan.loan for loan in document.loans}, trail=trail)
    bylaws = bylaws_of(book, document.on)
    numbers = {loan.loan: write_loan(book, document.on, loan, bylaws, trail) for loan in document.loans}
    entries = tuple(entries_of(document, numbers, bodies))
    draft = Draft(document.id, document.on, Sheet.Kind.CUT_OFF, entries)
    sheet = writing.put_one(book.pk, draft, by=by.viewer)
    row = CutOff(
        id=document.id, book=book, version=_next_version(book), sheet_id=sheet, said=plain_of(document),
        meetings_before=document.meetings_held,
    )  # fmt: skip
    row.save(force_insert=True)
    told = {"book": book.pk, "on": document.on.isoformat(), "version": row.version, "sha256": draft.digest.hex()}
    trail.rows("created", "books_cutoff", [(str(row.pk), None, told)])
    return row, entries


def _next_version(book: Book) -> int:
    return (CutOff.objects.filter(book=book).aggregate(last=Max("version"))["last"] or 0) + 1


def plain_of(document: CutOffDocument) -> dict[str, Any]:
    """The document as it is kept."""
    return document.model_dump(mode="json", exclude_defaults=True)
