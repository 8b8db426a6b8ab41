"""Phones for tests: enrolled by an officer's code, talking to the server as a real one does."""

from __future__ import annotations

import base64
import gzip
import json
import os
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
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
        self.cursor, self.have, self.number = "", dict[str, Any](), 0
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
        """What the server tells; the cursor and the number of the answer are kept for the next time."""
        asked = {"protocol": 1, "app": "test", "clock": "2026-06-01T10:00:00Z", "cursor": self.cursor,
                 "have": self.have, "commands": list(commands), "open": [], "counts": {"waiting": 0, "refused": 0},
                 "told": self.number, **said}  # fmt: skip
        answer = self.post("sync", asked, packed=True)
        assert answer.status_code == 200, answer.content
        told: dict[str, Any] = answer.json()
        self.cursor, self.number = told["cursor"], told["told"]
        return told

    def envelope(self, *commands: dict[str, Any], **header: Any) -> bytes:
        """A file as the phone writes it. `header` changes what its first line says."""
        own = ec.generate_private_key(ec.SECP256R1())
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(
            ec.SECP256R1(), base64.b64decode(self.told["server_key"])
        )  # fmt: skip
        secret, iv = own.exchange(ec.ECDH(), theirs), os.urandom(12)
        said = {"device": self.told["device"], "key": self.told["server_key_id"], "epk": _base64(point_of(own)),
                "iv": _base64(iv), "n": len(commands), **header}  # fmt: skip
        line = json.dumps(said).encode()
        inside = gzip.compress(json.dumps({"commands": commands, "made_at": "2019", "seq": 1}).encode())
        sealed = AESGCM(derived(secret, b"umeed envelope 1")).encrypt(iv, inside, line)
        whole = b"UMEED1\n" + line + b"\n" + sealed
        self.answer_key = derived(secret, b"umeed answers 1")
        return whole + self.signed(whole)

    def signed(self, whole: bytes) -> bytes:
        r, s = decode_dss_signature(self.key.sign(whole, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def read_answers(self, raw: bytes) -> dict[str, Any]:
        """What the office gave back for the last envelope."""
        magic, line, sealed = raw.split(b"\n", 2)
        assert magic == b"UMEED-ANSWERS1"
        iv = base64.b64decode(json.loads(line)["iv"])
        told: dict[str, Any] = json.loads(gzip.decompress(AESGCM(self.answer_key).decrypt(iv, sealed, line)))
        return told

    def send(self, *commands: dict[str, Any]) -> list[str]:
        """The states of what it sent."""
        return [one["state"] for one in self.sync(*commands)["answers"]]


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def derived(secret: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, b"", info).derive(secret)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


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
