"""Out of which money a loan is lent: no more than that holds. What a VO or CLF lends is refused above it; a group is
asked, for its older loans may not say which of them was CIF or of a bank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from umeed.books.rules.held import field_of
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_, Refusal

_SOURCE = N_("%(amount)s of this money is not lent out; more cannot be lent.")
_LATER = N_("On a later day %(amount)s of this money is lacking by it. Is it lent out of it all the same?")
_ASKED = N_("The book has %(amount)s of this money that is not lent out. Is it lent out of it all the same?")

# The fund behind each source of loans; behind `bank` stand loans.
FUND_OF = {"cif": "cif", "vrf": "vrf", "rf": "revolving_fund"}


def sources_on(held: Any, facts: Any) -> dict[str, Paise]:
    """{source: paise that can be lent out of it on a day}: what was not lent out before, what came in today (a fund, a
    repayment to it, a drawing), less what is handed on or repaid to whom it was borrowed from."""
    return _with(facts.sources, held, facts)


def sources_later(held: Any, facts: Any) -> dict[str, Paise]:
    """The same as the least that it comes to on a later day; nothing where no later day is written."""
    return _with(facts.sources_later, held, facts) if facts.sources_later else {}


def _with(before: Mapping[str, Paise], held: Any, facts: Any) -> dict[str, Paise]:
    left = {source: before.get(source, Paise(0)) for source in {*before, *FUND_OF}}
    handed_on = getattr(held, "passed", ())
    for source, head in FUND_OF.items():
        came = sum(one.paise for one in held.receipts if one.head == head)
        left[source] = Paise(left[source] + came - sum(one.paise for one in handed_on if one.head == head))
    moved = [(one.loan, one.principal) for one in held.repayments] + [(one.loan, one.paise) for one in held.drawn]
    moved += [(one.loan, -one.principal) for one in held.repaid]
    for key, paise in moved:
        loan = facts.loans.get(key)
        if loan is not None and loan.source in left:
            left[loan.source] = Paise(left[loan.source] + paise)
    return left


def why_not_of_source(
    lendings: Sequence[Any], sources: Mapping[str, Paise], later: Mapping[str, Paise], *, part: str = "",
    asks: bool = False,
) -> list[Refusal]:  # fmt: skip
    """No loan above the fund that it is lent out of; own money is bounded by the box and the bank. What a later day has
    less of it is asked about: a bank may have been repaid meanwhile out of other money."""
    reasons = []
    used: dict[str, int] = {}
    for at, lent in enumerate(lendings):
        if lent.source == "own":
            continue
        used[lent.source] = used.get(lent.source, 0) + lent.paise
        left = max(Paise(0), sources.get(lent.source, Paise(0)))
        if used[lent.source] > left:
            said, path = {"amount": rupees(left)}, field_of(part, at, "source") if part else "source"
            text, severity = (_ASKED, "warn") if asks else (_SOURCE, "refuse")
            reasons.append(Refusal(path, "above_the_fund", text, said, severity))  # type: ignore[arg-type]
        elif used[lent.source] > later.get(lent.source, left):
            path = field_of(part, at, "source") if part else "source"
            said = {"amount": rupees(Paise(used[lent.source] - later[lent.source]))}
            reasons.append(Refusal(path, "above_it_later", _LATER, said, "warn"))
    return reasons
