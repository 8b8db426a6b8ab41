"""Which heading is which column: known spellings, what a person once said, and what she says now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from umeed.core.loads.headings import (
    fingerprint,
    fitted,
    guessed,
    plain,
    why_not_these_columns,
    why_not_this_sheet,
)
from umeed.core.loads.layouts import Layout
from umeed.core.loads.models import ColumnMapping
from umeed.core.scope import Scope
from umeed.kernel.refusals import N_, Refusal

# [{title, headings, rows}] as `reading.found_in` gives it; {sheet title: {kind, columns: {column key: index}}}
Found = Sequence[Mapping[str, Any]]
Mapped = dict[str, dict[str, Any]]
_NO_SHEET = N_("None of the sheets has been chosen. Say which sheet holds what.")


def by_spelling(of: Layout, kinds: Mapping[str, str], found: Found) -> Mapped:
    """The mapping of a recognised book: every heading that is spelt as known."""
    return {
        sheet["title"]: {
            "kind": kinds[sheet["title"]],
            "columns": fitted(of.sheets[kinds[sheet["title"]]], sheet["headings"]),
        }
        for sheet in found
        if kinds.get(sheet["title"]) in of.sheets
    }


def remembered(of: Layout, found: Found, scope: Scope) -> Mapped:
    """How this person once mapped sheets with the same headings; empty when she never did."""
    mapped: Mapped = {}
    for sheet in found:
        known = _known(of, sheet["headings"]).filter(made_by=scope.viewer).first()
        if known is not None:
            mapped[sheet["title"]] = _as_now(known, sheet["headings"])
    return mapped


def proposed(of: Layout, found: Found, scope: Scope, sheets: Mapping[str, str] | None = None) -> Mapped:
    """A mapping to start from on the page: her own, another person's, else the likest headings.

    sheets  {kind: title} as already chosen on the page; else each kind takes the sheet that fits it best
    """
    by_title = {sheet["title"]: sheet["headings"] for sheet in found}
    mapped: Mapped = {}
    for kind, columns in of.sheets.items():
        title = (sheets or {}).get(kind) or _likest(columns, by_title, taken=mapped)
        if title not in by_title:
            continue
        known = _known(of, by_title[title]).filter(kind=kind).order_by("-made_at")
        own = known.filter(made_by=scope.viewer).first() or known.first()
        mapped[title] = (
            _as_now(own, by_title[title]) if own else {"kind": kind, "columns": guessed(columns, by_title[title])}
        )
    return mapped


def _likest(columns: Any, by_title: Mapping[str, Sequence[str]], *, taken: Mapping[str, Any]) -> str:
    free = [title for title in by_title if title not in taken]
    return max(free, key=lambda title: len(guessed(columns, by_title[title])), default="")


def _known(of: Layout, headings: Sequence[str]) -> Any:
    return ColumnMapping.objects.filter(fingerprint=fingerprint(headings), layout_key=of.key)


def _as_now(known: ColumnMapping, headings: Sequence[str]) -> dict[str, Any]:
    """A remembered mapping as indexes into these headings."""
    places = {plain(text): index for index, text in reversed(list(enumerate(headings)))}
    columns = {key: places[text] for key, text in known.columns.items() if text in places}
    return {"kind": known.kind, "columns": columns}


def remember(of: Layout, found: Found, mapped: Mapping[str, Mapping[str, Any]], scope: Scope) -> None:
    """Keep what a person said, so that the next file with these headings is understood."""
    for sheet in found:
        if (said := mapped.get(sheet["title"])) is None:
            continue
        headings = sheet["headings"]
        ColumnMapping.objects.update_or_create(
            fingerprint=fingerprint(headings), layout_key=of.key, made_by=scope.viewer,
            defaults={
                "kind": said["kind"],
                "columns": {key: plain(headings[at]) for key, at in said["columns"].items()},
                "made_by_name": scope.name,
            },
        )  # fmt: skip


def why_not_mapped(of: Layout, found: Found, mapped: Mapping[str, Mapping[str, Any]]) -> list[Refusal]:
    """All reasons why a mapping cannot be used: no sheet, a sheet of another kind, a column missing or read twice."""
    if not mapped:
        return [Refusal(None, "no_sheet", _NO_SHEET)]
    reasons: list[Refusal] = []
    for sheet in found:
        said = mapped.get(sheet["title"])
        if said is not None:
            columns = of.sheets[said["kind"]]
            reasons += why_not_this_sheet(sheet["title"], columns, sheet["headings"])
            reasons += why_not_these_columns(columns, sheet["headings"], said["columns"])
    return reasons
