"""Every address of the project with its door, and the sample records by which the route test fills addresses."""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import PathView

from tests.architecture.scene import Scene
from umeed.access import queries as people
from umeed.core.audit import audited
from umeed.core.audit_pages import queries as audit
from umeed.core.doors import Door, door_of
from umeed.core.models import AuditEntry
from umeed.core.scope import Scope, system
from umeed.core.seal import sealed_bytes
from umeed.field.queries import MANAGE, phones

_PART = re.compile(r"<(?:\w+:)?(\w+)>|\{(\w+)\}")


@dataclass(frozen=True)
class Route:
    """An address as Django has it. `doors` by HTTP method; '' for a view that answers every method by itself."""

    path: str
    name: str
    module: str
    doors: dict[str, Door | None]

    @property
    def door(self) -> Door | None:
        """The door of reading."""
        return self.doors.get("GET", self.doors.get(""))

    @property
    def parts(self) -> list[str]:
        """Names of what the address carries."""
        return [one or other for one, other in _PART.findall(self.path)]

    @property
    def counts(self) -> bool:
        """Whether its records have numbers for ids, not UUIDs."""
        numbered = ("places_place", "access_posting", "core_auditentry")
        return "<int:" in self.path or bool(self.door and self.door.of in numbered)

    @property
    def is_allauth(self) -> bool:
        return self.path.startswith("accounts/")

    def filled(self, values: dict[str, Any]) -> str:
        """The address with its parts filled; a part without a value is a KeyError."""
        return "/" + _PART.sub(lambda part: str(values[part[1] or part[2]]), self.path)


def all_routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns))


def _walk(patterns: list[URLPattern | URLResolver], above: str = "", space: str = "") -> Iterator[Route]:
    for pattern in patterns:
        path = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        else:
            view = pattern.callback
            yield Route(path, space + (pattern.name or ""), view.__module__, _doors(view))


def _doors(view: Any) -> dict[str, Door | None]:
    """The doors of a view; of a ninja path, those of its operations by method."""
    for cell in getattr(view, "__closure__", None) or ():
        if isinstance(cell.cell_contents, PathView):
            operations = cell.cell_contents.operations
            return {method: door_of(one.view_func) for one in operations for method in one.methods}
    return {"": door_of(view)}


# Sample records -------------------------------------------------------------------------------------------------------

Seen = Callable[[Scope, Any], bool]


@dataclass(frozen=True)
class Sample:
    """A record of a table in the reach of the officers of the scene, one outside, and who sees a record."""

    inside: Any
    outside: Any
    seen: Seen


def samples(scene: Scene) -> dict[str, Sample]:
    """By table, or by `namespace|table` where a namespace shows only some of a table's records.

    A new table whose ids stand in addresses gets a line here.
    """
    here, there = scene.here, scene.there
    officer = str(scene.people["block_officer"].pk)
    known = {
        "places_place": _both(here.villages[0], there.villages[0]),
        "institutions_woman": _both(here.women[0], there.women[0]),
        "institutions_institution": _both(here.groups[0], there.groups[0]),
        "vos|institutions_institution": _both(here.vo, there.vo),
        "clfs|institutions_institution": _both(here.clf, there.clf),
        "without-book|institutions_institution": _both(here.groups[1], there.groups[1]),
        "access_user": Sample(
            scene.people["partner"].pk, scene.people["nobody"].pk,
            lambda scope, pk: people.people_seen_by(scope).filter(pk=pk).exists(),
        ),
        "access_posting": _postings(scene),
        "core_auditentry": _entries(scene),
    }  # fmt: skip
    with audited(by=system(datetime.date(2020, 1, 1)), did="make_samples"):
        known |= _owned(officer) | _duplicates(scene) | _sent_by_phones(scene)
    return known


def _both(inside: Any, outside: Any) -> Sample:
    model = type(inside)
    return Sample(inside.pk, outside.pk, lambda scope, pk: any(
        model.objects.seen_by(scope, capability).filter(pk=pk).exists()
        for capability in ("women.see", "institutions.see", "places.see")
        if capability.split(".")[0] == _subject(model)
    ))  # fmt: skip


def _subject(model: Any) -> str:
    return {"Place": "places", "Woman": "women", "Institution": "institutions"}[model.__name__]


