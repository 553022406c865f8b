"""Goods that sleep on the shelf: not sold for so many days, or lasting longer than so many at their pace."""

from datetime import timedelta
from decimal import Decimal

import pgtrigger
import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import Category
from inventory.models import PaceDay, SalesPace, StockLot
from inventory.pace import fresh_pace
from inventory.slow import SlowList
from shops.models import Role
from smartkirana.dates import shop_today
from tests import factories

D = Decimal


def came_in(lots, days):
    """The lots came in so many days ago; nobody may write that but a test."""
    with pgtrigger.ignore("inventory.StockLot:stays_what_it_is"):
        lots.update(created_at=timezone.now() - timedelta(days=days))


def make(shop, name, *, stock=10, came=200, sold=(), **more):
    """Goods that came `came` days ago; one piece was sold on each day of `sold` (days ago)."""
    product = factories.make_product(shop, name, stock=stock, **more)
    came_in(StockLot.objects.filter(product=product), came)
    for ago in sold:
        factories.make_order(shop, [(product, 1)], at=timezone.now() - timedelta(days=ago))
    return product


def names(shop, **more):
    fresh_pace(shop)
    return [row.name for row in SlowList(shop, **more)[0:50]]


@pytest.fixture
def page(client, shop):
    client.force_login(shop.owner)
    return lambda query="", name="slow", **more: client.get(reverse(f"inventory:{name}", args=[shop.slug]) + query, **more)


def test_goods_nobody_bought_for_so_many_days(shop):
    make(shop, "Sold yesterday", sold=[150, 1])
    make(shop, "Sold 40 days ago", sold=[40])
    make(shop, "Sold 100 days ago", sold=[100])
    make(shop, "Never sold")
    make(shop, "Came last week", came=7)
    assert names(shop, kind="idle30", order="name") == ["Never sold", "Sold 100 days ago", "Sold 40 days ago"]
    assert names(shop, kind="idle90", order="name") == ["Never sold", "Sold 100 days ago"]
    assert names(shop, kind="idle180") == ["Never sold"]


def test_sold_again_today_sleeps_no_more(shop):
    soap = make(shop, "Soap", sold=[100])
    assert names(shop) == ["Soap"]
    factories.make_order(shop, [(soap, 1)])
    assert names(shop) == []


def test_what_is_not_there_does_not_sleep(shop):
    make(shop, "Sold out", stock=1, sold=[100])
    assert names(shop) == []


def test_goods_that_last_longer_than_so_many_days_at_their_pace(shop):
    make(shop, "Soap", stock=300, sold=[20, 10, 5, 2])  # four in a week: the books know it for no longer
    make(shop, "Salt", stock=6, sold=[20, 10, 5, 2])
    make(shop, "Tea", stock=30)
    fresh_pace(shop)
    rows = {row.name: row for row in SlowList(shop, "cover60")[0:50]}
    assert list(rows) == ["Soap"]
    assert (rows["Soap"].stock, int(rows["Soap"].cover)) == (296, 518)
    assert names(shop, kind="cover180") == ["Soap"]


def test_the_list_says_how_many_and_what_they_cost_in_all(shop):
    for n in range(3):
        make(shop, f"Soap {n}", stock=n + 1, cost="40")
    fresh_pace(shop)
    found = SlowList(shop)
    assert len(found[0:1]) == 1
    assert (found.count, found.value) == (3, D(240))


def test_order_of_the_list(shop):
    make(shop, "Old", stock=1, cost="40", sold=[])
    make(shop, "Dear", stock=9, cost="50", sold=[95])
    assert names(shop) == ["Dear", "Old"]
    assert names(shop, order="idle") == ["Old", "Dear"]
    assert names(shop, order="cover") == ["Dear", "Old"]
    assert names(shop, order="name") == ["Dear", "Old"]


def test_words_and_category_narrow_it(shop, page):
    oils = Category.objects.create(shop=shop, name="Oils")
    make(shop, "Fortune 100% Oil", category=oils)
    make(shop, "Soap")
    assert [row.name for row in page("?q=oil").context["page"].object_list] == ["Fortune 100% Oil"]
    assert [row.name for row in page(f"?category={oils.pk}").context["page"].object_list] == ["Fortune 100% Oil"]
    assert page("?q=%25").status_code == 200
    assert "Nothing matches" in page("?q=ghee").content.decode()


def test_another_shops_goods_stay_out(shop, other_shop, page):
    make(other_shop, "Theirs")
    assert "Nothing sleeps" in page().content.decode()


@pytest.mark.parametrize("query", ["?show=idle9", "?order=up", "?category=999999999", "?category=x"])
@pytest.mark.parametrize("name", ["slow", "slow_file"])
def test_a_wrong_address_is_told_in_words(page, query, name):
    answer = page(query, name)
    assert (answer.status_code, "Choose one from the list." in answer.content.decode()) == (422, True)


def test_the_file_has_all_of_it(shop, page):
    make(shop, "=Soap", stock=3, cost="40", sold=[100])
    lines = page("", "slow_file").getvalue().decode("utf-8-sig").splitlines()
    assert lines[0].startswith("SKU,Product,Category,Unit,In stock,Value at cost,In stock since,Last sold")
    day = (shop_today() - timedelta(days=100)).isoformat()
    assert lines[1].split(",")[1:] == [
        "'=Soap",
        "",
        "pc",
        "2.000",
        "80.00",
        (shop_today() - timedelta(days=200)).isoformat(),
        day,
        "0.0000",
        "",
    ]
    assert len(lines) == 2


def test_only_who_may_see_costs_sees_it(client, shop):
    for role, status in ((Role.OWNER, 200), (Role.MANAGER, 200), (Role.STAFF, 403)):
        client.force_login(factories.make_member(shop, role))
        assert client.get(reverse("inventory:slow", args=[shop.slug])).status_code == status, role


def test_queries_do_not_grow_with_the_goods(shop, page, django_assert_max_num_queries):
    for n in range(12):
        make(shop, f"Soap {n}")
    page()
    with django_assert_max_num_queries(16):
        assert len(page().context["page"].object_list) == 12


def test_the_last_sale_is_worked_out_once_a_day_with_the_pace(shop):
    soap = make(shop, "Soap", sold=[100, 40])
    fresh_pace(shop)
    assert SalesPace.objects.get(product=soap).last_sold == shop_today() - timedelta(days=40)
    assert PaceDay.objects.get(shop=shop).computed_on == shop_today()
