"""The limit of a bank's cash credit: what it is, what is drawn and left, another one by the bank's letter, its end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from umeed.books.actions.credits import credit_to_keep, end_credit, reasons_against, reasons_to_keep, set_limit
from umeed.books.ledger.credits import first_limit
from umeed.books.ledger.running import running_loans
from umeed.books.models import Book, CreditLimit, Loan
from umeed.books.pages.opening import KEEP, book_behind, page
from umeed.books.pages.taken import LAST
from umeed.books.templatetags.books_text import money
from umeed.core.actions import Refused
from umeed.core.doors import needs
from umeed.core.form_fields import DayField, RupeesField, needed_when
from umeed.core.forms import ActionForm
from umeed.core.models import AuditChange
from umeed.core.scope import Scope
from umeed.core.templatetags.umeed_text import day as written
from umeed.core.templatetags.umeed_text import moment
from umeed.kernel.money import Paise
from umeed.kernel.refusals import Refusal


class LimitForm(ActionForm):
    kind = forms.ChoiceField(
        label=_("What the bank says"),
        choices=(("limit", _("Another limit")), ("end", _("The cash credit is ended"))),
    )  # fmt: skip
    since = DayField(label=_("Since"))
    limit = needed_when(_("needed for another limit"), RupeesField(
        label=_("Limit of the cash credit"), required=False, help_text=_("Up to how much the bank lets draw."),
    ))  # fmt: skip
    why = forms.CharField(label=_("Letter of the bank: number and day"), max_length=240, required=False)

    def __init__(self, *given: Any, book: Book, loan: Loan, **more: Any) -> None:
        self.book, self.loan = book, loan
        super().__init__(*given, **more)

    def clean(self) -> dict[str, Any]:
        """Of a credit that is ended no limit is looked at."""
        said = super().clean() or self.cleaned_data
        if said.get("kind") == "end":
            said["limit"] = Paise(0)
            self.errors.pop("limit", None)
        elif said.get("limit") == 0:
            said["limit"] = None
        return said

    def reasons(self, by: Scope) -> Iterable[Refusal]:
        said = self.values
        if "kind" in self.unread:
            return []
        since, day_read = said.get("since") or by.today, "since" not in self.unread
        if said["kind"] == "end":
            return reasons_to_keep(by, self.book, self.loan, since) if day_read else []
        reasons = reasons_against(by, self.book, self.loan, since, said.get("limit"))
        # Against the limits of a day it is held only once that day is known.
        return [one for one in reasons if day_read or one.code not in ("same", "drawn_more")]

    def act(self, *, by: Scope) -> CreditLimit:
        said = self.values
        about: dict[str, Any] = {"by": by, "book": self.book, "loan": self.loan.uid, "id": self.record_id}
        if said["kind"] == "end":
            return end_credit(**about, since=said["since"], why=said["why"])
        return set_limit(**about, since=said["since"], limit=said["limit"], why=said["why"])


@needs(KEEP, of="institutions_institution")
def limit(request: HttpRequest, id: UUID, which: str) -> HttpResponse:
    """What is drawn of a cash credit and left, its limits until now, and the next one."""
    book = book_behind(request.scope, id, KEEP)
    if which == LAST:
        return redirect("books:loans", id)
    try:
        loan = credit_to_keep(book, UUID(which))
    except (ValueError, Refused):
        raise Http404 from None
    today = request.scope.today
    form = LimitForm(request.POST or None, scope=request.scope, book=book, loan=loan, initial={"since": today})
    if request.method == "POST" and form.perform() is not None:
        messages.success(request, gettext("Saved."))
        return redirect("books:loans", id)
    return render(request, "books/loans/limit.html", {
        "page": page(request, book, _("Limit of the cash credit")), "form": form, "who": loan.called,
        "back": reverse("books:loans", args=[id]), "columns": _columns(), "rows": _said(book, loan),
        "loan": running_loans(book.pk, today, loans=[loan.pk], with_closed=True)[0],
    }, status=422 if request.method == "POST" else 200)  # fmt: skip


def _columns() -> list[dict[str, Any]]:
    return [
        {"key": "since", "title": _("Since")}, {"key": "limit", "title": _("Limit"), "number": True},
        {"key": "why", "title": _("Letter of the bank: number and day")}, {"key": "by", "title": _("Written")},
    ]  # fmt: skip


def _said(book: Book, loan: Loan) -> list[dict[str, Any]]:
    """Its limits, the newest first, with when and by whom; of one day also those in whose place another was said."""
    first = loan.agreements.order_by("since").first()
    assert first is not None
    rows = list(CreditLimit.objects.filter(book=book, loan=loan).order_by("since", "changed_at", "pk"))
    holds, by = {row.since: row.pk for row in rows}, _said_by([first.pk, *(row.pk for row in rows)])
    said = [(first.pk, first.since, first_limit(loan, first), "", first.since not in holds)]
    said += [(row.pk, row.since, Paise(row.limit_paise), row.why, holds[row.since] == row.pk) for row in rows]
    replaced = gettext("Another one was said in its place")
    return [
        {
            "since": written(since), "limit": _limit_said(paise), "why": letter or "–",
            "by": {"text": by.get(str(pk), "–"), "note": "" if is_held else replaced},
        }
        for pk, since, paise, letter, is_held in reversed(said)
    ]  # fmt: skip


def _said_by(rows: Iterable[UUID]) -> dict[str, str]:
    """{limit: when it was written, and by whom}."""
    told = AuditChange.objects.filter(kind=AuditChange.CREATED, subject_id__in=[str(pk) for pk in rows])
    found = told.filter(table__in=("books_creditlimit", "books_agreement"))
    return {
        pk: f"{moment(at)} · {name}"
        for pk, at, name in found.values_list("subject_id", "entry__at", "entry__actor_name")
    }


def _limit_said(paise: Paise | None) -> str:
    if paise is None:
        return gettext("not known")
    return money(paise) if paise else pgettext("cash credit", "ended")


routes = [path("books/<uuid:id>/loans/<str:which>/limit/", limit, name="loan_limit")]
