"""The phones of bookkeepers, and what each brings: the meetings of her groups in one message."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from umeed.bench.field.filling import Document
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.field.devices import new_token, token_digest
from umeed.field.models import Device
from umeed.institutions import bulk
from umeed.kernel.ids import new_id
from umeed.simulator.phones.speaking import closing, message


@dataclass(frozen=True)
class Phone:
    """Of one bookkeeper, with the token by which it is known and what waits on it."""

    token: str
    documents: Sequence[Document]


def enrolled(by: Scope, letters: Iterable[tuple[UUID, list[Document]]]) -> list[Phone]:
    """A phone for each bookkeeper."""
    found = [(who, Phone(new_token(), documents)) for who, documents in letters]
    now = timezone.now()
    rows = ((who, new_id(), "Bench", {}, token_digest(phone.token), now, by.viewer) for who, phone in found)
    names = ["owner_id", "phone", "label", "public_key", "token_digest", "enrolled_at", "enrolled_by"]
    with as_system(), audited(by=by, did="enrol_phone", why="A week of meetings to be measured") as trail:
        bulk.put(trail, Device, names, rows, note="together")
    return [phone for _who, phone in found]


def first_message(phone: Phone) -> dict[str, Any]:
    """A phone that knows nothing yet asks for all."""
    return _message([], {}, "", wants_parts=True)


def week_of(phone: Phone, have: dict[str, Any], cursor: str, *, wants_parts: bool) -> dict[str, Any]:
    """The meetings of the week, all in one message. What it has it says only where it asks what it lacks, as a phone
    does with the last of what it brings."""
    commands = [_command(one) for one in phone.documents]
    return _message(commands, have if wants_parts else {}, cursor, wants_parts=wants_parts)


def _message(commands: list[dict[str, Any]], have: dict[str, Any], cursor: str, *, wants_parts: bool) -> dict[str, Any]:
    return message(commands, app="bench", cursor=cursor, have=have, parts=wants_parts)


def _command(document: Document) -> dict[str, Any]:
    return closing(document.institution, document.said, made_at=f"{document.said['on']}T15:00:00")


def packed(message: dict[str, Any]) -> str:
    """As it travels: JSON, packed, and as text for the file of who sends it."""
    return base64.b64encode(gzip.compress(json.dumps(message, ensure_ascii=False).encode(), 6)).decode()
