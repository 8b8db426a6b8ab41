"""Who may read the summary of somebody else's load: the room that knows the tree of places says so here."""

from collections.abc import Callable, Sequence
from typing import Any

from umeed.core.scope import Scope

# (scope, capability) → ids of places, as a queryset of one column or a list.
PlacesInReach = Callable[[Scope, str], Any]
PlaceNames = Callable[[Sequence[int]], str]
_installed: list[tuple[PlacesInReach, PlaceNames]] = []


def install(places_in_reach: PlacesInReach, place_names: PlaceNames) -> None:
    """Say which places lie in a viewer's reach, and how places are named in one line. Called once at start."""
    _installed[:] = [(places_in_reach, place_names)]


def places_in_reach(scope: Scope, capability: str) -> Any:
    """Places where the viewer holds the capability; without the tree only those named in her postings themselves."""
    return _installed[0][0](scope, capability) if _installed else list(scope.place_roots(capability))


def place_names(place_ids: Sequence[int]) -> str:
    """The names of places in one line; empty when nobody has said how places are named."""
    return _installed[0][1](place_ids) if _installed and place_ids else ""
