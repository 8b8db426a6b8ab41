"""The passbook of a woman, and that of the group with bank, VO and CLF."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext

from umeed.books.heads import BANK, BY_KEY, BY_NUMBER, CHART, SAVINGS, Head
from umeed.books.ledger.balances import balances, balances_of_a_woman
from umeed.books.ledger.lent import lent_before
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.models import Book, Loan, Sheet
from umeed.books.registers.between import joined
from umeed.books.registers.cash import flow_title
from umeed.books.registers.corrected import unchanged
from umeed.books.registers.dues import asked_columns, asked_of, say_loan
from umeed.books.registers.flows import Flow, flows
from umeed.books.registers.loans import lent_then, loans_on, new_terms, standing, was_taken_over
from umeed.books.registers.papering import (
    ONE_DAY,
    head_title,
    money,
    officers,
    paper,
    register_url,
    said_rupees,
    sheet_url,
    some,
    table,
    without_empty,
)
from umeed.books.registers.put_right import loan_by_loan
from umeed.books.registers.reading import Entered, Names, Post, called, names, reasons_of, sheets
from umeed.books.registers.which_loan import which_loans
from umeed.core.papers.shapes import Column, Fact, Paper, Row, Table
from umeed.core.templatetags.umeed_text import listed
from umeed.kernel.periods import Period

LENT = "loan_to_member"
# What a woman pays or gets besides savings and loans.
BESIDES = tuple(
    head.key for head in CHART if "woman" in head.about and head not in SAVINGS
    and head.key not in (LENT, "interest_from_members", "penalty")
)  # fmt: skip


# Hers ---------------------------------------------------------------------------------------------------------------


def member_passbook(book: Book, woman: UUID, as_of: datetime.date, *, period: Period | None = None) -> Paper:
    """Everything that the book says of her, each entry with its reason where it was taken back; a meeting that was
    corrected and says the same of her stands once. At most fifteen questions."""
    last = as_of if period is None else min(period.last_day, as_of)
    held = balances_of_a_woman(book.pk, woman, period.first_day - ONE_DAY) if period else {}
    first = period.first_day if period else None
    found = sheets(book, first, last, woman=woman)
    now = balances_of_a_woman(book.pk, woman, last)
    every = loans_of(book, woman, last)
    hers = [one for one in every if not one.is_closed]
    back = _recovered(book, first, last, every)
    told = unchanged([*found, *back])
    found, back = ([one for one in part if one.sheet not in told.left_out] for part in (found, back))
    why = {**reasons_of(found), **told.notes}
    which = which_loans(book.pk, last, since=book.opened_on) if len(every) > 1 else {}
    of_loans = loan_by_loan(sorted([*found, *back], key=lambda one: (one.on, one.sheet)), which)
    tables = [
        _savings(book, found, held, why),
        _loans(book, of_loans, int(held.get(LENT, 0)), why, _told(book, every, first, which)),
        *_besides(book, found, why), *_running(book, hers, last),
    ]  # fmt: skip
    name = names([woman]).woman(woman)
    # Told while not all of it has come back.
    off = [one for one in every if one.may_come_back]
    saved = -sum(int(now.get(head.key, 0)) for head in SAVINGS)
    return paper(
        book, gettext("Member passbook"), [one for one in tables if one is not None], as_of=last, period=period,
        of=name,
        where=f"{book.institution.name} · {book.institution.place.called}", form="register",
        facts=[
            Fact(gettext("Savings"), saved, "paise"), Fact(gettext("Loan owed"), int(now.get(LENT, 0)), "paise"),
            *(Fact(words, paise, "paise") for words, paise in (
                (gettext("Written off"), sum(one.let_go_principal for one in off)),
                (gettext("Recovered"), sum(one.recovered for one in off)),
            ) if paise),
        ],
        signatures=[gettext("The woman herself"), gettext("Bookkeeper")], spoken=_spoken(name, now, hers, off),
    )  # fmt: skip


def loans_of(book: Book, woman: UUID, on: datetime.date) -> list[RunningLoan]:
    """Her loans, also those lent to a record that was merged into hers. At most seven questions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT umeed_merged_women(%s)", [woman])
        records = [row[0] for row in cursor.fetchall()]
    numbers = list(Loan.objects.filter(book=book, woman__in=records).values_list("pk", flat=True))
    return list(loans_on(book, on, loans=numbers, with_closed=True).running) if numbers else []


