"""Meetings and books at random: documents that are nearly right, and what is known before them. Seeded, no database.

Everything stands near what is allowed, so that each reason is reached from both sides: amounts about what is owed,
days about the neighbours, women who came and who did not.
"""

from __future__ import annotations

import copy
import datetime
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from umeed.books import codes
from umeed.books.heads import CHART, SAVINGS
from umeed.books.meetings.documents import PAYMENTS, RECEIPTS, MeetingDocument, read
from umeed.books.meetings.sums import KnownLoan, tally_of
from umeed.books.rules.bylaws import Bylaws
from umeed.books.rules.credits import Room
from umeed.books.rules.meetings import Facts, LoanFacts, why_not_close
from umeed.books.rules.queue import Decided, RequestFacts
from umeed.books.rules.rounding import Rounding
from umeed.kernel.money import Paise

ABOUT_WOMAN = frozenset(head.key for head in CHART if "woman" in head.about)
SAVING_HEADS = [head.key for head in SAVINGS]
NAMES = ("Hajra", "Zainab", "Rehana Akhter", "Kamla Devi", "Tsering", "نسیمہ", "सुनीता देवी", "Shaheena (late Aziz)")
BLANK = ("", "", "", " ", "\t\u00a0")
SAID = ("Her sister", "it rained", "ان کی بہن", "x")


@dataclass(frozen=True)
class Known:
    """What a meeting at random meets: the facts, and what its lines need."""

    facts: Facts
    loans: dict[UUID, KnownLoan]
    bodies: dict[UUID, tuple[str, bool]]
    women: list[UUID]
    requests: list[UUID]


class Chance(random.Random):
    """A source of chance that speaks of books."""

    def uuid(self) -> UUID:
        return UUID(int=self.getrandbits(128), version=4)

    def maybe(self, part: float = 0.5) -> bool:
        return self.random() < part

    def paise(self, *near: int) -> int:
        """An amount above nothing: usual, or about one that is told."""
        if near and self.maybe(0.6):
            return max(1, self.choice(near) + self.choice((0, 0, 0, 0, -1, 1, -100_00, 100_00)))
        return self.choice(
            (1, 50_00, 100_00, 250_50, 1_000_00, 5_000_00, 20_000_00, 3_00_000_00, self.randint(1, 10**7))
        )

    def day(self, near: datetime.date, spread: int = 40) -> datetime.date:
        return near + datetime.timedelta(days=self.choice((0, 1, -1, 7, -7, self.randint(-spread, spread))))

    def some(self, things: Sequence[Any], most: int) -> list[Any]:
        return self.sample(things, self.randint(0, min(most, len(things))))

    def text(self) -> str:
        return self.choice((*BLANK, *SAID))


def bylaws(chance: Chance) -> Bylaws:
    return Bylaws(
        savings={head: Paise(chance.choice((0, 50_00, 100_00))) for head in SAVING_HEADS[:3]},
        takes_optional=chance.maybe(),
        rate_bp_a_year=chance.choice((0, 1_200, 2_400, 3_600)),
        rounding=Rounding(chance.choice((1, 100, 1000)), chance.choice(("even", "up"))),
        fine_late=Paise(chance.choice((0, 10_00))),
        fine_absent=Paise(chance.choice((0, 20_00, 50_00))),
        quorum_percent=chance.choice((0, 34, 50, 67, 100)),
        most=chance.choice((None, None, Paise(20_000_00))),
        lends_to_overdue=chance.maybe(0.3),
        frequency=chance.choice(("weekly", "fortnightly", "monthly")),
    )


def a_loan(chance: Chance, women: Sequence[UUID], bodies: Sequence[UUID]) -> LoanFacts:
    is_given, owed = chance.maybe(0.6), Paise(chance.choice((0, 500_00, 5_000_00, chance.randint(0, 10**7))))
    is_credit = not is_given and chance.maybe(0.4)
    asked, limit = chance.choice((0, 60_00, 123_00)), chance.choice((None, 5_000_00, 10_000_00))
    return LoanFacts(
        woman=chance.choice((*women, None)) if is_given else None, owed=owed, interest_asked=Paise(asked),
        run=Paise(chance.choice((0, asked))), to_come=Paise(chance.choice((0, 0, 40_00))),
        overdue=Paise(chance.choice((0, 0, min(owed, 300_00)))), is_given=is_given, is_off=chance.maybe(0.15),
        is_credit=is_credit, limit=limit if is_credit else None,  # type: ignore[arg-type]
        least_left=Room(Paise(chance.randint(-100_00, 4_000_00)), datetime.date(2026, 9, 1))
        if is_credit and chance.maybe() else None,
        lender=chance.choice((*bodies, None)) if not is_given else None,
        source=chance.choice(("", *codes.Source.values)),
    )  # fmt: skip


