"""How this room's actions, records and columns are told in "who did what" and in histories."""

from typing import Any

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from umeed.core.audit_pages import subjects, words
from umeed.core.scope import Scope
from umeed.places.actions.missions import EXAMPLE
from umeed.places.naming import called

ACTIONS = {
    "open_mission": _("Opened a mission"),
    "open_place": _("Entered a place"),
    "rename_place": _("Renamed a place"),
    "move_place": _("Moved a place"),
    "move_places": _("Moved places"),
    "split_place": _("Split a place"),
    "merge_places": _("Merged places"),
    "end_place": _("Ended a place"),
    "place_in_block": _("Filed villages under a block"),
    "tag_place": _("Marked a place with a tag"),
    "untag_place": _("Took a tag off a place"),
    "load_places": _("Loaded places from a file"),
    "undo_load_places": _("Took a load of places back"),
}
TABLES = {
    "places_mission": _("Mission"),
    "places_place": _("Place"),
    "places_placename": _("Name of a place"),
    "places_lying": _("What a place lies in"),
    "places_placetag": _("Tag of a place"),
    "places_placechange": _("What happened to a place"),
}
COLUMNS = {
    "mission": _("Mission"),
    "key": _("Short code"),
    "short_name": _("Short name"),
    "opened_on": _("Opened on"),
    "kind": _("Kind"),
    "lgd_code": _("LGD code"),
    "name": _("Name"),
    "name_local": _("Name in the local script"),
    "census_2001": _("Census 2001 code"),
    "census_2011": _("Census 2011 code"),
    "is_invented": _("Invented for the demonstration"),
    "during": _("Time"),
    "place": _("Place"),
    "parent": _("Lies in"),
    "line": _("Line of the tree"),
    "tag": _("Tag"),
    "source": _("Source"),
    "what": _("What happened"),
    "on": _("Day"),
    "other": _("The other place"),
    "says": _("Details"),
    "why": _("Why"),
    "load_id": _("Load"),
    # Told of a place that a file brought, though its row keeps them elsewhere.
    "lies_in": _("Lies in"),
    "since": _("Since"),
}


# Rows about a place are told by its name, in the reader's language.
TIED = ("places_placename", "places_lying", "places_placetag", "places_placechange")


def _places(scope: Scope) -> Any:
    """Names of places are no secret: of one that is no more, the register tells nothing."""
    from umeed.places.models import Place

    return Place.objects.all() if scope.can("places.see") else Place.objects.none()


def declare() -> None:
    """Called once at start."""
    words.say(ACTIONS)
    words.explain({EXAMPLE: gettext_lazy(EXAMPLE)})
    words.call(TABLES)
    words.name_by(dict.fromkeys(TIED, "place__name"))
    names = ("kind", "name", "name_local")
    words.tell_by({"places_place": names}, called)
    words.tell_by({table: [f"place__{column}" for column in names] for table in TIED}, called)
    subjects.tie(dict.fromkeys(TIED, ("place",)))
    subjects.show("places_place", _places)
    for table in TABLES:
        words.title(table, COLUMNS)
