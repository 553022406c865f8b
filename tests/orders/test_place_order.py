"""Selling: one act, exact to the paisa, everything or nothing."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from ledger.models import Account, JournalEntry, Posting
from orders.bill import BillLine, Tender
from orders.models import Order, OrderEvent, OrderLine, Payment
from shops.models import Counter, Shop
from smartkirana.dates import financial_year, shop_today
from smartkirana.db_rules import broken_rule
from smartkirana.errors import Refusal
from tests import factories

D = Decimal


def journal(order: Order) -> dict[str, Decimal]:
    """Code → debit minus credit, of the bill's entry."""
    rows = Posting.objects.filter(entry__source_kind="order", entry__source_id=order.events.get(kind="placed").pk)
    return {code: d - c for code, d, c in rows.values_list("account__code", "debit", "credit")}


def refusal(shop, lines, **extra) -> Refusal:
    """The refusal of a bill, having checked that nothing at all was written."""
    stock = list(shop.lots.order_by("pk").values_list("pk", "on_hand"))
    with pytest.raises(Refusal) as refused:
        factories.make_order(shop, lines, **extra)
    for table in (Order, OrderLine, OrderEvent, Payment):
        assert not table.objects.filter(shop=shop).exists()
    assert not JournalEntry.objects.filter(shop=shop, source_kind="order").exists()
    assert list(shop.lots.order_by("pk").values_list("pk", "on_hand")) == stock
    assert not shop.number_series.exists()
    return refused.value


def test_sells_and_lowers_stock_and_posts_the_worked_example(shop):
    soap = factories.make_product(shop, stock=100)
    order = factories.make_order(shop, [(soap, 10)])
    assert order.total == D("525.00")
    assert (order.taxable, order.cgst, order.sgst) == (D("500.00"), D("12.50"), D("12.50"))
    assert soap.lots.get().on_hand == 90
    assert soap.lots.get().value == D("3600.00")
    assert journal(order) == {"1001": D(525), "4010": D(-500), "2101": D("-12.50"), "2102": D("-12.50"), "5001": D(400), "1003": D(-400)}
    connection.check_constraints()


def test_a_mixed_basket_is_an_invoice_cum_bill_of_supply(shop):
    soap = factories.make_product(shop, stock=10)
    rice = factories.make_product(
        shop, "Rice, loose", price="64", mrp=None, cost="50", gst="1006-rice-loose", unit="kg", loose=True, stock=50
    )
    order = factories.make_order(shop, [(soap, 1), (rice, "2.5")])
    assert order.title == "Invoice-cum-Bill of Supply"
    assert (order.exempt, order.taxable, order.subtotal) == (D("160.00"), D("50.00"), D("212.50"))
    assert (order.round_off, order.total) == (D("0.50"), D("213.00"))
    assert list(order.lines.values_list("supply_class", flat=True)) == ["taxable", "exempt"]
    assert journal(order)["6900"] == D("-0.50")
    assert journal(order)["4015"] == D("-160.00")


def test_a_buyer_in_another_state_is_charged_igst(shop):
    buyer = factories.make_customer(shop, "Gujarat Traders", state_code="24", gstin="24AAQCA8719H1ZC")
    pen = factories.make_product(shop, "Pen", price="118", mrp="118", cost="80", gst="other-18", stock=5)
    order = factories.make_order(shop, [(pen, 1)], customer=buyer)
    assert (order.inter_state, order.place_of_supply, order.igst, order.cgst) == (True, "24", D("18.00"), D("0.00"))
    assert order.title == "Tax Invoice"
    assert journal(order)["2103"] == D(-18)


def test_a_composition_shop_charges_no_tax_and_says_bill_of_supply(db):
    shop = factories.make_shop(scheme=Shop.Scheme.COMPOSITION)
    soap = factories.make_product(shop, stock=10)
    order = factories.make_order(shop, [(soap, 2)])
    assert order.title == "Bill of Supply"
    assert (order.tax, order.taxable) == (D(0), D("105.00"))
    assert "not eligible to collect tax" in order.printed["declaration"]
    assert journal(order) == {"1001": D(105), "4010": D(-105), "5001": D(80), "1003": D(-80)}


