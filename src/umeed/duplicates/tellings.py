"""How this room's actions, records and columns are told in "who did what" and in histories."""

from django.utils.translation import gettext_lazy as _

from umeed.core.audit_pages import subjects, words


def declare() -> None:
    words.say(
        {
            "find_duplicates": _("Searched for duplicates"),
            "settle_not_the_same": _("Said that two records are two women"),
            "put_off_duplicate": _("Put off a possible duplicate"),
            "take_up_duplicate": _("Took up a possible duplicate again"),
            "merge_women": _("Merged two records of one woman"),
            "undo_merge": _("Undid a merge"),
        }
    )
    words.call({"duplicates_candidate": _("Possible duplicate"), "duplicates_merge": _("Merge of two records")})
    subjects.tie({"duplicates_candidate": ("low", "high"), "duplicates_merge": ("survivor", "merged")})
    words.title("duplicates_merge", {"moved": _("What moved")})
