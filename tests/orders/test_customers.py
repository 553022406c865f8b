"""Writing down customers, and the pages that list and change them."""

from decimal import Decimal

import pytest

from orders.customers import change_customer, create_customer, find_customer
from orders.errors import OrderError

D = Decimal


@pytest.mark.parametrize("typed", ["9876500001", "98765 00001", "+91 98765-00001", "098765 00001"])
def test_a_phone_is_stored_one_way_however_it_is_typed(shop, typed):
    customer = create_customer(shop=shop, phone=typed)
    assert customer.phone.as_e164 == "+919876500001"
    assert find_customer(shop=shop, phone="9876500001") == customer


@pytest.mark.parametrize("typed", ["", "   ", "12345", "asha", "98765000011", "१२३", "+1 2", "9" * 500])
def test_refuses_what_is_no_phone(shop, typed):
    with pytest.raises(OrderError) as refused:
        create_customer(shop=shop, phone=typed)
    assert (refused.value.code, refused.value.field) == ("bad_phone", "phone")
    assert not shop.customers.exists()


def test_one_phone_is_one_customer_of_a_shop(shop, other_shop):
    create_customer(shop=shop, phone="9876500001")
    create_customer(shop=other_shop, phone="9876500001")
    with pytest.raises(OrderError) as refused:
        create_customer(shop=shop, phone="+919876500001")
    assert refused.value.code == "phone_taken"
    assert shop.customers.count() == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"gstin": "27AAPFU0939F1ZX"}, "gstin_check"),
        ({"gstin": "27AAPFU0939F1Z"}, "gstin_length"),
        ({"gstin": "27AAPFU0939F1ZV", "state_code": "29"}, "gstin_other_state"),
        ({"state_code": "55"}, "bad_state"),
        ({"credit_limit": D("-1")}, "bad_limit"),
        ({"credit_limit": D("NaN")}, "bad_limit"),
        ({"credit_limit": D("1e12")}, "bad_limit"),
        ({"due_days": 9999}, "bad_due_days"),
    ],
)
def test_refuses_wrong_details_and_writes_nothing(shop, fields, code):
    with pytest.raises(OrderError) as refused:
        create_customer(shop=shop, phone="9876500001", **fields)
    assert refused.value.code == code
    assert not shop.customers.exists()


def test_changing_leaves_what_is_owed_alone(shop):
    customer = create_customer(shop=shop, phone="9876500001", name="Asha")
    details = {"local_name": "आशा", "address": "", "state_code": "", "gstin": "27aapfu0939f1zv", "credit_limit": D("500"), "due_days": 7}
    change_customer(customer=customer, phone="9876500002", name="Asha Tai", **details)
    customer.refresh_from_db()
    assert (str(customer), customer.short_phone, customer.gstin) == ("Asha Tai", "9876500002", "27AAPFU0939F1ZV")
    assert (customer.credit_limit, customer.due_days, customer.outstanding) == (D("500.00"), 7, D("0.00"))
