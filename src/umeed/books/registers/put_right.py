"""What was put right of a meeting or a cut-off in a later month: when, why, whose, and how much more or less it is."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, repeat
from uuid import UUID

from django.utils.translation import gettext, pgettext

from umeed.books.heads import BY_KEY, BY_NUMBER
from umeed.books.ledger.balances import kept_women
from umeed.books.meetings.differences import Said, Way, put_right_by, said_of, ways_of
from umeed.books.models import CutOff, Line, Meeting, Sheet
from umeed.books.registers.cash import flow_title
from umeed.books.registers.papering import head_title, money, table
from umeed.books.registers.reading import Entered, names
from umeed.books.registers.which_loan import which_loans
from umeed.core.papers.shapes import Column, Row, Table
from umeed.core.templatetags.umeed_text import day as written_day
from umeed.core.templatetags.umeed_text import left_to_right
from umeed.kernel.money import Paise, rupees

# Head, woman, loan and body of a line.
Account = tuple[int, UUID | None, int | None, UUID | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """One amount that was put right. `woman` is the record that is kept of her, also where the line names her loan
    alone; `name` is hers, or that of the body or bank that it is about; `loan` says which of hers it is, where she has
    more than one. `is_out` what left the box, to the bank under its head; None where that is not known: then it is said
    of both sides together. `is_more` when the right amount is the larger one."""

    head: str
    woman: UUID | None
    name: str
    paise: Paise
    is_out: bool | None
    is_more: bool
    loan: str = ""
    by_bank: bool = False
    loan_pk: int = 0
    # Under its head the meeting had what came in and what went out.
    is_of_both: bool = False
    # Of a cut-off nothing came or went: it says what was there.
    is_held: bool = False

    @property
    def title(self) -> str:
        if self.is_held:
            return head_title(BY_KEY[self.head])
        if self.is_out is None:
            title = gettext("%(what)s, in all") % {"what": head_title(BY_KEY[self.head])}
        else:
            title = side_title(self.head, self.is_out, flow_title, is_of_both=self.is_of_both)
        return f"{title} · {pgettext('money', 'Bank')}" if self.by_bank else title

    @property
    def what(self) -> str:
        """Whose and what, and of which loan."""
        return " · ".join(filter(None, (self.name, self.loan, self.title)))

    @property
    def by_how_much(self) -> str:
        words = gettext("%(paise)s more") if self.is_more else gettext("%(paise)s less")
        return words % {"paise": left_to_right(rupees(self.paise))}


@dataclass(frozen=True, slots=True)
class PutRight:
    """What one posting put right, on its day."""

    on: datetime.date
    why: str
    lines: tuple[Difference, ...]

    @property
    def when(self) -> str:
        return gettext("Put right on %(day)s") % {"day": written_day(self.on)}


def side_title(head: str, is_out: bool, titled: Callable[..., str], *, is_of_both: bool) -> str:
    """What an amount of a meeting is called, also where both sides of its head have one name (`titled`, asked of a head
    and whether it came in)."""
    if head == "bank":
        return gettext("Taken to the bank") if is_out else gettext("Brought from the bank")
    if head == "loan_from_bank" and not is_out:
        return gettext("Drawn from the cash credit")
    title = titled(head, is_receipt=not is_out)
    if is_of_both and title == titled(head, is_receipt=is_out):
        return f"{title} · {gettext('Payments') if is_out else gettext('Receipts')}"
    return title


def put_right_of(held: Meeting) -> list[PutRight]:
    """What was put right of it in a later month, the first first, each with what is of one woman, and of one loan of
    hers, together. One question; more where it was."""
    sheets = put_right_by(held)
    if not sheets:
        return []
    sides, said = _sides(held), said_of(sheet.pk for sheet in sheets)
    found = {sheet.pk: _differing_in(sheet) for sheet in sheets}
    named = [line for lines in found.values() for line, _way in lines]
    kept = kept_women({pk for line in named if (pk := _hers(line))})
    called, loans = names(kept.values(), map(_whose, named)), which_loans(held.book_id, held.held_on)
    told = []
    for sheet in sheets:
        why, signs, _of = said.get(sheet.pk, Said("", []))
        every = []
        for (line, way), sign in zip(found[sheet.pk], chain(signs, repeat(0)), strict=False):
            woman, loan = kept.get(_hers(line)), line.loan  # type: ignore[arg-type]
            name = called.woman(woman) or called.body(_whose(line)) or (loan.called if loan else "")
            one = _differs(line, sign, sides)
            which = loans.get(line.loan_id or 0, "")
            every.append(replace(one, woman=woman, name=name, loan=which, by_bank=way == "bank"))
        every.sort(key=lambda one: (not one.name, one.name, one.loan_pk))
        told.append(PutRight(sheet.on_date, why, tuple(every)))
    return told


def put_right_of_cut_off(row: CutOff) -> list[PutRight]:
    """The same of a cut-off, without what only makes it even. Two questions, more where it was put right."""
    sheets = put_right_by(row)
    said = said_of(sheet.pk for sheet in sheets)
    rows = Line.objects.filter(sheet__in=sheets).exclude(head=BY_KEY["surplus_before"].number).order_by("position")
    lines = list(rows)
    called = names((line.woman_id for line in lines), (line.body_id for line in lines))

    def differs(line: Line) -> Difference:
        name = called.woman(line.woman_id) or called.body(line.body_id)
        return replace(
            _differs(line, BY_NUMBER[line.head].grows_by, {}), woman=line.woman_id, name=name, is_held=True
        )  # fmt: skip

    return [
        PutRight(sheet.on_date, said.get(sheet.pk, Said("", [])).why, tuple(
            differs(line) for line in lines if line.sheet_id == sheet.pk
        ))
        for sheet in sheets
    ]  # fmt: skip


def _differing_in(sheet: Sheet) -> list[tuple[Line, Way]]:
    """What a sheet puts right, each with its way, without the lines that only make it even."""
    lines = list(sheet.lines.select_related("loan").order_by("position"))
    ways = ways_of([(BY_NUMBER[line.head].key, line.amount_paise) for line in lines]) or []
    return [(line, way) for line, way in zip(lines, ways, strict=False) if way is not None]


def loan_by_loan(found: Iterable[Entered], which: Mapping[int, str]) -> Iterator[tuple[Entered, str | None]]:
    """A woman's entries for the table of her loans: of several a loan at a time, with `which` it is. So is what puts a
    meeting right: what is more of one and less of another is not nothing. None beside any other of one loan alone."""
    for one in found:
        if not which and (one.nature != Sheet.Kind.ADJUSTMENT or one.is_off):
            yield one, None
            continue
        for loan in dict.fromkeys(post.loan for post in one.posts if post.loan):
            yield replace(one, posts=[post for post in one.posts if post.loan == loan]), which.get(loan, "")


def _hers(line: Line) -> UUID | None:
    """Whose line it is; what came of a loan that was written off names the loan alone."""
    return line.woman_id or (line.loan.woman_id if line.loan_id and line.loan else None)


def _whose(line: Line) -> UUID | None:
    """The body that a line is about, itself or by its loan."""
    return line.body_id or (line.loan.body_id if line.loan_id and line.loan else None)


def _sides(held: Meeting) -> dict[Account, set[bool]]:
    """Under which heads, of whom and on which loan, the meeting paid something out (True), took something in, or
    both."""
    found: dict[Account, set[bool]] = defaultdict(set)
    rows = Line.objects.filter(sheet=held.sheet_id).values_list("head", "woman", "loan", "body", "amount_paise")
    for head, woman, loan, body, paise in rows:
        found[head, woman, loan, body].add(paise > 0)
    return found


def _differs(line: Line, sign: int, sides: Mapping[Account, set[bool]]) -> Difference:
    """Its amount, on the side that was said (`sign`), else on that which the meeting had: what it said nothing of came
    in."""
    had, head = sides.get((line.head, line.woman_id, line.loan_id, line.body_id), {False}), BY_NUMBER[line.head]
    if not sign and head.key != "bank" and len(had) == 1:
        sign = 1 if True in had else -1
    return Difference(
        head.key, None, "", Paise(abs(line.amount_paise)), sign > 0 if sign else None,
        is_more=line.amount_paise * (sign or head.grows_by) > 0, loan_pk=line.loan_id or 0, is_of_both=len(had) > 1,
    )  # fmt: skip


def put_right_table(told: Sequence[PutRight]) -> Table | None:
    """As the minutes say it."""
    rows = [
        Row((one.on, line.what, *((line.paise, None) if line.is_more else (None, line.paise)), one.why))
        for one in told for line in one.lines
    ]  # fmt: skip
    return table(gettext("Put right later"), [
        Column(gettext("Day"), "day"), Column(gettext("What differed"), width=34),
        *money(pgettext("an amount that was put right", "More"), pgettext("an amount that was put right", "Less")),
        Column(gettext("Reason"), width=24),
    ], rows) if rows else None  # fmt: skip
