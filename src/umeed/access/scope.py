"""From a person to her scope: the one place where postings become grants."""

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone

from umeed.access.capabilities import ROLES
from umeed.core.scope import Grant, Scope, nobody

if TYPE_CHECKING:
    from umeed.access.models import User


def scope_of(user: "User | AnonymousUser", *, origin: str = "") -> Scope:
    """The grants of a person today. One SQL query; a visitor and a switched-off account get none."""
    today = timezone.localdate()
    if not user.is_authenticated or not user.is_active:
        return nobody(today)
    postings = list(user.postings.on(today).select_related("place").order_by("pk"))
    scope = Scope(viewer=str(user.pk), name=str(user), today=today, grants=tuple(map(_grant, postings)), origin=origin)
    scope.memory["places"] = {posting.place_id: posting.place for posting in postings if posting.place_id}
    return scope


def _grant(posting: Any) -> Grant:
    return Grant(
        role=posting.role,
        capabilities=ROLES[posting.role].capabilities if posting.role in ROLES else frozenset(),
        place_id=posting.place_id,
        institution_id=posting.institution_id,
        until=posting.during.upper,
    )


def scope_for(request: HttpRequest) -> Scope:
    """The scope of the person behind a request, worked out once a request."""
    scope = getattr(request, "_umeed_scope", None)
    if scope is None:
        scope = scope_of(request.user, origin=origin_of(request))  # type: ignore[arg-type]
        request._umeed_scope = scope  # type: ignore[attr-defined]
    return scope


def origin_of(request: HttpRequest) -> str:
    """Where a write comes from: the address and the device, as the audit entry keeps them (at most 200 characters).

    The address is the one that throttling counts by: behind UMEED_PROXIES proxies the one that these report.
    """
    address = get_adapter().get_client_ip(request) if "REMOTE_ADDR" in request.META else ""
    return f"{address} {request.headers.get('User-Agent', '')}"[:200].strip()
