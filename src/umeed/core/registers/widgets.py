"""Form controls of the filter bar, written in one go: Django draws each tick and each option by a template of its own,
and a page of filters has a hundred of them.
"""

from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_CHECKED, _SELECTED = SafeString(" checked"), SafeString(" selected")


class Ticks(forms.CheckboxSelectMultiple):
    """Tick boxes, several at a time, side by side over the width of the bar."""

    is_wide = True

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = {str(one) for one in value or ()}
        base = (attrs or {}).get("id", f"id_{name}")
        boxes = [
            (f"{base}_{at}", name, key, "" if str(key) not in chosen else _CHECKED, words)
            for at, (key, words) in enumerate(self.choices)
        ]
        pattern = '<div><label for="{0}"><input type="checkbox" name="{1}" value="{2}" id="{0}"{3}> {4}</label></div>'
        return format_html('<div id="{}" class="row">{}</div>', base, format_html_join("", pattern, boxes))


class Pick(forms.Select):
    """A list to choose one from."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        options = [(key, key is not None and str(key) == str(value or ""), words) for key, words in self.choices]
        return select(name, (attrs or {}).get("id", f"id_{name}"), options)


def select(name: str, element_id: str, options: list[tuple[Any, bool, Any]]) -> SafeString:
    """A <select>; options are (value, chosen, words)."""
    drawn = format_html_join(
        "", '<option value="{}"{}>{}</option>',
        ((key, _SELECTED if chosen else "", words) for key, chosen, words in options),
    )  # fmt: skip
    return format_html('<select name="{}" id="{}">{}</select>', name, element_id, drawn)
