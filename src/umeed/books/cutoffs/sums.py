"""What a cut-off comes to: both sides of the balance, what is between them, and the lines of its sheet. No database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from umeed.books.cutoffs.documents import CutOffDocument
from umeed.books.heads import BY_KEY, CHART
from umeed.books.ledger.drafts import Entry
from umeed.kernel.money import Paise

# {VO or CLF: its kind}
Bodies = Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class Sides:
    """{head: paise} of what is there and of what is held for somebody, in the order of the chart."""

    has: Mapping[str, Paise]
    holds: Mapping[str, Paise]

    @property
    def has_all(self) -> Paise:
        return Paise(sum(self.has.values()))

    @property
    def holds_all(self) -> Paise:
        return Paise(sum(self.holds.values()))

    @property
    def difference(self) -> Paise:
        """What is there beyond what is named for it; less than nothing when more is named."""
        return Paise(self.has_all - self.holds_all)


def sides_of(document: CutOffDocument, bodies: Bodies) -> Sides:
    """Both sides, head by head; heads without an amount left out."""
    sums: dict[str, int] = {}
    for entry in _entries(document, {}, bodies):
        sums[entry.head] = sums.get(entry.head, 0) + entry.amount
    ordered = [head for head in CHART if sums.get(head.key)]
    return Sides(
        {head.key: Paise(sums[head.key]) for head in ordered if head.side == "asset"},
        {head.key: Paise(-sums[head.key]) for head in ordered if head.side != "asset"},
    )


def entries_of(document: CutOffDocument, loans: Mapping[UUID, int], bodies: Bodies) -> list[Entry]:
    """The lines of the sheet. `loans` are the numbers that its loans have in the book."""
    return [entry for entry in _entries(document, loans, bodies) if entry.amount]


def _entry(head: str, paise: int, **about: object) -> Entry:
    """An amount as people say it: more of what the head counts."""
    return Entry(head, Paise(paise * BY_KEY[head].grows_by), **about)  # type: ignore[arg-type]


def _entries(document: CutOffDocument, loans: Mapping[UUID, int], bodies: Bodies) -> Iterator[Entry]:
    for head in ("cash", "bank", "fixed_deposit", "insurance_policy"):
        yield _entry(head, getattr(document, head))
    for held in document.held:
        yield _entry(held_head(held.what, bodies.get(held.body, "vo")), held.paise, body=held.body)
    for running in document.loans:
        about = {"woman": running.woman, "body": running.body if running.head == "loan_to_body" else None}
        yield _entry(running.head, running.outstanding, loan=loans.get(running.loan), **about)
    for saved in document.savings:
        yield _entry(saved.head, saved.paise, woman=saved.woman)
    for kept in document.kept:
        yield _entry(kept.head, kept.paise, body=kept.body)
    yield _entry("revolving_fund", document.rf_received - document.rf_returned)
    yield _entry("cif", document.cif_received - document.cif_returned)
    for head in ("vrf", "startup", "other_grant"):
        yield _entry(head, getattr(document, head))
    # What came in before and is no fund has long been earned: it stands with the surplus.
    yield _entry("surplus_before", (document.surplus or 0) + document.other_receipts)


def held_head(what: str, kind: str) -> str:
    """The head under which something lies with a body of a kind: vo or clf."""
    return "on_the_way" if what == "on_the_way" else f"{what}_with_{kind}"
