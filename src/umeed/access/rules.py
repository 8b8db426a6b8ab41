"""Who may give which role to whom, where and for how long. Plain values in, every reason at once out.

What is judged stands in docs/rules/README.md (“a posting”): a scope is units, time and purpose.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from umeed.kernel.refusals import N_, Refusal

# A giver hands out only what is listed: a role never gives a capability that the giver lacks in that place (but for
# GIVEN_NOT_HELD). The site
# administrator is the one exception: she appoints those who answer for a UT and never sees what they see.
_BLOCK_GIVES = frozenset(
    {"group_bookkeeper", "vo_bookkeeper", "clf_bookkeeper", "resource_person", "bank_branch", "partner"}
)
_DISTRICT_GIVES = _BLOCK_GIVES | {"block_officer", "accounts"}
_UT_GIVES = _DISTRICT_GIVES | {"district_officer", "ut_officer", "mis_officer", "line_department", "auditor"}
MAY_GIVE: dict[str, frozenset[str]] = {
    "block_officer": _BLOCK_GIVES,
    "district_officer": _DISTRICT_GIVES,
    "ut_officer": _UT_GIVES,
    "mis_officer": _UT_GIVES,
    "site_administrator": frozenset({"ut_officer", "mis_officer", "site_administrator"}),
}
# Kinds of place or institution where a role is held; a role that is not listed may be held at any place.
HELD_AT: dict[str, frozenset[str]] = {
    "group_bookkeeper": frozenset({"shg"}),
    "vo_bookkeeper": frozenset({"vo"}),
    "clf_bookkeeper": frozenset({"clf"}),
    "resource_person": frozenset({"block", "panchayat", "village"}),
    "block_officer": frozenset({"block"}),
    "district_officer": frozenset({"district"}),
    "ut_officer": frozenset({"state"}),
    "mis_officer": frozenset({"state", "district", "block"}),
    "partner": frozenset({"block"}),
}
# Officers appoint who keeps books and keep none themselves: who verifies a figure is never who entered it.
GIVEN_NOT_HELD = frozenset({"books.keep"})
LONGEST_YEARS = 10
_NOT_HERS = N_("You cannot give the role %(role)s here. Ask somebody who answers for a larger area.")
_HERSELF = N_("Nobody gives or ends a posting of her own. Ask another officer.")


@dataclass(frozen=True)
class Wish:
    """A posting that somebody wants to give. `role_at` is place, institution or nowhere; `kind` is what the seat is:
    a place's or an institution's kind, '' for none. `until` is the first day without it, None for open."""

    role: str
    role_name: str
    role_at: str
    at_place: bool
    at_institution: bool
    kind: str
    since: datetime.date
    until: datetime.date | None
    why: str


def roles_given_by(giver_roles: Collection[str]) -> frozenset[str]:
    """The roles that somebody with these roles (at one place) may give there."""
    return frozenset().union(*(MAY_GIVE.get(role, frozenset()) for role in giver_roles))


def why_not_post(
    wish: Wish, *, giver_roles: Collection[str], to_herself: bool, overlaps: bool, today: datetime.date
) -> list[Refusal]:
    """Reasons against a posting. `giver_roles`: roles with users.change that the giver holds over that very seat."""
    reasons = [*_seat(wish), *why_not_days(wish.since, wish.until, today)]
    if to_herself:
        reasons.append(Refusal("user", "herself", _HERSELF))
    if wish.role not in roles_given_by(giver_roles):
        reasons.append(Refusal("role", "not_hers_to_give", _NOT_HERS, {"role": wish.role_name}))
    if overlaps:
        text = N_("She holds this role there already in these days. End that posting first, or change the days.")
        reasons.append(Refusal("since", "held_already", text))
    if not wish.why.strip():
        reasons.append(Refusal("why", "why_missing", N_("Say why she gets this role: the order, or who asked.")))
    return reasons


def _seat(wish: Wish) -> list[Refusal]:
    """Reasons about where the role would be held."""
    if wish.role_at == "nowhere":
        both = wish.at_place or wish.at_institution
        text = N_("The role %(role)s is held for the whole installation, not at a place.")
        return [Refusal("role", "held_nowhere", text, {"role": wish.role_name})] if both else []
    if wish.at_place and wish.at_institution:
        return [Refusal("place", "two_seats", N_("Choose a place or an institution, not both."))]
    if wish.role_at == "place" and not wish.at_place:
        text = N_("The role %(role)s is held at a place. Choose the place.")
        return [Refusal("place", "needs_a_place", text, {"role": wish.role_name})]
    if wish.role_at == "institution" and not wish.at_institution:
        text = N_("The role %(role)s is held at an institution. Choose the institution.")
        return [Refusal("institution", "needs_an_institution", text, {"role": wish.role_name})]
    if wish.role in HELD_AT and wish.kind not in HELD_AT[wish.role]:
        field = "place" if wish.at_place else "institution"
        text = N_("The role %(role)s is not held at this kind of place or institution.")
        return [Refusal(field, "wrong_kind", text, {"role": wish.role_name})]
    return []


def why_not_days(since: datetime.date, until: datetime.date | None, today: datetime.date) -> list[Refusal]:
    """Reasons about the days. A posting never begins in the past: who could see what, and when, is not rewritten."""
    reasons = []
    if since < today:
        text = N_("A posting begins today or later: what a person could see in the past is not changed afterwards.")
        reasons.append(Refusal("since", "begins_in_the_past", text))
    if until is not None and until <= since:
        reasons.append(Refusal("until", "ends_before_it_begins", N_("The last day lies before the first day.")))
    if until is not None and (until - since).days > LONGEST_YEARS * 366:
        text = N_("A posting lasts at most %(years)s years; give it again when it ends.")
        reasons.append(Refusal("until", "too_long", text, {"years": LONGEST_YEARS}))
    return reasons


def why_not_end(
    *,
    role: str,
    role_name: str,
    giver_roles: Collection[str],
    of_herself: bool,
    ended: bool,
    last_of_its_kind: bool,
    end: datetime.date,
    today: datetime.date,
) -> list[Refusal]:
    """Reasons against ending a posting from the day `end` on. Who may give a role over a seat may end it there.

    One that begins on `end` or later is taken back whole, so there is nothing to say about its first day.
    """
    reasons = []
    if of_herself:
        reasons.append(Refusal(None, "herself", _HERSELF))
    if role not in roles_given_by(giver_roles):
        reasons.append(Refusal(None, "not_hers_to_give", _NOT_HERS, {"role": role_name}))
    if ended:
        reasons.append(Refusal(None, "ended_already", N_("This posting has ended already.")))
    if end < today and not ended:
        text = N_("A posting ends today or later: what a person could see in the past is not changed afterwards.")
        reasons.append(Refusal("end", "ends_in_the_past", text))
    if last_of_its_kind:
        reasons.append(_last_administrator())
    return reasons


def why_not_answer_for(
    *, seats: Collection[tuple[str, Collection[str]]], herself: bool, last_administrator: bool = False
) -> list[Refusal]:
    """Reasons against changing a person's account (switch off, new link, second factor).

    `seats`: each running or coming posting of the person as (role, the changer's roles over that seat). Whoever
    changes an account must be able to give every role that it holds, or a new link would be a way up.
    """
    reasons = []
    if herself:
        text = N_("Use your own page for your own account; this needs another officer.")
        reasons.append(Refusal(None, "herself", text))
    if not herself and any(role not in roles_given_by(giver_roles) for role, giver_roles in seats):
        text = N_("She holds a role that you do not answer for. Ask somebody who answers for a larger area.")
        reasons.append(Refusal(None, "not_hers_to_change", text))
    if last_administrator:
        reasons.append(_last_administrator())
    return reasons


def _last_administrator() -> Refusal:
    text = N_("She is the last site administrator. Appoint another one first.")
    return Refusal(None, "last_site_administrator", text)