def a_request(chance: Chance, women: Sequence[UUID], on: datetime.date) -> RequestFacts:
    paise = Paise(chance.paise(5_000_00))
    return RequestFacts(
        chance.choice(women), on - datetime.timedelta(days=chance.choice((0, 0, 7, 14, 30))), paise,
        chance.choice((None, None, paise, Paise(chance.paise(paise)))),
        chance.choice((None, on, on + datetime.timedelta(days=7))),
    )  # fmt: skip


def a_book(chance: Chance, on: datetime.date) -> Known:
    """What is known on a day."""
    women, bodies = [chance.uuid() for _ in range(8)], [chance.uuid() for _ in range(3)]
    of_group, lent = women[: chance.choice((0, 1, 4, 5, 5, 6))], [chance.uuid() for _ in range(6)]
    loans = {uid: a_loan(chance, women[:6], bodies) for uid in lent}
    asked = {chance.uuid(): a_request(chance, women[:6], on) for _ in range(chance.randint(0, 4))}
    last = chance.choice((0, 11, 40, 99))

    def neighbour() -> tuple[int, datetime.date] | None:
        return (last + chance.randint(-3, 1), chance.day(on)) if chance.maybe(0.15) else None

    facts = Facts(
        today=chance.day(on) if chance.maybe(0.2) else on + datetime.timedelta(days=chance.randint(0, 90)),
        since=chance.day(on) if chance.maybe(0.1) else on - datetime.timedelta(days=400),
        formed_on=chance.day(on) if chance.maybe(0.1) else on - datetime.timedelta(days=chance.randint(350, 4000)),
        cash=Paise(chance.choice((0, 5_000_00, 40_000_00, chance.randint(0, 10**7)))),
        bank=Paise(chance.choice((0, 5_000_00, 2_00_000_00))),
        members=dict(zip(of_group, NAMES, strict=False)),
        called=dict(zip(women[:6], NAMES, strict=False)),
        on_the_way={body: Paise(chance.paise(5_000_00)) for body in chance.some(bodies, 2)},
        above=frozenset(chance.some(bodies, 3)), last_number=last, last_met=None, same_number=neighbour(),
        earlier=neighbour(), later=neighbour(), same_day=neighbour(), counted_since=neighbour(),
        meetings_a_year=chance.choice((52, 26, 12)), is_month_locked=chance.maybe(0.1), about_woman=ABOUT_WOMAN,
        receipts=frozenset(RECEIPTS), payments=frozenset(PAYMENTS), bylaws=bylaws(chance),
        savings={(woman, head): Paise(chance.choice((0, 500_00, 2_000_00))) for woman in women for head in SAVING_HEADS
                 if chance.maybe()},
        loans=loans, requests=asked,
        sources={source: Paise(chance.randint(-10, 60) * 100_00) for source in ("cif", "vrf", "rf", "bank")
                 if chance.maybe()},
        sources_later={source: Paise(chance.randint(-10, 60) * 100_00) for source in ("cif", "vrf", "rf", "bank")}
        if chance.maybe() else {},
        built_on={
            request: Decided(chance.choice(women[:6]), chance.choice(("", *codes.Outcome.values)),
                             chance.choice((None, Paise(5_000_00))))
            for request in [*chance.some(list(asked), 1), *([chance.uuid()] if chance.maybe(0.05) else [])]
            if chance.maybe(0.4)
        },
        counted_there={body: Paise(chance.paise(2_000_00)) for body in chance.some(bodies, 2)},
        keeping=frozenset(chance.some(bodies, 3)),
    )  # fmt: skip
    kinds = {body: (chance.choice(("vo", "clf")), chance.maybe()) for body in bodies}
    numbered = {uid: _numbered(chance, at, one, bodies) for at, (uid, one) in enumerate(loans.items(), 1)}
    return Known(facts, numbered, kinds, women, [*asked, chance.uuid()])


