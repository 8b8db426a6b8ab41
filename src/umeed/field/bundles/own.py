"""The part `self`: what a group is, its rules, to whom it belongs, which months are closed, what waits for it."""

from __future__ import annotations

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Max

from umeed.books.ledger.others import bodies_called
from umeed.books.models import Book, Bylaw, Clash, CutOff, MonthLock
from umeed.core.viewer import as_system
from umeed.field.bundles.columns import plain
from umeed.field.bundles.windows import Window, kept_books
from umeed.institutions.models import Federation

Part = dict[str, Any]


def own_parts(windows: Sequence[Window], named: Mapping[UUID, set[UUID]], sent: Mapping[UUID, Any]) -> dict[UUID, Part]:
    """{group: its part}. `named` are bodies that each book names, `sent` what they sent. Eight questions."""
    books = list(kept_books(windows))
    rules, locked, clashes = _bylaws(books), closed_months(books), _clashes(books)
    cut_offs = _cut_offs(books, locked)
    above = _above([one.group.pk for one in windows])
    others = {body for every in named.values() for body in every}
    called = bodies_called(others) if others else {}
    found = {}
    for one in windows:
        group, book = one.group, one.book.pk if one.book else 0
        known = {row["id"] for row in above[group.pk]}
        found[group.pk] = {
            **_of(one), "closed_month": locked.get(book), "bylaws": rules[book], "above": above[group.pk],
            "clashes": clashes[book], **cut_offs.get(book, {"cut_off": None, "meetings_before": 0}),
            "bodies": {str(body): called[body] for body in sorted(named.get(group.pk, ()), key=str)
                       if body in called and str(body) not in known},
            "sent": sent.get(group.pk, {}),
        }  # fmt: skip
    return found


def _of(window: Window) -> Part:
    group, book = window.group, window.book
    return {
        "id": str(group.pk), "name": group.name, "kind": group.kind, "village": group.place.called,
        "place": group.place_id, "book": book.pk if book else None, "since": window.since.isoformat(),
        "opened_on": book.opened_on.isoformat() if book else None, "formed_on": group.formed_on.isoformat(),
        "frequency": group.meeting_frequency, "meeting_day": group.meeting_day, "meeting_date": group.meeting_date,
        "meeting_place": group.meeting_place, "saving_paise": group.saving_paise,
    }  # fmt: skip


def _bylaws(books: Iterable[int]) -> Mapping[int, list[Part]]:
    found: dict[int, list[Part]] = defaultdict(list)
    for row in Bylaw.objects.filter(book__in=list(books)).order_by("book", "since"):
        rules = row.plain
        said = {field.name: getattr(rules, field.name) for field in dataclasses.fields(rules)}
        rounding = {"unit": rules.rounding.unit, "halves": rules.rounding.halves}
        found[row.book_id].append({"since": row.since.isoformat(), **plain(said | {"rounding": rounding})})
    return found


def closed_months(books: Iterable[int]) -> dict[int, str]:
    """{book: the last month that is closed}; all before it are."""
    rows = MonthLock.objects.filter(book__in=list(books)).values_list("book").annotate(last=Max("month"))
    return {book: f"{month // 12}-{month % 12 + 1:02}" for book, month in rows}


def _cut_offs(books: Iterable[int], locked: Mapping[int, str]) -> dict[int, Part]:
    """{book: how many meetings were held before it, and the cut-off that stands, with its document while it may still
    be corrected}."""
    found: dict[int, Part] = {}
    rows = CutOff.objects.filter(book__in=list(books)).order_by("book", "version").values_list(
        "book", "pk", "meetings_before", "sheet__on_date", "sheet__reversed_by", "said"
    )  # fmt: skip
    for book, pk, meetings, on, reversed_by, said in rows:
        stands = found.get(book, {}).get("cut_off")
        if reversed_by is None:
            is_open = f"{on:%Y-%m}" > locked.get(book, "")
            stands = {
                "id": str(pk), "on": on.isoformat(), "last_meeting": said.get("last_meeting"),
                "said": said if is_open else None,
            }  # fmt: skip
        found[book] = {"meetings_before": meetings, "cut_off": stands}
    return found


def _clashes(books: Iterable[int]) -> Mapping[int, list[Part]]:
    found: dict[int, list[Part]] = defaultdict(list)
    for row in Clash.objects.filter(book__in=list(books), settled="").order_by("pk"):
        found[row.book_id].append(plain({"id": row.pk, "uid": row.uid, "said": row.said, "came_at": row.came_at}))
    return found


def _above(groups: Sequence[UUID]) -> Mapping[UUID, list[Part]]:
    """{group: VOs and CLFs above it, its VO's CLF among them, each while it was so}. Three questions."""
    # A bookkeeper reaches no institution but her own; to which VO it belongs she knows and must write.
    with as_system():
        first = _ties(groups)
        second = _ties({tie.above_id for ties in first.values() for tie in ties})
        bodies = {tie.above_id for ties in (*first.values(), *second.values()) for tie in ties}
        kept = dict(Book.objects.filter(institution__in=bodies).values_list("institution", "opened_on"))
    found: dict[UUID, list[Part]] = defaultdict(list)
    for group in groups:
        for tie in first[group]:
            found[group].append(_said(tie, tie.during.lower, tie.during.upper, kept))
            for further in second[tie.above_id]:
                begins, ends = _both(tie.during, further.during)
                if ends is None or begins < ends:
                    found[group].append(_said(further, begins, ends, kept))
        found[group] = [row for row in found[group] if row["kind"] in ("vo", "clf")]
    return found


def _ties(members: Iterable[UUID]) -> Mapping[UUID, list[Federation]]:
    found: dict[UUID, list[Federation]] = defaultdict(list)
    rows = Federation.objects.filter(member__in=list(members)).select_related("above").order_by("during", "pk")
    for tie in rows:
        found[tie.member_id].append(tie)
    return found


def _both(one: Any, other: Any) -> tuple[datetime.date, datetime.date | None]:
    """When both ranges hold."""
    ends = [day for day in (one.upper, other.upper) if day is not None]
    return max(one.lower, other.lower), min(ends) if ends else None


def _said(tie: Federation, begins: Any, ends: Any, kept: Mapping[UUID, datetime.date]) -> Part:
    return plain({
        "id": tie.above_id, "kind": tie.above.kind, "name": tie.above.name or "", "from": begins, "until": ends,
        "keeps_from": kept.get(tie.above_id),
    })  # fmt: skip
