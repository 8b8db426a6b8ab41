"""Meetings that were held: the list, and one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Case, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.books.beside import beside
from umeed.books.codes import MeetingKind
from umeed.books.meetings.documents import MeetingDocument, read
from umeed.books.models import Book, Clash, Meeting, stands
from umeed.books.naming import women_called
from umeed.books.pages.clashes import entry_of, settled_about
from umeed.books.pages.opening import SEE, book_behind, may_keep, page
from umeed.books.pages.telling import names_for, sections
from umeed.books.registers.put_right import put_right_of
from umeed.core.doors import needs
from umeed.core.models import AuditEntry
from umeed.core.templatetags.umeed_text import day

SHOWN = 40
LAST = "last"
# What stands comes before what was taken back.
_IS_TAKEN_BACK = Case(When(kind=MeetingKind.TAKEN_BACK, then=1), default=0)


def address_of(name: str, *args: Any, **asked: Any) -> str:
    """An address of this room; nothing where the page is not there."""
    try:
        url = reverse(f"books:{name}", args=args)
    except NoReverseMatch:
        return ""
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return f"{url}?{query}" if query else url


@needs(SEE, of="institutions_institution")
def listed(request: HttpRequest, id: UUID) -> HttpResponse:
    """All meetings, the newest first."""
    book = book_behind(request.scope, id)
    rows = Meeting.objects.filter(stands(), book=book).order_by("-held_on", "-number", "-closed_at")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 7:
        rows = rows[int(before) : int(before) + SHOWN + 1]
    found = list(rows[: SHOWN + 1] if not before else rows)
    at = int(before) if before.isascii() and before.isdigit() and len(before) < 7 else 0
    return render(request, "books/meetings/list.html", {
        "page": page(request, book, _("Meetings")), "book": book, "rows": [row_of(book, one) for one in found[:SHOWN]],
        "older": f"?before={at + SHOWN}" if len(found) > SHOWN else "",
        "newer": f"?before={max(0, at - SHOWN)}" if at else "",
        "keeps": may_keep(request.scope, book) and book.institution.kind == "shg",
        "clashes": Clash.objects.filter(book=book, settled="").count(),
    })  # fmt: skip


def row_of(book: Book, one: Meeting) -> dict[str, Any]:
    return {
        "meeting": one, "url": reverse("books:meeting", args=[book.institution_id, one.pk]),
        "kind": MeetingKind(one.kind).label, "is_held": one.kind in ("regular", "extra"),
        "why": one.said.get("why", ""),
    }  # fmt: skip


def meeting_behind(request: HttpRequest, book: Book, which: str) -> Meeting:
    """A meeting of a book, by its id or as the last one."""
    rows = Meeting.objects.filter(book=book).select_related("sheet", "replaces")
    if which == LAST:
        found = rows.filter(stands()).order_by(_IS_TAKEN_BACK, "-held_on", "-closed_at").first()
    else:
        try:
            found = rows.filter(pk=UUID(which)).first()
        except ValueError:
            found = None
    if found is None:
        raise Http404
    return found


@needs(SEE, of="institutions_institution")
def meeting(request: HttpRequest, id: UUID, which: str) -> HttpResponse:
    """A meeting as it stands in the book: everything in order, who closed it, what became of it."""
    book = book_behind(request.scope, id)
    if which == LAST and not Meeting.objects.filter(book=book).exists():
        return redirect("books:meetings", id)
    held = meeting_behind(request, book, which)
    if book.institution.kind != "shg" and (other := address_of("day", id, held.pk)):
        return redirect(other)
    document = _document(held)
    told = sections(document, names_for(book, document, sheet=held.sheet_id)) if document else []
    newer = Meeting.objects.filter(replaces=held).first()
    stands = newer is None and held.kind != MeetingKind.TAKEN_BACK
    return render(request, "books/meetings/meeting.html", {
        "page": page(request, book, _title(held)), "book": book, "held": held, "document": document,
        "told": [(one, "") for one in told],
        "kind": kind_of(held), "is_held": held.kind in ("regular", "extra"), "newer": newer,
        "closed_by": _closed_by(held), "stands": stands, "why": held.said.get("why", ""),
        "why_replaced": _why_of(newer) if newer else "", "versions": versions_of(held, "meeting", kind_of),
        "put_right": put_right_of(held), "beside": beside(request.scope, held),
        **_ways(request, book, held, stands),
    })  # fmt: skip


def _ways(request: HttpRequest, book: Book, held: Meeting, stands: bool) -> dict[str, Any]:
    """What may be done with it, and its papers."""
    id, is_held = book.institution_id, held.kind in ("regular", "extra")
    keeps = stands and may_keep(request.scope, book)
    return {
        "slips": _slips(book, held) if is_held and stands else [],
        "all_slips": reverse("books:meeting_slips", args=[id, held.pk]) if is_held and stands else "",
        "minutes": address_of("register", id, "minutes", meeting=held.pk) if is_held else "",
        "correct": reverse("books:meeting_correct", args=[id, held.pk]) if keeps and is_held else "",
        "take_back": reverse("books:meeting_take_back", args=[id, held.pk]) if keeps else "",
    }  # fmt: skip


def _slips(book: Book, held: Meeting) -> list[dict[str, str]]:
    """Where each woman's slip is printed."""
    women = [*held.present, *held.late, *held.absent, *held.on_leave]
    named = sorted((name, str(pk)) for pk, name in women_called(women).items())
    links = [
        (name, address_of("register", book.institution_id, "slips", meeting=held.pk, woman=pk)) for name, pk in named
    ]
    return [{"name": name, "url": url} for name, url in links if url]


