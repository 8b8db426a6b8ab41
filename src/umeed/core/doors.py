"""The door each view stands behind: it says which capability one needs, and puts the viewer's scope on the request.

Every view carries exactly one of `@needs(…)`, `@signed_in` and `@public`; a test walks all addresses and finds a view
without. Who a viewer is and what she may do is answered by a higher room, which installs its answer here at start.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from umeed.core.scope import Scope

View = Callable[..., Any]
ScopeFor = Callable[[HttpRequest], Scope]

API_PREFIX = "/api/"


@dataclass(frozen=True)
class Door:
    """What a view asks for. `kind` is needs, signed_in or public; `of` is the table whose id stands in the address."""

    kind: str
    capabilities: tuple[str, ...] = ()
    of: str = ""


class NoScopeInstalled(RuntimeError):
    """No room has said how a request becomes a scope: a programming error, nothing is shown."""


_installed: list[ScopeFor] = []


def install(scope_for_request: ScopeFor) -> None:
    """Say how a request becomes a scope. Called once at start by the room that knows people."""
    _installed[:] = [scope_for_request]


def scope_for(request: HttpRequest) -> Scope:
    """The scope of whoever is behind a request."""
    if not _installed:
        raise NoScopeInstalled("no room has installed scope_for")
    return _installed[0](request)


def needs(*capabilities: str, of: str = "") -> Callable[[View], View]:
    """A view for people who hold one of the capabilities somewhere, with `request.scope` set.

    A visitor is sent to sign in (401 under /api/); a person without the capability gets 404: that the page exists is
    not told. Which records she sees is still the query's question: take them with `.seen_by(request.scope, …)`.
    `of` names the table of the record whose id stands in the address, so that the route test can try foreign ids.
    """
    if not capabilities:
        raise ValueError("needs(…) wants at least one capability; use signed_in or public otherwise")
    return _behind(Door("needs", capabilities, of))


def signed_in(view: View) -> View:
    """A view for everybody who has signed in, with or without a posting; `request.scope` is set."""
    return _behind(Door("signed_in"))(view)


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


def _refusal(request: HttpRequest, door: Door) -> HttpResponse | None:
    request.scope = scope = scope_for(request)  # type: ignore[attr-defined]
    if door.kind == "public":
        return None
    if not scope.viewer:
        if request.path.startswith(API_PREFIX):
            return JsonResponse({"detail": "Sign in first."}, status=401)
        return redirect_to_login(request.get_full_path())
    if door.kind == "needs" and not any(scope.can(capability) for capability in door.capabilities):
        raise Http404
    return None
