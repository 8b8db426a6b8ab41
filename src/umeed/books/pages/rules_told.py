"""A group's rules in words, and the way to its own for a group that has not said any."""

from __future__ import annotations

import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.books import codes
from umeed.books.meetings.facts import usual_bylaws
from umeed.books.models import Book, Bylaw
from umeed.books.norms import usual_saving
from umeed.books.pages.writing.typed import rate_as_typed
from umeed.books.rules.bylaws import Bylaws
from umeed.books.rules.schedules import LoanTerms, due_days, schedule
from umeed.books.templatetags.books_text import money
from umeed.core.templatetags.umeed_text import day
from umeed.kernel.money import Paise

EXAMPLE = Paise(1_000_00)


def led_to_rules(book: Book, on: datetime.date) -> dict[str, Any] | None:
    """What a group without rules of its own on a day is told: what is counted with until then, and where to say its
    own. None for a group that has them."""
    sinces = list(Bylaw.objects.filter(book=book).order_by("since").values_list("since", flat=True)[:1])
    if sinces and sinces[0] <= on:
        return None
    usual = usual_bylaws(book)
    return {
        "facts": facts_of(usual), "url": reverse("books:bylaws_new", args=[book.institution_id]),
        "has_saving": any(usual.savings.values()), "since": sinces[0] if sinces else None,
        "saving": saving_filled_in(book),
    }  # fmt: skip


def saving_filled_in(book: Book) -> Paise:
    """What is filled into a group's first rules: what stands in its record, else what is usual."""
    recorded = usual_bylaws(book).savings["saving_compulsory"]
    return recorded or usual_saving(book.institution.meeting_frequency)


def facts_of(rules: Bylaws) -> list[tuple[Any, Any]]:
    """The rules as pairs of words. Nothing is said of what the group does not have."""
    order = next(key for key, parts in codes.ORDERS.items() if parts == rules.order)
    pairs: list[tuple[Any, Any]] = [
        (_("Compulsory saving a meeting"), rules.savings.get("saving_compulsory")),
        (_("Food security saving a meeting"), rules.savings.get("saving_food")),
        (_("Health saving a meeting"), rules.savings.get("saving_health")),
        (_("Fine for coming late"), rules.fine_late), (_("Fine for being absent"), rules.fine_absent),
        (_("Penalty for an instalment not paid"), rules.penalty), (_("Largest loan"), rules.most),
    ]  # fmt: skip
    return [
        *[(title, money(paise)) for title, paise in pairs if paise],
        (_("Interest, per cent a month"), rate_as_typed(rules.rate_bp_a_year)),
        (_("How interest is counted"), codes.Method(rules.method).label),
        *(
            [(_("Interest for a month that is not over"), codes.PartMonth(rules.part_month).label)]
            if rules.method == "balance"
            else []
        ),
        (_("Instalments usually"), f"{rules.instalments} · {codes.Instalments(rules.frequency).label}"),
        (_("A repayment pays first"), codes.Order(order).label),
        (_("Quorum, per cent of the members"), str(rules.quorum_percent)),
    ]  # fmt: skip


def example_of(rules: Bylaws, on: datetime.date) -> str:
    """What a loan of ₹ 1,000 comes to under these rules."""
    first = due_days(on, 2, rules.frequency)[1]
    dues = schedule(LoanTerms(
        principal=EXAMPLE, rate_bp_a_year=rules.rate_bp_a_year, method=rules.method, first_due=first, lent_on=on,
        instalments=rules.instalments, frequency=rules.frequency, rounding=rules.rounding, multiple=rules.multiple,
    ))  # fmt: skip
    said = {
        "loan": money(EXAMPLE), "first": money(dues[0].whole), "day": day(dues[0].on), "times": len(dues),
        "whole": money(sum(due.whole for due in dues)), "interest": money(sum(due.interest for due in dues)),
    }  # fmt: skip
    if len(dues) == 1:
        return gettext("Who borrows %(loan)s today pays %(whole)s on %(day)s: %(interest)s of it is interest.") % said
    return (
        gettext(
            "Who borrows %(loan)s today pays %(first)s on %(day)s, and in %(times)s instalments %(whole)s altogether: "
            "%(interest)s of it is interest."
        )
        % said
    )
