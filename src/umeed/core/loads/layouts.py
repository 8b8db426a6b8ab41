"""What a room declares so that a spreadsheet can be loaded: its columns, how rows are judged, applied and undone.

The way of a load: file → `Layout.recognises` → (columns mapped on screen, if not known) → `judge` in the background,
nothing written → the person reads the report and consents → `apply` in one transaction → `undo` while nobody has built
on it.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

from umeed.core.loads.translated import in_every_language
from umeed.core.scope import Scope
from umeed.kernel.refusals import Refusal

CREATE, CHANGE, LEAVE, REFUSE = "create", "change", "leave", "refuse"
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Column:
    """A column that a layout understands. `headings` are known spellings, compared folded (`headings.folded`).

    `exported_as` is the heading that our own export writes over it, where there is one (`headings.as_exported`).
    `exact` are spellings that come after the others, and of which nothing is guessed: what is only like “Village code”
    may be the code of a panchayat. A column that has no others is never guessed. `run` is for a heading of our own that
    says too little to be known by in other files: the last of these headings as our export writes them, read only
    straight behind the others.
    """

    key: str
    title: Any
    headings: tuple[str, ...] = ()
    required: bool = False
    sealed: bool = False
    exported_as: Any = ""
    exact: tuple[str, ...] = ()
    run: tuple[Any, ...] = ()

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """Everything its heading may be: as files write it, and its own words in every language that we ship."""
        own = (text for words in (self.title, self.exported_as) for text in in_every_language(words) if text)
        return tuple(dict.fromkeys((*self.headings, *self.exact, self.key, *own)))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The spellings that say what the column is, and that a heading may be like."""
        return tuple(text for text in self.spellings if text not in self.exact)

    @property
    def is_guessed(self) -> bool:
        return bool(self.headings or not self.exact)


@dataclass(frozen=True)
class Unread:
    """Headings of our own export that a layout does not read, and why: `text` names them as `%(headings)s`."""

    titles: tuple[Any, ...]
    text: str


@dataclass(frozen=True)
class SheetRow:
    """One row under mapped keys. `sheet` and `number` are what the person sees in Excel; empty cells are None.

    `kind` is the key of the sheet in `Layout.sheets`. Sheets come in the order of `Layout.sheets`, rows in the file's.
    """

    sheet: str
    number: int
    values: Mapping[str, str | int | float | datetime.date | None]
    kind: str = ""


@dataclass(frozen=True)
class Verdict:
    """What loading a row would do. `shown` is a short label of the row; `before`/`after` only the fields that change.

    `after` may hold sealed texts under keys of sealed columns: the engine seals them before they rest in the database.
    `shown` and the values of `reasons` rest in the clear. `number` 0 is about something that the file does not hold.
    """

    sheet: str
    number: int
    what: str
    shown: str
    reasons: Sequence[Refusal] = ()
    table: str = ""
    subject_id: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Option:
    """One thing to ask beside the file, e.g. from which day it holds. `kind` is date, text or flag."""

    key: str
    title: Any
    kind: str = "text"
    hint: Any = ""
    required: bool = False


@dataclass(frozen=True)
class Difference:
    """One way in which a known record may change, e.g. renamed: a count and a tab of its own on the load page.

    A row that changes has it when its `after` names one of `keys`. `counted` says how many there are, an
    `ngettext_lazy` over `n` that shows `%(count)s`.
    """

    key: str
    title: Any
    counted: Any
    keys: frozenset[str]


class Layout(Protocol):
    """One kind of file. `sheets` maps a sheet key to its columns (most layouts have one sheet).

    A layout may also have `lead` (one sentence for the load page), `sheet_titles` (words for the keys in `sheets`),
    `watches` (tables whose later changes may turn a verdict; empty: all), `differences` (in which ways its rows change
    what is known), `unread` (why it does not read some columns of our own export), `judged` (what is said of the file
    as a whole, once all verdicts are there; rows it speaks of may have none), `inner`, `titled`, `told_as` (how
    what it writes is told, see `telling`), `goes_on` (what a person does next once it is loaded: `goes_on(by)` →
    [(words, address)]) and ask for more: `WithOptions`.
    """

    key: str
    title: Any
    capability: str
    sheets: Mapping[str, Sequence[Column]]

    def recognises(self, filename: str, headings: Mapping[str, Sequence[str]]) -> Mapping[str, str] | None:
        """{sheet title: key in `sheets`} for the sheets of the book that it reads; None when this is not such a file.

        `headings` are the book's, by sheet title. `core.loads.headings.recognised` answers by known spellings.
        """

    def judge(self, rows: Iterable[SheetRow], *, by: Scope, progress: Progress) -> Iterator[Verdict]:
        """A verdict for every row, in order, but for rows that `judged` tells of together. Reads the database, never
        writes. Ids made up here: only `subject_id`.
        """

    def apply(self, verdicts: Iterable[Verdict], *, by: Scope, load_id: str, progress: Progress) -> None:
        """Write the accepted verdicts (create and change) inside the caller's transaction and audit entry.

        Raise `Refused` when rows that were left out are missed by others, or a record changed since the dry run.
        """

    def why_not_undo(self, verdicts: Iterable[Verdict], *, by: Scope) -> list[Refusal]:
        """Reasons why the load cannot be taken back: what others have built on it since.

        The engine itself already names later audited changes of the records in `table`/`subject_id`.
        """

    def undo(self, verdicts: Iterable[Verdict], *, by: Scope, load_id: str, progress: Progress) -> None:
        """Take the load back: remove what it created, restore what it changed. Verdicts as they were applied."""


@runtime_checkable
class WithOptions(Protocol):
    """A layout that asks something beside the file."""

    options: Sequence[Option]

    def with_options(self, chosen: Mapping[str, Any]) -> Layout:
        """The layout bound to what was chosen: dates as `datetime.date`, flags as bool, what was left empty missing."""


_layouts: dict[str, Layout] = {}


def offer(layout: Layout) -> Layout:
    """Make a layout known to the load page. Called once by each room's app config when it is ready."""
    _layouts[layout.key] = layout
    return layout


def layouts_for(scope: Scope) -> list[Layout]:
    """The layouts that a person may load, in the order of their keys."""
    return [layout for key, layout in sorted(_layouts.items()) if scope.can(layout.capability)]


def layout(key: str) -> Layout:
    """A known layout. Raises KeyError for an unknown one."""
    return _layouts[key]


def layout_if_known(key: str) -> Layout | None:
    """A layout, or None where it is not known (yet, or any more)."""
    return _layouts.get(key)
