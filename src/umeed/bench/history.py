"""The rows of earlier runs, kept as JSON lines in the data folder."""

import datetime
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from umeed.bench.measuring import pace
from umeed.bench.promises import Row

FILE = "bench-history.jsonl"


def as_json(row: Row) -> dict[str, Any]:
    """A row as plain values; times in the promise's own unit."""
    figure, promise = row.figure, row.promise
    return {
        "part": promise.part, "promise": promise.name, "most": promise.most, "unit": promise.unit, "by": promise.by,
        "median": figure and round(figure.median, 3), "p95": figure and round(figure.p95, 3),
        "runs": len(figure.values) if figure else 0,
        "beside": {figure.beside[0]: round(figure.beside[1], 3)} if figure and figure.beside else {},
        "verdict": row.verdict, "note": row.note,
    }  # fmt: skip


def keep(rows: Sequence[Row], groups: int, at: datetime.datetime) -> Path:
    """Append the rows with their day, the size of the database and the machine's cores; return the file."""
    file = Path(settings.DATA) / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    circumstances = {
        "at": at.isoformat(timespec="seconds"), "groups": groups, "cores": os.cpu_count(), "busy": busy(),
        "pace_ms": round(pace(), 1), "postgresql": connection.pg_version // 10_000,  # type: ignore[attr-defined]
    }  # fmt: skip
    with file.open("a") as lines:
        for row in rows:
            lines.write(json.dumps(circumstances | as_json(row)) + "\n")
    return file


def busy() -> float:
    """Processes that waited for a core in the last minute (load average), to tell a quiet machine from a busy one."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else 0.0
