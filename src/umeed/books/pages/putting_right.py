"""The page by which something of a closed month is put right by what it differs: its lines, each with the amount that
is right, and why. What a meeting and a cut-off have in common; whose page it is says what its lines are called."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from umeed.books.actions.putting_right import PuttingRight
from umeed.books.meetings.differences import MOST_TIMES
from umeed.books.meetings.written import DRAWN, Written
from umeed.books.models import Loan
from umeed.books.pages.writing.parts import HOW, INTO, MODE_KEYS, MODES
from umeed.books.pages.writing.shown import Shown
from umeed.books.pages.writing.typed import Typed, rupees_as_typed, sent_by
from umeed.books.registers.reading import names
from umeed.books.registers.which_loan import which_loans
from umeed.core.actions import Refused
from umeed.core.forms import mark_of
from umeed.core.scope import Scope
from umeed.kernel.money import Paise
from umeed.kernel.refusals import N_, Refusal

# What is given back of an amount has no place here: it has a row of its own only where the meeting had it.
_NO_MINUS = N_("Write the right amount, without a minus.")
# The tick of a question.
SURE = "sure"
# What a line is called; asked also whether what came in and what went out under its head stand both.
Titled = Callable[..., str]


def put_right_page(
    request: HttpRequest, of: PuttingRight, titled: Titled, *, back: str, template: str, **more: Any
) -> HttpResponse:  # fmt: skip
    """The page, or where it leads `back` once the difference is posted. `more` is what the template is told besides."""
    values, reasons = _values(of, of.times), list[Refusal]()
    if request.method == "POST":
        values, reasons = _posted(request, of)
        if not reasons:
            messages.success(request, gettext("What it differs by stands in the book today, with your reason."))
            return redirect(back)
    shown, told = Shown(values, reasons), _told(of, titled)
    stops = [one for one in reasons if one.severity == "refuse"]
    return render(request, template, {
        "on": of.on, "reasons": _with_names(stops, told), "is_unanswered": not stops,
        "asks": _asked([one for one in reasons if one not in stops], told, request.POST.getlist(SURE)),
        "nth": values["nth"], "why": shown.box("why", gettext("Why")), "groups": _by_name(told, shown), "back": back,
        **more,
    }, status=422 if reasons else 200)  # fmt: skip


# What was sent ------------------------------------------------------------------------------------------------------


def _values(of: PuttingRight, nth: int) -> dict[str, Any]:
    """The fields as they stood before it was put right for the nth time."""
    lines = of.written(nth)
    modes = {_mode(one): "bank" if one.head == DRAWN else "cash" for one in lines if one.is_either}
    return {one.key: rupees_as_typed(one.paise) for one in lines} | modes | {"nth": nth}


def _mode(line: Written) -> str:
    """The field that says by which way it went."""
    return f"{line.key}-mode"


def _posted(request: HttpRequest, of: PuttingRight) -> tuple[dict[str, Any], list[Refusal]]:
    """(the fields to show again, what stands against it); without a reason it was posted, or was before."""
    sent = sent_by(request.POST)
    nth = Typed(sent).whole("nth", 0, MOST_TIMES)
    nth = of.times if nth is None else nth
    # As they stood when the page was made: another window may have put some right since.
    values = _values(of, nth) | sent | {"nth": nth}
    typed = Typed(values)
    said = {"nth": nth, **_said(typed, of.written(nth))}
    unread = [replace(one, text=_NO_MINUS) if one.code == "negative" else one for one in typed.reasons]
    reasons = [*unread, *_against(request.scope, of, said, is_read=not typed.reasons)]
    if reasons and all(one.severity == "warn" and mark_of(one) in request.POST.getlist(SURE) for one in reasons):
        reasons = _against(request.scope, of, said, is_sure=True)
    if any(one.code == "conflict" for one in reasons):
        reasons += _caught_up(of, said, values)
    return values, reasons


def _against(
    by: Scope, of: PuttingRight, said: Mapping[str, Any], *, is_read: bool = True, is_sure: bool = False
) -> list[Refusal]:  # fmt: skip
    """What stands against it and what is asked, each on its field; without any it is posted, where all could be
    read."""
    try:
        if is_read:
            of.put_right(by=by, **said, is_sure=is_sure)
            return []
        # What cannot be read may be what differs.
        reasons = [one for one in of.reasons(by=by, **said) if one.code != "nothing_differs"]
    except Refused as refused:
        reasons = refused.refusals
    at = {one.at_bank.key: one.key for one in of.written(said["nth"]) if one.is_either and not one.is_apart}
    return [one.on(at.get(str(one.field), one.field)) for one in reasons]


def _said(typed: Typed, lines: list[Written]) -> dict[str, Any]:
    """The right amounts and why; amounts that cannot be read stay as they are."""
    right, why = dict[str, Paise](), typed.text("why")
    for one in (line for line in lines if not (line.is_either and line.is_apart)):
        paise = Paise(typed.amount(one.key) or 0)
        if one.is_either:
            by_bank = typed.one_of(_mode(one), MODE_KEYS, "cash") == "bank"
            right |= {one.at_bank.key: paise if by_bank else Paise(0), one.key: Paise(0) if by_bank else paise}
        else:
            right[one.key] = paise
    unread = {one.field for one in typed.reasons}
    return {"right": {key: paise for key, paise in right.items() if key not in unread}, "why": why}


def _caught_up(of: PuttingRight, said: dict[str, Any], values: dict[str, Any]) -> list[Refusal]:
    """What was not touched follows the book, so that posting it again does not undo what another one put right."""
    values["nth"] = of.times
    now, told = of.changed_meanwhile(said["nth"], said["right"])
    forgotten = {one.key for one in of.written() if one.is_either}
    values |= {key: rupees_as_typed(paise) for key, paise in now.items() if key not in forgotten}
    return told


# What is shown ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Told:
    """A line as it is read: whose it is, of which of her loans where she has several, and what came, went or was
    there."""

    line: Written
    name: str
    loan: str
    title: str

    @property
    def whose(self) -> str:
        return " · ".join(filter(None, (self.name, self.loan)))

    @property
    def whole(self) -> str:
        return " · ".join(filter(None, (self.whose, self.title)))


def _told(of: PuttingRight, titled: Titled) -> list[_Told]:
    """Whose it is by name, then what is nobody's; what is of one loan stands together."""
    lines = of.written()
    # What came of a loan that was written off names the loan alone, and so does what was paid on a loan taken.
    named = [one.loan for one in lines if one.loan and not one.woman]
    loans = Loan.objects.in_bulk(named) if named else {}
    women = {one.loan: loans[one.loan].woman_id for one in lines if one.loan in loans}
    lines = [one for one in lines if not (one.is_either and one.is_apart)]
    called = names([*(one.woman for one in lines), *women.values()], (one.body for one in lines))
    which = which_loans(of.row.book_id, of.on) if any(one.loan for one in lines) else {}

    def name(one: Written) -> str:
        hers, loan = one.woman or women.get(one.loan), loans.get(one.loan or 0)
        return called.woman(hers) or called.body(one.body) or (loan.called if loan is not None else "")

    sides = {(*one.about, one.sign) for one in lines}
    told = [
        _Told(one, name(one), which.get(one.loan or 0, ""), titled(one, is_of_both=(*one.about, -one.sign) in sides))
        for one in lines
    ]  # fmt: skip
    return sorted(told, key=lambda one: (not one.name, one.name, one.line.loan or 0))


