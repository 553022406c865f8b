from decimal import Decimal

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a drawer should hold, counters that sell only in a shift, and the last closed day."""

    dependencies = [
        ("shops", "0015_may_take_back"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="counter",
            name="frozen",
        ),
        migrations.AddField(
            model_name="counter",
            name="cash",
            field=models.DecimalField(
                decimal_places=2, default=Decimal("0.00"), editable=False, max_digits=14, verbose_name="in the drawer ₹"
            ),
        ),
        migrations.AddField(
            model_name="counter",
            name="needs_shift",
            field=models.BooleanField(default=False, verbose_name="sells only in a shift"),
        ),
        migrations.AddField(
            model_name="shop",
            name="sealed_until",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="books closed up to"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="counter",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF (to_jsonb(NEW) - ARRAY['name', 'paper', 'printer', 'opens_drawer', 'needs_shift', 'is_active', 'cash']) IS DISTINCT FROM\n               (to_jsonb(OLD) - ARRAY['name', 'paper', 'printer', 'opens_drawer', 'needs_shift', 'is_active', 'cash']) THEN\n                RAISE EXCEPTION 'shops_counter: an issued row keeps what was printed' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'shops_counter_frozen';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="bcb71ff15ce1b145d8d6567d229660cc844af611",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_7e964",
                    table="shops_counter",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="counter",
            trigger=pgtrigger.compiler.Trigger(
                name="cash_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.cash IS DISTINCT FROM OLD.cash AND pg_trigger_depth() < 2 THEN\n                RAISE EXCEPTION 'what a drawer should hold changes only by a posting' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'shops_counter_cash';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="cbb49553e4dc6c32b36b7fe11b6ed4ec98216b9c",
                    operation='UPDATE OF "cash"',
                    pgid="pgtrigger_cash_kept_37b91",
                    table="shops_counter",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shop",
            trigger=pgtrigger.compiler.Trigger(
                name="sealed_until_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.sealed_until IS DISTINCT FROM OLD.sealed_until AND pg_trigger_depth() < 2 THEN\n                RAISE EXCEPTION 'days are closed only by a day close' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'shops_shop_sealed_until';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="6e5120864daafbd3c6aad3cd4a2700848aaaecef",
                    operation='UPDATE OF "sealed_until"',
                    pgid="pgtrigger_sealed_until_kept_e27c9",
                    table="shops_shop",
                    when="BEFORE",
                ),
            ),
        ),
    ]
