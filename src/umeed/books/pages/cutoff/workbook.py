"""The workbook of cut-offs to take along: of one group, or of all that have no book yet."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.urls import path

from umeed.books.loads.workbook import MOST_GROUPS, workbook_of
from umeed.books.pages.opening import REGISTERS, SEE, institution_behind
from umeed.core.doors import needs
from umeed.institutions.models import Institution


@needs(SEE, of="institutions_institution")
def of_one(request: HttpRequest, id: UUID) -> FileResponse:
    """One group, VO or CLF with who belongs to it."""
    return _given([institution_behind(request.scope, id)])


@needs(SEE)
def of_many(request: HttpRequest) -> FileResponse:
    """Groups, VOs and CLFs in reach without a book, by place and name; the first 500."""
    rows = Institution.objects.filter(kind__in=REGISTERS, book__isnull=True).seen_by(request.scope, SEE)
    return _given(list(rows.select_related("place").order_by("place__name", "name", "pk")[:MOST_GROUPS]))


def _given(institutions: list[Institution]) -> FileResponse:
    return FileResponse(workbook_of(institutions), as_attachment=True, filename="cut-off.xlsx")


routes = [
    path("books/cut-off.xlsx", of_many, name="cut_off_workbooks"),
    path("books/<uuid:id>/cut-off/sheet.xlsx", of_one, name="cut_off_workbook"),
]
