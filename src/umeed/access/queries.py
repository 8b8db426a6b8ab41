"""Who has access: the list of people, one person's postings, her sign-ins, and whom to ask for more."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from umeed.access import devices, records, rules
from umeed.access.capabilities import CAPABILITIES, ROLES
from umeed.access.models import Posting, User
from umeed.access.reach import Seat, is_everywhere, roles_over, seat_of
from umeed.core.audit_pages import words
from umeed.core.models import AuditEntry
from umeed.core.scope import Scope
from umeed.places.models import Place, Within
from umeed.places.naming import called

SEE = "users.see"


@dataclass(frozen=True)
class PostingRow:
    """A posting as pages show it. `state` is running, coming or ended; `last_day` None when open."""

    id: int
    role: str
    role_name: str
    place_name: str
    place_id: int | None
    institution_id: UUID | None
    since: datetime.date
    last_day: datetime.date | None
    state: str
    why: str
    may_end: bool = False


@dataclass(frozen=True)
class PersonRow:
    """A person in the list: `state` is active, off, invited (never set a password) or without (no running posting)."""

    id: UUID
    name: str
    username: str
    state: str
    postings: tuple[PostingRow, ...]
    last_sign_in: datetime.datetime | None
    has_second_factor: bool


def postings_in_reach(scope: Scope, capability: str = SEE) -> QuerySet[Posting]:
    """Postings, running or not, whose seat lies where the scope has the capability."""
    if is_everywhere(scope, capability):
        return Posting.objects.all()
    if not scope.can(capability):
        return Posting.objects.none()
    return Posting.objects.filter(
        Q(place__in=Within.in_reach(scope, capability))
        | Q(institution_id__in=records.institutions_in_reach(scope, capability))
    )


def people_seen_by(scope: Scope) -> QuerySet[User]:
    """People who hold, held or will hold a posting within the scope's reach; for the installation's own: everybody."""
    if is_everywhere(scope, SEE):
        return User.objects.all()
    return User.objects.filter(pk__in=postings_in_reach(scope).values("user"))


def people(
    scope: Scope, *, q: str = "", role: str = "", state: str = "", start: int = 0, count: int = 50
) -> tuple[list[PersonRow], int]:
    """A page of the people in reach, by name, and how many there are in all. Six SQL queries at most."""
    rows = people_seen_by(scope)
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(username__icontains=q))
    running = Posting.objects.on(scope.today).filter(user=OuterRef("pk"))
    if role:
        rows = rows.filter(Exists(running.filter(role=role)))
    if state == "off":
        rows = rows.filter(is_active=False)
    elif state == "without":
        rows = rows.filter(~Exists(running), is_active=True)
    elif state == "invited":
        rows = rows.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX, is_active=True)
    total = rows.count()
    return person_rows(scope, rows.order_by("name", "pk")[start : start + count]), total


def person_rows(scope: Scope, people: Iterable[User]) -> list[PersonRow]:
    """The people with their postings that the scope may know of."""
    people = list(people)
    ids = [person.pk for person in people]
    postings = posting_rows(scope, postings_in_reach(scope).filter(user__in=ids))
    secured = set(
        Authenticator.objects.filter(user__in=ids).exclude(type="recovery_codes").values_list("user", flat=True)
    )
    return [
        PersonRow(
            person.pk, str(person), person.username, _state(person, postings.get(person.pk, ())),
            tuple(postings.get(person.pk, ())), person.last_login, person.pk in secured,
        )
        for person in people
    ]  # fmt: skip


def _state(person: User, postings: Collection[PostingRow]) -> str:
    if not person.is_active:
        return "off"
    if not person.has_usable_password() and person.last_login is None:
        return "invited"
    return "active" if any(row.state == "running" for row in postings) else "without"


def posting_rows(scope: Scope, postings: QuerySet[Posting]) -> dict[UUID, list[PostingRow]]:
    """Postings by person, running ones first, each with whether this scope may end it."""
    found = list(postings.select_related("place").order_by("pk"))
    facts = records.institution_facts({posting.institution_id for posting in found if posting.institution_id})
    over = roles_over(scope, {seat_of(posting) for posting in found})
    by_person: dict[UUID, list[PostingRow]] = {}
    for posting in found:
        row = _posting_row(scope, posting, facts, over)
        by_person.setdefault(posting.user_id, []).append(row)
    order = {"running": 0, "coming": 1, "ended": 2}
    for rows in by_person.values():
        rows.sort(key=lambda row: (order[row.state], -row.since.toordinal()))
    return by_person


def _posting_row(
    scope: Scope,
    posting: Posting,
    facts: Mapping[UUID, records.InstitutionFacts],
    over: Mapping[Seat, frozenset[str]],
) -> PostingRow:
    upper = posting.during.upper
    state = "running"
    if upper is not None and upper <= scope.today:
        state = "ended"
    elif posting.during.lower > scope.today:
        state = "coming"
    may_end = (
        state != "ended"
        and str(posting.user_id) != scope.viewer
        and (scope.is_system or posting.role in rules.roles_given_by(over[seat_of(posting)]))
    )
    return PostingRow(
        posting.pk, posting.role, role_name(posting.role), _seat_name(posting, facts), posting.place_id,
        posting.institution_id, posting.during.lower, upper and upper - datetime.timedelta(days=1), state,
        words.reason("", posting.why), may_end,
    )  # fmt: skip


def role_name(key: str) -> str:
    return str(ROLES[key].name) if key in ROLES else key


def _seat_name(posting: Posting, facts: Mapping[UUID, records.InstitutionFacts]) -> str:
    if posting.place_id:
        return posting.place.called
    if posting.institution_id:
        known = facts.get(posting.institution_id)
        return known.name if known else _("an institution outside your area")
    return _("the whole installation")


def my_postings(scope: Scope, person: User) -> list[PostingRow]:
    """A person's own postings with everything she may know about them."""
    return posting_rows(scope, Posting.objects.filter(user=person)).get(person.pk, [])


