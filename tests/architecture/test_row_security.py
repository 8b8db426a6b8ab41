"""The second door: PostgreSQL by itself shows each person what her scope shows, and takes no write beyond it."""

from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Q

from tests.architecture import scene as scenes
from umeed.access.capabilities import ROLES
from umeed.core.audit import audited
from umeed.core.dated import EVER
from umeed.core.scope import system
from umeed.core.viewer import as_system, as_viewer
from umeed.institutions.models import Alias, BankAccount, Consent, Household, Institution, OfficeTerm, Woman

EVERYBODY = [*ROLES, "nobody"]
PEOPLE_TABLES = [
    "institutions_institution", "institutions_household", "institutions_woman", "institutions_bankaccount",
    "institutions_consent", "institutions_officeterm",
]  # fmt: skip
PLACES_ONLY = "places and sums of them, nobody's record"
WITHOUT_THE_DOOR = {
    "access_user": "read at sign-in, before anybody is known; no woman of a group is in it",
    "access_user_groups": "not used",
    "access_user_user_permissions": "not used",
    "access_posting": "the policies ask it who reaches what",
    "api_apitoken": "read before anybody is known; holds a digest",
    "core_auditentry": "the chain is read to be continued; phone and account numbers are never clear in it",
    "core_auditchange": "as core_auditentry",
    "core_columnmapping": "headings of sheets",
    "core_load": "a file's name and who loads it; its content and rows have the door",
    "core_savedview": "one's own lists: what was searched, no record",
    "duplicates_search": PLACES_ONLY,
    "field_device": "read before anybody is known; holds digests, a public key and what a phone tells of itself",
    "field_mark": "ids and numbers of transactions",
    "field_phonecode": "as field_device",
    "field_serverkey": "its private half is sealed; phones are given the other before anybody is known",
    "institutions_federation": "institution to institution; the policies ask it",
    "institutions_membership": "ids, days and why somebody left; the policy on women asks it, so it cannot ask back",
    "institutions_signatory": "ids and days",
    "institutions_statusterm": "an institution's status, no person",
    **dict.fromkeys(
        (
            "places_lying", "places_mission", "places_place", "places_placechange",
            "places_placename", "places_placetag", "places_within",
            "profiles_picture", "profiles_rollup", "profiles_stale", "profiles_standing",
        ),
        PLACES_ONLY,
    ),
}  # fmt: skip
NEW_HOUSEHOLD = """
    INSERT INTO institutions_household (id, revision, changed_at, head_name, house, poverty, place_id)
    VALUES (%s, 1, now(), '', '', '', %s)
"""


@pytest.fixture
def scene(db):
    return scenes.build()


def _by_sql(table, viewer):
    with as_viewer(viewer), connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table}")
        return {row[0] for row in cursor.fetchall()}


def _by_scope(scope):
    """What the first door shows, asked with the second one open."""
    with as_system():
        women = Woman.objects.seen_by(scope, "women.see")
        institutions = Institution.objects.seen_by(scope, "institutions.see")
        shown = {
            "institutions_institution": institutions,
            "institutions_household": Household.objects.seen_by(scope, "women.see"),
            "institutions_woman": women,
            "institutions_bankaccount": BankAccount.objects.filter(institution__in=institutions),
            "institutions_consent": Consent.objects.filter(woman__in=women),
            "institutions_officeterm": OfficeTerm.objects.filter(woman__in=women),
        }
        return {table: set(rows.values_list("pk", flat=True)) for table, rows in shown.items()}


@pytest.mark.parametrize("role", EVERYBODY)
def test_both_doors_show_the_same(scene, role) -> None:
    scope = scene.scope(role)
    assert {table: _by_sql(table, scope.viewer) for table in PEOPLE_TABLES} == _by_scope(scope)


def test_who_sees_how_many_women(scene) -> None:
    """By hand, so that the two doors cannot agree on something wrong."""
    seen = {role: len(_by_sql("institutions_woman", scene.scope(role).viewer)) for role in EVERYBODY}
    assert seen == {
        "group_bookkeeper": 2, "vo_bookkeeper": 2, "clf_bookkeeper": 2, "resource_person": 4, "block_officer": 4,
        "district_officer": 4, "ut_officer": 8, "mis_officer": 8, "accounts": 4, "partner": 4, "auditor": 4,
        "bank_branch": 0, "line_department": 0, "site_administrator": 0, "nobody": 0,
    }  # fmt: skip


@pytest.mark.parametrize("viewer", ["", "somebody", "c3542500-c328-463d-a0dd-dc9da5b6a628"])
def test_without_a_known_viewer_nothing_is_seen(scene, viewer) -> None:
    assert all(_by_sql(table, viewer) == set() for table in PEOPLE_TABLES)


def test_a_switched_off_person_and_an_ended_posting_see_nothing(scene) -> None:
    officer = scene.people["block_officer"]
    officer.is_active = False
    officer.save()
    assert _by_sql("institutions_woman", str(officer.pk)) == set()
    late = scenes.person("late")
    scenes.post(late, "block_officer", end=scenes.today(), place_id=scene.here.block.pk)
    early = scenes.person("early")
    scenes.post(early, "block_officer", first=scenes.today().replace(year=2099), place_id=scene.here.block.pk)
    assert _by_sql("institutions_woman", str(late.pk)) == _by_sql("institutions_woman", str(early.pk)) == set()