def _recovered(
    book: Book, first: datetime.date | None, last: datetime.date, hers: Sequence[RunningLoan]
) -> list[Entered]:
    """What came of her loans after they were written off: it stands under a head that names the loan and not her. One
    question, if anything came."""
    back = {one.loan.pk for one in hers if one.recovered}
    found = sheets(book, first, last, heads=[BY_KEY["written_off"]]) if back else []
    only = [replace(one, posts=[post for post in one.posts if post.loan in back]) for one in found if not one.is_off]
    return [one for one in only if one.posts]


def _savings(book: Book, found: Sequence[Entered], held: Mapping[str, int], why: Mapping[int, str]) -> Table:
    """A column a kind of saving; what was given back is below nought, in a row of its own."""
    kinds = _kinds(found, held)
    total = -sum(int(held.get(head.key, 0)) for head in SAVINGS)
    rows = [Row((gettext("Opening balance"), None, *(-int(held.get(k.key, 0)) for k in kinds), total), "opening")]
    for one in (side for whole in found for side in whole.both_sides()):
        saved = [-one.sum(kind.key) for kind in kinds]
        if any(saved):
            total += sum(saved)
            words = called(one, why.get(one.sheet, ""))
            rows.append(Row((one.on, words, *(some(paise) for paise in saved), total), href=sheet_url(book, one)))
    sums = [sum(row.cells[at] or 0 for row in rows) for at in range(2, 2 + len(kinds))]
    rows.append(Row((gettext("Closing balance"), None, *sums, total), "closing"))
    columns = [*_when(), *money(*(head_title(kind) for kind in kinds)), *money(gettext("Savings in all"))]
    return table(gettext("Savings"), columns, rows if held or len(rows) > 2 else [])


