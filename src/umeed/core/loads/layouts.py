"""What a room declares so that a spreadsheet can be loaded: its columns, how rows are judged, applied and undone.

The way of a load: file → `Layout.recognises` → (columns mapped on screen, if not known) → `judge` in the background, nothing
written → the person reads the report and consents → `apply` in one transaction → `undo` while nobody has built on it.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from umeed.core.scope import Scope
from umeed.kernel.refusals import Refusal

CREATE, CHANGE, LEAVE, REFUSE = "create", "change", "leave", "refuse"
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Column:
    """A column that a layout understands. `headings` are known spellings, compared folded (case, spaces, numbers off)."""

    key: str
    title: Any
    headings: tuple[str, ...] = ()
    required: bool = False
    sealed: bool = False


@dataclass(frozen=True)
class SheetRow:
    """One row under mapped keys. `sheet` and `number` are what the person sees in Excel; empty cells are None."""

    sheet: str
    number: int
    values: Mapping[str, str | int | float | datetime.date | None]


@dataclass(frozen=True)
class Verdict:
    """What loading a row would do. `shown` is a short label of the row; `before`/`after` only the fields that change.

    `after` may hold sealed texts under keys of sealed columns: the engine seals them before they rest in the database.
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


class Layout(Protocol):
    """One kind of file. `sheets` maps a sheet key to its columns (most layouts have one sheet)."""

    key: str
    title: Any
    capability: str
    sheets: Mapping[str, Sequence[Column]]

    def recognises(self, filename: str, headings: Mapping[str, Sequence[str]]) -> Mapping[str, str] | None:
        """Which of the book's sheets (by title) is which of `sheets`; None when this is not such a file."""

    def judge(self, rows: Iterable[SheetRow], *, by: Scope, progress: Progress) -> Iterator[Verdict]:
        """A verdict for every row, in order. Reads the database, never writes."""

    def apply(self, verdicts: Iterable[Verdict], *, by: Scope, load_id: str, progress: Progress) -> None:
        """Write the accepted verdicts (create and change) inside the caller's transaction and audit entry."""

    def why_not_undo(self, verdicts: Iterable[Verdict], *, by: Scope) -> list[Refusal]:
        """Reasons why the load cannot be taken back: what others have built on it since."""

    def undo(self, verdicts: Iterable[Verdict], *, by: Scope, load_id: str, progress: Progress) -> None:
        """Take the load back: remove what it created, restore what it changed."""


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
