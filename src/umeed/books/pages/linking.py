"""Two loans that may be one, beside each other; a person says that they are, and which book is right."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from umeed.books import codes
from umeed.books.actions.bodies import link_loans
from umeed.books.bodies.pairing import KEEP, Pair, pairs_of
from umeed.books.cutoffs.taking import carried_of
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.models import Agreement, Book, Loan
from umeed.books.pages.writing.typed import Typed
from umeed.books.templatetags.books_text import money
from umeed.core.templatetags.umeed_text import day as written
from umeed.kernel.money import Paise, grouped

COLUMNS = (
    {"key": "what", "title": _("What")}, {"key": "ours", "title": _("This book")},
    {"key": "theirs", "title": _("Their book")},
)  # fmt: skip


def pairs_beside(request: HttpRequest, book: Book, other: UUID, running: Sequence[RunningLoan]) -> dict[str, Any]:
    """Loans of ours and theirs that are not linked yet, for who keeps both books: the likely pairs, and all others."""
    theirs = Book.objects.filter(institution=other).seen_by(request.scope, KEEP).first()
    if theirs is None or all(one.loan.twin_id is not None for one in running):
        return {"pairs": [], "other_pairs": []}
    back = [one for one in running_loans(theirs.pk, request.scope.today) if one.loan.body_id == book.institution_id]
    sent = request.POST.get("ours"), request.POST.get("theirs")
    told = [_told(pair, sent) for pair in pairs_of(running, back)]
    return {
        "pairs": [one for one in told if one["is_likely"]],
        "other_pairs": [one for one in told if not one["is_likely"]],
        "pair_columns": COLUMNS,
    }


def _told(pair: Pair, sent: tuple[str | None, str | None]) -> dict[str, Any]:
    """A pair as its card shows it, what differs first. A reason leads to the fields of the pair that was sent."""
    both = str(pair.ours.loan.uid), str(pair.theirs.loan.uid)
    after = "" if both == sent else f"_{pair.ours.loan.pk}_{pair.theirs.loan.pk}"
    ours, theirs = _said(pair.ours), _said(pair.theirs)
    beside = sorted(zip(ours, theirs, strict=True), key=lambda both: both[0] == both[1])
    rows = [
        {
            "what": what if one == two else gettext("%(what)s: differs") % {"what": what}, "ours": one,
            "theirs": two if one == two else {"text": two, "badge": "warn"},
        }
        for (what, one), (_what, two) in beside
    ]  # fmt: skip
    return {
        "ours": both[0], "theirs": both[1], "differs": pair.differs, "terms_differ": pair.terms_differ,
        "terms_id": f"id_takes_terms{after}", "rows": rows, "is_likely": pair.is_likely,
        "is_sent": both == sent, "right_id": f"id_right{after}", "why_id": f"id_why{after}",
        "title": gettext("Loan of %(day)s") % {"day": written(pair.ours.loan.lent_on)},
    }  # fmt: skip


def _said(one: RunningLoan) -> list[tuple[str, str]]:
    """What a book says of a loan, in one order."""
    agreed, late, plan = one.agreement, one.arrears, carried_of(one).plan
    return [
        (gettext("Owed"), money(one.owed)),
        (gettext("Lent on"), written(one.loan.lent_on)),
        (gettext("Overdue"), money(Paise(late.principal + late.interest))),
        (gettext("Interest, per cent a year"), f"{agreed.rate_bp_a_year / 100:g}"),
        (gettext("How interest is counted"), str(codes.Method(agreed.method).label)),
        (
            gettext("Interest for a month that is not over"),
            str(codes.PartMonth(one.part_month).label) if one.part_month else "–",
        ),
        (gettext("Interest rounded to"), money(Paise(agreed.rounding_paise))),
        (pgettext("loan", "Repaid"), str(codes.Instalments(agreed.frequency).label)),
        (gettext("Instalments left"), grouped(len(plan))),
        (gettext("Next instalment due"), written(plan[0].on) if plan else "–"),
        (gettext("Due then"), money(plan[0].whole) if plan else "–"),
    ]


def link(request: HttpRequest, book: Book, other: UUID, typed: Typed) -> str:
    """Say that two are one; answers what to tell."""
    right: Any = typed.one_of("right", ("ours", "theirs"))
    why = typed.text("why")
    loan = link_loans(
        by=request.scope, ours=id_sent(typed, "ours"), theirs=id_sent(typed, "theirs"), why=why, right=right,
        takes_terms=bool(typed.text("takes_terms")),
    )  # fmt: skip
    told = gettext("From now on the two books move this loan together."), same_from(loan, request.scope.today)
    return " ".join(part for part in told if part)


def same_from(loan: Loan, today: datetime.date) -> str:
    """From which day on two books ask for the same of a linked loan, where one was adjusted today: the lender's terms
    begin in it when nothing moves any more. Nothing when they do already."""
    if loan.twin_id is None:
        return ""
    rows = Agreement.objects.filter(loan__in=[loan.pk, loan.twin_id], since__gt=today, resolution="")
    since = rows.order_by("since").values_list("since", flat=True).first()
    return gettext("From %(day)s on both books ask for the same.") % {"day": written(since)} if since else ""


def id_sent(typed: Typed, name: str) -> UUID:
    """An id of a hidden field or a choice; 404 for anything else."""
    try:
        return UUID(str(typed.values.get(name)))
    except ValueError:
        raise Http404 from None
