"""What is asked of a group's meeting and of a day of a VO or CLF alike: when it was held, its other receipts and
payments, the cash at its end. Plain values in, every reason at once out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_, Refusal

_FUTURE = N_("%(day)s has not come yet.")
_BEFORE_BOOK = N_("The book is kept since %(since)s; this is earlier.")
_LOCKED = N_("The month of %(day)s is closed in this book.")
_LOCKED_MEETING = N_(
    "The month of %(day)s is closed in this book: nothing more is written in it. Write this one as an extra meeting on "
    "a day of an open month, and say under “What was decided” when it was held."
)
_NUMBER_TAKEN = N_(
    "Meeting %(number)s stands in the book already, held on %(day)s. Another one takes the next number, %(next)s, also "
    "one that was forgotten."
)
_NUMBER_GAP = N_("The last meeting in the book is %(last)s; this one says %(number)s. Is one missing?")
_NUMBER_NEEDED = N_("A meeting that was held has a number.")
_EARLIER = N_(
    "Meeting %(number)s was held on %(day)s already; this one must be later, or take the next number, %(next)s."
)
_LATER = N_("Meeting %(number)s was held on %(day)s; this one must be earlier, or take the next number, %(next)s.")
_SAME_DAY = N_("Meeting %(number)s was held on this day already.")
_FORGOTTEN = N_("Meeting %(number)s was held on %(day)s already. Was this one forgotten then?")
_COUNTED_SINCE = N_(
    "In meeting %(number)s of %(day)s the cash was counted without this one: by the book %(apart)s more is in the box "
    "since. Is it so? If a difference was written there because of it, correct that meeting next."
)
_COUNTED_SINCE_LESS = N_(
    "In meeting %(number)s of %(day)s the cash was counted without this one: by the book %(apart)s less is in the box "
    "since. Is it so? If a difference was written there because of it, correct that meeting next."
)
_MORE_THAN_WEEKS = N_("%(count)s meetings are more than the group can have held since %(since)s.")
_MISSED_WITH = N_("No money moves in a meeting that was not held. Call it an extra meeting instead.")
_MISSED_WHY = N_("Say why the meeting was not held.")
_NOT_A_MEMBER = N_("%(name)s was not a member on %(day)s.")
_SHE_WAS_NONE = N_("She was not a member on %(day)s.")
_OTHER_HEAD = N_("This is none of the receipts and payments of a meeting.")
_WOMAN_NEEDED = N_("Say which woman it is about.")
_NO_WOMAN = N_("This is about no woman.")
_FAR_MORE = N_("%(amount)s is far more than cash and bank of this book hold together, %(has)s. Is it right?")
_BOX = N_("The box holds %(has)s and %(needs)s is paid out of it.")
_BANK = N_("The bank holds %(has)s and %(needs)s is taken from it.")
_COUNT = N_("Count the cash and write how much there is.")
_DIFFERENCE = N_("%(counted)s was counted; the book says %(must)s. Say why there is %(apart)s more.")
_DIFFERENCE_LESS = N_("%(counted)s was counted; the book says %(must)s. Say why there is %(apart)s less.")

FAR, MUCH_MONEY = 20, Paise(1_00_000_00)
"""A receipt beyond both, so many times what cash and bank hold and this sum, is asked about: a nought too many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookFacts:
    """What a book knows before. Paise; `members` {woman: name} whom it may name; `earlier` and `later` are (number,
    day) of its neighbours among those whose numbers follow their days, `same_day` is another of its day."""

    today: date
    since: date
    formed_on: date
    cash: Paise
    bank: Paise
    members: Mapping[UUID, str] = field(default_factory=dict)
    # Whoever belonged at any time.
    called: Mapping[UUID, str] = field(default_factory=dict)
    on_the_way: Mapping[UUID, Paise] = field(default_factory=dict)
    # Those above to whom it belongs.
    above: frozenset[UUID] = frozenset()
    last_number: int = 0
    last_met: date | None = None
    same_number: tuple[int, date] | None = None
    earlier: tuple[int, date] | None = None
    later: tuple[int, date] | None = None
    same_day: tuple[int, date] | None = None
    # The next one held after a new one that comes late: its cash was counted without it.
    counted_since: tuple[int, date] | None = None
    meetings_a_year: int = 52
    is_month_locked: bool = False
    # What is said of one that was held in a closed month.
    why_locked: str = _LOCKED_MEETING
    about_woman: frozenset[str] = frozenset()
    receipts: frozenset[str] = frozenset()
    payments: frozenset[str] = frozenset()


