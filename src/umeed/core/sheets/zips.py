"""Zip files opened with suspicion: nothing is unpacked before its size, names and locks have been looked at.

Declared sizes are not believed: every member is unpacked in pieces and counted against the limits. Nothing is ever
written to disk.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from struct import Struct

from umeed.core.sheets.limits import Limits
from umeed.core.sheets.reasons import Unreadable

_LOCAL_HEADER = Struct("<4s22xHH")
_PIECE = 1024 * 1024
_ENCRYPTED = 0x1
_UNSAFE_NAME = re.compile(r"^[/\\]|^[A-Za-z]:[/\\]|(^|[/\\])\.\.([/\\]|$)|\x00")
_OF_THE_PACKER = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")


class Zip:
    """A zip file whose directory has passed the limits. `names` are its files, in its order."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data, self._limits = data, limits
        self._unpacked = 0
        try:
            with zipfile.ZipFile(BytesIO(data)) as opened:
                # Not `is_dir`: it looks at the last letter of a name, and a name cut at a NUL may have none.
                infos = [info for info in opened.infolist() if not info.filename.endswith("/")]
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError) as error:
            raise Unreadable("damaged") from error
        self._check_directory(infos)
        self._infos = {info.filename: info for info in infos if not _OF_THE_PACKER.search(info.filename)}
        self.names = tuple(self._infos)

    def _check_directory(self, infos: list[zipfile.ZipInfo]) -> None:
        limits = self._limits
        if len(infos) > limits.members:
            raise Unreadable("zip_too_many_members", count=len(infos), most=limits.members)
        seen: set[str] = set()
        for info in infos:
            # The name as stored: zipfile cuts it at a NUL and turns backslashes on Windows.
            if _UNSAFE_NAME.search(info.orig_filename):
                raise Unreadable("zip_unsafe_name", name=info.filename[:80])
            if info.filename in seen:
                raise Unreadable("zip_same_name", name=info.filename[:80])
            seen.add(info.filename)
            if info.flag_bits & _ENCRYPTED:
                raise Unreadable("zip_password")
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Unreadable("zip_packed_otherwise")
        self._check_size(sum(info.file_size for info in infos), sum(info.compress_size for info in infos))

    def _check_size(self, unpacked: int, packed: int) -> None:
        limits = self._limits
        too_dense = unpacked > limits.ratio_from_bytes and unpacked > max(packed, 1) * limits.ratio
        if unpacked > limits.unpacked_bytes or too_dense:
            raise Unreadable("zip_bomb")

    def _packed(self, info: zipfile.ZipInfo) -> memoryview:
        header = self._data[info.header_offset : info.header_offset + _LOCAL_HEADER.size]
        if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
            raise Unreadable("damaged")
        _, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        start = info.header_offset + _LOCAL_HEADER.size + name_length + extra_length
        packed = memoryview(self._data)[start : start + info.compress_size]
        if len(packed) < info.compress_size:
            raise Unreadable("damaged")
        return packed

    def pieces(self, name: str) -> Iterator[bytes]:
        """Give the content of a member in pieces of about 1 MB.

        Raises Unreadable: 'zip_bomb' when it unpacks to more than it declares or than the limits allow (counted over
        all members asked for), 'damaged' when it is cut off or its check sum does not fit.
        """
        info = self._infos[name]
        check, size = 0, 0
        for piece in self._unpack(info):
            size += len(piece)
            self._unpacked += len(piece)
            if size > info.file_size or self._unpacked > self._limits.unpacked_bytes * 3:
                raise Unreadable("zip_bomb")
            check = zlib.crc32(piece, check)
            yield piece
        if size != info.file_size or check != info.CRC:
            raise Unreadable("damaged")

    def _unpack(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        packed = self._packed(info)
        if info.compress_type == zipfile.ZIP_STORED:
            for at in range(0, len(packed), _PIECE):
                yield bytes(packed[at : at + _PIECE])
            return
        unpacker = zlib.decompressobj(-15)
        at, waiting = 0, b""
        try:
            while not unpacker.eof and (waiting or at < len(packed)):
                if not waiting:
                    waiting = bytes(packed[at : at + _PIECE])
                    at += _PIECE
                piece = unpacker.decompress(waiting, _PIECE)
                waiting = unpacker.unconsumed_tail
                if piece:
                    yield piece
        except zlib.error as error:
            raise Unreadable("damaged") from error

    def read(self, name: str) -> bytes:
        """Return the whole content of a member (see `pieces` for what it raises)."""
        return b"".join(self.pieces(name))

    def __contains__(self, name: str) -> bool:
        return name in self._infos