def _kinds(found: Sequence[Entered], held: Mapping[str, int]) -> list[Head]:
    moved = {post.head for one in found for post in one.posts}
    return [head for head in SAVINGS if head in moved or held.get(head.key)]


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of her loans beside what moved: what was lent before the book began, by loan, and new terms."""

    lent: Mapping[int, str]
    terms: Sequence[tuple[datetime.date, str]]

    def of(self, one: Entered) -> str:
        """What was lent of the loans of a cut-off."""
        return "".join(self.lent.get(post.loan, "") for post in one.posts if post.loan) if was_taken_over(one) else ""


def _lent(book: Book, hers: Sequence[RunningLoan]) -> dict[int, str]:
    """One question, if one of the loans was taken over; of loans that stand in two books three more."""
    before = lent_before(book.pk, hers)
    return {one.loan.pk: lent_then(was.paise, was.on) for one in hers if (was := before.get(one.loan.uid))}


def _told(
    book: Book, hers: Sequence[RunningLoan], first: datetime.date | None, which: Mapping[int, str]
) -> _Told:  # fmt: skip
    return _Told(_lent(book, hers), [terms for terms in new_terms(hers, which) if first is None or terms[0] >= first])


def _loans(
    book: Book, found: Iterable[tuple[Entered, str | None]], owed: int, why: Mapping[int, str], told: _Told
) -> Table | None:  # fmt: skip
    """What was written off is neither repaid nor interest: it has a column of its own, as have penalties, what came
    since, and what was taken over. New terms stand on their day; what was put right also when it comes to nothing."""
    rows, terms = [Row((gettext("Opening balance"), *[None] * 8, owed), "opening")], list(told.terms)
    for one, of in found:
        while terms and terms[0][0] <= one.on:
            rows.append(Row((*terms.pop(0), *[None] * 7, owed)))
        moved, interest, penalty = one.sum(LENT), -one.sum("interest_from_members"), -one.sum("penalty")
        back = -one.sum("written_off")
        if not (moved or interest or penalty or back) and of is None:
            continue
        owed += moved
        lent = sum(post.paise for post in one.posts if post.head.key == LENT and _is_lending(one, post.paise))
        repaid, off = (0, -moved) if one.is_off else (lent - moved, 0)
        lent, interest = (0, 0) if one.is_off else (lent, interest)
        taken, lent = (lent, 0) if was_taken_over(one) else (0, lent)
        # What was lent of a loan of a cut-off says already which it is.
        words = called(one, why.get(one.sheet, "")) + (told.of(one) or (f" · {of}" if of else ""))
        words = gettext("Recovered · %(what)s") % {"what": words} if back else words
        cells = (one.on, words, *(some(paise) for paise in (taken, lent, repaid, interest, penalty, off, back)), owed)
        rows.append(Row(cells, href=sheet_url(book, one)))
    rows += [Row((*new, *[None] * 7, owed)) for new in terms]
    if len(rows) == 1 and not owed:
        return None
    sums = [sum(row.cells[at] or 0 for row in rows) for at in range(2, 9)]
    columns = [
        *_when(),
        *money(gettext("Taken over"), gettext("Taken"), gettext("Repaid"), gettext("Interest"), gettext("Penalty"),
               gettext("Written off"), gettext("Recovered"), gettext("Owed")),
    ]  # fmt: skip
    closing = Row((gettext("Closing balance"), None, *sums, owed), "closing")
    shown = table(gettext("Loans"), columns, [*rows, closing])
    return without_empty(shown, 2, *([3] if sums[0] else []), 6, 7, 8)


def _is_lending(one: Entered, paise: int) -> bool:
    """What puts a meeting right lends nothing: she repaid less than was written."""
    return one.nature != Sheet.Kind.ADJUSTMENT and (paise > 0) != (one.reverses is not None)


def _besides(book: Book, found: Sequence[Entered], why: Mapping[int, str]) -> Iterable[Table]:
    """Fines, fees and the like: what she paid, what she was given."""
    rows = []
    for one in (side for whole in found for side in whole.both_sides()):
        for key in BESIDES:
            if paise := -one.sum(key):
                what = f"{head_title(BY_KEY[key])} · {called(one, why.get(one.sheet, ''))}"
                is_paid = (paise > 0) != (one.reverses is not None)
                if one.nature == Sheet.Kind.ADJUSTMENT:
                    # What was put right stands where it was written, also when it is less.
                    is_paid = BY_KEY[key].side == "income"
                cells = (one.on, what, paise if is_paid else None, None if is_paid else -paise)
                rows.append(Row(cells, href=sheet_url(book, one)))
    if rows:
        yield table(gettext("Besides"), [*_when(), *money(gettext("She paid"), gettext("She was given"))], rows)


def _running(book: Book, hers: Sequence[RunningLoan], on: datetime.date) -> Iterable[Table]:
    if not hers:
        return
    rows = [
        Row(
            (one.loan.lent_on, str(one.loan.get_purpose_display()), one.owed, *asked_of(one), standing(one)),
            href=register_url(book, "loan-ledger", as_of=on.isoformat(), loan=one.loan.pk),
        )
        for one in hers
    ]
    yield without_empty(table(gettext("Loans that run"), [
        Column(gettext("Lent on"), "day"), Column(gettext("Purpose")), *money(gettext("Principal owed")),
        *asked_columns(), Column(gettext("How it stands")),
    ], rows), 3, 4, 5, 6)  # fmt: skip


def _when() -> list[Column]:
    return [Column(gettext("Day"), "day"), Column(gettext("Particulars"), width=18)]


def _spoken(name: str, now: Mapping[str, int], hers: Sequence[RunningLoan], off: Sequence[RunningLoan]) -> str:
    """As “Haseena Bano. Savings: 2,500 rupees. Loan: 4,000 rupees owed. Due on 8 June 2026: 440 rupees.”"""
    saved = -sum(int(now.get(head.key, 0)) for head in SAVINGS)
    said = [f"{name}.", gettext("Savings: %(amount)s.") % {"amount": said_rupees(saved)}]
    said += [say_loan(one) for one in hers] if hers else [gettext("No loan.")]
    for words, paise in (
        (gettext("Written off: %(amount)s."), sum(one.let_go_principal for one in off)),
        (gettext("Recovered: %(amount)s."), sum(one.recovered for one in off)),
    ):
        said += [words % {"amount": said_rupees(paise)}] if paise else []
    return " ".join(said)


# The group's --------------------------------------------------------------------------------------------------------

_WITH_OTHERS = """
SELECT coalesce(l.body_id, o.body_id), CASE WHEN coalesce(l.body_id, o.body_id) IS NULL THEN o.id END, l.head,
    sum(l.amount_paise)
