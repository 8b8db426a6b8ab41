"""The door each view stands behind: it says which capability one needs, and puts the viewer's scope on the request.

Every view carries exactly one of `@needs(…)`, `@posted`, `@signed_in`, `@by_phone` and `@public`; a test walks all
addresses and finds a view without. Who a viewer is and what she may do is answered by a higher room, which installs its
answer here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from umeed.core.scope import Scope

View = Callable[..., Any]
ScopeFor = Callable[[HttpRequest], Scope]

API_PREFIX = "/api/"
# What phones talk to.
PHONE_PREFIX = "/field/api/"
# Each command of a phone is a transaction of its own, also of a file that an officer loads: none lies around these.
OWN_TRANSACTIONS = (PHONE_PREFIX, "/phones/carried/")


@dataclass(frozen=True)
class Door:
    """What a view asks for: `kind` is needs, posted, signed_in, phone or public; `of` the table of the id in its
    address."""

    kind: str
    capabilities: tuple[str, ...] = ()
    of: str = ""


@dataclass(frozen=True)
class _Answers:
    scope_for: ScopeFor
    no_posting: str


_installed: list[_Answers] = []


def install(scope_for_request: ScopeFor, *, no_posting: str) -> None:
    """Say how a request becomes a scope, and the name of the page for a person without a posting. Called at start."""
    _installed[:] = [_Answers(scope_for_request, no_posting)]


def scope_for(request: HttpRequest) -> Scope:
    """The scope of whoever is behind a request."""
    return _installed[0].scope_for(request)


def scope_of_viewer(viewer: str) -> Scope:
    """The scope, as of now, of the person with this id: for work done in her name after her request has ended.

    Somebody unknown is nobody and may do nothing.
    """
    request = HttpRequest()
    request.user = _person(viewer) or AnonymousUser()
    return scope_for(request)


def _person(viewer: str) -> Any:
    try:
        return get_user_model().objects.filter(pk=viewer).first()
    except ValidationError:
        return None


def needs(*capabilities: str, of: str = "") -> Callable[[View], View]:
    """A view for people who hold one of the capabilities somewhere, with `request.scope` set.

    A visitor is sent to sign in (a program under /api/ gets 401); a person without any posting to the page that says
    whom to ask (a program 403); a person without the capability gets 404: that the page exists is not told. Which
    records she sees is still the query's question: take them with `.seen_by(request.scope, …)`.
    `of` names the table of the record whose id stands in the address, so that the route test can try foreign ids.
    """
    if not capabilities:
        raise ValueError("needs(…) wants at least one capability; otherwise use posted, signed_in or public")
    return _behind(Door("needs", capabilities, of))


def posted(view: View) -> View:
    """A view for everybody with a posting, whatever it gives (today's work, search); `request.scope` is set."""
    return _behind(Door("posted"))(view)


def signed_in(view: View) -> View:
    """A view for everybody who has signed in, with or without a posting; `request.scope` is set."""
    return _behind(Door("signed_in"))(view)


def by_phone(view: View) -> View:
    """A view for phones that were enrolled: `request.device` is the one whose token came with the request. No cookie
    opens it, so that it asks for no form token. Whose posting ended still gets in: what she wrote is not lost."""
    return csrf_exempt(_behind(Door("phone"))(view))


def public(view: View) -> View:
    """A view for everybody, visitors included; `request.scope` is set (a visitor's sees only what is public)."""
    return _behind(Door("public"))(view)


def door_of(view: Any) -> Door | None:
    """The door of a view, or None when it has none."""
    return getattr(view, "umeed_door", None)


def _behind(door: Door) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            answer = _refusal(request, door)
            return view(request, *args, **kwargs) if answer is None else answer

        guarded.umeed_door = door  # type: ignore[attr-defined]
        return guarded

    return decorate


def _is_program(request: HttpRequest) -> bool:
    """Whether JSON is the answer that helps. A browser that opens a page under /api/ asks for HTML by name."""
    wants_page = request.get_preferred_type(["application/json", "text/html"]) == "text/html"
    return request.path.startswith(API_PREFIX) and not wants_page


def _unknown_phone() -> HttpResponse:
    return JsonResponse({"detail": gettext("This phone is not enrolled: its key is wrong or unknown.")}, status=401)


def _refusal(request: HttpRequest, door: Door) -> HttpResponse | None:
    """What to answer instead of the view, or None when the door opens."""
    request.scope = scope = scope_for(request)  # type: ignore[attr-defined]
    if door.kind == "public":
        return None
    if door.kind == "phone":
        return None if hasattr(request, "device") else _unknown_phone()
    by_program = _is_program(request)
    if not scope.viewer:
        no_one = JsonResponse({"detail": "Sign in first."}, status=401)
        return no_one if by_program else redirect_to_login(request.get_full_path())
    if door.kind == "signed_in":
        return None
    if not scope.grants and not scope.is_system:
        nothing = JsonResponse({"detail": "This account has no posting."}, status=403)
        return nothing if by_program else HttpResponseRedirect(reverse(_installed[0].no_posting))
    if door.kind == "needs" and not any(scope.can(capability) for capability in door.capabilities):
        raise Http404
    return None
