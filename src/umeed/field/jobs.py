"""Every night: of the marks of a group only the last is kept; it says all that the older ones said. Pictures go that
nothing will ever attach."""

from django.db import transaction
from procrastinate.contrib.django import app

from umeed.core.viewer import as_system


@app.periodic(cron="10 3 * * *")
@app.task(name="forget_older_marks", queue="books", lock="forget_older_marks", queueing_lock="forget_older_marks")
def forget_older_marks(timestamp: int) -> None:
    """Remove what later marks cover."""
    from umeed.field.cursor import forget_covered

    forget_covered()


@app.periodic(cron="25 3 * * *")
@app.task(name="forget_loose", queue="books", lock="forget_loose", queueing_lock="forget_loose")
def forget_loose(timestamp: int) -> None:
    """Remove pictures whose sheets were put away, or never came."""
    from umeed.field.actions import pages

    with transaction.atomic(), as_system():
        pages.forget_loose()
