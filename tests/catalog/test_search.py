"""Finding goods by words."""

from decimal import Decimal

import pytest

from catalog.barcodes import ean_check_digit
from catalog.models import Barcode, Product
from catalog.selectors import search
from tests import factories

D = Decimal
EAN = "890106301031" + ean_check_digit("890106301031")
UPC = "036000291452"


def found(shop, text: str) -> list[str]:
    return [p.name for p in search(shop.products.all(), text)]


@pytest.fixture
def goods(shop):
    factories.make_product(shop, "Tata Salt 1 kg", local_name="नमक", search_words="mith namak", sku="SALT-1")
    factories.make_product(shop, "Sugar loose", local_name="साखर", plu=101, unit="kg", mrp=None)
    factories.make_product(shop, "Café Bru 50 g", barcodes=[(EAN, D(1)), (UPC, D(12))])
    return shop


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("salt tata", "Tata Salt 1 kg"),
        ("TAT sal", "Tata Salt 1 kg"),
        ("नमक", "Tata Salt 1 kg"),
        ("namak", "Tata Salt 1 kg"),
        ("salt-1", "Tata Salt 1 kg"),
        ("साख", "Sugar loose"),
        ("101", "Sugar loose"),
        ("cafe", "Café Bru 50 g"),
        ("CAFÉ bru", "Café Bru 50 g"),
        (EAN, "Café Bru 50 g"),
        (EAN[:7], "Café Bru 50 g"),
        (UPC, "Café Bru 50 g"),
    ],
)
def test_finds_words_in_any_order_by_prefix_and_codes(goods, text, name):
    assert found(goods, text) == [name]


@pytest.mark.parametrize("text", ["alt", "salt sugar", "!!!", "'", "\\", "' & '", "a:* | b", "🙂", "(", "x" * 5000])
def test_what_no_word_begins_with_finds_nothing_and_breaks_nothing(goods, text):
    assert found(goods, text) == []


@pytest.mark.parametrize("text", ["", "  ", "\x00"])
def test_no_words_finds_everything_by_name(goods, text):
    assert found(goods, text) == ["Café Bru 50 g", "Sugar loose", "Tata Salt 1 kg"]


def test_an_exact_code_comes_first_then_names_that_begin_so(shop):
    factories.make_product(shop, "Atta with 101 recipes")
    factories.make_product(shop, "101 Spices")
    factories.make_product(shop, "Zeera", plu=101, unit="kg", mrp=None)
    assert found(shop, "101") == ["Zeera", "101 Spices", "Atta with 101 recipes"]


def test_another_shops_goods_are_never_found(goods, other_shop):
    factories.make_product(other_shop, "Tata Salt 2 kg")
    assert found(goods, "tata") == ["Tata Salt 1 kg"]
    assert found(other_shop, "tata") == ["Tata Salt 2 kg"]


def test_a_search_over_all_shops_is_refused(db):
    with pytest.raises(TypeError):
        search(Product.objects.all(), "salt")


def test_words_follow_a_name_changed_alone(goods):
    product = goods.products.get(name="Sugar loose")
    product.name = "Shakkar"
    product.save(update_fields=["name"])
    assert found(goods, "shakkar") == ["Shakkar"]
    assert found(goods, "sugar") == []


def test_saving_other_fields_leaves_the_words(goods, django_assert_num_queries):
    product = goods.products.get(name="Sugar loose")
    product.min_stock = 5
    with django_assert_num_queries(1):
        product.save(update_fields=["min_stock"])
    assert found(goods, "sugar") == ["Sugar loose"]


def test_words_follow_barcodes_however_they_come_and_go(goods):
    product = goods.products.get(name="Sugar loose")
    code = Barcode.objects.create(shop=goods, product=product, code="BAG-7")
    assert found(goods, "bag") == ["Sugar loose"]
    code.code = "SACK-7"
    code.save()
    assert (found(goods, "bag"), found(goods, "sack")) == ([], ["Sugar loose"])
    goods.barcodes.filter(pk=code.pk).delete()
    assert found(goods, "sack") == []
    product.name = "Sugar"
    product.save()
    assert found(goods, EAN) == ["Café Bru 50 g"]
