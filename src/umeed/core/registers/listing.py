"""One look at a register: address and scope in, rows of one page out, with how many, of what, where and when."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Window
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils import timezone

from umeed.core.registers.columns import Column, gathered
from umeed.core.registers.declare import Queryset, Register
from umeed.core.scope import Scope

# Up to here rows are counted anew each time (a district's women: about 20 ms). Above, a count is kept for ten minutes.
COUNTED_EACH_TIME = 20_000
KEPT_SECONDS = 600
# Nobody leafs so far: what lies deeper is found by narrowing. It bounds the work of one page.
DEEPEST_PAGE = 200

SORT, PAGE, SHOW, SEARCH = "sort", "page", "show", "q"
OWN_PARAMS = frozenset({SORT, PAGE, SHOW})


@dataclass(frozen=True)
class Counted:
    """How many rows. `at` is the time of day when it was counted, when that was not just now."""

    number: int
    at: str = ""


class Listing:
    """A register over one address for one viewer. Nothing is asked of the database before it is needed."""

    def __init__(
        self, register: Register, scope: Scope, params: QueryDict, *, capability: str = "",
        at_most: int = 0, keys: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self.register, self.scope, self.params = register, scope, params
        self.page_size = at_most or register.page_size
        self.columns = [register.by_key[key] for key in keys] if keys else register.listed
        self.filters = register.filterset(params, register.base(scope), scope=scope)
        self._capability = capability

    # What is asked for -----------------------------------------------------------------------------------------------

    @cached_property
    def narrowed(self) -> Queryset:
        """All rows of the list, filtered and searched, not sorted."""
        rows = self.filters.qs
        return self.register.narrow(rows, self.scope, self._capability) if self._capability else rows

    @cached_property
    def sort(self) -> str:
        """The column sorted by, with `-` when downwards; the register's own order for anything unknown."""
        asked = self.params.get(SORT, "")
        column = self.register.by_key.get(asked.lstrip("-"))
        return asked if column is not None and column.order else self.register.order

    @property
    def by_closeness(self) -> bool:
        """Whether the closest to what is searched come first: unless somebody chose another order."""
        return self.searches and self.params.get(SORT, "") != self.sort

    @cached_property
    def sorted(self) -> Queryset:
        """The rows in a total order: what is equal is told apart by its id."""
        column = self.register.by_key.get(self.sort.lstrip("-"))
        down = self.sort.startswith("-")
        terms: list[Any] = [self._closeness] if self.by_closeness else []
        for path in column.order if column is not None else (self.sort.lstrip("-"),):
            term = sorted_anew(path) if self.searches else F(path)
            nullable = True if column is not None and getattr(column.model_field, "null", False) else None
            terms.append(term.desc(nulls_last=nullable) if down else term.asc(nulls_last=nullable))
        return self.narrowed.order_by(*terms, "-pk" if down else "pk")

    @property
    def _closeness(self) -> Any:
        return self.filters.filters[SEARCH].closeness(self.filters.values[SEARCH])

    @cached_property
    def page(self) -> int:
        asked = self.params.get(PAGE, "1")
        return min(max(int(asked), 1), DEEPEST_PAGE) if asked.isdecimal() and len(asked) < 7 else 1

    @cached_property
    def shown(self) -> frozenset[str]:
        """Sealed columns that the viewer asks to see and may see somewhere."""
        return frozenset(
            key for key in self.params.getlist(SHOW)
            if key in self.register.by_key and self.scope.can(self.register.by_key[key].sealed or self.register.see)
        )  # fmt: skip

    # What comes back -------------------------------------------------------------------------------------------------

    @cached_property
    def _fetched(self) -> list[Any]:
        """The rows of the page and one more. A search counts on the way, for it looks at every row just once."""
        first = (self.page - 1) * self.page_size
        rows = self.register.load(self.sorted, self.columns)
        if self.searches:
            rows = rows.annotate(count_of_all=Window(Count("*")))
        return list(rows[first : first + self.page_size + 1])

    @property
    def searches(self) -> bool:
        return SEARCH in self.filters.values

    @property
    def rows(self) -> list[Any]:
        return self._fetched[: self.page_size]

    @property
    def has_next(self) -> bool:
        return len(self._fetched) > self.page_size and self.page < DEEPEST_PAGE

    @cached_property
    def values(self) -> "RowValues":
        return RowValues(self.register, self.scope, self.rows, self.columns, self.shown)

    @cached_property
    def count(self) -> Counted:
        """Exact. Not asked at all when the page itself tells; kept for a while when there are very many."""
        if len(self._fetched) <= self.page_size and (self._fetched or self.page == 1):
            return Counted((self.page - 1) * self.page_size + len(self._fetched))
        if self.searches and self._fetched:
            return Counted(self._fetched[0].count_of_all)
        return count_of(self.narrowed, self._count_key)

    @property
    def _count_key(self) -> str:
        asked = sorted(
            (key, self.params.getlist(key)) for key in self.params if key not in OWN_PARAMS and self.params[key]
        )
        what = repr((self.register.key, self.scope.viewer, self.scope.grants, self.scope.today, asked))
        return "register-count:" + hashlib.sha256(what.encode()).hexdigest()

    @cached_property
    def where(self) -> str:
        """The place that the list speaks of, in words; empty when nobody says."""
        return self.register.where(self.scope, self.filters.values) if self.register.where else ""

    @property
    def as_of(self) -> str:
        """In words: how many of what, where, as on which day."""
        return self.register.as_of(self.count.number, self.where, self.scope.today, self.count.at)

    @property
    def where_ids(self) -> list[int]:
        """The places that the list speaks of; none when it speaks of everything."""
        return self.register.where.ids(self.scope, self.filters.values) if self.register.where else []

    # Addresses -------------------------------------------------------------------------------------------------------

    def query(self, **changed: str | None) -> str:
        """This address's query with some parameters changed; None takes one out. Always begins on the first page."""
        params = self.params.copy()
        params.pop(PAGE, None)
        for name, value in changed.items():
            params.pop(name, None)
            if value is not None:
                params[name] = value
        for name in [name for name in params if not any(params.getlist(name))]:
            del params[name]
        return params.urlencode()

    def without(self, drops: tuple[tuple[str, str | None], ...]) -> str:
        """This address's query without one chip."""
        params = self.params.copy()
        params.pop(PAGE, None)
        for name, value in drops:
            kept = [] if value is None else [one for one in params.getlist(name) if one != value]
            params.setlist(name, kept)
        return params.urlencode()


