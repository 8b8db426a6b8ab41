"""What a register shows of a record: one declared column gives the cell on the page, in the sheet and in the API.

A column reads its value from the row, or gathers the values of all rows of a page in one query. It writes the value
four ways: `text` (in the reader's language), `cell` (the page), `sheet` (typed, for XLSX and CSV), `json` (the API).
"""

import copy
import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext_lazy

from umeed.core.fields import COVERED, SealedTextField, masked
from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import DASH, day, listed, rupees
from umeed.kernel.money import grouped

NOTHING = format_html('<span class="soft nothing">{}</span>', DASH)
YES, NO = pgettext_lazy("answer", "Yes"), pgettext_lazy("answer", "No")
_NO_ID = str(UUID(int=0))

Rows = Sequence[Any]
Gather = Callable[[Rows, Scope], Mapping[Any, Any]]


def drawn(pattern: str, *texts: str) -> SafeString:
    """A piece of a page with each text escaped: `format_html` for plain texts only, four times as quick."""
    return SafeString(pattern % tuple(map(escape, texts)))


class Column:
    """Text. `key` is its name in addresses, sheets and JSON; `field` the path on the model (`household__poverty`).

    title     words for people; the model's own when empty
    link      the value opens the record
    sealed    the capability that one needs to see it; still covered until asked for, and the look is recorded
    sort      False, or the order_by terms (the field itself when True)
    gather    (rows, scope) → {pk: value} in one query a page, instead of a field
    listed    whether the list shows it; otherwise only the sheet, the API and a detail section that names it
    about     one sentence for the sheet's first page and the API
    badges    value → kind of badge (good, warn, bad, info, mark)
    """

    kind = "text"
    number = False
    json_type: Any = str

    def __init__(
        self, key: str, title: Any = "", *, field: str = "", link: bool = False, sealed: str = "",
        sort: bool | tuple[str, ...] = True, gather: Gather | None = None, listed: bool = True, about: Any = "",
        badges: Mapping[Any, str] | None = None, fields: tuple[str, ...] | None = None,
    ) -> None:  # fmt: skip
        self.key, self._title, self.field, self.link, self.sealed = key, title, field or key, link, sealed
        self.gather, self.listed, self.about, self.badges = gather, listed, about, badges or {}
        self.fields = fields if fields is not None else (() if gather else (self.field,))
        self._sort = sort
        self.model_field: models.Field | None = None

    def bind(self, model: type[models.Model]) -> "Column":
        """Look the path up on the model once. A path that does not exist is a programming error (FieldDoesNotExist)."""
        found: Any = None
        at: Any = model
        for part in () if self.gather or self.fields != (self.field,) else self.field.split("__"):
            found = at._meta.get_field(part)
            at = found.related_model if found.is_relation else at
        self.model_field = None if isinstance(found, ForeignObjectRel) else found
        return self

    @property
    def title(self) -> Any:
        if self._title or self.model_field is None:
            return self._title or self.key
        return self.model_field.verbose_name

    @property
    def order(self) -> tuple[str, ...]:
        """order_by terms, or () when it cannot be sorted by. What rests sealed has no order worth having."""
        if self._sort is False or self.sealed or (self._sort is True and self.gather):
            return ()
        return (self.field,) if self._sort is True else tuple(self._sort)  # type: ignore[arg-type]

    @property
    def is_encrypted(self) -> bool:
        return isinstance(self.model_field, SealedTextField)

    def fresh(self) -> "Column":
        """The column for one export: one that remembers what it has looked up gives a copy with an empty memory."""
        return self

    # Reading ---------------------------------------------------------------------------------------------------------

    def value(self, row: Any, gathered: Mapping[Any, Any] | None = None) -> Any:
        """The plain value of a row; None when there is none."""
        if gathered is not None:
            return gathered.get(row.pk)
        value = getattr(row, self.field, row)
        if value is row:
            for part in self.field.split("__"):
                value = getattr(value, part, None)
        return None if value == "" else value

    def reader(self, gathered: Mapping[Any, Any] | None = None) -> Callable[[Any], Any]:
        """flat row → value, for very many rows: a flat row has every path as an attribute (`household__poverty`)."""
        if type(self).value is not Column.value:
            return lambda row: self.value(row, gathered)
        if gathered is not None:
            return lambda row: gathered.get(row.pk)
        return attrgetter(self.field)

    @property
    def goes_straight(self) -> bool:
        """Whether a sheet takes the field as it is: then a hundred thousand of them are copied and not asked for."""
        kind = type(self)
        same = kind.value is Column.value and kind.sheet in (Column.sheet, Number.sheet, Day.sheet)
        return same and kind.text in (Column.text, Number.text, Day.text) and not (self.sealed or self.gather)

    # Writing ---------------------------------------------------------------------------------------------------------

    def text(self, value: Any) -> str:
        return str(value)

    def covered(self, value: Any) -> str:
        """What stands there while it is sealed: the end of an identifier, nothing of anything else."""
        return masked(str(value)) if self.is_encrypted else COVERED

    def cell(self, row: Any, value: Any, scope: Scope, url: str = "") -> SafeString:
        """The inside of a table cell; `url` is the record's own page."""
        if value is None:
            return NOTHING
        text = self.text(value)
        target = self.url(row, value, scope) or (url if self.link else "")
        if target:
            return drawn('<a href="%s"><bdi>%s</bdi></a>', target, text)
        if self.badges and (badge := self.badges.get(value)):
            return drawn('<span class="badge is-%s">%s</span>', badge, text)
        return drawn("<bdi>%s</bdi>", text)

    def url(self, row: Any, value: Any, scope: Scope) -> str:
        """Where the value leads, besides the record itself."""
        return ""

    def sheet_titles(self) -> list[Any]:
        """Headings in a sheet; a column may become several there."""
        return [self.title]

    def sheet(self, value: Any) -> list[Any]:
        """The values under `sheet_titles`: text, int, float, date or None."""
        return [None if value is None else self.text(value)]

    def json(self, value: Any) -> Any:
        return value


