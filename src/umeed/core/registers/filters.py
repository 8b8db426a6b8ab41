"""The filters of a register, on django-filter: each says in words what it narrows to, and why a value cannot be used.

The address is the state: a filter reads its value from the address, and its chip links to the address without it.
"""

import datetime
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.core.forms import DayField
from umeed.core.registers.columns import NO, YES
from umeed.core.registers.widgets import Pick, Ticks
from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import day

Queryset = models.QuerySet[Any]


@dataclass(frozen=True)
class Chip:
    """One narrowing in words. `drops`: the (parameter, value) pairs that its link takes out; None takes all values."""

    text: str
    drops: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Wrong:
    """A parameter that cannot narrow: its name in the address and on the page, a word for programs, and why."""

    param: str
    label: str
    code: str
    message: str


class House:
    """What every filter here can say. `needs` is a capability: rows outside its reach are not told apart by it."""

    needs: str = ""
    hidden: bool = False
    # Filters with more than one parameter in the address name them all.
    params: tuple[str, ...] = ()
    field_name: str
    label: Any
    parent: Any

    @property
    def name(self) -> str:
        return next(name for name, one in self.parent.filters.items() if one is self)

    @property
    def scope(self) -> Scope:
        return self.parent.scope

    def reach(self, rows: Queryset) -> Queryset:
        """Only rows of which the viewer may know what this filter asks."""
        return rows.seen_by(self.scope, self.needs) if self.needs else rows  # type: ignore[attr-defined]

    def says(self, value: Any) -> str:
        return str(value)

    def chips(self, value: Any) -> list[Chip]:
        text = gettext("%(filter)s: %(value)s") % {"filter": self.label, "value": self.says(value)}
        return [Chip(text, tuple((name, None) for name in self.params or (self.name,)))]


class HouseFilter(House):
    """Takes the house's own words off the arguments before django-filter sees them."""

    def __init__(self, *args: Any, needs: str = "", hidden: bool = False, **given: Any) -> None:
        self.needs, self.hidden = needs, hidden
        super().__init__(*args, **given)


class ChoiceFilter(HouseFilter, django_filters.MultipleChoiceFilter):
    """One or several values of a code list: rows that have any of them."""

    def __init__(self, field_name: str, label: Any = None, choices: Any = (), **given: Any) -> None:
        given.setdefault("widget", Ticks)
        super().__init__(field_name=field_name, label=label, choices=choices, **given)
        self.labels = dict(choices)

    def filter(self, qs: Queryset, value: Any) -> Queryset:
        return self.reach(qs).filter(**{f"{self.field_name}__in": value}) if value else qs

    def chips(self, value: Any) -> list[Chip]:
        words = "%(filter)s: %(value)s"
        return [
            Chip(gettext(words) % {"filter": self.label, "value": self.labels.get(one, one)}, ((self.name, one),))
            for one in value
        ]


class YesNoFilter(HouseFilter, django_filters.ChoiceFilter):
    def __init__(self, field_name: str, label: Any = None, **given: Any) -> None:
        choices = [("yes", YES), ("no", NO), ("unknown", _("Not known"))]
        given.setdefault("widget", Pick)
        super().__init__(field_name=field_name, label=label, choices=choices, empty_label=_("All"), **given)

    def filter(self, qs: Queryset, value: Any) -> Queryset:
        if not value:
            return qs
        return self.reach(qs).filter(**{self.field_name: {"yes": True, "no": False, "unknown": None}[value]})

    def says(self, value: Any) -> str:
        return str({"yes": YES, "no": NO, "unknown": _("Not known")}[value])


class _DayFilter(HouseFilter, django_filters.DateFilter):
    field_class = DayField

    def says(self, value: datetime.date) -> str:
        return day(value)

    def filter(self, qs: Queryset, value: Any) -> Queryset:
        return super().filter(self.reach(qs) if value else qs, value)


def day_range(field: str, label_from: Any, label_to: Any, **given: Any) -> dict[str, django_filters.Filter]:
    """Two filters, `<field>_from` and `<field>_to`, both days included."""
    return {
        f"{field}_from": _DayFilter(field_name=field, lookup_expr="gte", label=label_from, help_text="", **given),
        f"{field}_to": _DayFilter(field_name=field, lookup_expr="lte", label=label_to, help_text="", **given),
    }


class AgeFilter(HouseFilter, django_filters.NumberFilter):
    """Completed years today, from a date of birth or, failing that, the year of birth (counted to its last day)."""

    field_class = forms.IntegerField

    def __init__(self, born_on: str, born_year: str, label: Any, *, at_least: bool, **given: Any) -> None:
        super().__init__(field_name=born_on, label=label, min_value=0, max_value=120, **given)
        self.born_year, self.at_least = born_year, at_least

    def filter(self, qs: Queryset, value: Any) -> Queryset:
        if value is None:
            return qs
        today = self.scope.today
        years = int(value) if self.at_least else int(value) + 1
        turned = _years_before(today, years)
        if self.at_least:
            known, guessed = {f"{self.field_name}__lte": turned}, {f"{self.born_year}__lte": today.year - years - 1}
        else:
            known, guessed = {f"{self.field_name}__gt": turned}, {f"{self.born_year}__gte": today.year - years}
        unknown = models.Q(**{f"{self.field_name}__isnull": True})
        return self.reach(qs).filter(models.Q(**known) | (unknown & models.Q(**guessed)))


