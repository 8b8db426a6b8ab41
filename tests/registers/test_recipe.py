"""The recipe of docs/how-to/add-a-register.md, run as it stands there: what it declares has everything it promises."""

import csv
import io
import json
import re
from pathlib import Path
from types import ModuleType

import pytest
from django.test import override_settings
from django.urls import include, path
from ninja import NinjaAPI
from ninja.security import SessionAuth

from umeed.api import openapi
from umeed.api.operations import router_of
from umeed.config.urls import urlpatterns as every_address
from umeed.core.registers.declare import all_registers
from umeed.institutions.models import Institution
from umeed.kernel.ids import new_id

PAGE = Path(__file__).parents[2] / "docs/how-to/add-a-register.md"


def _recipe() -> ModuleType:
    """The page's Python, as one module."""
    made = ModuleType("recipe")
    code = "\n".join(re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))
    exec(compile(code, str(PAGE), "exec"), made.__dict__)
    return made


producer_groups = _recipe().producer_groups
recipe_api = NinjaAPI(urls_namespace="recipe-api", auth=[openapi.Key(), SessionAuth()])
recipe_api.add_router("/producer-groups", router_of(producer_groups))
urlpatterns = [
    path(producer_groups.path, producer_groups.urls()),
    path("api/recipe/", recipe_api.urls),
    path("", include(every_address)),
]
LIST = "/producer-groups/"
API = "/api/recipe/producer-groups"


@pytest.fixture
def officer(world, client_of):
    with override_settings(ROOT_URLCONF=__name__):
        yield client_of("block_officer")


@pytest.fixture
def village(world) -> int:
    return world.scene.here.villages[0].pk


def _form_one(officer, village, name="Zafran Producer Group", **said) -> Institution:
    record_id = new_id()
    typed = {"record_id": record_id, "name": name, "place": village, "formed_on": "1-4-2024", "address": "", **said}
    answer = officer.post(f"{LIST}new/", typed)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Institution.objects.get(pk=record_id)


def test_one_is_entered_found_by_another_spelling_narrowed_and_opened(officer, village) -> None:
    made = _form_one(officer, village)
    assert made.kind == "producer_group" and made.status == "active"
    assert "Zafran Producer Group" in officer.get(LIST, {"q": "Zaffraan"}).content.decode()
    assert "Zafran Producer Group" not in officer.get(LIST, {"q": "Gulab"}).content.decode()
    assert "Zafran Producer Group" not in officer.get(LIST, {"status": "closed"}).content.decode()
    assert "Zafran Producer Group" in officer.get(f"{LIST}{made.pk}/").content.decode()


def test_a_correction_is_in_the_history(officer, village) -> None:
    made = _form_one(officer, village)
    page = f"{LIST}{made.pk}/"
    typed = {
        "revision": made.revision,
        "name": made.name,
        "place": village,
        "formed_on": "1-4-2024",
        "address": "Mandi",
    }
    assert officer.post(f"{page}edit/", typed).status_code == 302
    shown = officer.get(page).content.decode()
    assert "Mandi" in shown and shown.count("<time") >= 1


def test_a_wrong_entry_is_refused_beside_its_field(officer, village) -> None:
    answer = officer.post(
        f"{LIST}new/", {"record_id": new_id(), "name": "Z", "place": village, "formed_on": "1-4-2099"}
    )
    assert answer.status_code == 200
    assert {"name", "formed_on"} <= set(answer.context["form"].errors)


def test_what_is_seen_is_exported_and_answered_as_json(officer, village) -> None:
    made = _form_one(officer, village)
    sheet = b"".join(officer.get(f"{LIST}export.csv").streaming_content).decode("utf-8-sig")
    assert [row for row in csv.reader(io.StringIO(sheet)) if "Zafran Producer Group" in row]
    told = json.loads(officer.get(API).content)
    assert [one["name"] for one in told["items"]] == ["Zafran Producer Group"]
    assert json.loads(officer.get(f"{API}/{made.pk}").content)["status"] == "active"


def test_who_may_not_see_it_meets_nothing(officer, village, client_of) -> None:
    made = _form_one(officer, village)
    stranger = client_of("site_administrator")
    for address in (LIST, f"{LIST}{made.pk}/", f"{LIST}new/", f"{LIST}export.csv"):
        assert stranger.get(address).status_code == 404, address
    assert stranger.get(API).status_code in (403, 404)


def test_every_register_has_pages_and_api() -> None:
    """The two lists that the recipe names hold the same registers, and no declared one is forgotten in either."""
    tried = {"trial", producer_groups.key}
    declared = {register.key for register in all_registers()} - tried
    assert {register.key for register in openapi.REGISTERS.values()} == declared
    mounted = {one.namespace for one in every_address if getattr(one, "namespace", None)}
    assert declared <= mounted
