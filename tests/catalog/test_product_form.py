"""One product on one screen: new, changed, refused in words."""

from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.barcodes import ean_check_digit
from shops.models import Role
from tests import factories

D = Decimal
EAN = "890106301031" + ean_check_digit("890106301031")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def owner(client, shop):
    client.force_login(shop.owner)
    return client


def new_url(shop) -> str:
    return reverse("catalog:product_new", args=[shop.slug])


def typed(**changes) -> dict:
    return {"name": "Marie 250 g", "unit": "pc", "mrp": "35", "price": "33.50", "cost": "28.25", "hsn": "19053100"} | changes


def test_makes_a_product_with_sku_codes_category_and_gst(owner, shop):
    response = owner.post(new_url(shop), typed(category="Biscuits", local_name="मारी", code=[EAN, "BOX-24", ""], holds=["1", "24", "1"]))
    product = shop.products.get()
    assert response.status_code == 302
    assert response["Location"] == reverse("catalog:product", args=[shop.slug, product.pk])
    assert (product.sku, product.name, product.local_name) == ("P00001", "Marie 250 g", "मारी")
    assert (product.mrp, product.price, product.cost) == (D(35), D("33.50"), D("28.25"))
    assert product.category.name == "Biscuits"
    assert product.gst_goods.hsn == "190531"
    assert product.changed_by == shop.owner
    assert dict(product.barcodes.values_list("code", "pack_quantity")) == {EAN: 1, "BOX-24": 24}


def test_a_known_category_is_not_made_twice(owner, shop):
    known = shop.categories.create(name="Biscuits")
    owner.post(new_url(shop), typed(category=" biscuits "))
    assert shop.products.get().category == known
    assert shop.categories.count() == 1


def test_save_and_next_comes_back_with_the_category(owner, shop):
    response = owner.post(new_url(shop), typed(category="Biscuits", another="1"))
    assert response["Location"] == f"{new_url(shop)}?category=Biscuits"
    assert 'value="Biscuits"' in owner.get(response["Location"]).content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "Give the product a name."),
        ({"name": "\u202e"}, "Give the product a name."),
        ({"price": ""}, "Give the selling price."),
        ({"price": "abc"}, "That is not a number."),
        ({"price": "0"}, "must be above zero"),
        ({"price": "-3", "cost": ""}, "cannot be below zero"),
        ({"price": "36"}, "Nobody may sell above MRP."),
        ({"cost": "34"}, "every sale would lose money"),
        ({"price": "33.555"}, "At most 2 decimals."),
        ({"mrp": "99999999.99", "price": "99999999.99"}, "Check the figure."),
        ({"price": "1e400"}, "Check"),
        ({"price": "NaN"}, "That is not a number."),
        ({"min_stock": "1.1234"}, "At most 3 decimals."),
        ({"min_stock": "1.5"}, "A piece is sold whole"),
        ({"min_stock": "-1"}, "cannot be below zero"),
        ({"min_stock": "5", "max_stock": "4"}, "under the minimum"),
        ({"plu": "0"}, "from 1 to 99999"),
        ({"plu": "1.5"}, "from 1 to 99999"),
        ({"hsn": "123"}, "4, 6 or 8 digits"),
        ({"hsn": ""}, "Choose the GST rate."),
        ({"hsn": "1905"}, "Choose which goods these are"),
        ({"hsn": "", "gst_goods": "999999"}, "Choose the GST rate."),
        ({"code": "8901063010310"}, "Misread code"),
        ({"code": ["A1", "a1"]}, "in the list twice"),
        ({"code": "A1", "holds": "0"}, "above zero"),
        ({"code": "A1", "holds": "x"}, "Give a number"),
        ({"unit": "tonne"}, "Select a valid choice"),
        ({"name": "x" * 121}, "at most 120"),
        ({"category": "x" * 61}, "at most 60"),
        ({"name": "a\x00b"}, "Null characters"),
    ],
)
def test_refuses_in_words_and_writes_nothing(owner, shop, changes, sentence):
    response = owner.post(new_url(shop), typed(**changes))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not shop.products.exists()
    assert not shop.categories.exists()


def test_what_was_typed_stays_after_a_refusal(owner, shop):
    page = owner.post(new_url(shop), typed(price="99", code=["A1"], holds=["6"])).content.decode()
    assert 'value="Marie 250 g"' in page
    assert 'value="A1"' in page
    assert 'value="6"' in page


def test_a_code_of_another_product_is_refused_by_its_name(owner, shop):
    factories.make_product(shop, "Old soap", barcodes=[(EAN, D(1))])
    response = owner.post(new_url(shop), typed(code=EAN, category="New"))
    assert response.status_code == 422
    assert "already a barcode of Old soap" in response.content.decode()
    assert not shop.categories.exists()


def test_another_shop_may_have_the_same_code(owner, shop, other_shop):
    factories.make_product(other_shop, "Soap", barcodes=[(EAN, D(1))], plu=7)
    assert owner.post(new_url(shop), typed(code=EAN, plu="7")).status_code == 302


def test_a_taken_plu_and_sku_are_refused(owner, shop):
    factories.make_product(shop, "Soap", plu=7, sku="ABC")
    assert "already has this PLU" in owner.post(new_url(shop), typed(plu="7")).content.decode()
    assert "this SKU already exists" in owner.post(new_url(shop), typed(sku="abc")).content.decode()


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "🍌 केले", "شاي أخضر", "{{ 7|add:7 }}", "Robert'); DROP TABLE"])
def test_any_script_and_any_mark_is_a_name_and_nothing_more(owner, shop, name):
    owner.post(new_url(shop), typed(name=name))
    product = shop.products.get()
    assert product.name == name
    page = owner.get(reverse("catalog:product", args=[shop.slug, product.pk])).content.decode()
    assert "<script>alert" not in page


