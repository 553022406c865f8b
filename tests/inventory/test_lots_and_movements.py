"""What the database itself keeps about stock, whatever code writes to it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from inventory.models import StockDocument, StockEvent, StockLot, StockMovement
from shops.models import Shop
from smartkirana.db_rules import broken_rule
from tests import factories

D = Decimal


def raw_movement(lot, quantity, value="0.00", **other):
    """A movement written past every service."""
    fields = {"shop": lot.shop, "lot": lot, "product_id": lot.product_id, "by": lot.shop.memberships.first().user, **other}
    return StockMovement.objects.create(
        quantity=D(quantity),
        value=D(value),
        unit_cost=lot.unit_cost,
        reason="loss",
        document="stock",
        document_id=1,
        at=timezone.now(),
        **fields,
    )


def refused(rule):
    """The block is refused by PostgreSQL under that name, and leaves the transaction usable."""

    class Refused:
        def __enter__(self):
            self.savepoint = transaction.atomic()
            self.savepoint.__enter__()

        def __exit__(self, kind, error, trace):
            if error is None:
                try:
                    connection.check_constraints()
                except IntegrityError as late:
                    kind, error, trace = type(late), late, late.__traceback__
            assert error is not None, f"nothing was refused, {rule} expected"
            self.savepoint.__exit__(kind, error, trace)
            assert isinstance(error, IntegrityError), error
            assert broken_rule(error) == rule
            return True

    return Refused()


@pytest.fixture
def lot(shop):
    factories.make_product(shop, stock=10)
    return shop.lots.get()


def test_a_movement_changes_its_lot_by_itself(lot):
    raw_movement(lot, "-3", "-120.00")
    lot.refresh_from_db()
    assert (lot.on_hand, lot.value) == (D(7), D("280.00"))


def test_many_movements_in_one_statement_are_added_up(lot):
    base = {"shop": lot.shop, "lot": lot, "product_id": lot.product_id, "unit_cost": lot.unit_cost, "reason": "loss", "document": "stock"}
    person = lot.shop.memberships.first().user
    StockMovement.objects.bulk_create(
        StockMovement(quantity=D(-2), value=D("-80.00"), document_id=1, by=person, at=timezone.now(), **base) for _ in range(5)
    )
    lot.refresh_from_db()
    assert (lot.on_hand, lot.value) == (D(0), D("0.00"))


def test_policy_block_refuses_a_raw_movement_below_zero(lot):
    Shop.objects.filter(pk=lot.shop_id).update(stock_policy="block")
    with refused("inventory_stocklot_below_zero"):
        raw_movement(lot, "-11", "-440.00")


def test_policy_block_lets_a_lot_below_zero_come_up(lot):
    raw_movement(lot, "-15", "-600.00")
    Shop.objects.filter(pk=lot.shop_id).update(stock_policy="block")
    raw_movement(lot, "2", "80.00")
    lot.refresh_from_db()
    assert lot.on_hand == D(-3)


def test_policy_warn_lets_a_raw_movement_below_zero(lot):
    raw_movement(lot, "-11", "-440.00")
    lot.refresh_from_db()
    assert (lot.on_hand, lot.value) == (D(-1), D("-40.00"))


@pytest.mark.parametrize("figure", ["on_hand", "value"])
def test_a_lots_figures_cannot_be_updated(lot, figure):
    with refused("inventory_stocklot_moved_only_by_movements"):
        StockLot.objects.filter(pk=lot.pk).update(**{figure: D(99)})


@pytest.mark.parametrize(
    "change",
    [{"unit_cost": D(1)}, {"credit_rate": D(18)}, {"credit_igst": True}, {"created_at": datetime(2026, 1, 1, tzinfo=UTC)}],
    ids=lambda change: next(iter(change)),
)
def test_what_a_lot_is_cannot_be_updated(lot, change):
    with refused("inventory_stocklot_stays_what_it_is"):
        StockLot.objects.filter(pk=lot.pk).update(**change)


def test_a_lot_cannot_change_its_product(lot):
    other = factories.make_product(lot.shop, "Other soap")
    with refused("inventory_stocklot_stays_what_it_is"):
        StockLot.objects.filter(pk=lot.pk).update(product=other)


def test_batch_and_date_of_a_lot_may_be_put_right(lot):
    StockLot.objects.filter(pk=lot.pk).update(batch="B7", expiry=date(2027, 1, 31))
    lot.refresh_from_db()
    assert lot.batch == "B7"


def test_a_lot_starts_empty(lot):
    with refused("inventory_stocklot_starts_empty"):
        StockLot.objects.create(shop=lot.shop, product=lot.product, unit_cost=D(1), on_hand=D(1), value=D(1))


def test_a_lot_is_never_deleted(lot):
    with refused("inventory_stocklot_never_deleted"):
        StockLot.objects.filter(pk=lot.pk)._raw_delete("default")


@pytest.mark.parametrize(
    ("model", "table"), [(StockMovement, "stockmovement"), (StockEvent, "stockevent"), (StockDocument, "stockdocument")]
)
def test_what_is_written_is_neither_changed_nor_deleted(lot, model, table):
    with refused(f"inventory_{table}_append_only"):
        model.objects.filter(shop=lot.shop).update(by=lot.shop.owner)
    with refused(f"inventory_{table}_append_only"):
        model.objects.filter(shop=lot.shop)._raw_delete("default")


def test_events_are_not_written_in_bulk(lot):
    with pytest.raises(TypeError):
        StockEvent.objects.bulk_create([])


def test_a_movement_cannot_name_a_lot_of_another_shop(lot, other_shop):
    theirs = factories.make_product(other_shop)
    with refused("inventory_stockmovement_lot_same_shop"):
        raw_movement(lot, "1", "40.00", shop=other_shop, product_id=theirs.pk)


def test_a_movement_cannot_name_another_product_than_its_lots(lot):
    other = factories.make_product(lot.shop, "Other soap")
    with refused("inventory_stockmovement_lot_same_shop"):
        raw_movement(lot, "1", "40.00", product_id=other.pk)


def test_a_lot_cannot_hold_another_shops_product(lot, other_shop):
    with refused("inventory_stocklot_product_same_shop"):
        StockLot.objects.create(shop=other_shop, product=lot.product, unit_cost=D(1))


def test_an_event_cannot_name_another_shops_document(lot, other_shop):
    document = StockDocument.objects.create(shop=lot.shop, kind="adjustment", reason="loss", day=date(2026, 1, 1), by=lot.shop.owner)
    with refused("inventory_stockevent_document_same_shop"):
        event = StockEvent(shop=other_shop, kind="adjusted", stock_document=document, by=lot.shop.owner, at=timezone.now())
        event.save_base(raw=True)  # past the ledger: only the table's own rules are asked


def test_a_movement_of_nothing_is_refused(lot):
    with refused("inventory_stockmovement_moves"):
        raw_movement(lot, "0", "1.00")


def test_an_empty_lot_is_worth_nothing(lot):
    with refused("inventory_stocklot_empty_is_worth_nothing"):
        raw_movement(lot, "-10", "-399.00")


def test_goods_that_are_there_are_not_worth_less_than_nothing(lot):
    with refused("inventory_stocklot_value_has_its_sign"):
        raw_movement(lot, "-1", "-401.00")


def test_a_paper_says_opening_or_a_reason_of_adjusting(lot):
    with refused("inventory_stockdocument_reason"):
        StockDocument.objects.create(shop=lot.shop, kind="adjustment", reason="opening", day=date(2026, 1, 1), by=lot.shop.owner)
