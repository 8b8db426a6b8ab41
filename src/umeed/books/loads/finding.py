"""Which group and which woman a row means, or which VO or CLF and who below it: read in a few queries, as loads of
institutions find them."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q

from umeed.core.scope import Scope
from umeed.institutions.loads.known import Known, KnownWoman
from umeed.institutions.loads.sounds import fold, spelling_key
from umeed.institutions.models import Federation, Institution
from umeed.kernel.refusals import N_, Refusal, warning

_NO_GROUP = N_("No self-help group of this name is known here. Load the group and its women first.")
_NO_FEDERATION = N_("No VO or CLF of this name is known here. Write it first, with who belongs to it.")
_SEVERAL = N_("Several here have a name that sounds alike: %(names)s. Write the village, or the id.")
_KNOWN_AS = N_("It is known as “%(name)s”.")
_NO_BODY = N_("“%(name)s” is not among the groups and VOs that belong here.")
_NO_WOMAN = N_("“%(name)s” is not among the women of this group.")
_SEVERAL_WOMEN = N_(
    "Several women of this group are called “%(name)s”. Write whose wife or daughter she is, or her id."
)
_NOT_AN_ID = N_("This is no id of Umeed. Leave the cell as it was given out, or empty it.")
_NO_ABOVE = N_("It belonged to no %(kind)s on that day. Write the federation first.")


class Finder:
    """Groups by id, LokOS id, or name and village; women within their group by id, or name and whose she is."""

    NONE = _NO_GROUP

    def __init__(self, by: Scope, capability: str) -> None:
        self.by, self.capability = by, capability
        self.known = Known(by, capability)
        self.places: dict[UUID, str] = {}
        self.above: dict[UUID, list[tuple[UUID, str, datetime.date, datetime.date | None]]] = {}

    def read(self, names: Collection[str], ids: Collection[str]) -> None:
        """Read all groups that are named, with their women and what lies above them."""
        self.known.read_groups([name for name in names if name], {name for name in names if name})
        own = [pk for text in ids if isinstance(pk := uuid_of(text), UUID)]
        rows = Institution.objects.filter(kind="shg").seen_by(self.by, self.capability)
        for group in rows.filter(pk__in=own):
            self.known.groups.setdefault(group.pk, group)
        self.known.read_members(self.known.groups.keys())
        self._read_places()

    def _read_places(self) -> None:
        places = Institution.objects.filter(pk__in=list(self.known.groups)).values_list("pk", "place__name")
        self.places = {pk: name or "" for pk, name in places}
        self._read_above()

    def _read_above(self) -> None:
        ties = list(
            Federation.objects.filter(member__in=list(self.known.groups)).values_list(
                "member", "above", "above__kind", "during"
            )
        )
        higher = Federation.objects.filter(member__in=[above for _member, above, _kind, _during in ties])
        over: dict[UUID, list[tuple[UUID, str, datetime.date, datetime.date | None]]] = {}
        for member, above, kind, during in higher.values_list("member", "above", "above__kind", "during"):
            over.setdefault(member, []).append((above, kind, during.lower, during.upper))
        for member, above, kind, during in ties:
            rows = self.above.setdefault(member, [])
            rows.append((above, kind, during.lower, during.upper))
            rows.extend(over.get(above, ()))

    def group(self, name: str, village: str = "", id: str = "") -> tuple[Institution | None, list[Refusal]]:
        """The group that a row means, with what to tell about it."""
        if id:
            pk = uuid_of(id)
            if isinstance(pk, Refusal):
                return None, [pk.on("group_id")]
            found = self.known.groups.get(pk)
            return found, [] if found else [Refusal("group", "no_group", self.NONE)]
        if alias := self.known.group_alias.get(name):
            return self.known.groups[alias], []
        alike = [one for one in self.known.by_key.get(spelling_key(name), ()) if self._is_there(one, village)]
        exact = [one for one in alike if fold(one.name) == fold(name)]
        chosen = exact if len(exact) == 1 else alike
        if len(chosen) > 1:
            names = sorted(f"{one.name} ({self.places.get(one.pk, '?')})" for one in chosen)[:5]
            return None, [Refusal("group", "several_groups", _SEVERAL, {"names": names})]
        if not chosen:
            return None, [Refusal("group", "no_group", self.NONE)]
        told = [] if exact else [warning("group", "known_as", _KNOWN_AS, {"name": chosen[0].name})]
        return chosen[0], told

    def _is_there(self, group: Institution, village: str) -> bool:
        return not village or fold(self.places.get(group.pk, "")) == fold(village)

    def woman(self, group: UUID, name: str, belonging: str = "", id: str = "") -> UUID | Refusal:
        """The woman of a group that a row means."""
        women = self.known.women.get(group, [])
        if id:
            pk = uuid_of(id)
            if isinstance(pk, Refusal):
                return pk.on("woman_id")
            return pk if any(one.id == pk for one in women) else Refusal("woman", "no_woman", _NO_WOMAN, {"name": name})
        alike = _once(one for one in women if one.key == spelling_key(name))
        if len(alike) > 1 and belonging:
            alike = [one for one in alike if one.belonging_key == spelling_key(belonging)] or alike
        if len(alike) > 1:
            alike = [one for one in alike if fold(str(one.get("name"))) == fold(name)] or alike
        if len(alike) == 1:
            return alike[0].id
        text, code = (_SEVERAL_WOMEN, "several_women") if alike else (_NO_WOMAN, "no_woman")
        return Refusal("woman", code, text, {"name": name})

    def body(self, group: UUID, kind: str, on: datetime.date) -> UUID | Refusal:
        """The VO or CLF of a group on a day."""
        for above, its_kind, since, until in self.above.get(group, ()):
            if its_kind == kind and since <= on and (until is None or on < until):
                return above
        return Refusal("group", "no_above", _NO_ABOVE, {"kind": kind.upper()})


class FederationFinder(Finder):
    """VOs and CLFs by id, or name and village; groups and VOs within theirs by id or name."""

    NONE = _NO_FEDERATION

    def read(self, names: Collection[str], ids: Collection[str]) -> None:
        own = [pk for text in ids if isinstance(pk := uuid_of(text), UUID)]
        keys = {spelling_key(name) for name in names if name}
        rows = Institution.objects.filter(kind__in=("vo", "clf")).seen_by(self.by, self.capability)
        for one in rows.filter(Q(name_key__in=keys) | Q(pk__in=own)).order_by("pk"):
            self.known.groups[one.pk] = one
            self.known.by_key[one.name_key or spelling_key(one.name)].append(one)
        self.below: dict[UUID, dict[UUID, str]] = {}
        ties = Federation.objects.filter(above__in=list(self.known.groups)).order_by("member__name", "member")
        for above, member, name in ties.values_list("above", "member", "member__name"):
            self.below.setdefault(above, {})[member] = name or ""
        self._read_places()

    def member(self, federation: UUID, name: str, id: str = "") -> UUID | Refusal:
        """The group or VO below a federation that a row means."""
        below = self.below.get(federation, {})
        if id:
            pk = uuid_of(id)
            if isinstance(pk, Refusal):
                return pk.on("member_id")
            return pk if pk in below else Refusal("member", "no_body", _NO_BODY, {"name": name})
        alike = [pk for pk, called in below.items() if spelling_key(called) == spelling_key(name)]
        exact = [pk for pk in alike if fold(below[pk]) == fold(name)]
        chosen = exact or alike
        if len(chosen) == 1:
            return chosen[0]
        if chosen:
            names = [below[pk] for pk in chosen[:5]]
            return Refusal("member", "several_groups", _SEVERAL, {"names": names})
        return Refusal("member", "no_body", _NO_BODY, {"name": name})


def _once(women: Iterable[KnownWoman]) -> list[KnownWoman]:
    """A woman who left and came back is one."""
    return list({one.id: one for one in women}.values())


def uuid_of(text: str) -> UUID | Refusal:
    try:
        return UUID(text)
    except ValueError:
        return Refusal("id", "not_an_id", _NOT_AN_ID)
