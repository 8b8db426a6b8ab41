"""A command as it travels. Whatever comes may be hostile: it is read before anything is believed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from umeed.field import rules
from umeed.field.models import Command
from umeed.kernel.refusals import Refusal

MOST_TRIES, MOST_AFTER, MOST_WHY = 10_000, 200, 240
# The kind under which it travels that a command was put away: no server that does not know it posts anything.
PUT_AWAY = "put_away"


class Hostile(ValueError):
    """What came is no message of a phone; the text says what is wrong with it, in plain words."""


@dataclass(frozen=True)
class Sent:
    """One try of a command. `made_at` is what the phone's clock said."""

    uid: UUID
    attempt: int
    kind: str
    group: UUID
    after: tuple[UUID, ...]
    made_at: str
    said: Mapping[str, Any]
    # She puts it away: it is never to be posted, and this is why.
    away: str = ""

    @property
    def digest(self) -> bytes:
        """SHA-256 of what it says and stands on: the same again is known by it."""
        return hashlib.sha256(self.as_text(sort_keys=True).encode()).digest()

    def as_text(self, *, sort_keys: bool = False) -> str:
        after = [str(uid) for uid in self.after]
        whole = {"kind": self.kind, "group": str(self.group), "after": after, "said": self.said}
        if self.away:
            whole["put_away"] = self.away
        return json.dumps(whole, sort_keys=sort_keys, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def of(cls, row: Command) -> Sent:
        """As it was kept."""
        said = json.loads(row.said)["said"]
        return cls(row.uid, row.attempt, row.kind, row.group, tuple(row.after), row.made_at, said)


@dataclass(frozen=True)
class Unread:
    """A command that names itself and says nothing that could be kept. The phone has it still."""

    uid: UUID
    attempt: int
    reason: Refusal


def read_sent(raw: Any) -> Sent | Unread:
    """A command, or why it is none. What does not even name itself is hostile."""
    if not isinstance(raw, dict):
        raise Hostile("A command is not written as one.")
    uid, attempt = _id(raw.get("id")), raw.get("try", 1)
    if uid is None or type(attempt) is not int or not 1 <= attempt <= MOST_TRIES:
        raise Hostile("A command does not say which one it is.")
    group, said, kind, away = _id(raw.get("group")), raw.get("said"), raw.get("kind"), ""
    if kind == PUT_AWAY and isinstance(said, dict):
        kind, away = said.get("kind"), str(said.get("why") or "–")[:MOST_WHY]
    after = [_id(one) for one in raw.get("after") or ()] if isinstance(raw.get("after", ()), list | tuple) else [None]
    if kind not in Command.Kind.values:
        return Unread(uid, attempt, Refusal("kind", "unknown_kind", rules.UNKNOWN_KIND))
    if group is None or not isinstance(said, dict) or None in after or len(after) > MOST_AFTER:
        return Unread(uid, attempt, Refusal(None, "unread", rules.UNREADABLE))
    named = tuple(one for one in after if one is not None)
    return Sent(uid, attempt, str(kind), group, named, str(raw.get("made_at") or "")[:40], said, away)


def _id(text: Any) -> UUID | None:
    """An id as the contract writes it: 36 letters, in dashes."""
    if not isinstance(text, str) or len(text) != 36:
        return None
    try:
        return UUID(text)
    except ValueError:
        return None


MOST_DEEP = 16


def why_not_plain(value: Any) -> str:
    """What in a message PostgreSQL could not keep, or would take for ever to look at; '' when nothing."""
    level = [value]
    for _depth in range(MOST_DEEP):
        below: list[Any] = []
        for one in level:
            if isinstance(one, str):
                if not _is_text(one):
                    return "It holds letters that are none."
            elif isinstance(one, dict):
                below.extend(one)
                below.extend(one.values())
            elif isinstance(one, list):
                below.extend(one)
        if not below:
            return ""
        level = below
    return "Its parts lie too deep in each other."


def _is_text(text: str) -> bool:
    if "\x00" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
