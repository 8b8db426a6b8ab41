"""Verdicts at rest: written in batches, sealed columns sealed, read back as they were judged."""

import datetime
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import connection

from umeed.core.fields import masked
from umeed.core.loads import differences
from umeed.core.loads.layouts import CHANGE, CREATE, LEAVE, Difference, Layout, Verdict
from umeed.core.loads.models import GONE, WAITS, Load, LoadRow, What
from umeed.core.seal import opened, sealed
from umeed.kernel.refusals import Refusal

PURPOSE = "load.row"
BATCH = 1000
_LONGEST = 10_000
_SEALED, _DAY, _EXACT = "~sealed", "~day", "~exact"

# COPY is refused on a table with row security; one JSON document a batch is the next fastest (decision 0007).
_INSERT = """
INSERT INTO core_loadrow (load_id, sheet, number, what, shown, reasons, "table", subject_id, before, after, chosen)
SELECT %s, sheet, number, what, shown, reasons, "table", subject_id, before, after, chosen
FROM json_to_recordset(%s::json) AS t(
    sheet text, number int, what text, shown text, reasons jsonb, "table" text, subject_id text,
    before jsonb, after jsonb, chosen bool)
"""


def sealed_keys(layout: Layout) -> frozenset[str]:
    """Keys of the columns whose values never rest in the clear."""
    return frozenset(column.key for columns in layout.sheets.values() for column in columns if column.sealed)


def write(
    load: Load, verdicts: Iterable[Verdict], covered: frozenset[str], known: Sequence[Difference] = ()
) -> dict[str, int]:
    """Store the verdicts of a load in order; the counts by verdict. Memory holds one batch at a time.

    `gone` counts those of LEAVE that are about something known here which the file does not hold, `waits` those whose
    row is kept with the load for later (a LEAVE that still says something in its `after`); of CHANGE every
    difference that some row has is counted, by its key, and how many rows have several.
    """
    counts = dict.fromkeys([*What.values, GONE], 0)
    verdicts = iter(verdicts)
    with connection.cursor() as cursor:
        while batch := list(islice(verdicts, BATCH)):
            for verdict in batch:
                counts[verdict.what] += 1
                counts[GONE] += verdict.what == LEAVE and verdict.number == 0
                if verdict.what == LEAVE and verdict.number != 0 and verdict.after:
                    counts[WAITS] = counts.get(WAITS, 0) + 1
                differences.count(counts, verdict, known)
            cursor.execute(_INSERT, [load.pk, json.dumps([_line(verdict, covered) for verdict in batch])])
    counts["chosen"] = counts[CREATE] + counts[CHANGE]
    return counts


def _line(verdict: Verdict, covered: frozenset[str]) -> dict[str, Any]:
    return {
        "sheet": _text(verdict.sheet, 120), "number": verdict.number, "what": verdict.what,
        "shown": _text(verdict.shown, 300),
        "reasons": [_pack(each.as_dict(), frozenset()) for each in _once(verdict.reasons)],
        "table": verdict.table, "subject_id": str(verdict.subject_id),
        "before": _pack(verdict.before, covered), "after": _pack(verdict.after, covered),
        "chosen": verdict.what in (CREATE, CHANGE),
    }  # fmt: skip


def _once(reasons: Iterable[Refusal]) -> Iterable[Refusal]:
    """Each thing is said once, though two rules about two fields find it; told and refused are two things."""
    return {(str(each), each.severity): each for each in reasons}.values()


def _text(text: Any, longest: int) -> str:
    """Text as PostgreSQL keeps it: no zero characters, no halves of characters."""
    text = str(text)[:longest]
    return (
        text if text.isascii() and "\x00" not in text else text.replace("\x00", "").encode("utf-8", "replace").decode()
    )


def packed(values: Mapping[str, Any], covered: frozenset[str]) -> str:
    """Values as JSON text: dates and exact numbers tagged, values under covered keys sealed, at any depth."""
    return json.dumps(_pack(values, covered))


def _pack(value: Any, covered: frozenset[str]) -> Any:
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return _text(value, _LONGEST)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {
            str(key): _seal(part) if key in covered and part not in (None, "") else _pack(part, covered)
            for key, part in value.items()
        }
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_pack(part, covered) for part in value]
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return {_DAY: value.isoformat()}
    return {_EXACT: str(value)} if isinstance(value, Decimal) else _text(value, _LONGEST)


def _seal(value: Any) -> dict[str, str]:
    return {_SEALED: sealed(json.dumps(_pack(value, frozenset())), PURPOSE)}


def unpacked(value: Any, *, show: bool = True) -> Any:
    """What `packed` stored, as Python values; with `show=False` sealed values come covered, for a page."""
    if isinstance(value, list):
        return [unpacked(part, show=show) for part in value]
    if not isinstance(value, dict):
        return value
    if _SEALED in value:
        text = unpacked(json.loads(opened(value[_SEALED], PURPOSE)))
        return text if show else masked(str(text))
    if _DAY in value:
        return datetime.date.fromisoformat(value[_DAY])
    if _EXACT in value:
        return Decimal(value[_EXACT])
    return {key: unpacked(part, show=show) for key, part in value.items()}


def verdict_of(row: LoadRow) -> Verdict:
    """The verdict as it was judged, sealed values opened."""
    return Verdict(
        row.sheet, row.number, row.what, row.shown, reasons_of(row), row.table, row.subject_id,
        unpacked(row.before), unpacked(row.after),
    )  # fmt: skip


def reasons_of(row: LoadRow) -> list[Refusal]:
    return [Refusal.from_dict(stored) for stored in row.reasons]


class Chosen:
    """The verdicts that the person consented to, in order; may be gone through any number of times."""

    def __init__(self, load: Load) -> None:
        self._rows = LoadRow.objects.filter(load=load, chosen=True, what__in=(CREATE, CHANGE)).order_by("id")

    def __iter__(self) -> Iterator[Verdict]:
        return map(verdict_of, self._rows.iterator(chunk_size=2000))

    def __len__(self) -> int:
        return self._rows.count()


def clear(load: Load) -> None:
    LoadRow.objects.filter(load=load).delete()
