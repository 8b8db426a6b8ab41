"""Two meetings, or two days of a VO or CLF, that came for one place: beside each other, until a person settles it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.books.actions.clashes import SETTLE
from umeed.books.actions.settling import CORRECTS, in_the_place_of, is_cut_off, offered, settle, written_as
from umeed.books.bodies.documents import BodyDay
from umeed.books.bodies.documents import read as read_day
from umeed.books.codes import Attendance, Settled
from umeed.books.cutoffs.documents import CutOffDocument
from umeed.books.cutoffs.documents import read as read_cut_off
from umeed.books.cutoffs.facts import standing_cut_off
from umeed.books.meetings.calendar import calendar_of
from umeed.books.meetings.documents import MeetingDocument, read
from umeed.books.meetings.facts import standing_meetings
from umeed.books.models import Book, Clash, CutOff, Meeting, OpenMeeting
from umeed.books.naming import women_called
from umeed.books.pages.days import telling as day_telling
from umeed.books.pages.days.steps import DAY
from umeed.books.pages.opening import SEE, book_behind, page
from umeed.books.pages.telling import names_for, sections, who_led
from umeed.books.pages.writing.steps import MEETING
from umeed.books.pages.writing.typed import line_sent
from umeed.books.pages.writing.walk import CLOSE, Walk
from umeed.books.templatetags.books_text import money
from umeed.core.actions import Refused
from umeed.core.doors import needs
from umeed.core.forms import mark_of
from umeed.core.models import AuditChange, AuditEntry
from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import day
from umeed.kernel.money import Paise
from umeed.kernel.refusals import N_, Refusal

# In the words of the columns: on a phone nothing says which of the two is the first.
HOLDS = {
    Settled.KEPT.value: _("What stands in the book holds"), Settled.REPLACED.value: _("What came later holds"),
    Settled.BOTH.value: Settled.BOTH.label,
}  # fmt: skip
# What is asked where the two stand beside each other: nothing of them is changed on that page.
_WAITS = N_(
    "The request of %(name)s for %(amount)s waits still. Is this another loan? If not, settle it, then correct the day "
    "and choose there the request that the loan answers."
)


@needs(SEE, of="institutions_institution")
def clashes(request: HttpRequest, id: Any) -> HttpResponse:
    """What came for a place that was taken, beside what stands there; a person says which holds."""
    book = book_behind(request.scope, id)
    may_settle = _may_settle(request.scope, book)
    stops, asks = list[Refusal](), list[Refusal]()
    if request.method == "POST":
        if not may_settle:
            raise Http404
        try:
            return _settled(request, book)
        except Refused as refused:
            stops = [one for one in refused.refusals if one.severity == "refuse"]
            asks = [one for one in refused.refusals if one.severity == "warn"]
    reasons = [one.on(f"{one.field}_{request.POST.get('clash')}") for one in stops]
    rows = Clash.objects.filter(book=book, settled="").select_related("book__institution").order_by("came_at")
    return render(request, "books/meetings/clashes.html", {
        "page": page(request, book, _("Two for one place")), "walk": _walk(book).name,
        "clashes": [_side_by_side(book, one, request.POST, reasons) for one in rows],
        "settles": may_settle, "reasons": reasons, "asks": _asked(asks, request),
        "settled": [settled_row(one) for one in book.clashes.exclude(settled="").order_by("-settled_at")],
    }, status=422 if stops or asks else 200)  # fmt: skip


def _may_settle(scope: Scope, book: Book) -> bool:
    return scope.can(SETTLE) and Book.objects.filter(pk=book.pk).seen_by(scope, SETTLE).exists()


def _walk(book: Book) -> Walk:
    return MEETING if book.institution.kind == "shg" else DAY


def _settled(request: HttpRequest, book: Book) -> HttpResponse:
    sent = request.POST.get("clash", "")
    clash = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 18 else 0
    if not Clash.objects.filter(pk=clash, book=book).exists():
        raise Http404
    settled, why = request.POST.get("settled", ""), line_sent(request.POST, "why")
    number = calendar_of(book, request.scope.today).last_number + 1
    apart = line_sent(request.POST, "difference_why")
    said = {
        "by": request.scope, "clash": clash, "settled": settled, "why": why, "number": number, "difference_why": apart,
    }  # fmt: skip
    try:
        done = settle(**said)
    except Refused as refused:
        sure = set(request.POST.getlist("sure"))
        if any(one.severity == "refuse" or mark_of(one) not in sure for one in refused.refusals):
            raise
        done = settle(**said, is_sure=True)
    walk = _walk(book)
    if OpenMeeting.objects.filter(pk=done).exists():
        return redirect(walk.address(book.institution_id, CLOSE))
    messages.success(request, gettext("Settled. The reason stands in the book."))
    if Meeting.objects.filter(pk=done).exists():
        return redirect(f"books:{walk.name}", book.institution_id, done)
    return redirect("books:clashes" if done is None else "books:cut_off", book.institution_id)


def _asked(asks: list[Refusal], request: HttpRequest) -> list[dict[str, Any]]:
    sure = set(request.POST.getlist("sure"))
    told = [replace(one, text=_WAITS) if one.code == "request_waits" else one for one in asks]
    return [
        {"text": said.message(gettext), "mark": mark_of(one), "is_sure": mark_of(one) in sure}
        for one, said in zip(asks, told, strict=True)
    ]


def settled_row(one: Clash) -> dict[str, Any]:
    """What was settled, of which meeting or day, with the reason and who said so."""
    entry = entry_of(one, AuditChange.CHANGED)
    return {
        "at": one.settled_at, "what": HOLDS[one.settled], "why": one.why, "by": entry.actor_name if entry else "",
        "number": one.said.get("number"), "on": _held_on(one.said),
    }  # fmt: skip


def settled_about(held: Meeting) -> list[dict[str, Any]]:
    """What was settled of its place, the oldest first."""
    rows = held.book.clashes.exclude(settled="").filter(said__number=held.number).order_by("settled_at")
    return [settled_row(one) for one in rows] if held.number is not None else []


def _held_on(said: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(said.get("on")))
    except ValueError:
        return None


def _side_by_side(book: Book, clash: Clash, sent: Mapping[str, str], reasons: list[Refusal]) -> dict[str, Any]:
    """Both documents line by line; what is the same in both is left out. What was sent about it stands in its form."""
    first = standing_cut_off(book) if is_cut_off(clash) else in_the_place_of(clash)
    before, after = _lines(book, first.said) if first else {}, _lines(book, clash.said)
    changes = [
        {"field": key, "before": before.get(key), "after": after.get(key)}
        for key in dict.fromkeys([*before, *after])
        if before.get(key) != after.get(key)
    ]
    form = sent if sent.get("clash") == str(clash.pk) else {}
    is_apart = "difference_why" in form or any(one.field == f"difference_why_{clash.pk}" for one in reasons)
    kept, may_hold = entry_of(clash), offered(clash)
    return {
        "clash": clash, "first": first, "changes": changes, "came_from": kept.actor_name if kept else "",
        "number": clash.said.get("number"), "settled": form.get("settled", ""), "why": form.get("why", ""),
        "is_apart": is_apart, "difference_why": form.get("difference_why", ""), "is_asked": bool(form),
        "is_cut_off": is_cut_off(clash), "is_correction": CORRECTS in clash.said,
        "choices": [(key, words) for key, words in HOLDS.items() if key in may_hold],
        "later": _later(first) if isinstance(first, Meeting) else 0, **_addresses(book, clash, first),
    }  # fmt: skip


def _addresses(book: Book, clash: Clash, first: Meeting | CutOff | None) -> dict[str, str]:
    """Where the first stands, and where the second is being written as one of its own."""
    walk, at = _walk(book), book.institution_id
    is_written = OpenMeeting.objects.filter(pk=written_as(clash)).exists()
    if isinstance(first, CutOff):
        return {"url": reverse("books:cut_off", args=[at]), "written": ""}
    return {
        "url": reverse(f"books:{walk.name}", args=[at, first.pk]) if first else "",
        "written": walk.address(at, CLOSE) if is_written else "",
    }  # fmt: skip


def _later(first: Meeting) -> int:
    """How many were held after it."""
    return standing_meetings(first.book).filter(held_on__gt=first.held_on, number__isnull=False).count()


def entry_of(record: Clash | Meeting, kind: str = AuditChange.CREATED) -> AuditEntry | None:
    """The action in which it was written, or settled: who did it, and why."""
    of = {"changes__table": record._meta.db_table, "changes__subject_id": str(record.pk), "changes__kind": kind}
    return AuditEntry.objects.filter(**of).order_by("-seq").first()


def _lines(book: Book, said: Mapping[str, Any]) -> dict[str, str]:
    """{what: as it is said} of a document."""
    said = {key: part for key, part in said.items() if key != CORRECTS}
    if isinstance(cut_off := read_cut_off(said), CutOffDocument):
        return _cut_off_lines(cut_off)
    document = read(said) if _walk(book) is MEETING else read_day(said)
    if isinstance(document, MeetingDocument):
        names = names_for(book, document)
        parts, name = sections(document, names), names.woman
    elif isinstance(document, BodyDay):
        bodies = day_telling.names_for(book, document)
        parts, name = day_telling.sections(document, bodies), bodies.body
    else:
        return {}
    told = {
        gettext("Held on"): day(document.on), gettext("Cash counted"): money(document.counted),
        gettext("Why it is different"): document.difference_why,
    }  # fmt: skip
    # Each by name with what is said of her: of who is only counted, or not named among the absent, nobody could see it.
    states, came = dict(Attendance.choices), gettext("Who came")
    told |= {f"{came} · {name(one)}": str(states[state]) for one, state in document.attendance.items()}
    for section in parts:
        if section.has_sum:
            told[section.title] = money(section.total)
        for what, note, paise in section.lines if section.key != "attendance" else who_led(document, name):
            key = f"{section.title} · {what}"
            # Two lines of one name (two fines of hers) are both said.
            told[key] = "; ".join(filter(None, (told.get(key), _said(note, paise))))
    return told


def _cut_off_lines(document: CutOffDocument) -> dict[str, str]:
    """{what: as it is said} of a cut-off: its money, what each woman saved, what each loan still owes."""
    names = women_called({one.woman for one in (*document.savings, *document.loans) if one.woman})
    told = {
        gettext("Written for"): day(document.on), gettext("Meetings held"): str(document.meetings_held),
        gettext("Cash"): money(document.cash), gettext("Bank"): money(document.bank),
    }  # fmt: skip
    lines = [(gettext("Savings"), one.woman, one.paise) for one in document.savings]
    lines += [(gettext("Outstanding"), one.woman, one.outstanding) for one in document.loans]
    for what, woman, paise in lines:
        key = f"{what} · {names.get(woman, '–')}" if woman else what
        told[key] = "; ".join(filter(None, (told.get(key), money(Paise(paise)))))
    return told


def _said(note: str, paise: int | None) -> str:
    """What is said of a line; of one that says all by itself, that it stands there."""
    paid = money(Paise(paise)) if paise is not None else ""
    return " · ".join(part for part in (paid, note) if part) or gettext("Yes")


routes = [path("books/<uuid:id>/clashes/", clashes, name="clashes")]
