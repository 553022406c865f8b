"""Goods coming in on a supplier's bill: lots at their cost, what was sold before they came, new prices, the books."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.off import Off
from inventory.errors import StockError
from inventory.models import GoodsReceipt, ReceiptLine, StockDocument, StockLot
from inventory.receiving import PaperBill, receive_goods, work_out
from inventory.services import adjust_stock
from shops.models import Shop
from smartkirana.dates import shop_today
from smartkirana.db_rules import broken_rule
from tests import factories
from tests.at_once import at_once
from tests.inventory.buying import D, books_agree, buy, make_supplier, owed, postings, received


@pytest.fixture
def supplier(shop):
    return make_supplier(shop, "Gupta Agencies", due_days=15)


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, "Soap", gst="other-5")


def refused(supplier, *lines, **head) -> tuple[str, str | None]:
    before = StockDocument.objects.count(), StockLot.objects.count()
    with pytest.raises(StockError) as refusal:
        buy(supplier, *lines, **head)
    assert (StockDocument.objects.count(), StockLot.objects.count()) == before
    return refusal.value.code, refusal.value.field


# --- the act --------------------------------------------------------------------------------------------------
def test_lot_carries_batch_mrp_expiry_and_true_cost(supplier, soap):
    line = received(soap, 5, "480", pack_size=D(12), free=D(5), batch=" B7 ", mrp=D("55.00"), expiry=date(2099, 3, 31), sell_at=D("54.00"))
    receipt = buy(supplier, line)
    lot = soap.lots.get()
    assert (lot.on_hand, lot.value, lot.unit_cost) == (65, D("2400.00"), D("36.9231"))
    assert (lot.batch, lot.mrp, lot.expiry) == ("B7", D("55.00"), date(2099, 3, 31))
    kept = receipt.lines.get()
    assert (kept.packs, kept.pack_size, kept.free, kept.quantity, kept.lot) == (5, 12, 5, 65, lot)
    books_agree(supplier.shop)


def test_bill_is_owed_to_the_supplier_until_its_due_day(supplier, soap):
    receipt = buy(supplier, received(soap, 100, 40))
    entry = receipt.document.supplier_entry
    assert (entry.amount, entry.open, entry.due) == (4200, 4200, receipt.bill_date + timedelta(days=15))
    assert owed(supplier) == 4200


def test_worked_example_of_a_purchase_with_credit_is_booked(supplier, soap):
    receipt = buy(supplier, received(soap, 100, 40))
    assert postings(receipt.document) == {"1003": 4000, "1301": 100, "1302": 100, "2001": -4200}


def test_from_another_state_the_credit_is_igst_and_so_it_goes_back_when_goods_are_lost(shop, soap):
    receipt = buy(make_supplier(shop, gstin="29AABCR1718E1ZL"), received(soap, 100, 40))
    assert postings(receipt.document) == {"1003": 4000, "1303": 200, "2001": -4200}
    lost = adjust_stock(shop=shop, by=shop.owner, product=soap, reason="loss", change=D(-3))
    assert postings(lost) == {"5020": 120, "1003": -120, "5025": 6, "1303": -6}


def test_place_of_supply_may_be_said_otherwise(supplier, soap):
    assert postings(buy(supplier, received(soap, 100, 40), inter_state=True).document)["1303"] == 200


def test_supplier_without_gst_and_composition_supplier_charge_none(shop, soap):
    for n, details in enumerate(({"gstin": ""}, {"composition": True})):
        receipt = buy(make_supplier(shop, f"Mandi {n}", **details), received(soap, 100, 40))
        assert postings(receipt.document) == {"1003": 4000, "2001": -4000}


@pytest.mark.parametrize("scheme", [Shop.Scheme.COMPOSITION, Shop.Scheme.UNREGISTERED])
def test_shop_that_takes_no_credit_has_the_tax_in_its_cost(scheme, db):
    shop = factories.make_shop(scheme=scheme)
    soap = factories.make_product(shop, gst="other-5")
    receipt = buy(make_supplier(shop), received(soap, 100, 40))
    assert postings(receipt.document) == {"1003": 4200, "2001": -4200}
    assert (soap.lots.get().unit_cost, soap.lots.get().credit_rate) == (42, 0)


def test_blocked_credit_is_cost(supplier, soap):
    receipt = buy(supplier, received(soap, 100, 40, blocked=True))
    assert postings(receipt.document) == {"1003": 4200, "2001": -4200}
    assert not receipt.lines.get().credit


def test_exempt_goods_carry_neither_tax_nor_credit(supplier):
    rice = factories.make_product(supplier.shop, "Rice", gst="other-0", price="60", mrp=None, cost="40")
    receipt = buy(supplier, received(rice, 10, 40))
    assert (receipt.total, receipt.lines.get().credit, receipt.lines.get().supply_class) == (400, False, "exempt")


def test_reverse_charge_is_owed_to_the_government_and_claimed(shop, soap):
    farmer = make_supplier(shop, "Ramu, cashew", gstin="")
    receipt = buy(farmer, received(soap, 100, 40), reverse_charge=True)
    assert postings(receipt.document) == {"1003": 4000, "1301": 100, "1302": 100, "2001": -4000, "2111": -100, "2112": -100}
    books_agree(shop)


def test_round_off_is_booked_and_our_total_is_the_papers(supplier, soap):
    receipt = buy(supplier, received(soap, 3, "33.33"), paper_total=D("105.00"))
    assert (receipt.total, receipt.round_off) == (105, D("0.01"))
    assert postings(receipt.document) == {"1003": D("99.99"), "1301": D("2.50"), "1302": D("2.50"), "6900": D("0.01"), "2001": -105}


def test_credit_that_goes_back_for_lost_goods_is_what_was_taken_on_them(supplier, soap):
    """Freight without tax is in the cost and carries no credit: 3 of 100 pieces took 6 rupees, whatever they cost."""
    buy(supplier, received(soap, 100, 40), other_charges=D(777))
    lost = adjust_stock(shop=supplier.shop, by=factories.owner_of(supplier.shop), product=soap, reason="damage", change=D(-3))
    assert postings(lost) == {"5020": D("143.31"), "1003": D("-143.31"), "5025": D("6.00"), "1301": D("-3.00"), "1302": D("-3.00")}


# --- sold before it came --------------------------------------------------------------------------------------
def test_what_was_sold_below_zero_is_filled_first_and_its_difference_told(shop, supplier):
    soap = factories.make_product(shop, "Soap", gst="other-5", stock=1, cost="38.00")
    factories.make_order(shop, [(soap, 5)])
    receipt = buy(supplier, received(soap, 10, 40))
    assert sorted(soap.lots.values_list("on_hand", "value")) == [(0, 0), (6, 240)]
    assert postings(receipt.document) == {"1003": 392, "5015": 8, "1301": 10, "1302": 10, "2001": -420}
    books_agree(shop)


def test_lot_below_zero_may_take_all_that_came(shop, supplier):
    soap = factories.make_product(shop, "Soap", gst="other-5", stock=1, cost="40.00")
    factories.make_order(shop, [(soap, 5)])
    buy(supplier, received(soap, 3, 40))
    assert sorted(soap.lots.values_list("on_hand", "value")) == [(-1, -40), (0, 0)]
    books_agree(shop)


# --- prices ---------------------------------------------------------------------------------------------------
def test_product_costs_what_it_cost_last(supplier, soap):
    buy(supplier, received(soap, 10, "41.50"))
    soap.refresh_from_db()
    assert soap.cost == D("41.5")


def test_new_selling_price_and_mrp_are_taken_and_kept_in_the_history(supplier, soap):
    buy(supplier, received(soap, 10, "45", mrp=D("60.00"), sell_at=D("58.00")))
    soap.refresh_from_db()
    assert (soap.price, soap.mrp, soap.cost) == (58, 60, 45)
    assert soap.price_changes.get().price == 58


def test_lower_mrp_than_the_price_leaves_the_products_own_prices(supplier, soap):
    buy(supplier, received(soap, 10, "40", mrp=D("50.00")))
    soap.refresh_from_db()
    assert (soap.price, soap.mrp) == (D("52.50"), D("52.50"))
    assert soap.lots.get().mrp == 50


# --- the paper ------------------------------------------------------------------------------------------------
def test_bill_number_is_taken_once_a_year_whatever_its_letters_case(supplier, soap):
    buy(supplier, received(soap, 1, 40), number="ga/17")
    assert refused(supplier, received(soap, 1, 40), number=" GA/17 ") == ("bill_there", "number")
    buy(make_supplier(supplier.shop, "Another"), received(soap, 1, 40), number="GA/17")
    buy(supplier, received(soap, 1, 40), number="GA/17", date=shop_today() - timedelta(days=400))


def test_same_form_sent_twice_enters_once(supplier, soap):
    key = uuid4()
    first = buy(supplier, received(soap, 1, 40), number="A", request_key=key)
    assert buy(supplier, received(soap, 1, 40), number="A", request_key=key) == first


def test_working_out_writes_nothing(supplier, soap):
    bill = work_out(supplier.shop, PaperBill(supplier, "A", shop_today()), [received(soap, 100, 40)])
    assert (bill.totals.total, bill.totals.lines[0].piece) == (4200, 40)
    assert not StockDocument.objects.exists()


@pytest.mark.parametrize(
    ("line", "head", "code", "field"),
    [
        ({}, {"number": "x" * 33}, "bad_bill_number", "number"),
        ({}, {"date": date(2099, 1, 1)}, "bad_bill_date", "date"),
        ({}, {"charges": D("-1")}, "bad_charges", "charges"),
        ({}, {"paper_total": D("NaN")}, "bad_charges", "paper_total"),
        ({}, {"paper_total": D("4000")}, "total_differs", "paper_total"),
        ({"packs": D("1.5")}, {}, "bad_quantity", "lines-0-packs"),
        ({"packs": D(0)}, {}, "bad_quantity", "lines-0-packs"),
        ({"packs": D(-1)}, {}, "bad_quantity", "lines-0-packs"),
        ({"free": D("0.5")}, {}, "bad_quantity", "lines-0-packs"),
        ({"price": D("1.00001")}, {}, "bad_price", "lines-0-price"),
        ({"price": D("Infinity")}, {}, "bad_price", "lines-0-price"),
        ({"price": D(60)}, {}, "cost_above_price", "lines-0-price"),
        ({"gst_rate": D(-1)}, {}, "bad_rate", "lines-0-gst_rate"),
        ({"batch": "x" * 41}, {}, "bad_batch", "lines-0-batch"),
        ({"expiry": date(2020, 1, 1)}, {}, "expired", "lines-0-expiry"),
        ({"mrp": D(0)}, {}, "bad_mrp", "lines-0-mrp"),
        ({"mrp": D(50), "sell_at": D(51)}, {}, "above_mrp", "lines-0-sell_at"),
        ({"discount": Off(rupees=D(5000))}, {}, "bad_discount", "lines-0-discount"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_written(supplier, soap, line, head, code, field):
    figures = {"packs": D(100), "price": D(40)} | line
    packs, price = figures.pop("packs"), figures.pop("price")
    assert refused(supplier, received(soap, packs, price, **figures), **head) == (code, field)


def test_bill_without_lines_and_goods_before_their_bill_are_refused(supplier, soap):
    assert refused(supplier) == ("no_lines", None)
    assert refused(supplier, received(soap, 1, 40), day=shop_today() - timedelta(days=3), date=shop_today()) == ("bad_day", "day")


def test_goods_and_suppliers_of_another_shop_are_unknown(supplier, soap, other_shop):
    theirs = factories.make_product(other_shop, gst="other-5")
    assert refused(supplier, received(soap, 1, 40), received(theirs, 1, 40)) == ("unknown_product", "lines-1-product")
    with pytest.raises(StockError, match="supplier of this shop"):
        receive_goods(shop=other_shop, by=other_shop.owner, paper=PaperBill(supplier, "A", shop_today()), lines=[received(theirs, 1, 40)])


# --- many lines, many at once ---------------------------------------------------------------------------------
def test_queries_do_not_grow_with_the_lines(supplier, django_assert_max_num_queries):
    goods = [factories.make_product(supplier.shop, f"Soap {n}", gst="other-5", cost="40") for n in range(40)]
    with django_assert_max_num_queries(36):
        buy(supplier, *[received(product, 1, 40) for product in goods[:2]])
    with django_assert_max_num_queries(36):
        buy(supplier, *[received(product, 1, 40) for product in goods])


@pytest.mark.django_db(transaction=True)
def test_one_bill_entered_by_two_people_at_once_comes_in_once(shop):
    supplier, soap = make_supplier(shop), factories.make_product(shop, gst="other-5")
    results = at_once([lambda: buy(supplier, received(soap, 10, 40), number="GA/1")] * 2)
    assert [one.code for one in results if isinstance(one, StockError)] == ["bill_there"]
    assert (GoodsReceipt.objects.count(), soap.lots.get().on_hand) == (1, 10)
    books_agree(shop)


# --- the database's own rules ---------------------------------------------------------------------------------
def test_bill_that_does_not_add_up_is_refused_by_the_database(supplier, soap):
    receipt = buy(supplier, received(soap, 1, 40))
    fields = {
        f.attname: getattr(receipt, f.attname) for f in GoodsReceipt._meta.concrete_fields if f.name not in ("id", "total", "bill_number")
    }
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        GoodsReceipt.objects.create(**fields | {"bill_number": "other"}, total=receipt.total + 1)
    assert broken_rule(refusal.value) == "inventory_goodsreceipt_adds_up"


def test_bills_and_their_lines_are_never_changed(supplier, soap):
    receipt = buy(supplier, received(soap, 1, 40))
    for model, rule in ((GoodsReceipt, "inventory_goodsreceipt_append_only"), (ReceiptLine, "inventory_receiptline_append_only")):
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            model.objects.filter(shop=receipt.shop).update(taxable=Decimal(1))
        assert broken_rule(refusal.value) == rule


def test_lot_of_another_product_is_no_lot_of_the_line(supplier, soap):
    other = factories.make_product(supplier.shop, "Other", gst="other-5", stock=1)
    line = buy(supplier, received(soap, 1, 40)).lines.get()
    line.pk, line.line_no, line.lot = None, 2, other.lots.get()
    line.save(force_insert=True)
    with pytest.raises(IntegrityError) as refusal:
        connection.check_constraints()
    assert broken_rule(refusal.value) == "inventory_receiptline_lot_same_shop"
