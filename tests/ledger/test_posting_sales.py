"""The worked examples of a kirana's books: what a bill posts, and what cancelling it posts."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection

from ledger import chart
from ledger.errors import LedgerError
from ledger.receivers import POST_ORDER
from orders.bill import BillLine, Tender
from orders.models import OrderEvent
from orders.services import cancel_order
from tests import factories
from tests.ledger.books import balance, entry_of, moved

D = Decimal


def test_cash_sale_of_ten_soaps_posts_tax_and_cost(shop):
    soap = factories.make_product(shop, stock=100)
    order = factories.make_order(shop, [(soap, 10)])
    assert moved(entry_of(order)) == {
        "1001": D("525.00"),
        "4010": D("-500.00"),
        "2101": D("-12.50"),
        "2102": D("-12.50"),
        "5001": D("400.00"),
        "1003": D("-400.00"),
    }
    assert entry_of(order).narration == f"Bill {order.bill_number}"
    assert entry_of(order).date == order.day
    connection.check_constraints()


@pytest.mark.parametrize(("price", "total", "round_off"), [("99.60", "100.00", "-0.40"), ("100.40", "100.00", "0.40")])
def test_rounding_is_a_posting_of_its_own(shop, price, total, round_off):
    rice = factories.make_product(shop, "Rice", price=price, mrp=None, cost="80.00", gst="other-0", stock=10)
    order = factories.make_order(shop, [(rice, 1)])
    assert order.total == D(total)
    assert moved(entry_of(order)) == {
        "1001": D(total),
        "4015": -D(price),
        "6900": D(round_off),
        "5001": D("80.00"),
        "1003": D("-80.00"),
    }


def test_rounding_of_taxed_goods_takes_tax_on_the_exact_amount(shop):
    soap = factories.make_product(shop, price="99.60", mrp="105.00", stock=10)
    order = factories.make_order(shop, [(soap, 1)])
    assert moved(entry_of(order)) == {
        "1001": D("100.00"),
        "4010": D("-94.86"),
        "2101": D("-2.37"),
        "2102": D("-2.37"),
        "6900": D("-0.40"),
        "5001": D("40.00"),
        "1003": D("-40.00"),
    }


def test_split_payment_debits_each_place_the_money_went(shop):
    soap = factories.make_product(shop, stock=100)
    asha = factories.make_customer(shop)
    order = factories.make_order(
        shop,
        [(soap, 10)],
        customer=asha,
        payments=[
            Tender("cash", D("100.00"), tendered=D("500.00")),
            Tender("upi", D("150.00")),
            Tender("card", D("75.00")),
            Tender("bank", D("50.00")),
            Tender("khata", D("150.00")),
        ],
    )
    posted = moved(entry_of(order))
    assert [posted[code] for code in ("1001", "1030", "1035", "1002", "1004")] == [D(100), D(150), D(75), D(50), D(150)]
    assert sum(posted.values()) == 0


def test_khata_sale_debits_the_customer(shop):
    soap = factories.make_product(shop, stock=100)
    asha = factories.make_customer(shop)
    order = factories.make_order(shop, [(soap, 4)], customer=asha, payments=[Tender("khata", D("210.00"))])
    assert moved(entry_of(order)) == {
        "1004": D("210.00"),
        "4010": D("-200.00"),
        "2101": D("-5.00"),
        "2102": D("-5.00"),
        "5001": D("160.00"),
        "1003": D("-160.00"),
    }
    assert [(p.customer_id, p.debit) for p in asha.postings.all()] == [(asha.pk, D("210.00"))]
    asha.refresh_from_db()
    assert asha.outstanding == D("210.00")


def test_composition_shop_posts_the_full_price_and_no_tax(db):
    shop = factories.make_shop(scheme="composition")
    soap = factories.make_product(shop, stock=100)
    order = factories.make_order(shop, [(soap, 10)])
    assert moved(entry_of(order)) == {"1001": D("525.00"), "4010": D("-525.00"), "5001": D("400.00"), "1003": D("-400.00")}


def test_sale_to_another_state_posts_igst(shop):
    lamp = factories.make_product(shop, "Lamp", price="118.00", mrp="118.00", cost="80.00", gst="other-18", stock=10)
    buyer = factories.make_customer(shop, "Vapi Hotel", state_code="24")
    order = factories.make_order(shop, [(lamp, 1)], customer=buyer)
    assert moved(entry_of(order)) == {
        "1001": D("118.00"),
        "4010": D("-100.00"),
        "2103": D("-18.00"),
        "5001": D("80.00"),
        "1003": D("-80.00"),
    }


def test_exempt_and_taxable_goods_go_to_their_own_sales_accounts(shop):
    soap = factories.make_product(shop, stock=10)
    rice = factories.make_product(shop, "Loose rice", price="60.00", mrp=None, cost="50.00", gst="other-0", stock=10)
    order = factories.make_order(shop, [(soap, 2), (rice, 1)])
    assert moved(entry_of(order)) == {
        "1001": D("165.00"),
        "4010": D("-100.00"),
        "4015": D("-60.00"),
        "2101": D("-2.50"),
        "2102": D("-2.50"),
        "5001": D("130.00"),
        "1003": D("-130.00"),
    }


def test_bill_for_nothing_leaves_no_entry(shop):
    gift = factories.make_product(shop, "Calendar", price="10.00", mrp=None, cost="0.00", stock=10)
    order = factories.make_order(shop, [BillLine(gift.pk, D(1), discount=D("10.00"))], payments=[])
    assert order.total == 0
    assert entry_of(order) is None
    assert not shop.journal.exists()


def test_cancelling_brings_every_account_back_and_links_the_entries(shop):
    soap = factories.make_product(shop, stock=100)
    asha = factories.make_customer(shop)
    order = factories.make_order(shop, [(soap, 10)], customer=asha, payments=[Tender("upi", D("300.00")), Tender("khata", D("225.00"))])
    cancel_order(shop=shop, bill_number=order.bill_number, by=shop.owner, reason="Wrong customer")
    placed, cancelled = entry_of(order), entry_of(order, "cancelled")
    assert cancelled.reverses == placed
    assert cancelled.narration == f"Bill {order.bill_number} cancelled: Wrong customer"
    assert moved(cancelled) == {code: -amount for code, amount in moved(placed).items()}
    assert balance(shop, "1003") == D("4000.00")
    asha.refresh_from_db()
    assert asha.outstanding == 0
    connection.check_constraints()


def test_cancelling_twice_posts_once(shop):
    soap = factories.make_product(shop, stock=100)
    order = factories.make_order(shop, [(soap, 1)])
    for _ in range(2):
        cancel_order(shop=shop, bill_number=order.bill_number, by=shop.owner, reason="Twice")
    assert shop.journal.filter(reverses__isnull=False).count() == 1


def test_failing_posting_leaves_no_order(shop):
    soap = factories.make_product(shop, stock=100)
    shop.accounts.filter(code=chart.SALES_TAXABLE).update(code="4999")
    with pytest.raises(LedgerError) as refused:
        factories.make_order(shop, [(soap, 1)])
    assert refused.value.code == "no_account"
    assert "4010" in refused.value.message
    assert not shop.orders.exists()
    assert not shop.order_events.exists()
    assert not shop.payments.exists()
    assert soap.lots.get().on_hand == 100
    assert shop.journal.count() == 1  # the opening stock


def test_next_bill_after_a_failed_posting_has_the_next_number(shop):
    soap = factories.make_product(shop, stock=100)
    first = factories.make_order(shop, [(soap, 1)])
    shop.accounts.filter(code=chart.CASH).update(code="1999")
    with pytest.raises(LedgerError):
        factories.make_order(shop, [(soap, 1)])
    shop.accounts.filter(code="1999").update(code=chart.CASH)
    second = factories.make_order(shop, [(soap, 1)])
    assert (first.bill_number[-6:], second.bill_number[-6:]) == ("000001", "000002")


@pytest.mark.parametrize("lines", [1, 20])
def test_posting_a_bill_takes_four_queries_whatever_its_length(shop, lines, django_assert_max_num_queries):
    products = [factories.make_product(shop, f"Soap {n}", stock=10) for n in range(lines)]
    order = factories.make_order(shop, [(p, 1) for p in products])
    event = _fresh_event(order)
    with django_assert_max_num_queries(4):
        POST_ORDER[event.kind](event)


@pytest.mark.parametrize("lines", [1, 20])
def test_posting_a_cancel_takes_six_queries_whatever_its_length(shop, lines, django_assert_max_num_queries):
    products = [factories.make_product(shop, f"Soap {n}", stock=10) for n in range(lines)]
    order = factories.make_order(shop, [(p, 1) for p in products])
    event = OrderEvent(pk=9_000_001, shop=shop, order=order, kind="cancelled", reason="Test", day=order.day, by=shop.owner)
    with django_assert_max_num_queries(6):
        POST_ORDER[event.kind](event)


def _fresh_event(order) -> OrderEvent:
    """The event as the receiver gets it: bill and shop at hand, not posted yet."""
    return OrderEvent(pk=9_000_000, shop=order.shop, order=order, kind="placed", day=order.day, by=order.cashier)


def test_line_discounts_reduce_the_sale_itself(shop):
    soap = factories.make_product(shop, stock=10)
    order = factories.make_order(shop, [BillLine(soap.pk, D(2), discount=D("5.00"))], payments=[Tender("cash", D("100.00"))], key=uuid4())
    assert moved(entry_of(order))["4010"] == -order.taxable
    assert order.taxable == D("95.24")
