"""Step 1: who came, who presided."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from umeed.books.codes import Attendance
from umeed.books.pages.writing.parts import Step, names_of
from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.state import Writing
from umeed.books.pages.writing.typed import Typed, Values
from umeed.institutions.models import OfficeTerm


class Attending(Step):
    key = "attendance"
    title = _("Who came")
    lead = _("Everybody is marked present. Tap only for those who are not.")
    parts = ("attendance", "president", "are_last_minutes_read")

    def expected(self, writing: Writing) -> Values:
        said: Values = {f"a-{woman}": "present" for woman, _name in names_of(writing)}
        president = writing.said.get("president") or president_of(writing)
        return {**said, "president": str(president or ""), "are_last_minutes_read": "" if _is_first(writing) else "yes"}

    def kept(self, writing: Writing) -> Values:
        said: Values = {f"a-{woman}": state for woman, state in writing.attendance.items()}
        said["president"] = str(writing.said.get("president") or "")
        return {**said, "are_last_minutes_read": "yes" if writing.said.get("are_last_minutes_read") else ""}

    def read(self, typed: Typed, writing: Writing) -> dict[str, Any]:
        attendance = {}
        for woman, _name in names_of(writing):
            typed.call(f"attendance.{woman}", f"a-{woman}")
            if state := typed.one_of(f"a-{woman}", Attendance.values):
                attendance[str(woman)] = state
        return {
            "attendance": attendance, "president": typed.woman("president", writing.known.facts.members),
            "are_last_minutes_read": typed.is_ticked("are_last_minutes_read") and not _is_first(writing),
        }  # fmt: skip

    def show(self, writing: Writing, shown: Shown) -> dict[str, Any]:
        women = names_of(writing)
        return {
            "women": [shown.choice(f"a-{woman}", name, Attendance.choices) for woman, name in women],
            "president": shown.choice("president", _("Who presides today"), women, blank=_("Choose")),
            "minutes": None if _is_first(writing)
            else shown.tick("are_last_minutes_read", _("The last minutes were read out")),
        }  # fmt: skip


def _is_first(writing: Writing) -> bool:
    """Before the first meeting there are no minutes to be read."""
    return writing.said.get("number") == 1


def president_of(writing: Writing) -> Any:
    """The group's president by office, where she is a member."""
    rows = OfficeTerm.objects.filter(institution=writing.book.institution_id, during__contains=writing.on)
    woman = rows.filter(office="president").values_list("woman", flat=True).first()
    return woman if woman in writing.known.facts.members else None
