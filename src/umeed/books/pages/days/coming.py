"""Steps 1 and 2 of a day: who came, and what they brought or had sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from umeed.books.codes import Attendance
from umeed.books.ledger.on_the_way import sent_by_way
from umeed.books.pages.days.parts import TAKEN, DayStep, bodies_of, given, given_off
from umeed.books.pages.writing.moving import arrived_kept, arrived_shown, read_arrived
from umeed.books.pages.writing.parts import MODE_KEYS, MODES, OPTIONAL
from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.typed import Typed, Values, rupees_as_typed


class Coming(DayStep):
    key = "attendance"
    title = _("Who came")
    lead = _("All are marked present. Tap only for those of whom nobody came.")
    parts = ("attendance",)

    def expected(self, writing: Any) -> Values:
        return (
            {f"a-{body}": "present" for body, _name in writing.below} if writing.said.get("kind") == "regular" else {}
        )

    def kept(self, writing: Any) -> Values:
        return {f"a-{body}": state for body, state in writing.attendance.items()}

    def read(self, typed: Typed, writing: Any) -> dict[str, Any]:
        attendance = {}
        for body, _name in writing.below:
            typed.call(f"attendance.{body}", f"a-{body}")
            if state := typed.one_of(f"a-{body}", Attendance.values):
                attendance[str(body)] = state
        return {"attendance": attendance}

    def show(self, writing: Any, shown: Shown) -> dict[str, Any]:
        return {"bodies": [shown.choice(f"a-{body}", name, Attendance.choices) for body, name in writing.below]}


class Bringing(DayStep):
    key = "brought"
    title = _("What came in")
    lead = _("What was sent is filled in, and the dues of who came and sent nothing. Leave empty what did not come.")
    parts = ("arrived", "repayments", "taken")

    def expected(self, writing: Any) -> Values:
        values: Values = {}
        sent = sent_by_way(writing.book, writing.on)
        for body, (cash, bank) in sent.items():
            values |= {f"arr-{body}-paise": rupees_as_typed(cash), f"arr-{body}-bank-paise": rupees_as_typed(bank)}
        for loan in given(writing):
            if not writing.came(loan.loan.body_id) or loan.loan.body_id in sent:
                continue
            due, name = loan.to_pay, f"l-{loan.loan.uid}"
            values |= {
                f"{name}-principal": rupees_as_typed(due.principal),
                f"{name}-interest": rupees_as_typed(due.interest),
            }
        return values

    def kept(self, writing: Any) -> Values:
        values = arrived_kept(writing.document.arrived)
        bodies = {loan.loan.uid: loan.loan.body_id for loan in (*given(writing), *given_off(writing))}
        for paid in writing.document.repayments:
            name = f"l-{paid.loan}"
            values |= {
                f"{name}-principal": rupees_as_typed(paid.principal),
                f"{name}-interest": rupees_as_typed(paid.interest),
                f"m-{bodies.get(paid.loan)}": paid.mode,
            }
        for one in writing.document.taken:
            values |= {f"t-{one.body}-{one.what}": rupees_as_typed(one.paise), f"m-{one.body}": one.mode}
        return values

    def read(self, typed: Typed, writing: Any) -> dict[str, Any]:
        bodies = bodies_of(writing)
        repayments: list[Any] = []
        taken: list[Any] = []
        for body in bodies:
            mode = typed.one_of(f"m-{body}", MODE_KEYS, "cash")
            for what, _title in TAKEN:
                if paise := typed.amount(f"t-{body}-{what}"):
                    typed.call(f"taken.{len(taken)}.paise", f"t-{body}-{what}")
                    taken.append({"body": str(body), "what": what, "paise": paise, "mode": mode})
        for loan in (*given(writing), *given_off(writing)):
            name = f"l-{loan.loan.uid}"
            principal, interest = typed.amount(f"{name}-principal"), typed.amount(f"{name}-interest")
            if principal or interest:
                typed.call(f"repayments.{len(repayments)}", name)
                mode = typed.one_of(f"m-{loan.loan.body_id}", MODE_KEYS, "cash")
                said = {"loan": str(loan.loan.uid), "principal": principal or 0, "interest": interest or 0}
                repayments.append({**said, "mode": mode})
        return {"arrived": read_arrived(typed, bodies), "repayments": repayments, "taken": taken}

    def show(self, writing: Any, shown: Shown) -> dict[str, Any]:
        sent = sent_by_way(writing.book, writing.on)
        return {"rows": [self._row(writing, shown, body, sent.get(body)) for body in bodies_of(writing)]}

    def _row(self, writing: Any, shown: Shown, body: UUID, by_way: tuple[int, int] | None) -> dict[str, Any]:
        facts = writing.known.facts
        sent = facts.on_the_way.get(body, 0)
        taken = [shown.amount(f"t-{body}-{what}", title, cash=1, mode=f"m-{body}") for what, title in TAKEN]
        return {
            "name": facts.below.get(body) or writing.names.get(body, "?"),
            "came": writing.came(body),
            "sent": max(sent, 0),
            "arrived": arrived_shown(shown, body, by_way),
            "loans": [
                {
                    "lent_on": loan.loan.lent_on,
                    "owed": loan.owed,
                    "due": loan.due_now.whole,
                    "late": loan.arrears.days,
                    "run": loan.run,
                    "all": loan.to_pay_all.whole,
                    "principal": shown.amount(f"l-{loan.loan.uid}-principal", _("Principal"), cash=1, mode=f"m-{body}"),
                    "interest": shown.amount(f"l-{loan.loan.uid}-interest", _("Interest"), cash=1, mode=f"m-{body}"),
                }
                for loan in given(writing)
                if loan.loan.body_id == body
            ],
            "off": [
                {
                    "on": loan.off_on,
                    "left": loan.may_come_back,
                    "paise": shown.amount(
                        f"l-{loan.loan.uid}-principal", _("Brought of it"), cash=1, mode=f"m-{body}", when=OPTIONAL
                    ),
                }
                for loan in given_off(writing)
                if loan.loan.body_id == body
            ],
            "taken": taken,
            "mode": shown.choice(f"m-{body}", _("Into"), MODES),
            "is_below": body in facts.below,
            "is_open": any(one["value"] or one["errors"] for one in taken),
        }
