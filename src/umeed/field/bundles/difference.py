"""What a phone lacks of the groups whose books its person keeps: sheets after its last one, the rows that came to its
parts, or what differs of these whole."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from umeed.books.ledger.reach import open_all_to_viewer
from umeed.core.scope import Scope
from umeed.field.bundles.digests import digest_of
from umeed.field.bundles.parts import WHOLE, Told, parts_of, whole_parts
from umeed.field.bundles.rows import Came, Key, came_to, told_by_rows
from umeed.field.bundles.windows import Window, books_kept, read_since, windows_of
from umeed.field.models import What

AT_ONCE = 40
"""So many groups are told in one answer; the phone asks again for the others."""
CHECKED_EVERY, WEEKS = 29, 7
"""Days: once in so many all parts of a group are built and compared, though little or nothing came to it. That is for a
phone that brings nothing: while it brings work others wait too, and it is done once in so many times as many days."""
_OF = {What.OWN: "self", What.WOMEN: "women"}


@dataclass(frozen=True, slots=True)
class Difference:
    """`groups` as the answer has them: {id, parts, sheets, has, rows}; `gone` are those that the person keeps no more,
    `more` when others are left to be asked for with what the phone will have then; `stays` when it must ask for them
    since the same transaction: what came to groups that it has was not told yet."""

    groups: list[dict[str, Any]]
    gone: list[str]
    more: bool
    stays: bool = False


def difference(
    scope: Scope, have: Mapping[str, Mapping[str, Any]], touched: Mapping[UUID, frozenset[int]] | None = None,
    by_rows_since: int | None = None, hers: Mapping[UUID, int | None] | None = None,
    compared: Collection[UUID] = (),
) -> Difference:  # fmt: skip
    """What differs from what a phone has ({group: {sheets: the last one, parts: {name: digest}, since}}). Where it is
    known which groups something was written of since it asked last, and what (`touched`), others that it has are not
    looked at. Groups that it has not are told whole. `by_rows_since`: the transaction since which rows are told alone,
    to a phone that adds them. `hers`: what she keeps, where it is known already. `compared`: whose turn it is to be
    compared whole, whatever came."""
    hers = books_kept(scope) if hers is None else hers
    known = {pk: said for text, said in have.items() if (pk := _id(text)) in hers and pk is not None}
    gone = [text for text in have if _id(text) not in known]
    asked = {pk for pk in known if touched is None or pk in touched or pk in compared} | (hers.keys() - known.keys())
    came = dict[UUID, dict[str, Any] | None]()
    if touched is not None and by_rows_since is not None:
        by_rows = [pk for pk in asked if pk not in compared and _has_all(known.get(pk))]
        plain = [_light(pk, hers[pk], known[pk], scope.today) for pk in by_rows]
        came = _came(scope, [one for one in plain if one is not None], touched, by_rows_since)
        asked -= came.keys()
    groups: list[dict[str, Any]] = []
    new_first = sorted(asked, key=lambda pk: (pk in known, str(pk)))
    # Of those that it has, mostly little differs: as many are looked at as are needed to fill an answer.
    for first in range(0, len(new_first), AT_ONCE):
        if groups and len(groups) >= AT_ONCE // 2:
            return Difference(groups, gone, more=True, stays=bool(came) or not known.keys().isdisjoint(asked))
        groups += _told(scope, new_first[first : first + AT_ONCE], known, hers)
    # Rows with the last answer: the cursor stays until they are told, and they would be told again.
    return Difference([*groups, *(one for one in came.values() if one is not None)], gone, more=False)


def whose_turn(groups: Iterable[UUID], today: datetime.date, *, brings: bool) -> frozenset[UUID]:
    """Those of some groups that are compared whole on a day, by a phone that brings work or none."""
    every = CHECKED_EVERY * WEEKS if brings else CHECKED_EVERY
    return frozenset(pk for pk in groups if (pk.int + today.toordinal()) % every == 0)


# Row by row -----------------------------------------------------------------------------------------------------------


def _has_all(said: Mapping[str, Any] | None) -> bool:
    digests = said.get("parts") if said is not None else None
    return isinstance(digests, Mapping) and all(isinstance(digests.get(name), str) for name in WHOLE)


def _light(pk: UUID, book: int | None, said: Mapping[str, Any], today: datetime.date) -> Window | None:
    """A window by which is asked, without what is known of the group."""
    since = read_since(said.get("since"), today)
    if book is None or since.isoformat() != said.get("since"):
        return None
    return Window(Key(pk), Key(book), since, _last(said, since.isoformat()))  # type: ignore[arg-type]


def _came(
    scope: Scope, windows: Sequence[Window], touched: Mapping[UUID, frozenset[int]], xid: int
) -> dict[UUID, dict[str, Any] | None]:
    """{group: what it is told, None when that is nothing} of those that can be told row by row."""
    windows = [one for one in windows if What.ALL not in touched[one.group.pk]]
    if not windows:
        return {}
    open_all_to_viewer([one.book.pk for one in windows if one.book is not None])
    came = came_to(windows, xid, touched)
    for pk, one in came.items():
        one.whole |= {_OF[what] for what in touched[pk] if what in _OF}
    told = told_by_rows(came.values())
    whole = _whole(scope, [came[pk] for pk in told])
    return {pk: _entry(pk, whole.get(pk, {}), one) for pk, one in told.items()}


def _whole(scope: Scope, came: Iterable[Came]) -> dict[UUID, dict[str, Any]]:
    """The parts that are told whole beside rows."""
    asking = {one.window.group.pk: one for one in came if one.whole}
    if not asking:
        return {}
    since = {pk: one.window.since for pk, one in asking.items()}
    last = {pk: one.window.last for pk, one in asking.items()}
    wanted = set().union(*(one.whole for one in asking.values()))
    made = whole_parts(scope, windows_of(scope, asking, since, last), wanted)
    return {pk: {name: part for name, part in parts.items() if name in asking[pk].whole} for pk, parts in made.items()}


def _entry(pk: UUID, parts: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any] | None:
    sheets = told["sheets"] if told["sheets"]["ids"] else None
    if not parts and sheets is None and not told["rows"]:
        return None
    return {"id": str(pk), "parts": dict(parts), "sheets": sheets, "has": told["has"], "rows": told["rows"]}


# Whole ----------------------------------------------------------------------------------------------------------------


def _told(
    scope: Scope, groups: Collection[UUID], known: Mapping[UUID, Mapping[str, Any]], hers: Mapping[UUID, int | None]
) -> list[dict[str, Any]]:
    open_all_to_viewer([book for pk in groups if (book := hers[pk]) is not None])
    since = {pk: read_since(known[pk].get("since"), scope.today) for pk in groups if pk in known}
    last = {pk: _last(known[pk], since[pk].isoformat()) for pk in since}
    told = parts_of(scope, groups, since, last)
    return [one for one in (_lacking(each, known.get(each.group, {})) for each in told) if one is not None]


def _last(said: Mapping[str, Any], since: str) -> int:
    """The last sheet that it has; all of them are sent when its window is another one than it says."""
    last = said.get("sheets")
    return last if type(last) is int and 0 < last < 2**63 and said.get("since") == since else 0


def _lacking(told: Told, has: Mapping[str, Any]) -> dict[str, Any] | None:
    """What it lacks of a group, None when it has all."""
    digests = has.get("parts")
    parts = {
        name: part for name, part in told.parts.items()
        if not isinstance(digests, Mapping) or digests.get(name) != digest_of(part)
    }  # fmt: skip
    is_same_window = has.get("since") == told.sheets["since"]
    sheets = told.sheets if told.sheets["ids"] or not is_same_window else None
    if not parts and sheets is None:
        return None
    return {"id": str(told.group), "parts": parts, "sheets": sheets, "has": dict(told.has)}


def _id(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
