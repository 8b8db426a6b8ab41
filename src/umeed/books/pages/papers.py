"""Registers on screen, printed and as workbooks: their index, each of them, one sheet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext

from umeed.books.models import Book, Meeting, Sheet
from umeed.books.pages.asking import AskForm
from umeed.books.pages.finding import by_name
from umeed.books.pages.opening import SEE, book_behind, page
from umeed.books.registers import slips
from umeed.books.registers.catalogue import BY_KEY, FAMILIES, FOR_WHOM, Asked, Register
from umeed.books.registers.papering import register_url, sheet_url
from umeed.books.registers.reading import names
from umeed.books.registers.sheet import meeting_of, one_sheet
from umeed.core.audit import audited
from umeed.core.doors import needs
from umeed.core.papers.answers import AS, paper_page
from umeed.core.plans import plans_kept
from umeed.institutions.models import Woman

TEMPLATE = "books/papers/register.html"


@needs(SEE, of="institutions_institution")
def index(request: HttpRequest, id: UUID) -> HttpResponse:
    """All registers of a book, family by family."""
    book = book_behind(request.scope, id)
    level = book.institution.kind
    families = [
        (title or FOR_WHOM[level],
         [(*one.told(level), register_url(book, one.key)) for one in family if level in one.levels])
        for title, family in FAMILIES
    ]  # fmt: skip
    return render(request, "books/papers/index.html", {
        "page": page(request, book, gettext("Registers")), "book": book, "families": [f for f in families if f[1]],
    })  # fmt: skip


@needs(SEE, of="institutions_institution")
@plans_kept()
def register(request: HttpRequest, id: UUID, register: str) -> HttpResponse:
    """One register for the time that was asked for; with `?as=` its file."""
    book = book_behind(request.scope, id)
    one = BY_KEY.get(register)
    if one is None or book.institution.kind not in one.levels:
        raise Http404
    form = AskForm(request.GET, book=book, register=one, today=request.scope.today)
    title, _about = one.told(book.institution.kind)
    head = {"title": title, "crumbs": _crumbs(request, book), "actions": ()}
    if not form.is_valid():
        context = {"page": head, "form": form, "register": one}
        return render(request, TEMPLATE, context, status=422)
    asked = form.asked(confirm_at=confirm_at(request))
    paper = one.make(book, asked)
    if paper is None:
        links, find = by_name(request, _links(book, one, asked), lambda link: link["title"])
        context = {"page": head, "form": form, "links": links, "find": find, "register": one}
        return render(request, TEMPLATE, context)
    woman = Woman.objects.filter(pk=asked.woman).first() if asked.woman else None
    if woman is not None and not request.GET.get(AS):
        _told_that_she_was_looked_at(request, book, woman, one)
    return paper_page(
        request, paper, of=woman or book, template=TEMPLATE, form=form, register=one, crumbs=head["crumbs"],
        links=_what_holds(book, one, asked),
    )  # fmt: skip


def _crumbs(request: HttpRequest, book: Book) -> list[dict[str, Any]]:
    above = page(request, book, "")["crumbs"]
    return [*above, {"title": gettext("Registers"), "url": reverse("books:registers", args=[book.institution_id])}]


def confirm_at(request: HttpRequest) -> str:
    """The address that confirms slips, up to its token."""
    return request.build_absolute_uri(reverse("books:confirm", args=["x"]))[:-1]


def _links(book: Book, one: Register, asked: Asked) -> list[dict[str, str]]:
    """Whom to choose from when a register is one woman's: those of the meeting, or all that the book knows."""
    if one.which != "woman":
        return []
    more = {}
    if one.when == "meeting":
        held = Meeting.objects.filter(book=book, pk=asked.meeting).first()
        if held is None:
            return []
        women = names({pk for part in (held.present, held.late, held.absent, held.on_leave) for pk in part}).women
        more = {"meeting": held.pk}
    else:
        form = AskForm({}, book=book, register=one, today=asked.as_of)
        women = {UUID(key): words for key, words in form.fields["woman"].choices if key}  # type: ignore[attr-defined]
    return [
        {"title": name, "url": register_url(book, one.key, **more, woman=woman)}
        for woman, name in sorted(women.items(), key=lambda row: row[1])
    ]  # fmt: skip


def _what_holds(book: Book, one: Register, asked: Asked) -> list[dict[str, str]]:
    """From a slip that does not hold, the way to hers that does; to the meeting where none is left of her."""
    held = Meeting.objects.filter(book=book, pk=asked.meeting).first() if one.key == "slips" else None
    now = slips.holding(held) if held is not None else None
    if held is None or now == held:
        return []
    url = reverse("books:meeting", args=[book.institution_id, (now or held).pk])
    if now is not None and asked.woman is not None and slips.slip_of(now, asked.woman) is not None:
        url = register_url(book, one.key, meeting=now.pk, woman=asked.woman)
    return [{"title": gettext("What holds now"), "url": url}]


def _told_that_she_was_looked_at(request: HttpRequest, book: Book, woman: Woman, one: Register) -> None:
    """What a woman has and owes is hers: each look at it stands in the chain."""
    with audited(by=request.scope, did="look_at_passbook") as trail:
        trail.read(woman, [one.key])
        trail.about(woman)
        trail.at_place(book.institution.place_id)


@needs(SEE, of="institutions_institution")
def sheet(request: HttpRequest, id: UUID, sheet: str) -> HttpResponse:
    """One sheet with its lines, and the ways to what it belongs to."""
    book = book_behind(request.scope, id)
    found = Sheet.objects.filter(book=book, pk=int(sheet)).first() if sheet.isdecimal() and len(sheet) < 19 else None
    if found is None:
        raise Http404
    return paper_page(
        request, one_sheet(book, found), of=book, template=TEMPLATE, crumbs=_crumbs(request, book),
        links=list(_ways(request, book, found)),
    )  # fmt: skip


def _ways(request: HttpRequest, book: Book, found: Sheet) -> Any:
    held = meeting_of(found)
    if held is not None:
        title = gettext("Minutes of meeting %(number)s") % {"number": held.number}
        yield {"title": title, "url": register_url(book, "minutes", meeting=held.pk)}
    if found.reverses_id is not None:
        yield {"title": gettext("What it takes back"), "url": sheet_url(book, found.reverses_id)}
    later = Sheet.objects.filter(reverses=found).first()
    if later is not None:
        yield {"title": gettext("What took it back"), "url": sheet_url(book, later.pk)}
    if found.event is not None:
        other = Sheet.objects.filter(event=found.event).exclude(pk=found.pk).select_related("book__institution")
        twin = other.seen_by(request.scope, SEE).first()
        if twin is not None:
            words = gettext("The same in the book of %(name)s") % {"name": twin.book.institution.name}
            yield {"title": words, "url": sheet_url(twin.book, twin.pk)}


routes = [
    path("books/<uuid:id>/registers/", index, name="registers"),
    path("books/<uuid:id>/registers/<slug:register>/", register, name="register"),
    path("books/<uuid:id>/sheets/<slug:sheet>/", sheet, name="sheet"),
]
