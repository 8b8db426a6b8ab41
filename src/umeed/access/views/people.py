"""The list of people with access, one person's page, and what an officer does there."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from umeed.access import actions, queries, reach
from umeed.access.capabilities import ROLE_CHOICES
from umeed.access.forms import AccountForm, EndForm, InviteForm, PersonForm, PostForm
from umeed.access.models import User
from umeed.access.views.seats import chosen_seat, seat_page
from umeed.core.audit_pages.queries import entries_url
from umeed.core.doors import needs

COUNT = 50
STATES = (
    ("", gettext_lazy("All")),
    ("without", gettext_lazy("Without a running posting")),
    ("invited", gettext_lazy("Invited, not yet signed in")),
    ("off", gettext_lazy("Switched off")),
)


@needs("users.see")
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who has or had access within one's own reach."""
    asked = {key: request.GET.get(key, "").strip() for key in ("q", "role", "state")}
    page = max(int(number), 1) if (number := request.GET.get("page", "1")).isdigit() else 1
    rows, total = queries.people(request.scope, **asked, start=(page - 1) * COUNT, count=COUNT)
    return render(request, "access/people.html", {
        "page": {"title": _("People with access"), "actions": _buttons(request)},
        "rows": rows, "total": total, "asked": asked, "roles": ROLE_CHOICES, "states": STATES,
        "first": (page - 1) * COUNT + 1, "last": (page - 1) * COUNT + len(rows),
        "previous_url": _page_url(asked, page - 1) if page > 1 else "",
        "next_url": _page_url(asked, page + 1) if page * COUNT < total else "",
    })  # fmt: skip


def _page_url(asked: dict[str, str], page: int) -> str:
    return "?" + urlencode({**{key: value for key, value in asked.items() if value}, "page": page})


def _buttons(request: HttpRequest) -> list[dict[str, Any]]:
    listed = {"title": _("Filter, save and export"), "url": reverse("users:list"), "icon": "list", "quiet": True}
    if not queries.roles_to_give(request.scope):
        return [listed]
    return [{"title": _("Invite a person"), "url": reverse("access:invite"), "icon": "add"}, listed]


@needs("users.see", of="access_user")
def person(request: HttpRequest, id: UUID) -> HttpResponse:
    """One person: her postings over time and what may be done about them."""
    someone = _seen(request, id)
    row = queries.person_rows(request.scope, [someone])[0]
    may_change = request.scope.can("users.change") and not reach.why_not_answer_for(request.scope, someone)
    link = request.session.pop(_link_key(someone), "") if may_change else ""
    return render(request, "access/person.html", {
        "page": {"title": str(someone), "crumbs": [_crumb()]},
        "person": someone, "row": row, "may_change": may_change,
        "may_post": bool(queries.roles_to_give(request.scope)) and str(someone.pk) != request.scope.viewer,
        "link": request.build_absolute_uri(link) if link else "",
        "entries_url": entries_url(request.scope, "access_user", someone.pk),
    })  # fmt: skip


def _seen(request: HttpRequest, id: UUID) -> User:
    return get_object_or_404(queries.people_seen_by(request.scope), pk=id)


def _crumb(someone: User | None = None) -> dict[str, Any]:
    if someone is None:
        return {"title": _("People with access"), "url": reverse("access:people")}
    return {"title": str(someone), "url": reverse("access:person", args=[someone.pk])}


def _link_key(someone: User) -> str:
    return f"sign_in_link_{someone.pk}"


@needs("users.change")
def invite(request: HttpRequest) -> HttpResponse:
    """First the role and where it is held, then the person."""
    title = _("Invite a person")
    seat = chosen_seat(request)
    if not seat.is_complete:
        return seat_page(request, seat, title=title, crumbs=[_crumb()])
    form = InviteForm(request.POST or None, scope=request.scope, initial=seat.initial)
    someone = form.perform() if request.method == "POST" else None
    if someone is None:
        return _form_page(request, form, title, [_crumb()], button=_("Invite her"), seat=seat)
    if hasattr(form, "link"):
        request.session[_link_key(someone)] = form.link
    return redirect("access:person", id=someone.pk)


