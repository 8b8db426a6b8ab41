"""Whether bytes are a picture as a phone's camera makes it, and how large: looked at without opening it."""

from __future__ import annotations

MOST_BYTES, MOST_PIXELS = 300 * 1024, 4096
_START, _END = b"\xff\xd8", b"\xff\xd9"
# Start of a frame: its size stands there. Not among them: tables (C4), arithmetic conditioning (CC), reserved (C8).
_FRAMES = {0xC0, 0xC1, 0xC2}
_SCAN = 0xDA
# What every picture may say of itself besides: that it is one (JFIF), how its colours are told (Adobe).
_NEEDED = {0xE0, 0xEE}


def size_of(raw: bytes) -> tuple[int, int] | None:
    """(width, height) of a baseline or progressive JPEG, whole from its start to its end; None of anything else."""
    if len(raw) > MOST_BYTES or not raw.startswith(_START) or not raw.endswith(_END):
        return None
    at, size = 2, None
    while at + 4 <= len(raw) and raw[at] == 0xFF:
        marker, length = raw[at + 1], int.from_bytes(raw[at + 2 : at + 4], "big")
        if length < 2 or at + 2 + length > len(raw) or not _is_segment(marker):
            return None
        if marker in _FRAMES:
            size = _of_frame(raw[at + 4 : at + 2 + length])
            if size is None:
                return None
        if marker == _SCAN:
            return size
        at += 2 + length
    return None


def bare(raw: bytes) -> bytes:
    """The same picture without what a camera writes beside it: where it was taken, when, by whose phone."""
    at, kept = 2, [_START]
    while raw[at + 1] != _SCAN:
        marker, end = raw[at + 1], at + 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
        if marker in _NEEDED or not (marker == 0xFE or 0xE0 <= marker <= 0xEF):
            kept.append(raw[at:end])
        at = end
    return b"".join([*kept, raw[at:]])


def _is_segment(marker: int) -> bool:
    return marker in _FRAMES or marker in (0xC4, 0xDA, 0xDB, 0xDD, 0xFE) or 0xE0 <= marker <= 0xEF


def _of_frame(frame: bytes) -> tuple[int, int] | None:
    if len(frame) < 6 or frame[0] != 8 or frame[5] not in (1, 3) or len(frame) != 6 + 3 * frame[5]:
        return None
    height, width = int.from_bytes(frame[1:3], "big"), int.from_bytes(frame[3:5], "big")
    return (width, height) if 0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS else None
