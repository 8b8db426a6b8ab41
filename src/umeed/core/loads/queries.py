"""What the pages of a load show: my loads, one load with its report, one page of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, ngettext

from umeed.core.loads import rows
from umeed.core.loads.layouts import CHANGE, CREATE, LEAVE, layout
from umeed.core.loads.models import GONE, Load, LoadRow, State, What
from umeed.core.loads.telling import Telling
from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import grouped
from umeed.kernel.refusals import Refusal

PAGE_ROWS = 25
KINDS_OF_BADGE = {
    State.MAPPING: "warn", State.JUDGED: "warn", State.APPLIED: "good", State.FAILED: "bad", State.DISCARDED: "",
    State.UNDONE: "",
}  # fmt: skip
# Refused rows come first, because they need her; what is known already needs nobody.
_FIRST = (What.REFUSE, What.CHANGE, What.CREATE, GONE, What.LEAVE)
KINDS_OF_VERDICT = {CREATE: "good", CHANGE: "info", "leave": "", "refuse": "bad"}


def my_loads(by: Scope) -> Any:
    """Loads of the viewer and, in summary, those made where she may see who did what; newest first."""
    return Load.objects.in_summary_for(by).defer("found", "samples", "mapping", "notes", "refusals")


def load_in_sight(by: Scope, pk: UUID) -> tuple[Load, bool] | None:
    """A load and whether it is the viewer's own; None when she may know nothing of it."""
    load = Load.objects.in_summary_for(by).filter(pk=pk).first()
    return None if load is None else (load, load.made_by == by.viewer)


def title_of(layout_key: str) -> Any:
    """The title of a layout; empty when it is not known (yet, or any more)."""
    try:
        return layout(layout_key).title
    except KeyError:
        return ""


@dataclass(frozen=True)
class ShownRow:
    """One row of the report, as a page tells it."""

    pk: int
    sheet: str
    number: int
    what: str
    word: str
    badge: str
    shown: str
    refused: Sequence[str]
    warned: Sequence[str]
    changes: Sequence[Mapping[str, Any]]
    is_new: bool
    is_writable: bool
    chosen: bool


def page_of_rows(load: Load, what: str, number: int) -> tuple[list[ShownRow], int]:
    """One page (from 1) of the rows with a verdict, or of all; and how many there are. Sealed values come covered."""
    chosen = LoadRow.objects.filter(load=load).order_by("id")
    if what == GONE:
        chosen = chosen.filter(what=LEAVE, number=0)
    elif what == LEAVE:
        chosen = chosen.filter(what=LEAVE).exclude(number=0)
    elif what:
        chosen = chosen.filter(what=what)
    total = _count(load, what) if what else sum(_count(load, each) for each in _FIRST)
    first = (number - 1) * PAGE_ROWS
    page = list(chosen[first : first + PAGE_ROWS])
    telling = Telling(load.layout_key, page)
    return [_shown(row, telling) for row in page], total


def _count(load: Load, what: str) -> int:
    """How many rows stand under a tab. What is known here and not in the file has a tab of its own."""
    count: int = load.counts.get(what, 0)
    return count - load.counts.get(GONE, 0) if what == LEAVE else count


def _shown(row: LoadRow, telling: Telling) -> ShownRow:
    reasons = rows.reasons_of(row)
    return ShownRow(
        pk=row.pk, sheet=row.sheet, number=row.number, what=row.what, word=str(What(row.what).label),
        badge=KINDS_OF_VERDICT[row.what], shown=row.shown,
        refused=[_told(reason) for reason in reasons if reason.severity == "refuse"],
        warned=[_told(reason) for reason in reasons if reason.severity != "refuse"],
        changes=telling.changes(row), is_new=row.what == CREATE,
        is_writable=row.what in (CREATE, CHANGE), chosen=row.chosen,
    )  # fmt: skip


def _told(reason: Refusal) -> str:
    return reason.message(gettext)


def named(load: Load) -> str:
    """The file's name, set apart so that it reads rightly in a line of another direction."""
    return f"\u2068{load.file_name}\u2069"


def what_to_show(load: Load, asked: str) -> str:
    """The verdict whose rows a page shows, '' for all: as asked, else what most needs her eyes."""
    if asked == "all":
        return ""
    return asked if asked in _FIRST else next((what for what in _FIRST if _count(load, what)), "")


def tabs_of(load: Load, what: str, address: str) -> list[dict[str, Any]]:
    """The verdicts as tabs with their counts, and all rows."""
    total = sum(_count(load, each) for each in _FIRST)
    tabs = [{"title": gettext("All rows"), "url": f"{address}?what=all", "current": not what, "count": grouped(total)}]
    for each in _FIRST:
        if count := _count(load, each):
            title = gettext("Not in the file") if each == GONE else What(each).label
            tabs.insert(
                -1,
                {"title": title, "url": f"{address}?what={each}", "current": what == each, "count": grouped(count)},
            )
    return tabs


def counts_in_words(load: Load) -> str:
    """ "120 new, 4 changed, 2 refused" in the reader's language, for a list."""
    told = {
        What.CREATE: lambda n: ngettext("%(count)s new", "%(count)s new", n),
        What.CHANGE: lambda n: ngettext("%(count)s changed", "%(count)s changed", n),
        GONE: lambda n: ngettext("%(count)s not in the file", "%(count)s not in the file", n),
        What.LEAVE: lambda n: ngettext("%(count)s known already", "%(count)s known already", n),
        What.REFUSE: lambda n: ngettext("%(count)s refused", "%(count)s refused", n),
    }
    said = [words(n) % {"count": grouped(n)} for what, words in told.items() if (n := _count(load, what))]
    return " · ".join(said)


def notes_by_sheet(load: Load) -> list[dict[str, Any]]:
    """[{sheet, notes}] of what was seen while checking; the whole file's own notes come first, without a sheet."""
    parts: dict[str, list[str]] = {}
    for each in load.notes:
        parts.setdefault(each.get("sheet", ""), []).append(_told(Refusal.from_dict(each)))
    return [{"sheet": sheet, "notes": notes} for sheet, notes in sorted(parts.items(), key=lambda part: part[0] != "")]


def told(stored: Sequence[Mapping[str, Any]]) -> list[Refusal]:
    """Stored refusals, to be translated by the page."""
    return [Refusal.from_dict(each) for each in stored]