def _numbered(chance: Chance, number: int, one: LoanFacts, bodies: Sequence[UUID]) -> KnownLoan:
    heads = ("loan_from_bank", "loan_from_vo", "loan_from_clf", "loan_from_other")
    head = "loan_to_member" if one.is_given else chance.choice(heads)
    is_shared = not one.is_given and chance.maybe(0.4)
    return KnownLoan(number, head, one.woman, chance.choice(bodies) if is_shared else None, is_shared, one.is_off)


def a_document(chance: Chance, known: Known, on: datetime.date) -> dict[str, Any]:
    """A meeting as JSON says it; keys that say nothing new are often left out."""
    facts, document = known.facts, _Document(chance, known, on)
    said: dict[str, Any] = {
        "id": str(chance.uuid()), "on": on.isoformat(),
        "number": chance.choice((None, facts.last_number + 2, 1, 400))
        if chance.maybe(0.15) else facts.last_number + 1,
        "kind": chance.choice(("regular", "regular", "regular", "extra", "missed")), "place": "", "why": chance.text(),
        "attendance": document.attendance, "president": str(chance.choice(known.women[:6])),
        **{part: [make() for _ in range(chance.choice((0, 0, 1, 1, 2, 3)))] for part, make in document.parts.items()},
        "are_last_minutes_read": chance.maybe(),
        "deposit": chance.choice((0, 0, 1_000_00, 50_000_00)), "withdrawal": chance.choice((0, 0, 1_000_00, 6_000_00)),
        "counted": chance.choice((None, 0, facts.cash, chance.randint(0, 10**7))),
        "difference_why": chance.text(), "difference": chance.choice((None, None, 100_00, -1)),
        "agenda": [{"topic": "Health camp", "decided": chance.text()}] if chance.maybe(0.2) else [],
    }  # fmt: skip
    if chance.maybe(0.3):
        said["president"] = chance.choice((None, str(known.women[7])))
    if said["kind"] == "missed" and chance.maybe(0.7):
        said = {key: said[key] for key in ("id", "on", "kind", "why")}
    return {key: value for key, value in said.items() if value or chance.maybe() or key in ("id", "on")}


