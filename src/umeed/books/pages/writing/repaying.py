"""Step 3: repayments of women's loans. One amount is enough: it is divided in the group's own order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from umeed.books.ledger.running import RunningLoan
from umeed.books.meetings.expected import loans_of_women, loans_off, name_of, owed_of
from umeed.books.pages.writing.parts import HERS, HERS_KEYS, HOW, WHEN_BROUGHT, Step, who_is_away
from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.state import Writing
from umeed.books.pages.writing.typed import Typed, Values, rupees_as_typed
from umeed.books.rules.allocation import Split, allocated_in_turn
from umeed.books.rules.lending import MORE_THAN_OFF
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_

_OVER = N_("%(paid)s is more than everything that is owed on this loan today, %(owed)s.")
_PARTS = N_("The parts come to %(parts)s, the whole is %(whole)s.")
DIVIDED = ("penalty", "interest", "principal")
TITLES = {"penalty": _("Penalty"), "interest": _("Interest"), "principal": _("Principal")}


class Repaying(Step):
    key = "repayments"
    title = _("Repayments")
    lead = _("What is due is filled in. Write what she brought; it is divided in the order that the group agreed on.")
    parts = ("repayments",)

    def expected(self, writing: Writing) -> Values:
        values: Values = {}
        for loan in loans_of_women(writing.known):
            if writing.came(loan.loan.woman_id):
                values[f"r-{loan.loan.uid}-total"] = rupees_as_typed(loan.due_now.whole)
        return values

    def kept(self, writing: Writing) -> Values:
        values: Values = {}
        loans = {one.loan.uid: one for one in _all(writing)}
        for paid in writing.document.repayments:
            name = f"r-{paid.loan}"
            values[f"{name}-total"] = rupees_as_typed(paid.paise)
            values[f"{name}-by"] = paid.by
            if paid.mode != "cash":
                values[f"{name}-mode"] = paid.mode
            loan = loans.get(paid.loan)
            usual = divided(writing, loan, Paise(paid.paise)) if loan else None
            if usual is None or any(getattr(usual, part) != getattr(paid, part) for part in DIVIDED):
                values |= {f"{name}-{part}": rupees_as_typed(getattr(paid, part)) for part in DIVIDED}
        return values

    def read(self, typed: Typed, writing: Writing) -> dict[str, Any]:
        paid: list[dict[str, Any]] = []
        for loan in _all(writing):
            split = self._split(typed, writing, loan)
            if split is None:
                continue
            name, path = f"r-{loan.loan.uid}", f"repayments.{len(paid)}"
            typed.call(path, name)
            typed.call(f"{path}.loan", f"{name}-total")
            for part in DIVIDED:
                typed.call(f"{path}.{part}", f"{name}-{part if typed.values.get(f'{name}-{part}') else 'total'}")
            by = typed.text(f"{name}-by")
            away = {"by": by} if by and who_is_away(writing, loan.loan.woman_id) else {}
            how = typed.one_of(f"{name}-mode", HERS_KEYS, "cash")
            mode = {} if how == "cash" else {"mode": how}
            parts = {part: getattr(split, part) for part in DIVIDED if getattr(split, part)}
            paid.append({"loan": str(loan.loan.uid), **parts, **mode, **away})
        return {"repayments": paid}

    def _split(self, typed: Typed, writing: Writing, loan: RunningLoan) -> Split | None:
        """What she paid, divided; None when nothing was paid or it cannot be read."""
        name = f"r-{loan.loan.uid}"
        wrong = len(typed.reasons)
        whole = typed.amount(f"{name}-total")
        parts = {part: typed.amount(f"{name}-{part}") for part in DIVIDED}
        if len(typed.reasons) > wrong:
            return None
        if any(parts.values()):
            split = Split(**{part: paise or Paise(0) for part, paise in parts.items()})
            if whole and split.whole != whole:
                said = {"parts": rupees(split.whole), "whole": rupees(whole)}
                typed.refuse(f"{name}-total", "parts_differ", _PARTS, **said)
                return None
            return split
        if not whole:
            return None
        split = divided(writing, loan, whole)
        if split.over:
            owed = rupees(owed_of(writing.known, loan).whole)
            if loan.off_on is not None:
                typed.refuse(f"{name}-total", "more_than_off", MORE_THAN_OFF, amount=owed)
            else:
                typed.refuse(f"{name}-total", "more_than_all", _OVER, paid=rupees(whole), owed=owed)
            return None
        return split

    def show(self, writing: Writing, shown: Shown) -> dict[str, Any]:
        order = writing.known.bylaws.order
        loans = [self._loan(writing, shown, loan) for loan in _all(writing)]
        return {"loans": loans, "order": [TITLES[part] for part in order]}

    def _loan(self, writing: Writing, shown: Shown, loan: RunningLoan) -> dict[str, Any]:
        name, due, whose = f"r-{loan.loan.uid}", loan.due_now, name_of(writing.known, loan)
        total = shown.amount(f"{name}-total", whose, cash=1, mode=f"{name}-mode")
        owed = owed_of(writing.known, loan)
        whole = Typed(shown.values).amount(f"{name}-total") or Paise(0)
        # What comes of a loan that was written off is not divided.
        divides = DIVIDED if loan.off_on is None else ()
        parts = [shown.amount(f"{name}-{part}", TITLES[part]) for part in divides]
        away, how = who_is_away(writing, loan.loan.woman_id), shown.values.get(f"{name}-mode", "")
        return {
            "name": whose, "loan": loan.loan, "owed": loan.owed, "due": due,
            "late": loan.days_late, "total": total, "parts": parts, "away": away,
            "split": _shares(divided(writing, loan, whole), divides), "all": owed, "run": loan.run,
            "to_come": loan.to_come,
            "off_on": loan.off_on, "off": loan.may_come_back,
            "order": " ".join(writing.known.bylaws.order),
            "by": shown.box(f"{name}-by", _("Who brought it"), when=WHEN_BROUGHT) if away else None,
            "how": shown.choice(f"{name}-mode", HOW, HERS),
            "is_open": how not in ("", "cash") or any(box["value"] or box["errors"] for box in parts),
        }  # fmt: skip


def divided(writing: Writing, loan: RunningLoan, paid: Paise) -> Split:
    known = writing.known
    return allocated_in_turn(paid, due=loan.due_now, owed=owed_of(known, loan), order=known.bylaws.order)


def _shares(split: Split, divides: Iterable[str]) -> list[tuple[str, Any, Paise]]:
    return [(part, TITLES[part], getattr(split, part)) for part in divides]


def _all(writing: Writing) -> list[RunningLoan]:
    """Loans that run, then those that were written off: what she brings for one is recovered."""
    return [*loans_of_women(writing.known), *loans_off(writing.known)]
