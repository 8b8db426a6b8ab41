"""Makes a group of six women in a VO, both without a book, with a bookkeeper each; tells their ids as JSON.

Run beside the site, in its environment: `python -m tests.browser.founding NAME FORMED_ON WOMEN`. That groups and
people are entered has tests of its own; what is written in their books is written on pages.
"""

import datetime
import json
import sys
from typing import Any

import django

BOOKKEEPER = "Wazira Parray"
WOMEN = {
    "en": ("Afroza Khan", "Bilquees Dar", "Dilafroz Mir", "Gulnaz Lone", "Haneefa Wani", "Masooda Bhat"),
    "ur": ("Arifa Ganai", "Fareeda Malik", "Khalida Rather", "Muneera Sheikh", "Raqeeba Teli", "Shahzada Hajam"),
}


def found(name: str, formed_on: datetime.date, women: str) -> dict[str, Any]:
    from umeed.access.models import Posting, User
    from umeed.core.viewer import as_system
    from umeed.institutions.models import Institution
    from umeed.institutions.tests.making import (
        bookkeeper_of,
        make_federation,
        make_group,
        make_member,
        make_office,
        us,
    )
    from umeed.simulator.sign_ins import password

    with as_system():
        home = Posting.objects.get(user__username="group").institution_id
        place = Institution.objects.get(pk=home).place
        said = {"by": us(datetime.date.today()), "formed_on": formed_on, "meeting_frequency": "monthly"}
        vo = make_group(place, f"{name} VO", kind="vo", by=said["by"], formed_on=formed_on)
        group = make_group(place, name, **said, meeting_date=10)
        ties = [make_member(group, woman, joined_on=formed_on, by=said["by"]) for woman in WOMEN[women]]
        make_office(ties[0], on=formed_on.isoformat())
        make_federation(group, vo, on=formed_on.isoformat())
        people = {"group": group.pk, "vo": vo.pk, "women": WOMEN[women], "place": place.name, "keeper": BOOKKEEPER}
        for body, role in ((group, "group_bookkeeper"), (vo, "vo_bookkeeper")):
            username = f"{role}_of_{name.lower().replace(' ', '_')}"
            bookkeeper_of(body, role, username)
            user = User.objects.get(username=username)
            user.name = BOOKKEEPER
            user.set_password(password())
            user.save()
            people[role] = username
        return people


if __name__ == "__main__":
    django.setup()
    named, formed, women = sys.argv[1:]
    print(json.dumps(found(named, datetime.date.fromisoformat(formed), women), default=str))
