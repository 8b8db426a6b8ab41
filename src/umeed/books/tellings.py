"""How this room's actions, records and columns are told in "who did what"."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from umeed.core.audit_pages import words

ACTIONS = {
    "open_book": _("Opened a book"),
    "post_sheet": _("Posted a sheet"),
    "reverse_sheet": _("Reversed a sheet"),
    "lock_month": _("Closed a month of a book"),
    "begin_meeting": _("Began to write a meeting"),
    "write_meeting": _("Wrote in a meeting"),
    "put_away_meeting": _("Put away a meeting that was being written"),
    "close_meeting": _("Closed a meeting"),
    "correct_meeting": _("Corrected a meeting"),
    "take_back_meeting": _("Took back a meeting"),
    "put_right": _("Put right a meeting of a closed month"),
    "post_event": _("Posted what happened between two bodies"),
    "lend_to_body": _("Lent to a group or VO"),
    "link_loans": _("Linked a loan in two books"),
    "close_day": _("Closed a day of a VO or CLF"),
    "correct_day": _("Corrected a day of a VO or CLF"),
    "take_back_day": _("Took back a day of a VO or CLF"),
    "reverse_event": _("Took back what happened between two bodies"),
    "begin_cut_off": _("Began to write a cut-off"),
    "write_cut_off": _("Wrote in a cut-off"),
    "put_away_cut_off": _("Put away a cut-off that was being written"),
    "post_cut_off": _("Posted a cut-off"),
    "correct_cut_off": _("Corrected a cut-off"),
    "check_cut_off": _("Checked a cut-off"),
    "take_back_cut_off": _("Took back a cut-off"),
    "put_right_cut_off": _("Put right a cut-off of a closed month"),
    "keep_clash": _("Kept what came in the place of something else"),
    "settle_clash": _("Settled which of two holds"),
    "record_grade": _("Recorded a grade"),
    "set_bylaws": _("Wrote a group's own rules"),
    "agree_anew": _("Agreed a loan anew"),
    "let_interest_go": _("Let go the interest of a loan that was to come"),
    "undo_anew": _("Took back that a loan was agreed anew"),
    "undo_let_go": _("Took back that the interest of a loan was let go"),
    "write_off": _("Wrote a loan off"),
    "undo_write_off": _("Took back that a loan was written off"),
    "take_loan": _("Entered a loan that was taken"),
    "undo_share_out": _("Took back a share-out"),
    "set_limit": _("Wrote another limit of a cash credit"),
    "end_credit": _("Ended a cash credit"),
    "undo_loan": _("Took back the entry of a loan"),
    "look_at_slips": _("Looked at all slips of a meeting"),
    "look_at_passbook": _("Looked at a woman's passbook"),
}
TABLES = {
    "books_book": _("Book"),
    "books_sheet": _("Sheet"),
    "books_loan": _("Loan"),
    "books_agreement": _("Terms of a loan"),
    "books_creditlimit": _("Limit of a cash credit"),
    "books_loanrequest": _("Request for a loan"),
    "books_loandecision": _("Decision on a loan"),
    "books_bylaw": _("Rules of a group"),
    "books_meeting": _("Meeting"),
    "books_openmeeting": _("Meeting being written"),
    "books_cutoff": _("Cut-off"),
    "books_opencutoff": _("Cut-off being written"),
    "books_clash": _("Two for one place"),
    "books_grading": _("Grade"),
    "books_monthlock": _("Closed month"),
}
COLUMNS: dict[str, Any] = {
    "institution": _("Institution"),
    "book": _("Book"),
    "uid": _("Id"),
    "woman": _("Woman"),
    "body": _("Institution"),
    "way": _("Given or taken"),
    "head": _("Head"),
    "twin": _("The same loan in the other book"),
    "request": _("Request for a loan"),
    "loan": _("Loan"),
    "voted": _("Decided by"),
    "month": _("Month"),
    "locked_at": _("Closed at"),
    "locked_by": _("Closed by"),
    "said": _("As it was written"),
    "digest": _("SHA-256"),
    "begun_at": _("Begun at"),
    "begun_by": _("Begun by"),
    "changed_at": _("Changed at"),
    "came_at": _("Came at"),
    "came_from": _("Came from"),
    "settled_at": _("Settled at"),
    "settled_by": _("Settled by"),
    "version": _("Version"),
    "sheet": _("Sheet"),
    "meetings_before": _("Meetings held before"),
    "checked_by": _("Checked by"),
    "checked_on": _("Checked on"),
    "typed": _("As it was typed"),
    "corrects": _("The cut-off that it corrects"),
    "carried": _("What it asks for, part by part"),
}
# Where a column's own words say more than the list above: how a loan was decided is no “given or taken”.
OWN = {"books_loandecision": {"way": _("How it was decided")}}


def declare() -> None:
    """Called once at start."""
    words.say(ACTIONS)
    words.call(TABLES)
    for table in TABLES:
        words.title(table, {**COLUMNS, **OWN.get(table, {})})
