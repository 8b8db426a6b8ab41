"""A cut-off taken from another book: what that one says at the end of a day, as the document that begins a new one.

What was earned and spent until then is one figure, the surplus; everything else stands as it is there, loans with what
is overdue by day and with what they ask for later. So a book that begins with it goes on as the old one would.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

from django.db import connection

from umeed.books.heads import BY_KEY, BY_NUMBER, CHART
from umeed.books.ledger.balances import balances, kept_woman
from umeed.books.ledger.lent import lent_before
from umeed.books.ledger.running import RunningLoan, month_that_runs, running_loans
from umeed.books.ledger.terms import carried_terms, later_dues
from umeed.books.meetings.facts import savings_of_women, standing_meetings
from umeed.books.models import Book
from umeed.books.rules.carried import Carried, carried_demands, read_carried, taken_over
from umeed.books.rules.schedules import Due
from umeed.kernel.money import Paise

_HELD = """
SELECT l.head, l.body_id, sum(l.amount_paise) FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id
WHERE s.book_id = %(book)s AND s.on_date <= %(on)s AND l.head = ANY(%(heads)s) GROUP BY 1, 2 ORDER BY 1, 2
"""
_WHAT = {"saving_with_vo": "saving", "saving_with_clf": "saving", "share_with_vo": "share", "share_with_clf": "share",
         "on_the_way": "on_the_way"}  # fmt: skip
_KEPT = ("saving_of_body", "share_of_body")
_FUNDS = {"revolving_fund": "rf_received", "cif": "cif_received", "vrf": "vrf", "startup": "startup",
          "other_grant": "other_grant"}  # fmt: skip
_RESULT = (*(head.key for head in CHART if head.side in ("income", "expense")), "surplus_before")


def cut_off_from(book: Book, on: datetime.date, *, id: UUID) -> dict[str, Any]:
    """What a book says at the end of a day, as a document for `post_cut_off`, which judges it like any other.

    A loan gets another id, for it stands in another book. What cannot be begun with (a fund of less than nothing) stays
    as it is there, to be refused.
    """
    paise = balances(book.pk, on)
    loans = running_loans(book.pk, on, with_closed=True)
    lent = {uid: one.paise for uid, one in lent_before(book.pk, loans).items()}
    said = {
        "id": id, "on": on, "origin": "book", **_meetings(book, on),
        **{key: paise[key] for key in ("cash", "bank", "fixed_deposit", "insurance_policy") if paise.get(key)},
        **{field: -paise[key] for key, field in _FUNDS.items() if paise.get(key)},
        "surplus": -sum(paise.get(key, 0) for key in _RESULT),
        "surplus_why": "as in the book before",
        **_with_others(book, on),
        "savings": [
            {"woman": woman, "head": head, "paise": amount}
            for (woman, head), amount in sorted(savings_of_women(book, on).items(), key=str)
        ],
        "loans": [_running(one, on, id, lent.get(one.loan.uid)) for one in loans if not one.is_closed],
        "closed": _closed((one for one in loans if one.is_closed and one.off_on is None), lent),
    }  # fmt: skip
    return said


def _meetings(book: Book, on: datetime.date) -> dict[str, Any]:
    """How many were held, those before the book among them, and the last day."""
    held = standing_meetings(book).filter(held_on__lte=on, number__isnull=False)
    before = book.cut_offs.order_by("-version").values_list("meetings_before", flat=True).first() or 0
    last = held.order_by("-held_on").values_list("held_on", flat=True).first()
    return {"meetings_held": before + held.count(), "last_meeting": last}


def _with_others(book: Book, on: datetime.date) -> dict[str, list[dict[str, Any]]]:
    """What lies with those above, and what groups and VOs have here."""
    heads = [BY_KEY[key].number for key in (*_WHAT, *_KEPT)]
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"book": book.pk, "on": on, "heads": heads})
        rows = cursor.fetchall()
    sums = [(BY_NUMBER[head], body, int(paise)) for head, body, paise in rows if paise]
    return {
        "held": [
            {"body": body, "what": _WHAT[head.key], "paise": paise} for head, body, paise in sums if head.key in _WHAT
        ],
        "kept": [{"body": body, "head": head.key, "paise": -paise} for head, body, paise in sums if head.key in _KEPT],
    }


def _running(one: RunningLoan, on: datetime.date, id: UUID, lent: Paise | None) -> dict[str, Any]:
    loan, agreed, left = one.loan, one.agreement, carried_of(one)
    return {
        "loan": uuid5(loan.uid, f"cut-off/{id}"), "head": loan.head, "woman": kept_woman(loan.woman_id),
        "body": loan.body_id, "lender": loan.lender, "number": loan.number,
        "is_cash_credit": loan.is_cash_credit, "limit": one.limit or 0, "lent_on": loan.lent_on,
        "lent": max(lent or one.came_with, one.owed, 1), "outstanding": one.owed, "overdue": _parts(left.overdue),
        "rate_bp_a_year": agreed.rate_bp_a_year, "method": agreed.method, "frequency": agreed.frequency,
        "instalments": len(left.plan), "next_due": left.plan[0].on if left.plan else None,
        "source": loan.source, "purpose": loan.purpose, "plan": _parts(left.plan),
        "ahead": left.ahead, "first_due": left.first_due,
        "multiple": agreed.multiple_paise, "rounding": agreed.rounding_paise, "halves": agreed.halves,
        "part_month": agreed.part_month, "begun": left.begun,
        "repaid": [{"on": day, "principal": paise} for day, paise in left.repaid],
    }  # fmt: skip


def carried_of(one: RunningLoan) -> Carried:
    """What a book must know of a loan at the end of a day to go on with it as this one does."""
    agreed = one.agreement
    later = [due for due in later_dues(agreed) if one.on < due.on <= (one.lets_go_from or due.on)]
    was = read_carried(agreed.carried) if agreed.carried is not None else None
    begun, repaid = month_that_runs(one)
    left = taken_over(one.dues, later, one.settled, one.on)
    return replace(
        left, ahead=Paise(left.ahead + _ahead_left(one, was)), begun=begun, repaid=tuple(repaid),
        first_due=(was.first_due if was is not None else None) or agreed.first_due,
    )  # fmt: skip


def _ahead_left(one: RunningLoan, was: Carried | None) -> int:
    """Of interest that was paid ahead when this book took the loan over, what has not been asked for since."""
    if was is None or not was.ahead:
        return 0
    asked = carried_demands(replace(was, ahead=Paise(0)), carried_terms(one.agreement), one.settled, one.on)
    return was.ahead - (sum(due.interest for due in asked) - sum(due.interest for due in one.dues))


def _parts(dues: Iterable[Due]) -> list[dict[str, Any]]:
    return [{"on": due.on, "principal": due.principal, "interest": due.interest} for due in dues]


def _closed(loans: Iterable[RunningLoan], lent: Mapping[UUID, Paise]) -> list[dict[str, Any]]:
    sums: Mapping[tuple[str, UUID | None, UUID | None], list[int]] = defaultdict(lambda: [0, 0])
    for one in loans:
        body = one.loan.body_id if one.loan.head == "loan_to_body" else None
        both = sums[one.loan.head, kept_woman(one.loan.woman_id) if one.loan.woman_id else None, body]
        both[0] += 1
        both[1] += lent.get(one.loan.uid, one.came_with)
    return [
        {"head": head, "woman": woman, "body": body, "count": count, "paise": paise}
        for (head, woman, body), (count, paise) in sums.items()
    ]
