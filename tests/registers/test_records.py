"""A record's page: facts, covered values, what belongs to it, what happened to it; entering and correcting; views."""

import pytest
from django.db import connection
from django.test import override_settings
from django.urls import include, path

from tests.registers.conftest import HER_PHONE
from tests.registers.trial import trial_register
from umeed.config.urls import urlpatterns as every_address
from umeed.core.audit_pages import words
from umeed.core.models import AuditChange, AuditEntry
from umeed.core.registers.declare import all_registers
from umeed.core.registers.models import SavedView
from umeed.core.viewer import as_system
from umeed.institutions.actions import correct_woman
from umeed.institutions.models import Woman
from umeed.kernel.ids import new_id

trial = trial_register()
urlpatterns = [path(trial.path, trial.urls()), path("", include(every_address))]


@pytest.fixture
def trial_pages():
    with override_settings(ROOT_URLCONF=__name__):
        yield


def _text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_record_shows_its_facts_and_covers_what_is_sealed(world, client_of) -> None:
    page = _text(client_of("block_officer").get(f"/women/{world.women['Ghulam Jan'].pk}/"))
    assert "Here group 1" in page
    assert "Here village 1" in page
    assert "••••••3210" in page
    assert HER_PHONE not in page
    assert "Scheduled Tribe" not in page
    assert "Who can see this" in page


def _prepared() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE generic_plans + custom_plans > 0")
        return cursor.fetchone()[0]


def test_one_kept_plan_serves_everybody_what_she_may_see(world, client_of) -> None:
    here, there = (world.women[name] for name in ("Ghulam Jan", "Ghulam Janbaz"))
    near, wide, far = client_of("block_officer"), client_of("ut_officer"), client_of("group_bookkeeper")
    for _ in range(8):
        assert "Ghulam Jan" in _text(wide.get(f"/women/{here.pk}/"))
        assert "Ghulam Janbaz" in _text(wide.get(f"/women/{there.pk}/"))
        assert "Ghulam Jan" in _text(near.get(f"/women/{here.pk}/"))
        assert near.get(f"/women/{there.pk}/").status_code == 404
        assert far.get(f"/women/{there.pk}/").status_code == 404
    assert _prepared() > 3


def test_a_list_is_planned_anew_for_whoever_asks(world, client_of) -> None:
    before, client = _prepared(), client_of("block_officer")
    for _ in range(4):
        _text(client.get("/women/"))
    assert _prepared() == before


def test_looking_at_a_covered_value_is_asked_by_post_and_recorded(world, client_of) -> None:
    woman = world.women["Ghulam Jan"]
    client = client_of("block_officer")
    assert client.get(f"/women/{woman.pk}/look/").status_code == 405
    shown = client.post(f"/women/{woman.pk}/look/", {"field": "phone"})
    assert HER_PHONE in _text(shown)
    assert shown.headers["Cache-Control"] == "no-store"
    change = AuditChange.objects.get(entry__did="look_at_sealed")
    assert (change.kind, change.subject_id, change.after) == ("read", str(woman.pk), {"fields": ["phone"]})
    assert "Scheduled Tribe" in _text(client.post(f"/women/{woman.pk}/look/", {"field": "social_category"}))


@pytest.mark.parametrize(("role", "field"), [("auditor", "phone"), ("block_officer", "name"), ("block_officer", "x")])
def test_nobody_looks_without_the_capability_or_at_what_is_not_sealed(world, client_of, role, field) -> None:
    answer = client_of(role).post(f"/women/{world.women['Ghulam Jan'].pk}/look/", {"field": field})
    assert answer.status_code == 404
    assert not AuditEntry.objects.filter(did="look_at_sealed").exists()


def test_a_group_shows_its_members_as_the_register_of_women_does(world, client_of) -> None:
    group = world.scene.here.groups[0]
    page = _text(client_of("block_officer").get(f"/shgs/{group.pk}/"))
    assert f"/women/?institution={group.pk}" in page
    assert "Ghulam Jan" in page
    assert "3 women" in page
    assert "Ghulam Jan" not in _text(client_of("line_department").get(f"/shgs/{group.pk}/")), (
        "no woman for a line department"
    )


SEALED = {"phone": "9906512345", "social_category": "sc", "religion": "sikh", "is_pvtg": False, "disability": "self",
          "disability_kind": "Blindness", "guardian_name": "Wali Mohammad", "account_number": "0043040100067890",
          "account_name": "Haseena Wani", "ifsc": "JAKA0SHOPAN"}  # fmt: skip
IN_CLEAR = ("2345", "Scheduled Caste", "Scheduled Tribe", "Sikh", "Blindness", "Wali Mohammad", "7890", "Haseena Wani",
            "JAKA0SHOPAN")  # fmt: skip


@pytest.mark.parametrize("role", ["block_officer", "mis_officer", "auditor"])
def test_history_tells_that_a_sealed_field_changed_and_shows_it_to_nobody(world, client_of, role) -> None:
    woman = world.women["Ghulam Jan"]
    with as_system():
        correct_woman(by=world.scope("block_officer"), woman=woman.pk, belonging_name="Rahim Jan", **SEALED)
    history = _text(client_of(role).get(f"/women/{woman.pk}/")).split('id="history"')[1]
    assert "<ins>Rahim Jan</ins>" in history
    rows = {row.split("</th>")[0]: row for row in history.split('<th role="rowheader" scope="row">')[1:]}
    for field in ("Phone", "Social category", "Religion", "Disability", "Name in the passbook", "IFSC"):
        assert "••••••" in rows[field], field
    assert [text for text in IN_CLEAR if text in history] == []


