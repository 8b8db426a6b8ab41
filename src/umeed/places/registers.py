"""Places as a register, and what registers of higher rooms say about places: the column, the filter, the headline."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from umeed.core.registers.columns import Choice, Code, Column, Count, YesNo, drawn
from umeed.core.registers.declare import Register, Section
from umeed.core.registers.filters import Chip, ChoiceFilter, HouseFilter, MissingFilter, Queryset
from umeed.core.registers.search import NameSearch
from umeed.core.registers.widgets import select
from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import listed
from umeed.kernel.digits import latin_digits
from umeed.places import naming, queries
from umeed.places.models import Kind, Place, Within

# What a sheet tells of a place, widest first; the register's row may be any of them itself.
SHEET_KINDS = (Kind.DISTRICT, Kind.BLOCK, Kind.PANCHAYAT, Kind.VILLAGE)
LINE_KINDS = (Kind.BLOCK, Kind.DISTRICT)


@dataclass(frozen=True)
class Spot:
    """Where a row lies: its place and what that lies in, from the State down. The last two only where asked for."""

    id: int
    name: str
    kind: str
    above: tuple[queries.Crumb, ...]
    name_local: str = ""
    lgd_code: int | None = None
    parents: tuple[tuple[str, Place], ...] = ()

    @property
    def called(self) -> str:
        return naming.called(self.kind, self.name, self.name_local)

    @property
    def line(self) -> list[str]:
        """Block and district, nearest first, in the reader's language."""
        return [crumb.called for kind in LINE_KINDS for crumb in self.above if crumb.kind == kind]

    @property
    def names(self) -> dict[str, str]:
        """Kind → written name, of the place itself and of all that it lies in."""
        return {**{crumb.kind: crumb.name for crumb in self.above}, self.kind: self.name}


class PlaceColumn(Column):
    """The village with its block and district; in a sheet a column each, and the LGD code. One query a page.

    `path` leads from the row to its place; empty when the row is a place itself.
    """

    kind = "place"
    json_type = dict[str, Any]

    def __init__(self, key: str = "place", title: Any = _("Village"), *, path: str = "place", **given: Any) -> None:
        self._id = attrgetter(f"{path}_id") if path else attrgetter("pk")
        given.setdefault("sort", (f"{path}__name" if path else "name",))
        super().__init__(key, title, field=path or "pk", fields=(path,) if path else (), **given)
        self.gather = self._gather
        self._known: dict[int, Spot] = {}
        self._remembers = False

    def fresh(self) -> "PlaceColumn":
        """One that looks each place up once, with its LGD code: for sheets and the API."""
        made = copy.copy(self)
        made.gather, made._known, made._remembers = made._gather, {}, True
        return made

    def _gather(self, rows: Sequence[Any], scope: Scope) -> Mapping[Any, Spot]:
        places = {row.pk: self._id(row) for row in rows}
        known = self._known if self._remembers else {}
        if new := {place for place in places.values() if place is not None} - known.keys():
            known.update(self._looked_up(new, scope))
        return {pk: known[place] for pk, place in places.items() if place in known}

    def _looked_up(self, ids: set[int], scope: Scope) -> Mapping[int, Spot]:
        codes = dict(Place.objects.filter(pk__in=ids).values_list("pk", "lgd_code")) if self._remembers else {}
        return {
            place: Spot(
                place, own.name, own.kind, tuple(c for c in crumbs if c.id != place), own.name_local, codes.get(place)
            )
            for place, crumbs in queries.ancestors(ids, scope.today).items()
            if (own := next((crumb for crumb in crumbs if crumb.id == place), None))
        }

    def text(self, value: Spot) -> str:
        return listed([value.called, *value.line])

    def cell(self, row: Any, value: Spot | None, scope: Scope, url: str = "") -> SafeString:
        if value is None:
            return super().cell(row, value, scope)
        above = listed(value.line)
        return drawn('<bdi>%s</bdi><br><small class="soft"><bdi>%s</bdi></small>', value.called, above)

    def sheet_titles(self) -> list[Any]:
        return [*(kind.label for kind in SHEET_KINDS), _("LGD code")]

    def sheet(self, value: Spot | None) -> list[Any]:
        if value is None:
            return [None] * (len(SHEET_KINDS) + 1)
        names = value.names
        return [*(names.get(kind) for kind in SHEET_KINDS), value.lgd_code]

    def json(self, value: Spot) -> Any:
        above = {kind.value: value.names.get(kind) for kind in SHEET_KINDS[:3]}
        return {"id": value.id, "name": value.name, "kind": value.kind, "lgd_code": value.lgd_code, **above}


