"""Everything that changes missions and the tree: dated, by somebody, with all reasons at once when refused."""

from umeed.places.actions.ends import end_place, merge_places
from umeed.places.actions.filing import place_in_block
from umeed.places.actions.missions import demonstrate_ladakh_split, open_mission
from umeed.places.actions.moves import move_place, move_places, split_place
from umeed.places.actions.names import rename_place
from umeed.places.actions.openings import NewPlace, open_place
from umeed.places.actions.tags import tag_place, untag_place

__all__ = [
    "NewPlace",
    "demonstrate_ladakh_split",
    "end_place",
    "merge_places",
    "move_place",
    "move_places",
    "open_mission",
    "open_place",
    "place_in_block",
    "rename_place",
    "split_place",
    "tag_place",
    "untag_place",
]
