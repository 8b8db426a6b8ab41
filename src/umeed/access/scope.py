"""From a person to her scope: the one place where postings become grants."""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone

from umeed.access.capabilities import ROLES
from umeed.core.rows import rows_where
from umeed.core.scope import Grant, Scope, nobody

if TYPE_CHECKING:
    from umeed.access.models import User


def scope_of(user: "User | AnonymousUser", *, origin: str = "", with_places: bool = True) -> Scope:
    """The grants of a person today. One SQL query; a visitor and a switched-off account get none. `with_places`: the
    places of her postings come along, for pages that name them."""
    today = timezone.localdate()
    if not user.is_authenticated or not user.is_active:
        return nobody(today)
    if not with_places:
        return _scope(user, today, _postings(user.pk, today), origin)
    postings = list(user.postings.on(today).select_related("place").order_by("pk"))
    scope = _scope(user, today, postings, origin)
    scope.memory["places"] = {posting.place_id: posting.place for posting in postings if posting.place_id}
    return scope


def _postings(user: UUID, today: datetime.date) -> Sequence[Any]:
    from umeed.access.models import Posting

    return rows_where(Posting, "user_id = %s AND during @> %s::date ORDER BY id", [user, today])


def _scope(user: "User", today: datetime.date, postings: Sequence[Any], origin: str) -> Scope:
    return Scope(viewer=str(user.pk), name=str(user), today=today, grants=tuple(map(_grant, postings)), origin=origin)


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
        # Phones are shown no page.
        with_places = not hasattr(request, "device")
        scope = scope_of(request.user, origin=origin_of(request), with_places=with_places)  # type: ignore[arg-type]
        request._umeed_scope = scope  # type: ignore[attr-defined]
    return scope


def origin_of(request: HttpRequest) -> str:
    """Where a write comes from: the address and the device, as the audit entry keeps them (at most 200 characters).

    The address is the one that throttling counts by: behind UMEED_PROXIES proxies the one that these report.
    """
    address = get_adapter().get_client_ip(request) if "REMOTE_ADDR" in request.META else ""
    return f"{address} {request.headers.get('User-Agent', '')}"[:200].strip()
