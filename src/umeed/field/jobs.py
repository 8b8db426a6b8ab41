"""Every night: of the marks of a group only the last is kept; it says all that the older ones said."""

from procrastinate.contrib.django import app


@app.periodic(cron="10 3 * * *")
@app.task(name="forget_older_marks", queue="books", lock="forget_older_marks", queueing_lock="forget_older_marks")
def forget_older_marks(timestamp: int) -> None:
    """Remove what later marks cover."""
    from umeed.field.cursor import forget_covered

    forget_covered()
