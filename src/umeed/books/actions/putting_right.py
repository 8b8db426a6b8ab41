"""What was written in a month that is closed, put right in an open month by what it differs: what a meeting and a
cut-off have in common. Each says what its lines are, what its sheet is, and what stands against it."""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db import transaction

from umeed.books.actions.finding import book_to_keep
from umeed.books.actions.posting import post_sheet, same_or_conflict, why_not_post, why_written
from umeed.books.actions.records import NOT_STANDING, refuse_to_close
from umeed.books.ledger.before import before
from umeed.books.ledger.credits import above_limit
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.ledger.lowest import each_below_nothing
from umeed.books.meetings.differences import MOST_TIMES, put_right_by, uid_of
from umeed.books.meetings.written import Written
from umeed.books.models import Book, CutOff, Meeting, Sheet
from umeed.books.rules.differing import Differs
from umeed.books.rules.limits import account_of
from umeed.core.actions import refuse_if
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_, Refusal

_STILL_OPEN = N_("The month of %(day)s is open in this book: correct it instead.")
_NO_REASON = N_("Say why.")
_NOTHING = N_("Nothing differs from what is written.")
_MEANWHILE = N_(
    "It was put right meanwhile. Nothing of what you wrote was posted: it stands below. Look at it beside the amounts "
    "as they are now, and post it again."
)
_OTHER_NOW = N_("It was put right meanwhile: %(paise)s now.")
# A line whose right amount is another, and by how much.
Differing = tuple[Written, Entry]


