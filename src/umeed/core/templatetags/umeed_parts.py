"""Components that need more than an include: those with a body, those that look into a form, those that draw."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, gettext

from umeed.core import charts
from umeed.core.look import THEMES, theme_of
from umeed.core.nearest import not_spoken
from umeed.kernel.refusals import Refusal

register = template.Library()

NOTICE_KINDS = {"info": "info", "success": "success", "warn": "warn", "refuse": "refuse"}
MESSAGE_KINDS = {"error": "refuse", "warning": "warn", "success": "success"}
# Icons that point along the line of reading turn round in right-to-left scripts.
TURNING = frozenset({"next", "back", "out", "undo", "list"})


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of `core/icons.svg` (home, people, search …); with `label` it is read aloud, else it is decoration."""
    return _drawn(name, str(label), _sprite())


@cache
def _sprite() -> str:
    return static("core/icons.svg")


@lru_cache(maxsize=512)
def _drawn(name: str, label: str, source: str) -> SafeString:
    """Each kind is drawn once: a page shows the same few again and again."""
    turn = " icon-turn" if name in TURNING else ""
    if label:
        pattern = '<svg class="icon{}" role="img" aria-label="{}" width="20" height="20"><use href="{}#{}"/></svg>'
        return format_html(pattern, turn, label, source, name)
    pattern = '<svg class="icon{}" aria-hidden="true" width="20" height="20"><use href="{}#{}"/></svg>'
    return format_html(pattern, turn, source, name)


@register.simple_tag(takes_context=True)
def theme_now(context: Mapping[str, object]) -> str:
    """'light', 'dark' or 'auto' as this reader chose."""
    return theme_of(context.get("request"))  # type: ignore[arg-type]


@register.simple_tag
@cache
def umeed_version() -> str:
    """The product's version as the project's own metadata tells it; empty where that file was not brought along."""
    metadata = Path(__file__).parents[4] / "pyproject.toml"
    return tomllib.loads(metadata.read_text("utf-8"))["project"]["version"] if metadata.exists() else ""


@register.filter
def message_kind(level_tag: str) -> str:
    """Django's message level → the kind of notice that tells it."""
    return MESSAGE_KINDS.get(level_tag, "info")


