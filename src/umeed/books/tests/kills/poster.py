"""The process that is killed: it posts sheets one after the other and says of each when it was told that it is in."""

from __future__ import annotations

import datetime
import os
from random import Random
from uuid import UUID, uuid5

from django.db import connection
from django.db.models import Max

from umeed.books.actions import close_meeting, post_sheet
from umeed.books.ledger.balances import balances
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.ledger.writing import put_many
from umeed.books.models import Book, Meeting, Sheet
from umeed.books.tests.making import BEGAN
from umeed.core.viewer import as_system
from umeed.institutions.models import Membership
from umeed.institutions.tests.making import us
from umeed.kernel.money import Paise

NAMES = UUID("b9cf7a0e-5a8e-4b1c-9d3e-0f1c53b7a9d4")
MOST_MEETINGS = 700
BATCH = 25


class Poster:
    """Posts what follows from its seed: the same seed makes the same sheets, so that another may send them again."""

    def __init__(self, seed: int, say: int) -> None:
        self.seed, self.say = seed, say
        with as_system():
            self.books = list(Book.objects.order_by("pk"))
            self.women = {book.pk: _women(book) for book in self.books}
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                (backend,) = cursor.fetchone()
        self._say("ready", str(backend))

    def _say(self, *words: str) -> None:
        os.write(self.say, (" ".join(words) + "\n").encode())

    def go_on(self, first: int = 0) -> None:
        for number in range(first, 10_000):
            self.one(number)

    def one(self, number: int) -> None:
        """One piece of work: a sheet, very many at once, or a meeting. Says what it tries, and when that is in."""
        chance = Random(f"{self.seed}/{number}")
        way = chance.choice(["single", "single", "single", "bulk", "meeting"])
        self._say("try", way, str(self.seed), str(number))
        count = getattr(self, f"_{way}")(number, chance)
        self._say("in", way, str(self.seed), str(number), str(count))

    def _single(self, number: int, chance: Random) -> int:
        book, draft = self.draft(number, 0, chance)
        with as_system():
            post_sheet(by=us(), book=book, draft=draft)
        return 1

    def _bulk(self, number: int, chance: Random) -> int:
        drafts = [self.draft(number, at, chance) for at in range(BATCH)]
        # Sent again after a kill: very many go in by COPY, which knows none of them.
        with as_system():
            if not Sheet.objects.filter(uid__in=[draft.uid for _book, draft in drafts]).exists():
                put_many(drafts, by="system")
        return BATCH

    def draft(self, number: int, at: int, chance: Random) -> tuple[int, Draft]:
        book = self.books[chance.randrange(0, len(self.books) // 2)].pk
        on = BEGAN + datetime.timedelta(days=chance.randrange(700))
        saved = [
            Entry("saving_compulsory", Paise(-chance.randrange(1, 10**6)), woman=woman) for woman in self.women[book]
        ]
        whole = Entry("cash", Paise(-sum(one.amount for one in saved)))
        return book, Draft(uid_of(self.seed, number, at), on, Sheet.Kind.BANK, (whole, *saved))

    def _meeting(self, number: int, chance: Random) -> int:
        """The next meeting of a book that holds meetings only, with its savings and the cash that they make."""
        book = self.books[chance.randrange(len(self.books) // 2, len(self.books))]
        uid = uid_of(self.seed, number, 0)
        with as_system():
            if Meeting.objects.filter(pk=uid).exists():
                return 1
            last = Meeting.objects.filter(book=book).aggregate(last=Max("number"))["last"] or 0
            if last >= MOST_MEETINGS:
                return 0
            on = BEGAN + datetime.timedelta(days=last)
            women, paise = self.women[book.pk], chance.randrange(1, 10**5)
            counted = balances(book.pk, on).get("cash", 0) + paise * len(women)
            said = {
                "id": str(uid), "number": last + 1, "on": str(on), "president": str(women[0]), "counted": counted,
                "attendance": {str(woman): "present" for woman in women},
                "savings": [{"woman": str(woman), "head": "saving_optional", "paise": paise} for woman in women],
            }  # fmt: skip
            close_meeting(by=us(), book=book, said=said, is_sure=True)
        return 1


def _women(book: Book) -> list[UUID]:
    ties = Membership.objects.filter(institution=book.institution_id)
    return list(ties.order_by("woman").values_list("woman", flat=True))


def uid_of(seed: int, number: int, at: int) -> UUID:
    return uuid5(NAMES, f"{seed}/{number}/{at}")
