"""Who did what, read by a person: reasons in her language, and the way to the record, for those who may open it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from umeed.access.deeds import _FACTORS
from umeed.core.audit import audited
from umeed.core.audit_pages import subjects, words
from umeed.core.models import AuditChange, AuditEntry
from umeed.core.scope import system
from umeed.core.viewer import as_system, as_viewer
from umeed.institutions.models import Woman
from umeed.simulator import reasons

ENGLISH = re.compile(r"[A-Za-z]{3,}")


def _export(client, address: str = "/women/export.csv?q=Gulam", language: str = "en") -> AuditEntry:
    b"".join(client.get(address, headers={"accept-language": language}).streaming_content)
    with as_system():
        return AuditEntry.objects.filter(did="export_register").latest("seq")


def _read(client, address: str, language: str) -> str:
    answer = client.get(address, headers={"accept-language": language})
    assert answer.status_code == 200, address
    return answer.content.decode()


def _whys(page: str) -> list[str]:
    return re.findall(r"<p><bdi>(.*?)</bdi></p>", page)


def test_an_export_is_told_to_each_reader_in_her_own_language(world, client_of) -> None:
    entry = _export(client_of("block_officer"), language="ur")
    assert not ENGLISH.search(entry.why.replace("Here block", "")), "kept in the words of who made it"
    address = f"/audit/{entry.seq}/"
    told = {code: _read(client_of("auditor"), address, code) for code in ("en", "hi", "ur")}
    assert re.search(r"<bdi>2 women in Here block block, as on \d+ \w+ \d{4}</bdi>", told["en"])
    for code, word in (("hi", "महिला"), ("ur", "خواتین")):
        why = next(iter(re.findall(r"<dd><bdi>([^<]*Here [^<]*)</bdi></dd>", told[code])))
        assert word in why and not ENGLISH.search(why.replace("Here block", "")), (code, why)
        assert why in _whys(_read(client_of("auditor"), "/audit/", code)), "in the list as well"


def test_an_export_of_a_chosen_place_and_of_everything(world, client_of) -> None:
    village = world.scene.here.villages[0]
    entry = _export(client_of("ut_officer"), f"/women/export.csv?village={village.pk}")
    assert f"in {village.name}, as on" in words.reasons_of([entry])[entry.pk]
    entry = _export(client_of("auditor"), "/places/list/export.csv")
    assert "in Here district district, as on" in words.reasons_of([entry])[entry.pk]


def test_an_export_of_an_earlier_day_keeps_its_own_words(world) -> None:
    with as_system(), audited(by=system(world.scope("auditor").today), did="export_register", why="7 women") as trail:
        trail.rows(AuditChange.READ, "institutions_woman", [("women", None, {"fields": [], "rows": 7})])
    with as_system():
        entry = AuditEntry.objects.latest("seq")
        assert words.reasons_of([entry]) == {entry.pk: "7 women"}


def test_a_page_of_exports_asks_as_much_as_a_page_with_one(world, client_of) -> None:
    def asked() -> int:
        client_of("auditor").get("/audit/")
        with CaptureQueriesContext(connection) as seen:
            client_of("auditor").get("/audit/")
        return len(seen)

    _export(client_of("block_officer"))
    one = asked()
    for address in ("/women/export.csv", "/shgs/export.csv", "/places/list/export.csv", "/women/export.xlsx"):
        _export(client_of("block_officer"), address)
    assert asked() == one


@pytest.mark.parametrize("language", ["hi", "ur"])
def test_what_the_product_says_itself_is_translated_and_what_a_person_types_is_not(language) -> None:
    from django.utils.translation import override

    with override(language):
        for text in reasons.ALL:
            assert not ENGLISH.search(words.reason("invent_groups", text)), text
            assert not ENGLISH.search(words.value_in_words("access_posting", "why", text)), text
        for text in _FACTORS:
            assert words.reason("add_second_factor", text) == str(_FACTORS[text]) != text
            assert words.reason("correct_woman", text) == text
        assert words.reason("correct_woman", "Seen at the meeting") == "Seen at the meeting"


# The record that an entry is about ------------------------------------------------------------------------------------


def _looked_at(world, woman: Woman) -> int:
    with as_system(), audited(by=system(world.scope("auditor").today), did="look_at_sealed") as trail:
        trail.at_place(world.scene.here.district.pk)
        trail.read(woman, ["phone"])
    with as_system():
        return AuditEntry.objects.latest("seq").seq


def test_an_entry_leads_to_its_record_where_the_reader_may_open_it(world, client_of) -> None:
    near, far = world.women["Ghulam Jan"], world.women["Ghulam Janbaz"]
    for woman, is_open in ((near, True), (far, False)):
        page = _read(client_of("auditor"), f"/audit/{_looked_at(world, woman)}/", "en")
        assert (f'href="/women/{woman.pk}/"' in page) is is_open, woman.name
        assert "<dd>Woman</dd>" in page or is_open


def test_who_runs_the_site_is_led_to_no_woman(world) -> None:
    near = world.women["Ghulam Jan"]
    both = [("institutions_woman", str(near.pk)), ("access_user", str(world.scene.people["auditor"].pk))]
    scope = world.scope("site_administrator")
    with as_viewer(scope.viewer):
        found = subjects.named(scope, both)
        assert [(table, bool(one.url)) for (table, _id), one in found.items()] == [("access_user", True)]


def test_a_row_about_a_person_or_place_leads_to_that_one(world) -> None:
    assert words.about("places_lying", "9", {"place_id": 7}) == ("places_place", "7")
    assert words.about("places_lying", "9", {"during": None}) == ("places_lying", "9")
    assert words.about("institutions_woman", "x", {"place_id": 7}) == ("institutions_woman", "x")
    assert subjects.named(world.scope("auditor"), [("institutions_woman", "women"), ("gone_table", "5")]) == {}


def test_links_cost_one_question_a_register_and_not_one_a_row(world, django_assert_max_num_queries) -> None:
    scope = world.scope("ut_officer")
    women = [("institutions_woman", str(woman.pk)) for woman in world.women.values()]
    with as_viewer(scope.viewer):
        subjects.named(scope, women)
        with django_assert_max_num_queries(1):
            found = subjects.named(scope, women)
        assert len(found) == len(women) and all(one.url for one in found.values())
