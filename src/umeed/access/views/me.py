"""One's own page, the language and theme switches, the second factor, and the page of somebody without a posting."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from umeed.access import actions, queries, themes
from umeed.access.forms import MeForm
from umeed.core import look
from umeed.core.doors import public, signed_in
from umeed.places.queries import gone_places


@signed_in
def me(request: HttpRequest) -> HttpResponse:
    """Who I am here: what I may see and why, my language, my second factor, where I am signed in."""
    form = MeForm(request.POST or None, scope=request.scope, record=request.user)
    if request.method == "POST" and form.perform():
        messages.success(request, _("Saved."))
        return themes.keep(redirect("access:me"), request, form.cleaned_data["theme"])
    rows = queries.my_postings(request.scope, request.user)
    postings = [{"row": row, "lets": queries.capability_names(row.role)} for row in rows]
    factors = Authenticator.objects.filter(user=request.user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return render(request, "access/me.html", {
        "page": {"title": _("My page")},
        "form": form, "postings": postings, "has_second_factor": factors.exists(),
        "sign_ins": queries.recent_sign_ins(request.user), "sessions": queries.open_sessions(request.user),
    })  # fmt: skip


@signed_in
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why a second step is asked for, and the ways to set one up."""
    return render(request, "access/second_factor.html", {"page": {"title": _("Add a second step to your sign-in")}})


@signed_in
def mail_address(request: HttpRequest) -> HttpResponse:
    """In the place of allauth's page: an address opens the account (single sign-on, lost passwords), so an officer
    vouches for it, and a phone left lying about cannot be turned into a new password."""
    messages.info(request, _("Your mail address is changed by an officer who answers for you."))
    return redirect("access:me")


@signed_in
def no_posting(request: HttpRequest) -> HttpResponse:
    """For somebody who may see nothing: whom to ask. With a posting in a place that is there she need not ask."""
    gone = {place.pk for place in gone_places(request.scope)}
    if any(grant.place_id not in gone for grant in request.scope.grants):
        return redirect("/")
    offices = [{"role": role, "place": place} for role, place in queries.whom_to_ask(request.scope.today)]
    return render(request, "access/no_posting.html", {"page": {"title": _("You have no posting")}, "offices": offices})


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The language switch: a cookie for visitors, the profile too for people."""
    _keep(request, language=request.POST.get("language", ""), offered=dict(settings.LANGUAGES))
    return look.set_language(request)


@public
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """The theme switch: a cookie for visitors, the profile too for people."""
    _keep(request, theme=request.POST.get("theme", ""), offered=look.THEMES)
    return look.set_theme(request)


def _keep(request: HttpRequest, *, offered: Any, **chosen: str) -> None:
    ((field, value),) = chosen.items()
    if request.user.is_authenticated and value in offered and getattr(request.user, field) != value:
        actions.change_person(by=request.scope, person=request.user, **chosen)
