"""The server's pair of keys, made when it is first asked for."""

from __future__ import annotations

import base64
import hashlib

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction

from umeed.field.models import ServerKey

_PEM = (
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption(),
)  # fmt: skip
_LOCK = "SELECT pg_advisory_xact_lock(41, 1)"


def server_key() -> ServerKey:
    """The newest pair, which phones are given. Two who ask first at once get the same."""
    found = ServerKey.objects.order_by("-made_at").first()
    return found if found is not None else _made()


def _made() -> ServerKey:
    with transaction.atomic(), transaction.get_connection().cursor() as cursor:
        cursor.execute(_LOCK)
        if (found := ServerKey.objects.order_by("-made_at").first()) is not None:
            return found
        private = ec.generate_private_key(ec.SECP256R1())
        point = point_of(private.public_key())
        made = ServerKey(
            id=hashlib.sha256(point).hexdigest()[:16], public=base64.b64encode(point).decode(),
            private=private.private_bytes(*_PEM).decode(),
        )  # fmt: skip
        made.save(force_insert=True)
        return made


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """65 bytes, as browsers take it raw."""
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def private_key(key: ServerKey) -> ec.EllipticCurvePrivateKey:
    found = serialization.load_pem_private_key(key.private.encode(), None)
    if not isinstance(found, ec.EllipticCurvePrivateKey):
        raise TypeError("the server's key is not one of P-256")
    return found
