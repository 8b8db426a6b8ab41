"""How rows become columns that compress well."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class Table(Generic[T]):
    """Things in the order in which they are named first; whoever names one says its place."""

    def __init__(self) -> None:
        self.places: dict[T, int] = {}

    def at(self, thing: T) -> int:
        return self.places.setdefault(thing, len(self.places))

    def at_or_none(self, thing: T | None) -> int:
        """−1 of nothing."""
        return -1 if thing is None else self.at(thing)

    @property
    def said(self) -> list[str]:
        return [str(thing) for thing in self.places]


def differences(numbers: Iterable[int], first: int = 0) -> list[int]:
    """Each number less the one before it."""
    said, last = [], first
    for number in numbers:
        said.append(number - last)
        last = number
    return said


def without_empty(row: Mapping[str, Any], *keep: str) -> dict[str, Any]:
    """A record without what is empty; what is named in `keep` stays."""
    return {key: value for key, value in row.items() if key in keep or value not in (None, "", [], {}, False)}


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
