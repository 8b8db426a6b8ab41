"""A meeting that was written while the office put two records of one woman together: it names the record that was hers
then, and the book knows the one that is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from umeed.books.ledger.balances import kept_women

_LINES = ("savings", "withdrawals", "fines", "receipts", "requests", "lendings", "payments")


def with_kept_women(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document with every woman under the record that is kept of her; the very same where there is none to change.

    Where it says two things of her, under two records, it stays too: which of them holds, a person says.
    """
    kept = {str(was): str(now) for was, now in kept_women(set(_named(document))).items() if was != now}
    if not kept:
        return document
    came = [(kept.get(woman, woman), state) for woman, state in _part(document, "attendance").items()]
    if len(set(came)) != len(dict(came)):
        return document
    return {**_lines_of(document, kept), "attendance": dict(came)}


def _lines_of(document: Mapping[str, Any], kept: Mapping[str, str]) -> dict[str, Any]:
    found = dict(document)
    for part in _LINES:
        if lines := _list(found, part):
            found[part] = [{**one, "woman": _of(kept, one["woman"])} if _has(one) else one for one in lines]
    if "president" in found:
        found["president"] = _of(kept, found["president"])
    if decisions := _list(found, "decisions"):
        found["decisions"] = [
            {**one, "voted": list(dict.fromkeys(_of(kept, who) for who in one["voted"]))} if _voted(one) else one
            for one in decisions
        ]
    return found


def _named(document: Mapping[str, Any]) -> Iterator[UUID]:
    """Whom it names, as far as it can be read: what is said to be a woman and is no id, the books refuse."""
    said: list[Any] = [*_part(document, "attendance"), document.get("president")]
    said += [one["woman"] for part in _LINES for one in _list(document, part) if _has(one)]
    said += [who for one in _list(document, "decisions") if _voted(one) for who in one["voted"]]
    for one in said:
        if isinstance(one, str):
            try:
                yield UUID(one)
            except ValueError:
                continue


def _part(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def _list(document: Mapping[str, Any], name: str) -> list[Any]:
    found = document.get(name)
    return found if isinstance(found, list) else []


def _has(line: Any) -> bool:
    return isinstance(line, dict) and isinstance(line.get("woman"), str)


def _voted(decision: Any) -> bool:
    voted = decision.get("voted") if isinstance(decision, dict) else None
    return isinstance(voted, list) and all(isinstance(who, str) for who in voted)


def _of(kept: Mapping[str, str], one: Any) -> Any:
    return kept.get(one, one) if isinstance(one, str) else one
