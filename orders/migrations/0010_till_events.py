import uuid

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.lookups
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import smartkirana.db_rules


class Migration(migrations.Migration):
    """What happens at a counter besides its bills."""

    dependencies = [("orders", "0003_customer_price_list"), ("shops", "0005_counter_rules")]

    operations = [
        migrations.CreateModel(
            name="TillEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("line_removed", "Line removed"),
                            ("line_reduced", "Quantity lowered"),
                            ("bill_voided", "Open bill cancelled"),
                            ("price_changed", "Rate changed"),
                            ("discount_given", "Discount given"),
                            ("no_sale", "Drawer without a sale"),
                            ("drawer_opened", "Drawer opened"),
                            ("reprint", "Printed again"),
                            ("locked", "Locked"),
                            ("switched", "Unlocked or taken over"),
                            ("approval", "Approved"),
                            ("pin_wrong", "Wrong PIN"),
                            ("pin_locked", "PIN locked"),
                            ("pin_set", "PIN set"),
                            ("pin_cleared", "PIN cleared"),
                            ("rules_changed", "Counter rules changed"),
                        ],
                        max_length=16,
                        verbose_name="what",
                    ),
                ),
                ("request_key", models.UUIDField(blank=True, null=True, verbose_name="request key of the bill")),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=13, null=True, verbose_name="amount ₹")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("details", models.JSONField(blank=True, default=dict, verbose_name="details")),
                ("client_id", models.UUIDField(default=uuid.uuid4, verbose_name="id given by the device")),
                ("day", models.DateField(verbose_name="date")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                ("at_device", models.DateTimeField(blank=True, null=True, verbose_name="by the device’s clock")),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "counter",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="till_events",
                        to="shops.counter",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="till_events", to="shops.shop"
                    ),
                ),
                (
                    "signed_in",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "counter event",
                "ordering": ["id"],
            },
        ),
        migrations.AddIndex(
            model_name="tillevent",
            index=models.Index(fields=["shop", "-id"], name="orders_tillevent_newest"),
        ),
        migrations.AddIndex(
            model_name="tillevent",
            index=models.Index(fields=["shop", "day", "id"], name="orders_tillevent_day"),
        ),
        migrations.AddConstraint(
            model_name="tillevent",
            constraint=smartkirana.db_rules.SameShop(field="counter", name="orders_tillevent_counter_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="tillevent",
            constraint=models.UniqueConstraint(fields=("shop", "client_id"), name="orders_tillevent_once"),
        ),
        migrations.AddConstraint(
            model_name="tillevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", None), ("amount__gte", 0), _connector="OR"), name="orders_tillevent_amount"
            ),
        ),
        migrations.AddConstraint(
            model_name="tillevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.Exact(
                        models.Func(models.F("details"), function="jsonb_typeof", output_field=models.TextField()), "object"
                    ),
                    django.db.models.lookups.LessThanOrEqual(
                        models.Func(
                            django.db.models.functions.comparison.Cast("details", models.TextField()),
                            function="octet_length",
                            output_field=models.IntegerField(),
                        ),
                        1000,
                    ),
                ),
                name="orders_tillevent_details",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tillevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'orders_tillevent: written rows are never changed or deleted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_tillevent_append_only';",
                    hash="c6aa37ef0677adaf7c5030d1dc55dd22d4c1eba1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_64298",
                    table="orders_tillevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
