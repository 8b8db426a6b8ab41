"""Makes the groups of one bookkeeper for an evening, and a code for her phone; tells both as JSON.

Run beside the site, in its environment: `python -m tests.browser.field.evening USERNAME GROUPS`. Each group has twelve
women, the last of them new, a book of four weekly meetings with a loan that runs, and a meeting that is due today. The
last one has no book.
`… evening USERNAME` gives another code, `… evening USERNAME leaves WOMAN` enters at the office that she left the first
group yesterday.
"""

import datetime
import json
import sys
from typing import Any
from uuid import UUID

import django

WOMEN = (
    "Afroza Khan", "Bilquees Dar", "Dilafroz Mir", "Fareeda Malik", "Gulnaz Lone", "Haneefa Wani", "Khalida Rather",
    "Masooda Bhat", "Muneera Sheikh", "Raqeeba Teli", "Shahzada Hajam", "Zareena Parray",
)  # fmt: skip
SAVING, LOAN = 100_00, 4_000_00


def evening(username: str, groups: int) -> dict[str, Any]:
    from umeed.access.models import Posting, User
    from umeed.core.audit import audited
    from umeed.core.dated import since
    from umeed.core.viewer import as_system
    from umeed.institutions.models import Institution
    from umeed.institutions.tests.making import us

    today = datetime.date.today()
    with as_system():
        home = Posting.objects.get(user__username="group").institution_id
        place = Institution.objects.get(pk=home).place
        made = [_group(place, f"Roshni {at}", today, has_book=at < groups) for at in range(1, groups + 1)]
        name = "Shameema Dar" if username.startswith("sister") else "Rifat Jan"
        user = User.objects.create(username=username, name=name)
        with audited(by=us(today), did="post_person"):
            for group in made:
                Posting(
                    user=user, role="group_bookkeeper", institution_id=group.pk, during=since(today.replace(day=1))
                ).save()
    return {"code": code_for(username), "groups": [group.name for group in made], "women": WOMEN}


def _group(place: Any, name: str, today: datetime.date, *, has_book: bool) -> Any:
    from umeed.books.actions import open_book
    from umeed.institutions.tests.making import make_group, make_member, make_office, us

    formed = today - datetime.timedelta(days=400)
    by = us(today)
    group = make_group(
        place, name, by=by, formed_on=formed, meeting_frequency="weekly", meeting_day=f"{today:%a}".lower(),
        saving_paise=SAVING,
    )  # fmt: skip
    ties = [make_member(group, woman, joined_on=formed, by=by) for woman in WOMEN[:-1]]
    make_member(group, WOMEN[-1], joined_on=today - datetime.timedelta(days=3), by=by)
    make_office(ties[0], on=formed.isoformat())
    if has_book:
        book = open_book(by=by, institution=group, on=today - datetime.timedelta(days=35))
        women = [tie.woman_id for tie in ties]
        for number in range(1, 5):
            _meet(by, book, women, number, today - datetime.timedelta(days=7 * (5 - number)))
    return group


def _meet(by: Any, book: Any, women: list[UUID], number: int, on: datetime.date) -> None:
    """Everybody saves; in the last one a loan is granted and paid out."""
    from umeed.books.actions import close_meeting
    from umeed.kernel.ids import new_id

    said: dict[str, Any] = {
        "id": str(new_id()), "on": on.isoformat(), "number": number, "president": str(women[0]),
        "attendance": {str(woman): "present" for woman in women},
        "savings": [{"woman": str(woman), "head": "saving_compulsory", "paise": SAVING} for woman in women],
    }  # fmt: skip
    cash = SAVING * len(women) * number - (LOAN if number == 4 else 0)
    if number == 4:
        asked = str(new_id())
        said["requests"] = [{"id": asked, "woman": str(women[2]), "paise": LOAN, "purpose": "cattle"}]
        said["decisions"] = [{"id": str(new_id()), "request": asked, "outcome": "granted"}]
        said["lendings"] = [{
            "loan": str(new_id()), "woman": str(women[2]), "paise": LOAN, "request": asked, "purpose": "cattle",
            "rate_bp_a_year": 2400, "method": "balance", "frequency": "weekly", "instalments": 10,
            "first_due": (on + datetime.timedelta(days=7)).isoformat(),
        }]  # fmt: skip
    close_meeting(by=by, book=book, said={**said, "counted": cash}, is_sure=True)


def code_for(username: str) -> str:
    """The code that an officer of the block gives her."""
    from umeed.access.models import User
    from umeed.access.scope import scope_of
    from umeed.core.viewer import as_viewer
    from umeed.field.actions import give_code

    officer = User.objects.get(username="block")
    with as_viewer(str(officer.pk)):
        return give_code(by=scope_of(officer), owner=User.objects.get(username=username))


def leaves(username: str, woman: str) -> dict[str, Any]:
    from umeed.access.models import Posting
    from umeed.core.viewer import as_system
    from umeed.institutions.actions import leave_group
    from umeed.institutions.models import Membership
    from umeed.institutions.tests.making import us

    today = datetime.date.today()
    with as_system():
        groups = Posting.objects.filter(user__username=username).values("institution_id")
        ties = Membership.objects.filter(institution__in=groups, institution__name="Roshni 1", woman__name=woman)
        yesterday = today - datetime.timedelta(days=1)
        leave_group(by=us(today), membership=ties.get(), left_on=yesterday, leave_reason="migrated")
    return {"left": woman}


if __name__ == "__main__":
    django.setup()
    named, *more = sys.argv[1:]
    if more and more[0] == "leaves":
        said = leaves(named, more[1])
    else:
        said = evening(named, int(more[0])) if more else {"code": code_for(named)}
    print(json.dumps(said, default=str))
