"""Forms that change the tree: each shows what a change of its kind needs and calls one action."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from umeed.core.actions import refuse_if
from umeed.core.forms import ActionForm, DayField
from umeed.core.scope import Scope
from umeed.kernel.refusals import N_, Refusal
from umeed.places import actions, endings, naming, queries, rules
from umeed.places.models import Kind, Line, Place, Tag

CHANGE, LOAD = "places.change", "places.load"
_LINE_LABELS = {Line.DEVELOPMENT: _("Lies in (development line)"), Line.REVENUE: _("Lies in (revenue line)")}


def told_apart(place: Place) -> str:
    """A place with its kind and, from `queries.with_above`, what it lies in: many are called alike."""
    return " · ".join(filter(None, [place.called, str(Kind(place.kind).label), _above(place)]))


def _above(place: Place) -> str:
    above = getattr(place, "above", None)
    return naming.called(**above) if above else ""


def _options(scope: Scope, rows: QuerySet[Place]) -> QuerySet[Place]:
    return queries.with_above(rows, scope.today)


class PlaceChoices(forms.ModelChoiceField):
    """A list of places to choose one from."""

    def label_from_instance(self, place: Place) -> str:
        return told_apart(place)


class PlacesChoices(forms.ModelMultipleChoiceField):
    """Several places to tick."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, place: Place) -> str:
        return told_apart(place)


class TreeForm(ActionForm):
    """What all changes ask: from which day, and why. `record` is the place."""

    on = DayField(label=_("From"))
    why = forms.CharField(
        label=_("Why"), max_length=300, required=False, help_text=_("The order or gazette and its date.")
    )

    def prepare(self, scope: Scope) -> None:
        self.fields["on"].initial = scope.today
        self.order_fields([name for name in self.fields if name not in ("on", "why")] + ["on", "why"])

    def reasons(self, by: Scope) -> Iterable[Refusal]:
        """What the day and the name tell by themselves; the rest hangs on all fields together."""
        given = self.cleaned_data
        reasons = rules.why_not_on(given["on"], by.today) if given.get("on") else []
        return reasons + (rules.why_not_name(given["name"]) if given.get("name") else [])


def _new_name() -> forms.CharField:
    return forms.CharField(label=_("Name"), max_length=rules.LONGEST_NAME)


def _local_name() -> forms.CharField:
    return forms.CharField(label=_("Name in its own script"), max_length=rules.LONGEST_NAME, required=False)


def _code() -> forms.IntegerField:
    wrong = _("An LGD code is a whole number such as 623, of at most nine digits.")
    return forms.IntegerField(
        label=_("LGD code"),
        required=False,
        min_value=1,
        max_value=999_999_999,
        error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
    )


class RenameForm(TreeForm):
    name = _new_name()
    name_local = _local_name()

    def prepare(self, scope: Scope) -> None:
        super().prepare(scope)
        self.fields["name"].initial, self.fields["name_local"].initial = self.record.name, self.record.name_local

    def act(self, *, by: Scope) -> Place:
        # Today's name in its own script, left as it stands in the form, is not said for another day.
        local = self.values["name_local"] if "name_local" in self.changed_data else None
        if not actions.rename_place(place=self.record, by=by, **{**self.values, "name_local": local}):
            refuse_if([Refusal("name", "same_name", N_("It is called so already on this date. Write another name."))])
        return self.record


class MoveForm(TreeForm):
    """One list for each line in which the place can lie; both lines are moved together."""

    def prepare(self, scope: Scope) -> None:
        now = queries.parents_on(self.record, scope.today)
        lines = sorted({*rules.LINES[self.record.kind].values()})
        for line in lines:
            self.fields[line] = PlaceChoices(
                queryset=_options(scope, queries.parent_options(scope, self.record, line, capability=CHANGE)),
                label=_LINE_LABELS[Line(line)] if len(lines) > 1 else _("Lies in"),
                required=len(lines) == 1,
                initial=now[line].pk if line in now else None,
            )
        super().prepare(scope)

    def act(self, *, by: Scope) -> Place:
        chosen = [self.cleaned_data[line] for line in Line.values if self.cleaned_data.get(line)]
        moves = [(self.record, parent) for parent in chosen]
        if not actions.move_places(moves=moves, on=self.values["on"], why=self.values["why"], by=by):
            text = N_("It lies there already on this date. Choose another place.")
            refuse_if([Refusal(line, "moved_nowhere", text) for line in Line.values if line in self.fields][:1])
        return self.record


class SplitForm(TreeForm):
    """Cuts one new place out of the record."""

    name = _new_name()
    name_local = _local_name()
    lgd_code = _code()
    children = PlacesChoices(queryset=Place.objects.none(), label=_("What goes to the new place"), required=False)

    def prepare(self, scope: Scope) -> None:
        super().prepare(scope)
        self.fields["children"].queryset = queries.direct_children(self.record, scope.today)
        if not self.fields["children"].queryset.exists():
            del self.fields["children"]

    def act(self, *, by: Scope) -> Place:
        given = self.values
        new = actions.NewPlace(given["name"], given["lgd_code"], given["name_local"], list(given.get("children", ())))
        [made] = actions.split_place(place=self.record, into=[new], on=given["on"], why=given["why"], by=by)
        return made


