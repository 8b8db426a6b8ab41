"""A meeting in plain lines, in the order in which it was held: for reading out before it is closed, and ever after."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, npgettext

from umeed.books.codes import Attendance, Method, Outcome, PartMonth, Purpose
from umeed.books.heads import BY_KEY
from umeed.books.ledger.off import sheets_of
from umeed.books.ledger.others import bodies_called
from umeed.books.ledger.running import RunningLoan
from umeed.books.meetings.documents import Held, MeetingDocument
from umeed.books.models import Book, Loan, LoanRequest
from umeed.books.naming import women_called
from umeed.books.pages.writing.typed import rate_as_typed
from umeed.books.registers.cash import flow_title
from umeed.books.registers.minutes import decided_by, why_fined
from umeed.books.registers.which_loan import which_loans
from umeed.books.templatetags.books_text import money
from umeed.core.templatetags.umeed_text import day, left_to_right, listed


@dataclass
class Section:
    """One part of the meeting: its lines as (what, note, paise or None), and what they come to."""

    key: str
    title: str
    lines: list[tuple[str, str, int | None]] = field(default_factory=list)
    # Between box and bank money goes to and fro: what goes the one way is not added to what goes the other.
    is_both_ways: bool = False

    @property
    def total(self) -> int:
        return sum(paise or 0 for _what, _note, paise in self.lines)

    @property
    def has_sum(self) -> bool:
        return not self.is_both_ways and any(paise is not None for _what, _note, paise in self.lines)


@dataclass(frozen=True)
class Names:
    """Whom and what a document names by id."""

    women: Mapping[UUID, str]
    loans: Mapping[UUID, str]
    bodies: Mapping[UUID, str]
    requests: Mapping[UUID, UUID]
    # Which of her loans, of who has several.
    which: Mapping[UUID, str] = field(default_factory=dict)
    # Loans that were written off before: what comes of them is recovered, and is no principal.
    off: Collection[UUID] = frozenset()

    def woman(self, id: UUID | None) -> str:
        return self.women.get(id, "?") if id else ""


def names_for(
    book: Book, document: MeetingDocument, members: Mapping[UUID, str] | None = None, *, sheet: int | None = None
) -> Names:
    """Names for everything that a meeting names; `sheet` is its own when it is closed. Five questions, one more where
    a body is out of reach, and one where something was repaid."""
    parts = (*document.repayments, *document.repaid, *document.drawn)
    named = Loan.objects.filter(book=book, uid__in=[one.loan for one in parts])
    loans = {one.uid: (one.woman_id, one.body_id, one.called) for one in named}
    recovered = written_off_before(book, document.on, [one.uid for one in named], sheet)
    several = which_loans(book.pk, document.on) if parts else {}
    asked = {one.request for one in document.decisions} - {one.id for one in document.requests}
    requests = dict(LoanRequest.objects.filter(book=book, pk__in=asked).values_list("pk", "woman"))
    requests |= {one.id: one.woman for one in document.requests}
    women = set(document.women) | {woman for woman, _b, _c in loans.values() if woman} | set(requests.values())
    missing = [woman for woman in women if woman and woman not in (members or {})]
    names = dict(members or {}) | women_called(missing)
    bodies = {one.body for one in (*document.arrived, *document.given, *document.left)}
    called = bodies_called({*bodies, *(body for _woman, body, _called in loans.values())})
    whose = {**called, **names}
    return Names(
        names, {uid: whose.get(woman or body, lender) for uid, (woman, body, lender) in loans.items()},
        {body: called.get(body, gettext("VO or CLF")) for body in bodies}, requests,
        {one.uid: several[one.pk] for one in named if one.pk in several}, recovered,
    )  # fmt: skip


def written_off_before(book: Book, on: datetime.date, loans: Iterable[UUID], sheet: int | None = None) -> set[UUID]:
    """Loans that were written off before a meeting or day: what comes of them then is recovered. `sheet` is its own
    when it is closed: what was written off after it on the same day was not yet."""
    numbers = dict(Loan.objects.filter(book=book, uid__in=list(loans)).values_list("pk", "uid"))
    return {numbers[pk] for pk in sheets_of(book.pk, on, list(numbers), before=sheet)}


def sections(document: MeetingDocument, names: Names) -> list[Section]:
    """All sections that say something."""
    return [one for one in _all(document, names) if one.lines]


def _all(document: MeetingDocument, names: Names) -> Iterable[Section]:
    yield Section("attendance", gettext("Who came"), _who(document, names))
    yield Section("savings", gettext("Savings"), sorted(
        (names.woman(woman), _joined(note), paise) for woman, note, paise in _saved(document)
    ))  # fmt: skip
    yield Section("savings", gettext("Savings given back"), [
        (
            names.woman(one.woman),
            _mode(_joined([gettext(BY_KEY[one.head].title), taken_along_by(one.by)]), one.mode), one.paise,
        )
        for one in document.withdrawals
    ])  # fmt: skip
    yield Section("repayments", gettext("Repayments"), sorted(
        (names.loans.get(one.loan, "?"), _repaid(one, names, _parts(one)), one.paise)
        for one in document.repayments if one.loan not in names.off
    ))  # fmt: skip
    yield Section("repayments", flow_title("written_off", is_receipt=True), sorted(
        (names.loans.get(one.loan, "?"), _repaid(one, names, _brought_by(one.by)), one.paise)
        for one in document.repayments if one.loan in names.off
    ))  # fmt: skip
    yield Section("receipts", gettext("Fines"), [
        (names.woman(one.woman), _fined(one), one.paise) for one in document.fines
    ])  # fmt: skip
    yield Section("receipts", gettext("Other receipts"), [
        *[(gettext(BY_KEY[one.head].title), _mode(one.note, one.mode), one.paise) for one in document.receipts],
        *[(_arrived_from(names.bodies.get(one.body, "?")), _mode("", one.mode), one.paise) for one in document.arrived],
    ])  # fmt: skip
    yield Section("requests", gettext("Loans asked for"), [
        (names.woman(one.woman), _joined([money(one.paise), str(Purpose(one.purpose).label), one.note]), None)
        for one in document.requests
    ])  # fmt: skip
    yield Section("requests", gettext("Decisions on loans"), [
        (names.woman(names.requests.get(one.request)), _decided(one, names), None) for one in document.decisions
    ])  # fmt: skip
    yield Section("lendings", gettext("Loans paid out"), [
        (names.woman(one.woman), _mode(_joined([_terms(one), taken_along_by(one.by)]), one.mode), one.paise)
        for one in document.lendings
    ])  # fmt: skip
    yield Section("payments", gettext("Other payments"), [
        (
            gettext(BY_KEY[one.head].title),
            _mode(_joined([names.woman(one.woman), one.note, taken_along_by(one.by)]), one.mode), one.paise,
        )
        for one in document.payments
    ])  # fmt: skip
    yield to_and_from_the_bank(document)
    yield Section("bank", gettext("Drawn from the cash credit"), [
        (names.loans.get(one.loan, "?"), _mode(names.which.get(one.loan, ""), one.mode), one.paise)
        for one in document.drawn
    ])  # fmt: skip
    yield Section("bank", gettext("Paid to VO, CLF and banks"), [
        *[
            (
                names.loans.get(one.loan, "?"),
                _mode(_joined([names.which.get(one.loan, ""), what_repaid(one, names.off)]), one.mode), one.paise,
            )
            for one in document.repaid
        ],
        *[
            (names.bodies.get(one.body, "?"), _mode(_what_given(one.what), one.mode), one.paise)
            for one in document.given
        ],
        *[
            (names.bodies.get(one.body, "?"), _mode(gettext("was counted there before"), one.mode), one.paise)
            for one in document.left
        ],
    ])  # fmt: skip
    yield Section("agenda", gettext("What was decided"), [(one.topic, one.decided, None) for one in document.agenda])


def to_and_from_the_bank(held: Held) -> Section:
    """What was taken there and brought from there, of a meeting or day."""
    return Section("bank", gettext("Bank"), [
        *([(gettext("Taken to the bank"), "", held.deposit)] if held.deposit else []),
        *([(gettext("Brought from the bank"), "", held.withdrawal)] if held.withdrawal else []),
    ], is_both_ways=True)  # fmt: skip


def _who(document: MeetingDocument, names: Names) -> list[tuple[str, str, int | None]]:
    lines: list[tuple[str, str, int | None]] = []
    for state in Attendance:
        women = sorted(names.woman(woman) for woman, said in document.attendance.items() if said == state.value)
        if women:
            lines.append((f"{state.label}: {len(women)}", listed(women), None))
    return [*lines, *who_led(document, names.woman)]


def who_led(held: Any, name: Callable[[UUID], str]) -> Iterable[tuple[str, str, int | None]]:
    """Who presided over a meeting, and whether it began with the last minutes; of a day neither is said."""
    if isinstance(held, MeetingDocument) and held.president:
        yield gettext("Presided"), name(held.president), None
    if isinstance(held, MeetingDocument) and held.are_last_minutes_read:
        yield gettext("The last minutes were read out"), "", None


def _saved(document: MeetingDocument) -> Iterable[tuple[UUID, list[str], int]]:
    """One line a woman, all her savings together; the kinds stand in its note where there are several."""
    hers: dict[UUID, list[Any]] = {}
    for one in document.savings:
        hers.setdefault(one.woman, []).append(one)
    for woman, saved in hers.items():
        kinds = [gettext(BY_KEY[one.head].title) + (f" {money(one.paise)}" if len(saved) > 1 else "") for one in saved]
        by = next((one.by for one in saved if one.by), "")
        yield (
            woman,
            [*kinds, _brought_by(by), *sorted({_mode("", one.mode) for one in saved})],
            sum(one.paise for one in saved),
        )


def _arrived_from(name: str) -> str:
    return gettext("Arrived from %(name)s") % {"name": name}


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)


def _mode(note: str, mode: str) -> str:
    said = {"bank": gettext("through the bank"), "set_off": gettext("set off against her savings")}
    return _joined([note, said.get(mode, "")])


def _parts(one: Any) -> str:
    """Interest 20, principal 100."""
    titles = {"penalty": gettext("Penalty"), "interest": gettext("Interest"), "principal": gettext("Principal")}
    said = [f"{title} {money(getattr(one, part))}" for part, title in titles.items() if getattr(one, part, 0)]
    return _joined([*said, _brought_by(getattr(one, "by", ""))])


def _repaid(one: Any, names: Names, what: str) -> str:
    return _mode(_joined([names.which.get(one.loan, ""), what]), one.mode)


def _brought_by(name: str) -> str:
    return gettext("brought by %(name)s") % {"name": name} if name else ""


def taken_along_by(name: str) -> str:
    return gettext("taken along by %(name)s") % {"name": name} if name else ""


def what_repaid(one: Any, off: Collection[UUID]) -> str:
    """As “Loan repaid · Interest 27 · Principal 500”; or that it was paid of one that had been written off."""
    if one.loan in off:
        return flow_title("written_off", is_receipt=False)
    return _joined([gettext("Loan repaid"), _parts(one)])


def _fined(one: Any) -> str:
    return _mode(_joined([why_fined(one.why), one.note, _brought_by(one.by)]), one.mode)


def _what_given(what: str) -> str:
    return {"saving": gettext("Saving"), "share": gettext("Share capital")}.get(what, gettext("Fee"))


def _decided(one: Any, names: Names) -> str:
    amount = money(one.paise) if one.paise else ""
    promised = gettext("promised for %(day)s") % {"day": day(one.promised_on)} if one.promised_on else ""
    way = decided_by(one.way, map(names.woman, one.voted))
    return _joined([str(Outcome(one.outcome).label), amount, way, promised, one.why, one.jump_why])


def _terms(one: Any) -> str:
    return _joined([rate_said(one.rate_bp_a_year), times_said(one.instalments), str(Method(one.method).label)])


def times_said(count: int) -> str:
    """As “10 instalments”."""
    return npgettext("instalments", "%(count)s instalment", "%(count)s instalments", count) % {"count": count}


def part_month_said(part_month: str) -> str:
    """As “Interest for a month that is not over: By the days”; nothing where it makes no difference."""
    if not part_month:
        return ""
    return f"{gettext('Interest for a month that is not over')}: {PartMonth(part_month).label}"


def credit_said(one: RunningLoan) -> str:
    """Of a cash credit, as “Cash credit: interest by the day, asked for each month · Limit of the cash credit: … ·
    Drawn: … · Left to be drawn: …”."""
    if one.is_ended:
        return gettext("Cash credit: ended, nothing is drawn any more")
    said = gettext("Cash credit: interest by the day, asked for each month")
    if not one.limit:
        return said
    limit, drawn, left = gettext("Limit of the cash credit"), gettext("Drawn"), gettext("Left to be drawn")
    return f"{said} · {limit}: {money(one.limit)} · {drawn}: {money(one.owed)} · {left}: {money(one.left)}"


def rate_of(loan: Loan, bp_a_year: int) -> str:
    """In the unit in which it was agreed: “2% a month” with a woman, “7% a year” with a bank or another body."""
    if loan.head == "loan_to_member":
        return rate_said(bp_a_year)
    return gettext("%(rate)s a year") % {"rate": left_to_right(f"{bp_a_year / 100:g}%")}


def rate_said(bp_a_year: int) -> str:
    """As “2% a month”."""
    return gettext("%(rate)s a month") % {"rate": left_to_right(f"{rate_as_typed(bp_a_year)}%")}
