"""A year of books as the simulator invents it, but for its last week: of that the meetings' documents are kept, to be
sent as phones would send them, each by the bookkeeper of its group."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from django.db import connection

from umeed.access.models import Posting, User
from umeed.core.audit import Trail, audited
from umeed.core.roles import work_as_app, work_as_owner
from umeed.core.scope import Scope
from umeed.core.viewer import as_system
from umeed.institutions import bulk
from umeed.simulator import mission
from umeed.simulator.books import rows as columns
from umeed.simulator.books.loading import invent, span_of, write
from umeed.simulator.books.reading import Bundle, Known, bundles, read
from umeed.simulator.books.rows import Rows
from umeed.simulator.books.year import Span

Told = Callable[[str], None]
WEEKS = 53
"""A year, and the week that is sent."""
GROUPS_EACH = 11
"""Of groups without a VO one bookkeeper keeps so many; of others those of the VO."""
_COUNTED_AFTER = (0, 3, 20)
_TABLE = """
CREATE TABLE IF NOT EXISTS bench_week (
    bookkeeper uuid NOT NULL, book integer NOT NULL, institution uuid PRIMARY KEY, said jsonb NOT NULL)
"""
_DOCUMENTS = """
SELECT bookkeeper, book, institution, said::text FROM (
    SELECT w.*, sum(count(*)) OVER (ORDER BY md5(bookkeeper::text)) AS before FROM bench_week w GROUP BY institution
) w WHERE before <= %s ORDER BY md5(bookkeeper::text), institution
"""
# Of each table of rows the column that says on which day a row came.
_DATED = {
    "bylaws": columns.BYLAW.index("since"), "requests": columns.REQUEST.index("asked_on"),
    "decisions": columns.DECISION.index("decided_on"), "loans": columns.LOAN.index("lent_on"),
    "gradings": columns.GRADING.index("graded_on"), "leaving": 2,
}  # fmt: skip


@dataclass(frozen=True)
class Document:
    """What a group's bookkeeper wrote in the week."""

    book: int
    institution: UUID
    said: dict[str, Any]


def week_of(span: Span) -> datetime.date:
    """The Monday of the last week."""
    return span.end - datetime.timedelta(weeks=1)


def fill(by: Scope, told: Told, *, groups: int) -> None:
    """Books with their year for at least so many groups, whole CLFs at a time; what was broken off goes on."""
    span = span_of(WEEKS)
    _make_table()
    with as_system():
        there, todo = kept(), bundles(None, span.now.date())
    # Those with a VO and a CLF first: they are most of a mission.
    for at, bundle in enumerate(sorted(todo, key=lambda one: -len(one.ties))):
        if there >= groups:
            break
        there += _fill(bundle, by, span)
        told(f"Books of {there:,} groups")
        if at in _COUNTED_AFTER:
            _count()


def kept() -> int:
    """How many documents are there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bench_week")
        return int(cursor.fetchone()[0])


def _count() -> None:
    """Statistics of the first books: PostgreSQL goes by how small the tables were, until it has counted them."""
    work_as_owner()
    try:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    finally:
        work_as_app()


def _make_table() -> None:
    work_as_owner()
    try:
        with connection.cursor() as cursor:
            cursor.execute(_TABLE)
    finally:
        work_as_app()


def _fill(bundle: Bundle, by: Scope, span: Span) -> int:
    """One bundle, all or nothing; answers how many documents it left."""
    with as_system():
        known = read(bundle, span)
        made = invent(known, span, mission.SEED)
        before, documents = parted(made, known, week_of(span))
        with audited(by=by, did="invent_books", why="A year of meetings to be measured") as trail:
            write(before, trail, by=by.viewer)
            _keep(documents, _people(known, trail, span.first))
    return len(documents)


def parted(made: Rows, known: Known, until: datetime.date) -> tuple[Rows, list[Document]]:
    """What came before a day, and the documents of the groups' meetings since."""
    before = replace(made, **{
        name: [row for row in getattr(made, name) if row[at] < until] for name, at in _DATED.items()
    })  # fmt: skip
    lent = {row[0] for row in before.loans}
    since, loan = columns.AGREEMENT.index("since"), columns.AGREEMENT.index("loan_id")
    before.agreements = [row for row in made.agreements if row[loan] in lent and row[since] < until]
    before.sheets = [one for one in made.sheets if one[1].on < until]
    before.derived = [one for one in made.derived if one[1].on < until]
    before.mirrors = [one for one in made.mirrors if one.draft.on < until]
    before.meetings = [one for one in made.meetings if one.on < until]
    groups = {book: group for book, group, _since in made.books if group in {one.id for one in known.groups}}
    # Of one that was corrected at once the right document.
    last = {one.book: one.said for one in made.meetings if one.on >= until and one.kind == "regular"}
    return before, [Document(book, groups[book], said) for book, said in last.items() if book in groups]


def _people(known: Known, trail: Trail, since: datetime.date) -> dict[UUID, UUID]:
    """{group: its bookkeeper}, each with a posting at each of her groups."""
    keeps: dict[UUID, UUID] = {}
    loose = [one for one in known.groups if one.vo is None]
    for one in known.groups:
        at = one.vo.id if one.vo is not None else loose[loose.index(one) // GROUPS_EACH * GROUPS_EACH].id
        keeps[one.id] = uuid5(at, "bookkeeper")
    people = ((who, f"bench-{who}", "Bookkeeper", "!") for who in dict.fromkeys(keeps.values()))
    bulk.put(trail, User, ["id", "username", "name", "password"], people, note="together")
    Posting.objects.bulk_create(
        Posting(user_id=who, role="group_bookkeeper", institution_id=group, during=(since, None))
        for group, who in keeps.items()
    )
    return keeps


def _keep(documents: Sequence[Document], keeps: dict[UUID, UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO bench_week VALUES (%s, %s, %s, %s)",
            [(keeps[one.institution], one.book, one.institution, json.dumps(one.said)) for one in documents],
        )


def letters(most: int) -> Iterator[tuple[UUID, list[Document]]]:
    """(bookkeeper, the documents of her groups) of so many documents or a few more, in an order that has nothing to do
    with where they are."""
    with connection.cursor() as cursor:
        cursor.execute(_DOCUMENTS, [most])
        rows: Iterable[Any] = cursor.fetchall()
    found: dict[UUID, list[Document]] = {}
    for who, book, institution, said in rows:
        found.setdefault(who, []).append(Document(book, institution, json.loads(said)))
    yield from found.items()
