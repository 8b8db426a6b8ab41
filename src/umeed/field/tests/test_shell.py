"""The shell that a phone keeps: small, whole, nobody's; and the words it speaks."""

import gzip
import json
import re

import pytest
from django.contrib.staticfiles import finders

from umeed.core.language import gathered
from umeed.field.views import shell

pytestmark = pytest.mark.django_db
BUDGET = 150_000
_IMPORTED = re.compile(r"""(?:from|import\()\s*["'`](\.{1,2}/[\w./-]+\.js)["'`]""")


def test_a_visitor_gets_the_page_and_nothing_of_anybody(client) -> None:
    answer = client.get("/field/")
    assert answer.status_code == 200
    assert not answer.cookies
    assert shell.version() in answer.content.decode()


def test_the_worker_keeps_every_file_under_one_version(client) -> None:
    answer = client.get("/field/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    told = answer.content.decode()
    assert json.dumps(shell.version()) in told
    kept = json.loads(re.search(r"const FILES = (.*);", told)[1])  # type: ignore[index]
    assert kept[0] == "/field/"
    assert {"/static/field/app.js", "/static/field/field.css", "/static/field/icons.svg"} <= set(kept)
    for address in kept[1:]:
        assert finders.find(address.removeprefix("/static/")), address


def test_whatever_a_file_reads_is_kept_too() -> None:
    there = set(shell.files())
    for file in there:
        for other in _IMPORTED.findall(file.read_text("utf-8")) if file.suffix == ".js" else ():
            assert (file.parent / other).resolve() in there, f"{file.name} reads {other}"


def test_the_whole_shell_is_smaller_than_promised() -> None:
    sizes = {file.name: len(gzip.compress(file.read_bytes())) for file in [shell.PAGE, *shell.files()]}
    assert sum(sizes.values()) < BUDGET, sorted(sizes.items(), key=lambda one: -one[1])[:12]


def test_what_phones_install_is_there(client) -> None:
    said = client.get("/field/manifest.webmanifest").json()
    assert said["scope"] == said["start_url"] == "/field/"
    for icon in said["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))


def test_words_of_the_phone_and_of_what_it_may_be_answered(client) -> None:
    assert client.get("/field/api/words/en.json").json() == {}
    said = client.get("/field/api/words/ur.json").json()
    assert said["attendance\x04Present"] and said["Savings"] != "Savings"
    # What rules refuse by, also those that run on the server only.
    assert said["This request was not granted."] and said["Say why: who asked must know."]
    assert client.get("/field/api/words/xx.json").status_code == 404


def test_what_scripts_say_is_gathered() -> None:
    found = [
        one for one in gathered() if any(str(file).startswith("field/static/field/") for file, _line in one.locations)
    ]
    assert len(found) > 100
    assert not [one.id for one in found if "${" in str(one.id)]


def test_nothing_is_fetched_from_elsewhere() -> None:
    for file in shell.files():
        addresses = re.findall(r"https?://[^\s\"'`)]+", file.read_text("utf-8"))
        assert [one for one in addresses if not one.startswith("http://www.w3.org/")] == [], file.name
