"""What a demonstration shows besides a year that is over: a meeting half written, two for one place, a closed month,
money on the way. Written through the actions, by the people who sign in."""

from __future__ import annotations

import copy
import datetime
from typing import Any
from uuid import UUID, uuid5

from umeed.access.models import User
from umeed.access.scope import scope_of
from umeed.books.actions import begin_meeting, close_meeting, lock_month
from umeed.books.actions.bodies import BodyTerms, lend_to_body
from umeed.books.actions.posting import Conflict
from umeed.books.bodies.facts import before_day
from umeed.books.meetings.facts import standing_meetings
from umeed.books.models import Book
from umeed.core.scope import Scope
from umeed.core.viewer import as_viewer
from umeed.institutions.models import Federation
from umeed.kernel.money import Paise
from umeed.simulator.books.this_week import begun
from umeed.simulator.books.year import VO_DAY, monthly

SECOND = Paise(25_000_00)
"""The second part of the investment fund."""


def show(group: UUID) -> None:
    """In the books of the group whose bookkeeper signs in, and of its VO."""
    keeper, lender = _scope_of("group"), _scope_of("vo")
    if lender is not None:
        with as_viewer(lender.viewer):
            _lend_second_part(lender, group)
    if keeper is not None:
        with as_viewer(keeper.viewer):
            book = Book.objects.select_related("institution").get(institution=group)
            _close_first_months(keeper, book)
            _write_again(keeper, book)
            _begin(keeper, book)


def _scope_of(username: str) -> Scope | None:
    user = User.objects.filter(username=username).first()
    return scope_of(user) if user is not None else None


def _lend_second_part(by: Scope, group: UUID) -> None:
    """The VO lends today; the group has not counted it yet, so it is on the way."""
    above = Federation.objects.filter(member=group, during__contains=by.today).values("above")
    book = Book.objects.filter(institution__in=above, institution__kind="vo").select_related("institution").first()
    if book is None:
        return
    facts = before_day(book, by.today, today=by.today).facts
    if min(facts.bank, facts.sources.get("cif", Paise(0))) < SECOND or group not in facts.below:
        return
    first = monthly(by.today + datetime.timedelta(days=20), VO_DAY)
    terms = BodyTerms(group, SECOND, 1_200, "balance", 20, first, part_month="days")
    lend_to_body(by=by, book=book, loan=uuid5(group, "second part"), on=by.today, terms=terms)


def _close_first_months(by: Scope, book: Book) -> None:
    month = monthly(book.opened_on, 1)
    for _ in range(2):
        lock_month(by=by, book=book, month=month)
        month = monthly(month, 1)


def _write_again(by: Scope, book: Book) -> None:
    """The last meeting comes once more, from another phone: the same number, one saving more."""
    last = standing_meetings(book).filter(number__isnull=False, sheet__isnull=False).order_by("-number").first()
    if last is None or not last.said.get("savings"):
        return
    said: dict[str, Any] = copy.deepcopy(last.said)
    said["id"] = str(uuid5(last.pk, "again"))
    for part in ("requests", "decisions", "lendings"):
        said.pop(part, None)
    more = said["savings"][0]["paise"]
    said["savings"][0]["paise"] += more
    said["counted"] += more
    try:
        close_meeting(by=by, book=book, said=said, is_sure=True)
    except Conflict:
        return


def _begin(by: Scope, book: Book) -> None:
    """This week's meeting: who came and what was saved is written, the rest is not."""
    said, _known = begun(book, by.today)
    meeting = uuid5(book.institution_id, f"open/{said['on']}")
    said |= {"id": str(meeting), "page": {"done": ["attendance", "savings"]}}
    begin_meeting(by=by, book=book, id=meeting, said=said)
