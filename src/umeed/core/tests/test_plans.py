"""Which questions PostgreSQL keeps the plan of."""

import pytest
from django.db import connection

from umeed.core.models import AuditEntry
from umeed.core.plans import ASKED_BEFORE, plans_kept

pytestmark = pytest.mark.django_db


def _ask(times: int) -> None:
    for pk in range(times):
        AuditEntry.objects.filter(pk=pk, did="asked_by_this_test").first()


def _prepared() -> list[tuple[str, int]]:
    """The prepared questions about an audit entry: their SQL, and how often they were answered."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT statement, generic_plans + custom_plans FROM pg_prepared_statements "
            "WHERE starts_with(statement, 'SELECT') AND position('core_auditentry' IN statement) > 0"
        )
        return cursor.fetchall()


@pytest.fixture(autouse=True)
def _nothing_prepared(db) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")


def test_a_question_that_keeps_coming_is_prepared_once_for_all_values() -> None:
    with plans_kept():
        _ask(ASKED_BEFORE)
        assert _prepared() == []
        _ask(3)
    ((sql, answered),) = _prepared()
    assert "$1" in sql
    assert answered == 3


def test_outside_nothing_is_prepared_and_nothing_prepared_is_used() -> None:
    _ask(ASKED_BEFORE + 3)
    assert _prepared() == []
    with plans_kept():
        _ask(ASKED_BEFORE + 1)
    before = _prepared()
    assert len(before) == 1
    _ask(5)
    assert _prepared() == before


def test_outside_a_question_may_hold_more_values_than_postgresql_takes_beside_it() -> None:
    assert not AuditEntry.objects.filter(seq__in=range(10**9, 10**9 + 70_000)).exists()


def test_a_page_that_fails_ends_the_keeping() -> None:
    with pytest.raises(ZeroDivisionError), plans_kept():
        raise ZeroDivisionError
    _ask(ASKED_BEFORE + 3)
    assert _prepared() == []
