"""The pages of a register: list, record, form, the look at a sealed value, export, saved views."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.core.doors import needs
from umeed.core.plans import plans_kept
from umeed.core.registers import export, saved
from umeed.core.registers.columns import Column
from umeed.core.registers.declare import Register
from umeed.core.registers.details import Detail
from umeed.core.registers.filters import Wrong
from umeed.core.registers.listing import OWN_PARAMS, SEARCH, SHOW, SORT, Listing
from umeed.core.registers.tables import list_table
from umeed.core.scope import Scope
from umeed.kernel.money import grouped

View = Callable[..., HttpResponse]


def patterns(register: Register) -> list[URLPattern]:
    """The addresses of one register below where it is mounted. Forms and exports only where they are declared."""
    record = f"<{register.id_converter}:id>/"
    made = [
        path("", list_view(register), name="list"),
        path("views/", views_view(register), name="views"),
        path("views/save/", save_view(register), name="save_view"),
        path("views/<uuid:view>/", change_view(register), name="change_view"),
    ]
    if not register.opens:
        made.append(path(record, detail_view(register), name="detail"))
        made.append(path(f"{record}look/", look_view(register), name="look"))
    if register.form is not None and register.change:
        made.insert(0, path("new/", form_view(register, edit=False), name="new"))
        made.append(path(f"{record}edit/", form_view(register, edit=True), name="edit"))
    if register.export:
        made.insert(0, path("export.<slug:kind>", export_view(register), name="export"))
    return made


# The list -----------------------------------------------------------------------------------------------------------


def list_view(register: Register) -> View:
    @needs(register.see)
    def page(request: HttpRequest) -> HttpResponse:
        listing = Listing(register, request.scope, request.GET)
        told = look_at(register, request.scope, listing)
        swap = request.htmx and not request.htmx.history_restore_request
        template = "core/registers/region.html" if swap else "core/registers/list.html"
        answer = render(request, template, list_context(listing))
        patch_vary_headers(answer, ["HX-Request"])
        if swap:
            answer.headers["HX-Push-Url"] = _tidy_url(listing)
        if told:
            answer.headers["Cache-Control"] = "no-store"
        return answer

    return page


def _tidy_url(listing: Listing) -> str:
    """The address without the filters that a form sent empty."""
    query = listing.query(**({"page": str(listing.page)} if listing.page > 1 else {}))
    return f"{listing.register.url()}?{query}" if query else listing.register.url()


def look_at(register: Register, scope: Scope, listing: Listing) -> bool:
    """Record that sealed values of a page are shown, if any are. True when something was recorded."""
    opened = listing.values.opened(listing.rows) if listing.shown else []
    if opened:
        with audited(by=scope, did="look_at_sealed") as trail:
            for row, fields in opened:
                trail.read(row, fields)
    return bool(opened)


def list_context(listing: Listing) -> dict[str, Any]:
    register, scope = listing.register, listing.scope
    first = (listing.page - 1) * register.page_size
    views, form = saved.views_of(scope, register.key), listing.filters.form
    return {
        "register": register,
        "listing": listing,
        "table": list_table(listing),
        "form": form,
        "controls": [form[name] for name, one in listing.filters.filters.items() if name != SEARCH and not one.hidden],
        "drawn_from": _drawn_from(listing),
        "carried": _carried(listing),
        "narrowed": sum(name != SEARCH and not one.hidden for name, one in _used(listing)),
        "chips": [(chip.text, f"?{listing.without(chip.drops)}") for chip in listing.filters.chips()],
        "complaints": listing.filters.complaints(),
        "sealed": _to_open(listing),
        "shown": _span(first + 1, first + len(listing.rows), listing.count.number),
        "previous_url": _page_url(listing, listing.page - 1) if listing.page > 1 else "",
        "next_url": _page_url(listing, listing.page + 1) if listing.has_next else "",
        "views": saved.shown(views, listing.query(), register.url()),
        "query": listing.query(),
        **_away(listing),
        "page": {"title": register.plural, "lead": register.about, "actions": _list_actions(register, scope)},
    }


def _drawn_from(listing: Listing) -> str:
    """All that the folded filters depend on, none of it the viewer herself: who asks the same gets the same drawing."""
    filters = listing.filters
    folded = [name for name, one in filters.filters.items() if name != SEARCH and not (one.hidden or one.params)]
    asked = [(name, listing.params.getlist(name)) for name in sorted(folded)]
    return repr((listing.register.key, get_language(), listing.scope.today, asked))


def _used(listing: Listing) -> list[tuple[str, Any]]:
    return [(name, listing.filters.filters[name]) for name in listing.filters.values]


def _carried(listing: Listing) -> list[tuple[str, str]]:
    """What the filter form must send along though it has no control: the order and what a count opened."""
    hidden = [name for name, one in listing.filters.filters.items() if one.hidden and name in listing.filters.values]
    own = [SORT] if listing.params.get(SORT) == listing.sort else []
    return [(name, value) for name in (*own, *hidden) for value in listing.params.getlist(name)]


def _to_open(listing: Listing) -> list[dict[str, Any]]:
    """Sealed columns that this viewer may ask for, each with the address that shows or covers it."""
    offered = []
    for column in listing.columns:
        if column.sealed and listing.scope.can(column.sealed) and listing.rows:
            is_shown = column.key in listing.shown
            query = listing.query(**{SHOW: None if is_shown else column.key})
            offered.append({"title": column.title, "url": f"?{query}", "is_shown": is_shown})
    return offered


def _away(listing: Listing) -> dict[str, Any]:
    """What leads away from the list: exports with the same filters, and views to keep it under."""
    register, scope = listing.register, listing.scope
    given = QueryDict(listing.query(**{SHOW: None}))
    return {
        "may_export": bool(register.export) and scope.can(register.export) and bool(listing.rows),
        "export_url": f"{register.url()}export",
        "exported": [(name, value) for name in given for value in given.getlist(name)],
        "export_sealed": [one for one in register.columns if one.sealed and scope.can(one.sealed)],
        "save_view_url": register.url("save_view"),
        "views_url": register.url("views"),
    }


def _span(first: int, last: int, total: int) -> str:
    if last < first:
        return ""
    return gettext("%(first)s–%(last)s of %(total)s") % {
        "first": grouped(first), "last": grouped(last), "total": grouped(total),
    }  # fmt: skip


def _page_url(listing: Listing, page: int) -> str:
    params = listing.params.copy()
    params["page"] = str(page)
    return f"?{params.urlencode()}"


def _list_actions(register: Register, scope: Scope) -> list[dict[str, Any]]:
    actions = list(register.ways(scope)) if register.ways is not None else []
    if register.form is not None and register.may_add(scope):
        actions.append({"title": register.adding, "url": register.url("new"), "icon": "add"})
    if register.loads and scope.can("loads.make") and (url := _route(register.loads)):
        actions.append({"title": gettext("Load a spreadsheet"), "url": url, "icon": "upload", "quiet": True})
    return actions


def _route(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


# One record ---------------------------------------------------------------------------------------------------------


def _found(register: Register, scope: Scope, pk: Any, capability: str = "") -> Any:
    record = register.find(scope, pk, capability)
    if record is None:
        raise Http404
    return record


def detail_view(register: Register) -> View:
    @needs(register.see, of=register.model._meta.db_table)
    @plans_kept()
    def page(request: HttpRequest, id: Any) -> HttpResponse:
        record = _found(register, request.scope, id)
        return _detail_page(request, register, Detail(register, request.scope, record))

    return page


def _detail_page(request: HttpRequest, register: Register, detail: Detail) -> HttpResponse:
    return render(request, "core/registers/detail.html", {
        "register": register,
        "detail": detail,
        "look_url": register.url("look", detail.record.pk),
        "page": {
            "title": str(detail.record),
            "crumbs": [{"title": register.plural, "url": register.url()}],
            "actions": _detail_actions(register, request.scope, detail.record),
        },
    })  # fmt: skip


def _detail_actions(register: Register, scope: Scope, record: Any) -> list[dict[str, Any]]:
    actions = list(register.acts(scope, record)) if register.acts is not None else []
    if register.form is not None and register.may(scope, register.change, record):
        actions.insert(0, {"title": gettext("Correct"), "url": register.url("edit", record.pk), "icon": "edit"})
    return actions


def look_view(register: Register) -> View:
    """Shows one sealed value of one record, and records that it was looked at. Only by POST: a link may be followed
    by a machine."""

    @needs(register.see, of=register.model._meta.db_table)
    @require_POST
    @plans_kept()
    def page(request: HttpRequest, id: Any) -> HttpResponse:
        scope = request.scope
        record = _found(register, scope, id)
        column = _sealed_column(register, request.POST.get("field", ""))
        if not register.may(scope, column.sealed, record):
            raise Http404
        with audited(by=scope, did="look_at_sealed") as trail:
            trail.read(record, [column.field])
        answer = _detail_page(request, register, Detail(register, scope, record, [column.key]))
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return page


def _sealed_column(register: Register, key: str) -> Column:
    for section in register.detail:
        for one in section:
            if isinstance(one, Column) and one.key == key and one.sealed:
                return one
    column = register.by_key.get(key)
    if column is None or not column.sealed:
        raise Http404
    return column


# The form -----------------------------------------------------------------------------------------------------------


def form_view(register: Register, *, edit: bool) -> View:
    door = needs(register.change, of=register.model._meta.db_table) if edit else needs(register.change)

    @door
    @plans_kept()
    def page(request: HttpRequest, id: Any = None) -> HttpResponse:
        record = _found(register, request.scope, id, register.change) if edit else None
        form = register.form(  # type: ignore[misc]
            request.POST or None, request.FILES or None, scope=request.scope, record=record,
            initial=None if edit else _given(request),
        )  # fmt: skip
        if request.method == "POST" and (done := form.perform()) is not None:
            messages.success(request, gettext("Saved: %(name)s") % {"name": done})
            return HttpResponseRedirect(register.url("detail", done.pk))
        return render(request, "core/registers/form.html", _form_context(register, form, record))

    return page


def _given(request: HttpRequest) -> dict[str, str]:
    """First values from the address (`?group=…`), as links from other records' pages give them."""
    return dict(request.GET.items())


