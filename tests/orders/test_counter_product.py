"""A product made at the counter for a code that is not in the list: once, by who may, and its line is answered at once."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from catalog.barcodes import ean_check_digit, in_store_ean
from catalog.labels.presets import preset
from catalog.labels.reading import label_of
from catalog.labels.services import add_format
from shops.models import Role
from tests import factories

HTMX = {"HTTP_HX_REQUEST": "true"}
CODE = "890123456789" + ean_check_digit("890123456789")


def where(shop) -> str:
    return reverse("orders:counter_product", args=[shop.slug])


def posted(code=CODE, **fields) -> dict:
    goods = {"name": "Ghee 1 L", "mrp": "685", "price": "670", "unit": "pc", "hsn": "ghee"}
    return {"request_key": str(uuid4()), "scanned": code, "code": code, **goods, **fields}


@pytest.fixture
def manager(shop, client):
    client.force_login(factories.make_member(shop, Role.MANAGER))
    return client


@pytest.fixture
def form(shop, manager):
    return lambda code: manager.get(where(shop), {"code": code}, **HTMX).content.decode()


@pytest.fixture
def save(shop, manager):
    def send(**fields):
        answer = manager.post(where(shop), posted(**fields), **HTMX)
        return answer.status_code, answer.content.decode()

    return send


# --- asking -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("code", "unknown"), [(CODE, CODE), ("4242", "4242"), ("123456", "123456")])
def test_an_unknown_code_may_be_added(shop, client, code, unknown):
    """The answer is the same for everybody, so that it can be kept; the page knows who may."""
    client.force_login(factories.make_member(shop))
    said = client.get(reverse("orders:counter_line", args=[shop.slug]), {"code": code}, **HTMX).content.decode()
    assert f'data-ask-add="{unknown}"' in said
    assert "data-may-add hidden" in said
    assert "Ask the owner to add it." in said


@pytest.mark.parametrize("code", ["", "🧂", CODE[:-1] + str((int(CODE[-1]) + 1) % 10)])
def test_what_is_no_code_cannot_be_added(shop, client, code):
    client.force_login(factories.make_member(shop))
    said = client.get(reverse("orders:counter_line", args=[shop.slug]), {"code": code}, **HTMX).content.decode()
    assert "data-refused" in said
    assert "data-ask-add" not in said


def test_only_the_page_of_who_may_change_goods_knows_the_form(shop, client):
    counter = reverse("orders:counter", args=[shop.slug])
    for role, knows in ((Role.OWNER, True), (Role.MANAGER, True), (Role.STAFF, False)):
        client.force_login(factories.make_member(shop, role))
        assert (where(shop) in client.get(counter).content.decode()) is knows


# --- the form -----------------------------------------------------------------------------------------------------
def test_a_barcode_stands_in_its_box(form):
    assert f'name="code" value="{CODE}"' in form(CODE)


def test_a_short_number_is_the_code_to_type(form):
    said = form("4242")
    assert 'name="plu" value="4242"' in said
    assert 'name="code"' not in said


def test_a_labels_item_is_the_code_to_type_of_loose_goods(shop, form):
    add_format(shop=shop, **preset("grams").fields())
    said = form(label_of(preset("grams"), 123, Decimal("1.25")))
    assert 'name="plu" value="123"' in said
    assert '<option value="kg" selected>' in said
    assert 'name="loose"' in said
    assert "checked" in said[said.index('name="loose"') :][:200]


def test_a_code_such_as_scales_print_gets_a_word_of_warning(form):
    assert "Such codes are printed by scales" in form(in_store_ean("21", 1))
    assert "Such codes are printed by scales" not in form(CODE)


@pytest.mark.parametrize("code", ["", "0", "00000", "\x00", "x" * 3000, "<script>alert(1)</script>", "९९"])
def test_odd_codes_open_the_form_all_the_same(shop, manager, code):
    answer = manager.get(where(shop), {"code": code}, **HTMX)
    assert answer.status_code == 200
    assert b"<script>" not in answer.content


# --- saving -------------------------------------------------------------------------------------------------------
def test_saving_makes_the_product_and_answers_its_line(shop, save):
    status, said = save()
    assert status == 200
    made = shop.products.get()
    assert (made.name, made.mrp, made.price, made.gst_goods.goods) == ("Ghee 1 L", Decimal(685), Decimal(670), "Ghee")
    assert made.barcodes.get().code == CODE
    assert said.count("<tr") == 1
    assert f'name="line-product" value="{made.pk}"' in said
    assert f'data-code="{CODE}"' in said


def test_loose_goods_with_a_code_to_type_await_their_weight(shop, save):
    status, said = save(code="4242", plu="4242", unit="kg", loose="on", mrp="", price="44")
    assert status == 200
    assert 'class="line await"' in said
    assert shop.products.get().plu == 4242


def test_goods_added_from_a_label_come_with_its_weight(shop, save):
    add_format(shop=shop, **preset("grams").fields())
    code = label_of(preset("grams"), 123, Decimal("1.25"))
    fields = posted(code) | {"plu": "123", "unit": "kg", "loose": "on", "mrp": "", "price": "44"}
    del fields["code"]
    _, said = save(**fields, code="")
    assert 'name="line-quantity" value="1.25"' in said
    assert shop.products.get().barcodes.count() == 0


def test_a_code_that_was_changed_before_saving_is_sold_all_the_same(shop, save):
    other = in_store_ean("20", 5)
    status, said = save(code=other, scanned=CODE)
    assert status == 200
    assert 'name="line-product"' in said
    assert shop.products.get().barcodes.get().code == other


def test_pressed_twice_makes_one(shop, save):
    key = str(uuid4())
    answers = [save(request_key=key) for _ in range(2)]
    assert [status for status, _ in answers] == [200, 200]
    assert shop.products.count() == 1
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "Give the product a name."),
        ({"price": ""}, "Give the selling price."),
        ({"price": "700"}, "Above the MRP of ₹ 685.00"),
        ({"price": "x"}, "That is not a number."),
        ({"hsn": ""}, "Choose the GST rate."),
        ({"hsn": "123"}, "An HSN has 4, 6 or 8 digits."),
        ({"code": CODE[:-1] + str((int(CODE[-1]) + 1) % 10)}, "Misread code."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_made(shop, save, fields, sentence):
    status, said = save(**fields)
    assert status == 422
    assert sentence in said
    assert "data-add-form" in said
    assert not shop.products.exists()


def test_a_code_that_somebody_gave_away_meanwhile_is_told(shop, save):
    factories.make_product(shop, "Salt", barcodes=[(CODE, 1)])
    status, said = save()
    assert status == 422
    assert f"{CODE} is already a barcode of Salt." in said


# --- who ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.STAFF, Role.ACCOUNTANT])
def test_who_may_not_change_goods_makes_none(shop, client, role):
    client.force_login(factories.make_member(shop, role))
    assert client.get(where(shop), {"code": CODE}).status_code == 403
    assert client.post(where(shop), posted()).status_code == 403
    assert not shop.products.exists()


def test_a_stranger_gets_404_and_nobody_is_sent_to_sign_in(shop, other_shop, client):
    assert client.get(where(shop)).status_code == 302
    client.force_login(other_shop.owner)
    assert client.get(where(shop)).status_code == 404
    assert client.post(where(shop), posted()).status_code == 404
