"""Keeps the uploaded file sealed, in pieces, for a few days: to judge it, and to give its refused rows back."""

import base64
import datetime
import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path, PurePath

from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.utils import timezone

from umeed.core.loads.models import Load, LoadFile

PIECE_BYTES = 1024 * 1024
KEEP_DAYS = 30


@lru_cache(maxsize=2)
def _cipher(key: str) -> AESSIV:
    return AESSIV(base64.b64decode(key))


def _bound_to(load: Load, position: int) -> list[bytes]:
    """A piece opens only at its place in its own load."""
    return [b"load.file", load.pk.bytes, position.to_bytes(4, "big")]


def digest_of(pieces: Iterable[bytes]) -> tuple[int, str]:
    """Size in bytes and SHA-256 of a file given in pieces."""
    size, digest = 0, hashlib.sha256()
    for piece in pieces:
        size += len(piece)
        digest.update(piece)
    return size, digest.hexdigest()


def keep(load: Load, pieces: Iterable[bytes]) -> None:
    """Seal and store the file of a load."""
    cipher = _cipher(settings.FIELD_KEY)
    for position, piece in enumerate(pieces):
        LoadFile.objects.create(load=load, position=position, content=cipher.encrypt(piece, _bound_to(load, position)))


def pieces_of(load: Load) -> Iterator[bytes]:
    """The file of a load, piece by piece. Raises InvalidTag when a piece was changed or moved."""
    cipher = _cipher(settings.FIELD_KEY)
    stored = LoadFile.objects.filter(load=load).order_by("position").values_list("position", flat=True)
    for position in list(stored):
        piece = LoadFile.objects.get(load=load, position=position)
        yield cipher.decrypt(bytes(piece.content), _bound_to(load, position))


@contextmanager
def opened_file(load: Load) -> Iterator[Path | None]:
    """The file of a load, for a while, as a file that only this process can read; None when it is kept no longer."""
    with tempfile.NamedTemporaryFile(suffix=PurePath(load.file_name).suffix[:8]) as held:
        for piece in pieces_of(load):
            held.write(piece)
        held.flush()
        yield Path(held.name) if held.tell() else None


def is_kept(load: Load) -> bool:
    return LoadFile.objects.filter(load=load).exists()


def forget(load: Load) -> None:
    LoadFile.objects.filter(load=load).delete()


def oldest_to_keep() -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=KEEP_DAYS)
