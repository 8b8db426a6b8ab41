"""Cut-offs at random: documents that are nearly right, and what is known before them. Seeded, no database."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from umeed.books import codes
from umeed.books.cutoffs.documents import CutOffDocument, read
from umeed.books.cutoffs.sums import sides_of
from umeed.books.rules.cutoffs import Facts, why_not_cut_off
from umeed.field.tests.meetings_at_random import NAMES, SAVING_HEADS, Chance

HEADS = ("loan_to_member", "loan_to_body", "loan_from_bank", "loan_from_vo", "loan_from_clf", "loan_from_other")
NUMBERS = ("", "SHG/2024/17", "12345678", "1234 5678 9012", "JK-123456789", "۱۲۳۴۵۶۷۸۹۰", " 12  34\u00a05678901 ")
USUAL_SUMS = (0, 0, 0, 500_00, 1_000_00, 20_000_00)


class Group:
    """Who belongs, what lies above, and the day: near what is allowed, so that each reason is met from both sides."""

    def __init__(self, chance: Chance) -> None:
        self.on = datetime.date(2024, 1, 1) + datetime.timedelta(days=chance.randint(0, 900))
        self.women = [chance.uuid() for _ in range(6)]
        self.bodies = {chance.uuid(): chance.choice(("vo", "clf")) for _ in range(3)}
        self.loans = [chance.uuid() for _ in range(6)]
        self.kind = chance.choice(("shg",) * 8 + ("vo", "clf"))


def facts_at_random(chance: Chance, group: Group) -> Facts:
    """Half of them stand against nothing."""
    facts = _any_facts(chance, group)
    if chance.maybe():
        return facts
    return replace(
        facts, today=group.on, formed_on=group.on - datetime.timedelta(days=2_000), stands=None, first_other=None,
        is_correction=False, corrects_standing=True, meetings=0, locked=(), used=frozenset(), repaid={}, linked={},
    )  # fmt: skip


def _any_facts(chance: Chance, group: Group) -> Facts:
    on, is_correction = group.on, chance.maybe(0.3)
    of_group = group.women[: chance.choice((4, 5, 5, 5))]
    owed = {loan: chance.choice((500_00, 1_000_00, 3_000_00)) for loan in group.loans}
    return Facts(
        today=on + datetime.timedelta(days=chance.choice((0, 0, 3, 30, -1))),
        formed_on=on - datetime.timedelta(days=chance.choice((0, -1, 70, 400, 2_000, 2_000, 2_000))),
        members=dict(zip(of_group, NAMES, strict=False)), present=chance.some(of_group, 5),
        bodies={body: kind for body, kind in group.bodies.items() if chance.maybe(0.8)},
        stands=chance.day(on) if not is_correction and chance.maybe(0.1) else None,
        is_correction=is_correction, corrects_standing=chance.maybe(0.9), why=chance.text() if is_correction else "",
        first_other=chance.day(on) if chance.maybe(0.2) else None, meetings=chance.choice((0, 0, 1, 11, 12, 40)),
        locked=[chance.day(on) for _ in range(chance.choice((0, 0, 0, 1, 2)))],
        used=frozenset(chance.some(group.loans, 1)) if chance.maybe(0.2) else frozenset(),
        repaid={loan: chance.choice(("", "Hajra")) for loan in chance.some(group.loans, 2)} if is_correction else {},
        meetings_a_year=chance.choice((52, 26, 12)), kind=group.kind,
        linked={loan: owed[loan] for loan in chance.some(group.loans, 2)} if is_correction else {},
        cash_before=chance.choice((None, 0, 500_00)) if is_correction else None,
        charges=chance.choice((None, None, 2_400, 3_600)),
    )  # fmt: skip


def document_at_random(chance: Chance, group: Group) -> dict[str, Any]:
    """A cut-off as JSON says it; what says nothing new is often left out."""
    made = _Made(chance, group)
    said: dict[str, Any] = {
        "id": str(chance.uuid()), "on": group.on.isoformat(),
        "origin": chance.choice(("registers",) * 5 + ("workbook", "lokos", "book")),
        "meetings_held": chance.choice((0, 11, 12, 40, 60, 500)),
        "last_meeting": chance.choice((None, chance.day(group.on).isoformat(), "2018-01-01")),
        **{name: chance.choice(USUAL_SUMS) for name in (
            "cash", "bank", "fixed_deposit", "insurance_policy", "rf_received", "rf_returned", "cif_received",
            "cif_returned", "vrf", "startup", "other_grant", "other_receipts",
        )},
        "surplus": chance.choice((None, 0, 500_00, -500_00)), "surplus_why": chance.text(),
        "savings": made.rows(made.saved, 6), "held": made.rows(made.held, 2), "closed": made.rows(made.closed, 2),
        "kept": made.rows(made.kept, 2) if group.kind != "shg" or chance.maybe(0.1) else [],
        "loans": made.rows(made.loan, 4),
        "attended": {made.woman(): chance.choice((0, 5, 50)) for _ in range(chance.choice((0, 0, 2)))},
    }  # fmt: skip
    if chance.maybe(0.05):
        said = {"id": said["id"], "on": said["on"]}
    return {key: value for key, value in said.items() if value or chance.maybe() or key in ("id", "on")}


class _Made:
    """The rows of one document, made one by one."""

    def __init__(self, chance: Chance, group: Group) -> None:
        self.chance, self.group = chance, group

    def rows(self, make: Any, most: int) -> list[dict[str, Any]]:
        return [make() for _ in range(self.chance.randint(0, most))]

    def woman(self) -> str:
        return str(self.chance.choice(self.group.women if self.chance.maybe(0.1) else self.group.women[:4]))

    def body(self, kind: str = "") -> str:
        fit = [body for body, one in self.group.bodies.items() if one == kind and self.chance.maybe(0.95)]
        return str(self.chance.choice(fit or list(self.group.bodies)))

    def saved(self) -> dict[str, Any]:
        return {"woman": self.woman(), "head": self.chance.choice(SAVING_HEADS), "paise": self.chance.paise(500_00)}

    def kept(self) -> dict[str, Any]:
        head, who = self.chance.choice(("saving_of_body", "share_of_body")), self.chance.choice(self.group.women[:5])
        return {"body": str(who), "head": head, "paise": self.chance.paise(500_00)}

    def held(self) -> dict[str, Any]:
        what = self.chance.choice(("saving", "share", "on_the_way"))
        return {"body": self.body(), "what": what, "paise": self.chance.paise(500_00)}

    def whose(self, head: str) -> dict[str, Any]:
        """Whom the head asks for, and sometimes another."""
        if head == "loan_to_member":
            said: dict[str, Any] = {"woman": self.woman()}
        elif head == "loan_to_body":
            said = {"body": str(self.chance.choice(self.group.women[:5]))}
        else:
            said = {"body": self.body(head[-3:].strip("_"))} if head in ("loan_from_vo", "loan_from_clf") else {}
        if self.chance.maybe(0.1):
            said = self.chance.choice(({}, {"woman": None}, {"body": self.body()}, {**said, "woman": self.woman()}))
        return said

    def head(self) -> str:
        usual = "loan_to_member" if self.group.kind == "shg" else "loan_to_body"
        return usual if self.chance.maybe() else self.chance.choice(HEADS)

    def closed(self) -> dict[str, Any]:
        head = self.head()
        return {"head": head, **self.whose(head), "count": self.chance.choice((1, 3)), "paise": self.chance.paise()}

    def parts(self, near: datetime.date, most: int) -> list[dict[str, Any]]:
        chance = self.chance
        return [
            {"on": chance.day(near).isoformat(), "principal": chance.choice((0, 100_00, 500_00)),
             **({"interest": chance.choice((0, 10_00))} if chance.maybe() else {})}
            for _ in range(chance.choice((0, 0, *range(most + 1))))
        ]  # fmt: skip

    def loan(self) -> dict[str, Any]:
        chance, on, head = self.chance, self.group.on, self.head()
        lent = chance.choice((0, 500_00, 3_000_00, 3_000_00, 10_000_00))
        is_credit = chance.maybe(0.4 if head == "loan_from_bank" else 0.03)
        said = {
            "loan": str(chance.choice(self.group.loans) if chance.maybe(0.7) else chance.uuid()), "head": head,
            **self.whose(head), "lender": chance.choice(("", " ", "J&K Bank, Sogam", "J&K Bank, Sogam")),
            "number": chance.choice(NUMBERS), "is_cash_credit": is_credit,
            "limit": chance.choice((0, 2_000_00, 5_00_000_00, 60_00_000_00)) if is_credit else 0,
            "lent_on": chance.day(on - datetime.timedelta(days=chance.choice((0, 200, 200)))).isoformat(), "lent": lent,
            "outstanding": chance.choice((0, lent, lent // 2, lent + 1)),
            "overdue": self.parts(on - datetime.timedelta(days=30), 3), **self.terms(on),
        }  # fmt: skip
        return {key: value for key, value in said.items() if value or key in ("lent", "outstanding") or chance.maybe()}

    def terms(self, on: datetime.date) -> dict[str, Any]:
        chance = self.chance
        said: dict[str, Any] = {
            "rate_bp_a_year": chance.choice((1, 100, 700, 1_200, 2_400, 2_500, 9_000)),
            "method": chance.choice(codes.Method.values), "frequency": chance.choice(codes.Instalments.values),
            "instalments": chance.choice((0, 1, 10, 10)), "source": chance.choice(("", *codes.Source.values)),
            "next_due": chance.choice((None, chance.day(on).isoformat(), "2027-01-01", "2027-01-01")),
            "purpose": chance.choice(("", *codes.Purpose.values)),
        }  # fmt: skip
        if chance.maybe(0.15):
            said |= {
                "plan": self.parts(on + datetime.timedelta(days=60), 3), "ahead": 5_00, "first_due": "2024-03-31",
                "multiple": 100, "rounding": 100, "halves": "even", "part_month": "whole", "begun": on.isoformat(),
                "repaid": self.parts(on, 1),
            }  # fmt: skip
        return said


def mended(chance: Chance, said: dict[str, Any], facts: Facts, rounds: int) -> dict[str, Any]:
    """A document without what cannot be: rows that are refused are taken out, and the surplus evens it."""
    for _ in range(rounds):
        document = read(said)
        assert isinstance(document, CutOffDocument)
        wrong = [one.field for one in why_not_cut_off(document, facts, sides_of(document, facts.bodies)) if one.field]
        rows = {tuple(path.split(".")[:2]) for path in wrong if "." in path and not path.startswith("attended")}
        for part, at in sorted(rows, key=lambda row: (row[0], -int(row[1]))):
            del said[part][int(at)]
        for path in {"attended", *wrong} & {"attended", "meetings_held", "last_meeting", "rf_returned", "cif_returned"}:
            said.pop(path, None)
        said["surplus_why"] = "lost in the flood"
    if rounds and isinstance(document := read(said), CutOffDocument) and chance.maybe(0.7):
        said["surplus"] = (document.surplus or 0) + sides_of(document, facts.bodies).difference
    return said
