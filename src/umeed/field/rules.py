"""What a command from a phone may become. No Django, no clock, no database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal

from umeed.kernel.refusals import N_, Refusal

State = Literal["accepted", "known", "conflict", "refused", "held", "waits", "aside"]
"""accepted  posted, now; its receipt is a number of the server
known     posted before: the same again
conflict  another stands in its place; a person settles it, both are kept
refused   the reasons are told; it is mended on the phone and sent again under the same id
held      who sent it may not write there (any more): an officer lets it in, or refuses it with a reason
waits     it stands on another command that is not accepted yet
aside     two stood for one place and a person settled that the other one holds: it is told who, and why; or she who
          wrote it put it away, and it is told that"""

PHONE_ENDED = N_("The officer ended this phone. What it still had is kept and waits for the block officer.")
NOT_HERS = N_("You may not write for this group at present. What you sent is kept and waits for the block officer.")
OUR_FAULT = N_("Something went wrong on the server, not with you. What you sent is kept, and will be tried again.")
WAITS_FOR_OTHERS = N_("It stands on something you sent that is not accepted yet.")
WAITS_FOR_PICTURE = N_("The picture itself has not arrived yet.")
OTHER_CONTENT = N_("Something else was sent under this id before. Nothing of this was written.")
SENT_ANEW = N_("It was sent anew since.")
PUT_AWAY = N_("Put away because: %(why)s")
UNREADABLE = N_("This could not be read. Update the app and send it again.")
UNKNOWN_KIND = N_("The server does not know what this is. Ask the block office whether it runs the newest version.")
NO_GROUP = N_("There is no such group.")
NO_MEETING = N_("This meeting is not among those of the group.")
NO_BOOK = N_("This group has no book yet: its cut-off or its first day is written first.")
BY_OFFICER = N_("%(name)s did not let it in: %(why)s")
SETTLED_BY = N_("%(name)s settled it, the other one holds: %(why)s")
BEING_WRITTEN = N_("Both happened. Yours is being written at the office as a meeting of its own.")
PUT_ASIDE = N_("%(name)s put it aside: %(why)s")
BOTH_HAPPENED = N_("%(name)s settled it, both happened: it is written as a meeting of its own. %(why)s")

# Reasons that say no more than that the person lacks the right there: the work is held, not refused.
_NO_RIGHT = {"book", "group", "institution", "woman", "place", None}


def says_no_right(reasons: Collection[Refusal]) -> bool:
    """Whether the rooms below refused because it is not among what she may write, and for nothing else."""
    return bool(reasons) and all(one.code == "not_found" and one.field in _NO_RIGHT for one in reasons)


def merges(theirs: Collection[str], hers: Mapping[str, Any]) -> bool:
    """Whether two changes of one record touch different fields: then both hold."""
    return not set(theirs) & set(hers)
