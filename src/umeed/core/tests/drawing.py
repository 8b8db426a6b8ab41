"""The sheet, the parts and the pages as text, for tests that ask what stands in them."""

import re
from html.parser import HTMLParser
from pathlib import Path

from django.template import Context, Template

from umeed.core.templatetags import umeed_parts

CORE = Path(umeed_parts.__file__).parents[1]
SHEET = (CORE / "static/core/umeed.css").read_text()
RULES = re.sub(r"/\*.*?\*/", "", SHEET, flags=re.S)
TEMPLATES = {path: path.read_text() for path in (CORE / "templates").rglob("*.html")}


class Page(HTMLParser):
    """What a test asks of a page: its tags with their attributes, and its ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    @property
    def ids(self) -> list[str]:
        return [attrs["id"] for _tag, attrs in self.tags if attrs.get("id")]


def drawn(source: str, **context: object) -> str:
    return Template("{% load umeed_parts umeed_text %}" + source).render(Context(context))
