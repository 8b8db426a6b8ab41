"""What the women of a group are called in its books: where two of them have one name, whose wife or daughter each is.

Every page, paper and reason asks here, so that she has one name everywhere. Bodies have names of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from unicodedata import normalize
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext

from umeed.institutions.codes import Gender, Relation
from umeed.institutions.models import Membership
from umeed.kernel.refusals import N_

_WHOSE = {
    Relation.HUSBAND: N_("wife of %(name)s"), Relation.WIFE: N_("husband of %(name)s"),
    Relation.SON: N_("mother of %(name)s"), Relation.DAUGHTER: N_("mother of %(name)s"),
}  # fmt: skip
_CHILD = {Gender.FEMALE: N_("daughter of %(name)s"), Gender.MALE: N_("son of %(name)s")}

# Of the woman of a membership.
_TOLD = ("name", "belonging_name", "relation", "gender", "born_on", "born_year", "merged_into")
_COLUMNS = "w.id, w.name, w.belonging_name, w.relation, w.gender, w.born_on, w.born_year, w.merged_into_id"
_WITH_NAMESAKES = f"""
WITH asked AS (SELECT one AS id, umeed_kept_woman(one) AS kept FROM unnest(%s::uuid[]) one),
    theirs AS (SELECT DISTINCT m.institution_id FROM institutions_membership m JOIN asked a ON m.woman_id = a.kept)
SELECT NULL, a.kept, {_COLUMNS} FROM asked a JOIN institutions_woman w ON w.id = a.id
UNION ALL
SELECT m.institution_id, NULL, {_COLUMNS} FROM theirs t
    JOIN institutions_membership m USING (institution_id) JOIN institutions_woman w ON w.id = m.woman_id
"""  # noqa: S608

_Of = TypeVar("_Of")


@dataclass(frozen=True, slots=True)
class Called:
    """What tells a woman from another of her name."""

    id: UUID
    name: str
    belonging: str = ""
    relation: str = ""
    gender: str = Gender.FEMALE
    born: int | None = None
    merged_into: UUID | None = None

    @classmethod
    def of(cls, row: Iterable[object]) -> Called:
        """Of a row of id, name, belonging name, relation, gender, day and year of birth, and what it merged into."""
        id, name, belonging, relation, gender, born_on, born_year, merged_into = row
        return cls(id, name or "?", belonging, relation, gender, born_on.year if born_on else born_year, merged_into)  # type: ignore[arg-type, attr-defined]


def told_apart(women: Iterable[Called]) -> dict[UUID, str]:
    """{woman: what she is called} of the women of one group. Whose name is hers alone has it as it is; of others the
    husband's, father's or mother's name stands beside it, then the year of birth, then a number."""
    every = {one.id: one for one in women}
    said = {one.id: one.name for one in every.values()}
    for alike in _alike(every.values(), lambda one: _as_read(one.name)):
        # Records that were merged are one woman.
        kept = {one.id: _kept(one, every) for one in alike}
        persons = {kept[one.id]: one for one in sorted(alike, key=lambda one: one.id == kept[one.id])}
        if len(persons) > 1:
            beside = _beside(persons)
            said |= {one.id: _with(one.name, beside[kept[one.id]]) for one in alike}
    return said


def women_called(women: Iterable[UUID | None]) -> dict[UUID, str]:
    """{woman: what she is called}, told apart from all who ever belonged to a group of hers. One question."""
    asked = {pk for pk in women if pk}
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_WITH_NAMESAKES, [list(asked)])
        rows = [(group, kept, Called.of(row)) for group, kept, *row in cursor.fetchall()]
    groups: dict[UUID, dict[UUID, Called]] = defaultdict(dict)
    for group, _kept_as, one in rows:
        if group is not None:
            groups[group][one.id] = one
    said: dict[UUID, str] = {}
    for _group, kept, one in rows:
        if kept is not None:
            apart = (told_apart([*group.values(), one])[one.id] for group in groups.values() if kept in group)
            said[one.id] = next((name for name in apart if name != one.name), one.name)
    return said


def memberships_called(ties: QuerySet[Membership], *more: str) -> list[tuple[UUID, str, tuple[object, ...]]]:
    """(woman, what she is called in her group, more of its membership), by name. All ties of a group, also those that
    have ended: who left has her name still. One question."""
    told = (f"woman__{name}" for name in _TOLD)
    ordered = ties.order_by("woman__name", "woman")
    rows = [(group, Called.of(row[:8]), tuple(row[8:])) for group, *row in
            ordered.values_list("institution", "woman", *told, *more)]  # fmt: skip
    groups: dict[UUID, list[Called]] = defaultdict(list)
    for group, one, _more in rows:
        groups[group].append(one)
    said = {group: told_apart(women) for group, women in groups.items()}
    return [(one.id, said[group][one.id], of_tie) for group, one, of_tie in rows]


def _beside(persons: Mapping[UUID, Called]) -> dict[UUID, list[str]]:
    """{woman: what is said beside her name} of women of one name."""
    beside = {pk: [_whose(one)] if one.belonging.strip() else [] for pk, one in persons.items()}
    for alike in _alike(persons, lambda pk: _as_read(" ".join(beside[pk]))):
        if len(alike) > 1 or not beside[alike[0]]:
            for pk in alike:
                beside[pk] += [_born(year)] if (year := persons[pk].born) else []
    for alike in _alike(persons, lambda pk: _as_read(" ".join(beside[pk]))):
        if len(alike) > 1:
            for at, pk in enumerate(sorted(alike, key=str), 1):
                beside[pk].append(str(at))
    return beside


def _with(name: str, beside: Collection[str]) -> str:
    """As “Shaista Akhter (wife of Nisar Ahmad)”: in brackets, so that it is clear in a list and in lines of Urdu whose
    name is whose."""
    return f"{name} ({', '.join(beside)})" if beside else name


def _whose(one: Called) -> str:
    words = _WHOSE.get(one.relation)  # type: ignore[call-overload]
    if one.relation in (Relation.FATHER, Relation.MOTHER):
        words = _CHILD.get(one.gender)  # type: ignore[call-overload]
    return gettext(words) % {"name": one.belonging} if words else one.belonging


def _born(year: int) -> str:
    return gettext("born %(year)s") % {"year": year}


def _as_read(name: str) -> str:
    """Capitals and blanks tell no names apart."""
    return " ".join(normalize("NFKC", name).casefold().split())


def _kept(one: Called, every: Mapping[UUID, Called]) -> UUID:
    while one.merged_into is not None and one.merged_into in every:
        one = every[one.merged_into]
    return one.merged_into or one.id


def _alike(ones: Iterable[_Of], key: Callable[[_Of], Hashable]) -> list[list[_Of]]:
    found: dict[Hashable, list[_Of]] = defaultdict(list)
    for one in ones:
        found[key(one)].append(one)
    return list(found.values())