# The filter ---------------------------------------------------------------------------------------------------------

STEPS = ((Kind.DISTRICT, _("District")), (Kind.BLOCK, _("Block")), (Kind.VILLAGE, _("Village")))
PARAMS = ("place", *(kind.value for kind, _label in STEPS))


class PlaceSelects(forms.Widget):
    """One list to choose from after the other, from the widest in which the viewer has a choice. No script needed:
    a choice sends the form, and the next list comes with the answer."""

    use_fieldset = True
    # Stands beside the search, always open: the next list comes where the choice was made.
    is_first = True

    def __init__(self, scope: Scope, capability: str) -> None:
        super().__init__()
        self.scope, self.capability = scope, capability

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        return {param: data.get(param, "") for param in PARAMS if data.get(param)}

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = self._filled(value if isinstance(value, dict) else {})
        pattern = '<div class="field"><label for="id_{0}">{1}</label>{2}</div>'
        lists = [(kind, label, select(kind, f"id_{kind}", options)) for kind, label, options in self._levels(chosen)]
        return format_html('<div class="row">{}</div>', format_html_join("", pattern, lists))

    def _filled(self, chosen: dict[str, str]) -> dict[str, str]:
        """A bare place (from a link) put into the lists in which it stands."""
        link = chosen.get("place", "")
        if not link.isdecimal() or len(link) > 15 or len(chosen) > 1:
            return chosen
        crumbs = queries.ancestors([int(link)], self.scope.today).get(int(link), ())
        return {crumb.kind: str(crumb.id) for crumb in crumbs}

    def _levels(self, chosen: dict[str, str]) -> list[tuple[str, Any, list[tuple[Any, bool, Any]]]]:
        """(kind, label, options) of each list: a level with one place is passed over, one without a choice ends it."""
        levels: list[tuple[str, Any, list[tuple[Any, bool, Any]]]] = []
        inside, steps = self._start()
        for kind, label in steps:
            offered = queries.place_options(self.scope, kind, capability=self.capability, inside=inside)
            offered = list(offered.only("pk", "kind", "name", "name_local"))
            if not offered:
                continue
            mine = next((place.pk for place in offered if str(place.pk) == chosen.get(kind)), None)
            if len(offered) > 1 or mine is not None:
                options = [("", mine is None, _("All")), *((p.pk, p.pk == mine, p.called) for p in offered)]
                levels.append((kind.value, label, options))
                if mine is None:
                    break
            inside = mine or offered[0].pk
        return levels

    def _start(self) -> tuple[int | None, tuple[tuple[Kind, Any], ...]]:
        """Where the choice begins: a person of one block need not be asked for its district."""
        roots = [] if self.scope.is_system else queries.roots_of(self.scope, capability=self.capability)
        kinds = [kind for kind, _label in STEPS]
        if len(roots) == 1 and roots[0].kind in kinds:
            return roots[0].pk, STEPS[kinds.index(roots[0].kind) + 1 :]
        return None, STEPS


