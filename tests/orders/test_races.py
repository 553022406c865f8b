"""Several counters at once, and a worker that dies: one test for each promise, with real threads and a real kill."""

import os
import signal
import subprocess
import sys
import textwrap
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Sum

from ledger.models import JournalEntry
from orders.bill import BillLine, Tender
from orders.models import CreditNote, Order, OrderEvent, Payment, PaymentEvent
from orders.payments import mark_failed, mark_seen
from orders.return_plan import BackLine, Exchange
from orders.returning import take_back
from orders.services import cancel_order
from shops.models import Counter, NumberSeries, Shop
from smartkirana.errors import Refusal
from tests import factories
from tests.api_client import Api
from tests.at_once import at_once
from tests.inventory.buying import books_agree

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal


def sell(shop_id: int, product_id: int, key=None, quantity=1, counter_id=None, **extra):
    """A bill made as by another worker: nothing shared but ids."""
    shop = Shop.objects.get(pk=shop_id)
    counter = shop.counters.get(pk=counter_id) if counter_id else shop.counters.first()
    return factories.make_order(shop, [(shop.products.get(pk=product_id), quantity)], key=key, counter=counter, **extra)


def test_eight_counters_sell_the_last_five_and_the_numbers_have_no_gap():
    shop = factories.make_shop(stock_policy="block")
    soap = factories.make_product(shop, stock=5)
    counters = [shop.counters.get().pk, Counter.objects.create(shop=shop, name="Counter 2", code="S2").pk]
    results = at_once([lambda n=n: sell(shop.pk, soap.pk, counter_id=counters[n % 2]) for n in range(8)])
    sold = [r for r in results if isinstance(r, Order)]
    refused = [r for r in results if isinstance(r, Refusal)]
    assert len(sold) == 5
    assert {r.code for r in refused} == {"not_enough_stock"}
    assert soap.lots.get().on_hand == 0
    for counter in counters:
        ends = sorted(int(o.bill_number[-6:]) for o in sold if o.counter_id == counter)
        assert ends == list(range(1, len(ends) + 1))
    assert sorted(int(o.number[-4:]) for o in sold) == [1, 2, 3, 4, 5]
    assert JournalEntry.objects.filter(source_kind="order").count() == 5


def test_an_order_placed_fifty_times_at_once_with_one_key_is_one_order():
    shop = factories.make_shop()
    soap = factories.make_product(shop, stock=60)
    api, key = Api(shop, shop.owner), uuid4()
    order = {"items": [{"product_id": soap.pk, "quantity": 1}], "payment_method": "cash"}
    answers = at_once([lambda: Api(token=api.token).post("/orders", order, key=key)] * 50)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert (Order.objects.count(), soap.lots.get().on_hand) == (1, 59)
    assert JournalEntry.objects.filter(source_kind="order").count() == 1
    books_agree(shop)
    other = Api(token=api.token).post("/orders", order | {"notes": "another"}, key=key)
    assert (other.status_code, other.json()["code"]) == (409, "key_used")


def test_the_same_bill_sent_twenty_times_at_once_is_one_bill():
    shop = factories.make_shop()
    soap = factories.make_product(shop, stock=100)
    key = uuid4()
    results = at_once([lambda: sell(shop.pk, soap.pk, key=key) for _ in range(20)])
    assert len({r.pk for r in results}) == 1
    assert soap.lots.get().on_hand == 99
    assert (Order.objects.count(), Payment.objects.count(), OrderEvent.objects.count()) == (1, 1, 1)
    assert NumberSeries.objects.get(series__startswith="bill:").last == 1


def test_baskets_in_opposite_order_do_not_lock_each_other_out():
    shop = factories.make_shop()
    goods = [factories.make_product(shop, f"Goods {n}", stock=1000) for n in range(4)]

    def basket(order):
        mine = Shop.objects.get(pk=shop.pk)
        return [factories.make_order(mine, [(goods[n], 1) for n in order]).total for _ in range(5)]

    results = at_once([lambda o=o: basket(o) for o in ((0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1), (1, 3, 0, 2))])
    assert not [r for r in results if isinstance(r, Refusal)]
    assert shop.lots.aggregate(s=Sum("on_hand"))["s"] == 4000 - 4 * 4 * 5


