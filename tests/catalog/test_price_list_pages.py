"""The pages of price lists and quantity prices, with and without htmx, and who may see them."""

from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.prices.selectors import steps_of
from catalog.prices.services import save_price_list, set_list_in_use, set_prices
from shops.models import Role
from tests import factories

D = Decimal
HTMX = {"HX-Request": "true"}


@pytest.fixture
def owner(client, shop):
    client.force_login(shop.owner)
    return client


@pytest.fixture
def hotels(shop):
    return save_price_list(shop=shop, name="Hotels")


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, "Soap", price="50.00", mrp="52.50", cost="40", sku="SOAP")


def url(shop, name, *args):
    return reverse(f"catalog:{name}", args=[shop.slug, *args])


def steps(soap, price_list=None):
    return [(f"{least.normalize():f}", f"{price}") for least, price in steps_of(soap, price_list)]


# --- all lists ------------------------------------------------------------------------------------------------
def test_without_a_list_the_page_says_what_one_is_for(owner, shop):
    page = owner.get(url(shop, "price_lists")).text
    assert "No price list yet" in page
    assert "hotels or other shops" in page
    assert "No product has such a price yet." in page


def test_the_lists_with_their_goods_customers_and_state(owner, shop, hotels, soap):
    set_prices(by=shop.owner, product=soap, price_list=hotels, steps=[(D(0), D(48))])
    set_prices(by=shop.owner, product=soap, price_list=None, steps=[(D(6), D(49))])
    factories.make_customer(shop, price_list=hotels)
    set_list_in_use(price_list=save_price_list(shop=shop, name="Old"), in_use=False)
    page = owner.get(url(shop, "price_lists")).text
    for text in (url(shop, "price_list", hotels.pk), "In use", "Not in use", "1 product costs less when more of it is bought."):
        assert text in page


def test_a_list_is_made_renamed_and_taken_out_of_use(owner, shop):
    answer = owner.post(url(shop, "price_list_new"), {"name": "Wholesale"})
    made = shop.price_lists.get()
    assert answer.headers["Location"] == url(shop, "price_list", made.pk)
    owner.post(url(shop, "price_list_edit", made.pk), {"name": "Traders"})
    owner.post(url(shop, "list_in_use", made.pk), {"in_use": "no"})
    made.refresh_from_db()
    assert (made.name, made.is_active) == ("Traders", False)
    assert "Put in use" in owner.get(url(shop, "price_list", made.pk)).text
    owner.post(url(shop, "list_in_use", made.pk), {"in_use": "yes"})
    made.refresh_from_db()
    assert made.is_active


def test_a_name_that_is_taken_stands_at_its_field(owner, shop, hotels):
    answer = owner.post(url(shop, "price_list_new"), {"name": "hotels"})
    assert (answer.status_code, answer.context["form"].errors) == (422, {"name": ["A price list of this name exists already."]})
    other = save_price_list(shop=shop, name="Staff")
    answer = owner.post(url(shop, "price_list_edit", other.pk), {"name": "Hotels"})
    assert answer.status_code == 422
    assert "Staff" in answer.text


# --- one list -------------------------------------------------------------------------------------------------
def test_an_empty_list_says_how_to_fill_it(owner, shop, hotels, soap):
    page = owner.get(url(shop, "price_list", hotels.pk)).text
    assert "No prices on this list yet" in page
    assert "Soap" not in page
    assert "Soap" in owner.get(url(shop, "price_list", hotels.pk) + "?show=all").text
    assert "Soap" in owner.get(url(shop, "price_list", hotels.pk) + "?q=soa").text
    assert "Nothing matches" in owner.get(url(shop, "price_list", hotels.pk) + "?q=salt").text


def test_the_goods_show_their_prices_from_each_quantity_on(owner, shop, hotels, soap):
    set_prices(by=shop.owner, product=soap, price_list=hotels, steps=[(D(0), D(48)), (D(12), D(39))])
    page = owner.get(url(shop, "price_list", hotels.pk)).text
    for text in ('value="48.00"', "from 12 pc: ₹\xa039.00", "under the cost of ₹\xa040.00"):
        assert text in page


