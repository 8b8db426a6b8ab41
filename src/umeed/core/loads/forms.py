"""What is asked about a file: which file, what it holds, which heading is which column, what else is wanted."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.core.loads import covering, mapping
from umeed.core.loads.layouts import Layout, Option, layouts_for
from umeed.core.loads.models import Load
from umeed.core.loads.options import options_of
from umeed.core.loads.reading import SAMPLE_LETTERS
from umeed.core.scope import Scope

UNREAD = ""


class UploadForm(forms.Form):
    """The file, and what it is when she knows. Known files need not be named."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("Excel (.xlsx, .xls), OpenDocument (.ods), CSV, or a zip of these, as it was downloaded."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.xlsb,.ods,.csv,.tsv,.txt,.zip,.xml"}),
        error_messages={"empty": _("The file is empty.")},
    )
    layout = forms.ChoiceField(label=_("What it holds"), required=False)

    def __init__(self, *args: Any, scope: Scope, is_too_large: bool = False, **given: Any) -> None:
        super().__init__(*args, **given)
        if is_too_large:
            most = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
            words = gettext("The file is larger than %(most)s MB. Split it into several files.") % {"most": most}
            self.fields["file"].error_messages["required"] = words
        known = [(each.key, each.title) for each in layouts_for(scope)]
        self.fields["layout"].choices = [("", _("Find out by its headings")), *known]


class ChooseForm(forms.Form):
    """What a file holds, and for a kind of file with several sheets which sheet is which. Sent by GET."""

    layout = forms.ChoiceField(label=_("What the file holds"))

    def __init__(self, *args: Any, scope: Scope, of: Layout | None, found: mapping.Found, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["layout"].choices = [("", _("Choose")), *((each.key, each.title) for each in layouts_for(scope))]
        if of is not None and (len(found) > 1 or len(of.sheets) > 1):
            titles = [(sheet["title"], sheet["title"]) for sheet in found]
            for kind in of.sheets:
                self.fields[f"sheet_{kind}"] = forms.ChoiceField(
                    label=gettext("Sheet for: %(kind)s") % {"kind": getattr(of, "sheet_titles", {}).get(kind, kind)},
                    choices=[("", _("None")), *titles], required=False,
                )  # fmt: skip


class Answer(forms.Field):
    """Shown as needed or optional; that a needed one is missing is told by the act, with all other reasons at once."""

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)


class ChoiceAnswer(Answer, forms.ChoiceField):
    """A column of the file."""


class TextAnswer(Answer, forms.CharField):
    """A text or a day."""


class AnswersForm(forms.Form):
    """One choice a column, and the layout's own questions.

    load      with `found` and `samples`
    proposed  {sheet title: {kind, columns}} to start from
    """

    def __init__(self, *args: Any, load: Load, of: Layout, proposed: mapping.Mapped, **given: Any) -> None:
        super().__init__(*args, **given)
        self.of, self.titles = of, {said["kind"]: title for title, said in proposed.items()}
        headings = {sheet["title"]: sheet["headings"] for sheet in load.found}
        samples = json.loads(load.samples or "{}")
        for option in options_of(of):
            self.fields[f"option_{option.key}"] = _option_field(option, load.options.get(option.key))
        for title, said in proposed.items():
            columns = of.sheets[said["kind"]]
            sealed = {said["columns"].get(column.key) for column in columns if column.sealed}
            choices = _choices(headings[title], samples.get(title, []), sealed)
            for column in columns:
                self.fields[f"column_{said['kind']}_{column.key}"] = ChoiceAnswer(
                    label=column.title,
                    choices=choices,
                    required=column.required,
                    initial=str(said["columns"].get(column.key, UNREAD)),
                )

    def bound_of(self, prefix: str) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(prefix)]

    @property
    def asked(self) -> list[forms.BoundField]:
        return self.bound_of("option_")

    @property
    def parts(self) -> list[dict[str, Any]]:
        """[{title, needed, others}]: bound fields of each mapped sheet; what must be found, and the rest."""
        return [
            {
                "title": title,
                "needed": [f for f in self.bound_of(f"column_{kind}_") if f.name in self._needed(kind)],
                "others": [f for f in self.bound_of(f"column_{kind}_") if f.name not in self._needed(kind)],
            }
            for kind, title in self.titles.items()
        ]

    def _needed(self, kind: str) -> set[str]:
        """Required columns, and those that have a heading to start from."""
        names = {f"column_{kind}_{column.key}": column.required for column in self.of.sheets[kind]}
        return {name for name, required in names.items() if required or self[name].value() not in (None, UNREAD)}

    @property
    def given_options(self) -> dict[str, str]:
        return {
            option.key: str(self.data.get(self.add_prefix(f"option_{option.key}"), ""))
            for option in options_of(self.of)
        }

    @property
    def mapped(self) -> mapping.Mapped:
        """{sheet title: {kind, columns}} as chosen; a sheet of which nothing is read is left out."""
        mapped: mapping.Mapped = {}
        for kind, title in self.titles.items():
            chosen = {
                column.key: self.cleaned_data.get(f"column_{kind}_{column.key}") for column in self.of.sheets[kind]
            }
            columns = {key: int(index) for key, index in chosen.items() if index not in (None, UNREAD)}
            if columns:
                mapped[title] = {"kind": kind, "columns": columns}
        return mapped


def _option_field(option: Option, value: Any) -> forms.Field:
    about = {"label": option.title, "help_text": option.hint, "initial": value}
    if option.kind == "flag":
        return forms.BooleanField(**about, required=False)
    if option.kind != "date":
        return TextAnswer(**about, required=option.required, max_length=500)
    if value:
        about["initial"] = f"{datetime.date.fromisoformat(value):%d-%m-%Y}"
    about["help_text"] = option.hint or _("Day first, like 25-01-2016")
    widget = forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "25-01-2016"})
    return TextAnswer(**about, required=option.required, widget=widget)


def _choices(
    headings: Sequence[str], samples: Sequence[Sequence[str]], sealed: Collection[int | None]
) -> list[tuple[str, Any]]:
    """Every heading with a first cell beside it, so that "Column C" says what it holds; `covering` says how much.

    sealed  the places of those headings whose column is sealed, as far as they are known
    """
    choices: list[tuple[str, Any]] = [(UNREAD, _("Not in this file"))]
    for index, heading in enumerate(headings):
        first = samples[index][0] if index < len(samples) and samples[index] else ""
        first = covering.shown(first, longest=SAMPLE_LETTERS, is_sealed=index in sealed)
        choices.append((str(index), f"{heading} ({first})" if first else heading))
    return choices


def errors_by_field(form: AnswersForm, reasons: Sequence[Any], kinds: Mapping[str, Any]) -> None:
    """Put each reason beside the field that it is about."""
    for reason in reasons:
        names = [f"option_{reason.field}", *(f"column_{kind}_{reason.field}" for kind in kinds)]
        name = next((name for name in names if name in form.fields), None)
        form.add_error(name, forms.ValidationError(reason.message(gettext), code=reason.code))
