"""Phones: a code is given, a phone enrolled with it, ended, asked to forget everything; and each taken back."""

from __future__ import annotations

import base64
import datetime
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.utils import timezone

from umeed.access.models import User
from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import Trail, audited, picture
from umeed.core.scope import Scope
from umeed.field.devices import GOOD_DAYS, code_digest, new_code, new_token, scope_of_device, token_digest
from umeed.field.models import Device, PhoneCode
from umeed.field.queries import MANAGE, has_left, people_to_enrol, phones
from umeed.kernel.refusals import N_, Refusal

_NOT_HERS = N_("This person keeps no book where you look after phones.")
_NO_PHONE = N_("This phone is not among those that you look after.")
_WRONG_CODE = N_("This code opens nothing: it is wrong, used or too old. Ask the block office for a new one.")
_OF_ANOTHER = N_("This code was made for another person. Ask the block office for one of your own.")
_HERE_ALREADY = N_("You are on this phone already, with all that you wrote.")
_WRONG_KEY = N_("The phone sent no key that can be used. Update the app.")
_NO_REASON = N_("Say why.")
_ENDED = N_("This phone is ended already.")
_NOT_ENDED = N_("This phone is not ended.")
_SPOKE_SINCE = N_("The phone has heard of it already, and forgets what it kept. Give a new code instead.")
_REPLACED_WHY = N_("Enrolled anew on the same phone.")
_LEFT_WHY = N_("Signed out on the phone.")


def give_code(*, by: Scope, owner: User) -> str:
    """A code for one phone of a bookkeeper; those given before and not used open nothing any more. Told once, here."""
    if not people_to_enrol(by).filter(pk=owner.pk).exists():
        raise Refused([Refusal("owner", "not_hers", _NOT_HERS)])
    code, now = new_code(), timezone.now()
    with audited(by=by, did="give_phone_code") as trail:
        for older in PhoneCode.objects.filter(owner=owner, used_at=None, good_until__gt=now):
            before = picture(older)
            older.good_until = now
            older.save()
            trail.changed(older, before)
        row = PhoneCode(
            owner=owner, digest=code_digest(code), given_by=by.viewer,
            good_until=now + datetime.timedelta(days=GOOD_DAYS),
        )  # fmt: skip
        row.save()
        trail.created(row)
        trail.about(row)
    return code


def enrol_phone(
    *, code: str, public_key: Any, phone: UUID, label: str, origin: str = "", known: Collection[UUID] = (),
    owner: UUID | None = None, was: UUID | None = None,
) -> tuple[Device, str]:  # fmt: skip
    """The phone of whose code it is, and its token, told once. Asked again by the same phone because the answer was
    lost, it is the same phone with a new token.

    `known` are who is on the phone already: their code is not used up, they renew. Who renews says who she is (`owner`)
    and which device she was: a server that was put back to an earlier day has forgotten it, and knows it again, with
    the files that it wrote."""
    key = read_public_key(public_key)
    with transaction.atomic():
        row = PhoneCode.objects.filter(digest=code_digest(code)).select_related("owner").select_for_update(of=("self",))
        found = row.first()
        if found is None or not found.owner.is_active or found.good_until <= timezone.now():
            raise Refused([Refusal("code", "wrong_code", _WRONG_CODE)])
        if owner is not None and found.owner_id != owner:
            raise Refused([Refusal("code", "of_another", _OF_ANOTHER)])
        if found.used_at is not None:
            return _asked_again(found, key, phone, origin)
        if found.owner_id in known:
            raise Refused([Refusal("code", "here_already", _HERE_ALREADY, {"owner": str(found.owner_id)})])
        return _enrolled(found, key, phone, " ".join(label.split())[:80], origin, was)


def _enrolled(
    code: PhoneCode, key: Mapping[str, str], phone: UUID, label: str, origin: str, was: UUID | None
) -> tuple[Device, str]:
    token, now = new_token(), timezone.now()
    device = Device(
        owner=code.owner, phone=phone, label=label or "–", public_key=key, token_digest=token_digest(token),
        enrolled_at=now, enrolled_by=code.given_by,
    )  # fmt: skip
    if was is not None and not Device.objects.filter(pk=was).exists():
        device.pk = was
    with audited(by=scope_of_device(device, origin=origin), did="enrol_phone") as trail:
        device.save(force_insert=True)
        trail.created(device)
        for older in Device.objects.filter(owner=code.owner, phone=phone, ended_at=None).exclude(pk=device.pk):
            before = picture(older)
            older.ended_at, older.ended_by, older.ended_why = now, str(code.owner_id), _REPLACED_WHY
            older.replaced_by = device
            older.save()
            trail.changed(older, before)
        before = picture(code)
        code.used_at, code.device = now, device
        code.save()
        trail.changed(code, before)
        trail.about(device)
    return device, token


