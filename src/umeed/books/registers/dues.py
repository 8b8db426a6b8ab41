"""Dues: what is to be paid now, and what comes next; in a passbook and read aloud too."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext

from umeed.books.ledger.running import RunningLoan
from umeed.books.models import Book
from umeed.books.registers.loans import loans_on, overdue
from umeed.books.registers.papering import money, paper, register_url, said_rupees, some, summed, table, without_empty
from umeed.core.papers.shapes import Column, Paper, Row
from umeed.core.templatetags.umeed_text import day as written_day


def dues(book: Book, as_of: datetime.date) -> Paper:
    """What every woman (and body) owes, is to pay now, and is to pay next; it is read aloud. At most six questions."""
    loans = loans_on(book, as_of)
    rows, spoken = [], []
    for one in sorted((one for one in loans.running if one.loan.way == "given"), key=loans.whose):
        since, *rest = asked_of(one)
        rows.append(Row(
            (loans.whose(one), one.owed, since, some(one.due_now.principal), some(one.due_now.interest), *rest),
            href=register_url(book, "loan-ledger", as_of=as_of.isoformat(), loan=one.loan.pk),
        ))  # fmt: skip
        spoken.append(f"{loans.whose(one)}. {say_loan(one)}")
    since, *others = asked_columns()
    columns = [
        Column(gettext("Name"), width=24), *money(gettext("Owed")), since,
        *money(gettext("Principal"), gettext("Interest")), *others,
    ]  # fmt: skip
    nothing = gettext("Nobody owes anything.")
    shown = without_empty(table("", columns, summed(rows, 1, 3, 4, 5, 6, 7, 9), empty=nothing), 5, 7)
    return paper(
        book, gettext("Dues"), [shown], as_of=as_of, form="a4_landscape", spoken=" ".join(spoken) or nothing
    )  # fmt: skip


def asked_columns() -> list[Column]:
    """Those of `asked_of`."""
    return [
        Column(gettext("Due since"), "day"),
        *money(gettext("Penalty"), gettext("To pay now"), gettext("Overdue")),
        Column(gettext("Next due on"), "day"), *money(gettext("To pay then")),
    ]  # fmt: skip


def asked_of(one: RunningLoan) -> tuple[datetime.date | int | None, ...]:
    """(due since, of it penalty, to pay now, of it overdue, next due on, to pay then); nothing is left empty."""
    now, then = one.due_now, one.due_next
    return (
        one.arrears.since if now.whole else None, some(now.penalty), some(now.whole), some(overdue(one)),
        then.on if then else None, then.whole if then else None,
    )  # fmt: skip


def say_loan(one: RunningLoan) -> str:
    """As “Loan: 4,000 rupees owed. Due since 8 June 2026: 460 rupees. Of it overdue: 440 rupees. Of it penalty: 20
    rupees. Due on 8 July 2026: 436 rupees.”"""
    said = [gettext("Loan: %(amount)s owed.") % {"amount": said_rupees(one.owed)}]
    if not one.owed and one.to_come:
        words = gettext("Loan: repaid, %(amount)s of agreed interest is to come.")
        said = [words % {"amount": said_rupees(one.to_come)}]
    since, penalty, now, late, on, then = asked_of(one)
    due = gettext("Due today: %(amount)s.") if since == one.on else gettext("Due since %(day)s: %(amount)s.")
    told = [
        (due, since, now),
        (gettext("Of it overdue: %(amount)s."), None, late), (gettext("Of it penalty: %(amount)s."), None, penalty),
        (gettext("Due on %(day)s: %(amount)s."), on, then),
    ]  # fmt: skip
    said += [words % {"day": written_day(day), "amount": said_rupees(paise)} for words, day, paise in told if paise]
    return " ".join(said)
