"""Price lists and quantity prices: the acts, and what they refuse in words."""

from decimal import Decimal

import pytest

from catalog.errors import CatalogError
from catalog.prices.paste import read_prices
from catalog.prices.selectors import all_steps_of, as_lines, goods_on, price_lists, steps_of
from catalog.prices.services import Entry, enter_prices, save_price_list, set_list_in_use, set_price, set_prices
from tests import factories
from tests.at_once import at_once

D = Decimal


@pytest.fixture
def wholesale(shop):
    return save_price_list(shop=shop, name="Wholesale")


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, "Soap", price="50.00", mrp="52.50", cost="40", sku="SOAP", barcodes=[("8901719101038", D(1))])


@pytest.fixture
def sugar(shop):
    return factories.make_product(shop, "Sugar, loose", price="44.00", mrp=None, unit="kg", sku="SUGAR")


def refused(code):
    class Refused:
        def __enter__(self):
            self.error = pytest.raises(CatalogError)
            return self.error.__enter__()

        def __exit__(self, *error):
            done = self.error.__exit__(*error)
            assert error[1].code == code
            assert error[1].message
            return done

    return Refused()


def steps(soap, price_list=None):
    return [(f"{least.normalize():f}", f"{price}") for least, price in steps_of(soap, price_list)]


# --- lists ----------------------------------------------------------------------------------------------------
def test_a_list_has_a_name_of_its_own(shop, other_shop, wholesale):
    with refused("name_taken"):
        save_price_list(shop=shop, name=" wholesale ")
    with refused("no_name"):
        save_price_list(shop=shop, name="  ")
    with refused("too_long"):
        save_price_list(shop=shop, name="x" * 41)
    assert save_price_list(shop=other_shop, name="Wholesale").shop == other_shop
    assert save_price_list(shop=shop, price_list=wholesale, name="Hotels").name == "Hotels"
    assert [one.name for one in price_lists(shop)] == ["Hotels"]


def test_lists_tell_their_goods_and_customers_and_those_in_use_come_first(shop, wholesale, soap, sugar):
    hotels = save_price_list(shop=shop, name="Hotels")
    set_list_in_use(price_list=hotels, in_use=False)
    set_prices(by=shop.owner, product=soap, price_list=wholesale, steps=[(D(0), D(48)), (D(12), D(46))])
    set_prices(by=shop.owner, product=sugar, price_list=wholesale, steps=[(D(0), D(42))])
    for name in ("Asha", "Ravi", "Meera"):
        factories.make_customer(shop, name, price_list=wholesale)
    assert [(one.name, one.goods, one.buyers) for one in price_lists(shop)] == [("Wholesale", 2, 3), ("Hotels", 0, 0)]


# --- a product's prices ---------------------------------------------------------------------------------------
def test_the_prices_given_become_the_products_prices(shop, wholesale, soap):
    set_prices(by=shop.owner, product=soap, price_list=wholesale, steps=[(D(12), D("46.00")), (D(0), D("48.00"))])
    assert steps(soap, wholesale) == [("0", "48.00"), ("12", "46.00")]
    kept = shop.list_prices.get(min_quantity=12)
    set_prices(by=shop.owner, product=soap, price_list=wholesale, steps=[(D(12), D("46.00")), (D(6), D("47.00"))])
    assert steps(soap, wholesale) == [("6", "47.00"), ("12", "46.00")]
    assert shop.list_prices.get(min_quantity=12).changed_at == kept.changed_at, "what did not change is not written"
    set_prices(by=shop.owner, product=soap, price_list=wholesale, steps=[])
    assert steps(soap, wholesale) == []


def test_slabs_for_everybody_stand_beside_a_list(shop, wholesale, soap):
    set_prices(by=shop.owner, product=soap, price_list=None, steps=[(D(6), D("49.00"))])
    set_prices(by=shop.owner, product=soap, price_list=wholesale, steps=[(D(6), D("47.00"))])
    set_prices(by=shop.owner, product=soap, price_list=wholesale, steps=[])
    assert steps(soap) == [("6", "49.00")]


@pytest.mark.parametrize(("least", "stored"), [("0", "0"), ("1", "0"), ("2", "2")])
def test_from_one_piece_on_is_any_quantity(shop, wholesale, soap, least, stored):
    set_prices(by=shop.owner, product=soap, price_list=wholesale, steps=[(D(least), D("48.00"))])
    assert steps(soap, wholesale) == [(stored, "48.00")]


