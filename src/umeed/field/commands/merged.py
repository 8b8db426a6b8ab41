"""A meeting or a cut-off that was written while the office put two records of one woman together: it names the record
that was hers then, and the book knows the one that is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from umeed.books.ledger.balances import kept_women

_OF_CUT_OFFS = ("savings", "loans", "closed")
_LINES = ("savings", "withdrawals", "fines", "receipts", "requests", "lendings", "payments")


def with_kept_women(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document with every woman under the record that is kept of her; the very same where there is none to change.

    Where it says two things of her, under two records, it stays too: which of them holds, a person says.
    """
    kept = _kept_of(_named(document))
    if not kept:
        return document
    came = [(kept.get(woman, woman), state) for woman, state in _part(document, "attendance").items()]
    if len(set(came)) != len(dict(came)):
        return document
    return {**_lines_of(document, kept), "attendance": dict(came)}


def cut_off_with_kept_women(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same of a cut-off. Where both records have savings under one head, or meetings attended, a person says what
    holds of the two."""
    named = [one["woman"] for part in _OF_CUT_OFFS for one in _list(document, part) if _has(one)]
    kept = _kept_of([*named, *_part(document, "attended")])
    if not kept:
        return document
    saved = [(_of(kept, one["woman"]), str(one.get("head"))) for one in _list(document, "savings") if _has(one)]
    came = [_of(kept, woman) for woman in _part(document, "attended")]
    if len(set(saved)) != len(saved) or len(set(came)) != len(came):
        return document
    found = {**document, **_with(document, _OF_CUT_OFFS, kept)}
    if "attended" in found:
        found["attended"] = {_of(kept, woman): count for woman, count in _part(document, "attended").items()}
    return found


def _lines_of(document: Mapping[str, Any], kept: Mapping[str, str]) -> dict[str, Any]:
    found = {**document, **_with(document, _LINES, kept)}
    if "president" in found:
        found["president"] = _of(kept, found["president"])
    if decisions := _list(found, "decisions"):
        found["decisions"] = [
            {**one, "voted": list(dict.fromkeys(_of(kept, who) for who in one["voted"]))} if _voted(one) else one
            for one in decisions
        ]
    return found


def _with(document: Mapping[str, Any], parts: Sequence[str], kept: Mapping[str, str]) -> dict[str, Any]:
    """Lists of lines, each line under the record that is kept of its woman."""
    return {
        part: [{**one, "woman": _of(kept, one["woman"])} if _has(one) else one for one in lines]
        for part in parts if (lines := _list(document, part))
    }  # fmt: skip


def _kept_of(named: Iterable[Any]) -> dict[str, str]:
    """{record: the one that is kept of her}, of those that were merged. What is said to be a woman and is no id, the
    books refuse."""
    return {str(was): str(now) for was, now in kept_women(set(_ids(named))).items() if was != now}


def _ids(named: Iterable[Any]) -> Iterator[UUID]:
    for one in named:
        if isinstance(one, str):
            try:
                yield UUID(one)
            except ValueError:
                continue


def _named(document: Mapping[str, Any]) -> Iterator[Any]:
    """Whom it names."""
    yield from _part(document, "attendance")
    yield document.get("president")
    yield from (one["woman"] for part in _LINES for one in _list(document, part) if _has(one))
    yield from (who for one in _list(document, "decisions") if _voted(one) for who in one["voted"])


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
