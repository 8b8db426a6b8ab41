"""Between JSON and a form: what a program sends becomes what a page would have sent, so that one form judges both."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext

from umeed.core.forms import CONFIRMED, Acting, RupeesField, SealedField
from umeed.kernel.refusals import Refusal


def form_data(form: Acting, given: Mapping[str, Any]) -> QueryDict:
    """The data of a page. `given` holds only what was sent; the rest is as the record has it or a page begins."""
    data = QueryDict(mutable=True)
    for name, field in form.fields.items():
        if name in given:
            data.setlist(name, _as_typed(field, given[name]))
        elif _is_filled_in(form, name):
            data.setlist(name, _untouched(form, name))
    data.setlist(CONFIRMED, list(given.get(CONFIRMED) or []))
    return data


def _is_filled_in(form: Acting, name: str) -> bool:
    """Whether a page has something there before anybody types: what is kept, or what is proposed."""
    field = form.fields[name]
    if form.is_edit:
        return name != "revision" and not isinstance(field, SealedField)
    return field.required and field.initial is not None


def _untouched(form: Acting, name: str) -> list[str]:
    """What a page sends back for a field that nobody has touched: its widget's own words."""
    field = form.fields[name]
    value = field.prepare_value(form.get_initial_for_field(field, name))
    if isinstance(field.widget, forms.CheckboxInput):
        return ["on"] if value else []
    shown = field.widget.format_value(value)
    return [str(part) for part in (shown if isinstance(shown, list | tuple) else [shown]) if part is not None]


def _as_typed(field: forms.Field, value: Any) -> list[str]:
    """What a person would have typed or chosen for a JSON value."""
    if value is None:
        return []
    if isinstance(field, forms.JSONField):
        return [json.dumps(value)]
    if isinstance(field, RupeesField):
        return [str(field.prepare_value(value))]
    if isinstance(value, bool):
        return ["true" if value else "false"] if value or isinstance(field, forms.NullBooleanField) else []
    if isinstance(value, list | tuple):
        return [str(part) for part in value]
    return [value.isoformat() if hasattr(value, "isoformat") else str(value)]


def refusals_of(form: Acting) -> dict[str, Any]:
    """Everything that the form has to say, as `schemas.Refusals`."""
    reasons = [
        {
            "field": None if name == "__all__" else name,
            "code": error.code or "invalid",
            "message": " ".join(str(text) for text in error.messages),
            "severity": "refuse",
        }
        for name, errors in form.errors.as_data().items()
        for error in errors
    ]
    reasons += [_warning(reason) for reason in form.warned]
    revision = form.data.get("revision") if form.meanwhile else None
    return {
        "refusals": reasons,
        "confirm": form.to_confirm.split() if form.warned else [],
        "revision": int(revision) if revision else None,
    }


def _warning(reason: Refusal) -> dict[str, Any]:
    message = reason.message(gettext)
    return {"field": reason.field, "code": reason.code, "message": message, "severity": "warn"}
