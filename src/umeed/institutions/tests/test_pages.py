"""Pages of this room driven by a client: enrolling, forming, electing, federating, loading nothing twice."""

import re

from django.urls import reverse

from umeed.institutions import actions
from umeed.institutions.models import (
    Alias,
    BankAccount,
    Consent,
    Federation,
    Institution,
    Membership,
    OfficeTerm,
    Signatory,
    Woman,
)
from umeed.institutions.tests.making import (
    bookkeeper_of,
    day,
    make_account,
    make_federation,
    make_group,
    make_member,
    make_office,
    make_woman,
    members_of,
    signed_in,
    us,
)
from umeed.institutions.views import INSTITUTION_WAYS, WOMAN_WAYS
from umeed.kernel.ids import new_id
from umeed.places.tests.world import make


def sent(client, name, pk, **values):
    """Open the page, and send its form with the hidden fields it came with."""
    url = reverse(f"institutions:{name}", args=[pk])
    page = client.get(url)
    assert page.status_code == 200
    hidden = dict(
        re.findall(r'<input type="hidden" name="(record_id|revision)" value="([^"]*)"', page.content.decode())
    )
    return client.post(url, {**hidden, **values})


def test_every_way_opens_and_an_empty_form_is_told_why(valley, officer):
    group = make_group(valley.chinar, members=6)
    make_account(group)
    woman = members_of(group)[0].woman
    for way in WOMAN_WAYS:
        assert sent(officer, f"woman_{way.key}", woman.pk).status_code == 200, way.key
    for way in INSTITUTION_WAYS:
        assert sent(officer, f"institution_{way.key}", group.pk).status_code == 200, way.key


def test_two_of_one_name_are_told_apart_among_officers_signatories_and_former_members(valley, officer):
    group = make_group(valley.chinar)
    ties = [
        make_member(group, "Shaista Akhter", belonging_name=whose, relation="husband")
        for whose in ("Nisar Ahmad", "Gh. Nabi", "Abdul Rashid")
    ]
    for tie, office in zip(ties, ("president", "secretary"), strict=False):
        make_office(tie, office)
    actions.leave_group(by=us(), membership=ties[2], left_on=day("2020-01-01"), leave_reason="migrated")
    account = make_account(group)
    add = {"account": account.pk, "woman": ties[1].woman_id, "on": "01-06-2022"}
    assert sent(officer, "institution_signatory", group.pk, **add).status_code == 302
    page = officer.get(reverse("institutions:institution", args=[group.pk])).content.decode()
    members, _officers, rest = page.partition('id="officers"')
    assert "<bdi>Shaista Akhter (wife of Abdul Rashid)</bdi>" in members.partition("<details>")[2]
    bearers, _accounts, accounts = rest.partition('id="accounts"')
    for whose in ("Nisar Ahmad", "Gh. Nabi"):
        assert f"<bdi>Shaista Akhter (wife of {whose})</bdi>" in bearers
    assert "<bdi>Shaista Akhter (wife of Gh. Nabi)</bdi>" in accounts
    record = officer.get(reverse("shgs:detail", args=[group.pk])).content.decode()
    assert record.count("Shaista Akhter (wife of Gh. Nabi)") == 2


def test_a_group_gets_its_president_account_and_signatory(valley, officer):
    group = make_group(valley.chinar, members=6)
    woman = members_of(group)[0].woman
    assert (
        sent(officer, "institution_office", group.pk, woman=woman.pk, office="president", on="02-01-2022").status_code
        == 302
    )
    account = {
        "number": "0043040100012345", "number_again": "0043040100012345", "ifsc": "JAKA0SHOPAN",
        "opened_on": "1/4/2016",
    }  # fmt: skip
    wrong = sent(officer, "institution_account", group.pk, **account | {"number_again": "0043040100012354"})
    assert "typed differently" in wrong.content.decode()
    assert sent(officer, "institution_account", group.pk, **account).status_code == 302
    made = BankAccount.objects.get()
    signs = sent(officer, "institution_signatory", group.pk, account=made.pk, woman=woman.pk, on="02-02-2022")
    assert (signs.status_code, Signatory.objects.count(), OfficeTerm.objects.count()) == (302, 1, 1)
    page = officer.get(reverse("institutions:institution", args=[group.pk])).content.decode()
    assert "2345" in page and "0043040100012345" not in page


def test_a_woman_joins_by_the_name_of_the_group_and_leaves(valley, officer):
    group, woman = make_group(valley.chinar, "Roshni"), make_woman(valley.chinar)
    make_group(valley.deodar, "Roshni")
    several = sent(officer, "woman_join", woman.pk, group="Roshni", joined_on="01-02-2020")
    assert "Roshni, Chinar" in several.content.decode()
    assert sent(officer, "woman_join", woman.pk, group="roshnee, chinar", joined_on="01-02-2020").status_code == 302
    tie = Membership.objects.get()
    assert tie.institution == group
    left = {"membership": tie.pk, "left_on": "01-02-2024", "leave_reason": "migrated"}
    assert sent(officer, "woman_leave", woman.pk, **left).status_code == 302
    tie.refresh_from_db()
    assert (str(tie.until_on), tie.leave_reason) == ("2024-02-01", "migrated")


