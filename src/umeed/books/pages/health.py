"""A group's health: its grade, what each mark lost, and the cheapest way to win it back; the VO's own grade beside."""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from umeed.books import codes
from umeed.books.actions.grading import record_grade
from umeed.books.health.facts import GroupHealth, health_of
from umeed.books.models import Book, Grading
from umeed.books.pages.opening import SEE, book_behind, page
from umeed.books.rules.health import Scored
from umeed.books.templatetags.books_text import money
from umeed.core.doors import needs
from umeed.core.forms import ActionForm, DayField
from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import left_to_right, listed
from umeed.kernel.money import grouped, rounded_text

GRADE = "institutions.change"


class GradeForm(ActionForm):
    """A grade given by the VO."""

    on = DayField(label=gettext_lazy("Graded on"))
    grade = forms.ChoiceField(label=gettext_lazy("Grade"), choices=codes.Grade, widget=forms.RadioSelect)
    graded_by = forms.CharField(label=gettext_lazy("Graded by"), max_length=120)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=240, required=False)

    book: Book

    def act(self, *, by: Scope) -> Grading:
        return record_grade(by=by, book=self.book, id=self.record_id, **self.values)


@needs(SEE, of="institutions_institution")
def health(request: HttpRequest, id: UUID) -> HttpResponse:
    """The group's health as of today, or as of a day that is asked for."""
    book = book_behind(request.scope, id)
    if book.institution.kind != "shg":
        raise Http404
    form = GradeForm(request.POST or None, scope=request.scope)
    form.book = book
    if request.method == "POST" and _may_grade(request.scope, book) and form.perform() is not None:
        messages.success(request, _("The grade is recorded."))
        return redirect(reverse("books:health", args=[id]))
    found = health_of(book, request.scope.today)
    return render(request, "books/health.html", {
        "page": page(request, book, _("Group health")), "found": found, "marks": _marks(found),
        "source": _(found.rubric.source),
        "risks": [{"days": days, "paise": paise, "share": _percent(paise, found.owed)} for days, paise in
                  found.at_risk.items()],
        "gradings": book.gradings.order_by("-graded_on")[:8], "form": form if _may_grade(request.scope, book) else None,
        "ways": [{"title": _(one.mark.title), "text": one.way.message(_), "gain": found.result.worth(one.gain)}
                 for one in found.ways if one.way is not None and found.result.grade],
        "waits": found.result.waits.message(_) if found.result.waits is not None else "",
        "left_out": listed(_(one.mark.title) for one in found.result.left_out),
        "unlocks": [{"title": _(one.unlock.title), "paise": one.paise, "state": one.state,
                     "source": _(one.unlock.source), "is_more": one.unlock.is_last,
                     "waits": " · ".join(why.message(_) for why in one.waits)}
                    for one in found.unlocks],
    }, status=422 if form.is_bound else 200)  # fmt: skip


def _may_grade(scope: Scope, book: Book) -> bool:
    return scope.can(GRADE) and Book.objects.filter(pk=book.pk).seen_by(scope, GRADE).exists()


def _marks(found: GroupHealth) -> list[dict[str, Any]]:
    return [
        {
            "title": _(one.mark.title), "done": one.measure.done, "base": one.measure.base, "said": _said(one),
            "kind": "" if not one.counts else "good" if not one.lost else "warn" if one.points else "bad",
        }
        for one in found.result.marks
    ]  # fmt: skip


def _said(one: Scored) -> str:
    if not one.counts:
        return _("Left out: nothing was due")
    written = money if one.measure.is_money else grouped
    return _("%(done)s of %(base)s") % {"done": written(one.measure.done), "base": written(one.measure.base)}


def _percent(part: int, whole: int) -> str:
    return left_to_right(f"{rounded_text(Fraction(100 * part, whole), 0)}%") if whole > 0 else "–"


routes = [path("books/<uuid:id>/health/", health, name="health")]
