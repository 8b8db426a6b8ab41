"""What the pages of a load show: my loads, one load with its report, one page of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext

from umeed.core.loads import rows, tabs
from umeed.core.loads.judging import UNREAD
from umeed.core.loads.layouts import CHANGE, CREATE, layout_if_known
from umeed.core.loads.models import Load, LoadRow, State
from umeed.core.loads.telling import Telling
from umeed.core.scope import Scope
from umeed.kernel.refusals import Refusal

PAGE_ROWS = 25
KINDS_OF_BADGE = {
    State.MAPPING: "warn", State.JUDGED: "warn", State.APPLIED: "good", State.FAILED: "bad", State.DISCARDED: "",
    State.UNDONE: "",
}  # fmt: skip
KINDS_OF_VERDICT = {CREATE: "good", CHANGE: "info", "leave": "", "refuse": "bad"}


def my_loads(by: Scope) -> Any:
    """Loads of the viewer and, in summary, those made where she may see who did what; newest first."""
    return Load.objects.in_summary_for(by).defer("found", "samples", "mapping", "notes", "refusals")


def wanting(by: Scope) -> Any:
    """The viewer's own loads that wait for her answers or consent, or could not be read and are not put aside."""
    waits = Q(state__in=(State.MAPPING, State.FAILED)) | Q(state=State.JUDGED, counts__chosen__gt=0)
    return Load.objects.filter(waits, made_by=by.viewer)


def load_in_sight(by: Scope, pk: UUID) -> tuple[Load, bool] | None:
    """A load and whether it is the viewer's own; None when she may know nothing of it."""
    load = Load.objects.in_summary_for(by).filter(pk=pk).first()
    return None if load is None else (load, load.made_by == by.viewer)


def standing(load: Load, *, is_mine: bool) -> str:
    """Where a load stands, in words. What waits for its sender waits for nobody else."""
    if load.state == State.JUDGED and not load.counts.get("chosen"):
        return gettext("Nothing to write")
    others = {
        State.MAPPING: gettext("Waiting for its sender's answers"),
        State.JUDGED: gettext("Waiting for its sender's consent"),
    }
    return str(State(load.state).label) if is_mine else others.get(State(load.state), str(State(load.state).label))


def goes_on(load: Load, by: Scope) -> list[tuple[str, str]]:
    """What the person does next with what was loaded: (words, address), as its layout says."""
    tell = getattr(layout_if_known(load.layout_key), "goes_on", None)
    return tell(by) if tell is not None and load.state == State.APPLIED else []


def title_of(layout_key: str) -> Any:
    """The title of a layout; empty when it is not known (yet, or any more)."""
    of = layout_if_known(layout_key)
    return of.title if of else ""


@dataclass(frozen=True)
class ShownRow:
    """One row of the report, as a page tells it."""

    pk: int
    sheet: str
    number: int
    what: str
    words: Sequence[str]
    badge: str
    shown: str
    refused: Sequence[str]
    warned: Sequence[str]
    changes: Sequence[Mapping[str, Any]]
    is_new: bool
    is_writable: bool
    chosen: bool


def page_of_rows(load: Load, what: str, number: int) -> tuple[list[ShownRow], int]:
    """One page (from 1) of the rows under a tab, or of all; and how many there are. Sealed values come covered."""
    known = tabs.differences_of(load)
    rows_under = LoadRow.objects.filter(tabs.under(what, known), load=load).order_by("id")
    total = tabs.count(load, what)
    first = min((number - 1) * PAGE_ROWS, total)
    # Ids first, or a late page would carry every whole row before it; none is looked for beyond those counted.
    ids = list(rows_under.values_list("pk", flat=True)[first : min(first + PAGE_ROWS, total)])
    page = list(LoadRow.objects.filter(pk__in=ids).order_by("id"))
    telling = Telling(load.layout_key, page)
    return [_shown(row, telling, tabs.words_of(row, known)) for row in page], total


def _shown(row: LoadRow, telling: Telling, words: Sequence[str]) -> ShownRow:
    reasons = rows.reasons_of(row)
    return ShownRow(
        pk=row.pk, sheet=row.sheet, number=row.number, what=row.what, words=words,
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


def notes_by_sheet(load: Load) -> list[dict[str, Any]]:
    """[{sheet, notes, unread}] of what was seen while checking; the whole file's own come first, without a sheet.

    `unread` are those about columns that are not read: what somebody wrote there would be missed without a word.
    """
    parts: dict[str, dict[str, Any]] = {}
    for each in load.notes:
        sheet, of = each.get("sheet", ""), "unread" if each.get("code") == UNREAD else "notes"
        part = parts.setdefault(sheet, {"sheet": sheet, "notes": [], "unread": []})
        part[of].append(_told(Refusal.from_dict(each)))
    return sorted(parts.values(), key=lambda part: part["sheet"] != "")


def told(stored: Sequence[Mapping[str, Any]]) -> list[Refusal]:
    """Stored refusals, to be translated by the page."""
    return [Refusal.from_dict(each) for each in stored]
