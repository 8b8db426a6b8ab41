"""Steps 4 and 6: fines, other receipts and payments, each a short list; money that VO and CLF had sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from umeed.books.heads import BY_KEY
from umeed.books.ledger.on_the_way import sent_by_way
from umeed.books.ledger.others import bodies_called
from umeed.books.meetings.documents import PAYMENTS, RECEIPTS, Arrived
from umeed.books.meetings.expected import fines_of, noted_of
from umeed.books.meetings.facts import ABOUT_WOMAN
from umeed.books.pages.writing.parts import (
    HERS,
    HERS_KEYS,
    HOW,
    MODE_KEYS,
    MODES,
    OPTIONAL,
    WHEN_AWAY,
    WHICH,
    WHO_TOOK,
    Step,
    names_of,
    rows_shown,
    taken_by,
    who_is_away,
)
from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.state import Writing
from umeed.books.pages.writing.typed import Typed, Values, rupees_as_typed
from umeed.kernel.refusals import N_

WHY_FINED = (
    ("late", _("Came late")), ("absent", _("Was absent")), ("other", pgettext_lazy("fine", "Something else")),
)  # fmt: skip
_WHO = N_("Say which woman it is about.")
_WHAT = N_("Say what it is for.")


def heads_of(keys: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(key, gettext(BY_KEY[key].title)) for key in keys]


class Receiving(Step):
    key = "receipts"
    title = _("Fines and other receipts")
    lead = _("Fines that the group's rules ask for are filled in. Leave a line empty when nothing was paid.")
    parts = ("fines", "receipts", "arrived")

    def expected(self, writing: Writing) -> Values:
        fines = fines_of(writing.known, writing.attendance)
        values: Values = {"f-rows": str(len(fines))}
        for at, (woman, why, paise) in enumerate(fines):
            values |= {f"f-{at}-woman": str(woman), f"f-{at}-why": why, f"f-{at}-paise": rupees_as_typed(paise)}
        return values

    def kept(self, writing: Writing) -> Values:
        document = writing.document
        values: Values = {"f-rows": str(len(document.fines)), **_kept_moves("c", document.receipts)}
        for at, fine in enumerate(document.fines):
            values |= {
                f"f-{at}-woman": str(fine.woman), f"f-{at}-why": fine.why, f"f-{at}-note": fine.note,
                f"f-{at}-paise": rupees_as_typed(fine.paise), f"f-{at}-by": fine.by, f"f-{at}-mode": fine.mode,
            }  # fmt: skip
        return values | arrived_kept(document.arrived)

    def read(self, typed: Typed, writing: Writing) -> dict[str, Any]:
        fines: list[dict[str, Any]] = []
        for at in typed.rows("f"):
            name, paise = f"f-{at}", typed.amount(f"f-{at}-paise")
            if not paise:
                continue
            if (woman := typed.woman(f"{name}-woman", writing.known.facts.members)) is None:
                typed.refuse(f"{name}-woman", "woman", _WHO)
                continue
            typed.call(f"fines.{len(fines)}", name)
            by = typed.text(f"{name}-by")
            away = {"by": by} if by and who_is_away(writing, woman) else {}
            why = typed.one_of(f"{name}-why", ("late", "absent", "other"), "other")
            how = typed.one_of(f"{name}-mode", HERS_KEYS, "cash")
            mode = {} if how == "cash" else {"mode": how}
            fines.append({"woman": str(woman), "why": why, "paise": paise, **mode, **away, **_note(typed, name)})
        return {
            "fines": fines, "receipts": _read_moves(typed, writing, "c", "receipts", RECEIPTS),
            "arrived": read_arrived(typed, writing.known.facts.on_the_way),
        }  # fmt: skip

    def show(self, writing: Writing, shown: Shown) -> dict[str, Any]:
        women, way = names_of(writing), writing.known.facts.on_the_way
        any_away = any(who_is_away(writing, woman) for woman, _name in women)
        fines = [
            {
                "woman": shown.choice(f"f-{at}-woman", WHICH, women, blank=_("Nobody")),
                "why": shown.choice(f"f-{at}-why", _("Why"), WHY_FINED),
                "paise": shown.amount(f"f-{at}-paise", _("Amount"), cash=1, mode=f"f-{at}-mode"),
                "mode": shown.choice(f"f-{at}-mode", HOW, HERS),
                "note": shown.box(f"f-{at}-note", _("Note"), when=OPTIONAL),
                "by": shown.box(f"f-{at}-by", _("Who brought it"), when=WHEN_AWAY) if any_away else None,
            }
            for at in rows_shown(shown, "f")
        ]
        sent = sent_by_way(writing.book, writing.on) if way else {}
        arrived = [
            {"name": name, "sent": way[body], **arrived_shown(shown, body, sent.get(body))}
            for body, name in bodies_named(writing, list(way))
        ]
        return {
            "fines": fines, "moves": _moves_shown(writing, shown, "c", RECEIPTS, 1), "arrived": arrived,
            "prefix": "c", "no_woman": True,
            "noted": [(dict(women)[woman], paise) for woman, paise in noted_of(writing.known, writing.attendance)],
        }  # fmt: skip


class Paying(Step):
    key = "payments"
    title = _("Other payments")
    lead = _("Rent, fees, travel and whatever else the group paid today.")
    parts = ("payments",)

    def kept(self, writing: Writing) -> Values:
        return _kept_moves("p", writing.document.payments)

    def read(self, typed: Typed, writing: Writing) -> dict[str, Any]:
        return {"payments": _read_moves(typed, writing, "p", "payments", PAYMENTS)}

    def show(self, writing: Writing, shown: Shown) -> dict[str, Any]:
        return {"moves": _moves_shown(writing, shown, "p", PAYMENTS, -1), "prefix": "p"}


def arrived_kept(arrived: Iterable[Arrived]) -> Values:
    """What was counted in of what others sent, of each what came in cash and what at the bank."""
    sums: dict[str, int] = {}
    for one in arrived:
        name = _arrived_field(one.body, one.mode)
        sums[name] = sums.get(name, 0) + one.paise
    return {f"{name}-paise": rupees_as_typed(paise) for name, paise in sums.items()}


def read_arrived(typed: Typed, bodies: Iterable[UUID]) -> list[dict[str, Any]]:
    arrived: list[dict[str, Any]] = []
    for body in bodies:
        for mode in MODE_KEYS:
            name = _arrived_field(body, mode)
            if paise := typed.amount(f"{name}-paise"):
                typed.call(f"arrived.{len(arrived)}", name)
                arrived.append({"body": str(body), "paise": paise, "mode": mode})
    return arrived


def arrived_shown(shown: Shown, body: UUID, sent: tuple[int, int] | None) -> dict[str, Any]:
    """Both ways in which it can have come; `sent` (in cash, by bank) as whoever sent it says."""
    cash, bank = (f"{_arrived_field(body, mode)}-paise" for mode in ("cash", "bank"))
    return {
        "in_cash": sent[0] if sent else 0, "by_bank": sent[1] if sent else 0,
        "cash": shown.amount(cash, _("Counted into the box"), cash=1),
        "bank": shown.amount(bank, _("Seen at the bank")),
    }  # fmt: skip


def _arrived_field(body: UUID, mode: str) -> str:
    return f"arr-{body}-bank" if mode == "bank" else f"arr-{body}"


def bodies_named(writing: Writing, bodies: list[Any]) -> list[tuple[Any, str]]:
    """(institution, name) of VOs and CLFs; one without a name yet by its kind alone."""
    names = bodies_called(bodies)
    kinds = {"vo": str(_("VO")), "clf": str(_("CLF"))}
    return [
        (body, names.get(body) or kinds.get(writing.known.bodies.get(body, ("", False))[0], "?")) for body in bodies
    ]


def _note(typed: Typed, name: str) -> dict[str, str]:
    note = typed.text(f"{name}-note")
    return {"note": note} if note else {}


def _kept_moves(prefix: str, moves: Any) -> Values:
    values: Values = {f"{prefix}-rows": str(len(moves))}
    for at, one in enumerate(moves):
        values |= {
            f"{prefix}-{at}-head": one.head, f"{prefix}-{at}-paise": rupees_as_typed(one.paise),
            f"{prefix}-{at}-mode": one.mode, f"{prefix}-{at}-woman": str(one.woman or ""),
            f"{prefix}-{at}-note": one.note, f"{prefix}-{at}-by": one.by,
        }  # fmt: skip
    return values


def _read_moves(typed: Typed, writing: Writing, prefix: str, part: str, heads: tuple[str, ...]) -> list[dict[str, Any]]:
    moves: list[dict[str, Any]] = []
    for at in typed.rows(prefix):
        name = f"{prefix}-{at}"
        paise, head = typed.amount(f"{name}-paise"), typed.one_of(f"{name}-head", heads)
        if not paise:
            continue
        if not head:
            typed.refuse(f"{name}-head", "what", _WHAT)
            continue
        woman = typed.woman(f"{name}-woman", writing.known.facts.members) if head in ABOUT_WOMAN else None
        if head in ABOUT_WOMAN and woman is None:
            typed.refuse(f"{name}-woman", "woman", _WHO)
            continue
        typed.call(f"{part}.{len(moves)}", name)
        mode = typed.one_of(f"{name}-mode", MODE_KEYS, "cash")
        about = {"woman": str(woman)} if woman else {}
        about |= taken_by(typed, f"{name}-by", mode, who_is_away(writing, woman))
        moves.append({"head": head, "paise": paise, "mode": mode, **about, **_note(typed, name)})
    return moves


def _moves_shown(
    writing: Writing, shown: Shown, prefix: str, heads: tuple[str, ...], cash: int
) -> list[dict[str, Any]]:
    women = names_of(writing)
    any_away = cash < 0 and any(who_is_away(writing, woman) for woman, _name in women)
    return [
        {
            "head": shown.choice(f"{prefix}-{at}-head", _("What for"), heads_of(heads), blank=_("Nothing")),
            "paise": shown.amount(f"{prefix}-{at}-paise", _("Amount"), cash=cash, mode=f"{prefix}-{at}-mode"),
            "mode": shown.choice(f"{prefix}-{at}-mode", _("Cash or bank"), MODES),
            "woman": shown.choice(
                f"{prefix}-{at}-woman", WHICH, women, blank=_("Nobody"), when=_("needed when it is about one woman"),
                groups=writing.known.group_of,
            ),
            "by": shown.box(f"{prefix}-{at}-by", WHO_TOOK, when=WHEN_AWAY) if any_away else None,
            "note": shown.box(f"{prefix}-{at}-note", _("Note"), when=OPTIONAL),
        }
        for at in rows_shown(shown, prefix)
    ]  # fmt: skip
