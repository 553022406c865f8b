"""Whatever is sold: total = lines + round-off = payments = journal entry = stock movement, to the paisa."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Sum
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ledger.models import Posting
from orders.bill import BillLine, Tender
from orders.services import cancel_order
from tests import factories

D = Decimal
RATES = ("other-0", "other-5", "other-18", "other-40", "240220-cigarettes", "2501-salt")
paise = st.integers(min_value=100, max_value=500_000).map(lambda p: D(p) / 100)
line = st.tuples(
    st.sampled_from(RATES),
    paise,
    st.integers(min_value=0, max_value=100),
    st.booleans(),
    st.integers(min_value=1, max_value=30_000),
    st.integers(min_value=0, max_value=100),
)


def make_lines(shop, drawn):
    """Products of any rate and price, in stock at any cost; loose ones by the gram, some lines with a discount."""
    lines = []
    for n, (gst, price, cost_share, loose, quantity, off) in enumerate(drawn):
        cost = (price * cost_share / 100).quantize(D("0.0001"))
        product = factories.make_product(
            shop, f"Goods {n}", price=price, mrp=price, cost=cost, gst=gst, unit="kg" if loose else "pc", loose=loose, stock=D(7)
        )
        count = D(quantity) / 1000 if loose else D(quantity % 20 + 1)
        gross = (price * count).quantize(D("0.01"))
        lines.append(BillLine(product.pk, count, discount=(gross * off / 1000).quantize(D("0.01")) if gst != "240220-cigarettes" else D(0)))
    return lines


@pytest.mark.parametrize("rounding", ["rupee", "half", "none"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drawn=st.lists(line, min_size=1, max_size=6),
    splits=st.lists(st.sampled_from(["cash", "upi", "card", "khata"]), max_size=3),
    cancel=st.booleans(),
)
def test_total_lines_payments_and_journal_agree(db, rounding, drawn, splits, cancel):
    shop = factories.make_shop(rounding=rounding)
    customer = factories.make_customer(shop)
    lines = make_lines(shop, drawn)
    assume(shop_total(lines, drawn) >= 3)
    tenders = [Tender(method, D("0.37")) for method in splits] + [Tender("cash", None)]
    order = factories.make_order(shop, lines, payments=tenders, customer=customer, key=uuid4())
    sums = order.lines.aggregate(total=Sum("total"), tax=Sum("cgst") + Sum("sgst") + Sum("igst") + Sum("cess"), cost=Sum("cost"))
    assert order.total == sums["total"] + order.round_off
    assert order.tax == sums["tax"]
    assert order.cost == sums["cost"] == -order_movements(order)
    assert order.total == order.payments.aggregate(s=Sum("amount"))["s"]
    assert order.cgst == order.sgst
    if cancel:
        cancel_order(shop=shop, bill_number=order.bill_number, by=shop.owner, reason="drawn")
    check_books(shop, order, cancelled=cancel)
    connection.check_constraints()


def shop_total(lines, drawn) -> Decimal:
    return sum((one[1] * line.quantity - line.discount for one, line in zip(drawn, lines, strict=True)), D(0))


def order_movements(order) -> Decimal:
    return order.shop.movements.filter(document="order", document_id=order.pk).aggregate(v=Sum("value"))["v"]


def check_books(shop, order, *, cancelled: bool) -> None:
    balances: dict[str, Decimal] = {}
    for code, d, c in Posting.objects.filter(shop=shop).values_list("account__code", "debit", "credit"):
        balances[code] = balances.get(code, D(0)) + d - c
    assert sum(balances.values()) == 0
    assert balances.get("1003", D(0)) == shop.lots.aggregate(v=Sum("value"))["v"]
    money_in = sum(balances.get(code, D(0)) for code in ("1001", "1030", "1035", "1002", "1004"))
    assert money_in == (0 if cancelled else order.total)
    customer = shop.customers.get()
    assert balances.get("1004", D(0)) == customer.outstanding
    taxes = -sum(balances.get(code, D(0)) for code in ("2101", "2102", "2103", "2104"))
    assert taxes == (0 if cancelled else order.tax)