def test_the_list_of_roles_in_the_database_is_the_one_of_the_code(db) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT role, umeed_role_sees_people(role) FROM unnest(%s::text[]) AS role", [[*ROLES, "made_up"]]
        )
        by_database = dict(cursor.fetchall())
    assert by_database == {**{key: "women.see" in role.capabilities for key, role in ROLES.items()}, "made_up": False}


def test_every_table_of_ours_has_the_door_and_forces_it_or_says_why_not(db) -> None:
    """A new table needs a policy, or a reason here and in docs/operate/security.md."""
    ours = {
        model._meta.db_table for model in apps.get_models(include_auto_created=True) if model.__module__[:6] == "umeed."
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        secured = {row[0] for row in cursor.fetchall()}
    assert secured >= {*PEOPLE_TABLES, "institutions_alias"}
    assert ours - secured == set(WITHOUT_THE_DOOR)
    page = (Path(settings.PROJECT) / "docs" / "operate" / "security.md").read_text(encoding="utf-8")
    assert [table for table in sorted(ours) if f"`{table}`" not in page] == []


def test_the_product_works_as_a_role_that_the_door_stops(db) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("umeed_app", False, False)


@contextmanager
def _refused():
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        yield


def _run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


def test_no_write_reaches_outside(scene) -> None:
    here, there = scene.here, scene.there
    with as_viewer(scene.scope("block_officer").viewer):
        assert _run("UPDATE institutions_woman SET name = 'X' WHERE id = %s", here.women[0].pk) == 1
        assert _run("UPDATE institutions_woman SET name = 'X' WHERE id = %s", there.women[0].pk) == 0
        assert _run("DELETE FROM institutions_consent WHERE woman_id = %s", there.women[0].pk) == 0
        with _refused():
            _run("UPDATE institutions_woman SET household_id = NULL, place_id = %s WHERE id = %s",
                 there.villages[0].pk, here.women[0].pk)  # fmt: skip
        with _refused():
            _run("UPDATE institutions_institution SET place_id = %s WHERE id = %s",
                 there.villages[0].pk, here.groups[0].pk)  # fmt: skip
        assert _run(NEW_HOUSEHOLD, uuid4(), here.villages[0].pk) == 1
        with _refused():
            _run(NEW_HOUSEHOLD, uuid4(), there.villages[0].pk)


@pytest.fixture
def numbered(scene):
    """The scene with an id of another system on a woman, a household and a group of each side, and LokOS ids there."""
    with as_system(), audited(by=system(scenes.START), did="number_scene"):
        for name, side in (("here", scene.here), ("there", scene.there)):
            owners = {"woman": side.women[0], "household": side.households[0], "institution": side.groups[0]}
            for what, owner in owners.items():
                for key in ("secc", "lokos"):
                    Alias(system=key, value=f"{key} {name} {what}", during=EVER, **{what: owner}).save()
    return scene


@pytest.mark.parametrize("role", EVERYBODY)
def test_an_id_of_another_system_is_seen_with_its_record(numbered, role) -> None:
    scope = numbered.scope(role)
    with as_system():
        women = Woman.objects.seen_by(scope, "women.see").values("pk")
        houses = Household.objects.seen_by(scope, "women.see").values("pk")
        groups = Institution.objects.seen_by(scope, "institutions.see").values("pk")
        owned = Q(woman__in=women) | Q(household__in=houses) | Q(institution__in=groups)
        wanted = set(Alias.objects.filter(owned | Q(system="lokos")).values_list("pk", flat=True))
    assert _by_sql("institutions_alias", scope.viewer) == wanted


def test_who_sees_how_many_ids(numbered) -> None:
    """By hand, so that the two doors cannot agree on something wrong: six are of LokOS."""
    seen = {role: len(_by_sql("institutions_alias", numbered.scope(role).viewer)) for role in EVERYBODY}
    assert (seen["nobody"], seen["site_administrator"], seen["block_officer"], seen["ut_officer"]) == (6, 6, 9, 12)


def test_nobody_writes_an_id_beyond_her_reach(numbered) -> None:
    with as_viewer(numbered.scope("block_officer").viewer):
        assert _run("UPDATE institutions_alias SET value = value || '1' WHERE value = 'lokos here woman'") == 1
        assert _run("DELETE FROM institutions_alias WHERE value = 'secc there woman'") == 0
        with _refused():
            _run("UPDATE institutions_alias SET value = value || '1' WHERE value = 'lokos there woman'")


@pytest.mark.parametrize("role", ["bank_branch", "line_department", "site_administrator", "nobody"])
def test_who_sees_no_woman_writes_none(scene, role) -> None:
    with as_viewer(scene.scope(role).viewer):
        assert _run("UPDATE institutions_woman SET name = 'X'") == 0
        with _refused():
            _run(NEW_HOUSEHOLD, uuid4(), scene.here.villages[0].pk)


def test_the_viewer_does_not_outlive_her_transaction(scene) -> None:
    with as_viewer(scene.scope("ut_officer").viewer):
        pass
    with as_viewer(""):
        assert _by_sql("institutions_woman", "") == set()
