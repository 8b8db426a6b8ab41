"""A bank's cash credit: its limit as it was said, day by day, and what of it is left. Plain values.

Its limit is said when it begins, and again at each renewal: higher, lower, or that it is ended. What is drawn stands
within the limit at the end of every day, also of later ones: a drawing that comes late moves every day after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from umeed.books.rules.sheets import MOST_PAISE
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_, Refusal

_NO_LIMIT = N_("Write up to how much the bank lets draw.")
_LARGE = N_("This is more than any book here can hold.")
_FUTURE = N_("%(day)s has not come yet.")
_BEFORE = N_("The cash credit stands in this book since %(day)s; its limit is said for that day or later.")
_SAME = N_("This is its limit on %(day)s already.")
_DRAWN_MORE = N_("%(amount)s is drawn on %(day)s, more than this limit. Is it right?")
_STILL_OWED = N_("%(amount)s is owed on %(day)s: it is repaid first.")
_INTEREST_OWED = N_("%(amount)s of interest is due: it is paid first.")
_INTEREST_RUN = N_("%(amount)s of interest has run since it was last due: it is paid first.")
_FAR_MORE = N_("%(amount)s is more than is usually lent with %(own)s of own money, %(usual)s. Is it right?")
_SAID_LATER = N_("Another limit was said on %(day)s: it ends after that day.")
_BROKEN = N_("Of the cash credit %(less)s more than its limit would be drawn on %(day)s.")

USUAL_LIMIT, TIMES_OF_OWN = Paise(6_00_000_00), 8
"""What banks lend to a group at least by its third year, and how many times its own corpus in the second (DAY-NRLM's
terms of bank loans): an amount beyond both is asked about, a nought too many."""


def far_more(paise: Paise, own: Paise, field: str) -> list[Refusal]:
    """The question about what a bank or others lend, or a limit up to which they do. `own` is what the book holds
    without what it borrowed."""
    usual = Paise(max(USUAL_LIMIT, TIMES_OF_OWN * own))
    if paise <= usual:
        return []
    said = {"amount": rupees(paise), "own": rupees(Paise(max(0, own))), "usual": rupees(usual)}
    return [Refusal(field, "far_more", _FAR_MORE, said, "warn")]


@dataclass(frozen=True, slots=True)
class Credit:
    """A cash credit as it runs from the end of a day on. `limit` holds on that day, None while it is not known;
    `limits` and `moved` (what is drawn less what is repaid) are of later days."""

    on: date
    owed: Paise
    limit: Paise | None
    limits: tuple[tuple[date, Paise], ...] = ()
    moved: tuple[tuple[date, Paise], ...] = ()

    def days(self) -> Iterable[tuple[date, Paise, Paise | None]]:
        """(day, what is owed, the limit) at the end of this day and of each later one on which either changes."""
        owed, limit = int(self.owed), self.limit
        yield self.on, Paise(owed), limit
        limits = dict(self.limits)
        for day in sorted({day for day, _paise in (*self.limits, *self.moved)}):
            owed += sum(paise for on, paise in self.moved if on == day)
            limit = limits.get(day, limit)
            yield day, Paise(owed), limit

    def least_left(self) -> Room | None:
        """The least that is left to be drawn at the end of any day from this one on; None while no limit is known."""
        rooms = [Room(Paise(limit - owed), day) for day, owed, limit in self.days() if limit is not None]
        return min(rooms, key=lambda one: one.left, default=None)

    def first_above(self, more: int) -> Room | None:
        """The first day on which it would stand above its limit by what is drawn more from this day on."""
        for day, owed, limit in self.days():
            if limit is not None and owed <= limit < owed + more:
                return Room(Paise(limit - owed - more), day)
        return None


@dataclass(frozen=True, slots=True)
class Room:
    """What is left of a limit on a day; below nothing what is drawn above it."""

    left: Paise
    on: date


def why_not_limit(
    credit: Credit, paise: Paise | None, *, today: date, since: date, own: Paise
) -> list[Refusal]:  # fmt: skip
    """Every reason and question about a new limit from the credit's day on. `since` is when the credit came, `own` what
    the book holds of its own (`far_more`)."""
    reasons = _why_not_then(credit.on, today=today, since=since)
    if not paise or paise < 0:
        return [*reasons, Refusal("limit", "no_limit", _NO_LIMIT)]
    if paise > MOST_PAISE:
        return [*reasons, Refusal("limit", "too_large", _LARGE)]
    if paise == credit.limit:
        reasons.append(Refusal("limit", "same", _SAME, {"day": credit.on}))
    reasons += far_more(paise, own, "limit")
    most = _most_owed(credit, until=min((day for day, _paise in credit.limits), default=None))
    if most.left > paise:
        said = {"amount": rupees(most.left), "day": most.on}
        reasons.append(Refusal("limit", "drawn_more", _DRAWN_MORE, said, "warn"))
    return reasons


def why_not_end(credit: Credit, interest: Paise, run: Paise, *, today: date, since: date) -> list[Refusal]:
    """Every reason why a cash credit cannot be ended on the credit's day. `interest` is what is due of it, `run`
    what has run since."""
    reasons = _why_not_then(credit.on, today=today, since=since)
    most = _most_owed(credit)
    if most.left > 0:
        reasons.append(Refusal("since", "still_owed", _STILL_OWED, {"amount": rupees(most.left), "day": most.on}))
    if interest > 0:
        reasons.append(Refusal("since", "interest_owed", _INTEREST_OWED, {"amount": rupees(interest)}))
    if run > 0:
        reasons.append(Refusal("since", "interest_run", _INTEREST_RUN, {"amount": rupees(run)}))
    if credit.limits:
        reasons.append(Refusal("since", "said_later", _SAID_LATER, {"day": max(day for day, _paise in credit.limits)}))
    return reasons


def _why_not_then(on: date, *, today: date, since: date) -> list[Refusal]:
    if on > today:
        return [Refusal("since", "future", _FUTURE, {"day": on})]
    return [Refusal("since", "before", _BEFORE, {"day": since})] if on < since else []


def _most_owed(credit: Credit, *, until: date | None = None) -> Room:
    """The most that is owed at the end of any day before another limit holds, with that day."""
    owed = [Room(owed, day) for day, owed, _limit in credit.days() if until is None or day < until]
    return max(owed, key=lambda one: one.left)


def why_above(credits: Mapping[int, Credit], more: Mapping[int, int]) -> list[Refusal]:
    """Cash credits that would stand above their limit on a day by what is drawn `more` on each, and did not before."""
    broken = [credits[loan].first_above(paise) for loan, paise in more.items() if paise > 0]
    return [
        Refusal("lines", "above_limit", _BROKEN, {"less": rupees(Paise(-one.left)), "day": one.on})
        for one in broken if one is not None
    ]  # fmt: skip


def limit_on(limits: Sequence[tuple[date, Paise]], day: date, first: Paise | None) -> Paise | None:
    """The limit that holds on a day: the last that was said until then, else the first."""
    return next((paise for since, paise in reversed(limits) if since <= day), first)
