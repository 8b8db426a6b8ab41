"""A cut-off as tables: both sides of the balance, every woman, every loan, what was repaid before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.books import codes
from umeed.books.cutoffs.documents import CutOffDocument, Running
from umeed.books.cutoffs.sums import Sides
from umeed.books.heads import BY_KEY
from umeed.books.pages.cutoff.forms import saving_title
from umeed.books.pages.writing.typed import rate_as_typed
from umeed.books.rules.taken import called
from umeed.books.templatetags.books_text import money
from umeed.core.templatetags.umeed_text import day

Table = dict[str, Any]


def sides_table(sides: Sides) -> list[Table]:
    """What the group has, and whose it is: {title, rows, total}."""
    return [
        _side(_("What is there"), sides.has, sides.has_all),
        _side(_("Whose it is"), sides.holds, sides.holds_all),
    ]


def _side(title: Any, amounts: Mapping[str, int], total: int) -> Table:
    rows = [{"head": gettext(BY_KEY[key].title), "paise": money(paise)} for key, paise in amounts.items()]
    return {"title": title, "rows": rows, "total": {"head": gettext("Together"), "paise": money(total)}}


_HEADS = ("saving_compulsory", "saving_food", "saving_health", "saving_optional", "share_of_body", "saving_of_body")


def members_table(document: CutOffDocument, names: Mapping[UUID, str], title: Any) -> Table:
    """A row a woman, group or VO: what she or it has here, owes, and what of it is overdue."""
    has = [*((one.woman, one.head, one.paise) for one in document.savings),
           *((one.body, one.head, one.paise) for one in document.kept)]  # fmt: skip
    heads = [head for head in _HEADS if any(one == head for _who, one, _paise in has)]
    sums: dict[UUID, dict[str, int]] = {}
    for who, head, paise in has:
        sums.setdefault(who, {})[head] = paise
    for loan in document.loans:
        if loan.whose is not None:
            hers = sums.setdefault(loan.whose, {})
            hers["owes"] = hers.get("owes", 0) + loan.outstanding
            hers["late"] = hers.get("late", 0) + loan.overdue_principal + loan.overdue_interest
    titles = [(head, str(saving_title(head))) for head in heads]
    titles += [("owes", gettext("Owes")), ("late", gettext("Overdue"))]
    columns: list[dict[str, Any]] = [{"key": "name", "title": title}]
    columns += [{"key": key, "title": title, "number": True} for key, title in titles]
    rows = [
        {"name": names.get(woman, "?"), **{key: money(hers[key]) if hers.get(key) else "–" for key, _title in titles}}
        for woman, hers in sorted(sums.items(), key=lambda one: names.get(one[0], "?"))
    ]
    all_of_them = {key: money(sum(hers.get(key, 0) for hers in sums.values())) for key, _title in titles}
    return {"columns": columns, "rows": rows, "total": {"name": gettext("Together"), **all_of_them}}


def loans_table(document: CutOffDocument, names: Mapping[UUID, str], bodies: Mapping[UUID, str]) -> Table:
    columns = [
        {"key": "whose", "title": _("Loan")}, {"key": "owed", "title": _("Owed"), "number": True},
        {"key": "late", "title": _("Overdue"), "number": True}, {"key": "terms", "title": _("Terms")},
    ]  # fmt: skip
    rows = [
        {
            "whose": {"text": _whose(loan, names, bodies), "note": _lent(loan)}, "owed": money(loan.outstanding),
            "late": _late(loan), "terms": _terms(loan),
        }
        for loan in document.loans
    ]  # fmt: skip
    return {"columns": columns, "rows": rows}


def _whose(loan: Running, names: Mapping[UUID, str], bodies: Mapping[UUID, str]) -> str:
    if loan.whose is not None:
        return names.get(loan.whose, "?")
    title = str(codes.LoanHead(loan.head).label)
    who = called(loan.lender, loan.number) or (bodies.get(loan.body, "") if loan.body else "")
    return f"{title}: {who}" if who else title


def _lent(loan: Running) -> str:
    said = gettext("%(paise)s lent on %(day)s") % {"paise": money(loan.lent), "day": day(loan.lent_on)}
    purpose = str(codes.Purpose(loan.purpose).label) if loan.purpose else ""
    return f"{said} · {purpose}" if purpose else said


def _late(loan: Running) -> Any:
    if not loan.overdue:
        return "–"
    since = gettext("since %(day)s") % {"day": day(min(part.on for part in loan.overdue))}
    return {"text": money(loan.overdue_principal + loan.overdue_interest), "note": since}


def _terms(loan: Running) -> str:
    if loan.is_given:
        rate = gettext("%(rate)s per cent a month") % {"rate": rate_as_typed(loan.rate_bp_a_year)}
    else:
        rate = gettext("%(rate)s per cent a year") % {"rate": f"{loan.rate_bp_a_year / 100:g}"}
    said = [rate, str(codes.Method(loan.method).label)]
    if loan.next_due and loan.instalments:
        said.append(gettext("%(count)s left, next on %(day)s") % {"count": loan.instalments, "day": day(loan.next_due)})
    return " · ".join(said)


def closed_table(document: CutOffDocument, names: Mapping[UUID, str]) -> Table:
    columns = [
        {"key": "whose", "title": _("Repaid before")}, {"key": "count", "title": _("Loans"), "number": True},
        {"key": "paise", "title": _("Amount"), "number": True},
    ]  # fmt: skip
    rows = [
        {
            "whose": names.get(whose, "?") if (whose := one.woman or one.body) else str(codes.LoanHead(one.head).label),
            "count": str(one.count), "paise": money(one.paise),
        }
        for one in document.closed
    ]  # fmt: skip
    return {"columns": columns, "rows": rows}
