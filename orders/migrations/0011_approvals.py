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
    """What a cashier may not do alone, let pass by somebody's PIN."""

    dependencies = [("orders", "0010_till_events")]

    operations = [
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, verbose_name="id")),
                ("request_key", models.UUIDField(verbose_name="request key of the bill")),
                ("percent", models.DecimalField(decimal_places=2, default=0, max_digits=5, verbose_name="discount up to %")),
                ("rate", models.BooleanField(default=False, verbose_name="another rate")),
                ("khata", models.DecimalField(blank=True, decimal_places=2, max_digits=13, null=True, verbose_name="khata up to ₹")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                (
                    "approved_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="shops.membership",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "counter",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="shops.counter",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="shops.shop"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["shop", "request_key"], name="orders_approval_of_bill")],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="orders_approval_shop_key"),
                    smartkirana.db_rules.SameShop(field="counter", name="orders_approval_counter_same_shop"),
                    smartkirana.db_rules.SameShop(field="approved_by", name="orders_approval_approved_by_same_shop"),
                    models.UniqueConstraint(fields=("shop", "public_id"), name="orders_approval_once"),
                    models.CheckConstraint(condition=models.Q(("percent__gte", 0), ("percent__lte", 100)), name="orders_approval_percent"),
                    models.CheckConstraint(
                        condition=models.Q(("khata", None), ("khata__gte", 0), _connector="OR"), name="orders_approval_khata"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gt", 0), ("rate", True), ("khata__isnull", False), _connector="OR"),
                        name="orders_approval_of_something",
                    ),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="orders_approval_reason"),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="approval",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'orders_approval: written rows are never changed or deleted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_approval_append_only';",
                    hash="8d63f7d5481fe427cd443b2d760db872868bd804",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_31d6d",
                    table="orders_approval",
                    when="BEFORE",
                ),
            ),
        ),
    ]