def test_a_composition_shop_may_not_sell_to_another_state(db):
    shop = factories.make_shop(scheme=Shop.Scheme.COMPOSITION)
    soap = factories.make_product(shop, stock=10)
    buyer = factories.make_customer(shop, state_code="24")
    assert refusal(shop, [(soap, 1)], customer=buyer).code == "composition_inter_state"


def test_an_unregistered_shop_writes_a_cash_memo(db):
    shop = factories.make_shop(scheme=Shop.Scheme.UNREGISTERED)
    order = factories.make_order(shop, [(factories.make_product(shop, stock=5), 1)])
    assert (order.title, order.tax) == ("Cash Memo", D(0))


def test_tobacco_is_taxed_on_its_printed_price(shop):
    """Rule 31D: sold under its MRP the tax does not fall; the difference is a reduction after tax."""
    bidi = factories.make_product(shop, "Cigarettes", price="90", mrp="100", cost="60", gst="240220-cigarettes", stock=10)
    order = factories.make_order(shop, [(bidi, 1)])
    assert (order.cgst, order.taxable, order.after_tax_reduction, order.total) == (D("14.29"), D("71.42"), D("10.00"), D("90.00"))
    assert sum(journal(order).values()) == 0


def test_split_payments_each_go_to_their_account(shop):
    customer = factories.make_customer(shop)
    soap = factories.make_product(shop, price="100", mrp="100", stock=10)
    tenders = [
        Tender("cash", D(100), tendered=D(500)),
        Tender("upi", D(200), reference="612345678901"),
        Tender("card", D(50)),
        Tender("bank", D(50)),
        Tender("khata", None),
    ]
    order = factories.make_order(shop, [(soap, 5)], payments=tenders, customer=customer)
    booked = journal(order)
    assert [booked[c] for c in ("1001", "1030", "1035", "1002", "1004")] == [D(100), D(200), D(50), D(50), D(100)]
    assert list(order.payments.values_list("method", "state")) == [
        ("cash", "seen"), ("upi", "claimed"), ("card", "claimed"), ("bank", "claimed"), ("khata", "seen")
    ]  # fmt: skip
    assert order.payments.get(method="cash").change == D(400)
    customer.refresh_from_db()
    assert customer.outstanding == D(100)


def test_the_first_expiring_lot_goes_first_and_cost_is_the_lots_own(shop):
    soap = factories.make_product(shop)
    late, soon = shop_today() + timedelta(days=200), shop_today() + timedelta(days=20)
    factories.stock_up(soap, 10, expiry=late, unit_cost=D("45"))
    factories.stock_up(soap, 3, expiry=soon, unit_cost=D("40"))
    order = factories.make_order(shop, [(soap, 5)])
    assert order.cost == 3 * D(40) + 2 * D(45)
    assert dict(soap.lots.values_list("expiry", "on_hand")) == {late: D(8), soon: D(0)}


def test_the_chosen_mrp_decides_which_lots_are_sold_at_which_price(shop):
    soap = factories.make_product(shop, price="88", mrp="88", cost="70")
    factories.stock_up(soap, 5, mrp=D(84))
    factories.stock_up(soap, 5, mrp=D(88))
    order = factories.make_order(shop, [BillLine(soap.pk, D(2), mrp=D(88)), BillLine(soap.pk, D(1), mrp=D(84))])
    assert list(order.lines.values_list("mrp", "unit_price")) == [(D(88), D(88)), (D(84), D(84))]
    assert dict(soap.lots.values_list("mrp", "on_hand")) == {D(84): D(4), D(88): D(3)}


def test_a_bill_discount_is_shared_before_tax(shop):
    soap = factories.make_product(shop, stock=10)
    salt = factories.make_product(shop, "Salt", price="30", mrp="30", cost="20", gst="2501-salt", stock=10)
    order = factories.make_order(shop, [(soap, 2), (salt, 1)], bill_discount=D("13.50"))
    assert list(order.lines.values_list("bill_discount", flat=True)) == [D("10.50"), D("3.00")]
    assert (order.discount, order.total) == (D("13.50"), D("122.00"))
    connection.check_constraints()


def test_same_request_key_answers_the_first_bill(shop):
    soap = factories.make_product(shop, stock=100)
    first = factories.make_order(shop, [(soap, 1)])
    again = factories.make_order(shop, [(soap, 5)], key=first.request_key)
    assert again.pk == first.pk
    assert soap.lots.get().on_hand == 99