def _asked_again(code: PhoneCode, key: Mapping[str, str], phone: UUID, origin: str) -> tuple[Device, str]:
    device = code.device
    if device is None or device.ended_at or (device.phone, device.public_key) != (phone, key) or device.last_synced_at:
        raise Refused([Refusal("code", "wrong_code", _WRONG_CODE)])
    token = new_token()
    with audited(by=scope_of_device(device, origin=origin), did="enrol_phone") as trail:
        device.token_digest = token_digest(token)
        device.save()
        trail.about(device)
    return device, token


def leave_phone(*, device: Device, origin: str = "") -> None:
    """She signed out on it: it keeps nothing of hers any more, and is ended."""
    with audited(by=scope_of_device(device, origin=origin), did="leave_phone") as trail:
        found = Device.objects.select_for_update(of=("self",)).get(pk=device.pk)
        with _changing(found, trail):
            if found.ended_at is None:
                found.ended_at, found.ended_by, found.ended_why = timezone.now(), str(found.owner_id), _LEFT_WHY


def read_public_key(said: Any) -> dict[str, str]:
    """A JWK on P-256, its point proven to lie on the curve."""
    wrong = Refused([Refusal("public_key", "wrong_key", _WRONG_KEY)])
    if not isinstance(said, dict) or said.get("kty") != "EC" or said.get("crv") != "P-256":
        raise wrong
    try:
        key = {"kty": "EC", "crv": "P-256", "x": str(said["x"]), "y": str(said["y"])}
        key_of(key)
    except (KeyError, ValueError) as nothing:
        raise wrong from nothing
    return key


def key_of(jwk: Mapping[str, str]) -> ec.EllipticCurvePublicKey:
    x, y = (int.from_bytes(_from_base64url(jwk[name]), "big") for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def _from_base64url(text: str) -> bytes:
    if len(text) > 60:
        raise ValueError("longer than a coordinate")
    return base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)


# What an officer does with a phone ------------------------------------------------------------------------------------


def end_phone(*, by: Scope, device: UUID, why: str, wipe: bool = False) -> Device:
    """From now on nothing that it sends is posted; what it still has is taken and kept for the officer. At its next
    contact it is told to forget the rest. Lost or stolen: `wipe`."""
    with audited(by=by, did="end_phone", why=why) as trail:
        found = _to_change(by, device)
        reasons = [] if found.is_trusted else [Refusal(None, "ended", _ENDED)]
        refuse_if([*reasons, *([] if why.strip() else [Refusal("why", "no_reason", _NO_REASON)])])
        with _changing(found, trail):
            found.ended_at, found.ended_by, found.ended_why = timezone.now(), by.viewer, why.strip()[:240]
            found.replaced_by = None
            found.wipe_asked_at = found.ended_at if wipe else found.wipe_asked_at
    return found


def undo_end(*, by: Scope, device: UUID, why: str) -> Device:
    """It was the wrong phone: as long as it has not heard of its end, nothing happened to it."""
    with audited(by=by, did="undo_end_phone", why=why) as trail:
        found = _to_change(by, device)
        is_older = found.replaced_by_id is not None
        reasons = [Refusal(None, "not_ended", _NOT_ENDED)] if found.is_trusted or is_older else []
        if has_left(found) or (found.ended_at and found.last_synced_at and found.last_synced_at > found.ended_at):
            reasons.append(Refusal(None, "spoke_since", _SPOKE_SINCE))
        refuse_if(reasons)
        with _changing(found, trail):
            found.ended_at, found.ended_by, found.ended_why, found.wipe_asked_at = None, "", "", None
    return found


def ask_wipe(*, by: Scope, device: UUID, why: str) -> Device:
    """Let it forget all that it keeps at its next contact, once nothing waits on it. It may be enrolled anew."""
    with audited(by=by, did="ask_wipe", why=why) as trail:
        found = _to_change(by, device)
        refuse_if([] if why.strip() else [Refusal("why", "no_reason", _NO_REASON)])
        with _changing(found, trail):
            found.wipe_asked_at = found.wipe_asked_at or timezone.now()
    return found


def undo_wipe(*, by: Scope, device: UUID, why: str = "") -> Device:
    with audited(by=by, did="undo_wipe", why=why) as trail:
        found = _to_change(by, device)
        refuse_if([Refusal(None, "spoke_since", _SPOKE_SINCE)] if found.wipe_told_at else [])
        with _changing(found, trail):
            found.wipe_asked_at = None
    return found


def _to_change(by: Scope, device: UUID) -> Device:
    found = phones(by, MANAGE).filter(pk=device).first()
    if found is None:
        raise Refused([Refusal(None, "not_found", _NO_PHONE)])
    return Device.objects.select_for_update(of=("self",)).get(pk=found.pk)


@contextmanager
def _changing(device: Device, trail: Trail) -> Iterator[None]:
    """Saves a phone at the end of the block, with what changed of it."""
    before = picture(device)
    trail.about(device)
    yield
    device.save()
    trail.changed(device, before)
