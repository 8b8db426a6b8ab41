"""Who sees what of this room: rows at places in reach, or tied to institutions in reach."""

from collections.abc import Callable

from django.db import models
from django.db.models.expressions import RawSQL

from umeed.core.scope import Scope
from umeed.places.models import Within


def reached(scope: Scope, capability: str) -> RawSQL:
    """Ids of the institutions where the viewer has the capability by a posting at one, with all federated below.

    For `…__in=`; one indexed walk, however deep the federation is. The second door takes the same walk.
    """
    roots = list(scope.institution_roots(capability))
    return RawSQL("SELECT umeed_federated(%s::uuid[], %s::date)", (roots, scope.today))


def in_scope(scope: Scope, capability: str, tied: Callable[[RawSQL], models.Q], place: str = "place") -> models.Q:
    """Rows at places in reach, or `tied` to institutions in reach.

    Asks only for what the person's postings need: an OR of both would keep PostgreSQL from using an index.
    """
    asked = models.Q(pk__in=[])
    if scope.place_roots(capability):
        asked |= models.Q(**{f"{place}__in": Within.in_reach(scope, capability)})
    if scope.institution_roots(capability):
        asked |= tied(reached(scope, capability))
    return asked
