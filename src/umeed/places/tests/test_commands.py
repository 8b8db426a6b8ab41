"""The commands of this room, as somebody types them."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from umeed.places.models import Mission, Place

pytestmark = pytest.mark.django_db


def said(*typed, **given):
    out = io.StringIO()
    call_command(*typed, stdout=out, **given)
    return out.getvalue().strip()


def test_open_mission_by_its_key():
    assert said("open_mission", "ladakh") == "LRLM: 2 districts, 31 blocks"
    assert said("open_mission", "ladakh") == "LRLM: 2 districts, 31 blocks", "twice is once"


def test_open_any_other_mission():
    typed = ["open_mission", "bihar", "--name", "Bihar Rural Livelihoods Promotion Society", "--short-name", "BRLPS"]
    assert said(*typed, "--state", "10", "--state-name", "Bihar", "--opened-on", "2012-04-01").startswith("BRLPS: 0")
    assert Mission.objects.get(pk="bihar").opened_on.year == 2012
    assert Place.objects.get(kind="state", lgd_code=10).name == "Bihar"


def test_an_unknown_mission_is_refused_in_words():
    with pytest.raises(CommandError) as refused:
        said("open_mission", "atlantis")
    assert "Name the State with its LGD code." in str(refused.value)
    assert not Mission.objects.exists()
