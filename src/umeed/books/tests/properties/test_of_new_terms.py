"""Of loans that are agreed anew, or written off, whatever happened before: what was asked for is collected, left,
agreed anew or let go, month by month; what was collected is what came; new terms change nothing of the days before."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from itertools import pairwise

from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from umeed.books.actions.loans import agree_anew, write_off
from umeed.books.ledger import writing
from umeed.books.ledger.drafts import Draft, Entry
from umeed.books.ledger.running import RunningLoan, running_loans
from umeed.books.models import Agreement, Book, Loan
from umeed.books.registers.demand import Demand, demand_of
from umeed.books.registers.loans import loan_ledger
from umeed.books.rules.demands import Paid
from umeed.books.rules.schedules import month_later
from umeed.books.tests.conftest import Kept
from umeed.books.tests.making import BEGAN
from umeed.books.tests.properties.histories import quickly, rows
from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.institutions.tests.making import us
from umeed.kernel.ids import new_id
from umeed.kernel.money import Paise
from umeed.kernel.periods import Period

MONTHS = 12
TERMS = {
    "method": st.sampled_from(["balance", "balance", "flat", "declining", "bullet"]),
    "frequency": st.sampled_from(["weekly", "monthly"]), "instalments": st.integers(1, 12),
    "rate": st.sampled_from([0, 1200, 2400, 3333]), "wait": st.integers(1, 45),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    method: str
    frequency: str
    instalments: int
    rate: int
    wait: int


@dataclass(frozen=True, slots=True)
class Done:
    """After so many days: something is paid of a loan, or it is agreed anew, or written off."""

    after: int
    what: str
    which: int
    paise: int
    terms: Terms


terms_of = st.builds(Terms, **TERMS)
# Days of meetings, so that much happens on the very day on which terms begin.
done = st.builds(
    Done, st.integers(0, 47).map(lambda week: week * 7),
    st.sampled_from(["repay"] * 5 + ["interest"] * 3 + ["anew"] * 4 + ["off"]),
    st.integers(0, 1), st.integers(1, 3_000_00), terms_of,
)  # fmt: skip
histories = st.tuples(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1_00, 9_000_00), terms_of), min_size=1, max_size=2),
    st.lists(done, min_size=2, max_size=14),
)


@given(histories)
@quickly(max_examples=40)
def test_16_demand_collection_and_balance_add_up_over_new_terms(kept: Kept, history) -> None:
    lent, happened = history
    with transaction.atomic():
        with audited(by=us(), did="make_history"):
            loans = [_lend(kept, *one) for one in lent]
        for one in sorted(happened, key=lambda one: one.after):
            _do(kept.book, loans[one.which % len(loans)], one)
        _all_adds_up(kept.book, loans)
        transaction.set_rollback(True)


def _lend(kept: Kept, after: int, paise: int, terms: Terms) -> Loan:
    on, woman = BEGAN + datetime.timedelta(days=after), kept.women[0].pk
    loan = Loan(uid=new_id(), book=kept.book, way="given", head="loan_to_member", woman_id=woman, lent_on=on)
    loan.save()
    Agreement(
        id=new_id(), book=kept.book, loan=loan, since=on, principal_paise=paise, rate_bp_a_year=terms.rate,
        method=terms.method, frequency=terms.frequency, instalments=terms.instalments, part_month="days",
        first_due=on + datetime.timedelta(days=terms.wait),
    ).save(force_insert=True)  # fmt: skip
    _put(kept.book, loan, on, "loan_to_member", paise)
    return loan


def _put(book: Book, loan: Loan, on: datetime.date, head: str, paise: int) -> None:
    entries = Entry("cash", Paise(-paise)), Entry(head, Paise(paise), woman=loan.woman_id, loan=loan.pk)
    writing.put_one(book.pk, Draft(new_id(), on, 1, entries), by="system")


def _do(book: Book, loan: Loan, one: Done) -> None:
    on = BEGAN + datetime.timedelta(days=one.after)
    now = _running(book, loan, on)
    if now is None or now.off_on is not None:
        return
    if one.what == "anew":
        _anew(book, loan, on, one.terms, now)
    elif one.what == "off":
        _tried(write_off, book, loan, on=on, resolution="7", approved="VO")
    elif one.what == "interest":
        _put(book, loan, on, "interest_from_members", -(one.paise // 50 + 1))
    elif paise := min(one.paise, now.owed):
        _put(book, loan, on, "loan_to_member", -paise)


def _tried(act, book: Book, loan: Loan, **said) -> bool:
    try:
        with transaction.atomic():
            act(by=us(), book=book, loan=loan.uid, **said)
    except Refused:
        return False
    return True


def _anew(book: Book, loan: Loan, on: datetime.date, terms: Terms, was: RunningLoan) -> None:
    """On the day itself: the old terms' demand and collection stand, beside what is agreed anew."""
    month = Period.month_of(on)
    before = _demand(book, loan, month, on)
    if not _tried(
        agree_anew, book, loan, id=new_id(), since=on, rate_bp_a_year=terms.rate, method=terms.method,
        frequency=terms.frequency, instalments=terms.instalments,
        first_due=on + datetime.timedelta(days=terms.wait), resolution="8",
    ):  # fmt: skip
        return
    now = _demand(book, loan, month, on)
    assert before is not None and now is not None
    assert (now.before, now.collected, now.ahead) == (before.before, before.collected, before.ahead)
    assert now.asked == before.asked and now.anew == before.anew + was.arrears.principal
    assert now.left == before.left - was.arrears.principal == was.arrears.interest
    # What only ran is not due yet, and nothing of it is lost.
    then = _running(book, loan, on)
    assert then is not None and then.run == was.run
    _signed_is_asked(book, loan, then)


