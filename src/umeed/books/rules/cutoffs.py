"""Why a cut-off cannot be posted, and what in it is unusual. Plain values in, every reason at once out.

A cut-off is made once, balanced, then locked (M9 of the field's practice: docs/rules/README.md); the difference is
said, never filled in (domain of the cut-off sheet, LokOS 2022).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from umeed.books.heads import BY_KEY
from umeed.books.rules.credits import far_more
from umeed.books.rules.differing import MUCH_FOUND
from umeed.books.rules.rates import LEAST_OF_BANKS_BP, USUAL_OF_BODIES_BP, USUAL_RATE_BP, unusual_rate
from umeed.kernel.money import Paise, grouped, rupees
from umeed.kernel.refusals import N_, Refusal, warning

FROM_MEETING_ONE = 12
"""A book with fewer meetings may begin with the first one; one with as many takes no cut-off any more."""

_FUTURE = N_("%(day)s has not come yet.")
_BEFORE_FORMING = N_("It was formed on %(since)s; this is earlier.")
_LOCKED = N_("The month of %(day)s is closed in this book. Put right what is wrong in an open month.")
_STANDS = N_("A cut-off of %(day)s stands in this book. Correct that one, with the reason.")
_NOT_STANDING = N_("The cut-off that this one corrects was taken back or corrected already.")
_WHY = N_("Say why it is corrected.")
_IN_THE_BOOK = N_("The book holds something of %(day)s already. A cut-off comes before all else in the book.")
_TOO_LATE = N_(
    "%(count)s meetings stand in this book; its past can be put before them only while they are fewer than 12."
)
_NOTHING = N_("Nothing is written yet.")
_MORE_MEETINGS = N_("%(count)s meetings are more than can have been held since %(since)s.")
_MEETING_AFTER = N_("The last meeting cannot be later than the cut-off.")
_MEETING_BEFORE = N_("The last meeting cannot be earlier than %(since)s, the day of forming.")
_RETURNED = N_("More was returned than was received.")
_UNEVEN = N_("%(apart)s more is there than is named for it. Look for what is missing, or say what was earned.")
_UNEVEN_LESS = N_("%(apart)s more is named than is there. Look for what is missing, or say that it was lost.")
_LOSS_WHY = N_("Say how it was lost.")
_NO_BODY = N_("It did not belong there on %(day)s.")
_NOT_BELOW = N_("It did not belong here on %(day)s.")
_OTHER_LEVEL = N_("“%(head)s” has no place in this book.")
_TWICE = N_("This stands here twice.")
_NO_MEMBER = N_("She was not a member on %(day)s.")
_WOMAN = N_("Say whose loan it is.")
_NO_WOMAN = N_("A loan that was taken belongs to nobody here.")
_BODY = N_("Say from which VO or CLF.")
_OTHER_KIND = N_("This is of another kind than the loan says.")
_NO_OTHER = N_("Only a loan from a VO or CLF names one.")
_LENDER = N_("Say who lent it.")
_LENT_LATER = N_("It was lent after the cut-off.")
_LENT_BEFORE = N_("It was formed only on %(since)s. Is the day right?")
_MORE_THAN_LENT = N_("%(lent)s was lent; more cannot be owed.")
_NOTHING_OWED = N_("Nothing is owed on this loan: count it among those that were repaid.")
_NOTHING_LENT = N_("Write how much was lent.")
_NO_LIMIT = N_("Nothing is drawn of this cash credit: write its limit, or leave it out.")
_OVERDUE_MORE = N_("%(owed)s is owed; more of it cannot be overdue.")
_OVERDUE_SINCE = N_("It is overdue since a day between %(since)s and %(until)s.")
_OVERDUE_NOTHING = N_("Say what is overdue, or leave out the day.")
_OVERDUE_ORDER = N_("The oldest part comes first.")
_NEXT_DUE = N_("Say when the next instalment falls due.")
_NEXT_LATER = N_("The next instalment falls due after the cut-off; what was due by then is paid or overdue.")
_INSTALMENTS = N_("Say how many instalments are left.")
_PLAN = N_("The plan repays %(plan)s; %(rest)s is left to repay.")
_PLAN_ORDER = N_("The plan goes on day by day, after the cut-off.")
_OVER_LIMIT = N_("More is drawn than the limit of %(limit)s. Is it right?")
_NO_CREDIT = N_("Only a bank gives a cash credit.")
_TAKEN = N_("This loan stands in the book as somebody else's. Leave it out and write it anew.")
_REPAID = N_("Something moved on the loan of %(name)s since; it cannot be left out.")
_REPAID_OWN = N_("Something moved on a loan that was taken since; it cannot be left out.")
_LINKED = N_("This loan stands in the other body's book too: it stays at %(owed)s. What was repaid is written as such.")
_LINKED_OUT = N_("A loan of %(owed)s stands in another body's book too; it cannot be left out.")
_FEW = N_("With fewer than 12 meetings the book may as well begin with the first one. Is a cut-off wanted?")
_UNSAVED_ONE = N_("%(names)s has no saving here. Is it right?")
_UNSAVED = N_("%(names)s have no saving here. Is it right?")
_SURPLUS = N_("By this the surplus from before the book is %(now)s instead of %(was)s. Is it right?")
_CASH_COUNTED = N_("Meetings after it counted the cash as it was. Count the box again in the next one.")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known before the cut-off. `members` {woman, or group or VO: name} of all who belonged by then, `present`
    those still; `bodies` {VO or CLF above: its kind}.

    `stands` is the day of a cut-off that holds (not the one that is corrected), `first_other` the earliest day of
    anything else in the book; `used` are loans that other books or women have, `repaid` those on which something moved
    since, `linked` {loan of the corrected cut-off that stands in another book too: what it says is owed}, `cash_before`
    what that one says of the box.
    """

    today: date
    formed_on: date
    members: Mapping[UUID, str]
    present: Collection[UUID] = ()
    bodies: Mapping[UUID, str] = field(default_factory=dict)
    stands: date | None = None
    is_correction: bool = False
    corrects_standing: bool = True
    why: str = ""
    first_other: date | None = None
    meetings: int = 0
    locked: Collection[date] = ()
    used: Collection[UUID] = ()
    repaid: Mapping[UUID, str] = field(default_factory=dict)
    meetings_a_year: int = 52
    kind: str = "shg"
    linked: Mapping[UUID, int] = field(default_factory=dict)
    cash_before: int | None = None
    # Basis points a year that the group's own rules say; None while it has none.
    charges: int | None = None


