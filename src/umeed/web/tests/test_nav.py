"""The menu offers what shows something to the person, and nothing else."""

import datetime
from uuid import uuid4

import pytest
from django.utils.translation import override

from umeed.access.capabilities import ROLES
from umeed.core.scope import Grant, Scope
from umeed.web.nav import menu


def titles(role: str, **where) -> set[str]:
    grant = Grant(role, frozenset(ROLES[role].capabilities), **where)
    scope = Scope(viewer="1", name="X", today=datetime.date(2026, 11, 22), grants=(grant,))
    with override("en"):
        return {line["title"] for line in menu(scope, "/")}


@pytest.mark.parametrize(
    ("role", "where", "offered", "left_out"),
    [
        ("block_officer", {"place_id": 5}, {"Places", "Profile ranks"}, {"Profiles to fill"}),
        ("site_administrator", {}, {"Who did what"}, {"Women", "Places"}),
        ("group_bookkeeper", {"institution_id": uuid4()}, {"Profiles to fill"}, {"Places", "Profile ranks"}),
    ],
)
def test_lines_lead_to_something(role, where, offered, left_out) -> None:
    shown = titles(role, **where)
    assert offered <= shown and not left_out & shown