def test_numbers_run_by_counter_and_financial_year(shop):
    second = Counter.objects.create(shop=shop, name="Counter 2", code="S2")
    soap = factories.make_product(shop, stock=100)
    bills = [factories.make_order(shop, [(soap, 1)], counter=c).bill_number for c in (shop.counters.get(code="S1"), second, second)]
    year = financial_year(shop_today())
    assert bills == [f"S1/{year}/000001", f"S2/{year}/000001", f"S2/{year}/000002"]
    assert [o.number[-4:] for o in shop.orders.order_by("pk")] == ["0001", "0002", "0003"]


def test_a_refused_bill_leaves_no_gap_in_the_numbers(shop):
    soap = factories.make_product(shop, stock=100)
    factories.make_order(shop, [(soap, 1)])
    with pytest.raises(Refusal):
        factories.make_order(shop, [(soap, 1)], payments=[Tender("cash", D(1))])
    assert factories.make_order(shop, [(soap, 1)]).bill_number.endswith("000002")


def test_a_posting_that_fails_leaves_no_bill(shop):
    soap = factories.make_product(shop, stock=100)
    Account.objects.filter(shop=shop, code="4010").delete()
    assert refusal(shop, [(soap, 1)]).code == "no_account"


def test_refuses_an_empty_bill(shop):
    assert refusal(shop, []).code == "empty"


def test_refuses_more_lines_than_a_bill_can_have(shop):
    soap = factories.make_product(shop, stock=1)
    assert refusal(shop, [(soap, 1)] * 10_000).code == "too_many_lines"


@pytest.mark.parametrize("quantity", ["0", "-1", "0.5", "NaN", "Infinity", "1e30"])
def test_refuses_a_quantity_no_shop_can_sell(shop, quantity):
    soap = factories.make_product(shop, stock=10)
    assert refusal(shop, [BillLine(soap.pk, D(quantity))]).code == "bad_quantity"


def test_refuses_four_decimals_of_a_kilogram(shop):
    rice = factories.make_product(shop, "Rice", unit="kg", loose=True, mrp=None, stock=10)
    assert refusal(shop, [(rice, "0.1234")]).code == "bad_quantity"


def test_refuses_payments_that_do_not_make_the_total(shop):
    soap = factories.make_product(shop, stock=100)
    assert refusal(shop, [(soap, 1)], payments=[Tender("cash", D("50.00"))]).code == "not_paid"


@pytest.mark.parametrize("amount", ["-53", "0", "52.505", "NaN", "Infinity"])
def test_refuses_an_amount_that_is_no_money(shop, amount):
    soap = factories.make_product(shop, stock=100)
    assert refusal(shop, [(soap, 1)], payments=[Tender("cash", D(amount))]).code in ("bad_amount", "not_paid")


def test_refuses_cash_that_is_not_enough(shop):
    soap = factories.make_product(shop, stock=100)
    assert refusal(shop, [(soap, 1)], payments=[Tender("cash", None, tendered=D(50))]).code == "too_little"


def test_refuses_khata_without_a_customer(shop):
    soap = factories.make_product(shop, stock=100)
    assert refusal(shop, [(soap, 1)], payments=[Tender("khata", None)]).code == "no_customer"


def test_refuses_khata_above_the_limit_and_says_how_much(shop):
    soap = factories.make_product(shop, price="100", mrp="100", stock=100)
    ramesh = factories.make_customer(shop, "Ramesh", credit_limit=D(150))
    refused = refusal(shop, [(soap, 2)], payments=[Tender("khata", None)], customer=ramesh)
    assert refused.code == "credit_limit"
    assert "200.00" in refused.message
    assert "150.00" in refused.message


def test_refuses_when_the_price_is_not_the_one_shown(shop):
    soap = factories.make_product(shop, stock=10)
    assert refusal(shop, [BillLine(soap.pk, D(1), shown_price=D("50"))]).code == "price_changed"


def test_refuses_when_the_total_is_not_the_one_shown(shop):
    soap = factories.make_product(shop, stock=10)
    assert refusal(shop, [(soap, 1)], shown_total=D("52.00")).code == "total_changed"