def why_too_late(meetings: int) -> list[Refusal]:
    """Why no past is put before a book in which so many meetings stand."""
    late = meetings >= FROM_MEETING_ONE
    return [Refusal("on", "too_late", _TOO_LATE, {"count": grouped(meetings)})] if late else []


def why_not_cut_off(document: Any, facts: Facts, sides: Any) -> list[Refusal]:
    """Every reason and every question about a cut-off (`CutOffDocument`), with its two sides (`Sides`)."""
    return [
        *_then(document, facts), *_meetings(document, facts), *_group(document, facts), *_levels(document, facts),
        *_savings(document, facts), *_closed(document, facts), *_loans(document, facts, _own_of(sides)),
        *_linked(document, facts), *_balance(document, sides),
    ]  # fmt: skip


def _then(document: Any, facts: Facts) -> Iterator[Refusal]:
    on = document.on
    if on > facts.today:
        yield Refusal("on", "future", _FUTURE, {"day": on})
    if on < facts.formed_on:
        yield Refusal("on", "before_forming", _BEFORE_FORMING, {"since": facts.formed_on})
    for month in facts.locked:
        yield Refusal("on", "month_locked", _LOCKED, {"day": month})
    if facts.is_correction:
        if not facts.corrects_standing:
            yield Refusal(None, "not_standing", _NOT_STANDING)
        if not facts.why.strip():
            yield Refusal("why", "no_reason", _WHY)
    if facts.stands is not None:
        yield Refusal("on", "stands", _STANDS, {"day": facts.stands})
    if facts.first_other is not None and facts.first_other <= on:
        yield Refusal("on", "in_the_book", _IN_THE_BOOK, {"day": facts.first_other})
    if not facts.is_correction:
        yield from why_too_late(facts.meetings)
    if facts.is_correction and facts.meetings and document.cash != facts.cash_before:
        yield warning("cash", "cash_counted", _CASH_COUNTED)


