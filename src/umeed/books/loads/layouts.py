"""Cut-offs for the load page. Each group is one whole: good groups may be chosen, of a bad one nothing is loaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext_lazy as _

from umeed.books.actions.cutoffs import LOAD, post_cut_off, take_back_cut_off, why_not_take_back
from umeed.books.loads import columns, lokos, own
from umeed.books.loads.cases import in_order, left_out
from umeed.books.models import CutOff
from umeed.core.actions import Refused
from umeed.core.loads.headings import recognised
from umeed.core.loads.layouts import Column, Layout, Option, Progress, SheetRow, Verdict, offer
from umeed.core.scope import Scope
from umeed.kernel.refusals import N_, Refusal

POSTING, TAKING_BACK = N_("Posting cut-offs"), N_("Taking cut-offs back")
_LEFT_OUT = N_(
    "Rows of “%(shown)s” (row %(number)s) are left out. A cut-off is loaded whole: include them, or leave out all."
)
_NAMED = N_("“%(shown)s” (row %(number)s): %(why)s")
_TAKEN_BACK = "The load was taken back"

WATCHED = (
    "books_book", "books_cutoff", "books_sheet", "books_meeting", "books_monthlock", "institutions_institution",
    "institutions_woman", "institutions_membership", "institutions_federation",
)  # fmt: skip


@dataclass(frozen=True)
class CutOffLayout:
    """One kind of file with cut-offs; `reader` puts its rows together."""

    key: str
    title: Any
    lead: Any
    sheets: Mapping[str, Sequence[Column]]
    reader: Any
    takes_surplus: bool = False
    capability: str = LOAD
    watches: tuple[str, ...] = WATCHED
    inner: frozenset[str] = frozenset({"key", "group", "count", "document", "belongs"})
    sheet_titles: Mapping[str, Any] = field(default_factory=dict)
    # What is said of the file as a whole, once it is judged.
    judged: list[Refusal] = field(default_factory=list, init=False, compare=False)
    options: Sequence[Option] = (
        Option(
            "surplus",
            _("Take what is between both sides as surplus"),
            "flag",
            _(
                "Only if the groups know that it was earned. Each figure stands in the report, and you choose rows. "
                "Where more is named than a group has, the group is refused all the same."
            ),
        ),
    )

    def with_options(self, chosen: Mapping[str, Any]) -> Layout:
        bound: Layout = replace(self, takes_surplus=bool(chosen.get("surplus")))
        return bound

    def recognises(self, filename: str, headings: Mapping[str, Sequence[str]]) -> Mapping[str, str] | None:
        return recognised(self.sheets, headings)

    def judge(self, rows: Iterable[SheetRow], *, by: Scope, progress: Progress) -> Iterator[Verdict]:
        read = self.reader(rows, by, self.capability, takes_surplus=self.takes_surplus)
        self.judged[:] = left_out(read.cases.values())
        yield from in_order(read.rows, read.cases.values(), by, progress)

    def apply(self, verdicts: Iterable[Verdict], *, by: Scope, load_id: str, progress: Progress) -> None:
        mains, belonging = [], Counter[str]()
        for verdict in verdicts:
            if "document" in verdict.after:
                mains.append(verdict)
                belonging[verdict.after["key"]] += 1
            else:
                belonging[verdict.after["belongs"]] += 1
        _all_are_there(mains, belonging)
        for at, verdict in enumerate(mains):
            progress(at, len(mains), POSTING)
            _post(verdict, by)

    def why_not_undo(self, verdicts: Iterable[Verdict], *, by: Scope) -> list[Refusal]:
        reasons = []
        for verdict in _posted(verdicts):
            row = CutOff.objects.filter(pk=verdict.subject_id).select_related("book__institution", "sheet").first()
            reasons += [_about(verdict, why) for why in (why_not_take_back(row) if row is not None else ())]
        return reasons

    def undo(self, verdicts: Iterable[Verdict], *, by: Scope, load_id: str, progress: Progress) -> None:
        posted = list(_posted(verdicts))
        for at, verdict in enumerate(posted):
            progress(at, len(posted), TAKING_BACK)
            take_back_cut_off(by=by, cut_off=UUID(verdict.subject_id), why=_TAKEN_BACK, capability=LOAD)


def _all_are_there(mains: Sequence[Verdict], belonging: Counter[str]) -> None:
    """Every row of each cut-off is chosen, and none without the row that its group begins with."""
    whole = {verdict.after["key"]: verdict for verdict in mains}
    reasons = [
        Refusal(None, "left_out", _LEFT_OUT, {"shown": verdict.shown, "number": verdict.number})
        for key, verdict in whole.items() if belonging[key] != verdict.after["count"]
    ]  # fmt: skip
    alone = next((key for key in belonging if key not in whole), None)
    if alone is not None:
        reasons.append(Refusal(None, "left_out", _LEFT_OUT, {"shown": "?", "number": 0}))
    if reasons:
        raise Refused(reasons)


def _post(verdict: Verdict, by: Scope) -> None:
    id = UUID(verdict.subject_id)
    said = {**verdict.after["document"], "id": id}
    said["loans"] = [{**loan, "loan": uuid5(id, f"loan/{at}")} for at, loan in enumerate(said.get("loans", ()))]
    try:
        post_cut_off(by=by, group=UUID(verdict.after["group"]), said=said, is_sure=True, capability=LOAD)
    except Refused as refused:
        raise Refused([_about(verdict, why) for why in refused.refusals]) from refused


def _about(verdict: Verdict, why: Refusal) -> Refusal:
    values = {"shown": verdict.shown, "number": verdict.number, "why": why.message()}
    return Refusal(None, why.code, _NAMED, values)


def _posted(verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
    return (verdict for verdict in verdicts if "document" in verdict.after)


LOKOS = CutOffLayout(
    key="lokos-cutoff",
    title=_("LokOS cut-off sheet"),
    lead=_("Cut-offs of groups that are known already. A column “Member” says whose savings and loans a row holds."),
    sheets=columns.LOKOS,
    reader=lokos.Reader,
)
OWN = CutOffLayout(
    key="cutoff",
    title=_("Workbook of cut-offs"),
    lead=_("A row a group, VO or CLF, a row a woman or member group, a row a loan, as Umeed gives it out."),
    sheets=columns.OWN,
    reader=own.Reader,
    sheet_titles={
        columns.GROUPS: _("Groups"),
        columns.WOMEN: _("Women"),
        columns.LOANS: _("Loans"),
        columns.FEDERATIONS: _("VOs and CLFs"),
        columns.BODIES: _("Shares and savings"),
        columns.BODY_LOANS: _("Loans of VOs and CLFs"),
    },
)


def offer_all() -> None:
    """Make both known to the load page."""
    for one in (LOKOS, OWN):
        checked: Layout = one
        offer(checked)
