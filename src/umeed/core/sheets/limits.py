"""How much a file may hold before it is refused: guards against bombs and against mistakes, settable by the caller."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one uploaded file.

    file_bytes      as uploaded
    unpacked_bytes  all members of a zip (an .xlsx is one) together, declared and really unpacked
    ratio           unpacked to packed; asked only of what unpacks to more than `ratio_from_bytes`
    members         files in a zip; `sheets` in a workbook
    columns, rows   of one sheet, up to its last filled cell
    cells           columns × rows of one sheet: what reading it costs in memory (about 32 bytes each)
    """

    file_bytes: int = 60 * MEGABYTE
    unpacked_bytes: int = 1024 * MEGABYTE
    ratio: int = 200
    ratio_from_bytes: int = 10 * MEGABYTE
    members: int = 300
    sheets: int = 100
    columns: int = 1_000
    rows: int = 1_048_576
    cells: int = 16_000_000
