"""Passkeys in a real Chromium with a virtual authenticator: added, signed in with, used as the second step, stopped."""

import re

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner(shop):
    return shop.owner


@pytest.fixture
def site(page, live_server):
    """Where the house is: http://localhost, since at a bare number a browser keeps no passkey."""
    assert live_server.url.startswith("http://localhost:")
    return live_server.url


@pytest.fixture
def device(page):
    """A virtual authenticator: `device(unlocks=False)` is one whose owner puts no finger on it."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")

    def add(unlocks=True):
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": unlocks, "automaticPresenceSimulation": True,
        }  # fmt: skip
        made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
        add.unlock = lambda yes: cdp.send("WebAuthn.setUserVerified", {"authenticatorId": made, "isUserVerified": yes})
        add.kept = lambda: cdp.send("WebAuthn.getCredentials", {"authenticatorId": made})["credentials"]

    return add


def add_passkey(page, site, name="Shop laptop"):
    page.goto(f"{site}/devices/")
    page.get_by_role("link", name="Safer sign-in").first.click()
    page.get_by_role("listitem").filter(has_text="fingerprint").get_by_role("link", name="Add").click()
    page.get_by_label("Your password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add a passkey").click()


def expect_at_work(page):
    """Signed in, at the counter of the only shop."""
    expect(page).to_have_url(re.compile("/s/[a-z0-9-]+/counter/"))


def sign_out(page, site):
    page.context.clear_cookies()
    page.goto(f"{site}/sign-in/")


def test_a_passkey_is_added_signs_in_by_itself_and_is_the_second_step(page, site, owner, device):
    device()
    sign_in(page, owner)
    add_passkey(page, site)
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert [key["isResidentCredential"] for key in device.kept()] == [True]
    page.goto(f"{site}/safer-sign-in/")
    expect(page.locator("main")).to_contain_text("Shop laptop")

    sign_out(page, site)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect_at_work(page)
    page.goto(f"{site}/devices/")
    expect(page.locator("main")).to_contain_text("This device")

    sign_out(page, site)
    page.get_by_label("Phone").fill(owner.short_phone)
    page.get_by_label("Password", exact=True).fill(factories.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect_at_work(page)


def test_a_device_that_is_not_unlocked_says_so_and_lets_nobody_in(page, site, owner, device):
    device()
    sign_in(page, owner)
    add_passkey(page, site)
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    device.unlock(False)
    sign_out(page, site)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("[data-passkey-failed]")).to_be_visible()
    expect(page.get_by_label("Phone")).to_be_visible()
    device.unlock(True)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect_at_work(page)


def test_where_no_device_keeps_one_it_is_told_and_nothing_is_added(page, site, owner, device):
    device(unlocks=False)
    sign_in(page, owner)
    add_passkey(page, site)
    expect(page.locator("[data-passkey-failed]")).to_be_visible()
    assert not Authenticator.objects.exists()


def test_a_browser_without_passkeys_is_not_offered_one(page, site, owner):
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto(f"{site}/sign-in/")
    expect(page.get_by_label("Phone")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    sign_in(page, owner)
    page.goto(f"{site}/this-is-me/?next=/safer-sign-in/passkeys/add/")
    page.get_by_label("Your password").fill(factories.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("[data-passkey-none]")).to_be_visible()
    expect(page.get_by_role("button", name="Add a passkey")).to_be_disabled()
