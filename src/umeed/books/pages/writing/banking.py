"""Step 8: to the bank and from it; what goes to those from whom the group borrowed, and to its VO and CLF; what is
drawn from a cash credit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from umeed.books.ledger.others import bodies_called
from umeed.books.ledger.running import RunningLoan
from umeed.books.meetings.expected import loans_taken, loans_taken_off
from umeed.books.pages.writing.moving import bodies_named
from umeed.books.pages.writing.parts import FROM, INTO, MODE_KEYS, MODES, OPTIONAL, Step
from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.state import Writing
from umeed.books.pages.writing.typed import Typed, Values, rupees_as_typed
from umeed.books.registers.which_loan import which_loans
from umeed.kernel.money import Paise

GIVEN = (("saving", _("Saving")), ("share", _("Share capital")), ("fee", _("Fee")))


class Banking(Step):
    key = "bank"
    title = _("Bank, VO and CLF")
    lead = _("What went to the bank or came from it, and what the group repays.")
    parts = ("deposit", "withdrawal", "repaid", "drawn", "given", "left")

    def expected(self, writing: Writing) -> Values:
        """Dues of loans that were taken: those of a bank leave the account, others the box while it holds enough. What
        a VO or CLF has counted already has left the box."""
        tally = writing.tally_without(self.parts)
        box = writing.known.facts.cash + tally.cash_in - tally.cash_out
        waits = writing.known.facts.counted_there
        values: Values = {f"left-{body}-paise": rupees_as_typed(paise) for body, paise in waits.items()}
        for loan in loans_taken(writing.known):
            due, name = loan.to_pay, f"t-{loan.loan.uid}"
            is_by_bank = loan.loan.head == "loan_from_bank" or due.whole > box
            box -= 0 if is_by_bank else due.whole
            values |= {
                f"{name}-principal": rupees_as_typed(due.principal), f"{name}-interest": rupees_as_typed(due.interest),
                f"{name}-mode": "bank" if is_by_bank else "cash",
            }  # fmt: skip
            if loan.loan.is_cash_credit:
                values[f"{_drawing(loan)}-mode"] = "bank"
        return values | {f"t-{loan.loan.uid}-mode": "cash" for loan in loans_taken_off(writing.known)}

    def kept(self, writing: Writing) -> Values:
        document = writing.document
        values: Values = {
            "deposit": rupees_as_typed(document.deposit), "withdrawal": rupees_as_typed(document.withdrawal),
            **{key: value for key, value in self.expected(writing).items() if key.endswith("-mode")},
            **{f"left-{one.body}-paise": rupees_as_typed(one.paise) for one in document.left},
            **{f"left-{one.body}-mode": one.mode for one in document.left},
        }  # fmt: skip
        for repaid in document.repaid:
            name = f"t-{repaid.loan}"
            values |= {
                f"{name}-principal": rupees_as_typed(repaid.principal),
                f"{name}-interest": rupees_as_typed(repaid.interest), f"{name}-mode": repaid.mode,
            }  # fmt: skip
        for drawn in document.drawn:
            values |= {f"cc-{drawn.loan}-paise": rupees_as_typed(drawn.paise), f"cc-{drawn.loan}-mode": drawn.mode}
        for given in document.given:
            name = f"g-{given.body}-{given.what}"
            values |= {f"{name}-paise": rupees_as_typed(given.paise), f"{name}-mode": given.mode}
        return values

    def read(self, typed: Typed, writing: Writing) -> dict[str, Any]:
        return {
            "deposit": typed.amount("deposit") or 0, "withdrawal": typed.amount("withdrawal") or 0,
            "repaid": self._repaid(typed, writing), "drawn": self._drawn(typed, writing),
            "given": self._given(typed, writing), "left": self._left(typed, writing),
        }  # fmt: skip

    def _left(self, typed: Typed, writing: Writing) -> list[dict[str, Any]]:
        left: list[dict[str, Any]] = []
        for body in writing.known.facts.counted_there:
            if paise := typed.amount(f"left-{body}-paise"):
                typed.call(f"left.{len(left)}", f"left-{body}")
                mode = typed.one_of(f"left-{body}-mode", MODE_KEYS, "cash")
                left.append({"body": str(body), "paise": paise, "mode": mode})
        return left

    def _repaid(self, typed: Typed, writing: Writing) -> list[dict[str, Any]]:
        repaid: list[dict[str, Any]] = []
        for loan in (*loans_taken(writing.known), *loans_taken_off(writing.known)):
            name = f"t-{loan.loan.uid}"
            principal, interest = typed.amount(f"{name}-principal"), typed.amount(f"{name}-interest")
            if principal or interest:
                typed.call(f"repaid.{len(repaid)}", name)
                typed.call(f"repaid.{len(repaid)}.loan", f"{name}-principal")
                mode = typed.one_of(f"{name}-mode", MODE_KEYS, "cash")
                said = {"loan": str(loan.loan.uid), "principal": principal or 0, "interest": interest or 0}
                repaid.append({**said, "mode": mode})
        return repaid

    def _drawn(self, typed: Typed, writing: Writing) -> list[dict[str, Any]]:
        drawn: list[dict[str, Any]] = []
        for loan in loans_taken(writing.known):
            name = _drawing(loan)
            if loan.loan.is_cash_credit and (paise := typed.amount(f"{name}-paise")):
                typed.call(f"drawn.{len(drawn)}", name)
                mode = typed.one_of(f"{name}-mode", MODE_KEYS, "bank")
                drawn.append({"loan": str(loan.loan.uid), "paise": paise, "mode": mode})
        return drawn

    def _given(self, typed: Typed, writing: Writing) -> list[dict[str, Any]]:
        given: list[dict[str, Any]] = []
        for body in writing.known.bodies:
            for what, _title in GIVEN:
                name = f"g-{body}-{what}"
                if paise := typed.amount(f"{name}-paise"):
                    typed.call(f"given.{len(given)}", name)
                    typed.call(f"given.{len(given)}.body", f"{name}-paise")
                    mode = typed.one_of(f"{name}-mode", MODE_KEYS, "cash")
                    given.append({"body": str(body), "what": what, "paise": paise, "mode": mode})
        return given

    def show(self, writing: Writing, shown: Shown) -> dict[str, Any]:
        bodies = [
            {"name": name, "rows": [self._given_row(shown, body, what, title) for what, title in GIVEN]}
            for body, name in bodies_named(writing, list(writing.known.bodies))
        ]
        for body in bodies:
            body["is_open"] = any(row["paise"]["value"] or row["paise"]["errors"] for row in body["rows"])
        return {
            "draws": any(loan.loan.is_cash_credit for loan in loans_taken(writing.known)),
            "deposit": shown.amount("deposit", _("Taken to the bank"), cash=-1),
            "withdrawal": shown.amount("withdrawal", _("Brought from the bank"), cash=1),
            "loans": self._loans(writing, shown), "bodies": bodies, "off": self._offs(writing, shown),
            "bank": writing.known.facts.bank, "counted_there": self._counted_there(writing, shown),
        }  # fmt: skip

    def _counted_there(self, writing: Writing, shown: Shown) -> list[dict[str, Any]]:
        waits = writing.known.facts.counted_there
        return [
            {
                "name": name, "counted": waits[body], "mode": shown.choice(f"left-{body}-mode", FROM, MODES),
                "paise": shown.amount(f"left-{body}-paise", _("Left"), cash=-1, mode=f"left-{body}-mode"),
            }
            for body, name in bodies_named(writing, list(waits))
        ]  # fmt: skip

    def _given_row(self, shown: Shown, body: Any, what: str, title: Any) -> dict[str, Any]:
        name = f"g-{body}-{what}"
        return {
            "paise": shown.amount(f"{name}-paise", title, cash=-1, mode=f"{name}-mode"),
            "mode": shown.choice(f"{name}-mode", FROM, MODES),
        }

    def _loans(self, writing: Writing, shown: Shown) -> list[dict[str, Any]]:
        loans = list(loans_taken(writing.known))
        called = bodies_called(one.loan.body_id for one in loans)
        which = which_loans(writing.book.pk, writing.on) if len(loans) > 1 else {}
        return [
            self._loan(writing, shown, one, called.get(one.loan.body_id, ""), which.get(one.loan.pk, ""))
            for one in loans
        ]  # fmt: skip

    def _offs(self, writing: Writing, shown: Shown) -> list[dict[str, Any]]:
        loans = loans_taken_off(writing.known)
        called = bodies_called(one.loan.body_id for one in loans)
        return [self._off(shown, one, called.get(one.loan.body_id) or one.loan.called) for one in loans]

    def _loan(self, writing: Writing, shown: Shown, loan: RunningLoan, whose: str, which: str) -> dict[str, Any]:
        """`whose` names the VO or CLF that gave it, `which` of several that they gave it is."""
        name, called = f"t-{loan.loan.uid}", " · ".join(filter(None, (loan.loan.called, which)))
        return {
            "whose": whose, "called": called, "name": f"{whose} · {called}" if whose else called,
            "owed": loan.owed, "run": loan.run, "all": loan.to_pay_all.whole,
            "principal": shown.amount(f"{name}-principal", _("Principal"), cash=-1, mode=f"{name}-mode"),
            "interest": shown.amount(f"{name}-interest", _("Interest"), cash=-1, mode=f"{name}-mode"),
            "mode": shown.choice(f"{name}-mode", FROM, MODES),
            "drawn": self._drawing(writing, shown, loan) if loan.loan.is_cash_credit and not loan.is_ended else None,
        }  # fmt: skip

    def _off(self, shown: Shown, loan: RunningLoan, whose: str) -> dict[str, Any]:
        """What is brought of a loan that the lender has written off is not divided."""
        name = f"t-{loan.loan.uid}"
        return {
            "name": whose, "on": loan.off_on, "left": loan.may_come_back,
            "mode": shown.choice(f"{name}-mode", FROM, MODES),
            "paise": shown.amount(f"{name}-principal", _("Brought of it"), cash=-1, mode=f"{name}-mode", when=OPTIONAL),
        }  # fmt: skip

    def _drawing(self, writing: Writing, shown: Shown, loan: RunningLoan) -> dict[str, Any]:
        """With the least that is left on a later day, where that is less: no more is drawn before it."""
        name, room = _drawing(loan), writing.known.facts.loans[loan.loan.uid].least_left
        is_less = room is not None and loan.left is not None and room.left < loan.left
        label = _("Drawn from the cash credit")
        return {
            "limit": loan.limit, "left": loan.left,
            "least": {"left": max(Paise(0), room.left), "on": room.on} if room is not None and is_less else None,
            "paise": shown.amount(f"{name}-paise", label, cash=1, mode=f"{name}-mode", when=OPTIONAL),
            "mode": shown.choice(f"{name}-mode", INTO, MODES),
        }  # fmt: skip


def _drawing(loan: RunningLoan) -> str:
    """What the fields of what is drawn from a cash credit begin with."""
    return f"cc-{loan.loan.uid}"
