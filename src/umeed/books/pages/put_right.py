"""What was put right of a meeting in a later month, in words: whose, what, and how much more or less it is."""

from __future__ import annotations

from collections.abc import Container
from typing import Any
from uuid import UUID

from umeed.books.actions.differing import put_right_by
from umeed.books.heads import BY_KEY, BY_NUMBER
from umeed.books.models import Line, Meeting
from umeed.books.naming import women_called
from umeed.books.registers.cash import flow_title
from umeed.core.models import AuditEntry
from umeed.kernel.money import Paise

_CASH_HEADS = (BY_KEY["cash_over"].number, BY_KEY["cash_short"].number)
# Head, woman and loan of a line.
Account = tuple[int, UUID | None, int | None]


def put_right_of(held: Meeting) -> list[dict[str, Any]]:
    """What was put right of it in a later month: when, why, whose and how much more or less."""
    sheets = put_right_by(held)
    went_out = _went_out(held) if sheets else set()
    found = []
    for sheet in sheets:
        lines = list(sheet.lines.exclude(head__in=_CASH_HEADS).order_by("woman__name", "position"))
        called = women_called(line.woman_id for line in lines)
        why = AuditEntry.objects.filter(did="put_right", subject_id=str(sheet.pk)).values_list("why", flat=True).first()
        found.append({"on": sheet.on_date, "why": why or "", "lines": [
            {"what": what, "paise": Paise(abs(paise)), "is_more": (paise > 0) == is_out}
            for what, paise, is_out in (_differs(one, called.get(one.woman_id, ""), went_out) for one in lines)
        ]})  # fmt: skip
    return found


def _went_out(held: Meeting) -> set[Account]:
    """What the meeting paid out under a head, of whom and on which loan, where nothing came in under it too."""
    lines = list(Line.objects.filter(sheet=held.sheet_id).values_list("head", "woman", "loan", "amount_paise"))
    came = {(head, woman, loan) for head, woman, loan, paise in lines if paise < 0}
    return {(head, woman, loan) for head, woman, loan, paise in lines if paise > 0} - came


def _differs(line: Line, name: str, went_out: Container[Account]) -> tuple[str, int, bool]:
    """(what it is, by how much it differs, whether that went out). What the meeting said nothing of came in."""
    is_out = (line.head, line.woman_id, line.loan_id) in went_out
    title = flow_title(BY_NUMBER[line.head].key, is_receipt=not is_out)
    return " · ".join(filter(None, (name, title))), line.amount_paise, is_out
