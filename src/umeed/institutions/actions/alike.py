"""Women who may be the one that is being entered: a name that sounds alike, and something else that agrees."""

from typing import Any

from django.db.models import OuterRef, Q, Subquery

from umeed.core.scope import Scope
from umeed.institutions import codes
from umeed.institutions.models import Institution, Membership, Woman
from umeed.kernel.refusals import N_, Refusal, warning

_ALIKE = N_(
    "A woman whose name sounds alike is already there: %(woman)s. Please make sure that it is not the same woman."
)
_MOST_TOLD = 3


def women_alike(by: Scope, woman: Woman, groups: Any) -> list[Refusal]:
    """A reason to look again for each woman of the village, or of these groups, who may be her. Two queries.

    `woman` is as she would be; `groups` are ids, or a query of them.
    Only those whom the person may see are named; the others stay the duplicates' business.
    """
    key = _sounds(woman, "name")
    if not key:
        return []
    members = Membership.objects.filter(institution__in=groups, during__endswith=None)
    # A list, not a subquery: so both halves are found by an index.
    near = Q(place=woman.place_id, name_key=key) | Q(pk__in=list(members.values_list("woman", flat=True)), name_key=key)
    rows = Woman.objects.filter(near, merged_into__isnull=True, died_on__isnull=True).exclude(pk=woman.pk)
    rows = rows.seen_by(by, "women.see").select_related("place").annotate(group=_group_of(by)).order_by("name", "pk")
    alike = [other for other in rows[:50] if _may_be(woman, other)]
    return [warning("name", "woman_alike", _ALIKE, {"woman": _called(other)}) for other in alike[:_MOST_TOLD]]


def sounds_differ(woman: Woman, after: Woman) -> bool:
    """Whether she is called otherwise than before, so that she may be taken for another."""
    return any(_sounds(woman, name) != _sounds(after, name) for name in ("name", "belonging_name"))


def _sounds(woman: Woman, name: str) -> str:
    column: Any = Woman._meta.get_field({"name": "name_key", "belonging_name": "belonging_key"}[name])
    return str(column.sounds(getattr(woman, name)))


def _may_be(woman: Woman, other: Woman) -> bool:
    """The husband's or father's name sounds alike or is not known of both, or year of birth or phone is the same."""
    hers = _sounds(woman, "belonging_name")
    if not (hers and other.belonging_key) or hers == other.belonging_key:
        return True
    year = _year(woman)
    return (year is not None and year == _year(other)) or bool(woman.phone and woman.phone == other.phone)


def _year(woman: Woman) -> int | None:
    return woman.born_on.year if woman.born_on else woman.born_year


def _group_of(by: Scope) -> Subquery:
    ties = Membership.objects.filter(woman=OuterRef(OuterRef("pk")), kind=codes.Kind.SHG, during__endswith=None)
    groups = Institution.objects.filter(pk__in=ties.values("institution")).seen_by(by, "institutions.see")
    return Subquery(groups.values("name")[:1])


def _called(woman: Any) -> str:
    """Her name with what tells her apart: whose wife or daughter she is, and her group, or else her village."""
    return " · ".join(filter(None, [woman.name, woman.belonging_name, woman.group or woman.place.name]))
