"""A share-out as a paper: who gets what and why, with a place to sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext, ngettext

from umeed.books.heads import BY_KEY
from umeed.books.meetings.facts import saved_by
from umeed.books.models import Book, Line, Sheet
from umeed.books.registers.papering import money, officers, paper, table
from umeed.books.registers.reading import names
from umeed.books.rules.sharing import WHOLE_RUPEES, Basis, Part, explained
from umeed.core.papers.shapes import Column, Fact, Paper, Row
from umeed.core.templatetags.umeed_text import day, listed, rupees
from umeed.kernel.money import Paise, grouped

HEAD = BY_KEY["share_out"].number


@dataclass(frozen=True)
class Shared:
    """A share-out that stands in the book, or was taken back. The rule follows from the figures; "" if none fits."""

    sheet: Sheet
    given: Mapping[UUID, Paise]
    told: Mapping[UUID, Part]
    basis: Basis | str
    unit: int
    is_struck: bool

    @property
    def paise(self) -> Paise:
        return Paise(sum(self.given.values()))


def shared(book: Book, sheet: Sheet) -> Shared:
    """Reads one. Which rule was followed is found by counting it anew."""
    rows = Line.objects.filter(sheet=sheet, head=HEAD).values_list("woman", "amount_paise")
    given = {woman: Paise(paise) for woman, paise in rows if woman is not None}
    saved, total = saved_by(book, sheet.on_date), Paise(sum(given.values()))
    is_struck = Sheet.objects.filter(reverses=sheet).exists()
    for basis, unit in _ways(saved, total):
        told = explained(total, saved, basis, unit)
        if {woman: part.paise for woman, part in told.items() if part.paise} == given:
            return Shared(sheet, given, told, basis, unit, is_struck)
    told = {woman: Part(saved.get(woman, Paise(0)), paise) for woman, paise in given.items()}
    return Shared(sheet, given, told, "", 1, is_struck)


def _ways(saved: Mapping[UUID, Paise], total: Paise) -> list[tuple[Basis, int]]:
    units = [WHOLE_RUPEES, 1] if total % WHOLE_RUPEES == 0 else [1]
    bases: list[Basis] = ["savings", "equal"] if any(paise > 0 for paise in saved.values()) else ["equal"]
    return [(basis, unit) for basis in bases for unit in units] if saved else []


def why_so(told: Mapping[UUID, Part], basis: Basis | str, unit: int, women: Mapping[UUID, str]) -> list[str]:
    """The rule in words, and where what was left over went."""
    whole = sum(part.base for part in told.values())
    words = []
    if basis == "savings":
        words.append(
            gettext("By savings: of %(saved)s that all have saved, each woman's own saving is her part.")
            % {"saved": rupees(Paise(whole))}
        )
    elif basis == "equal":
        words.append(gettext("The same to all: one part for each of %(count)s women.") % {"count": grouped(len(told))})
    odd = [women.get(woman, "?") for woman, part in told.items() if part.is_odd]
    if odd:
        count = len(odd)
        text = ngettext(
            "One rupee did not divide; it went to whose part was cut most: %(names)s.",
            "%(count)s rupees did not divide; one each went to those whose part was cut most: %(names)s.", count,
        ) if unit == WHOLE_RUPEES else ngettext(
            "One paisa did not divide; it went to whose part was cut most: %(names)s.",
            "%(count)s paise did not divide; one each went to those whose part was cut most: %(names)s.", count,
        )  # fmt: skip
        words.append(text % {"count": grouped(count), "names": listed(odd)})
    return words


def share_paper(book: Book, one: Shared) -> Paper:
    """To be signed or thumbed by each."""
    called = names(one.told)
    women = {woman: called.woman(woman) for woman in one.told}
    columns = [
        Column(gettext("Woman"), width=24), *money(gettext("Savings"), gettext("Her part")),
        Column(gettext("Signature or thumb"), width=22),
    ]  # fmt: skip
    saved = saved_by(book, one.sheet.on_date)
    rows = [Row((women[woman], saved.get(woman), part.paise, "")) for woman, part in one.told.items()]
    total = Row((gettext("Total"), sum(saved.get(woman, 0) for woman in one.told), one.paise, ""), "total")
    notes = why_so(one.told, one.basis, one.unit, women)
    if one.is_struck:
        notes = [gettext("This share-out was taken back."), *notes]
    return paper(
        book, gettext("Share-out of %(day)s") % {"day": day(one.sheet.on_date)},
        [table("", columns, [*rows, total])], as_of=one.sheet.on_date, notes=notes, signatures=officers(),
        facts=[Fact(gettext("Shared out"), one.paise, "paise")],
    )  # fmt: skip
