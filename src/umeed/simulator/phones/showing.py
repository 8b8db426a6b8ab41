"""What a demonstration shows of phones: what an officer finds on a usual morning. This week's meetings of a few groups
come by phone: taken in, refused, twice from two phones, held of a phone that was lost and of one whose bookkeeper keeps
that book no more; another has been silent for weeks.

All of it goes through the doors that real phones use, today. Only the silent phone is written by the bulk path, as all
that is older than the load: it spoke last on the evening of a meeting of its group some weeks ago.
"""

from __future__ import annotations

import copy
import datetime
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from umeed.access.actions import invite_person, post_person
from umeed.access.models import User
from umeed.access.scope import scope_of
from umeed.books.meetings.calendar import calendar_of
from umeed.books.models import Book
from umeed.core.audit import audited
from umeed.core.scope import Scope
from umeed.core.viewer import as_system, as_viewer
from umeed.field.actions import end_phone
from umeed.field.devices import new_token, token_digest
from umeed.field.models import Device
from umeed.field.queries import SILENT_DAYS
from umeed.institutions import bulk
from umeed.institutions.models import Federation
from umeed.places.models import Within
from umeed.simulator import reasons
from umeed.simulator.books.this_week import Said, whole
from umeed.simulator.phones.speaking import Message, Phone, closing, new_public_key

GROUPS, SHORT = 7, 20_00
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SILENT = (
    "owner_id", "phone", "label", "public_key", "token_digest", "enrolled_at", "enrolled_by", "last_synced_at",
    "told_app", "told_clock",
)  # fmt: skip


@dataclass(frozen=True)
class Keeper:
    """Who keeps a book by phone (she has no password: nobody signs in as her), and what her phone is called."""

    username: str
    name: str
    phone: str


KEEPERS = (
    Keeper("masrat", "Masrat Bano", "Redmi of the family"),
    Keeper("kulsuma", "Kulsuma Akhter", "Vivo of her daughter"),
    Keeper("ulfat", "Ulfat Jan", "Samsung, her own"),
    Keeper("bilqees", "Bilqees Begum", "Realme of her brother"),
    Keeper("afroza", "Afroza Begum", "Redmi of her husband"),
    Keeper("nazima", "Nazima Akhter", "Samsung of the family"),
    Keeper("khalida", "Khalida Bano", "Old Micromax"),
)


@dataclass(frozen=True)
class Office:
    """Who appoints bookkeepers (the demonstration itself), the officer of the block, since when most keep books."""

    by: Scope
    officer: Scope
    since: datetime.date

    def keeper(self, at: int, group: UUID, since: datetime.date | None = None) -> User:
        who = KEEPERS[at]
        with as_system():
            return invite_person(
                by=self.by, username=who.username, name=who.name, role="group_bookkeeper",
                since=since or self.since, why=reasons.POSTED, institution_id=group,
            )[0]  # fmt: skip

    def phone(self, at: int, group: UUID) -> Phone:
        return Phone(self.officer, self.keeper(at, group), KEEPERS[at].phone)


def show(*, by: Scope, home: UUID) -> None:
    """In groups of the home block other than the one that signs in. All of it or nothing, and once: nothing where there
    are too few groups that meet every week."""
    with as_system():
        officer = User.objects.filter(username="block").first()
        if officer is None or User.objects.filter(username=KEEPERS[0].username).exists():
            return
        scope, due = scope_of(officer), _due(_books(home, by.today), by.today)
    if len(due) < GROUPS:
        return
    last_month = by.today.replace(day=1) - datetime.timedelta(days=1)
    office = Office(by, scope, last_month.replace(day=1))
    with transaction.atomic():
        _take_in(office, due[0])
        _refuse(office, due[1])
        _come_twice(office, due[2])
        _lose(office, due[3])
        _write_for_another(office, due[4], due[5])
        _fall_silent(office, due[6])


# What happens ---------------------------------------------------------------------------------------------------------


def _take_in(office: Office, book: Book) -> None:
    """A meeting is posted, its receipt told; on the phone the next one is begun."""
    phone = office.phone(0, book.institution_id)
    phone.say()
    phone.say(_meeting(office, book), counts={"waiting": 1, "drafts": 1})


def _refuse(office: Office, book: Book) -> None:
    """The box holds less than it must, and nobody says why. The phone has heard it, and waits for her to mend it."""
    phone = office.phone(1, book.institution_id)
    said = _said(office, book)
    phone.say(_closing(book, {**said, "counted": said["counted"] - SHORT}))
    phone.say(counts={"waiting": 0, "refused": 1})


