"""Writing a cut-off: a page a part, kept at each step, both sides of the balance always in sight."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext

from umeed.books.actions import keep_typed, post_cut_off, put_away_cut_off
from umeed.books.actions.cutoffs import CHANGED
from umeed.books.models import OpenCutOff
from umeed.books.pages.cutoff.forms import LoanPart, Part
from umeed.books.pages.cutoff.state import MOST_LOANS, Writing
from umeed.books.pages.cutoff.tables import sides_table
from umeed.books.pages.cutoff.typing import loan_as_usual
from umeed.books.pages.opening import KEEP, institution_behind
from umeed.books.pages.writing.walking import how_many
from umeed.books.rules.taken import covered
from umeed.core.actions import Refused
from umeed.core.doors import needs
from umeed.institutions.models import Institution
from umeed.kernel.ids import new_id
from umeed.kernel.refusals import Refusal, hard, soft

PAGES = ("group", "savings", "loans", "taken", "review")


def address(group: UUID, page: str) -> str:
    return reverse(f"books:cut_off_{page}", args=[group])


@needs(KEEP, of="institutions_institution")
def part(request: HttpRequest, id: UUID, page: str) -> HttpResponse:
    """One part: shown as it was typed, with the reasons beside the fields; what is sent is kept, also what is wrong."""
    group = institution_behind(request.scope, id, KEEP)
    row = OpenCutOff.objects.filter(institution=group).first()
    if row is None:
        return redirect("books:cut_off", id)
    if request.method != "POST":
        return _shown(request, group, row, page, asked="checked" in request.GET)
    return _kept(request, group, row, page)


def _kept(request: HttpRequest, group: Institution, row: OpenCutOff, page: str) -> HttpResponse:
    parts = _typed(request, Writing(request.scope, group, row), page)
    go = request.POST.get("go", "next")
    try:
        seen = request.POST.get("revision", "")
        row = keep_typed(by=request.scope, cut_off=row.pk, parts=parts, revision=int(seen) if seen.isdecimal() else 0)
    except Refused as refused:
        if not any(one.code == CHANGED for one in refused.refusals):
            return redirect("books:cut_off", group.pk)
        row.typed = {**row.typed, **parts}
        return _shown(request, group, row, page, is_stale=True)
    if page == "review" and go == "post":
        return _post(request, group, row)
    here = address(group.pk, page)
    if go.startswith(("add", "remove")):
        return redirect(f"{here}#{'loan-last' if go.startswith('add') else 'main'}")
    writing = Writing(request.scope, group, row)
    writing.tell(page)
    if any(one.errors for one in writing.parts(page) if one.is_bound):
        return _shown(request, group, row, page, asked=True)
    if page == "review":
        return redirect(f"{here}?checked")
    return redirect(address(group.pk, PAGES[PAGES.index(page) + 1]))


def _post(request: HttpRequest, group: Institution, row: OpenCutOff) -> HttpResponse:
    writing = Writing(request.scope, group, row)
    is_sure, told = "sure" in request.POST, writing.reasons_to_post
    if writing.unread or hard(told):
        return _shown(request, group, row, "review", asked=True, refused=told, is_sure=is_sure)
    try:
        post_cut_off(
            by=request.scope, group=group.pk, said=writing.said, is_sure=is_sure, replaces=row.corrects_id,
            why=writing.why,
        )  # fmt: skip
    except Refused as refused:
        # What is asked stays beside what the book itself refuses.
        told = [*refused.refusals, *(one for one in soft(told) if one not in refused.refusals)]
        return _shown(request, group, row, "review", asked=True, refused=told, is_sure=is_sure)
    messages.success(request, gettext("The cut-off stands. Somebody else now checks it beside the papers."))
    return redirect("books:cut_off", group.pk)


# What was sent ------------------------------------------------------------------------------------------------------


def _typed(request: HttpRequest, writing: Writing, page: str) -> dict[str, Any]:
    """The texts of a page's fields, part by part."""
    sent = request.POST
    if page == "group":
        return {"group": _texts(sent, writing.group_part)}
    if page == "savings":
        women = {str(pk): _texts(sent, form, f"{pk}-") for pk, _name, form in writing.women}
        return {"women": {pk: texts for pk, texts in women.items() if any(texts.values())}}
    if page == "review":
        return {"surplus": _texts(sent, writing.surplus), "why": sent.get("why", "").strip()[:240]}
    return _typed_loans(request, writing, page)


def _texts(sent: Any, form: Part, prefix: str = "") -> dict[str, str]:
    return {name: sent.get(f"{prefix}{name}", "").strip()[:400] for name in form.fields}


def _covered(texts: dict[str, str]) -> dict[str, str]:
    """Of an account number no more than its end is kept, not even while the cut-off is written."""
    return {**texts, "number": covered(texts["number"])} if "number" in texts else texts


