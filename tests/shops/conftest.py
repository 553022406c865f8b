"""People of one shop, each in their own browser."""

import pytest
from django.test import Client

from shops.models import Role
from shops.services import remove_member
from tests import factories
from tests.shops.sms_box import Box


@pytest.fixture
def box(settings, tmp_path):
    """The messages sent so far; from now on they go into a file."""
    settings.SMS_BACKEND, settings.SMS_FILE = "shops.sms.FileSms", str(tmp_path / "sms")
    return Box(tmp_path / "sms")


@pytest.fixture
def browser():
    """`browser(user)`: a client in which the person is signed in; without a person, one in which nobody is."""

    def open_browser(user=None, **headers):
        client = Client(**headers)
        if user is not None:
            client.force_login(user)
        return client

    return open_browser


@pytest.fixture
def ladder(shop, other_shop, browser):
    """`ladder(path)`: a page of the owner keeps everybody else out, each in the way that tells them least."""

    def climb(path, method="get", roles=(Role.MANAGER, Role.STAFF, Role.ACCOUNTANT)):
        url = f"/s/{shop.slug}/{path}"
        gone = factories.make_member(shop, Role.MANAGER)
        remove_member(membership=shop.memberships.get(user=gone))
        anonymous = getattr(browser(), method)(url)
        assert anonymous.status_code == 302
        assert anonymous.url.startswith("/sign-in/?next=")
        by_htmx = getattr(browser(headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{url}"}), method)(url)
        assert by_htmx.headers["HX-Redirect"].startswith("/sign-in/?next=")
        for outsider in (factories.make_user(), other_shop.owner, gone):
            assert getattr(browser(outsider), method)(url).status_code == 404
        for role in roles:
            assert getattr(browser(factories.make_member(shop, role)), method)(url).status_code == 403
        return browser(shop.owner).patch(url).status_code == 405

    return climb
