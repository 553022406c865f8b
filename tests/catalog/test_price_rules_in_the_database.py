"""What the database itself keeps about price lists, list prices and offers, whatever code writes to them."""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from catalog.models import ListPrice
from smartkirana.db_rules import broken_rule
from tests import factories

D = Decimal
FIRST = date(2026, 11, 1)


@contextmanager
def refused(rule):
    """The block is refused by PostgreSQL under that name, and leaves the transaction usable."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():  # noqa: PT012 the block is the caller's
        yield
        connection.check_constraints()
    assert broken_rule(error.value) == rule


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, "Soap", price="50.00", mrp="52.50")


@pytest.fixture
def wholesale(shop):
    return shop.price_lists.create(name="Wholesale")


def price(soap, price_list, least="0", rupees="48.00", **fields):
    return ListPrice.objects.create(**{"shop": soap.shop, "product": soap, "price_list": price_list, "min_quantity": D(least),
                                       "price": D(rupees)} | fields)  # fmt: skip


def offer(shop, **fields):
    return shop.offers.create(**{"name": "Fair", "first_day": FIRST} | fields)


def test_a_lists_name_is_there_once_whatever_its_capitals(shop, other_shop, wholesale):
    other_shop.price_lists.create(name="Wholesale")
    with refused("catalog_pricelist_name"):
        shop.price_lists.create(name="WHOLESALE")
    with refused("catalog_pricelist_named"):
        shop.price_lists.create(name="")


def test_a_quantity_has_one_price_on_a_list_and_one_for_everybody(soap, wholesale):
    price(soap, wholesale, "6")
    price(soap, None, "6")
    for of in (wholesale, None):
        with refused("catalog_listprice_once"):
            price(soap, of, "6", "47.00")


@pytest.mark.parametrize("rupees", ["0", "-1"])
def test_a_list_price_is_above_zero(soap, wholesale, rupees):
    with refused("catalog_listprice_price_above_zero"):
        price(soap, wholesale, rupees=rupees)


def test_a_list_price_is_never_above_the_mrp_at_whatever_writing(soap, wholesale):
    kept = price(soap, wholesale, rupees="52.50")
    with refused("catalog_listprice_within_mrp"):
        price(soap, wholesale, "6", "52.51")
    with refused("catalog_listprice_within_mrp"):
        ListPrice.objects.filter(pk=kept.pk).update(price=D("53"))
    loose = factories.make_product(soap.shop, "Sugar", mrp=None, unit="kg")
    assert price(loose, wholesale, rupees="99").pk


def test_any_quantity_makes_sense_on_a_list_only(soap, wholesale):
    price(soap, wholesale, "0")
    with refused("catalog_listprice_quantity"):
        price(soap, None, "0")
    with refused("catalog_listprice_quantity"):
        price(soap, wholesale, "-1")


def test_prices_and_offers_never_name_another_shops_rows(soap, wholesale, other_shop):
    theirs = factories.make_product(other_shop, "Salt")
    their_list, their_shelf = other_shop.price_lists.create(name="Hotels"), other_shop.categories.create(name="Shelf")
    with refused("catalog_listprice_product_same_shop"):
        price(soap, wholesale, product=theirs)
    with refused("catalog_listprice_list_same_shop"):
        price(soap, their_list)
    with refused("catalog_offer_product_same_shop"):
        offer(soap.shop, kind="percent", percent=5, product=theirs)
    with refused("catalog_offer_category_same_shop"):
        offer(soap.shop, kind="percent", percent=5, category=their_shelf)
    combo = offer(soap.shop, kind="combo", price=90)
    with refused("catalog_offerpart_product_same_shop"):
        combo.parts.create(shop=soap.shop, product=theirs)
    with refused("catalog_offerpart_offer_same_shop"):
        combo.parts.create(shop=other_shop, product=theirs)
    customer = factories.make_customer(soap.shop)
    with refused("orders_customer_price_list_same_shop"):
        customer.price_list = their_list
        customer.save()


@pytest.mark.parametrize(
    "figures",
    [
        {"kind": "percent"},
        {"kind": "percent", "percent": 0},
        {"kind": "percent", "percent": D("100.01")},
        {"kind": "percent", "percent": 5, "amount": 5},
        {"kind": "amount"},
        {"kind": "amount", "amount": 0},
        {"kind": "amount", "amount": 5, "price": 5},
        {"kind": "buy_get", "buy": 2},
        {"kind": "buy_get", "get": 2},
        {"kind": "buy_get", "buy": 0, "get": 1},
        {"kind": "buy_get", "buy": 2, "get": 1, "percent": 5},
        {"kind": "gift", "percent": 5},
    ],
    ids=str,
)
def test_an_offer_has_the_figures_of_its_kind_and_no_others(soap, figures):
    with refused("catalog_offer_figures"):
        offer(soap.shop, product=soap, **figures)


@pytest.mark.parametrize("figures", [{"kind": "combo"}, {"kind": "combo", "price": 0}, {"kind": "combo", "price": 9, "buy": 1}], ids=str)
def test_a_set_has_a_price_and_no_other_figures(soap, figures):
    with refused("catalog_offer_figures"):
        offer(soap.shop, **figures)


def test_an_offer_is_on_one_product_or_one_category_and_a_set_on_neither(soap):
    shelf = soap.shop.categories.create(name="Shelf")
    for goods in ({}, {"product": soap, "category": shelf}):
        with refused("catalog_offer_scope"):
            offer(soap.shop, kind="percent", percent=5, **goods)
    for goods in ({"product": soap}, {"category": shelf}):
        with refused("catalog_offer_scope"):
            offer(soap.shop, kind="combo", price=90, **goods)
        assert offer(soap.shop, kind="percent", percent=5, **goods).pk


def test_an_offer_ends_on_its_first_day_at_the_earliest(soap):
    with refused("catalog_offer_days"):
        offer(soap.shop, kind="percent", percent=5, product=soap, last_day=date(2026, 10, 31))
    assert offer(soap.shop, kind="percent", percent=5, product=soap, last_day=FIRST).pk
    with refused("catalog_offer_named"):
        offer(soap.shop, kind="percent", percent=5, product=soap, name="")


def test_a_product_is_once_in_a_set_in_a_quantity_above_zero(soap):
    combo = offer(soap.shop, kind="combo", price=90)
    with refused("catalog_offerpart_quantity"):
        combo.parts.create(shop=soap.shop, product=soap, quantity=0)
    combo.parts.create(shop=soap.shop, product=soap, quantity=2)
    with refused("catalog_offerpart_once"):
        combo.parts.create(shop=soap.shop, product=soap, quantity=3)


def test_a_list_with_customers_is_not_deleted(soap, wholesale):
    factories.make_customer(soap.shop, price_list=wholesale)
    with pytest.raises(ProtectedError):
        wholesale.delete()
