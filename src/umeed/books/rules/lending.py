"""What is asked of a loan to a woman and to a group or VO alike: its terms, what is repaid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from umeed.books.rules.allocation import NOTHING
from umeed.books.rules.credits import Room
from umeed.books.rules.held import field_of
from umeed.books.rules.rates import USUAL_RATE_BP, unusual_rate
from umeed.books.rules.rounding import Rounding
from umeed.books.rules.schedules import LoanTerms, due_days, first_interest, first_months, month_later
from umeed.kernel.money import Paise, grouped, rupees
from umeed.kernel.refusals import N_, Refusal, in_number

TWICE = N_("This stands here twice.")
_NO_LOAN = N_("This loan does not run in this book.")
_LOAN_CLOSED = N_("Nothing is owed on this loan any more.")
_MORE_THAN_OWED = N_("%(amount)s is owed on this loan; more cannot be repaid.")
_MORE_INTEREST = N_("%(asked)s of interest is due; %(paid)s is more. Is it right?")
_INTEREST_LEFT = N_("%(left)s of interest is left to be paid: the loan stays open for it. Is it right?")
_NO_CREDIT = N_("No cash credit of a bank runs under this.")
_ABOVE_LIMIT = N_("%(left)s of the limit of %(limit)s is left; more cannot be drawn.")
_ABOVE_LATER = N_("On %(day)s %(left)s of its limit is left; more cannot be drawn before it.")
_WITH_INTEREST = N_(
    "With the interest that is due, %(interest)s, it would stand above its limit of %(limit)s. Is it right?"
)
_LIMIT_UNKNOWN = N_("The limit of this cash credit is not known. Does the bank let draw so much?")
_NOTHING_PAID = N_("A repayment of nothing: leave it empty.")
_RECOVERED_WHOLE = N_("This loan was written off: what comes of it is not divided. Write it as principal.")
MORE_THAN_OFF = N_("%(amount)s of this loan was written off and has not come back; more cannot be recovered.")
_DUE_BEFORE = N_("The first instalment must fall due after the loan is paid out.")
_DUE_FAR = N_("The first instalment falls due only on %(day)s. Is the day right?")
_FIRST_PERIOD = (
    N_("%(interest)s of interest for one day, until the first instalment falls due. Is it right?"),
    N_("%(interest)s of interest for %(days)s days, until the first instalment falls due. Is it right?"),
)
FIRST_PERIOD, DAYS_OF_A_MONTH, TO_THE_RUPEE = "first_period", 30, Rounding(100, "up")


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A loan of the book before. Paise. Of one that is off (written off), `owed` is what has not come back."""

    owed: Paise
    interest_asked: Paise = NOTHING
    # What of `interest_asked` has run and is not due yet.
    run: Paise = NOTHING
    # Interest that was agreed for later days: a flat loan asks for it also when its principal is repaid before.
    to_come: Paise = NOTHING
    overdue: Paise = NOTHING
    is_given: bool = True
    is_off: bool = False
    # Of a bank's cash credit, with its limit when that is known.
    is_credit: bool = False
    limit: Paise | None = None
    # The least that is left of the limit on this day or a later one, where money moved later or another limit was said.
    least_left: Room | None = None


AnyLoan = TypeVar("AnyLoan", bound=Owed)


def why_not_repaid(
    held: Any, loans: Mapping[UUID, AnyLoan], of_given: Callable[[str, int, Any, AnyLoan], Iterable[Refusal]]
) -> list[Refusal]:
    """Repayments of what was lent and of what was borrowed; `of_given` says what is asked besides of the former."""
    reasons: list[Refusal] = []
    for part, is_given in (("repayments", True), ("repaid", False)):
        seen: set[UUID] = set()
        for at, paid in enumerate(getattr(held, part)):
            loan = loans.get(paid.loan)
            if loan is None or loan.is_given is not is_given:
                reasons.append(Refusal(field_of(part, at, "loan"), "no_loan", _NO_LOAN))
                continue
            if paid.loan in seen:
                reasons.append(Refusal(field_of(part, at, "loan"), "twice", TWICE))
            seen.add(paid.loan)
            reasons += _repayment(part, at, paid, loan)
            if is_given:
                reasons += of_given(part, at, paid, loan)
    return reasons


def _repayment(part: str, at: int, paid: Any, loan: Owed) -> list[Refusal]:
    if not paid.paise:
        return [Refusal(field_of(part, at, "principal"), "nothing", _NOTHING_PAID)]
    if loan.is_off:
        return _recovery(part, at, paid, loan)
    reasons = []
    if paid.principal > loan.owed:
        text = _MORE_THAN_OWED if loan.owed else _LOAN_CLOSED
        reasons.append(Refusal(field_of(part, at, "principal"), "more_than_owed", text, {"amount": rupees(loan.owed)}))
    is_last = paid.principal == loan.owed
    asked = loan.interest_asked + (loan.to_come if is_last else 0)
    if loan.owed and is_last and paid.interest < asked:
        said = {"left": rupees(Paise(asked - paid.interest))}
        reasons.append(Refusal(field_of(part, at, "interest"), "interest_left", _INTEREST_LEFT, said, "warn"))
    if paid.interest > asked and loan.is_given:
        reasons.append(more_interest(field_of(part, at, "interest"), paid.interest, loan.interest_asked))
    return reasons


