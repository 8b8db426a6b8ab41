"""The parts of a group: all that a phone must know to keep its book for some days alone. One question a table, however
many groups are asked for.

A part is JSON. `sheets` only grows: what is new is sent and added. Of `meetings`, `said`, `loans` and `queue` the rows
that came since are sent where nothing else has changed (`rows.py`), and added by the phone: then it has the very part.
All else is sent whole when its digest (`digests.digest_of`) differs from that which the phone has. Days are ISO unless
said otherwise, amounts whole paise, debits positive. What is empty or as usual is left out of records marked (…).

The *window* of a group begins on `since`, the first day of a month; what lies before it comes summed up. A phone can
say the facts of any day of the window.

self      {id, name, kind: "shg", village, place: number, book: number | null, since, opened_on, formed_on,
          frequency, meeting_day, meeting_date, meeting_place, saving_paise, meetings_before,
          closed_month: "YYYY-MM" | null: it and all before it are closed,
          cut_off: {id, on, last_meeting, said: its document while its month is open | null} | null: the one that
                    stands,
          bylaws: [{since, savings: {head: paise}, takes_optional, rate_bp_a_year, method, part_month, frequency,
                    instalments, multiple, rounding: {unit, halves}, order: [part], fine_late, fine_absent, penalty,
                    quorum_percent, most, lends_to_overdue}] oldest first,
          above: [{id, kind: "vo" | "clf", name, from, until | null, keeps_from | null}],
          bodies: {id: name} of others that lines or loans name,
          sent: {body: [cash, bank]} what they have sent by today and nobody counted in, as their books say,
          clashes: [{id, uid, said, came_at}] that nobody has settled}
          Of a group whose book was not opened yet `book` and `opened_on` are null, and all other parts but women empty.
women     [{id, name, during: [[from, until | null]], kept, revision, profile: {field: value}, covered: [field]}] (…)
          By name, as the server sorts; `during` is empty of records that lines name only. `kept`: the record into which
          hers was merged at last. `covered` are fields that are filled in and not told.
loans     {loans: [{n, uid, way, head, woman, body, called, lent_on, source, purpose, request, twin, is_cash_credit,
                    agreements: [{since, principal_paise, rate_bp_a_year, method, frequency, instalments, first_due,
                                  multiple_paise, rounding_paise, halves, part_month, overdue_principal_paise,
                                  overdue_interest_paise, overdue_since, run_paise, resolution, carried}] oldest first,
                    limits: [[day, paise]]}],
          usual: {column: what the first of all agreements says}: of a row that does not say it}
          By `n`, the number of the loan in the book. Those that were repaid before the window and do not move in it are
          left out. (…)
before    {heads: {number: paise}, women: [[woman, number of the saving, paise]],
          loans: [[n, day, number of the head, 0 | 1 written off, paise]], ways: [[body, moved, of it sent by them]]}
          Sums of all that lies before the window, debits less credits; of loans that are told, by day.
meetings  {women: [id], id: [id | null], number, version: [int], on: [days since the one before, the first since
          `since`], kind: ["regular" | "extra" | "missed" | "undone"], sheet: [id | 0], president: [at in women | -1],
          came: ["p" present, "l" late, "a" absent, "v" on leave, "-" none of these; a letter a woman],
          counted: [paise], replaces: {row: row}, gone: [row] replaced by another,
          fines: {row: [[woman, paise]]} for being absent, brought: {row: [[woman, number of the saving, paise]]} for
          those who were away; women by their place in `women`,
          before: {numbers: [int], days: [int], met: day | null, held: day | null}}
          Rows by (day, number, version): those of the window and the last 12 that stand before it. `before` has number
          and day of all that stand before the window, each as its difference from the one before (days from
          1970-01-01), the last regular one with a number (`met`) and the last that was held or missed (`held`).
          The id is told of the last 10 rows, and of all since the first whose document is told (below); else null.
said      [{id, said, closed_at, also: [sheet]}] the documents of the last 8 meetings that may still be corrected;
          `also` are sheets that are taken back with them besides their own.
queue     {asked: [{id, woman, asked_on, amount_paise, purpose, instalments, note, loan}] by (asked_on, id),
          decided: [{id, request, decided_on, outcome, amount_paise, way, voted, promised_on, jump_why, why}] in the
          order in which they hold} (…) What waits, and what was decided or paid out in the window. `way` is left out
          where it is "all", the id of what was decided before the first meeting of `said`.
sheets    {first: bool, since, ids: [difference from the one before, the first whole], on: [days, as of meetings],
          kind: [int], reverses: {row: sheet}, theirs: [row], off: [row], lines: [how many],
          heads, women, loans, bodies: [number | at | n | at], what an account is: head, woman, loan, body,
          who: [id], whom: [id] women and bodies that accounts name,
          account: [at] of every line, paise: [int] of every line but the first of each sheet, since lines add up to
          nothing: all of the first account, then all of the second}
          By id. `first`: these are all of the window, not only new ones. `theirs`: an event or a cut-off, or what takes
          one back, so that its lines of money on the way say what others sent; `off`: writes a loan off or takes that
          back.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from umeed.core.scope import Scope
from umeed.field.bundles.before import before_parts
from umeed.field.bundles.loans import lent_in
from umeed.field.bundles.meetings import Held, first_open, held_in, meetings_part, said_parts
from umeed.field.bundles.named import Named, named_in
from umeed.field.bundles.own import closed_months, own_parts
from umeed.field.bundles.queue import queue_parts
from umeed.field.bundles.sheets import has_of, sheets_parts
from umeed.field.bundles.ways import sent_parts
from umeed.field.bundles.windows import Window, kept_books, windows_of
from umeed.field.bundles.women import women_parts

# All but the sheets: they are sent whole when they differ.
WHOLE = ("self", "women", "loans", "before", "meetings", "said", "queue")
_WITHOUT_BOOK: Mapping[str, Any] = {
    "loans": {"loans": [], "usual": {}}, "before": {"heads": {}, "women": [], "loans": [], "ways": []},
    "meetings": {}, "said": [], "queue": {"asked": [], "decided": []},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What a phone is told of a group: its whole parts by name, the sheets that it lacks, and how many it has when it
    has added them."""

    group: UUID
    parts: Mapping[str, Any]
    sheets: Mapping[str, Any]
    has: Mapping[str, Any]


