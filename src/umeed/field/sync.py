"""One conversation of a phone with the server: what it brings is taken in, then it is told what it asks and lacks.

    POST /field/api/sync, Authorization: Device <token>, JSON (packed or not). What one does not know it leaves alone;
    of a protocol that it does not know the server takes nothing (426). All of it may come again at any time.

message   {protocol: 1, app, clock: as the phone has it, cursor: as last told, told: number of the last answer it took,
          commands: [{id, try, kind, group, after: [ids of commands on which it stands], made_at, said}] at most 50,
          open: [ids of commands of which it has no last word],
          have: {group: {since, sheets: the last one, parts: {name: digest}}}, parts: whether it asks what it lacks,
          rows: whether it adds rows to the parts that it has,
          counts: {waiting, refused, drafts, pictures, differs}}
answer    {protocol, today, name, owner, language, wipe: whether it must forget everything,
          answers: [{id, try, state, …}] of each command sent or asked after,
          groups: [{id, parts, sheets, has, rows}] (bundles/parts.py, bundles/rows.py), gone: [groups no more hers],
          more: whether it must ask again at once, cursor: where it stands when it has taken all of this in,
          server: its name; another one than before has other books, told: the number of this answer}
state     accepted, known {receipt, number, woman …}; conflict {with, reasons}; refused {reasons}; waits {for, why};
          held {why}: an officer decides; aside {why}: never to be posted; unknown: not here, send it again

By what the phone accepts an answer comes whole, turned on its side (sideways.py) or in lines as well (lines.py).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from umeed.core.plans import plans_kept
from umeed.core.rows import change_row
from umeed.core.scope import Scope
from umeed.core.viewer import as_viewer
from umeed.field.bundles.difference import Difference, difference, whose_turn
from umeed.field.bundles.windows import books_kept
from umeed.field.commands.receiving import Receiving
from umeed.field.commands.sent import Hostile, Sent, Unread, read_sent
from umeed.field.conversations import Conversation, conversation_with, read_number
from umeed.field.cursor import Asked as Stands
from umeed.field.cursor import read_cursor
from umeed.field.forgetting import is_told, waits_since
from umeed.field.models import Device

PROTOCOL = 1
MOST_COMMANDS, MOST_OPEN, MOST_GROUPS = 50, 2000, 2000
_NOTHING = Difference([], [], more=False)


@dataclass(frozen=True)
class Asked:
    """What a phone sends, read."""

    commands: list[Sent | Unread]
    open: list[UUID]
    have: dict[str, Mapping[str, Any]]
    cursor: str
    app: str
    clock: str
    waiting: int
    refused: int
    drafts: int = 0
    pictures: int = 0
    # Groups of which it has not what the server has, though it asked for all of them.
    differs: int = 0
    # A phone that brings many commands leaves the parts for its last message.
    wants_parts: bool = True
    # Whether it adds the rows that came to the parts that it has.
    adds_rows: bool = False
    # The number of the last answer that it took.
    taken: int = 0

    @property
    def brings(self) -> bool:
        """Whether it brings work, or leaves what it lacks for a later message."""
        return bool(self.commands) or not self.wants_parts


def read_asked(message: Mapping[str, Any]) -> Asked:
    """A message of a phone. What is not known in it is left alone: it may be newer than the server."""
    commands, asked, have = message.get("commands", []), message.get("open", []), message.get("have", {})
    if not isinstance(commands, list) or not isinstance(asked, list) or not isinstance(have, dict):
        raise Hostile("This is no message of a phone.")
    if len(commands) > MOST_COMMANDS or len(asked) > MOST_OPEN or len(have) > MOST_GROUPS:
        raise Hostile("This is more than can be asked at once.")
    counts = message.get("counts")
    counts = counts if isinstance(counts, dict) else {}
    return Asked(
        [read_sent(one) for one in commands], [_id(one) for one in asked],
        {group: said for group, said in have.items() if isinstance(said, dict)},
        _line(message, "cursor", 120), _line(message, "app"), _line(message, "clock"),
        *(_count(counts.get(name)) for name in ("waiting", "refused", "drafts", "pictures", "differs")),
        message.get("parts") is not False, message.get("rows") is True, read_number(message.get("told")),
    )  # fmt: skip


@plans_kept()
def answer(*, by: Scope, device: Device, asked: Asked) -> dict[str, Any]:
    """Everything that the phone is told. Each command is a transaction of its own, what it lacks another."""
    conversation = conversation_with(device, asked.taken)
    receiving = Receiving(by, device).look(asked.commands, asked.open)
    for sent in asked.commands:
        receiving.receive(sent)
    answers = receiving.answers([*(one.uid for one in asked.commands), *asked.open])
    told = {
        "answers": answers, "today": by.today.isoformat(), "name": by.name, "owner": str(device.owner_id),
        "language": device.owner.language,
        "wipe": is_told(device, **_left(asked)), "protocol": PROTOCOL,
    }  # fmt: skip
    with as_viewer(by.viewer):
        stands = read_cursor(asked.cursor, conversation.put_back_at)
        cursor, lacking = _lacking(by, device, asked, stands)
        is_compared = not asked.brings and not lacking.more and device.is_trusted
        _note(device, asked, conversation, wipes=bool(told["wipe"]), compared_on=by.today if is_compared else None)
    parts = {"groups": lacking.groups, "gone": lacking.gone, "more": lacking.more, "cursor": cursor}
    # Put back to an earlier day it is another one: then the phone asks after all that it knows from the one before.
    return {**told, **parts, "server": stands.now.server, "told": conversation.number}


def _work_in(commands: list[Sent | Unread]) -> int:
    """How many of them she has not put away: a phone that has sent these has sent all its work."""
    return sum(1 for one in commands if not (isinstance(one, Sent) and one.away))


def _left(asked: Asked) -> dict[str, Any]:
    """What stays on it, for forgetting.py."""
    left = asked.waiting - _work_in(asked.commands)
    return {"left": left, "is_last": asked.wants_parts, "now": timezone.now()}


def _lacking(by: Scope, device: Device, asked: Asked, stands: Stands) -> tuple[str, Difference]:
    """The next cursor, and what the phone lacks. As long as something is left to be told of groups that it has the
    cursor stays."""
    if device.must_forget or not device.is_trusted:
        return "", Difference([], list(asked.have), more=False)
    if not asked.wants_parts:
        return asked.cursor, _NOTHING
    hers = books_kept(by)
    touched = stands.touched(hers) if stands.since is not None else None
    is_done = not asked.brings and device.compared_on == by.today
    turn = frozenset[UUID]() if is_done else whose_turn(hers, by.today, brings=asked.brings)
    lacking = difference(by, asked.have, touched, stands.since if asked.adds_rows else None, hers, turn)
    return asked.cursor if lacking.stays else str(stands.now), lacking


def _note(
    device: Device, asked: Asked, conversation: Conversation, *, wipes: bool, compared_on: datetime.date | None
) -> None:  # fmt: skip
    """When it was there, what it told of itself and that it is answered: no act of hers, kept beside the chain. What it
    has just brought waits on it no more."""
    told: dict[str, Any] = {
        "last_synced_at": timezone.now(), "told_app": asked.app, "told_clock": asked.clock,
        "told_waiting": max(0, asked.waiting - _work_in(asked.commands)), "told_refused": asked.refused,
        "told_drafts": asked.drafts, "told_pictures": asked.pictures, "told_differs": asked.differs,
        "differs_since": (device.differs_since or timezone.now()) if asked.differs else None,
        "wipe_waits_since": waits_since(device, **_left(asked)),
        **conversation.noted(),
    }  # fmt: skip
    if compared_on is not None:
        told["compared_on"] = compared_on
    if wipes and device.wipe_told_at is None:
        told["wipe_told_at"] = timezone.now()
    change_row(device, told)


def _line(message: Mapping[str, Any], name: str, most: int = 40) -> str:
    return str(message.get(name) or "")[:most]


def _count(number: Any) -> int:
    return number if type(number) is int and 0 <= number < 1_000_000 else 0


def _id(text: Any) -> UUID:
    try:
        return UUID(text)
    except (ValueError, AttributeError, TypeError) as wrong:
        raise Hostile("It asks after something that is no command.") from wrong
