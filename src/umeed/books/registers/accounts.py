"""General ledger, trial balance, income and expenditure, balance sheet."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Sum
from django.utils.translation import gettext, ngettext

from umeed.books.heads import BY_KEY, BY_NUMBER, CHART, Head, Side
from umeed.books.ledger.balances import balances
from umeed.books.ledger.off import result_of
from umeed.books.models import Book, Movement
from umeed.books.registers.papering import (
    ONE_DAY,
    account,
    head_title,
    in_order,
    money,
    officers,
    paper,
    register_url,
    sheet_url,
    some,
    summed,
    table,
)
from umeed.books.registers.reading import Entered, Names, called, names_in, reasons_of, sheets
from umeed.books.rules.sheets import month_of
from umeed.core.papers.shapes import Column, Paper, Row, Table
from umeed.core.templatetags.umeed_text import moment
from umeed.kernel.money import grouped
from umeed.kernel.periods import FinancialYear, Period

Held = Mapping[str, int]


# The general ledger -------------------------------------------------------------------------------------------------


def general_ledger(book: Book, period: Period, *, head: str | None = None) -> Paper:
    """Every head that moved or held something (or one): opening, each movement, closing. At most six questions."""
    before = balances(book.pk, period.first_day - ONE_DAY)
    only = None if head is None else [BY_KEY[head]]
    found = sheets(book, period.first_day, period.last_day, heads=only)
    told, why = names_in(found), reasons_of(found)
    moved: dict[Head, list[Entered]] = defaultdict(list)
    for one in found:
        for under in {post.head for post in one.posts}:
            moved[under].append(one)
    heads = only or in_order({*moved, *(BY_KEY[key] for key in before)})
    tables = [_account(book, one, int(before.get(one.key, 0)), moved[one], told, why) for one in heads]
    return paper(book, gettext("General ledger"), tables, period=period, signatures=officers())


def _account(
    book: Book, head: Head, before: int, moved: Sequence[Entered], told: Names, why: Mapping[int, str]
) -> Table:
    balance, rows = before, []
    for one in moved:
        amounts = [post.paise for post in one.posts if post.head == head]
        debit, credit = sum(a for a in amounts if a > 0), -sum(a for a in amounts if a < 0)
        balance += debit - credit
        words = " · ".join(part for part in (called(one, why.get(one.sheet, "")), _whose(one, head, told)) if part)
        rows.append(Row(
            (one.on, words, some(debit), some(credit), head.grows_by * balance), href=sheet_url(book, one)
        ))  # fmt: skip
    opening = Row((gettext("Opening balance"), None, None, None, head.grows_by * before), "opening")
    closing = Row((
        gettext("Closing balance"), None, sum(row.cells[2] or 0 for row in rows),
        sum(row.cells[3] or 0 for row in rows), head.grows_by * balance,
    ), "closing")  # fmt: skip
    return table(head_title(head), [
        Column(gettext("Day"), "day"), Column(gettext("Particulars"), width=36),
        *money(gettext("Debit"), gettext("Credit"), gettext("Balance")),
    ], [opening, *rows, closing])  # fmt: skip


def _whose(one: Entered, head: Head, told: Names) -> str:
    """Whom a movement is about: by name when it is one, else how many."""
    women = {post.woman for post in one.posts if post.head == head and post.woman}
    bodies = {post.body for post in one.posts if post.head == head and post.body}
    if len(women) > 1:
        return ngettext("%(n)s woman", "%(n)s women", len(women)) % {"n": grouped(len(women))}
    return told.woman(*women) if women else told.body(*bodies) if len(bodies) == 1 else ""


# The trial balance --------------------------------------------------------------------------------------------------


def trial_balance(book: Book, as_of: datetime.date, *, known_at: datetime.datetime | None = None) -> Paper:
    """Each head's balance on its side; both sides come to the same. With `known_at`, as the book stood then. One
    question."""
    held = balances(book.pk, as_of, known_at=known_at)
    period = Period.year_of(as_of)
    rows = [
        Row(
            (head_title(head), *two_sides(int(held[head.key]))),
            href=register_url(book, "general-ledger", period=period.code, head=head.key),
        )
        for head in CHART if head.key in held
    ]  # fmt: skip
    return paper(
        book, gettext("Trial balance"), [table(
            "", [Column(gettext("Head"), width=40), *money(gettext("Debit"), gettext("Credit"))],
            summed(rows, 1, 2),
        )],
        as_of=as_of, signatures=officers(), notes=_known_then(known_at),
    )  # fmt: skip


def _known_then(known_at: datetime.datetime | None) -> list[str]:
    """What is said of a paper that knows nothing recorded later."""
    return [gettext("As the book knew it on %(moment)s") % {"moment": moment(known_at)}] if known_at else []


def two_sides(paise: int) -> tuple[int | None, int | None]:
    return (paise, None) if paise > 0 else (None, -paise)


# Income and expenditure ---------------------------------------------------------------------------------------------


def income_and_expenditure(book: Book, period: Period) -> Paper:
    """Income beside expenditure; what is left over is the surplus. Interest is income when it is paid; what came of
    loans that were written off stands by itself, and so does what others let go. Two questions at most."""
    moved, recovered, paid, let_go = without_written_off(book, period, movements(book, period))
    spent, earned = _by_side(book, period, moved, "expense"), _by_side(book, period, moved, "income")
    href = register_url(book, "general-ledger", period=period.code, head="written_off")
    if paid:
        spent.append(Row((gettext("Paid of loans that were written off"), int(paid)), href=href))
    if recovered:
        earned.append(Row((gettext("Recovered of loans written off"), int(recovered)), href=href))
    if let_go:
        href = register_url(book, "general-ledger", period=period.code, head="other_receipt")
        earned.append(Row((gettext("Loans written off by the VO or CLF"), int(let_go)), href=href))
    surplus = sum(row.cells[1] for row in earned) - sum(row.cells[1] for row in spent)
    if surplus > 0:
        spent = [*spent, Row((gettext("Surplus of this time"), surplus), "subtotal")]
    elif surplus < 0:
        earned = [*earned, Row((gettext("Deficit of this time"), -surplus), "subtotal")]
    return paper(
        book, gettext("Income and expenditure account"),
        [account((gettext("Expenditure"), spent), (gettext("Income"), earned))],
        period=period, signatures=officers(),
        notes=[gettext("Interest is income when it is paid, and a cost when it is paid out.")],
    )  # fmt: skip


def movements(book: Book, period: Period) -> dict[str, int]:
    """{head: debits less credits} of whole months, from what the database keeps of them. One question."""
    rows = Movement.objects.filter(
        book=book, month__gte=month_of(period.first_day), month__lte=month_of(period.last_day)
    )
    sums = rows.values_list("head").annotate(paise=Sum("debit_paise") - Sum("credit_paise"))
    return {BY_NUMBER[head].key: int(paise) for head, paise in sums}


def without_written_off(book: Book, period: Period, moved: dict[str, int]) -> tuple[dict[str, int], int, int, int]:
    """(movements, what was recovered, what was paid of loans that others wrote off, what these let go): interest that
    was booked and written off in one sheet is taken off both, for it was never paid; and what came of loans written
    off is no cost less. One question, if anything was written off."""
    if not moved.keys() & {"written_off", "other_receipt"}:
        return moved, 0, 0, 0
    off = result_of(book.pk, period.first_day, period.last_day)
    mended = dict(moved)
    for key, paise in off.interest.items():
        against = "other_receipt" if BY_KEY[key].side == "expense" else "written_off"
        mended[key] = mended.get(key, 0) - paise
        mended[against] = mended.get(against, 0) + paise
    if off.recovered or off.paid:
        mended["written_off"] = mended.get("written_off", 0) + off.recovered - off.paid
    if off.let_go:
        mended["other_receipt"] = mended.get("other_receipt", 0) + off.let_go
    return mended, off.recovered, off.paid, off.let_go


def _by_side(book: Book, period: Period, moved: Held, side: Side) -> list[Row]:
    return [
        Row(
            (head_title(head), head.grows_by * moved[head.key]),
            href=register_url(book, "general-ledger", period=period.code, head=head.key),
        )
        for head in CHART if head.side == side and moved.get(head.key)
    ]  # fmt: skip


# The balance sheet --------------------------------------------------------------------------------------------------


def balance_sheet(book: Book, as_of: datetime.date, *, known_at: datetime.datetime | None = None) -> Paper:
    """What the group has beside what it owes, its funds and its surplus: that of earlier years and of this one apart.
    With `known_at`, as the book stood then. Two questions."""
    year = FinancialYear.of(as_of)
    held, before = (balances(book.pk, on, known_at=known_at) for on in (as_of, year.first_day - ONE_DAY))
    period = year.period()
    assets = _held(book, period, held, "asset")
    owed = [
        *_held(book, period, held, "liability"), *_held(book, period, held, "fund", "surplus_before"),
        *_surplus(held, before, year),
    ]  # fmt: skip
    return paper(
        book, gettext("Balance sheet"),
        [account((gettext("Liabilities and funds"), owed), (gettext("Assets"), assets))],
        as_of=as_of, signatures=officers(), notes=_known_then(known_at),
    )  # fmt: skip


def _held(book: Book, period: Period, held: Held, side: Side, *without: str) -> list[Row]:
    return [
        Row(
            (head_title(head), head.grows_by * int(held[head.key])),
            href=register_url(book, "general-ledger", period=period.code, head=head.key),
        )
        for head in CHART if head.side == side and head.key in held and head.key not in without
    ]  # fmt: skip


def _surplus(held: Held, before: Held, year: FinancialYear) -> Iterable[Row]:
    brought = -int(held.get("surplus_before", 0))
    earlier = surplus_of(before)
    for words, paise in (
        (gettext("Surplus before the books began"), brought),
        (gettext("Surplus of earlier years"), earlier),
        (gettext("Surplus of %(year)s so far") % {"year": year.label}, surplus_of(held) - earlier),
    ):
        if paise:
            yield Row((words, paise))


def surplus_of(held: Held) -> int:
    """Income less expenses in some balances."""
    return -sum(int(paise) for key, paise in held.items() if BY_KEY[key].side in ("income", "expense"))
