"""What the women of a group are called: where two of them have one name, whose wife or daughter each is.

Bodies have names of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from unicodedata import normalize
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from umeed.core.templatetags.umeed_text import listed
from umeed.institutions.codes import Gender, Relation
from umeed.institutions.models import Membership, OfficeTerm, Woman
from umeed.kernel.refusals import N_

_WHOSE = {
    Relation.HUSBAND: N_("wife of %(name)s"), Relation.WIFE: N_("husband of %(name)s"),
    Relation.SON: N_("mother of %(name)s"), Relation.DAUGHTER: N_("mother of %(name)s"),
}  # fmt: skip
_CHILD = {Gender.FEMALE: N_("daughter of %(name)s"), Gender.MALE: N_("son of %(name)s")}

# Of the woman of a membership.
_TOLD = ("name", "belonging_name", "relation", "gender", "born_on", "born_year", "merged_into")

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


def called_in(institution: UUID) -> dict[UUID, str]:
    """{woman: what she is called} of all who ever belonged to an institution or held an office of it. One question."""
    belonged, led = (
        ties.objects.filter(institution=institution).order_by().values("woman") for ties in (Membership, OfficeTerm)
    )
    rows = Woman.objects.filter(pk__in=belonged.union(led)).order_by("pk").values_list("pk", *_TOLD)
    return told_apart(map(Called.of, rows))


def called_among(women: Iterable[UUID] | QuerySet[Any]) -> dict[UUID, str]:
    """{woman: what she is called}, told apart from all who ever belonged to a group of hers. One question."""
    groups = Membership.objects.filter(woman__in=women).values("institution")
    said: dict[UUID, str] = {}
    for woman, name, _more in memberships_called(Membership.objects.filter(institution__in=groups)):
        # Of a woman of several groups the name that tells her apart in one of them, which is the longer.
        said[woman] = max(said.get(woman, ""), name, key=len)
    return said


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
    return f"{name} ({listed(beside)})" if beside else name


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
