"""Browsers for the tests of the counter."""

import pytest
from django.test import Client


@pytest.fixture
def browser():
    """`browser(user)`: a client in which the person is signed in."""

    def open_browser(user, **headers):
        client = Client(**headers)
        client.force_login(user)
        return client

    return open_browser