@needs("users.change", of="access_user")
def post(request: HttpRequest, id: UUID) -> HttpResponse:
    """One more posting for a person."""
    someone = _seen(request, id)
    title = _("Give a role")
    crumbs = [_crumb(), _crumb(someone)]
    seat = chosen_seat(request)
    if not seat.is_complete:
        return seat_page(request, seat, title=title, crumbs=crumbs)
    form = PostForm(request.POST or None, scope=request.scope, record=someone, initial=seat.initial)
    if request.method == "POST" and form.perform():
        messages.success(request, _("The role is given."))
        return redirect("access:person", id=someone.pk)
    return _form_page(request, form, title, crumbs, button=_("Give the role"), seat=seat)


@needs("users.change", of="access_user")
def edit(request: HttpRequest, id: UUID) -> HttpResponse:
    """Correct a person's name, user name, mail address or language."""
    someone = _answered_for(request, id)
    form = PersonForm(request.POST or None, scope=request.scope, record=someone)
    if request.method == "POST" and form.perform():
        messages.success(request, _("Saved."))
        return redirect("access:person", id=someone.pk)
    return _form_page(request, form, _("Correct"), [_crumb(), _crumb(someone)], button=_("Save"))


def _answered_for(request: HttpRequest, id: UUID) -> User:
    """A person whom the viewer may change; anybody else is 404."""
    someone = _seen(request, id)
    if reach.why_not_answer_for(request.scope, someone):
        return get_object_or_404(User.objects.none())
    return someone


@needs("users.change", of="access_posting")
def end(request: HttpRequest, id: int) -> HttpResponse:
    """End a posting, or take back one that has not begun."""
    held = get_object_or_404(queries.postings_in_reach(request.scope).select_related("user"), pk=id)
    form = EndForm(request.POST or None, scope=request.scope, record=held)
    if request.method == "POST" and form.perform():
        messages.success(request, _("The posting is ended."))
        # One that was taken back whole may have been all that brought her within the officer's reach.
        still_seen = queries.people_seen_by(request.scope).filter(pk=held.user_id).exists()
        return redirect("access:person", id=held.user_id) if still_seen else redirect("access:people")
    title = _("End the posting: %(role)s") % {"role": queries.role_name(held.role)}
    return _form_page(request, form, title, [_crumb(), _crumb(held.user)], button=_("End it"))


_ACCOUNT = {
    "switch-off": (
        actions.switch_off_person,
        gettext_lazy("Switch off the account"),
        gettext_lazy("She is signed out everywhere and cannot sign in. What she did stays."),
    ),
    "switch-on": (
        actions.switch_on_person,
        gettext_lazy("Switch the account on again"),
        gettext_lazy("She signs in as before; her postings that still run count again."),
    ),
    "link": (
        actions.give_link,
        gettext_lazy("Give a new link to set a password"),
        gettext_lazy(
            "The link works once, for seven days, and ends every link given before. Whoever holds it can sign in as"
            " her: give it to her alone."
        ),
    ),
    "second-factor": (
        actions.remove_second_factor,
        gettext_lazy("Take off her second step"),
        gettext_lazy("For somebody who lost her phone and her recovery codes. Make sure that it is really her."),
    ),
}


@needs("users.change", of="access_user")
def account(request: HttpRequest, id: UUID, act: str) -> HttpResponse:
    """Switch an account off or on, give a new link, take off a lost second factor: each asks why."""
    if act not in _ACCOUNT:
        return get_object_or_404(User.objects.none())
    someone = _answered_for(request, id)
    does, title, lead = _ACCOUNT[act]
    form = AccountForm(request.POST or None, scope=request.scope, record=someone, does=does)
    done = form.perform() if request.method == "POST" else None
    if done is None:
        return _form_page(request, form, title, [_crumb(), _crumb(someone)], button=title, lead=lead)
    if act == "link":
        request.session[_link_key(someone)] = done
    else:
        messages.success(request, _("Done."))
    return redirect("access:person", id=someone.pk)


def _form_page(
    request: HttpRequest,
    form: Any,
    title: Any,
    crumbs: list[dict[str, Any]],
    *,
    button: Any,
    lead: Any = "",
    seat: Any = None,
) -> HttpResponse:
    page = {"title": title, "crumbs": crumbs, "lead": lead}
    return render(request, "access/form.html", {"page": page, "form": form, "button": button, "seat": seat})
