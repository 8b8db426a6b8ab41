"""The parts `meetings` and `said`: what was held, who came, and the documents that may still be corrected."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Q

from umeed.books.codes import MeetingKind
from umeed.books.heads import BY_KEY
from umeed.books.meetings.differences import MOST_TIMES, uid_of
from umeed.books.meetings.missing import FAR_BACK
from umeed.books.models import Loan, Meeting, Sheet
from umeed.field.bundles.columns import Table, differences, plain
from umeed.field.bundles.windows import Window, kept_books

Part = dict[str, Any]
MOST_SAID, MOST_NAMED = 8, 10
BEGAN = datetime.date(1970, 1, 1)
_LETTERS = (("present", "p"), ("late", "l"), ("absent", "a"), ("on_leave", "v"))


@dataclass(frozen=True, slots=True)
class Held:
    """The meetings of a book: the rows that are told, all that stand before the window, those that may be corrected."""

    rows: Sequence[Meeting]
    before: Sequence[Meeting]
    open: Sequence[Meeting]
    replaced: frozenset[UUID]


def held_in(windows: Sequence[Window], locked: Mapping[UUID, str | None]) -> dict[UUID, Held]:
    """{group: its meetings}. `locked` {group: the last closed month}. Two questions."""
    books = kept_books(windows)
    every: dict[int, list[Meeting]] = defaultdict(list)
    # Of those before the window a document is asked for twelve of them alone, below.
    rows = Meeting.objects.filter(book__in=list(books)).defer("said", "digest")
    rows = rows.order_by("book", "held_on", "number", "version", "closed_at", "pk")
    for row in rows:
        every[row.book_id].append(row)
    found = {}
    for book, window in books.items():
        held = every[book]
        replaced = frozenset(row.replaces_id for row in held if row.replaces_id)
        stands = [row for row in held if row.pk not in replaced and row.kind != MeetingKind.TAKEN_BACK]
        early = [row for row in stands if row.held_on < window.since]
        told = [row for row in held if row.held_on >= window.since]
        far = [row for row in early if row.number is not None][-FAR_BACK:]
        month = locked.get(window.group.pk) or ""
        may_change = [row for row in stands if row.held_on >= window.since and row.held_on.isoformat()[:7] > month]
        found[window.group.pk] = Held([*far, *told], early, may_change[-MOST_SAID:], replaced)
    _read_documents(found.values())
    return found


def _read_documents(found: Iterable[Held]) -> None:
    """Of the rows that are told. One question."""
    rows = {row.pk: row for held in found for row in held.rows}
    for pk, said in Meeting.objects.filter(pk__in=list(rows)).values_list("pk", "said"):
        rows[pk].said = said


def meetings_part(window: Window, held: Held) -> Part:
    rows = held.rows
    place = {row.pk: at for at, row in enumerate(rows)}
    first = min((place[row.pk] for row in held.open), default=len(rows))
    first = min(first, len(rows) - MOST_NAMED)
    told = columns_of(window, rows)
    return {
        **told, "id": [pk if at >= first else None for at, pk in enumerate(told["id"])],
        "replaces": {str(at): place[row.replaces_id] for at, row in enumerate(rows) if row.replaces_id in place},
        "gone": [at for at, row in enumerate(rows) if row.pk in held.replaced], "before": _before(held.before),
    }  # fmt: skip


def columns_of(window: Window, rows: Sequence[Meeting]) -> Part:
    """What rows say of themselves. Women are named row by row: one that comes later changes nothing of the others."""
    women = Table[str]()
    said = [_said(row, women) for row in rows]
    attended, presided, fines, brought = zip(*said, strict=True) if said else ((), (), (), ())
    return {
        "women": women.said, "id": [str(row.pk) for row in rows], "number": [row.number for row in rows],
        "version": [row.version for row in rows],
        "on": differences((row.held_on - window.since).days for row in rows), "kind": [row.kind for row in rows],
        "sheet": [row.sheet_id or 0 for row in rows], "president": list(presided),
        "came": [_spelt(came) for came in attended], "counted": [row.counted_paise for row in rows],
        "fines": _of_those(fines), "brought": _of_those(brought),
    }  # fmt: skip


def _said(row: Meeting, women: Table[str]) -> tuple[dict[int, str], int, list[Any], list[Any]]:
    came = _attended(row, women)
    president = women.at_or_none(str(row.president_id) if row.president_id else None)
    return came, president, _placed(_fines(row), women), _placed(_brought(row), women)


def _placed(said: Iterable[list[Any]], women: Table[str]) -> list[Any]:
    return [[women.at(woman), *more] for woman, *more in said]


def _of_those(every: Iterable[list[Any]]) -> dict[str, list[Any]]:
    return {str(at): said for at, said in enumerate(every) if said}


def _attended(row: Meeting, women: Table[str]) -> dict[int, str]:
    came = ((woman, letter) for state, letter in _LETTERS for woman in sorted(getattr(row, state), key=str))
    return {women.at(str(woman)): letter for woman, letter in came}


def _spelt(came: Mapping[int, str]) -> str:
    return "".join(came.get(at, "-") for at in range(max(came, default=-1) + 1))


def _fines(row: Meeting) -> list[list[Any]]:
    return [[one["woman"], one["paise"]] for one in row.said.get("fines", ()) if one["why"] == "absent"]


def _brought(row: Meeting) -> list[list[Any]]:
    """What others saved for who was away: it is not asked of her again."""
    away = {str(woman) for woman in (*row.absent, *row.on_leave)}
    return [
        [one["woman"], BY_KEY[one["head"]].number, one["paise"]]
        for one in row.said.get("savings", ()) if one["woman"] in away
    ]  # fmt: skip


def _before(rows: Sequence[Meeting]) -> Part:
    numbered = sorted((row.number, (row.held_on - BEGAN).days) for row in rows if row.number is not None)
    regular = [row for row in rows if row.kind != MeetingKind.EXTRA]
    met = [row.held_on for row in regular if row.number is not None]
    return {
        "numbers": differences(number for number, _day in numbered), "days": differences(day for _n, day in numbered),
        "met": plain(max(met, default=None)), "held": plain(max((row.held_on for row in regular), default=None)),
    }  # fmt: skip


def first_open(held: Mapping[UUID, Held]) -> dict[UUID, datetime.date]:
    """{group: the first day of a meeting that may still be corrected}."""
    return {group: min(row.held_on for row in one.open) for group, one in held.items() if one.open}


def said_parts(windows: Sequence[Window], held: Mapping[UUID, Held]) -> dict[UUID, list[Part]]:
    """{group: its part}. Two questions."""
    opened = [row for one in windows if one.group.pk in held for row in held[one.group.pk].open]
    also = taken_back_with(opened)
    return {
        group: [said_row(row, also[row.pk]) for row in one.open] for group, one in held.items()
    }  # fmt: skip


def said_row(row: Meeting, also: Sequence[int] = ()) -> Part:
    return {"id": str(row.pk), "said": row.said, "closed_at": row.closed_at.isoformat(), "also": list(also)}


def taken_back_with(rows: Sequence[Meeting]) -> Mapping[UUID, list[int]]:
    """{meeting: what of it stands in sheets besides its own}: what it wrote in others' books too, and what put it
    right."""
    lent = _lenders(rows)
    events = {uuid5(row.pk, f"event/{body}"): row.pk for row in rows for body in _bodies(row, lent)}
    uids = {uid_of(row, nth): row.pk for row in rows for nth in range(MOST_TIMES)}
    found: dict[UUID, list[int]] = defaultdict(list)
    theirs = Sheet.objects.filter(book__in={row.book_id for row in rows}, reversed_by=None)
    theirs = theirs.filter(Q(event__in=list(events)) | Q(uid__in=list(uids))).order_by("pk")
    for pk, uid, event in theirs.values_list("pk", "uid", "event"):
        found[uids.get(uid) or events[event]].append(pk)
    return found


def _lenders(rows: Sequence[Meeting]) -> dict[str, str]:
    loans = {one["loan"] for row in rows for one in row.said.get("repaid", ())}
    found = Loan.objects.filter(uid__in=loans, body__isnull=False).values_list("uid", "body") if loans else ()
    return {str(uid): str(body) for uid, body in found}


def _bodies(row: Meeting, lent: Mapping[str, str]) -> set[str]:
    named = {one["body"] for one in row.said.get("given", ())}
    return named | {lent[one["loan"]] for one in row.said.get("repaid", ()) if one["loan"] in lent}
