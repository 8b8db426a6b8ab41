"""The fields of the house's forms: days and amounts as people write them, numbers with blanks, texts kept covered."""

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from umeed.core.fields import SealedTextField, masked
from umeed.core.templatetags.umeed_text import day as written_day
from umeed.core.templatetags.umeed_text import moment
from umeed.kernel.dates import date_as_written
from umeed.kernel.digits import plain_number, plain_text
from umeed.kernel.identity import digits_of, ifsc_code, pin_code
from umeed.kernel.money import paise_from_rupees
from umeed.kernel.refusals import N_, Refusal

_LARGE = N_("This is more than any book here can hold.")


class DayField(forms.DateField):
    """A date as people write it: 25-01-2016, 25/1/16, 25 Jan 2016; the browser's own picker writes 2016-01-25."""

    widget = forms.DateInput

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%d-%m-%Y", attrs={"inputmode": "numeric"}))
        kwargs.setdefault("help_text", gettext_lazy("Day first, like 25-01-2016"))
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        day = date_as_written(value)
        if isinstance(day, Refusal):
            raise forms.ValidationError(day.message(gettext), code=day.code)
        return day


class PastMomentField(forms.CharField):
    """A moment that has come, as people write it: 25-01-2016 14:30, also 2016-01-25T14:30; local time. A day alone
    means its end, a minute its last moment; today and this minute mean now."""

    _TIME = re.compile(r"[ T,]+([01]?\d|2[0-3]):([0-5]\d)(:[0-5]\d)?$")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # A day beside a time is read from left to right in every language.
        kwargs.setdefault("widget", forms.TextInput(attrs={"dir": "ltr"}))
        kwargs.setdefault("help_text", gettext_lazy("Day and time, like 25-01-2016 14:30. A day alone means its end."))
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> datetime.datetime | None:
        text = plain_text(super().to_python(value))
        if not text:
            return None
        said = self._TIME.search(text)
        written = text[: said.start()] if said else text
        if ":" in written:
            # A day would be read of it, and the hour dropped in silence.
            told = gettext("“%(written)s” is no day and time: write them like 25-01-2016 14:30.")
            raise forms.ValidationError(told % {"written": text[:40]}, code="no_moment")
        day = date_as_written(written)
        if isinstance(day, Refusal):
            raise forms.ValidationError(day.message(gettext), code=day.code)
        first = datetime.time(int(said[1]), int(said[2])) if said else datetime.time.min
        last = first.replace(second=59, microsecond=999_999) if said else datetime.time.max
        begins, ends = (timezone.make_aware(datetime.datetime.combine(day, time)) for time in (first, last))
        now = timezone.now()
        if begins > now:
            told = {"day": moment(begins) if said else written_day(day)}
            raise forms.ValidationError(gettext("%(day)s has not come yet.") % told, code="future")
        return min(ends, now)


def needed_when(words: Any, field: forms.Field) -> forms.Field:
    """A field that may stay empty only as long as another one allows it: the words stand where “optional” would."""
    field.needed_when = words  # type: ignore[attr-defined]
    return field


class RupeesField(forms.CharField):
    """An amount typed in rupees (1,200 or 1200.50), kept in whole paise."""

    most = 10**15

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        for not_of_text in ("min_value", "max_value"):
            kwargs.pop(not_of_text, None)
        super().__init__(*args, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return f"{value // 100}.{value % 100:02d}".removesuffix(".00")
        return value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        paise = paise_from_rupees(text)
        if isinstance(paise, Refusal):
            raise forms.ValidationError(paise.message(gettext), code=paise.code)
        if abs(paise) > self.most:
            raise forms.ValidationError(gettext(_LARGE), code="too_large")
        return paise


class CountField(forms.IntegerField):
    """A whole number in the digits that people write, Urdu ones too: a browser's number box takes none but Latin."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(**given)

    def to_python(self, value: Any) -> Any:
        return super().to_python(value if value in self.empty_values else plain_number(str(value)).replace(",", ""))


class _Typed(str):
    """What the person has just typed, as against what is kept."""


class KeepInput(forms.TextInput):
    """Never writes what is kept into the page; what was just typed comes back after an error."""

    def format_value(self, value: Any) -> str | None:
        return str(value) if isinstance(value, _Typed) else None

    def use_required_attribute(self, initial: Any) -> bool:
        return super().use_required_attribute(initial) and not initial


class SealedField(forms.CharField):
    """A phone or an account number: the form shows only its end; empty keeps what is there, `-` removes it."""

    REMOVE = "-"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", KeepInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(*args, **kwargs)

    def kept(self, value: str) -> None:
        """Say which value is there already."""
        self.required = False
        self.help_text = gettext("Kept: %(value)s. Leave empty to keep it; write a hyphen (-) to remove it.") % {
            "value": masked(value)
        }

    def bound_data(self, data: Any, initial: Any) -> Any:
        return _Typed(data) if data else data

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


class NumberField(forms.CharField):
    """A code of fixed length in which people put blanks and dashes (192 201, JAKA-0SHOPAN), kept bare.

    `reads` answers the code or why it is none. What cannot be read stays as typed for the rules to judge, which know
    whether it stood in the record before; only what no column could hold is refused here.
    """

    ROOM = 30

    def __init__(self, *, reads: Callable[[object], str | Refusal], holds: int, **kwargs: Any) -> None:
        self.reads, self.holds = reads, holds
        super().__init__(**{**kwargs, "max_length": self.ROOM})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if text in self.empty_values:
            return text
        code = self.reads(digits_of(text))
        if not isinstance(code, Refusal):
            return code
        if len(text) > self.holds:
            raise forms.ValidationError(code.message(gettext), code=code.code)
        return text


class IfscField(NumberField):
    """The code of a bank branch."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(reads=ifsc_code, holds=11, **kwargs)


class PinField(NumberField):
    """The six digits of a post office."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(reads=pin_code, holds=6, **kwargs)


_BY_NAME: Mapping[str, type[NumberField]] = {"ifsc": IfscField, "pin_code": PinField}


def house_field(column: models.Field, **given: Any) -> forms.Field | None:
    """The form field of a model's column: dates as written, rupees, codes, covered texts; else Django's own."""
    if isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField):
        return column.formfield(form_class=DayField, **given)
    if isinstance(column, SealedTextField):
        given.pop("widget", None)
        label, help_text = given.pop("label", column.verbose_name), given.pop("help_text", "")
        return SealedField(label=label, required=not column.blank, help_text=help_text, **given)
    if isinstance(column, models.BigIntegerField) and column.name.endswith("_paise"):
        return RupeesField(label=column.verbose_name, required=not (column.blank or column.null), **given)
    if isinstance(column, models.CharField) and column.name in _BY_NAME:
        return column.formfield(form_class=_BY_NAME[column.name], **given)
    return column.formfield(**given)
