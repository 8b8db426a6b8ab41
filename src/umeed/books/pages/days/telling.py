"""A day of a VO or CLF in plain lines: for reading out before it is closed, and ever after."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from umeed.books.bodies.documents import BodyDay
from umeed.books.codes import Attendance, Method, Outcome, Source
from umeed.books.heads import BY_KEY
from umeed.books.ledger.others import bodies_called
from umeed.books.meetings.documents import Moved
from umeed.books.models import Book, Loan, LoanRequest
from umeed.books.naming import women_called
from umeed.books.pages.days.parts import TAKEN
from umeed.books.pages.telling import (
    Section,
    part_month_said,
    taken_along_by,
    to_and_from_the_bank,
    what_repaid,
    written_off_before,
)
from umeed.books.pages.writing.parts import MODES
from umeed.books.registers.cash import flow_title
from umeed.books.registers.which_loan import which_loans
from umeed.books.templatetags.books_text import money
from umeed.core.templatetags.umeed_text import day as written

_WHAT, _MODES = dict(TAKEN), dict(MODES)


@dataclass(frozen=True)
class Names:
    """Whom and what a day names by id."""

    bodies: Mapping[UUID, str]
    women: Mapping[UUID, str]
    loans: Mapping[UUID, str]
    requests: Mapping[UUID, UUID]
    # Loans that were written off before: what comes of them is recovered, and is no principal.
    off: Collection[UUID] = frozenset()

    def woman(self, id: UUID | None) -> str:
        return self.women.get(id, "") if id else ""

    def body(self, id: UUID | None) -> str:
        return self.bodies.get(id, gettext("VO or CLF")) if id else ""


def names_for(book: Book, day: BodyDay, *, sheet: int | None = None) -> Names:
    """Names for everything that a day names; `sheet` is its own when it is closed. Four questions, one more where a
    body is out of reach, and one where something of a loan moved."""
    named = [one.loan for one in (*day.repayments, *day.repaid, *day.drawn)]
    lent = {one.uid: (one.body_id, one.called, one.pk) for one in Loan.objects.filter(book=book, uid__in=named)}
    several = which_loans(book.pk, day.on) if lent else {}
    off = written_off_before(book, day.on, named, sheet)
    asked = [one.request for one in day.decisions]
    requests = dict(LoanRequest.objects.filter(book=book, pk__in=asked).values_list("pk", "body"))
    requests |= {one.id: one.body for one in day.requests}
    parts = (day.arrived, day.taken, day.lendings, day.passed, day.returned, day.given)
    bodies = {one.body for part in parts for one in part} | set(day.attendance)  # type: ignore[attr-defined]
    bodies |= {body for body, _called, _pk in lent.values() if body} | set(requests.values())
    called = bodies_called(bodies)
    women = {one.woman for one in (*day.receipts, *day.payments) if one.woman}
    return Names(
        called,
        women_called(women),
        {
            uid: " · ".join(filter(None, (called.get(body, "") or of_loan, several.get(pk))))
            for uid, (body, of_loan, pk) in lent.items()
        },
        requests,
        off,
    )


def sections(day: BodyDay, names: Names) -> list[Section]:
    """All sections that say something, in the order of the steps."""
    return [one for one in _all(day, names) if one.lines]


def _all(day: BodyDay, names: Names) -> Iterable[Section]:
    states = dict(Attendance.choices)
    yield Section("attendance", gettext("Who came"), [
        (names.body(body), str(states[state]), None) for body, state in day.attendance.items() if state != "present"
    ])  # fmt: skip
    yield Section("brought", gettext("What came in"), list(_brought(day, names)))
    yield Section("money", gettext("Other receipts"), _moved(day.receipts, names))
    yield Section("money", gettext("Other payments"), _moved(day.payments, names))
    yield Section("requests", gettext("Who asks for a loan"), list(_asked(day, names)))
    yield Section("lendings", gettext("What goes out"), list(_went(day, names)))
    yield to_and_from_the_bank(day)
    yield Section("bank", gettext("Drawn from the cash credit"), [
        (names.loans.get(one.loan, "?"), _note(one.mode), one.paise) for one in day.drawn
    ])  # fmt: skip
    yield Section("bank", gettext("Paid to VO, CLF and banks"), list(_above(day, names)))
    yield Section("agenda", gettext("What was decided"), [(one.topic, one.decided, None) for one in day.agenda])


def _moved(moves: Iterable[Moved], names: Names) -> list[tuple[str, str, int | None]]:
    return [
        (gettext(BY_KEY[one.head].title), _note(one.mode, names.woman(one.woman), one.note), one.paise) for one in moves
    ]


def _brought(day: BodyDay, names: Names) -> Iterable[tuple[str, str, int | None]]:
    for came in day.arrived:
        yield names.body(came.body), _note(came.mode, gettext("was on the way")), came.paise
    for paid in day.repayments:
        about = gettext("principal %(principal)s, interest %(interest)s") % {
            "principal": money(paid.principal), "interest": money(paid.interest)
        } if paid.loan not in names.off else flow_title("written_off", is_receipt=True)  # fmt: skip
        yield names.loans.get(paid.loan, "?"), _note(paid.mode, about), paid.paise
    for one in day.taken:
        yield names.body(one.body), _note(one.mode, str(_WHAT[one.what])), one.paise


def _asked(day: BodyDay, names: Names) -> Iterable[tuple[str, str, int | None]]:
    outcomes = dict(Outcome.choices)
    for asked in day.requests:
        yield names.body(asked.body), gettext("asks for %(paise)s") % {"paise": money(asked.paise)}, None
    for one in day.decisions:
        much = money(one.paise) if one.paise else ""
        about = " · ".join(text for text in (str(outcomes[one.outcome]), much, one.why) if text)
        yield names.body(names.requests.get(one.request)), about, None


def _went(day: BodyDay, names: Names) -> Iterable[tuple[str, str, int | None]]:
    sources = dict(Source.choices)
    for lent in day.lendings:
        about = gettext("loan out of %(source)s, first due on %(day)s") % {
            "source": sources[lent.source], "day": written(lent.first_due)
        }  # fmt: skip
        counts = part_month_said(lent.part_month if lent.method == Method.BALANCE else "")
        yield names.body(lent.body), _note(lent.mode, about, counts, taken_along_by(lent.by)), lent.paise
    for fund in day.passed:
        about = gettext(BY_KEY[fund.head].title)
        yield names.body(fund.body), _note(fund.mode, about, taken_along_by(fund.by)), fund.paise
    for back in day.returned:
        yield names.body(back.body), _note(back.mode, str(_WHAT[back.what]), taken_along_by(back.by)), back.paise


def _above(day: BodyDay, names: Names) -> Iterable[tuple[str, str, int | None]]:
    for paid in day.repaid:
        yield names.loans.get(paid.loan, "?"), _note(paid.mode, what_repaid(paid, names.off)), paid.paise
    for one in day.given:
        yield names.body(one.body), _note(one.mode, str(_WHAT[one.what])), one.paise


def _note(mode: str, *about: str) -> str:
    return " · ".join(text for text in (*about, str(_MODES[mode])) if text)
