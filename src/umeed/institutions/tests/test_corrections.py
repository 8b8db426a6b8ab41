"""Correcting records on their pages: what is covered stays so, what is kept in other scripts is not lost."""

import re

import pytest
from django.urls import reverse

from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.core.models import AuditEntry
from umeed.institutions import actions
from umeed.institutions.actions import women
from umeed.institutions.models import Alias, Signatory, Woman
from umeed.institutions.tests.making import (
    bookkeeper_of,
    codes_of,
    day,
    make_account,
    make_group,
    make_member,
    make_office,
    make_woman,
    members_of,
    signed_in,
    us,
)
from umeed.kernel.ids import new_id


def corrected(client, woman, **typed):
    """Open the form of her record and send it as it stands, with what is typed over it."""
    url = reverse("women:edit", args=[woman.pk])
    form = client.get(url).context["form"]
    sent = {bound.html_name: _as_sent(bound) for bound in form}
    answer = client.post(url, {**sent, **typed})
    assert answer.status_code == 302, answer.context["form"].errors
    woman.refresh_from_db()
    return woman


def _as_sent(bound):
    """What a browser sends of a field that nobody touched."""
    value = bound.field.widget.format_value(bound.value())
    if getattr(bound.field.widget, "allow_multiple_selected", False):
        return [each for each in value if each]
    return (value[0] if isinstance(value, list) else value) or ""


SENSITIVE = {"social_category": "st", "religion": "sikh", "disability": "self", "disability_kind": "Blindness",
             "guardian_name": "Wali Mohammad", "is_pvtg": True, "account_name": "Haseena Wani",
             "ifsc": "JAKA0SHOPAN"}  # fmt: skip


def test_the_form_does_not_tell_what_the_page_covers_and_keeps_it(valley, settings):
    settings.SECOND_FACTOR = "none"
    group = make_group(valley.chinar)
    woman = make_member(group, **SENSITIVE).woman
    bookkeeper_of(group)
    clerk = signed_in("bookkeeper")
    page = clerk.get(reverse("women:edit", args=[woman.pk])).content.decode()
    for text in ("Blindness", "Wali Mohammad", "Haseena Wani", "JAKA0SHOPAN"):
        assert text not in page
    for name in ("social_category", "religion", "disability", "is_pvtg"):
        select = re.search(rf'<select name="{name}".*?</select>', page, re.DOTALL).group()
        chosen = re.findall(r'<option value="([^"]*)" selected>([^<]*)', select)
        assert chosen in ([], [("unknown", "••••••")], [("", "••••••")]) and "••••••" in select
    corrected(clerk, woman, address="Near the bridge")
    assert {name: getattr(woman, name) for name in SENSITIVE} == SENSITIVE
    assert woman.address == "Near the bridge"
    corrected(clerk, woman, social_category="sc", guardian_name="-")
    assert (woman.social_category, woman.guardian_name, woman.religion) == ("sc", "", "sikh")
    corrected(clerk, woman, social_category="-")
    assert (woman.social_category, woman.religion) == ("", "sikh")


def test_the_passbook_is_kept_changed_and_removed_unseen(valley, officer):
    account = {"account_number": "0043040100067890", "account_name": "Haseena Wani", "ifsc": "JAKA0SHOPAN"}
    woman = make_woman(valley.chinar, **account)
    corrected(officer, woman, address="Near the bridge")
    assert {name: getattr(woman, name) for name in account} == account
    corrected(officer, woman, ifsc="jaka0keeper")
    assert (woman.ifsc, woman.account_name) == ("JAKA0KEEPER", "Haseena Wani")
    corrected(officer, woman, account_name="-")
    assert (woman.ifsc, woman.account_name, woman.account_number) == ("JAKA0KEEPER", "", account["account_number"])
    corrected(officer, woman, account_number="-", ifsc="-")
    assert (woman.ifsc, woman.account_number) == ("", "")
    page = officer.get(reverse("women:edit", args=[woman.pk])).content.decode()
    name = re.search(r'<input[^>]*name="account_name".*?</div>', page, re.DOTALL).group()
    assert "Kept" not in name, "nothing is there to be kept"


def test_what_is_covered_is_not_told_when_others_changed_it_meanwhile(valley, officer):
    woman = make_woman(valley.chinar, account_name="Haseena Wani")
    url = reverse("women:edit", args=[woman.pk])
    sent = {bound.html_name: _as_sent(bound) for bound in officer.get(url).context["form"]}
    actions.correct_woman(by=us(), woman=woman, account_name="Haseena Dar", address="Near the bridge")
    page = officer.post(url, {**sent, "name": "Haseena Banoo"}).content.decode()
    assert "Somebody changed this since you opened it" in page and "Near the bridge" in page
    assert "Haseena Wani" not in page and "Haseena Dar" not in page


def test_a_new_record_shows_the_passbook_as_it_is_typed(valley, officer):
    page = officer.post(reverse("women:new"), {"name": "", "account_name": "Haseena Wani", "ifsc": "X"})
    assert 'value="Haseena Wani"' in page.content.decode() and "••••••" not in page.content.decode()


