"""What a paper says, without how it looks: a room declares it, and page, PDF, XLSX and voice are made of it.

    Paper(
        title=_("Cash book"), of="Noor SHG", where="Nowgam, Dangiwacha", as_of=today, unit=_("Amounts in rupees"),
        facts=[Fact(_("Opening cash"), 125_00, "paise")],
        tables=[Table(_("Receipts"), [Column(_("Day"), "day"), Column(_("For")), Column(_("Amount"), "paise")],
                      [Row((day, "Savings", 1200_00), href="/books/…"), Row((None, _("Total"), 1200_00), "total")])],
        signatures=[_("President"), _("Bookkeeper")],
    )

Titles, labels and notes may be lazy translations: they become text when a paper is rendered, in the language of that
moment. A cell is what its column's kind says, or None for a blank. No Django and no markup: text is text everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, NamedTuple, get_args

# text     a str (may be lazy), or a date, which is written as a day
# paise    an amount in whole paise: 123456750 is written 12,34,567.50
# count    a whole number: 1234567 is written 12,34,567
# day      a date
# percent  a share: 0.853, Fraction(6, 7); written 85.3%
# rate     a rate in basis points, as loans keep it: 2400 is written 24%
Kind = Literal["text", "paise", "count", "day", "percent", "rate"]
# normal; what sums up ("subtotal", "total"); "heading": one cell across the table, over the rows that follow;
# what was brought forward ("opening") and is carried on ("closing")
RowKind = Literal["normal", "total", "subtotal", "heading", "opening", "closing"]
# The page a paper is printed on: `forms.py` holds their measures.
FormName = Literal["a4", "a4_landscape", "register", "slip"]
# A str, or a lazy translation of one.
Text = Any

_KINDS, _ROW_KINDS, _FORMS = get_args(Kind), get_args(RowKind), get_args(FormName)
_TYPES: dict[str, tuple[type, ...]] = {
    "paise": (int,),
    "count": (int,),
    "rate": (int,),
    "day": (date,),
    "percent": (int, float, Decimal, Fraction),
}


def _is_one_of(known: tuple[str, ...], kind: str) -> None:
    if kind not in known:
        raise ValueError(f"“{kind}” is none of {', '.join(known)}")


def _fits(kind: str, value: object) -> None:
    """A float among paise, or text among days, is a mistake of the room: it is told when the paper is made."""
    if value is not None and kind != "text" and (isinstance(value, bool) or not isinstance(value, _TYPES[kind])):
        raise TypeError(f"a {kind} is {_TYPES[kind][0].__name__} or None, not {type(value).__name__}")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what its cells are, and how wide it wants to be.

    `width` is in letters of text; 0 leaves it to what stands in the column. Numbers always keep to one line, so
    that only columns of text need a width, where two of them share the page unequally.
    """

    title: Text
    kind: Kind = "text"
    width: int = 0

    def __post_init__(self) -> None:
        _is_one_of(_KINDS, self.kind)

    @property
    def is_number(self) -> bool:
        """Whether its cells stand at the end of the line, digits under digits."""
        return self.kind in ("paise", "count", "percent", "rate")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: a cell for each column; a "heading" has one cell for all of them.

    In a line that is not "normal" the first cell may be words whatever its column is: "Total" among days.
    `href` opens what stands behind the line; it is a link on the page and nowhere else.
    """

    cells: Sequence[object]
    kind: RowKind = "normal"
    href: str = ""

    def __post_init__(self) -> None:
        _is_one_of(_ROW_KINDS, self.kind)


@dataclass(frozen=True, slots=True)
class Table:
    """Lines under headings. `note` stands beneath; `empty` is said where there is no line."""

    title: Text
    columns: Sequence[Column]
    rows: Sequence[Row] = ()
    note: Text = ""
    empty: Text = ""

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError("a table has at least one column")
        for row in self.rows:
            self._holds(row)

    def _holds(self, row: Row) -> None:
        wanted = 1 if row.kind == "heading" else len(self.columns)
        if len(row.cells) != wanted:
            raise ValueError(f"a row has {len(row.cells)} cells where {wanted} are wanted: {row.cells!r}"[:300])
        if row.kind != "heading":
            named = 0 if row.kind == "normal" else 1
            for column, value in zip(self.columns[named:], row.cells[named:], strict=True):
                _fits(column.kind, value)


@dataclass(frozen=True, slots=True)
class Sides:
    """Two tables of one account, as cash books are ruled: receipts beside payments, in the order of reading.

    On a phone, and on a page too narrow for both, `first` stands above `second`.
    """

    first: Table
    second: Table
    title: Text = ""


class Fact(NamedTuple):
    """A label with its value, as "Members: 12". A plain pair (label, value) does for text and days."""

    label: Text
    value: object
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Paper:
    """A page or more of a book.

    title        what it is: "Cash book"
    of           whose it is: the institution, or the woman
    where        where that is: "Nowgam · Dangiwacha · Baramulla"
    as_of        the day for which it holds; `period` says the stretch of time instead or besides ("April 2026")
    unit         what the figures are in, and of what: "Amounts in rupees · 12 of 12 members"
    facts        pairs at its head
    tables       in reading order; `Sides` puts two beside each other
    notes        sentences at its end
    signatures   who signs the printed paper, by office
    confirm_url  the whole address that tells whether this paper is genuine: a QR code, the address beneath it
    form         the page it is printed on
    spoken       what "read to me" says: whole sentences, amounts in words as a person says them
    """

    title: Text
    of: Text
    tables: Sequence[Table | Sides] = ()
    where: Text = ""
    as_of: date | None = None
    period: Text = ""
    unit: Text = ""
    facts: Sequence[Fact | tuple[Text, object]] = ()
    notes: Sequence[Text] = ()
    signatures: Sequence[Text] = ()
    confirm_url: str = ""
    form: FormName = "a4"
    spoken: Text = ""

    def __post_init__(self) -> None:
        _is_one_of(_FORMS, self.form)
        for fact in self.all_facts:
            _fits(fact.kind, fact.value)

    @property
    def all_facts(self) -> list[Fact]:
        """The facts, pairs too."""
        return [Fact(*fact) for fact in self.facts]

    @property
    def lines(self) -> int:
        """How many lines its tables have."""
        sides = [(table,) if isinstance(table, Table) else (table.first, table.second) for table in self.tables]
        return sum(max(len(side.rows) for side in both) for both in sides)
