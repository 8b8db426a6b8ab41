"""All books that somebody sees, added up: the trial balance of a block, a district, the UT."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.books.ledger.together import together
from umeed.books.lists import ledgers
from umeed.books.pages.opening import SEE
from umeed.books.registers.together import trial_balance_together
from umeed.core.doors import needs
from umeed.core.form_fields import DayField
from umeed.core.papers.answers import paper_page
from umeed.core.scope import Scope
from umeed.places.queries import ids_within
from umeed.places.registers import PlaceField, in_words

TEMPLATE = "books/papers/register.html"


class TogetherForm(forms.Form):
    as_of = DayField(label=_("As on"), required=False)

    def __init__(self, data: object, *, scope: Scope) -> None:
        super().__init__(data)
        self.fields["place"] = PlaceField(scope=scope, capability=SEE, label=_("Place"), required=False)


@needs(SEE)
def all_books(request: HttpRequest) -> HttpResponse:
    """As on a day, of all that the viewer sees or of one place; with `?as=` its file."""
    scope = request.scope
    crumbs = [{"title": ledgers.plural, "url": reverse("ledgers:list")}]
    form = TogetherForm({"as_of": f"{scope.today:%d-%m-%Y}", **request.GET.dict()}, scope=scope)
    if not form.is_valid():
        head = {"title": gettext("Trial balance of all books"), "crumbs": crumbs}
        return render(request, TEMPLATE, {"page": head, "form": form}, status=422)
    place, as_of = form.cleaned_data["place"], min(form.cleaned_data["as_of"] or scope.today, scope.today)
    inside = None if place is None else ids_within(place.pk, scope.today).values_list("below", flat=True)
    paper = trial_balance_together(
        together(as_of, inside), as_of=as_of, where=in_words(place) if place else gettext("All that you reach"),
        query={"place": str(place.pk)} if place else {},
    )  # fmt: skip
    return paper_page(request, paper, template=TEMPLATE, form=form, crumbs=crumbs)


routes = [path("books/together/", all_books, name="together")]
