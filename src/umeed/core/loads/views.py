"""The pages of spreadsheets on their way in: send, answer, wait, read the report, consent, take back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from umeed.core import jobs
from umeed.core.actions import Refused
from umeed.core.doors import needs
from umeed.core.loads import acts, files, mapping, queries, steps, tabs, undoing, workbooks
from umeed.core.loads.forms import AnswersForm, ChooseForm, UploadForm, errors_by_field
from umeed.core.loads.layouts import Layout, layouts_for
from umeed.core.loads.models import Load, State
from umeed.core.loads.options import written
from umeed.core.loads.uploading import SizeLimit, is_too_large
from umeed.core.loads.working import layout_of
from umeed.core.templatetags.umeed_text import grouped
from umeed.kernel.refusals import Refusal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LOADS_A_PAGE = 25


def own_load(view: Any) -> Any:
    """Hands the viewer's own load to a view; 404 for any other."""

    @wraps(view)
    def with_load(request: HttpRequest, pk: UUID) -> HttpResponse:
        load = Load.objects.seen_by(request.scope, "loads.make").filter(pk=pk).first()  # type: ignore[attr-defined]
        if load is None:
            raise Http404
        return view(request, load)

    return with_load


# My loads, and a new one ---------------------------------------------------------------------------------------------


@needs("loads.make")
@csrf_exempt
@require_http_methods(["GET", "POST"])
def loads(request: HttpRequest) -> HttpResponse:
    """The size limit must stand before anything reads the form, so the check of the form's token comes after it."""
    request.upload_handlers.insert(0, SizeLimit(request))
    return _loads(request)


@csrf_protect
def _loads(request: HttpRequest) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    if request.method != "POST":
        return render(request, "core/loads/list.html", _list_page(request, UploadForm(scope=scope)))
    form = UploadForm(request.POST, request.FILES, scope=scope, is_too_large=is_too_large(request))
    if form.is_valid():
        return _receive(request, form)
    return render(request, "core/loads/list.html", _list_page(request, form), status=422)


def _receive(request: HttpRequest, form: UploadForm) -> HttpResponse:
    file = form.cleaned_data["file"]

    def pieces() -> Iterator[bytes]:
        file.seek(0)
        return file.chunks(files.PIECE_BYTES)

    load = acts.receive_file(
        by=request.scope,
        file_name=file.name,
        pieces=pieces,
        layout_key=form.cleaned_data["layout"],  # type: ignore[attr-defined]
    )
    return _set_to_work(request, load)


def _set_to_work(request: HttpRequest, load: Load) -> HttpResponse:
    """Do the next step at once when it is small, else in the background; then the page of the load."""
    if not steps.done_at_once(load):
        jobs.go_on_later(load)
    return redirect("loads:load", pk=load.pk)


def _list_page(request: HttpRequest, form: UploadForm) -> dict[str, Any]:
    scope = request.scope  # type: ignore[attr-defined]
    is_unread = request.GET.get("state") == State.FAILED
    listed = queries.my_loads(scope)
    listed = listed.filter(made_by=scope.viewer, state=State.FAILED) if is_unread else listed
    shown = Paginator(listed, LOADS_A_PAGE).get_page(request.GET.get("page"))
    return {
        "page": {
            "title": gettext("Load a spreadsheet"),
            "lead": gettext("Nothing is written before you have read the report and said yes."),
        },
        "form": form,
        "layouts": layouts_for(scope),
        "loads": [
            {
                "load": load, "title": queries.title_of(load.layout_key), "mine": load.made_by == scope.viewer,
                "standing": queries.standing(load, is_mine=load.made_by == scope.viewer),
                "badge": queries.KINDS_OF_BADGE.get(State(load.state), "info"), "counts": tabs.counts_in_words(load),
            }
            for load in shown
        ],
        "is_unread": is_unread,
        "pager": _pager(shown, reverse("loads:list"), "state=failed&" if is_unread else ""),
    }  # fmt: skip


def _pager(shown: Any, address: str, query: str) -> dict[str, Any]:
    """What `core/parts/pager.html` takes; `query` goes before the page number."""
    to = lambda number: f"{address}?{query}page={number}"  # noqa: E731
    return {
        "shown": gettext("%(first)s–%(last)s of %(all)s")
        % {
            "first": grouped(shown.start_index()), "last": grouped(shown.end_index()),
            "all": grouped(shown.paginator.count),
        },
        "previous_url": to(shown.previous_page_number()) if shown.has_previous() else "",
        "next_url": to(shown.next_page_number()) if shown.has_next() else "",
        "needed": shown.has_other_pages(),
    }  # fmt: skip


@needs("loads.make")
@require_GET
def sample(request: HttpRequest, key: str) -> HttpResponse:
    """An empty workbook with the headings of a layout."""
    of = next((each for each in layouts_for(request.scope) if each.key == key), None)  # type: ignore[attr-defined]
    if of is None:
        raise Http404
    return FileResponse(workbooks.sample_of(of), as_attachment=True, filename=f"{key}.xlsx", content_type=XLSX)


