"""Makes very many groups for one bookkeeper, and a code for her phone; tells both as JSON.

Run beside the site, in its environment: `python -m tests.browser.field.many USERNAME GROUPS`. Each group has five women
and a book of ten days with one sheet, its first meeting is due today. All come in bulk, as loads write them: through
the actions of a bookkeeper's life so many take minutes.
"""

import datetime
import json
import sys
from typing import Any

import django

from tests.browser.field.evening import SAVING, WOMEN, code_for

EACH = WOMEN[:5]
ROSHNI = "Roshni {:03d}".format


def many(username: str, count: int) -> dict[str, Any]:
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
        user = User.objects.create(username=username, name="Rifat Jan")
        with audited(by=us(today), did="make_many") as trail:
            groups = _groups(trail, place, count, today)
            _books(trail, groups, today)
            during = since(today.replace(day=1))
            Posting.objects.bulk_create(
                Posting(user=user, role="group_bookkeeper", institution_id=group, during=during) for group in groups
            )
    return {"code": code_for(username), "groups": [ROSHNI(at) for at in range(1, count + 1)], "women": EACH}


def _groups(trail: Any, place: Any, count: int, today: datetime.date) -> dict[Any, list[Any]]:
    """{group: its women}"""
    from umeed.institutions import bulk
    from umeed.institutions.models import Household, Institution, Membership, StatusTerm, Woman
    from umeed.kernel.ids import new_id

    formed = today - datetime.timedelta(days=400)
    made = {new_id(): [new_id() for _woman in EACH] for _group in range(count)}
    women = [(group, woman, name) for group in made for woman, name in zip(made[group], EACH, strict=True)]
    homes = {woman: new_id() for _group, woman, _name in women}
    given = ("shg", place.pk, formed, "new", "active", "weekly", f"{today:%a}".lower(), SAVING)
    for model, columns, rows in (
        (Institution,
         "id name kind place_id formed_on origin status meeting_frequency meeting_day saving_paise",
         [(group, ROSHNI(at), *given) for at, group in enumerate(made, start=1)]),
        (StatusTerm, "id institution_id status during",
         [(new_id(), group, "active", (formed, None)) for group in made]),
        (Household, "id place_id head_name", [(home, place.pk, "Ghulam Nabi") for home in homes.values()]),
        (Woman, "id household_id place_id name belonging_name relation born_year",
         [(woman, homes[woman], place.pk, name, "Ghulam Nabi", "husband", 1984) for _group, woman, name in women]),
        (Membership, "id woman_id institution_id kind during",
         [(new_id(), woman, group, "shg", (formed, None)) for group, woman, _name in women]),
    ):  # fmt: skip
        bulk.put(trail, model, columns.split(), rows, note="together")
    return made


def _books(trail: Any, groups: dict[Any, list[Any]], today: datetime.date) -> None:
    """Each woman has saved once, between two meetings."""
    from umeed.books import bulk as books_bulk
    from umeed.books.ledger import writing
    from umeed.books.models import Book
    from umeed.books.tests.making import entry, sheet
    from umeed.institutions import bulk

    opened = today - datetime.timedelta(days=10)
    books = dict(zip(groups, books_bulk.numbers("books_book_id_seq", len(groups)), strict=True))
    bulk.put(trail, Book, ["id", "institution_id", "opened_on"], [(books[group], group, opened) for group in groups],
             note="together")  # fmt: skip
    rupees = SAVING // 100

    def first(women: list[Any]) -> Any:
        saved = [entry("saving_compulsory", -rupees, woman=woman) for woman in women]
        return sheet(entry("cash", rupees * len(women)), *saved, on=opened.isoformat())

    writing.put_many([(books[group], first(women)) for group, women in groups.items()], by="")
    trail.rows("created", "books_sheet", [("", None, {"rows": len(groups)})])


if __name__ == "__main__":
    django.setup()
    print(json.dumps(many(sys.argv[1], int(sys.argv[2])), default=str))
