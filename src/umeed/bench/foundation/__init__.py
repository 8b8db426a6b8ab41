"""The promises of the first part: pages, ranks, loads."""

from umeed.bench.foundation import bringing_in, pages, ranks

__all__ = ["bringing_in", "pages", "ranks"]