def _with_names(reasons: list[Refusal], told: list[_Told]) -> list[dict[str, Any]]:
    """Where reasons are listed together, each says whose amount it is about, and which."""
    whose = {one.line.key: one.whole for one in told}
    return [
        {"field": one.field, "text": one.message(gettext), "severity": one.severity,
         "label": whose.get(one.field or "", "")}
        for one in reasons
    ]  # fmt: skip


def _asked(reasons: Iterable[Refusal], told: Iterable[_Told], sure: Collection[str]) -> list[dict[str, Any]]:
    """The questions, each with whose amount it is about, and whether it was answered."""
    of = {one.line.key: one for one in told}
    rows = []
    for reason in reasons:
        one, mark = of.get(reason.field or ""), mark_of(reason)
        rows.append({
            "text": reason.message(gettext), "mark": mark, "is_sure": mark in sure,
            "url": f"#id_{reason.field}" if one else "",
            "who": one.whose if one else "", "step": one.title if one else "",
        })  # fmt: skip
    return rows


def _by_name(told: list[_Told], shown: Shown) -> list[dict[str, Any]]:
    """A card for each, and in it, where she has several, each of her loans; what may have been forgotten is folded
    away."""
    groups = []
    for name, of_it in groupby(told, key=lambda one: one.name):
        hers = list(of_it)
        more = [one for one in hers if one.line.is_forgotten]
        groups.append({
            "name": name, "parts": _by_loan([one for one in hers if not one.line.is_forgotten], shown),
            "forgotten": _by_loan(more, shown),
            "is_open": any(shown.values.get(one.line.key) or one.line.key in shown.reasons for one in more),
        })  # fmt: skip
    return groups


def _by_loan(told: list[_Told], shown: Shown) -> list[dict[str, Any]]:
    return [
        {"loan": loan, "rows": [_row(one, shown) for one in of_it]}
        for loan, of_it in groupby(told, key=lambda one: one.loan)
    ]


def _row(one: _Told, shown: Shown) -> dict[str, Any]:
    return {
        "title": one.title, "whose": one.whole, "was": one.line.paise,
        "right": shown.amount(one.line.key, gettext("What is right")),
        "mode": shown.choice(_mode(one.line), INTO if one.line.head == DRAWN else HOW, MODES)
        if one.line.is_either else None,
    }  # fmt: skip