def _come_twice(office: Office, book: Book) -> None:
    """Two of one group wrote the same evening, and read one saving otherwise: a person says which holds."""
    first, second = office.phone(2, book.institution_id), office.phone(3, book.institution_id)
    said = _said(office, book)
    other = copy.deepcopy({**said, "id": str(uuid5(UUID(said["id"]), "again"))})
    other["savings"][0]["paise"] *= 2
    other["counted"] += said["savings"][0]["paise"]
    first.say(_closing(book, said))
    second.say(_closing(book, other))


def _lose(office: Office, book: Book) -> None:
    """The officer ends a phone that was lost; who found it lets it speak once more, and what it had is held."""
    phone, meeting = office.phone(4, book.institution_id), _meeting(office, book)
    phone.say(stays=1)
    with as_viewer(office.officer.viewer):
        end_phone(by=office.officer, device=phone.device, why="Lost on the bus to Anantnag", wipe=True)
    phone.say(meeting)


def _write_for_another(office: Office, hers: Book, before: Book) -> None:
    """She kept two books until today and keeps one: of the other she may not write any more. Her clock is behind."""
    phone = office.phone(5, hers.institution_id)
    with as_system():
        owner = User.objects.get(username=KEEPERS[5].username)
        post_person(
            by=office.by, user=owner, role="group_bookkeeper", since=office.since, until=office.by.today,
            why=reasons.POSTED, institution_id=before.institution_id,
        )  # fmt: skip
    clock = (timezone.now() - datetime.timedelta(hours=30)).isoformat()
    phone.say(_meeting(office, hers), _meeting(office, before), clock=clock)


def _fall_silent(office: Office, book: Book) -> None:
    """A phone that was in use for some weeks; meetings after that came into the book without it."""
    day = book.met_before  # type: ignore[attr-defined]
    spoke = timezone.make_aware(datetime.datetime.combine(day, datetime.time(19, 20)))
    enrolled = spoke - datetime.timedelta(days=40)
    owner = office.keeper(6, book.institution_id, enrolled.date())
    row = (
        owner.pk, uuid5(owner.pk, "phone"), KEEPERS[6].phone, new_public_key(), token_digest(new_token()), enrolled,
        office.officer.viewer, spoke, "demonstration", spoke.isoformat(),
    )  # fmt: skip
    with as_system(), audited(by=office.by, did="enrol_phone", why=reasons.INVENTED) as trail:
        bulk.put(trail, Device, _SILENT, [row], note="together")


def _said(office: Office, book: Book) -> Said:
    """This week's meeting, with an id that is the same whenever it is loaded on this day."""
    with as_system():
        said = whole(book, office.by.today)
    return {"id": str(uuid5(book.institution_id, f"phone/{said['on']}")), **said}


def _meeting(office: Office, book: Book) -> Message:
    return _closing(book, _said(office, book))


def _closing(book: Book, said: Said) -> Message:
    return closing(book.institution_id, said, made_at=timezone.now().isoformat())


# Where ----------------------------------------------------------------------------------------------------------------


def _books(home: UUID, today: datetime.date) -> list[Book]:
    """Books of the home block's groups with when each met some weeks ago; those of other VOs first: what the people who
    sign in see stays as it is."""
    place = Within.objects.on(today).filter(below__institutions=home, above__kind="block").values("above")
    inside = Within.objects.on(today).filter(above__in=place).values("below")
    ties = Federation.objects.on(today)
    beside = set(ties.filter(above__in=ties.filter(member=home).values("above")).values_list("member", flat=True))
    rows = Book.objects.filter(institution__kind="shg", institution__place__in=inside).exclude(institution=home)
    silent = today - datetime.timedelta(days=SILENT_DAYS + 3)
    rows = rows.select_related("institution").annotate(
        met_before=Max("meetings__held_on", filter=Q(meetings__held_on__lt=silent))
    )
    return sorted(rows, key=lambda book: (book.institution_id in beside, book.institution_id))


def _due(books: list[Book], today: datetime.date) -> list[Book]:
    """Groups that have missed nothing and meet every week, for weeks; those first whose day of this week has come."""
    weekly = [
        one for one in books if one.institution.status == "active" and one.institution.meeting_frequency == "weekly"
    ]
    come = set(WEEKDAYS[: today.weekday() + 1])
    weekly.sort(key=lambda one: one.institution.meeting_day not in come)
    found = []
    for book in weekly:
        if book.met_before and not calendar_of(book, today).missed:  # type: ignore[attr-defined]
            found.append(book)
        if len(found) == GROUPS:
            break
    return found
