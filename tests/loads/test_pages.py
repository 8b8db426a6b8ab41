"""The pages, as a person without JavaScript meets them: good files, wrong files, and other people's eyes."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.loads.conftest import GOOD, HEADINGS, book, consented, judged, latest, sent
from tests.loads.reading import BAD, at, words
from umeed.core.loads import acts, layouts, steps
from umeed.core.loads.models import Load, LoadRow
from umeed.core.loads.queries import wanting
from umeed.places.models import PlaceTag

pytestmark = pytest.mark.django_db

# The way of a good file ----------------------------------------------------------------------------------------------


def test_send_read_consent_take_back(client):
    page = sent(client, book(*GOOD))
    load = latest()
    assert page.redirect_chain[-1][0] == at(load)
    assert "Here village 1: covered" in words(page)
    assert "2 rows will be written" in words(page)
    assert not PlaceTag.objects.exists()
    page = client.post(at(load, "consent/"), {"revision": load.revision}, follow=True)
    assert "2 rows were loaded" in words(page)
    assert PlaceTag.objects.count() == 2
    assert "Take back" in words(client.get(at(load, "undo/")))
    page = client.post(at(load, "undo/"), follow=True)
    assert "Taken back" in words(page)
    assert not PlaceTag.objects.exists()


def test_every_page_of_a_load_is_small_and_needs_no_script(client):
    for page in (client.get("/loads/"), sent(client, book(*GOOD))):
        assert len(page.content) < 100_000
        assert "<script>" not in page.content.decode()
        assert " style=" not in page.content.decode()


def test_the_same_file_again_is_recognised(client):
    sent(client, book(*GOOD))
    client.post(at(latest(), "consent/"), {"revision": latest().revision})
    page = words(sent(client, book(*GOOD)))
    assert "The same file was loaded on" in page
    assert "There is nothing to write" in page


def test_ticks_are_kept_and_bring_one_back_to_the_page(client):
    sent(client, book(*GOOD, BAD))
    load = latest()
    first, second = LoadRow.objects.filter(load=load, what="create")
    answer = client.post(at(load, "rows/"), {"shown": [first.pk, second.pk], "row": [second.pk], "what": "create"})
    assert answer.url == at(load) + "?what=create&page=1"
    page = words(client.get(answer.url))
    assert "One row will be written" in page
    assert "left out" in page


def test_a_person_cannot_tick_what_is_refused(client):
    sent(client, book(BAD))
    row = LoadRow.objects.get()
    client.post(at(latest(), "rows/"), {"shown": [row.pk], "row": [row.pk]})
    row.refresh_from_db()
    assert not row.chosen


def test_refused_rows_ask_what_shall_happen(client):
    sent(client, book(*GOOD, BAD))
    load = latest()
    page = client.post(at(load, "consent/"), {"revision": load.revision, "which": "whole"})
    assert page.status_code == 422
    assert "One row is refused" in words(page)
    assert not PlaceTag.objects.exists()
    client.post(at(load, "consent/"), {"revision": load.revision, "which": "good"})
    assert PlaceTag.objects.count() == 2


def test_an_old_page_cannot_consent(client):
    sent(client, book(*GOOD))
    load = latest()
    page = client.post(at(load, "consent/"), {"revision": load.revision - 1})
    assert page.status_code == 422
    assert "This load has gone on since you opened the page" in words(page)


def test_differences_before_and_after_are_shown(client):
    sent(client, book(GOOD[0]))
    client.post(at(latest(), "consent/"), {"revision": latest().revision})
    page = sent(client, book((*GOOD[0][:3], "Order 9", "")))
    assert "<del>Order 1</del>" in page.content.decode()
    assert "<ins>Order 9</ins>" in page.content.decode()


def test_a_phone_is_covered_on_the_page(client):
    page = sent(client, book(*GOOD)).content.decode()
    assert "9906543210" not in page
    assert "3210" in page


def test_putting_aside_deletes_rows_and_file(client):
    sent(client, book(*GOOD))
    load = latest()
    page = client.post(at(load, "discard/"), follow=True)
    assert "Nothing of it was loaded" in words(page)
    assert not LoadRow.objects.exists()
    load.refresh_from_db()
    assert load.state == "discarded"


def test_what_is_put_aside_or_writes_nothing_wants_nothing_more(client, scene):
    officer = scene.scope("block_officer")
    sent(client, b"\x89PNG\r\n\x1a\n" + b"0" * 200, "photo.xlsx")
    failed = latest()
    assert [load.pk for load in wanting(officer)] == [failed.pk]
    assert at(failed, "discard/") in client.get(at(failed)).content.decode()
    client.post(at(failed, "discard/"))
    sent(client, book(BAD))
    assert latest().state == "judged" and not wanting(officer).exists()
    assert "Nothing to write" in words(client.get(at(latest())))
    sent(client, book(*GOOD))
    assert wanting(officer).count() == 1


def test_reports_as_workbooks(client):
    sent(client, book(*GOOD, BAD, ("Here village 1", "blessed", "", "", "")))
    answer = client.get(at(latest(), "report.xlsx?what=refuse"))
    made = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    lines = list(made["Sheet1"].values)
    assert lines[0] == (*HEADINGS, "What is wrong")
    assert [line[0] for line in lines[1:]] == ["Elsewhere", "Here village 1"]
    assert lines[1][-1] == "There is no village Elsewhere in your area."
    answer = client.get(at(latest(), "report.xlsx"))
    lines = list(openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))["Report"].values)
    assert len(lines) == 5
    assert lines[1][1:4] == (2, "New", "Here village 1: covered")


def test_the_corrected_report_can_be_loaded_again(client):
    sent(client, book(BAD))
    answer = client.get(at(latest(), "report.xlsx?what=refuse"))
    made = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    made["Sheet1"]["A2"] = "Here village 1"
    again = io.BytesIO()
    made.save(again)
    page = sent(client, again.getvalue(), name="corrected.xlsx")
    assert latest().counts["create"] == 1, words(page)


def test_the_empty_sheet_can_be_filled_and_loaded(client):
    answer = client.get("/loads/samples/village-tags.xlsx")
    made = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    made["tags"].append([*GOOD[0]])
    filled = io.BytesIO()
    made.save(filled)
    sent(client, filled.getvalue())
    assert latest().counts["create"] == 1


# Unknown headings ----------------------------------------------------------------------------------------------------


def test_unknown_headings_are_mapped_on_screen_and_remembered(client):
    headings = ("Name of Village", "Mark given", "Dated from", "Remarks", "Mobile")
    page = sent(client, book(*GOOD, headings=headings))
    load = latest()
    assert page.redirect_chain[-1][0] == at(load, "answers/")
    assert "Umeed does not know this file by its headings" in words(page)
    page = client.get(at(load, "answers/"), {"layout": "village-tags"})
    assert '<option value="0" selected>Name of Village (Here village 1)' in page.content.decode()
    assert "9906543210" not in page.content.decode()
    given = {"layout": "village-tags", "sheet_tags": "Sheet1", "column_tags_village": "0", "column_tags_tag": "1"}
    page = client.post(at(load, "answers/"), given)
    assert page.status_code == 422
    assert "The column “From Date” is missing. Every row needs it." in words(page)
    page = client.post(at(load, "answers/"), {**given, "column_tags_since": "2"}, follow=True)
    assert "2 rows will be written" in words(page)
    page = sent(client, book(GOOD[0], headings=headings), name="next.xlsx")
    assert page.redirect_chain[-1][0] == at(latest()), "the second file with these headings is known"


def test_what_columns_mean_can_be_changed_after_the_check(client):
    sent(client, book(*GOOD))
    load = latest()
    page = client.get(at(load, "answers/"))
    assert '<option value="0" selected>Village Name' in page.content.decode()
    given = {"layout": "village-tags", "column_tags_village": "3", "column_tags_tag": "1", "column_tags_since": "2"}
    page = client.post(at(load, "answers/"), given, follow=True)
    assert "There is no village Order 1 in your area" in words(page)


def test_days_codes_and_amounts_are_shown_beside_the_headings_and_phones_are_not(client):
    sent(client, book(("3664", "2016-01-25", "12,34,567.00", "99065 43210"), headings=("A", "B", "C", "D")))
    page = client.get(at(latest(), "answers/"), {"layout": "village-tags"}).content.decode()
    for choice in (">A (3664)<", ">B (2016-01-25)<", ">C (12,34,567.00)<", ">D (••••• •3210)<"):
        assert choice in page
    assert "99065" not in page


def test_a_column_cannot_be_read_twice(client):
    sent(client, book(*GOOD))
    given = {"layout": "village-tags", "column_tags_village": "0", "column_tags_tag": "0", "column_tags_since": "2"}
    page = client.post(at(latest(), "answers/"), given)
    assert "are both to be read from the column" in words(page)


def test_questions_beside_the_file_are_asked(client):
    page = sent(client, book(*GOOD), name="dated.xlsx", layout="village-tags-from-a-day")
    load = latest()
    assert "Holds from" in words(page)
    columns = {"layout": load.layout_key, "column_tags_village": "0", "column_tags_tag": "1", "column_tags_since": "2"}
    page = client.post(at(load, "answers/"), columns)
    assert "Please answer this" in words(page)
    page = client.post(at(load, "answers/"), {**columns, "option_on": "31-02-2026"})
    assert page.status_code == 422
    client.post(at(load, "answers/"), {**columns, "option_on": "2026-01-25"})
    load.refresh_from_db()
    assert (load.state, load.options) == ("judged", {"on": "2026-01-25", "trial": False})


# Larger files: in the background -------------------------------------------------------------------------------------


def test_a_larger_file_waits_for_the_background_and_the_page_tells(client, monkeypatch):
    monkeypatch.setattr(steps, "SMALL_BYTES", 10)
    page = sent(client, book(*GOOD))
    load = latest()
    assert load.state == "received"
    text = page.content.decode()
    assert '<noscript><meta http-equiv="refresh" content="4"></noscript>' in text
    assert 'hx-trigger="every 2s"' in text
    assert "Waiting for its turn" in text
    steps.go_on(load.pk)
    page = client.get(at(load))
    assert 'hx-trigger="every' not in page.content.decode()
    assert "2 rows will be written" in words(page)


def test_a_check_that_takes_long_goes_to_the_background_and_leaves_nothing_half_done(client, monkeypatch):
    monkeypatch.setattr(steps, "SHORT_SECONDS", -1.0)
    sent(client, book(*GOOD))
    assert latest().state == "received"
    assert not LoadRow.objects.exists()


# Other people's eyes -------------------------------------------------------------------------------------------------


def test_only_the_uploader_sees_rows_and_only_where_who_did_what_may_be_seen_the_summary(client, client_of, scene):
    sent(client, book(*GOOD))
    load = latest()
    district = client_of("district_officer")
    for rest in ("answers/", "undo/", "report.xlsx"):
        assert district.get(at(load, rest)).status_code == 404
    for rest in ("rows/", "consent/", "discard/", "undo/"):
        assert district.post(at(load, rest), {"revision": load.revision}).status_code == 404
    page = client_of("auditor").get(at(load))
    if page.status_code == 200:
        assert "Here village" not in words(page)
    for role in ("partner", "group_bookkeeper", "accounts"):
        assert client_of(role).get(at(load)).status_code == 404
        assert client_of(role).get("/loads/").status_code == 404
    load.refresh_from_db()
    assert load.state == "judged"


def test_a_successor_at_the_same_block_sees_the_summary_only(client, client_of, scene):
    from tests.architecture.scene import person, post

    sent(client, book(*GOOD))
    successor = person("successor")
    post(successor, "block_officer", place_id=scene.here.block.pk)
    scene.people["successor"] = successor
    theirs = client_of("successor")
    page = theirs.get(at(latest()))
    assert "tags.xlsx" in words(page)
    assert "Here village" not in words(page)
    assert "Waiting for its sender's consent" in words(page), "it does not wait for hers"
    assert "tags.xlsx" in words(theirs.get("/loads/"))


def test_the_form_is_guarded_against_forgery(scene):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(scene.people["block_officer"])
    answer = client.post("/loads/", {"file": SimpleUploadedFile("tags.xlsx", book(*GOOD))})
    assert answer.status_code == 403
    assert not Load.objects.exists()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get("/loads/").content.decode())[1]
    given = {"file": SimpleUploadedFile("tags.xlsx", book(*GOOD)), "csrfmiddlewaretoken": token}
    assert client.post("/loads/", given).status_code == 302


def test_visitors_sign_in_first(client):
    client.logout()
    assert client.get("/loads/").status_code == 302
    assert client.post("/loads/", {}).status_code == 302


def test_a_layout_that_is_no_longer_known_does_not_break_pages(client, officer):
    load = consented(officer, judged(officer, book(*GOOD)), acts.WHOLE)
    layouts._layouts.clear()
    assert client.get("/loads/").status_code == 200
    assert client.get(at(load)).status_code == 200
    assert "no longer known" in words(client.get(at(load, "undo/")))
