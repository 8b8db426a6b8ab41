"""What a serving process does with its memory before the first request."""

import gc

from umeed.core.memory import keep_what_is_loaded


def test_the_collector_passes_over_what_is_loaded() -> None:
    try:
        keep_what_is_loaded()
        assert gc.get_freeze_count() > 50_000 > len(gc.get_objects())
    finally:
        gc.unfreeze()
