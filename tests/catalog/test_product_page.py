"""One product's page, and the price history that the database keeps."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from catalog.errors import CatalogError
from catalog.models import PriceChange, Product
from catalog.services import save_product
from shops.models import Role
from tests import factories

D = Decimal


def url(shop, product) -> str:
    return reverse("catalog:product", args=[shop.slug, product.pk])


def changes(product) -> list[tuple]:
    return list(product.price_changes.order_by("id").values_list("old_price", "price", "old_mrp", "mrp", "old_cost", "cost"))


def test_shows_prices_codes_gst_and_history(client, shop):
    product = factories.make_product(shop, "Soap", stock=3, barcodes=[("CARTON-1", D(24))], plu=42)
    product.price = D(50)
    product.save(update_fields=["price"])
    client.force_login(shop.owner)
    page = client.get(url(shop, product)).content.decode()
    for text in ("CARTON-1", "stands for 24", "42", "5\xa0%", "₹\xa050.00", "₹\xa052.50 →", "Margin", "<b>3</b>"):
        assert text in page, text


def test_staff_see_no_cost(client, shop):
    product = factories.make_product(shop, "Soap", cost="41.37")
    product.cost = D("42.19")
    product.save(update_fields=["cost"])
    client.force_login(factories.make_member(shop, Role.STAFF))
    page = client.get(url(shop, product)).content.decode()
    assert "41.37" not in page
    assert "42.19" not in page
    assert "Take off sale" not in page


def test_accountant_sees_cost_and_cannot_edit(client, shop):
    product = factories.make_product(shop, "Soap", cost="41.37")
    client.force_login(factories.make_member(shop, Role.ACCOUNTANT))
    page = client.get(url(shop, product)).content.decode()
    assert "41.37" in page
    assert "/edit/" not in page


def test_query_count_is_flat(client, shop, django_assert_max_num_queries):
    product = factories.make_product(shop, "Soap", barcodes=[(f"C-{n}", D(1)) for n in range(20)])
    for n in range(20):
        product.price = D(30 + n)
        product.cost = D(10)
        product.changed_by = factories.make_user(f"Person {n}")
        product.save(update_fields=["price", "cost", "changed_by"])
    client.force_login(shop.owner)
    with django_assert_max_num_queries(10):
        client.get(url(shop, product))


# --- the trigger ------------------------------------------------------------------------------------------------
def test_history_of_a_save_names_who(shop):
    product = factories.make_product(shop)
    manager = factories.make_member(shop, Role.MANAGER)
    save_product(shop=shop, by=manager, product=product, name="Soap", price=D(50), mrp=D(60), cost=D(41), gst_goods=product.gst_goods)
    assert changes(product) == [(D("52.50"), D(50), D("52.50"), D(60), D(40), D(41))]
    assert product.price_changes.get().changed_by == manager


def test_history_of_an_update_and_of_plain_sql(shop):
    product = factories.make_product(shop)
    Product.objects.filter(pk=product.pk).update(price=D(51))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalog_product SET cost = 39 WHERE id = %s", [product.pk])
    assert [(c[0], c[1], c[4], c[5]) for c in changes(product)] == [(D("52.50"), D(51), D(40), D(40)), (D(51), D(51), D(40), D(39))]


def test_history_of_bulk_updates(shop):
    product = factories.make_product(shop)
    product.price = D(49)
    Product.objects.bulk_update([product], ["price"])
    assert changes(product)[0][:2] == (D("52.50"), D(49))


def test_no_history_without_a_change(shop):
    product = factories.make_product(shop)
    Product.objects.update(price=D("52.50"), name="Soap, renamed")
    assert changes(product) == []


def test_history_cannot_be_changed_or_deleted(shop):
    product = factories.make_product(shop)
    Product.objects.update(price=D(50))
    for spoil in (lambda: PriceChange.objects.update(price=1), lambda: PriceChange.objects.all()._raw_delete("default")):
        with pytest.raises(IntegrityError), transaction.atomic():
            spoil()
    assert len(changes(product)) == 1


# --- the rules of the service -------------------------------------------------------------------------------------
def saving(shop, **fields):
    details = {"name": "Soap", "price": D(50), "mrp": D(52), "cost": D(40), "gst_goods": factories.goods()} | fields
    return save_product(shop=shop, by=shop.owner, **details)


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"name": " \u200b "}, "no_name", "name"),
        ({"name": "x" * 121}, "too_long", "name"),
        ({"price": D(53)}, "above_mrp", "price"),
        ({"price": D(0)}, "bad_price", "price"),
        ({"cost": D(51)}, "below_cost", "cost"),
        ({"price": D("99999999")}, "bad_price", "price"),
        ({"min_stock": D("-1")}, "bad_levels", "min_stock"),
        ({"min_stock": D("0.5")}, "bad_levels", "min_stock"),
        ({"plu": 100000}, "bad_plu", "plu"),
        ({"barcodes": [("A", D(1)), ("a", D(1))]}, "barcode_twice", "barcodes"),
        ({"barcodes": [("A", D(0))]}, "bad_pack", "barcodes"),
    ],
)
def test_the_service_refuses_with_code_and_field(shop, fields, code, field):
    with pytest.raises(CatalogError) as refused:
        saving(shop, **fields)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert not shop.products.exists()


def test_a_category_or_product_of_another_shop_is_refused(shop, other_shop):
    with pytest.raises(CatalogError):
        saving(shop, category=other_shop.categories.create(name="Theirs"))
    with pytest.raises(CatalogError):
        saving(shop, product=factories.make_product(other_shop))


def test_skus_go_on_after_99999(shop):
    saving(shop, sku="P99999")
    assert saving(shop, name="Next").sku == "P100000"
    assert saving(shop, name="After").sku == "P100001"
