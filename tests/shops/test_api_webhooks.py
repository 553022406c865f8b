"""Webhooks, their log and keys for programs over the API."""

from __future__ import annotations

from uuid import uuid4

import pytest

from shops.models import ApiKey, Role, Webhook
from shops.webhook_sending import send_due
from shops.webhooks import tell
from tests import factories
from tests.api_client import Api
from tests.shops.webhook_ear import listening

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(shop):
    return Api(shop, shop.owner)


@pytest.fixture
def ear():
    with listening() as heard:
        yield heard


def test_a_webhook_is_made_changed_and_ended(shop, api, ear):
    made = api.post("/webhooks", {"url": ear.url, "events": ["bill.issued", "bill.issued"]})
    assert made.status_code == 201
    assert made.json()["secret"] == Webhook.objects.get().secret
    assert made.json()["events"] == ["bill.issued"]
    pk = made.json()["id"]
    listed = api.get("/webhooks").json()
    assert [one["id"] for one in listed] == [pk]
    assert "secret" not in listed[0]
    changed = api.put(f"/webhooks/{pk}", {"active": False, "events": ["stock.low"]}).json()
    assert (changed["active"], changed["events"], changed["url"]) == (False, ["stock.low"], ear.url)
    assert api.post(f"/webhooks/{pk}/secret").json()["secret"] != made.json()["secret"]
    assert api.delete(f"/webhooks/{pk}").status_code == 200
    assert api.delete(f"/webhooks/{pk}").status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"url": "nonsense", "events": ["bill.issued"]}, 400),
        ({"url": "https://example.invalid/", "events": ["bill.issued"]}, 400),
        ({"url": "https://8.8.8.8/", "events": []}, 422),
        ({"url": "https://8.8.8.8/", "events": ["order.eaten"]}, 422),
        ({"url": "https://8.8.8.8/" + "x" * 500, "events": ["bill.issued"]}, 422),
        ({"events": ["bill.issued"]}, 422),
    ],
)
def test_webhooks_that_cannot_be(api, body, status):
    assert api.post("/webhooks", body).status_code == status
    assert not Webhook.objects.exists()


def test_the_log_is_read_narrowed_and_sent_again(shop, api, ear, django_capture_on_commit_callbacks):
    pk = api.post("/webhooks", {"url": ear.url, "events": ["bill.issued", "order.placed"]}).json()["id"]
    shop.refresh_from_db()
    ear.answers = [500, 200]
    for kind in ("bill.issued", "order.placed"):
        tell(shop=shop, kind=kind, facts=lambda: {"order_id": 7})
    send_due()
    log = api.get(f"/webhooks/deliveries?webhook_id={pk}")
    assert (log["X-Total-Count"], [(d["kind"], d["tries"]) for d in log.json()]) == ("2", [("order.placed", 0), ("bill.issued", 1)])
    failed = api.get("/webhooks/deliveries?kind=bill.issued&state=waiting").json()[0]
    assert (failed["answer_code"], failed["answer_text"]) == (500, "thank you")
    full = api.get(f"/webhooks/deliveries/{failed['id']}").json()
    assert (full["message"]["data"], full["message"]["id"]) == ({"order_id": 7}, failed["event_id"])
    with django_capture_on_commit_callbacks(execute=True):
        assert api.post(f"/webhooks/deliveries/{failed['id']}/replay").json()["state"] == "waiting"
    assert api.get(f"/webhooks/deliveries/{failed['id']}").json()["state"] == "arrived"
    assert api.get("/webhooks/deliveries?state=lost").status_code == 422


def test_the_log_does_not_ask_more_for_more_messages(shop, api, ear, django_assert_max_num_queries):
    api.post("/webhooks", {"url": ear.url, "events": ["bill.issued"]})
    shop.refresh_from_db()
    for many in (1, 20):
        for _ in range(many):
            tell(shop=shop, kind="bill.issued", facts=dict)
        with django_assert_max_num_queries(10):
            api.get("/webhooks/deliveries?limit=100")


def test_a_strangers_webhook_and_messages_are_not_there(shop, api, ear):
    pk = api.post("/webhooks", {"url": ear.url, "events": ["bill.issued"]}).json()["id"]
    shop.refresh_from_db()
    tell(shop=shop, kind="bill.issued", facts=dict)
    message = shop.webhook_deliveries.get().pk
    other = factories.make_shop("Other")
    stranger = Api(other, other.owner)
    for method, path in (
        ("PUT", f"/webhooks/{pk}"), ("DELETE", f"/webhooks/{pk}"), ("POST", f"/webhooks/{pk}/secret"),
        ("GET", f"/webhooks/deliveries/{message}"), ("POST", f"/webhooks/deliveries/{message}/replay"),
    ):  # fmt: skip
        assert stranger.call(method, path, {} if method != "GET" else None).status_code == 404, path
    assert stranger.get("/webhooks").json() == stranger.get("/webhooks/deliveries").json() == []


@pytest.mark.parametrize("role", [Role.MANAGER, Role.STAFF, Role.ACCOUNTANT])
def test_for_owners_only(shop, role):
    api = Api(shop, factories.make_member(shop, role))
    assert api.get("/webhooks").status_code == api.get("/webhooks/deliveries").status_code == 403
    assert api.post("/webhooks", {"url": "https://8.8.8.8/", "events": ["bill.issued"]}).status_code == 403


def test_a_key_is_made_used_and_revoked(shop, api):
    made = api.post("/keys", {"name": "Scale", "scopes": ["see_books"]}, key=uuid4())
    assert made.status_code == 201
    program = Api(token=made.json()["key"])
    assert program.get("/accounting/profit-loss").status_code == 200
    assert program.get("/webhooks").status_code == 403
    assert api.delete(f"/keys/{made.json()['id']}").status_code == 200
    assert program.get("/accounting/profit-loss").status_code == 401
    assert ApiKey.objects.get().revoked_at
