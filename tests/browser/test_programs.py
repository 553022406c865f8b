"""The page of programs in a real Chromium: a key is made and shown once, a webhook is added, read in its log and sent again."""

import os

import pytest
from playwright.sync_api import expect

from shops.models import ApiKey, WebhookDelivery
from shops.webhooks import tell
from tests import factories
from tests.browser.conftest import sign_in
from tests.shops.webhook_ear import listening

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("PICTURES", "")


def picture(page, name: str) -> None:
    """The page as a laptop and as a phone shows it, light and dark."""
    for scheme in ("light", "dark") if PICTURES else ():
        page.emulate_media(color_scheme=scheme)
        for width in (1366, 360):
            page.set_viewport_size({"width": width, "height": 768})
            page.screenshot(path=f"{PICTURES}/{name}-{width}-{scheme}.png", full_page=True)
    page.set_viewport_size({"width": 1366, "height": 650})


def fits(page) -> bool:
    """Nothing scrolls sideways on a phone."""
    page.set_viewport_size({"width": 360, "height": 740})
    return page.evaluate("document.documentElement.scrollWidth") <= 360


def test_an_owner_makes_a_key_and_revokes_it(page):
    shop = factories.make_shop()
    sign_in(page, shop.owner)
    page.goto(f"/s/{shop.slug}/settings/")
    page.get_by_role("link", name="Programs and webhooks").click()
    picture(page, "programs-empty")
    page.locator("#keys").get_by_role("link", name="Make a key").click()
    page.get_by_label("What it is for").fill("Online shop")
    page.errors_expected = True  # Chromium reports the 422
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_text("Choose what the key may do.")).to_be_visible()
    page.get_by_label("See goods, prices and stock").check()
    page.get_by_label("Make bills").check()
    picture(page, "key-new")
    page.get_by_role("button", name="Make the key").click()
    told = page.locator("#told-once").inner_text()
    assert told.startswith("sk_")
    picture(page, "key-told")
    page.get_by_role("link", name="I have copied it").click()
    expect(page.locator("#keys")).to_contain_text("Make bills")
    assert told not in page.content()
    page.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.locator("#keys")).to_contain_text("No key yet")
    assert ApiKey.objects.get().revoked_at


def test_an_owner_adds_a_webhook_and_sends_a_message_again(page):
    shop = factories.make_shop()
    sign_in(page, shop.owner)
    with listening() as ear:
        page.goto(f"/s/{shop.slug}/settings/programs/webhooks/new/")
        page.get_by_label("Address of the program").fill(ear.url)
        page.get_by_label("A bill is given").check()
        page.get_by_role("button", name="Add the webhook").click()
        expect(page.locator("#told-once")).to_contain_text("whsec_")
        picture(page, "webhook-told")
        page.get_by_role("link", name="I have copied it").click()
        ear.answers = [500, 200]
        shop.refresh_from_db()
        tell(shop=shop, kind="bill.issued", facts=lambda: {"order_id": 7, "total_amount": "105.00"})
        page.reload()
        expect(page.locator("#webhook-log")).to_contain_text("500 thank you")
        picture(page, "webhook")
        assert fits(page)
        page.get_by_role("button", name="Send again").click()
        expect(page.locator("#webhook-log")).to_contain_text("Arrived")
        page.locator("#webhook-log").get_by_role("link", name="A bill is given").click()
        expect(page.locator("pre")).to_contain_text('"order_id": 7')
        picture(page, "message")
        assert fits(page)
        assert WebhookDelivery.objects.get().state == "arrived"
        page.goto(f"/s/{shop.slug}/settings/programs/")
        picture(page, "programs")
        assert fits(page)
