"""Work in the background, by procrastinate: the steps of loads, and picking up what a killed worker left behind.

A job names a load and nothing else: where the load stands says what remains to be done, so doing a job twice is
harmless. A job is queued by the transaction that makes it necessary; if that fails, the job never was.
"""

from __future__ import annotations

import logging
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from umeed.core.loads import keeping, steps
from umeed.core.loads.models import Load
from umeed.core.loads.progress import Told

QUEUE = "loads"
MOST_ATTEMPTS = 4
_log = logging.getLogger(__name__)
# The database went away (restart, failover): the work was rolled back as a whole and is done again.
_AGAIN = RetryStrategy(
    max_attempts=MOST_ATTEMPTS, exponential_wait=4, retry_exceptions=[OperationalError, InterfaceError]
)


def go_on_later(load: Load) -> None:
    """Queue the step that a load at work waits for. One job a load runs at a time, and one more may wait."""
    job = go_on_with_load.configure(lock=f"load-{load.pk}", queueing_lock=f"load-{load.pk}")
    try:
        # A savepoint: a refused insert must not spoil the transaction of the request.
        with transaction.atomic():
            job.defer(load_id=str(load.pk))
    except AlreadyEnqueued:
        _log.info("load %s is in the queue already", load.pk)


@app.task(name="go_on_with_load", queue=QUEUE, retry=_AGAIN, pass_context=True)
def go_on_with_load(context: JobContext, *, load_id: str) -> None:
    """Do the next step of a load; after several broken attempts leave it to a person."""
    if context.job.attempts >= MOST_ATTEMPTS:
        steps.give_up(UUID(load_id))
        return
    with Told(UUID(load_id)) as progress:
        steps.go_on(UUID(load_id), progress)


@app.periodic(cron="*/2 * * * *")
@app.task(name="take_up_stalled", queue=QUEUE, queueing_lock="take_up_stalled", pass_context=True)
async def take_up_stalled(context: JobContext, timestamp: int) -> None:
    """Queue again what a killed worker was doing: its heartbeat has stopped, its transaction was rolled back."""
    for job in await context.app.job_manager.get_stalled_jobs():
        _log.warning("job %s of %s was left behind and is taken up again", job.id, job.task_name)
        await context.app.job_manager.retry_job(job)


@app.periodic(cron="17 2 * * *")
@app.task(name="sweep_loads", queue=QUEUE, queueing_lock="sweep_loads")
def sweep_loads(timestamp: int) -> None:
    """Every night: delete files kept long enough, put forgotten loads aside."""
    keeping.sweep()
