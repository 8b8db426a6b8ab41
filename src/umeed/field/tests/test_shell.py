"""The shell that a phone keeps: small, whole, nobody's; and the words it speaks."""

import gzip
import json
import re

import brotli
import pytest
from django.contrib.staticfiles import finders

from umeed.core.language import gathered
from umeed.core.management.commands.make_fonts import FACES
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


def test_letters_are_no_part_of_the_shell_and_have_the_addresses_of_their_files(client) -> None:
    told = client.get("/field/sw.js").content.decode()
    letters = sorted(json.loads(re.search(r"const LETTERS = (.*);", told)[1]).values())  # type: ignore[index]
    assert len(letters) == 4 and not set(letters) & set(shell.addresses())
    sheet = shell.told(shell.STATIC / "field.css")
    assert sorted(re.findall(r'url\("(/[^"]*)"\)', sheet)) == letters
    made = {f"../core/fonts/{face.name}.woff2" for face in FACES}
    assert set(shell.letters()) <= made
    # Each is asked for only by letters of its own script.
    faces = re.findall(r"@font-face \{(.*?)\}", sheet, re.S)
    assert all("local(" in face and "unicode-range: U+" in face and "U+20-" not in face for face in faces)


def test_whatever_a_file_reads_is_kept_too() -> None:
    there = set(shell.files())
    for file in there:
        for other in _IMPORTED.findall(file.read_text("utf-8")) if file.suffix == ".js" else ():
            assert (file.parent / other).resolve() in there, f"{file.name} reads {other}"


def test_the_whole_shell_comes_in_one_piece_and_is_smaller_than_promised(client) -> None:
    address = f"/field/shell/{shell.version()}.txt"
    answer = client.get(address, headers={"accept-encoding": "gzip, br"})
    assert answer["Content-Encoding"] == "br" and not answer.cookies
    # Browsers that have service workers ask for brotli: both go with TLS alone.
    assert len(answer.content) + len(gzip.compress(shell.PAGE.read_bytes())) < BUDGET
    told = brotli.decompress(answer.content)
    assert told == client.get(address).content and ["/field/", *told.decode().split("\0")[::2]] == shell.addresses()
    assert told.decode().split("\0")[1::2] == [shell.told(file) for file in shell.files()]
    assert client.get("/field/shell/another.txt").status_code == 404


def test_what_travels_lacks_nothing_but_remarks() -> None:
    """No line of a remark lies in a text that goes over many lines, and each line stands where it stood."""
    for file in shell.files():
        text = file.read_text("utf-8")
        lines, told = text.split("\n"), shell.told(file).split("\n")
        assert len(lines) == len(told)
        if file.suffix == ".js":
            left_out = [line.strip() for line, came in zip(lines, told, strict=True) if line.strip() != came]
            assert not any(came for line, came in zip(lines, told, strict=True) if line.strip() != came)
            assert all(line.count("`") % 2 == 0 for line in lines), f"{file.name}: a text over many lines"
            blocks = "\n".join(left_out)
            assert blocks.count("/*") == blocks.count("*/") and "*/" not in re.sub(r"\*/$", "", blocks, flags=re.M)


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