class PuttingRight(ABC):
    """Something of a closed month, and how it is put right."""

    did: ClassVar[str]
    too_often: ClassVar[str]
    # Of reasons of the sheet, those that are told on the line that takes its account below nothing.
    below: ClassVar[frozenset[str]]

    def __init__(self, row: Meeting | CutOff, on: datetime.date) -> None:
        """`on` is the day of what was written."""
        self.row, self.on = row, on

    # What each says of itself ---------------------------------------------------------------------------------------

    @abstractmethod
    def written(self, nth: int = MOST_TIMES) -> list[Written]:
        """Its lines as they stand, or stood before it was put right for the nth time."""

    @abstractmethod
    def stands(self) -> bool:
        """Whether it was neither taken back nor corrected."""

    @abstractmethod
    def is_still_open(self) -> bool:
        """Whether it is corrected instead."""

    @abstractmethod
    def draft(self, nth: int, lines: Sequence[Differing], on: datetime.date) -> Draft: ...

    @abstractmethod
    def why_not(self, book: Book, lines: Sequence[Differing], draft: Draft) -> list[Refusal]:
        """Reasons and questions about its lines, beside those of every sheet."""

    @abstractmethod
    def told(self, lines: Sequence[Differing]) -> dict[str, Any]:
        """What the chain is told beside whose it is."""

    # What both do ---------------------------------------------------------------------------------------------------

    @property
    def times(self) -> int:
        """How often it was put right."""
        return len(put_right_by(self.row))

    def put_right(self, *, by: Scope, nth: int, right: Mapping[str, Paise], why: str, is_sure: bool = False) -> int:
        """Post today what the right amounts differ by; answers the sheet. `right` {key of a line: paise}; lines of
        which it says nothing stay. `nth` counts how often it was put right before: the same call again changes nothing;
        another one under its number is a Conflict, and nothing of it is posted. Questions refuse it until somebody
        `is_sure`."""
        with transaction.atomic():
            book = book_to_keep(by, self.row.book_id)
            if (known := self._nth(nth)) is not None:
                self._refuse_other(nth, known, right, why)
                return known.pk
            refuse_if(self._why_gone())
            lines = self._differing(right)
            draft = self.draft(nth, lines, by.today)
            refuse_to_close(self._every_reason(by, book, nth, lines, draft, why), is_sure=is_sure)
            with audited(by=by, did=self.did, why=why) as trail:
                sheet = post_sheet(by=by, book=book, draft=draft).sheet
                refuse_if(above_limit(book.pk, draft.on, draft.entries))
                said = {"puts_right": str(self.row.pk), **self.told(lines)}
                trail.rows("created", "books_sheet", [(str(sheet), None, said)])
                trail.subject = ("books_sheet", str(sheet))
                trail.at_place(book.institution.place_id)
            return sheet

    def reasons(self, *, by: Scope, nth: int, right: Mapping[str, Paise], why: str) -> list[Refusal]:
        """Every reason against it, where more stands against it than the book knows: amounts that cannot be read."""
        with transaction.atomic():
            book = book_to_keep(by, self.row.book_id)
            if self._nth(nth) is not None:
                return [Refusal(None, "conflict", _MEANWHILE)]
            if gone := self._why_gone():
                return gone
            lines = self._differing(right)
            return self._every_reason(by, book, nth, lines, self.draft(nth, lines, by.today), why)

    def changed_meanwhile(self, nth: int, right: Mapping[str, Paise]) -> tuple[dict[str, Paise], list[Refusal]]:
        """Of what was written beside the amounts as they stood before the nth time: (what to show of it now, where that
        is not as it was written; that another one put it right too, where it differs from both)."""
        then, now = ({one.key: one for one in self.written(until)} for until in (nth, MOST_TIMES))
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

    def _why_gone(self) -> list[Refusal]:
        """Asked under the lock: it may have been taken back since the page was made."""
        return [] if self.stands() else [Refusal(None, "not_standing", NOT_STANDING)]

    def _nth(self, nth: int) -> Sheet | None:
        """The sheet by which it was put right for the nth time."""
        return Sheet.objects.filter(uid=uid_of(self.row, nth)).first()

    def _refuse_other(self, nth: int, known: Sheet, right: Mapping[str, Paise], why: str) -> None:
        """What was posted under this number must be what is said now: to the paisa, and for the same reason."""
        draft = self.draft(nth, self._differing(right, nth), known.on_date)
        stands = (bytes(known.digest), (why_written(known.pk) or "").strip())
        same_or_conflict(stands, (draft.digest, why.strip()), Refusal(None, "conflict", _MEANWHILE))

    def _differing(self, right: Mapping[str, Paise], nth: int = MOST_TIMES) -> list[Differing]:
        every = self.written(nth)
        return [(one, one.entry(right[one.key])) for one in every if right.get(one.key, one.paise) != one.paise]

    def _every_reason(
        self, by: Scope, book: Book, nth: int, lines: Sequence[Differing], draft: Draft, why: str
    ) -> list[Refusal]:  # fmt: skip
        reasons = [] if why.strip() else [Refusal("why", "no_reason", _NO_REASON)]
        if self.is_still_open():
            return [*reasons, Refusal(None, "still_open", _STILL_OPEN, {"day": self.on})]
        if nth >= MOST_TIMES:
            return [*reasons, Refusal(None, "too_often", self.too_often, {"most": MOST_TIMES})]
        if not lines:
            return [*reasons, Refusal(None, "nothing_differs", _NOTHING)]
        return [*reasons, *self.why_not(book, lines, draft), *self._why_not_post(by, book, lines, draft)]

    def _why_not_post(self, by: Scope, book: Book, lines: Sequence[Differing], draft: Draft) -> list[Refusal]:
        """Reasons of the sheet; what would fall below nothing is said on the line that takes it there."""
        reasons = why_not_post(by, book, draft, before(book.pk, draft))
        told = {}
        if any(one.code in self.below for one in reasons):
            fallen = each_below_nothing(book.pk, draft.on, draft.entries)
            for line, entry in lines:
                account = account_of(entry)
                if account in fallen and account not in told:
                    told[account] = fallen[account].on(line.key)
        return [*(one for one in reasons if one.code not in self.below), *told.values()]


def as_differs(line: Written, entry: Entry) -> Differs:
    """A line that differs, as the rules take it."""
    right = Paise(line.paise + line.sign * entry.amount)
    return Differs(
        key=line.key, head=line.head, comes_in=line.sign < 0, loan=line.loan, was=line.paise, right=right
    )  # fmt: skip