@register.inclusion_tag("core/parts/language.html", takes_context=True)
def language_switch(context: Mapping[str, object]) -> dict[str, object]:
    """One button a language, each named in its own script; a plain POST form."""
    offered = [get_language_info(code) for code, _name in settings.LANGUAGES]
    return {
        "languages": [{"code": i["code"], "name": i["name_local"], "bidi": i["bidi"]} for i in offered],
        "now": (get_language() or settings.LANGUAGE_CODE).split("-")[0],
        "missing": not_spoken(context.get("request")),  # type: ignore[arg-type]
        "next": _here(context.get("request")),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("core/parts/theme.html", takes_context=True)
def theme_switch(context: Mapping[str, object]) -> dict[str, object]:
    """Light, dark, or as the device says; a plain POST form that the script sends without reloading."""
    names = {"light": gettext("Light"), "dark": gettext("Dark"), "auto": gettext("As the device")}
    return {
        "themes": [{"code": code, "name": names[code]} for code in THEMES],
        "now": theme_of(context.get("request")),  # type: ignore[arg-type]
        "next": _here(context.get("request")),
        "csrf_token": context.get("csrf_token"),
    }


def _here(request: object) -> str:
    """The address to come back to: this page when it was read, the front page when something was sent to it."""
    return request.get_full_path() if isinstance(request, HttpRequest) and request.method == "GET" else "/"


# Parts with a body --------------------------------------------------------------------------------------------------


@register.simple_block_tag
def card(
    content: str, title: str = "", url: str = "", link: str = "", level: int = 2, mark: bool = False
) -> SafeString:
    """`{% card title="…" url=… link="…" %} … {% endcard %}`: a box with an optional heading and a link at its end."""
    about = {"content": content, "title": title, "url": url, "link": link, "level": level, "mark": mark}
    return render_to_string("core/parts/card.html", about)


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """`{% notice kind="warn" title="…" %} … {% endnotice %}`; kinds: info, success, warn, refuse."""
    return render_to_string("core/parts/notice.html", {"content": content, "kind": NOTICE_KINDS[kind], "title": title})


@register.simple_block_tag(takes_context=True)
def filters(
    context: Mapping[str, object], content: str, action: str = "", clear: str = "", target: str = "", label: str = ""
) -> SafeString:
    """`{% filters clear=url target="#list" %} {% field form.q %} … {% endfilters %}`: it sends itself."""
    about = {"content": content, "action": action, "clear": clear, "target": target, "label": label}
    return render_to_string("core/parts/filters.html", about)


# Forms --------------------------------------------------------------------------------------------------------------


@register.inclusion_tag("core/parts/field.html")
def field(bound: BoundField) -> dict[str, object]:
    """Label, hint, error and widget of one form field, wired together for screen readers."""
    kind = getattr(bound.field.widget, "input_type", "")
    return {"field": bound, "check": kind == "checkbox" and not bound.use_fieldset, "group": bound.use_fieldset}


@register.inclusion_tag("core/parts/fields.html")
def fields(form: BaseForm) -> dict[str, object]:
    """Every field of a form, hidden ones too, and the summary of refusals above them."""
    return {"form": form}


@register.inclusion_tag("core/parts/refusals.html")
def refusals(
    source: BaseForm | Iterable[Refusal | Mapping[str, object]], title: str = "", *, was_sent: object = False
) -> dict[str, object]:
    """All reasons at once: from a form, or a list of `Refusal` (or {field, text}); each links to its field.

    Under a title of its own it may stand on any page; the focus goes to it only where it answers what was sent.
    """
    reasons = _of_form(source) if isinstance(source, BaseForm) else [_of_refusal(r) for r in source or ()]
    return {
        "refused": [r for r in reasons if r["severity"] == "refuse"],
        "warned": [r for r in reasons if r["severity"] != "refuse"],
        "title": title,
        "takes_focus": was_sent or not title,
    }


@register.inclusion_tag("core/parts/to_settle.html")
def to_settle(source: Iterable[Refusal | Mapping[str, object]], title: str) -> dict[str, object]:
    """What is still asked before one can go on: a step of the way, nobody's mistake, and therefore not an alarm."""
    return {"asked": [_of_refusal(reason) for reason in source], "title": title}


def _of_form(form: BaseForm) -> list[dict[str, str]]:
    """One reason for each error of a bound form; those about the whole, or what nobody sees, have no anchor."""
    reasons = []
    for name, errors in form.errors.items():
        bound = form[name] if name in form.fields and not form[name].is_hidden else None
        anchor, label = (bound.id_for_label or bound.auto_id, str(bound.label)) if bound else ("", "")
        reasons += [{"text": str(e), "anchor": anchor, "label": label, "severity": "refuse"} for e in errors]
    return reasons


def _of_refusal(reason: Refusal | Mapping[str, object]) -> dict[str, str]:
    """A rule's reason, translated now; fields carry Django's own ids (`id_<field>`). A mapping may say whom it is about
    (`label`)."""
    label: object = ""
    if isinstance(reason, Refusal):
        name, text, severity = reason.field, reason.message(gettext), reason.severity
    else:
        label = reason.get("label", "")
        name, text, severity = reason.get("field"), reason["text"], reason.get("severity", "refuse")
    return {"text": str(text), "anchor": f"id_{name}" if name else "", "severity": str(severity), "label": str(label)}


# Tables and charts --------------------------------------------------------------------------------------------------


@register.inclusion_tag("core/parts/table.html")
def table(
    columns: Sequence[Mapping[str, object]],
    rows: Sequence[Mapping[str, object]],
    caption: str = "",
    total: Mapping[str, object] | None = None,
    empty: str = "",
) -> dict[str, object]:
    """A table that becomes cards on a phone.

    columns  [{key, title, number?, sort_url?, sorted? ('asc'|'desc')}]; the first column names the row
    rows     [{key: text | {text, url?, badge?, note?}}]
    """
    return {
        "columns": columns,
        "rows": [_cells(columns, row) for row in rows],
        "caption": caption,
        "total": _cells(columns, total) if total else None,
        "empty": empty,
    }


def _cells(columns: Sequence[Mapping[str, object]], row: Mapping[str, object]) -> list[dict[str, object]]:
    cells = []
    for column in columns:
        value = row.get(str(column["key"]), "")
        cell = dict(value) if isinstance(value, Mapping) else {"text": value}
        cells.append(cell | {"label": column["title"], "number": column.get("number", False)})
    return cells


@register.inclusion_tag("core/parts/tilemap.html")
def tilemap(
    values: Mapping[int, float | None],
    title: str,
    unit: str = "",
    names: Mapping[int, str] | None = None,
    shown: Mapping[int, str] | None = None,
    urls: Mapping[int, str] | None = None,
    mine: int | None = None,
    bounds: Sequence[float] | None = None,
    id: str = "map",
) -> dict[str, object]:
    """The districts of J&K and Ladakh as equal tiles, coloured in five steps; see `charts.tile_map` for the values."""
    drawn = charts.tile_map(values, names=names, shown=shown, urls=urls, mine=mine, bounds=bounds)
    return {"map": drawn, "title": title, "unit": unit, "id": id}


@register.inclusion_tag("core/parts/sparkline.html")
def sparkline(values: Sequence[float | None], label: str) -> dict[str, object]:
    """A small line from old to new; `label` says in words what it shows."""
    return {"spark": charts.sparkline(values), "label": label}


@register.inclusion_tag("core/parts/bars.html")
def bars(items: Sequence[Mapping[str, object]], most: float | None = None) -> dict[str, object]:
    """Horizontal bars: [{name, value, shown?, target?, url?, mark?}], longest = `most` or the largest."""
    return {"bars": charts.bars(items, most=most)}