def test_another_code_gives_more_boxes_and_saves_nothing(owner, shop):
    response = owner.post(new_url(shop), typed(more_codes="1", code="A1"))
    assert response.status_code == 200
    assert response.content.decode().count('name="code"') == 5  # the typed one, three more, the template of the script
    assert not shop.products.exists()


def test_changing_keeps_what_is_not_on_the_form_and_writes_history(owner, shop):
    product = factories.make_product(shop, "Soap", stock=5, barcodes=[(EAN, D(1))])
    url = reverse("catalog:product_edit", args=[shop.slug, product.pk])
    page = owner.get(url).content.decode()
    assert EAN in page
    goods = str(product.gst_goods_id)
    response = owner.post(url, typed(name="Soap big", hsn="", gst_goods=goods, price="34", sku=product.sku, code=[EAN], holds=["1"]))
    assert response.status_code == 302
    product.refresh_from_db()
    assert (product.name, product.price) == ("Soap big", D(34))
    change = product.price_changes.get()
    assert (change.old_price, change.price, change.changed_by) == (D("52.50"), D(34), shop.owner)


def test_the_unit_of_goods_in_stock_stays(owner, shop):
    product = factories.make_product(shop, "Soap", stock=5)
    url = reverse("catalog:product_edit", args=[shop.slug, product.pk])
    response = owner.post(url, typed(hsn="", gst_goods=str(product.gst_goods_id), unit="kg"))
    assert response.status_code == 422
    assert "counted by the piece" in response.content.decode()


def test_gst_choices_are_a_fragment_with_the_only_one_filled_in(owner, shop):
    url = reverse("catalog:gst_choices", args=[shop.slug])
    page = owner.get(url, {"hsn": "04059020"}, headers=HTMX).content.decode()
    assert page.lstrip().startswith('<fieldset id="gst-choices"')
    assert "Ghee" in page
    assert page.count(" checked") == 1


def test_loose_or_packed_decides_the_choice(owner, shop):
    url = reverse("catalog:gst_choices", args=[shop.slug])
    loose = owner.get(url, {"hsn": "1008", "loose": "on"}, headers=HTMX).content.decode()
    packed = owner.get(url, {"hsn": "1008"}, headers=HTMX).content.decode()
    assert "sold loose" in loose
    assert "sold loose" not in packed
    assert "labelled packs" in packed


def test_words_find_goods_too(owner, shop):
    url = reverse("catalog:gst_choices", args=[shop.slug])
    assert "HSN 04059020" in owner.get(url, {"hsn": "ghee"}, headers=HTMX).content.decode()


def test_choosing_by_words_fills_the_hsn(owner, shop):
    owner.post(new_url(shop), typed(hsn="ghee"))
    assert shop.products.get().hsn == "04059020"


@pytest.mark.parametrize("role", [Role.STAFF, Role.ACCOUNTANT])
def test_a_role_without_the_right_gets_403(client, shop, role):
    product = factories.make_product(shop)
    client.force_login(factories.make_member(shop, role))
    assert client.get(new_url(shop)).status_code == 403
    assert client.get(reverse("catalog:product_edit", args=[shop.slug, product.pk])).status_code == 403
    assert client.get(reverse("catalog:gst_choices", args=[shop.slug])).status_code == 403
    assert client.post(reverse("catalog:on_sale", args=[shop.slug, product.pk])).status_code == 403


def test_manager_may_edit(client, shop):
    client.force_login(factories.make_member(shop, Role.MANAGER))
    assert client.post(new_url(shop), typed()).status_code == 302


def test_stranger_and_foreign_product_get_404(client, owner, shop, other_shop):
    theirs = factories.make_product(other_shop)
    for name in ("product", "product_edit"):
        assert owner.get(reverse(f"catalog:{name}", args=[shop.slug, theirs.pk])).status_code == 404
        assert owner.get(reverse(f"catalog:{name}", args=[other_shop.slug, theirs.pk])).status_code == 404
        assert owner.get(reverse(f"catalog:{name}", args=[shop.slug, 99999999999999999999])).status_code == 404
    assert owner.post(reverse("catalog:on_sale", args=[shop.slug, theirs.pk])).status_code == 404
    theirs.refresh_from_db()
    assert theirs.is_active


def test_anonymous_is_sent_to_sign_in(client, shop):
    assert client.get(new_url(shop)).status_code == 302
    assert "HX-Redirect" in client.get(reverse("catalog:gst_choices", args=[shop.slug]), headers=HTMX).headers


def test_wrong_method_is_405(owner, shop):
    product = factories.make_product(shop)
    assert owner.put(new_url(shop)).status_code == 405
    assert owner.get(reverse("catalog:on_sale", args=[shop.slug, product.pk])).status_code == 405


def test_off_sale_and_back(owner, shop):
    product = factories.make_product(shop, "Soap")
    url = reverse("catalog:on_sale", args=[shop.slug, product.pk])
    assert owner.post(url, {"on_sale": "no"}).status_code == 302
    product.refresh_from_db()
    assert not product.is_active
    page = owner.get(reverse("catalog:product", args=[shop.slug, product.pk])).content.decode()
    assert "not on sale" in page
    owner.post(url, {"on_sale": "yes"})
    product.refresh_from_db()
    assert product.is_active
