"""What every page knows: who looks, what her menu holds."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context for `core/base.html`: `viewer` and `umeed_nav`."""
    return {"viewer": request.user if getattr(request, "user", None) and request.user.is_authenticated else None}
