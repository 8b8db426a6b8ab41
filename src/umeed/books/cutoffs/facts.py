"""What is known of a group, VO or CLF before its cut-off: who belonged, what lies above it, what its book holds."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max, Min, QuerySet

from umeed.books.cutoffs.documents import CutOffDocument
from umeed.books.ledger.others import above
from umeed.books.meetings.facts import MEETINGS_A_YEAR, standing_meetings
from umeed.books.models import Book, Bylaw, CutOff, Loan, MonthLock, Sheet
from umeed.books.naming import women_called
from umeed.books.rules.cutoffs import Facts
from umeed.books.rules.sheets import month_of
from umeed.institutions.models import Federation, Institution, Membership
from umeed.institutions.naming import memberships_called

_REPAID = """
SELECT DISTINCT o.uid, o.woman_id, i.name FROM books_line l
JOIN books_sheet s ON s.id = l.sheet_id JOIN books_loan o ON o.id = l.loan_id
LEFT JOIN institutions_institution i ON i.id = o.body_id AND o.way = 'given'
WHERE l.book_id = %(book)s AND s.book_id = %(book)s AND o.uid = ANY(%(loans)s) AND s.id <> %(sheet)s AND s.kind <> 6
    AND NOT EXISTS (SELECT FROM books_sheet r WHERE r.reverses_id = s.id)
"""


def standing_cut_off(book: Book) -> CutOff | None:
    """The cut-off that holds: neither corrected nor taken back."""
    return cut_offs_of(book).filter(sheet__reversed_by__isnull=True).first()


def cut_offs_of(book: Book) -> QuerySet[CutOff]:
    return CutOff.objects.filter(book=book).select_related("sheet").order_by("-version")


def meetings_in(book: Book) -> int:
    """How many meetings were held under the book."""
    return standing_meetings(book).filter(number__isnull=False).count()


def members_until(institution: Institution, on: datetime.date) -> tuple[dict[UUID, str], list[UUID]]:
    """{woman, or group or VO: name} of all who belonged by a day, by name; those who belonged on it. One question."""
    rows: Iterable[tuple[UUID, str, Any]]
    if institution.kind == "shg":
        ties = Membership.objects.filter(institution=institution)
        rows = ((woman, name, during) for woman, name, (during,) in memberships_called(ties, "during"))
    else:
        below = Federation.objects.filter(above=institution).order_by("member__name", "member")
        rows = below.values_list("member", "member__name", "during")
    all_of_them: dict[UUID, str] = {}
    present = []
    for pk, name, during in rows:
        if during.lower is None or during.lower > on:
            continue
        all_of_them[pk] = name
        if during.upper is None or during.upper > on:
            present.append(pk)
    return all_of_them, present


def facts_of(
    group: Institution,
    book: Book | None,
    document: CutOffDocument,
    *,
    today: datetime.date,
    corrects: UUID | None = None,
    why: str = "",
) -> Facts:
    """All that the rules ask about. A fixed number of questions, whatever the group's size."""
    members, present = members_until(group, document.on)
    bodies = {body: kind for body, (kind, _name) in above(group.pk, document.on).items()}
    common = {
        "today": today, "formed_on": group.formed_on, "members": members, "present": present, "bodies": bodies,
        "kind": group.kind, "is_correction": corrects is not None, "why": why,
        "meetings_a_year": MEETINGS_A_YEAR.get(group.meeting_frequency, 52),
    }  # fmt: skip
    return Facts(**common, **(_of_book(book, document, corrects) if book is not None else _without(corrects)))


def _without(corrects: UUID | None) -> dict[str, Any]:
    return {"corrects_standing": corrects is None}


def _of_book(book: Book, document: CutOffDocument, corrects: UUID | None) -> dict[str, Any]:
    now = standing_cut_off(book)
    old = now if now is not None and now.pk == corrects else None
    days = [document.on, *([old.sheet.on_date] if old is not None else [])]
    return {
        "corrects_standing": corrects is None or old is not None,
        "stands": now.sheet.on_date if now is not None and old is None and corrects is None else None,
        "first_other": _first_other(book, now),
        "meetings": meetings_in(book),
        "locked": _locked(book, days),
        "used": _used(book, document),
        "repaid": repaid_since(book, old) if old is not None else {},
        "linked": linked_of(book, old) if old is not None else {},
        "cash_before": old.said.get("cash", 0) if old is not None else None,
        "charges": _charges(book),
    }


def _charges(book: Book) -> int | None:
    """What the group takes a year by its first own rules: they are the nearest to its past."""
    return Bylaw.objects.filter(book=book).order_by("since").values_list("rate_bp_a_year", flat=True).first()


def _locked(book: Book, days: Iterable[datetime.date]) -> list[datetime.date]:
    last = MonthLock.objects.filter(book=book).aggregate(last=Max("month"))["last"]
    return [day for day in days if last is not None and month_of(day) <= last]


def _first_other(book: Book, cut_off: CutOff | None) -> datetime.date | None:
    """The earliest day of what stands in the book beside its cut-off."""
    sheets = Sheet.objects.filter(book=book, reversed_by__isnull=True).exclude(kind=Sheet.Kind.REVERSAL)
    if cut_off is not None:
        sheets = sheets.exclude(pk=cut_off.sheet_id)
    days = [
        sheets.aggregate(first=Min("on_date"))["first"],
        standing_meetings(book).aggregate(first=Min("held_on"))["first"],
    ]
    return min((day for day in days if day), default=None)


def _used(book: Book, document: CutOffDocument) -> set[UUID]:
    """Loans of the document that stand in the books as somebody else's."""
    wanted = {loan.loan: loan for loan in document.loans}
    rows = Loan.objects.filter(uid__in=list(wanted)).values_list("uid", "book", "head", "woman", "body")
    return {
        uid for uid, in_book, *whose in rows
        if in_book != book.pk or whose != [wanted[uid].head, wanted[uid].woman, wanted[uid].body]
    }  # fmt: skip


def linked_of(book: Book, cut_off: CutOff) -> dict[UUID, int]:
    """{loan of a cut-off that stands in another body's book too: what the cut-off says is owed}."""
    said = {UUID(one["loan"]): one["outstanding"] for one in cut_off.said.get("loans", ())}
    rows = Loan.objects.filter(book=book, uid__in=list(said), twin__isnull=False).values_list("uid", flat=True)
    return {uid: said[uid] for uid in rows}


def repaid_since(book: Book, cut_off: CutOff) -> dict[UUID, str]:
    """{loan of a cut-off on which something moved since: whose it is, empty for one that was taken}."""
    loans = [UUID(one["loan"]) for one in cut_off.said.get("loans", ())]
    with connection.cursor() as cursor:
        cursor.execute(_REPAID, {"book": book.pk, "loans": loans, "sheet": cut_off.sheet_id})
        rows = cursor.fetchall()
    called = women_called(woman for _loan, woman, _name in rows)
    return {loan: called.get(woman, name or "") for loan, woman, name in rows}
