"""Programs that are told what happens: written with the act, signed, sent again until it arrives, never into our own network."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import time
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import Schedule

from inventory.services import adjust_stock
from orders.bill import Tender
from orders.errors import OrderError
from orders.payments import mark_seen
from orders.return_plan import BackLine
from orders.returning import take_back
from orders.services import cancel_order
from shops import webhook_sending as sending
from shops.apps import SENDING, schedule_sending
from shops.errors import ShopError
from shops.models import Notice, Shop, WebhookDelivery
from shops.webhook_models import Happening
from shops.webhook_urls import checked_url, is_open
from shops.webhooks import change_webhook, end_webhook, make_webhook, new_secret, replay, tell
from tests import factories
from tests.shops.webhook_ear import listening

pytestmark = pytest.mark.django_db
EVERYTHING = list(Happening.values)


@pytest.fixture
def ear():
    with listening() as heard:
        yield heard


@pytest.fixture
def hook(shop, ear):
    hook, hook.told_secret = make_webhook(shop=shop, by=shop.owner, url=ear.url, events=EVERYTHING)
    shop.refresh_from_db()
    return hook


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=50)


def kinds(shop) -> list[str]:
    return [delivery.kind for delivery in shop.webhook_deliveries.order_by("pk")]


def only(shop, kind) -> dict:
    return shop.webhook_deliveries.get(kind=kind).payload["data"]


def checks_out(heard, secret: str) -> bool:
    """As a receiver would: the signature is over the time, a point and the body."""
    told = dict(part.split("=", 1) for part in heard.headers["X-SmartKirana-Signature"].split(","))
    right = hmac.new(secret.encode(), told["t"].encode() + b"." + heard.body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(right, told["v1"]) and abs(time.time() - int(told["t"])) < 60


# --- what is told -----------------------------------------------------------------------------------------------
def test_a_bill_tells_of_the_order_and_the_bill(shop, hook, soap):
    order = factories.make_order(shop, [(soap, 2)])
    assert kinds(shop) == ["order.placed", "bill.issued"]
    bill = only(shop, "bill.issued")
    assert (bill["order_id"], bill["invoice_number"], bill["total_amount"]) == (order.pk, order.bill_number, "105.00")
    assert (bill["tax_amount"], bill["cgst"]) == ("5.00", "2.50")
    assert only(shop, "order.placed")["order_number"] == order.number


def test_cancelling_taking_back_and_seeing_money_are_told(shop, hook, soap):
    upi = factories.make_order(shop, [(soap, 2)], payments=[Tender("upi", None)])
    mark_seen(shop=shop, payment_id=upi.payments.get().pk, by=shop.owner, how="owner")
    seen = only(shop, "payment.seen")
    assert (seen["invoice_number"], seen["amount"], seen["method"], seen["seen"]) == (upi.bill_number, "105.00", "upi", "owner")
    wrong = factories.make_order(shop, [(soap, 1)])
    cancel_order(shop=shop, bill_number=wrong.bill_number, by=shop.owner, reason="Wrong goods")
    assert only(shop, "order.cancelled")["reason"] == "Wrong goods"
    back = [BackLine(1, Decimal(1))]
    key = UUID(int=1)
    take_back(shop=shop, counter=shop.counters.get(), by=shop.owner, bill_number=upi.bill_number, lines=back, how="cash", request_key=key)
    assert only(shop, "return.made")["total_amount"] == "52.50"


def test_goods_are_told_once_when_they_fall_to_their_minimum(shop, hook):
    rice = factories.make_product(shop, "Rice", stock=10, min_stock=Decimal(5))
    factories.make_order(shop, [(rice, 4)])
    assert "stock.low" not in kinds(shop)
    factories.make_order(shop, [(rice, 1)])
    low = only(shop, "stock.low")
    assert (low["product_name"], low["current_stock"], low["min_stock_level"]) == ("Rice", "5.000", "5.000")
    factories.make_order(shop, [(rice, 1)])
    assert kinds(shop).count("stock.low") == 1


def test_damage_tells_of_low_stock_too(shop, hook):
    rice = factories.make_product(shop, "Rice", stock=10, min_stock=Decimal(5))
    adjust_stock(shop=shop, by=shop.owner, product=rice, reason="damage", change=Decimal(-6), note="Rats")
    assert only(shop, "stock.low")["current_stock"] == "4.000"


def test_only_what_a_webhook_hears_is_written_for_it(shop, ear, soap):
    first, _ = make_webhook(shop=shop, by=shop.owner, url=ear.url, events=["bill.issued"])
    second, _ = make_webhook(shop=shop, by=shop.owner, url=ear.url, events=["bill.issued", "order.placed"])
    shop.refresh_from_db()
    assert shop.hears == ["bill.issued", "order.placed"]
    factories.make_order(shop, [(soap, 1)])
    assert [d.kind for d in first.deliveries.all()] == ["bill.issued"]
    assert first.deliveries.get().event_id == second.deliveries.get(kind="bill.issued").event_id
    change_webhook(webhook=second, url=second.url, events=["order.placed"], active=False)
    end_webhook(webhook=first)
    shop.refresh_from_db()
    assert shop.hears == []


def test_nobody_but_a_webhook_moves_what_a_shop_tells_of(shop):
    with pytest.raises(IntegrityError, match="kept by its webhooks"), transaction.atomic():
        Shop.objects.filter(pk=shop.pk).update(hears=["bill.issued"])


def test_a_bill_of_a_shop_without_programs_asks_nothing_of_them(shop, soap):
    with CaptureQueriesContext(connection) as asked:
        factories.make_order(shop, [(soap, 1)])
    assert not [query for query in asked.captured_queries if "webhook" in query["sql"]]


def test_what_is_rolled_back_tells_nothing(shop, hook, soap, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as called, pytest.raises(OrderError):
        factories.make_order(shop, [(soap, 2)], shown_total=Decimal(1))
    with django_capture_on_commit_callbacks() as later, transaction.atomic():
        tell(shop=shop, kind="bill.issued", facts=lambda: {"order_id": 1})
        transaction.set_rollback(True)
    assert called == later == []
    assert not WebhookDelivery.objects.exists()


# --- over the wire ----------------------------------------------------------------------------------------------
def test_the_worker_sends_after_the_commit_and_the_signature_is_right(shop, hook, ear, soap, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        factories.make_order(shop, [(soap, 2)])
    assert {heard.headers["X-SmartKirana-Event"] for heard in ear.heard} == {"order.placed", "bill.issued"}
    for heard in ear.heard:
        told = json.loads(heard.body)
        assert heard.path == "/told?by=kirana"
        assert checks_out(heard, hook.told_secret)
        assert not checks_out(heard, "whsec_other")
        assert heard.headers["X-SmartKirana-Delivery"] == told["id"]
        assert (told["event"], told["shop_id"]) == (heard.headers["X-SmartKirana-Event"], shop.pk)
    for delivery in shop.webhook_deliveries.all():
        assert (delivery.state, delivery.tries, delivery.answer_code, delivery.answer_text) == ("arrived", 1, 200, "thank you")
        assert delivery.delivered_at


def one(shop) -> WebhookDelivery:
    tell(shop=shop, kind="bill.issued", facts=lambda: {"order_id": 7})
    return shop.webhook_deliveries.latest("pk")


def test_what_fails_is_sent_again_after_growing_waits_and_given_up_with_a_notice(shop, hook, ear):
    ear.answers = [500]
    delivery = one(shop)
    waits = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        while True:
            sending.send_due()
            delivery.refresh_from_db()
            if delivery.next_try_at is None:
                break
            assert sending.send_due() == {"arrived": 0, "failed": 0}, "not before its time"
            waits.append(delivery.next_try_at - timezone.now())
            clock.move_to(delivery.next_try_at)
        notice = Notice.objects.get(shop=shop, kind="programs")
    assert waits == [timedelta(minutes=m) for m in (1, 5, 30, 120, 720, 1440)]
    assert (delivery.state, delivery.tries, delivery.answer_code, len(ear.heard)) == ("given_up", 7, 500, 7)
    assert "127.0.0.1" in notice.lines[0]["text"]
    assert len({heard.headers["X-SmartKirana-Delivery"] for heard in ear.heard}) == 1


def test_after_a_500_it_arrives_at_the_second_try(shop, hook, ear):
    ear.answers = [500, 204]
    delivery = one(shop)
    sending.send_due()
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert sending.send_due() == {"arrived": 1, "failed": 0}
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == ("arrived", 2)


def test_a_message_can_be_sent_once_more_with_the_same_event(shop, hook, ear, django_capture_on_commit_callbacks):
    delivery = one(shop)
    sending.send_due()
    delivery.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        replay(delivery=delivery)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries, len(ear.heard)) == ("arrived", 1, 2)
    assert ear.heard[0].body == ear.heard[1].body


def test_one_slow_address_does_not_hold_up_the_others(shop, hook, ear, monkeypatch):
    monkeypatch.setattr(sending, "TIMEOUT", 0.3)
    with listening() as slow:
        slow.drip = 0.1
        late, _ = make_webhook(shop=shop, by=shop.owner, url=slow.url, events=["bill.issued"])
        for _n in range(3):
            one(shop)
        begun = time.monotonic()
        assert sending.send_due() == {"arrived": 3, "failed": 1}
        assert time.monotonic() - begun < 3, "what drips is cut off, and not tried thrice"
    assert late.deliveries.earliest("pk").answer_text.startswith("No answer within")
    assert late.deliveries.filter(tries=0).count() == 2


def test_a_redirect_is_not_followed(shop, hook, ear):
    with listening() as elsewhere:
        ear.answers = [(307, {"Location": elsewhere.url}, "")]
        delivery = one(shop)
        sending.send_due()
        delivery.refresh_from_db()
        assert (delivery.answer_code, delivery.state, elsewhere.heard) == (307, "waiting", [])


def test_nobody_there_and_a_hostile_answer(shop, hook, ear):
    ear.answers = [(400, {}, "no\x00 <script>\u202e" + "x" * 5000)]
    delivery = one(shop)
    sending.send_due()
    delivery.refresh_from_db()
    assert (delivery.answer_code, len(delivery.answer_text)) == (400, 200)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        change_webhook(webhook=hook, url=f"http://127.0.0.1:{nobody.getsockname()[1]}/", events=["bill.issued"], active=True)
        delivery = one(shop)
        sending.send_due()
    delivery.refresh_from_db()
    assert delivery.answer_code is None
    assert "refused" in delivery.answer_text


def test_messages_of_a_webhook_that_is_off_wait(shop, hook, ear):
    one(shop)
    change_webhook(webhook=hook, url=hook.url, events=hook.events, active=False)
    assert sending.send_due() == {"arrived": 0, "failed": 0}
    change_webhook(webhook=hook, url=hook.url, events=hook.events, active=True)
    assert sending.send_due() == {"arrived": 1, "failed": 0}


def test_what_a_dead_worker_had_in_hand_is_sent_later(shop, hook, ear):
    one(shop)
    assert sending._take(set()) is not None
    assert sending.send_due() == {"arrived": 0, "failed": 0}
    with time_machine.travel(timezone.now() + sending.LEASE + timedelta(seconds=1)):
        assert sending.send_due() == {"arrived": 1, "failed": 0}


def test_a_new_secret_signs_from_then_on(shop, hook, ear):
    secret = new_secret(webhook=hook)
    one(shop)
    sending.send_due()
    assert checks_out(ear.heard[0], secret)
    assert not checks_out(ear.heard[0], hook.told_secret)


# --- where to ---------------------------------------------------------------------------------------------------
PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "255.255.255.255",  # noqa: S104
    "::1", "::", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1", "ff02::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_no_address_of_our_own_network_is_open(address):
    assert not is_open(address)


def test_addresses_of_the_open_internet_are_open():
    assert all(is_open(address) for address in ("8.8.8.8", "2606:4700:4700::1111"))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://127.0.0.1/x", "private_address"),
        ("https://localhost/x", "private_address"),
        ("https://[::1]/x", "private_address"),
        ("https://2130706433/", "private_address"),
        ("https://0x7f.1/", "private_address"),
        ("https://169.254.169.254/latest/meta-data", "private_address"),
        ("http://8.8.8.8/", "needs_https"),
        ("ftp://8.8.8.8/", "bad_url"),
        ("https://", "bad_url"),
        ("https://a:b@8.8.8.8/", "bad_url"),
        ("https://8.8.8.8/#x", "bad_url"),
        ("https://8.8.8.8:99999/", "bad_url"),
        ("https://8.8.8.8/\r\nX: y", "bad_url"),
        ("https://8.8.8.8/a b", "bad_url"),
        ("https://8.8.8.8/\x00", "bad_url"),
        ("https://[zz]/", "bad_url"),
        ("https://no-such-name.invalid/", "private_address"),
        ("https://8.8.8.8/" + "x" * 500, "bad_url"),
        ("javascript:alert(1)", "bad_url"),
        ("", "bad_url"),
    ],
)
def test_addresses_that_are_refused(settings, url, code):
    settings.LOCAL = False
    with pytest.raises(ShopError) as refused:
        checked_url(url)
    assert refused.value.code == code


def test_an_address_of_the_open_internet_is_taken(settings):
    settings.LOCAL = False
    assert checked_url(" https://8.8.8.8:8443/told?x=1 ") == "https://8.8.8.8:8443/told?x=1"


def test_a_name_that_turns_to_our_network_later_is_refused_when_sending(shop, hook, ear, settings):
    settings.LOCAL = False
    delivery = one(shop)
    sending.send_due()
    delivery.refresh_from_db()
    assert (delivery.answer_code, delivery.answer_text, ear.heard) == (None, "The address is not on the open internet.", [])


def test_a_name_with_one_private_address_among_others_is_refused(settings, monkeypatch):
    settings.LOCAL = False
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    with pytest.raises(ShopError):
        checked_url("https://two-faced.example/")


# --- the acts ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("events", [[], ["order.eaten"], ["bill.issued", "x"]])
def test_what_it_is_told_of_must_be_chosen(shop, ear, events):
    with pytest.raises(ShopError, match="Choose what"):
        make_webhook(shop=shop, by=shop.owner, url=ear.url, events=events)


def test_a_shop_has_so_many_webhooks_at_most(shop, ear, monkeypatch):
    monkeypatch.setattr("shops.webhooks.MOST_WEBHOOKS", 2)
    for _n in range(2):
        make_webhook(shop=shop, by=shop.owner, url=ear.url, events=["bill.issued"])
    with pytest.raises(ShopError, match="at most 2"):
        make_webhook(shop=shop, by=shop.owner, url=ear.url, events=["bill.issued"])


def test_the_worker_looks_every_minute():
    Schedule.objects.filter(name=SENDING).delete()
    schedule_sending(None, "default")
    schedule_sending(None, "default")
    planned = Schedule.objects.get(name=SENDING)
    assert (planned.func, planned.schedule_type, planned.minutes) == ("shops.webhook_sending.send_due", Schedule.MINUTES, 1)


def test_old_messages_and_answers_are_thrown_away(shop, hook):
    from shops.daily import tidy_up
    from shops.models import ApiAnswer

    long_ago = timezone.now() - timedelta(days=31)
    with time_machine.travel(long_ago):
        for state in ("arrived", "waiting"):
            delivery = one(shop)
            if state == "arrived":
                sending.send(delivery)
        ApiAnswer.objects.create(shop=shop, user=shop.owner, key=UUID(int=1), asked="x", status=200, body="{}")
    one(shop)
    ApiAnswer.objects.create(shop=shop, user=shop.owner, key=UUID(int=2), asked="x", status=200, body="{}")
    done = tidy_up()
    assert (done["messages"], done["answers"]) == (1, 1)
    assert sorted(shop.webhook_deliveries.values_list("state", flat=True)) == ["waiting", "waiting"]