def test_two_counters_cannot_both_use_up_one_khata_limit():
    shop = factories.make_shop()
    soap = factories.make_product(shop, price="100", mrp="100", stock=100)
    ramesh = factories.make_customer(shop, "Ramesh", credit_limit=D(150))
    results = at_once([lambda: sell(shop.pk, soap.pk, payments=[Tender("khata", None)], customer=ramesh) for _ in range(4)])
    assert sorted(getattr(r, "code", "sold") for r in results) == ["credit_limit"] * 3 + ["sold"]
    ramesh.refresh_from_db()
    assert ramesh.outstanding == 100


def test_a_bill_cancelled_by_two_at_once_is_cancelled_once():
    shop = factories.make_shop()
    soap = factories.make_product(shop, stock=10)
    order = factories.make_order(shop, [(soap, 4)])
    at_once([lambda: cancel_order(shop=shop, bill_number=order.bill_number, by=shop.owner, reason="twice") for _ in range(4)])
    assert soap.lots.get().on_hand == 10
    assert OrderEvent.objects.filter(kind="cancelled").count() == 1


def test_a_payment_that_two_tap_at_once_is_seen_once():
    shop = factories.make_shop()
    payment = factories.make_order(shop, [(factories.make_product(shop, stock=9), 1)], payments=[Tender("upi", None)]).payments.get()
    told = {"payment_id": payment.pk, "by": shop.owner, "how": "cashier"}
    results = at_once([lambda: mark_seen(shop=Shop.objects.get(pk=shop.pk), **told) for _ in range(6)])
    assert {result.state for result in results} == {"seen"}
    assert PaymentEvent.objects.count() == 1
    assert JournalEntry.objects.filter(source_kind="payment").count() == 1


def test_a_claim_seen_while_its_bill_is_cancelled_leaves_the_books_even():
    shop = factories.make_shop()
    soap = factories.make_product(shop, stock=50)
    for _ in range(5):
        order = factories.make_order(shop, [(soap, 1)], payments=[Tender("upi", None)])
        payment = order.payments.get()
        at_once(
            [
                lambda o=order: cancel_order(shop=shop, bill_number=o.bill_number, by=shop.owner, reason="Left"),
                lambda p=payment: mark_seen(shop=shop, payment_id=p.pk, by=shop.owner, how="cashier"),
                lambda p=payment: mark_failed(shop=shop, payment_id=p.pk, by=shop.owner, how="owner", reason="No"),
            ]
        )
        payment.refresh_from_db()
        assert payment.reversed_by.state == payment.state
    held = shop.postings.filter(account__code__in=["1001", "1002", "1030", "6220"]).values_list("account__code")
    assert {code: debit - credit for code, debit, credit in held.annotate(Sum("debit"), Sum("credit"))}.items() <= {
        ("1002", 0), ("1030", 0), ("6220", 0)
    }  # fmt: skip


STEPS = (
    "shops.numbers.next_numbers",
    "orders.services.insert_rows",
    "orders.services.issue_goods",
    "ledger.services.record_entry",
)


@pytest.mark.parametrize("step", STEPS)
def test_a_worker_killed_in_mid_bill_leaves_nothing(step):
    shop = factories.make_shop()
    soap = factories.make_product(shop, stock=10)
    key = uuid4()
    died = subprocess.run([sys.executable, "-c", textwrap.dedent(WORKER)], env=worker_env(shop, soap, key, step), timeout=60, check=False)
    assert died.returncode == -signal.SIGKILL
    assert soap.lots.get().on_hand == 10
    assert [model.objects.count() for model in (Order, Payment, NumberSeries)] == [0, 0, 0]
    assert not JournalEntry.objects.filter(source_kind="order").exists()
    again = sell(shop.pk, soap.pk, key=key)
    assert again.bill_number.endswith("/000001")


def worker_env(shop, product, key, step) -> dict[str, str]:
    db = connection.settings_dict
    url = f"postgres://{db['USER']}:{db['PASSWORD'] or ''}@{'' if db['HOST'].startswith('/') else db['HOST']}/{db['NAME']}"
    url += f"?host={db['HOST']}&port={db['PORT']}" if db["HOST"].startswith("/") else ""
    return {**os.environ, "DATABASE_URL": url, "SMARTKIRANA_ENV": "local", "STEP": step, "ARGS": f"{shop.pk} {product.pk} {key}"}


