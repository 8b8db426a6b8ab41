"""A record merged into another rests as it was; what she withdraws is withdrawn there too."""

import pytest

from umeed.core.actions import Refused
from umeed.core.audit import audited
from umeed.core.viewer import as_viewer
from umeed.institutions import actions
from umeed.institutions.models import Woman
from umeed.institutions.tests.making import TODAY, bookkeeper_of, codes_of, make_group, make_woman, us
from umeed.kernel.ids import new_id

AADHAAR = "234123412346"


def agreed(woman, purpose="identity"):
    return actions.give_consent(
        by=us(), id=new_id(), woman=woman, purpose=purpose, language="ks", taken="thumb", given_on=TODAY
    )


def put_into(merged, kept):
    with audited(by=us(), did="merge_women"):
        merged.merged_into = kept
        merged.save()


def test_nothing_is_written_on_a_merged_record(valley):
    group, kept, merged = make_group(valley.chinar), make_woman(valley.chinar), make_woman(valley.chinar, "Hasina Bano")
    put_into(merged, kept)
    tries = (
        lambda: actions.correct_woman(by=us(), woman=merged, name="Hasina Banoo"),
        lambda: actions.join_group(by=us(), id=new_id(), woman=merged, group=group, joined_on=TODAY),
        lambda: actions.move_household(by=us(), woman=merged, place=valley.deodar),
        lambda: actions.give_alias(by=us(), id=new_id(), woman=merged, system="lokos", value="LK1"),
        lambda: agreed(merged),
    )
    for attempt in tries:
        with pytest.raises(Refused) as refused:
            attempt()
        assert codes_of(refused) == ["record_merged"]


def test_identity_goes_from_merged_records_too_even_unseen_ones(valley):
    group = make_group(valley.chinar)
    kept = make_woman(valley.chinar, group=group, joined_on=TODAY)
    merged, before = make_woman(valley.chinar, "Hasina Bano"), make_woman(valley.chinar, "Haseena Bano")
    for woman in (kept, merged, before):
        agreed(woman)
        actions.identify_woman(by=us(), woman=woman, aadhaar=AADHAAR)
    put_into(before, merged)
    put_into(merged, kept)
    clerk = bookkeeper_of(group)
    with as_viewer(clerk.viewer):
        assert not Woman.objects.filter(pk=merged.pk).exists()
        actions.withdraw_consent(by=clerk, consent=kept.consents.get(), withdrawn_on=TODAY)
    rows = Woman.objects.filter(pk__in=[kept.pk, merged.pk, before.pk])
    assert {(one.identity_hash, one.identity_last4) for one in rows} == {("", "")}
    assert {one.consents.get().withdrawn_on for one in rows} == {TODAY}
