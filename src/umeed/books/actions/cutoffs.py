"""Writing a cut-off, posting it, having it checked by somebody else, correcting it, taking it back."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import Max

from umeed.books.actions.clashes import keep_clash
from umeed.books.actions.finding import KEEP
from umeed.books.actions.posting import Conflict, mirror_of
from umeed.books.cutoffs import facts as known
from umeed.books.cutoffs.documents import ABOVE, CutOffDocument, Running, digest_of, read
from umeed.books.cutoffs.sums import entries_of, sides_of
from umeed.books.ledger import writing
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.ledger.lowest import below_nothing
from umeed.books.ledger.others import above
from umeed.books.meetings.facts import bylaws_of
from umeed.books.models import Agreement, Book, CutOff, Loan, MonthLock, OpenCutOff, Sheet
from umeed.books.rules.bylaws import Bylaws
from umeed.books.rules.carried import plan_of
from umeed.books.rules.cutoffs import why_not_cut_off
from umeed.books.rules.rounding import TO_THE_PAISA, Rounding
from umeed.books.rules.schedules import Due, LoanTerms, month_later
from umeed.books.rules.sheets import MOST_LINES, month_of
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import Trail, audited, is_open, picture
from umeed.core.scope import Scope
from umeed.institutions.models import Institution
from umeed.kernel.money import Paise
from umeed.kernel.refusals import N_, Refusal

SEE, LOAD = "books.see", "books.load"
# The code of the reason that an older page gives.
CHANGED = "changed"

_NO_GROUP = N_("This group is not among those whose books you may keep.")
_OTHER_KIND = N_("A cut-off of this kind is written for a self-help group.")
_CONFLICT = N_("Another cut-off was already posted under this id. Nothing of this one was written.")
_CHANGED = N_("Somebody else has written in this cut-off since you opened the page. Look at it again.")
_GONE = N_("This cut-off is posted already, or was put away.")
_OTHER_OPEN = N_("Another cut-off of this group is being written. Post it or put it away first.")
_NO_REASON = N_("Say why.")
_NOT_STANDING = N_("This cut-off was taken back or corrected already.")
_NOT_THERE = N_("There is no cut-off here that you may check.")
_OWN = N_("You wrote it yourself; somebody else checks it.")
_OWN_GROUP = N_("Somebody from outside the group checks it: its VO, its CLF or an officer.")
_CHECKED = N_("It was checked already.")
_LOCKED = N_("The month of %(day)s is closed in this book.")
_REPAID = N_("%(name)s has repaid on her loan since.")
_REPAID_OWN = N_("The group has repaid on a loan of its own since.")
_TOO_MANY = N_("This is more than one sheet of the book can hold.")


@dataclass(frozen=True, slots=True)
class CutOffPosted:
    """The id of a cut-off in its book; `is_new` is False for one that was there."""

    cut_off: UUID
    book: int
    is_new: bool


# While it is written ------------------------------------------------------------------------------------------------


def begin_cut_off(
    *, by: Scope, group: UUID, id: UUID, typed: Mapping[str, Any], corrects: UUID | None = None
) -> OpenCutOff:
    """Begin to write a cut-off, or the correction of one. The same call again answers the same one."""
    with transaction.atomic():
        found = _group_to_keep(by, group, KEEP)
        row = OpenCutOff.objects.filter(institution=found).first()
        if row is not None:
            refuse_if([] if row.pk == id else [Refusal(None, "other_open", _OTHER_OPEN)])
            return row
        with audited(by=by, did="begin_cut_off") as trail:
            row = OpenCutOff(id=id, institution=found, typed=_plain(typed), corrects_id=corrects, begun_by=by.viewer)
            row.save(force_insert=True)
            trail.rows("created", "books_opencutoff", [(str(id), None, {"institution": str(found.pk)})])
            trail.at_place(found.place_id)
    return row


def keep_typed(*, by: Scope, cut_off: UUID, parts: Mapping[str, Any], revision: int) -> OpenCutOff:
    """Keep what was typed in some parts, also what cannot stand yet. `revision` refuses an older page."""
    with transaction.atomic():
        row = _open(by, cut_off)
        if row.revision != revision:
            raise Refused([Refusal("revision", CHANGED, _CHANGED)])
        with audited(by=by, did="write_cut_off") as trail:
            row.typed = {**row.typed, **_plain(parts)}
            row.revision += 1
            row.save()
            trail.rows("changed", "books_opencutoff", [(str(row.pk), None, {"parts": sorted(parts)})])
            trail.at_place(row.institution.place_id)
    return row


def put_away_cut_off(*, by: Scope, cut_off: UUID) -> None:
    """Give up a cut-off that is being written. What was typed stays in the chain of who did what."""
    with transaction.atomic():
        row = _open(by, cut_off)
        with audited(by=by, did="put_away_cut_off") as trail:
            trail.rows("removed", "books_opencutoff", [(str(row.pk), row.typed, None)])
            trail.at_place(row.institution.place_id)
            row.delete()


def _open(by: Scope, cut_off: UUID) -> OpenCutOff:
    row = OpenCutOff.objects.filter(pk=cut_off).seen_by(by, KEEP).first()
    if row is None:
        raise Refused([Refusal(None, "gone", _GONE)])
    rows = OpenCutOff.objects.select_related("institution").select_for_update(of=("self",))
    return rows.get(pk=row.pk)


# Posting ------------------------------------------------------------------------------------------------------------


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
            keep_clash(by=by, book=row, uid=document.id, digest=digest_of(document), said=_said(document))
        raise


def why_not_post_cut_off(
    *, by: Scope, group: Institution, document: CutOffDocument, replaces: UUID | None = None, why: str = ""
) -> list[Refusal]:
    """Every reason and question, before it is tried: for a page, or a file's report."""
    book = Book.objects.filter(institution=group).first()
    facts = known.facts_of(group, book, document, today=by.today, corrects=replaces, why=why)
    reasons = why_not_cut_off(document, facts, sides_of(document, facts.bodies))
    if len(document.savings) + len(document.loans) + len(document.held) > MOST_LINES - 20:
        reasons.append(Refusal(None, "too_many_lines", _TOO_MANY))
    return reasons