def more_interest(path: str, paid: Paise, asked: Paise) -> Refusal:
    """The question about more interest than is due."""
    said = {"asked": rupees(asked), "paid": rupees(paid)}
    return Refusal(path, "more_interest", _MORE_INTEREST, said, "warn")


def _recovery(part: str, at: int, paid: Any, loan: Owed) -> list[Refusal]:
    """On a loan that was written off: never more than was."""
    reasons = []
    if paid.interest or getattr(paid, "penalty", 0):
        where = field_of(part, at, "interest" if paid.interest else "penalty")
        reasons.append(Refusal(where, "recovered_whole", _RECOVERED_WHOLE))
    if paid.paise > loan.owed:
        said = {"amount": rupees(loan.owed)}
        reasons.append(Refusal(field_of(part, at, "principal"), "more_than_off", MORE_THAN_OFF, said))
    return reasons


def why_not_drawn(held: Any, loans: Mapping[UUID, AnyLoan]) -> Iterator[Refusal]:
    """From a bank's cash credit no more than its limit leaves, after what is repaid today."""
    seen: set[UUID] = set()
    for at, drawn in enumerate(held.drawn):
        loan = loans.get(drawn.loan)
        if loan is None or not loan.is_credit:
            yield Refusal(field_of("drawn", at, "paise"), "no_credit", _NO_CREDIT)
            continue
        if drawn.loan in seen:
            yield Refusal(field_of("drawn", at, "paise"), "twice", TWICE)
        seen.add(drawn.loan)
        yield from _above_limit(field_of("drawn", at, "paise"), drawn, held, loan)


def _above_limit(path: str, drawn: Any, held: Any, loan: Owed) -> Iterator[Refusal]:
    if loan.limit is None:
        yield Refusal(path, "limit_unknown", _LIMIT_UNKNOWN, {}, "warn")
        return
    paid = [one for one in held.repaid if one.loan == drawn.loan]
    repaid = sum(one.principal for one in paid)
    left = max(0, loan.limit - loan.owed + repaid)
    interest = max(0, loan.interest_asked - loan.run - sum(one.interest for one in paid))
    limit = rupees(loan.limit)
    if drawn.paise > left:
        yield Refusal(path, "above_limit", _ABOVE_LIMIT, {"left": rupees(Paise(left)), "limit": limit})
    elif loan.least_left is not None and drawn.paise > loan.least_left.left + repaid:
        least = Paise(max(0, loan.least_left.left + repaid))
        yield Refusal(path, "above_later", _ABOVE_LATER, {"left": rupees(least), "day": loan.least_left.on})
    elif drawn.paise + interest > left:
        said = {"interest": rupees(Paise(interest)), "limit": limit}
        yield Refusal(path, "limit_with_interest", _WITH_INTEREST, said, "warn")


def why_not_terms(
    lent: Any, on: date, *, path: str = "", a_month: bool = True, charges: int | None = None,
    usual: int = USUAL_RATE_BP, rounding: Rounding = TO_THE_RUPEE,
) -> list[Refusal]:  # fmt: skip
    """Of the first instalment and the rate, which is asked for per cent a month or a year (`unusual_rate`)."""
    reasons = unusual_first(
        lent.first_due, on, f"{path}first_due", frequency=lent.frequency, method=lent.method, paise=lent.paise,
        rate_bp_a_year=lent.rate_bp_a_year, rounding=rounding,
    )  # fmt: skip
    if lent.first_due <= on:
        reasons.append(Refusal(f"{path}first_due", "due_before", _DUE_BEFORE))
    field = f"{path}rate_bp_a_year"
    return [*reasons, *unusual_rate(lent.rate_bp_a_year, field, a_month=a_month, charges=charges, usual=usual)]


def unusual_first(
    first_due: date, on: date, field: str, *, frequency: str, method: str, paise: int, rate_bp_a_year: int,
    rounding: Rounding = TO_THE_RUPEE,
) -> list[Refusal]:  # fmt: skip
    """The question about the day of a first instalment: that it lies far ahead; or else that its interest, which is
    that of a whole period (`first_months`), is for a time of less than half of that, or of more than one and a half."""
    if (reasons := far_ahead(first_due, on, field, frequency=frequency, method=method)) or first_due <= on:
        return reasons
    if paise <= 0 or rate_bp_a_year <= 0:
        return []
    terms = LoanTerms(
        Paise(paise), rate_bp_a_year, method, first_due, 1, frequency, lent_on=on, rounding=rounding  # type: ignore[arg-type]
    )  # fmt: skip
    days, usual = (first_due - on).days, first_months(terms) * DAYS_OF_A_MONTH
    if usual <= 2 * days <= 3 * usual:
        return []
    said = {"interest": rupees(first_interest(terms)), "days": grouped(days)}
    return [Refusal(field, FIRST_PERIOD, in_number(days, *_FIRST_PERIOD), said, "warn")]


def far_ahead(first_due: date, on: date, field: str, *, frequency: str, method: str) -> list[Refusal]:
    """The question about a first instalment that falls due later than two of its periods, and later than two months
    (groups that meet once a month are repaid then): a wrong month or year. Who repays all at once does so within a year
    (after the harvest). Our choice."""
    usual = month_later(on, 12 if method == "bullet" else 2, on.day)
    if method != "bullet":
        usual = max(usual, due_days(on, 3, frequency)[-1])  # type: ignore[arg-type]
    return [] if first_due <= usual else [Refusal(field, "due_far", _DUE_FAR, {"day": first_due}, "warn")]