class _Document:
    """The rows of one document, made one by one."""

    def __init__(self, chance: Chance, known: Known, on: datetime.date) -> None:
        self.chance, self.known, self.facts, self.on = chance, known, known.facts, on
        states = ("present", "present", "present", "late", "absent", "on_leave")
        there = [woman for woman in self.facts.members if chance.maybe(0.97)]
        there += [woman for woman in known.women[6:] if chance.maybe(0.03)]
        self.attendance = {str(woman): chance.choice(states) for woman in there}
        self.asked: list[str] = []
        self.parts: dict[str, Callable[[], dict[str, Any]]] = {
            "requests": self.request, "savings": self.saving, "withdrawals": self.withdrawal,
            "repayments": self.repayment, "fines": self.fine, "receipts": lambda: self.moved(RECEIPTS),
            "payments": lambda: self.moved(PAYMENTS), "decisions": self.decision, "lendings": self.lending,
            "repaid": self.repaid, "drawn": self.drawn, "given": self.given, "arrived": self.sent, "left": self.sent,
        }  # fmt: skip

    def woman(self) -> str:
        her = self.chance.choice(self.known.women[:6] if self.chance.maybe(0.95) else self.known.women)
        return str(her)

    def body(self) -> str:
        return str(self.chance.choice(list(self.known.bodies)))

    def mode(self, *others: str) -> dict[str, str]:
        how = self.chance.choice(("", "cash", "cash", "bank", *others))
        return {"mode": how} if how else {}

    def by(self) -> dict[str, str]:
        return {"by": self.chance.text()} if self.chance.maybe() else {}

    def saving(self) -> dict[str, Any]:
        usual = self.chance.paise(50_00, 100_00, 1_000_00, 2_000_00)
        return {
            "woman": self.woman(), "head": self.chance.choice(SAVING_HEADS), "paise": usual, **self.mode("set_off"),
            **self.by(),
        }  # fmt: skip

    def withdrawal(self) -> dict[str, Any]:
        return {**self.saving(), "paise": self.chance.paise(500_00, 2_000_00)}

    def loan(self, wanted: Callable[[LoanFacts], bool]) -> tuple[str, LoanFacts | None]:
        fit = [uid for uid, one in self.facts.loans.items() if wanted(one)]
        if not fit or self.chance.maybe(0.1):
            fit = [*self.facts.loans, self.chance.uuid()]
        uid = self.chance.choice(fit)
        return str(uid), self.facts.loans.get(uid)

    def paid(self, loan: LoanFacts | None) -> dict[str, int]:
        owed, asked = (loan.owed, loan.interest_asked + loan.to_come) if loan else (100_00, 0)
        paid = {
            "interest": self.chance.choice((0, asked, asked, self.chance.paise(asked))),
            "principal": self.chance.choice((0, owed, self.chance.paise(owed))),
        }
        return {part: paise for part, paise in paid.items() if paise or self.chance.maybe()}

    def repayment(self) -> dict[str, Any]:
        uid, loan = self.loan(lambda one: one.is_given)
        penalty = {"penalty": 10_00} if self.chance.maybe(0.1) else {}
        return {"loan": uid, **penalty, **self.paid(loan), **self.mode("set_off"), **self.by()}

    def repaid(self) -> dict[str, Any]:
        uid, loan = self.loan(lambda one: not one.is_given)
        return {"loan": uid, **self.paid(loan), **self.mode()}

    def drawn(self) -> dict[str, Any]:
        uid, loan = self.loan(lambda one: one.is_credit)
        near = [loan.limit - loan.owed] if loan and loan.limit else []
        near += [loan.least_left.left] if loan and loan.least_left else []
        return {"loan": uid, "paise": self.chance.paise(*near), **self.mode()}

    def fine(self) -> dict[str, Any]:
        why = self.chance.choice(("late", "absent", "other"))
        paise = self.chance.paise(10_00, 50_00, 200_00, 1_000_00)
        return {"woman": self.woman(), "why": why, "paise": paise, **self.mode("set_off"), **self.by()}

    def moved(self, heads: Sequence[str]) -> dict[str, Any]:
        head = self.chance.choice(heads if self.chance.maybe(0.9) else ("fine", "cash", "no_such_head"))
        names = self.chance.maybe(0.9) == (head in ABOUT_WOMAN)
        woman = {"woman": self.woman() if names else None} if names or self.chance.maybe() else {}
        return {"head": head, "paise": self.chance.paise(1_00_000_00), **woman, **self.mode(), **self.by()}

    def request(self) -> dict[str, Any]:
        self.asked.append(str(self.chance.uuid()))
        paise, purpose = self.chance.paise(5_000_00), self.chance.choice(codes.Purpose.values)
        return {"id": self.asked[-1], "woman": self.woman(), "paise": paise, "purpose": purpose, "instalments": 10}

    def a_request(self) -> str:
        return self.chance.choice([*map(str, self.known.requests), *self.asked])

    def decision(self) -> dict[str, Any]:
        chance, said = self.chance, {}
        if chance.maybe():
            voted = [str(one) for one in chance.some(self.known.women[:6], 5)]
            said = {"way": chance.choice(codes.Deciding.values), "voted": voted}
        if chance.maybe():
            said |= {
                "why": chance.text(),
                "jump_why": chance.text(),
                "paise": chance.choice((None, chance.paise(5_000_00))),
            }
        if chance.maybe(0.3):
            said["promised_on"] = chance.day(self.on).isoformat()
        outcome = chance.choice(("granted", "granted", *codes.Outcome.values))
        return {"id": str(chance.uuid()), "request": self.a_request(), "outcome": outcome, **said}

    def lending(self) -> dict[str, Any]:
        chance, asked = self.chance, self.a_request()
        first_due = self.on + datetime.timedelta(days=chance.choice((-1, 0, 1, 7, 15, 30, 45, 70, 200, 400)))
        request = self.facts.requests.get(UUID(asked))
        her = str(request.who) if request and chance.maybe(0.8) else self.woman()
        source = chance.choice(codes.Source.values)
        near = [
            paise for paise in (self.facts.sources.get(source, 0), self.facts.sources_later.get(source, 0)) if paise > 0
        ]
        paise = chance.paise(*near, *([request.paise] if request else []), 20_000_00)
        return {
            "loan": str(chance.uuid()), "woman": her, "paise": paise,
            **({"request": asked} if chance.maybe(0.6) else {}), "source": source,
            "rate_bp_a_year": chance.choice((0, 100, 1_200, 2_400, 2_500, 9_000)),
            "method": chance.choice(codes.Method.values), "frequency": chance.choice(codes.Instalments.values),
            "instalments": chance.randint(1, 24), "first_due": first_due.isoformat(), **self.mode(), **self.by(),
        }  # fmt: skip

    def given(self) -> dict[str, Any]:
        return {**self.sent(), "what": self.chance.choice(("saving", "share", "fee"))}

    def sent(self) -> dict[str, Any]:
        return {"body": self.body(), "paise": self.chance.paise(2_000_00, 5_000_00), **self.mode()}


