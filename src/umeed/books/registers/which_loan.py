"""Which of several loans something is about: said of a woman or body that has more than one, or of a lender that gave
more than one, by its day and amount."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext

from umeed.books.codes import Purpose
from umeed.core.templatetags.umeed_text import day as written_day
from umeed.core.templatetags.umeed_text import left_to_right
from umeed.kernel.money import rupees

# Loans that ran on a day or later and were lent until it, each with whose it is. What was lent before the book began
# stands in the cut-off; the terms then begin with what was owed.
_RAN = """
SELECT o.id, concat_ws(' ', o.way, umeed_kept_woman(o.woman_id), o.body_id, o.lender, o.number),
    o.lent_on, o.purpose, coalesce((
    SELECT (e->>'lent')::bigint
    FROM (SELECT said FROM books_cutoff c WHERE c.book_id = o.book_id ORDER BY c.version DESC LIMIT 1) c,
        jsonb_array_elements(c.said->'loans') e WHERE e->>'loan' = o.uid::text
), (SELECT a.principal_paise FROM books_agreement a WHERE a.loan_id = o.id ORDER BY a.since LIMIT 1), 0)
FROM books_loan o WHERE o.book_id = %(book)s AND o.lent_on <= %(on)s AND (
    EXISTS (
        SELECT FROM books_line l JOIN books_sheet s ON s.id = l.sheet_id
        WHERE l.loan_id = o.id AND s.on_date >= %(since)s)
    OR 0 <> (
        SELECT coalesce(sum(l.amount_paise), 0) FROM books_line l JOIN books_sheet s ON s.id = l.sheet_id
        WHERE l.loan_id = o.id AND s.on_date < %(since)s AND l.head IN (111, 112, 211, 212, 213, 219)))
ORDER BY o.lent_on, o.id
"""


@dataclass(frozen=True, slots=True)
class _Lent:
    on: datetime.date
    purpose: str
    paise: int


def which_loans(book: int, on: datetime.date, *, since: datetime.date | None = None) -> dict[int, str]:
    """{loan: as “Loan of 12 May 2026, ₹10,000”} of those with several loans that ran on a day, or at any time since
    another one. One question."""
    hers: dict[str, dict[int, _Lent]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_RAN, {"book": book, "on": on, "since": since or on})
        for loan, whose, lent_on, purpose, paise in cursor.fetchall():
            hers[whose][loan] = _Lent(lent_on, purpose, int(paise))
    return {loan: told for lent in hers.values() if len(lent) > 1 for loan, told in _apart(lent).items()}


def _apart(lent: Mapping[int, _Lent]) -> dict[int, str]:
    """By day and amount; where these are the same by what each is for, and then by a number."""
    told = {loan: _called(one) for loan, one in lent.items()}
    for alike in _alike(told):
        told |= {loan: f"{told[loan]} · {Purpose(lent[loan].purpose or 'other').label}" for loan in alike}
    for alike in _alike(told):
        told |= {loan: f"{told[loan]} · {at}" for at, loan in enumerate(alike, 1)}
    return told


def _called(one: _Lent) -> str:
    said = {"day": written_day(one.on), "paise": left_to_right(rupees(one.paise))}
    return gettext("Loan of %(day)s, %(paise)s") % said


def _alike(told: Mapping[int, str]) -> Iterable[list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for loan, words in told.items():
        found[words].append(loan)
    return [loans for loans in found.values() if len(loans) > 1]
