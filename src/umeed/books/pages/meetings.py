"""Meetings that were held: the list, one of them; two that came for one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Case, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.books.actions.settling import in_the_place_of, settle
from umeed.books.codes import MeetingKind, Settled
from umeed.books.meetings.calendar import calendar_of
from umeed.books.meetings.documents import MeetingDocument, read
from umeed.books.models import Book, Clash, Meeting
from umeed.books.naming import women_called
from umeed.books.pages.opening import SEE, book_behind, may_keep, page
from umeed.books.pages.telling import Section, names_for, sections
from umeed.books.pages.writing.steps import MEETING
from umeed.books.pages.writing.walk import CLOSE
from umeed.books.registers.put_right import put_right_of
from umeed.books.templatetags.books_text import money
from umeed.core.actions import Refused
from umeed.core.doors import needs
from umeed.core.models import AuditEntry
from umeed.core.templatetags.umeed_text import day
from umeed.kernel.money import Paise
from umeed.kernel.refusals import Refusal

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
    rows = Meeting.objects.filter(book=book, replaced_by__isnull=True).order_by("-held_on", "-number", "-closed_at")
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
        found = rows.filter(replaced_by__isnull=True).order_by(_IS_TAKEN_BACK, "-held_on", "-closed_at").first()
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
        "put_right": put_right_of(held),
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
    """All versions of its number, oldest first, where there are several; each with the address of its page."""
    if held.number is None:
        return []
    rows = Meeting.objects.filter(book=held.book_id, number=held.number).order_by("version")
    told = [
        {
            "title": kind(one), "at": one.closed_at, "is_this": one.pk == held.pk,
            "url": reverse(f"books:{page}", args=[held.book.institution_id, one.pk]),
        }
        for one in rows
    ]  # fmt: skip
    return told if len(told) > 1 else []


# Two for one place --------------------------------------------------------------------------------------------------


@needs(SEE, of="institutions_institution")
def clashes(request: HttpRequest, id: UUID) -> HttpResponse:
    """What came for a place that was taken, beside what stands there; a person says which holds."""
    book = book_behind(request.scope, id)
    keeps = may_keep(request.scope, book)
    reasons: list[Refusal] = []
    if request.method == "POST":
        if not keeps:
            raise Http404
        try:
            return _settled(request, book)
        except Refused as refused:
            reasons = [one.on(f"{one.field}_{request.POST.get('clash')}") for one in refused.refusals]
    rows = Clash.objects.filter(book=book, settled="").select_related("book__institution").order_by("came_at")
    return render(request, "books/meetings/clashes.html", {
        "page": page(request, book, _("Two for one place")),
        "clashes": [_side_by_side(book, one, request.POST, reasons) for one in rows],
        "keeps": keeps, "reasons": reasons, "choices": Settled.choices,
        "settled": [_settled_row(one) for one in book.clashes.exclude(settled="").order_by("-settled_at")],
    }, status=422 if reasons else 200)  # fmt: skip


def _settled(request: HttpRequest, book: Book) -> HttpResponse:
    sent = request.POST.get("clash", "")
    clash = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 18 else 0
    if not Clash.objects.filter(pk=clash, book=book).exists():
        raise Http404
    settled, why = request.POST.get("settled", ""), request.POST.get("why", "").replace("\x00", "")[:240]
    number = calendar_of(book, request.scope.today).last_number + 1
    apart = " ".join(request.POST.get("difference_why", "").replace("\x00", "").split())[:240]
    done = settle(by=request.scope, clash=clash, settled=settled, why=why, number=number, difference_why=apart)
    if settled == Settled.BOTH:
        return redirect(MEETING.address(book.institution_id, CLOSE))
    messages.success(request, gettext("Settled. The reason stands in the book."))
    if done is not None:
        return redirect("books:meeting", book.institution_id, done)
    return redirect("books:clashes", book.institution_id)


def _settled_row(one: Clash) -> dict[str, Any]:
    return {"at": one.settled_at, "what": Settled(one.settled).label, "why": one.why, "came_at": one.came_at}


def _side_by_side(book: Book, clash: Clash, sent: Mapping[str, str], reasons: list[Refusal]) -> dict[str, Any]:
    """Both documents line by line; what is the same in both is left out. What was sent about it stands in its form."""
    first = in_the_place_of(clash)
    here, there = (_document(first) if first else None), read(clash.said)
    other = there if isinstance(there, MeetingDocument) else None
    before, after = _lines(book, here), _lines(book, other)
    changes = [
        {"field": key, "before": before.get(key), "after": after.get(key)}
        for key in dict.fromkeys([*before, *after])
        if before.get(key) != after.get(key)
    ]
    url = reverse("books:meeting", args=[book.institution_id, first.pk]) if first else ""
    form = sent if sent.get("clash") == str(clash.pk) else {}
    is_apart = "difference_why" in form or any(one.field == f"difference_why_{clash.pk}" for one in reasons)
    return {
        "clash": clash, "first": first, "url": url, "changes": changes, "came_from": _who(clash),
        "number": clash.said.get("number"), "settled": form.get("settled", ""), "why": form.get("why", ""),
        "is_apart": is_apart, "difference_why": form.get("difference_why", ""),
    }  # fmt: skip


def _who(clash: Clash) -> str:
    row = AuditEntry.objects.filter(did="keep_clash", actor=clash.came_from).order_by("-seq").first()
    return row.actor_name if row else ""


def _lines(book: Book, document: MeetingDocument | None) -> dict[str, str]:
    """{what: as it is said} of a document."""
    if document is None:
        return {}
    told = {gettext("Held on"): day(document.on), gettext("Cash counted"): money(document.counted)}
    for section in sections(document, names_for(book, document)):
        if section.has_sum:
            told[section.title] = money(section.total)
        for what, note, paise in section.lines:
            told[f"{section.title} · {what}"] = _said(section, note, paise)
    return told


def _said(section: Section, note: str, paise: int | None) -> str:
    return " · ".join(part for part in (money(Paise(paise)) if paise is not None else "", note) if part)


routes = [
    path("books/<uuid:id>/meetings/", listed, name="meetings"),
    path("books/<uuid:id>/clashes/", clashes, name="clashes"),
    path("books/<uuid:id>/meetings/<str:which>/", meeting, name="meeting"),
]
