"""The list of what runs low, and the check list of what is below zero."""

from decimal import Decimal
from random import Random

import pytest
from django.db.models import Case, DecimalField, F, Q, When
from django.urls import reverse

from catalog.models import Category, Product
from inventory.models import PaceDay, SalesPace
from inventory.pace import fresh_pace, suggested_order
from inventory.selectors import Narrowing, below_zero, low_stock, with_lots
from inventory.services import adjust_stock
from shops.models import Role
from smartkirana.dates import shop_today
from tests import factories

D = Decimal
HTMX = {"HX-Request": "true"}


def names(rows):
    return [product.name for product in rows[:200]]


def make(shop, name, stock=None, minimum="0", **more):
    return factories.make_product(shop, name, stock=stock, min_stock=D(minimum), **more)


def sold_out(shop, name, **more):
    product = make(shop, name, stock=1, **more)
    adjust_stock(shop=shop, by=shop.owner, product=product, change=D(-1), reason="loss")
    return product


@pytest.fixture
def page(client, shop):
    client.force_login(shop.owner)
    return lambda query="", **headers: client.get(reverse("inventory:low_stock", args=[shop.slug]) + query, **headers)


def test_out_comes_first_then_the_smallest_share_of_the_minimum(shop):
    make(shop, "Half there", stock=5, minimum="10")
    make(shop, "A tenth there", stock=1, minimum="10")
    make(shop, "Never came", minimum="4")
    sold_out(shop, "Sold out without a minimum")
    make(shop, "Enough", stock=11, minimum="10")
    make(shop, "No minimum", stock=1)
    make(shop, "Not kept in stock")
    assert names(low_stock(shop)) == ["Never came", "Sold out without a minimum", "A tenth there", "Half there"]


def test_stock_is_the_sum_of_all_lots(shop):
    product = make(shop, "Rice", stock=4, minimum="10")
    factories.stock_up(product, 5)
    assert low_stock(shop)[:9][0].stock == 9
    factories.stock_up(product, 5)
    assert not low_stock(shop)[:9]


def test_a_full_lot_does_not_hide_one_below_zero(shop):
    soap = make(shop, "Soap", stock=1, minimum="4")
    factories.make_order(shop, [(soap, 3)])
    factories.stock_up(soap, 6)
    assert [row.stock for row in low_stock(shop)[:9]] == [4]
    factories.stock_up(soap, 1)
    assert not low_stock(shop)[:9]


def test_a_full_lot_does_not_hide_goods_that_sell_fast(shop):
    milk = make(shop, "Milk", stock=20)
    SalesPace.objects.create(shop=shop, product=milk, sold_28=D(112), per_day=D(4))
    PaceDay.objects.create(shop=shop, computed_on=shop_today())
    assert [(row.stock, row.days_left) for row in low_stock(shop)[:9]] == [(20, 5)]
    assert [len(low_stock(shop, Narrowing(within=days))[:9]) for days in (4, 5)] == [0, 1]
    factories.stock_up(milk, 1)
    assert not low_stock(shop)[:9]


def test_the_answer_is_the_one_the_orm_gives(shop, other_shop):
    chance = Random(7)
    for n in range(40):
        product = make(shop, f"Goods {n % 30}", minimum=str(chance.choice([0, 0, 3, 7, 10])), is_active=chance.random() > 0.1)
        for _ in range(chance.choice([0, 1, 1, 2])):
            factories.stock_up(product, chance.randrange(1, 9))
            if chance.random() < 0.3 and product.is_active:
                factories.make_order(shop, [(product, chance.randrange(1, 19))])
    sold_out(other_shop, "Theirs")
    low = Q(min_stock__gt=0, stock__lte=F("min_stock")) | Q(lot_count__gt=0, stock__lte=0)
    share = Case(When(min_stock__gt=0, then=F("stock") / F("min_stock")), output_field=DecimalField())
    rows = with_lots(shop, shop.products.filter(is_active=True)).filter(low)
    rows = rows.order_by(Case(When(stock__lte=0, then=0), default=1), share.asc(nulls_last=True), "name", "pk")
    figures = [(p.pk, p.stock) for p in rows]
    assert len(figures) > 15
    assert [(p.pk, p.stock) for p in low_stock(shop)[:200]] == figures
    assert low_stock(shop)[5:8] == list(rows)[5:8]
    assert low_stock(shop, Narrowing(out_only=True))[:200] == [p for p in rows if p.stock <= 0]


