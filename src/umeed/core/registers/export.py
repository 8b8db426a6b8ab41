"""A register as a spreadsheet: all rows of what is seen, in constant memory, with a first sheet that says what it is.

The answer streams after the request's transaction has ended, so the stream opens its own, as the same viewer.
"""

import tempfile
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext

from umeed.core.audit import audited
from umeed.core.models import AuditChange
from umeed.core.registers.columns import Column
from umeed.core.registers.listing import Listing, RowValues
from umeed.core.sheets import OutSheet, write_book, write_csv
from umeed.core.templatetags.umeed_text import day, moment
from umeed.core.viewer import as_viewer
from umeed.kernel.money import grouped

ROWS_AT_ONCE = 2_000
PIECE_BYTES = 64 * 1024
XLSX, CSV = "xlsx", "csv"
KINDS = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}


def answer(listing: Listing, kind: str) -> StreamingHttpResponse:
    """The export as a download. That it was made is recorded now, with how many rows and which covered fields."""
    columns = [column.fresh() for column in listing.register.columns]
    about = about_rows(listing, columns)
    record_export(listing, kind, columns)
    language = translation.get_language() or "en"
    make = book_pieces if kind == XLSX else csv_pieces
    pieces = as_the_viewer(listing, language, lambda: make(listing, columns, about))
    name = file_name(listing, kind)
    return StreamingHttpResponse(
        pieces,
        content_type=KINDS[kind],
        headers={"Content-Disposition": content_disposition_header(True, name), "Cache-Control": "no-store"},
    )


def as_the_viewer(listing: Listing, language: str, make: Callable[[], Iterable[bytes]]) -> Iterator[bytes]:
    with translation.override(language), as_viewer(listing.scope.viewer):
        yield from make()


def file_name(listing: Listing, kind: str) -> str:
    parts = (listing.register.key, slugify(listing.where, allow_unicode=True), listing.scope.today.isoformat())
    return f"{'-'.join(part for part in parts if part)}.{kind}"


def record_export(listing: Listing, kind: str, columns: Sequence[Column]) -> None:
    """One entry an export: what, how many, through which filters, with which sealed columns opened."""
    register = listing.register
    opened = [column.field for column in columns if column.key in listing.shown and column.sealed]
    says = {
        "fields": opened, "rows": listing.count.number, "kind": kind, "query": listing.query(),
        "where": listing.where_ids,
    }  # fmt: skip
    with audited(by=listing.scope, did="export_register", why=listing.as_of) as trail:
        trail.rows(AuditChange.READ, register.model._meta.db_table, [(register.key, None, says)])


# Rows ---------------------------------------------------------------------------------------------------------------


def headings(columns: Sequence[Column]) -> list[str]:
    return [str(title) for column in columns for title in column.sheet_titles()]


def sheet_rows(listing: Listing, columns: Sequence[Column]) -> Iterator[list[Any]]:
    """Every row of the list in its order, read through a cursor of the database, gathered in batches."""
    found = flat_rows(listing, columns)
    while rows := list(islice(found, ROWS_AT_ONCE)):
        values = RowValues(listing.register, listing.scope, rows, list(columns), listing.shown)
        yield from map(_row_writer(values, columns), rows)


def flat_rows(listing: Listing, columns: Sequence[Column]) -> Iterator[Any]:
    """Rows as named tuples with a value for each path that the columns read; no record is made of them."""
    paths = {listing.register.flat(path) for column in columns for path in column.fields}
    names = ["pk", *sorted(paths - {"pk", listing.register.model._meta.pk.name})]
    kind = namedtuple("Row", names)  # type: ignore[misc]
    return map(kind._make, listing.sorted.values_list(*names).iterator(chunk_size=ROWS_AT_ONCE))


def _row_writer(values: RowValues, columns: Sequence[Column]) -> Callable[[Any], list[Any]]:
    """flat row → all its cells: what goes straight is copied in one go, the rest asked column by column."""
    width, straight, asked = 0, [], []
    for column in columns:
        cells = len(column.sheet_titles())
        if column.goes_straight:
            straight.append((width, column.field))
        else:
            asked.append((width, width + cells, values.writer(column)))
        width += cells
    places = [at for at, _field in straight]
    copied = attrgetter("pk", "pk", *(field for _at, field in straight))

    def write(row: Any) -> list[Any]:
        line: list[Any] = [None] * width
        for at, value in zip(places, copied(row)[2:], strict=True):
            line[at] = value
        for first, end, cells in asked:
            line[first:end] = cells(row)
        return line

    return write


def csv_pieces(listing: Listing, columns: Sequence[Column], about: Any) -> Iterator[bytes]:
    return write_csv(headings(columns), sheet_rows(listing, columns))


def book_pieces(listing: Listing, columns: Sequence[Column], about: list[list[Any]]) -> Iterator[bytes]:
    """The workbook in pieces: it is written to a file that vanishes, for XLSX ends with its own table of contents."""
    backwards = translation.get_language_bidi()
    with tempfile.TemporaryFile() as target:
        first = OutSheet(gettext("About"), about[0], about[1:], backwards)
        data = OutSheet(str(listing.register.plural), headings(columns), sheet_rows(listing, columns), backwards)
        write_book(target, [first, data])
        target.seek(0)
        while piece := target.read(PIECE_BYTES):
            yield piece


# The first sheet ----------------------------------------------------------------------------------------------------


def about_rows(listing: Listing, columns: Sequence[Column]) -> list[list[Any]]:
    """What the reader of a forwarded file must know: what it counts, where, when, through which filters, by whom."""
    register = listing.register
    chips = [chip.text for chip in listing.filters.chips()] or [gettext("none: everything within reach")]
    rows: list[list[Any]] = [
        [gettext("Register"), str(register.plural)],
        [gettext("What it holds"), str(register.about or register.plural)],
        [gettext("Rows"), listing.count.number],
        [gettext("In words"), register.counted % {"n": listing.count.number, "shown": grouped(listing.count.number)}],
        [gettext("Place"), listing.where or gettext("everything within reach")],
        [gettext("As on"), day(listing.scope.today)],
        *[[gettext("Filter"), text] for text in chips],
        [gettext("Exported by"), listing.scope.name],
        [gettext("Exported at"), moment(timezone.localtime())],
    ]
    for column in columns:
        if column.sealed:
            is_open = column.key in listing.shown
            words = gettext("shown; the export is recorded") if is_open else gettext("covered; the last digits only")
            rows.append([str(column.title), words])
        elif column.about:
            rows.append([str(column.title), str(column.about)])
    return rows
