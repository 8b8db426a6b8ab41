"""Step 2: what each woman saves, and what is given back to her."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from umeed.books.heads import SAVINGS
from umeed.books.meetings.expected import savings_of
from umeed.books.pages.rules_told import led_to_rules
from umeed.books.pages.writing.parts import (
    FROM,
    HERS,
    HERS_KEYS,
    HOW,
    WHEN_BROUGHT,
    WHEN_TAKEN,
    WHO_TOOK,
    Step,
    names_of,
    taken_by,
    who_is_away,
)
from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.state import Writing
from umeed.books.pages.writing.typed import Typed, Values, rupees_as_typed


class Saving(Step):
    key = "savings"
    title = _("Savings")
    lead = _("The usual amount is filled in for who came. Change only what was different.")
    parts = ("savings", "withdrawals")

    def lead_of(self, writing: Writing) -> Any:
        """Of an extra meeting, or where the group has no usual amount, nothing is filled in."""
        return self.lead if self.expected(writing) else _("Write what each woman saves today.")

    def expected(self, writing: Writing) -> Values:
        usual = savings_of(writing.known, writing.attendance, kind=writing.document.kind)
        return {f"s-{woman}-{head}": rupees_as_typed(paise) for (woman, head), paise in usual.items()}

    def kept(self, writing: Writing) -> Values:
        values: Values = {}
        for saved in writing.document.savings:
            values[f"s-{saved.woman}-{saved.head}"] = rupees_as_typed(saved.paise)
            if saved.mode != "cash":
                values[f"sm-{saved.woman}"] = saved.mode
            if saved.by:
                values[f"by-{saved.woman}"] = saved.by
        for back in writing.document.withdrawals:
            values[f"w-{back.woman}-{back.head}"] = rupees_as_typed(back.paise)
            values[f"wm-{back.woman}"] = back.mode
            if back.by:
                values[f"took-{back.woman}"] = back.by
        return values

    def read(self, typed: Typed, writing: Writing) -> dict[str, Any]:
        savings: list[dict[str, Any]] = []
        back: list[dict[str, Any]] = []
        for woman, _name in names_of(writing):
            by, how = typed.text(f"by-{woman}"), typed.one_of(f"sm-{woman}", HERS_KEYS, "cash")
            for head in SAVINGS:
                name = f"s-{woman}-{head.key}"
                if paise := typed.amount(name):
                    _call(typed, f"savings.{len(savings)}", name, woman)
                    away = {"by": by} if by and who_is_away(writing, woman) else {}
                    savings.append({"woman": str(woman), "head": head.key, "paise": paise, **_mode(how), **away})
                name = f"w-{woman}-{head.key}"
                if paise := typed.amount(name):
                    _call(typed, f"withdrawals.{len(back)}", name, woman)
                    mode = typed.one_of(f"wm-{woman}", HERS_KEYS, "cash")
                    typed.call(f"withdrawals.{len(back)}.by", f"took-{woman}")
                    took = taken_by(typed, f"took-{woman}", mode, who_is_away(writing, woman))
                    back.append({"woman": str(woman), "head": head.key, "paise": paise, "mode": mode, **took})
        return {"savings": savings, "withdrawals": back}

    def show(self, writing: Writing, shown: Shown) -> dict[str, Any]:
        women = [self._hers(writing, shown, woman, name) for woman, name in names_of(writing)]
        return {"women": women, "led": led_to_rules(writing.book, writing.on)}

    def _hers(self, writing: Writing, shown: Shown, woman: UUID, name: str) -> dict[str, Any]:
        bylaws, facts = writing.known.bylaws, writing.known.facts
        away, missed = who_is_away(writing, woman), writing.known.missed.get(woman)
        how = shown.values.get(f"sm-{woman}", "")
        regular, other = [], []
        for head in SAVINGS:
            field = f"s-{woman}-{head.key}"
            if head.key not in bylaws.kept and not shown.values.get(field):
                continue
            has = facts.savings.get((woman, head.key), 0)
            box = shown.amount(field, gettext(head.title), cash=1, mode=f"sm-{woman}", has=has)
            (regular if bylaws.savings.get(head.key) or head.key in _only(bylaws.kept) else other).append(box)
        back = [
            shown.amount(f"w-{woman}-{head.key}", gettext(head.title), cash=-1, mode=f"wm-{woman}", has=has)
            for head in SAVINGS
            if (has := facts.savings.get((woman, head.key), 0)) or shown.values.get(f"w-{woman}-{head.key}")
        ]
        return {
            "name": name, "id": woman, "away": away, "regular": regular, "other": other, "back": back,
            "by": shown.box(f"by-{woman}", _("Who brought it"), when=WHEN_BROUGHT) if away else None,
            "took": shown.box(f"took-{woman}", WHO_TOOK, when=WHEN_TAKEN) if away else None,
            "mode": shown.choice(f"wm-{woman}", FROM, HERS), "how": shown.choice(f"sm-{woman}", HOW, HERS),
            "missed": missed.meetings if missed is not None and missed.savings and not away else 0,
            "saved": sum(paise for (one, _head), paise in facts.savings.items() if one == woman),
            "is_open": how not in ("", "cash") or any(box["value"] or box["errors"] for box in (*other, *back)),
        }  # fmt: skip


def _mode(how: str) -> dict[str, str]:
    return {} if how == "cash" else {"mode": how}


def _only(kept: tuple[str, ...]) -> tuple[str, ...]:
    """The one saving that a group without a regular one keeps stands open."""
    return kept if len(kept) == 1 else ()


def _call(typed: Typed, path: str, name: str, woman: UUID) -> None:
    typed.call(path, name)
    typed.call(f"{path}.paise", name)
    typed.call(f"{path}.woman", name)
    typed.call(f"{path}.by", f"by-{woman}")
