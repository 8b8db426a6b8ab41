"""What every page knows: who looks, what her menu holds, which mission this is."""

from typing import Any

from django.http import HttpRequest

from umeed.core.doors import scope_for
from umeed.web.nav import menu


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context for `core/base.html`: `viewer` {name, role}, `umeed_nav`. Costs no query beyond the scope's own."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"viewer": None, "umeed_nav": []}
    scope = scope_for(request)
    from umeed.access.capabilities import ROLES

    roles = [ROLES[grant.role].name for grant in scope.grants if grant.role in ROLES]
    return {
        "viewer": {"name": str(user), "role": roles[0] if roles else ""},
        "umeed_nav": menu(scope, request.path) if scope.grants else [],
    }
