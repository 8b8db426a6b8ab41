"""Which roles somebody holds over a seat: the question behind giving, ending and answering for."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from umeed.access import records, rules
from umeed.access.models import Posting, User
from umeed.core.scope import Grant, Scope
from umeed.kernel.refusals import Refusal
from umeed.places.models import Within

GIVES = "users.change"
ADMINISTRATOR = "site_administrator"
# What the product itself (set-up, simulator) is not asked: it appoints the first people and may date them back.
_NOT_ASKED_OF_SYSTEM = {"not_hers_to_give", "not_hers_to_change", "begins_in_the_past", "why_missing"}


@dataclass(frozen=True)
class Seat:
    """Where a role is held: a place, an institution (which lies at a place), or neither: the installation."""

    place_id: int | None = None
    institution_id: UUID | None = None


def seat_of(posting: Posting) -> Seat:
    return Seat(posting.place_id, posting.institution_id)


def _is_everywhere(grant: Grant) -> bool:
    return grant.place_id is None and grant.institution_id is None


def is_everywhere(scope: Scope, capability: str) -> bool:
    """Whether the capability is held for the whole installation (a posting without place and institution)."""
    return scope.is_system or any(_is_everywhere(g) and capability in g.capabilities for g in scope.grants)


def roles_over(scope: Scope, seats: Collection[Seat]) -> Mapping[Seat, frozenset[str]]:
    """For each seat the scope's roles with users.change over it. At most two SQL queries, however many seats."""
    facts = records.institution_facts({seat.institution_id for seat in seats if seat.institution_id})
    places = {seat: _place_of(seat, facts) for seat in seats}
    grants = [grant for grant in scope.grants if GIVES in grant.capabilities]
    everywhere = frozenset(grant.role for grant in grants if _is_everywhere(grant))
    above = _above({place for place in places.values() if place}, grants, scope)
    return {
        seat: everywhere | {grant.role for grant in grants if (grant.place_id, place) in above}
        for seat, place in places.items()
    }


def _place_of(seat: Seat, facts: Mapping[UUID, records.InstitutionFacts]) -> int | None:
    if seat.institution_id is None:
        return seat.place_id
    known = facts.get(seat.institution_id)
    return known.place_id if known else None


def _above(places: Collection[int], grants: Iterable[Grant], scope: Scope) -> set[tuple[int | None, int | None]]:
    roots = {grant.place_id for grant in grants if grant.place_id}
    if not roots or not places:
        return set()
    rows = Within.objects.on(scope.today).filter(above__in=roots, below__in=places)
    return set(rows.values_list("above_id", "below_id"))


def capabilities_over(scope: Scope, place_id: int) -> frozenset[str]:
    """Every capability that the scope holds over a place by postings at it or above it. One SQL query."""
    roots = {grant.place_id for grant in scope.grants if grant.place_id}
    over = Within.objects.on(scope.today).filter(below=place_id, above__in=roots).values_list("above_id", flat=True)
    above = set(over) if roots else set()
    return frozenset().union(*(grant.capabilities for grant in scope.grants if grant.place_id in above))


def as_asked_of(by: Scope, reasons: list[Refusal]) -> list[Refusal]:
    """The reasons that count for this scope: the product itself (set-up, simulator) is not asked who it may appoint."""
    return [reason for reason in reasons if not (by.is_system and reason.code in _NOT_ASKED_OF_SYSTEM)]


def is_last_administrator(by: Scope, person: User) -> bool:
    """Whether nobody else can sign in and appoint people for the installation from today on without an end."""
    others = Posting.objects.on(by.today).filter(role=ADMINISTRATOR, during__endswith=None, user__is_active=True)
    mine = Posting.objects.on(by.today).filter(role=ADMINISTRATOR, user=person)
    return mine.exists() and not others.exclude(user=person).exists()


def why_not_answer_for(by: Scope, person: User, *, switching_off: bool = False) -> list[Refusal]:
    """Reasons why the scope may not change this person's account; of her running postings, else of her past ones."""
    running = [
        posting
        for posting in Posting.objects.filter(user=person)
        if posting.during.upper is None or posting.during.upper > by.today
    ] or list(Posting.objects.filter(user=person))
    over = roles_over(by, {seat_of(posting) for posting in running})
    reasons = rules.why_not_answer_for(
        seats=[(posting.role, over[seat_of(posting)]) for posting in running],
        herself=str(person.pk) == by.viewer,
        last_administrator=switching_off and is_last_administrator(by, person),
    )
    return as_asked_of(by, reasons)
