"""Why a loan that a group, VO or CLF took cannot be entered so, and what in it is unusual. No Django."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from umeed.books.rules.allocation import NOTHING
from umeed.books.rules.credits import far_more
from umeed.books.rules.lending import unusual_first
from umeed.books.rules.rates import LEAST_OF_BANKS_BP, why_not_rate
from umeed.books.rules.schedules import MOST_INSTALMENTS
from umeed.books.rules.sheets import MOST_PAISE, why_not_on
from umeed.kernel.money import Paise, grouped, rupees
from umeed.kernel.refusals import N_, Refusal

Head = Literal["loan_from_bank", "loan_from_vo", "loan_from_clf", "loan_from_other"]
Way = Literal["balance", "flat", "declining", "bullet"]
LONGEST_LENDER = 120

_NOTHING = N_("Write how much was lent.")
_NO_LIMIT = N_("Write up to how much the bank lets draw.")
_ABOVE_LIMIT = N_("The limit is %(limit)s; more cannot be drawn.")
_DRAWN = N_("%(amount)s was drawn on it since. Take that back first.")
_LARGE = N_("This is more than any book here can hold.")
_WHO = N_("Name the bank and its branch, or whoever lent it.")
_LONG = N_("The name and the number together are longer than %(most)s letters.")
_NOT_ABOVE = N_("It did not belong to it on %(day)s.")
_NO_CREDIT = N_("Only a bank gives a cash credit.")
_KEEPS = N_(
    "It keeps its own book here: what it lends stands in both books as soon as it is written there. Is this loan "
    "missing there? Then it stands in this book alone until both say that it is one loan."
)
_DUE_BEFORE = N_("The first instalment must fall due after the loan came.")
_TIMES = N_("A loan is repaid in 1 to %(most)s instalments.")
_MOVED = N_("%(amount)s was repaid on this loan, or it was agreed anew. Take that back first.")


@dataclass(frozen=True, slots=True)
class TakenTerms:
    """What was lent to us, by whom and on which terms. `number` is that of its sanction or account."""

    head: str
    paise: Paise
    rate_bp_a_year: int
    method: str
    instalments: int
    first_due: date
    frequency: str = "monthly"
    lender: str = ""
    number: str = ""
    body: UUID | None = None
    is_cash_credit: bool = False
    # Up to how much may be drawn of a cash credit; `paise` is what was drawn first, which may be nothing.
    limit: Paise | None = None
    mode: Literal["cash", "bank"] = "bank"
    # How a month counts that is not over when we repay; of a cash credit each day counts anyway.
    part_month: str = "due"

    @property
    def called(self) -> str:
        """The lender with the number; of an account number only its end is kept."""
        return called(" ".join(self.lender.split()), covered(self.number))


def called(lender: str, number: str) -> str:
    """As “J&K Bank, Sogam · SHG/2024/17”."""
    return " · ".join(part for part in (lender, number) if part)


def covered(number: str) -> str:
    """A long row of digits is an account: its last four tell it from others. A sanction's number stays as it is."""
    number = " ".join(number.split())
    digits = "".join(letter for letter in number if letter.isdigit())
    is_account = len(digits) >= 9 and not any(letter.isalpha() for letter in number) and "/" not in number
    return f"…{digits[-4:]}" if is_account else number


def why_not_take(
    terms: TakenTerms,
    on: date,
    *,
    today: date,
    since: date,
    locked: bool,
    above: Mapping[UUID, tuple[str, bool]],
    own: Paise,
) -> list[Refusal]:
    """Every reason and question. `above` is {VO or CLF: (kind, keeps a book here)} on the day, `own` what the book
    holds of its own then."""
    reasons = why_not_on(on, today=today, since=since, locked=[on.replace(day=1)] if locked else [])
    return [*reasons, *_who(terms, on, above), *_terms(terms, on, own)]


def _who(terms: TakenTerms, on: date, above: Mapping[UUID, tuple[str, bool]]) -> Iterator[Refusal]:
    if terms.head in ("loan_from_bank", "loan_from_other") and not terms.lender.strip():
        yield Refusal("lender", "who", _WHO)
    if len(terms.called) > LONGEST_LENDER:
        yield Refusal("lender", "too_long", _LONG, {"most": LONGEST_LENDER})
    if terms.is_cash_credit and terms.head != "loan_from_bank":
        yield Refusal("is_cash_credit", "no_cash_credit", _NO_CREDIT)
    if terms.head in ("loan_from_vo", "loan_from_clf"):
        kind, keeps = above.get(terms.body, ("", False)) if terms.body else ("", False)
        if terms.head != f"loan_from_{kind}":
            yield Refusal("whose", "not_above", _NOT_ABOVE, {"day": on})
        elif keeps:
            yield Refusal("whose", "keeps_a_book", _KEEPS, {}, "warn")


def _terms(terms: TakenTerms, on: date, own: Paise) -> Iterator[Refusal]:
    is_credit = terms.is_cash_credit and terms.head == "loan_from_bank"
    # Of a cash credit nothing may be drawn yet: it stands in the book with its limit.
    if terms.paise < 0 or (terms.paise == 0 and not is_credit):
        yield Refusal("paise", "nothing", _NOTHING)
    elif terms.paise > MOST_PAISE:
        yield Refusal("paise", "too_large", _LARGE)
    if is_credit:
        yield from _limit(terms, own)
    else:
        yield from _instalments(terms, on)
        yield from far_more(terms.paise, own, "paise") if terms.paise <= MOST_PAISE else []
    yield from why_not_rate(terms.rate_bp_a_year, "rate_bp_a_year", a_month=False, usual=LEAST_OF_BANKS_BP)


def _instalments(terms: TakenTerms, on: date) -> Iterator[Refusal]:
    if terms.first_due <= on:
        yield Refusal("first_due", "due_before", _DUE_BEFORE)
    yield from unusual_first(
        terms.first_due, on, "first_due", frequency=terms.frequency, method=terms.method, paise=terms.paise,
        rate_bp_a_year=terms.rate_bp_a_year,
    )  # fmt: skip
    if not 1 <= terms.instalments <= MOST_INSTALMENTS:
        yield Refusal("instalments", "times", _TIMES, {"most": grouped(MOST_INSTALMENTS)})


def _limit(terms: TakenTerms, own: Paise) -> Iterator[Refusal]:
    """A cash credit has no instalments: a limit stands in their place."""
    if not terms.limit or terms.limit < 0:
        yield Refusal("limit", "no_limit", _NO_LIMIT)
    elif terms.limit > MOST_PAISE:
        yield Refusal("limit", "too_large", _LARGE)
    else:
        if terms.paise > terms.limit:
            yield Refusal("paise", "above_limit", _ABOVE_LIMIT, {"limit": rupees(terms.limit)})
        yield from far_more(terms.limit, own, "limit")


def why_not_undo(repaid: Paise, agreements: int, drawn: Paise = NOTHING) -> list[Refusal]:
    """A loan that was entered by mistake goes out again only while nothing has happened on it. `drawn` is what was
    drawn again on a cash credit."""
    if repaid == 0 and agreements <= 1:
        return [Refusal("loan", "goes_on", _DRAWN, {"amount": rupees(drawn)})] if drawn else []
    return [Refusal("loan", "goes_on", _MOVED, {"amount": rupees(repaid)})]