class Number(Column):
    """A whole number, written 12,34,567."""

    kind, number, json_type = "number", True, int

    def text(self, value: Any) -> str:
        return grouped(int(value))

    def sheet(self, value: Any) -> list[Any]:
        return [value]


class Code(Number):
    """A number that names something and counts nothing (a village's LGD code): its digits are never grouped."""

    text = Column.text


class Money(Number):
    """Whole paise, shown in rupees."""

    kind = "money"

    def text(self, value: Any) -> str:
        return rupees(value)

    def sheet(self, value: Any) -> list[Any]:
        return [None if value is None else value / 100]


class Day(Column):
    """A date in the reader's language."""

    kind, json_type = "date", datetime.date

    def text(self, value: Any) -> str:
        return day(value)

    def sheet(self, value: Any) -> list[Any]:
        return [value]


class Choice(Column):
    """A key of a code list, shown by its label."""

    kind = "choice"

    def bind(self, model: type[models.Model]) -> "Column":
        super().bind(model)
        self.labels = dict(self.model_field.flatchoices) if self.model_field is not None else {}
        return self

    def fresh(self) -> "Choice":
        """With the labels in the language of now, so that a hundred thousand rows are not translated one by one."""
        made = copy.copy(self)
        made.labels = {key: str(label) for key, label in self.labels.items()}
        return made

    def text(self, value: Any) -> str:
        return str(self.labels.get(value, value))


