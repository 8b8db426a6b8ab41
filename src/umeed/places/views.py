"""Pages of the tree: where it begins, one place as it was on a day, a form for each change, villages in no block."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_lazy, ngettext

from umeed.core.audit_pages.queries import entries_url
from umeed.core.doors import needs
from umeed.core.plans import plans_kept
from umeed.core.registers.declare import all_registers
from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import grouped
from umeed.kernel.dates import date_as_written
from umeed.kernel.refusals import Refusal
from umeed.places import forms, pages, queries
from umeed.places.models import Kind, Place
from umeed.places.registers import PlaceFilter

COUNT = 50


@dataclass(frozen=True)
class Way:
    """One way of changing a place: its form, its title, the words of its button and of what is said when it is done."""

    form: type[forms.TreeForm]
    title: Any
    button: Any
    done: Any


WAYS = {
    "rename": Way(forms.RenameForm, gettext_lazy("Rename"), gettext_lazy("Save the name"),
                  gettext_lazy("The name is saved.")),
    "move": Way(forms.MoveForm, gettext_lazy("Move"), gettext_lazy("Move it"), gettext_lazy("It is moved.")),
    "open": Way(forms.OpenForm, gettext_lazy("New place in it"), gettext_lazy("Open the place"),
                gettext_lazy("The place is open.")),
    "split": Way(forms.SplitForm, gettext_lazy("Split"), gettext_lazy("Split it"),
                 gettext_lazy("The new place is made.")),
    "merge": Way(forms.MergeForm, gettext_lazy("Merge"), gettext_lazy("Merge it"), gettext_lazy("It is merged.")),
    "end": Way(forms.EndForm, gettext_lazy("End"), gettext_lazy("End it"), gettext_lazy("It has ended.")),
    "tag": Way(forms.TagForm, gettext_lazy("Add a tag"), gettext_lazy("Add the tag"),
               gettext_lazy("The tag is added.")),
    "untag": Way(forms.UntagForm, gettext_lazy("Take a tag off"), gettext_lazy("Take it off"),
                 gettext_lazy("The tag is off.")),
}  # fmt: skip


@needs("places.see")
def tree(request: HttpRequest) -> HttpResponse:
    """Where the viewer's tree begins; with one beginning, that place itself."""
    on, wrong = _day(request)
    roots = queries.roots_of(request.scope, on=on)
    if len(roots) == 1 and not wrong:
        query = request.GET.urlencode()
        return redirect(reverse("places:place", args=[roots[0].pk]) + (f"?{query}" if query else ""))
    rows = pages.root_rows(roots, on)
    about = {"title": gettext("Places"), "lead": gettext("The tree of places, as it is or as it was on a day.")}
    return render(request, "places/tree.html", {
        "page": {**about, "actions": _register(request)}, "on": on, "wrong": wrong, "rows": rows,
        "columns": pages.columns_of(rows), "today": request.scope.today,
    })  # fmt: skip


@needs("places.see", of="places_place")
@plans_kept()
def place(request: HttpRequest, id: int) -> HttpResponse:
    """One place: where it lies, what lies in it, what it carries, what happened to it."""
    here = _seen(request, id)
    on, wrong = _day(request)
    shown = pages.place_page(request.scope, here, on)
    may_change = request.scope.can("places.change") and bool(
        queries.reachable(request.scope, [here.pk], capability="places.change")
    )
    return render(request, "places/place.html", {
        "page": {"title": shown.name, "lead": shown.lead, "crumbs": shown.crumbs, "actions": _register(request)},
        "place": here, "shown": shown, "on": on, "wrong": wrong, "today": request.scope.today,
        "ways": _ways(here, shown) if may_change else [],
        "registers": _registers_of(here, request.scope) if shown.exists_today else [],
        "entries_url": entries_url(request.scope, "places_place", here.pk),
    })  # fmt: skip


def _registers_of(here: Place, scope: Scope) -> list[dict[str, Any]]:
    """The registers whose records lie in places, narrowed to this one."""
    return [
        {"title": each.plural, "url": f"{each.url()}?{urlencode({'place': here.pk})}", "icon": each.icon}
        for each in all_registers()
        if isinstance(each.filters.get("place"), PlaceFilter) and each.model is not Place and scope.can(each.see)
    ]


