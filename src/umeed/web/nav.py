"""The menu: one line a room, shown to those who may use it."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from umeed.core.scope import Scope


@dataclass(frozen=True)
class Line:
    """A line of the menu. `capability` empty: for everybody who has signed in; several: for who has any of them.

    `at` is "place" where only a posting at a place shows anything, "institution" where it is for those without one.
    """

    route: str
    title: Any
    icon: str
    capability: str | tuple[str, ...] = ""
    group: Any = ""
    at: str = ""

    def is_for(self, scope: Scope) -> bool:
        wanted = (self.capability,) if isinstance(self.capability, str) else self.capability
        return not self.capability or any(self._opens_to(scope, one) for one in wanted)

    def _opens_to(self, scope: Scope, capability: str) -> bool:
        has_places = bool(scope.place_roots(capability))
        return scope.can(capability) and self.at in ("", "place" if has_places else "institution")


LINES = (
    Line("home", _("Today"), "today"),
    Line("shgs:list", _("Groups"), "group", "institutions.see"),
    Line("women:list", _("Women"), "person", "women.see"),
    Line("ledgers:list", _("Books"), "list", "books.see"),
    Line("profiles:ranking", _("Profile ranks"), "rank", "profiles.see", at="place"),
    Line("profiles:mine", _("Profiles to fill"), "rank", "women.see", at="institution"),
    Line("vos:list", _("VOs"), "federation", "institutions.see", _("Registers")),
    Line("clfs:list", _("CLFs"), "federation", "institutions.see", _("Registers")),
    Line("places:tree", _("Places"), "place", "places.see", _("Registers"), at="place"),
    Line("loads:list", _("Load a spreadsheet"), "upload", "loads.make", _("Keep in order")),
    Line("duplicates:list", _("Duplicates"), "merge", "duplicates.settle", _("Keep in order")),
    Line("phones:list", _("Phones"), "phone", "devices.manage", _("Keep in order")),
    Line("access:people", _("People with access"), "key", "users.see", _("Keep in order")),
    Line("audit:list", _("Who did what"), "history", ("audit.see", "site.run"), _("Keep in order")),
)


def menu(scope: Scope, path: str) -> list[dict[str, Any]]:
    """The lines that this person may use, as `core/parts/nav_side.html` takes them; `path` is the open address."""
    shown = [(line, _address(line.route)) for line in LINES if line.is_for(scope)]
    open_now = max((url for _line, url in shown if url and _is_under(path, url)), key=len, default="")
    return [
        {"title": str(line.title), "url": url, "icon": line.icon, "group": str(line.group), "current": url == open_now}
        for line, url in shown
        if url
    ]


def _is_under(path: str, url: str) -> bool:
    """Whether a page belongs to a line of the menu. All lies under the front page, so that one is only itself."""
    return path == url or (url != "/" and path.startswith(url))


def _address(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