WORKER = """
    import os, signal
    from decimal import Decimal
    from uuid import UUID
    os.environ["DJANGO_SETTINGS_MODULE"] = "smartkirana.settings"
    import django
    django.setup()
    from orders.bill import BillLine, Tender
    from orders import services
    from shops.models import Counter, Shop
    import ledger.services, shops.numbers

    def die_after(work):
        def last(*args, **kwargs):
            work(*args, **kwargs)
            os.kill(os.getpid(), signal.SIGKILL)
        return last

    step = os.environ["STEP"]
    if step == "shops.numbers.next_numbers":
        shops.numbers.next_numbers = die_after(shops.numbers.next_numbers)
    elif step.endswith("insert_rows"):
        services.insert_rows = die_after(services.insert_rows)
    elif step.endswith("issue_goods"):
        services.issue_goods = die_after(services.issue_goods)
    else:
        ledger.services.record_entry = die_after(ledger.services.record_entry)
    shop_id, product_id, key = os.environ["ARGS"].split()
    shop = Shop.objects.get(pk=shop_id)
    services.place_order(
        shop=shop, counter=shop.counters.first(), cashier=shop.memberships.first().user,
        lines=[BillLine(int(product_id), Decimal(1))], payments=[Tender("cash", None)], request_key=UUID(key),
    )
"""


# --- goods that come back -----------------------------------------------------------------------------------------
def bring_back(shop_id: int, bill_number: str, quantity=1, key=None, **extra):
    """Goods taken back as by another worker."""
    shop = Shop.objects.get(pk=shop_id)
    return take_back(
        shop=shop, counter=shop.counters.first(), by=factories.owner_of(shop), bill_number=bill_number,
        lines=[BackLine(1, D(quantity))], how="cash", request_key=key or uuid4(), **extra,
    )  # fmt: skip


def test_the_last_piece_comes_back_once_to_two_counters():
    shop = factories.make_shop()
    soap = factories.make_product(shop, stock=10)
    bill = factories.make_order(shop, [(soap, 3)])
    bring_back(shop.pk, bill.bill_number, 2)
    results = at_once([lambda: bring_back(shop.pk, bill.bill_number) for _ in range(4)])
    assert sorted(getattr(r, "code", "back") for r in results) == ["back", "too_many", "too_many", "too_many"]
    assert soap.lots.get().on_hand == 10
    assert sum(note.total for note in bill.credit_notes.all()) == bill.total
    assert NumberSeries.objects.get(series__startswith="credit:").last == 2


def test_the_same_return_sent_ten_times_at_once_is_one_note_and_one_bill():
    shop = factories.make_shop()
    soap = factories.make_product(shop, stock=10)
    bill, key = factories.make_order(shop, [(soap, 3)]), uuid4()
    exchange = Exchange([BillLine(soap.pk, D(1))])
    results = at_once([lambda: bring_back(shop.pk, bill.bill_number, key=key, exchange=exchange) for _ in range(10)])
    assert len({r.pk for r in results}) == 1
    assert (CreditNote.objects.count(), Order.objects.count()) == (1, 2)


def test_a_bill_is_cancelled_or_comes_back_but_not_both():
    shop = factories.make_shop()
    soap = factories.make_product(shop, stock=10)
    bill = factories.make_order(shop, [(soap, 3)])
    cancel = {"bill_number": bill.bill_number, "by": shop.owner, "reason": "wrong"}
    results = at_once([lambda: bring_back(shop.pk, bill.bill_number), lambda: cancel_order(shop=Shop.objects.get(pk=shop.pk), **cancel)])
    refused = [r for r in results if isinstance(r, Refusal)]
    assert [r.code for r in refused] in (["cancelled"], ["has_returns"])
    bill.refresh_from_db()
    assert bill.is_cancelled != bill.credit_notes.exists()
    assert soap.lots.get().on_hand == (10 if bill.is_cancelled else 8)


def test_exchanges_of_two_goods_crosswise_do_not_lock_each_other_out():
    shop = factories.make_shop()
    goods = [factories.make_product(shop, f"Goods {n}", stock=1000) for n in range(2)]
    bills = [factories.make_order(shop, [(goods[n], 20)]).bill_number for n in range(2)]

    def swap(n):
        exchange = Exchange([BillLine(goods[1 - n].pk, D(1))])
        return [bring_back(shop.pk, bills[n], exchange=exchange).number for _ in range(6)]

    results = at_once([lambda n=n: swap(n) for n in (0, 1, 0, 1)])
    assert not [r for r in results if isinstance(r, Refusal)]
    assert len({number for numbers in results for number in numbers}) == 24
    assert shop.lots.aggregate(s=Sum("on_hand"))["s"] == 2000 - 40