def test_a_manager_sees_costs_and_nobody_without_the_right_comes_in(client, shop, hotels, soap):
    client.force_login(factories.make_member(shop, Role.MANAGER))
    assert "₹\xa040.00" in client.get(url(shop, "price_list", hotels.pk) + "?show=all").text
    for role in (Role.STAFF, Role.ACCOUNTANT):
        client.force_login(factories.make_member(shop, role))
        assert client.get(url(shop, "price_list", hotels.pk)).status_code == 403


def test_a_row_sets_its_price_by_htmx_and_shows_itself_again(owner, shop, hotels, soap):
    where = url(shop, "list_price", hotels.pk, soap.pk)
    answer = owner.post(where, {"price": "₹ 48"}, headers=HTMX)
    assert steps(soap, hotels) == [("0", "48.00")]
    assert answer.text.strip().startswith(f'<tr id="goods-{soap.pk}">')
    assert 'role="status"' in answer.text
    answer = owner.post(where, {"price": "53"}, headers=HTMX)
    assert answer.status_code == 422
    assert "above the MRP of" in answer.text
    assert 'value="53"' in answer.text
    owner.post(where, {"price": ""}, headers=HTMX)
    assert steps(soap, hotels) == []


def test_a_row_works_without_javascript(owner, shop, hotels, soap):
    where = url(shop, "list_price", hotels.pk, soap.pk)
    assert owner.post(where, {"price": "48"}).headers["Location"] == url(shop, "price_list", hotels.pk)
    answer = owner.post(where, {"price": "dear"})
    assert answer.status_code == 422
    assert "Not a number." in answer.text
    assert 'name="least"' in answer.text, "the product's own page stands there, to go on with"
    assert steps(soap, hotels) == [("0", "48.00")]


def test_a_row_keeps_the_prices_from_larger_quantities(owner, shop, hotels, soap):
    set_prices(by=shop.owner, product=soap, price_list=hotels, steps=[(D(12), D(46))])
    owner.post(url(shop, "list_price", hotels.pk, soap.pk), {"price": "48"}, headers=HTMX)
    assert steps(soap, hotels) == [("0", "48.00"), ("12", "46.00")]


def test_a_long_list_is_paged_with_few_queries(owner, shop, hotels, django_assert_max_num_queries):
    for n in range(35):
        product = factories.make_product(shop, f"Soap {n:02d}")
        set_prices(by=shop.owner, product=product, price_list=hotels, steps=[(D(0), D(48)), (D(6), D(47))])
    with django_assert_max_num_queries(7):
        page = owner.get(url(shop, "price_list", hotels.pk))
    assert page.text.count('name="price"') == 30
    assert owner.get(url(shop, "price_list", hotels.pk) + "?page=2").text.count('name="price"') == 5
    for odd in ("0", "-1", "x", "999999999999", "²"):
        assert owner.get(url(shop, "price_list", hotels.pk) + f"?page={odd}").status_code == 200


# --- a product's prices ---------------------------------------------------------------------------------------
def test_all_prices_of_a_product_are_set_on_one_page(owner, shop, hotels, soap):
    where = url(shop, "list_steps", hotels.pk, soap.pk)
    assert 'name="least"' in owner.get(where).text
    answer = owner.post(where, {"least": ["", "12", "24", ""], "price": ["48", "46", "", ""]})
    assert answer.status_code == 422
    assert "Give the price from this quantity on" in answer.text
    answer = owner.post(where, {"least": ["", "12", ""], "price": ["48", "₹ 46", ""]})
    assert answer.headers["Location"] == url(shop, "price_list", hotels.pk)
    assert steps(soap, hotels) == [("0", "48.00"), ("12", "46.00")]
    page = owner.get(where).text
    assert 'value="12"' in page
    assert 'value="46.00"' in page