def capability_names(role: str) -> list[str]:
    """What a role lets one do, in the reader's language."""
    return [str(name) for key, name in CAPABILITIES.items() if role in ROLES and key in ROLES[role].capabilities]


def roles_to_give(scope: Scope) -> list[str]:
    """Keys of the roles that the scope may give somewhere."""
    mine = {grant.role for grant in scope.grants}
    given = frozenset(ROLES) if scope.is_system else rules.roles_given_by(mine)
    return [key for key in ROLES if key in given]


def places_to_post_at(scope: Scope, role: str, q: str = "") -> QuerySet[Place]:
    """Places where the scope may give the role, of the kinds where it is held, with the text in their name."""
    rows = Place.objects.filter(name__icontains=q) if q else Place.objects.all()
    if kinds := rules.HELD_AT.get(role):
        rows = rows.filter(kind__in=kinds)
    givers = [grant for grant in scope.grants if role in rules.MAY_GIVE.get(grant.role, ())]
    if scope.is_system or any(grant.place_id is None and grant.institution_id is None for grant in givers):
        return rows
    roots = [grant.place_id for grant in givers if grant.place_id]
    return rows.filter(pk__in=Within.objects.on(scope.today).filter(above__in=roots).values("below_id"))


# One's own page -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SignIn:
    """A sign-in, or an attempt with a wrong password; `origin` says device and address in words."""

    at: datetime.datetime
    ok: bool
    origin: str


def recent_sign_ins(person: User, count: int = 10) -> list[SignIn]:
    """The last sign-ins and attempts on a person's account, newest first."""
    rows = AuditEntry.objects.filter(
        subject_table=User._meta.db_table, subject_id=str(person.pk), did__in=["sign_in", "sign_in_failed"]
    ).order_by("-seq")[:count]
    return [SignIn(entry.at, entry.did == "sign_in", devices.in_words(entry.origin)) for entry in rows]


def open_sessions(person: User) -> list[UserSession]:
    """Her sessions that are still open, the latest first."""
    return sorted(UserSession.objects.purge_and_list(person), key=lambda session: session.last_seen_at, reverse=True)


def whom_to_ask(today: datetime.date) -> list[tuple[str, str]]:
    """Offices that give access, as (role, place), held today. No names, no numbers: the reader is a stranger."""
    held = Posting.objects.on(today).filter(
        role__in=["ut_officer", "mis_officer", "district_officer"], user__is_active=True, place__isnull=False
    )
    rows = held.values_list("role", "place__kind", "place__name", "place__name_local").distinct()
    rows = rows.order_by("place__kind", "place__name", "role")[:40]
    return [(role_name(role), called(*names)) for role, *names in rows]
