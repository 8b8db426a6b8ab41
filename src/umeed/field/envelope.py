"""What a phone hands over as a file or as a row of codes: sealed to the server, signed by the phone.

    "UMEED1\\n" + {device, key, epk, iv, n} + "\\n" + AES-256-GCM(gzip({commands, made_at, seq})) + signature

`key` names the server's pair, `epk` is a public key made for this envelope (base64); ECDH with it and HKDF-SHA256 give
the key; the header line is the additional data; the signature (ECDSA-P256-SHA256, 64 bytes) is over all before it. What
is given back is sealed by the same secret under another name, so that only this phone reads it and only this server can
have written it.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from umeed.core.actions import Refused
from umeed.field.actions.phones import key_of
from umeed.field.commands.sent import Hostile, Sent, Unread, read_sent
from umeed.field.keys import private_key
from umeed.field.models import Device, ServerKey
from umeed.field.views.bodies import TooMuch, as_message, unpacked
from umeed.kernel.refusals import N_, Refusal

MAGIC, ANSWERS = b"UMEED1\n", b"UMEED-ANSWERS1\n"
_SIGNATURE, _IV = 64, 12
MOST_HEADER, MOST_COMMANDS = 1000, 2000
_ENVELOPE_INFO, _ANSWERS_INFO = b"umeed envelope 1", b"umeed answers 1"
NOT_OURS = N_("This is no file of a phone with Umeed, or it was cut off.")
UNKNOWN_PHONE = N_(
    "The phone that wrote this file is not known here. Give its bookkeeper a new code: when she has typed it on that "
    "phone, load the file again."
)
CHANGED = N_(
    "This file is not as the phone wrote it: a part of it is missing, it was changed, or another one wrote it. "
    "Nothing of it was taken. Have the phone write it again."
)
OTHER_SERVER = N_("This file was written for another server.")
TOO_MUCH = N_("This file holds more than one file may. On the phone, carry by hand anew: it makes several.")
UNREADABLE = N_("The phone's signature is good, but what is in the file cannot be read.")


@dataclass(frozen=True)
class Opened:
    """What was in an envelope. `secret` seals what is given back."""

    device: Device
    commands: list[Sent | Unread]
    made_at: str
    seq: int
    epk: str
    secret: bytes


def open_envelope(raw: bytes) -> Opened:
    """Open and prove it: first whose it is, then that she signed exactly this, then what is in it. Raises Refused."""
    line, sealed, signature = _parts(raw)
    header = _header(line)
    device = Device.objects.filter(pk=header["device"]).select_related("owner").first()
    if device is None:
        raise _refused("unknown_phone", UNKNOWN_PHONE)
    _prove(device, raw[:-_SIGNATURE], signature)
    key = ServerKey.objects.filter(pk=header["key"]).first()
    if key is None:
        raise _refused("other_server", OTHER_SERVER)
    try:
        secret = private_key(key).exchange(ec.ECDH(), _point(header["epk"]))
        plain = AESGCM(_derived(secret, _ENVELOPE_INFO)).decrypt(base64.b64decode(header["iv"]), sealed, line)
        message = as_message(unpacked(plain))
        commands = message.get("commands")
        if isinstance(commands, list) and len(commands) > MOST_COMMANDS:
            raise TooMuch("more commands than one file may hold")
        if not isinstance(commands, list) or len(commands) != header["n"]:
            raise Hostile("not as many commands as it says")
        seq = message.get("seq")
        return Opened(
            device, [read_sent(one) for one in commands], str(message.get("made_at") or "")[:40],
            seq if type(seq) is int else 0, header["epk"], secret,
        )  # fmt: skip
    except TooMuch as wrong:
        raise _refused("too_much", TOO_MUCH) from wrong
    except (InvalidTag, ValueError) as wrong:
        raise _refused("unreadable", UNREADABLE) from wrong


def seal_answers(opened: Opened, answers: Sequence[dict[str, Any]], today: str) -> bytes:
    """What became of each command, for the phone that wrote the envelope and nobody else."""
    iv = os.urandom(_IV)
    header = {"device": str(opened.device.pk), "epk": opened.epk, "iv": base64.b64encode(iv).decode()}
    line = json.dumps(header, separators=(",", ":")).encode()
    inside = gzip.compress(json.dumps({"answers": list(answers), "today": today}, ensure_ascii=False).encode())
    sealed = AESGCM(_derived(opened.secret, _ANSWERS_INFO)).encrypt(iv, inside, line)
    return ANSWERS + line + b"\n" + sealed


def _parts(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """Header line, what is sealed, signature."""
    line, newline, rest = raw[len(MAGIC) : len(MAGIC) + MOST_HEADER].partition(b"\n")
    sealed = raw[len(MAGIC) + len(line) + 1 : -_SIGNATURE]
    if not raw.startswith(MAGIC) or not newline or len(rest) == 0 or len(sealed) < 16:
        raise _refused("not_ours", NOT_OURS)
    return line, sealed, raw[-_SIGNATURE:]


def _header(line: bytes) -> dict[str, Any]:
    try:
        said = as_message(line)
        return {
            "device": UUID(said["device"]), "n": said["n"],
            **{name: _line(said[name]) for name in ("key", "epk", "iv")},
        }  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise _refused("not_ours", NOT_OURS) from wrong


def _line(text: Any) -> str:
    if not isinstance(text, str) or len(text) > 120:
        raise ValueError(text)
    return text


def _prove(device: Device, signed: bytes, signature: bytes) -> None:
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    try:
        key_of(device.public_key).verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError) as wrong:
        raise _refused("changed", CHANGED) from wrong


def _point(text: str) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.b64decode(text, validate=True))


def _derived(secret: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, None, info).derive(secret)


def _refused(code: str, text: str) -> Refused:
    return Refused([Refusal("file", code, text)])