class PlaceField(forms.Field):
    """The place that the lists, or a link's `place`, narrow to: a Place or None."""

    def __init__(self, *, scope: Scope, capability: str, **given: Any) -> None:
        super().__init__(widget=PlaceSelects(scope, capability), **given)
        self.scope, self.capability = scope, capability

    def clean(self, value: dict[str, str]) -> Place | None:
        given = {param: text for param, text in value.items() if text}
        if not given:
            return None
        if any(not text.isdecimal() or len(text) > 15 for text in given.values()):
            raise forms.ValidationError(gettext("There is no such place within your reach."), code="no_such_place")
        return self._place(given)

    def _place(self, given: dict[str, str]) -> Place | None:
        """The narrowest place given that lies in the wider ones given. Two queries and one more for each further list.

        A wider one may be out of reach (an address that a district officer passed on), the narrowest may not.
        """
        ids = {param: int(text) for param, text in given.items()}
        seen = {
            place.pk: place for place in Place.objects.filter(pk__in=ids.values()).seen_by(self.scope, self.capability)
        }
        found: Place | None = None
        for kind in ("place", *(kind.value for kind, _label in STEPS)):
            place = seen.get(ids.get(kind, 0))
            if place is not None and (found is None or _lies_in(place, found, self.scope)):
                found = place
        narrowest = next(ids[kind] for kind in reversed(PARAMS) if kind in ids)
        if found is None or narrowest not in seen:
            raise forms.ValidationError(gettext("There is no such place within your reach."), code="no_such_place")
        return found


def _lies_in(place: Place, wider: Place, scope: Scope) -> bool:
    return Within.objects.on(scope.today).filter(above=wider, below=place).exists()


class PlaceFilter(HouseFilter, django_filters.Filter):
    """Rows in a place and all that lies in it, today's tree. `see` is the register's own capability."""

    params = PARAMS

    def __init__(self, *, see: str, path: str = "place", label: Any = _("Place")) -> None:
        super().__init__(field_name=path, label=label)
        self.see = see

    @property
    def field(self) -> forms.Field:
        if not hasattr(self, "_field"):
            self._field = PlaceField(scope=self.scope, capability=self.see, label=self.label, required=False)
        return self._field

    def filter(self, qs: Queryset, value: Any) -> Queryset:
        if value is None:
            return qs
        return qs.filter(**{f"{self.field_name}__in": queries.ids_within(value.pk, self.scope.today)})

    def says(self, value: Any) -> str:
        return in_words(value)

    def chips(self, value: Any) -> list[Chip]:
        return [Chip(self.says(value), tuple((name, None) for name in PARAMS))]


_WORDS = {
    Kind.DISTRICT: _("%(name)s district"),
    Kind.TEHSIL: _("%(name)s tehsil"),
    Kind.BLOCK: _("%(name)s block"),
    Kind.PANCHAYAT: _("%(name)s panchayat"),
}


def in_words(place: Place) -> str:
    """“Achabal block”; villages and States by their bare name."""
    return str(_WORDS.get(Kind(place.kind), "%(name)s")) % {"name": place.called}


@dataclass(frozen=True)
class Whereabouts:
    """`where` of a register: the place filtered by, else the places of the viewer's postings. At most one query."""

    see: str

    def __call__(self, scope: Scope, values: Mapping[str, Any]) -> str:
        return self.joined([in_words(place) for place in self._places(scope, values)])

    def ids(self, scope: Scope, values: Mapping[str, Any]) -> list[int]:
        return [place.pk for place in self._places(scope, values)]

    def names(self, ids: Iterable[int]) -> dict[int, str]:
        return {place.pk: in_words(place) for place in Place.objects.filter(pk__in=set(ids))}

    def joined(self, names: Sequence[str]) -> str:
        if len(names) > 3:
            return gettext("%(count)s places") % {"count": len(names)}
        return listed(names)

    def _places(self, scope: Scope, values: Mapping[str, Any]) -> list[Place]:
        if values.get("place") is not None:
            return [values["place"]]
        return [] if scope.is_system else queries.roots_of(scope, capability=self.see)


# The register of places ---------------------------------------------------------------------------------------------


def _holds(kind: str) -> Any:
    def counts(ids: list[int], scope: Scope) -> Mapping[int, int]:
        return {pk: dict(pairs).get(kind, 0) for pk, pairs in queries.counts_below(ids, scope.today).items()}

    return counts


def _by_lgd_code(scope: Scope, text: str) -> Any:
    return Place.objects.filter(lgd_code=int(text)).values("pk") if text.isdecimal() and len(text) < 10 else None


def _by_census_code(scope: Scope, text: str) -> Any:
    bare = text.lstrip("0") or text
    return Place.objects.filter(census_2011__in=(text, bare, bare.zfill(6))).values("pk")