def _post(
    by: Scope, group: UUID, document: CutOffDocument, *, is_sure: bool, replaces: UUID | None, why: str, capability: str
) -> CutOffPosted:
    found = _group_to_keep(by, group, capability)
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
        gone = _reverse(by, book, old, trail) if old is not None else ()
        try:
            with transaction.atomic():
                row = _write(by, book, document, old, trail)
        except IntegrityError as clash:
            raise Conflict([Refusal("id", "conflict", _CONFLICT)]) from clash
        if old is not None:
            refuse_if(below_nothing(book.pk, old.sheet.on_date, gone, posted=True))
        OpenCutOff.objects.filter(institution=found, pk=document.id).delete()
        # Within a load, the load is what it is all about.
        if not is_part:
            trail.subject = ("books_cutoff", str(row.pk))
            trail.at_place(found.place_id)
    return CutOffPosted(row.pk, book.pk, is_new=True)


def _group_to_keep(by: Scope, group: UUID, capability: str) -> Institution:
    """A self-help group in scope, locked, so that two cut-offs of one group are posted one after the other."""
    rows = Institution.objects.filter(pk=group)
    if not rows.seen_by(by, capability).exists():
        raise Refused([Refusal("group", "not_found", _NO_GROUP)])
    found = rows.select_for_update(of=("self",)).get()
    if found.kind != "shg":
        raise Refused([Refusal("group", "other_kind", _OTHER_KIND)])
    Book.objects.filter(institution=found).select_for_update().first()
    return found


def _known(document: CutOffDocument) -> CutOffPosted | None:
    row = CutOff.objects.filter(pk=document.id).first()
    if row is None:
        return None
    was = read(row.said)
    if isinstance(was, list) or digest_of(was) != digest_of(document):
        raise Conflict([Refusal("id", "conflict", _CONFLICT)])
    return CutOffPosted(row.pk, row.book_id, is_new=False)


def _book(group: Institution, on: datetime.date, trail: Trail) -> Book:
    """The group's book, which begins with the cut-off at the latest."""
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


