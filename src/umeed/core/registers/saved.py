"""Keeps, renames and deletes a person's saved views. Hers alone: nobody else's id is ever found."""

from typing import Any
from uuid import UUID

from umeed.core.actions import refuse_if
from umeed.core.audit import audited, picture
from umeed.core.registers.models import SavedView
from umeed.core.scope import Scope
from umeed.kernel.refusals import N_, Refusal

MOST_VIEWS = 40
LONGEST_NAME = SavedView._meta.get_field("name").max_length or 80
LONGEST_QUERY = SavedView._meta.get_field("query").max_length or 1000


def views_of(scope: Scope, register: str) -> list[SavedView]:
    """A person's views of a register, by name. One query."""
    return list(SavedView.objects.filter(owner=scope.viewer, register=register).order_by("name"))


def view_of(scope: Scope, register: str, view_id: UUID) -> SavedView | None:
    return SavedView.objects.filter(owner=scope.viewer, register=register, pk=view_id).first()


def why_not_name(others: list[SavedView], name: str) -> list[Refusal]:
    """Reasons why a view cannot have this name beside a person's other views of the register."""
    if not name:
        return [Refusal("name", "no_name", N_("Give the view a name."))]
    if len(name) > LONGEST_NAME:
        most = {"most": LONGEST_NAME}
        return [Refusal("name", "name_too_long", N_("The name is longer than %(most)s letters."), most)]
    if any(view.name == name for view in others):
        return [Refusal("name", "name_taken", N_("You have a view with this name already."))]
    return []


def save_view(*, by: Scope, register: str, name: str, query: str) -> SavedView:
    """Keep an address under a name. Raises Refused."""
    others = views_of(by, register)
    reasons = why_not_name(others, name)
    if len(others) >= MOST_VIEWS:
        reasons.append(
            Refusal(None, "too_many_views", N_("You have %(most)s views. Delete one first."), {"most": MOST_VIEWS})
        )
    if len(query) > LONGEST_QUERY:
        reasons.append(Refusal(None, "query_too_long", N_("So many filters cannot be kept. Use fewer.")))
    refuse_if(reasons)
    with audited(by=by, did="save_view") as trail:
        view = SavedView(owner=by.viewer, register=register, name=name, query=query)
        view.save(force_insert=True)
        trail.created(view)
    return view


def rename_view(*, by: Scope, view: SavedView, name: str) -> SavedView:
    """Raises Refused."""
    refuse_if(why_not_name([one for one in views_of(by, view.register) if one.pk != view.pk], name))
    with audited(by=by, did="rename_view") as trail:
        before = picture(view)
        view.name = name
        view.save()
        trail.changed(view, before)
    return view


def delete_view(*, by: Scope, view: SavedView) -> None:
    with audited(by=by, did="delete_view") as trail:
        trail.removed(view)
        view.delete()


def shown(views: list[SavedView], query: str, url: str) -> list[dict[str, Any]]:
    """The views as tabs; the one whose address is open is current."""
    return [{"title": one.name, "url": f"{url}?{one.query}", "current": one.query == query} for one in views]
