"""People with access as a register: the list, its export and its API. A person's own page is this room's by hand."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from umeed.access import queries, records
from umeed.access.capabilities import ROLE_CHOICES, ROLES
from umeed.access.models import Posting, User
from umeed.core.registers.columns import Column, Day, YesNo
from umeed.core.registers.declare import Register
from umeed.core.registers.filters import ChoiceFilter, HouseFilter, Queryset, YesNoFilter
from umeed.core.registers.search import NameSearch
from umeed.core.scope import Scope
from umeed.places import queries as place_queries
from umeed.places.registers import PlaceField, Whereabouts, in_words

SEE = "users.see"


def _people(scope: Scope, capability: str) -> Queryset:
    return queries.people_seen_by(scope) if scope.can(capability) else User.objects.none()


def _postings(scope: Scope) -> Any:
    return queries.postings_in_reach(scope).on(scope.today)


def _roles_of(rows: Sequence[Any], scope: Scope) -> Mapping[UUID, str]:
    """{person: her roles today with where she holds them, in words}; two queries."""
    held = _postings(scope).filter(user__in=[row.pk for row in rows]).select_related("place").order_by("pk")
    held = list(held)
    facts = records.institution_facts({posting.institution_id for posting in held if posting.institution_id})
    told: dict[UUID, list[str]] = {}
    for posting in held:
        told.setdefault(posting.user_id, []).append(_told(posting, facts))
    return {person: "; ".join(roles) for person, roles in told.items()}


def _told(posting: Posting, facts: Any) -> str:
    role = str(ROLES[posting.role].name) if posting.role in ROLES else posting.role
    if posting.place is not None:
        return f"{role}, {in_words(posting.place)}"
    institution = facts.get(posting.institution_id)
    return f"{role}, {institution.name}" if institution else role


class RoleFilter(ChoiceFilter):
    """People who hold one of the roles today, within the viewer's reach."""

    def filter(self, qs: Queryset, value: Any) -> Queryset:
        if not value:
            return qs
        return qs.filter(Exists(_postings(self.scope).filter(user=OuterRef("pk"), role__in=value)))


class SeatFilter(HouseFilter, django_filters.Filter):
    """People with a posting today in a place or in what lies in it."""

    params = ("place", "district", "block", "village")

    @property
    def field(self) -> Any:
        if not hasattr(self, "_field"):
            self._field = PlaceField(scope=self.scope, capability=SEE, label=self.label, required=False)
        return self._field

    def filter(self, qs: Queryset, value: Any) -> Queryset:
        if value is None:
            return qs
        inside = place_queries.ids_within(value.pk, self.scope.today)
        return qs.filter(Exists(_postings(self.scope).filter(user=OuterRef("pk"), place__in=inside)))

    def says(self, value: Any) -> str:
        return in_words(value)


class SignedIn(Day):
    """The day of the last sign-in."""

    def value(self, row: Any, gathered: Any = None) -> Any:
        return row.last_login.date() if row.last_login else None


users = Register(
    key="users",
    path="users/list/",
    model=User,
    singular=_("Person with access"),
    plural=_("People with access"),
    counted=ngettext_lazy("%(shown)s person", "%(shown)s people", "n"),
    about=_("People who hold, held or will hold a posting within one's own places."),
    icon="key",
    see=SEE,
    export=SEE,
    rows=_people,
    where=Whereabouts(SEE),
    opens="access:person",
    columns=(
        Column("name", link=True),
        Column("username", _("Sign-in name")),
        Column("roles", _("Roles today"), gather=_roles_of),
        YesNo("is_active", _("May sign in"), badges={False: "bad"}),
        SignedIn("last_login", _("Last sign-in")),
        Column("email", _("E-mail"), listed=False),
    ),
    filters={
        "q": NameSearch("name", help_text=_("A name")),
        "role": RoleFilter("role", _("Role"), choices=ROLE_CHOICES),
        "place": SeatFilter(field_name="place", label=_("Place")),
        "is_active": YesNoFilter("is_active", _("May sign in")),
    },
)
