"""Rows that are read and changed by statements that are spelt once are those that the models would read and write."""

import datetime

import pytest
from django.db.models.expressions import RawSQL

from umeed.access.models import Posting, User
from umeed.core.rows import change_row, rows_where
from umeed.core.viewer import as_system

pytestmark = pytest.mark.django_db


@pytest.fixture
def her() -> User:
    return User.objects.create_user("haleema", name="Haleema", phone="9876543210", password="long and secret")


def _said(row) -> dict[str, object]:
    return {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields}


def test_rows_are_those_that_the_model_reads_also_what_is_sealed(her: User) -> None:
    (found,) = rows_where(User, "id = %s", [her.pk])
    assert _said(found) == _said(User.objects.get(pk=her.pk)) and found.phone == "9876543210"
    assert not found._state.adding and found == her
    assert rows_where(User, "username = %s", ["nobody"]) == []


def test_what_is_left_out_is_asked_for_when_somebody_needs_it(her: User, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        (found,) = rows_where(User, "id = %s", [her.pk], but_for="phone password")
        assert found.name == "Haleema"
    with django_assert_num_queries(1):
        assert found.phone == "9876543210"


def test_days_of_a_posting_are_days(her: User) -> None:
    day = datetime.date(2026, 11, 23)
    with as_system():
        Posting.objects.bulk_create([Posting(user=her, role="group_bookkeeper", during=(day, None))])
    (found,) = rows_where(Posting, "user_id = %s AND during @> %s::date ORDER BY id", [her.pk, day])
    assert found.during.lower == day and found.during.upper is None
    before = day - datetime.timedelta(days=1)
    assert rows_where(Posting, "user_id = %s AND during @> %s::date ORDER BY id", [her.pk, before]) == []


def test_columns_are_changed_by_values_and_by_what_the_database_works_out(her: User) -> None:
    change_row(her, {"theme": "dark", "phone": "9000000001", "links_given": RawSQL("links_given + %s", [2])})
    her.refresh_from_db()
    assert (her.theme, her.phone, her.links_given) == ("dark", "9000000001", 2)
