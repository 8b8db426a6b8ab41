"""Shows every component in each of its states, in the reader's language and direction: look here after a change."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import Any

from django import forms
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from umeed.core.charts import DISTRICTS
from umeed.core.doors import public
from umeed.core.papers import samples
from umeed.core.papers.answers import AS, paper_response

# Invented people and groups, in the script of each language: samples of writing, not texts to translate.
WORDS: dict[str, dict[str, str]] = {
    "en": {"woman": "Zoona Begum", "group": "Noor SHG", "village": "Nowgam", "block": "Dangiwacha"},
    "hi": {"woman": "ज़ूना बेगम", "group": "नूर समूह", "village": "नौगाम", "block": "डांगीवाचा"},
    "ur": {"woman": "زونہ بیگم", "group": "نور گروپ", "village": "نوگام", "block": "ڈنگی وچھہ"},
}
OFFICER = {"en": "Shabnam Akhtar", "hi": "शबनम अख़्तर", "ur": "شبنم اختر"}

PALETTE = [
    ("paper", "surface", "sunken", "line", "edge", "ink", "soft"),
    ("walnut", "lake", "lake-deep", "lake-wash", "chinar", "chinar-wash"),
    ("leaf", "leaf-wash", "kesar", "kesar-wash", "rose", "rose-wash"),
]
NOTICES = [
    ("info", _("Loading goes on in the background; you may leave this page.")),
    ("success", _("48 groups were loaded.")),
    ("warn", _("Nine members: a group should have ten.")),
    ("refuse", _("She already belongs to another group on that day.")),
]
MENU = [
    (_("Today"), "today"),
    (_("Groups"), "group"),
    (_("Women"), "people"),
    (_("Places"), "place"),
    (_("Profiles"), "rank"),
    (_("Load a spreadsheet"), "upload"),
]


class SampleForm(forms.Form):
    """A form with every kind of field, shown empty and full of errors."""

    name = forms.CharField(label=_("Name as she writes it"), help_text=_("In any script; spelling is kept as written."))
    phone = forms.CharField(label=_("Phone"), required=False, widget=forms.TextInput({"type": "tel"}))
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


@public
def styleguide(request: HttpRequest) -> HttpResponse:
    """The page itself; it reads nothing from the database."""
    language = (get_language() or "en").split("-")[0]
    words = WORDS.get(language, WORDS["en"]) | {"officer": OFFICER.get(language, OFFICER["en"])}
    script = language if language in WORDS else "en"
    papers = [samples.cash_book(script), samples.passbook(script, months=6)]
    if kind := request.GET.get(AS, ""):
        return paper_response(request, papers[0], kind)
    context = _frame(words) | _figures() | _lists(words) | _ways(words) | {"papers": papers}
    return render(
        request, "core/styleguide.html", context | {"words": words, "palette": PALETTE, "icons": icon_names()}
    )


@cache
def icon_names() -> list[str]:
    """The names of all icons, in the order of the drawing."""
    drawing = finders.find("core/icons.svg")
    if not drawing:
        return []
    with open(drawing, encoding="utf-8") as file:
        return re.findall(r'<symbol id="(\w+)"', file.read())


def _crumbs(words: dict[str, str]) -> list[dict[str, Any]]:
    names = (_("Jammu and Kashmir"), DISTRICTS[3][2], words["block"])
    return [{"title": name, "url": "#main"} for name in names]


def _frame(words: dict[str, str]) -> dict[str, Any]:
    """What stands around a page: its head, the menu, who looks."""
    add = {"title": _("Add a group"), "url": "#forms", "icon": "add"}
    download = {"title": _("Download"), "url": "#tables", "icon": "download"}
    lead = _("Every component of Umeed in each of its states, in your language.")
    return {
        "page": {"title": _("Styleguide"), "lead": lead, "crumbs": _crumbs(words), "actions": [add, download]},
        "umeed_nav": [
            {"title": title, "url": "#main", "icon": icon, "current": n == 1, "group": _("Registers") if n == 1 else ""}
            for n, (title, icon) in enumerate(MENU)
        ],
        "viewer": {"name": words["officer"], "role": _("Block officer")},
        "mission": _("Jammu and Kashmir Rural Livelihoods Mission"),
    }


def _figures() -> dict[str, Any]:
    """Invented counts; two districts are left out to show what "not known" looks like."""
    counts: dict[int, float | None] = {code: 1200 + (code * 977) % 6400 for code in DISTRICTS if code not in (620, 9)}
    ranked = zip((13, 3, 1, 5, 9), (2, 0, -1, None, -12), strict=True)
    return {
        "map_values": counts,
        "map_shown": {code: f"{value:,.0f}" for code, value in counts.items()},
        "map_urls": dict.fromkeys(DISTRICTS, "#charts"),
        "ranking": [
            {
                "rank": n,
                "name": DISTRICTS[code][2],
                "shown": f"{98 - 3 * n}%",
                "move": move,
                "mine": code == 1,
                "url": "#charts",
            }
            for n, (code, move) in enumerate(ranked, 1)
        ],
        "bars": [
            {"name": DISTRICTS[code][2], "value": value, "target": target, "mark": code == 3}
            for code, value, target in ((13, 80, 90), (3, 64, 70), (9, 23, None))
        ],
        "line": [61, 63, None, 66, 64, 70, 74, 79],
        "levels": range(5),
        "today": timezone.localdate(),
        "now": timezone.now() - dt.timedelta(hours=3),
        "notices": NOTICES,
    }


def _lists(words: dict[str, str]) -> dict[str, Any]:
    """A table with every kind of cell, and one without rows."""
    columns = [
        {"key": "name", "title": _("Group"), "sort_url": "?sort=-name#tables", "sorted": "asc"},
        {"key": "village", "title": _("Village")},
        {"key": "members", "title": _("Members"), "number": True, "sort_url": "?sort=members#tables"},
        {"key": "savings", "title": _("Savings"), "number": True},
        {"key": "state", "title": _("State")},
    ]
    rows = [
        {
            "name": {"text": f"{words['group']} {n}", "url": "#tables", "note": words["woman"]},
            "village": words["village"],
            "members": 8 + n,
            "savings": f"₹\u00a0{n},24,500",
            "state": {"text": text, "badge": kind},
        }
        for n, (text, kind) in enumerate(((_("complete"), "good"), (_("2 missing"), "warn"), (_("refused"), "bad")), 1)
    ]
    total = {"name": _("All"), "members": 30, "savings": "₹\u00a07,34,500"}
    return {"table": {"columns": columns, "rows": rows, "total": total}, "empty_columns": columns[:1]}


def _ways(words: dict[str, str]) -> dict[str, Any]:
    """Tabs, steps, history, and the form untouched and refused."""
    sent = {"wrong-name": "", "wrong-members": "31", "wrong-formed_on": "x", "wrong-kind": "old"}
    return {
        "places": [*_crumbs(words), {"title": words["village"]}],
        "tabs": [
            {"title": _("Profile"), "url": "#ways", "current": True},
            {"title": _("Members"), "url": "#ways", "count": 12},
            {"title": _("History"), "url": "#ways"},
        ],
        "steps": [
            {"title": _("Choose a file"), "state": "done"},
            {"title": _("Look at the difference"), "state": "current"},
            {"title": _("Agree"), "state": ""},
        ],
        "events": _events(words),
        "form": SampleForm(prefix="right"),
        "filter_form": SampleForm(prefix="filter"),
        "wrong_form": SampleForm(sent, prefix="wrong"),
    }


def _events(words: dict[str, str]) -> list[dict[str, Any]]:
    now = timezone.now()
    changes = [
        {"field": _("Village"), "before": words["village"], "after": words["block"]},
        {"field": _("Phone"), "before": "", "after": "••••••3210"},
    ]
    about = {"who": words["officer"], "where": words["block"]}
    why = _("Typed wrongly on paper")
    return [
        about | {"at": now - dt.timedelta(hours=3), "did": _("Corrected"), "why": why, "changes": changes},
        about | {"at": now - dt.timedelta(days=90), "did": _("Loaded from a spreadsheet")},
    ]
