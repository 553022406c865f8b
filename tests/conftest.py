"""Fixtures that more than one app's tests need."""

import pytest
from hypothesis import HealthCheck, settings

from tests import factories

# A busy machine makes examples slowly; that says nothing about the house.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture
def shop(db):
    """A regular GST shop with an owner (`shop.owner`) and counter S1."""
    return factories.make_shop()


@pytest.fixture
def other_shop(db):
    """Somebody else's shop: nothing of it may ever show."""
    return factories.make_shop("Gupta Stores")
