"""Suppliers: written down, paid, and what is open of their bills."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from inventory.errors import StockError
from inventory.models import Settlement, StockDocument, Supplier, SupplierEntry
from inventory.suppliers import Share, SupplierDetails, enter_supplier_balance, pay_supplier, save_supplier
from smartkirana.dates import shop_today
from smartkirana.db_rules import broken_rule
from tests import factories
from tests.factories import owner_of
from tests.inventory.buying import GSTIN, OTHER_STATE, D, books_agree, buy, make_supplier, owed, postings, received


@pytest.fixture
def supplier(shop):
    return make_supplier(shop, "Gupta Agencies")


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, "Soap", gst="other-5")


def save(shop, name="Gupta Agencies", **details):
    return save_supplier(shop=shop, details=SupplierDetails(name, **details))


def pay(supplier, amount, method="cash", **more) -> StockDocument:
    return pay_supplier(shop=supplier.shop, by=owner_of(supplier.shop), supplier=supplier, amount=D(amount), method=method, **more)


def refused(act, *args, **more) -> tuple[str, str | None]:
    before = StockDocument.objects.count(), Supplier.objects.count()
    with pytest.raises(StockError) as refusal:
        act(*args, **more)
    assert (StockDocument.objects.count(), Supplier.objects.count()) == before
    return refusal.value.code, refusal.value.field


def open_amounts(supplier) -> list[Decimal]:
    """What is open of the supplier's papers, in their order."""
    return list(supplier.entries.order_by("day", "pk").values_list("open", flat=True))


# --- writing down ---------------------------------------------------------------------------------------------
def test_name_alone_is_enough(shop):
    supplier = save(shop)
    assert (supplier.state_code, supplier.charges_gst, supplier.balance) == (shop.state_code, False, 0)


def test_gstin_says_the_state_and_that_gst_is_charged(shop):
    supplier = save(shop, gstin=OTHER_STATE.lower())
    assert (supplier.gstin, supplier.state_code, supplier.charges_gst) == (OTHER_STATE, "29", True)


def test_composition_taxpayer_charges_no_gst(shop):
    assert not save(shop, gstin=GSTIN, composition=True).charges_gst


@pytest.mark.parametrize(
    ("details", "code", "field"),
    [
        ({"name": " "}, "no_name", "name"),
        ({"phone": "12345"}, "bad_phone", "phone"),
        ({"email": "gupta"}, "bad_email", "email"),
        ({"state_code": "77"}, "bad_state", "state_code"),
        ({"gstin": "27AAPFU0939F1ZX"}, "gstin_check", "gstin"),
        ({"gstin": OTHER_STATE, "state_code": "27"}, "gstin_other_state", "gstin"),
        ({"composition": True}, "bad_composition", "composition"),
        ({"due_days": 366}, "bad_days", "due_days"),
        ({"lead_days": -1}, "bad_days", "lead_days"),
    ],
)
def test_wrong_details_are_told_at_their_field(shop, details, code, field):
    assert refused(save, shop, **details) == (code, field)


def test_two_suppliers_of_one_name_or_one_gstin_are_refused(shop, other_shop):
    save(shop, gstin=GSTIN)
    assert refused(save, shop, "GUPTA agencies") == ("name_taken", "name")
    assert refused(save, shop, "Another", gstin=GSTIN) == ("gstin_taken", "gstin")
    save(other_shop, gstin=GSTIN)


def test_pressing_twice_writes_down_one(shop):
    key = uuid4()
    both = [save_supplier(shop=shop, details=SupplierDetails("Gupta"), request_key=key) for _ in range(2)]
    assert both[0] == both[1]


# --- opening balance ------------------------------------------------------------------------------------------
def test_opening_balance_is_owed_against_3090(supplier):
    document = enter_supplier_balance(shop=supplier.shop, by=owner_of(supplier.shop), supplier=supplier, amount=D(25000))
    assert owed(supplier) == 25000
    assert postings(document) == {"3090": 25000, "2001": -25000}
    books_agree(supplier.shop)


def test_what_was_paid_ahead_waits_for_the_next_bill(supplier, soap):
    enter_supplier_balance(shop=supplier.shop, by=owner_of(supplier.shop), supplier=supplier, amount=D(-300))
    buy(supplier, received(soap, 10, 40))
    assert owed(supplier) == 120
    assert open_amounts(supplier) == [0, 120]


def test_opening_balance_is_entered_once(supplier):
    act = {"shop": supplier.shop, "by": owner_of(supplier.shop), "supplier": supplier, "amount": D(10)}
    enter_supplier_balance(**act)
    assert refused(enter_supplier_balance, **act) == ("balance_there", "amount")


@pytest.mark.parametrize("amount", [D(0), D("1.005"), D("NaN"), D("1e12"), None])
def test_opening_balance_is_rupees_and_paise(supplier, amount):
    act = {"shop": supplier.shop, "by": owner_of(supplier.shop), "supplier": supplier, "amount": amount}
    assert refused(enter_supplier_balance, **act) == ("bad_amount", "amount")


# --- paying ---------------------------------------------------------------------------------------------------
@pytest.fixture
def three_bills(supplier, soap):
    """₹420, ₹210 and ₹105, the oldest first."""
    bought = ((10, 40, 20), (5, 40, 10), (5, 20, 0))  # pieces, price, days ago
    return [buy(supplier, received(soap, count, price), day=shop_today() - timedelta(days=ago)) for count, price, ago in bought]