def _form_context(register: Register, form: Any, record: Any) -> dict[str, Any]:
    back = register.url("detail", record.pk) if record is not None else register.url()
    title = register.adding if record is None else register.correcting % {"name": record}
    return {
        "register": register,
        "form": form,
        "back": back,
        "groups": _groups(form),
        "page": {"title": title, "crumbs": _form_crumbs(register, record)},
    }


def _form_crumbs(register: Register, record: Any) -> list[dict[str, Any]]:
    crumbs = [{"title": register.plural, "url": register.url()}]
    if record is not None:
        crumbs.append({"title": str(record), "url": register.url("detail", record.pk)})
    return crumbs


def _groups(form: Any) -> list[tuple[Any, list[Any]]]:
    """The visible fields under their headings; what no section names comes last."""
    named = {name for _title, names in form.sections for name in names}
    groups = [(title, [form[name] for name in names if name in form.fields]) for title, names in form.sections]
    rest = [bound for bound in form.visible_fields() if bound.name not in named]
    return [group for group in (*groups, ("", rest)) if group[1]]


# Export -------------------------------------------------------------------------------------------------------------


def export_view(register: Register) -> View:
    @needs(register.export)
    def page(request: HttpRequest, kind: str) -> HttpResponse:
        if kind not in export.KINDS or not request.scope.can(register.see):
            raise Http404
        listing = Listing(register, request.scope, request.GET, capability=register.export)
        if wrong := [*listing.filters.wrong(), *listing.filters.unknown(OWN_PARAMS)]:
            return _no_export(request, listing, wrong)
        return export.answer(listing, kind)

    return page


