"""Pages of this room beside the registers: what is tied to a woman or an institution, and a form for each act."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from umeed.core.doors import needs
from umeed.core.plans import plans_kept
from umeed.core.scope import Scope
from umeed.institutions import acts, queries
from umeed.institutions.models import Institution, Woman

View = Callable[..., HttpResponse]
WOMEN, GROUPS = "women.change", "institutions.change"
REGISTERS = {"shg": "shgs", "vo": "vos", "clf": "clfs"}


@dataclass(frozen=True)
class Way:
    """One act: its form, its title, the words of its button and of the question before it, the capability it needs."""

    key: str
    form: type[acts.SubjectForm]
    title: Any
    button: Any
    needs: str
    asks: Any = ""
    kinds: tuple[str, ...] = ()


WOMAN_WAYS: tuple[Way, ...] = (
    Way("join", acts.JoinForm, _("Joins a group"), _("Make her a member"), WOMEN),
    Way("transfer", acts.TransferForm, _("Changes to another group"), _("Change the group"), WOMEN),
    Way("leave", acts.LeaveForm, _("Leaves her group"), _("End the membership"), WOMEN,
        _("Her membership and her offices in the group end. Go on?")),
    Way("move", acts.MoveForm, _("Moves house"), _("Save the new home"), WOMEN),
    Way("household", acts.HouseholdForm, _("Her household"), _("Save the household"), WOMEN),
    Way("consent", acts.ConsentForm, _("Gives consent"), _("Record the consent"), WOMEN),
    Way("withdraw", acts.WithdrawForm, _("Withdraws consent"), _("Record the withdrawal"), WOMEN,
        _("What is kept only with this consent is removed. Go on?")),
    Way("identity", acts.IdentityForm, _("Aadhaar seen"), _("Keep the mark"), WOMEN),
    Way("alias", acts.AliasForm, _("Id of another system"), _("Add the id"), WOMEN),
    Way("alias_end", acts.AliasEndForm, _("An id ends"), _("End the id"), WOMEN),
)  # fmt: skip
INSTITUTION_WAYS: tuple[Way, ...] = (
    Way("member_leaves", acts.LeaveForm, _("A member leaves"), _("End the membership"), WOMEN,
        _("Her membership and her offices in the group end. Go on?"), ("shg",)),
    Way("office", acts.OfficeForm, _("Election"), _("Record the election"), GROUPS),
    Way("office_end", acts.OfficeEndForm, _("An office ends"), _("End the term"), GROUPS),
    Way("account", acts.AccountForm, _("New bank account"), _("Save the account"), GROUPS),
    Way("signatory", acts.SignatoryForm, _("Who signs for the account"), _("Add her"), GROUPS),
    Way("signatory_end", acts.SignatoryEndForm, _("Somebody signs no longer"), _("Record it"), GROUPS),
    Way("account_close", acts.AccountCloseForm, _("Close an account"), _("Close it"), GROUPS,
        _("Nobody signs for it any more. Go on?")),
    Way("federate", acts.FederationForm, _("Joins a federation"), _("Record it"), GROUPS, "", ("shg", "vo")),
    Way("federation_end", acts.FederationEndForm, _("Leaves its federation"), _("Record it"), GROUPS, "",
        ("shg", "vo")),
    Way("status", acts.StatusForm, _("Another status"), _("Change the status"), GROUPS),
    Way("alias", acts.AliasForm, _("Id of another system"), _("Add the id"), GROUPS),
    Way("alias_end", acts.AliasEndForm, _("An id ends"), _("End the id"), GROUPS),
)  # fmt: skip


# A woman ----------------------------------------------------------------------------------------------------------


@needs("women.see", of="institutions_woman")
@plans_kept()
def woman(request: HttpRequest, id: UUID) -> HttpResponse:
    """Her groups, offices, household, consents and ids, with what may be done."""
    shown = queries.woman_page(request.scope, id)
    if shown is None:
        raise Http404
    return render(request, "institutions/woman.html", {
        "shown": shown, "ways": ways_for_woman(request.scope, shown.woman),
        "page": {"title": shown.woman.name, "lead": shown.woman.belonging_name, "crumbs": woman_crumbs(shown.woman)},
    })  # fmt: skip


def ways_for_woman(scope: Scope, record: Woman) -> list[dict[str, Any]]:
    """What the viewer may do about a woman: {title, url}. At most one query."""
    if record.merged_into_id or not _may(scope, record, WOMEN, seen="women.see"):
        return []
    return [
        {"title": way.title, "url": reverse(f"institutions:woman_{way.key}", args=[record.pk])} for way in WOMAN_WAYS
    ]


def _may(scope: Scope, record: Woman | Institution, capability: str, *, seen: str) -> bool:
    """Whether a capability holds for this very record, which was found by the capability `seen`."""
    rows = type(record)._default_manager.filter(pk=record.pk)
    return scope.implies(seen, capability) or rows.seen_by(scope, capability).exists()


def woman_act(way: Way) -> View:
    @needs(way.needs, of="institutions_woman")
    @plans_kept()
    def page(request: HttpRequest, id: UUID) -> HttpResponse:
        rows = Woman.objects.filter(pk=id).select_related("place", "household")
        found = rows.seen_by(request.scope, way.needs).first()
        if found is None:
            raise Http404
        back = reverse("institutions:woman", args=[id])
        if found.merged_into_id:
            return redirect(back)
        return _act_page(request, way, found, back, woman_crumbs(found))

    return page


def woman_crumbs(record: Woman) -> list[dict[str, Any]]:
    return [
        {"title": _("Women"), "url": reverse("women:list")},
        {"title": record.name, "url": reverse("women:detail", args=[record.pk])},
    ]


# An institution ---------------------------------------------------------------------------------------------------


@needs("institutions.see", of="institutions_institution")
@plans_kept()
def institution(request: HttpRequest, id: UUID) -> HttpResponse:
    """Its members, office bearers, accounts, federation, status and ids, with what may be done."""
    shown = queries.institution_page(request.scope, id)
    if shown is None:
        raise Http404
    found = shown.institution
    return render(request, "institutions/institution.html", {
        "shown": shown, "ways": ways_for_institution(request.scope, found), "new_member": _new_member(request, found),
        "page": {
            "title": found.name, "lead": f"{found.get_kind_display()} · {found.place.called}",
            "crumbs": institution_crumbs(found),
        },
    })  # fmt: skip


def _new_member(request: HttpRequest, found: Institution) -> str:
    """Where a new woman of this group is entered, for those who may."""
    may = found.kind == "shg" and _may(request.scope, found, WOMEN, seen="institutions.see")
    return f"{reverse('women:new')}?group={found.pk}" if may else ""


def ways_for_institution(scope: Scope, record: Institution) -> list[dict[str, Any]]:
    """What the viewer may do about an institution: {title, url}. Two queries at most."""
    held = {capability for capability in (WOMEN, GROUPS) if _may(scope, record, capability, seen="institutions.see")}
    return [
        {"title": way.title, "url": reverse(f"institutions:institution_{way.key}", args=[record.pk])}
        for way in INSTITUTION_WAYS
        if way.needs in held and (not way.kinds or record.kind in way.kinds)
    ]


def institution_act(way: Way) -> View:
    @needs(way.needs, of="institutions_institution")
    @plans_kept()
    def page(request: HttpRequest, id: UUID) -> HttpResponse:
        rows = Institution.objects.filter(pk=id).select_related("place").seen_by(request.scope, way.needs)
        found = rows.first()
        if found is None:
            raise Http404
        back = reverse("institutions:institution", args=[id])
        return _act_page(request, way, found, back, institution_crumbs(found))

    return page


def institution_crumbs(record: Institution) -> list[dict[str, Any]]:
    register = REGISTERS.get(record.kind)
    if register is None:
        return []
    return [
        {"title": record.get_kind_display(), "url": reverse(f"{register}:list")},
        {"title": record.name, "url": reverse(f"{register}:detail", args=[record.pk])},
    ]


# Both -------------------------------------------------------------------------------------------------------------


def _act_page(request: HttpRequest, way: Way, record: Any, back: str, crumbs: Sequence[dict[str, Any]]) -> HttpResponse:
    form = way.form(
        request.POST or None, scope=request.scope, subject=record, initial=dict(request.GET.items())
    )  # fmt: skip
    if request.method == "POST" and form.perform() is not None:
        messages.success(request, _("Saved."))
        return redirect(back)
    return render(request, "institutions/act.html", {
        "form": form, "way": way, "back": back, "page": {"title": way.title, "crumbs": [*crumbs]},
    })  # fmt: skip
