"""Recognises headings however they are spelt, and says plainly why a sheet cannot be what it is taken for."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from django.utils.translation import override
from rapidfuzz import fuzz

from umeed.core.loads.layouts import Column
from umeed.core.loads.translated import in_each_language
from umeed.kernel.refusals import N_, Refusal

Columns = Sequence[Column]
# A guess below this likeness (0 to 100) is worse than an empty choice.
_LIKE_ENOUGH = 70
# A narrow sheet is never called too wide: people keep notes beside their tables.
_ALWAYS_NARROW = 30
_TOO_WIDE_TIMES = 3
# "3.", "(3)", "3 -", and the portal's own "004 ", "1006 "; a year in front of a heading stays.
_NUMBERING = re.compile(
    r"^\s*(?:[(\[]?\s*\d{1,3}(?:\.\d{1,3})*\s*[)\].:]|\d{1,3}\s*[-–]\s|(?:\d{3}|0\d{3}|1[0-4]\d\d)\s)\s*(?=\S)"
)

_MISSING = N_("The column “%(column)s” is missing. Every row needs it.")
_DOUBLE = N_("The heading “%(heading)s” stands over more than one column. Say which of them is meant.")
_SAME_COLUMN = N_("“%(first)s” and “%(second)s” are both to be read from the column “%(heading)s”.")
_TOO_WIDE = N_(
    "The sheet “%(sheet)s” has %(count)s columns, where %(expected)s are expected. "
    "It is probably another kind of file, or several tables stand side by side."
)
_NO_HEADINGS = N_(
    "The sheet “%(sheet)s” has no headings that can be told apart. "
    "The headings must stand in one row, each in its own cell, above the data."
)


def plain(heading: object) -> str:
    """A heading for telling apart: case, signs and extra spaces off; numbers and letters of every script kept."""
    text = unicodedata.normalize("NFKC", str(heading)).casefold()
    kept = (sign if unicodedata.category(sign)[0] in "LNM" else " " for sign in text)
    return " ".join("".join(kept).split())


def folded(heading: object) -> str:
    """A heading for comparing: as `plain`, and the numbering in front of it off ("004 Formation Date", "3. Name")."""
    return plain(_NUMBERING.sub("", unicodedata.normalize("NFKC", str(heading))))


def as_exported(columns: Columns, titles: Sequence[Any]) -> tuple[Column, ...]:
    """The columns, each knowing the heading that an export of our own writes over it, in whichever language.

    titles  the headings of the export, to be translated; which of them is which column their English spelling says
    """
    with override("en"):
        found = fitted(columns, [str(title) for title in titles])
    return tuple(_as_exported(column, titles, found.get(column.key)) for column in columns)


def _as_exported(column: Column, titles: Sequence[Any], at: int | None) -> Column:
    if at is None:
        return column
    if column.run:
        return replace(column, run=tuple(titles[at - len(column.run) + 1 : at + 1]))
    return replace(column, exported_as=titles[at])


def first_spelling(column: Column) -> str:
    """How our own template writes the heading."""
    return next(iter((*column.headings, *column.exact)), column.key)


def fitted(columns: Columns, headings: Sequence[str]) -> dict[str, int]:
    """{column key: index of its heading} for the headings that are spelt as known.

    First with their numbering; then without, where that leaves one heading only ("406 Rate" is not "407 Rate").
    """
    found: dict[str, int] = {}
    for compare in (plain, folded):
        places = _places(headings, compare, taken=found.values(), once=compare is folded)
        for column in columns:
            at = _first_of(column.names, places, compare)
            at = _first_of(column.exact, places, compare) if at is None else at
            if at is not None and column.key not in found and at not in found.values():
                found[column.key] = at
    for column in columns:
        at = _end_of_run(column, headings)
        if at is not None and column.key not in found and at not in found.values():
            found[column.key] = at
    return found


def _first_of(spelt: Sequence[str], places: Mapping[str, int], compare: Callable[[object], str]) -> int | None:
    return min((places[text] for text in map(compare, spelt) if text in places), default=None)


def _end_of_run(column: Column, headings: Sequence[str]) -> int | None:
    """The last of the headings that stand side by side as our own export writes them, in one of our languages."""
    if not column.run:
        return None
    texts, width = [plain(heading) for heading in headings], len(column.run)
    runs = [[plain(text) for text in run] for run in in_each_language(column.run)]
    return next((at + width - 1 for at in range(len(texts)) if texts[at : at + width] in runs), None)


def _places(
    headings: Sequence[str], compare: Callable[[object], str], *, taken: Collection[int], once: bool
) -> dict[str, int]:
    """{text: index of the first heading so written}; with `once` only texts that stand over one free column."""
    taken = set(taken)
    texts = [(compare(heading), index) for index, heading in enumerate(headings) if index not in taken]
    many = Counter(text for text, _index in texts)
    return {text: index for text, index in reversed(texts) if text and not (once and many[text] > 1)}


def guessed(columns: Columns, headings: Sequence[str]) -> dict[str, int]:
    """`fitted`, and for the other columns the likest heading that is still free, if it is like enough."""
    found = fitted(columns, headings)
    free = {index: folded(text) for index, text in enumerate(headings) if index not in found.values()}
    likeness = [
        (_likeness(column, heading), column.key, index)
        for column in columns
        if column.key not in found and column.is_guessed
        for index, heading in free.items()
        if heading
    ]
    for score, key, index in sorted(likeness, key=lambda each: (-each[0], each[2])):
        if score >= _LIKE_ENOUGH and key not in found and index not in found.values():
            found[key] = index
    return found


def _likeness(column: Column, heading: str) -> float:
    texts = {folded(text) for text in column.names} - {""}
    return max(0.4 * fuzz.ratio(text, heading) + 0.6 * fuzz.token_set_ratio(text, heading) for text in texts)


def recognised(sheets: Mapping[str, Columns], headings: Mapping[str, Sequence[str]]) -> dict[str, str] | None:
    """{sheet title: key in `sheets`} where every required column is found by a known spelling; None when nowhere.

    A key takes one sheet at most (the one with most known headings); a layout's `recognises` may be just this.
    """
    fits = []
    for title, texts in headings.items():
        for key, columns in sheets.items():
            found = fitted(columns, texts)
            if found and all(column.key in found for column in columns if column.required):
                fits.append((len(found), title, key))
    chosen: dict[str, str] = {}
    for _count, title, key in sorted(fits, key=lambda fit: -fit[0]):
        if title not in chosen and key not in chosen.values():
            chosen[title] = key
    return chosen or None


def fingerprint(headings: Sequence[str]) -> str:
    """The same for sheets with the same headings in the same order (64 hex digits)."""
    return sha256("\n".join(plain(heading) for heading in headings).encode()).hexdigest()


def why_not_this_sheet(sheet: str, columns: Columns, headings: Sequence[str]) -> list[Refusal]:
    """Why a sheet cannot be what it is taken for: no headings, or far too many columns."""
    named = [heading for heading in headings if plain(heading)]
    if not named:
        return [Refusal(None, "no_headings", _NO_HEADINGS, {"sheet": sheet})]
    if len(named) > _ALWAYS_NARROW and len(named) >= _TOO_WIDE_TIMES * len(columns):
        values = {"sheet": sheet, "count": len(named), "expected": len(columns)}
        return [Refusal(None, "too_wide", _TOO_WIDE, values)]
    return []


def why_not_these_columns(columns: Columns, headings: Sequence[str], chosen: Mapping[str, int]) -> list[Refusal]:
    """Why columns cannot be read from these headings: one is missing, or one is read twice."""
    return [*_missing(columns, chosen), *_read_twice(columns, headings, chosen)]


def why_not_clear(repeated: Collection[str], headings: Sequence[str], chosen: Mapping[str, int]) -> list[Refusal]:
    """Which of the columns that are read have a heading that stands over others too: a person has to point at one.

    repeated  headings that the file repeats, as written
    """
    texts = {plain(heading): heading for heading in repeated}
    read = {plain(headings[index]) for index in chosen.values()}
    return [Refusal(None, "heading_twice", _DOUBLE, {"heading": texts[text]}) for text in sorted(texts.keys() & read)]


def _missing(columns: Columns, chosen: Mapping[str, int]) -> list[Refusal]:
    return [
        Refusal(column.key, "column_missing", _MISSING, {"column": first_spelling(column)})
        for column in columns
        if column.required and column.key not in chosen
    ]


def _read_twice(columns: Columns, headings: Sequence[str], chosen: Mapping[str, int]) -> list[Refusal]:
    first: dict[int, Column] = {}
    reasons = []
    for column in columns:
        index = chosen.get(column.key)
        if index is None:
            continue
        before = first.setdefault(index, column)
        if before is not column:
            values = {
                "first": first_spelling(before), "second": first_spelling(column), "heading": str(headings[index])
            }  # fmt: skip
            reasons.append(Refusal(column.key, "column_twice", _SAME_COLUMN, values))
    return reasons