@pytest.mark.parametrize(("least", "stored"), [("0.001", "0"), ("0.5", "0.5"), ("1", "1")])
def test_goods_that_are_weighed_may_begin_at_any_weight(shop, wholesale, sugar, least, stored):
    set_prices(by=shop.owner, product=sugar, price_list=wholesale, steps=[(D(least), D("42.00"))])
    assert steps(sugar, wholesale) == [(stored, "42.00")]


@pytest.mark.parametrize(
    ("least", "price", "code", "field"),
    [
        ("6", "0", "bad_price", "price"),
        ("6", "-5", "bad_price", "price"),
        ("6", "48.005", "bad_price", "price"),
        ("6", "99999999", "bad_price", "price"),
        ("6", "52.51", "above_mrp", "price"),
        ("1.5", "48", "bad_quantity", "least"),
        ("-1", "48", "bad_quantity", "least"),
        ("9999999", "48", "bad_quantity", "least"),
    ],
)
def test_refuses_prices_that_cannot_be_and_writes_nothing(shop, wholesale, soap, least, price, code, field):
    for of in (wholesale, None):
        with refused(code) as error:
            set_prices(by=shop.owner, product=soap, price_list=of, steps=[(D(3), D("49")), (D(least), D(price))])
        assert error.value.field == field
    assert not shop.list_prices.exists()


def test_a_slab_for_everybody_begins_above_one_and_is_cheaper(shop, soap, sugar):
    for product, least in ((soap, "1"), (soap, "0"), (sugar, "0.001")):
        with refused("bad_quantity"):
            set_prices(by=shop.owner, product=product, price_list=None, steps=[(D(least), D("40"))])
    with refused("not_under_price"):
        set_prices(by=shop.owner, product=soap, price_list=None, steps=[(D(6), D("50.00"))])
    set_prices(by=shop.owner, product=sugar, price_list=None, steps=[(D("0.5"), D("43.50"))])
    assert steps(sugar) == [("0.5", "43.50")]


def test_refuses_the_same_quantity_twice_and_too_many(shop, wholesale, soap):
    with refused("twice"):
        set_prices(by=shop.owner, product=soap, price_list=wholesale, steps=[(D(0), D(48)), (D(1), D(47))])
    with refused("too_many"):
        set_prices(by=shop.owner, product=soap, price_list=wholesale, steps=[(D(n), D(48)) for n in range(2, 15)])


def test_a_list_of_another_shop_is_refused(shop, other_shop, soap):
    theirs = save_price_list(shop=other_shop, name="Hotels")
    with refused("bad_list"):
        set_prices(by=shop.owner, product=soap, price_list=theirs, steps=[(D(6), D(48))])


def test_an_mrp_that_fell_meanwhile_is_told_in_words(shop, wholesale, soap):
    """The product in hand still has its old MRP; the database knows better."""
    shop.products.filter(pk=soap.pk).update(price=D(45), mrp=D(46), cost=D(40))
    with refused("above_mrp"):
        set_prices(by=shop.owner, product=soap, price_list=wholesale, steps=[(D(6), D(47))])


@pytest.mark.django_db(transaction=True)
def test_two_who_change_the_same_prices_leave_those_of_one():
    shop = factories.make_shop()
    soap, hotels = factories.make_product(shop, price="50.00", mrp="52.50"), save_price_list(shop=shop, name="Hotels")
    ways = [[(D(6), D(48)), (D(12), D(47))], [(D(12), D(46)), (D(24), D(45))]]
    at_once([lambda way=way: set_prices(by=shop.owner, product=soap, price_list=hotels, steps=way) for way in ways])
    assert list(shop.list_prices.order_by("min_quantity").values_list("min_quantity", "price")) in ways


def test_a_products_page_knows_all_its_prices_but_those_of_lists_out_of_use(shop, wholesale, soap):
    hotels = save_price_list(shop=shop, name="Hotels")
    for of, price in ((wholesale, "46.00"), (hotels, "47.00"), (None, "49.00")):
        set_prices(by=shop.owner, product=soap, price_list=of, steps=[(D(6), D(price))])
    set_list_in_use(price_list=hotels, in_use=False)
    assert [(one.price_list and one.price_list.name, one.steps) for one in all_steps_of(soap)] == [
        (None, [(D(6), D("49.00"))]),
        ("Wholesale", [(D(6), D("46.00"))]),
    ]


