"""What phones talk to: enrolment, sync, pictures of pages. Everything here is JSON, and refuses in plain sentences."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from django.db.models import F
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from umeed.access.scope import origin_of
from umeed.core.actions import Refused
from umeed.core.doors import by_phone, public
from umeed.core.scope import Scope
from umeed.core.viewer import as_system, as_viewer
from umeed.field import sync as conversation
from umeed.field.actions import enrol_phone, leave_phone
from umeed.field.actions.carrying import take_in
from umeed.field.actions.pages import keep_page
from umeed.field.commands.receiving import Receiving
from umeed.field.commands.sent import Hostile
from umeed.field.devices import count_wrong, has_tried_too_often, scope_of_device
from umeed.field.jpeg import MOST_BYTES as MOST_PICTURE
from umeed.field.keys import server_key
from umeed.field.lines import KIND as LINES
from umeed.field.lines import TYPE, in_lines
from umeed.field.models import Device
from umeed.field.sideways import KIND, sideways
from umeed.field.views.bodies import MOST_BYTES, read_bytes, read_json

# Nobody is known yet who sends it: reading what is large costs more than sending it.
MOST_ENROLLING, MOST_OF_A_WORKER = 16 * 1024, 512 * 1024
MOST_ON_A_PHONE = 50
_NEWER = "This app is newer than the server. Ask the block office."


@csrf_exempt
@public
@require_POST
def enrol(request: HttpRequest) -> HttpResponse:
    """A phone shows the code that its bookkeeper was given, and gets its token."""
    address = origin_of(request).partition(" ")[0]
    if has_tried_too_often(address):
        return told({"detail": gettext("Too many wrong codes came from here. Try again in ten minutes.")}, 429)
    try:
        said = read_json(request, MOST_ENROLLING)
        code, phone = said.get("code"), UUID(str(said.get("phone")))
        who = {name: UUID(str(said[name])) for name in ("owner", "was") if said.get(name) is not None}
        with as_system():
            device, token = enrol_phone(
                code=code if isinstance(code, str) else "", public_key=said.get("public_key"), phone=phone,
                label=str(said.get("label") or ""), origin=origin_of(request), known=_known(said.get("known")), **who,
            )  # fmt: skip
            key = server_key()
    except (Hostile, ValueError) as wrong:
        return told({"detail": str(wrong) if isinstance(wrong, Hostile) else "It does not say which phone it is."}, 400)
    except Refused as refused:
        if refused.refusals[0].code not in ("of_another", "here_already"):  # these codes are good
            count_wrong(address)
        reasons = [one.as_dict() for one in refused.refusals]
        return told({"detail": refused.refusals[0].message(gettext), "reasons": reasons}, 422)
    owner = device.owner
    return told({
        "device": str(device.pk), "token": token, "name": str(owner), "language": owner.language,
        "owner": str(owner.pk), "server_key": key.public, "server_key_id": key.pk,
    })  # fmt: skip


def _known(said: Any) -> list[UUID]:
    """Who is on a phone already, as it says."""
    return [UUID(str(one)) for one in said[:MOST_ON_A_PHONE]] if isinstance(said, list) else []


@by_phone
@require_POST
def sync(request: HttpRequest) -> HttpResponse:
    """The conversation. Each command in it is a transaction of its own; the whole may be repeated at any time."""
    device = request.device  # type: ignore[attr-defined]
    try:
        message = read_json(request)
        if message.get("protocol") != conversation.PROTOCOL:
            return told({"detail": _NEWER}, 426)
        asked = conversation.read_asked(message)
    except Hostile as wrong:
        return told({"detail": str(wrong)}, 400)
    by = _hers(request)
    answer = conversation.answer(by=by, device=device, asked=asked)
    accepted = request.headers.get("Accept", "")
    if answer["groups"] and LINES in accepted:
        return HttpResponse(in_lines(answer), content_type=TYPE, headers={"Cache-Control": "no-store"})
    if answer["groups"] and KIND in accepted:
        answer["groups"] = sideways(answer["groups"])
    return told(answer)


@by_phone
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """The last that a phone says: its bookkeeper signs out, and all of hers on it goes."""
    device, by = request.device, _hers(request)  # type: ignore[attr-defined]
    with as_viewer(by.viewer):
        leave_phone(device=device, origin=origin_of(request))
    return told({})


@by_phone
@require_POST
def page(request: HttpRequest, id: UUID) -> HttpResponse:
    """The picture of a signed page, for the command of this id; it may come before that or after it."""
    device = request.device  # type: ignore[attr-defined]
    by = _hers(request)
    try:
        raw = read_bytes(request, MOST_PICTURE)
        with as_viewer(by.viewer):
            keep_page(device=device, uid=id, raw=raw)
            if device.must_forget:  # what is told of it at the end went with the phone
                here = Device.objects.filter(pk=device.pk, told_pictures__gt=0)
                here.update(told_pictures=F("told_pictures") - 1)
    except Hostile as wrong:
        return told({"detail": str(wrong)}, 413)
    except Refused as refused:
        reasons = [one.as_dict() for one in refused.refusals]
        return told({"detail": refused.refusals[0].message(gettext), "reasons": reasons}, 422)
    receiving = Receiving(by, device).look(asked=[id])
    receiving.take_up(id)
    return told({"answers": receiving.answers([id])})


@csrf_exempt
@public
@require_POST
def carried(request: HttpRequest) -> HttpResponse:
    """A file that a phone wrote: its signature says whose it is. Brought by another phone, or without a token by the
    worker of its own, which cannot open what her PIN locks. What became of the commands is told in full only to the
    phone that wrote them: `sealed` is for it."""
    device: Device | None = getattr(request, "device", None)
    address = origin_of(request).partition(" ")[0]
    if device is None and has_tried_too_often(address):
        return told({"detail": gettext("Too many wrong codes came from here. Try again in ten minutes.")}, 429)
    who = {"by": str(device.owner_id), "name": str(device.owner)} if device else {"by": "", "name": ""}
    try:
        done = take_in(read_bytes(request, MOST_BYTES if device else MOST_OF_A_WORKER), **who)
    except Hostile as wrong:
        return told({"detail": str(wrong)}, 400)
    except Refused as refused:
        if device is None:
            count_wrong(address)
        reasons = [one.as_dict() for one in refused.refusals]
        return told({"detail": refused.refusals[0].message(gettext), "reasons": reasons}, 422)
    is_its_own = device is not None and done.opened.device.pk == device.pk
    brief = ("id", "try", "state", "receipt")
    answers = [one if is_its_own else {key: one[key] for key in brief if key in one} for one in done.answers]
    return told({"answers": answers, "sealed": base64.b64encode(done.sealed).decode()})


def _hers(request: HttpRequest) -> Scope:
    """The scope of whose phone it is; of an account that was switched off only who she is."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    device: Device = request.device  # type: ignore[attr-defined]
    return scope if scope.viewer else scope_of_device(device, origin=origin_of(request))


def told(body: dict[str, Any], status: int = 200) -> JsonResponse:
    """JSON that nobody keeps on the way."""
    answer = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})
    answer.headers["Cache-Control"] = "no-store"
    return answer