FROM books_sheet s JOIN books_line l ON l.sheet_id = s.id LEFT JOIN books_loan o ON o.id = l.loan_id
WHERE s.book_id = %(book)s AND s.on_date <= %(on)s AND l.head = ANY(%(heads)s) GROUP BY 1, 2, 3
"""
WITH_OTHERS = tuple(
    head for head in CHART
    if head.about and "woman" not in head.about and head.key != "written_off"
)  # fmt: skip
# What stands in no loan, but came from outside.
GIVEN = tuple(head for head in CHART if head.side == "fund" and head.key != "surplus_before")

# A body, or a loan of a bank, with whom the group deals.
Other = tuple[UUID | None, int | None]


def group_passbook(book: Book, period: Period) -> Paper:
    """What the group has with bank, VO and CLF and owes them: a table each. At most fifteen questions, four more of a
    time in which a cut-off stands."""
    before = _with_others(book, period.first_day - ONE_DAY)
    every = sheets(book, period.first_day, period.last_day)
    found = joined(book, every)
    held = int(balances(book.pk, period.first_day - ONE_DAY).get("bank", 0))
    loans = {loan.pk: loan for loan in Loan.objects.filter(book=book)}
    why = reasons_of(found)
    others = {other for other, head in before if head in WITH_OTHERS} | {
        _other(post.body, post.loan, loans) for one in found for post in one.posts if _is_with_others(post, loans)
    }  # fmt: skip
    women = (post.woman for one in found if one.sum("bank") for post in one.posts)
    began = any(was_taken_over(one) for one in found)
    lent = _lent(book, running_loans(book.pk, period.last_day, with_closed=True) if began else [])
    told = names(women, (body for body, _loan in others))
    tables = [_at_the_bank(book, held, flows(book, every), told, why)]
    for other in sorted(others, key=str):
        body, loan = other
        title = told.body(body) if body else _lender(loans.get(loan or 0))
        rows = [
            (one, [p for p in one.posts if _is_with_others(p, loans) and _other(p.body, p.loan, loans) == other])
            for one in found
        ]
        opening = {head: paise for (whose, head), paise in before.items() if whose == other}
        tables.append(_with_one(book, title, opening, rows, why, lent))
    given = [(one, [post for post in one.posts if post.head in GIVEN]) for one in found]
    funds = _with_one(book, gettext("Funds and grants"), _funds_before(before), given, why, lent)
    tables += [funds] if funds.rows else []
    title = gettext("Group passbook") if book.institution.kind == "shg" else gettext("Passbook")
    return paper(book, title, tables, period=period, form="register", signatures=officers())


def _is_with_others(post: Post, loans: Mapping[int, Loan]) -> bool:
    """What is brought of a loan that they wrote off names the loan alone, as what women bring does."""
    lent = loans.get(post.loan or 0)
    return post.head in WITH_OTHERS or (post.head.key == "written_off" and lent is not None and lent.way == "taken")


def _at_the_bank(book: Book, held: int, moved: Sequence[Flow], told: Names, why: Mapping[int, str]) -> Table:
    """The account at the bank, as the bank's own passbook says it: a line a movement, so that one can be ticked against
    the other."""
    rows = [Row((gettext("Opening balance"), None, None, None, held), "opening")]
    movements: dict[tuple[object, ...], list[Flow]] = defaultdict(list)
    for flow in moved:
        if flow.bank:
            movements[_movement(flow)].append(flow)
    # What a meeting put in stands before what it took out: nobody knows in which order the bank saw it.
    order = {sheet: at for at, sheet in enumerate(dict.fromkeys(flow.entered.sheet for flow in moved))}
    by_sheet = sorted(movements.values(), key=lambda one: (order[one[0].entered.sheet], one[0].bank < 0))
    for flows_of_one in by_sheet:
        first, paise = flows_of_one[0], sum(flow.bank for flow in flows_of_one)
        held += paise
        came, went = (paise, None) if paise > 0 else (None, -paise)
        titles = dict.fromkeys(flow_title(flow.head, is_receipt=flow.is_receipt) for flow in flows_of_one)
        words = (listed(titles), told.woman(first.woman) or told.body(first.body),
                 called(first.entered, why.get(first.entered.sheet, "")))  # fmt: skip
        cells = (first.entered.on, " · ".join(part for part in words if part), came, went, held)
        rows.append(Row(cells, href=sheet_url(book, first.entered)))
    rows.append(Row((gettext("Closing balance"), None, None, None, held), "closing"))
    return table(head_title(BANK), [*_when(), *_came_and_went()], rows)


def _movement(flow: Flow) -> tuple[object, ...]:
    """What the bank sees as one: all that goes to one body on a day, a loan with its interest, a woman's own money."""
    if flow.is_contra or not (flow.body or flow.loan or flow.woman):
        return flow.entered.sheet, flow.head
    return flow.entered.sheet, flow.bank > 0, flow.body or flow.loan or flow.woman