class Choices(Choice):
    """A list of keys in a JSON column; labels from `labels` when there are any."""

    json_type = list[str]

    def __init__(self, key: str, title: Any = "", *, labels: Mapping[str, Any] | None = None, **given: Any) -> None:
        super().__init__(key, title, sort=False, **given)
        self._labels = labels or {}

    def bind(self, model: type[models.Model]) -> "Column":
        super().bind(model)
        self.labels = dict(self._labels)
        return self

    def value(self, row: Any, gathered: Mapping[Any, Any] | None = None) -> Any:
        return super().value(row, gathered) or None

    def text(self, value: Any) -> str:
        return listed(self.labels.get(part, part) for part in value)


class Names(Column):
    """A name in other scripts: {language: text} in a JSON column."""

    json_type = dict[str, str]

    def __init__(self, key: str, title: Any = "", **given: Any) -> None:
        super().__init__(key, title, sort=False, **given)

    def value(self, row: Any, gathered: Mapping[Any, Any] | None = None) -> Any:
        return super().value(row, gathered) or None

    def text(self, value: Any) -> str:
        return " · ".join(str(text) for text in value.values() if text)


class YesNo(Column):
    kind, json_type = "yesno", bool

    def text(self, value: Any) -> str:
        return str(YES if value else NO)


class Count(Number):
    """How many records of another register belong to the row; the number opens exactly those.

    `counts(ids, scope)` → {pk: number} in one query; `to` is the other register's key, `param` its filter.
    """

    kind = "count"

    def __init__(
        self, key: str, title: Any, *, counts: Callable[[list[Any], Scope], Mapping[Any, int]],
        to: str = "", param: str = "", needs: str = "", **given: Any,
    ) -> None:  # fmt: skip
        super().__init__(key, title, gather=lambda rows, scope: counts([row.pk for row in rows], scope), **given)
        self.to, self.param, self.needs = to, param, needs

    def value(self, row: Any, gathered: Mapping[Any, Any] | None = None) -> Any:
        return (gathered or {}).get(row.pk, 0)

    def url(self, row: Any, value: Any, scope: Scope) -> str:
        if not value or not self.to or (self.needs and not scope.can(self.needs)):
            return ""
        return f"{address(self.to, 'list')}?{urlencode({self.param: row.pk})}"


class Tie(Column):
    """A record of another register that the row belongs to. The gathered value is (id, name)."""

    kind, json_type = "tie", dict[str, str]

    def __init__(self, key: str, title: Any, *, gather: Gather, to: str, needs: str, **given: Any) -> None:
        super().__init__(key, title, gather=gather, **given)
        self.to, self.needs = to, needs

    def text(self, value: Any) -> str:
        return str(value[1])

    def url(self, row: Any, value: Any, scope: Scope) -> str:
        return address(self.to, "detail", value[0]) if scope.can(self.needs) else ""

    def json(self, value: Any) -> Any:
        return None if value is None else {"id": str(value[0]), "name": str(value[1])}


def address(register: str, page: str, *args: Any) -> str:
    """The address of a register's page, or nothing when the register is not mounted."""
    try:
        if len(args) == 1 and isinstance(args[0], UUID):
            pattern = _pattern(get_urlconf(), get_script_prefix(), f"{register}:{page}")
            return pattern.replace(_NO_ID, str(args[0]))
        return reverse(f"{register}:{page}", args=args)
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=256)
def _pattern(urlconf: Any, prefix: str, name: str) -> str:
    """A record's address with an empty id to be filled in: a page of rows asks for a hundred of them."""
    return reverse(name, args=[_NO_ID])


def among(ids: Iterable[UUID]) -> RawSQL:
    """Some ids, for `…__in=`: one parameter, however many there are."""
    return RawSQL("SELECT unnest(%s::uuid[])", (list(ids),))


def ids_of(rows: Rows) -> RawSQL:
    """The ids of some rows, for `…__in=`."""
    return among(row.pk for row in rows)


def gathered(columns: Iterable[Column], rows: Rows, scope: Scope) -> dict[str, Mapping[Any, Any]]:
    """What the columns gather for these rows: one query a gathering column, none for an empty page."""
    return {column.key: column.gather(rows, scope) if rows else {} for column in columns if column.gather}
