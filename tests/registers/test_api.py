"""The API: described truly, read and written like the pages, by session and by key, for every role."""

import datetime
import json
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import include, path
from ninja import NinjaAPI
from ninja.security import SessionAuth

from tests.architecture import scene as scenes
from tests.registers.conftest import HER_PHONE
from tests.registers.trial import trial_register
from umeed.access.capabilities import ROLES
from umeed.api import openapi, tokens
from umeed.api.models import ApiToken
from umeed.api.operations import router_of
from umeed.config.urls import urlpatterns as every_address
from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.core.models import AuditChange, AuditEntry
from umeed.core.registers.declare import all_registers
from umeed.core.scope import system
from umeed.core.viewer import as_system
from umeed.institutions.actions import correct_woman
from umeed.institutions.models import Institution, Woman
from umeed.kernel.ids import new_id

trial_api = NinjaAPI(urls_namespace="trial-api", auth=[openapi.Key(), SessionAuth()])
trial_api.add_router("/trial", router_of(trial_register()))
trial_api.add_exception_handler(openapi.ValidationError, openapi.misshapen)
urlpatterns = [path("api/trial/", trial_api.urls), path("", include(every_address))]


@pytest.fixture
def trial():
    with override_settings(ROOT_URLCONF=__name__):
        yield "/api/trial/trial"