def _came_and_went() -> list[Column]:
    return money(gettext("Came in"), gettext("Went out"), gettext("Balance"))


def _lender(loan: Loan | None) -> str:
    return loan.called if loan is not None else ""


def _funds_before(before: Mapping[tuple[Other, Head], int]) -> dict[Head, int]:
    return {head: paise for (whose, head), paise in before.items() if head in GIVEN and whose == (None, None)}


def _other(body: UUID | None, loan: int | None, loans: Mapping[int, Loan]) -> Other:
    lent = loans.get(loan) if loan is not None else None
    if body is None and lent is not None and lent.body_id is not None:
        return lent.body_id, None
    return (body, None) if body else (None, loan)


def _with_others(book: Book, on: datetime.date) -> dict[tuple[Other, Head], int]:
    """{(with whom, head): debits less credits} at the end of a day, what is settled left out. One question."""
    heads = [head.number for head in (*WITH_OTHERS, *GIVEN)]
    with connection.cursor() as cursor:
        cursor.execute(_WITH_OTHERS, {"book": book.pk, "on": on, "heads": heads})
        rows = cursor.fetchall()
    return {
        ((body, loan), BY_NUMBER[head]): int(paise) for body, loan, head, paise in rows
        if paise and BY_NUMBER[head].side in ("asset", "liability", "fund")
    }  # fmt: skip


def _with_one(
    book: Book, title: str, opening: Mapping[Head, int], rows: Iterable[tuple[Entered, Collection[Post]]],
    why: Mapping[int, str], lent: Mapping[int, str],
) -> Table:  # fmt: skip
    """What moved with one of them, head by head, with what is had or owed after each."""
    balance: dict[Head, int] = defaultdict(int, opening)
    lines = [
        Row((gettext("Opening balance"), head_title(head), None, None, head.grows_by * paise), "opening")
        for head, paise in opening.items()
    ]  # fmt: skip
    for one, posts in rows:
        for post in posts:
            head, paise = post.head, post.paise
            balance[head] += paise
            what = flow_title(head.key, is_receipt=(paise < 0) != (one.reverses is not None))
            came, went = (some(-paise), None) if paise < 0 else (None, some(paise))
            left = head.grows_by * balance[head] if head.side in ("asset", "liability", "fund") else None
            if one.is_off:
                # Nothing came or went: what was owed was given up.
                what, came, went = head_title(head), None, None
                if left is None:
                    continue
            words = f"{what} · {called(one, why.get(one.sheet, ''))}"
            words += lent.get(post.loan, "") if post.loan and was_taken_over(one) else ""
            lines.append(Row((one.on, words, came, went, left), href=sheet_url(book, one)))
    return table(title, [*_when(), *_came_and_went()], lines)