class PlaceSearch(NameSearch):
    """A text in another script is looked for among the names that a reader of it sees."""

    def filter(self, qs: Queryset, value: Any) -> Queryset:
        text = " ".join(latin_digits(value or "").split())
        if not any(letter.isalpha() and not letter.isascii() for letter in text):
            return super().filter(qs, value)
        told = Q(kind__in=naming.KINDS_KNOWN, name__in=naming.written(text))
        return qs.filter(Q(name__icontains=text) | Q(name_local__icontains=text) | told)


class Called(Column):
    """A place's own name: on a page in the reader's language, in a sheet and in the API as it is written."""

    def cell(self, row: Any, value: Any, scope: Scope, url: str = "") -> SafeString:
        return super().cell(row, row.called, scope, url)


def _existing(scope: Scope, capability: str) -> Queryset:
    return queries.seen_places(scope, capability=capability)


class LiesIn(PlaceColumn):
    """What a place lies in, without the place itself, which the row names already. In JSON its parents, a line each."""

    def _looked_up(self, ids: set[int], scope: Scope) -> Mapping[int, Spot]:
        spots = super()._looked_up(ids, scope)
        if not self._remembers:
            return spots
        parents = queries.parents_of(ids, scope.today)
        return {place: replace(spot, parents=parents.get(place, ())) for place, spot in spots.items()}

    def json(self, value: Spot) -> Any:
        parents = [
            {"id": one.pk, "name": one.name, "kind": one.kind, "lgd_code": one.lgd_code, "line": line}
            for line, one in value.parents
        ]
        names = {crumb.kind: crumb.name for crumb in value.above}
        return {"parents": parents, **{kind.value: names.get(kind) for kind in SHEET_KINDS[:3]}}

    def text(self, value: Spot) -> str:
        return listed(_around(value))

    def cell(self, row: Any, value: Spot | None, scope: Scope, url: str = "") -> SafeString:
        around = _around(value) if value is not None else []
        return drawn("<bdi>%s</bdi>", listed(around)) if around else Column.cell(self, row, None, scope)

    def sheet_titles(self) -> list[Any]:
        return super().sheet_titles()[:-1]  # the place's own LGD code has a column already

    def sheet(self, value: Spot | None) -> list[Any]:
        return super().sheet(value)[:-1]


def _around(spot: Spot) -> list[str]:
    """Block and district; for what lies in neither, whatever it lies in."""
    return spot.line or [crumb.called for crumb in spot.above[-1:]]


places = Register(
    key="places-list",
    path="places/list/",
    model=Place,
    singular=_("Place"),
    plural=_("Places"),
    counted=ngettext_lazy("%(shown)s place", "%(shown)s places", "n"),
    about=_("Places of the LGD tree that exist today, within one's own places."),
    icon="place",
    see="places.see",
    export="places.see",
    rows=_existing,
    where=Whereabouts("places.see"),
    columns=(
        Called("name", _("Name"), link=True, fields=("name", "kind", "name_local"), sort=("name",)),
        Column("name_local", _("Name in its own script")),
        Choice("kind", _("Kind")),
        LiesIn("lies_in", _("Lies in"), path="", sort=False),
        Code("lgd_code", _("LGD code")),
        Count("villages", _("Villages"), counts=_holds(Kind.VILLAGE), to="places-list", param="place"),
        YesNo("is_invented", _("Invented for the demonstration")),
        Column("census_2011", _("Census 2011 code"), listed=False),
        Column("census_2001", _("Census 2001 code"), listed=False),
    ),
    filters={
        "q": PlaceSearch("name", numbers=(_by_lgd_code, _by_census_code), help_text=_("A name, an LGD or census code")),
        "kind": ChoiceFilter("kind", _("Kind")),
        "place": PlaceFilter(see="places.see", path="pk"),
        "missing": MissingFilter(
            {"name_local": _("Name in its own script"), "lgd_code": _("LGD code"), "census_2011": _("Census 2011 code")}
        ),
    },
    detail=(Section(_("Place"), ("name", "name_local", "kind", "lies_in", "lgd_code", "census_2011", "census_2001")),),
)
