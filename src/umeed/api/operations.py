"""The operations of one register: list, record, create, change; its pages' own door, filters, columns and form."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from ninja import Query, Router, Status
from ninja.errors import HttpError

from umeed.api import schemas
from umeed.api.bodies import form_data, refusals_of
from umeed.core.audit import audited
from umeed.core.doors import needs
from umeed.core.registers.declare import Register
from umeed.core.registers.filters import Wrong
from umeed.core.registers.listing import Listing, RowValues
from umeed.core.scope import Scope

# Parameters of a list that narrow nothing.
_OWN = frozenset({"show", "cursor", "limit", "count"})
_REFUSED = {422: schemas.Refusals, 401: schemas.Problem, 403: schemas.Problem}


def router_of(register: Register) -> Router:
    """What is mounted under `/api/v1/<key>`."""
    router = Router(tags=[str(register.plural)])
    row = schemas.row_schema(register)
    _add_list(router, register, row)
    _add_record(router, register, row)
    if register.form is not None and register.change:
        _add_create(router, register, row)
        _add_change(router, register, row)
    return router


def _add_list(router: Router, register: Register, row: type) -> None:
    params, page = schemas.query_schema(register), schemas.page_schema(register, row)

    @router.get(
        "", response={200: page, **_REFUSED}, operation_id=f"list_{_name(register)}", summary=f"List: {register.plural}"
    )
    @needs(register.see)
    def rows(request: HttpRequest, given: Query[params]) -> Any:  # type: ignore[valid-type]
        listing = Listing(register, request.scope, request.GET)
        if wrong := [*listing.filters.wrong(), *listing.filters.unknown(_OWN)]:
            return Status(422, {"refusals": [_filter_reason(one) for one in wrong]})
        ids = list(_after_cursor(register, listing, given.cursor).values_list("pk", flat=True)[: given.limit + 1])
        shown = _read(register, request.scope, ids[: given.limit])
        return Status(200, {
            "items": _records(register, request, shown, listing.shown),
            "next": str(ids[given.limit - 1]) if len(ids) > given.limit else None,
            "as_on": request.scope.today,
            "count": listing.count.number if given.count else None,
        })  # fmt: skip


def _after_cursor(register: Register, listing: Listing, cursor: str | None) -> Any:
    """In the order of ids, which is the order of making: a page begins after an id, however deep it lies."""
    rows = listing.narrowed.order_by("pk")
    if not cursor:
        return rows
    try:
        return rows.filter(pk__gt=register.model._meta.pk.to_python(cursor))
    except ValidationError as wrong:
        raise HttpError(422, "The cursor is not one of this list.") from wrong


def _read(register: Register, scope: Scope, ids: Sequence[Any]) -> list[Any]:
    """The records of one page, with what hangs on them: joined for these alone, not for all that might be on a page."""
    if not ids:
        return []
    return list(register.load(register.base(scope), register.columns).filter(pk__in=ids).order_by("pk"))


def _filter_reason(one: Wrong) -> dict[str, Any]:
    return {"field": one.param, "code": one.code, "message": one.message}


def _add_record(router: Router, register: Register, row: type) -> None:
    kind: Any = UUID if register.id_converter == "uuid" else int

    @router.get(
        "/{id}", response={200: row, 404: schemas.Problem, **_REFUSED}, operation_id=f"get_{_name(register)}",
        summary=f"Read: {register.singular}",
    )  # fmt: skip
    @needs(register.see, of=register.model._meta.db_table)
    def record(request: HttpRequest, id: kind, show: Query[list[str]] = ()) -> Any:  # type: ignore[valid-type]
        return Status(200, _one(register, request, id, frozenset(show)))


def _one(register: Register, request: HttpRequest, pk: Any, shown: frozenset[str] = frozenset()) -> dict[str, Any]:
    found = register.load(register.base(request.scope), register.columns).filter(pk=pk).first()
    if found is None:
        raise Http404
    return _records(register, request, [found], shown)[0]


def _records(
    register: Register, request: HttpRequest, rows: Sequence[Any], shown: frozenset[str]
) -> list[dict[str, Any]]:
    """Rows as JSON values; sealed values that are shown are recorded."""
    values = RowValues(register, request.scope, list(rows), [column.fresh() for column in register.columns], shown)
    if opened := values.opened(list(rows)):
        with audited(by=request.scope, did="look_at_sealed") as trail:
            for row, fields in opened:
                trail.read(row, fields)
    return [_record(register, row, values) for row in rows]


def _record(register: Register, row: Any, values: RowValues) -> dict[str, Any]:
    told: dict[str, Any] = {"id": row.pk}
    if register.has_revision:
        told["revision"] = row.revision
    for column in register.columns:
        value, covered = values.of(row, column)
        told[column.key] = column.covered(value) if covered else None if value is None else column.json(value)
    return told


def _add_create(router: Router, register: Register, row: type) -> None:
    body = schemas.body_schema(register, edit=False)

    @router.post(
        "",
        response={201: row, **_REFUSED},
        operation_id=f"create_{_name(register)}",
        summary=str(register.adding),
    )
    @needs(register.change)
    def create(request: HttpRequest, given: body) -> Any:  # type: ignore[valid-type]
        sent = given.dict(exclude_unset=True)
        sent["record_id"] = sent.pop("id", None)
        return _perform(register, request, None, sent, 201)


def _add_change(router: Router, register: Register, row: type) -> None:
    body = schemas.body_schema(register, edit=True)
    kind: Any = UUID if register.id_converter == "uuid" else int

    @router.patch(
        "/{id}", response={200: row, 404: schemas.Problem, **_REFUSED}, operation_id=f"change_{_name(register)}",
        summary=f"Change: {register.singular}",
    )  # fmt: skip
    @needs(register.change, of=register.model._meta.db_table)
    def change(request: HttpRequest, id: kind, given: body) -> Any:  # type: ignore[valid-type]
        record = register.find(request.scope, id, register.change)
        if record is None:
            raise Http404
        return _perform(register, request, record, given.dict(exclude_unset=True), 200)


def _perform(register: Register, request: HttpRequest, record: Any, sent: dict[str, Any], status: int) -> Any:
    blank = register.form(scope=request.scope, record=record)  # type: ignore[misc]
    form = register.form(form_data(blank, sent), scope=request.scope, record=record)  # type: ignore[misc]
    done = form.perform()
    if done is None:
        return Status(422, refusals_of(form))
    return Status(status, _one(register, request, done.pk))


def _name(register: Register) -> str:
    return register.key.replace("-", "_")
