"""Every night: all books are recounted, and whoever answers for them is told when something differs."""

import logging

from procrastinate.contrib.django import app

_log = logging.getLogger(__name__)


@app.periodic(cron="40 2 * * *")
@app.task(name="verify_books", queue="books", lock="verify_books", queueing_lock="verify_books")
def verify_books(timestamp: int) -> None:
    """Recount everything that the books keep. The first page says what was found."""
    from umeed.books.nightly import recount

    verdict = recount()
    if verdict.said:
        _log.error("the books differ from their recount: %s", verdict.said)
