"""Reads sheets with their lines, and the names of whom they are about. Every register begins here."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext, pgettext

from umeed.books.heads import BY_NUMBER, Head
from umeed.books.ledger.balances import kept_women
from umeed.books.ledger.off import WRITES_OFF
from umeed.books.ledger.others import bodies_called
from umeed.books.models import Book, CutOff, Meeting, Sheet
from umeed.books.naming import women_called
from umeed.core.models import AuditChange
from umeed.core.templatetags.umeed_text import day as written_day

_SHEETS = f"""
SELECT s.id, s.on_date, s.kind, coalesce(o.kind, s.kind), s.reverses_id, r.id, m.id, m.number,
    coalesce(o.event, s.event), {WRITES_OFF}, l.head, l.amount_paise, l.woman_id, l.loan_id, l.body_id
FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
LEFT JOIN books_sheet r ON r.reverses_id = s.id
LEFT JOIN books_sheet o ON o.id = s.reverses_id
LEFT JOIN books_meeting m ON m.sheet_id = coalesce(s.reverses_id, s.id)
WHERE s.book_id = %(book)s AND s.on_date >= %(first)s AND s.on_date <= %(last)s
    AND (%(heads)s::smallint[] IS NULL OR l.head = ANY(%(heads)s))
    AND (%(woman)s::uuid IS NULL OR l.woman_id IN (SELECT umeed_merged_women(%(woman)s)))
    AND (%(loan)s::bigint IS NULL OR l.loan_id = %(loan)s)
    AND (NOT %(between)s OR coalesce(o.event, s.event) IS NOT NULL OR EXISTS (
        SELECT FROM books_line w WHERE w.sheet_id = s.id AND w.head = 119))
ORDER BY s.on_date, s.id, l.position
"""  # noqa: S608
_WOMEN = "SELECT DISTINCT l.woman_id FROM books_line l JOIN books_sheet s ON s.id = l.sheet_id WHERE s.book_id = %s"


@dataclass(frozen=True, slots=True)
class Post:
    """A line: debits positive. `woman` is the record that is kept of her, `as_posted` the one that the line names.

    `whom` is the other body of a line that an event tells of money on the way (`registers/between`); with
    `was_on_the_way` the sheet itself only says that it was on the way.
    """

    head: Head
    paise: int
    woman: UUID | None
    loan: int | None
    body: UUID | None
    as_posted: UUID | None = None
    whom: UUID | None = None
    was_on_the_way: bool = False


@dataclass(slots=True)
class Entered:
    """A sheet with those of its lines that were asked for. `nature` and `meeting` are its own kind and meeting; of a
    sheet that takes another back, those of the other."""

    sheet: int
    on: datetime.date
    kind: int
    nature: int
    reverses: int | None
    reversed_by: int | None
    meeting: UUID | None
    number: int | None
    # What happened between two bodies; of a sheet that takes it back, the same.
    event: UUID | None = None
    # Whether it writes a loan off, or takes that back.
    is_off: bool = False
    posts: list[Post] = field(default_factory=list)
    # The bodies whose events stand in it: see `registers/between`.
    sent_on: frozenset[UUID] = frozenset()

    @property
    def is_struck(self) -> bool:
        """Whether it was taken back, or takes another back: together they are nothing."""
        return self.reverses is not None or self.reversed_by is not None

    def sum(self, *heads: str) -> int:
        """Debits less credits under these heads."""
        return sum(post.paise for post in self.posts if post.head.key in heads)

    def both_sides(self) -> tuple[Entered, Entered]:
        """What it received and what it paid, each with those lines alone. What takes something back stands on the side
        of what it takes back."""
        came = [post for post in self.posts if (post.paise < 0) != (self.reverses is not None)]
        went = [post for post in self.posts if (post.paise > 0) != (self.reverses is not None)]
        return replace(self, posts=came), replace(self, posts=went)


def sheets(
    book: Book, first: datetime.date | None, last: datetime.date, *,
    heads: Collection[Head] | None = None, woman: UUID | None = None, loan: int | None = None, between: bool = False,
) -> list[Entered]:  # fmt: skip
    """Sheets of a stretch of days (from the beginning without `first`) in order; with `between` those alone of what
    happened between two bodies. Two questions."""
    asked = {
        "book": book.pk, "first": first or datetime.date.min, "last": last, "woman": woman, "loan": loan,
        "between": between,
        "heads": None if heads is None else [head.number for head in heads],
    }  # fmt: skip
    found: dict[int, Entered] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SHEETS, asked)
        for (
            sheet, on, kind, nature, reverses, by, meeting, number, event, is_off, head, paise, who, of, body,
        ) in cursor.fetchall():  # fmt: skip
            one = found.get(sheet)
            if one is None:
                one = found[sheet] = Entered(sheet, on, kind, nature, reverses, by, meeting, number, event, is_off)
            one.posts.append(Post(BY_NUMBER[head], paise, who, of, body, who))
    kept = kept_women({post.woman for one in found.values() for post in one.posts if post.woman})
    for one in found.values():
        one.posts = [replace(post, woman=kept[post.woman]) if post.woman else post for post in one.posts]
    return list(found.values())


def women_in(book: Book) -> set[UUID]:
    """Everybody whom the book has ever named, by the record that is kept of her. Two questions."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_WOMEN} AND l.woman_id IS NOT NULL", [book.pk])
        named = {row[0] for row in cursor.fetchall()}
    return set(kept_women(named).values())