def test_refuses_another_shops_product_counter_and_customer(shop, other_shop):
    theirs = factories.make_product(other_shop, stock=10)
    ours = factories.make_product(shop, stock=10)
    assert refusal(shop, [(theirs, 1)]).code == "unknown_product"
    assert refusal(shop, [(ours, 1)], counter=other_shop.counters.get()).code == "bad_counter"
    assert refusal(shop, [(ours, 1)], customer=factories.make_customer(other_shop)).code == "bad_customer"


def test_refuses_goods_taken_off_sale(shop):
    soap = factories.make_product(shop, stock=10)
    shop.products.update(is_active=False)
    assert refusal(shop, [(soap, 1)]).code == "unknown_product"


def test_refuses_more_than_stock_when_the_shop_blocks(db):
    shop = factories.make_shop(stock_policy="block")
    soap = factories.make_product(shop, stock=3)
    refused = refusal(shop, [(soap, 4)])
    assert (refused.code, refused.message) == ("not_enough_stock", "Only 3 pc of Soap in stock.")


def test_sells_below_zero_when_the_shop_only_warns(shop):
    soap = factories.make_product(shop, stock=3)
    order = factories.make_order(shop, [(soap, 5)])
    assert soap.lots.get().on_hand == -2
    assert order.cost == D("200.00")


def test_sells_goods_that_never_came_in_when_the_shop_only_warns(shop):
    soap = factories.make_product(shop)
    order = factories.make_order(shop, [(soap, 1)])
    assert (soap.lots.get().on_hand, order.cost) == (D(-1), D(40))


@pytest.mark.parametrize("policy", ["warn", "block"])
def test_expired_goods_are_never_sold(db, policy):
    shop = factories.make_shop(stock_policy=policy)
    milk = factories.make_product(shop, "Milk")
    factories.stock_up(milk, 10, expiry=shop_today() - timedelta(days=1))
    refused = refusal(shop, [(milk, 1)])
    assert refused.code == "expired"


def test_nothing_sells_above_mrp_even_behind_the_programs_back(shop):
    order = factories.make_order(shop, [(factories.make_product(shop, stock=5), 1)])
    line = order.lines.get()
    line.pk, line.line_no, line.unit_price = None, 2, D("53.00")
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        line.save(force_insert=True)
    assert broken_rule(refused.value) == "orders_orderline_within_mrp"


@pytest.mark.parametrize("model", [Order, OrderLine, Payment, OrderEvent])
def test_what_was_written_cannot_be_changed_or_deleted(shop, model):
    factories.make_order(shop, [(factories.make_product(shop, stock=5), 1)])
    change = {Order: {"total": F("total") + 1}, OrderLine: {"quantity": 9}, Payment: {"amount": 1}, OrderEvent: {"reason": "x"}}[model]
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.all()._raw_delete(using="default")


def test_a_bills_status_moves_only_by_an_event(shop):
    factories.make_order(shop, [(factories.make_product(shop, stock=5), 1)])
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Order.objects.update(status="cancelled")
    assert broken_rule(refused.value) == "orders_order_status_by_events"


def test_the_rate_of_the_bills_own_date_is_used(shop):
    from datetime import datetime
    from zoneinfo import ZoneInfo

    butter = factories.make_product(shop, "Butter", price="112", mrp="112", cost="90", gst="040510-butter", stock=10)
    before = factories.make_order(shop, [(butter, 1)], at=datetime(2025, 9, 21, 23, 59, tzinfo=ZoneInfo("Asia/Kolkata")))
    after = factories.make_order(shop, [(butter, 1)], at=datetime(2025, 9, 22, 0, 1, tzinfo=ZoneInfo("Asia/Kolkata")))
    assert (before.day, before.lines.get().rate, before.cgst) == (date(2025, 9, 21), D(12), D("6.00"))
    assert (after.day, after.lines.get().rate, after.cgst) == (date(2025, 9, 22), D(5), D("2.67"))


def test_a_bill_takes_the_same_few_queries_whatever_its_length(shop, django_assert_max_num_queries):
    products = [factories.make_product(shop, f"Goods {n}", stock=50) for n in range(40)]
    factories.make_order(shop, [(products[0], 1)])
    cashier, counter = shop.owner, shop.counters.get()
    for size in (1, 40):
        with django_assert_max_num_queries(16):
            factories.make_order(shop, [(p, 1) for p in products[:size]], key=uuid4(), cashier=cashier, counter=counter)
