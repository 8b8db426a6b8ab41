"""What a phone lacks of the groups whose books its person keeps: parts that differ whole, sheets after its last one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from umeed.core.scope import Scope
from umeed.field.bundles.digests import digest_of
from umeed.field.bundles.parts import Told, parts_of
from umeed.field.bundles.windows import groups_of, read_since

AT_ONCE = 40
"""So many groups are told in one answer; the phone asks again for the others."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`groups` as the answer has them: {id, parts, sheets, has}; `gone` are those that the person keeps no more, `more`
    when others are left to be asked for with what the phone will have then."""

    groups: list[dict[str, Any]]
    gone: list[str]
    more: bool


def difference(
    scope: Scope, have: Mapping[str, Mapping[str, Any]], touched: Collection[UUID] | None = None
) -> Difference:  # fmt: skip
    """What differs from what a phone has ({group: {sheets: the last one, parts: {name: digest}, since}}). Where it is
    known which groups something was written of since it asked last (`touched`), others that it has are not looked at.
    Groups that it has not are told whole."""
    hers = groups_of(scope)
    known = {pk: said for text, said in have.items() if (pk := _id(text)) in hers and pk is not None}
    gone = [text for text in have if _id(text) not in known]
    asked = {pk for pk in known if touched is None or pk in touched} | (hers - known.keys())
    new_first = sorted(asked, key=lambda pk: (pk in known, str(pk)))
    groups: list[dict[str, Any]] = []
    # Of those that it has, mostly little differs: as many are looked at as are needed to fill an answer.
    for first in range(0, len(new_first), AT_ONCE):
        if groups and len(groups) >= AT_ONCE // 2:
            return Difference(groups, gone, more=True)
        groups += _told(scope, new_first[first : first + AT_ONCE], known)
    return Difference(groups, gone, more=False)


def _told(scope: Scope, groups: Collection[UUID], known: Mapping[UUID, Mapping[str, Any]]) -> list[dict[str, Any]]:
    since = {pk: read_since(known[pk].get("since"), scope.today) for pk in groups if pk in known}
    last = {pk: _last(known[pk], since[pk].isoformat()) for pk in since}
    told = parts_of(scope, groups, since, last)
    return [one for one in (_lacking(each, known.get(each.group, {})) for each in told) if one is not None]


def _last(said: Mapping[str, Any], since: str) -> int:
    """The last sheet that it has; all of them are sent when its window is another one than it says."""
    last = said.get("sheets")
    return last if isinstance(last, int) and last > 0 and said.get("since") == since else 0


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
