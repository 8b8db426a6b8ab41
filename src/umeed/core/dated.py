"""What holds for a time: a range of days `[from, to)`; an open end means until further notice."""

import datetime
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from umeed.core.scope import ScopedQuerySet

EVER = DateRange(None, None)


def since(day: datetime.date) -> DateRange:
    return DateRange(day, None)


def between(first: datetime.date, end: datetime.date | None) -> DateRange:
    """From `first` on, to the day before `end`."""
    return DateRange(first, end)


class DatedQuerySet(ScopedQuerySet):
    def on(self, day: datetime.date) -> Self:
        """Rows that hold on a day."""
        return self.filter(during__contains=day)


class Dated(models.Model):
    """Mixin: `during`, with `objects.on(day)`. Add `one_at_a_time(…)` to Meta.constraints."""

    during = DateRangeField()

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def since_on(self) -> Any:
        return self.during.lower

    @property
    def until_on(self) -> Any:
        """The first day on which it no longer holds, or None."""
        return self.during.upper


def one_at_a_time(name: str, *fields: str, condition: models.Q | None = None) -> ExclusionConstraint:
    """The database itself refuses two rows with equal `fields` whose days overlap."""
    expressions: list[tuple[Any, str]] = [(field, RangeOperators.EQUAL) for field in fields]
    return ExclusionConstraint(
        name=name,
        expressions=[*expressions, ("during", RangeOperators.OVERLAPS)],
        condition=condition,
    )
