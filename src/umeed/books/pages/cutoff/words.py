"""What the pages of a cut-off are called and say: of a group with its women, of a VO or CLF with those below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Words:
    """Titles and leads by page; `member` is whoever belongs, `members` all of them."""

    pages: Mapping[str, Any]
    leads: Mapping[str, Any]
    member: Any
    members: Any
    nobody: Any
    nobody_text: Any
    past: Any
    begins: Any
    papers: Any


_ALL = {
    "group": _("What was there at the end of that day. Leave empty what was not."),
    "taken": _("Loans from a bank, a VO or CLF, or others, that were not repaid."),
    "review": _("Both sides must come to the same. What is between them is shown and never filled in for you."),
}
_OF_A_GROUP = Words(
    pages={
        "group": _("The group"), "savings": _("Savings"), "loans": _("Women's loans"), "taken": _("The group's loans"),
        "review": _("Check and post"),
    },
    leads={
        **_ALL,
        "savings": _("What each woman had saved until then, less what she took back."),
        "loans": _("Loans of women that were not repaid on that day. What was repaid needs no card."),
    },
    member=_("Woman"), members=_("The women"),
    nobody=_("Nobody belonged to the group on that day"),
    nobody_text=_("Write its members with the days on which they joined, or another day of the cut-off."),
    past=_("A group with a past"),
    begins=_(
        "Its book begins with a cut-off: what the group had on a day, what each woman had saved and owed, and whose "
        "the rest is. Choose a day after a meeting, when the cash was counted."
    ),
    papers=_(
        "Hold it beside the group's registers and passbooks. If every figure is the same, mark it as checked."
    ),
)  # fmt: skip
_OF_A_FEDERATION = Words(
    pages={
        "group": _("Funds and money"), "savings": _("Shares and savings"), "loans": _("Loans given"),
        "taken": _("Loans taken"), "review": _("Check and post"),
    },
    leads={
        **_ALL,
        "savings": _("Share capital and savings of each until then, less what was given back."),
        "loans": _("Loans to groups and VOs that were not repaid on that day. What was repaid needs no card."),
    },
    member=_("Group or VO"), members=_("Groups and VOs"),
    nobody=_("Nobody belonged to it on that day"),
    nobody_text=_("Write who belongs to it and since when, or another day of the cut-off."),
    past=_("A VO or CLF with a past"),
    begins=_(
        "Its book begins with a cut-off: cash, bank and funds on a day, what each group or VO had here and owed, and "
        "whose the rest is. Choose a day after a meeting, when the cash was counted."
    ),
    papers=_("Hold it beside its registers and bank statement. If every figure is the same, mark it as checked."),
)  # fmt: skip


def words_for(kind: str) -> Words:
    return _OF_A_GROUP if kind == "shg" else _OF_A_FEDERATION