# --- many at once ---------------------------------------------------------------------------------------------
def test_many_prices_are_entered_together_and_the_rest_stays(shop, wholesale, soap, sugar, django_assert_max_num_queries):
    set_prices(by=shop.owner, product=soap, price_list=wholesale, steps=[(D(0), D(48)), (D(6), D(47)), (D(12), D(46))])
    entries = [Entry(soap, D(6), D("47.00")), Entry(soap, D(12), None), Entry(sugar, D(0), D("42.00")), Entry(soap, D(24), None)]
    with django_assert_max_num_queries(8):
        assert enter_prices(by=shop.owner, price_list=wholesale, entries=entries) == 2
    assert steps(soap, wholesale) == [("0", "48.00"), ("6", "47.00")]
    assert steps(sugar, wholesale) == [("0", "42.00")]


def test_a_wrong_price_among_many_writes_none(shop, wholesale, soap, sugar):
    with refused("above_mrp"):
        enter_prices(by=shop.owner, price_list=wholesale, entries=[Entry(sugar, D(0), D(42)), Entry(soap, D(0), D(60))])
    with refused("twice"):
        enter_prices(by=shop.owner, price_list=wholesale, entries=[Entry(soap, D(0), D(42)), Entry(soap, D(1), D(43))])
    assert not shop.list_prices.exists()


def test_one_price_is_set_and_taken_off_again(shop, wholesale, soap):
    set_prices(by=shop.owner, product=soap, price_list=wholesale, steps=[(D(12), D(46))])
    set_price(by=shop.owner, product=soap, price_list=wholesale, price=D("48.00"))
    assert steps(soap, wholesale) == [("0", "48.00"), ("12", "46.00")]
    set_price(by=shop.owner, product=soap, price_list=wholesale, price=None)
    assert steps(soap, wholesale) == [("12", "46.00")]


def test_lines_are_read_by_sku_and_barcode_in_any_column_order(wholesale, soap, sugar):
    good, bad = read_prices(wholesale, "soap, 48.00\n8901719101038, ₹ 46, 12\nSUGAR,\n\nSUGAR, , 10")
    assert bad == []
    assert [(one.product, one.least, one.price) for one in good] == [
        (soap, D(0), D("48.00")),
        (soap, D(12), D("46.00")),
        (sugar, D(0), None),
        (sugar, D(10), None),
    ]
    good, bad = read_prices(wholesale, "Price\tName\tFrom\tSKU\n48\tSoap\t6\tSOAP")
    assert ([(one.product, one.least, one.price) for one in good], bad) == ([(soap, D(6), D("48.00"))], [])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("NOPE, 5", "No product"),
        (", 5", "There is no SKU"),
        ("SOAP, dear", "“dear”: Not a number."),
        ("SOAP, -5", "Below zero"),
        ("SOAP, 48, six", "“six”: Not a number."),
        ("SOAP, 48, 1.5", "is sold whole"),
        ("SOAP, 60", "above the MRP"),
        ("SOAP, 0", "above zero"),
        ("SOAP, 49\nSOAP, 48, 1", "A line above"),
    ],
)
def test_every_wrong_line_is_told_with_its_number(wholesale, soap, sugar, line, why):
    _, bad = read_prices(wholesale, f"SUGAR, 42\n{line}")
    assert bad[-1].number == (3 if "\n" in line else 2)
    assert why in bad[-1].why


def test_headings_that_name_no_price_are_refused(wholesale, soap):
    with refused("no_columns"):
        read_prices(wholesale, "SKU, name\nSOAP, Soap")


def test_the_lines_of_a_list_can_be_pasted_again_and_change_nothing(shop, wholesale, soap, sugar):
    set_prices(by=shop.owner, product=soap, price_list=wholesale, steps=[(D(0), D(48)), (D(12), D(46))])
    set_prices(by=shop.owner, product=sugar, price_list=wholesale, steps=[(D("0.5"), D(43))])
    lines = as_lines(wholesale)
    assert lines == 'SKU,Price,From,Name\nSOAP,48.00,,Soap\nSOAP,46.00,12,Soap\nSUGAR,43.00,0.5,"Sugar, loose"\n'
    good, bad = read_prices(wholesale, lines)
    assert bad == []
    assert enter_prices(by=shop.owner, price_list=wholesale, entries=good) == 0


def test_goods_of_a_list_are_found(shop, wholesale, soap, sugar):
    set_price(by=shop.owner, product=soap, price_list=wholesale, price=D(48))
    gone = factories.make_product(shop, "Old soap", is_active=False)
    set_price(by=shop.owner, product=gone, price_list=wholesale, price=D(48))
    assert list(goods_on(shop, wholesale)) == [soap]
    assert list(goods_on(shop, wholesale, everything=True)) == [soap, sugar]
    assert list(goods_on(shop, wholesale, text="sug")) == [sugar]
    assert list(goods_on(shop, None)) == []
