"""What every piece of work on a load shares: in whose name, once at a time, and what remains when it breaks off."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction

from umeed.core import doors
from umeed.core.actions import Refused
from umeed.core.loads.layouts import Layout, Progress, WithOptions, layout
from umeed.core.loads.models import Load
from umeed.core.loads.options import read_back
from umeed.core.scope import Scope
from umeed.core.viewer import as_viewer
from umeed.kernel.refusals import N_, Refusal

_log = logging.getLogger(__name__)
_LOCKS = 7_013_002
_NO_POSTING = N_(
    "%(name)s may no longer load this kind of file: the posting has ended or changed. Nothing was written."
)
_UNKNOWN_LAYOUT = N_("This kind of file is no longer known to Umeed. Nothing was written.")
BROKE = N_(
    "Something went wrong inside Umeed; nothing was written. Try again, and tell your administrator if it stays."
)


class AlreadyAtWork(Exception):
    """Somebody else is working on this load at this moment."""


class TakesTooLong(Exception):
    """The work does not fit into a request; it goes to the background."""


Work = Callable[[Load, Scope, Progress], None]
Broken = Callable[[Load, Sequence[Refusal]], None]


@contextmanager
def in_the_name_of(load: Load) -> Iterator[Scope]:
    """One transaction as the uploader, with her scope as of now, alone on this load.

    Raises Refused when her postings no longer allow it, AlreadyAtWork when another worker is at it.
    """
    # The inner savepoint is undone before the viewer is restored, so that the first error is the one that is told.
    with as_viewer(load.made_by), transaction.atomic():
        _alone_on(load)
        scope = dataclasses.replace(doors.scope_of_viewer(load.made_by), origin=load.origin)
        if not scope.can("loads.make"):
            raise Refused([Refusal(None, "no_posting", _NO_POSTING, {"name": load.made_by_name})])
        yield scope


def _alone_on(load: Load) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [_LOCKS, str(load.pk)])
        if not cursor.fetchone()[0]:
            raise AlreadyAtWork(str(load.pk))


def layout_of(load: Load, by: Scope) -> Layout:
    """The layout of a load, bound to what was asked beside the file. Raises Refused when she may not load it."""
    try:
        of = layout(load.layout_key)
    except KeyError:
        raise Refused([Refusal(None, "unknown_layout", _UNKNOWN_LAYOUT)]) from None
    if not by.can(of.capability):
        raise Refused([Refusal(None, "no_posting", _NO_POSTING, {"name": load.made_by_name})])
    return of.with_options(read_back(of, load.options)) if isinstance(of, WithOptions) else of


def attempt(load_id: UUID, states: Sequence[str], work: Work, progress: Progress, *, broken: Broken) -> None:
    """Do a piece of work on a load that stands in one of `states`; otherwise it is done already.

    broken  called in a transaction of its own when the work refused or failed: leaves the load where a person can go
            on. A database that went away is raised, so that the work is taken up again.
    """
    load = Load.objects.get(pk=load_id)
    if load.state not in states:
        return
    try:
        with in_the_name_of(load) as scope:
            load.refresh_from_db()
            if load.state in states:
                work(load, scope, progress)
    except AlreadyAtWork:
        _log.info("load %s is being worked on by another worker", load_id)
    except (OperationalError, InterfaceError, TakesTooLong):
        raise
    except Refused as refused:
        leave(load_id, broken, refused.refusals)
    except Exception:
        _log.exception("work on load %s broke off", load_id)
        leave(load_id, broken, [Refusal(None, "broke", BROKE)])


def leave(load_id: UUID, broken: Broken, refusals: list[Refusal]) -> None:
    with transaction.atomic():
        load = Load.objects.select_for_update().get(pk=load_id)
        with as_viewer(load.made_by):
            broken(load, refusals)


def stored(refusals: Sequence[Refusal]) -> list[dict[str, Any]]:
    return [refusal.as_dict() for refusal in refusals]