# Names --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Names:
    """What women and bodies are called; who is out of sight is told by what she is."""

    women: Mapping[UUID, str]
    bodies: Mapping[UUID, str]

    def woman(self, pk: UUID | None) -> str:
        return self.women.get(pk) or gettext("a former member") if pk else ""

    def who(self, pk: UUID | None) -> str:
        """Who comes to a meeting: a woman, or in the books of VOs and CLFs a body."""
        return self.bodies.get(pk) or self.woman(pk)  # type: ignore[arg-type]

    def body(self, pk: UUID | None) -> str:
        return self.bodies.get(pk) or gettext("VO or CLF") if pk else ""


def names(women: Iterable[UUID | None] = (), bodies: Iterable[UUID | None] = ()) -> Names:
    """Two questions, one more where a body is out of reach."""
    who, what = {pk for pk in women if pk}, {pk for pk in bodies if pk}
    return Names(
        women_called(who),
        bodies_called(what),
    )


def names_in(found: Iterable[Entered]) -> Names:
    """Names of everybody in these sheets."""
    posts = [post for one in found for post in one.posts]
    return names((post.woman for post in posts), (pk for post in posts for pk in (post.body, post.whom)))


def reasons_of(found: Sequence[Entered]) -> dict[int, str]:
    """{sheet that takes another back, or writes a loan off: why}, from who did what; of what puts a meeting or a
    cut-off right also which. One question, three more where something was adjusted."""
    why = why_of(one.sheet for one in found if one.reverses is not None or one.is_off)
    return why | _put_right(found, why)


def _put_right(found: Sequence[Entered], why_back: Mapping[int, str]) -> dict[int, str]:
    """{sheet that puts right what was written in a closed month, or takes that back: of which meeting or cut-off, and
    why}. Three questions."""
    adjusted = [one for one in found if one.nature == Sheet.Kind.ADJUSTMENT and not one.is_off]
    asked = {str(one.reverses or one.sheet) for one in adjusted}
    if not asked:
        return {}
    told = AuditChange.objects.filter(
        table="books_sheet", kind=AuditChange.CREATED, subject_id__in=asked, after__has_key="puts_right"
    ).values_list("subject_id", "after__puts_right", "entry__why")  # fmt: skip
    rows = list(told)
    asked_of = [UUID(of) for _sheet, of, _why in rows]
    held = {pk: _which(one) for pk, one in Meeting.objects.in_bulk(asked_of).items()}
    if left := set(asked_of) - held.keys():
        held |= {pk: _which_cut_off(one) for pk, one in CutOff.objects.select_related("sheet").in_bulk(left).items()}
    which = {int(sheet): (held[UUID(of)], why) for sheet, of, why in rows if UUID(of) in held}
    told = {}
    for one in adjusted:
        if one.reverses is not None:
            what, _why = which.get(one.reverses) or (_an_entry(), "")
            told[one.sheet] = " · ".join(filter(None, (what, why_back.get(one.sheet, ""))))
        elif one.sheet in which:
            told[one.sheet] = " · ".join(filter(None, which[one.sheet]))
    return told


def _an_entry() -> str:
    return pgettext("something in a book that was taken back", "an entry")


def _which(held: Meeting) -> str:
    said = {"number": held.number, "day": written_day(held.held_on)}
    if held.number is None:
        return gettext("Put right: the meeting of %(day)s") % said
    return gettext("Put right: meeting %(number)s of %(day)s") % said


def _which_cut_off(row: CutOff) -> str:
    return gettext("Put right: the cut-off of %(day)s") % {"day": written_day(row.sheet.on_date)}


def why_of(sheets: Iterable[int]) -> dict[int, str]:
    """{sheet: why} of sheets that take others back or write a loan off. One question."""
    asked = [str(sheet) for sheet in sheets]
    if not asked:
        return {}
    told = AuditChange.objects.filter(table="books_sheet", kind=AuditChange.CREATED, subject_id__in=asked)
    return {int(sheet): why for sheet, why in told.values_list("subject_id", "entry__why")}


def by_day(found: Iterable[Entered]) -> dict[datetime.date, list[Entered]]:
    days: dict[datetime.date, list[Entered]] = defaultdict(list)
    for one in found:
        days[one.on].append(one)
    return days


def called(one: Entered, why: str = "") -> str:
    """What a sheet is, as a register says it: "Meeting 12", "Taken back: Meeting 12 · Sixty, not fifty". What puts a
    meeting or a cut-off right, or takes that back, is called by what `reasons_of` says of it."""
    if one.nature == Sheet.Kind.ADJUSTMENT and why and not one.is_off:
        what, why = why, ""
    elif one.is_off:
        what = gettext("Written off")
    elif one.number is not None:
        what = gettext("Meeting %(number)s") % {"number": one.number}
    elif one.reverses is not None:
        what = _an_entry()
    else:
        what = str(Sheet.Kind(one.kind).label)
    if one.reverses is not None:
        told = gettext("Taken back: %(what)s") % {"what": what}
        return f"{told} · {why}" if why else told
    if why:
        what = f"{what} · {why}"
    return gettext("%(what)s (taken back later)") % {"what": what} if one.reversed_by is not None else what