def _meetings(document: Any, facts: Facts) -> Iterator[Refusal]:
    held, last = document.meetings_held, document.last_meeting
    weeks = max(0, (document.on - facts.formed_on).days) * facts.meetings_a_year // 364 + 1
    if held > weeks:
        values = {"count": grouped(held), "since": facts.formed_on}
        yield Refusal("meetings_held", "more_meetings", _MORE_MEETINGS, values)
    elif held < FROM_MEETING_ONE and not facts.is_correction:
        yield warning("meetings_held", "few_meetings", _FEW)
    if last is not None and last > document.on:
        yield Refusal("last_meeting", "meeting_after", _MEETING_AFTER)
    elif last is not None and last < facts.formed_on:
        yield Refusal("last_meeting", "meeting_before", _MEETING_BEFORE, {"since": facts.formed_on})


def _group(document: Any, facts: Facts) -> Iterator[Refusal]:
    for fund in ("rf", "cif"):
        if getattr(document, f"{fund}_returned") > getattr(document, f"{fund}_received"):
            yield Refusal(f"{fund}_returned", "returned_more", _RETURNED)
    for at, held in enumerate(document.held):
        if held.body not in facts.bodies:
            yield Refusal(f"held.{at}.body", "no_body", _NO_BODY, {"day": document.on})
    yield from _twice("held", [(held.body, held.what) for held in document.held])


def _levels(document: Any, facts: Facts) -> Iterator[Refusal]:
    """A woman has nothing in a VO's book, nor a VO in a group's."""
    for part in ("savings", "kept", "loans", "closed"):
        for at, one in enumerate(getattr(document, part)):
            head = BY_KEY[one.head]
            if facts.kind not in head.levels or (head.key == "loan_to_member" and facts.kind != "shg"):
                yield Refusal(f"{part}.{at}.head", "other_level", _OTHER_LEVEL, {"head": head.title})


def _twice(part: str, keys: Iterable[object]) -> Iterator[Refusal]:
    seen: set[object] = set()
    for at, key in enumerate(keys):
        if key in seen:
            yield Refusal(f"{part}.{at}", "twice", _TWICE)
        seen.add(key)


def _member(path: str, who: UUID, document: Any, facts: Facts) -> Iterator[Refusal]:
    if who not in facts.members:
        text = _NO_MEMBER if facts.kind == "shg" else _NOT_BELOW
        yield Refusal(path, "not_a_member", text, {"day": document.on})


def _savings(document: Any, facts: Facts) -> Iterator[Refusal]:
    for at, saved in enumerate(document.savings):
        yield from _member(f"savings.{at}.woman", saved.woman, document, facts)
    yield from _twice("savings", [(saved.woman, saved.head) for saved in document.savings])
    have = {saved.woman for saved in document.savings}
    for at, kept in enumerate(document.kept):
        yield from _member(f"kept.{at}.body", kept.body, document, facts)
    yield from _twice("kept", [(kept.body, kept.head) for kept in document.kept])
    if lacking := sorted(facts.members[woman] for woman in facts.present if woman not in have and have):
        text = _UNSAVED_ONE if len(lacking) == 1 else _UNSAVED
        yield warning("savings", "unsaved", text, {"names": lacking})
    for who in document.attended:
        yield from _member(f"attended.{who}", who, document, facts)


def _closed(document: Any, facts: Facts) -> Iterator[Refusal]:
    for at, one in enumerate(document.closed):
        yield from _of_whom(f"closed.{at}", one, document, facts, code="whose")
    yield from _twice("closed", [(one.head, one.woman or one.body) for one in document.closed])


def _of_whom(path: str, one: Any, document: Any, facts: Facts, *, code: str) -> Iterator[Refusal]:
    """Whoever belongs owes what was lent to her; what was taken is nobody's here."""
    name = {"loan_to_member": "woman", "loan_to_body": "body"}.get(one.head)
    whose = getattr(one, name) if name else one.woman
    if name and whose is None:
        yield Refusal(f"{path}.{name}", code, _WOMAN)
    elif name:
        yield from _member(f"{path}.{name}", whose, document, facts)
    if one.woman is not None and name != "woman":
        yield Refusal(f"{path}.woman", "no_woman", _NO_WOMAN)


