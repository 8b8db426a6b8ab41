"""The search in the background: every night for what has changed, and when somebody asks or a load has come in.

splink, DuckDB and Arrow are fetched only when a search begins: every process of the product reads this file at start.
"""

import logging

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from umeed.core.scope import system
from umeed.core.viewer import as_system
from umeed.places.models import Place

QUEUE = "duplicates"
_log = logging.getLogger(__name__)
_AGAIN = RetryStrategy(max_attempts=3, exponential_wait=4, retry_exceptions=[OperationalError, InterfaceError])


def search_later(place_id: int) -> None:
    """Queue a search of the district(s) of a place, once however often it is asked for."""
    job = find_duplicates_of.configure(lock="find_duplicates", queueing_lock=f"find_duplicates-{place_id}")
    try:
        # A savepoint: a refused insert must not spoil the transaction of the request.
        with transaction.atomic():
            job.defer(place_id=place_id)
    except AlreadyEnqueued:
        _log.info("a search of place %s is in the queue already", place_id)


@app.task(name="find_duplicates_of", queue=QUEUE, retry=_AGAIN)
def find_duplicates_of(*, place_id: int) -> None:
    """Search the district(s) of a place."""
    with as_system():
        places = list(Place.objects.filter(pk=place_id))
    from umeed.duplicates.finding.searching import search_places

    search_places(places, by=system(timezone.localdate(), name="Search for duplicates"))


@app.periodic(cron="40 1 * * *")
@app.task(name="find_duplicates_nightly", queue=QUEUE, lock="find_duplicates", queueing_lock="find_duplicates")
def find_duplicates_nightly(timestamp: int) -> None:
    """Every night: search the districts in which a record has changed since they were last searched."""
    from umeed.duplicates.finding.searching import search_places

    search_places(None, by=system(timezone.localdate(), name="Search for duplicates"), only_changed=True)
