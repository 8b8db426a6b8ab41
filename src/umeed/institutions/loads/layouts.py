"""Women and groups for the load page: LokOS's workbook as it comes, and plain lists whose columns a person maps."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from umeed.core.loads.headings import as_exported, recognised
from umeed.core.loads.layouts import Column, Difference, Layout, Progress, SheetRow, Unread, Verdict, offer
from umeed.core.scope import Scope
from umeed.institutions.loads import columns, judging, undoing, unread, writing
from umeed.institutions.loads.differing import DIFFERENCES
from umeed.kernel.refusals import Refusal

WATCHED = (
    "institutions_institution", "institutions_woman", "institutions_membership", "institutions_officeterm",
    "institutions_bankaccount", "institutions_alias", "institutions_consent", "institutions_household", "places_place",
    "places_lying",
)  # fmt: skip


@dataclass(frozen=True)
class InstitutionsLayout:
    """One kind of spreadsheet of women, groups or both. `change` is the capability that each of its rows needs.

    `export` is the key of the register whose own export it reads back, in every language; `unread` is what of it not.
    """

    key: str
    title: Any
    lead: Any
    columns: Mapping[str, Sequence[Column]]
    change: str
    export: str = ""
    unread: Sequence[Unread] = ()
    capability: str = "loads.make"
    watches: tuple[str, ...] = WATCHED
    differences: tuple[Difference, ...] = DIFFERENCES
    # The group stands at the head of each row; rows that were judged some time ago keep how a name sounds.
    inner: frozenset[str] = frozenset({"group_id", "group_is_new", "name_key", "account_id"})
    titled: Mapping[str, Any] = field(default_factory=lambda: {"since": _("Since"), "signs": _("Sign for it")})
    told_as: Mapping[str, tuple[str, str]] = field(
        default_factory=lambda: {"office": ("institutions_officeterm", "office")}
    )

    @cached_property
    def sheets(self) -> Mapping[str, Sequence[Column]]:
        """The columns with the headings of our own export: worked out when first needed, for it is put into words."""
        titles = _titles_of(self.export) if self.export else ()
        return {kind: as_exported(columns, titles) for kind, columns in self.columns.items()}

    def recognises(self, filename: str, headings: Mapping[str, Sequence[str]]) -> Mapping[str, str] | None:
        return recognised(self.sheets, headings)

    def judge(self, rows: Iterable[SheetRow], *, by: Scope, progress: Progress) -> Iterator[Verdict]:
        return judging.judge(rows, by=by, capability=self.change, progress=progress)

    def apply(self, verdicts: Iterable[Verdict], *, by: Scope, load_id: str, progress: Progress) -> None:
        writing.write(verdicts, by=by, load_id=load_id, progress=progress)

    def why_not_undo(self, verdicts: Iterable[Verdict], *, by: Scope) -> list[Refusal]:
        return undoing.why_not_undo(verdicts)

    def undo(self, verdicts: Iterable[Verdict], *, by: Scope, load_id: str, progress: Progress) -> None:
        undoing.undo(verdicts, by=by, load_id=load_id, progress=progress)


def _titles_of(key: str) -> list[Any]:
    """The headings of a register's export, to be translated."""
    from umeed.institutions.registers import shgs, women  # here, not above: the app starts without forms and filters

    register = {"shgs": shgs, "women": women}[key]
    return [title for column in register.columns for title in column.sheet_titles()]


LOKOS = InstitutionsLayout(
    key="lokos",
    title=_("LokOS workbook"),
    lead=_(
        "The upload workbook of LokOS: self-help groups, their members, and cut-off figures,"
        " which are loaded afterwards."
    ),
    columns=columns.LOKOS,
    change="institutions.change",
)
WOMEN = InstitutionsLayout(
    key="women",
    title=_("List of women"),
    lead=_("One row a woman, with the name of her group. Columns in any order; you say which is which."),
    columns={columns.MEMBERS: columns.PLAIN_MEMBERS},
    change="women.change",
    export="women",
    unread=unread.OF_WOMEN,
)
GROUPS = InstitutionsLayout(
    key="groups",
    title=_("List of self-help groups"),
    lead=_("One row a group, with its village and the day on which it was formed."),
    columns={columns.GROUPS: columns.PLAIN_GROUPS},
    change="institutions.change",
    export="shgs",
    unread=unread.OF_GROUPS,
)


def offer_all() -> None:
    """Make the three layouts known to the load page."""
    for layout in (LOKOS, WOMEN, GROUPS):
        checked: Layout = layout
        offer(checked)