def field_of(part: str, at: int, name: str) -> str:
    """The path of a field in the document."""
    return f"{part}.{at}.{name}"


def why_not_then(held: Any, facts: BookFacts) -> list[Refusal]:
    """Reasons that lie in its day and number. Of a closed month nothing that was held is lost: it is told how."""
    if held.kind == "missed":
        return why_not_on_day(held.on, facts)
    return [*why_not_on_day(held.on, facts, facts.why_locked), *_number(held, facts)]


def why_not_on_day(on: date, facts: BookFacts, locked: str = _LOCKED) -> list[Refusal]:
    """Reasons that lie in the day alone; `locked` is what is said of a closed month."""
    since = max(facts.since, facts.formed_on)
    if on > facts.today:
        return [Refusal("on", "future", _FUTURE, {"day": on})]
    if on < since:
        return [Refusal("on", "before_the_book", _BEFORE_BOOK, {"since": since})]
    return [Refusal("on", "month_locked", locked, {"day": on})] if facts.is_month_locked else []


def _number(held: Any, facts: BookFacts) -> list[Refusal]:
    if held.number is None:
        return [Refusal("number", "number_missing", _NUMBER_NEEDED)]
    following = facts.last_number + 1
    if facts.same_number is not None:
        taken = {"number": facts.same_number[0], "day": facts.same_number[1], "next": following}
        return [Refusal("number", "number_taken", _NUMBER_TAKEN, taken)]
    if facts.same_day is not None:
        return [Refusal("on", "same_day", _SAME_DAY, {"number": facts.same_day[0]})]
    reasons = _order(held, facts, following)
    if held.number > facts.last_number + 1:
        said = {"last": facts.last_number, "number": held.number}
        reasons.append(Refusal("number", "number_gap", _NUMBER_GAP, said, "warn"))
    possible = (held.on - facts.formed_on).days * facts.meetings_a_year // 364 + 1
    if held.number > possible and held.kind == "regular" and not any(one.code == "forgotten" for one in reasons):
        said = {"count": held.number, "since": facts.formed_on}
        reasons.append(Refusal("number", "more_than_weeks", _MORE_THAN_WEEKS, said, "warn"))
    return reasons


def _order(held: Any, facts: BookFacts, following: int) -> list[Refusal]:
    """M1: days follow numbers. One that was forgotten, or an extra one that nobody wrote, comes after others are
    closed, and no number is left between theirs. What is closed keeps its number: it is printed on slips and said in
    registers. So the late one takes the next number and keeps its own day, by which all papers are in order; since a
    wrong day or number looks the same, it is asked about."""
    if facts.earlier is not None and held.on <= facts.earlier[1] and held.number > facts.last_number:
        said = {"number": facts.earlier[0], "day": facts.earlier[1]}
        return [Refusal("on", "forgotten", _FORGOTTEN, said, "warn")]
    return [
        Refusal("on", "out_of_order", text, {"number": neighbour[0], "day": neighbour[1], "next": following})
        for neighbour, text, sign in ((facts.earlier, _EARLIER, 1), (facts.later, _LATER, -1))
        if neighbour is not None and (neighbour[1] - held.on).days * sign >= 0
    ]


def why_not_missed(*, moved: bool, why: str) -> list[Refusal]:
    """In one that was not held no money moves, and the reason is said."""
    reasons = [Refusal("kind", "missed_with_money", _MISSED_WITH)] if moved else []
    return reasons if why.strip() else [*reasons, Refusal("why", "why_missed", _MISSED_WHY)]


def not_a_member(path: str, woman: UUID, on: date, facts: BookFacts) -> Refusal:
    name = facts.called.get(woman)
    said = {"name": name, "day": on} if name else {"day": on}
    return Refusal(path, "not_a_member", _NOT_A_MEMBER if name else _SHE_WAS_NONE, said)


def stranger(part: str, at: int, woman: UUID | None, on: date, facts: BookFacts) -> list[Refusal]:
    """A woman who was no member on the day."""
    if woman is None or woman in facts.members:
        return []
    return [not_a_member(field_of(part, at, "woman"), woman, on, facts)]


