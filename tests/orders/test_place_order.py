"""Selling: one act, exact to the paisa, everything or nothing."""

from decimal import Decimal

import pytest
from django.db import connection

from ledger.models import Posting
from orders.bill import BillLine, Tender
from orders.errors import OrderError
from tests import factories

D = Decimal


def journal(order) -> dict[str, Decimal]:
    """Code → debit minus credit, of the bill's entry."""
    rows = Posting.objects.filter(entry__source_kind="order", entry__source_id=order.events.get(kind="placed").pk)
    return {code: d - c for code, d, c in rows.values_list("account__code", "debit", "credit")}


def test_sells_and_lowers_stock_and_posts_the_worked_example(shop):
    soap = factories.make_product(shop, stock=100)
    order = factories.make_order(shop, [(soap, 10)])
    assert order.total == D("525.00")
    assert (order.taxable, order.cgst, order.sgst) == (D("500.00"), D("12.50"), D("12.50"))
    assert soap.lots.get().on_hand == 90
    assert soap.lots.get().value == D("3600.00")
    assert journal(order) == {"1001": D(525), "4010": D(-500), "2101": D("-12.50"), "2102": D("-12.50"), "5001": D(400), "1003": D(-400)}
    connection.check_constraints()


def test_same_request_key_answers_the_first_bill(shop):
    soap = factories.make_product(shop, stock=100)
    first = factories.make_order(shop, [(soap, 1)])
    again = factories.make_order(shop, [(soap, 5)], key=first.request_key)
    assert again.pk == first.pk
    assert soap.lots.get().on_hand == 99


def test_refuses_payments_that_do_not_make_the_total(shop):
    soap = factories.make_product(shop, stock=100)
    with pytest.raises(OrderError) as refused:
        factories.make_order(shop, [BillLine(soap.pk, D(1))], payments=[Tender("cash", D("50.00"))])
    assert refused.value.code == "not_paid"
    assert not shop.orders.exists()
    assert soap.lots.get().on_hand == 100
