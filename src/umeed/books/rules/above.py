"""What a meeting says of money that goes to the VO and CLF, and comes from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from umeed.books.rules.held import BookFacts, no_more_than
from umeed.kernel.money import rupees
from umeed.kernel.refusals import N_, Refusal

_ON_THE_WAY = N_("%(amount)s is on the way from there; more cannot arrive.")
_NO_BODY = N_("The group does not belong to it.")
_COUNTED = N_("%(amount)s was counted there; more cannot have left for it.")
_TWICE = N_(
    "%(amount)s from this group was counted there already and stands in this book too, as repaid or given. Is this one "
    "more? If it is the same money, take it out here and say above that it left the box."
)


def why_not_above(meeting: Any, facts: Any) -> list[Refusal]:
    """Every reason and question about what goes to, and comes from, the VO and CLF."""
    left = no_more_than("left", "more_than_counted", _COUNTED, meeting.left, facts.counted_there)
    return [*why_not_given(meeting, facts), *why_not_arrived(meeting, facts), *left, *_a_second_time(meeting, facts)]


def why_not_given(held: Any, facts: BookFacts) -> Iterator[Refusal]:
    """Only to those to whom it belongs."""
    for at, given in enumerate(held.given):
        if given.body not in facts.above:
            yield Refusal(f"given.{at}.body", "no_body", _NO_BODY)


def why_not_arrived(held: Any, facts: BookFacts) -> Iterator[Refusal]:
    """No more than others have sent."""
    return no_more_than("arrived", "more_than_sent", _ON_THE_WAY, held.arrived, facts.on_the_way)


def _a_second_time(meeting: Any, facts: Any) -> Iterator[Refusal]:
    """What the other side counted first was repaid or given then: written once more, it would stand there twice."""
    for body, paise in facts.counted_there.items():
        unsaid = paise - sum(one.paise for one in meeting.left if one.body == body)
        if unsaid <= 0:
            continue
        said = {"amount": rupees(unsaid)}
        for at, repaid in enumerate(meeting.repaid):
            loan = facts.loans.get(repaid.loan)
            if loan is not None and loan.lender == body:
                yield Refusal(f"repaid.{at}.loan", "counted_there", _TWICE, said, "warn")
        for at, given in enumerate(meeting.given):
            if given.body == body and body in facts.keeping:
                yield Refusal(f"given.{at}.body", "counted_there", _TWICE, said, "warn")
