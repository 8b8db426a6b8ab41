"""Forms that call an action: what was typed is kept, reasons stand beside fields, nothing is overwritten unseen.

`ActionForm` is a plain Django form, `ActionModelForm` takes its fields from a model. Both are given the viewer's scope
and, for an edit, the record; `perform()` calls `act(by=scope)` and answers the record or None (then the form says why).
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.db import IntegrityError, models, transaction
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.models import ModelFormMetaclass
from django.utils.translation import gettext

from umeed.core.actions import Refused
from umeed.core.form_fields import DayField, IfscField, PinField, RupeesField, SealedField, house_field
from umeed.core.models import AuditChange
from umeed.core.scope import Scope
from umeed.kernel.ids import new_id
from umeed.kernel.refusals import N_, Refusal, hard, soft

__all__ = [
    "CONFIRMED",
    "Acting",
    "ActionForm",
    "ActionModelForm",
    "DayField",
    "IfscField",
    "PinField",
    "RupeesField",
    "SealedField",
    "house_field",
    "label_of",
    "mark_of",
]
CONFIRMED = "confirmed"
_CHANGED_MEANWHILE = N_(
    "Somebody changed this since you opened it. What they changed is shown below; look at it and save again."
)
_NO_REVISION = N_("The page does not say which state of the record it shows. Open the record again.")
# Kept beside what people type, for searching and for the machine: nobody changed these.
_DERIVED = frozenset({"id", "revision", "changed_at", "name_key"})
_TWICE = N_("This clashes with something saved at the same moment. Look at the list and try again.")


class Acting(forms.BaseForm):
    """What both kinds of form share: scope, record, revision, the client-made id, warnings, refusals."""

    model: type[models.Model] | None = None
    sections: tuple[tuple[Any, tuple[str, ...]], ...] = ()

    scope: Scope
    record: Any

    def begin(self, scope: Scope, record: Any) -> None:
        """Called by both constructors once Django has made the fields."""
        self.scope, self.record = scope, record
        self.warned: list[Refusal] = []
        self.refusals: list[Refusal] = []
        self.meanwhile: list[dict[str, Any]] = []
        if record is None:
            self.fields["record_id"] = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=new_id)
        elif hasattr(record, "revision"):
            self.fields["revision"] = forms.IntegerField(
                widget=forms.HiddenInput, required=False, initial=record.revision
            )
        self._cover_sealed()
        self.prepare(scope)
        for field in self.fields.values():
            _say_what_blank_means(field)

    def _cover_sealed(self) -> None:
        for name, field in self.fields.items():
            if isinstance(field, SealedField) and getattr(self.record, name, ""):
                field.kept(getattr(self.record, name))

    # What a room writes ----------------------------------------------------------------------------------------------

    def prepare(self, scope: Scope) -> None:
        """Narrow choices to what the person may choose. Called once, after the fields are made."""

    def reasons(self, by: Scope) -> Iterable[Refusal]:
        """Every reason, hard and soft, as far as the fields that could be read tell: asked also while some are
        `unread`. Those have no value, so a rule that needs one is not asked; what it says about one is left out."""
        return ()

    def warnings(self, by: Scope) -> Iterable[Refusal]:
        """Reasons to look again (severity 'warn'), asked when the fields are right; confirmed ones pass."""
        return soft(self.reasons(by))

    def act(self, *, by: Scope) -> Any:
        """Call exactly one action with `self.values` and answer the record. Raises Refused."""
        raise NotImplementedError

    # What a view calls -----------------------------------------------------------------------------------------------

    @property
    def is_edit(self) -> bool:
        return self.record is not None

    @property
    def record_id(self) -> UUID:
        """The id that the page made for a new record: sending the page twice makes one record."""
        return self.cleaned_data.get("record_id") or new_id()

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, for the action: without the form's own fields and without sealed texts that are kept."""
        given = {key: value for key, value in self.cleaned_data.items() if key not in {"record_id", "revision"}}
        for name, field in self.fields.items():
            if isinstance(field, SealedField) and name in given:
                if given[name] == SealedField.REMOVE:
                    given[name] = ""
                elif not given[name] and getattr(self.record, name, ""):
                    del given[name]
        return given

    @property
    def unread(self) -> frozenset[str]:
        """Fields in which something stands that could not be read, or nothing where something must."""
        return frozenset(self.fields) - frozenset(self.cleaned_data)

    @property
    def confirmed(self) -> frozenset[str]:
        """Marks of the warnings that the person has looked at: `code` or `code:field`."""
        sent = self.data.getlist(CONFIRMED) if hasattr(self.data, "getlist") else self.data.get(CONFIRMED, [])
        return frozenset(mark for text in ([sent] if isinstance(sent, str) else sent) for mark in text.split())

    @property
    def to_confirm(self) -> str:
        """What the tick under the warnings sends."""
        return " ".join(sorted(self.confirmed | {mark_of(reason) for reason in self.warned}))

    def perform(self) -> Any:
        """Do it: the record, or None when the form has something to say (errors, `warned`, `meanwhile`)."""
        if not self.is_valid():
            unread = self.unread
            self.refuse(reason for reason in self.reasons(self.scope) if reason.field not in unread)
            return None
        if (done := self._done_before()) is not None:
            return done
        if self._is_stale():
            return None
        only_try = self._has_new_warnings(self.warnings(self.scope))
        try:
            return self._acted(only_try)
        except Refused as refused:
            self.refuse(refused.refusals)
        except IntegrityError:
            if (done := self._done_before()) is not None:
                return done
            self.refuse([Refusal(None, "saved_meanwhile", _TWICE)])
        return None

    def refuse(self, reasons: Iterable[Refusal]) -> None:
        """Put every reason beside its field; warnings are asked to be confirmed."""
        reasons = list(reasons)
        self._has_new_warnings(soft(reasons))
        for reason in hard(reasons):
            self.refusals.append(reason)
            field = reason.field if reason.field in self.fields else None
            self.add_error(field, forms.ValidationError(reason.message(gettext), code=reason.code))

    def _acted(self, only_try: bool) -> Any:
        """The action's record. With warnings still to be confirmed it is tried and taken back, so that the person
        hears of warnings and refusals at once."""
        with transaction.atomic():
            done = self.act(by=self.scope)
            if only_try:
                transaction.set_rollback(True)
        return None if only_try else done

    # How -------------------------------------------------------------------------------------------------------------

    def _has_new_warnings(self, reasons: Iterable[Refusal]) -> bool:
        reasons = list(reasons)
        if any(mark_of(reason) not in self.confirmed for reason in reasons):
            self.warned = reasons
        return bool(self.warned)

    def _done_before(self) -> Any:
        """The record as the same page made or left it when it was sent the first time."""
        if self.is_edit:
            return self.record if self._is_behind() and not self._touches_anything() else None
        made = self.cleaned_data.get("record_id")
        if made is None or self.model is None:
            return None
        return self.model._default_manager.filter(pk=made).first()

    def _is_behind(self) -> bool:
        """Whether the page shows an older state than the record that the view has just read."""
        seen = self.cleaned_data.get("revision")
        return seen is not None and seen < getattr(self.record, "revision", 0)

    def _touches_anything(self) -> bool:
        return any(name not in {"revision", "record_id"} for name in self.changed_data)

    def _is_stale(self) -> bool:
        if not self.is_edit or "revision" not in self.fields:
            return False
        seen = self.cleaned_data.get("revision")
        if seen is None:
            self.refuse([Refusal("revision", "revision_missing", _NO_REVISION)])
            return True
        rows = type(self.record)._default_manager.select_for_update(of=("self",), no_key=True)
        now = rows.filter(pk=self.record.pk).values_list("revision", flat=True).get()
        if now == seen:
            return False
        self._tell_what_changed(now - seen, now)
        return True

    def _tell_what_changed(self, steps: int, now: int) -> None:
        """Show what others changed; take over their value where this person had not touched the field."""
        table = self.record._meta.db_table
        changes = AuditChange.objects.filter(table=table, subject_id=str(self.record.pk), kind=AuditChange.CHANGED)
        changes = list(changes.select_related("entry").order_by("-entry__seq", "-position")[: max(steps, 1)])
        data = self.data.copy()
        for change in changes:
            for key, after in change.after.items():
                if key not in _DERIVED:
                    self.meanwhile.append(self._told(change, key, after))
        for key, before in _first_before(changes).items():
            if key in self.fields and not self._touched(key, before):
                data[self.add_prefix(key)] = self._as_typed(key)
        data[self.add_prefix("revision")] = now
        self.data = data
        self.refuse([Refusal(None, "changed_meanwhile", _CHANGED_MEANWHILE)])

    def _told(self, change: AuditChange, key: str, after: Any) -> dict[str, Any]:
        label = self.fields[key].label if key in self.fields else label_of(type(self.record), key)
        return {
            "field": label, "before": change.before.get(key), "after": after,
            "who": change.entry.actor_name, "at": change.entry.at,
        }  # fmt: skip

    def _touched(self, key: str, before: Any) -> bool:
        field = self.fields[key]
        try:
            initial = field.to_python(before) if before is not None else None
        except forms.ValidationError:
            initial = before
        sent = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(key))
        return field.has_changed(initial, sent)

    def _as_typed(self, key: str) -> Any:
        field = self.fields[key]
        value = self.get_initial_for_field(field, key)
        shown = field.widget.format_value(field.prepare_value(value))
        return shown[0] if isinstance(shown, list) and len(shown) == 1 else shown or ""


