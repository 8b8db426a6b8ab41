"""What was written in a meeting, or a day of a VO or CLF, line by line as it can be put right by an amount."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import Literal
from uuid import UUID

from django.utils import timezone

from umeed.books.codes import MeetingKind
from umeed.books.heads import BY_KEY, BY_NUMBER, SAVINGS
from umeed.books.ledger.balances import kept_women
from umeed.books.ledger.drafts import Entry
from umeed.books.ledger.others import books_of
from umeed.books.ledger.running import running_loans
from umeed.books.meetings.by_bank import ON_THE_WAY, About, ByBank, Seen, by_bank
from umeed.books.meetings.differences import MOST_TIMES, differences_of, said_of, ways_of
from umeed.books.models import Line, Loan, Meeting
from umeed.kernel.money import Paise

By = Literal["cash", "bank"]
# What is counted, or between two books.
_NOT_THESE = frozenset({"cash", "bank", ON_THE_WAY, "cash_over", "cash_short"})
TO_AND_FROM, DRAWN = "bank", "loan_from_bank"


@dataclass(frozen=True, slots=True)
class Written:
    """One line of a meeting, with what was put right of it since. `paise` as people say it; debits have sign +1. Under
    the head of the bank: what was taken there out of the box (+1), or brought from there."""

    head: str
    sign: int
    paise: Paise
    woman: UUID | None = None
    loan: int | None = None
    body: UUID | None = None
    # What went out where something came in under the same head too.
    is_second: bool = False
    by: By = "cash"
    # The part that went by the bank of what went by both.
    is_apart: bool = False
    # What may have been forgotten besides: it is folded away.
    is_forgotten: bool = False
    # Nothing is said of it yet: it went by the one way or by the other (`at_bank`).
    is_either: bool = False

    @property
    def key(self) -> str:
        about = [self.head, self.woman or "", self.loan or "", *([self.body] if self.body else [])]
        ends = [*(["bank"] if self.is_apart else []), *(["out"] if self.is_second else [])]
        return "-".join(map(str, [*about, *ends]))

    @property
    def about(self) -> About:
        return self.head, self.woman, self.loan, self.body

    @property
    def at_bank(self) -> Written:
        """The same line if it went by the bank."""
        return replace(self, by="bank", is_apart=True)

    def entry(self, right: Paise) -> Entry:
        return Entry(self.head, Paise(self.sign * (right - self.paise)), self.woman, self.loan, self.body)


@dataclass(frozen=True, slots=True)
class _Part:
    """What a line moved by one way. Debits positive."""

    about: About
    by: By
    paise: int
    is_own: bool


def written_in(held: Meeting, nth: int = MOST_TIMES) -> list[Written]:
    """What can be put right: its lines, what was taken to the bank and brought from there, and of a group what may have
    been forgotten: regular savings, what runs, fines. As it stands now, or before it was put right for the nth time."""
    differences = differences_of(held, nth)
    lines = _lines([held.sheet_id, *(sheet.pk for sheet in differences)])
    parts, moved = _own(held, lines[held.sheet_id]), list[tuple[int, int]]()
    sides = {sheet: said.sides for sheet, said in said_of(sheet.pk for sheet in differences).items()}
    for sheet in differences:
        more, to_and_from = _put_right(lines[sheet.pk])
        parts += more
        # They stand first in the sheet.
        moved += zip(chain(sides.get(sheet.pk, ()), repeat(0)), to_and_from, strict=False)
    parts = _as_kept(parts)
    found = {one.key: one for one in _of_parts(parts, _not_by_amounts(held, parts))}
    if held.kind in (MeetingKind.MISSED, MeetingKind.TAKEN_BACK):
        return list(found.values())
    if held.book.institution.kind == "shg":
        for one in (*_savings(held, list(found.values())), *_forgotten(held)):
            if one.key not in found:
                found |= {one.key: one, one.at_bank.key: one.at_bank}
    return [*found.values(), *_to_and_from(held, moved)]


def _as_kept(parts: Sequence[_Part]) -> list[_Part]:
    """Of a woman whose record was merged into another since, under that: there she belongs now."""
    kept = kept_women({one.about[1] for one in parts if one.about[1]})
    return [
        replace(one, about=(head, kept[woman] if woman else None, loan, body))
        for one in parts for head, woman, loan, body in [one.about]
    ]  # fmt: skip


def _lines(sheets: Iterable[int | None]) -> Mapping[int | None, list[Line]]:
    """Their lines in order, by sheet; none of no sheet. One question."""
    found: dict[int | None, list[Line]] = defaultdict(list)
    for line in Line.objects.filter(sheet__in=[one for one in sheets if one is not None]).order_by("position"):
        found[line.sheet_id].append(line)
    return found


def _about(line: Line) -> About:
    return BY_NUMBER[line.head].key, line.woman_id, line.loan_id, line.body_id


def _own(held: Meeting, lines: Sequence[Line]) -> list[_Part]:
    """Its own lines, each by its ways."""
    seen = [
        Seen(key, loan, body, body) for key, _woman, loan, body in map(_about, lines)
    ]  # fmt: skip
    loans, kind = list(held.book.loans.only("uid", "head", "woman", "body")), held.book.institution.kind
    banked = by_bank(kind, held.said, on=held.held_on, seen=seen, loans=loans)
    sides: dict[About, set[bool]] = defaultdict(set)
    for line in lines:
        sides[_about(line)].add(line.amount_paise > 0)
    return [part for line in lines for part in _by_its_ways(line, banked, is_alone=len(sides[_about(line)]) == 1)]


def _by_its_ways(line: Line, banked: ByBank, *, is_alone: bool) -> Iterator[_Part]:
    """A line that `is_alone` may be about both, what came in and what went out."""
    about, paise = _about(line), line.amount_paise
    at_bank = sum(banked.get((about, is_out), 0) for is_out in ((False, True) if is_alone else (paise > 0,)))
    at_bank = max(0, min(at_bank, paise)) if paise > 0 else min(0, max(at_bank, paise))
    if paise != at_bank:
        yield _Part(about, "cash", paise - at_bank, is_own=True)
    if at_bank:
        yield _Part(about, "bank", at_bank, is_own=True)


def _put_right(lines: Sequence[Line]) -> tuple[list[_Part], list[int]]:
    """What a sheet puts right, and what of it is between box and bank."""
    ways = ways_of([(BY_NUMBER[line.head].key, line.amount_paise) for line in lines]) or []
    told = list(zip(lines, ways, strict=False))
    parts = [
        _Part(_about(line), way, line.amount_paise, is_own=False) for line, way in told if way in ("cash", "bank")
    ]  # fmt: skip
    return parts, [line.amount_paise for line, way in told if way == "to_and_from"]


def _not_by_amounts(held: Meeting, parts: Iterable[_Part]) -> frozenset[tuple[int | None, UUID | None]]:
    """(loan, body) of parts that stand in the book of another body too."""
    both = {(part.about[2], part.about[3]) for part in parts}
    bodies, loans = {body for _loan, body in both if body}, {loan for loan, _body in both if loan}
    keeping = books_of(bodies, timezone.localdate()) if bodies else {}
    shared = set(Loan.objects.filter(pk__in=loans, twin__isnull=False).values_list("pk", flat=True)) if loans else set()
    return frozenset((loan, body) for loan, body in both if loan in shared or body in keeping)


def _of_parts(parts: Sequence[_Part], shared: frozenset[tuple[int | None, UUID | None]]) -> Iterator[Written]:
    """One each of what can be put right by an amount, sorted by what it is about: head, woman, loan, body."""
    of: dict[About, list[_Part]] = defaultdict(list)
    for part in parts:
        of[part.about].append(part)
    for about in sorted(of, key=_place):
        head, woman, loan, body = about
        if head in _NOT_THESE or (loan, body) in shared:
            continue
        own = [one.by for one in of[about] if one.is_own]
        ways: list[By] = [by for by in ("cash", "bank") if by in (own or [one.by for one in of[about]])]  # type: ignore[misc]
        for by in ways:
            # What was put right of what went by one way alone went by it too.
            lines = [(one.is_own, one.paise) for one in of[about] if len(ways) < 2 or one.by == by]
            for at, (sign, paise) in enumerate(_sides(lines)):
                # What was forgotten and is put right to nothing is as forgotten as before.
                if not _is_of_terms(head, sign) and (own or paise):
                    yield Written(
                        head, sign, paise, woman, loan, body, is_second=at > 0, by=by,
                        is_apart=len(ways) > 1 and by == "bank",
                    )  # fmt: skip


def _place(about: About) -> tuple[int, bool, int, bool, int, bool, int]:
    head, woman, loan, body = about
    return (
        BY_KEY[head].number, woman is None, woman.int if woman else 0, loan is None, loan or 0, body is None,
        body.int if body else 0,
    )  # fmt: skip


def _is_of_terms(head: str, sign: int) -> bool:
    """What is lent, or taken as a loan, is agreed in terms: no amount alone puts it right. Of a bank only its cash
    credit is drawn in a meeting, under terms that stand."""
    return head.startswith("loan_") and head != DRAWN and sign == BY_KEY[head].grows_by


def _sides(lines: Sequence[tuple[bool, int]]) -> list[tuple[int, Paise]]:
    """(sign, paise) of what the lines of one account come to; `lines` say whether they are the meeting's own. What was
    put right to nothing can be put right again: it is on the side on which the meeting had it."""
    came, went = sum(paise for _own, paise in lines if paise < 0), sum(paise for _own, paise in lines if paise > 0)
    if all(is_own for is_own, _paise in lines):
        return [(sign, Paise(abs(paise))) for sign, paise in ((-1, came), (1, went)) if paise]
    now, then = came + went, sum(paise for is_own, paise in lines if is_own)
    return [(1 if (now or then) > 0 else -1, Paise(abs(now)))]


def _savings(held: Meeting, found: Sequence[Written]) -> Iterator[Written]:
    """The regular saving of women of whom it says none."""
    kept = [head.key for head in SAVINGS if any(one.head == head.key for one in found)] or [SAVINGS[0].key]
    for woman in _women(held):
        for key in kept:
            yield Written(key, -1, Paise(0), woman, is_either=True)


def _forgotten(held: Meeting) -> Iterator[Written]:
    """What may have been repaid on loans of women that ran before that day, with its interest; drawn from a cash
    credit; and a fine."""

    def line(head: str, woman: UUID | None, loan: int | None = None) -> Written:
        return Written(head, -1, Paise(0), woman, loan, is_forgotten=True, is_either=True)

    running = running_loans(held.book_id, held.held_on)
    kept = kept_women({one.loan.woman_id for one in running if one.loan.woman_id})
    for one in running:
        if one.loan.lent_on >= held.held_on:
            continue
        if one.loan.head == "loan_to_member" and one.owed > 0:
            for key in ("loan_to_member", "interest_from_members"):
                yield line(key, kept[one.loan.woman_id], one.loan.pk)
        elif one.loan.is_cash_credit and not one.is_ended:
            yield line(DRAWN, None, one.loan.pk)
    for woman in _women(held):
        yield line("fine", woman)


def _women(held: Meeting) -> list[UUID]:
    """Who belonged, by the record that is kept of her."""
    women = [*held.present, *held.late, *held.absent, *held.on_leave]
    return list(dict.fromkeys(map(kept_women(women).get, women)))  # type: ignore[arg-type]


def _to_and_from(held: Meeting, moved: Iterable[tuple[int, int]]) -> list[Written]:
    """What was taken to the bank, and what was brought from there, with what was put right of them (its side, paise);
    one sum where the side was not said."""
    to, brought = held.said.get("deposit", 0), held.said.get("withdrawal", 0)
    for side, paise in moved:
        if side:
            to, brought = (to + paise, brought) if side > 0 else (to, brought - paise)
        else:
            to, brought = max(0, to - brought + paise), max(0, brought - to - paise)
    first = Written(TO_AND_FROM, 1, Paise(to), by="bank")
    return [first, replace(first, sign=-1, paise=Paise(brought), is_second=True)]


def bodies_between(held: Meeting) -> Mapping[UUID, int]:
    """{body: paise} of what it says of money on the way to or from bodies: what it was for stands in both books."""
    rows = Line.objects.filter(sheet=held.sheet_id, head=BY_KEY[ON_THE_WAY].number, body__isnull=False)
    return dict(rows.values_list("body", "amount_paise"))