def _reverse(by: Scope, book: Book, old: CutOff, trail: Trail) -> tuple[Entry, ...]:
    """Reverse the sheet of a cut-off on its own day, so that no day was ever without or with both; its lines."""
    mirror = Draft(uuid5(old.pk, "reversal"), old.sheet.on_date, Sheet.Kind.REVERSAL, mirror_of(old.sheet))
    sheet = writing.put_one(book.pk, mirror, by=by.viewer, reverses=old.sheet_id)
    told = {"book": book.pk, "on": mirror.on.isoformat(), "reverses": old.sheet_id, "sha256": mirror.digest.hex()}
    trail.rows("created", "books_sheet", [(str(sheet), None, told)])
    return mirror.entries


def _write(by: Scope, book: Book, document: CutOffDocument, old: CutOff | None, trail: Trail) -> CutOff:
    bodies = {body: kind for body, (kind, _name) in above(book.institution_id, document.on).items()}
    if old is not None:
        _drop_loans(book, old, keep={loan.loan for loan in document.loans}, trail=trail)
    bylaws = bylaws_of(book, document.on)
    numbers = {loan.loan: _write_loan(book, document.on, loan, bylaws, trail) for loan in document.loans}
    draft = Draft(document.id, document.on, Sheet.Kind.CUT_OFF, tuple(entries_of(document, numbers, bodies)))
    sheet = writing.put_one(book.pk, draft, by=by.viewer)
    row = CutOff(
        id=document.id, book=book, version=_next_version(book), sheet_id=sheet, said=_said(document),
        meetings_before=document.meetings_held,
    )  # fmt: skip
    row.save(force_insert=True)
    told = {"book": book.pk, "on": document.on.isoformat(), "version": row.version, "sha256": draft.digest.hex()}
    trail.rows("created", "books_cutoff", [(str(row.pk), None, told)])
    return row


def _next_version(book: Book) -> int:
    return (CutOff.objects.filter(book=book).aggregate(last=Max("version"))["last"] or 0) + 1


def _write_loan(book: Book, on: datetime.date, said: Running, bylaws: Bylaws, trail: Trail) -> int:
    """The loan and its terms; one that the corrected cut-off had keeps its number, with what was paid on it since."""
    loan = Loan.objects.filter(uid=said.loan, book=book).first() or Loan(uid=said.loan, book=book)
    before = None if loan._state.adding else picture(loan)
    loan.way = Loan.Way.GIVEN if said.head == "loan_to_member" else Loan.Way.TAKEN
    loan.head, loan.woman_id, loan.lent_on = said.head, said.woman, said.lent_on
    loan.body_id = said.body if said.head in ABOVE else None
    loan.source, loan.purpose = said.source, said.purpose
    loan.lender, loan.is_cash_credit = said.lender, said.is_cash_credit
    loan.save()
    if before is None:
        trail.created(loan)
    else:
        trail.changed(loan, before)
    _write_terms(book, on, said, loan, bylaws, trail)
    return loan.pk


def _write_terms(book: Book, on: datetime.date, said: Running, loan: Loan, bylaws: Bylaws, trail: Trail) -> None:
    pk = uuid5(said.loan, "agreement/1")
    agreement = Agreement.objects.filter(pk=pk, loan=loan).first() or Agreement(id=pk, book=book, loan=loan)
    before = None if agreement._state.adding else picture(agreement)
    rounding = _rounding(said, bylaws)
    plan = _plan(said, rounding, bylaws)
    agreement.since, agreement.principal_paise = on, said.outstanding
    agreement.rate_bp_a_year, agreement.method, agreement.frequency = said.rate_bp_a_year, said.method, said.frequency
    agreement.instalments = max(1, len(plan))
    agreement.first_due = plan[0].on if plan else said.next_due or month_later(on, 1, on.day)
    agreement.rounding_paise, agreement.halves = rounding.unit, rounding.halves
    agreement.multiple_paise = said.multiple
    agreement.overdue_principal_paise = said.overdue_principal
    agreement.overdue_interest_paise = said.overdue_interest
    agreement.overdue_since = min((part.on for part in said.overdue), default=None)
    agreement.carried = said.carried(plan).plain
    if before is None:
        agreement.save(force_insert=True)
        trail.created(agreement)
    else:
        agreement.save()
        trail.changed(agreement, before)


def _rounding(said: Running, bylaws: Bylaws) -> Rounding:
    """As the loan says; else a woman's as the group rounds, another's to the paisa."""
    if said.rounding is not None:
        return Rounding(said.rounding, said.halves)
    return bylaws.rounding if said.head == "loan_to_member" else TO_THE_PAISA


