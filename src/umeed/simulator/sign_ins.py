"""People with access in a demonstration, one for each role, in or above the home block; one password for all of them.

The password is made by chance when the demonstration is loaded and kept beside its database, so that no password is
known to whoever reads this file. Only the demonstration mode makes or prints it.
"""

import secrets
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password

from umeed.access.actions import invite_person
from umeed.access.capabilities import ROLES
from umeed.access.models import Posting, User
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.institutions.models import Federation, Institution
from umeed.places.models import Kind, Place, Within
from umeed.simulator import reasons
from umeed.simulator.sizes import HOME_BLOCK

_WORDS = "chinar lotus saffron walnut apricot willow cedar tulip almond heron river orchard meadow lantern".split()


@dataclass(frozen=True)
class SignIn:
    """Who signs in, as what, where. `at` names a place kind of the home line, an institution kind, or nothing."""

    username: str
    name: str
    role: str
    at: str


PEOPLE = (
    SignIn("block", "Shabnam Akhter", "block_officer", "block"),
    SignIn("district", "Tariq Ahmad Wani", "district_officer", "district"),
    SignIn("ut", "Neelam Sharma", "ut_officer", "state"),
    SignIn("mis", "Aijaz Rather", "mis_officer", "state"),
    SignIn("accounts", "Sunita Gupta", "accounts", "district"),
    SignIn("person", "Zareefa Bano", "resource_person", "panchayat"),
    SignIn("group", "Rubeena Jan", "group_bookkeeper", "shg"),
    SignIn("vo", "Haleema Begum", "vo_bookkeeper", "vo"),
    SignIn("clf", "Naseema Dar", "clf_bookkeeper", "clf"),
    SignIn("bank", "Branch Manager, Achabal", "bank_branch", "block"),
    SignIn("department", "Animal Husbandry, Anantnag", "line_department", "district"),
    SignIn("partner", "Partner organisation, Achabal", "partner", "block"),
    SignIn("auditor", "Common auditor", "auditor", "district"),
    SignIn("ladakh", "Stanzin Dolma", "ut_officer", "ladakh"),
    SignIn("site", "Site administrator", "site_administrator", ""),
    SignIn("new", "Without a posting yet", "", ""),
)


def password_file() -> Path:
    return Path(settings.DATA) / "demonstration-password"


def password() -> str:
    """The demonstration's password; made at the first asking. Refuses to exist outside the demonstration."""
    if settings.MODE == "production":
        raise RuntimeError("There is no demonstration password in production.")
    file = password_file()
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        words = "-".join(secrets.choice(_WORDS) for _ in range(3))
        file.touch(mode=0o600)
        file.write_text(f"{words}-{secrets.randbelow(90) + 10}\n")
    return file.read_text().strip()


def make(*, by: Scope) -> None:
    """Invite everybody of `PEOPLE` who is not there yet, accept in their name, and set the one password."""
    seats = _seats(by)
    # Hashed once for all: made to be slow, sixteen hashes would take longer than a village's women.
    hashed = make_password(password())
    for person in PEOPLE:
        if User.objects.filter(username=person.username).exists():
            continue
        place_id, institution_id = seats.get(person.at, (None, None))
        if person.role and ROLES[person.role].at != "nowhere" and not (place_id or institution_id):
            continue
        user = _invite(person, place_id, institution_id, by)
        _accept(user, hashed, by)


def _invite(person: SignIn, place_id: int | None, institution_id: UUID | None, by: Scope) -> User:
    if not person.role:
        with audited(by=by, did="invite_person", why=reasons.NO_POSTING) as trail:
            user = User.objects.create_user(username=person.username, name=person.name)
            trail.created(user)
        return user
    user, _link = invite_person(
        by=by, username=person.username, name=person.name, role=person.role, since=by.today.replace(month=1, day=1),
        why=reasons.POSTED, place_id=place_id, institution_id=institution_id,
    )  # fmt: skip
    return user


def _accept(user: User, hashed: str, by: Scope) -> None:
    with audited(by=by, did="set_password") as trail:
        user.password = hashed
        user.save(update_fields=["password"])
        trail.about(user)


def _seats(by: Scope) -> dict[str, tuple[int | None, UUID | None]]:
    """The home block with what lies above it, its first panchayat, and a group with its VO and CLF."""
    block = Place.objects.get(kind=Kind.BLOCK, lgd_code=HOME_BLOCK)
    seats: dict[str, tuple[int | None, UUID | None]] = {}
    for row in Within.objects.on(by.today).filter(below=block).select_related("above"):
        seats[row.above.kind] = (row.above_id, None)
    inside = Within.objects.on(by.today).filter(above=block).values("below_id")
    panchayat = Place.objects.filter(kind=Kind.PANCHAYAT, pk__in=inside).order_by("pk").first()
    if panchayat:
        seats["panchayat"] = (panchayat.pk, None)
    ladakh = Place.objects.filter(kind=Kind.STATE, mission="ladakh").first()
    if ladakh:
        seats["ladakh"] = (ladakh.pk, None)
    return seats | _institution_seats(by)


def home_group(by: Scope) -> Institution | None:
    """The group whose bookkeeper signs in: the oldest of the home block with a VO, an account and a day to meet on."""
    block = Place.objects.filter(kind=Kind.BLOCK, lgd_code=HOME_BLOCK)
    inside = Within.objects.on(by.today).filter(above__in=block).values("below_id")
    groups = Institution.objects.filter(
        kind="shg", place__in=inside, federations__in=Federation.objects.on(by.today), status="active"
    ).order_by("formed_on", "pk")
    well_kept = groups.filter(bank_accounts__isnull=False, meeting_frequency="weekly").exclude(meeting_day="")
    return well_kept.first() or groups.first()


def _institution_seats(by: Scope) -> dict[str, tuple[int | None, UUID | None]]:
    ties = Federation.objects.on(by.today)
    seats: dict[str, tuple[int | None, UUID | None]] = {}
    at = home_group(by)
    while at is not None:
        seats[at.kind] = (None, at.pk)
        above = ties.filter(member=at).select_related("above").first()
        at = above.above if above else None
    return seats


def table() -> list[tuple[str, str, str, str]]:
    """Rows (role, where, user name, name) of those who are there, for printing."""
    known = {user.username: user for user in User.objects.filter(username__in=[person.username for person in PEOPLE])}
    rows = []
    for person in PEOPLE:
        user = known.get(person.username)
        if user is None:
            continue
        posting = user.postings.select_related("place").first()
        role = str(ROLES[person.role].name) if person.role else "No posting"
        rows.append((role, _where(posting), user.username, user.name))
    return rows


def _where(posting: Posting | None) -> str:
    """The place of a posting, or the name of its group, VO or CLF with the village where that lies."""
    if posting is None:
        return ""
    if posting.place is not None:
        return str(posting.place.name)
    body = Institution.objects.select_related("place").filter(pk=posting.institution_id).first()
    return f"{body.name}, {body.place.name}" if body and body.place else str(body or "")
