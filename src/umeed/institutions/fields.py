"""Form fields of this room: a village and an institution are typed as people call them, in any spelling.

A list of seven thousand villages is no help on a phone; a name, or the LGD code, is. What could mean several is
answered with the several, never guessed.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.core.scope import Scope
from umeed.institutions import rules
from umeed.institutions.loads.villages import Villages
from umeed.institutions.models import Institution, reached
from umeed.kernel.names import fold, spelling_key
from umeed.kernel.refusals import N_, hard
from umeed.places.models import Place

_MOST_NAMED = 5
_ELSEWHERE = N_(
    "%(name)s lies in %(where)s, not in the panchayat “%(panchayat)s”. Write its name alone, or its LGD code."
)


class VillageField(forms.CharField):
    """A village (or, with `kinds`, another place) by name, by name and panchayat ("Chinar, Halqa") or by LGD code."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("label", _("Village"))
        given.setdefault("help_text", _("Its name, with the panchayat after a comma where needed, or its LGD code"))
        given.setdefault("widget", forms.TextInput(attrs={"maxlength": 200}))
        super().__init__(**given)
        self.scope: Scope | None = None
        self.capability = ""
        self.kinds: tuple[str, ...] = ("village", "habitation")
        self.kept: Place | None = None

    def bind_to(self, scope: Scope, capability: str, *kinds: str) -> None:
        """Say within whose reach names are looked up."""
        self.scope, self.capability = scope, capability
        self.kinds = kinds or self.kinds

    def keep(self, place: Place) -> None:
        """Say where the record lies: its name, left as it stands, means that place and no namesake of it."""
        self.initial = self.kept = place

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = Place.objects.filter(pk=value).first()
        return value.name if isinstance(value, Place) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text or self.scope is None:
            return None
        if self.kept is not None and text.strip() == self.kept.name:
            return self.kept
        name, _comma, panchayat = (part.strip() for part in text.partition(","))
        if found := self._at_hand(name):
            return found
        village, reasons = Villages(self.scope, self.capability, self.kinds).find(name, panchayat)
        if village is None:
            raise forms.ValidationError([reason.message(gettext) for reason in hard(reasons)])
        # A load takes such a village with a warning beside the row; whoever types can be asked at once.
        for reason in reasons:
            if reason.code == "other_panchayat":
                raise forms.ValidationError(gettext(_ELSEWHERE) % reason.values)
        return Place.objects.get(pk=village.id)

    def _at_hand(self, name: str) -> Place | None:
        """For people posted at institutions: the villages in which those lie."""
        assert self.scope is not None
        if not self.scope.institution_roots(self.capability):
            return None
        places = Institution.objects.filter(pk__in=reached(self.scope, self.capability)).values("place")
        found = [place for place in Place.objects.filter(pk__in=places) if fold(place.name) == fold(name)]
        return found[0] if len(found) == 1 else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class InstitutionField(forms.CharField):
    """An institution by its name, with its village after a comma where several have the name."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("help_text", _("Its name, with the village after a comma where needed"))
        given.setdefault("widget", forms.TextInput(attrs={"maxlength": 260}))
        super().__init__(**given)
        self.scope: Scope | None = None
        self.capability, self.kinds = "", ("shg",)

    def bind_to(self, scope: Scope, capability: str, *kinds: str) -> None:
        """Say within whose reach, and among institutions of which kinds, names are looked up."""
        self.scope, self.capability, self.kinds = scope, capability, kinds or self.kinds

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Institution):
            return f"{value.name}, {value.place.name}"
        if (pk := _as_id(value)) and self.scope is not None:
            found = self._rows().filter(pk=pk).first()
            return self.prepare_value(found) if found else ""
        return value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text or self.scope is None:
            return None
        if pk := _as_id(text):
            return self._one([*self._rows().filter(pk=pk)], text)
        name, _comma, village = (part.strip() for part in text.rpartition(","))
        name, village = (name, village) if name else (village, "")
        found = list(self._rows().filter(name_key=spelling_key(name))[:200])
        found = [one for one in found if fold(one.name) == fold(name)] or found
        if village:
            found = [one for one in found if spelling_key(one.place.name) == spelling_key(village)]
        return self._one(found, text)

    def _rows(self) -> Any:
        rows = Institution.objects.filter(kind__in=self.kinds).exclude(status__in=rules.ENDED)
        return rows.seen_by(self.scope, self.capability).select_related("place").order_by("name", "pk")

    def _one(self, found: list[Institution], text: str) -> Institution:
        if not found:
            raise forms.ValidationError(
                gettext("“%(name)s” is not among those that your posting covers.") % {"name": text}
            )
        if len(found) > 1:
            names = "; ".join(f"{one.name}, {one.place.name}" for one in found[:_MOST_NAMED])
            raise forms.ValidationError(
                gettext("Several are called so. Write one of these: %(names)s") % {"names": names}
            )
        return found[0]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


def _as_id(value: Any) -> UUID | None:
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        return None
