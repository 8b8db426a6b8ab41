"""Steps 9 and 10: what was talked about and decided, and the cash counted by notes and coins."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from umeed.books.pages.writing.parts import OPTIONAL, Step, rows_shown
from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.state import Writing
from umeed.books.pages.writing.typed import Typed, Values, rupees_as_typed
from umeed.books.rules.held import is_explained
from umeed.kernel.money import Paise, rupees
from umeed.kernel.refusals import N_

NOTES = (500, 200, 100, 50, 20, 10, 5, 2, 1)
MOST_NOTES = 100_000
_COUNTS = N_("The notes and coins come to %(notes)s, the total says %(total)s.")
_HOW_MANY = N_("How many of %(note)s? “%(written)s” is not a whole number up to %(most)s.")


class Talking(Step):
    key = "agenda"
    title = _("What was decided")
    lead = _("Social matters, plans, who goes to the VO: one line each.")
    parts = ("agenda",)

    def kept(self, writing: Writing) -> Values:
        items = writing.document.agenda
        values: Values = {"i-rows": str(len(items))}
        for at, item in enumerate(items):
            values |= {f"i-{at}-topic": item.topic, f"i-{at}-decided": item.decided}
        return values

    def read(self, typed: Typed, writing: Writing) -> dict[str, Any]:
        agenda: list[dict[str, Any]] = []
        for at in typed.rows("i"):
            topic, decided = typed.text(f"i-{at}-topic", 120), typed.long_text(f"i-{at}-decided")
            if topic or decided:
                typed.call(f"agenda.{len(agenda)}", f"i-{at}")
                # What was decided without a heading is headed by its beginning.
                agenda.append({"topic": topic or decided.split("\n")[0][:60], "decided": decided})
        return {"agenda": agenda}

    def show(self, writing: Writing, shown: Shown) -> dict[str, Any]:
        items = [
            {
                "topic": shown.box(f"i-{at}-topic", _("What was talked about"), when=OPTIONAL),
                "decided": shown.box(f"i-{at}-decided", _("What was decided"), when=OPTIONAL),
            }
            for at in rows_shown(shown, "i")
        ]
        return {"items": items}


class Counting(Step):
    key = "count"
    title = _("Count the cash")
    lead = _("Count the box together. Write how many notes and coins there are, or only the total.")
    parts = ("counted", "difference_why", "difference")

    def kept(self, writing: Writing) -> Values:
        counted = writing.document.counted
        notes = writing.page.get("notes", {})
        values: Values = {f"n-{note}": str(notes.get(str(note)) or "") for note in NOTES}
        # A box that is empty was counted too.
        values["counted"] = "" if any(notes.values()) or counted is None else rupees_as_typed(counted) or "0"
        return {**values, "difference_why": writing.document.difference_why if self._is_explained(writing) else ""}

    def _is_explained(self, writing: Writing) -> bool:
        """Whether the reason stands for what is apart now: the meeting may have changed since it was written."""
        counted = writing.document.counted
        return counted is not None and is_explained(writing.document, counted - writing.box)

    def read(self, typed: Typed, writing: Writing) -> dict[str, Any]:
        notes = self._notes(typed)
        counted: int | None = typed.amount("counted")
        is_nought = str(typed.values.get("counted") or "").strip() != "" and counted is None
        if counted is None and is_nought and not any(reason.field == "counted" for reason in typed.reasons):
            counted = 0
        total = sum(note * 100 * count for note, count in notes.items())
        if notes and counted is not None and counted != total:
            typed.refuse("counted", "counts_differ", _COUNTS, notes=rupees(total), total=rupees(counted))
        elif notes:
            counted = total
        # Why it was different is no longer said of a box that agrees (a correction, or counted once more).
        apart = counted - writing.box if counted is not None else 0
        why = typed.text("difference_why") if apart else ""
        before = writing.document
        if why == before.difference_why and before.difference not in (None, apart):
            # The words of another difference, sent along as they stood on the page: asked anew.
            why = ""
        return {"counted": counted, "difference_why": why, "difference": apart if why else None}

    def beside(self, typed: Typed, writing: Writing) -> dict[str, Any]:
        return {"notes": {str(note): count for note, count in self._notes(Typed(typed.values)).items()}}

    def _notes(self, typed: Typed) -> dict[int, int]:
        counts = {
            note: typed.whole(f"n-{note}", 0, MOST_NOTES, _HOW_MANY, note=rupees(Paise(note * 100))) for note in NOTES
        }
        return {note: count for note, count in counts.items() if count}

    def show(self, writing: Writing, shown: Shown) -> dict[str, Any]:
        counted = writing.document.counted
        must = writing.box
        return {
            "notes": [shown.box(f"n-{note}", f"₹{note}", note=note) for note in NOTES], "must": must,
            "counted": shown.box("counted", _("Total counted"), when=_("needed where no notes are counted")),
            "was_counted": counted is not None,
            "over": Paise(counted - must) if counted is not None else None,
            "size": abs(counted - must) if counted is not None else 0,
            "difference_why": shown.box("difference_why", _("Why it is different"), when=_("needed when it is")),
        }  # fmt: skip