def _json(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, (answer.status_code, answer.content[:400])
    return answer.json()


def _write(client: Client, method: str, url: str, **body: Any) -> Any:
    """As a page of ours would: with the CSRF token in its header."""
    client.cookies["csrftoken"] = "t" * 32
    headers = {"X-CSRFToken": "t" * 32}
    return getattr(client, method)(url, json.dumps(body, default=str), content_type="application/json", headers=headers)


# Described ------------------------------------------------------------------------------------------------------------


def _references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if "$ref" in part else []
        return own + [ref for value in part.values() for ref in _references(value)]
    return [ref for value in part for ref in _references(value)] if isinstance(part, list) else []


def test_the_description_is_openapi_3_1_and_holds_together(world, client_of) -> None:
    described = _json(client_of("block_officer").get("/api/v1/openapi.json"))
    assert described["openapi"].startswith("3.1")
    assert {"title", "version"} <= set(described["info"])
    operations = [one for methods in described["paths"].values() for one in methods.values()]
    ids = [one["operationId"] for one in operations]
    assert len(ids) == len(set(ids))
    schemas = described["components"]["schemas"]
    assert {ref.rpartition("/")[2] for ref in _references(described)} <= set(schemas)
    assert all(one["responses"] and one["security"] for one in operations)
    for key in ("women", "shgs", "vos", "clfs", "places", "users"):
        assert f"/api/v1/{key}" in described["paths"]
        assert f"/api/v1/{key}/{{id}}" in described["paths"]


def test_every_column_and_filter_is_described(world, client_of) -> None:
    described = _json(client_of("block_officer").get("/api/v1/openapi.json"))
    women = next(register for register in all_registers() if register.key == "women")
    row = described["components"]["schemas"]["WomenRow"]["properties"]
    assert set(row) == {"id", "revision", *(column.key for column in women.columns)}
    asked = {one["name"] for one in described["paths"]["/api/v1/women"]["get"]["parameters"]}
    assert {"q", "place", "district", "block", "village", "missing", "cursor", "limit", "count", "show"} <= asked


def test_the_page_of_words_lists_every_operation_with_nothing_from_elsewhere(world, client_of) -> None:
    page = client_of("block_officer").get("/api/v1/docs/").content.decode()
    assert "GET /api/v1/women" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page


# Read -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["women", "shgs", "places", "users"])
def test_each_role_reads_what_its_pages_show(world, client_of, key) -> None:
    register = next(one for one in all_registers() if one.key in (key, f"{key}-list"))
    for role in ROLES:
        scope = world.scope(role)
        answer = client_of(role).get(f"/api/v1/{key}?limit=200&count=true")
        if not scope.can(register.see):
            assert answer.status_code == 404, role
            continue
        found = _json(answer)
        with as_system():
            allowed = {str(pk) for pk in world.listing(role, register).narrowed.values_list("pk", flat=True)}
        assert {str(row["id"]) for row in found["items"]} == allowed, role
        assert found["count"] == len(allowed)


def test_a_visitor_is_told_to_sign_in(world) -> None:
    assert Client().get("/api/v1/women").status_code == 401


def test_a_browser_is_sent_to_sign_in_where_a_program_is_told_so(world) -> None:
    page = Client().get("/api/v1/docs/", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (page.status_code, page["Location"]) == (302, "/accounts/login/?next=/api/v1/docs/")
    for accept in ("application/json", "*/*", ""):
        told = Client().get("/api/v1/docs/", headers={"accept": accept} if accept else {})
        assert "detail" in _json(told, 401), accept


def test_a_place_says_what_it_lies_in_and_not_itself(world, client_of) -> None:
    here, state = world.scene.here, world.scene.state
    village = _json(client_of("ut_officer").get(f"/api/v1/places/{here.villages[0].pk}"))["lies_in"]
    parent = {"id": here.panchayat.pk, "name": "Here panchayat", "kind": "panchayat", "lgd_code": None}
    assert village == {
        "parents": [{**parent, "line": "development"}],
        "district": "Here district", "block": "Here block", "panchayat": "Here panchayat",
    }  # fmt: skip
    rows = _json(client_of("ut_officer").get("/api/v1/places?limit=200"))["items"]
    parents = {row["id"]: [one["id"] for one in row["lies_in"]["parents"]] for row in rows}
    assert (parents[state.pk], parents[here.block.pk]) == ([], [here.district.pk])
    assert next(row for row in rows if row["id"] == here.district.pk)["lies_in"]["district"] is None


def test_pages_follow_a_cursor_and_show_every_row_once(world, client_of) -> None:
    client, seen, cursor = client_of("block_officer"), [], ""
    while cursor is not None:
        page = _json(client.get("/api/v1/women", {"limit": 3, "cursor": cursor}))
        seen += [row["id"] for row in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 8
    assert _json(client.get("/api/v1/women?cursor=nonsense"), 422)


def test_filters_are_those_of_the_list_and_wrong_ones_are_refused_with_reasons(world, client_of) -> None:
    client = client_of("block_officer")
    found = _json(client.get("/api/v1/women?q=Gulam+Jana&missing=phone"))
    assert [row["name"] for row in found["items"]] == ["Jana Gulam Bano"]
    wrong = _json(client.get("/api/v1/shgs?formed_on_from=31-02-2020&place=1&status=odd"), 422)
    codes = {reason["field"]: reason["code"] for reason in wrong["refusals"]}
    assert codes == {"formed_on_from": "no_such_day", "place": "no_such_place", "status": "invalid_choice"}


def test_a_filter_that_is_not_there_or_not_for_the_role_is_refused(world, client_of) -> None:
    wrong = _json(client_of("auditor").get("/api/v1/women?social_category=sc&born=1990&limit=2&sort=name"), 422)
    codes = {reason["field"]: reason["code"] for reason in wrong["refusals"]}
    assert codes == {"social_category": "filter_not_allowed", "born": "no_such_filter", "sort": "no_such_filter"}
    assert _json(client_of("auditor").get("/api/v1/women?limit=2&count=1"))["count"] > 2


def test_a_record_in_full_and_a_foreign_one_not_at_all(world, client_of) -> None:
    client = client_of("block_officer")
    woman = _json(client.get(f"/api/v1/women/{world.women['Ghulam Jan'].pk}"))
    assert woman["place"]["block"] == "Here block"
    assert woman["group"]["name"] == "Here group 1"
    assert woman["revision"] == 1
    assert _json(client.get(f"/api/v1/women/{world.women['Ghulam Janbaz'].pk}"), 404)["detail"]


def test_covered_values_stay_covered_unless_asked_for_allowed_and_recorded(world, client_of) -> None:
    url = f"/api/v1/women/{world.women['Ghulam Jan'].pk}"
    assert _json(client_of("block_officer").get(url))["phone"] == "••••••3210"
    assert _json(client_of("auditor").get(f"{url}?show=phone"))["phone"] == "••••••3210"
    assert not AuditEntry.objects.filter(did="look_at_sealed").exists()
    shown = _json(client_of("block_officer").get(f"{url}?show=phone&show=social_category"))
    assert (shown["phone"], shown["social_category"]) == (HER_PHONE, "st")
    change = AuditChange.objects.get(entry__did="look_at_sealed")
    assert change.after == {"fields": ["phone", "social_category"]}
    listed = _json(client_of("block_officer").get("/api/v1/women?q=Ghulam+Jan&show=phone"))
    assert HER_PHONE in {row["phone"] for row in listed["items"]}


# Written --------------------------------------------------------------------------------------------------------------


def test_a_record_is_made_once_and_changed_by_what_is_sent_only(world, client_of, trial) -> None:
    client, made_id = client_of("block_officer"), new_id()
    given = {"id": made_id, "name": "Hajra Bano", "place": world.scene.here.villages[0].pk, "born_on": "1990-04-01"}
    made = _json(_write(client, "post", trial, **given, phone="9906512345"), 201)
    assert (made["id"], made["name"], made["born_on"]) == (str(made_id), "Hajra Bano", "1990-04-01")
    _json(_write(client, "post", trial, **given, phone="9906512345"), 201)
    changed = _json(_write(client, "patch", f"{trial}/{made_id}", revision=1, name="Hajra Bano Dar"))
    assert (changed["name"], changed["born_on"], changed["revision"]) == ("Hajra Bano Dar", "1990-04-01", 2)
    with as_system():
        assert Woman.objects.filter(name__startswith="Hajra Bano").count() == 1
        assert Woman.objects.get(pk=made_id).phone == "9906512345", "what is not sent stays, sealed or not"


def test_what_a_page_has_filled_in_beforehand_need_not_be_sent(world, client_of, trial) -> None:
    """A woman is a woman unless said otherwise: every other reason is told, not first that the gender is missing."""
    client = client_of("block_officer")
    village = world.scene.here.villages[0].name
    told = _json(_write(client, "post", "/api/v1/women", name="Z", place=village), 422)
    assert {one["field"] for one in told["refusals"]} == {"name", "born_on"}
    made = _json(_write(client, "post", "/api/v1/women", name="Hajra Bano", place=village, born_on="1990-04-01"), 201)
    assert made["gender"] == "female"


def test_every_refusal_comes_at_once_as_json(world, client_of, trial) -> None:
    given = {"name": "Hajra", "place": world.scene.here.villages[0].pk, "born_on": "2030-01-01", "phone": "12345"}
    told = _json(_write(client_of("block_officer"), "post", trial, **given, disability="self"), 422)
    fields = {(reason["field"], reason["severity"]) for reason in told["refusals"]}
    assert {("phone", "refuse"), ("born_on", "refuse"), ("guardian_name", "warn")} <= fields
    assert all(reason["code"] and reason["message"] for reason in told["refusals"])


def test_a_warning_is_confirmed_by_its_mark(world, client_of, trial) -> None:
    client = client_of("block_officer")
    given = {
        "name": "Hajra Bano",
        "place": world.scene.here.villages[0].pk,
        "born_on": "1990-04-01",
        "disability": "self",
    }
    told = _json(_write(client, "post", trial, **given), 422)
    assert told["confirm"]
    assert _json(_write(client, "post", trial, **given, confirmed=told["confirm"]), 201)


def test_a_change_based_on_an_old_revision_is_refused_with_the_new_one(world, client_of, trial) -> None:
    woman = world.women["Ghulam Jan"]
    with as_system():
        correct_woman(by=world.scope("district_officer"), woman=woman.pk, guardian_name="Rahima")
    url = f"{trial}/{woman.pk}"
    told = _json(_write(client_of("block_officer"), "patch", url, revision=1, name="Ghulam Jan Mir"), 422)
    assert told["refusals"][0]["code"] == "changed_meanwhile"
    assert told["revision"] == 2
    saved = _json(_write(client_of("block_officer"), "patch", url, revision=2, name="Ghulam Jan Mir"))
    assert saved["name"] == "Ghulam Jan Mir"


def test_a_change_leaves_everything_else_as_it_is(world, client_of) -> None:
    """Names in other scripts, lists, days, sealed texts, the village: whatever form field stands between."""
    with as_system(), audited(by=system(scenes.today()), did="fill") as trail:
        woman = Woman.objects.get(pk=world.women["Ghulam Jan"].pk)
        woman.names_local, woman.livelihoods = {"ur": "غلام جان"}, ["dairy", "saffron"]
        woman.born_on, woman.born_year, woman.is_insured = datetime.date(1990, 4, 1), 1990, True
        woman.save()
        group = Institution.objects.get(pk=world.scene.here.groups[0].pk)
        group.names_local, group.livelihoods, group.saving_paise = {"ur": "نور"}, ["poultry", "apple"], 10_050
        group.origin = "new"
        group.save()
        trail.about(woman)
    client = client_of("block_officer")
    for record, url in ((woman, "/api/v1/women"), (group, "/api/v1/shgs")):
        before = type(record).objects.filter(pk=record.pk).values().get()
        _json(_write(client, "patch", f"{url}/{record.pk}", revision=record.revision, name=f"{record.name} Bano"))
        after = type(record).objects.filter(pk=record.pk).values().get()
        changed = {key for key in after if before[key] != after[key]}
        assert changed <= {"name", "name_key", "revision", "changed_at"} and "name" in changed


def test_a_body_of_the_wrong_shape_is_told_like_every_refusal(world, client_of, trial) -> None:
    told = _json(_write(client_of("block_officer"), "post", trial, name=7, born_on="soon"), 422)
    assert {"name", "place", "born_on"} <= {reason["field"] for reason in told["refusals"]}


@pytest.mark.parametrize("role", ["auditor", "partner", "bank_branch"])
def test_who_may_not_change_cannot_write(world, client_of, trial, role) -> None:
    url = f"{trial}/{world.women['Ghulam Jan'].pk}"
    assert _write(client_of(role), "post", trial, name="x").status_code in (404, 422)
    assert _write(client_of(role), "patch", url, revision=1, name="Other Name").status_code == 404
    with as_system():
        assert Woman.objects.get(pk=world.women["Ghulam Jan"].pk).name == "Ghulam Jan"


def test_a_session_cannot_write_without_its_csrf_token(world, trial) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.scene.people["block_officer"])
    answer = client.post(trial, json.dumps({"name": "x"}), content_type="application/json")
    assert answer.status_code == 403


# Keys -----------------------------------------------------------------------------------------------------------------


def _key(world: Any, role: str = "block_officer", days: int = 30) -> tuple[ApiToken, str]:
    scope = world.scope(role)
    with as_system():
        return tokens.make_token(by=scope, name="Sheet", expires_on=scope.today + datetime.timedelta(days=days))


def _with(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_a_key_reads_and_writes_as_its_owner(world, trial) -> None:
    token, key = _key(world)
    client = Client(enforce_csrf_checks=True)
    names = {row["name"] for row in _json(client.get("/api/v1/women", headers=_with(key)))["items"]}
    assert "Ghulam Jan" in names
    assert "Ghulam Janbaz" not in names
    given = {"name": "Hajra Bano", "place": world.scene.here.villages[0].pk, "born_on": "1990-04-01"}
    made = client.post(trial, json.dumps(given), content_type="application/json", headers=_with(key))
    assert made.status_code == 201
    assert AuditEntry.objects.get(did="enrol_woman").actor == str(world.scene.people["block_officer"].pk)
    token.refresh_from_db()
    assert token.last_used_on == world.scope("block_officer").today


def test_a_key_opens_nothing_but_the_api(world) -> None:
    _token, key = _key(world)
    assert Client().get("/women/", headers=_with(key)).status_code == 302


def test_a_key_that_is_wrong_ended_old_or_its_owners_no_more_opens_nothing(world) -> None:
    token, key = _key(world)
    client = Client()
    assert client.get("/api/v1/women", headers=_with(key)).status_code == 200
    assert client.get("/api/v1/women", headers=_with(key[:-1] + "!")).status_code == 401
    ApiToken.objects.filter(pk=token.pk).update(expires_on=datetime.date(2020, 1, 1))
    assert client.get("/api/v1/women", headers=_with(key)).status_code == 401
    ApiToken.objects.filter(pk=token.pk).update(expires_on=token.expires_on)
    owner = world.scene.people["block_officer"]
    type(owner).objects.filter(pk=owner.pk).update(is_active=False)
    assert client.get("/api/v1/women", headers=_with(key)).status_code == 401


def test_a_key_is_kept_as_a_hash_and_never_stands_in_the_audit_chain(world) -> None:
    token, key = _key(world)
    assert key not in str(vars(token))
    assert token.digest not in str(AuditChange.objects.get(table="api_apitoken").after)


def test_a_key_is_made_shown_once_and_ended_on_its_page(world, client_of) -> None:
    client = client_of("block_officer")
    until = (world.scope("block_officer").today + datetime.timedelta(days=90)).strftime("%d-%m-%Y")
    page = client.post("/me/tokens/", {"name": "Sheet", "expires_on": until}).content.decode()
    key = page.split(tokens.PREFIX)[1].split("<")[0]
    assert key not in client.get("/me/tokens/").content.decode()
    token = ApiToken.objects.get()
    assert Client().get("/api/v1/shgs", headers=_with(tokens.PREFIX + key)).status_code == 200
    assert client_of("district_officer").post(f"/me/tokens/{token.pk}/end/").status_code == 404
    client.post(f"/me/tokens/{token.pk}/end/")
    assert Client().get("/api/v1/shgs", headers=_with(tokens.PREFIX + key)).status_code == 401


@pytest.mark.parametrize(("name", "days"), [("", 30), ("Sheet", 0), ("Sheet", 400)])
def test_a_key_needs_a_purpose_and_an_end_within_a_year(world, name, days) -> None:
    scope = world.scope("block_officer")
    with as_system(), pytest.raises(Refused):
        tokens.make_token(by=scope, name=name, expires_on=scope.today + datetime.timedelta(days=days))