def test_slabs_for_everybody_are_set_from_the_products_page(owner, shop, soap):
    where = url(shop, "product_slabs", soap.pk)
    assert where in owner.get(url(shop, "product", soap.pk)).text
    assert owner.post(where, {"least": ["6"], "price": ["49"]}).headers["Location"] == url(shop, "product", soap.pk)
    assert steps(soap) == [("6", "49.00")]
    page = owner.get(url(shop, "product", soap.pk)).text
    assert "from 6 pc: ₹\xa049.00" in page
    assert "from 6 pc: ₹\xa049.00" in owner.get(url(shop, "slabs")).text
    owner.post(where, {"least": [""], "price": [""]})
    assert steps(soap) == []


@pytest.mark.parametrize(
    ("least", "price", "why"),
    [
        (["6", "6"], ["49", "48"], "begins at the same quantity"),
        (["1"], ["49"], "change the selling price"),
        (["6"], ["50"], "One alone costs"),
        (["x"], ["49"], "Not a number."),
        (["6"], ["x"], "Not a number."),
        (["6"], ["1e999"], "Too large a figure."),
        ([str(n) for n in range(2, 20)], ["49"] * 18, "At most 12 prices"),
    ],
)
def test_what_is_wrong_is_told_in_its_row(owner, shop, soap, least, price, why):
    answer = owner.post(url(shop, "product_slabs", soap.pk), {"least": least, "price": price})
    assert answer.status_code == 422
    assert why in answer.text
    assert steps(soap) == []


def test_a_slab_the_selling_price_has_overtaken_is_marked(owner, shop, soap):
    set_prices(by=shop.owner, product=soap, price_list=None, steps=[(D(6), D(49))])
    shop.products.filter(pk=soap.pk).update(price=D(48))
    assert "no cheaper than one" in owner.get(url(shop, "product", soap.pk)).text


# --- pasting --------------------------------------------------------------------------------------------------
def test_pasted_prices_are_looked_at_first_then_entered_together(owner, shop, hotels, soap):
    where = url(shop, "price_paste", hotels.pk)
    answer = owner.post(where, {"text": "SOAP, 48\nNOPE, 5", "enter": "1"})
    assert answer.status_code == 422
    assert "One line is wrong. Nothing was entered." in answer.text
    assert steps(soap, hotels) == []
    answer = owner.post(where, {"text": "SOAP, 48\nSOAP, 46, 12", "check": "1"})
    assert "All 2 lines are right." in answer.text
    assert steps(soap, hotels) == []
    answer = owner.post(where, {"text": "SOAP, 48\nSOAP, 46, 12", "enter": "1"})
    assert answer.headers["Location"] == url(shop, "price_list", hotels.pk)
    assert steps(soap, hotels) == [("0", "48.00"), ("12", "46.00")]


def test_the_paste_page_begins_with_the_lists_own_prices(owner, shop, hotels, soap):
    set_prices(by=shop.owner, product=soap, price_list=hotels, steps=[(D(12), D(46))])
    assert "SOAP,46.00,12,Soap" in owner.get(url(shop, "price_paste", hotels.pk)).text


def test_nothing_pasted_is_told(owner, shop, hotels):
    for text in ("", "  \n "):
        answer = owner.post(url(shop, "price_paste", hotels.pk), {"text": text, "enter": "1"})
        assert answer.status_code == 422
        assert "Paste some lines" in answer.text


def test_another_shops_lists_goods_and_offers_are_not_there(owner, shop, other_shop, hotels, soap):
    theirs, salt = save_price_list(shop=other_shop, name="Theirs"), factories.make_product(other_shop, "Salt")
    for where in (
        url(shop, "price_list", theirs.pk),
        url(shop, "price_paste", theirs.pk),
        url(shop, "list_steps", theirs.pk, soap.pk),
        url(shop, "list_steps", hotels.pk, salt.pk),
        url(shop, "product_slabs", salt.pk),
    ):
        assert owner.get(where).status_code == 404
        assert owner.post(where, {"text": "SOAP, 4"}).status_code in (404, 405)
