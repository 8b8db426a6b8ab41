"""What every test stands on: a real PostgreSQL in which the test itself is the product's own work.

Requests made by a test client name their own viewer, so row security is in force behind every page that is tested.
"""

import datetime

import pytest
from hypothesis import HealthCheck, settings

# How quick a machine is must not decide a test; speed is measured by `./umeed bench`.
settings.register_profile("umeed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("umeed")


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