def _signed_is_asked(book: Book, loan: Loan, then: RunningLoan) -> None:
    """What the printed schedule says of new terms is what meeting, dues and passbook ask for: due now, due next, and
    each part when all is paid on its day."""
    paper = loan_ledger(book, then.on, loan=loan.pk)
    (plan,) = [one for one in paper.tables if one.title == "What was agreed"]  # type: ignore[union-attr]
    titles = [column.title for column in plan.columns]  # type: ignore[union-attr]
    told = [dict(zip(titles, row.cells, strict=True)) for row in plan.rows]  # type: ignore[union-attr]
    for one in told:
        assert one["Together"] == one["Principal"] + one["Interest"] + (one.get("Interest run before") or 0)
    rows = [(one["Due on"], one["Together"]) for one in told if one["Together"]]
    now, later = then.due_now, [row for row in rows if row[0] > then.on]
    assert sum(paise for day, paise in rows if day <= then.on) == now.interest + now.principal
    assert then.due_next is None or (then.due_next.on, then.due_next.whole) == later[0]
    paid = tuple(Paid(one["Due on"], one["Principal"], Paise(0)) for one in told)
    asked: dict[datetime.date, int] = {}
    for due in replace(then, on=rows[-1][0], owed=Paise(0), paid=paid).dues:
        asked[due.on] = asked.get(due.on, 0) + due.whole
    assert [(day, paise) for day, paise in asked.items() if paise] == rows


def _all_adds_up(book: Book, loans: list[Loan]) -> None:
    for loan in loans:
        lent = _lent(loan)
        months = [Period.month_of(month_later(BEGAN, at, 1)) for at in range(MONTHS)]
        told = [_demand(book, loan, month, month.last_day) for month in months]
        for month, one in zip(months, told, strict=True):
            if one is None:
                continue
            settled = one.before + one.asked - one.collected - one.left - one.anew
            assert 0 <= settled <= one.off if one.off else settled == 0
            assert one.collected + one.ahead == _came(loan, month) and one.anew >= 0
        for one, two in pairwise(told):
            if one is not None and two is not None:
                assert one.left == two.before
        quarters = [Period(month.first_day, "quarter") for month in months[::3]]
        for at, quarter in enumerate(quarters):
            whole = _demand(book, loan, quarter, quarter.last_day)
            parts = [one for one in told[at * 3 : at * 3 + 3] if one is not None]
            if whole is not None:
                assert (whole.before, whole.left) == (parts[0].before, parts[-1].left)
                for key in ("asked", "anew", "off"):
                    assert getattr(whole, key) == sum(getattr(one, key) for one in parts), key
                assert whole.collected + whole.ahead == sum(one.collected + one.ahead for one in parts)
        assert _running(book, loan, months[-1].last_day).came_with == lent


def _running(book: Book, loan: Loan, on: datetime.date) -> RunningLoan | None:
    return next(iter(running_loans(book.pk, on, loans=[loan.pk], with_closed=True)), None)


def _demand(book: Book, loan: Loan, period: Period, until: datetime.date) -> Demand | None:
    end = _running(book, loan, until)
    start = _running(book, loan, period.first_day - datetime.timedelta(days=1))
    return demand_of(start, end, period) if end is not None else None


_CAME = """
SELECT coalesce(-sum(l.amount_paise), 0) FROM books_line l JOIN books_sheet s ON s.id = l.sheet_id
WHERE l.loan_id = %s AND s.on_date BETWEEN %s AND %s AND (l.amount_paise < 0 OR l.head = 401) AND l.head IN (111, 401)
    AND NOT EXISTS (SELECT FROM books_line o WHERE o.sheet_id = s.id AND o.head = 561)
"""


def _came(loan: Loan, period: Period) -> int:
    return int(rows(_CAME, [loan.pk, period.first_day, period.last_day])[0][0])


def _lent(loan: Loan) -> int:
    lent = "SELECT sum(amount_paise) FROM books_line WHERE loan_id = %s AND head = 111 AND amount_paise > 0"
    return int(rows(lent, [loan.pk])[0][0])
