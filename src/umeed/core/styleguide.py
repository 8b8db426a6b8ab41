"""Shows every component in each of its states, in the reader's language and direction: the page to look at before and
after changing the look."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from umeed.core.charts import DISTRICTS
from umeed.core.doors import public

# Invented people and groups, written in the script of each language (they are samples of writing, not texts to translate).
WORDS: dict[str, dict[str, str]] = {
    "en": {"woman": "Zoona Begum", "group": "Noor SHG", "village": "Nowgam", "block": "Dangiwacha", "officer": "Shabnam Akhtar"},
    "hi": {"woman": "ज़ूना बेगम", "group": "नूर समूह", "village": "नौगाम", "block": "डांगीवाचा", "officer": "शबनम अख़्तर"},
    "ur": {"woman": "زونہ بیگم", "group": "نور گروپ", "village": "نوگام", "block": "ڈنگی وچھہ", "officer": "شبنم اختر"},
}  # fmt: skip

PALETTE = [
    ("paper", "surface", "sunken", "line", "edge", "ink", "soft"),
    ("walnut", "lake", "lake-deep", "lake-wash", "chinar", "chinar-wash"),
    ("leaf", "leaf-wash", "kesar", "kesar-wash", "rose", "rose-wash"),
]


class SampleForm(forms.Form):
    """A form with every kind of field, shown empty of errors and full of them."""

    name = forms.CharField(label=_("Name as she writes it"), help_text=_("In any script; spelling is kept as written."))
    phone = forms.CharField(label=_("Phone"), required=False, widget=forms.TextInput({"type": "tel", "inputmode": "tel"}))
    formed_on = forms.DateField(label=_("Formed on"), widget=forms.DateInput({"type": "date"}))
    members = forms.IntegerField(label=_("Members"), min_value=5, max_value=20)
    village = forms.ChoiceField(label=_("Village"), choices=[("", "—"), ("1", "Nowgam"), ("2", "Watergam")])
    kind = forms.ChoiceField(
        label=_("Kind of group"),
        widget=forms.RadioSelect,
        choices=[("new", _("New")), ("revived", _("Revived"))],
        help_text=_("A revived group keeps its old books."),
    )
    note = forms.CharField(label=_("Remark"), required=False, widget=forms.Textarea({"rows": 3}))
    sheet = forms.FileField(label=_("Spreadsheet"), required=False, help_text=_("XLSX, CSV or LGD's own download."))
    consent = forms.BooleanField(label=_("She has agreed that this is kept"))


def _filled(wrong: bool) -> SampleForm:
    """The sample form: untouched, or sent with mistakes so that every field shows its error."""
    given = {"name": "", "members": "31", "formed_on": "x", "kind": "old", "phone": "0194"}
    return SampleForm(given, prefix="wrong") if wrong else SampleForm(prefix="right")


def _map_values() -> dict[int, float | None]:
    """Invented counts for the districts; two are left out to show what "not known" looks like."""
    return {code: 1200 + (code * 977) % 6400 for code in DISTRICTS if code not in (620, 9)}


def _ranking() -> list[dict[str, Any]]:
    moves = [2, 0, -1, None, -12]
    names = [DISTRICTS[code][2] for code in (13, 3, 1, 5, 9)]
    return [
        {"rank": n, "name": name, "shown": f"{98 - 3 * n}%", "move": move, "url": "#rankings", "mine": n == 3}
        for n, (name, move) in enumerate(zip(names, moves, strict=True), 1)
    ]


def _table(words: dict[str, str]) -> dict[str, Any]:
    columns = [
        {"key": "name", "title": _("Group"), "sort_url": "?sort=-name#tables", "sorted": "asc"},
        {"key": "village", "title": _("Village")},
        {"key": "members", "title": _("Members"), "number": True, "sort_url": "?sort=members#tables"},
        {"key": "savings", "title": _("Savings"), "number": True},
        {"key": "state", "title": _("State")},
    ]
    states = [(_("complete"), "good"), (_("2 missing"), "warn"), (_("refused"), "bad")]
    rows = [
        {
            "name": {"text": f"{words['group']} {n}", "url": "#tables", "note": words["woman"]},
            "village": words["village"],
            "members": 8 + n,
            "savings": f"₹\u00a0{n},24,500",
            "state": {"text": text, "badge": kind},
        }
        for n, (text, kind) in enumerate(states, 1)
    ]
    return {"columns": columns, "rows": rows, "total": {"name": _("All"), "members": 30, "savings": "₹\u00a07,34,500"}}


def _events(words: dict[str, str]) -> list[dict[str, Any]]:
    now = timezone.now()
    changes = [
        {"field": _("Village"), "before": words["village"], "after": words["block"]},
        {"field": _("Phone"), "before": "", "after": "••••••3210"},
    ]
    return [
        {"at": now - dt.timedelta(hours=3), "who": words["officer"], "did": _("Corrected"), "why": _("Typed wrongly on paper"), "where": words["block"], "changes": changes},
        {"at": now - dt.timedelta(days=90), "who": words["officer"], "did": _("Loaded from a spreadsheet"), "where": words["block"]},
    ]  # fmt: skip


def _menu() -> list[dict[str, Any]]:
    titles = [(_("Today"), "today"), (_("Groups"), "group"), (_("Women"), "people"), (_("Places"), "place"), (_("Profiles"), "rank"), (_("Load a spreadsheet"), "upload")]  # fmt: skip
    return [
        {"title": title, "url": f"#{icon}", "icon": icon, "current": n == 1, "group": _("Registers") if 0 < n < 4 else ""}
        for n, (title, icon) in enumerate(titles)
    ]


def _icons() -> list[str]:
    return "home today place people person group federation list search upload download chart rank shield settings menu more next back down up check close info success warn refuse eye lock clock edit add merge undo language theme out map file copy print filter phone bank history star bell key".split()


@public
def styleguide(request: HttpRequest) -> HttpResponse:
    """The page itself; it reads nothing from the database."""
    words = WORDS.get((get_language() or "en").split("-")[0], WORDS["en"])
    crumbs = [{"title": _("Jammu and Kashmir"), "url": "#"}, {"title": DISTRICTS[3][2], "url": "#"}, {"title": words["block"], "url": "#"}]  # fmt: skip
    actions = [{"title": _("Add a group"), "url": "#", "icon": "add"}, {"title": _("Download"), "url": "#", "icon": "download"}]  # fmt: skip
    context = {
        "page": {"title": _("Styleguide"), "lead": _("Every component of Umeed in each of its states, in your language."), "crumbs": crumbs, "actions": actions},
        "umeed_nav": _menu(),
        "viewer": {"name": words["officer"], "role": _("Block officer"), "place": words["block"]},
        "mission": _("Jammu and Kashmir Rural Livelihoods Mission"),
        "words": words,
        "palette": PALETTE,
        "icons": _icons(),
        "form": _filled(wrong=False),
        "wrong_form": _filled(wrong=True),
        "places": [*crumbs, {"title": words["village"]}],
        "tabs": [{"title": _("Profile"), "url": "#tabs", "current": True}, {"title": _("Members"), "url": "#tabs", "count": 12}, {"title": _("History"), "url": "#tabs"}],
        "steps": [{"title": _("Choose a file"), "state": "done"}, {"title": _("Look at the difference"), "state": "current"}, {"title": _("Agree"), "state": ""}],
        "table": _table(words),
        "empty_columns": [{"key": "name", "title": _("Group")}],
        "events": _events(words),
        "map_values": _map_values(),
        "map_shown": {code: f"{int(value):,}" for code, value in _map_values().items()},
        "map_urls": dict.fromkeys(DISTRICTS, "#charts"),
        "ranking": _ranking(),
        "bars": [{"name": DISTRICTS[code][2], "value": value, "target": target, "mark": code == 3} for code, value, target in ((13, 80, 90), (3, 64, 70), (9, 23, None))],
        "line": [61, 63, None, 66, 64, 70, 74, 79],
        "levels": range(5),
        "today": timezone.localdate(),
        "now": timezone.now() - dt.timedelta(hours=3),
        "notices": [("info", _("Loading goes on in the background; you may leave this page.")), ("success", _("48 groups were loaded.")), ("warn", _("Nine members: a group should have ten.")), ("refuse", _("She already belongs to another group on that day."))],
    }  # fmt: skip
    return render(request, "core/styleguide.html", context)