def _years_before(today: datetime.date, years: int) -> datetime.date:
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # 29 February
        return today.replace(year=today.year - years, day=28)


class MissingFilter(HouseFilter, django_filters.MultipleChoiceFilter):
    """Rows in which all the ticked fields are empty. `fields` maps a column to its words."""

    def __init__(self, fields: dict[str, Any], label: Any = _("What is missing"), **given: Any) -> None:
        given.setdefault("widget", Ticks)
        super().__init__(field_name="missing", label=label, choices=list(fields.items()), **given)
        self.words = fields

    def filter(self, qs: Queryset, value: Any) -> Queryset:
        for name in value or ():
            qs = qs.filter(empty(qs.model, name))
        return qs

    def chips(self, value: Any) -> list[Chip]:
        return [
            Chip(gettext("%(field)s is missing") % {"field": self.words[one]}, ((self.name, one),)) for one in value
        ]


def empty(model: type[models.Model], path: str) -> models.Q:
    """Rows in which a field holds nothing: NULL, an empty text, an empty list."""
    found: Any = None
    at: Any = model
    for part in path.split("__"):
        found = at._meta.get_field(part)
        at = found.related_model if found.is_relation else at
    nothing = models.Q(**{f"{path}__isnull": True}) if found.null or "__" in path else models.Q()
    if isinstance(found, models.JSONField):
        return nothing | models.Q(**{path: found.default()})
    if isinstance(found, (models.CharField, models.TextField)):
        return nothing | models.Q(**{path: ""})
    return nothing


class TieFilter(HouseFilter, django_filters.UUIDFilter):
    """Rows that belong to one record of another register: what a count opens. Has no control, only a chip.

    narrow(rows, scope, id) → rows; name(scope, id) → its name, or None when the viewer may not see it.
    """

    def __init__(
        self, label: Any, *, narrow: Callable[[Queryset, Scope, UUID], Queryset],
        names: Callable[[Scope, UUID], str | None], **given: Any,
    ) -> None:  # fmt: skip
        super().__init__(label=label, hidden=True, **given)
        self.narrow, self.names = narrow, names

    def filter(self, qs: Queryset, value: Any) -> Queryset:
        return self.narrow(self.reach(qs), self.scope, value) if value else qs

    def says(self, value: Any) -> str:
        return self.names(self.scope, value) or gettext("not within your reach")


class HouseFilterSet(django_filters.FilterSet):
    """A register's filters over one address, for one viewer."""

    def __init__(self, data: Any, queryset: Queryset, *, scope: Scope) -> None:
        self.scope = scope
        super().__init__(data=data, queryset=queryset)
        self.barred = {name: one for name, one in self.filters.items() if one.needs and not scope.can(one.needs)}
        for name in self.barred:
            del self.filters[name]

    @property
    def values(self) -> dict[str, Any]:
        """Filter → the value in use; what was not understood is not in it."""
        self.errors  # noqa: B018  (django-filter cleans on asking)
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}

    def chips(self) -> list[Chip]:
        return [chip for name, value in self.values.items() for chip in self.filters[name].chips(value)]

    def wrong(self) -> list[Wrong]:
        """Filters that were asked for and do not narrow: a value that is none, or one that the role may not use."""
        found = [
            Wrong(name, str(self.filters[name].label), error.code or "invalid", " ".join(map(str, error.messages)))
            for name, errors in self.errors.as_data().items()
            for error in errors
        ]
        text = gettext("Your role does not let you use this filter.")
        return found + [
            Wrong(name, str(one.label), "filter_not_allowed", text)
            for name, one in self.barred.items()
            if any(self.data.get(param) for param in one.params or (name,))
        ]

    def unknown(self, own: Collection[str]) -> list[Wrong]:
        """Parameters that are no filter of this list at all, nor one of its `own` (order, page …)."""
        filters = {**self.filters, **self.barred}
        known = {param for name, one in filters.items() for param in one.params or (name,)}
        text = gettext("This list has no such filter.")
        return [Wrong(name, name, "no_such_filter", text) for name in self.data if name not in known.union(own)]

    def complaints(self) -> list[str]:
        """Why a filter was left out, in plain words."""
        return [
            gettext("The filter “%(filter)s” was left out. %(reason)s") % {"filter": one.label, "reason": one.message}
            for one in self.wrong()
        ]


def filterset(model: type[models.Model], filters: dict[str, django_filters.Filter]) -> type[HouseFilterSet]:
    """The filter set class of a register. Labels and choices left open are the model's own."""
    for name, one in filters.items():
        _complete(model, name, one)
    meta = type("Meta", (), {"model": model, "fields": []})
    return type(f"{model.__name__}Filters", (HouseFilterSet,), {"Meta": meta, **filters})


def _complete(model: type[models.Model], name: str, one: Any) -> None:
    column = _column(model, (one.field_name or name).split("__"))
    if one.label is None and column is not None:
        one.label = column.verbose_name
    if isinstance(one, ChoiceFilter) and not one.labels and column is not None:
        one.extra["choices"] = list(column.flatchoices)
        one.labels = dict(column.flatchoices)


def _column(model: type[models.Model], path: Iterable[str]) -> Any:
    found: Any = None
    at: Any = model
    for part in path:
        if part not in {field.name for field in at._meta.get_fields()}:
            return None
        found = at._meta.get_field(part)
        at = found.related_model if found.is_relation else at
    return found