def _postings(scene: Scene) -> Sample:
    held = scene.people["partner"].postings.get()
    other = scene.people["ut_officer"].postings.get()
    return Sample(held.pk, other.pk, lambda scope, pk: people.postings_in_reach(scope).filter(pk=pk).exists())


def _entries(scene: Scene) -> Sample:
    seqs = []
    for side in (scene.here, scene.there):
        with audited(by=system(datetime.date(2020, 1, 1)), did="test_entry") as trail:
            trail.about(side.villages[0])
        seqs.append(AuditEntry.objects.order_by("-seq").values_list("seq", flat=True).first())
    return Sample(*seqs, lambda scope, seq: audit.seen_by(scope).filter(seq=seq).exists())


def _owned(officer: str) -> dict[str, Sample]:
    """Records that belong to whoever made them: loads (told in summary to others) and saved views."""
    load, view = apps.get_model("core", "Load"), apps.get_model("core", "SavedView")
    mine, others = (load(file_name="x.csv", size=1, sha256="0" * 64, made_by=who, made_by_name="x", state="mapping")
                    for who in (officer, "somebody"))  # fmt: skip
    saved = [view(owner=who, register="women", name="x") for who in (officer, "somebody")]
    for record in (mine, others, *saved):
        record.save()

    def by_me(scope: Scope, pk: Any) -> bool:
        return scope.viewer == officer and pk in (mine.pk, saved[0].pk)

    return {"core_load": Sample(mine.pk, others.pk, by_me), "core_savedview": Sample(saved[0].pk, saved[1].pk, by_me)}


def _duplicates(scene: Scene) -> dict[str, Sample]:
    candidate, merge = apps.get_model("duplicates", "Candidate"), apps.get_model("duplicates", "Merge")
    pairs, merges = [], []
    for side in (scene.here, scene.there):
        low, high = sorted(side.women[:2], key=lambda woman: woman.pk)
        pair = candidate(low=low, high=high, bits=9, band="likely", found_on=datetime.date(2026, 1, 1))
        done = merge(survivor=low, merged=high, merged_by="x", why="x", moved={"changes": [], "held": {}},
                     merged_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))  # fmt: skip
        pair.save()
        done.save()
        pairs.append(pair)
        merges.append(done)
    woman = _both(scene.here.women[0], scene.there.women[0])
    inside = {
        pairs[0].pk: woman.inside,
        merges[0].pk: woman.inside,
        pairs[1].pk: woman.outside,
        merges[1].pk: woman.outside,
    }

    def seen(scope: Scope, pk: Any) -> bool:
        return woman.seen(scope, inside[pk])

    return {
        "duplicates_candidate": Sample(pairs[0].pk, pairs[1].pk, seen),
        "duplicates_merge": Sample(merges[0].pk, merges[1].pk, seen),
    }


def _sent_by_phones(scene: Scene) -> dict[str, Sample]:
    """A phone of the group's bookkeeper here, one of who keeps no book; what each sent of the group of its side."""
    device, command, page = (apps.get_model("field", name) for name in ("Device", "Command", "Page"))
    at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    made: dict[str, list[Any]] = {"field_device": [], "field_command": [], "field_page": []}
    for side, owner in ((scene.here, "group_bookkeeper"), (scene.there, "nobody")):
        of = {"owner": scene.people[owner], "group": side.groups[0].pk}
        phone = device(owner=of["owner"], phone=uuid4(), label="x", public_key={}, enrolled_at=at, enrolled_by="x",
                       token_digest=owner)  # fmt: skip
        sent = command(uid=uuid4(), kind="close_meeting", device=phone, digest=b"", state="held", said="", **of)
        signed = page(uid=uuid4(), meeting=uuid4(), sha256=b"", width=1, height=1, **of,
                      picture=sealed_bytes(b"x", "field.page.picture"))  # fmt: skip
        for name, record in zip(made, (phone, sent, signed), strict=True):
            record.save()
            made[name].append(record.pk)
    return {
        "field_device": Sample(*made["field_device"], lambda scope, pk: phones(scope).filter(pk=pk).exists()),
        "field_command": Sample(
            *made["field_command"], lambda scope, pk: command.objects.seen_by(scope, MANAGE).filter(pk=pk).exists()
        ),
        "field_page": Sample(
            *made["field_page"], lambda scope, pk: page.objects.seen_by(scope, "books.see").filter(pk=pk).exists()
        ),
    }
