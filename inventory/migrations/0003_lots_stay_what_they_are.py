import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import smartkirana.db_rules


class Migration(migrations.Migration):
    """A lot keeps its product, cost and credit; a movement names the lot's own product; value and quantity share their sign."""

    dependencies = [("inventory", "0002_request_key")]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="stocklot",
            trigger=pgtrigger.compiler.Trigger(
                name="stays_what_it_is",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (ROW(OLD.shop_id, OLD.product_id, OLD.unit_cost, OLD.credit_rate, OLD.credit_igst, OLD.created_at) IS DISTINCT FROM ROW(NEW.shop_id, NEW.product_id, NEW.unit_cost, NEW.credit_rate, NEW.credit_igst, NEW.created_at))",
                    func="RAISE EXCEPTION 'a lot keeps its product, its cost and its credit' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'inventory_stocklot_stays_what_it_is';",
                    hash="0443e7af9e3cf0e593ab514f6b7f6716809d1fdf",
                    operation="UPDATE",
                    pgid="pgtrigger_stays_what_it_is_cbbba",
                    table="inventory_stocklot",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="stocklot",
            constraint=models.UniqueConstraint(fields=("shop", "id", "product"), name="inventory_stocklot_product_key"),
        ),
        migrations.AddConstraint(
            model_name="stocklot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("on_hand", 0),
                    models.Q(("on_hand__gt", 0), ("value__gte", 0)),
                    models.Q(("on_hand__lt", 0), ("value__lte", 0)),
                    _connector="OR",
                ),
                name="inventory_stocklot_value_has_its_sign",
            ),
        ),
        migrations.RemoveConstraint(model_name="stockmovement", name="inventory_stockmovement_lot_same_shop"),
        migrations.AddConstraint(
            model_name="stockmovement",
            constraint=smartkirana.db_rules.SameShop(also=("product_id",), field="lot", name="inventory_stockmovement_lot_same_shop"),
        ),
    ]
