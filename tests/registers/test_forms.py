"""Forms that call an action: reasons, warnings, stale pages, twice sent, what was typed."""

import datetime
from typing import Any

import pytest
from django.http import QueryDict

from tests.registers.trial import TrialForm
from umeed.core.forms import RupeesField, SealedField
from umeed.core.models import AuditEntry
from umeed.core.registers.declare import Register, all_registers
from umeed.core.viewer import as_viewer
from umeed.institutions.actions import correct_woman
from umeed.institutions.models import Woman
from umeed.kernel.ids import new_id
from umeed.web import errors


@pytest.fixture
def officer(world):
    """The block officer's scope, with the database told so."""
    with as_viewer(str(world.scene.people["block_officer"].pk)):
        yield world.scope("block_officer")


def _sent(**typed: Any) -> QueryDict:
    data = QueryDict(mutable=True)
    for key, value in typed.items():
        data.setlist(key, value if isinstance(value, list) else [str(value)])
    return data


def _edit(officer: Any, woman: Woman, **typed: Any) -> TrialForm:
    kept = {"name": woman.name, "born_on": "", "phone": "", "disability": "", "guardian_name": "", "is_insured": ""}
    sent = _sent(**{"revision": woman.revision, **kept, **typed})
    return TrialForm(sent, scope=officer, record=Woman.objects.get(pk=woman.pk))


def _new(world: Any, officer: Any, **typed: Any) -> TrialForm:
    given = {
        "record_id": new_id(),
        "name": "Hajra Bano",
        "place": world.scene.here.villages[0].pk,
        "born_on": "1-4-1990",
    }
    return TrialForm(_sent(**{**given, **typed}), scope=officer)


@pytest.mark.parametrize("typed", ["25-01-1990", "25/1/90", "25 Jan 1990", "1990-01-25", "٢٥-٠١-١٩٩٠"])
def test_days_are_taken_as_people_write_them(world, officer, typed) -> None:
    made = _new(world, officer, born_on=typed).perform()
    assert made.born_on == datetime.date(1990, 1, 25)


def test_a_month_first_date_is_refused_beside_its_field(world, officer) -> None:
    form = _new(world, officer, born_on="01/25/1990")
    assert form.perform() is None
    assert form.errors.as_data()["born_on"][0].code == "month_first"
    assert form["born_on"].value() == "01/25/1990", "what was typed stays"


def test_every_reason_of_the_action_stands_beside_its_field_at_once(world, officer) -> None:
    before = AuditEntry.objects.count()
    form = _new(world, officer, phone="12345", born_on="1-1-2030", disability="self")
    assert form.perform() is None
    assert {"phone", "born_on"} <= set(form.errors)
    assert [reason.field for reason in form.warned] == ["guardian_name"], "what to look at again is told along with it"
    assert AuditEntry.objects.count() == before
    assert not Woman.objects.filter(name="Hajra Bano").exists()


def test_what_could_not_be_read_does_not_hide_the_other_reasons(world, officer) -> None:
    form = _new(world, officer, born_on="31/02/1990", phone="12345", disability="self", name="")
    assert form.perform() is None
    assert form.unread == {"born_on", "name", "phone"}
    assert {name: len(reasons) for name, reasons in form.errors.items()} == {"born_on": 1, "name": 1, "phone": 1}
    assert [reason.field for reason in form.warned] == ["guardian_name"]
    assert not Woman.objects.filter(disability="self").exists()


def test_a_warning_is_shown_and_goes_through_once_it_is_confirmed(world, officer) -> None:
    entries = AuditEntry.objects.count()
    form = _new(world, officer, disability="self")
    assert form.perform() is None
    assert [reason.severity for reason in form.warned] == ["warn"]
    assert form.errors == {}
    assert AuditEntry.objects.count() == entries, "asking is not doing"
    again = _new(world, officer, disability="self", confirmed=form.to_confirm)
    assert again.perform().disability == "self"


def test_confirming_another_warning_does_not_count(world, officer) -> None:
    form = _new(world, officer, disability="self", confirmed="something_else")
    assert form.perform() is None
    assert form.warned


def test_a_page_sent_twice_makes_one_record(world, officer) -> None:
    record_id = new_id()
    first = _new(world, officer, record_id=record_id).perform()
    entries = AuditEntry.objects.count()
    second = _new(world, officer, record_id=record_id).perform()
    assert first == second
    assert Woman.objects.filter(name="Hajra Bano").count() == 1
    assert AuditEntry.objects.count() == entries


def test_a_stale_page_is_told_what_changed_and_loses_neither_work(world, officer) -> None:
    woman = world.women["Ghulam Jan"]
    opened = woman.revision
    correct_woman(by=officer, woman=woman.pk, name="Ghulam Jan Bhat")
    form = _edit(officer, woman, revision=opened, guardian_name="Posha")
    assert form.perform() is None
    assert form.errors.as_data()["__all__"][0].code == "changed_meanwhile"
    told = {line["field"]: (line["before"], line["after"]) for line in form.meanwhile}
    assert told["Name"] == ("Ghulam Jan", "Ghulam Jan Bhat")
    assert form["name"].value() == "Ghulam Jan Bhat", "she had not touched the name, so the other's stands"
    assert form["guardian_name"].value() == "Posha"
    again = TrialForm(form.data, scope=officer, record=Woman.objects.get(pk=woman.pk))
    saved = again.perform()
    assert (saved.name, saved.guardian_name) == ("Ghulam Jan Bhat", "Posha")


