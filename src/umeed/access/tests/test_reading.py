"""Covered fields are shown to those whose role shows them here, and the look is written down."""

import pytest

from umeed.access.reading import NotHers, reveal
from umeed.core.audit_pages import queries
from umeed.core.models import AuditEntry
from umeed.core.viewer import as_viewer


def test_a_look_is_written_down_and_told_in_the_history(scene) -> None:
    by, woman = scene.scope("block_officer"), scene.here.women[0]
    with as_viewer(by.viewer):
        assert reveal(by, woman, ["phone", "name"], "She asked for a call") == {
            "phone": "9000000001",
            "name": woman.name,
        }
    entry = AuditEntry.objects.latest("seq")
    assert (entry.did, entry.why, entry.place_id) == ("read_covered", "She asked for a call", woman.place_id)
    assert "9000000001" not in str(list(entry.changes.values()))
    latest = queries.history_of((woman._meta.db_table, woman.pk))[0]
    assert (latest.did, latest.looked_at, latest.changes) == ("Looked at covered fields", "Phone", ())


@pytest.mark.parametrize("role", ["partner", "auditor", "accounts", "bank_branch", "site_administrator"])
def test_a_role_that_does_not_show_it_learns_nothing(scene, role) -> None:
    by, before = scene.scope(role), AuditEntry.objects.count()
    with as_viewer(by.viewer), pytest.raises(NotHers):
        reveal(by, scene.here.women[0], ["phone"])
    assert AuditEntry.objects.count() == before


def test_a_capability_elsewhere_does_not_count_here(scene) -> None:
    by = scene.scope("block_officer")
    with as_viewer(by.viewer), pytest.raises(NotHers):
        reveal(by, scene.there.women[0], ["phone"])


def test_what_is_not_covered_needs_no_entry(scene) -> None:
    by, before = scene.scope("partner"), AuditEntry.objects.count()
    with as_viewer(by.viewer):
        assert reveal(by, scene.here.women[0], ["name"]) == {"name": scene.here.women[0].name}
    assert AuditEntry.objects.count() == before
