"""A phone that speaks as a real one does: enrolled by an officer's code, its messages read and answered by
`field.sync`. It keeps nothing but its cursor: who acts it out says what it sends. Only the wire is left out.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone

from umeed.access.models import User
from umeed.core.scope import Scope
from umeed.core.viewer import as_system, as_viewer
from umeed.field import sync
from umeed.field.actions import enrol_phone, give_code
from umeed.field.devices import scope_of_device
from umeed.field.models import Device

Message = dict[str, Any]


def closing(group: UUID, document: Mapping[str, Any], *, made_at: str) -> Message:
    """The command that closes a meeting, under the meeting's own id."""
    return {
        "id": document["id"], "try": 1, "kind": "close_meeting", "group": str(group), "after": [], "made_at": made_at,
        "said": {"document": document, "sure": True, "replaces": None, "why": ""},
    }  # fmt: skip


def message(commands: Sequence[Message], *, app: str, cursor: str = "", stays: int = 0, **more: Any) -> Message:
    """What a phone sends. `stays`: how many commands wait on it besides these."""
    return {
        "protocol": sync.PROTOCOL, "app": app, "clock": timezone.now().isoformat(), "cursor": cursor, "have": {},
        "commands": list(commands), "open": [], "counts": {"waiting": len(commands) + stays, "refused": 0},
        "parts": True, "rows": True, **more,
    }  # fmt: skip


class Phone:
    """Of one bookkeeper. Its key and its token are made by chance and thrown away: nobody else can speak for it."""

    def __init__(self, officer: Scope, owner: User, label: str) -> None:
        with as_viewer(officer.viewer):
            code = give_code(by=officer, owner=owner)
        with as_system():
            device, _token = enrol_phone(
                code=code, public_key=new_public_key(), phone=uuid5(owner.pk, "phone"), label=label
            )
        self.device, self.cursor, self.told = device.pk, "", 0

    def say(self, *commands: Message, **more: Any) -> Message:
        """What the server answers. It is found anew each time, as by its token: an officer may have ended it."""
        with as_system():
            device = Device.objects.select_related("owner", "replaced_by").get(pk=self.device)
            by = scope_of_device(device)
        said = message(commands, app="demonstration", cursor=self.cursor, told=self.told, **more)
        answer = sync.answer(by=by, device=device, asked=sync.read_asked(said))
        self.cursor, self.told = answer["cursor"], answer["told"]
        return answer


def new_public_key() -> dict[str, str]:
    """A good one, whose private half nobody keeps."""
    point = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": _text(point.x), "y": _text(point.y)}


def _text(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("=")
