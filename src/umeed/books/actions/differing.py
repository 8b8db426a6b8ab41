"""What was written wrong in a meeting whose month is closed: put right in an open month, by what it differs.

The meeting stays as it was signed. Its cash was counted and stands: what the right amounts come to otherwise is cash
that was found over or short then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from umeed.books.actions.finding import book_to_keep
from umeed.books.actions.posting import post_sheet
from umeed.books.actions.records import is_month_closed
from umeed.books.heads import BY_NUMBER, SAVINGS
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.meetings.differences import MOST_TIMES, differences_of, uid_of
from umeed.books.meetings.facts import standing_meetings
from umeed.books.models import Line, Meeting, Sheet
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.kernel.money import Paise
from umeed.kernel.refusals import N_, Refusal

_NOT_STANDING = N_("This meeting was taken back or corrected already.")
_STILL_OPEN = N_("The month of %(day)s is open in this book: correct the meeting itself.")
_NO_REASON = N_("Say why.")
_NOTHING = N_("Nothing differs from what is written.")
_TOO_OFTEN = N_("This meeting was put right %(most)s times already. Take it back whole instead.")
# What is counted, between two books, or agreed in terms is not put right by an amount.
_NOT_THESE = frozenset({"cash", "bank", "on_the_way", "cash_over", "cash_short"})


@dataclass(frozen=True, slots=True)
class Written:
    """One line of a meeting, with what was put right of it since. `paise` as people say it; debits have sign +1."""

    head: str
    sign: int
    paise: Paise
    woman: UUID | None = None
    loan: int | None = None
    # What went out where something came in under the same head too.
    is_second: bool = False

    @property
    def key(self) -> str:
        key = f"{self.head}-{self.woman or ''}-{self.loan or ''}"
        return f"{key}-out" if self.is_second else key

    def entry(self, right: Paise) -> Entry:
        return Entry(self.head, Paise(self.sign * (right - self.paise)), self.woman, self.loan)


def written_in(meeting: Meeting) -> list[Written]:
    """What can be put right: its lines, and the regular saving of women of whom it says none."""
    found: dict[str, Written] = {}
    for (number, woman, loan, way), sides in _amounts(meeting).items():
        head = BY_NUMBER[number]
        for paise in sides:
            sign = 1 if paise > 0 else -1
            is_of_terms = way == "taken" or (head.key == "loan_to_member" and sign > 0)
            if head.key not in _NOT_THESE and not is_of_terms:
                one = Written(head.key, sign, Paise(abs(paise)), woman, loan, is_second=paise != sides[0])
                found[one.key] = one
    kept = [head.key for head in SAVINGS if any(one.head == head.key for one in found.values())] or [SAVINGS[0].key]
    for woman in (*meeting.present, *meeting.late, *meeting.absent, *meeting.on_leave):
        for key in kept:
            one = Written(key, -1, Paise(0), woman)
            found.setdefault(one.key, one)
    return list(found.values())


def _amounts(meeting: Meeting) -> dict[tuple[int, UUID | None, int | None, str | None], list[int]]:
    """{(head, woman, loan, its way): what came in below nought, and what went out}: as the meeting has it, or one sum
    once it was put right, since what was put right then may be of either."""
    sheets = [*([meeting.sheet_id] if meeting.sheet_id else []), *(one.pk for one in differences_of(meeting))]
    rows = Line.objects.filter(sheet__in=sheets, body=None).order_by("head", "woman", "loan")
    found: dict[tuple[int, UUID | None, int | None, str | None], list[tuple[bool, int]]] = {}
    for *account, sheet, paise in rows.values_list("head", "woman", "loan", "loan__way", "sheet", "amount_paise"):
        found.setdefault(tuple(account), []).append((sheet == meeting.sheet_id, paise))
    return {account: _sides(lines) for account, lines in found.items()}


def _sides(lines: Sequence[tuple[bool, int]]) -> list[int]:
    """What the lines of one account come to; `lines` say whether they are the meeting's own."""
    came, went = sum(paise for _own, paise in lines if paise < 0), sum(paise for _own, paise in lines if paise > 0)
    sums = [came, went] if all(is_own for is_own, _paise in lines) else [came + went]
    return [paise for paise in sums if paise]


def put_right(*, by: Scope, meeting: UUID, nth: int, right: Mapping[str, Paise], why: str) -> int:
    """Post today what the right amounts differ by; answers the sheet. `right` {key of a line: paise}; lines of which it
    says nothing stay. `nth` counts how often it was put right before: the same call again changes nothing."""
    with transaction.atomic():
        held = standing_meetings_of(meeting)
        book = book_to_keep(by, held.book_id)
        if (known := Sheet.objects.filter(uid=uid_of(held, nth)).values_list("pk", flat=True).first()) is not None:
            return known
        lines = [one for one in written_in(held) if right.get(one.key, one.paise) != one.paise]
        refuse_if(_why_not(held, nth, lines, why))
        entries = [one.entry(right[one.key]) for one in lines]
        over = sum(one.amount for one in entries)
        if over:
            entries.append(Entry("cash_over" if over > 0 else "cash_short", Paise(-over)))
        draft = Draft(uid_of(held, nth), by.today, Sheet.Kind.ADJUSTMENT, tuple(entries))
        with audited(by=by, did="put_right", why=why) as trail:
            sheet = post_sheet(by=by, book=book, draft=draft).sheet
            trail.rows("created", "books_sheet", [(str(sheet), None, {"puts_right": str(held.pk)})])
            trail.subject = ("books_sheet", str(sheet))
            trail.at_place(book.institution.place_id)
        return sheet


def standing_meetings_of(meeting: UUID) -> Meeting:
    """A meeting that holds."""
    held = Meeting.objects.filter(pk=meeting).select_related("book").first()
    if held is None or not standing_meetings(held.book).filter(pk=meeting).exists():
        raise Refused([Refusal("replaces", "not_standing", _NOT_STANDING)])
    return held


def _why_not(held: Meeting, nth: int, lines: Sequence[Written], why: str) -> list[Refusal]:
    reasons = [] if why.strip() else [Refusal("why", "no_reason", _NO_REASON)]
    if not is_month_closed(held):
        reasons.append(Refusal(None, "still_open", _STILL_OPEN, {"day": held.held_on}))
    elif nth >= MOST_TIMES:
        reasons.append(Refusal(None, "too_often", _TOO_OFTEN, {"most": MOST_TIMES}))
    elif not lines:
        reasons.append(Refusal(None, "nothing_differs", _NOTHING))
    return reasons
