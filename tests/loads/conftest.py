"""The scene of two districts, the trial kind of file, and hands that make files and send them."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.architecture import scene as scenes
from tests.loads.tags import TagsFromADay, TagsOfVillages
from umeed.core import doors
from umeed.core.loads import acts, layouts, steps
from umeed.core.loads.models import Load
from umeed.core.viewer import as_viewer

HEADINGS = ("Village Name", "Mark", "From Date", "Order No", "Mobile Number")
GOOD = (
    ("Here village 1", "covered", "01-04-2024", "Order 1", "9906543210"),
    ("Here village 2", "aspirational", "25_01_2016", "Order 2", ""),
)


@pytest.fixture
def scene(db: None) -> scenes.Scene:
    return scenes.build()


@pytest.fixture
def officer(scene: scenes.Scene) -> Any:
    return scene.people["block_officer"]


@pytest.fixture(autouse=True)
def kinds() -> Iterator[dict[str, Any]]:
    """Only the trial kinds of file are known while a test runs."""
    known = dict(layouts._layouts)
    layouts._layouts.clear()
    offered = {layout.key: layouts.offer(layout) for layout in (TagsOfVillages(), TagsFromADay())}
    yield offered
    layouts._layouts.clear()
    layouts._layouts.update(known)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine shall not send a small file to the background."""
    monkeypatch.setattr(steps, "SHORT_SECONDS", 60.0)


@pytest.fixture
def client_of(scene: scenes.Scene) -> Callable[[str], Client]:
    def signed_in(role: str) -> Client:
        client = Client()
        client.force_login(scene.people[role])
        return client

    return signed_in


def book(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS, title: str = "Sheet1") -> bytes:
    """An XLSX file with one sheet; the same content gives the same bytes."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"default_date_format": "dd-mm-yyyy"}) as workbook:
        workbook.set_properties({"created": datetime.datetime(2024, 1, 1)})
        sheet = workbook.add_worksheet(title)
        sheet.write_row(0, 0, headings)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)
    return made.getvalue()


def received(person: Any, content: bytes, name: str = "tags.xlsx", layout_key: str = "") -> Load:
    """A load as it stands when its file has arrived."""
    by = doors.scope_of_viewer(str(person.pk))
    with as_viewer(by.viewer):
        return acts.receive_file(by=by, file_name=name, pieces=lambda: iter([content]), layout_key=layout_key)


def judged(person: Any, content: bytes, name: str = "tags.xlsx", layout_key: str = "") -> Load:
    """A load after the dry run."""
    return gone_on(received(person, content, name, layout_key))


def gone_on(load: Load) -> Load:
    steps.go_on(load.pk)
    load.refresh_from_db()
    return load


def consented(person: Any, load: Load, which: str = acts.WHOLE) -> Load:
    """A load after consent and the work that follows."""
    by = doors.scope_of_viewer(str(person.pk))
    with as_viewer(by.viewer):
        acts.consent(load, by=by, revision=load.revision, which=which)
    return gone_on(load)


def undone(person: Any, load: Load) -> Load:
    by = doors.scope_of_viewer(str(person.pk))
    with as_viewer(by.viewer):
        acts.ask_to_undo(load, by=by)
    return gone_on(load)


def sent(client: Client, content: bytes, name: str = "tags.xlsx", **more: Any) -> Any:
    """Send a file through the page, and read the page that follows."""
    return client.post("/loads/", {"file": SimpleUploadedFile(name, content), **more}, follow=True)


def latest() -> Load:
    return Load.objects.latest("made_at")


@pytest.fixture
def client(client_of: Any) -> Any:
    return client_of("block_officer")
