"""What the counter is told of a product's prices on a day: slabs and offers, by one query."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import Q

from catalog.list_prices import merged, price_for
from catalog.models import ListPrice, Offer
from catalog.terms import Terms, terms_for
from tests import factories

D = Decimal
DAY = date(2026, 11, 25)


@pytest.fixture
def shelf(shop):
    return shop.categories.create(name="Soaps")


@pytest.fixture
def soap(shop, shelf):
    return factories.make_product(shop, "Soap", price="52.50", mrp="55.00", category=shelf)


@pytest.fixture
def salt(shop):
    return factories.make_product(shop, "Salt", price="20.00", mrp="22.00", cost="15")


@pytest.fixture
def wholesale(shop):
    return shop.price_lists.create(name="Wholesale")


def list_price(product, least, price, price_list=None):
    return product.shop.list_prices.create(product=product, min_quantity=D(least), price=D(price), price_list=price_list)


def offer(shop, **fields):
    given = {"name": "Fair", "first_day": DAY, "last_day": DAY, **fields}
    if "parts" not in given and "kind" not in given:
        given |= {"kind": "percent", "percent": D(5)}
    parts = given.pop("parts", ())
    made = shop.offers.create(**given)
    for product, quantity in parts:
        made.parts.create(shop=shop, product=product, quantity=D(quantity))
    return made


def found(shop, products, price_list=None, day=DAY):
    return terms_for(shop, products, getattr(price_list, "pk", price_list), day)


def test_without_prices_and_offers_a_product_has_no_terms(shop, soap, salt):
    assert found(shop, [soap, salt]) == {soap.pk: Terms(), salt.pk: Terms()}
    assert found(shop, []) == {}


def test_slabs_for_everybody_come_rising(shop, soap, salt):
    list_price(soap, 12, "48.00")
    list_price(soap, 6, "50.00")
    assert found(shop, [soap, salt])[soap.pk].slabs == ((D(6), D("50.00")), (D(12), D("48.00")))
    assert found(shop, [soap, salt])[salt.pk].slabs == ()


def test_a_list_goes_before_the_slabs_for_everybody_where_it_reaches(shop, soap, salt, wholesale):
    list_price(soap, 6, "50.00")
    list_price(soap, 24, "46.00")
    list_price(soap, 12, "47.00", wholesale)
    list_price(salt, 3, "19.00")
    terms = found(shop, [soap, salt], wholesale)
    assert terms[soap.pk].slabs == ((D(6), D("50.00")), (D(12), D("47.00")))
    assert terms[salt.pk].slabs == ((D(3), D("19.00")),), "goods without a price on the list cost what everybody pays"
    assert found(shop, [soap])[soap.pk].slabs == ((D(6), D("50.00")), (D(24), D("46.00")))


def test_another_list_a_list_out_of_use_and_another_shops_list_count_for_nothing(shop, other_shop, soap, wholesale):
    hotels = shop.price_lists.create(name="Hotels")
    list_price(soap, 0, "47.00", wholesale)
    assert found(shop, [soap], hotels)[soap.pk].slabs == ()
    assert found(shop, [soap], wholesale)[soap.pk].slabs == ((D(0), D("47.00")),)
    wholesale.is_active = False
    wholesale.save()
    assert found(shop, [soap], wholesale)[soap.pk].slabs == ()
    assert found(shop, [soap], other_shop.price_lists.create(name="Theirs"))[soap.pk].slabs == ()
    assert found(shop, [soap], 10**15)[soap.pk].slabs == ()


def test_a_slab_that_the_selling_price_has_overtaken_says_nothing(shop, soap, wholesale):
    list_price(soap, 6, "50.00")
    list_price(soap, 12, "45.00")
    list_price(soap, 3, "51.00", wholesale)
    soap.price = D("48.00")
    assert found(shop, [soap])[soap.pk].slabs == ((D(12), D("45.00")),)
    assert found(shop, [soap], wholesale)[soap.pk].slabs == ((D(3), D("51.00")),), "a list may ask more than the selling price"


def test_offers_on_the_product_on_its_category_and_with_it_in_a_set(shop, shelf, soap, salt):
    on_soap, on_shelf = offer(shop, product=soap), offer(shop, category=shelf, percent=D(7), kind="percent")
    combo = offer(shop, kind="combo", price=D(70), parts=[(soap, "1"), (salt, "0.5")])
    terms = found(shop, [soap, salt])
    assert [one.id for one in terms[soap.pk].offers] == [on_soap.pk, on_shelf.pk, combo.pk]
    assert [one.id for one in terms[salt.pk].offers] == [combo.pk]
    assert terms[salt.pk].offers[0].parts == ((soap.pk, D("1.000")), (salt.pk, D("0.500")))
    assert [one.id for one in found(shop, [salt])[salt.pk].offers] == [combo.pk], "a set is known from each of its goods"


@pytest.mark.parametrize(
    ("days", "runs"),
    [((-1, -1), False), ((0, 0), True), ((1, 1), False), ((-3, 3), True), ((-3, None), True), ((1, None), False), ((-3, 0), True)],
)
def test_an_offer_counts_from_its_first_to_its_last_day(shop, soap, days, runs):
    first, last = (None if day is None else DAY + timedelta(days=day) for day in days)
    offer(shop, product=soap, first_day=first, last_day=last)
    assert bool(found(shop, [soap])[soap.pk].offers) is runs


def test_an_ended_offer_counts_no_more(shop, soap):
    offer(shop, product=soap, is_active=False)
    assert found(shop, [soap])[soap.pk].offers == ()


def test_a_bill_with_a_price_list_gets_the_offers_that_say_so(shop, soap, wholesale):
    plain, both = offer(shop, product=soap), offer(shop, product=soap, on_lists=True)
    assert [one.id for one in found(shop, [soap])[soap.pk].offers] == [plain.pk, both.pk]
    assert [one.id for one in found(shop, [soap], wholesale)[soap.pk].offers] == [both.pk]
    wholesale.is_active = False
    wholesale.save()
    assert [one.id for one in found(shop, [soap], wholesale)[soap.pk].offers] == [plain.pk, both.pk]


def test_another_shops_prices_and_offers_are_never_found(shop, other_shop, soap):
    theirs = factories.make_product(other_shop, "Soap", category=other_shop.categories.create(name="Soaps"))
    list_price(theirs, 6, "40.00")
    offer(other_shop, product=theirs)
    offer(other_shop, category=theirs.category)
    assert found(shop, [soap, theirs]) == {soap.pk: Terms(), theirs.pk: Terms()}


def test_the_page_gets_slabs_capped_by_mrp_and_own_price_and_offers_as_json(shop, soap):
    list_price(soap, 6, "50.00")
    list_price(soap, 12, "48.00")
    offer(shop, product=soap, name="Diwali", percent=D("12.50"), kind="percent")
    terms = found(shop, [soap])[soap.pk]
    assert terms.slabs_data(mrp=D("55.00")) == [["6", "50.00"], ["12", "48.00"]]
    assert terms.slabs_data(mrp=D("49.00")) == [["6", "49.00"], ["12", "48.00"]]
    assert terms.slabs_data(mrp=None, own=D("47.00")) == [["6", "47.00"], ["12", "47.00"]]
    assert json.loads(json.dumps(terms.offers_data)) == [{"id": terms.offers[0].id, "kind": "percent", "name": "Diwali", "percent": "12.5"}]


def test_one_query_however_many_goods_prices_and_offers(shop, django_assert_num_queries):
    products = [factories.make_product(shop, f"Soap {n}", category=shop.categories.create(name=f"Shelf {n}")) for n in range(12)]
    with django_assert_num_queries(1):
        found(shop, products[:1])
    for product in products:
        list_price(product, 6, "50.00")
        offer(shop, product=product)
        offer(shop, category=product.category)
    offer(shop, kind="combo", price=D(70), parts=[(product, "1") for product in products])
    with django_assert_num_queries(1):
        terms = found(shop, products)
    assert all(len(one.offers) == 3 and len(one.slabs) == 1 for one in terms.values())


def test_the_query_answers_what_the_orm_would(shop, shelf, soap, salt, wholesale):
    """Everything that can differ, once, held against the same question asked by the ORM."""
    hotels = shop.price_lists.create(name="Hotels", is_active=False)
    for product in (soap, salt):
        for of in (None, wholesale, hotels):
            for least, price in ((2, "18.00"), (5, "17.50")):
                list_price(product, least, price, of)
    for days in ((-2, 2), (-2, None), (1, 2), (-2, -1)):
        first, last = (None if day is None else DAY + timedelta(days=day) for day in days)
        for on_lists in (True, False):
            for active in (True, False):
                given = {"first_day": first, "last_day": last, "on_lists": on_lists, "is_active": active}
                offer(shop, product=salt, **given)
                offer(shop, category=shelf, **given)
                offer(shop, kind="combo", price=D(30), parts=[(salt, "1"), (soap, "2")], **given)
    for goods in ([soap], [salt], [soap, salt]):
        for of in (None, wholesale, hotels):
            terms = found(shop, goods, of)
            for product in goods:
                assert terms[product.pk].slabs == by_orm_slabs(product, of)
                assert [one.id for one in terms[product.pk].offers] == by_orm_offers(product, of)
    assert price_for(salt.price, found(shop, [salt], wholesale)[salt.pk].slabs, D(5), salt.mrp) == D("17.50")


def by_orm_slabs(product, price_list):
    prices = ListPrice.objects.filter(product=product)
    usable = price_list if price_list and price_list.is_active else None
    of_list = prices.filter(price_list=usable).values_list("min_quantity", "price") if usable else []
    of_all = prices.filter(price_list=None, price__lt=product.price).values_list("min_quantity", "price")
    return merged(of_list, of_all)


def by_orm_offers(product, price_list):
    fits = Q(product=product) | Q(category__isnull=False, category=product.category_id) | Q(parts__product=product)
    offers = Offer.objects.filter(fits, is_active=True, first_day__lte=DAY).exclude(last_day__lt=DAY)
    if price_list and price_list.is_active:
        offers = offers.filter(on_lists=True)
    return list(offers.order_by("pk").values_list("pk", flat=True))