def test_goods_off_sale_are_not_ordered_again(shop):
    make(shop, "Old", minimum="5", is_active=False)
    assert not low_stock(shop)[:9]


def test_another_shops_goods_are_not_listed(shop, other_shop):
    sold_out(other_shop, "Theirs")
    assert not low_stock(shop)[:9]


def test_list_is_narrowed_by_words_category_and_out(shop, page):
    oil = Category.objects.create(shop=shop, name="Oils")
    make(shop, "Mustard oil", minimum="4", stock=1, category=oil)
    make(shop, "Groundnut oil", minimum="4", category=oil)
    make(shop, "Salt", minimum="4")
    assert names(page("?q=must").context["page"].object_list) == ["Mustard oil"]
    assert names(page(f"?category={oil.pk}").context["page"].object_list) == ["Groundnut oil", "Mustard oil"]
    assert names(page("?out=1").context["page"].object_list) == ["Groundnut oil", "Salt"]
    assert "Nothing matches" in page("?q=soap").content.decode()


@pytest.mark.parametrize(
    "query", ["?category=x", "?category=-1", f"?category={10**30}", "?page=0", "?page=x", "?page=9999999999999", "?q=%00", "?q='%22<"]
)
def test_odd_filters_do_not_break_the_list(shop, page, query):
    make(shop, "Salt", minimum="4")
    assert page(query).status_code == 200


def test_another_shops_category_finds_nothing(shop, other_shop, page):
    theirs = Category.objects.create(shop=other_shop, name="Oils")
    make(shop, "Salt", minimum="4")
    assert not list(page(f"?category={theirs.pk}").context["page"])


def test_an_empty_list_says_what_will_stand_here(page):
    assert "Nothing runs low" in page().content.decode()


def test_htmx_gets_the_list_alone(shop, page):
    make(shop, "Salt", minimum="4")
    shown = page("?q=sal", headers=HTMX).content.decode()
    assert shown.strip().startswith('<div class="sheet" id="stock-list">')


@pytest.mark.parametrize("name", ["low_stock", "below_zero"])
def test_query_count_is_flat(client, shop, name, django_assert_max_num_queries):
    client.force_login(shop.owner)
    fresh_pace(shop)  # once a day, by whoever opens the page first
    counts = []
    for n in range(20):
        product = make(shop, f"Goods {n}", minimum="4", stock=1)
        factories.make_order(shop, [(product, 2)])
        if n in (0, 19):
            with django_assert_max_num_queries(12) as asked:
                assert client.get(reverse(f"inventory:{name}", args=[shop.slug])).status_code == 200
            counts.append(len(asked))
    assert counts[0] == counts[1]


def test_twenty_rows_a_page_without_counting(shop, page):
    Product.objects.bulk_create(
        Product(shop=shop, sku=f"B{n}", name=f"Goods {n:03d}", price=D(1), gst_goods=factories.goods(), min_stock=D(5)) for n in range(21)
    )
    assert len(page().context["page"].object_list) == 20
    assert names(page("?page=2").context["page"].object_list) == ["Goods 020"]
    assert len(page("?page=150").context["page"].object_list) == 20, "past the end shows the first page"


@pytest.mark.parametrize(
    ("minimum", "maximum", "lot", "stock", "order"),
    [
        ("10", None, "0", "4", "16"),
        ("10", None, "12", "4", "24"),
        ("10", "30", "12", "4", "36"),
        ("10", "30", "0", "-2", "32"),
        ("2.5", None, "0", "0.4", "5"),
        ("0", None, "0", "0", "0"),
        ("0", None, "6", "0", "6"),
        ("0", None, "6", "-1", "6"),
    ],
)
def test_order_fills_up_in_whole_lots(minimum, maximum, lot, stock, order):
    product = Product(min_stock=D(minimum), max_stock=maximum and D(maximum), reorder_quantity=D(lot))
    assert suggested_order(product, D(stock)) == D(order)


