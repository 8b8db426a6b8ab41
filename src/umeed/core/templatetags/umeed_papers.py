"""Papers in templates: the paper itself, a button that reads aloud, a code to scan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from umeed.core.papers import html, qr
from umeed.core.papers.answers import AS, XLSX
from umeed.core.papers.answers import PDF as AS_PDF
from umeed.core.papers.shapes import Paper

register = template.Library()


@register.inclusion_tag("core/papers/paper.html", takes_context=True)
def paper(context: Mapping[str, Any], paper: Paper, title: bool = True, ways: bool = True) -> dict[str, Any]:
    """`{% paper paper %}`: the whole paper. `title=False` where the page's own heading says it already;
    `ways=False` where the view does not answer `?as=pdf` and `?as=xlsx`."""
    request = context.get("request")
    asked = {"pdf": _here(request, AS_PDF), "xlsx": _here(request, XLSX)} if ways else {}
    return {"paper": html.drawn(paper), "with_title": title, "ways": asked}


def _here(request: object, kind: str) -> str:
    """The address of this page as a file, with what the page was asked for."""
    query = request.GET.copy() if isinstance(request, HttpRequest) else None
    if query is None:
        return f"?{AS}={kind}"
    query[AS] = kind
    return f"?{query.urlencode()}"


@register.inclusion_tag("core/papers/read.html")
def read_to_me(words: str) -> dict[str, Any]:
    """`{% read_to_me "Whole sentences." %}`: a button that says them in the page's language; it needs JavaScript."""
    return {"words": str(words), "language": get_language_info(get_language() or "en")["name_local"]}


@register.simple_tag(name="qr")
def code(text: str, label: str = "") -> SafeString:
    """`{% qr url "what it leads to" %}`: a code to scan, as SVG."""
    return qr.svg(str(text), str(label))
