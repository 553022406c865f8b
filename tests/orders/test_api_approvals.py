"""What a role may not give alone, somebody else lets pass with their PIN, over the API."""

from decimal import Decimal

import pytest
from django.test import RequestFactory

from orders.models import CreditNote
from orders.till_models import TillEvent
from shops.api.once import _digest
from shops.models import ApiAnswer, Role
from shops.pins import set_pin
from tests import factories
from tests.api_client import Api
from tests.inventory.buying import books_agree

PIN = "482913"
KEY = "9e4f2f1e-98c7-4bd0-8a30-0f3a50e55b05"


@pytest.fixture
def clerk(shop):
    return Api(shop, factories.make_member(shop, Role.STAFF))


@pytest.fixture
def owner(shop):
    """The owner's place in the shop, with a PIN."""
    place = shop.memberships.select_related("user", "shop").get(user=shop.owner)
    set_pin(membership=place, pin=PIN, by=shop.owner)
    return place


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, "Soap", price="50", mrp="52.50", stock=100)


def order(soap, **fields):
    return {"items": [{"product_id": soap.pk, "quantity": 2, "discount": "30.00"}], "payment_method": "cash"} | fields


def approval(owner, **fields):
    return {"person_id": owner.pk, "pin": PIN, "reason": "Old customer"} | fields


def refused(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content


def test_a_discount_past_the_clerks_limit_passes_with_an_owners_pin(shop, clerk, owner, soap):
    alone = clerk.post("/orders", order(soap))
    assert alone.status_code == 403
    made = clerk.post("/orders", order(soap, approval=approval(owner, percent="30")), key=KEY)
    assert (made.status_code, made.json()["total_amount"]) == (201, "70.00")
    again = clerk.post("/orders", order(soap, approval=approval(owner, percent="30")), key=KEY)
    assert again.json() == made.json()
    assert (shop.orders.count(), shop.approvals.get().percent) == (1, Decimal(30))
    books_agree(shop)


def test_no_more_passes_than_was_approved(shop, clerk, owner, soap):
    assert clerk.post("/orders", order(soap, approval=approval(owner, percent="10"))).status_code == 403
    assert not shop.orders.exists()


def test_a_wrong_pin_is_counted_and_stands_in_the_log(shop, clerk, owner, soap):
    wrong = approval(owner, percent="30", pin="591726")
    for _ in range(4):
        refused(clerk.post("/orders", order(soap, approval=wrong)), 400, "wrong_pin")
    for pin in ("591726", PIN):
        refused(clerk.post("/orders", order(soap, approval=wrong | {"pin": pin})), 400, "pin_locked")
    assert TillEvent.objects.filter(shop=shop, kind=TillEvent.Kind.PIN_WRONG).count() == 4
    assert not shop.orders.exists()


def test_only_people_of_the_shop_with_a_pin_and_the_right_approve(shop, clerk, owner, soap, other_shop):
    stranger = other_shop.memberships.get()
    refused(clerk.post("/orders", order(soap, approval=approval(stranger, percent="30"))), 400, "bad_approver")
    fellow = shop.memberships.select_related("user", "shop").get(user=factories.make_member(shop, Role.STAFF))
    refused(clerk.post("/orders", order(soap, approval=approval(fellow, percent="30"))), 400, "bad_approver")
    set_pin(membership=fellow, pin=PIN, by=shop.owner)
    refused(clerk.post("/orders", order(soap, approval=approval(fellow, percent="30"))), 400, "not_covered")
    refused(clerk.post("/orders", order(soap, approval=approval(owner))), 400, "nothing_asked")


def test_goods_are_taken_back_with_a_pin(shop, clerk, owner, soap):
    sold = factories.make_order(shop, [(soap, 2)])
    back = {"order_id": sold.pk, "items": [{"item_id": sold.lines.get().pk, "quantity": 1, "where": "shelf"}], "reason": "torn"}
    assert clerk.post("/returns", back).status_code == 403
    assert clerk.post("/returns", back | {"approval": approval(owner, take_back="10.00")}).status_code == 403
    done = clerk.post("/returns", back | {"approval": approval(owner, take_back="50.00")}, key=KEY)
    assert done.status_code == 201, done.content
    assert (CreditNote.objects.get().total, shop.approvals.count()) == (Decimal("50.00"), 2)
    books_agree(shop)


def test_a_pin_cannot_be_guessed_from_what_is_kept_of_a_request(shop, clerk, owner, soap, settings):
    clerk.post("/orders", order(soap, approval=approval(owner, percent="30")), key=KEY)
    assert PIN not in ApiAnswer.objects.get().body
    request = RequestFactory().post("/api/v1/orders", {"pin": PIN}, content_type="application/json")
    told = _digest(request)
    settings.SECRET_KEY = "another secret, which a thief of the database does not have"
    assert _digest(request) != told