def _plan(said: Running, rounding: Rounding, bylaws: Bylaws) -> tuple[Due, ...]:
    if said.plan:
        return tuple(part.due for part in said.plan)
    if said.rest <= 0 or said.next_due is None or said.instalments < 1:
        return ()
    terms = LoanTerms(
        principal=Paise(said.rest), rate_bp_a_year=said.rate_bp_a_year, method=said.method, first_due=said.next_due,
        instalments=said.instalments, frequency=said.frequency, lent_on=said.lent_on, rounding=rounding,
        multiple=bylaws.multiple if said.head == "loan_to_member" else 1,
    )  # fmt: skip
    return plan_of(terms, lent=Paise(said.lent), lent_on=said.lent_on)


def _drop_loans(book: Book, old: CutOff, *, keep: set[UUID], trail: Trail) -> None:
    """Loans of a cut-off that hold no longer ask for nothing: their terms go, their lines are met by the mirror."""
    gone = [UUID(one["loan"]) for one in old.said.get("loans", ()) if UUID(one["loan"]) not in keep]
    for agreement in Agreement.objects.filter(book=book, loan__uid__in=gone):
        trail.removed(agreement)
        agreement.delete()


# After it was posted ------------------------------------------------------------------------------------------------


def take_back_cut_off(*, by: Scope, cut_off: UUID, why: str, capability: str = KEEP) -> None:
    """Take a cut-off back whole, with a reason: the book is as if it had not been, and another may be written."""
    with transaction.atomic():
        row = CutOff.objects.filter(pk=cut_off).select_related("book__institution", "sheet").first()
        if row is None:
            raise Refused([Refusal(None, "not_standing", _NOT_STANDING)])
        group = _group_to_keep(by, row.book.institution_id, capability)
        refuse_if([*why_not_take_back(row), *([] if why.strip() else [Refusal("why", "no_reason", _NO_REASON)])])
        is_part = is_open()
        with audited(by=by, did="take_back_cut_off", why=why) as trail:
            gone = _reverse(by, row.book, row, trail)
            _drop_loans(row.book, row, keep=set(), trail=trail)
            refuse_if(below_nothing(row.book.pk, row.sheet.on_date, gone, posted=True))
            if not is_part:
                trail.at_place(group.place_id)


def why_not_take_back(row: CutOff) -> list[Refusal]:
    """Reasons that lie in what was done since."""
    if Sheet.objects.filter(reverses=row.sheet_id).exists():
        return [Refusal(None, "not_standing", _NOT_STANDING)]
    since = sorted(set(known.repaid_since(row.book, row).values()))
    reasons = [Refusal(None, "repaid_since", _REPAID if name else _REPAID_OWN, {"name": name}) for name in since]
    if MonthLock.objects.filter(book=row.book_id, month=month_of(row.sheet.on_date)).exists():
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
    """Whoever wrote it does not check it, nor another bookkeeper of the same group, unless it came in a file."""
    if row is None:
        return [Refusal(None, "not_there", _NOT_THERE)]
    if Sheet.objects.filter(reverses=row.sheet_id).exists():
        return [Refusal(None, "not_standing", _NOT_STANDING)]
    if row.checked_by:
        return [Refusal(None, "checked", _CHECKED)]
    if row.sheet.recorded_by == by.viewer:
        return [Refusal(None, "own", _OWN)]
    came_in_a_file = row.said.get("origin") in ("lokos", "workbook")
    if not came_in_a_file and not _reaches_from_outside(by, row.book.institution):
        return [Refusal(None, "own_group", _OWN_GROUP)]
    return []


def _reaches_from_outside(by: Scope, group: Institution) -> bool:
    """Whether the person sees the group's book by another posting than one at the group itself."""
    if by.is_system:
        return True
    outside = tuple(grant for grant in by.grants if grant.institution_id != group.pk)
    scope = dataclasses.replace(by, grants=outside, memory={})
    return bool(Institution.objects.filter(pk=group.pk).seen_by(scope, SEE).exists())


def _said(document: CutOffDocument) -> dict[str, Any]:
    return document.model_dump(mode="json", exclude_defaults=True)


def _plain(said: Mapping[str, Any]) -> Any:
    return json.loads(json.dumps(said, default=str))
