"""What the stock was worth on a day: by lot cost, to the paisa what account 1003 held at its end."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import Category
from inventory.purchase_returns import Returned, return_to_supplier
from inventory.services import adjust_stock
from ledger.stock_value import booked_on, stock_value, worth_on
from orders.services import cancel_order
from shops.models import Role
from smartkirana.dates import shop_today
from tests import factories
from tests.inventory.buying import buy, make_supplier, received

D = Decimal


def days_ago(number):
    return shop_today() - timedelta(days=number)


def sell(shop, product, count, ago):
    return factories.make_order(shop, [(product, count)], at=timezone.now() - timedelta(days=ago))


@pytest.fixture
def lived(shop):
    """A month: bought, sold at other costs, below zero, cancelled later, sent back, lost; papers written in late."""
    supplier = make_supplier(shop)
    soap = factories.make_product(shop, "Soap", price="100", mrp=None, cost="33.33")
    rice = factories.make_product(shop, "Rice", price="60", mrp=None, cost="41.2345", unit="kg")
    bill = buy(supplier, received(soap, 7, "33.33"), received(rice, "12.5", "41.2345"), day=days_ago(30))
    sell(shop, soap, 3, 25)
    cancelled = sell(shop, rice, D("2.345"), 20)
    sell(shop, soap, 9, 15)  # below zero
    buy(supplier, received(soap, 20, "35.17"), day=days_ago(18))  # written in after the sale
    cancel_order(shop=shop, bill_number=cancelled.bill_number, by=shop.owner, reason="wrong goods")
    adjust_stock(shop=shop, product=soap, by=shop.owner, reason="damage", change=D(-2))
    line = bill.lines.get(product=rice)
    return_to_supplier(shop=shop, receipt=bill, by=shop.owner, returned=[Returned(line.pk, D("1.5"))])
    return soap, rice


def test_every_day_of_a_month_the_lots_are_worth_what_the_books_held(shop, lived):
    for ago in range(32):
        report = stock_value(shop, days_ago(ago))
        assert report.total == report.booked, days_ago(ago)
    assert stock_value(shop, days_ago(31)).rows == []
    assert stock_value(shop, days_ago(30)).total == D("748.74")


def test_quantities_are_those_of_the_day(shop, lived):
    quantities = {ago: {row.name: row.quantity for row in worth_on(shop, days_ago(ago))} for ago in (30, 21, 20, 0)}
    assert quantities == {
        30: {"Soap": D(7), "Rice": D("12.5")},
        21: {"Soap": D(4), "Rice": D("12.5")},
        20: {"Soap": D(4), "Rice": D("10.155")},
        0: {"Soap": D(13), "Rice": D(11)},
    }


def test_a_sale_just_after_midnight_counts_on_the_new_day(shop):
    soap = factories.make_product(shop, "Soap", stock=5)
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    factories.make_order(shop, [(soap, 1)], at=midnight)
    before = stock_value(shop, days_ago(1))
    assert before.total == before.booked
    assert stock_value(shop, shop_today()).total == booked_on(shop, shop_today())


def test_another_shops_stock_stays_out(shop, other_shop):
    factories.make_product(other_shop, "Theirs", stock=5)
    assert stock_value(shop, shop_today()).rows == []


def test_a_difference_is_said(client, shop, monkeypatch):
    factories.make_product(shop, "Soap", stock=5)
    monkeypatch.setattr("ledger.stock_value.booked_on", lambda shop, day: D("1.00"))
    client.force_login(shop.owner)
    assert "Run <b>check_books</b>" in client.get(url(shop)).content.decode()


# --- the page -------------------------------------------------------------------------------------------------
def url(shop, name="stock_value", query=""):
    return reverse(f"ledger:{name}", args=[shop.slug]) + query


@pytest.fixture
def owner(client, shop):
    client.force_login(shop.owner)
    return client


def test_list_is_narrowed_and_sorted_and_the_total_stays_whole(owner, shop):
    oils = Category.objects.create(shop=shop, name="Oils")
    factories.make_product(shop, "Amul Butter", stock=2, cost="50")
    factories.make_product(shop, "Fortune Oil", stock=1, price="200", mrp=None, cost="150", category=oils)
    names = {query: [row.name for row in owner.get(url(shop, query=query)).context["page"].object_list] for query in (
        "", "?sort=name", "?sort=quantity", "?q=oil", f"?category={oils.pk}", "?q=ghee",
    )}  # fmt: skip
    assert list(names.values()) == [["Fortune Oil", "Amul Butter"], ["Amul Butter", "Fortune Oil"], ["Amul Butter", "Fortune Oil"],
                                    ["Fortune Oil"], ["Fortune Oil"], []]  # fmt: skip
    report = owner.get(url(shop, query="?q=oil")).context["report"]
    assert (report.total, report.shown) == (D(250), D(150))
    assert [(name, count, value) for name, count, value in report.categories] == [("Oils", 1, D(150)), ("", 1, D(100))]


@pytest.mark.parametrize("query", ["?on=soon", "?on=1999-12-31", "?category=999999999", "?sort=up", "?on=2026-13-01"])
@pytest.mark.parametrize("name", ["stock_value", "stock_value_csv"])
def test_a_wrong_address_is_told_in_words(owner, shop, name, query):
    answer = owner.get(url(shop, name, query))
    assert (answer.status_code, 'role="alert"' in answer.content.decode()) == (422, True)


def test_the_file_has_every_row_and_the_total(owner, shop):
    factories.make_product(shop, "=Soap", stock=3, cost="33.33")
    lines = owner.get(url(shop, "stock_value_csv")).getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "SKU,Product,Category,Unit,Quantity,Cost of one,Value"
    assert lines[1].endswith(",'=Soap,,pc,3.000,33.3300,99.99")
    assert lines[2] == ",Total,,,,,99.99"


def test_owner_and_accountant_see_it_and_staff_do_not(client, shop):
    for role, status in ((Role.OWNER, 200), (Role.ACCOUNTANT, 200), (Role.MANAGER, 403), (Role.STAFF, 403)):
        client.force_login(factories.make_member(shop, role))
        assert client.get(url(shop)).status_code == status, role


def test_no_stock_says_what_will_stand_here(owner, shop):
    assert "No stock on that day" in owner.get(url(shop)).content.decode()


def test_queries_do_not_grow_with_the_goods(owner, shop, django_assert_max_num_queries):
    for n in range(12):
        factories.make_product(shop, f"Soap {n}", stock=1)
    with django_assert_max_num_queries(16):
        assert len(owner.get(url(shop)).context["page"].object_list) == 12
