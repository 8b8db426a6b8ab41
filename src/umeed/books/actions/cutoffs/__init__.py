"""Writing a cut-off, posting it, having it checked by somebody else, correcting it, taking it back, putting it
right."""

from umeed.books.actions.cutoffs.checking import (
    check_cut_off,
    take_back_cut_off,
    why_not_check,
    why_not_take_back,
)
from umeed.books.actions.cutoffs.differing import OfCutOff, put_right_cut_off
from umeed.books.actions.cutoffs.finding import why_not_correct
from umeed.books.actions.cutoffs.posting import CutOffPosted, post_cut_off, why_not_post_cut_off
from umeed.books.actions.cutoffs.writing import CHANGED, begin_cut_off, keep_typed, put_away_cut_off

SEE, LOAD = "books.see", "books.load"

__all__ = [
    "CHANGED", "LOAD", "SEE", "CutOffPosted", "OfCutOff", "begin_cut_off", "check_cut_off", "keep_typed",
    "post_cut_off", "put_away_cut_off", "put_right_cut_off", "take_back_cut_off", "why_not_check", "why_not_correct",
    "why_not_post_cut_off", "why_not_take_back",
]  # fmt: skip
