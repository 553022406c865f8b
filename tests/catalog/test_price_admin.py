"""The admin of price lists, list prices and offers keeps the rules of their pages."""

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.models import ListPrice, Offer, PriceList
from smartkirana.dates import shop_today
from tests import factories
from tests.smartkirana.admin_world import page
from tests.smartkirana.test_admin_changes import errors, send

D = Decimal


@pytest.fixture
def owner(client, shop):
    client.force_login(shop.owner)
    return shop.owner


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, "Soap", price="50.00", mrp="52.50")


@pytest.fixture
def hotels(shop):
    return shop.price_lists.create(name="Hotels")


def test_a_price_list_is_made_and_its_name_is_there_once(client, shop, owner):
    assert send(client, page(PriceList, "add"), name=" Hotels ").status_code == 302
    assert shop.price_lists.get().name == "Hotels"
    assert "exists already" in str(errors(send(client, page(PriceList, "add"), name="HOTELS")))


def test_a_list_price_is_held_to_the_same_rules(client, shop, owner, soap, hotels):
    given = {"product": soap.pk, "price_list": hotels.pk, "min_quantity": "1", "price": "48"}
    assert send(client, page(ListPrice, "add"), **given).status_code == 302
    made = shop.list_prices.get()
    assert (made.min_quantity, made.price, made.changed_by) == (0, D("48.00"), owner)
    for wrong, field in (({"price": "53"}, "price"), ({"min_quantity": "1.5"}, "min_quantity"), ({"price": "0"}, "price")):
        assert field in errors(send(client, page(ListPrice, "add"), **given | wrong))
    assert "__all__" in errors(send(client, page(ListPrice, "add"), **given)), "the same quantity twice"
    assert "price" in errors(send(client, page(ListPrice, "change", made.pk), price="53"))
    assert send(client, page(ListPrice, "change", made.pk), price="47").status_code == 302
    for_all = given | {"price_list": "", "min_quantity": "6", "price": "50"}
    assert "price" in errors(send(client, page(ListPrice, "add"), **for_all)), "no cheaper than one"
    client.post(page(ListPrice, "delete", made.pk), {"post": "yes"})
    assert not shop.list_prices.exists()


def parts(*rows) -> dict:
    given = {"parts-TOTAL_FORMS": len(rows)}
    for number, (product, quantity) in enumerate(rows):
        given |= {f"parts-{number}-product": product.pk, f"parts-{number}-quantity": quantity}
    return given


def test_an_offer_is_made_changed_and_ended_through_the_service(client, shop, owner, soap):
    day = shop_today().isoformat()
    answer = send(client, page(Offer, "add"), name="Fair", kind="percent", percent="10", product=soap.pk, first_day=day, is_active="on")
    assert answer.status_code == 302, errors(answer)
    made = shop.offers.get()
    assert (made.percent, made.product, made.changed_by) == (D("10.00"), soap, owner)
    answer = send(client, page(Offer, "change", made.pk), percent="15", is_active="", last_day=day)
    assert answer.status_code == 302, errors(answer)
    made.refresh_from_db()
    assert (made.percent, made.is_active, made.last_day) == (D("15.00"), False, shop_today())
    assert client.post(page(Offer, "delete", made.pk), {"post": "yes"}).status_code == 403


def test_a_set_is_made_with_its_parts(client, shop, owner, soap):
    tea = factories.make_product(shop, "Tea", price="100", mrp="100")
    given = {"name": "Set", "kind": "combo", "price": "190", "first_day": shop_today().isoformat(), "is_active": "on"}
    answer = send(client, page(Offer, "add"), **given, **parts((soap, "2"), (tea, "1")))
    assert answer.status_code == 302, errors(answer)
    made = shop.offers.get()
    assert list(made.parts.values_list("product__name", "quantity")) == [("Soap", 2), ("Tea", 1)]
    answer = send(client, page(Offer, "change", made.pk), **{"price": "180", "parts-0-quantity": "3"})
    assert answer.status_code == 302, errors(answer)
    assert list(shop.offers.get().parts.values_list("product__name", "quantity")) == [("Soap", 3), ("Tea", 1)]


def test_what_makes_no_sense_is_told_in_words_and_writes_nothing(client, shop, owner, soap):
    given = {"name": "Fair", "kind": "percent", "percent": "10", "product": soap.pk, "first_day": shop_today().isoformat()}
    shelf = shop.categories.create(name="Soaps")
    yesterday = (shop_today() - timedelta(days=1)).isoformat()
    for wrong in ({"percent": "0"}, {"amount": "5"}, {"category": shelf.pk}, {"product": ""}, {"last_day": yesterday}, {"kind": "combo"}):
        assert errors(send(client, page(Offer, "add"), **given | wrong)), wrong
    cheap = {"kind": "combo", "percent": "", "product": "", "price": "50"}
    assert "One by one" in str(errors(send(client, page(Offer, "add"), **given | cheap, **parts((soap, "1")))))
    assert not shop.offers.exists()