class ActionForm(Acting, forms.Form):
    """A plain form that calls an action. Set `model` when it makes records, so that sending it twice makes one; not
    where the action knows by itself what was sent before, and tells what differs from it."""

    def __init__(self, data: Any = None, files: Any = None, *, scope: Scope, record: Any = None, **given: Any) -> None:
        super().__init__(data, files, **given)
        self.begin(scope, record)


class _HouseFields(ModelFormMetaclass):
    """Model columns become the house's own form fields."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> Any:
        if (meta := attrs.get("Meta")) is not None and not hasattr(meta, "formfield_callback"):
            meta.formfield_callback = house_field
        made = super().__new__(mcs, name, bases, attrs)
        if made._meta.model is not None:
            made.model = made._meta.model
        return made


class ActionModelForm(Acting, forms.ModelForm, metaclass=_HouseFields):
    """A form with a model's fields. It never touches the record: rules are the action's, and so is saving."""

    def __init__(self, data: Any = None, files: Any = None, *, scope: Scope, record: Any = None, **given: Any) -> None:
        super().__init__(data, files, instance=record, **given)
        self.begin(scope, record)

    def _post_clean(self) -> None:
        """Django would copy the values into the record here; the action compares before and after by itself."""

    def save(self, commit: bool = True) -> Any:
        raise TypeError("An action writes: call perform().")


def _say_what_blank_means(field: forms.Field) -> None:
    """Words where Django draws a line of dashes: nothing is recorded, or something must be chosen."""
    words = gettext("Choose") if field.required else gettext("Not recorded")
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == BLANK_CHOICE_DASH[0][1]:
            field.empty_label = words
    elif isinstance(field, forms.ChoiceField):
        choices = list(field.choices)
        if choices and choices[0][0] == "" and str(choices[0][1]).strip("-–—") == "":
            field.choices = [("", words), *choices[1:]]


def mark_of(reason: Refusal) -> str:
    """A warning's mark: its code, with its field when it is about one."""
    return f"{reason.code}:{reason.field}" if reason.field else reason.code


def label_of(model: type[models.Model], column: str) -> Any:
    """The words for a column as an audit change names it (`place_id` is the place)."""
    for field in model._meta.concrete_fields:
        if column in (field.attname, field.name):
            return field.verbose_name
    return column


def _first_before(changes: Iterable[AuditChange]) -> Mapping[str, Any]:
    """Changes newest first → what each field was when the person opened the page."""
    first: dict[str, Any] = {}
    for change in changes:
        first.update(change.before)
    return first