def who_took(part: str, at: int, one: Any, text: str, name: str) -> list[Refusal]:
    """Cash for who is not there goes along with somebody, who is named."""
    if one.mode != "cash" or one.by.strip():
        return []
    return [Refusal(field_of(part, at, "by"), "who_took", text, {"name": name})]


def why_not_moved(held: Any, facts: BookFacts) -> list[Refusal]:
    """Other receipts and payments: under heads that are offered, with a woman where the head names one."""
    reasons: list[Refusal] = []
    for part, heads in (("receipts", facts.receipts), ("payments", facts.payments)):
        for at, one in enumerate(getattr(held, part)):
            if one.head not in heads:
                reasons.append(Refusal(field_of(part, at, "head"), "other_head", _OTHER_HEAD))
                continue
            if (one.head in facts.about_woman) != (one.woman is not None):
                text = _NO_WOMAN if one.woman else _WOMAN_NEEDED
                reasons.append(Refusal(field_of(part, at, "woman"), "woman", text))
            reasons += stranger(part, at, one.woman, held.on, facts)
            if part == "receipts":
                reasons += far_more(field_of(part, at, "paise"), one.paise, Paise(facts.cash + facts.bank))
    return reasons


def far_more(path: str, paise: Paise, has: Paise) -> list[Refusal]:
    """What comes in, asked about when it is far more than there is."""
    if paise <= max(MUCH_MONEY, FAR * has):
        return []
    return [Refusal(path, "far_more", _FAR_MORE, {"amount": rupees(paise), "has": rupees(has)}, "warn")]


def no_more_than(
    part: str, code: str, text: str, rows: Iterable[Any], waits: Mapping[UUID, Paise]
) -> Iterator[Refusal]:
    """Of each body, no more than waits."""
    sums: dict[UUID, int] = {}
    for at, one in enumerate(rows):
        sums[one.body] = sums.get(one.body, 0) + one.paise
        most = max(Paise(0), waits.get(one.body, Paise(0)))
        if sums[one.body] > most:
            yield Refusal(field_of(part, at, "paise"), code, text, {"amount": rupees(most)})


def is_explained(held: Any, apart: int) -> bool:
    """Whether the reason that was written is about this difference; one without a sum is about whatever there is."""
    return bool(held.difference_why.strip()) and held.difference in (None, apart)


def why_not_cash(held: Any, facts: BookFacts, tally: Any) -> Sequence[Refusal]:
    """Box and bank hold what leaves them; the cash is counted, and a difference explained."""
    reasons = []
    box, bank = facts.cash + tally.cash_in - tally.cash_out, facts.bank + tally.bank_in - tally.bank_out
    if box < 0:
        said = {"has": rupees(facts.cash + tally.cash_in), "needs": rupees(tally.cash_out)}
        reasons.append(Refusal("counted", "box", _BOX, said))
    if bank < 0:
        said = {"has": rupees(facts.bank + tally.bank_in), "needs": rupees(tally.bank_out)}
        reasons.append(Refusal("withdrawal", "bank", _BANK, said))
    if held.counted is None:
        reasons.append(Refusal("counted", "count", _COUNT))
    elif held.counted != box and not is_explained(held, held.counted - box):
        said = {"counted": rupees(held.counted), "must": rupees(box), "apart": rupees(abs(held.counted - box))}
        text = _DIFFERENCE if held.counted > box else _DIFFERENCE_LESS
        reasons.append(Refusal("difference_why", "difference", text, said))
    return [*reasons, *_counted_since(held, facts)]


def _counted_since(held: Any, facts: BookFacts) -> list[Refusal]:
    """M3 of those that follow one that comes late: their sheets stay as they are, the box of the book does not."""
    moved = 0 if held.counted is None else held.counted - facts.cash
    return box_since(moved, facts.counted_since, "counted")


def box_since(moved: int, counted_since: tuple[int, date] | None, field: str) -> list[Refusal]:
    """The question about cash that moved before a day on which the box was counted without it."""
    if counted_since is None or not moved:
        return []
    number, day = counted_since
    text = _COUNTED_SINCE if moved > 0 else _COUNTED_SINCE_LESS
    said = {"number": number, "day": day, "apart": rupees(Paise(abs(moved)))}
    return [Refusal(field, "counted_since", text, said, "warn")]
