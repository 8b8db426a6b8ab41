"""What a phone sent, told in plain lines to an officer: as far as her own capabilities let her look."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from umeed.books.actions.settling import stands_as
from umeed.books.cutoffs.documents import CutOffDocument
from umeed.books.cutoffs.documents import read as read_cut_off
from umeed.books.meetings.documents import MeetingDocument, read
from umeed.books.models import Book, Meeting
from umeed.books.pages.telling import Section, names_for, sections
from umeed.books.templatetags.books_text import money
from umeed.core.audit_pages import words
from umeed.core.fields import COVERED
from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import day, grouped, moment
from umeed.field.models import Command, Page
from umeed.institutions.models import Institution, Woman
from umeed.kernel.money import Paise
from umeed.kernel.refusals import Refusal

_WOMAN = Woman._meta.db_table
# Letters of one field that anybody reads; what is held was never looked at, and may be a book.
MOST_READ = 500
MOST_VERSIONS = 50


@dataclass
class Told:
    """`facts` as (what, said), `covered` as (what, said or dots, the field where she may ask for it), `parts` of a
    meeting in the order in which it was held, `links` as (text, address)."""

    facts: list[tuple[str, str]] = field(default_factory=list)
    covered: list[tuple[str, str, str]] = field(default_factory=list)
    parts: list[Section] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)


def told_of(scope: Scope, row: Command, looked_at: str = "") -> Told:
    """All that it says, what is covered only where it was asked for (`looked_at`, a field). What was accepted stands in
    the records, and is kept here no more."""
    if not row.said:
        return Told(links=_where_it_stands(row))
    said = json.loads(row.said)["said"]
    told = {
        "close_meeting": _meeting, "write_cut_off": _cut_off, "correct_woman": _woman, "add_woman": _woman,
        "take_back_meeting": _taken_back, "attach_page": _page,
    }[row.kind](scope, row, said)  # fmt: skip
    told.covered = [_under_cover(scope, row, name, value, looked_at) for name, value in covered_in(row).items()]
    told.links += _where_it_stands(row)
    return told


def covered_in(row: Command) -> dict[str, Any]:
    """What it says of a woman and not everybody may see, by field."""
    said = json.loads(row.said)["said"] if row.said else {}
    return {name: value for name, value in _of_woman(row, said).items() if words.covered_by(_WOMAN, name)}


def may_look(scope: Scope, row: Command, name: str) -> bool:
    """Whether the viewer may see a covered field of the women of this very group."""
    capability = words.covered_by(_WOMAN, name)
    return bool(capability) and Institution.objects.filter(pk=row.group).seen_by(scope, capability).exists()


def _under_cover(scope: Scope, row: Command, name: str, value: Any, looked_at: str) -> tuple[str, str, str]:
    called = words.column_in_words(_WOMAN, name)
    if not may_look(scope, row, name):
        return called, COVERED, ""
    return (called, _in_words(name, value), "") if name == looked_at else (called, COVERED, name)


def _meeting(scope: Scope, row: Command, said: Mapping[str, Any]) -> Told:
    written, book = _object(said.get("document")), _book(scope, row)
    document = read(written)
    if not isinstance(document, MeetingDocument) or book is None:
        return Told([(gettext("Held on"), str(written.get("on", ""))[:40])])
    facts = [
        (gettext("Held on"), day(document.on)), (gettext("Number"), str(document.number or "–")),
        (gettext("Cash counted"), money(document.counted)), (gettext("Why it is different"), document.difference_why),
        (gettext("Why it is corrected"), str(said.get("why") or "")[:240]),
    ]  # fmt: skip
    return Told([one for one in facts if one[1]], parts=sections(document, names_for(book, document)))


def _cut_off(scope: Scope, row: Command, said: Mapping[str, Any]) -> Told:
    document = read_cut_off(_object(said.get("document")))
    if not isinstance(document, CutOffDocument):
        return Told()
    return Told([
        (gettext("Written for"), day(document.on)), (gettext("Meetings held"), grouped(document.meetings_held)),
        (gettext("Cash"), money(document.cash)), (gettext("Bank"), money(document.bank)),
        (gettext("Savings"), money(Paise(sum(one.paise for one in document.savings)))),
        (gettext("Loans that run"), grouped(len(document.loans))),
        (gettext("Outstanding"), money(Paise(sum(one.outstanding for one in document.loans)))),
    ])  # fmt: skip


def _woman(scope: Scope, row: Command, said: Mapping[str, Any]) -> Told:
    facts = [
        (words.column_in_words(_WOMAN, name), _in_words(name, value))
        for name, value in _of_woman(row, said).items() if not words.covered_by(_WOMAN, name)
    ]  # fmt: skip
    if row.kind == "correct_woman" and (pk := _id(said.get("woman"))):
        name = Woman.objects.filter(pk=pk).seen_by(scope, "women.see").values_list("name", flat=True).first()
        return Told(
            [(gettext("Woman"), name or "–"), *facts], links=[*_link(gettext("Her record"), "women:detail", pk)]
        )
    return Told(facts)


def _of_woman(row: Command, said: Mapping[str, Any]) -> dict[str, Any]:
    """What it says of her, by field."""
    if row.kind not in ("correct_woman", "add_woman"):
        return {}
    known = {one.attname for one in Woman._meta.concrete_fields}
    changes = _object(said.get("changes")) if row.kind == "correct_woman" else said
    return {name: value for name, value in changes.items() if name in known and value not in (None, "", [], {})}


def _taken_back(scope: Scope, row: Command, said: Mapping[str, Any]) -> Told:
    return Told(
        [(gettext("Why"), str(said.get("why") or "–")[:240])],
        links=_meeting_link(row, _id(said.get("meeting")), gettext("The meeting")),
    )


def _page(scope: Scope, row: Command, said: Mapping[str, Any]) -> Told:
    return Told(links=_meeting_link(row, _id(said.get("meeting")), gettext("The meeting")))


def pages_beside(scope: Scope, meeting: Meeting) -> list[tuple[str, str]]:
    """The photos of the signed page of a meeting, and of what it corrected: that is the same evening on paper."""
    ids, one = [meeting.pk], meeting
    while (one := one.replaces) is not None and len(ids) < MOST_VERSIONS:
        ids.append(one.pk)
    rows = Page.objects.filter(meeting__in=ids).seen_by(scope, "books.see").order_by("pk")
    return [_photo(pk, at) for pk, at in rows.values_list("pk", "received_at")]


def _photo(pk: int, at: datetime) -> tuple[str, str]:
    text = gettext("Photo of the signed page, came %(when)s") % {"when": moment(at)}
    return text, reverse("phones:picture", args=[pk])


def _photo_of(row: Command) -> list[tuple[str, str]]:
    """The photo that it attached, and the meeting to which."""
    page = Page.objects.filter(uid=row.uid, owner=row.owner_id).exclude(meeting=None).defer("picture").first()
    if page is None:
        return []
    return [_photo(page.pk, page.received_at), *_meeting_link(row, page.meeting, gettext("The meeting in the book"))]


def _where_it_stands(row: Command) -> list[tuple[str, str]]:
    """The record that came of it, or what stands in its place."""
    if row.state == "conflict" and row.clash_id:
        return _link(gettext("Both beside each other"), "books:clashes", row.group)
    if row.state == "accepted" and row.kind == "attach_page":
        return _photo_of(row)
    if row.state == "accepted" and row.kind in ("close_meeting", "take_back_meeting"):
        stands = stands_as(row.clash.book_id, row.uid) if row.clash is not None else row.uid
        return _meeting_link(row, stands, gettext("The meeting in the book"))
    return []


def _meeting_link(row: Command, meeting: UUID | None, text: str) -> list[tuple[str, str]]:
    if meeting is None or not Meeting.objects.filter(pk=meeting, book__institution=row.group).exists():
        return []
    return _link(text, "books:meeting", row.group, meeting)


def _link(text: str, route: str, *args: Any) -> list[tuple[str, str]]:
    return [(text, reverse(route, args=args))]


def _book(scope: Scope, row: Command) -> Book | None:
    return Book.objects.filter(institution=row.group).seen_by(scope, "books.see").select_related("institution").first()


def _in_words(name: str, value: Any) -> str:
    """A field of hers as it is read, however much was sent."""
    return words.value_in_words(_WOMAN, name, value)[:MOST_READ]


def _object(said: Any) -> dict[str, Any]:
    """A part of what was sent; nothing where it is no object: what is held was not read before."""
    return said if isinstance(said, dict) else {}


def _id(text: Any) -> UUID | None:
    try:
        return UUID(text)
    except (ValueError, TypeError, AttributeError):
        return None


def reasons_of(row: Command) -> list[str]:
    """Why it is as it is, in whole sentences."""
    said = [*row.answer.get("reasons", ()), *([row.answer["why"]] if "why" in row.answer else ())]
    return [Refusal.from_dict(one).message(gettext) for one in said]


def groups_called(scope: Scope, groups: Collection[UUID]) -> dict[UUID, str]:
    """{group: its name} of those that the viewer sees."""
    rows = Institution.objects.filter(pk__in=set(groups)).seen_by(scope, "institutions.see")
    return dict(rows.values_list("pk", "name"))
