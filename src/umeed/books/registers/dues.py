"""Dues: what is to be paid now, and what comes next; in a passbook and read aloud too."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.utils.translation import gettext

from umeed.books.ledger.running import RunningLoan
from umeed.books.models import Book
from umeed.books.registers.loans import loans_on, overdue
from umeed.books.registers.papering import money, paper, register_url, said_rupees, some, summed, table, without_empty
from umeed.books.rules.allocation import NOTHING, Split
from umeed.core.papers.shapes import Column, Paper, Row
from umeed.core.templatetags.umeed_text import day as written_day
from umeed.core.templatetags.umeed_text import left_to_right
from umeed.kernel.money import rupees


def dues(book: Book, as_of: datetime.date) -> Paper:
    """What every woman (or body) owes, is to pay now, and is to pay next; it is read aloud. At most seven questions."""
    loans = loans_on(book, as_of)
    given, rows, spoken = [one for one in loans.running if one.loan.way == "given"], [], []
    which = loans.apart(given)
    for one in sorted(given, key=loans.whose):
        of = which.get(one.loan.pk)
        since, *rest = asked_of(one)
        rows.append(Row(
            (loans.whose(one), of, one.owed, since, some(one.due_now.principal), some(one.due_now.interest), *rest),
            href=register_url(book, "loan-ledger", as_of=as_of.isoformat(), loan=one.loan.pk),
        ))  # fmt: skip
        spoken.append(" ".join(f"{part}." for part in (loans.whose(one), of) if part) + f" {say_loan(one)}")
    since, *others = asked_columns()
    columns = [
        Column(gettext("Name"), width=22), Column(gettext("Loan"), width=24), *money(gettext("Owed")), since,
        *money(gettext("Principal"), gettext("Interest")), *others,
    ]  # fmt: skip
    nothing = gettext("Nobody owes anything.")
    told = table("", columns, summed(rows, 2, 4, 5, 6, 7, 8, 10), empty=nothing, note=several(which))
    return paper(
        book, gettext("Dues"), [without_empty(told, 1, 6, 8)], as_of=as_of, form="a4_landscape",
        spoken=" ".join(spoken) or nothing,
    )  # fmt: skip


def several(which: Mapping[int, str]) -> str:
    """What it means that rows say of which loan they are."""
    words = gettext("A name beside which the day and amount of a loan stand is of one who has several loans.")
    return words if which else ""


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


def say_due(one: RunningLoan) -> str:
    """As “₹1,340 is due now: Principal ₹1,100 · Interest ₹220 · Penalty ₹20.”; empty when nothing is."""
    now = one.due_now
    words = gettext("%(paise)s is due now: %(parts)s.")
    return words % {"paise": _sum(now.whole), "parts": _parts(now)} if now.whole else ""


def say_anew(one: RunningLoan) -> str:
    """What becomes, under new terms, of interest that is due and of what has run."""
    stays, said = one.due_now.penalty + one.arrears.interest, []
    if stays:
        words = gettext("Of it %(paise)s stays due beside the new instalments: only the principal is divided anew.")
        said.append(words % {"paise": _sum(stays)})
    if one.run:
        said.append(gettext("%(paise)s of interest has run until today.") % {"paise": _sum(one.run)})
        said.append(gettext("What has run when the new terms begin falls due with the first instalment."))
    return " ".join(said)


def say_first(one: RunningLoan) -> str:
    """Of new terms, as the loan stands when they begin: what falls due first, in which parts, and what is due besides.
    As “Due on 24 Nov 2026: ₹1,249 (Principal ₹1,000 · Interest ₹220 · Interest run before ₹29).”"""
    now, then, said = one.due_now, one.due_next, []
    if then is not None:
        parts = _parts(Split(NOTHING, then.interest, then.principal), before=one.agreement.run_paise)
        words = gettext("First instalment on %(day)s: %(paise)s (%(parts)s).")
        said.append(words % {"day": written_day(then.on), "paise": _sum(then.whole), "parts": parts})
        if now.whole:
            words = gettext("Besides, %(paise)s stays due (%(parts)s): %(whole)s altogether.")
            whole = _sum(now.whole + then.whole)
            said.append(words % {"paise": _sum(now.whole), "parts": _parts(now), "whole": whole})
    return " ".join(said)


def _parts(split: Split, before: int = 0) -> str:
    told = (
        (gettext("Principal"), split.principal), (gettext("Interest"), split.interest - before),
        (gettext("Interest run before"), before), (gettext("Penalty"), split.penalty),
    )  # fmt: skip
    return " · ".join(f"{title} {_sum(paise)}" for title, paise in told if paise)


def _sum(paise: int) -> str:
    return left_to_right(rupees(paise))


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
