"""What Umeed already knows of the groups and women that a file may mean: read in a few queries before judging."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from umeed.core.scope import Scope
from umeed.core.seal import sealed
from umeed.institutions.loads.sounds import fold, spelling_key
from umeed.institutions.models import Alias, BankAccount, Institution, Membership, OfficeTerm, Woman

WOMAN_COLUMNS = (
    "id", "name", "name_key", "belonging_name", "born_on", "born_year", "names_local", "belonging_names_local",
    "relation", "gender", "social_category", "religion", "is_pvtg", "disability", "disability_kind", "guardian_name",
    "marital", "is_household_head", "education", "reads", "phone", "phone_owner", "has_smartphone", "livelihoods",
    "nominee_name", "nominee_relation", "is_insured", "address", "pin_code", "account_number", "account_name", "ifsc",
    "account_opened_on", "is_account_seeded", "checked_on", "household_id", "died_on",
)  # fmt: skip
_SLICE = 5000


@dataclass(slots=True)
class KnownWoman:
    """A woman of a group that the file names, with her membership there. `values` in the order of WOMAN_COLUMNS.

    Without a membership (and its days) only a woman whose own id the file gives, and who is in no group today.
    """

    id: UUID
    key: str
    belonging_key: str
    values: tuple[Any, ...]
    membership_id: UUID | None
    joined_on: datetime.date | None
    left_on: datetime.date | None

    def get(self, column: str) -> Any:
        return self.values[WOMAN_COLUMNS.index(column)]

    @property
    def born_year(self) -> int | None:
        born_on = self.get("born_on")
        return born_on.year if born_on else self.get("born_year")


class Known:
    """Groups by name and id, their women, their offices; aliases; women of the same villages. Reads, never writes."""

    def __init__(self, by: Scope, capability: str) -> None:
        self.by, self.capability = by, capability
        self.groups: dict[UUID, Institution] = {}
        self.by_key: dict[str, list[Institution]] = defaultdict(list)
        self.women: dict[UUID, list[KnownWoman]] = defaultdict(list)
        self.open_count: dict[UUID, int] = defaultdict(int)
        self.officers: dict[UUID, dict[str, OfficeTerm]] = defaultdict(dict)
        self.group_alias: dict[str, UUID] = {}
        self.woman_alias: dict[str, UUID] = {}
        self.by_id: dict[UUID, KnownWoman] = {}
        self.own_group: dict[UUID, tuple[UUID, str]] = {}
        self.own_village: dict[UUID, tuple[str, str]] = {}

    def read_groups(self, names: Iterable[str], lokos_ids: Collection[str]) -> None:
        """Self-help groups in reach whose name sounds like one of these, or that carry one of these LokOS ids."""
        aliases = _aliases("institution", lokos_ids)
        keys = {spelling_key(name) for name in names if name}
        rows = Institution.objects.filter(kind="shg").seen_by(self.by, self.capability).order_by("pk")
        for found in (rows.filter(name_key__in=part) for part in _slices(sorted(keys))):
            self._take(found)
        for part in _slices(sorted(set(aliases.values()), key=str)):
            self._take(rows.filter(pk__in=part))
        self.group_alias = {value: pk for value, pk in aliases.items() if pk in self.groups}

    def _take(self, rows: Iterable[Institution]) -> None:
        for group in rows:
            if group.pk not in self.groups:
                self.groups[group.pk] = group
                self.by_key[group.name_key or spelling_key(group.name)].append(group)

    def read_members(self, groups: Collection[UUID]) -> None:
        """All who are or were members of these groups, and who holds an office there."""
        columns = [f"woman__{column}" for column in WOMAN_COLUMNS]
        for part in _slices(sorted(groups)):
            ties = Membership.objects.filter(institution__in=part).order_by("pk")
            for pk, group, during, *values in ties.values_list("pk", "institution_id", "during", *columns):
                self._member(pk, group, during, tuple(values))
            terms = OfficeTerm.objects.filter(institution__in=part, during__endswith=None).select_related("woman")
            for term in terms:
                self.officers[term.institution_id][term.office] = term

    def _member(self, pk: UUID, group: UUID, during: Any, values: tuple[Any, ...]) -> None:
        if values[0] is None:
            return
        self.women[group].append(_known_woman(values, pk, during))
        self.open_count[group] += during.upper is None

    def read_women(self, ids: Collection[UUID]) -> None:
        """Women in reach whose own ids a file gives.

        With {woman: (her group's id, its name)} of today, and {woman: (her village's name, its LGD code)}; a habitation
        is none, for an export names the village that it lies in.
        """
        for part in _slices(sorted(ids)):
            rows = Woman.objects.filter(pk__in=part, merged_into__isnull=True).seen_by(self.by, self.capability)
            found = {values[0]: values for values in rows.values_list(*WOMAN_COLUMNS)}
            ties = Membership.objects.filter(woman__in=list(found), kind="shg", during__endswith=None)
            tied = {woman: tie for woman, *tie in ties.values_list(
                "woman_id", "pk", "during", "institution_id", "institution__name"
            )}  # fmt: skip
            in_villages = rows.filter(place__kind="village").values_list("pk", "place__name", "place__lgd_code")
            self.own_village |= {woman: (name, str(code or "")) for woman, name, code in in_villages}
            for woman, values in found.items():
                tie, during, group, name = tied.get(woman, (None, None, None, None))
                self.by_id[woman] = _known_woman(values, tie, during)
                if group:
                    self.own_group[woman] = (group, name or "")
        groups = sorted({group for group, _name in self.own_group.values()} - self.groups.keys())
        for part in _slices(groups):
            self._take(Institution.objects.filter(kind="shg", pk__in=part).seen_by(self.by, self.capability))

    def lives_elsewhere(self, woman: UUID, village: str, code: str) -> bool:
        """Whether this is another village than hers, or the code of another; what is empty says nothing."""
        name, own_code = self.own_village.get(woman, ("", ""))
        if not name:
            return False
        return bool(village and fold(village) != fold(name)) or bool(code and code != own_code)

    def read_women_ids(self, lokos_ids: Collection[str]) -> None:
        """{LokOS id: woman}, also of women outside the loader's reach: the alias alone says that she is known."""
        self.woman_alias = _aliases("woman", lokos_ids)

    def groups_of(self, women: Collection[UUID]) -> dict[UUID, tuple[UUID, datetime.date]]:
        """{woman: (her open group, since)} of women whom the loader may not see."""
        found: dict[UUID, tuple[UUID, datetime.date]] = {}
        for part in _slices(sorted(set(women))):
            ties = Membership.objects.filter(woman__in=part, kind="shg", during__endswith=None)
            rows = ties.values_list("woman", "institution", "during")
            found |= {woman: (group, during.lower) for woman, group, during in rows}
        return found

    def phones(self, numbers: Iterable[str]) -> dict[str, int]:
        """{number: how many women in sight already have it}"""
        box = {sealed(number, "woman.phone"): number for number in set(numbers)}
        found: dict[str, int] = {}
        with connection.cursor() as cursor:
            for part in _slices(list(box)):
                cursor.execute(
                    "SELECT phone, count(*) FROM institutions_woman WHERE phone = ANY(%s) AND phone <> '' "
                    "AND merged_into_id IS NULL GROUP BY phone",
                    [part],
                )
                found |= {box[phone]: count for phone, count in cursor.fetchall()}
        return found

    def accounts(self, numbers: Iterable[str]) -> dict[tuple[str, str], UUID]:
        """{(number, IFSC): institution} of accounts in sight."""
        found: dict[tuple[str, str], UUID] = {}
        for part in _slices(sorted(set(numbers))):
            rows = BankAccount.objects.filter(number__in=part, during__endswith=None)
            found |= {
                (number, ifsc): owner for number, ifsc, owner in rows.values_list("number", "ifsc", "institution_id")
            }
        return found

    def open_accounts(self) -> dict[UUID, list[BankAccount]]:
        """{group: its open accounts} of all groups that the file may mean."""
        found: dict[UUID, list[BankAccount]] = defaultdict(list)
        for part in _slices(sorted(self.groups)):
            for account in BankAccount.objects.filter(institution__in=part, during__endswith=None).order_by("pk"):
                found[account.institution_id].append(account)
        return found

    def alike(self, wanted: Sequence[tuple[int, str]]) -> dict[tuple[int, str], list[UUID]]:
        """{(village, name key): women in sight} for women of other groups with a name that sounds the same."""
        found: dict[tuple[int, str], list[UUID]] = defaultdict(list)
        with connection.cursor() as cursor:
            for part in _slices(sorted(set(wanted))):
                cursor.execute(_ALIKE, [[place for place, _ in part], [key for _, key in part]])
                for place, key, pk in cursor.fetchall():
                    found[place, key].append(pk)
        return found

    def strangers(self, women: Collection[UUID]) -> dict[UUID, tuple[Any, ...]]:
        """What tells women apart: {woman: (belonging key, born on, born year, phone, open group, since, its name)}."""
        found: dict[UUID, tuple[Any, ...]] = {}
        for part in _slices(sorted(set(women))):
            ties = Membership.objects.filter(woman__in=part, kind="shg", during__endswith=None)
            open_ties = {
                woman: (group, during.lower, name)
                for woman, group, during, name in ties.values_list(
                    "woman_id", "institution_id", "during", "institution__name"
                )
            }
            rows = Woman.objects.filter(pk__in=part).values_list(
                "pk", "belonging_name", "born_on", "born_year", "phone"
            )
            for pk, belonging, born_on, born_year, phone in rows:
                if pk in open_ties:
                    found[pk] = (spelling_key(belonging), born_on, born_year, phone, *open_ties[pk])
        return found


_ALIKE = """
SELECT w.place_id, w.name_key, w.id
FROM unnest(%s::bigint[], %s::text[]) AS asked(place, key)
JOIN institutions_woman w ON w.place_id = asked.place AND w.name_key = asked.key
WHERE w.merged_into_id IS NULL AND w.died_on IS NULL
"""


def _known_woman(values: tuple[Any, ...], membership: UUID | None, during: Any) -> KnownWoman:
    key, belonging = values[2] or spelling_key(values[1]), spelling_key(values[3] or "")
    since, until = (during.lower, during.upper) if during else (None, None)
    return KnownWoman(values[0], key, belonging, values, membership, since, until)


def _aliases(owner: str, values: Collection[str]) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    for part in _slices(sorted(values)):
        rows = Alias.objects.filter(
            system="lokos", value__in=part, during__endswith=None, **{f"{owner}__isnull": False}
        )
        found |= dict(rows.values_list("value", f"{owner}_id"))
    return found


def _slices(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (items[start : start + _SLICE] for start in range(0, len(items), _SLICE))
