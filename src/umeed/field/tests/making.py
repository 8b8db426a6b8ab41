"""Phones for tests: enrolled by an officer's code, talking to the server as a real one does."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from umeed.access.models import User
from umeed.core.scope import Scope
from umeed.field.actions import give_code
from umeed.field.models import Device
from umeed.kernel.ids import new_id


class Phone:
    """A phone of one bookkeeper, without what it keeps: it sends, and hears the answers."""

    def __init__(self, officer: Scope, owner: str = "bookkeeper", phone: UUID | None = None) -> None:
        self.officer, self.owner, self.phone = officer, User.objects.get(username=owner), phone or uuid4()
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.client = Client()
        self.cursor, self.have = "", dict[str, Any]()
        self.told: dict[str, Any] = {}

    @property
    def jwk(self) -> dict[str, str]:
        point = self.key.public_key().public_numbers()
        return {"kty": "EC", "crv": "P-256", "x": _text(point.x), "y": _text(point.y), "ext": "true"}

    def enrol(self, code: str | None = None) -> Phone:
        code = code if code is not None else give_code(by=self.officer, owner=self.owner)
        answer = self.post("enrol", {
            "code": code, "public_key": self.jwk, "phone": str(self.phone), "label": "Redmi of the family",
        })  # fmt: skip
        assert answer.status_code == 200, answer.content
        self.told = answer.json()
        return self

    @property
    def device(self) -> Device:
        return Device.objects.get(pk=self.told["device"])

    def post(self, path: str, said: Any, *, packed: bool = False, **headers: str) -> Any:
        raw = said if isinstance(said, bytes) else json.dumps(said, default=str).encode()
        if packed:
            raw, headers["content-encoding"] = gzip.compress(raw), "gzip"
        if "token" in self.told:
            headers.setdefault("authorization", f"Device {self.told['token']}")
        kind = "application/json" if not isinstance(said, bytes) else "application/octet-stream"
        return self.client.post(f"/field/api/{path}", raw, content_type=kind, headers=headers)

    def sync(self, *commands: dict[str, Any], **said: Any) -> dict[str, Any]:
        """What the server tells; the cursor is kept for the next time."""
        asked = {"protocol": 1, "app": "test", "clock": "2026-06-01T10:00:00Z", "cursor": self.cursor,
                 "have": self.have, "commands": list(commands), "open": [], "counts": {"waiting": 0, "refused": 0},
                 **said}  # fmt: skip
        answer = self.post("sync", asked, packed=True)
        assert answer.status_code == 200, answer.content
        told: dict[str, Any] = answer.json()
        self.cursor = told["cursor"]
        return told

    def send(self, *commands: dict[str, Any]) -> list[str]:
        """The states of what it sent."""
        return [one["state"] for one in self.sync(*commands)["answers"]]


def _text(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("=")


def command(kind: str, group: Any, said: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": str(new_id()), "try": 1, "kind": kind, "group": str(group), "after": [],
            "made_at": "2019-01-01T00:00:00Z", "said": said, **more}  # fmt: skip


def closing(group: Any, document: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The command that closes a meeting, under the meeting's own id."""
    document = json.loads(json.dumps(plain(document), default=str))
    said = {"document": document, "sure": more.pop("sure", True), "replaces": more.pop("replaces", None),
            "why": more.pop("why", "")}  # fmt: skip
    return command("close_meeting", group, said, id=str(document["id"]), **more)


def plain(said: Any) -> Any:
    """As a phone writes it: ids as text, also where they are keys."""
    if isinstance(said, dict):
        return {str(key): plain(value) for key, value in said.items()}
    return [plain(one) for one in said] if isinstance(said, list | tuple) else said
