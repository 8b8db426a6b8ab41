"""Loading what a phone handed over as a file or as codes, what became of it row by row, and the file that goes back."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext

from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.core.doors import needs
from umeed.core.seal import opened_bytes
from umeed.core.viewer import as_viewer
from umeed.field import queries
from umeed.field.actions.carrying import Carried, take_in
from umeed.field.actions.pages import PURPOSE
from umeed.field.codes import joined
from umeed.field.models import Command, Page
from umeed.field.queries import MANAGE
from umeed.field.telling import groups_called, reasons_of
from umeed.field.views.bodies import MOST_BYTES
from umeed.field.views.inbox import BADGES
from umeed.field.views.phones import crumb
from umeed.institutions.models import Institution
from umeed.kernel.refusals import N_, Refusal

# How long the file that goes back is there to be taken.
_KEPT_SECONDS = 24 * 60 * 60
_NOTHING = N_("Choose the file that the phone made, or read its codes.")
_TOO_LARGE = N_("This file is larger than any that a phone makes.")
_STATES = dict(Command.State.choices)


@needs(MANAGE)
def carried(request: HttpRequest) -> HttpResponse:
    """A file of any phone that was enrolled here. Around it lies no transaction: each command is one of its own."""
    done, reasons = None, list[Refusal]()
    if request.method == "POST":
        try:
            done = take_in(_sent(request), by=request.scope.viewer, name=request.scope.name)
        except Refused as refused:
            reasons = refused.refusals
    with as_viewer(request.scope.viewer):
        return render(request, "field/carried.html", {
            "page": {"title": gettext("Load a file of a phone"), "crumbs": [crumb()]}, "reasons": reasons,
            "codes": request.POST.get("codes", "") if reasons else "",
            "owner": str(done.opened.device.owner) if done else "",
            "rows": _rows(request, done) if done else None, "token": _kept(request, done) if done else "",
            "made_at": done.opened.made_at if done else "",
        }, status=422 if reasons else 200)  # fmt: skip


def _sent(request: HttpRequest) -> bytes:
    file, codes = request.FILES.get("file"), request.POST.get("codes", "")
    if file is None and not codes.strip():
        raise Refused([Refusal("file", "nothing", _NOTHING)])
    if file is None:
        return joined(codes)
    if (file.size or 0) > MOST_BYTES:
        raise Refused([Refusal("file", "too_large", _TOO_LARGE)])
    return bytes(file.read())


def _rows(request: HttpRequest, done: Carried) -> list[dict[str, Any]]:
    """What became of each. Of groups beyond the officer's own places only that."""
    uids = [one["id"] for one in done.answers]
    latest = {str(row.uid): row for row in queries.commands(request.scope).filter(
        uid__in=uids, owner=done.opened.device.owner_id).defer("said").order_by("attempt")}  # fmt: skip
    called = groups_called(request.scope, [row.group for row in latest.values()])
    return [_row(one, latest.get(one["id"]), called) for one in done.answers]


def _row(answer: dict[str, Any], row: Command | None, called: dict[Any, str]) -> dict[str, Any]:
    state = "accepted" if answer["state"] == "known" else answer["state"]
    return {
        "row": row, "receipt": answer.get("receipt"), "state": _STATES.get(state, state),
        "badge": BADGES.get(state, ""), "group": called.get(row.group, "") if row else "",
        "kind": row.get_kind_display() if row else "", "is_known": answer["state"] == "known",
        "reasons": reasons_of(row) if row else [],
    }  # fmt: skip


def _kept(request: HttpRequest, done: Carried) -> str:
    """The file that goes back lies here for a day. It is sealed: only the phone that wrote the first can read it."""
    token = secrets.token_urlsafe(18)
    cache.set(_key(request, token), done.sealed, timeout=_KEPT_SECONDS)
    return token


def _key(request: HttpRequest, token: str) -> str:
    return f"field.answers.{request.scope.viewer}.{token}"


@needs(MANAGE)
def answers(request: HttpRequest, token: str) -> HttpResponse:
    """The answers as a file, for the phone to read."""
    sealed = cache.get(_key(request, token)) if token.isascii() and len(token) < 40 else None
    if sealed is None:
        raise Http404
    answer = HttpResponse(sealed, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = 'attachment; filename="answers.umeed"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@needs("books.see", of="field_page")
def picture(request: HttpRequest, id: int) -> HttpResponse:
    """The picture of a signed page. That it was looked at is kept."""
    page = get_object_or_404(Page.objects.seen_by(request.scope, "books.see").exclude(meeting=None), pk=id)
    with audited(by=request.scope, did="look_at_page") as trail:
        trail.rows("read", "field_page", [(str(page.pk), None, {"fields": ["picture"]})])
        trail.at_place(Institution.objects.filter(pk=page.group).values_list("place", flat=True).first())
    answer = HttpResponse(opened_bytes(bytes(page.picture), PURPOSE), content_type="image/jpeg")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
