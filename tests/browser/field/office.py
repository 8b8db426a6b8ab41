"""What the office does while a phone is on its way, in the environment of the site:

`python -m tests.browser.field.office USERNAME DEED [MORE]`. `closes GROUP`: somebody else closes the meeting that is
due in one of her groups. `settles`: what came later is put aside. `loses`: she is posted there no more. `ends`: her
phones are signed out, all of hers on them is to go. `takes FILE`: a file that was carried is taken in, its answers lie
beside it afterwards.
"""

import datetime
import json
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import django

from tests.browser.field.evening import LOAN, SAVING, WOMEN


def groups_of(username: str) -> Any:
    from umeed.access.models import Posting

    return Posting.objects.filter(user__username=username).values("institution_id")


def closes(username: str, name: str) -> None:
    from umeed.books.actions import close_meeting
    from umeed.books.models import Book
    from umeed.institutions.models import Membership
    from umeed.institutions.tests.making import us

    today = datetime.date.today()
    book = Book.objects.get(institution__in=groups_of(username), institution__name=name)
    ties = Membership.objects.on(today).filter(institution=book.institution_id).order_by("woman__name")
    women = [str(tie.woman_id) for tie in ties]
    close_meeting(by=us(today), book=book, is_sure=True, said={
        "id": str(uuid4()), "on": today.isoformat(), "number": 5, "president": women[0],
        "attendance": dict.fromkeys(women, "present"),
        "savings": [{"woman": woman, "head": "saving_compulsory", "paise": SAVING} for woman in women],
        "counted": SAVING * (4 * (len(WOMEN) - 1) + len(women)) - LOAN,
    })  # fmt: skip


def settles(username: str) -> None:
    from umeed.books.actions.settling import settle
    from umeed.books.models import Clash
    from umeed.institutions.tests.making import us

    clash = Clash.objects.get(book__institution__in=groups_of(username), settled="")
    settle(by=us(datetime.date.today()), clash=clash.pk, settled="kept", why="The president counted it again")


def loses(username: str) -> None:
    from umeed.access.models import Posting
    from umeed.core.audit import audited
    from umeed.core.dated import between
    from umeed.institutions.tests.making import us

    today = datetime.date.today()
    with audited(by=us(today), did="end_posting"):
        for posting in Posting.objects.filter(user__username=username):
            posting.during = between(today - datetime.timedelta(days=40), today)
            posting.save()


def ends(username: str) -> None:
    from umeed.field.actions import end_phone
    from umeed.field.models import Device

    for device in Device.objects.filter(owner__username=username, ended_at=None):
        end_phone(by=_officer(), device=device.pk, why="Lost on the way", wipe=True)


def takes(_username: str, file: str) -> None:
    from umeed.field.actions.carrying import take_in

    officer = _officer()
    done = take_in(Path(file).read_bytes(), by=officer.viewer, name=officer.name)
    Path(f"{file}.answers").write_bytes(done.sealed)


def _officer() -> Any:
    from umeed.access.models import User
    from umeed.access.scope import scope_of

    return scope_of(User.objects.get(username="block"))


DEEDS = {one.__name__: one for one in (closes, settles, loses, ends, takes)}

if __name__ == "__main__":
    django.setup()
    from umeed.core.viewer import as_system

    who, deed, *more = sys.argv[1:]
    with as_system():
        DEEDS[deed](who, *more)
    print(json.dumps({"did": deed}))