def _no_export(request: HttpRequest, listing: Listing, wrong: list[Wrong]) -> HttpResponse:
    """A file that holds more than was asked for is worse than none: says what is wrong, and leads back to the list."""
    words = gettext("%(filter)s: %(value)s")
    context = {
        "register": listing.register,
        "reasons": [{"field": None, "text": words % {"filter": one.label, "value": one.message}} for one in wrong],
        "back": f"{listing.register.url()}?{listing.query()}",
        "page": {
            "title": gettext("Nothing was exported"),
            "crumbs": [{"title": listing.register.plural, "url": listing.register.url()}],
        },
    }
    return render(request, "core/registers/no_export.html", context, status=422)


# Saved views --------------------------------------------------------------------------------------------------------


def views_view(register: Register) -> View:
    @needs(register.see)
    def page(request: HttpRequest) -> HttpResponse:
        views = saved.views_of(request.scope, register.key)
        crumbs = [{"title": register.plural, "url": register.url()}]
        return render(request, "core/registers/views.html", {
            "register": register, "views": views, "page": {"title": gettext("My views"), "crumbs": crumbs},
        })  # fmt: skip

    return page


def save_view(register: Register) -> View:
    @needs(register.see)
    @require_POST
    def page(request: HttpRequest) -> HttpResponse:
        query = request.POST.get("query", "").lstrip("?")
        name = " ".join(request.POST.get("name", "").split())
        _told(request, lambda: saved.save_view(by=request.scope, register=register.key, name=name, query=query))
        return HttpResponseRedirect(f"{register.url()}?{query}")

    return page


def change_view(register: Register) -> View:
    @needs(register.see, of="core_savedview")
    @require_POST
    def page(request: HttpRequest, view: UUID) -> HttpResponse:
        found = saved.view_of(request.scope, register.key, view)
        if found is None:
            raise Http404
        name = " ".join(request.POST.get("name", "").split())
        if "delete" in request.POST:
            saved.delete_view(by=request.scope, view=found)
            messages.success(request, gettext("The view is deleted."))
        else:
            _told(request, lambda: saved.rename_view(by=request.scope, view=found, name=name))
        return HttpResponseRedirect(register.url("views"))

    return page


def _told(request: HttpRequest, act: Callable[[], Any]) -> None:
    try:
        view = act()
        messages.success(request, gettext("Saved: %(name)s") % {"name": view})
    except Refused as refused:
        for reason in refused.refusals:
            messages.error(request, reason.message(gettext))
