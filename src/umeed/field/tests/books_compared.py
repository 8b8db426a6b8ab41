"""What a book says on a day, by Python and by the phone's JavaScript, in one shape; and what a phone is told of it."""

from __future__ import annotations

import copy
import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from umeed.books.ledger.running import RunningLoan
from umeed.books.meetings.calendar import calendar_of
from umeed.books.meetings.facts import Before, before
from umeed.books.models import Book
from umeed.core.scope import Scope
from umeed.field.bundles.parts import parts_of
from umeed.field.tests.javascript import JavaScript, plain

CONSTANT = ("about_woman", "receipts", "payments", "why_locked")
LOAN = (
    "on", "owed", "paid", "let_go", "recovered", "met", "arrears", "run", "to_come", "to_pay", "to_pay_all", "due_now",
    "due_next", "days_late", "standing", "limit", "left", "off_on", "may_come_back", "is_closed", "is_ended",
)  # fmt: skip

# What the phone says of each of many days; {parts, commands folded into them, asked: [{on, number, without, today}]}.
SAYS = """async (load, {parts, commands, asked}) => {
    const [{openBook}, {before}, {foldAll}, {calendar}] = await Promise.all([
        load("book/parts.js"), load("book/facts.js"), load("book/fold.js"), load("book/meetings.js"),
    ]);
    const book = foldAll(openBook(parts), commands);
    const pick = (one, names) => Object.fromEntries(names.map((name) => [name, one[name]]));
    const loanOf = (names) => (one) => ({
        uid: one.loan.uid, ...pick(one, names), arrears: pick(one.arrears, ["on", "principal", "interest", "since"]),
    });
    return asked.map(({on, number, without, today, names}) => {
        try {
            const {facts, loans, off, missed, ...known} = before(book, on, {number, without, today});
            const {aboutWoman, receipts, payments, ...rest} = facts;
            return {
                ...known, facts: {...rest, above: [...facts.above].sort(), keeping: [...facts.keeping].sort()},
                loans: loans.map(loanOf(names)), off: off.map(loanOf(names)), calendar: calendar(book, today),
                missed: new Map([...missed].map(([woman, {whole, ...one}]) => [woman, one])),
            };
        } catch (error) {
            return {error: String(error && error.stack || error)};
        }
    });
}"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A day about which both are asked."""

    on: datetime.date
    number: int | None
    today: datetime.date
    without: UUID | None = None

    @property
    def plain(self) -> dict[str, Any]:
        return {
            "on": self.on.isoformat(), "number": self.number, "today": self.today.isoformat(),
            "without": str(self.without) if self.without else None, "names": [_camel(name) for name in LOAN],
        }  # fmt: skip


def told(scope: Scope, group: UUID, since: datetime.date) -> dict[str, Any]:
    """The parts of a group as a phone keeps them, after a journey as JSON."""
    (one,) = parts_of(scope, [group], {group: since})
    return json.loads(json.dumps({**one.parts, "sheets": [one.sheets]}))  # type: ignore[no-any-return]


def said_by_phone(
    js: JavaScript, parts: Mapping[str, Any], asked: Sequence[Asked], commands: Iterable[Mapping[str, Any]] = ()
) -> list[Any]:
    given = {"parts": parts, "commands": list(commands), "asked": [one.plain for one in asked]}
    return js.run(SAYS, given)  # type: ignore[no-any-return]


def said_by_server(book: Book, asked: Asked) -> dict[str, Any]:
    known = before(book, asked.on, number=asked.number, today=asked.today, without=asked.without)
    return as_told(known) | {"calendar": plain(calendar_of(book, asked.today))}


def as_told(known: Before) -> dict[str, Any]:
    facts = known.facts
    rest = {name: getattr(facts, name) for name in facts.__dataclass_fields__ if name not in CONSTANT}
    rest["savings"] = {f"{woman} {head}": paise for (woman, head), paise in facts.savings.items()}
    rest |= {"above": sorted(map(str, facts.above)), "keeping": sorted(map(str, facts.keeping))}
    return {
        "facts": {_camel(name): plain(value) for name, value in rest.items()},
        "loans": [_loan(one) for one in known.loans], "off": [_loan(one) for one in known.off],
        "bodies": plain(known.bodies), "bylaws": plain(known.bylaws), "rhythm": plain(known.rhythm),
        "missed": plain(known.missed), "knownLoans": plain(known.known_loans),
    }  # fmt: skip


def _loan(one: RunningLoan) -> dict[str, Any]:
    return {"uid": str(one.loan.uid), **{_camel(name): plain(getattr(one, name)) for name in LOAN}}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """Where two values are not the same, by their paths."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [
            found for key in sorted({*one, *other}, key=str)
            for found in differences(one.get(key, "—"), other.get(key, "—"), f"{path}.{key}")
        ]  # fmt: skip
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            found
            for at, (a, b) in enumerate(zip(one, other, strict=True))
            for found in differences(a, b, f"{path}.{at}")
        ]
    return [] if one == other else [f"{path}: {one!r} / {other!r}"]


def compare(server: list[Any], phone: list[Any], when: object, *, is_folded: bool = False) -> int:
    """The phone says what the server says, each of as many days; how many they were."""
    for said, heard in zip(copy.deepcopy(server), phone, strict=True):
        known = {**said, "calendar": said.get("calendar", heard.get("calendar"))}
        if is_folded:
            # The number of a loan in the book is the server's to give.
            for one in (*known["knownLoans"].values(), *heard["knownLoans"].values()):
                one.pop("number", None)
        found = differences(known, heard)
        assert not found, (found[:12], when)
    return len(server)
