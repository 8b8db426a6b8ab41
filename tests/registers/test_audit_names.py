"""Who did what names whom: names for those who may see them, entries found by a name, and by a record."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from umeed.core.audit import audited, picture
from umeed.core.audit_pages import subjects
from umeed.core.loads.acts import receive_file
from umeed.core.models import AuditEntry
from umeed.core.scope import system
from umeed.core.viewer import as_system, as_viewer
from umeed.institutions.models import Institution, Membership, Woman


def _corrected(world, record) -> AuditEntry:
    """One more entry about a record, filed where its reader sees it though the record may lie elsewhere."""
    with as_system(), audited(by=system(world.scope("auditor").today), did="correct_woman") as trail:
        trail.at_place(world.scene.here.district.pk)
        before = picture(record)
        record.address = f"{record.address}x"
        record.save()
        trail.changed(record, before)
        trail.about(record)
    with as_system():
        return AuditEntry.objects.latest("seq")


def _joined(world, woman: Woman, group: Institution) -> None:
    with as_system(), audited(by=system(world.scope("auditor").today), did="join_group") as trail:
        trail.at_place(world.scene.here.district.pk)
        tie = Membership.objects.filter(woman=woman).first()
        trail.created(tie)
        trail.about(group)


def _list(client, **asked) -> str:
    answer = client.get("/audit/", asked, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def _heads(page: str) -> list[str]:
    """What stands at the head of each entry, without its marks."""
    found = re.findall(r"<li class=\"stack stack-s\">\s*<div>(.*?)<p class", page, re.S)
    return [" ".join(re.sub(r"<[^>]+>", "", one).split()) for one in found]


def test_the_list_names_and_leads_to_those_in_sight_only(world, client_of) -> None:
    near, far = world.women["Ghulam Jan"], world.women["Ghulam Janbaz"]
    _corrected(world, near), _corrected(world, far)
    page = _list(client_of("auditor"), did="correct_woman")
    assert f'<a href="/women/{near.pk}/"><bdi>Ghulam Jan</bdi></a>' in page
    assert "Ghulam Janbaz" not in page and str(far.pk) not in page
    assert _heads(page) == [
        "Corrected a woman&#x27;s record Woman",
        "Corrected a woman&#x27;s record · Ghulam Jan Woman",
    ]


def test_what_ties_two_is_told_by_both(world, client_of) -> None:
    _joined(world, world.women["Ghulam Jan"], world.scene.here.groups[0])
    group = world.scene.here.groups[0].name
    assert _heads(_list(client_of("auditor"), did="join_group")) == [
        f"Made a woman a member · {group} · Ghulam Jan Institution"
    ]


def test_a_file_is_told_by_its_name_and_found_by_it(world, client_of) -> None:
    by = world.scope("block_officer")
    with as_viewer(by.viewer):
        load = receive_file(by=by, file_name="Women of April.xlsx", pieces=lambda: iter([b"x"]))
    for asked in ({}, {"about": "april"}):
        page = _list(client_of("block_officer"), did="receive_load", **asked)
        assert f'<a href="/loads/{load.pk}/"><bdi>Women of April.xlsx</bdi></a>' in page
    assert "April" not in _list(client_of("block_officer"), about="March").replace("Women of April.xlsx", "")
    with as_system():
        entry = AuditEntry.objects.filter(did="receive_load").latest("seq")
    page = client_of("block_officer").get(f"/audit/{entry.seq}/").content.decode()
    plain, _summary, technical = page.partition("<summary>Technical</summary>")
    assert "Sent by" in plain and "Block officer" in plain and by.viewer not in re.sub(r"<head.*?</head>", "", plain)
    assert "Sha256" in technical and "Sha256" not in plain and load.sha256 in technical


@pytest.mark.parametrize("role", ["auditor", "ut_officer", "block_officer"])
def test_entries_are_found_by_a_name_in_any_spelling(world, role) -> None:
    near = world.women["Ghulam Jan"]
    entry, other = _corrected(world, near), _corrected(world, world.women["Shaheena Akhter"])
    for text in ("Gulam", str(near.pk)):
        with as_viewer(world.scope(role).viewer):
            meant = subjects.meant(world.scope(role), text)
            numbers = subjects.entries_about(meant.subjects)
        assert ("institutions_woman", str(near.pk)) in meant.subjects
        assert entry.seq in numbers and other.seq not in numbers


def test_a_name_out_of_sight_finds_nothing(world, client_of) -> None:
    far = world.women["Ghulam Janbaz"]
    _corrected(world, far)
    for text in ("Janbaz", str(far.pk)):
        assert "Nothing was done that fits" in _list(client_of("auditor"), about=text)
    record = {"table": "institutions_woman", "subject_id": str(far.pk)}
    assert "Nothing was done that fits" in _list(client_of("auditor"), **record)


def test_who_runs_the_site_learns_no_womans_name(world, client_of) -> None:
    near = world.women["Ghulam Jan"]
    _corrected(world, near)
    client = client_of("site_administrator")
    assert "Ghulam" not in _list(client)
    assert "Nothing was done that fits" in _list(client, table="institutions_woman", subject_id=str(near.pk))
    assert "Nothing was done that fits" in _list(client, about=str(near.pk))


def test_a_records_page_leads_to_all_entries_about_it(world, client_of) -> None:
    near = world.women["Ghulam Jan"]
    _corrected(world, near), _joined(world, near, world.scene.here.groups[0])
    address = f"/audit/?table=institutions_woman&amp;subject_id={near.pk}"
    assert (
        f'href="{address}">All entries about this record</a>'
        in client_of("auditor").get(f"/women/{near.pk}/").content.decode()
    )
    assert address not in client_of("partner").get(f"/women/{near.pk}/").content.decode()
    page = _list(client_of("auditor"), table="institutions_woman", subject_id=str(near.pk))
    assert "All entries about this record:" in page and len(_heads(page)) == 2, "what ties her is about her"


def test_too_many_are_said_to_be_too_many(world, client_of, monkeypatch) -> None:
    monkeypatch.setattr(subjects, "MEANT_AT_MOST", 1)
    assert "Very many records fit" in _list(client_of("auditor"), about="Gulam")
    assert "Very many records fit" not in _list(client_of("auditor"), about="Shaheena")


def test_names_cost_one_question_a_register_and_not_one_an_entry(world, client_of) -> None:
    client = client_of("auditor")

    def asked() -> list[str]:
        """Without those of her session, which is touched now and then."""
        with CaptureQueriesContext(connection) as seen:
            client.get("/audit/")
        return [query["sql"] for query in seen.captured_queries if "session" not in query["sql"]]

    _corrected(world, world.women["Ghulam Jan"])
    asked()
    one = asked()
    assert sum('FROM "institutions_woman"' in sql for sql in one) == 1
    # Whom one register does not show, the next register of the same table is asked about: those in sight suffice here.
    for woman in world.women.values():
        if woman.name != "Ghulam Janbaz":
            _corrected(world, woman)
    many = asked()
    assert len(many) == len(one), set(many) ^ set(one)
    _joined(world, world.women["Ghulam Jan"], world.scene.here.groups[0])
    tied = asked()
    assert len(tied) == len(one) + 1 + sum('FROM "institutions_institution"' in sql for sql in tied)
    assert sum('FROM "institutions_woman"' in sql for sql in tied) == 1


def test_entries_about_a_record_are_not_looked_for_along_the_chain(world) -> None:
    near = ("institutions_woman", str(world.women["Ghulam Jan"].pk))
    with as_system(), CaptureQueriesContext(connection) as seen:
        subjects.entries_about([near])
    walked = [q["sql"] for q in seen.captured_queries if "core_audit" in q["sql"]]
    assert len(walked) == 2
    for sql in walked:
        assert "subject_id" in sql and "ORDER BY COALESCE(" in sql and "LIMIT" in sql