def mended(chance: Chance, said: dict[str, Any], known: Known, rounds: int) -> dict[str, Any]:
    """A document without what cannot be, as she would put it right: what is refused is taken out or said otherwise,
    round by round. It is changed in place."""
    for _ in range(rounds):
        document = read(said)
        assert isinstance(document, MeetingDocument)
        tally = tally_of(document)
        wrong = [one for one in why_not_close(document, known.facts, tally) if one.severity == "refuse"]
        # One thing of each row, the last rows first.
        of_rows = {tuple((one.field or "").split(".")[:2]): one.field or "" for one in wrong}
        for _row, path in sorted(of_rows.items(), reverse=True):
            _put_right(chance, said, path, known.facts.cash + tally.cash_in - tally.cash_out)
    return said


def _put_right(chance: Chance, said: dict[str, Any], path: str, box: int) -> None:
    part, *steps = path.split(".")
    if part == "attendance":
        if said.setdefault(part, {}).pop(steps[0], None) is None:
            said[part][steps[0]] = chance.choice(("present", "late"))
    elif steps and steps[1] in ("by", "why", "jump_why"):
        said[part][int(steps[0])][steps[1]] = "Her sister"
    elif steps:
        del said[part][int(steps[0])]
    elif part == "president":
        there = [woman for woman, how in said.get("attendance", {}).items() if how in ("present", "late")]
        said[part] = chance.choice(there) if there else None
    elif part in ("counted", "difference_why"):
        said["counted"] = max(0, box)
    elif part == "withdrawal":
        said[part] = 0


# What may stand where something else is asked for. Nothing that only the server takes: a number or truth as text.
ODD = (
    None, "", " ", "x", "cash", "2026-02-30", "2026-04-31", "12345678-1234-1234-1234-12345678901", -1, 0, 7, 600, 601,
    10_001, 10**15, 10**15 + 1, 5.5, [], {}, [1], {"a": 1}, "ن" * 121, "𐐷" * 240, "𐐷" * 241, "a" * 1001,
    "{12345678-ABCD-1234-1234-123456789012}", "123456781234123412341234567890AB",
)  # fmt: skip
TOO_LARGE = {
    **dict.fromkeys(("paise", "principal", "counted"), 10**15 + 1), "number": 10_001, "instalments": 601,
    "rate_bp_a_year": 10_001,
}  # fmt: skip
# Here the server reads numbers as a day or a truth, and a phone says neither.
NO_NUMBERS = (
    "on", "first_due", "promised_on", "are_last_minutes_read", "last_meeting", "lent_on", "next_due", "begun",
    "is_cash_credit",
)  # fmt: skip


def spoilt(chance: Chance, said: dict[str, Any]) -> dict[str, Any]:
    """A document in which something is none of it: left out, of another kind, or added. It is changed in place."""
    for _ in range(chance.randint(1, 3)):
        places = list(_places(said))
        holder, key = chance.choice(places)
        how = chance.random()
        if how < 0.25 and isinstance(holder, dict):
            del holder[key]
        elif how < 0.4 and isinstance(holder, dict):
            holder[chance.choice(("extra", "Woman", "__proto__", "constructor"))] = 1
        else:
            odd = [one for one in ODD if key not in NO_NUMBERS or not isinstance(one, (int, float))]
            too_large = TOO_LARGE.get(key) if chance.maybe(0.3) else None
            holder[key] = too_large or copy.deepcopy(chance.choice(odd))
    return said


def _places(said: Any) -> Any:
    """(holder, key) of every value in a document."""
    for key, value in list(said.items() if isinstance(said, dict) else enumerate(said)):
        yield said, key
        if isinstance(value, (dict, list)):
            yield from _places(value)
