"""The locked read of lots that every act makes, against Django's own."""

from datetime import timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from inventory.locks import lock_lots
from inventory.models import StockLot
from smartkirana.dates import shop_today
from tests import factories


def by_django(shop, ids) -> dict[int, list[StockLot]]:
    lots: dict[int, list[StockLot]] = {}
    for lot in shop.lots.filter(product_id__in=ids).order_by("pk").select_for_update(of=("self",), no_key=True):
        lots.setdefault(lot.product_id, []).append(lot)
    return lots


def test_reads_and_locks_what_django_would(shop, other_shop, django_assert_num_queries):
    soap, salt = factories.make_product(shop), factories.make_product(shop, "Salt", mrp=None, stock=4)
    for days in (30, 5, 90):
        factories.stock_up(soap, 2, expiry=shop_today() + timedelta(days=days), batch=f"B{days}", unit_cost=Decimal("40.1234"))
    theirs = factories.make_product(other_shop, stock=5)
    ids = [soap.pk, salt.pk, theirs.pk]
    with transaction.atomic():
        with django_assert_num_queries(1):
            ours = lock_lots(shop, ids)
            rows = {lot.pk: [getattr(lot, f.attname) for f in StockLot._meta.concrete_fields] for lots in ours.values() for lot in lots}
        django = by_django(shop, ids)
    assert rows == {lot.pk: [getattr(lot, f.attname) for f in StockLot._meta.concrete_fields] for lots in django.values() for lot in lots}
    assert [lot.batch for lot in ours[soap.pk]] == ["B5", "B30", "B90"]


def test_locks_in_id_order_without_blocking_keys(shop):
    soap = factories.make_product(shop, stock=1)
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        lock_lots(shop, [soap.pk])
    assert "ORDER BY id FOR NO KEY UPDATE" in asked.captured_queries[-1]["sql"]
