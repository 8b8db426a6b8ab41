"""Who can see this record, and why: for everybody who can see it herself."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from umeed.access import records, sight
from umeed.core.doors import needs


@needs("women.see", "institutions.see", "places.see")
def who_can_see(request: HttpRequest, table: str, id: str) -> HttpResponse:
    """Everybody who sees the record today or did lately. A record that the reader does not see herself is 404."""
    offer = records.offered(table)
    lies = offer.resolver(request.scope, id) if offer else None
    if offer is None or lies is None:
        raise Http404
    seers = sight.who_can_see(
        request.scope, capability=offer.capability, place_id=lies.place_id,
        institution_ids=lies.institution_ids, sensitive=offer.sensitive,
    )  # fmt: skip
    page = {
        "title": _("Who can see this"),
        "lead": lies.name,
        "crumbs": [{"title": lies.name, "url": lies.url}] if lies.url else [],
    }
    now, lately = [s for s in seers if not s.ended], [s for s in seers if s.ended]
    return render(request, "access/who_can_see.html", {"page": page, "now": now, "lately": lately, "kind": offer.title})
