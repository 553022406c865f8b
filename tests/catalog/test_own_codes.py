"""The shop's own barcodes: in the in-store range, away from the scales', the same every time."""

import pytest

from catalog.barcodes import parse_barcode
from catalog.errors import CatalogError
from catalog.labels.services import add_format
from catalog.own_codes import give_own_codes, own_prefix
from catalog.selectors import products_by_codes
from tests import factories


def add_scale(shop, prefix):
    digits = {"holds": "weight", "decimals": 3, "own_check": False, "item_digits": 5, "value_digits": 12 - len(prefix) - 5}
    return add_format(shop=shop, name=f"Scale {prefix}", prefix=prefix, is_active=True, **digits)


def test_own_code_finds_its_product(shop):
    soap = factories.make_product(shop)
    code = give_own_codes(shop=shop, products=[soap])[soap.pk]
    assert code[:2] == "29"
    assert parse_barcode(code) == code
    assert products_by_codes(shop, [code])[code] == soap
    assert give_own_codes(shop=shop, products=[soap]) == {soap.pk: code}
    assert soap.barcodes.count() == 1


def test_scales_keep_their_range(shop):
    add_scale(shop, "29")
    add_scale(shop, "2801")
    assert own_prefix(shop) == "27"


def test_code_that_other_goods_have_is_left_to_them(shop):
    soap, tea = factories.make_product(shop), factories.make_product(shop, "Tea")
    code = give_own_codes(shop=shop, products=[soap])[soap.pk]
    soap.barcodes.update(product=tea)
    second = give_own_codes(shop=shop, products=[soap])[soap.pk]
    assert second != code
    assert set(shop.barcodes.values_list("code", "product")) == {(code, tea.pk), (second, soap.pk)}


def test_nothing_left_of_the_range_is_told(shop, monkeypatch):
    for prefix in range(20, 28):
        add_scale(shop, str(prefix))
    assert own_prefix(shop) == "29"
    shop.label_formats.filter(prefix="20").update(prefix="29")
    shop.label_formats.filter(prefix="21").update(prefix="28")
    assert own_prefix(shop) == "21"
    monkeypatch.setattr("catalog.own_codes.range", lambda *_: (), raising=False)
    with pytest.raises(CatalogError) as error:
        own_prefix(shop)
    assert error.value.code == "no_prefix"


def test_no_goods_need_no_code(shop):
    assert give_own_codes(shop=shop, products=[]) == {}
