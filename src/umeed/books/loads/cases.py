"""The cut-offs of a file, one a group: what its rows say put together, judged, and told row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from umeed.books.actions.cutoffs import why_not_post_cut_off
from umeed.books.cutoffs.documents import CutOffDocument, read
from umeed.books.cutoffs.sums import Sides, sides_of
from umeed.books.ledger.others import above
from umeed.core.loads.layouts import CREATE, REFUSE, SheetRow, Verdict
from umeed.core.scope import Scope
from umeed.institutions.models import Institution
from umeed.kernel.ids import new_id
from umeed.kernel.money import rupees
from umeed.kernel.refusals import N_, Refusal, hard, warning

TABLE = "books_cutoff"
_OTHER_ROW = N_("Another row of this group is refused; a cut-off is loaded whole.")
_COMES_TO = N_("%(group)s: it has %(has)s, and %(holds)s is named for it.")
_SURPLUS = N_("%(paise)s is taken as the surplus before the books began, as you said beside the file.")
_UNTOUCHED = N_("Left out, since nothing is written for them: %(count)s (rows: %(rows)s).")
_SURPLUS_WHY = "said when the file was loaded"
# Told in the report; what a person on the spot would be asked is not asked of a file.
_NOT_ASKED = {"few_meetings", "unsaved"}


@dataclass
class CaseRow:
    """A row of a file that belongs to a cut-off, and what is said about it alone."""

    row: SheetRow
    shown: str
    reasons: list[Refusal] = field(default_factory=list)


@dataclass
class Case:
    """A group's cut-off as a file says it. `where` tells from which row a part of the document came."""

    key: str
    name: str
    group: Institution | None
    rows: list[CaseRow] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)
    where: dict[str, CaseRow] = field(default_factory=dict)
    takes_surplus: bool = False
    is_untouched: bool = False
    sides: Sides | None = None

    @property
    def first(self) -> CaseRow:
        return self.rows[0]

    def add(self, key: str, row: CaseRow, said: dict[str, Any]) -> None:
        """One more part of a list of the document."""
        rows = self.said.setdefault(key, [])
        self.where[f"{key}.{len(rows)}"] = row
        rows.append(said)

    def more(self, key: str, paise: int) -> None:
        """A figure of which a file may say several parts."""
        self.said[key] = self.said.get(key, 0) + paise

    def judge(self, by: Scope) -> None:
        """Put every reason beside the row that it is about."""
        if self.group is None or any(hard(row.reasons) for row in self.rows):
            return
        for at, loan in enumerate(self.said.get("loans", ())):
            loan["loan"] = UUID(int=at + 1)
        document = self._document()
        if isinstance(document, list):
            return self._tell(document)
        bodies = {body: kind for body, (kind, _name) in above(self.group.pk, document.on).items()}
        self.sides = sides_of(document, bodies)
        if self.takes_surplus and document.surplus is None and self.sides.difference > 0:
            self.said |= {"surplus": self.sides.difference, "surplus_why": _SURPLUS_WHY}
            values = {"paise": rupees(self.sides.difference)}
            self.first.reasons.append(warning("surplus", "surplus_taken", _SURPLUS, values))
            document = self._document()
            assert isinstance(document, CutOffDocument)
            self.sides = sides_of(document, bodies)
        reasons = why_not_post_cut_off(by=by, group=self.group, document=document)
        self._tell([one for one in reasons if one.code not in _NOT_ASKED])

    def _document(self) -> CutOffDocument | list[Refusal]:
        return read({"id": UUID(int=0), **self.said})

    def _tell(self, reasons: Iterable[Refusal]) -> None:
        for reason in reasons:
            steps = str(reason.field or "").split(".")
            row = self.where.get(".".join(steps[:2]), self.first)
            row.reasons.append(reason)

    def verdicts(self) -> Iterator[tuple[CaseRow, Verdict]]:
        """One a row. The first row of a group carries its document, the others belong to it."""
        is_refused = self.group is None or any(hard(row.reasons) for row in self.rows)
        document_id = new_id()
        for row in self.rows:
            yield row, self._verdict(row, is_refused, str(document_id))

    def _verdict(self, row: CaseRow, is_refused: bool, document_id: str) -> Verdict:
        given = row.row
        if is_refused:
            reasons = row.reasons if hard(row.reasons) else [*row.reasons, Refusal(None, "other_row", _OTHER_ROW)]
            return Verdict(given.sheet, given.number, REFUSE, row.shown, reasons)
        assert self.group is not None
        if row is not self.first:
            return Verdict(given.sheet, given.number, CREATE, row.shown, row.reasons, after={"belongs": self.key})
        after: dict[str, Any] = {
            "key": self.key, "group": str(self.group.pk), "count": len(self.rows), "document": _plain(self.said)
        }  # fmt: skip
        reasons = list(row.reasons)
        if self.sides is not None:
            has, holds = rupees(self.sides.has_all), rupees(self.sides.holds_all)
            values = {"group": self.group.name, "has": has, "holds": holds}
            reasons.append(warning(None, "comes_to", _COMES_TO, values))
        return Verdict(given.sheet, given.number, CREATE, row.shown, reasons, TABLE, document_id, {}, after)


def _plain(value: Any) -> Any:
    """As the engine keeps it: ids and days as text, which the document reads again."""
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def in_order(rows: list[SheetRow], cases: Iterable[Case], by: Scope, progress: Any) -> Iterator[Verdict]:
    """The verdicts of all rows, in the file's order. Of a group of which nothing was written there is none."""
    found: dict[tuple[str, int], Verdict] = {}
    for case in cases:
        if case.is_untouched:
            continue
        case.judge(by)
        found |= {(row.row.sheet, row.row.number): verdict for row, verdict in case.verdicts()}
    for at, row in enumerate(rows):
        progress(at, len(rows), N_("Checking the rows"))
        if (row.sheet, row.number) in found:
            yield found[row.sheet, row.number]


def left_out(cases: Iterable[Case]) -> list[Refusal]:
    """One sentence about all groups, VOs and CLFs of which nothing was written."""
    untouched = [case for case in cases if case.is_untouched]
    values = {"count": len(untouched), "rows": sum(len(case.rows) for case in untouched)}
    return [warning(None, "untouched", _UNTOUCHED, values)] if untouched else []
