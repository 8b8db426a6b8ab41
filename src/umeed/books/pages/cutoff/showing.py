"""The cut-off of a group, VO or CLF as it stands, and the ways to begin one, check it, correct it or take it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.books.actions import begin_cut_off, check_cut_off, open_book, take_back_cut_off
from umeed.books.actions.cutoffs import why_not_check, why_not_correct, why_not_take_back
from umeed.books.bodies.pairing import unlinked_with
from umeed.books.cutoffs.documents import read
from umeed.books.cutoffs.facts import cut_offs_of, meetings_in, members_until, standing_cut_off
from umeed.books.cutoffs.sums import sides_of
from umeed.books.ledger.others import above
from umeed.books.models import Book, CutOff, OpenCutOff
from umeed.books.pages.cutoff.tables import closed_table, loans_table, members_table, sides_table
from umeed.books.pages.cutoff.typing import typed_from
from umeed.books.pages.cutoff.words import words_for
from umeed.books.pages.opening import KEEP, REGISTERS, SEE, institution_behind
from umeed.books.registers.put_right import put_right_of_cut_off
from umeed.books.rules.cutoffs import why_too_late
from umeed.core.actions import Refused
from umeed.core.doors import needs
from umeed.core.form_fields import DayField
from umeed.core.templatetags.umeed_text import day
from umeed.institutions.models import Institution
from umeed.kernel.ids import new_id


class OpenForm(forms.Form):
    """From which day a book is kept that begins with nothing."""

    on = DayField(label=_("Kept since"))


@needs(SEE, of="institutions_institution")
def cut_off(request: HttpRequest, id: UUID) -> HttpResponse:
    """What stands, what is being written, or the ways to begin."""
    group = institution_behind(request.scope, id)
    book = Book.objects.filter(institution=group).first()
    stands = standing_cut_off(book) if book is not None else None
    keeps = Institution.objects.filter(pk=id).seen_by(request.scope, KEEP).exists()
    told = {
        "page": _page(group, book), "group": group, "book": book, "keeps": keeps,
        "open": OpenCutOff.objects.filter(institution=group).first() if keeps else None,
        "words": words_for(group.kind),
    }  # fmt: skip
    if stands is None:
        form = OpenForm(initial={"on": group.formed_on})
        late = why_too_late(meetings_in(book)) if book is not None else []
        return render(request, "books/cutoff/none.html", {
            **told, "form": form, "late": [one.message(gettext) for one in late],
        })  # fmt: skip
    return render(request, "books/cutoff/standing.html", {**told, **_standing(request, group, stands)})


def _page(group: Institution, book: Book | None) -> dict[str, Any]:
    crumbs = [{"title": group.get_kind_display(), "url": reverse(f"{REGISTERS[group.kind]}:list")}]
    home = (
        reverse("books:home", args=[group.pk]) if book else reverse(f"{REGISTERS[group.kind]}:detail", args=[group.pk])
    )
    crumbs.append({"title": group.name, "url": home})
    return {"title": _("Cut-off"), "lead": f"{group.name} · {group.place.called}", "crumbs": crumbs}


def _standing(request: HttpRequest, group: Institution, row: CutOff) -> dict[str, Any]:
    document = read(row.said)
    assert not isinstance(document, list)
    names, _present = members_until(group, document.on)
    bodies = above(group.pk, document.on)
    sides = sides_of(document, {body: kind for body, (kind, _name) in bodies.items()})
    called = {body: name for body, (_kind, name) in bodies.items()}
    return {
        "cut_off": row, "document": document, "sides": sides_table(sides),
        "women": members_table(document, names, words_for(group.kind).member),
        "loans": loans_table(document, names, called) if document.loans else None,
        "closed": closed_table(document, names) if document.closed else None,
        "who_checks": [] if row.checked_on else [one.message(gettext) for one in why_not_check(request.scope, row)],
        "may_check": not why_not_check(request.scope, row),
        "closed_month": [one.message(gettext) for one in why_not_correct(row)],
        "why_not": [one.message(gettext) for one in why_not_take_back(row)], "put_right": put_right_of_cut_off(row),
        "unlinked": [
            {"name": name, "url": f"{reverse('books:between', args=[group.pk])}?with={body}"}
            for body, name in unlinked_with(request.scope, row.book).items()
        ],
        "versions": [_version(one, row) for one in cut_offs_of(row.book)] if row.version > 1 else [],
    }  # fmt: skip


def _version(one: CutOff, stands: CutOff) -> dict[str, Any]:
    at = gettext("posted on %(day)s") % {"day": day(timezone.localtime(one.sheet.recorded_at).date())}
    return {"number": one.version, "on": one.sheet.on_date, "at": at, "stands": one.pk == stands.pk}


# What may be done ---------------------------------------------------------------------------------------------------


@needs(KEEP, of="institutions_institution")
def begin(request: HttpRequest, id: UUID) -> HttpResponse:
    """Begin to write a cut-off, or the correction of the one that stands."""
    group = institution_behind(request.scope, id, KEEP)
    if request.method != "POST":
        return redirect("books:cut_off", id)
    book = Book.objects.filter(institution=group).first()
    stands = standing_cut_off(book) if book is not None else None
    typed: dict[str, Any] = {}
    if stands is not None:
        document = read(stands.said)
        assert not isinstance(document, list)
        typed = typed_from(document)
    known = OpenCutOff.objects.filter(institution=group).first()
    try:
        begin_cut_off(
            by=request.scope, group=group.pk, id=known.pk if known else new_id(), typed=typed,
            corrects=stands.pk if stands else None,
        )  # fmt: skip
    except Refused as refused:
        _tell(request, refused)
        return redirect("books:cut_off", id)
    return redirect("books:cut_off_group", id)


@needs(KEEP, of="institutions_institution")
def without_past(request: HttpRequest, id: UUID) -> HttpResponse:
    """Begin a book that has no past: a group from its first meeting, a VO or CLF from its first day."""
    group = institution_behind(request.scope, id, KEEP)
    form = OpenForm(request.POST or None, initial={"on": group.formed_on})
    if request.method == "POST" and form.is_valid():
        try:
            open_book(by=request.scope, institution=group, on=form.cleaned_data["on"])
            return redirect("books:home", id)
        except Refused as refused:
            for one in refused.refusals:
                form.add_error("on", one.message(gettext))
    told = {"page": _page(group, None), "group": group, "book": None, "keeps": True, "words": words_for(group.kind)}
    return render(request, "books/cutoff/none.html", {**told, "form": form, "open": None})


@needs(SEE, of="institutions_institution")
def check(request: HttpRequest, id: UUID) -> HttpResponse:
    """A second person has looked at it beside the papers."""
    stands = _stands(request, id)
    if stands is not None and request.method == "POST":
        try:
            check_cut_off(by=request.scope, cut_off=stands.pk)
            messages.success(request, gettext("It is marked as checked by you."))
        except Refused as refused:
            _tell(request, refused)
    return redirect("books:cut_off", id)


@needs(KEEP, of="institutions_institution")
def take_back(request: HttpRequest, id: UUID) -> HttpResponse:
    """Take back what stands, with a reason."""
    institution_behind(request.scope, id, KEEP)
    stands = _stands(request, id)
    if stands is not None and request.method == "POST":
        try:
            take_back_cut_off(by=request.scope, cut_off=stands.pk, why=request.POST.get("why", ""))
            messages.success(request, gettext("It was taken back. The book is as if it had not been."))
        except Refused as refused:
            _tell(request, refused)
    return redirect("books:cut_off", id)


def _stands(request: HttpRequest, id: UUID) -> CutOff | None:
    group = institution_behind(request.scope, id)
    book = Book.objects.filter(institution=group).first()
    return standing_cut_off(book) if book is not None else None


def _tell(request: HttpRequest, refused: Refused) -> None:
    for one in refused.refusals:
        messages.error(request, one.message(gettext))


routes = [
    path("books/<uuid:id>/cut-off/", cut_off, name="cut_off"),
    path("books/<uuid:id>/cut-off/begin/", begin, name="cut_off_begin"),
    path("books/<uuid:id>/cut-off/without/", without_past, name="cut_off_without"),
    path("books/<uuid:id>/cut-off/check/", check, name="cut_off_check"),
    path("books/<uuid:id>/cut-off/take-back/", take_back, name="cut_off_take_back"),
]
