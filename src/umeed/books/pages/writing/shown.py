"""What a step shows: fields with what stands in them and why it cannot stay so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from umeed.kernel.refusals import Refusal


class Shown:
    """The fields of a page: values by name, reasons by name."""

    def __init__(self, values: Mapping[str, Any], reasons: Iterable[Refusal] = ()) -> None:
        self.values = values
        self.reasons: dict[str, list[Refusal]] = {}
        for reason in reasons:
            self.reasons.setdefault(str(reason.field), []).append(reason)

    def box(self, name: str, label: Any = "", **more: Any) -> dict[str, Any]:
        """A field as the templates take it. `when` says that it may stay empty, or when it may not."""
        told = self.reasons.get(name, ())
        return {
            "name": name, "id": f"id_{name}", "label": label, "value": self.values.get(name, ""),
            "errors": [one.message(gettext) for one in told if one.severity == "refuse"],
            "asks": [one.message(gettext) for one in told if one.severity == "warn"], **more,
        }  # fmt: skip

    def amount(self, name: str, label: Any = "", *, cash: int = 0, mode: str = "", **more: Any) -> dict[str, Any]:
        """An amount. `cash` is +1 where it comes into the box and −1 where it leaves it; `mode` names the field that
        says whether it is cash at all."""
        return self.box(name, label, cash=cash, mode=f"id_{mode}" if mode else "", **more)

    def choice(
        self, name: str, label: Any, choices: Sequence[tuple[Any, Any]], *, blank: Any = None,
        groups: Mapping[Any, str] | None = None, **more: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """One of several. With `groups` {value: group} they stand group by group: a long list is found through so."""
        now, of = str(self.values.get(name, "") or ""), groups or {}
        offered = [
            {"value": str(value), "text": text, "on": str(value) == now, "group": of.get(value, "")}
            for value, text in sorted(choices, key=lambda one: of.get(one[0], ""))
        ]
        if blank is not None:
            offered.insert(0, {"value": "", "text": blank, "on": now == ""})
        return self.box(name, label, choices=offered, **more)

    def tick(self, name: str, label: Any, **more: Any) -> dict[str, Any]:
        return self.box(name, label, on=bool(self.values.get(name)), **more)

    def ticks(self, name: str, label: Any, choices: Sequence[tuple[Any, Any]]) -> dict[str, Any]:
        now = self.values.get(name) or []
        chosen = {now} if isinstance(now, str) else set(now)
        offered = [
            {"value": str(value), "text": text, "on": str(value) in chosen, "id": f"id_{name}-{value}"}
            for value, text in choices
        ]
        return self.box(name, label, choices=offered, is_open=bool(chosen))

    def has_reason(self, *prefixes: str) -> bool:
        return any(name.startswith(prefixes) for name in self.reasons)
