"""The products page: found, filtered, sorted, paged, and nobody else's."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shops.models import Role
from tests import factories

D = Decimal
HTMX = {"HX-Request": "true"}


@pytest.fixture
def owner(client, shop):
    client.force_login(shop.owner)
    return client


def url(shop) -> str:
    return reverse("catalog:products", args=[shop.slug])


def names(response) -> list[str]:
    return [row.record.name for row in response.context["table"].page.object_list]


def test_lists_goods_with_price_stock_and_margin(owner, shop):
    factories.make_product(shop, "Soap", stock=12)
    page = owner.get(url(shop)).content.decode()
    assert "Soap" in page
    assert "12 pc" in page
    assert "23.8" in page
    assert "shell" in page


def test_htmx_gets_the_rows_only(owner, shop):
    factories.make_product(shop, "Soap")
    response = owner.get(url(shop), {"q": "soa"}, headers=HTMX)
    assert response.content.decode().lstrip().startswith('<div id="products"')
    assert "HX-Request" in response["Vary"]


def test_going_back_gets_the_whole_page(owner, shop):
    response = owner.get(url(shop), headers=HTMX | {"HX-History-Restore-Request": "true"})
    assert "<!doctype html>" in response.content.decode()


def test_words_narrow_the_list(owner, shop):
    factories.make_product(shop, "Tata Salt")
    factories.make_product(shop, "Soap")
    assert names(owner.get(url(shop), {"q": "salt ta"})) == ["Tata Salt"]
    assert "Nothing matches" in owner.get(url(shop), {"q": "zzz"}).content.decode()


def test_category_narrows_and_another_shops_category_finds_nothing(owner, shop, other_shop):
    oil = shop.categories.create(name="Oil")
    foreign = other_shop.categories.create(name="Oil")
    factories.make_product(shop, "Mustard oil", category=oil)
    factories.make_product(shop, "Soap")
    assert names(owner.get(url(shop), {"category": oil.pk})) == ["Mustard oil"]
    assert names(owner.get(url(shop), {"category": foreign.pk})) == []


def test_stock_states(owner, shop):
    factories.make_product(shop, "Plenty", stock=50, min_stock=D(5))
    factories.make_product(shop, "Few", stock=5, min_stock=D(5))
    factories.make_product(shop, "None")
    factories.make_product(shop, "Gone", is_active=False)
    found = {state: names(owner.get(url(shop), {"stock": state})) for state in ("", "in", "low", "out", "off", "nonsense")}
    assert found == {
        "": ["Few", "Gone", "None", "Plenty"],
        "in": ["Few", "Plenty"],
        "low": ["Few"],
        "out": ["None"],
        "off": ["Gone"],
        "nonsense": ["Few", "Gone", "None", "Plenty"],
    }


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["A", "B", "C"]),
        ("-name", ["C", "B", "A"]),
        ("price", ["B", "A", "C"]),
        ("-stock", ["B", "C", "A"]),
        ("stock", ["A", "C", "B"]),
        ("category", ["C", "A", "B"]),
        ("nonsense", ["A", "B", "C"]),
        ("-", ["A", "B", "C"]),
    ],
)
def test_sorts(owner, shop, sort, expected):
    first, last = shop.categories.create(name="1"), shop.categories.create(name="2")
    factories.make_product(shop, "A", price="20", mrp="60", cost="1", category=last)
    factories.make_product(shop, "B", price="10", mrp="60", cost="1", stock=9)
    factories.make_product(shop, "C", price="30", mrp="60", cost="1", stock=3, category=first)
    assert names(owner.get(url(shop), {"sort": sort})) == expected


def test_pages_of_thirty(owner, shop):
    for n in range(33):
        factories.make_product(shop, f"Item {n:02d}")
    assert len(names(owner.get(url(shop)))) == 30
    assert names(owner.get(url(shop), {"page": "2"})) == ["Item 30", "Item 31", "Item 32"]
    assert len(names(owner.get(url(shop), {"per_page": "100000"}))) == 30


@pytest.mark.parametrize("page", ["0", "-1", "abc", "99999999999999999999", "²", "2"])
def test_a_page_that_is_not_there_is_no_error(owner, shop, page):
    factories.make_product(shop)
    assert owner.get(url(shop), {"page": page}).status_code == 200


@pytest.mark.parametrize("text", ["\x00", "'; DROP TABLE", "🙂" * 300, "<script>"])
def test_odd_words_are_no_error(owner, shop, text):
    response = owner.get(url(shop), {"q": text, "category": text, "stock": text, "sort": text})
    assert response.status_code == 200
    assert "<script>" not in response.content.decode().replace('<script src="', "")


def test_staff_see_no_margin(client, shop):
    factories.make_product(shop, "Soap")
    client.force_login(factories.make_member(shop, Role.STAFF))
    page = client.get(url(shop)).content.decode()
    assert "Soap" in page
    assert "Margin" not in page
    assert "23.8" not in page
    assert "New product" not in page


def test_query_count_is_flat(owner, shop):
    def count() -> int:

        with CaptureQueriesContext(connection) as queries:
            owner.get(url(shop))
        return len(queries)

    factories.make_product(shop, "First", category=shop.categories.create(name="One"), stock=1)
    owner.get(url(shop))
    with_one = count()
    for n in range(19):
        factories.make_product(shop, f"Item {n}", category=shop.categories.create(name=f"C{n}"), stock=n + 1)
    assert count() == with_one


def test_nothing_is_counted(owner, shop):
    with CaptureQueriesContext(connection) as queries:
        owner.get(url(shop), {"stock": "in", "q": "soap"})
    assert not [q["sql"] for q in queries if "COUNT(*)" in q["sql"]]


def test_stranger_gets_404(client, shop):
    client.force_login(factories.make_user())
    assert client.get(url(shop)).status_code == 404


def test_anonymous_is_sent_to_sign_in(client, shop):
    assert client.get(url(shop)).status_code == 302


def test_wrong_method_is_405(owner, shop):
    assert owner.post(url(shop)).status_code == 405


def test_another_shops_goods_do_not_show(owner, shop, other_shop):
    factories.make_product(other_shop, "Their soap")
    assert names(owner.get(url(shop))) == []
    page = owner.get(url(shop)).content.decode()
    assert "No products yet" in page
    assert "Add the first one by hand" in page
