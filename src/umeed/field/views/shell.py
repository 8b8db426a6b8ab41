"""The shell of the phone: one page without anybody's data, the files it is made of, and the words it speaks.

A phone keeps all of it under one version, the digest of the contents: it never runs files of two versions together.
They travel in one piece: fetched one by one, a hundred files wait for each other on a slow network, and are half as
large again.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.cache import patch_vary_headers

from umeed.core.doors import public
from umeed.core.language import LANGUAGES, catalogue_file, read
from umeed.core.nearest import NEAREST
from umeed.core.packing import by_brotli, takes_brotli

ROOM = Path(__file__).resolve().parents[1]
STATIC = ROOM / "static" / "field"
PAGE = ROOM / "templates" / "field" / "shell.html"
WORKER = "sw.js"
_FONT = re.compile(r'url\("(\.\./[\w/.-]+\.woff2)"\)')
_REMARK = re.compile(r"/\*.*?\*/", re.S)
# What a phone shows or checks, by where it is said: its own code, and whatever a server may answer it with.
SAID_ON_PHONES = (
    "field/", "core/nearest.py", "kernel/", "books/codes.py", "books/heads.py", "books/rules/", "books/actions/",
    "books/ledger/", "books/meetings/", "books/cutoffs/", "institutions/actions/", "institutions/rules",
    "institutions/acts/",
)  # fmt: skip


@public
def shell(request: HttpRequest) -> HttpResponse:
    """The page: the same for everybody, in no language yet."""
    answer = render(request, "field/shell.html", {"version": version(), "nearest": _nearest()})
    answer["Cache-Control"] = "no-cache"
    return answer


def _nearest() -> str:
    return " ".join(f"{language}={spoken}={called}" for language, (spoken, called) in NEAREST.items())


@public
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, told which files it keeps and under which version."""
    known = {"VERSION": version(), "FILES": addresses(), "LETTERS": _letters_on_server()}
    told = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in known.items())
    answer = HttpResponse(told + (STATIC / WORKER).read_text("utf-8"), content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@public
def pack(request: HttpRequest, of: str) -> HttpResponse:
    """Address and text of every file of one version in turn, for the worker; what JSON would put before every quotation
    mark makes it larger. Another version than that of here is not here."""
    if of != version():
        raise Http404
    answer = HttpResponse(packed(of), content_type="text/plain; charset=utf-8")
    if takes_brotli(request):
        answer = HttpResponse(packed_small(of), content_type=answer["Content-Type"], headers={"Content-Encoding": "br"})
    patch_vary_headers(answer, ("Accept-Encoding",))
    # It never changes, but the worker keeps what is in it: a second copy would only take room.
    answer["Cache-Control"] = "no-store"
    return answer


@public
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put it among its apps."""
    icons = [
        {"src": f"/static/field/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512) for purpose in ("any", "maskable")
    ]  # fmt: skip
    said = {
        "id": "/field/", "name": "Umeed", "short_name": "Umeed", "start_url": "/field/", "scope": "/field/",
        "display": "standalone", "background_color": "#f8f4ee", "theme_color": "#33241a", "icons": icons,
    }  # fmt: skip
    return JsonResponse(said, content_type="application/manifest+json")


@public
def words(request: HttpRequest, language: str) -> HttpResponse:
    """{English text: how it is said} of what phones say; of a text in the plural both. English itself is empty."""
    if language != "en" and language not in LANGUAGES:
        raise Http404
    answer = JsonResponse(words_in(language), json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "no-cache"
    return answer


def words_in(language: str) -> dict[str, str | list[str]]:
    file = catalogue_file(language)
    return _words(language, file.stat().st_mtime_ns) if language != "en" and file.exists() else {}


@lru_cache(maxsize=8)
def _words(language: str, _written: int) -> dict[str, str | list[str]]:
    said: dict[str, str | list[str]] = {}
    for message in read(language):
        if message.id and any(str(file).startswith(SAID_ON_PHONES) for file, _line in message.locations):
            one = message.id if isinstance(message.id, str) else message.id[0]
            text = message.string if isinstance(message.string, str) else list(message.string)
            if text and all(text):
                said[f"{message.context}\x04{one}" if message.context else one] = text
    return said


def files() -> list[Path]:
    """The files of the shell beside the page itself, in a fixed order."""
    kept = (file for file in STATIC.rglob("*") if file.suffix in (".js", ".css", ".svg") and file.name != WORKER)
    return sorted(kept)


def addresses() -> list[str]:
    """What the worker keeps: the page and the files."""
    return ["/field/", *(_address(file) for file in files())]


def letters() -> dict[str, str]:
    """{as the style sheet names a font: its address}: not of the shell, fetched by a phone that has no such letters."""
    named = _FONT.findall((STATIC / "field.css").read_text("utf-8"))
    return {name: static(name.removeprefix("../")) for name in named}


def _letters_on_server() -> dict[str, str]:
    """{address of a font by its plain name, which the style sheet of the first visit says: its own address}."""
    return {settings.STATIC_URL + name.removeprefix("../"): address for name, address in letters().items()}


def _address(file: Path) -> str:
    return f"{settings.STATIC_URL}field/{file.relative_to(STATIC).as_posix()}"


@lru_cache(maxsize=1)
def packed(_of: str) -> bytes:
    return "\0".join(one for file in files() for one in (_address(file), told(file))).encode()


@lru_cache(maxsize=1)
def packed_small(of: str) -> bytes:
    return by_brotli(packed(of))


def told(file: Path) -> str:
    """A file as it travels: without remarks, a quarter of what it would weigh, and without the space before a line. In
    scripts a line that is nothing but remark is empty, so that whatever goes wrong on a phone is told with the line
    where it stands here. The style sheet names the fonts by their own addresses, which change when they do."""
    text = file.read_text("utf-8")
    if file.suffix == ".css":
        bare = _REMARK.sub(lambda found: "\n" * found[0].count("\n"), text)
        return _FONT.sub(lambda found: f'url("{letters()[found[1]]}")', bare)
    if file.suffix != ".js":
        return text
    lines, is_within = [], False
    for line in text.split("\n"):
        bare = line.strip()
        is_within = is_within or bare.startswith("/*")
        lines.append("" if is_within or bare.startswith("//") else bare)
        is_within = is_within and not bare.endswith("*/")
    return "\n".join(lines)


def version() -> str:
    """The digest of all that the shell is made of. Read once a process; at every asking while one develops."""
    return _digest() if settings.MODE == "development" else _digest_once()


@cache
def _digest_once() -> str:
    return _digest()


def _digest() -> str:
    digest = hashlib.sha256()
    made_of: list[Any] = [PAGE, STATIC / WORKER, *files()]
    for language in LANGUAGES:
        made_of += [catalogue_file(language)] if catalogue_file(language).exists() else []
    for file in made_of:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    digest.update(json.dumps([letters(), _nearest()]).encode())
    return digest.hexdigest()[:12]
