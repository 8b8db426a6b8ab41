"""Women, groups and federations for tests, made through the actions as the product's own work."""

import datetime
from typing import Any

from django.test import Client

from umeed.access.models import Posting, User
from umeed.access.scope import scope_of
from umeed.core.audit import audited
from umeed.core.dated import since
from umeed.core.scope import Scope, system
from umeed.institutions import actions
from umeed.institutions.models import BankAccount, Federation, Institution, Membership, OfficeTerm, Woman
from umeed.kernel.ids import new_id
from umeed.places.models import Place

TODAY = datetime.date(2026, 6, 1)
FORMED = datetime.date(2016, 1, 25)
JOINED = datetime.date(2016, 2, 1)
NAMES = (
    "Haseena Bano", "Shameema Akhter", "Rubeena Jan", "Tasleema Begum", "Nusrat Ara", "Gulshan Banoo", "Zareena Dar",
    "Mehbooba Lone", "Parveena Bhat", "Dilshada Mir", "Kulsuma Wani", "Fatima Sheikh", "Sakeena Malik",
    "Yasmeena Rather", "Jameela Ganai", "Rafeeqa Khan", "Saleema Dar", "Naseema Hajam",
    "Wazira Parray", "Raja Begum", "Mugli Jan",
)  # fmt: skip


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def us(today: datetime.date = TODAY) -> Scope:
    return system(today)


def make_woman(place: Place, name: str = "Haseena Bano", **said: Any) -> Woman:
    by = said.pop("by", us())
    given = {"belonging_name": "Ghulam Nabi", "relation": "husband", "born_on": day("1984-03-12"), **said}
    return actions.enrol_woman(by=by, id=given.pop("id", new_id()), name=name, place=place, **given)


def make_group(place: Place, name: str = "Roshni", *, members: int = 0, kind: str = "shg", **said: Any) -> Institution:
    """A group with so many members, active when there are five or more."""
    by = said.pop("by", us())
    given = {"formed_on": FORMED, "origin": "new", **said}
    group = actions.form_group(by=by, id=given.pop("id", new_id()), kind=kind, name=name, place=place, **given)
    for number in range(members):
        make_woman(place, NAMES[number], group=group, joined_on=JOINED)
    if members >= 5:
        actions.change_status(by=us(), group=group, status="active", on=day("2016-03-01"), why="Five members")
        group.refresh_from_db()
    return group


def members_of(group: Institution) -> list[Membership]:
    return list(Membership.objects.on(TODAY).filter(institution=group).order_by("pk"))


def make_member(group: Institution, name: str = "Haseena Bano", **said: Any) -> Membership:
    woman = make_woman(group.place, name, group=group, joined_on=said.pop("joined_on", JOINED), **said)
    return Membership.objects.get(woman=woman, institution=group)


def make_office(tie: Membership, office: str = "president", on: str = "2022-01-02") -> OfficeTerm:
    return actions.elect_office(
        by=us(), id=new_id(), institution=tie.institution_id, woman=tie.woman_id, office=office, on=day(on)
    )


def make_account(group: Institution, number: str = "0043040100012345", **said: Any) -> BankAccount:
    given = {"ifsc": "JAKA0SHOPAN", "opened_on": day("2016-04-01"), **said}
    again = given.pop("number_again", number)
    return actions.open_account(by=us(), id=new_id(), institution=group, number=number, number_again=again, **given)


def make_federation(member: Institution, above: Institution, on: str = "2018-01-01", why: str = "") -> Federation:
    return actions.federate(by=us(), id=new_id(), member=member, above=above, on=day(on), why=why)


def officer_at(place: Place, role: str = "block_officer", username: str = "officer") -> Scope:
    """The scope of a person posted at a place."""
    return _posted(username, role, place=place)


def bookkeeper_of(group: Institution, role: str = "group_bookkeeper", username: str = "bookkeeper") -> Scope:
    """The scope of a person posted at an institution."""
    return _posted(username, role, institution_id=group.pk)


def _posted(username: str, role: str, **where: Any) -> Scope:
    user = User.objects.create(username=username, name=username.title())
    with audited(by=us(), did="post_person"):
        Posting(user=user, role=role, during=since(day("2012-04-01")), **where).save()
    return scope_of(user)


def signed_in(username: str) -> Client:
    """The browser of a person who has signed in."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def codes_of(refused: Any) -> list[str]:
    """The codes of all reasons that an action gave."""
    return [reason.code for reason in refused.value.refusals]
