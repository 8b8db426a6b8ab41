"""A document as it would have been typed: what a correction begins with."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from umeed.books.cutoffs.documents import CutOffDocument, Running
from umeed.books.pages.cutoff.forms import GroupPart, as_typed
from umeed.books.pages.writing.typed import MONTHLY_BP, rate_as_typed
from umeed.books.rules.bylaws import Bylaws


def typed_from(document: CutOffDocument) -> dict[str, Any]:
    """{part: {field: text}} of a cut-off, as `Writing` reads it."""
    group = {name: as_typed(getattr(document, name)) for name in GroupPart.AMOUNTS}
    group |= {f"{held.what}_{held.body}": as_typed(held.paise) for held in document.held}
    group |= {"on": _day(document.on), "last_meeting": _day(document.last_meeting)}
    group["meetings_held"] = str(document.meetings_held)
    given = [loan for loan in document.loans if loan.is_given]
    taken = [loan for loan in document.loans if not loan.is_given]
    surplus = "" if document.surplus is None else as_typed(document.surplus) or "0"
    return {
        "group": group, "women": _women(document), "loans": [_loan(loan) for loan in given],
        "taken": [_loan(loan) for loan in taken], "closed": _closed(document),
        "surplus": {"surplus": surplus, "surplus_why": document.surplus_why},
    }  # fmt: skip


def _day(day: datetime.date | None) -> str:
    return f"{day:%d-%m-%Y}" if day else ""


def _women(document: CutOffDocument) -> dict[str, dict[str, str]]:
    typed: dict[str, dict[str, str]] = {}

    def hers(woman: UUID) -> dict[str, str]:
        return typed.setdefault(str(woman), {})

    for saved in document.savings:
        hers(saved.woman)[saved.head] = as_typed(saved.paise)
    for kept in document.kept:
        hers(kept.body)[kept.head] = as_typed(kept.paise)
    for who, count in document.attended.items():
        hers(who)["attended"] = str(count)
    for one in document.closed:
        if (whose := one.woman or one.body) is not None:
            hers(whose).update(closed_count=str(one.count), closed_paise=as_typed(one.paise))
    return typed


def _closed(document: CutOffDocument) -> dict[str, str]:
    typed: dict[str, str] = {}
    for one in document.closed:
        if one.woman is None and one.body is None:
            typed |= {f"{one.head}_count": str(one.count), f"{one.head}_paise": as_typed(one.paise)}
    return typed


def _loan(loan: Running) -> dict[str, str]:
    whose = str(loan.woman or loan.body or ("bank" if loan.head == "loan_from_bank" else "other"))
    typed = {
        "id": str(loan.loan), "whose": whose, "lender": loan.lender, "number": loan.number,
        "lent_on": _day(loan.lent_on), "is_cash_credit": "on" if loan.is_cash_credit else "",
        "instalments": str(loan.instalments or ""),
        "rate_bp_a_year": rate_as_typed(loan.rate_bp_a_year, MONTHLY_BP if loan.head == "loan_to_member" else 100),
        "method": loan.method, "part_month": loan.part_month or "due", "frequency": loan.frequency,
        "next_due": _day(loan.next_due), "source": loan.source, "purpose": loan.purpose,
        "overdue_principal": as_typed(loan.overdue_principal), "overdue_interest": as_typed(loan.overdue_interest),
        "overdue_since": _day(min((part.on for part in loan.overdue), default=None)),
    }  # fmt: skip
    return {**typed, **{name: as_typed(getattr(loan, name)) for name in ("lent", "outstanding", "limit")}}


def loan_as_usual(bylaws: Bylaws | None, id: UUID) -> dict[str, str]:
    """An empty card: the terms are those of the group's rules; a VO or CLF has lent on its CIF, most often."""
    if bylaws is None:
        usual = {
            "method": "balance", "part_month": "days", "frequency": "monthly", "source": "cif", "purpose": "onlending",
        }  # fmt: skip
        return {"id": str(id), "rate_bp_a_year": "", **usual}
    rate = rate_as_typed(bylaws.rate_bp_a_year)
    return {
        "id": str(id),
        "rate_bp_a_year": rate,
        "method": bylaws.method,
        "part_month": "days",
        "frequency": bylaws.frequency,
        "source": "own",
    }