def test_what_a_register_seals_is_sealed_in_every_history() -> None:
    for register in all_registers():
        table = register.model._meta.db_table
        assert all(words.is_sealed(table, column) for column in register.covered_fields), register.key
    assert words.is_sealed("institutions_woman", "ifsc") and not words.is_sealed("institutions_woman", "name")


def test_a_look_is_told_by_the_fields_that_were_opened(world, client_of) -> None:
    woman, client = world.women["Ghulam Jan"], client_of("block_officer")
    client.post(f"/women/{woman.pk}/look/", {"field": "phone"})
    history = _text(client.get(f"/women/{woman.pk}/")).split('id="history"')[1]
    assert "<p>Looked at: Phone</p>" in history
    assert '<th role="rowheader" scope="row">Phone' not in history, "a look changes nothing"


def test_fields_keep_their_own_capitals_in_a_history() -> None:
    table = "institutions_woman"
    assert [words.column_in_words(table, key) for key in ("ifsc", "pin_code")] == ["IFSC", "PIN code"]
    assert words.column_in_words("core_savedview", "name") == "Name"


# Entering and correcting ----------------------------------------------------------------------------------------------


def test_a_record_is_entered_and_corrected_through_its_pages(world, client_of, trial_pages) -> None:
    client = client_of("block_officer")
    page = _text(client.get("/trial/new/"))
    assert "Who she is" in page
    village, record_id = world.scene.here.villages[0].pk, new_id()
    given = {
        "record_id": record_id,
        "name": "Hajra Bano",
        "place": village,
        "born_on": "1-4-1990",
        "is_insured": "unknown",
    }
    assert client.post("/trial/new/", given).headers["Location"] == f"/trial/{record_id}/"
    assert client.post("/trial/new/", given).headers["Location"] == f"/trial/{record_id}/"
    assert Woman.objects.filter(name="Hajra Bano").count() == 1
    wrong = client.post(f"/trial/{record_id}/edit/", {**given, "revision": 1, "born_on": "01/25/1990"})
    assert "has 25 where the month belongs" in _text(wrong)
    assert 'value="Hajra Bano"' in _text(wrong)
    right = client.post(f"/trial/{record_id}/edit/", {**given, "revision": 1, "name": "Hajra Bano Dar"})
    assert right.status_code == 302
    with as_system():
        assert Woman.objects.get(pk=record_id).name == "Hajra Bano Dar"


def test_forms_open_only_to_those_who_may_change_the_record(world, client_of, trial_pages) -> None:
    here, there = world.women["Ghulam Jan"], world.women["Ghulam Janbaz"]
    assert client_of("auditor").get("/trial/new/").status_code == 404
    assert client_of("auditor").get(f"/trial/{here.pk}/edit/").status_code == 404
    assert client_of("block_officer").get(f"/trial/{there.pk}/edit/").status_code == 404
    assert f"/trial/{here.pk}/edit/" in _text(client_of("block_officer").get(f"/trial/{here.pk}/"))
    assert "/edit/" not in _text(client_of("auditor").get(f"/trial/{here.pk}/"))


def test_what_others_changed_meanwhile_is_shown_on_the_form(world, client_of, trial_pages) -> None:
    woman = world.women["Ghulam Jan"]
    with as_system():
        correct_woman(by=world.scope("district_officer"), woman=woman.pk, guardian_name="Rahima")
    sent = {"revision": 1, "name": "Ghulam Jan Mir", "born_on": "", "guardian_name": "", "is_insured": "unknown"}
    page = _text(client_of("block_officer").post(f"/trial/{woman.pk}/edit/", sent))
    assert "Somebody changed this since you opened it" in page
    assert "Rahima" in page
    assert "District officer" in page
    assert 'value="Ghulam Jan Mir"' in page


# Views ----------------------------------------------------------------------------------------------------------------


def test_a_view_is_kept_renamed_and_deleted_and_belongs_to_one_person(world, client_of) -> None:
    client = client_of("block_officer")
    client.post("/women/views/save/", {"name": " Without  phone ", "query": "missing=phone"})
    view = SavedView.objects.get()
    assert (view.name, view.query, view.register) == ("Without phone", "missing=phone", "women")
    page = _text(client.get("/women/?missing=phone"))
    assert 'href="/women/?missing=phone" aria-current="page"' in page
    assert "Without phone" not in _text(client.get("/shgs/"))
    other = client_of("district_officer")
    assert "Without phone" not in _text(other.get("/women/"))
    assert other.post(f"/women/views/{view.pk}/", {"delete": "yes"}).status_code == 404
    client.post(f"/women/views/{view.pk}/", {"name": "To call"})
    assert "To call" in _text(client.get("/women/views/"))
    client.post(f"/women/views/{view.pk}/", {"delete": "yes"})
    assert not SavedView.objects.exists()
    assert AuditEntry.objects.filter(did__in=("save_view", "rename_view", "delete_view")).count() == 3


@pytest.mark.parametrize(("name", "reason"), [("", "Give the view a name."), ("x" * 81, "longer than 80 letters")])
def test_a_view_needs_a_name_of_its_own(world, client_of, name, reason) -> None:
    client = client_of("block_officer")
    answer = client.post("/women/views/save/", {"name": name, "query": ""}, follow=True)
    assert reason in _text(answer)
    assert not SavedView.objects.exists()


def test_two_views_of_one_name_are_refused(world, client_of) -> None:
    client = client_of("block_officer")
    for _ in range(2):
        answer = client.post("/women/views/save/", {"name": "Mine", "query": ""}, follow=True)
    assert "You have a view with this name already." in _text(answer)
    assert SavedView.objects.count() == 1
