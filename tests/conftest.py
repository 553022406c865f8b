"""Fixtures that more than one app's tests need."""

import pytest
from hypothesis import HealthCheck, settings

from tests import factories
from tests.template_db import use_template

# A busy machine makes examples slowly; that says nothing about the house.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker):
    """Each worker's database is a copy, not migrated anew."""
    with django_db_blocker.unblock():
        use_template()


@pytest.fixture
def shop(db):
    """A regular GST shop with an owner (`shop.owner`) and counter S1."""
    return factories.make_shop()


@pytest.fixture
def other_shop(db):
    """Somebody else's shop: nothing of it may ever show."""
    return factories.make_shop("Gupta Stores")