class MergeForm(TreeForm):
    into = PlaceChoices(queryset=Place.objects.none(), label=_("Merged into"))

    def prepare(self, scope: Scope) -> None:
        super().prepare(scope)
        self.fields["into"].queryset = _options(scope, queries.siblings_of(scope, self.record, capability=CHANGE))

    def warnings(self, by: Scope) -> Iterable[Refusal]:
        text = N_(
            "%(place)s ends on %(date)s. Its records, and what lies in it, come under %(into)s. This cannot be undone."
        )
        into = self.values["into"]
        target = " · ".join(filter(None, [into.called, _above(into)]))
        named = {"place": self.record.called, "into": target, "date": self.values["on"]}
        merges = Refusal(None, f"merges_into_{into.pk}", text, named, severity="warn")
        return [merges, *endings.told(by, self.record, into, self.values["on"])]

    def act(self, *, by: Scope) -> Place:
        actions.merge_places(places=[self.record], by=by, **self.values)
        return self.cleaned_data["into"]


class EndForm(TreeForm):
    def warnings(self, by: Scope) -> Iterable[Refusal]:
        text = N_("%(place)s ends on %(date)s. This cannot be undone.")
        named = {"place": self.record.called, "date": self.values["on"]}
        return [Refusal(None, "ends", text, named, severity="warn")]

    def act(self, *, by: Scope) -> Place:
        actions.end_place(place=self.record, by=by, **self.values)
        return self.record


class TagForm(TreeForm):
    tag = forms.ChoiceField(label=_("Tag"), choices=Tag.choices)
    source = forms.CharField(
        label=_("Source"), max_length=200, required=False, help_text=_("Who says so: the list, the order, its date.")
    )
    field_order = ("tag", "source", "on")

    def prepare(self, scope: Scope) -> None:
        super().prepare(scope)
        del self.fields["why"]

    def act(self, *, by: Scope) -> Place:
        carried = queries.tags_of([self.record.pk], self.values["on"]).get(self.record.pk, ())
        if any(row.tag == self.values["tag"] for row in carried):
            refuse_if([Refusal("tag", "tagged_already", N_("It carries this tag already on this date."))])
        actions.tag_place(place=self.record, by=by, **self.values)
        return self.record


class UntagForm(TreeForm):
    tag = forms.ChoiceField(label=_("Tag"), choices=Tag.choices)

    def prepare(self, scope: Scope) -> None:
        super().prepare(scope)
        carried = {row.tag for row in queries.tags_of([self.record.pk], scope.today).get(self.record.pk, ())}
        self.fields["tag"].choices = [(key, label) for key, label in Tag.choices if key in carried]

    def act(self, *, by: Scope) -> Place:
        actions.untag_place(place=self.record, by=by, **self.values)
        return self.record


class OpenForm(TreeForm):
    """A new place directly in the record."""

    kind = forms.ChoiceField(label=_("Kind"))
    name = _new_name()
    name_local = _local_name()
    lgd_code = _code()
    also_in = PlaceChoices(
        queryset=Place.objects.none(),
        label=_("Lies also in"),
        required=False,
        help_text=_("For a village: its tehsil as well as its panchayat or block."),
    )

    def prepare(self, scope: Scope) -> None:
        super().prepare(scope)
        kinds: Sequence[str] = rules.kinds_below(self.record.kind)
        self.fields["kind"].choices = [(kind, Kind(kind).label) for kind in kinds]
        if Kind.VILLAGE not in kinds:
            del self.fields["also_in"]
            return
        other = Line.REVENUE if rules.line_of(Kind.VILLAGE, self.record.kind) == Line.DEVELOPMENT else Line.DEVELOPMENT
        as_village = Place(pk=self.record.pk, kind=Kind.VILLAGE, mission_id=self.record.mission_id)
        options = queries.parent_options(scope, as_village, other, capability=CHANGE)
        self.fields["also_in"].queryset = _options(scope, options)

    def act(self, *, by: Scope) -> Place:
        given: dict[str, Any] = {key: value for key, value in self.values.items() if key != "also_in"}
        also_in = self.cleaned_data.get("also_in")
        return actions.open_place(parents=[self.record, *([also_in] if also_in else [])], by=by, **given)


class FilingForm(ActionForm):
    """Villages that lie in no block, and the block or panchayat to which they belong."""

    villages = forms.ModelMultipleChoiceField(queryset=Place.objects.none(), label=_("Villages"))
    parent = PlaceChoices(queryset=Place.objects.none(), label=_("Block or panchayat"))
    on = DayField(
        label=_("From"), required=False, help_text=_("Empty: as far back as both are known. Day first, like 25-01-2016")
    )

    def prepare(self, scope: Scope) -> None:
        self.fields["villages"].queryset = queries.lost_villages(scope)
        kinds = (Kind.BLOCK, Kind.PANCHAYAT)
        options = queries.place_options(scope, kinds, capability=LOAD).order_by("kind", "name")
        self.fields["parent"].queryset = _options(scope, options)

    def act(self, *, by: Scope) -> int:
        given = self.values
        done = actions.place_in_block(places=list(given["villages"]), parent=given["parent"], on=given["on"], by=by)
        return len(done) or 1
