"""The promises of the first part: pages and ranks, then loads, for what a load leaves behind is swept up beside what
comes after it.
"""

# ruff: noqa: I001  (the order of the imports is the order of the promises)
from umeed.bench.foundation import pages, ranks
from umeed.bench.foundation import bringing_in

__all__ = ["bringing_in", "pages", "ranks"]
