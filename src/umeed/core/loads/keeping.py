"""How long things of a load are kept: files some days, loads that nobody consented to as long; then they go."""

from __future__ import annotations

import logging

from django.utils import timezone

from umeed.core.actions import Refused
from umeed.core.loads import acts, files
from umeed.core.loads.models import WAITING, Load, LoadFile, State
from umeed.core.scope import system
from umeed.core.viewer import as_system

_log = logging.getLogger(__name__)


def sweep() -> tuple[int, int]:
    """Delete files kept long enough and put forgotten loads aside. Counts of (loads, pieces of files)."""
    by, old = system(timezone.localdate(), origin="nightly"), files.oldest_to_keep()
    aside = 0
    with as_system():
        for load in Load.objects.filter(state__in=(*WAITING, State.FAILED), changed_at__lt=old):
            try:
                acts.discard(load, by=by)
                aside += 1
            except Refused:
                _log.info("load %s went on while it was to be put aside", load.pk)
        pieces, _each = LoadFile.objects.filter(load__made_at__lt=old).delete()
    return aside, pieces
