"""Purchase orders: wishes gathered into drafts, the legal moves, and what the supplier's bills do to them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from catalog.models import Barcode
from inventory.errors import StockError
from inventory.models import PurchaseOrder, PurchaseOrderLine
from inventory.ordering import (
    OrderedLine,
    Wish,
    cancel_order,
    close_order,
    draft_orders,
    on_order,
    save_order,
    send_order,
    usual_suppliers,
)
from inventory.purchase_returns import Returned, return_to_supplier
from shops.models import Shop
from smartkirana.dates import financial_year, shop_today
from smartkirana.db_rules import broken_rule
from tests import factories
from tests.at_once import at_once, told
from tests.inventory.buying import D, books_agree, buy, make_supplier, received

Status = PurchaseOrder.Status


@pytest.fixture
def supplier(shop):
    return make_supplier(shop, "Gupta Agencies", lead_days=3)


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, "Soap", gst="other-5")


@pytest.fixture
def oil(shop):
    return factories.make_product(shop, "Oil", gst="other-5")


def ordered(supplier, *lines, **more) -> PurchaseOrder:
    """A draft of (product, packs, pack size) lines."""
    wanted = [OrderedLine(product, D(packs), D(size)) for product, packs, size in lines]
    return save_order(shop=supplier.shop, by=factories.owner_of(supplier.shop), supplier=supplier, lines=wanted, **more)


def sent(supplier, *lines) -> PurchaseOrder:
    return send_order(order=ordered(supplier, *lines))


def wish(shop, *wishes, key=None):
    return draft_orders(shop=shop, by=factories.owner_of(shop), wishes=wishes, request_key=key)


def now(order) -> PurchaseOrder:
    return PurchaseOrder.objects.get(pk=order.pk)


def refused(act) -> str:
    with pytest.raises(StockError) as refusal:
        act()
    return refusal.value.code


# --- wishes ---------------------------------------------------------------------------------------------------
def test_wishes_go_to_whom_brought_the_goods_last_in_whole_packs(shop, supplier, soap, oil):
    other = make_supplier(shop, "Patel Oils")
    buy(other, received(soap, 1, 480, pack_size=D(10)))
    buy(supplier, received(soap, 2, 480, pack_size=D(12)))
    buy(other, received(oil, 1, 40))
    drafted = wish(shop, Wish(soap, D(25)), Wish(oil, D(3)))
    assert [(o.supplier.name, o.status, o.expected) for o in drafted.orders] == [
        ("Gupta Agencies", Status.DRAFT, shop_today() + timedelta(days=3)),
        ("Patel Oils", Status.DRAFT, shop_today() + timedelta(days=2)),
    ]
    line = drafted.orders[0].lines.get()
    assert (line.packs, line.pack_size, line.quantity, line.cost) == (3, 12, 36, 480)
    assert drafted.left_over == []


def test_goods_nobody_brought_go_to_the_supplier_given_else_are_left_over(shop, supplier, soap, oil):
    drafted = wish(shop, Wish(soap, D(4), supplier), Wish(oil, D(2)))
    assert [order.supplier for order in drafted.orders] == [supplier]
    assert [(one.product, one.quantity) for one in drafted.left_over] == [(oil, 2)]


def test_a_supplier_out_of_use_brings_nothing(shop, supplier, soap):
    buy(supplier, received(soap, 1, 40))
    type(supplier).objects.filter(pk=supplier.pk).update(is_active=False)
    assert usual_suppliers(shop, [soap.pk]) == {}
    assert [one.product for one in wish(shop, Wish(soap, D(1))).left_over] == [soap]


def test_goods_never_bought_come_in_the_cartons_their_code_names(shop, supplier, soap, oil):
    Barcode.objects.create(shop=shop, product=soap, code="CARTON24", pack_quantity=24)
    type(oil).objects.filter(pk=oil.pk).update(reorder_quantity=6)
    lines = wish(shop, Wish(soap, D(25), supplier), Wish(oil, D(7), supplier)).orders[0].lines
    assert list(lines.values_list("packs", "pack_size")) == [(2, 24), (2, 6)]


def test_an_open_draft_is_extended_and_a_sent_one_is_not(shop, supplier, soap, oil):
    first = wish(shop, Wish(soap, D(4), supplier)).orders[0]
    again = wish(shop, Wish(soap, D(2), supplier), Wish(oil, D(1), supplier)).orders[0]
    assert again.pk == first.pk
    assert list(again.lines.values_list("name", "quantity")) == [("Soap", 6), ("Oil", 1)]
    send_order(order=again)
    assert wish(shop, Wish(oil, D(1), supplier)).orders[0].pk != first.pk


def test_the_same_form_adds_once_even_after_the_draft_was_sent(shop, supplier, soap):
    key = uuid4()
    first = wish(shop, Wish(soap, D(4), supplier), key=key).orders[0]
    assert wish(shop, Wish(soap, D(4), supplier), key=key).orders == [first]
    send_order(order=first)
    assert wish(shop, Wish(soap, D(4), supplier), key=key).orders == [first]
    assert first.lines.get().quantity == 4
    assert PurchaseOrder.objects.count() == 1


@pytest.mark.parametrize("count", ["0", "-1", "1.5", "NaN", "999999999999"])
def test_a_wish_that_cannot_be_is_refused_and_nothing_written(shop, supplier, soap, count):
    assert refused(lambda: wish(shop, Wish(soap, D(1), supplier), Wish(soap, D(count), supplier))) == "bad_quantity"
    assert not PurchaseOrder.objects.exists()


def test_wishes_stay_within_the_shop(shop, other_shop, supplier, soap):
    theirs = factories.make_product(other_shop, "Theirs")
    assert refused(lambda: wish(shop, Wish(theirs, D(1), supplier))) == "unknown_product"
    assert refused(lambda: wish(shop, Wish(soap, D(1), make_supplier(other_shop)))) == "unknown_supplier"
    assert refused(lambda: wish(shop)) == "no_lines"


def test_thirty_wishes_cost_as_many_questions_as_three(shop, supplier, django_assert_max_num_queries):
    products = [factories.make_product(shop, f"Goods {n}") for n in range(30)]
    with django_assert_max_num_queries(22):
        wish(shop, *(Wish(product, D(1), supplier) for product in products))
    with django_assert_max_num_queries(1):
        usual_suppliers(shop, [product.pk for product in products])
    with django_assert_max_num_queries(1):
        assert on_order(shop, [product.pk for product in products])[products[0].pk] == 1


# --- writing one ----------------------------------------------------------------------------------------------
def test_orders_are_numbered_without_a_gap(supplier, soap):
    with pytest.raises(StockError):
        ordered(supplier)
    year = financial_year(shop_today())
    assert [ordered(supplier, (soap, 1, n)).number for n in (1, 2)] == [f"PO/{year}/0001", f"PO/{year}/0002"]


def test_pressing_twice_writes_one_order(supplier, soap, oil):
    key = uuid4()
    first = ordered(supplier, (soap, 1, 12), request_key=key)
    assert ordered(supplier, (soap, 1, 12), request_key=key) == first
    assert ordered(supplier, (oil, 1, 12), request_key=key) != first


def test_a_draft_is_written_anew_and_not_over_somebody_elses_change(shop, supplier, soap, oil):
    draft = ordered(supplier, (soap, 1, 12))
    change = {"shop": shop, "by": shop.owner, "order": draft, "seen": 0}
    lines = [OrderedLine(oil, D(2), D(6), D("90.5"))]
    assert save_order(**change, lines=lines, note="early").revision == 1
    assert save_order(**change, lines=lines, note="early").revision == 1  # pressed twice
    assert refused(lambda: save_order(**change, lines=[OrderedLine(soap, D(1))])) == "changed"
    assert list(draft.lines.values_list("name", "quantity", "cost")) == [("Oil", 12, D("90.5"))]


@pytest.mark.parametrize(
    ("packs", "size", "cost", "code"),
    [
        ("0", "1", None, "bad_quantity"),
        ("1", "0", None, "bad_quantity"),
        ("1.5", "1", None, "bad_quantity"),
        ("1", "1", "-1", "bad_price"),
        ("Infinity", "1", None, "bad_quantity"),
        ("1", "1", "NaN", "bad_price"),
    ],
)
def test_a_line_that_cannot_be_is_refused(shop, supplier, soap, packs, size, cost, code):
    line = OrderedLine(soap, D(packs), D(size), cost and D(cost))
    assert refused(lambda: save_order(shop=shop, by=shop.owner, supplier=supplier, lines=[line])) == code
    assert not PurchaseOrder.objects.exists()


def test_a_product_stands_once(supplier, soap):
    assert refused(lambda: ordered(supplier, (soap, 1, 1), (soap, 2, 1))) == "twice"


# --- its way --------------------------------------------------------------------------------------------------
def test_acts_told_twice_happen_once(supplier, soap):
    order = sent(supplier, (soap, 1, 12))
    assert send_order(order=order).sent_at == order.sent_at
    closed = close_order(order=order, reason="Out of stock there")
    assert close_order(order=order, reason="again").reason == closed.reason
    assert refused(lambda: send_order(order=order)) == "bad_move"
    assert refused(lambda: cancel_order(order=order)) == "bad_move"


def test_closing_needs_a_reason(supplier, soap):
    assert refused(lambda: close_order(order=sent(supplier, (soap, 1, 1)), reason=" \u200b ")) == "no_reason"


def test_an_order_with_goods_is_closed_not_cancelled(supplier, soap):
    order = sent(supplier, (soap, 2, 12))
    buy(supplier, received(soap, 12, 40), order=order)
    assert refused(lambda: cancel_order(order=order)) == "bad_move"
    assert close_order(order=order, reason="The rest is not made any more").status == Status.CLOSED


def test_a_sent_order_is_not_written_anew(shop, supplier, soap):
    order = sent(supplier, (soap, 1, 12))
    assert refused(lambda: save_order(shop=shop, by=shop.owner, order=order, lines=[OrderedLine(soap, D(2))])) == "not_draft"


# --- what the database holds against everybody ----------------------------------------------------------------
def broken(act) -> str:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        act()
    return broken_rule(refusal.value)


ALLOWED = {
    ("draft", "sent"),
    ("draft", "closed"),
    ("draft", "cancelled"),
    ("sent", "closed"),
    ("sent", "cancelled"),
    ("part", "closed"),
}
HOW = {
    "draft": lambda supplier, soap: ordered(supplier, (soap, 2, 1)),
    "sent": lambda supplier, soap: sent(supplier, (soap, 2, 1)),
    "part": lambda supplier, soap: _with_goods(supplier, soap, 1),
    "received": lambda supplier, soap: _with_goods(supplier, soap, 2),
    "closed": lambda supplier, soap: close_order(order=sent(supplier, (soap, 2, 1)), reason="no"),
    "cancelled": lambda supplier, soap: cancel_order(order=sent(supplier, (soap, 2, 1))),
}


def _with_goods(supplier, soap, count):
    order = sent(supplier, (soap, 2, 1))
    buy(supplier, received(soap, count, 40), order=order)
    return now(order)


@pytest.mark.parametrize("before", Status.values)
@pytest.mark.parametrize("after", Status.values)
def test_by_hand_only_legal_moves_are_taken(supplier, soap, before, after):
    if before == after:
        return
    order = HOW[before](supplier, soap)
    assert order.status == before
    when = order.at
    times = {
        "sent_at": None if after == "draft" else order.sent_at or (when if after in ("sent", "part", "received") else None),
        "closed_at": (order.closed_at or when) if after in ("received", "closed", "cancelled") else None,
    }

    def write():
        PurchaseOrder.objects.filter(pk=order.pk).update(status=after, reason=order.reason or "why", **times)

    if (before, after) in ALLOWED:
        write()
        assert now(order).status == after
    else:
        assert broken(write).startswith("inventory_purchaseorder_")
        assert now(order).status == before


def test_what_came_is_never_written_by_hand(supplier, soap):
    order = sent(supplier, (soap, 2, 12))
    assert broken(lambda: order.lines.update(received=5)) == "inventory_purchaseorderline_received_by_bills"


@pytest.mark.parametrize(
    "act",
    [
        lambda order: order.lines.update(packs=3, quantity=36),
        lambda order: order.lines.all().delete(),
        lambda order: PurchaseOrderLine.objects.bulk_create(
            PurchaseOrderLine(
                shop=order.shop, order=order, product=factories.make_product(order.shop), name="x", packs=1, pack_size=1, quantity=1
            )
            for _ in range(1)
        ),
    ],
)
def test_lines_change_in_a_draft_only(supplier, soap, act):
    order = sent(supplier, (soap, 2, 12))
    assert broken(lambda: act(order)) == "inventory_purchaseorderline_changed_in_draft"


def test_an_order_keeps_whose_it_is_and_what_was_sent(shop, supplier, soap):
    order = sent(supplier, (soap, 2, 12))
    rows = PurchaseOrder.objects.filter(pk=order.pk)
    for change in ({"supplier": make_supplier(shop)}, {"number": "PO/1"}, {"note": "more"}, {"sent_at": order.at}):
        assert broken(lambda change=change: rows.update(**change)) == "inventory_purchaseorder_stays_what_it_is"
    assert broken(lambda: rows._raw_delete("default")) == "inventory_purchaseorder_never_deleted"


def test_an_order_without_goods_is_not_sent(supplier, soap):
    order = ordered(supplier, (soap, 2, 12))
    order.lines.all().delete()
    assert refused(lambda: send_order(order=order)) == "no_lines"
    rows = PurchaseOrder.objects.filter(pk=order.pk)
    assert broken(lambda: rows.update(status="sent", sent_at=order.at)) == "inventory_purchaseorder_sent_with_lines"


# --- goods on an order ----------------------------------------------------------------------------------------
def test_goods_are_counted_on_the_order_and_its_status_follows(shop, supplier, soap, oil):
    order = sent(supplier, (soap, 2, 12), (oil, 1, 6))
    buy(supplier, received(soap, 1, 480, pack_size=D(12)), order=order)
    assert now(order).status == Status.PART_RECEIVED
    assert on_order(shop, [soap.pk, oil.pk]) == {soap.pk: 12, oil.pk: 6}
    receipt = buy(supplier, received(soap, 1, 480, pack_size=D(12)), received(oil, 5, 40, free=D(1)), order=order)
    done = now(order)
    assert (done.status, receipt.order, done.receipts.count()) == (Status.RECEIVED, order, 2)
    assert done.closed_at
    assert on_order(shop, [soap.pk, oil.pk]) == {}
    books_agree(shop)


def test_more_than_ordered_is_taken_and_shown(supplier, soap, oil):
    order = sent(supplier, (soap, 2, 1))
    buy(supplier, received(soap, 5, 40), received(oil, 1, 40), order=order)
    buy(supplier, received(soap, 1, 40), order=order)
    line = order.lines.get()
    assert (now(order).status, line.received, line.over, line.missing) == (Status.RECEIVED, 6, 4, 0)


def test_goods_that_were_not_ordered_leave_the_order_as_it_is(supplier, soap, oil):
    order = sent(supplier, (soap, 2, 1))
    buy(supplier, received(oil, 1, 40), order=order)
    assert now(order).status == Status.SENT


def test_what_goes_back_does_not_reopen_the_order(shop, supplier, soap):
    order = sent(supplier, (soap, 2, 1))
    receipt = buy(supplier, received(soap, 2, 40), order=order)
    return_to_supplier(shop=shop, by=shop.owner, receipt=receipt, returned=[Returned(receipt.lines.get().pk, D(2))])
    assert (now(order).status, order.lines.get().received) == (Status.RECEIVED, 2)


def test_ended_orders_and_drafts_take_no_goods(supplier, soap):
    for state in ("draft", "closed", "cancelled"):
        order = HOW[state](supplier, soap)
        assert refused(lambda order=order: buy(supplier, received(soap, 1, 40), order=order)) == "order_ended"
    assert not soap.lots.exists()


def test_only_the_orders_own_supplier_brings_its_goods(shop, other_shop, supplier, soap):
    order = sent(supplier, (soap, 2, 1))
    other = make_supplier(shop, "Patel Oils")
    assert refused(lambda: buy(other, received(soap, 1, 40), order=order)) == "other_supplier"
    theirs = make_supplier(other_shop)
    assert refused(lambda: buy(theirs, received(factories.make_product(other_shop), 1, 40), order=order)) == "other_supplier"


def test_a_bill_on_an_order_asks_no_more_than_one_without(supplier, soap, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    order = sent(supplier, (soap, 9, 1))
    buy(supplier, received(soap, 1, 40))
    with CaptureQueriesContext(connection) as plain:
        buy(supplier, received(soap, 1, 40))
    with django_assert_max_num_queries(len(plain)):
        buy(supplier, received(soap, 1, 40), order=order)


# --- at the same time -----------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_bills_of_one_order_at_once_are_both_counted(shop, supplier, soap, oil):
    order = sent(supplier, (soap, 4, 1), (oil, 4, 1))
    one = lambda: buy(supplier, received(soap, 2, 40), received(oil, 2, 40), order=order, number="A1")  # noqa: E731
    other = lambda: buy(supplier, received(oil, 2, 40), received(soap, 2, 40), order=order, number="A2")  # noqa: E731
    at_once([one, other])
    assert list(order.lines.values_list("received", flat=True)) == [4, 4]
    assert now(order).status == Status.RECEIVED


@pytest.mark.django_db(transaction=True)
def test_goods_and_a_cancellation_at_once_end_in_one_of_both(shop, supplier, soap):
    order = sent(supplier, (soap, 4, 1))
    bill, ended = told(at_once([lambda: buy(supplier, received(soap, 2, 40), order=order), lambda: cancel_order(order=order)]))
    if bill == "order_ended":
        assert (now(order).status, order.lines.get().received) == (Status.CANCELLED, 0)
    else:
        assert (ended, now(order).status, order.lines.get().received) == ("bad_move", Status.PART_RECEIVED, 2)


@pytest.mark.django_db(transaction=True)
def test_two_wishes_at_once_make_one_draft(shop, supplier, soap):
    key = uuid4()
    drafted = at_once([lambda: wish(shop, Wish(soap, D(2), supplier), key=key)] * 4)
    assert len({one.orders[0].pk for one in drafted}) == 1
    assert PurchaseOrderLine.objects.get().quantity == 2
    assert Shop.objects.get(pk=shop.pk).purchase_orders.count() == 1
