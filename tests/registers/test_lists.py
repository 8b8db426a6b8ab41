"""Lists: what is seen, found, narrowed, counted, sorted and paged, and in how many SQL queries."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.registers.asking import page_of
from tests.registers.conftest import HER_PHONE
from umeed.access.capabilities import ROLES
from umeed.access.registers import users
from umeed.core.audit import audited
from umeed.core.models import AuditChange, AuditEntry
from umeed.core.registers import listing as listings
from umeed.core.scope import system
from umeed.core.viewer import as_system, as_viewer
from umeed.institutions.models import Woman
from umeed.institutions.registers import clfs, shgs, vos, women
from umeed.places.registers import places

PAGE_BYTES = 100 * 1024
# Session, person, viewer (asked and given back), postings, savepoint or transaction: what every page costs.
ASKED_BY_EVERY_PAGE = 9


# What is seen ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("register", [women, shgs, vos, clfs, places, users], ids=lambda register: register.key)
def test_a_list_holds_what_each_role_may_see_and_nothing_else(world, register) -> None:
    there = {world.scene.there.groups[0].pk, world.women["Ghulam Janbaz"].pk, world.scene.there.clf.pk}
    for role in ROLES:
        scope = world.scope(role)
        with as_viewer(str(world.scene.people[role].pk)):
            listed = {row.pk for row in world.listing(role, register).rows}
            allowed = set(register.base(scope).values_list("pk", flat=True))
        assert listed <= allowed, role
        assert bool(listed) == (scope.can(register.see) and bool(allowed)), role
        assert role in ("ut_officer", "mis_officer") or not listed & there, role


def test_records_outside_and_unknown_are_both_404(world, client_of) -> None:
    client = client_of("block_officer")
    assert client.get(f"/women/{world.women['Ghulam Janbaz'].pk}/").status_code == 404
    assert client.get("/women/00000000-0000-7000-8000-000000000000/").status_code == 404
    assert client.get(f"/shgs/{world.scene.here.clf.pk}/").status_code == 404, "a federation is no self-help group"
    assert client.get(f"/women/{world.women['Ghulam Jan'].pk}/").status_code == 200


def test_a_woman_merged_into_another_is_left_out(world) -> None:
    with as_system(), audited(by=system(world.scope("block_officer").today), did="merge"):
        woman = world.women["Jana Gulam Bano"]
        woman.merged_into = world.women["Ghulam Jan"]
        woman.save()
    assert "Jana Gulam Bano" not in world.names("block_officer", women)


# What is counted ------------------------------------------------------------------------------------------------------


def test_the_headline_says_how_many_of_what_where_and_when(world, client_of) -> None:
    page = page_of(client_of, "block_officer", "/shgs/")
    assert re.search(r"2 groups in Here block block, as on \d{1,2} \w{3} \d{4}", page)
    one = page_of(client_of, "block_officer", f"/shgs/?village={world.scene.here.villages[0].pk}")
    assert "1 group in Here village 1, as on" in one


def test_a_short_list_is_not_counted_again(world) -> None:
    with as_viewer(str(world.scene.people["block_officer"].pk)):
        listing = world.listing("block_officer", women)
        assert listing.rows
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert listing.count.number == len(listing.rows)
    assert len(asked) == 0


def test_a_very_long_list_is_counted_once_in_ten_minutes(world, monkeypatch) -> None:
    monkeypatch.setattr(listings, "COUNTED_EACH_TIME", 2)
    monkeypatch.setattr(women, "page_size", 1)
    with as_viewer(str(world.scene.people["block_officer"].pk)):
        first = world.listing("block_officer", women).count
        assert first.at == ""
        Woman.objects.filter(pk=world.women["Ghulam Jan"].pk).update(died_on="2024-01-01")
        second = world.listing("block_officer", women).count
        other = world.listing("block_officer", women, "missing=phone").count
    assert second.number == first.number
    assert second.at, "a kept count says when it was counted"
    assert other.number < first.number


def test_leafing_shows_every_row_once(world, monkeypatch) -> None:
    monkeypatch.setattr(women, "page_size", 3)
    with as_viewer(str(world.scene.people["block_officer"].pk)):
        seen, page = [], 1
        while True:
            listing = world.listing("block_officer", women, f"sort=name&page={page}")
            seen += [row.pk for row in listing.rows]
            if not listing.has_next:
                break
            page += 1
        assert len(seen) == len(set(seen)) == listing.count.number


# Covered values -------------------------------------------------------------------------------------------------------


def test_phones_are_covered_until_asked_for_and_the_look_is_recorded(world, client_of) -> None:
    entries = AuditEntry.objects.filter(did="look_at_sealed")
    page = page_of(client_of, "block_officer", "/women/")
    assert HER_PHONE not in page
    assert "••••••3210" in page
    assert not entries.exists()
    shown = client_of("block_officer").get("/women/?show=phone")
    assert HER_PHONE in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    looked = AuditChange.objects.filter(entry=entries.get(), kind="read")
    with_phone = [name for name, woman in world.women.items() if woman.phone and name != "Ghulam Janbaz"]
    assert looked.count() == len(with_phone) + 4
    assert all(change.after == {"fields": ["phone"]} for change in looked)


def test_without_the_capability_asking_shows_nothing(world, client_of) -> None:
    page = page_of(client_of, "auditor", "/women/?show=phone")
    assert HER_PHONE not in page
    assert not AuditEntry.objects.filter(did="look_at_sealed").exists()


# The page itself ------------------------------------------------------------------------------------------------------


def test_sorting_turns_and_leads_back(world, client_of) -> None:
    down = page_of(client_of, "block_officer", "/women/?sort=-name")
    assert 'aria-sort="descending"' in down
    assert down.index("Zoona of") < down.index("Ghulam Jan<")


def test_htmx_gets_the_region_and_everybody_else_the_page(world, client_of) -> None:
    whole = client_of("block_officer").get("/women/")
    part = client_of("block_officer").get("/women/", headers={"HX-Request": "true"})
    back = client_of("block_officer").get(
        "/women/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    )
    assert "<!doctype html>" in whole.content.decode().lower()
    assert part.content.decode().strip().startswith('<section id="register"')
    assert "<!doctype html>" in back.content.decode().lower()
    assert "HX-Request" in whole.headers["Vary"]
    sent = client_of("block_officer").get("/women/?q=&age_from=&missing=phone", headers={"HX-Request": "true"})
    assert sent.headers["HX-Push-Url"] == "/women/?missing=phone", (
        "what a form sends empty does not stay in the address"
    )


@pytest.mark.parametrize("query", ["", "missing=born_on", "q=Ghulam"])
def test_a_page_beyond_the_last_says_so_and_leads_to_the_first(world, client_of, query) -> None:
    page = page_of(client_of, "block_officer", f"/women/?{query}&page=99999")
    assert "This page lies beyond the last" in page and f'href="/women/?{query}"' in page
    assert "Nothing here yet" not in page and "Nothing fits these filters" not in page
    assert "beyond the last" not in page_of(client_of, "block_officer", f"/women/?{query}")


def test_a_page_beyond_an_empty_list_says_that_nothing_is_there(world, client_of) -> None:
    page = page_of(client_of, "block_officer", "/women/?q=Nobodyatall&page=9")
    assert "Nothing fits these filters" in page and "beyond the last" not in page


def test_a_full_page_of_rows_stays_light(world, client_of) -> None:
    today = world.scope("block_officer").today
    village = world.scene.here.villages[0]
    with as_system(), audited(by=system(today), did="fill"):
        for number in range(60):
            Woman(name=f"Mehbooba Akhter Bano {number:02}", place=village, phone=f"98{number:08}").save()
    page = client_of("block_officer").get("/women/")
    assert len(page.content) < PAGE_BYTES
    assert page.content.decode().count('<tr role="row">') == 51


def test_how_many_queries_a_list_a_search_and_a_record_take(world, client_of, django_assert_max_num_queries) -> None:
    """Whatever the number of rows: gathering is once a page, and places come in one query."""
    client = client_of("block_officer")
    client.get("/women/")
    for url, own in (
        ("/women/", 9), ("/women/?q=Gulam+Jana", 9), ("/shgs/", 8),
        (f"/women/{world.women['Ghulam Jan'].pk}/", 13), (f"/shgs/{world.scene.here.groups[0].pk}/", 16),
    ):  # fmt: skip
        with django_assert_max_num_queries(ASKED_BY_EVERY_PAGE + own):
            assert client.get(url).status_code == 200


def test_a_list_takes_as_many_queries_for_fifty_rows_as_for_five(world, client_of) -> None:
    client = client_of("block_officer")
    client.get("/women/")
    with CaptureQueriesContext(connection) as few:
        client.get("/women/")
    with as_system(), audited(by=system(world.scope("block_officer").today), did="fill"):
        for number in range(40):
            Woman(name=f"Bano {number:02}", place=world.scene.here.villages[number % 2]).save()
    with CaptureQueriesContext(connection) as many:
        client.get("/women/")
    assert len(many) == len(few)


def test_a_code_is_never_grouped_on_a_page_and_stays_a_number_elsewhere(world, client_of) -> None:
    village = world.scene.here.villages[0]
    with as_system(), audited(by=system(world.scope("block_officer").today), did="code"):
        village.lgd_code, village.census_2011 = 273645, "003797"
        village.save()
    client = client_of("block_officer")
    for url in ("/places/list/?kind=village", f"/places/{village.pk}/", f"/search/?q={village.name}"):
        page = client.get(url, follow=True).content.decode()
        assert "273645" in page and "2,73,645" not in page, url
    lines = b"".join(client.get("/places/list/export.csv?kind=village").streaming_content).decode().splitlines()
    row = next(line.split(",") for line in lines if line.startswith(f"{village.name},"))
    assert (row[lines[0].split(",").index("LGD code")], "003797" in row) == ("273645", True)
    column = places.by_key["lgd_code"]
    assert (column.text(273645), column.json(273645), column.sheet(273645)) == ("273645", 273645, [273645])
    assert column.json_type is int and column.goes_straight


def test_a_place_lies_in_others_and_says_whether_it_is_invented(world, client_of) -> None:
    village = world.scene.here.villages[0]
    with as_system(), audited(by=system(world.scope("block_officer").today), did="invent_groups"):
        village.is_invented = True
        village.save()
    client = client_of("block_officer")
    page = client.get("/places/list/?kind=village").content.decode()
    assert "Invented for the demonstration" in page and "<bdi>Here block, Here district</bdi>" in page
    assert f"<bdi>{village.name}, Here block" not in page
    lines = b"".join(client.get("/places/list/export.csv?kind=village").streaming_content).decode().splitlines()
    heads = lines[0].split(",")
    row = next(line.split(",") for line in lines if line.startswith(f"{village.name},"))
    assert row[heads.index("Invented for the demonstration")] == "Yes" and heads.count("LGD code") == 1
