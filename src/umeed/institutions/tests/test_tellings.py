"""Who did what is told in words: every action of this room and of loads, every kind of record, names instead of ids."""

import re
from pathlib import Path

from django.apps import apps
from django.urls import reverse

from umeed.access.models import User
from umeed.core.audit_pages import queries, words
from umeed.core.fields import SoundsField
from umeed.core.loads.queries import page_of_rows
from umeed.core.models import AuditEntry
from umeed.core.viewer import as_viewer
from umeed.institutions import actions
from umeed.institutions.tests.loading import judged, plain_women
from umeed.institutions.tests.making import JOINED, bookkeeper_of, make_group, make_woman, officer_at, us
from umeed.kernel.ids import new_id

ROOMS = Path(__file__).resolve().parents[2]


def test_every_action_and_table_is_said() -> None:
    files = [*(ROOMS / "institutions").rglob("*.py"), *(ROOMS / "core" / "loads").rglob("*.py")]
    done = {key for file in files if "tests" not in file.parts for key in re.findall(r'did="(\w+)"', file.read_text())}
    assert len(done) > 20
    assert [key for key in sorted(done) if words.said(key) == key.replace("_", " ").capitalize()] == []
    for model in apps.get_app_config("institutions").get_models():
        assert model._meta.db_table in words._called, model


def test_every_column_has_words_that_can_be_translated() -> None:
    dull = []
    for model in apps.get_app_config("institutions").get_models():
        table = model._meta.db_table
        for field in model._meta.concrete_fields:
            given = field.name in words._titled.get(table, {}) or field._verbose_name is not None
            if not given and field.name not in queries._SILENT and not isinstance(field, SoundsField):
                dull.append((table, field.name))
    assert dull == []


def test_names_stand_where_the_record_has_ids_and_only_for_those_in_sight(valley) -> None:
    group, woman = make_group(valley.chinar, "Roshni"), make_woman(valley.chinar)
    tie = actions.join_group(by=us(), id=new_id(), woman=woman, group=group, joined_on=JOINED)
    entry = AuditEntry.objects.latest("seq")
    told = {line.field: line.after for line in queries.changes_of(us(), entry)[0].changes}
    assert (told["Woman"], told["Institution"]) == ("Haseena Bano", "Roshni")
    assert told["Kind"] == "Self-help group" and told["Time"] == "1 Feb 2016 – …"
    assert str(tie.pk) not in str(told)


def test_who_did_what_names_nobody_out_of_sight(valley, client, settings) -> None:
    settings.SECOND_FACTOR = "none"
    group = make_group(valley.chinar, "Roshni")
    clerk = bookkeeper_of(group)
    actions.enrol_woman(
        by=clerk, id=new_id(), name="Haseena Bano", place=valley.chinar, group=group, joined_on=JOINED, born_year=1984
    )
    entry = AuditEntry.objects.latest("seq")
    address = reverse("audit:entry", args=[entry.seq])
    officer_at(valley.north)
    client.force_login(User.objects.get(username="officer"))
    page = client.get(address).content.decode()
    assert "Entered a woman" in page and "Membership" in page and "Haseena Bano" in page
    # An officer of another block sees neither the entry nor the name.
    officer_at(valley.south, "block_officer", "neighbour")
    client.force_login(User.objects.get(username="neighbour"))
    assert client.get(address).status_code == 404


def test_what_a_load_would_write_is_told_in_words_without_ids(valley) -> None:
    make_group(valley.chinar, "Roshni")
    officer = officer_at(valley.north)
    row = {
        "name": "Haseena Bano", "group": "Roshni", "village": "Chinar", "joined_on": "01-02-2016",
        "born_on": "12-03-1984", "marital": "Widow", "office": "President",
    }  # fmt: skip
    load = judged(officer, plain_women(row), layout_key="women")
    with as_viewer(officer.viewer):
        rows, _total = page_of_rows(load, "", 1)
    told = {str(line["field"]): line["after"] for line in rows[0].changes}
    assert (told["Village"], told["Marital status"]) == ("Chinar", "Widowed")
    assert set(told["Office"].split(", ")) == {"Office: President", "Since: 1 Feb 2016", "Sign for it: no"}
    assert told["Born on"] == "12 Mar 1984" and told["Joined on"] == "1 Feb 2016"
    assert not {"Group id", "Place id", "Group is new"} & set(told)
