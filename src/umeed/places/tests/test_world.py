"""The small valley that rooms begin their tests with: put back, it is row by row the one that the actions made."""

import pytest
from django.db import transaction

from umeed.core.tests import remembered
from umeed.places.models import Place
from umeed.places.tests.world import Valley, make_mission, valley

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "_KEPT", {})


def made_and_gone() -> tuple[Valley, remembered.Rows]:
    with transaction.atomic():
        made, rows = valley(), remembered.all_rows()
        transaction.set_rollback(True)
    return made, rows


def test_put_back_it_is_row_by_row_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    made, rows = made_and_gone()
    assert not Place.objects.exists()
    monkeypatch.setattr(Valley, "__init__", None)
    again = valley()
    assert remembered.all_rows() == rows
    assert again.villages == made.villages
    assert again.chinar.name == "Chinar"


def test_after_anything_else_it_is_made_by_the_actions() -> None:
    made, _rows = made_and_gone()
    make_mission("other", 98, "Elsewhere")
    again = valley()
    assert again.state.name == made.state.name
    assert again.state.pk != made.state.pk
