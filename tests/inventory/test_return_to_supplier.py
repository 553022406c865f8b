"""Goods going back to the supplier: out of the lot they came in with, at the bill's own figures."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from catalog.off import Off
from inventory.errors import StockError
from inventory.models import PurchaseReturn, PurchaseReturnLine, StockDocument, StockLot
from inventory.purchase_returns import Returned, return_to_supplier
from inventory.services import adjust_stock
from inventory.suppliers import pay_supplier
from smartkirana.dates import shop_today
from smartkirana.db_rules import broken_rule
from tests import factories
from tests.factories import owner_of
from tests.inventory.buying import D, books_agree, buy, make_supplier, owed, postings, received


@pytest.fixture
def supplier(shop):
    return make_supplier(shop, "Gupta Agencies")


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, "Soap", gst="other-5")


def give_back(receipt, quantity, line=0, **more) -> PurchaseReturn:
    returned = [Returned(list(receipt.lines.all())[line].pk, D(str(quantity)))]
    return return_to_supplier(shop=receipt.shop, by=owner_of(receipt.shop), receipt=receipt, returned=returned, **more)


def refused(receipt, quantity, **more) -> str:
    before = StockDocument.objects.count()
    with pytest.raises(StockError) as refusal:
        give_back(receipt, quantity, **more)
    assert StockDocument.objects.count() == before
    return refusal.value.code


def test_worked_example_of_a_debit_note_is_booked(supplier, soap):
    receipt = buy(supplier, received(soap, 100, 40))
    back = give_back(receipt, 5)
    assert postings(back.document) == {"2001": 210, "1003": -200, "1301": -5, "1302": -5}
    assert (soap.lots.get().on_hand, owed(supplier)) == (95, 3990)
    books_agree(supplier.shop)


def test_debit_note_has_a_number_and_settles_its_own_bill_first(supplier, soap):
    buy(supplier, received(soap, 10, 40), day=shop_today() - timedelta(days=5))
    newer = buy(supplier, received(soap, 10, 40))
    back = give_back(newer, 5)
    assert back.document.supplier_entry.number.startswith("DN/")
    assert list(supplier.entries.filter(amount__gt=0).order_by("day").values_list("open", flat=True)) == [420, 210]


def test_debit_note_of_a_bill_that_is_paid_waits_for_the_next(supplier, soap):
    receipt = buy(supplier, received(soap, 10, 40))
    pay_supplier(shop=supplier.shop, by=owner_of(supplier.shop), supplier=supplier, amount=D(420), method="cash")
    back = give_back(receipt, 10)
    assert (back.document.supplier_entry.open, owed(supplier)) == (-420, -420)


def test_freight_stays_with_us(supplier, soap):
    receipt = buy(supplier, received(soap, 100, 40), charges=D(400))
    back = give_back(receipt, 100)
    assert (back.taxable, back.cgst, back.total) == (4000, 100, 4200)
    assert postings(back.document) == {"2001": 4200, "1003": -4400, "1301": -100, "1302": -100, "5015": 400}
    books_agree(supplier.shop)


def test_returns_of_all_pieces_come_to_the_line_exactly_however_they_are_cut(supplier, soap):
    receipt = buy(supplier, received(soap, 7, "33.33", discount=Off(percent=D("3.3"))), discount=Off(rupees=D("1.01")))
    for count in (2, 1, 3, 1):
        give_back(receipt, count)
    (line,) = receipt.lines.all()
    for name in ("taxable", "cgst", "sgst"):
        assert sum(PurchaseReturnLine.objects.values_list(name, flat=True)) == getattr(line, name)
    assert (soap.lots.get().on_hand, soap.lots.get().value) == (0, 0)
    books_agree(supplier.shop)


def test_cash_discount_goes_back_with_the_goods(supplier, soap):
    receipt = buy(supplier, received(soap, 100, 40), cash_discount=D(100))
    assert give_back(receipt, 50).total == 2050
    books_agree(supplier.shop)


def test_under_reverse_charge_the_tax_goes_back_to_where_it_was_owed(shop, soap):
    farmer = make_supplier(shop, "Ramu", gstin="")
    receipt = buy(farmer, received(soap, 100, 40), reverse_charge=True)
    back = give_back(receipt, 50)
    assert postings(back.document) == {"2001": 2000, "1003": -2000, "1301": -50, "1302": -50, "2111": 50, "2112": 50}
    books_agree(shop)


def test_tax_without_credit_was_cost_and_comes_back_from_the_supplier(supplier, soap):
    receipt = buy(supplier, received(soap, 100, 40, blocked=True))
    assert postings(give_back(receipt, 50).document) == {"2001": 2100, "1003": -2100}


def test_goods_past_their_date_may_go_back(supplier, soap):
    receipt = buy(supplier, received(soap, 10, 40, expiry=shop_today()))
    StockLot.objects.filter(product=soap).update(expiry=date(2020, 1, 1))
    give_back(receipt, 10)
    assert soap.lots.get().on_hand == 0


def test_no_more_goes_back_than_came_or_than_is_there(supplier, soap):
    receipt = buy(supplier, received(soap, 10, 40))
    give_back(receipt, 4)
    assert refused(receipt, 7) == "too_many"
    adjust_stock(shop=supplier.shop, by=owner_of(supplier.shop), product=soap, reason="damage", change=D(-3))
    assert refused(receipt, 4) == "not_enough_stock"
    give_back(receipt, 3)


@pytest.mark.parametrize("quantity", ["0", "-1", "1.5", "NaN"])
def test_pieces_are_whole_and_above_zero(supplier, soap, quantity):
    receipt = buy(supplier, received(soap, 10, 40))
    assert refused(receipt, quantity) == "bad_quantity"


def test_lines_of_another_bill_and_bills_of_another_shop_are_unknown(supplier, soap, other_shop):
    receipt, other = buy(supplier, received(soap, 10, 40)), buy(supplier, received(soap, 10, 40))
    theirs = [Returned(other.lines.get().pk, Decimal(1))]
    act = {"by": owner_of(supplier.shop), "receipt": receipt}
    for shop, returned, code in ((supplier.shop, theirs, "no_line"), (supplier.shop, [], "empty"), (other_shop, theirs, "unknown_receipt")):
        with pytest.raises(StockError) as refusal:
            return_to_supplier(shop=shop, returned=returned, **act)
        assert refusal.value.code == code


def test_goods_do_not_go_back_before_they_came(supplier, soap):
    receipt = buy(supplier, received(soap, 10, 40))
    assert refused(receipt, 1, day=shop_today() - timedelta(days=1)) == "bad_day"


def test_pressing_twice_returns_once(supplier, soap):
    receipt, key = buy(supplier, received(soap, 10, 40)), uuid4()
    assert give_back(receipt, 2, request_key=key) == give_back(receipt, 2, request_key=key)
    assert soap.lots.get().on_hand == 8


def test_database_itself_lets_no_more_go_back_than_came(supplier, soap):
    receipt = buy(supplier, received(soap, 10, 40))
    row = give_back(receipt, 10).lines.get()
    back = PurchaseReturn.objects.get()
    back.pk, back.document = (
        None,
        StockDocument.objects.create(shop=supplier.shop, kind="return", reason="return", day=shop_today(), by=owner_of(supplier.shop)),
    )
    back.save(force_insert=True)
    row.pk, row.purchase_return = None, back
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        row.save(force_insert=True)
    assert broken_rule(refusal.value) == "inventory_purchasereturnline_no_more_than_came"
