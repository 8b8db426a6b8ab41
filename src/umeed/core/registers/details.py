"""A record's page: facts in sections, related records, what happened to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from umeed.core.audit_pages.queries import Event, entries_url, history_of
from umeed.core.registers.columns import NOTHING, Column
from umeed.core.registers.declare import Drill, Panel, Register, Section, registered
from umeed.core.registers.listing import Listing, RowValues
from umeed.core.registers.tables import RowsTable, cover, plain_table
from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import listed
from umeed.kernel.money import grouped

DRILLED_AT_MOST = 25
EVENTS_AT_MOST = 20


@dataclass(frozen=True)
class Fact:
    """One line of a section. `reveal` is the column's key when the value is covered and may be looked at."""

    title: Any
    shown: SafeString
    reveal: str = ""

    @property
    def is_blank(self) -> bool:
        return self.shown is NOTHING


@dataclass(frozen=True)
class Facts:
    """A section. What nothing is recorded of is named in one line: a page of dashes hides the few facts there are."""

    title: Any
    facts: tuple[Fact, ...]

    @property
    def known(self) -> list[Fact]:
        return [fact for fact in self.facts if not fact.is_blank]

    @property
    def is_covered(self) -> bool:
        return any(fact.reveal for fact in self.facts)

    @property
    def blank(self) -> str:
        return listed(fact.title for fact in self.facts if fact.is_blank)


@dataclass(frozen=True)
class Related:
    """Records of another register that belong to this one; `all_url` opens them there."""

    key: str
    title: Any
    shown: str
    table: RowsTable | None
    all_url: str
    is_cut: bool


@dataclass(frozen=True)
class PanelShown:
    key: str
    title: Any
    headings: tuple[Any, ...]
    rows: list[Any]


class Detail:
    """One record for one viewer. `opened` are the keys of sealed columns that she has just asked to see."""

    def __init__(self, register: Register, scope: Scope, record: Any, opened: Iterable[str] = ()) -> None:
        self.register, self.scope, self.record = register, scope, record
        self.sections = list(register.detail) or [Section(_("Facts"), tuple(c.key for c in register.columns))]
        self.columns = [self._column(one) for section in self.sections for one in section]
        # A sealed column that the declaration shows only here is opened by the same rule as in the list.
        self.values = RowValues(register, scope, [record], self.columns, frozenset(opened))

    def _column(self, one: str | Column) -> Column:
        return self.register.by_key[one] if isinstance(one, str) else one

    @property
    def facts(self) -> list[Facts]:
        return [
            Facts(section.title, tuple(self._fact(self._column(one)) for one in section)) for section in self.sections
        ]

    def _fact(self, column: Column) -> Fact:
        value, covered = self.values.of(self.record, column)
        if covered:
            return Fact(column.title, cover(column, value), column.key if self.scope.can(column.sealed) else "")
        return Fact(column.title, NOTHING if value is None else column.cell(self.record, value, self.scope))

    @property
    def related(self) -> list[Related]:
        found = (self._related(drill) for drill in self.register.drill)
        return [one for one in found if one is not None]

    def _related(self, drill: Drill) -> Related | None:
        other = registered(drill.to)
        if other is None or not self.scope.can(other.see):
            return None
        params = QueryDict(urlencode({drill.param: self.record.pk}))
        listing = Listing(other, self.scope, params, at_most=DRILLED_AT_MOST, keys=drill.columns)
        table = plain_table(listing.values, listing.rows) if listing.rows else None
        shown = other.counted % {"n": listing.count.number, "shown": grouped(listing.count.number)}
        return Related(drill.key, drill.title, shown, table, f"{other.url()}?{params.urlencode()}", listing.has_next)

    @property
    def panels(self) -> list[PanelShown]:
        return [
            PanelShown(panel.key, panel.title, panel.headings, _labelled(panel, panel.rows(self.scope, self.record)))
            for panel in self.register.panels
            if self.register.may(self.scope, panel.needs, self.record)
        ]

    @property
    def history(self) -> list[Event]:
        """The newest entries. Covered fields stay so, whoever reads: to see them is to look, and that is recorded."""
        subjects = [(self.register.model._meta.db_table, str(self.record.pk))]
        if self.register.history_of is not None:
            subjects += list(self.register.history_of(self.record))
        return history_of(*subjects, count=EVENTS_AT_MOST)

    @property
    def entries_url(self) -> str:
        """All entries about this record, for those who may read who did what; '' for others."""
        return entries_url(self.scope, self.register.model._meta.db_table, self.record.pk)

    @property
    def who_can_see_url(self) -> str:
        try:
            return reverse("access:who_can_see", args=[self.register.model._meta.db_table, str(self.record.pk)])
        except NoReverseMatch:
            return ""


def _labelled(panel: Panel, rows: Iterable[Any]) -> list[list[dict[str, Any]]]:
    return [
        [{"text": text, "label": heading} for heading, text in zip(panel.headings, row, strict=True)] for row in rows
    ]