def parts_of(
    scope: Scope, groups: Collection[UUID], since: Mapping[UUID, datetime.date] | None = None,
    last: Mapping[UUID, int] | None = None,
) -> list[Told]:  # fmt: skip
    """The parts of those of the groups whose books the viewer keeps, by name: each from a day on, of the sheets those
    after the last one that the phone has. At most forty questions, however many groups there are."""
    windows = windows_of(scope, groups, since or {}, last)
    return told_of(scope, windows) if windows else []


def told_of(scope: Scope, windows: Sequence[Window]) -> list[Told]:
    whole = whole_parts(scope, windows)
    sheets, has = sheets_parts(windows), has_of(windows)
    return [Told(one.group.pk, whole[one.group.pk], sheets[one.group.pk], has[one.group.pk]) for one in windows]


def whole_parts(
    scope: Scope, windows: Sequence[Window], wanted: Collection[str] = WHOLE
) -> dict[UUID, dict[str, Any]]:  # fmt: skip
    """{group: {name: part}}: of the parts those that are wanted, and nothing is asked for the others."""
    named = defaultdict(Named, named_in(windows) if _NAME.intersection(wanted) else {})
    lent = lent_in(windows, named) if {"loans", "before"}.intersection(wanted) else {}
    held = _held(windows) if {"meetings", "said", "queue"}.intersection(wanted) else {}
    make: Mapping[str, Callable[[], Mapping[UUID, Any]]] = {
        # Near each other stands what names the same ids: what compresses looks back some pages only.
        "loans": lambda: {group: one.part for group, one in lent.items()},
        "queue": lambda: queue_parts(windows, first_open(held)), "said": lambda: said_parts(windows, held),
        "self": lambda: own_parts(
            windows, {one.group.pk: set(named[one.group.pk].bodies) for one in windows},
            sent_parts(windows, scope.today),
        ),
        "before": lambda: before_parts(windows, lent),
        "women": lambda: women_parts(scope, windows, {one.group.pk: named[one.group.pk].women for one in windows}),
        "meetings": lambda: {one.group.pk: meetings_part(one, held[one.group.pk]) for one in windows if one.book},
    }  # fmt: skip
    made = {name: part() for name, part in make.items() if name in wanted}
    return {
        one.group.pk: {name: parts.get(one.group.pk, _WITHOUT_BOOK.get(name)) for name, parts in made.items()}
        for one in windows
    }


_NAME = {"self", "women", "loans", "before"}


def _held(windows: Sequence[Window]) -> Mapping[UUID, Held]:
    closed = closed_months(kept_books(windows))
    return held_in(windows, {one.group.pk: closed.get(one.book.pk) if one.book else None for one in windows})
