"""What money between two bodies was for. A meeting's sheet only says that it left towards the VO, or came from it; what
it repaid, saved or lent stands in events of their own. Seen from the box both are one thing.

An event that the meeting itself sent on is found by its id. What others sent is met by what was counted, the oldest
first; "on the way" stays only what no event speaks of, or nobody has counted.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID, uuid5

from umeed.books.heads import BY_KEY
from umeed.books.models import Book, Sheet
from umeed.books.registers.reading import Entered, Post, sheets

WAY = BY_KEY["on_the_way"]


def told(book: Book, found: Sequence[Entered]) -> list[Entered]:
    """Sheets (which must have all their lines) with what was on the way under the heads of its events. Two questions
    more, where something was on the way."""
    return _put_in(found, _met(every)) if (every := _joined(book, found)) else list(found)


def joined(book: Book, found: Sequence[Entered]) -> list[Entered]:
    """Sheets with what they themselves sent on: a meeting and its events as one."""
    every = _joined(book, found)
    if not every:
        return list(found)
    stand = {one.sheet for one in every}
    return [one for one in _put_in(found, every) if one.sheet in stand]


def _put_in(found: Sequence[Entered], every: Iterable[Entered]) -> list[Entered]:
    now = {one.sheet: one for one in every}
    return [now.get(one.sheet, one) for one in found]


# A meeting with what it sent on ---------------------------------------------------------------------------------------


def _joined(book: Book, found: Sequence[Entered]) -> list[Entered]:
    """All sheets between this body and others until the last of these, and these, in order; events that a meeting sent
    on stand in its sheet, and not alone any more. Nothing when nothing was on the way."""
    if not any(one.event or _ways(one) for one in found):
        return []
    every = {one.sheet: one for one in sheets(book, None, max(one.on for one in found), between=True)}
    every |= {one.sheet: one for one in found}
    events = {(one.event, one.reverses is not None): one for one in every.values() if one.event}
    bodies = {post.body for one in every.values() for post in one.posts if post.body}
    for one in list(every.values()):
        if one.meeting is None or one.event:
            continue
        for body in bodies:
            event = events.get((uuid5(one.meeting, f"event/{body}"), one.reverses is not None))
            if event is not None:
                every[one.sheet] = _as_one(every[one.sheet], event, body)
                every.pop(event.sheet, None)
    return sorted(every.values(), key=lambda one: (one.on, one.sheet))


def _as_one(one: Entered, event: Entered, body: UUID) -> Entered:
    way = _ways(one).get(body, 0) + sum(_ways(event).values())
    posts = [post for post in one.posts if not (post.head == WAY and post.body == body)]
    posts += [replace(post, whom=body) for post in event.posts if post.head != WAY]
    posts += [Post(WAY, way, None, None, body)] if way else []
    return replace(one, posts=posts, sent_on=one.sent_on | {body})


def _ways(one: Entered) -> dict[UUID, int]:
    """{body: debits less credits on the way to it or from it}."""
    sums: dict[UUID, int] = {}
    for post in one.posts:
        if post.head == WAY and post.body:
            sums[post.body] = sums.get(post.body, 0) + post.paise
    return sums


# What was counted with what had been sent -----------------------------------------------------------------------------


def _met(every: Sequence[Entered]) -> list[Entered]:
    """These sheets (all there are, in order), those that moved money on the way with what it was for."""
    between: dict[UUID, _Between] = defaultdict(_Between)
    for one in every:
        for body, paise in _ways(one).items():
            if not paise:
                continue
            if one.event or not _moves_money(one):
                between[body].say(one, body)
            else:
                between[body].move(one, paise)
    return [_as_met(one, between) if not one.event and _moves_money(one) else one for one in every]


def _moves_money(one: Entered) -> bool:
    """Whether a sheet counted or paid what was on the way; a cut-off only says that it was."""
    return one.meeting is not None or (bool(one.sum("cash") or one.sum("bank")) and one.nature != Sheet.Kind.CUT_OFF)


def _as_met(one: Entered, between: dict[UUID, _Between]) -> Entered:
    posts = []
    for post in one.posts:
        if post.head != WAY or post.body not in between:
            posts.append(post)
            continue
        known = between[post.body].known.pop(one.sheet, [])
        posts += known
        if left := post.paise - sum(each.paise for each in known):
            posts.append(replace(post, paise=left, was_on_the_way=True))
    return replace(one, posts=posts)


class _Between:
    """What was said between this body and another and not moved yet, and what was moved and not said yet."""

    def __init__(self) -> None:
        # (the sheet that says it, its line)
        self.said: deque[tuple[int, Post]] = deque()
        # [sheet, paise that are left of it]
        self.unsaid: deque[tuple[int, int]] = deque()
        # {sheet that moved money: its lines}
        self.known: dict[int, list[Post]] = defaultdict(list)

    def say(self, one: Entered, body: UUID) -> None:
        """An event; one that takes another back lets go of what nobody has counted."""
        lines = [post for post in one.posts if post.head != WAY] if one.event else []
        lines = lines or [Post(WAY, -_ways(one)[body], None, None, body)]
        for post in lines:
            undone = (one.reverses or 0, replace(post, paise=-post.paise, whom=body, was_on_the_way=True))
            if undone in self.said:
                self.said.remove(undone)
            else:
                self.said.append((one.sheet, replace(post, whom=body, was_on_the_way=True)))
        self._settle()

    def move(self, one: Entered, paise: int) -> None:
        """Money that was counted in or paid; taken back, what it was for waits again."""
        if one.reverses is None:
            self.unsaid.append((one.sheet, paise))
            self._settle()
            return
        again = self.known[one.reverses]
        self.known[one.sheet] = [replace(post, paise=-post.paise) for post in again]
        self.unsaid = deque(each for each in self.unsaid if each[0] != one.reverses)
        self.said.extendleft((0, post) for post in reversed(again))
        self._settle()

    def _settle(self) -> None:
        """The oldest money is for what was said first. What goes the other way is set off at once."""
        while waits := sum(post.paise for _by, post in self.said):
            at = next((at for at, (_sheet, left) in enumerate(self.unsaid) if waits * left > 0), None)
            if at is None:
                return
            sheet, left = self.unsaid[at]
            now = min(abs(left), abs(waits)) * (1 if left > 0 else -1)
            self.known[sheet] += self._take(now)
            self.unsaid[at] = (sheet, left - now)
            if left == now:
                del self.unsaid[at]

    def _take(self, paise: int) -> list[Post]:
        """Lines that come to so much: all that go the other way, and then the oldest."""
        taken = [post for _by, post in self.said if post.paise * paise < 0]
        left = paise - sum(post.paise for post in taken)
        rest: deque[tuple[int, Post]] = deque()
        for by, post in self.said:
            if post.paise * paise < 0:
                continue
            part = min(post.paise, left) if paise > 0 else max(post.paise, left)
            left -= part
            if part:
                taken.append(replace(post, paise=part))
            if part != post.paise:
                rest.append((by, replace(post, paise=post.paise - part)))
        self.said = rest
        return taken