def _title(held: Meeting) -> str:
    if held.kind == MeetingKind.MISSED:
        return gettext("No meeting on %(day)s") % {"day": day(held.held_on)}
    return gettext("Meeting %(number)s on %(day)s") % {"number": held.number, "day": day(held.held_on)}


def _document(held: Meeting) -> MeetingDocument | None:
    """What was said; None for a meeting that was taken back, which says nothing but why."""
    found = read(held.said)
    return found if isinstance(found, MeetingDocument) else None


def _closed_by(held: Meeting) -> str:
    entry = AuditEntry.objects.filter(subject_table="books_meeting", subject_id=str(held.pk)).order_by("seq").first()
    return entry.actor_name if entry else ""


def _why_of(newer: Meeting) -> str:
    entry = AuditEntry.objects.filter(subject_table="books_meeting", subject_id=str(newer.pk)).order_by("seq").first()
    return entry.why if entry else newer.said.get("why", "")


def kind_of(held: Meeting) -> str:
    return str(MeetingKind(held.kind).label)


def versions_of(held: Meeting, page: str, kind: Callable[[Meeting], str]) -> list[dict[str, Any]]:
    """All versions of its number, each with the address of its page, and what was settled where two came for its place;
    the oldest first, with who did it and why. Nothing of one that was written once."""
    if held.number is None:
        return []
    rows = Meeting.objects.filter(book=held.book_id, number=held.number).order_by("version")
    told = [
        {
            "title": kind(one), "at": one.closed_at, "is_this": one.pk == held.pk, **_by_and_why(one),
            "url": reverse(f"books:{page}", args=[held.book.institution_id, one.pk]),
        }
        for one in rows
    ]  # fmt: skip
    told += [{**one, "title": f"{gettext('Two for one place')}: {one['what']}"} for one in settled_about(held)]
    return sorted(told, key=lambda one: one["at"]) if len(told) > 1 else []


def _by_and_why(one: Meeting) -> dict[str, str]:
    """Who wrote a version. Why it took the place of another is told of what was settled, where that was done so."""
    entry = entry_of(one)
    if entry is None:
        return {"by": "", "why": str(one.said.get("why", ""))}
    return {"by": entry.actor_name, "why": "" if entry.did == "settle_clash" else entry.why}


routes = [
    path("books/<uuid:id>/meetings/", listed, name="meetings"),
    path("books/<uuid:id>/meetings/<str:which>/", meeting, name="meeting"),
]
