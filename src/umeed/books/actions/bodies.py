"""Between two bodies, besides a day's document: lending, counting in what arrived, one loan of two, writing off."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from umeed.books.actions.events import Move, post_event
from umeed.books.actions.finding import KEEP, book_to_keep, hold_together
from umeed.books.actions.loans import last_moved
from umeed.books.actions.posting import CONFLICT, OF_A_PAGE, post_sheet, same_or_conflict, why_written
from umeed.books.actions.releasing import put, put_loan
from umeed.books.actions.reversing import reverse_event
from umeed.books.actions.terms import take_terms, terms_differ
from umeed.books.bodies.facts import BeforeDay, before_day
from umeed.books.heads import BY_KEY
from umeed.books.ledger.balances import balances
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.ledger.on_the_way import on_the_way, waiting_on
from umeed.books.meetings.facts import neighbours
from umeed.books.models import Agreement, Book, Line, Loan, Sheet
from umeed.books.rules import bodies as rules
from umeed.books.rules.anew import why_not_before
from umeed.books.rules.held import box_since, why_not_on_day
from umeed.books.rules.sources import why_not_of_source
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import Trail, audited
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_, Refusal

Mode = Literal["cash", "bank"]
ON_THE_WAY = BY_KEY["on_the_way"].number
_NO_REASON = N_("Say why.")
_NO_RESOLUTION = N_("A loan is written off only by a resolution: write its number and day.")
_FUTURE = N_("%(day)s has not come yet.")
_NO_LOAN = N_("This loan does not run in this book.")
_NOT_A_PAIR = N_("These two are not one loan seen from both sides.")
_LINKED = N_("This loan is linked already.")
_APART = N_("One book says %(ours)s is owed, the other %(theirs)s. Say which of them is right.")
_TERMS_APART = N_(
    "The two books ask for other amounts on other days. Take the lender's terms for both books, or put right what was "
    "written wrong in one of them first."
)
_MORE_THAN_OWED = N_("%(amount)s is owed on this loan; more cannot be written off.")
_NOT_ON_THE_WAY = N_("%(amount)s is on the way; more cannot be counted.")
_HOLDS = N_("Only %(amount)s is there.")
_RECOVERED = N_("%(amount)s came of it since it was written off. Correct those meetings first.")
_LENDER_ALONE = N_("Who lent it wrote it off, and takes that back.")
_ARRIVED = N_("They have counted it in already. They send it back, or their sheet is taken back first.")


@dataclass(frozen=True, slots=True)
class BodyTerms:
    """What is lent to a group or VO, and on which terms. Rates in basis points a year."""

    body: UUID
    paise: Paise
    rate_bp_a_year: int
    method: str
    instalments: int
    first_due: datetime.date
    frequency: str = "monthly"
    source: str = "cif"
    purpose: str = "onlending"
    multiple: int = 100
    rounding: int = 100
    part_month: str = "due"


def lend_to_body(
    *, by: Scope, book: Book, loan: UUID, on: datetime.date, terms: BodyTerms, mode: Mode = "bank"
) -> Loan:
    """Lend to a group or VO at once, out of the box or the bank. In both books when the other keeps one, else in ours
    alone until `link_loans`. The same loan again is known."""
    with transaction.atomic():
        hold_together(book, [terms.body])
        kept = book_to_keep(by, book)
        if (known := _known(kept, loan, on, terms, mode)) is not None:
            return known
        before = before_day(kept, on, today=by.today)
        refuse_if(_why_not_lend(before, on, terms, mode))
        with audited(by=by, did="lend_to_body") as trail:
            row = make_loan(by=by, book=kept, before=before, loan=loan, on=on, terms=terms, trail=trail)
            if row.twin_id is not None:
                move = Move("loan_to_body", _taken_head(kept), terms.paise, row)
                post_event(
                    by=by, book=kept, other=terms.body, uid=uuid5(loan, "lent"), on=on, moves=[move], met_by=mode
                )
            else:
                lent = Entry("loan_to_body", terms.paise, loan=row.pk, body=terms.body)
                draft = Draft(uuid5(loan, "lent"), on, Sheet.Kind.BETWEEN_BODIES, (lent, _met(mode, -terms.paise)))
                post_sheet(by=by, book=kept, draft=draft)
            trail.at_place(kept.institution.place_id)
    return row


def _known(book: Book, loan: UUID, on: datetime.date, terms: BodyTerms, mode: Mode) -> Loan | None:
    row = Loan.objects.filter(uid=loan).first()
    if row is None:
        return None
    first = Agreement.objects.filter(loan=row).order_by("since").first()
    stands = first and (
        row.book_id, row.body_id, row.lent_on, row.source, row.purpose, first.principal_paise, first.rate_bp_a_year,
        first.method, first.frequency, first.instalments, first.first_due, first.part_month, first.multiple_paise,
        first.rounding_paise,
    )  # fmt: skip
    same_or_conflict(stands, (
        book.pk, terms.body, on, terms.source, terms.purpose, terms.paise, terms.rate_bp_a_year,
        terms.method, terms.frequency, terms.instalments, terms.first_due, terms.part_month, terms.multiple,
        terms.rounding,
    ), OF_A_PAGE)  # fmt: skip
    lent = Line.objects.filter(loan=row, amount_paise__gt=0).order_by("sheet").values("sheet")[:1]
    same_or_conflict(Line.objects.filter(sheet__in=lent, head=BY_KEY[mode].number).exists(), True, OF_A_PAGE)
    return row


def _why_not_lend(before: BeforeDay, on: datetime.date, terms: BodyTerms, mode: Mode) -> list[Refusal]:
    facts = before.facts
    reasons = list(why_not_on_day(on, facts))
    if terms.body not in facts.below:
        reasons.append(rules.not_below("body", on))
    # Nobody is asked here: what a later day lacks of it is not lent.
    least = {source: min(paise, facts.sources_later.get(source, paise)) for source, paise in facts.sources.items()}
    reasons += [*rules.why_not_lend(terms, on, facts), *why_not_of_source([terms], least, {})]
    has = facts.cash if mode == "cash" else facts.bank
    if terms.paise > has:
        reasons.append(Refusal("paise", "not_there", _HOLDS, {"amount": rupees(has)}))
    return reasons


def _taken_head(book: Book) -> str:
    return f"loan_from_{book.institution.kind}"


def _met(mode: Mode, paise: int) -> Entry:
    return Entry(mode, Paise(paise))


def make_loan(
    *, by: Scope, book: Book, before: BeforeDay, loan: UUID, on: datetime.date, terms: Any, trail: Trail,
    request: UUID | None = None,
) -> Loan:  # fmt: skip
    """The loan in our book and, when the other keeps a book, the same in theirs, each with its terms. No money yet."""
    if Loan.objects.filter(uid=loan).exclude(book=book, body=terms.body).exists():
        raise Refused([Refusal("lendings", "conflict", CONFLICT)])
    ours = _write_loan(book, loan, "given", "loan_to_body", on, terms, request, body=terms.body, trail=trail)
    if not before.known.bodies.get(terms.body, ("", False))[1]:
        return ours
    with as_system():
        theirs_book = Book.objects.get(institution=terms.body)
        theirs = _write_loan(
            theirs_book, uuid5(loan, "twin"), "taken", _taken_head(book), on, terms, None, body=book.institution_id,
            trail=trail,
        )  # fmt: skip
        _make_one(ours, theirs)
    return ours


def _write_loan(
    book: Book, uid: UUID, way: str, head: str, on: datetime.date, terms: Any, request: UUID | None, *, body: UUID,
    trail: Trail,
) -> Loan:  # fmt: skip
    row = put_loan(trail, Loan(
        uid=uid, book=book, way=way, head=head, body_id=body, request_id=request, lent_on=on, source=terms.source,
        purpose=terms.purpose, twin_id=_twin_of(uid),
    ))  # fmt: skip
    put(trail, Agreement(
        id=uuid5(uid, "agreement/1"), book=book, loan=row, since=on, principal_paise=terms.paise,
        rate_bp_a_year=terms.rate_bp_a_year, method=terms.method, frequency=terms.frequency,
        instalments=terms.instalments, first_due=terms.first_due, multiple_paise=getattr(terms, "multiple", 100),
        rounding_paise=getattr(terms, "rounding", 100), halves="up", part_month=terms.part_month,
    ))  # fmt: skip
    return row


def _twin_of(uid: UUID) -> int | None:
    """A loan that a corrected day makes again stays one with its twin."""
    return Loan.objects.filter(uid=uid).values_list("twin", flat=True).first()


def _make_one(ours: Loan, theirs: Loan) -> None:
    """Both rows point at each other; the database refuses anything else when the transaction ends."""
    ours.twin, theirs.twin = theirs, ours
    ours.save()
    theirs.save()


def settle_on_the_way(
    *, by: Scope, book: Book | int, body: UUID, ways: Mapping[Mode, Paise], on: datetime.date, uid: UUID,
    is_sure: bool = False,
) -> None:  # fmt: skip
    """Count in what another body has sent, in cash, by bank or part of it each way; or, with negative amounts, say that
    what the other counted left our box or bank. Never more than is on the way, nor before it was; all of it or nothing.
    The same again is known; the same id with more, or by another way, is a `Conflict`. Questions refuse it until
    somebody `is_sure`."""
    with transaction.atomic():
        kept = book_to_keep(by, book)
        # A sheet each way: whoever reads it sees at once by which the money went.
        drafts = [
            Draft(uuid5(uid, mode), on, Sheet.Kind.BETWEEN_BODIES, (
                _met(mode, paise), Entry("on_the_way", Paise(-paise), body=body)
            ))
            for mode, paise in ways.items() if paise
        ]  # fmt: skip
        stand = Sheet.objects.filter(uid__in=[uuid5(uid, mode) for mode in get_args(Mode)])
        if known := {(of, bytes(digest)) for of, digest in stand.values_list("book", "digest")}:
            same_or_conflict(known, {(kept.pk, one.digest) for one in drafts}, OF_A_PAGE)
            return
        reasons = _why_not_settle(kept, body, ways, on, by.today)
        if reasons and not (is_sure and all(one.severity == "warn" for one in reasons)):
            raise Refused(reasons)
        for draft in drafts:
            post_sheet(by=by, book=kept, draft=draft)


def _why_not_settle(
    book: Book, body: UUID, ways: Mapping[Mode, Paise], on: datetime.date, today: datetime.date
) -> list[Refusal]:
    """Reasons by the way that they are about; by the first where they are about all of it."""
    reasons = []
    every = on_the_way(book.pk, max(on, today), body).get(body, [])
    waits, paise = sum(one.paise for one in every), sum(ways.values())
    sent, then = [one for one in every if one.paise > 0], waiting_on(book.pk, on).get(body)
    if paise == 0 or abs(paise) > abs(waits) or (paise > 0) != (waits > 0):
        first = next((mode for mode, one in ways.items() if one), next(iter(ways)))
        reasons.append(Refusal(first, "more_than_sent", _NOT_ON_THE_WAY, {"amount": rupees(abs(waits))}))
    held = balances(book.pk, today)
    for mode, one in ways.items():
        if one < 0 and (has := held.get(mode, Paise(0))) < -one:
            reasons.append(Refusal(mode, "not_there", _HOLDS, {"amount": rupees(has)}))
    return [
        *reasons,
        *rules.why_not_counted_in(paise, then.sent if then else 0, sent, on),
        *_asked_of_the_box(book, ways, on),
    ]


def _asked_of_the_box(book: Book, ways: Mapping[Mode, Paise], on: datetime.date) -> list[Refusal]:
    """Cash of a day before one of which the box is counted and closed: as of a day that was forgotten."""
    return box_since(ways.get("cash", Paise(0)), neighbours(book, on, None, None)["counted_since"], "on")


def take_back(*, by: Scope, book: Book, event: UUID, why: str) -> None:
    """Take back what was sent and did not arrive. What the other has counted in is not taken out of its box."""
    with transaction.atomic():
        if Sheet.objects.filter(book=book, event=event).exists():
            with as_system():
                refuse_if(_why_not_take_back(book, event))
        reverse_event(by=by, event=event, why=why)


def _why_not_take_back(book: Book, event: UUID) -> list[Refusal]:
    given_up = Line.objects.filter(sheet__event=event, head=BY_KEY["written_off"].number, amount_paise__gt=0)
    if given_up.exists() and not given_up.filter(sheet__book=book).exists():
        return [Refusal("event", "lender", _LENDER_ALONE)]
    off = Line.objects.filter(sheet__event=event, head=BY_KEY["loan_to_body"].number).values_list("loan", flat=True)
    came = Line.objects.filter(loan__in=list(off), head=BY_KEY["written_off"].number, amount_paise__lt=0)
    if recovered := _sum(came.filter(sheet__reverses=None, sheet__reversed_by=None)):
        return [Refusal("event", "recovered", _RECOVERED, {"amount": rupees(Paise(-recovered))})]
    theirs = Sheet.objects.filter(event=event).exclude(book=book).first()
    if theirs is None or Sheet.objects.filter(reverses=theirs).exists():
        return []
    rows = Line.objects.filter(sheet__book=theirs.book_id, head=ON_THE_WAY, body=book.institution_id)
    waits, moved = _sum(rows), _sum(rows.filter(sheet=theirs))
    if not moved:
        # Nothing was on the way by it, as when a loan is written off.
        return []
    is_counted = waits < moved if moved > 0 else waits > moved
    return [Refusal("event", "arrived", _ARRIVED)] if is_counted else []


def _sum(lines: QuerySet[Line]) -> Paise:
    return Paise(int(lines.aggregate(paise=Sum("amount_paise"))["paise"] or 0))


# One loan of two -----------------------------------------------------------------------------------------------------


def link_loans(
    *, by: Scope, ours: UUID, theirs: UUID, why: str, right: Literal["", "ours", "theirs"] = "",
    takes_terms: bool = False,
) -> Loan:  # fmt: skip
    """Say that a loan given in one book and one taken in another are the same. When they differ, a person says whose
    amount is right; the other book gets an adjustment with the reason. When their terms differ, whoever took the loan
    goes on by the lender's (`takes_terms`): a row more in that book, for both must ask for the same. From then on only
    events move them."""
    with transaction.atomic():
        pair = [_loan_to_keep(by, uid) for uid in (ours, theirs)]
        hold_together(pair[0].book_id, [one.book.institution_id for one in pair])
        reasons = [*_why_no_pair(*pair), *([] if why.strip() else [Refusal("why", "no_reason", _NO_REASON)])]
        owed = [_owed(one) for one in pair]
        if owed[0] != owed[1] and not right:
            said = {"ours": rupees(owed[0]), "theirs": rupees(owed[1])}
            reasons.append(Refusal("right", "differs", _APART, said))
        if not takes_terms and terms_differ(*pair, by.today):
            reasons.append(Refusal("takes_terms", "terms_differ", _TERMS_APART))
        refuse_if(reasons)
        with audited(by=by, did="link_loans", why=why) as trail:
            wrong = 1 if right == "ours" else 0
            if owed[0] != owed[1]:
                _adjust(by, pair[wrong], Paise(owed[1 - wrong] - owed[wrong]))
            if terms_differ(*pair, by.today):
                take_terms(*pair, by.today, trail)
            _make_one(*pair)
            rows = [(str(one.pk), {"twin": None}, {"twin": one.twin_id}) for one in pair]
            trail.rows("changed", "books_loan", rows)
            trail.at_place(pair[0].book.institution.place_id)
    return pair[0]


def _loan_to_keep(by: Scope, uid: UUID) -> Loan:
    row = Loan.objects.filter(uid=uid).select_related("book__institution").seen_by(by, KEEP).first()
    if row is None:
        raise Refused([Refusal("loan", "no_loan", _NO_LOAN)])
    return row


def _why_no_pair(ours: Loan, theirs: Loan) -> list[Refusal]:
    if ours.twin_id or theirs.twin_id:
        return [Refusal("loan", "linked", _LINKED)]
    given, taken = (ours, theirs) if ours.way == "given" else (theirs, ours)
    fits = (
        given.head == "loan_to_body" and taken.head == _taken_head(given.book) and given.way != taken.way
        and given.body_id == taken.book.institution_id and taken.body_id == given.book.institution_id
    )  # fmt: skip
    return [] if fits else [Refusal("loan", "not_a_pair", _NOT_A_PAIR)]


def _owed(loan: Loan) -> Paise:
    head = BY_KEY[loan.head]
    return Paise(head.grows_by * _sum(Line.objects.filter(sheet__book=loan.book_id, loan=loan, head=head.number)))


def _adjust(by: Scope, loan: Loan, more: Paise) -> None:
    """Bring one book to what is right. What a loan had too much or too little that came when the book began belongs to
    the time before; of one that came later nobody knows what became of it, and the reason says what is known."""
    body = loan.body_id if "body" in BY_KEY[loan.head].about else None
    changed = Paise(BY_KEY[loan.head].grows_by * more)
    first = Agreement.objects.filter(loan=loan).order_by("since").first()
    later = "other_payment" if changed < 0 else "other_receipt"
    against = "surplus_before" if first is not None and first.carried is not None else later
    entries = (Entry(loan.head, changed, loan=loan.pk, body=body), Entry(against, Paise(-changed)))
    draft = Draft(uuid5(loan.uid, "linked"), by.today, Sheet.Kind.ADJUSTMENT, entries)
    post_sheet(by=by, book=loan.book, draft=draft)


def write_off(*, by: Scope, loan: UUID, paise: Paise, resolution: str, on: datetime.date, uid: UUID) -> int:
    """Give up what a group or VO owes, by a resolution: a cost here and, when it is theirs too, a gain there. With the
    last of the principal the interest that was due is let go in both books; it was neither earned nor paid. The same
    again is known; the same id with other content is a `Conflict`."""
    with transaction.atomic():
        row = _loan_to_keep(by, loan)
        known = Sheet.objects.filter(Q(uid=uid) | Q(event=uid), book=row.book_id).first()
        if known is not None:
            given_up = _sum(Line.objects.filter(sheet=known, head=BY_KEY["written_off"].number, loan=row))
            same_or_conflict((known.on_date, given_up, why_written(known.pk)), (on, paise, resolution), OF_A_PAGE)
            return known.pk
        reasons: list[Refusal] = [] if resolution.strip() else [Refusal("resolution", "no_resolution", _NO_RESOLUTION)]
        if on > by.today:
            reasons.append(Refusal("on", "future", _FUTURE, {"day": on}))
        if row.head != "loan_to_body" or row.body_id is None:
            reasons.append(Refusal("loan", "no_loan", _NO_LOAN))
        elif not 0 < paise <= _owed(row):
            owed = _owed(row)
            reasons.append(Refusal("paise", "more_than_owed", _MORE_THAN_OWED, {"amount": rupees(owed)}))
        else:
            reasons += why_not_before(on, last_moved(row))
        refuse_if(reasons)
        assert row.body_id is not None
        with audited(by=by, did="write_off", why=resolution) as trail:
            trail.rows("changed", "books_loan", [(str(row.pk), None, {"written_off": paise})])
            if row.twin_id is not None:
                moves = [
                    Move("loan_to_body", _taken_head(row.book), Paise(-paise), row),
                    Move("written_off", "other_receipt", paise, row),
                ]
                sheet = post_event(by=by, book=row.book, other=row.body_id, uid=uid, on=on, moves=moves)
                # Under the sheet of the other too: who reads that book finds the resolution there.
                with as_system():
                    theirs = Sheet.objects.filter(event=uid).exclude(pk=sheet).values_list("pk", flat=True)
                    trail.rows("created", "books_sheet", [(str(one), None, {"event": str(uid)}) for one in theirs])
                return sheet
            entries = (
                Entry("written_off", paise, loan=row.pk),
                Entry("loan_to_body", Paise(-paise), loan=row.pk, body=row.body_id),
            )
            return post_sheet(by=by, book=row.book, draft=Draft(uid, on, Sheet.Kind.ADJUSTMENT, entries)).sheet
