"""Money that came in and went out, line by line, by cash and by bank: what cash books and accounts are made of.

A meeting's sheet has one line for its cash and one for its bank. Which of the other lines went by the bank stands in
the meeting as it was written; what then is left over between cash and bank was taken to the bank, or from it. Sheets
that were not written as meetings are read by their own lines: all by cash, all by bank, or as heads of a bank ask.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from uuid import UUID

from umeed.books.meetings.by_bank import ON_THE_WAY, About, ByBank, Seen, by_bank
from umeed.books.meetings.differences import Said, said_of, ways_of
from umeed.books.models import Book, Loan, Meeting, Sheet
from umeed.books.registers.between import told
from umeed.books.registers.reading import Entered, Post, sheets
from umeed.kernel.money import Paise

OPENING, DEPOSIT, WITHDRAWAL = "opening", "deposit", "withdrawal"
# What usually moves at the bank, where nobody said how it moved.
AT_THE_BANK = frozenset({
    "fixed_deposit", "loan_from_bank", "interest_from_bank", "interest_subvention", "revolving_fund", "cif", "vrf",
    "startup", "other_grant", "bank_charge", "interest_to_bank",
})  # fmt: skip
# Two bodies say little to each other in one meeting: a loan or two with interest, a saving, a share, a fee.
_MOST_TRIED = 12


@dataclass(frozen=True, slots=True)
class Flow:
    """Money of one line of a sheet; what came in is positive. `head` is its key, or OPENING, DEPOSIT, WITHDRAWAL.

    What takes something back stands on the side of what it takes back, below nought.
    """

    entered: Entered
    head: str
    cash: int
    bank: int
    woman: UUID | None = None
    loan: int | None = None
    body: UUID | None = None
    # It was on the way, and the sheet counted it in, or said that it left.
    was_on_the_way: bool = False
    # What was put right of a meeting came in less, or went out less, than was written.
    is_less: bool = False

    @property
    def whole(self) -> int:
        return self.cash + self.bank

    @property
    def is_receipt(self) -> bool:
        return (self.whole > 0) != ((self.entered.reverses is not None) != self.is_less)

    @property
    def is_contra(self) -> bool:
        """Between the box and the bank: neither received nor paid."""
        return self.head in (DEPOSIT, WITHDRAWAL)


def flows(book: Book, found: Sequence[Entered]) -> list[Flow]:
    """Every flow of these sheets (which must have all their lines), what was on the way by what it was for. At most
    four questions, one more where something was adjusted."""
    put_right = _said_put_right(found)
    # What came in and went out of a box on the same day may come to nothing.
    moving = [
        one for one in told(book, found)
        if one.meeting or one.sum("cash") or one.sum("bank") or (one.reverses or one.sheet) in put_right
    ]  # fmt: skip
    by_bank = _by_bank(book, moving)
    return [
        flow for one in moving
        for flow in _of_a_sheet(one, by_bank.get(one.reverses or one.sheet), put_right.get(one.reverses or one.sheet))
    ]  # fmt: skip


def paid_out(book: Book, first: datetime.date, last: datetime.date) -> Paise:
    """What was paid, as the receipts and payments of these days say it: neither what went between the box and the bank,
    nor what was taken back."""
    moved = flows(book, sheets(book, first, last))
    return Paise(-sum(one.whole for one in moved if not one.is_contra and not one.is_receipt))


def _of_a_sheet(one: Entered, by_bank: ByBank | None, put_right: Said | None) -> Iterable[Flow]:
    cash, bank = one.sum("cash"), one.sum("bank")
    if one.nature == Sheet.Kind.CUT_OFF:
        yield Flow(one, OPENING, cash, bank)
        return
    if put_right is not None:
        yield from _opened(one, bank) if put_right.is_of_cut_off else _put_right(one, put_right.sides)
        return
    left = cash
    on_the_way, both_ways = _on_the_way_by_bank(one, by_bank), _both_ways(one)
    for at, post in enumerate(one.posts):
        if post.head.key in ("cash", "bank"):
            continue
        at_the_bank = on_the_way.get(at)
        if at_the_bank is None:
            if by_bank is not None:
                at_the_bank = _as_said(one, post, by_bank, is_alone=_about(post) not in both_ways)
            else:
                at_the_bank = _as_usual(post, has_both=bool(cash and bank), is_bank=not cash)
        left += post.paise + at_the_bank
        whom = post.body or post.whom
        yield Flow(
            one, post.head.key, -post.paise - at_the_bank, at_the_bank, post.woman, post.loan, whom,
            post.was_on_the_way,
        )  # fmt: skip
    if left:
        is_withdrawal = (left > 0) != (one.reverses is not None)
        yield Flow(one, WITHDRAWAL if is_withdrawal else DEPOSIT, left, -left)


def _said_put_right(found: Sequence[Entered]) -> dict[int, Said]:
    """{sheet that puts a meeting or a cut-off right: what was said} of these, and of what these take back."""
    adjusted = {one.reverses or one.sheet for one in found if one.nature == Sheet.Kind.ADJUSTMENT and not one.is_off}
    return said_of(adjusted)


def _opened(one: Entered, bank: int) -> Iterable[Flow]:
    """What the bank held otherwise when the book began: neither received nor paid since."""
    if bank:
        yield Flow(one, OPENING, 0, bank, is_less=(bank < 0) != (one.reverses is not None))


def _put_right(one: Entered, sides: Sequence[int]) -> Iterable[Flow]:
    """What was put right of a meeting, each amount on its side. The box was counted and stays as it was: what came by
    cash otherwise has its like in what is found over or short in it, as in a meeting that was counted so."""
    ways = ways_of([(post.head.key, post.paise) for post in one.posts]) or []
    left, is_back = list(sides), one.reverses is not None
    for post, way in zip(one.posts, ways, strict=False):
        side = (left.pop(0) if left else 0) if way else 0
        paise, key = post.paise, post.head.key
        if way == "to_and_from":
            yield Flow(one, WITHDRAWAL if side < 0 else DEPOSIT, -paise, paise)
        elif key != "bank":
            at_the_bank = -paise if way == "bank" else 0
            comes_in = side < 0 if side else _comes_in(post)
            yield Flow(
                one, key, -paise - at_the_bank, at_the_bank, post.woman, post.loan, post.body,
                is_less=((paise < 0) != comes_in) != is_back,
            )  # fmt: skip


def _comes_in(post: Post) -> bool:
    """Whether what is put right under a head usually came in: of a loan only what was repaid on it."""
    if post.head.key.startswith("loan_"):
        return post.head.side == "asset"
    return post.head.grows_by < 0


def _both_ways(one: Entered) -> set[About]:
    """What came in and went out in one sheet, each in a line of its own."""
    sides = {(_about(post), post.paise > 0) for post in one.posts}
    return {about for about, is_debit in sides if is_debit and (about, False) in sides}


def _as_said(one: Entered, post: Post, by_bank: ByBank, *, is_alone: bool) -> int:
    """How much of a line's money moved at the bank, as the meeting says; in is positive. A line that `is_alone` may be
    about both, what came in and what went out."""
    sign = -1 if one.reverses is not None else 1
    sides = (True, False) if is_alone else (sign * post.paise > 0,)
    return -sign * sum(by_bank.get((_about(post), is_out), 0) for is_out in sides)


def _as_usual(post: Post, *, has_both: bool, is_bank: bool) -> int:
    return -post.paise if is_bank or (has_both and post.head.key in AT_THE_BANK) else 0


def _about(post: Post) -> About:
    return post.head.key, post.as_posted, post.loan, post.body


def _on_the_way_by_bank(one: Entered, by_bank: ByBank | None) -> dict[int, int]:
    """{place of a line: how much of it moved at the bank} of lines for which the meeting only says that they were on
    the way, in and out of one body together. Of what came by both it is those that together come to what the bank
    had: so they were sent; where none do, of the bank first."""
    if by_bank is None:
        return {}
    found: dict[int, int] = {}
    sign = -1 if one.reverses is not None else 1
    for body in {post.whom or post.body for post in one.posts if post.was_on_the_way}:
        places = [at for at, post in enumerate(one.posts) if post.was_on_the_way and (post.whom or post.body) == body]
        left = -sign * sum(by_bank.get(((ON_THE_WAY, None, None, body), is_out), 0) for is_out in (True, False))
        if whole := _coming_to(left, {at: -one.posts[at].paise for at in places}):
            found |= {at: -one.posts[at].paise if at in whole else 0 for at in places}
            continue
        against = [at for at in places if -one.posts[at].paise * left < 0]
        for at in (*against, *(at for at in places if at not in against)):
            own = -one.posts[at].paise
            part = own if at in against else min(own, left) if left > 0 else max(own, left) if left < 0 else 0
            found[at] = part
            left -= part
    return found


def _coming_to(paise: int, amounts: Mapping[int, int]) -> frozenset[int]:
    """The fewest of these that together come to a sum, the first of those; none where none do, or all are asked for."""
    if not paise or sum(amounts.values()) == paise or len(amounts) > _MOST_TRIED:
        return frozenset()
    every = (some for count in range(1, len(amounts)) for some in combinations(amounts, count))
    return frozenset(next((some for some in every if sum(amounts[at] for at in some) == paise), ()))


# What the meeting says ----------------------------------------------------------------------------------------------


def _by_bank(book: Book, found: Sequence[Entered]) -> dict[int, ByBank]:
    """{sheet: what went by the bank, debits positive} of the meetings among these."""
    wanted = {one.reverses or one.sheet: one for one in found if one.meeting is not None}
    if not wanted:
        return {}
    loans = list(book.loans.only("uid", "head", "woman", "body"))
    held = Meeting.objects.filter(sheet__in=list(wanted)).values_list("sheet", "said")
    return {sheet: _one_by_bank(book, said, wanted[sheet], loans) for sheet, said in held}


def _one_by_bank(book: Book, said: Mapping[str, Any], one: Entered, loans: Sequence[Loan]) -> ByBank:
    seen = [
        Seen(post.head.key, post.loan, post.body, post.whom or post.body, post.was_on_the_way) for post in one.posts
    ]
    return by_bank(book.institution.kind, said, on=one.on, seen=seen, loans=loans, sent_on=one.sent_on)
