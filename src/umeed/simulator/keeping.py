"""After a load: statistics for the planner, and a line that says how long it took."""

import json
import os
import resource
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from umeed.core.roles import work_as_app, work_as_owner
from umeed.simulator.mission import Made

FILE = "demonstration-loads.jsonl"


def tidied() -> None:
    """Bring statistics and visibility up to date now, so that the first pages are as quick as later ones.

    Left to itself PostgreSQL would do it in the first minutes, beside the people at work.
    """
    work_as_owner()
    try:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
    finally:
        work_as_app()


def record(size: str, made: Made, seconds: float) -> None:
    """Append to `demonstration-loads.jsonl` in the data folder: when, what, seconds in all, memory of this process."""
    line = {
        "at": timezone.localtime().isoformat(timespec="seconds"),
        "size": size,
        "groups": made.groups,
        "women": made.women,
        "seconds": round(seconds, 1),
        "memory_mb": _memory_mb(),
        "cores": os.cpu_count(),
    }
    with (Path(settings.DATA) / FILE).open("a") as file:
        file.write(json.dumps(line) + "\n")


def loads() -> list[dict[str, object]]:
    """What `record` has written, oldest first."""
    file = Path(settings.DATA) / FILE
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def _memory_mb() -> int:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1024 * 1024 if sys.platform == "darwin" else 1024)
