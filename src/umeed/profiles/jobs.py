"""Every night: profiles counted afresh, and the day's picture kept, so that ranks can say how they moved."""

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from umeed.core.viewer import as_system
from umeed.profiles.keeping import recount, take_picture


@app.periodic(cron="20 1 * * *")
@app.task(name="profiles_nightly", queue="profiles", lock="profiles_nightly", queueing_lock="profiles_nightly")
def profiles_nightly(timestamp: int) -> None:
    """Count what only time has changed (a profile grows stale, a term ends) and keep today's picture."""
    day = timezone.localdate()
    with transaction.atomic(), as_system():
        recount(day)
        take_picture(day)
