"""The query every bill makes, against the same question asked through Django."""

from datetime import date

import pytest

from catalog.gst import sellable_goods, with_rates
from smartkirana.dates import shop_today
from tests import factories

HIDDEN = {"search_text", "search_vector"}


@pytest.mark.parametrize("day", [date(2025, 9, 21), date(2025, 9, 22), date(2026, 2, 1), shop_today()])
def test_gives_what_django_gives(shop, other_shop, day):
    for slug in ("other-18", "040510-butter", "240220-cigarettes", "1006-rice-loose", "22011020-soda-water"):
        factories.make_product(shop, slug, gst=slug if factories.GstGoods.objects.filter(slug=slug).exists() else "other-5")
    factories.make_product(shop, "Off sale", is_active=False)
    factories.make_product(other_shop, "Theirs")
    ids = [*shop.products.values_list("pk", flat=True), *other_shop.products.values_list("pk", flat=True)]
    ours = sellable_goods(shop, ids, day)
    theirs = {p.pk: p for p in with_rates(shop.products.filter(pk__in=ids, is_active=True), day)}
    assert ours.keys() == theirs.keys()
    for pk, product in ours.items():
        django = theirs[pk]
        columns = [f.attname for f in product._meta.concrete_fields if f.attname not in HIDDEN]
        assert [getattr(product, c) for c in columns] == [getattr(django, c) for c in columns]
        assert (product.gst_rate, product.cess_rate) == (django.gst_rate, django.cess_rate)
        for fact in ("pk", "supply_class", "rsp_valuation"):
            assert getattr(product.gst_goods, fact) == getattr(django.gst_goods, fact)


def test_asks_once_and_names_every_column(shop, django_assert_num_queries):
    soap = factories.make_product(shop)
    with django_assert_num_queries(1):
        product = sellable_goods(shop, [soap.pk], shop_today())[soap.pk]
        for field in product._meta.concrete_fields:
            if field.attname not in HIDDEN:
                getattr(product, field.attname)
        assert product.gst_goods.supply_class


def test_a_day_before_any_rate_has_none(shop):
    soap = factories.make_product(shop)
    assert sellable_goods(shop, [soap.pk], date(2017, 6, 30))[soap.pk].gst_rate is None
