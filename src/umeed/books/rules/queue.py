"""The loan queue of a group, VO or CLF: who asked first is served first, and what is decided has its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from umeed.books.rules.held import field_of
from umeed.books.rules.lending import TWICE
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_, Refusal

_UNKNOWN_REQUEST = N_("Nobody asked for this loan, or it is decided already.")
_BUILT_ON = N_(
    "A later meeting goes by what was decided on the request of %(name)s. Leave that as it was, or take the later one "
    "back first."
)
_WHY_REFUSED = N_("Say why: who asked must know.")
_PROMISED_BEFORE = N_("The day that is promised must come after this one.")
_NOT_GRANTED = N_("This request was not granted.")
_MORE_THAN_GRANTED = N_("%(amount)s was granted; this is more.")
_JUMP = N_("%(name)s asked before, on %(day)s. Say why this one comes first.")


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A request of a woman or a body that waits, or was granted and not paid out yet (`granted`). `promised_on` is the
    day that was promised when it was put off."""

    who: UUID
    asked_on: date
    paise: Paise
    granted: Paise | None = None
    promised_on: date | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What the meeting that is corrected had decided on a request, where a later one built on it. Without an outcome it
    decided nothing."""

    who: UUID
    outcome: str
    paise: Paise | None = None

    def is_as(self, outcome: str, paise: Paise | None) -> bool:
        """Whether another decision leaves it as it was. Who was put off waits, as who was not decided on."""
        waits = ("", "deferred")
        if self.outcome in waits or outcome in waits:
            return self.outcome in waits and outcome in waits
        return (self.outcome, self.paise or None) == (outcome, paise or None)


def unknown_request(part: str, at: int) -> Refusal:
    return Refusal(field_of(part, at, "request"), "unknown_request", _UNKNOWN_REQUEST)


def place_of(asked_on: date, request: UUID) -> tuple[date, str]:
    """What a request's place in the queue goes by: who asked first stands first; of one day, as they were written."""
    return asked_on, str(request)


def why_not_decided(at: int, one: Any, on: date) -> list[Refusal]:
    """Who is refused or put off is told why; a day that is promised lies ahead."""
    reasons = []
    if one.outcome in ("refused", "deferred") and not one.why.strip():
        reasons.append(Refusal(field_of("decisions", at, "why"), "why_refused", _WHY_REFUSED))
    if one.promised_on is not None and one.promised_on <= on:
        reasons.append(Refusal(field_of("decisions", at, "promised_on"), "promised_before", _PROMISED_BEFORE))
    return reasons


def why_not_as_decided(
    held: Any, built_on: Mapping[UUID, Decided], called: Callable[[UUID | None], str]
) -> Iterator[Refusal]:
    """Of a correction: what a later meeting built on stays as it was decided, and is not paid out a second time."""
    now = {one.request: (at, one) for at, one in enumerate(held.decisions)}
    for request, was in built_on.items():
        at, one = now.get(request, (0, None))
        if not was.is_as(one.outcome if one else "", one.paise if one else None):
            path = field_of("decisions", at, "outcome") if one else None
            yield Refusal(path, "built_on", _BUILT_ON, {"name": called(was.who)})
    for at, lent in enumerate(held.lendings):
        if lent.request in built_on:
            said = {"name": called(built_on[lent.request].who)}
            yield Refusal(field_of("lendings", at, "request"), "built_on", _BUILT_ON, said)


def why_not_before_others(
    held: Any, waiting: Mapping[UUID, RequestFacts], called: Callable[[UUID | None], str]
) -> Iterator[Refusal]:
    """Who is granted a loan while others with an earlier place wait on, has the reason beside her."""
    still = _still_waiting(held, waiting)
    for at, one in enumerate(held.decisions):
        if one.outcome != "granted" or one.jump_why.strip() or one.request not in waiting:
            continue
        place = place_of(waiting[one.request].asked_on, one.request)
        passed = next((key for key in still if place_of(waiting[key].asked_on, key) < place), None)
        if passed is not None:
            said = {"name": called(waiting[passed].who), "day": waiting[passed].asked_on}
            yield Refusal(field_of("decisions", at, "jump_why"), "jump", _JUMP, said)


def _still_waiting(held: Any, waiting: Mapping[UUID, RequestFacts]) -> list[UUID]:
    """Who waits when it is over, in the order of the queue: put off today, or nothing was decided on."""
    decided = {one.request: one.outcome for one in held.decisions}
    left = [
        key for key, one in waiting.items()
        if decided.get(key, "granted" if one.granted is not None else "deferred") == "deferred"
    ]  # fmt: skip
    return sorted(left, key=lambda key: place_of(waiting[key].asked_on, key))


def granted_in(held: Any) -> dict[UUID, Any]:
    """What is granted, by request."""
    return {one.request: one for one in held.decisions if one.outcome == "granted"}


def why_not_asked(
    at: int,
    lent: Any,
    who: UUID,
    waiting: Mapping[UUID, RequestFacts],
    granted: Mapping[UUID, Any],
    not_theirs: Refusal,
) -> list[Refusal]:
    """A loan that answers a request is theirs, was granted, and is no more than was granted."""
    if lent.request is None:
        return []
    request = waiting.get(lent.request)
    if request is None:
        return [unknown_request("lendings", at)]
    if request.who != who:
        return [not_theirs]
    now = granted.get(lent.request)
    most = (now.paise or request.paise) if now is not None else request.granted
    if most is None:
        return [Refusal(field_of("lendings", at, "request"), "not_granted", _NOT_GRANTED)]
    if lent.paise > most:
        said = {"amount": rupees(most)}
        return [Refusal(field_of("lendings", at, "paise"), "more_than_granted", _MORE_THAN_GRANTED, said)]
    return []


def why_not_twice(lendings: Sequence[Any]) -> Iterator[Refusal]:
    """One request is answered by one loan."""
    seen: set[UUID] = set()
    for at, lent in enumerate(lendings):
        if lent.request is not None and lent.request in seen:
            yield Refusal(field_of("lendings", at, "request"), "twice", TWICE)
        seen.add(lent.request)
