"""What the mission has of its groups, VOs and CLFs, read in bundles that share money: a CLF with all below it."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from umeed.simulator.books.bodies import Body
from umeed.simulator.books.habits import Above, Group, Member
from umeed.simulator.books.seasons import terrain_of
from umeed.simulator.books.year import Span

_WITHOUT_BOOKS = """
SELECT i.id, i.kind, f.above_id, lower(f.during)
FROM institutions_institution i
LEFT JOIN institutions_federation f ON f.member_id = i.id AND upper_inf(f.during)
WHERE i.kind IN ('shg', 'vo', 'clf') AND NOT EXISTS (SELECT FROM books_book b WHERE b.institution_id = i.id)
    AND (%(place)s::bigint IS NULL OR i.place_id IN (
        SELECT w.below_id FROM places_within w WHERE w.above_id = %(place)s AND w.during @> %(on)s::date))
ORDER BY i.id
"""
_WHERE = """
SELECT w.below_id, max(p.name) FILTER (WHERE p.kind = 'district'), max(p.name) FILTER (WHERE p.kind = 'block')
FROM places_within w JOIN places_place p ON p.id = w.above_id
WHERE p.kind IN ('district', 'block') AND w.during @> %(on)s::date
    AND w.below_id IN (SELECT place_id FROM institutions_institution WHERE id = ANY(%(ids)s))
GROUP BY 1
"""
_INSTITUTIONS = """
SELECT i.id, i.kind, i.name, i.formed_on, i.status, i.place_id, i.meeting_day, i.saving_paise, i.meeting_place,
    EXISTS (SELECT FROM institutions_bankaccount a WHERE a.institution_id = i.id)
FROM institutions_institution i WHERE i.id = ANY(%(ids)s)
"""
_MEMBERS = """
SELECT m.institution_id, w.id, w.name, lower(m.during), m.id
FROM institutions_membership m JOIN institutions_woman w ON w.id = m.woman_id
WHERE m.institution_id = ANY(%(ids)s) AND upper_inf(m.during) ORDER BY w.id
"""


@dataclass
class Bundle:
    """Institutions that share money, by their ids: {member: (above, since)}."""

    ids: list[UUID] = field(default_factory=list)
    ties: dict[UUID, tuple[UUID, datetime.date]] = field(default_factory=dict)


@dataclass
class Known:
    """A bundle with all that its year needs."""

    groups: list[Group]
    vos: list[Body]
    clfs: list[Body]


def bundles(place: int | None, on: datetime.date, *, most: int = 150) -> list[Bundle]:
    """Institutions of a place (of all, without one) that keep no book yet, a CLF with all below it in one bundle.

    Those without a federation come together in bundles of `most`.
    """
    rows = _ask(_WITHOUT_BOOKS, {"place": place, "on": on})
    above = {id: (up, since) for id, _kind, up, since in rows if up is not None}
    known = {id for id, _kind, _up, _since in rows}
    found: dict[UUID | None, Bundle] = {}
    loose: list[Bundle] = []
    for id, _kind, _up, _since in rows:
        top = id
        while top in above and above[top][0] in known:
            top = above[top][0]
        bundle = found.setdefault(top, Bundle())
        bundle.ids.append(id)
        if id in above and above[id][0] in known:
            bundle.ties[id] = above[id]
    whole = []
    for bundle in found.values():
        if len(bundle.ids) > 1:
            whole.append(bundle)
        elif loose and len(loose[-1].ids) < most:
            loose[-1].ids += bundle.ids
        else:
            loose.append(bundle)
    return [*whole, *loose]


def read(bundle: Bundle, span: Span, shown: UUID | None = None) -> Known:
    """The institutions of a bundle with their women, in the order of their ids."""
    values = {"ids": bundle.ids, "on": span.now.date()}
    where = {place: (district or "", block or "") for place, district, block in _ask(_WHERE, values)}
    rows = {row[0]: row for row in _ask(_INSTITUTIONS, values)}
    women: dict[UUID, list[Member]] = defaultdict(list)
    for institution, id, name, joined, membership in _ask(_MEMBERS, values):
        women[institution].append(Member(id, name, joined, membership=membership))
    known = Known([], [], [])
    for id in bundle.ids:
        _id, kind, name, formed, status, place, day, saving, at, has_account = rows[id]
        above = _above(bundle, rows, id, span)
        if kind == "shg":
            if status != "forming" and women[id]:
                terrain = terrain_of(*where.get(place, ("", "")))
                vo = above if above is not None and above.kind == "vo" else None
                known.groups.append(
                    Group(id, name, formed, status, terrain, day, saving, has_account, at, women[id], vo, id == shown)
                )
        else:
            ties = tuple((below, since) for below, (up, since) in bundle.ties.items() if up == id)
            (known.vos if kind == "vo" else known.clfs).append(Body(id, kind, formed, at, above, ties))
    return known


def _above(bundle: Bundle, rows: dict[UUID, Any], id: UUID, span: Span) -> Above | None:
    if id not in bundle.ties:
        return None
    above, since = bundle.ties[id]
    return Above(above, rows[above][1], since, max(rows[above][3], span.start), rows[above][2])


def _ask(sql: str, values: dict[str, object]) -> Sequence[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def ids_of(known: Known) -> Iterator[UUID]:
    """Whoever gets a book."""
    for one in (*known.groups, *known.vos, *known.clfs):
        yield one.id
