"""Writing down customers, and the pages that list and change them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from orders.bill import Tender
from orders.customers import change_customer, create_customer, find_customer
from orders.errors import OrderError
from orders.services import cancel_order
from shops.models import Role
from smartkirana.dates import shop_today
from tests import factories

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
    details["price_list"] = None
    change_customer(customer=customer, phone="9876500002", name="Asha Tai", **details)
    customer.refresh_from_db()
    assert (str(customer), customer.short_phone, customer.gstin) == ("Asha Tai", "9876500002", "27AAPFU0939F1ZV")
    assert (customer.credit_limit, customer.due_days, customer.outstanding) == (D("500.00"), 7, D("0.00"))


def test_a_customer_buys_by_a_price_list_of_the_same_shop(shop, other_shop):
    hotels, theirs = shop.price_lists.create(name="Hotels"), other_shop.price_lists.create(name="Hotels")
    customer = create_customer(shop=shop, phone="9876500001", price_list=hotels)
    assert shop.customers.get().price_list == hotels
    for act in (
        lambda: create_customer(shop=shop, phone="9876500002", price_list=theirs),
        lambda: change_customer(customer=customer, phone="9876500001", name="", local_name="", address="", state_code="", gstin="",
                                credit_limit=None, due_days=30, price_list=theirs),
    ):  # fmt: skip
        with pytest.raises(OrderError) as refused:
            act()
        assert (refused.value.code, refused.value.field) == ("bad_price_list", "price_list")
    assert shop.customers.get().price_list == hotels


# --- the pages -----------------------------------------------------------------------------------------------
def address(shop, name="customers", *args) -> str:
    return reverse(f"orders:{name}", args=[shop.slug, *args])


@pytest.fixture
def owner(client, shop):
    client.force_login(shop.owner)
    return client


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=900)


def on_khata(shop, soap, customer, quantity, days_ago=0):
    at = timezone.now() - timedelta(days=days_ago)
    return factories.make_order(shop, [(soap, quantity)], customer=customer, payments=[Tender("khata", None)], at=at)


def test_lists_who_owes_and_since_when(owner, shop, soap):
    asha, ravi = factories.make_customer(shop, "Asha"), factories.make_customer(shop, "Ravi")
    on_khata(shop, soap, asha, 2, days_ago=20)
    on_khata(shop, soap, asha, 4, days_ago=3)
    response = owner.get(address(shop))
    assert response.status_code == 200
    assert [row.record for row in response.context["table"].paginated_rows] == [asha, ravi]
    assert response.context["table"].since == {asha.pk: shop_today() - timedelta(days=20)}
    assert "₹\xa0315.00" in response.text
    assert [row.record for row in owner.get(address(shop) + "?owes=on").context["table"].paginated_rows] == [asha]


def test_a_cancelled_khata_bill_is_not_owed_since(owner, shop, soap):
    asha = factories.make_customer(shop, "Asha")
    old = on_khata(shop, soap, asha, 2, days_ago=20)
    on_khata(shop, soap, asha, 4, days_ago=3)
    cancel_order(shop=shop, bill_number=old.bill_number, by=shop.owner, reason="Wrong customer")
    assert owner.get(address(shop)).context["table"].since == {asha.pk: shop_today() - timedelta(days=3)}


def test_searches_by_name_phone_and_gstin(owner, shop, other_shop):
    asha = factories.make_customer(shop, "Asha Deshpande", "+919876512345", local_name="आशा", gstin="27AAKFA4321M1ZD")
    factories.make_customer(shop, "Ravi", "+919811100000")
    factories.make_customer(other_shop, "Asha of others")

    def found(q):
        return [row.record for row in owner.get(address(shop), {"q": q}).context["table"].paginated_rows]

    for q in ("asha", "DESH", "आशा", "98765 12345", "512345", "27aakfa4321m1zd"):
        assert found(q) == [asha], q
    assert found("zzz") == []
    assert "Nothing matches" in owner.get(address(shop), {"q": "zzz"}).text


def test_sorts_by_what_is_owed(owner, shop, soap):
    asha, ravi = factories.make_customer(shop, "Asha"), factories.make_customer(shop, "Ravi")
    on_khata(shop, soap, ravi, 2)
    assert [row.record for row in owner.get(address(shop) + "?sort=-outstanding").context["table"].paginated_rows] == [ravi, asha]
    assert owner.get(address(shop) + "?sort=password").status_code == 200


def test_htmx_gets_only_the_rows(owner, shop):
    factories.make_customer(shop, "Asha")
    text = owner.get(address(shop), headers={"HX-Request": "true"}).text
    assert "Asha" in text
    assert "<html" not in text


def test_query_count_is_flat(owner, shop, soap):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            owner.get(address(shop))
        return len(caught)

    on_khata(shop, soap, factories.make_customer(shop), 1)
    queries()
    with_one = queries()
    for _ in range(19):
        on_khata(shop, soap, factories.make_customer(shop), 1)
    assert queries() == with_one <= 6


def test_writes_down_a_customer(owner, shop):
    data = {"name": "Asha", "phone": "98765 00001", "state_code": "27", "gstin": "", "credit_limit": "5000", "due_days": "15"}
    response = owner.post(address(shop, "customer_new"), data)
    assert response.status_code == 302
    asha = shop.customers.get()
    assert (asha.name, asha.short_phone, asha.credit_limit, asha.due_days) == ("Asha", "9876500001", D(5000), 15)


@pytest.mark.parametrize(
    "bad",
    [
        {"phone": "12"},
        {"phone": ""},
        {"gstin": "27AAPFU0939F1ZX"},
        {"credit_limit": "-5"},
        {"credit_limit": "1e20"},
        {"credit_limit": "NaN"},
        {"due_days": "-1"},
        {"due_days": "99999999999"},
        {"state_code": "55"},
        {"name": "x" * 200},
    ],
)
def test_says_what_is_wrong_beside_the_field(owner, shop, bad):
    data = {"name": "Asha", "phone": "9876500001", "state_code": "", "gstin": "", "credit_limit": "", "due_days": "30", **bad}
    response = owner.post(address(shop, "customer_new"), data)
    assert response.status_code == 422
    assert f'id="id_{next(iter(bad))}_error"' in response.text
    assert not shop.customers.exists()


def test_changes_a_customer_and_old_bills_stay(owner, shop, soap):
    asha = factories.make_customer(shop, "Asha")
    order = on_khata(shop, soap, asha, 2)
    data = {"name": "Asha Tai", "phone": "9876500009", "state_code": "", "gstin": "", "credit_limit": "", "due_days": "30"}
    assert owner.post(asha.get_absolute_url(), data).status_code == 302
    asha.refresh_from_db()
    assert (asha.name, asha.outstanding) == ("Asha Tai", D(105))
    page = owner.get(asha.get_absolute_url()).text
    assert "Asha Tai" in page
    assert order.bill_number in page
    order.refresh_from_db()
    assert order.printed["buyer"]["name"] == "Asha"


def test_a_taken_phone_stands_beside_the_phone(owner, shop):
    factories.make_customer(shop, "Ravi", "+919876500001")
    response = owner.post(address(shop, "customer_new"), {"name": "Asha", "phone": "9876500001", "due_days": "30"})
    assert response.status_code == 422
    assert "already exists" in response.text


def test_ladder(client, shop, other_shop):
    theirs = factories.make_customer(other_shop, "Asha")
    ours = factories.make_customer(shop, "Ravi")
    pages = [address(shop), address(shop, "customer_new"), ours.get_absolute_url()]
    for page in pages:
        assert client.get(page).status_code == 302
    client.force_login(other_shop.owner)
    for page in pages:
        assert client.get(page).status_code == 404
    client.force_login(shop.owner)
    assert client.get(address(shop, "customer", theirs.pk)).status_code == 404
    assert client.get(address(shop, "customer", 999999)).status_code == 404
    assert client.post(address(shop)).status_code == 405
    assert client.put(ours.get_absolute_url()).status_code == 405


def test_the_accountant_reads_but_does_not_write(client, shop):
    ours = factories.make_customer(shop, "Ravi")
    client.force_login(factories.make_member(shop, Role.ACCOUNTANT))
    assert client.get(address(shop)).status_code == 200
    page = client.get(ours.get_absolute_url()).text
    assert "Ravi" in page
    assert 'name="phone"' not in page
    assert client.post(ours.get_absolute_url(), {"name": "X", "phone": "9876500001", "due_days": "1"}).status_code == 403
    assert client.get(address(shop, "customer_new")).status_code == 403


# --- price lists ---------------------------------------------------------------------------------------------
def sent_details(**given) -> dict:
    return {"phone": "9876500001", "name": "Hotel Swaad", "due_days": "30"} | given


def test_the_form_asks_for_a_price_list_only_where_there_is_one(owner, shop):
    assert 'name="price_list"' not in owner.get(address(shop, "customer_new")).text
    shop.price_lists.create(name="Hotels")
    assert 'name="price_list"' in owner.get(address(shop, "customer_new")).text


def test_the_owner_puts_a_customer_on_a_list_and_takes_off_again(owner, shop, other_shop):
    hotels, theirs = shop.price_lists.create(name="Hotels"), other_shop.price_lists.create(name="Theirs")
    owner.post(address(shop, "customer_new"), sent_details(price_list=hotels.pk))
    customer = shop.customers.get()
    assert customer.price_list == hotels
    answer = owner.post(address(shop, "customer", customer.pk), sent_details(price_list=theirs.pk))
    assert answer.status_code == 422
    assert "Theirs" not in answer.text
    owner.post(address(shop, "customer", customer.pk), sent_details(price_list=""))
    customer.refresh_from_db()
    assert customer.price_list is None


def test_staff_change_a_customer_and_not_the_prices(client, shop):
    hotels = shop.price_lists.create(name="Hotels")
    customer = factories.make_customer(shop, "Hotel Swaad", price_list=hotels)
    client.force_login(factories.make_member(shop, Role.STAFF))
    page = client.get(address(shop, "customer", customer.pk)).text
    assert 'name="price_list"' not in page
    assert "Buys by the price list Hotels." in page
    client.post(address(shop, "customer", customer.pk), sent_details(name="Swaad", price_list=""))
    customer.refresh_from_db()
    assert (customer.name, customer.price_list) == ("Swaad", hotels)
    client.post(address(shop, "customer_new"), sent_details(phone="9876500009", price_list=hotels.pk))
    assert shop.customers.get(phone="+919876500009").price_list is None


def test_a_list_out_of_use_stays_with_those_who_have_it(owner, shop):
    hotels = shop.price_lists.create(name="Hotels", is_active=False)
    shop.price_lists.create(name="Staff")
    customer = factories.make_customer(shop, price_list=hotels)
    assert "Hotels" in owner.get(address(shop, "customer", customer.pk)).text
    assert "Hotels" not in owner.get(address(shop, "customer_new")).text
