"""What handlers of commands are given and what they answer. One handler a kind; each calls one action."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from umeed.access.models import User
from umeed.books.actions.settling import stands_as
from umeed.books.models import Clash
from umeed.core.actions import Refused
from umeed.core.scope import Scope
from umeed.field import rules
from umeed.field.commands.sent import Sent
from umeed.kernel.refusals import Refusal


@dataclass(frozen=True)
class Group:
    """The group of a command, which the person may write for: its book (none yet, perhaps) and its village."""

    id: UUID
    book: int | None
    place: int


@dataclass(frozen=True)
class Work:
    """A command to be tried: in whose name, for which group, what it says; what its phone is told of it besides."""

    by: Scope
    owner: UUID
    group: Group
    sent: Sent
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def said(self) -> Mapping[str, Any]:
        return self.sent.said

    @property
    def book(self) -> int:
        if self.group.book is None:
            raise Refused([Refusal("group", "no_book", rules.NO_BOOK)])
        return self.group.book

    def id_of(self, field: str) -> UUID:
        """An id that it must say."""
        found = self.id_or_none(field)
        if found is None:
            raise unread(field)
        return found

    def id_or_none(self, field: str) -> UUID | None:
        text = self.said.get(field)
        if text is None:
            return None
        try:
            return UUID(text)
        except (ValueError, AttributeError, TypeError) as wrong:
            raise unread(field) from wrong

    def meeting_or_none(self, field: str) -> UUID | None:
        """A meeting that it names, as it stands in the book: of two that came for one place hers got another id."""
        found = self.id_or_none(field)
        return stands_as(self.book, found) if found is not None else None

    def meeting_of(self, field: str) -> UUID:
        return stands_as(self.book, self.id_of(field))

    def part(self, field: str) -> dict[str, Any]:
        """A part of it that has parts itself."""
        found = self.said.get(field)
        if not isinstance(found, dict):
            raise unread(field)
        return found

    def line(self, field: str) -> str:
        text = self.said.get(field) or ""
        if not isinstance(text, str):
            raise unread(field)
        return text[:240]


def unread(field: str | None) -> Refused:
    return Refused([Refusal(field, "unread", rules.UNREADABLE)])


# What says that two came for one place. Whatever else the rules find then follows from it: there is nothing to mend.
_OF_THE_PLACE = frozenset({"number_taken", "conflict", "not_standing"})


class Stands(Exception):
    """Another stands in its place: what it is, for the phone, and the clash in which the books keep both."""

    def __init__(self, stands: Mapping[str, Any], reasons: list[Refusal], clash: Clash | None = None) -> None:
        self.stands, self.clash = dict(stands), clash
        self.reasons = [one for one in reasons if one.code in _OF_THE_PLACE] or reasons
        super().__init__("another stands in its place")


class NotYet(Exception):
    """It waits for what has not come yet."""

    def __init__(self, reason: Refusal) -> None:
        self.reason = reason
        super().__init__(reason.message())


Handler = Callable[[Work], bool]
"""Does it; answers whether it is new, False when it had been done before. Raises Refused, Stands or NotYet."""


def name_of(viewer: str) -> str:
    """What a person is called who wrote something; '' of who is not known any more."""
    try:
        found = User.objects.filter(pk=UUID(viewer)).first()
    except ValueError:
        return ""
    return str(found) if found else ""
