"""Fixtures that more than one app's tests need."""

import pytest

from tests import factories


@pytest.fixture
def shop(db):
    """A regular GST shop with an owner (`shop.owner`) and counter S1."""
    return factories.make_shop()


@pytest.fixture
def other_shop(db):
    """Somebody else's shop: nothing of it may ever show."""
    return factories.make_shop("Gupta Stores")
