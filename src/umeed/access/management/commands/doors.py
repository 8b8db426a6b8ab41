"""Prints the route × role matrix: for every address what it asks for and who comes in."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.urls import URLPattern, URLResolver, get_resolver

from umeed.access.capabilities import ROLES
from umeed.core.doors import Door, door_of


class Command(BaseCommand):
    help = "Prints every address with its door and the roles that it opens to, as a Markdown table."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("| address | asks for | " + " | ".join(ROLES) + " |")
        self.stdout.write("|---" * (len(ROLES) + 2) + "|")
        for path, method, door in _doors(get_resolver().url_patterns):
            asks = door.kind if door.kind != "needs" else " or ".join(door.capabilities)
            cells = ("yes" if _opens(door, role) else "" for role in ROLES)
            self.stdout.write(f"| `{method}/{path}` | {asks} | " + " | ".join(cells) + " |")


def _opens(door: Door, role: str) -> bool:
    return door.kind != "needs" or any(key in ROLES[role].capabilities for key in door.capabilities)


def _doors(patterns: list[URLPattern | URLResolver], above: str = "") -> Iterator[tuple[str, str, Door]]:
    """(address, method and a space or nothing, door); pages of the sign-in library have no door of ours."""
    for pattern in patterns:
        path = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _doors(pattern.url_patterns, path)
            continue
        for method, view in _views(pattern.callback):
            if door := door_of(view):
                yield path, method, door


def _views(view: Any) -> Iterator[tuple[str, Any]]:
    """The view itself, or the operations that a path of the API holds in its closure, by method."""
    for cell in getattr(view, "__closure__", None) or ():
        operations = getattr(cell.cell_contents, "operations", None)
        if isinstance(operations, list):
            for one in operations:
                yield from ((f"{method} ", one.view_func) for method in one.methods)
            return
    yield "", view