def _own_of(sides: Any) -> Paise:
    """What is there without what was borrowed."""
    borrowed = (paise for head, paise in sides.holds.items() if head.startswith("loan_from_"))
    return Paise(sides.has_all - sum(borrowed))


def _loans(document: Any, facts: Facts, own: Paise) -> Iterator[Refusal]:
    for at, loan in enumerate(document.loans):
        path = f"loans.{at}"
        if loan.is_cash_credit and document.origin != "book":
            yield from far_more(loan.limit, own, f"{path}.limit")
        yield from _whose(path, loan, document, facts)
        yield from _how_much(path, loan, document, facts)
        yield from _overdue(path, loan, document)
        yield from _later(path, loan, document)
    yield from _twice("loans", [loan.loan for loan in document.loans])
    named = {loan.loan for loan in document.loans}
    for loan, name in facts.repaid.items():
        if loan not in named:
            yield Refusal("loans", "repaid_since", _REPAID if name else _REPAID_OWN, {"name": name})


def _whose(path: str, loan: Any, document: Any, facts: Facts) -> Iterator[Refusal]:
    yield from _of_whom(path, loan, document, facts, code="woman_needed")
    kind = {"loan_from_vo": "vo", "loan_from_clf": "clf"}.get(loan.head)
    if kind and loan.body is None:
        yield Refusal(f"{path}.body", "body_needed", _BODY)
    elif kind and loan.body not in facts.bodies:
        yield Refusal(f"{path}.body", "no_body", _NO_BODY, {"day": document.on})
    elif kind and facts.bodies[loan.body] != kind:
        yield Refusal(f"{path}.body", "other_kind", _OTHER_KIND)
    elif not kind and loan.body is not None and loan.head != "loan_to_body":
        yield Refusal(f"{path}.body", "no_other", _NO_OTHER)
    if loan.head in ("loan_from_bank", "loan_from_other") and not loan.lender.strip():
        yield Refusal(f"{path}.lender", "lender_needed", _LENDER)
    if loan.is_cash_credit and loan.head != "loan_from_bank":
        yield Refusal(f"{path}.is_cash_credit", "no_cash_credit", _NO_CREDIT)
    if loan.loan in facts.used:
        yield Refusal(f"{path}.loan", "loan_used", _TAKEN)


def _how_much(path: str, loan: Any, document: Any, facts: Facts) -> Iterator[Refusal]:
    if loan.lent_on > document.on:
        yield Refusal(f"{path}.lent_on", "lent_later", _LENT_LATER)
    elif loan.lent_on < facts.formed_on:
        yield warning(f"{path}.lent_on", "lent_before", _LENT_BEFORE, {"since": facts.formed_on})
    if not loan.lent and not loan.is_cash_credit:
        yield Refusal(f"{path}.lent", "nothing_lent", _NOTHING_LENT)
    # A cash credit is drawn and paid in again and again; what counts there is its limit.
    if loan.outstanding > loan.lent and not loan.is_cash_credit:
        yield Refusal(f"{path}.outstanding", "more_than_lent", _MORE_THAN_LENT, {"lent": rupees(loan.lent)})
    if loan.is_cash_credit and loan.limit and loan.outstanding > loan.limit:
        yield warning(f"{path}.outstanding", "over_limit", _OVER_LIMIT, {"limit": rupees(loan.limit)})
    is_asked = loan.overdue_interest or any(one.interest for one in loan.plan) or (loan.is_cash_credit and loan.limit)
    if not loan.outstanding and not is_asked:
        field, text = ("limit", _NO_LIMIT) if loan.is_cash_credit else ("outstanding", _NOTHING_OWED)
        yield Refusal(f"{path}.{field}", "nothing_owed", text)
    yield from _rate(path, loan, document, facts)


