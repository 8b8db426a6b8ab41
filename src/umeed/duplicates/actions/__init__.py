"""The only writers of this room: settling a candidate, merging two records, taking a merge back."""

from umeed.duplicates.actions.merging import merge_women
from umeed.duplicates.actions.settling import put_off, settle_not_the_same, take_up_again
from umeed.duplicates.actions.undoing import undo_merge

__all__ = ["merge_women", "put_off", "settle_not_the_same", "take_up_again", "undo_merge"]