# One load ------------------------------------------------------------------------------------------------------------


@needs("loads.make", "audit.see", of="core_load")
@require_GET
def load_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Wherever the load stands: progress, questions, report, result; to others only the summary."""
    seen = queries.load_in_sight(request.scope, pk)  # type: ignore[attr-defined]
    if seen is None:
        raise Http404
    load, is_mine = seen
    if is_mine and load.state == State.MAPPING:
        return redirect("loads:answers", pk=pk)
    return _load_page(request, load, is_mine)


def _load_page(request: HttpRequest, load: Load, is_mine: bool, refused: list[Refusal] | None = None) -> HttpResponse:
    context = {
        "page": {
            "title": queries.named(load),
            "lead": queries.title_of(load.layout_key),
            "crumbs": [{"title": gettext("Load a spreadsheet"), "url": reverse("loads:list")}],
        },
        "load": load, "is_mine": is_mine, "address": reverse("loads:load", args=[load.pk]),
        "badge": queries.KINDS_OF_BADGE.get(State(load.state), "info"),
        "standing": queries.standing(load, is_mine=is_mine),
        "refused": [*(refused or []), *queries.told(load.refusals)] if is_mine else [],
        "steps": _steps(load), "counts": tabs.counts_in_words(load),
        "gives_rows_back": is_mine and workbooks.gives_rows_back(load),
    }  # fmt: skip
    if is_mine and load.counts and not load.is_at_work:
        context |= _report(request, load)
    return render(request, "core/loads/load.html", context, status=422 if refused else 200)


def _steps(load: Load) -> list[dict[str, Any]]:
    """Where the load stands, for `core/parts/steps.html`."""
    titles = [gettext("File"), gettext("Columns"), gettext("Check"), gettext("Consent"), gettext("Loaded")]
    at = {
        State.RECEIVED: 0, State.READING: 0, State.FAILED: 0, State.MAPPING: 1, State.JUDGING: 2, State.JUDGED: 3,
        State.APPLYING: 4, State.APPLIED: 5,
    }.get(State(load.state))  # fmt: skip
    if at is None:
        return []
    return [
        {"title": title, "state": "done" if n < at else "current" if n == at else ""} for n, title in enumerate(titles)
    ]


def _report(request: HttpRequest, load: Load) -> dict[str, Any]:
    what = tabs.to_show(load, request.GET.get("what", ""))
    number = _page_number(request)
    rows, total = queries.page_of_rows(load, what, number)
    pages = Paginator(range(total), queries.PAGE_ROWS)
    address = reverse("loads:load", args=[load.pk])
    return {
        "notes": queries.notes_by_sheet(load),
        "tabs": tabs.as_links(load, what, address),
        "overlap": tabs.overlap_in_words(load),
        "rows": rows,
        "what": what,
        "number": number,
        "pager": _pager(pages.get_page(number), address, f"what={what or 'all'}&"),
        "may_choose": load.state == State.JUDGED and any(row.is_writable for row in rows),
        "goes_on": queries.goes_on(load, request.scope),  # type: ignore[attr-defined]
    }


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "") or request.POST.get("page", "")
    return max(1, min(int(text), 100_000)) if text.isascii() and text.isdigit() else 1


@needs("loads.make", of="core_load")
@own_load
@require_http_methods(["GET", "POST"])
def answers(request: HttpRequest, load: Load) -> HttpResponse:
    """What the file holds, which heading is which column, and what is asked beside it."""
    if load.state not in (State.MAPPING, State.JUDGED):
        return redirect("loads:load", pk=load.pk)
    scope = request.scope  # type: ignore[attr-defined]
    given = request.POST if request.method == "POST" else request.GET
    of = _layout_asked(request, load, given.get("layout") or load.layout_key)
    proposed = _proposed(load, of, scope, given) if of else {}
    form = (
        AnswersForm(request.POST if request.method == "POST" else None, load=load, of=of, proposed=proposed)
        if of
        else None
    )
    if request.method == "POST" and form is not None and _answered(request, load, form):
        return _set_to_work(request, load)
    return render(
        request,
        "core/loads/answers.html",
        _answers_page(load, of, form, proposed, scope),
        status=422 if form and form.errors else 200,
    )


def _layout_asked(request: HttpRequest, load: Load, key: str) -> Layout | None:
    return next((each for each in layouts_for(request.scope) if each.key == key), None)  # type: ignore[attr-defined]


def _proposed(load: Load, of: Layout, scope: Any, given: Any) -> mapping.Mapped:
    """The mapping that stands, as long as neither the layout nor the sheets are chosen anew."""
    sheets = {kind: given[f"sheet_{kind}"] for kind in of.sheets if given.get(f"sheet_{kind}")}
    if load.mapping and of.key == load.layout_key and not sheets:
        proposed = mapping.proposed(of, load.found, scope, {said["kind"]: t for t, said in load.mapping.items()})
        return {t: {**said, "columns": {**said["columns"], **load.mapping[t]["columns"]}} if t in load.mapping else said
                for t, said in proposed.items()}  # fmt: skip
    return mapping.proposed(of, load.found, scope, sheets)


def _answered(request: HttpRequest, load: Load, form: AnswersForm) -> bool:
    """Take the answers; False when the form has something to say."""
    if not form.is_valid():
        return False
    options, reasons = written(form.of, form.given_options)
    try:
        if reasons:
            raise Refused(reasons)
        acts.answer(load, by=request.scope, layout_key=form.of.key, mapped=form.mapped, options=options)  # type: ignore[attr-defined]
    except Refused as refused:
        errors_by_field(form, refused.refusals, form.of.sheets)
        return False
    return True


def _answers_page(load: Load, of: Layout | None, form: Any, proposed: mapping.Mapped, scope: Any) -> dict[str, Any]:
    chosen = {"layout": of.key if of else "", **{f"sheet_{said['kind']}": t for t, said in proposed.items()}}
    return {
        "page": {
            "title": gettext("What is in this file?"),
            "lead": queries.named(load),
            "crumbs": [{"title": gettext("Load a spreadsheet"), "url": reverse("loads:list")}],
        },
        "load": load, "form": form, "of": of, "chosen": chosen,
        "choose": ChooseForm(scope=scope, of=of, found=load.found, initial=chosen),
        "reasons": queries.told(load.refusals) if of is None or of.key == load.layout_key else [],
        "steps": _steps(load),
        "is_clear": bool(form) and load.state == State.MAPPING and not load.refusals and not form.errors
        and of.key == load.layout_key,
    }  # fmt: skip


@needs("loads.make", of="core_load")
@own_load
@require_POST
def choose(request: HttpRequest, load: Load) -> HttpResponse:
    """Keep the ticks of the rows on one page of the report."""
    shown, ticked = ([int(n) for n in request.POST.getlist(name) if n.isdigit()] for name in ("shown", "row"))
    try:
        acts.choose_rows(load, by=request.scope, shown=shown, ticked=ticked)  # type: ignore[attr-defined]
    except Refused as refused:
        return _load_page(request, load, True, refused.refusals)
    what = tabs.to_show(load, request.POST.get("what") or "all") or "all"
    return redirect(reverse("loads:load", args=[load.pk]) + f"?what={what}&page={_page_number(request)}")


@needs("loads.make", of="core_load")
@own_load
@require_POST
def consent(request: HttpRequest, load: Load) -> HttpResponse:
    """She has read the report and says yes."""
    revision = request.POST.get("revision", "")
    try:
        acts.consent(
            load, by=request.scope, revision=int(revision) if revision.isdigit() else 0,  # type: ignore[attr-defined]
            which=request.POST.get("which", acts.WHOLE),
        )  # fmt: skip
    except Refused as refused:
        return _load_page(request, load, True, refused.refusals)
    return _set_to_work(request, load)


@needs("loads.make", of="core_load")
@own_load
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, load: Load) -> HttpResponse:
    """What taking back would mean and what stands in its way; then take back."""
    if load.state != State.APPLIED:
        return redirect("loads:load", pk=load.pk)
    scope = request.scope  # type: ignore[attr-defined]
    try:
        reasons = undoing.why_not_undo(load, layout_of(load, scope), scope)
        if request.method == "POST" and not reasons:
            acts.ask_to_undo(load, by=scope)
            return _set_to_work(request, load)
    except Refused as refused:
        reasons = refused.refusals
    context = {
        "page": {
            "title": gettext("Take this load back"), "lead": queries.named(load),
            "crumbs": [{"title": queries.named(load), "url": reverse("loads:load", args=[load.pk])}],
        },
        "load": load, "reasons": reasons, "counts": load.counts,
    }  # fmt: skip
    return render(request, "core/loads/undo.html", context, status=422 if reasons and request.method == "POST" else 200)


@needs("loads.make", of="core_load")
@own_load
@require_POST
def discard(request: HttpRequest, load: Load) -> HttpResponse:
    """Put a load aside that was never applied."""
    try:
        acts.discard(load, by=request.scope)  # type: ignore[attr-defined]
    except Refused as refused:
        return _load_page(request, load, True, refused.refusals)
    messages.success(request, gettext("The file was put aside. Nothing of it was loaded."))
    return redirect("loads:list")


@needs("loads.make", of="core_load")
@own_load
@require_GET
def report(request: HttpRequest, load: Load) -> HttpResponse:
    """The report as a workbook: the refused rows as they were, or every row with its verdict."""
    refused = request.GET.get("what") == "refuse"
    made = workbooks.refused_rows(load) if refused else workbooks.all_rows(load)
    name = load.file_name.rpartition(".")[0] or load.file_name
    ending = gettext("what is wrong") if refused else gettext("report")
    return FileResponse(made, as_attachment=True, filename=f"{name} - {ending}.xlsx", content_type=XLSX)