def test_what_both_changed_stays_as_this_person_typed_it_until_she_decides(world, officer) -> None:
    woman = world.women["Ghulam Jan"]
    opened = woman.revision
    correct_woman(by=officer, woman=woman.pk, name="Ghulam Jan Bhat")
    form = _edit(officer, woman, revision=opened, name="Ghulam Jan Dar")
    assert form.perform() is None
    assert form["name"].value() == "Ghulam Jan Dar"


def test_a_correction_sent_twice_is_done_once_and_not_called_stale(world, officer) -> None:
    woman = world.women["Ghulam Jan"]
    opened = woman.revision
    assert _edit(officer, woman, revision=opened, name="Ghulam Jan Wani").perform().name == "Ghulam Jan Wani"
    entries = AuditEntry.objects.count()
    again = _edit(officer, woman, revision=opened, name="Ghulam Jan Wani")
    assert again.perform() is not None
    assert AuditEntry.objects.count() == entries


def test_a_page_without_a_revision_is_not_saved(world, officer) -> None:
    form = _edit(officer, world.women["Ghulam Jan"], revision="", name="Other Name")
    assert form.perform() is None
    assert form.errors.as_data()["revision"][0].code == "revision_missing"


def test_a_kept_phone_is_not_written_into_the_page_and_stays_when_left_empty(world, officer) -> None:
    woman = Woman.objects.get(pk=world.women["Ghulam Jan"].pk)
    page = TrialForm(scope=officer, record=woman)
    assert woman.phone not in page.as_p()
    assert woman.phone[-4:] in str(page["phone"].help_text)
    assert _edit(officer, woman, name="Ghulam Jan Lone").perform().phone == woman.phone


def test_a_hyphen_removes_a_kept_phone_and_a_number_replaces_it(world, officer) -> None:
    woman = world.women["Ghulam Jan"]
    assert _edit(officer, woman, phone="99060 99999").perform().phone == "9906099999"
    woman.refresh_from_db()
    assert _edit(officer, woman, phone=SealedField.REMOVE).perform().phone == ""


def test_a_phone_just_typed_comes_back_after_an_error(world, officer) -> None:
    form = _edit(officer, world.women["Ghulam Jan"], phone="12345")
    assert form.perform() is None
    assert 'value="12345"' in str(form["phone"])


@pytest.mark.parametrize(("typed", "paise"), [("1,200", 120000), ("50.50", 5050), ("", None)])
def test_rupees_become_whole_paise(typed, paise) -> None:
    assert RupeesField(required=False).clean(typed) == paise


def test_paise_are_shown_as_rupees_and_unchanged_when_not_touched() -> None:
    field = RupeesField(required=False)
    assert field.prepare_value(5050) == "50.50"
    assert field.prepare_value(20000) == "200"
    assert not field.has_changed(5050, "50.50")
    assert field.has_changed(5050, "50.60")


def test_a_village_outside_cannot_be_chosen(world, officer) -> None:
    form = _new(world, officer, place=world.scene.there.villages[0].pk)
    assert form.perform() is None
    assert "place" in form.errors


def test_forms_are_called_in_the_registers_own_words(world, client_of) -> None:
    client, woman = client_of("block_officer"), world.women["Ghulam Jan"]
    new = client.get("/women/new/").content.decode()
    edit = client.get(f"/women/{woman.pk}/edit/").content.decode()
    assert "Add a woman" in new and "New: " not in new
    assert "Correct Ghulam Jan&#x27;s record" in edit and "Correct: " not in edit
    assert "Add a self-help group" in client.get("/shgs/").content.decode()
    generic = Register.adding
    assert [one.key for one in all_registers() if one.form is not None and one.adding is generic] == []


def test_a_stale_page_tells_what_people_changed_and_not_the_search_key(world, officer) -> None:
    woman = world.women["Ghulam Jan"]
    old = woman.revision
    correct_woman(by=officer, woman=Woman.objects.get(pk=woman.pk), name="Ghulam Fatima")
    form = _edit(officer, woman, revision=old, guardian_name="Hilal")
    assert form.perform() is None
    assert [told["after"] for told in form.meanwhile] == ["Ghulam Fatima"]


def test_what_is_forbidden_is_not_called_misunderstood(world, rf) -> None:
    request = rf.get("/")
    request.scope = world.scope("block_officer")
    answer = errors.refused(request)
    assert answer.status_code == 403 and "This is not open to you" in answer.content.decode()
    assert "This was not understood" in errors.bad_request(request).content.decode()