def test_payment_goes_to_the_oldest_bill_first(supplier, three_bills):
    pay(supplier, "500")
    assert open_amounts(supplier) == [0, 130, 105, 0]
    assert owed(supplier) == 235
    books_agree(supplier.shop)


def test_payment_goes_to_the_bills_that_were_chosen(supplier, three_bills):
    newest = three_bills[-1].document.supplier_entry
    pay(supplier, "105", shares=[Share(newest.pk, D(105))])
    assert open_amounts(supplier) == [420, 210, 0, 0]


def test_rest_of_a_chosen_payment_goes_to_the_oldest(supplier, three_bills):
    newest = three_bills[-1].document.supplier_entry
    pay(supplier, "200", shares=[Share(newest.pk, D(105))])
    assert open_amounts(supplier) == [325, 210, 0, 0]


def test_paid_ahead_is_an_advance_that_the_next_bill_uses_up(supplier, soap):
    pay(supplier, "1000")
    assert (owed(supplier), open_amounts(supplier)) == (-1000, [-1000])
    buy(supplier, received(soap, 10, 40))
    assert (owed(supplier), open_amounts(supplier)) == (-580, [-580, 0])
    books_agree(supplier.shop)


def test_payment_finds_the_oldest_bills_though_more_are_open_than_it_looks_at(supplier, three_bills, monkeypatch):
    monkeypatch.setattr("inventory.suppliers.MOST_OPEN", 2)
    pay(supplier, "500")
    assert open_amounts(supplier) == [0, 130, 105, 0]


@pytest.mark.parametrize(("method", "account"), [("cash", "1001"), ("upi", "1002"), ("bank", "1002")])
def test_money_leaves_where_it_was_paid_from(supplier, method, account):
    assert postings(pay(supplier, "50", method)) == {"2001": 50, account: -50}


def test_discount_they_gave_settles_as_much(supplier, three_bills):
    document = pay(supplier, "410", discount=D(10))
    assert postings(document) == {"2001": 420, "1001": -410, "4100": -10}
    assert open_amounts(supplier)[0] == 0


def test_vouchers_are_numbered_without_a_gap(supplier):
    numbers = [pay(supplier, "1").supplier_entry.number for _ in range(3)]
    year = numbers[0].split("/")[1]
    assert numbers == [f"PV/{year}/{n:04d}" for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("amount", "more", "code", "field"),
    [
        ("0", {}, "bad_amount", "amount"),
        ("-1", {}, "bad_amount", "amount"),
        ("1.001", {}, "bad_amount", "amount"),
        ("NaN", {}, "bad_amount", "amount"),
        ("1", {"method": "gold"}, "bad_method", "method"),
        ("1", {"discount": D(-1)}, "bad_discount", "discount"),
        ("1", {"discount": D(1)}, "bad_discount", "discount"),
        ("1", {"shares": [Share(1, D(1))]}, "bad_share", "shares"),
    ],
)
def test_what_cannot_be_paid_so_is_refused(supplier, amount, more, code, field):
    assert refused(pay, supplier, amount, **more) == (code, field)


def test_shares_are_within_what_is_open_and_what_was_paid(supplier, three_bills):
    first, second = (bill.document.supplier_entry for bill in three_bills[:2])
    assert refused(pay, supplier, "500", shares=[Share(first.pk, D("420.01"))])[0] == "bad_share"
    assert refused(pay, supplier, "500", shares=[Share(first.pk, D(10)), Share(first.pk, D(10))])[0] == "bad_share"
    assert refused(pay, supplier, "100", shares=[Share(first.pk, D(60)), Share(second.pk, D(60))])[0] == "bad_share"


def test_supplier_of_another_shop_is_unknown(supplier, other_shop):
    act = {"shop": other_shop, "by": other_shop.owner, "supplier": supplier, "amount": D(1)}
    assert refused(pay_supplier, method="cash", **act)[0] == "unknown_supplier"
    assert refused(enter_supplier_balance, **act)[0] == "unknown_supplier"


def test_pressing_twice_pays_once(supplier):
    key = uuid4()
    assert pay(supplier, "5", request_key=key) == pay(supplier, "5", request_key=key)
    assert owed(supplier) == -5


# --- the database's own rules ---------------------------------------------------------------------------------
def rule_of(act) -> str:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        act()
    return broken_rule(refusal.value)


def test_balance_changes_by_postings_only(supplier):
    rule = rule_of(lambda: Supplier.objects.filter(pk=supplier.pk).update(balance=5))
    assert rule == "inventory_supplier_balance_by_postings"


def test_what_is_open_changes_by_settlements_only(supplier):
    entry = pay(supplier, "5").supplier_entry
    assert rule_of(lambda: SupplierEntry.objects.filter(pk=entry.pk).update(open=0)) == "inventory_supplierentry_frozen"


def test_no_settlement_is_larger_than_its_two_sides(supplier, three_bills):
    paid = pay(supplier, "10").supplier_entry
    bill = three_bills[1].document.supplier_entry
    row = {"shop": supplier.shop, "supplier": supplier, "bill": bill, "paid": paid, "document": paid.document}
    assert rule_of(lambda: Settlement.objects.bulk_create([Settlement(amount=D(1), **row)])) == "inventory_supplierentry_open"


def test_accounts_are_never_deleted(supplier):
    entry = pay(supplier, "5").supplier_entry
    assert rule_of(entry.delete) == "inventory_supplierentry_never_deleted"
    assert rule_of(save(supplier.shop, "Nobody").delete) == "inventory_supplier_never_deleted"
