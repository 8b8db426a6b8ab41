"""What was put right of a meeting in a later month: when, why, whose, and how much more or less it is."""

from __future__ import annotations

import datetime
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext, pgettext

from umeed.books.heads import BY_KEY, BY_NUMBER
from umeed.books.meetings.differences import put_right_by
from umeed.books.models import Book, Line, Meeting, Sheet
from umeed.books.registers.cash import flow_title
from umeed.books.registers.papering import money, table
from umeed.books.registers.reading import Entered, kept_women, names
from umeed.books.registers.which_loan import which_loans
from umeed.core.models import AuditEntry
from umeed.core.papers.shapes import Column, Row, Table
from umeed.core.templatetags.umeed_text import day as written_day
from umeed.core.templatetags.umeed_text import left_to_right
from umeed.kernel.money import Paise, rupees

_CASH_HEADS = (BY_KEY["cash_over"].number, BY_KEY["cash_short"].number)
# Head, woman and loan of a line.
Account = tuple[int, UUID | None, int | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """One amount that was put right. `woman` is the record that is kept of her, also where the line names her loan
    alone; `loan` says which of hers it is, where she has more than one. `is_out` what the meeting paid out, `is_more`
    when the right amount is the larger one."""

    head: str
    woman: UUID | None
    name: str
    paise: Paise
    is_out: bool
    is_more: bool
    loan: str = ""

    @property
    def title(self) -> str:
        return flow_title(self.head, is_receipt=not self.is_out)

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


def put_right_of(held: Meeting) -> list[PutRight]:
    """What was put right of it in a later month, the first first, each with what is of one woman, and of one loan of
    hers, together. One question; more where it was."""
    sheets = put_right_by(held)
    if not sheets:
        return []
    went_out, why = _went_out(held), _why(sheets)
    found = {
        sheet.pk: list(sheet.lines.exclude(head__in=_CASH_HEADS).select_related("loan").order_by("position"))
        for sheet in sheets
    }
    kept = kept_women({pk for lines in found.values() for line in lines if (pk := _hers(line))})
    called, loans = names(kept.values()), which_loans(held.book_id, held.held_on)
    told = []
    for sheet in sheets:
        lines = sorted(
            ((called.woman(kept.get(_hers(line))), line) for line in found[sheet.pk]),  # type: ignore[arg-type]
            key=lambda one: (not one[0], one[0], one[1].loan_id or 0),
        )
        told.append(PutRight(sheet.on_date, why.get(str(sheet.pk), ""), tuple(
            replace(_differs(line, kept, went_out), name=name, loan=loans.get(line.loan_id or 0, ""))
            for name, line in lines
        )))  # fmt: skip
    return told


def loan_by_loan(book: Book, found: Sequence[Entered]) -> Iterator[tuple[Entered, str | None]]:
    """A woman's entries for the table of her loans. What puts a meeting right is told a loan at a time, with which of
    them it is where she has several: what is more of one and less of another is not nothing. None beside any other.
    One question, if something was put right."""
    which: dict[int, str] | None = None
    for one in found:
        if one.nature != Sheet.Kind.ADJUSTMENT or one.is_off:
            yield one, None
            continue
        for loan in dict.fromkeys(post.loan for post in one.posts if post.loan):
            which = which_loans(book.pk, found[-1].on, since=book.opened_on) if which is None else which
            yield replace(one, posts=[post for post in one.posts if post.loan == loan]), which.get(loan, "")


def _why(sheets: Sequence[Sheet]) -> dict[str, str]:
    rows = AuditEntry.objects.filter(did="put_right", subject_id__in=[str(sheet.pk) for sheet in sheets])
    return dict(rows.values_list("subject_id", "why"))


def _hers(line: Line) -> UUID | None:
    """Whose line it is; what came of a loan that was written off names the loan alone."""
    return line.woman_id or (line.loan.woman_id if line.loan_id and line.loan else None)


def _went_out(held: Meeting) -> set[Account]:
    """What the meeting paid out under a head, of whom and on which loan, where nothing came in under it too."""
    lines = list(Line.objects.filter(sheet=held.sheet_id).values_list("head", "woman", "loan", "amount_paise"))
    came = {(head, woman, loan) for head, woman, loan, paise in lines if paise < 0}
    return {(head, woman, loan) for head, woman, loan, paise in lines if paise > 0} - came


def _differs(line: Line, kept: Mapping[UUID, UUID], went_out: Container[Account]) -> Difference:
    """Its amount, and whose it is. What the meeting said nothing of came in."""
    is_out = (line.head, line.woman_id, line.loan_id) in went_out
    woman = _hers(line)
    return Difference(
        BY_NUMBER[line.head].key, kept[woman] if woman else None, "", Paise(abs(line.amount_paise)), is_out,
        is_more=(line.amount_paise > 0) == is_out,
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