def _rate(path: str, loan: Any, document: Any, facts: Facts) -> Iterator[Refusal]:
    """Asked in the unit in which it was written: LokOS says each rate by the year, our pages and workbook a woman's by
    the month, all others by the year. Out of another book it was asked there."""
    if document.origin == "book":
        return
    field = f"{path}.rate_bp_a_year"
    a_month = loan.head == "loan_to_member" and document.origin in ("registers", "workbook")
    usual = {"loan_to_member": USUAL_RATE_BP, "loan_to_body": USUAL_OF_BODIES_BP}.get(loan.head, LEAST_OF_BANKS_BP)
    charges = facts.charges if loan.head == "loan_to_member" else None
    yield from unusual_rate(loan.rate_bp_a_year, field, a_month=a_month, charges=charges, usual=usual)


def _overdue(path: str, loan: Any, document: Any) -> Iterator[Refusal]:
    if loan.overdue_principal > loan.outstanding:
        values = {"owed": rupees(loan.outstanding)}
        yield Refusal(f"{path}.overdue.0.principal", "overdue_more", _OVERDUE_MORE, values)
    before: date | None = None
    for at, part in enumerate(loan.overdue):
        where = f"{path}.overdue.{at}"
        if not part.principal + part.interest:
            yield Refusal(where, "overdue_nothing", _OVERDUE_NOTHING)
        if not loan.lent_on <= part.on <= document.on:
            values = {"since": loan.lent_on, "until": document.on}
            yield Refusal(f"{where}.on", "overdue_since", _OVERDUE_SINCE, values)
        elif before is not None and part.on < before:
            yield Refusal(f"{where}.on", "overdue_order", _OVERDUE_ORDER)
        before = part.on


def _later(path: str, loan: Any, document: Any) -> Iterator[Refusal]:
    """What is not overdue: when and in how many instalments it is repaid."""
    if loan.plan:
        repaid, rest = sum(part.principal for part in loan.plan), loan.rest
        if repaid != rest:
            yield Refusal(f"{path}.plan", "plan", _PLAN, {"plan": rupees(repaid), "rest": rupees(max(0, rest))})
        days = [document.on, *(part.on for part in loan.plan)]
        if days != sorted(set(days)):
            yield Refusal(f"{path}.plan", "plan_order", _PLAN_ORDER)
        return
    if loan.next_due is not None and loan.next_due <= document.on:
        yield Refusal(f"{path}.next_due", "next_later", _NEXT_LATER)
    if loan.rest <= 0 or (loan.is_cash_credit and loan.next_due is None):
        return
    if loan.next_due is None:
        yield Refusal(f"{path}.next_due", "next_due", _NEXT_DUE)
    if loan.instalments < 1:
        yield Refusal(f"{path}.instalments", "instalments", _INSTALMENTS)


def _linked(document: Any, facts: Facts) -> Iterator[Refusal]:
    """What another book says too is not changed in this one alone."""
    said = {loan.loan: (at, loan.outstanding) for at, loan in enumerate(document.loans)}
    for loan, owed in facts.linked.items():
        values = {"owed": rupees(owed)}
        if loan not in said:
            yield Refusal("loans", "linked_out", _LINKED_OUT, values)
        elif said[loan][1] != owed:
            yield Refusal(f"loans.{said[loan][0]}.outstanding", "linked", _LINKED, values)


def _balance(document: Any, sides: Any) -> Iterator[Refusal]:
    if not sides.has and not sides.holds:
        yield Refusal(None, "nothing", _NOTHING)
    apart = sides.difference
    if apart:
        text = _UNEVEN if apart > 0 else _UNEVEN_LESS
        yield Refusal("surplus", "uneven", text, {"apart": rupees(abs(apart))})
    if (document.surplus or 0) < 0 and not document.surplus_why.strip():
        yield Refusal("surplus_why", "loss_why", _LOSS_WHY)


def much_surplus(was: Paise, apart: int) -> list[Refusal]:
    """The question where a cut-off is put right later, about what makes it even: by more than the whole surplus, as
    after a nought too many."""
    if abs(apart) <= max(abs(was), MUCH_FOUND):
        return []
    said = {"now": rupees(Paise(was + apart)), "was": rupees(was)}
    return [warning(None, "much_surplus", _SURPLUS, said)]
