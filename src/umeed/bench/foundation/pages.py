"""Pages: how long the server takes for each list, record and search of a block officer, and what the pages weigh."""

from umeed.bench.bench import Bench
from umeed.bench.foundation.addresses import Floor, Page, of_a_block_officer, of_a_ut_officer
from umeed.bench.measuring import milliseconds
from umeed.bench.parts import FOUNDATION
from umeed.bench.promises import MOST, Figure, promise
from umeed.bench.visitor import PageFailed
from umeed.core.viewer import as_system

BLOCK_MS, UT_MS, PAGE_KB = 100, 1000, 100
UT_RUNS = 8


def _opened(bench: Bench, username: str, page: Page, runs: int) -> Figure | str:
    visitor = bench.visitor(username)
    try:
        for run in range(2):
            visitor.open(page.address(bench, run))
        values = [visitor.open(page.address(bench, run)) for run in range(runs)]
    except PageFailed as failed:
        return Figure([0.0], wrong=str(failed))
    return Figure(values, beside=_beside(bench, page.floor) if page.floor else None)


def _beside(bench: Bench, floor: Floor) -> tuple[str, float]:
    """The same rows by plain SQL: the median of a few askings."""
    with as_system():
        floor(bench, 0)
        values = [milliseconds(lambda run=run: floor(bench, run)) for run in range(7)]  # type: ignore[misc]
    return "plain SQL", Figure(values).median


def _promise_block_page(page: Page) -> None:
    @promise(FOUNDATION, f"Block officer. {page.name}", most=BLOCK_MS)
    def measure(bench: Bench) -> Figure | str:
        return _opened(bench, "block", page, bench.runs)


def _promise_ut_page(page: Page) -> None:
    @promise(FOUNDATION, f"UT officer. {page.name}", most=UT_MS)
    def measure(bench: Bench) -> Figure | str:
        return _opened(bench, "ut", page, min(UT_RUNS, bench.runs))


for _page in of_a_block_officer():
    _promise_block_page(_page)
for _page in of_a_ut_officer():
    _promise_ut_page(_page)


@promise(FOUNDATION, "Every page with its style and scripts, without fonts", most=PAGE_KB, unit="KB", by=MOST)
def weights(bench: Bench) -> Figure:
    """As a browser that takes gzip fetches a page at its first visit."""
    visitor = bench.visitor("block")
    pages = [page for page in of_a_block_officer() if not page.name.startswith("API")]
    try:
        weights = {page.name: visitor.weight(page.address(bench, 0)) / 1024 for page in pages}
    except PageFailed as failed:
        return Figure([0.0], wrong=str(failed))
    heaviest = max(weights, key=lambda name: weights[name])
    return Figure(list(weights.values()), note=f"heaviest: {heaviest}, {weights[heaviest]:.1f} KB")
