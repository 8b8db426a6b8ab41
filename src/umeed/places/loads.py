"""What of places comes in by spreadsheet: LGD's own downloads, and lists that bring villages into blocks."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from umeed.core.loads.headings import recognised
from umeed.core.loads.layouts import REFUSE, Column, Difference, Layout, Option, Progress, SheetRow, Verdict, offer
from umeed.core.scope import Scope
from umeed.kernel.refusals import N_, Refusal
from umeed.places.directory import undoing, writing
from umeed.places.directory.columns import FILING, SHEETS, kinds_of
from umeed.places.directory.judging import MOVED, PLACED, Judge, Terms
from umeed.places.directory.known import Tree, mission_for
from umeed.places.directory.reading import Entry, entry_of
from umeed.places.models import Place
from umeed.places.pages import villages_in_no_block

_ON = Option(
    "on",
    _("Holds from"),
    "date",
    _("Empty: from today; a first list holds from the mission's first day."),
)
_END_GONE = Option(
    "end_gone",
    _("End places that are not in the file"),
    "flag",
    _("Only those at which no record stands. Without it they are shown and stay."),
)
_DIFFERENCES = (
    Difference(
        "renamed", _("Renamed"), ngettext_lazy("%(count)s renamed", "%(count)s renamed", "n"), frozenset({"name"})
    ),
    Difference("moved", _("Moved"), ngettext_lazy("%(count)s moved", "%(count)s moved", "n"), frozenset({MOVED})),
    Difference(
        "placed", _("Newly placed"), ngettext_lazy("%(count)s newly placed", "%(count)s newly placed", "n"),
        frozenset({PLACED}),
    ),
    Difference("ended", _("Ended"), ngettext_lazy("%(count)s ended", "%(count)s ended", "n"), frozenset({"ended"})),
)  # fmt: skip
# Each kind of sheet has its own word for its name and code; of a row it is told that it is the place's own.
_TITLED = {
    "kind": _("Kind"), "name": _("Name"), "code": _("Code"), "on": _("Holds from"), "since": _("Since"),
    "ended": _("Ended"), "leaves_block": _("Leaves its block"),
}  # fmt: skip


@dataclass(frozen=True)
class PlaceLayout:
    """A list of places of one mission. `terms` are what the person chose beside the file."""

    key: str
    title: Any
    lead: Any
    sheets: Mapping[str, Sequence[Column]]
    options: Sequence[Option]
    terms: Terms = field(default_factory=Terms)
    capability: str = "places.load"
    differences: tuple[Difference, ...] = _DIFFERENCES
    inner: frozenset[str] = frozenset({MOVED, PLACED})
    titled: Mapping[str, Any] = field(default_factory=lambda: _TITLED)
    told_as: Mapping[str, tuple[str, str]] = field(default_factory=lambda: {"kind": (Place._meta.db_table, "kind")})
    watches: tuple[str, ...] = ("places_place", "places_lying", "places_placename", "places_placechange")

    def recognises(self, filename: str, headings: Mapping[str, Sequence[str]]) -> Mapping[str, str] | None:
        return recognised(self.sheets, headings) if self.terms.only_known else kinds_of(headings)

    def with_options(self, chosen: Mapping[str, Any]) -> "PlaceLayout":
        on: datetime.date | None = chosen.get("on")
        return replace(self, terms=replace(self.terms, on=on, end_gone=bool(chosen.get("end_gone"))))

    def goes_on(self, by: Scope) -> list[tuple[str, str]]:
        """Where to go on after a load: LGD's directory knows no blocks, so its villages may lie in none."""
        line = villages_in_no_block(by)
        return [line] if line else []

    def judge(self, rows: Iterable[SheetRow], *, by: Scope, progress: Progress) -> Iterator[Verdict]:
        entries = [entry_of(row) for row in rows]
        mission = mission_for(_codes(entries), by)
        if mission is None:
            yield from (_which_mission(entry) for entry in entries)
            return
        yield from Judge(Tree(mission, by), entries, self.terms).verdicts()

    def apply(self, verdicts: Iterable[Verdict], *, by: Scope, load_id: str, progress: Progress) -> None:
        def tree_of(chosen: Sequence[Verdict]) -> Tree:
            return Tree(_mission_of(chosen, by), by)

        writing.write(verdicts, tree_of, by=by, load_id=load_id, progress=progress)

    def why_not_undo(self, verdicts: Iterable[Verdict], *, by: Scope) -> list[Refusal]:
        load_id = undoing.load_of(verdicts)
        return undoing.why_not_undo(load_id) if load_id else []

    def undo(self, verdicts: Iterable[Verdict], *, by: Scope, load_id: str, progress: Progress) -> None:
        undoing.undo(verdicts, by=by, load_id=load_id, progress=progress)


def _codes(entries: Iterable[Entry]) -> Iterator[tuple[str, int]]:
    for entry in entries:
        if entry.code:
            yield entry.kind, entry.code
        for kind, named in entry.parents.items():
            if named.code:
                yield kind, named.code


def _mission_of(verdicts: Sequence[Verdict], by: Scope) -> Any:
    """The mission in which verdicts are written: that of the places they change, else as it was judged."""
    known = next((int(verdict.subject_id) for verdict in verdicts if verdict.subject_id), None)
    if known is not None:
        return Place.objects.select_related("mission").get(pk=known).mission
    return mission_for(_codes(writing.entry_of(verdict.after) for verdict in verdicts), by)


def _which_mission(entry: Entry) -> Verdict:
    text = N_("The file does not say which mission it is about. Name districts that are known here.")
    return Verdict(entry.sheet, entry.number, REFUSE, entry.shown, [Refusal(None, "which_mission", text)])


DIRECTORY = PlaceLayout(
    key="lgd",
    title=_("Places from the Local Government Directory"),
    lead=_("LGD's own downloads as they come, or a list with the same columns: districts, tehsils, blocks, villages."),
    sheets=SHEETS,
    options=(_ON, _END_GONE),
)
VILLAGES_TO_BLOCKS = PlaceLayout(
    key="villages_to_blocks",
    title=_("Villages to blocks and panchayats"),
    lead=_("For villages that are known by tehsil only: says in which block and panchayat each lies."),
    sheets=FILING,
    options=(_ON,),
    terms=Terms(only_known=True),
)


def offer_all() -> None:
    """Make both layouts known to the load page."""
    for layout in (DIRECTORY, VILLAGES_TO_BLOCKS):
        checked: Layout = layout
        offer(checked)
