"""What a view answers: the page with the paper on it, or with `?as=pdf` and `?as=xlsx` the paper as a file.

@needs("books.see")
def cash_book(request, pk):
    book = …
    return paper_page(request, papers.cash_book(book, …), of=book, crumbs=[…])
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, gettext_lazy

from umeed.core.audit import audited
from umeed.core.audit_pages import words
from umeed.core.models import AuditChange
from umeed.core.papers import written
from umeed.core.papers.pdf import TooLong, cut_pdf, pdf
from umeed.core.papers.shapes import Paper
from umeed.core.papers.xlsx import xlsx

# The word of the address, and what may follow it.
AS, PDF, XLSX = "as", "pdf", "xlsx"
_KINDS: Mapping[str, tuple[str, Callable[[Paper], bytes]]] = {
    PDF: ("application/pdf", pdf),
    XLSX: ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx),
}
_LONGEST_NAME = 80


def paper_page(
    request: HttpRequest,
    paper: Paper,
    *,
    of: models.Model | None = None,
    template: str = "core/papers/page.html",
    **context: Any,
) -> HttpResponse:
    """The page of a paper, or the file that `?as=` asks for.

    of        the record that it is about: that a file of it was taken away is written into the audit chain
    template  a room's own page, which draws it with `{% paper paper %}`
    context   what else the page reads; `crumbs` and `actions` go into its heading
    """
    kind = request.GET.get(AS, "")
    if kind:
        return paper_response(request, paper, kind, of=of)
    page = {
        "title": written.plain(paper.title),
        "crumbs": context.pop("crumbs", ()),
        "actions": context.pop("actions", ()),
    }
    answer = render(request, template, {"page": page, "paper": paper} | context)
    answer["Cache-Control"] = "private, no-store"
    return answer


def paper_response(request: HttpRequest, paper: Paper, as_: str, *, of: models.Model | None = None) -> HttpResponse:
    """The paper as a file in the reader's language, to be kept by nobody on the way. An unknown kind is not there."""
    if as_ not in _KINDS:
        raise Http404
    content_type, make = _KINDS[as_]
    try:
        made = make(paper)
    except TooLong:
        return _back(request)
    if of is not None:
        _record(request, written.plain(paper.title), as_, of)
    return _file(made, content_type, file_name(paper, as_))


def cut_response(
    request: HttpRequest, papers: Sequence[Paper], title: str, *, of: models.Model | None = None
) -> HttpResponse:
    """Several small papers as one PDF, to be cut apart."""
    try:
        made = cut_pdf(papers, title)
    except TooLong:
        return _back(request)
    if of is not None:
        _record(request, title, PDF, of)
    return _file(made, _KINDS[PDF][0], f"{_in_a_name(title)}-{papers[0].as_of or ''}".rstrip("-") + f".{PDF}")


def _file(made: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        made, content_type=content_type,
        headers={"Content-Disposition": content_disposition_header(True, name), "Cache-Control": "private, no-store"},
    )  # fmt: skip


def _back(request: HttpRequest) -> HttpResponse:
    """To the page again, with the reason why this is no file."""
    words = gettext("This is too long to print. Choose a shorter time, or take the spreadsheet.")
    messages.warning(request, words, fail_silently=True)
    query = request.GET.copy()
    query.pop(AS, None)
    return HttpResponseRedirect(f"{request.path}?{query.urlencode()}" if query else request.path)


def file_name(paper: Paper, kind: str) -> str:
    """Such as cash-book-noor-shg-2026-04-30.pdf, in the script of the paper."""
    parts = [_in_a_name(written.plain(part)) for part in (paper.title, paper.of)]
    if paper.as_of:
        parts.append(paper.as_of.isoformat())
    return f"{'-'.join(part for part in parts if part) or 'paper'}.{kind}"


def _in_a_name(text: str) -> str:
    """Letters with their signs, and digits; Django's slugify would take the vowels from Devanagari."""
    kept = "".join(letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in text.lower())
    return "-".join(kept.split())[:_LONGEST_NAME]


def _record(request: HttpRequest, title: str, kind: str, of: models.Model) -> None:
    scope = request.scope  # type: ignore[attr-defined]
    with audited(by=scope, did="take_paper", why=title) as trail:
        trail.about(of)
        trail.rows(AuditChange.READ, of._meta.db_table, [(str(of.pk), None, {"kind": kind})])


words.say({"take_paper": gettext_lazy("Took a paper away as a file")})
