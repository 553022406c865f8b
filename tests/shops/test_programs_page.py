"""The owner's page of programs: keys and secrets shown once, what is refused told beside its field, one press one key."""

from __future__ import annotations

import pytest
from django.urls import reverse

from shops.models import ApiKey, Webhook
from shops.webhooks import make_webhook, tell
from tests import factories

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def owner(client, shop):
    client.force_login(shop.owner)
    return client


def url(shop, name, *args):
    return reverse(f"shops:{name}", args=[shop.slug, *args])


def test_a_key_is_shown_once_and_its_rights_stand_in_words(owner, shop):
    told = owner.post(url(shop, "new_key"), {"name": "Tally", "scopes": ["see_books", "see_goods"]})
    key = ApiKey.objects.get()
    secret = told.context["secret"]
    assert secret in told.content.decode()
    page = owner.get(url(shop, "programs")).content.decode()
    assert "Read the books and bank files" in page
    assert key.start in page
    assert secret not in page


def test_pressing_twice_makes_one_key_the_one_that_is_shown(owner, shop):
    for _ in "ab":
        told = owner.post(url(shop, "new_key"), {"name": "Tally", "scopes": ["see_books"]})
    assert ApiKey.objects.get().start == told.context["secret"][:10]


def test_pressing_twice_makes_one_webhook(owner, shop):
    told = [owner.post(url(shop, "new_webhook"), {"url": "http://127.0.0.1:9/", "events": ["stock.low"]}) for _ in "ab"]
    assert Webhook.objects.get().secret == told[0].context["secret"] == told[1].context["secret"]


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("new_key", {"name": "", "scopes": ["see_books"]}, "Write what the key is for."),
        ("new_key", {"name": "x"}, "Choose what the key may do."),
        ("new_key", {"name": "x", "scopes": ["run_shop"]}, "Choose what the key may do."),
        ("new_webhook", {"url": "nonsense", "events": ["stock.low"]}, "Give the whole address"),
        ("new_webhook", {"url": "http://127.0.0.1:9/"}, "Choose what the program is told of."),
    ],
)
def test_what_is_wrong_is_said(owner, shop, name, data, sentence):
    answer = owner.post(url(shop, name), data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ApiKey.objects.exists()
    assert not Webhook.objects.exists()


def test_a_key_is_revoked_and_a_strangers_is_not_there(owner, shop, other_shop):
    owner.post(url(shop, "new_key"), {"name": "Tally", "scopes": ["see_books"]})
    pk = ApiKey.objects.get().pk
    assert owner.get(url(shop, "end_key", pk)).status_code == 405
    assert owner.post(url(shop, "end_key", pk)).status_code == 302
    assert ApiKey.objects.get().revoked_at
    owner.force_login(other_shop.owner)
    assert owner.post(url(other_shop, "end_key", pk)).status_code == 404


def test_a_webhook_is_changed_read_and_ended(owner, shop, other_shop):
    hook, secret = make_webhook(shop=shop, by=shop.owner, url="http://127.0.0.1:9/", events=["stock.low"])
    shop.refresh_from_db()
    tell(shop=shop, kind="stock.low", facts=lambda: {"product_name": "Rice"})
    message = shop.webhook_deliveries.get()
    page = owner.get(url(shop, "webhook", hook.pk))
    assert "Waiting" in page.content.decode()
    assert secret not in page.content.decode()
    assert b"<html" not in owner.get(url(shop, "webhook", hook.pk), headers=HTMX).content
    assert b"Rice" in owner.get(url(shop, "delivery", message.pk)).content
    assert owner.post(url(shop, "webhook", hook.pk), {"url": hook.url, "events": ["bill.issued"]}).status_code == 302
    hook.refresh_from_db()
    assert (hook.events, hook.active) == (["bill.issued"], False)
    assert owner.post(url(shop, "webhook_secret", hook.pk)).context["secret"] != secret
    assert owner.post(url(shop, "delivery_again", message.pk)).status_code == 302
    owner.force_login(other_shop.owner)
    for name, pk in (("webhook", hook.pk), ("webhook_end", hook.pk), ("webhook_secret", hook.pk), ("delivery_again", message.pk)):
        assert owner.post(url(other_shop, name, pk)).status_code == 404
    owner.force_login(shop.owner)
    assert owner.post(url(shop, "webhook_end", hook.pk)).status_code == 302
    assert not Webhook.objects.exists()


def test_the_page_does_not_ask_more_for_more_rows(owner, shop, django_assert_max_num_queries):
    for many in (1, 8):
        for number in range(many):
            owner.post(url(shop, "new_key"), {"name": f"Program {many} {number}", "scopes": ["see_books"]})
            make_webhook(shop=shop, by=shop.owner, url="http://127.0.0.1:9/", events=["stock.low"])
        with django_assert_max_num_queries(10):
            owner.get(url(shop, "programs"))


def test_keys_that_a_shop_has_too_many_of(owner, shop, monkeypatch):
    monkeypatch.setattr("shops.api.keys.MOST_KEYS", 0)
    answer = owner.post(url(shop, "new_key"), {"name": "x", "scopes": ["see_books"]})
    assert answer.status_code == 422
    assert b"at most 0 keys" in answer.content


def test_for_owners_only(client, shop):
    client.force_login(factories.make_member(shop, "manager"))
    assert client.get(url(shop, "programs")).status_code == 403
