"""What every test stands on: a real PostgreSQL in which the test itself is the product's own work.

Requests made by a test client name their own viewer, so row security is in force behind every page that is tested.
"""

import datetime

import pytest
from _pytest.nodeid import NodeId
from hypothesis import HealthCheck, settings

# How quick a machine is must not decide a test; speed is measured by `./umeed bench`.
settings.register_profile("umeed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("umeed")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of one group run on one worker. xdist 3.8 writes the group behind a test's id where pytest 9.2 reads it no
    more, and every worker would set up its own site and its own servers."""
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        group = item.get_closest_marker("xdist_group")
        if group is not None and not item.nodeid.endswith(f"@{group.args[0]}"):
            item._id = NodeId.parse(f"{item.nodeid}@{group.args[0]}")


@pytest.fixture(autouse=True)
def _the_test_is_the_system(request: pytest.FixtureRequest) -> None:
    if "db" not in request.fixturenames or "transactional_db" in request.fixturenames:
        return
    request.getfixturevalue("db")
    from umeed.core.viewer import _tell

    _tell("system")


@pytest.fixture
def today() -> datetime.date:
    from django.utils import timezone

    return timezone.localdate()


@pytest.fixture
def by(today: datetime.date):
    """The scope of the product's own work, for actions in tests."""
    from umeed.core.scope import system

    return system(today, origin="test")
