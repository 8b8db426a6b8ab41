"""What a layout asks beside the file: read from a form or a command line, kept as JSON, given back as values."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from umeed.core.loads.layouts import Layout, Option, WithOptions
from umeed.kernel.dates import date_as_written
from umeed.kernel.refusals import N_, Refusal

_NEEDED = N_("Please answer this: Umeed cannot work it out from the file.")
_YES = frozenset({"1", "yes", "on", "true"})


def options_of(of: Layout) -> tuple[Option, ...]:
    return tuple(of.options) if isinstance(of, WithOptions) else ()


def written(of: Layout, given: Mapping[str, str]) -> tuple[dict[str, Any], list[Refusal]]:
    """What was typed, as JSON values by option key, and all reasons why some of it cannot be used."""
    values: dict[str, Any] = {}
    reasons: list[Refusal] = []
    for option in options_of(of):
        text = (given.get(option.key) or "").strip()
        if option.kind == "flag":
            values[option.key] = text.lower() in _YES
        elif not text:
            if option.required:
                reasons.append(Refusal(option.key, "option_needed", _NEEDED))
        elif option.kind == "date":
            day = date_as_written(text, field=option.key)
            if isinstance(day, Refusal):
                reasons.append(day)
            else:
                values[option.key] = day.isoformat()
        else:
            values[option.key] = text[:500]
    return values, reasons


def read_back(of: Layout, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Stored options as values: dates as `datetime.date`."""
    dates = {option.key for option in options_of(of) if option.kind == "date"}
    return {key: datetime.date.fromisoformat(value) if key in dates else value for key, value in stored.items()}
