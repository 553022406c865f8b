"""Whatever happens to a product's lots, in whatever order: stock and value are the sums of the movements, and the books agree."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.off import Off
from inventory.errors import StockError
from inventory.purchase_returns import Returned, return_to_supplier
from inventory.services import Opening, adjust_stock, enter_opening_stock
from inventory.suppliers import pay_supplier
from ledger.models import Posting
from orders.bill import BillLine, Tender
from orders.errors import OrderError
from orders.services import cancel_order, place_order
from smartkirana.money import ZERO, money
from tests import factories
from tests.inventory.buying import books_agree, buy, make_supplier, received

D = Decimal
KILOS = st.decimals("0.001", "7", places=3)
COSTS = st.sampled_from([D("0"), D("0.0100"), D("4.0001"), D("33.3333"), D("39.9999"), D("40")])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("open"), KILOS, COSTS),
        st.tuples(st.just("adjust"), KILOS, st.sampled_from(["damage", "loss", "own_use", "-correction", "found", "correction"])),
        st.tuples(st.just("sell"), KILOS, st.none()),
        st.tuples(st.just("cancel"), st.integers(0, 9), st.none()),
        st.tuples(st.just("receive"), KILOS, COSTS),
        st.tuples(st.just("give back"), KILOS, st.integers(0, 9)),
        st.tuples(st.just("pay"), KILOS, st.none()),
    ),
    min_size=1,
    max_size=10,
)


def act(product, step, bills):
    """One thing that may happen in a shop; what the shop's rules refuse does not happen."""
    shop, (kind, size, detail) = product.shop, step
    if kind == "open":
        lot = Opening(product, size, detail, mrp=product.mrp, expiry=date(2099, 1, 1 + len(bills)), credit_rate=D(5))
        enter_opening_stock(shop=shop, by=shop.owner, openings=[lot])
    elif kind == "adjust":
        reason = detail.removeprefix("-")
        change = size if detail in ("found", "correction") else -size
        adjust_stock(shop=shop, by=shop.owner, product=product, change=change, reason=reason)
    elif kind == "sell":
        bills.append(
            place_order(
                shop=shop,
                counter=shop.counters.get(),
                cashier=shop.owner,
                lines=[BillLine(product.pk, size)],
                payments=[Tender("cash", money(size * product.price))],
                request_key=uuid4(),
            )
        )
    elif kind in ("receive", "give back", "pay"):
        purchase(shop, product, kind, size, detail)
    elif bills:
        cancel_order(shop=shop, bill_number=bills[size % len(bills)].bill_number, by=shop.owner, reason="wrong")


def purchase(shop, product, kind, size, detail):
    """Goods bought of the shop's one supplier, with charges that divide by nothing; given back; paid."""
    gupta = shop.suppliers.first() or make_supplier(shop, "Gupta")
    bought = list(shop.goods_receipts.order_by("pk"))
    if kind == "receive":
        buy(gupta, received(product, size, detail, free=D("0.7")), other_charges=D("0.11"), discount=Off(percent=D("1.7")))
    elif kind == "pay":
        pay_supplier(shop=shop, by=shop.owner, supplier=gupta, amount=money(size), method="cash")
    elif bought:
        receipt = bought[detail % len(bought)]
        return_to_supplier(shop=shop, by=shop.owner, receipt=receipt, returned=[Returned(receipt.lines.get().pk, size)])


def check(product):
    """The promises about stock, after every step."""
    shop = product.shop
    for lot in shop.lots.annotate(quantities=Sum("movements__quantity"), values=Sum("movements__value")):
        assert (lot.on_hand, lot.value) == (lot.quantities or 0, lot.values or ZERO)
        assert lot.on_hand or not lot.value
        assert lot.value >= 0 if lot.on_hand > 0 else lot.value == money(lot.on_hand * lot.unit_cost)
        if shop.stock_policy == "block":
            assert lot.on_hand >= 0
    books = Posting.objects.filter(shop=shop, account__code="1003").aggregate(
        value=Sum("debit", default=ZERO) - Sum("credit", default=ZERO)
    )
    assert books["value"] == (shop.lots.aggregate(value=Sum("value", default=ZERO))["value"])


@pytest.mark.parametrize("policy", ["warn", "block"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_stock_value_and_books_agree_after_every_step(db, policy, steps):
    shop = factories.make_shop(stock_policy=policy, rounding="none")
    dal = factories.make_product(shop, "Dal", unit="kg", cost="33.3333", price="100.00", mrp=None, gst="other-0")
    bills = []
    for step in steps:
        try:
            act(dal, step, bills)
        except (StockError, OrderError):
            continue
        check(dal)
    connection.check_constraints()
    books_agree(shop)
