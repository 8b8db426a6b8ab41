"""Who did what: the list, and one entry with its differences."""

import datetime
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from umeed.core.audit_pages import queries, subjects, words
from umeed.core.doors import needs
from umeed.core.scope import Scope
from umeed.kernel.dates import date_as_written

_PARAMS = ("who", "did", "about", "table", "subject_id", "since", "until")
COUNT = 50
CHANGES = 100


@needs("audit.see", "site.run")
def listing(request: HttpRequest) -> HttpResponse:
    """Entries of one's own place, newest first, narrowed by person, action, record and days."""
    given = {key: request.GET.get(key, "").strip() for key in _PARAMS}
    numbers, said = _about(request.scope, given)
    asked = queries.Asked(given["who"], given["did"], numbers, _day(given["since"]), _day(given["until"]))
    events = queries.entries(request.scope, asked, before=_number(request.GET.get("before")), count=COUNT + 1)
    older = ""
    if len(events) > COUNT:
        kept = {key: value for key, value in given.items() if value}
        older = "?" + urlencode({**kept, "before": events[COUNT - 1].seq})
    return render(request, "core/audit/list.html", {
        "page": {"title": _("Who did what")}, "asked": given, "events": events[:COUNT], "older_url": older,
        "actions": queries.actions_seen(request.scope), "is_later_page": "before" in request.GET, **said,
    })  # fmt: skip


def _about(scope: Scope, given: dict[str, str]) -> tuple[list[int] | None, dict[str, Any]]:
    """The numbers of the entries about what is asked for (None: about anything), and what the page says of it.

    A record out of her sight, or an id that names none, has no entries for her.
    """
    if given["table"] or given["subject_id"]:
        subject = (given["table"], given["subject_id"])
        record = subjects.named(scope, [subject]).get(subject)
        return subjects.entries_about([subject] if record else []), {"record": record}
    if given["about"]:
        meant = subjects.meant(scope, given["about"])
        return subjects.entries_about(meant.subjects), {"is_cut": meant.is_cut}
    return None, {}


@needs("audit.see", "site.run", of="core_auditentry")
def entry(request: HttpRequest, seq: int) -> HttpResponse:
    """One entry: what was touched, before and after, and where it stands in the chain."""
    found = queries.entry_of(request.scope, seq)
    if found is None:
        raise Http404
    start = _number(request.GET.get("start")) or 0
    page: dict[str, Any] = {
        "title": words.said(found.did),
        "crumbs": [{"title": _("Who did what"), "url": reverse("audit:list")}],
    }
    subject = (found.subject_table, found.subject_id)
    changes = queries.changes_of(request.scope, found, start=start, count=CHANGES)
    named = subjects.named(request.scope, [subject, *(change.about for change in changes)])
    return render(request, "core/audit/entry.html", {
        "page": page, "entry": found, "why": words.reasons_of([found])[found.pk],
        "subject": words.table_in_words(found.subject_table),
        "record": named.get(subject),
        "changes": [replace(one, url=named[one.about].url if one.about in named else "") for one in changes],
        "next_url": f"?start={start + CHANGES}" if start + CHANGES < found.change_count else "",
        "previous_url": f"?start={max(start - CHANGES, 0)}" if start else "",
        "first": start + 1, "last": min(start + CHANGES, found.change_count),
    })  # fmt: skip


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() and len(text) < 18 else None


def _day(text: str) -> datetime.date | None:
    """A day as people write it; what is not a day narrows nothing."""
    day = date_as_written(text) if text else None
    return day if isinstance(day, datetime.date) else None