def test_a_warning_is_confirmed_before_it_is_saved(valley, officer):
    group, woman = make_group(valley.chinar, "Roshni"), make_woman(valley.chinar, born_on=None, born_year=1950)
    given = {"group": str(group.pk), "joined_on": "01-02-2020"}
    asked = sent(officer, "woman_join", woman.pk, **given)
    assert "70 years old" in asked.content.decode() and not Membership.objects.exists()
    assert sent(officer, "woman_join", woman.pk, **given, confirmed="old:born_on").status_code == 302
    assert Membership.objects.count() == 1


def test_federation_consent_alias_and_status(valley, officer):
    group, vo = make_group(valley.chinar, members=6), make_group(valley.chinar, "Chinar VO", kind="vo")
    woman = members_of(group)[0].woman
    assert sent(officer, "institution_federate", group.pk, above=vo.name, on="01-01-2018").status_code == 302
    consent = {"purpose": "identity", "language": "ks", "taken": "thumb", "given_on": "01-01-2024"}
    assert sent(officer, "woman_consent", woman.pk, **consent).status_code == 302
    assert sent(officer, "woman_identity", woman.pk, aadhaar="2341 2341 2346").status_code == 302
    assert sent(officer, "woman_alias", woman.pk, system="lokos", value="LK77").status_code == 302
    assert (
        sent(
            officer, "woman_withdraw", woman.pk, consent=Consent.objects.get().pk, withdrawn_on="01-02-2024"
        ).status_code
        == 302
    )
    assert (
        sent(officer, "institution_status", group.pk, status="dormant", on="01-06-2025", why="No meetings").status_code
        == 302
    )
    group.refresh_from_db()
    woman.refresh_from_db()
    assert (group.status, woman.identity_last4, Alias.objects.get().woman, Federation.objects.get().above) == (
        "dormant", "", woman, vo,
    )  # fmt: skip


def test_pages_show_what_is_tied_and_what_may_be_done(valley, officer):
    group, vo = make_group(valley.chinar, members=6), make_group(valley.chinar, "Chinar VO", kind="vo")
    make_office(members_of(group)[0])
    make_federation(group, vo)
    page = officer.get(reverse("institutions:institution", args=[group.pk])).content.decode()
    assert "Chinar VO" in page and "Haseena Bano" in page and "Election" in page
    above = officer.get(reverse("institutions:institution", args=[vo.pk])).content.decode()
    assert "6 members" in above
    woman = officer.get(reverse("institutions:woman", args=[members_of(group)[0].woman_id])).content.decode()
    assert "Roshni" in woman and "President" in woman


def test_what_lies_outside_does_not_exist(valley, officer):
    group = make_group(valley.walnut)
    tie = make_member(group)
    for name, pk in (
        ("institution", group.pk),
        ("woman", tie.woman_id),
        ("woman_leave", tie.woman_id),
        ("institution_status", group.pk),
    ):
        assert officer.get(reverse(f"institutions:{name}", args=[pk])).status_code == 404


def test_a_bookkeeper_enters_a_woman_of_her_group(valley, settings):
    settings.SECOND_FACTOR = "none"
    group = make_group(valley.chinar)
    bookkeeper_of(group)
    client = signed_in("bookkeeper")
    page = client.get(reverse("women:new") + f"?group={group.pk}")
    assert page.status_code == 200 and "Roshni, Chinar" in page.content.decode()
    pk = new_id()
    given = {
        "record_id": pk, "group": f"{group.name}, Chinar", "joined_on": "01-02-2020", "name": "Haseena Bano",
        "born_on": "12-03-1984", "gender": "female", "belonging_name": "Ghulam Nabi", "relation": "husband",
        "head_name": "Ghulam Nabi",
    }  # fmt: skip
    for _twice in range(2):
        answer = client.post(reverse("women:new"), given)
        assert answer.status_code == 302, re.findall(r"<[^>]*error[^>]*>[^<]*<", answer.content.decode())
    woman = Woman.objects.get()
    assert (woman.pk, woman.place, woman.household.head_name) == (pk, valley.chinar, "Ghulam Nabi")


def test_an_officer_forms_and_corrects_a_group(valley, officer):
    given = {"name": "Roshni", "place": "chinaar", "formed_on": "25-01-2016", "origin": "new", "saving_paise": "100"}
    first = officer.post(reverse("shgs:new"), {"record_id": new_id(), **given})
    assert first.status_code == 302, re.findall(r"error[^<]*<[^<]*", first.content.decode())
    group = Institution.objects.get()
    assert (group.place, group.saving_paise, group.status) == (valley.chinar, 10_000, "forming")
    again = officer.post(
        reverse("shgs:edit", args=[group.pk]), {"revision": 1, **given, "place": "Chinar", "saving_paise": "200"}
    )
    assert again.status_code == 302
    group.refresh_from_db()
    assert group.saving_paise == 20_000


def test_a_group_is_corrected_though_its_village_has_a_namesake(valley, officer):
    """What the form shows and nobody touches is the village it was."""
    group = make_group(valley.chinar, members=6)
    make("village", valley.chinar.name, valley.hill, valley.north, code=946)
    given = {"name": "Roshni", "place": "Chinar", "formed_on": "25-01-2016", "origin": "new"}
    answer = officer.post(reverse("shgs:edit", args=[group.pk]), {"revision": group.revision, **given})
    assert answer.status_code == 302, (answer.context["form"].errors, answer.context["form"].warned)
    group.refresh_from_db()
    assert group.place == valley.chinar
