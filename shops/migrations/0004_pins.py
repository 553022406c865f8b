import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import smartkirana.db_rules


class Migration(migrations.Migration):
    """A PIN proves a member at the counter; it ends with their work in the shop."""

    dependencies = [("shops", "0003_owners_and_counter_codes")]

    operations = [
        migrations.CreateModel(
            name="Pin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shop", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="pins", to="shops.shop")),
                (
                    "membership",
                    models.OneToOneField(
                        db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name="pin", to="shops.membership"
                    ),
                ),
                ("hash", models.CharField(editable=False, max_length=200)),
                ("digits", models.PositiveSmallIntegerField(verbose_name="digits")),
                ("set_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="set")),
                ("wrong", models.PositiveSmallIntegerField(default=0, verbose_name="wrong tries")),
                ("wrong_at", models.DateTimeField(blank=True, null=True, verbose_name="last try")),
                ("lockouts", models.PositiveSmallIntegerField(default=0, verbose_name="times locked since it was right")),
                ("locked_until", models.DateTimeField(blank=True, null=True, verbose_name="locked until")),
            ],
            options={
                "verbose_name": "counter PIN",
            },
        ),
        migrations.AddConstraint(
            model_name="pin",
            constraint=smartkirana.db_rules.SameShop(field="membership", name="shops_pin_membership_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="pin",
            constraint=models.CheckConstraint(condition=models.Q(("hash__regex", "^[a-z0-9_]+\\$.{20,}$")), name="shops_pin_hashed"),
        ),
        migrations.AddConstraint(
            model_name="pin",
            constraint=models.CheckConstraint(condition=models.Q(("digits__gte", 4), ("digits__lte", 6)), name="shops_pin_digits"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pin",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF (to_jsonb(NEW) - ARRAY['wrong', 'wrong_at', 'lockouts', 'locked_until']) IS DISTINCT FROM\n               (to_jsonb(OLD) - ARRAY['wrong', 'wrong_at', 'lockouts', 'locked_until']) THEN\n                RAISE EXCEPTION 'shops_pin: an issued row keeps what was printed' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'shops_pin_frozen';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="1e4ef01dc796c86a9ffcc626794069e0fa93e119",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_e518d",
                    table="shops_pin",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="pin_ends_with_the_work",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT NEW.is_active)",
                    func="DELETE FROM shops_pin WHERE membership_id = NEW.id; RETURN NULL;",
                    hash="11389bcd330eceb6e186620642730d4d9a8db2d6",
                    operation='UPDATE OF "is_active"',
                    pgid="pgtrigger_pin_ends_with_the_work_dcdbe",
                    table="shops_membership",
                    when="AFTER",
                ),
            ),
        ),
    ]
