"""Pages of duplicates: the pairs to review, one pair side by side, one merge with both histories."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from umeed.core.actions import Refused, refuse_if
from umeed.core.audit import audited
from umeed.core.doors import needs
from umeed.core.scope import Scope
from umeed.duplicates import actions, decisions, jobs, pages, queries
from umeed.duplicates.decisions import Decision
from umeed.duplicates.fields import BY_KEY
from umeed.duplicates.models import Candidate, Merge

SETTLE = queries.SETTLE
PAGE_SIZE = 20


@needs(SETTLE)
def pairs(request: HttpRequest) -> HttpResponse:
    """The pairs to review, strongest first, by band and place."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    places = queries.places_to_choose(scope)
    asked = pages.asked(request.GET, {place.pk for place in places})
    counts = queries.counts(scope, asked)
    listed = Paginator(queries.pairs(scope, asked), PAGE_SIZE)
    listed.count = counts.by_band[asked.band]
    shown = listed.get_page(request.GET.get("page"))
    return render(request, "duplicates/list.html", pages.list_page(request, asked, counts, shown, places))


@needs(SETTLE)
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Queue a search of the places where the viewer settles duplicates."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    for place_id in scope.place_roots(SETTLE):
        jobs.search_later(place_id)
    messages.success(request, _("The search has been asked for. Look again in a few minutes."))
    return HttpResponseRedirect(reverse("duplicates:list"))


def _pair(request: HttpRequest, pk: UUID) -> Candidate:
    found = queries.pair_of(request.scope, pk)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@needs(SETTLE, of="duplicates_candidate")
def pair(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One pair side by side, with the form that settles it."""
    return _pair_page(request, _pair(request, pk))


def _pair_page(
    request: HttpRequest, found: Candidate, decision: Decision | None = None, refusals: Any = (), opened: Any = ()
) -> HttpResponse:
    context = pages.pair_page(request, found, decision, refusals, opened)
    answer = render(request, "duplicates/pair.html", context, status=422 if refusals else 200)
    if opened:
        answer.headers["Cache-Control"] = "no-store"
    return answer


@needs(SETTLE, of="duplicates_candidate")
@require_POST
def look(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a covered value of both records, and record that it was looked at. What was ticked so far stays."""
    found = _pair(request, pk)
    scope: Scope = request.scope  # type: ignore[attr-defined]
    part = BY_KEY.get(request.POST.get("look", ""))
    if part is None or part.sealed not in queries.may_see_of(scope, [found.low, found.high]):
        raise Http404
    with audited(by=scope, did="look_at_sealed") as trail:
        for woman in (found.low, found.high):
            trail.read(woman, part.columns[:1])
    return _pair_page(request, found, decisions.sent(request.POST), opened={part.key})


@needs(SETTLE, of="duplicates_candidate")
@require_POST
def settle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same woman, not the same, later, or again: as the button says."""
    found = _pair(request, pk)
    decision = decisions.sent(request.POST)
    do = {"merge": _merge, "not_the_same": _not_the_same, "later": _later, "again": _again}.get(
        request.POST.get("do", "")
    )
    if do is None:
        raise Http404
    try:
        return do(request, found, decision)
    except Refused as refused:
        return _pair_page(request, _pair(request, pk), decision, refused.refusals)


def _merge(request: HttpRequest, found: Candidate, decision: Decision) -> HttpResponse:
    refuse_if(decisions.why_not_read(decision))
    kept, merged = decision.sides(found)
    revision = {"low": decisions.number_of(request.POST, "low"), "high": decisions.number_of(request.POST, "high")}
    ties = queries.ties_of(request.scope, kept, merged)  # type: ignore[attr-defined]
    merge = actions.merge_women(
        by=request.scope, keep=kept, other=merged, why=decision.why, take=decision.take(),  # type: ignore[attr-defined]
        doubles=decision.doubles(ties.overlapping()), id=decision.merge_id,
        keep_revision=revision["low" if kept is found.low else "high"],
        other_revision=revision["high" if kept is found.low else "low"],
    )  # fmt: skip
    messages.success(request, _("The two records are one now. You can take this back below."))
    return HttpResponseRedirect(reverse("duplicates:merge", args=[merge.pk]))


def _not_the_same(request: HttpRequest, found: Candidate, decision: Decision) -> HttpResponse:
    refuse_if([reason for reason in decisions.why_not_read(decision) if reason.field == "why"])
    actions.settle_not_the_same(
        by=request.scope,
        candidate=found,
        why=decision.why,
        revision=decisions.number_of(request.POST, "revision"),  # type: ignore[attr-defined]
    )
    messages.success(request, _("Noted: two women. This pair will not be offered again."))
    return HttpResponseRedirect(reverse("duplicates:list"))


def _later(request: HttpRequest, found: Candidate, decision: Decision) -> HttpResponse:
    actions.put_off(by=request.scope, candidate=found, revision=decisions.number_of(request.POST, "revision"))  # type: ignore[attr-defined]
    messages.success(request, _("Put off for 30 days."))
    return HttpResponseRedirect(reverse("duplicates:list"))


def _again(request: HttpRequest, found: Candidate, decision: Decision) -> HttpResponse:
    actions.take_up_again(
        by=request.scope,
        candidate=found,
        why=decision.why,
        revision=decisions.number_of(request.POST, "revision"),  # type: ignore[attr-defined]
    )
    messages.success(request, _("This pair is to be reviewed again."))
    return HttpResponseRedirect(reverse("duplicates:pair", args=[found.pk]))


def _found_merge(request: HttpRequest, pk: UUID) -> Merge:
    found = queries.merge_of(request.scope, pk)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@needs(SETTLE, of="duplicates_merge")
def merge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a merge did, both histories, and how to take it back."""
    return render(request, "duplicates/merge.html", pages.merge_page(request, _found_merge(request, pk)))


@needs(SETTLE, of="duplicates_merge")
@require_POST
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a merge back, or say every reason why not."""
    found = _found_merge(request, pk)
    why = " ".join(request.POST.get("why", "").split())
    try:
        actions.undo_merge(
            by=request.scope, merge=found, why=why, revision=decisions.number_of(request.POST, "revision")
        )  # type: ignore[attr-defined]
    except Refused as refused:
        context = pages.merge_page(request, _found_merge(request, pk), refused.refusals, why)
        return render(request, "duplicates/merge.html", context, status=422)
    messages.success(request, _("The merge is undone: there are two records again, as they were."))
    return HttpResponseRedirect(reverse("duplicates:merge", args=[found.pk]))
