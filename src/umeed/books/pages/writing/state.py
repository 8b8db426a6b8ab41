"""The meeting that is being written, as its pages see it: the document so far, what the book knows, what is wrong."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import Http404

from umeed.books.actions.meetings import known_before
from umeed.books.meetings.documents import MeetingDocument, read
from umeed.books.meetings.facts import Before
from umeed.books.meetings.sums import Tally, tally_of
from umeed.books.models import Book, Meeting, OpenMeeting
from umeed.books.rules.meetings import why_not_close
from umeed.core.scope import Scope
from umeed.kernel.money import Paise
from umeed.kernel.refusals import Refusal

PAGE = "page"
"""Beside the document: what only its pages need (steps done, what could not be read yet, which meeting it replaces)."""


@dataclass
class Writing:
    """An open meeting. `said` is the document so far; `page` is what its pages keep besides."""

    scope: Scope
    book: Book
    row: OpenMeeting

    @cached_property
    def said(self) -> dict[str, Any]:
        return {key: part for key, part in self.row.said.items() if key != PAGE}

    @cached_property
    def page(self) -> dict[str, Any]:
        kept = self.row.said.get(PAGE)
        return dict(kept) if isinstance(kept, dict) else {}

    @property
    def id(self) -> UUID:
        return self.row.pk

    @property
    def on(self) -> datetime.date:
        try:
            return datetime.date.fromisoformat(str(self.said.get("on")))
        except ValueError:
            return self.scope.today

    @property
    def replaces(self) -> UUID | None:
        return UUID(self.page["replaces"]) if self.page.get("replaces") else None

    @cached_property
    def lent_before(self) -> list[dict[str, Any]]:
        """The loans that the meeting which is corrected paid out, as it says them: one that is unticked and ticked
        again is the same loan."""
        old = Meeting.objects.filter(pk=self.replaces, book=self.book).first() if self.replaces else None
        return list(old.said.get("lendings") or ()) if old is not None else []

    @cached_property
    def document(self) -> MeetingDocument:
        """The document so far. Parts that cannot be read (written by something else than these pages) are left out."""
        found = read(self.said)
        if isinstance(found, MeetingDocument):
            return found
        wrong = {str(reason.field).split(".")[0] for reason in found}
        again = read({key: part for key, part in self.said.items() if key not in wrong})
        return again if isinstance(again, MeetingDocument) else MeetingDocument(id=self.id, on=self.scope.today)

    @cached_property
    def unread(self) -> list[Refusal]:
        found = read(self.said)
        return found if isinstance(found, list) else []

    @cached_property
    def known(self) -> Before:
        return known_before(
            by=self.scope, book=self.book, on=self.on, number=self.said.get("number"), replaces=self.replaces
        )

    @cached_property
    def reasons(self) -> list[Refusal]:
        """What the rules say of the document so far."""
        return [*self.unread, *why_not_close(self.document, self.known.facts, tally_of(self.document))]

    @property
    def tally(self) -> Tally:
        return tally_of(self.document)

    def tally_without(self, parts: tuple[str, ...]) -> Tally:
        """The sums of all other steps: the page adds its own as they are typed."""
        return tally_of(self.document.model_copy(update={part: _NOTHING.get(part, ()) for part in parts}))

    @property
    def box(self) -> Paise:
        """What the box must hold now."""
        return self.tally.box(self.known.facts.cash)

    @property
    def attendance(self) -> Mapping[str, str]:
        return self.said.get("attendance", {})

    def came(self, woman: object) -> bool:
        return self.attendance.get(str(woman)) in ("present", "late")

    def is_done(self, step: str) -> bool:
        return step in self.page.get("done", ())

    def typed(self, step: str) -> dict[str, Any] | None:
        """What a step was sent and could not be read yet."""
        kept = self.page.get("typed", {}).get(step)
        return kept if isinstance(kept, dict) else None


_NOTHING: dict[str, Any] = {"deposit": 0, "withdrawal": 0, "counted": None, "difference_why": "", "difference": None}


def writing_of(scope: Scope, book: Book) -> Writing | None:
    """The meeting that is being written in a book, if any."""
    row = OpenMeeting.objects.filter(book=book).seen_by(scope, "books.keep").first()
    return Writing(scope, book, row) if row is not None else None


def group_only(book: Book) -> Book:
    """These are the meetings of groups: those of VOs and CLFs have pages of their own."""
    if book.institution.kind != "shg":
        raise Http404
    return book
