"""Books as a register, and the way to a book from the page of its group, VO or CLF."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.db.models import Exists, F, Max, OuterRef, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from umeed.books.beginning import ways_of_books, without_book
from umeed.books.heads import BY_KEY, SAVINGS, Head
from umeed.books.models import Clash, Meeting, Movement
from umeed.core.registers.columns import NO, YES, Choice, Column, Day, Money, ids_of
from umeed.core.registers.declare import Register
from umeed.core.registers.filters import ChoiceFilter, HouseFilter
from umeed.core.registers.search import NameSearch
from umeed.core.registers.widgets import Pick
from umeed.core.scope import Scope
from umeed.institutions.models import Institution
from umeed.institutions.registers import clfs, shgs, vos
from umeed.places.registers import PlaceColumn, PlaceFilter, Whereabouts

SEE = "books.see"
Rows = Sequence[Any]


def _kept(scope: Scope, capability: str) -> QuerySet[Institution]:
    return Institution.objects.filter(book__isnull=False).seen_by(scope, capability)


def _holding(*heads: Head) -> Callable[[Rows, Scope], Mapping[UUID, int]]:
    """What books hold today under heads, as people say it. Read from the kept movements, one query a page."""
    grows = heads[0].grows_by

    def gather(rows: Rows, scope: Scope) -> Mapping[UUID, int]:
        moved = Movement.objects.filter(book__institution__in=ids_of(rows), head__in=[head.number for head in heads])
        sums = moved.values_list("book__institution").annotate(paise=Sum(F("debit_paise") - F("credit_paise")))
        return {institution: grows * int(paise) for institution, paise in sums}

    return gather


def _last_met(rows: Rows, scope: Scope) -> Mapping[UUID, datetime.date]:
    held = Meeting.objects.filter(book__institution__in=ids_of(rows), kind__in=("regular", "extra"))
    return dict(held.values_list("book__institution").annotate(last=Max("held_on")))


def _ways(scope: Scope) -> Sequence[dict[str, Any]]:
    title = _("Trial balance of all books")
    return [*ways_of_books(scope), {"title": title, "url": reverse("books:together"), "icon": "list", "quiet": True}]


class NotMetFilter(HouseFilter, django_filters.NumberFilter):
    """Books without a meeting for so many days."""

    field_class = forms.IntegerField

    def __init__(self) -> None:
        super().__init__(field_name="last_met", label=_("No meeting for so many days"), min_value=1, max_value=3_650)

    def filter(self, qs: QuerySet[Institution], value: Any) -> QuerySet[Institution]:
        if value is None:
            return qs
        since = self.scope.today - datetime.timedelta(days=int(value))
        met = Meeting.objects.filter(kind__in=("regular", "extra"), held_on__gt=since)
        held = met.filter(book__institution=OuterRef("pk"))
        return qs.filter(~Exists(held))


class ClashFilter(HouseFilter, django_filters.ChoiceFilter):
    """Books in which two came for one place, and nobody has said which holds."""

    def __init__(self) -> None:
        choices = [("yes", YES), ("no", NO)]
        super().__init__(label=_("Two for one place"), choices=choices, widget=Pick, empty_label=_("All"))

    def filter(self, qs: QuerySet[Institution], value: Any) -> QuerySet[Institution]:
        waits = Exists(Clash.objects.filter(book__institution=OuterRef("pk"), settled=""))
        return {"yes": qs.filter(waits), "no": qs.filter(~waits)}.get(value, qs)

    def says(self, value: Any) -> str:
        return str({"yes": YES, "no": NO}[value])


ledgers = Register(
    key="ledgers",
    path="books/",
    model=Institution,
    singular=_("Book"),
    plural=_("Books"),
    counted=ngettext_lazy("%(shown)s book", "%(shown)s books", "n"),
    about=_("Books of groups, VOs and CLFs that are kept here. Amounts are those of today."),
    icon="list",
    see=SEE,
    export="records.export",
    rows=_kept,
    where=Whereabouts(SEE),
    opens="books:home",
    ways=_ways,
    columns=(
        Column("name", link=True),
        PlaceColumn(),
        Choice("kind"),
        Day("last_met", _("Last meeting"), gather=_last_met, sort=False),
        Money("cash", _("Cash in hand"), gather=_holding(BY_KEY["cash"]), sort=False),
        Money("bank", _("Cash at bank"), gather=_holding(BY_KEY["bank"]), sort=False),
        Money("savings", _("Savings"), gather=_holding(*SAVINGS), sort=False),
        Money("lent", _("Loans to members"), gather=_holding(BY_KEY["loan_to_member"]), sort=False),
        Day("opened_on", _("Kept since"), field="book__opened_on", listed=False),
    ),
    filters={
        "q": NameSearch(key="name_key", help_text=_("A name in any spelling")),
        "place": PlaceFilter(see=SEE),
        "kind": ChoiceFilter("kind"),
        "not_met": NotMetFilter(),
        "two": ClashFilter(),
    },
)


unkept = Register(
    key="unkept",
    path="books/without/",
    model=Institution,
    singular=_("Without a book"),
    plural=_("Without a book"),
    counted=ngettext_lazy("%(shown)s without a book", "%(shown)s without a book", "n"),
    about=_("Groups, VOs and CLFs at work that keep no book here yet. Whoever keeps books there begins it."),
    icon="list",
    see=SEE,
    export="records.export",
    rows=without_book,
    where=Whereabouts(SEE),
    opens="books:home",
    columns=(Column("name", link=True), PlaceColumn(), Choice("kind"), Day("formed_on")),
    filters={
        "q": NameSearch(key="name_key", help_text=_("A name in any spelling")),
        "place": PlaceFilter(see=SEE),
        "kind": ChoiceFilter("kind"),
    },
)


def tell_of_books() -> None:
    """Put the way to its book on the page of every group, VO and CLF. Called once, with the addresses."""
    for register in (shgs, vos, clfs):
        if getattr(register.acts, "tells_of_books", False):
            continue
        register.acts = _with_its_book(register.acts)


def _with_its_book(given: Callable[[Scope, Any], Sequence[dict[str, Any]]] | None) -> Any:
    def acts(scope: Scope, record: Institution) -> Sequence[dict[str, Any]]:
        before = given(scope, record) if given is not None else ()
        if not scope.can(SEE):
            return before
        return [{"title": _("Book"), "url": reverse("books:home", args=[record.pk]), "icon": "list"}, *before]

    acts.tells_of_books = True  # type: ignore[attr-defined]
    return acts