def test_names_in_every_script_are_kept_and_each_can_be_changed(valley, officer):
    names = {"ks": "حسینہ بانو", "hi": "हसीना बानो"}
    woman = make_woman(valley.chinar, names_local=names, belonging_names_local={"ur": "غلام نبی"})
    corrected(officer, woman, address="Near the bridge")
    assert (woman.names_local, woman.belonging_names_local) == (names, {"ur": "غلام نبی"})
    corrected(officer, woman, names_local="حسینہ بانو، हसीना बानू", reads=["arab", "deva"])
    assert woman.names_local == {"ks": "حسینہ بانو", "hi": "हसीना बानू"}
    assert woman.reads == ["arab", "deva"]
    url = reverse("women:edit", args=[woman.pk])
    refused = officer.post(url, {"names_local": "हसीना, हसीना बानो", "name": woman.name, "revision": woman.revision})
    assert "same script" in refused.content.decode()


def test_her_household_is_corrected_for_all_who_live_there(valley, officer):
    woman = make_woman(valley.chinar, new_household={"head_name": "Gulam Nabi"})
    other = make_woman(valley.chinar, "Rubeena Jan", household=woman.household)
    page = reverse("institutions:woman_household", args=[woman.pk])
    assert "Gulam Nabi" in officer.get(page).content.decode()
    said = {"head_name": "Ghulam Nabi", "house": "Upper lane", "poverty": "poor"}
    assert officer.post(page, said).status_code == 302
    home = Woman.objects.get(pk=other.pk).household
    assert (home.head_name, home.house, home.poverty) == ("Ghulam Nabi", "Upper lane", "poor")
    assert AuditEntry.objects.latest("seq").did == "correct_household"
    alone = make_woman(valley.chinar, "Nusrat Ara")
    assert officer.post(reverse("institutions:woman_household", args=[alone.pk]), said).status_code == 302
    alone.refresh_from_db()
    assert alone.household is not None and alone.household_id != home.pk and alone.place == valley.chinar


def test_ids_of_a_household_begin_and_end(valley, officer):
    woman = make_woman(valley.chinar, new_household={"head_name": "Ghulam Nabi"})
    page = reverse("institutions:woman_alias", args=[woman.pk])
    given = {"system": "secc", "value": "0101-77", "of_household": "on", "from_on": "1-4-2016", "record_id": new_id()}
    assert "future" in officer.post(page, given | {"from_on": "1-4-2096"}).content.decode()
    assert officer.post(page, given).status_code == 302
    known = Alias.objects.get()
    assert (known.household_id, known.woman_id, known.since_on) == (woman.household_id, None, day("2016-04-01"))
    ends = reverse("institutions:woman_alias_end", args=[woman.pk])
    assert "0101-77" in officer.get(ends).content.decode()
    assert officer.post(ends, {"alias": known.pk, "on": "1-4-2020"}).status_code == 302
    known.refresh_from_db()
    assert known.until_on == day("2020-04-01")
    shown = officer.get(reverse("institutions:woman", args=[woman.pk])).content.decode()
    assert "0101-77" in shown and "1 Apr 2016" in shown and "1 Apr 2020" in shown


def test_somebody_signs_no_longer(valley, officer):
    group = make_group(valley.chinar, members=6)
    tie = members_of(group)[0]
    make_office(tie)
    actions.add_signatory(by=us(), id=new_id(), account=make_account(group), woman=tie.woman, on=day("2022-02-02"))
    page = reverse("institutions:institution_signatory_end", args=[group.pk])
    assert tie.woman.name in officer.get(page).content.decode()
    signs = Signatory.objects.get()
    assert officer.post(page, {"signatory": signs.pk, "on": "01-01-2023"}).status_code == 302
    signs.refresh_from_db()
    assert signs.until_on == day("2023-01-01")


def test_a_merged_record_leads_to_the_one_that_is_kept(valley, officer):
    kept, merged, first = (make_woman(valley.chinar, name) for name in ("Haseena Bano", "Hasina Bano", "Haseena Banoo"))
    with audited(by=us(), did="merge_women"):
        first.merged_into = merged
        first.save()
        merged.merged_into = kept
        merged.save()
    page = officer.get(reverse("institutions:woman", args=[first.pk])).content.decode()
    assert reverse("women:detail", args=[kept.pk]) in page and "merged into another" in page
    assert reverse("institutions:woman_join", args=[first.pk]) not in page
    turned_away = officer.get(reverse("institutions:woman_join", args=[first.pk]))
    assert turned_away.status_code == 302


def test_an_old_fault_elsewhere_does_not_keep_a_record_from_being_corrected(valley):
    woman = make_woman(valley.chinar)
    with audited(by=us(), did="load_old_rows"):
        woman.nominee_relation = "husband"
        woman.save()
    actions.correct_woman(by=us(), woman=woman, address="Near the bridge")
    woman.refresh_from_db()
    assert (woman.address, woman.nominee_relation) == ("Near the bridge", "husband")
    told = women.reasons_on_correcting(us(), woman, {"address": "Elsewhere"})
    assert [(reason.code, reason.severity) for reason in told] == [("nominee_name_missing", "warn")]
    with pytest.raises(Refused) as refused:
        actions.correct_woman(by=us(), woman=woman, phone="12")
    assert "nominee_name_missing" not in codes_of(refused) and len(refused.value.refusals) == 1
