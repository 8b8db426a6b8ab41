"""What was written wrong in a meeting whose month is closed: put right in an open month, by what it differs.

The meeting stays as it was signed. What went by the bank is put right at the bank. Its cash was counted and stands:
what the right amounts come to otherwise is cash that was found over or short then, less what earlier times found.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from umeed.books.actions.finding import book_to_keep
from umeed.books.actions.posting import post_sheet, same_or_conflict, why_not_post, why_written
from umeed.books.actions.records import NOT_STANDING, refuse_to_close, why_not_correct
from umeed.books.heads import BY_KEY
from umeed.books.ledger.before import before
from umeed.books.ledger.credits import above_limit
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.ledger.lowest import each_below_nothing
from umeed.books.meetings.differences import FOUND, MOST_TIMES, found_by, uid_of
from umeed.books.meetings.facts import standing_meetings
from umeed.books.meetings.since import since_of
from umeed.books.meetings.written import TO_AND_FROM, Written, written_in
from umeed.books.models import Book, Meeting, Sheet
from umeed.books.rules.differing import Differs, why_not_put_right
from umeed.books.rules.limits import account_of
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_, Refusal

_STILL_OPEN = N_("The month of %(day)s is open in this book: correct it instead.")
_NO_REASON = N_("Say why.")
_NOTHING = N_("Nothing differs from what is written.")
_TOO_OFTEN = N_("It was put right %(most)s times already. Take it back whole instead.")
_MEANWHILE = N_(
    "It was put right meanwhile. Nothing of what you wrote was posted: it stands below. Look at it beside the amounts "
    "as they are now, and post it again."
)
_OTHER_NOW = N_("It was put right meanwhile: %(paise)s now.")
_BELOW = frozenset({"more_than_owed", "overdrawn"})
# A line whose right amount is another, and by how much.
Differing = tuple[Written, Entry]


def put_right(
    *, by: Scope, meeting: UUID, nth: int, right: Mapping[str, Paise], why: str, is_sure: bool = False
) -> int:  # fmt: skip
    """Post today what the right amounts differ by; answers the sheet. `right` {key of a line: paise}; lines of which it
    says nothing stay. `nth` counts how often it was put right before: the same call again changes nothing; another one
    under its number is a Conflict, and nothing of it is posted. Questions refuse it until somebody `is_sure`."""
    with transaction.atomic():
        held = standing_meetings_of(meeting)
        book = book_to_keep(by, held.book_id)
        if (known := _nth(held, nth)) is not None:
            _refuse_other(held, nth, known, right, why)
            return known.pk
        lines = _differing(held, right)
        draft = _draft(held, nth, lines, by.today)
        refuse_to_close(_why_not(by, book, held, nth, lines, draft, why), is_sure=is_sure)
        with audited(by=by, did="put_right", why=why) as trail:
            sheet = post_sheet(by=by, book=book, draft=draft).sheet
            refuse_if(above_limit(book.pk, draft.on, draft.entries))
            said = {"puts_right": str(held.pk), "sides": [one.sign for one, _entry in sorted(lines, key=_place)]}
            trail.rows("created", "books_sheet", [(str(sheet), None, said)])
            trail.subject = ("books_sheet", str(sheet))
            trail.at_place(book.institution.place_id)
        return sheet


def reasons_to_put_right(
    *, by: Scope, meeting: UUID, nth: int, right: Mapping[str, Paise], why: str
) -> list[Refusal]:  # fmt: skip
    """Every reason against it, where more stands against it than the book knows: amounts that cannot be read."""
    with transaction.atomic():
        held = standing_meetings_of(meeting)
        book = book_to_keep(by, held.book_id)
        if _nth(held, nth) is not None:
            return [Refusal(None, "conflict", _MEANWHILE)]
        lines = _differing(held, right)
        return _why_not(by, book, held, nth, lines, _draft(held, nth, lines, by.today), why)


def changed_meanwhile(held: Meeting, nth: int, right: Mapping[str, Paise]) -> tuple[dict[str, Paise], list[Refusal]]:
    """Of what was written beside the amounts as they stood before the nth time: (what to show of it now, where that is
    not as it was written; that another one put it right too, where it differs from both)."""
    then, now = ({one.key: one for one in written_in(held, until)} for until in (nth, MOST_TIMES))
    shown, told = dict[str, Paise](), list[Refusal]()
    for key in now.keys() & right.keys():
        one = now[key]
        # What came in and what went out may have become one sum; what went by either way has gone by one.
        sides = (side for side in (f"{key}-out", f"{key}-bank") if side not in now)
        of = [then[side] for side in (key, *sides) if side in then]
        was = sum(side.sign * side.paise for side in of)
        mine = sum(side.sign * right.get(side.key, side.paise) for side in of)
        is_touched, stands = mine != was, one.sign * one.paise
        if not is_touched or len(of) > 1:
            shown[key] = Paise(max(0, one.sign * mine)) if is_touched else one.paise
        if is_touched and stands not in (was, mine):
            told.append(Refusal(key, "changed_meanwhile", _OTHER_NOW, {"paise": rupees(one.paise)}))
    return shown, told


def _nth(held: Meeting, nth: int) -> Sheet | None:
    """The sheet by which it was put right for the nth time."""
    return Sheet.objects.filter(uid=uid_of(held, nth)).first()


def _refuse_other(held: Meeting, nth: int, known: Sheet, right: Mapping[str, Paise], why: str) -> None:
    """What was posted under this number must be what is said now: to the paisa, and for the same reason."""
    draft = _draft(held, nth, _differing(held, right, nth), known.on_date)
    stands = (bytes(known.digest), (why_written(known.pk) or "").strip())
    same_or_conflict(stands, (draft.digest, why.strip()), Refusal(None, "conflict", _MEANWHILE))


def _differing(held: Meeting, right: Mapping[str, Paise], nth: int = MOST_TIMES) -> list[Differing]:
    every = written_in(held, nth)
    return [(one, one.entry(right[one.key])) for one in every if right.get(one.key, one.paise) != one.paise]


def _draft(held: Meeting, nth: int, lines: Sequence[Differing], on: datetime.date) -> Draft:
    to_and_from, bank, cash = list[Entry](), list[Entry](), list[Entry]()
    for one, entry in lines:
        if one.head == TO_AND_FROM:
            to_and_from.append(entry)
        elif one.by == "bank":
            bank += [entry, Entry("bank", Paise(-entry.amount))]
        else:
            cash.append(entry)
    entries = [*to_and_from, *bank, *cash]
    entries += _found(held, nth, Paise(sum(one.amount for one in entries)))
    return Draft(uid_of(held, nth), on, Sheet.Kind.ADJUSTMENT, tuple(entries))


def _found(held: Meeting, nth: int, over: Paise) -> list[Entry]:
    """What the right amounts leave `over` in the box as it was counted, or below nothing short: first it uses up what
    earlier times found the other way."""
    if not over:
        return []
    head, other = ("cash_over", "cash_short") if over > 0 else ("cash_short", "cash_over")
    used = min(abs(over), found_by(held, nth)[other])
    sign = -1 if over > 0 else 1
    parts = {other: used, head: abs(over) - used}
    return [Entry(key, Paise(sign * paise)) for key, paise in parts.items() if paise]


def _told_found(draft: Draft) -> dict[str, Paise]:
    """What it tells as found over or short, beside what it uses up."""
    rows = {one.head: Paise(BY_KEY[one.head].grows_by * one.amount) for one in draft.entries if one.head in FOUND}
    return {head: paise for head, paise in rows.items() if paise > 0}


def _place(line: Differing) -> int:
    """Where it stands in its sheet, as `_draft` writes it."""
    one, _entry = line
    return 0 if one.head == TO_AND_FROM else 1 if one.by == "bank" else 2


def standing_meetings_of(meeting: UUID) -> Meeting:
    """A meeting that holds."""
    held = Meeting.objects.filter(pk=meeting).select_related("book__institution").first()
    if held is None or not standing_meetings(held.book).filter(pk=meeting).exists():
        raise Refused([Refusal("replaces", "not_standing", NOT_STANDING)])
    return held


def _why_not(
    by: Scope, book: Book, held: Meeting, nth: int, lines: Sequence[Differing], draft: Draft, why: str
) -> list[Refusal]:  # fmt: skip
    reasons = [] if why.strip() else [Refusal("why", "no_reason", _NO_REASON)]
    if not why_not_correct(held):
        return [*reasons, Refusal(None, "still_open", _STILL_OPEN, {"day": held.held_on})]
    if nth >= MOST_TIMES:
        return [*reasons, Refusal(None, "too_often", _TOO_OFTEN, {"most": MOST_TIMES})]
    if not lines:
        return [*reasons, Refusal(None, "nothing_differs", _NOTHING)]
    loans = {one.loan for one, _entry in lines if one.loan}
    since = since_of(held, loans, by.today)
    reasons += why_not_put_right([_differs(one, entry) for one, entry in lines], since, _told_found(draft))
    return [*reasons, *_why_not_post(by, book, lines, draft)]


def _differs(line: Written, entry: Entry) -> Differs:
    right = Paise(line.paise + line.sign * entry.amount)
    return Differs(
        key=line.key, head=line.head, comes_in=line.sign < 0, loan=line.loan, was=line.paise, right=right
    )  # fmt: skip


def _why_not_post(by: Scope, book: Book, lines: Sequence[Differing], draft: Draft) -> list[Refusal]:
    """Reasons of the sheet; what would fall below nothing is said on the line that takes it there."""
    reasons = why_not_post(by, book, draft, before(book.pk, draft))
    told = {}
    if any(one.code in _BELOW for one in reasons):
        fallen = each_below_nothing(book.pk, draft.on, draft.entries)
        for line, entry in lines:
            account = account_of(entry)
            if account in fallen and account not in told:
                told[account] = fallen[account].on(line.key)
    return [*(one for one in reasons if one.code not in _BELOW), *told.values()]