def _ways(here: Place, shown: pages.PlacePage) -> list[dict[str, Any]]:
    """What may be done with a place; a State keeps its borders, and only what exists changes."""
    if not shown.exists_today:
        return []
    left_out = {"move", "split", "merge", "end"} if here.kind == Kind.STATE else set()
    left_out |= {"open"} if here.kind == Kind.HABITATION else set()
    left_out |= set() if shown.tags else {"untag"}
    return [
        {"title": way.title, "url": reverse("places:change", args=[here.pk, what])}
        for what, way in WAYS.items()
        if what not in left_out
    ]


@needs("places.change", of="places_place")
def change(request: HttpRequest, id: int, what: str) -> HttpResponse:
    """The form of one change. Reasons why not stand beside their fields."""
    way = WAYS.get(what)
    here = queries.place_seen(request.scope, id, capability="places.change")
    if way is None or here is None:
        raise Http404
    form = way.form(request.POST or None, scope=request.scope, record=here)
    changed = form.perform() if request.method == "POST" else None
    if changed is not None:
        messages.success(request, way.done)
        return redirect("places:place", id=changed.pk)
    crumbs = [*pages.crumbs(request.scope, here, request.scope.today), pages.crumb(here)]
    return render(request, "places/change.html", {
        "page": {"title": way.title, "lead": here.called, "crumbs": crumbs}, "form": form, "way": way, "place": here,
    })  # fmt: skip


@needs("places.load")
def lost(request: HttpRequest) -> HttpResponse:
    """Villages that lie in no block: ticked and brought into a block or panchayat."""
    scope = request.scope
    form = forms.FilingForm(request.POST or None, scope=scope)
    if request.method == "POST" and (count := form.perform()):
        text = ngettext("%(count)s village is brought in.", "%(count)s villages are brought in.", count)
        messages.success(request, text % {"count": count})
        return redirect(request.get_full_path())
    tehsils = queries.tehsils_with_lost(scope)
    asked = request.GET.get("tehsil", "")
    inside = next((tehsil.pk for tehsil in tehsils if str(tehsil.pk) == asked), None)
    found = Paginator(queries.lost_villages(scope, inside=inside), COUNT).get_page(request.GET.get("page"))
    where = queries.lines_of([village.pk for village in found], scope.today)
    ticked = set(request.POST.getlist("villages"))
    return render(request, "places/lost.html", {
        "page": {"title": gettext("Villages in no block"), "crumbs": [_places_crumb()],
                 "lead": gettext("Known by tehsil only. Tick those that belong together, and say where.")},
        "form": form, "tehsils": tehsils, "inside": inside, "count": found.paginator.count,
        "rows": [(village, where.get(village.pk, ""), str(village.pk) in ticked) for village in found],
        "pager": _pager(found, inside),
    })  # fmt: skip


def _pager(found: Page, inside: int | None) -> dict[str, str]:
    """What `parts/pager.html` takes, for a page of a tehsil's villages."""
    near = {
        "previous_url": found.previous_page_number() if found.has_previous() else 0,
        "next_url": found.next_page_number() if found.has_next() else 0,
    }
    kept = {"tehsil": inside} if inside else {}
    shown = {"first": found.start_index(), "last": found.end_index(), "count": grouped(found.paginator.count)}
    urls = {key: "?" + urlencode({**kept, "page": number}) for key, number in near.items() if number}
    return {"shown": gettext("%(first)s to %(last)s of %(count)s") % shown, **urls}


def _seen(request: HttpRequest, id: int) -> Place:
    here = queries.place_seen(request.scope, id)
    if here is None:
        raise Http404
    return here


def _day(request: HttpRequest) -> tuple[datetime.date, Sequence[Refusal]]:
    """The day that the page is asked for; today when none, or none that can be read, is given."""
    text, today = request.GET.get("on", "").strip(), request.scope.today
    if not text:
        return today, []
    day = date_as_written(text, field="on")
    return (today, [day]) if isinstance(day, Refusal) else (day, [])


def _places_crumb() -> dict[str, Any]:
    return {"title": gettext("Places"), "url": reverse("places:tree")}


def _register(request: HttpRequest) -> list[dict[str, Any]]:
    """Ways from the tree to the list, to loading and to what is not in place yet."""
    links = [{"title": gettext("As a list"), "url": reverse("places-list:list"), "icon": "list", "quiet": True}]
    if request.scope.can("places.load"):
        links.append({"title": gettext("Villages in no block"), "url": reverse("places:lost"), "icon": "place"})
        links.append({"title": gettext("Load a list"), "url": reverse("loads:list"), "icon": "upload"})
    return links