# --- below zero -----------------------------------------------------------------------------------------------
def test_goods_sold_below_zero_wait_on_the_check_list(client, shop):
    soap = factories.make_product(shop, stock=1)
    factories.make_order(shop, [(soap, 3)])
    client.force_login(shop.owner)
    shown = client.get(reverse("inventory:below_zero", args=[shop.slug])).content.decode()
    assert reverse("inventory:adjust", args=[shop.slug, soap.pk]) + "?reason=correction" in shown
    assert below_zero(shop).get().lowest == -2


def test_a_short_lot_is_listed_though_another_covers_it(shop):
    soap = factories.make_product(shop, stock=1)
    factories.make_order(shop, [(soap, 3)])
    factories.stock_up(soap, 50)
    assert (below_zero(shop).get().stock, below_zero(shop).get().lowest) == (48, -2)


def test_put_right_leaves_the_check_list(shop):
    soap = factories.make_product(shop, stock=1)
    factories.make_order(shop, [(soap, 3)])
    adjust_stock(shop=shop, by=shop.owner, product=soap, counted=D(4), reason="correction")
    assert not below_zero(shop).exists()


# --- the minimum, in place ------------------------------------------------------------------------------------
@pytest.fixture
def salt(shop):
    return make(shop, "Salt", minimum="4")


def set_minimum(client, product, value, **headers):
    return client.post(reverse("inventory:set_minimum", args=[product.shop.slug, product.pk]), {"min_stock": value}, **headers)


def test_a_minimum_is_set_in_its_row(client, shop, salt):
    client.force_login(shop.owner)
    answer = set_minimum(client, salt, "7", headers=HTMX)
    salt.refresh_from_db()
    assert answer.status_code == 200
    assert answer.content.decode().strip().startswith(f'<tr id="product-{salt.pk}">')
    assert (salt.min_stock, salt.changed_by) == (7, shop.owner)


def test_a_minimum_is_set_without_javascript(client, shop, salt):
    client.force_login(shop.owner)
    assert set_minimum(client, salt, "7").url == reverse("inventory:low_stock", args=[shop.slug])
    assert client.get(reverse("inventory:set_minimum", args=[shop.slug, salt.pk])).status_code == 200
    assert set_minimum(client, salt, "-7").status_code == 422


@pytest.mark.parametrize("value", ["", "-1", "1.5", "NaN", "Infinity", "1e999", "99999999999", "0.0001", "सात", "<script>"])
def test_a_minimum_that_is_none_is_refused_in_the_row(client, shop, salt, value):
    client.force_login(shop.owner)
    answer = set_minimum(client, salt, value, headers=HTMX)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert "<script>" not in answer.content.decode()
    salt.refresh_from_db()
    assert salt.min_stock == 4


def test_a_minimum_above_the_maximum_is_refused_in_words(client, shop):
    salt = make(shop, "Salt", minimum="4", max_stock=D(9))
    client.force_login(shop.owner)
    assert "The maximum is 9." in set_minimum(client, salt, "10", headers=HTMX).content.decode()


def test_names_are_escaped_once(client, shop):
    make(shop, "Salt & <b>Pepper</b>", minimum="4")
    client.force_login(shop.owner)
    shown = client.get(reverse("inventory:low_stock", args=[shop.slug])).content.decode()
    assert 'aria-label="Minimum of Salt &amp; &lt;b&gt;Pepper&lt;/b&gt;"' in shown
    assert "<b>Pepper" not in shown
    assert "&amp;amp;" not in shown


def test_staff_see_the_minimum_and_no_box(client, shop, salt):
    client.force_login(factories.make_member(shop, Role.STAFF))
    assert b"min_stock" not in client.get(reverse("inventory:low_stock", args=[shop.slug])).content
