"""The writers of books: opening them, meetings, sheets, events between bodies, corrections, closed months."""

from umeed.books.actions.clashes import settle_clash
from umeed.books.actions.cutoffs import (
    begin_cut_off,
    check_cut_off,
    keep_typed,
    post_cut_off,
    put_away_cut_off,
    take_back_cut_off,
)
from umeed.books.actions.events import Move, post_event
from umeed.books.actions.meetings import close_meeting, take_back_meeting
from umeed.books.actions.open_meetings import begin_meeting, keep_part, put_away
from umeed.books.actions.posting import Conflict, Posted, lock_month, open_book, post_sheet, reverse_sheet
from umeed.books.actions.reversing import reverse_event
from umeed.books.actions.sharing import share_out

__all__ = [
    "Conflict", "Move", "Posted", "begin_cut_off", "begin_meeting", "check_cut_off", "close_meeting", "keep_part",
    "keep_typed", "lock_month", "open_book", "post_cut_off", "post_event", "post_sheet", "put_away", "put_away_cut_off",
    "reverse_event", "reverse_sheet", "settle_clash", "share_out", "take_back_cut_off", "take_back_meeting",
]  # fmt: skip