class RowValues:
    """The values of some rows, gathered once; sealed ones covered unless asked for and allowed on that very row."""

    def __init__(
        self, register: Register, scope: Scope, rows: list[Any], columns: list[Column], shown: frozenset[str]
    ) -> None:
        self.register, self.scope, self.columns = register, scope, columns
        self.gathered: Mapping[str, Mapping[Any, Any]] = gathered(columns, rows, scope)
        self.allowed = {
            column.key: register.allowed(scope, column.sealed, rows)
            for column in columns
            if column.sealed and column.key in shown
        }

    def of(self, row: Any, column: Column) -> tuple[Any, bool]:
        """(value, covered): a covered value is not to be written out."""
        value = column.value(row, self.gathered.get(column.key))
        covered = bool(column.sealed) and value is not None and row.pk not in self.allowed.get(column.key, ())
        return value, covered

    def writer(self, column: Column) -> Callable[[Any], list[Any]]:
        """flat row → its cells in a sheet, for very many rows."""
        read = column.reader(self.gathered.get(column.key))
        if not column.sealed:
            return lambda row: column.sheet(read(row))
        allowed = self.allowed.get(column.key, frozenset())

        def cells(row: Any) -> list[Any]:
            value = read(row)
            return column.sheet(value) if value in (None, "") or row.pk in allowed else [column.covered(value)]

        return cells

    def opened(self, rows: list[Any]) -> list[tuple[Any, list[str]]]:
        """Which sealed fields of which rows are shown: what the audit entry of the look lists."""
        told = []
        for row in rows:
            fields = [c.key for c in self.columns if c.sealed and row.pk in self.allowed.get(c.key, ())]
            if fields := [key for key in fields if self.register.by_key[key].value(row) is not None]:
                told.append((row, fields))
        return told


def sorted_anew(path: str) -> Coalesce:
    """A column to order what was searched by. Its index would lead past every row that does not fit, at random."""
    return Coalesce(path, path)


def count_of(rows: Queryset, key: str) -> Counted:
    """Exact; more than COUNTED_EACH_TIME rows are counted at most once in ten minutes."""
    plain = rows.order_by().values("pk")
    number = plain[: COUNTED_EACH_TIME + 1].count()
    if number <= COUNTED_EACH_TIME:
        return Counted(number)
    kept = cache.get(key)
    if kept is not None:
        return Counted(*kept)
    number = plain.count()
    cache.set(key, (number, f"{timezone.localtime():%H:%M}"), KEPT_SECONDS)
    return Counted(number)