def _typed_loans(request: HttpRequest, writing: Writing, page: str) -> dict[str, Any]:
    sent, go = request.POST, request.POST.get("go", "")
    cards: list[tuple[UUID, LoanPart]] = [*(writing.loans if page == "loans" else writing.taken)]
    typed = [{"id": str(pk), **_covered(_texts(sent, form, f"{pk}-"))} for pk, form in cards if go != f"remove-{pk}"]
    if go.startswith("add") and len(typed) < MOST_LOANS:
        usual = loan_as_usual(writing.bylaws if writing.is_group else None, new_id())
        typed.append(usual if page == "loans" else {**usual, "source": "", "rate_bp_a_year": ""})
    if page == "loans":
        return {"loans": typed}
    return {"taken": typed, "closed": _texts(sent, writing.closed, "closed-")}


# What is shown ------------------------------------------------------------------------------------------------------


def _shown(
    request: HttpRequest,
    group: Institution,
    row: OpenCutOff,
    page: str,
    *,
    asked: bool = False,
    is_stale: bool = False,
    refused: list[Refusal] | None = None,
    is_sure: bool = False,
) -> HttpResponse:
    writing = Writing(request.scope, group, row)
    if asked or page != "review":
        writing.tell(page)
    at = PAGES.index(page)
    wrong = [] if page == "review" else _wrong(writing, page)
    return render(request, f"books/cutoff/{page}.html", {
        "page": {"title": writing.words.pages[page]}, "lead": writing.words.leads[page], "group": group,
        "writing": writing, "now": page,
        "tabs": _tabs(writing, page), "sides": writing.sides, "revision": row.revision, "is_stale": is_stale,
        "back": address(group.pk, PAGES[at - 1]) if at else
        reverse("books:cut_off", args=[group.pk]),
        "wrong": wrong, "why_not": how_many(wrong),
        **(_review(writing, refused, is_sure=is_sure) if page == "review" else {}),
    })  # fmt: skip


def _wrong(writing: Writing, page: str) -> list[dict[str, str]]:
    """What is wrong on a page, as the list above it takes it."""
    return [
        {
            "field": part.add_prefix(name) if name in part.fields else "", "text": str(error),
            "label": " · ".join(filter(None, (_whose(writing, part), _label(part, name)))),
        }
        for part in writing.parts(page) if part.is_bound
        for name, errors in part.errors.items() for error in errors
    ]  # fmt: skip


def _label(part: Part, name: str) -> str:
    return str(part[name].label) if name in part.fields else ""


def _review(writing: Writing, refused: list[Refusal] | None, *, is_sure: bool) -> dict[str, Any]:
    reasons = refused if refused is not None else writing.reasons
    return {
        "table": sides_table(writing.sides) if writing.sides else None,
        "reasons": [_reason(writing, one) for one in _once(hard(reasons))],
        "asked": [_reason(writing, one) for one in _once(soft(reasons))],
        "unread": [key for key in PAGES if any(one.is_bound and one.errors for one in writing.parts(key))],
        "corrects": writing.row.corrects_id,
        "why": writing.why,
        "is_sure": is_sure,
    }


def _once(reasons: list[Refusal]) -> list[Refusal]:
    return list({(one.field, one.code): one for one in reasons}.values())


def _reason(writing: Writing, one: Refusal) -> dict[str, Any]:
    """A reason with the way to its field, what the field is called, and whose card it stands on."""
    part, name = writing.place(one)
    told: dict[str, Any] = {"text": one.message(gettext), "url": "", "whose": "", "field": ""}
    if part is None:
        return {**told, "url": "#why"} if one.field == "why" else told
    page = next((key for key in PAGES if any(part is mine for mine in writing.parts(key))), "")
    anchor = part[name].id_for_label if name else f"card-{part.prefix}" if part.prefix else "main"
    told["url"] = f"{address(writing.group.pk, page)}#{anchor}" if page else ""
    told["whose"], told["field"] = _whose(writing, part), part[name].label if name else ""
    return told


def _whose(writing: Writing, part: Part) -> str:
    for _pk, name, form in writing.women:
        if form is part:
            return name
    if isinstance(part, LoanPart):
        whose = part.value("whose") or ""
        choices = {str(key): str(title) for key, title in part.fields["whose"].choices}  # type: ignore[attr-defined]
        return choices.get(whose, "") if whose else ""
    return ""


def _tabs(writing: Writing, now: str) -> list[dict[str, Any]]:
    return [
        {
            "title": title, "url": address(writing.group.pk, key), "current": key == now,
            "is_wrong": key != "review" and any(one.is_bound and one.errors for one in writing.parts(key)),
        }
        for key, title in writing.words.pages.items()
    ]  # fmt: skip


@needs(KEEP, of="institutions_institution")
def put_away(request: HttpRequest, id: UUID) -> HttpResponse:
    """Give up what was written."""
    group = institution_behind(request.scope, id, KEEP)
    row = OpenCutOff.objects.filter(institution=group).first()
    if row is not None and request.method == "POST":
        put_away_cut_off(by=request.scope, cut_off=row.pk)
        messages.success(request, gettext("It was put away."))
    return redirect("books:cut_off", id)


routes = [
    path("books/<uuid:id>/cut-off/put-away/", put_away, name="cut_off_put_away"),
    *[path(f"books/<uuid:id>/cut-off/{page}/", part, {"page": page}, name=f"cut_off_{page}") for page in PAGES],
]
