from decimal import Decimal

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.lookups
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import smartkirana.db_rules


class Migration(migrations.Migration):
    """Shifts at the counters, and what goes into drawers and out of them."""

    dependencies = [
        ("inventory", "0016_paid_out_of_a_drawer"),
        ("orders", "0050_credit_notes"),
        ("shops", "0020_drawers_and_closed_days"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="tillevent",
            name="kind",
            field=models.CharField(
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
                    ("drawer_counted", "Drawer counted"),
                ],
                max_length=16,
                verbose_name="what",
            ),
        ),
        migrations.CreateModel(
            name="DrawerEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("opened", "Shift opened"), ("moved", "Put in or taken out"), ("closed", "Shift ended")],
                        max_length=6,
                        verbose_name="what",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("milk", "Milk"),
                            ("tea", "Tea and snacks"),
                            ("supplier", "Paid to a supplier"),
                            ("owner_took", "Owner took"),
                            ("to_safe", "Put into the safe or taken home"),
                            ("to_bank", "Taken to the bank"),
                            ("other_out", "Other, taken out"),
                            ("from_safe", "Change from the safe or home"),
                            ("from_bank", "Fetched from the bank"),
                            ("owner_gave", "Owner put in"),
                            ("other_in", "Other, put in"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=200, verbose_name="in words")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=13, verbose_name="amount ₹")),
                ("expected", models.DecimalField(blank=True, decimal_places=2, max_digits=13, null=True, verbose_name="should be ₹")),
                ("counted", models.DecimalField(blank=True, decimal_places=2, max_digits=13, null=True, verbose_name="counted ₹")),
                (
                    "difference",
                    models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=13, verbose_name="over (+) or short (−) ₹"),
                ),
                ("safe", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=13, verbose_name="into the safe ₹")),
                ("notes", models.JSONField(blank=True, default=dict, verbose_name="notes and coins")),
                ("request_key", models.UUIDField(blank=True, null=True, verbose_name="request key")),
                ("day", models.DateField(verbose_name="day of the books")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="opened")),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="ended")),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddIndex(
            model_name="orderevent",
            index=models.Index(fields=["shop", "day", "id"], name="orders_orderevent_day"),
        ),
        migrations.AddField(
            model_name="drawerevent",
            name="by",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="drawerevent",
            name="counter",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="drawer_events",
                to="shops.counter",
            ),
        ),
        migrations.AddField(
            model_name="drawerevent",
            name="paper",
            field=models.OneToOneField(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="drawer_event",
                to="inventory.stockdocument",
            ),
        ),
        migrations.AddField(
            model_name="drawerevent",
            name="shop",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="drawer_events", to="shops.shop"
            ),
        ),
        migrations.AddField(
            model_name="shift",
            name="cashier",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="shift",
            name="counter",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="shops.counter"
            ),
        ),
        migrations.AddField(
            model_name="shift",
            name="shop",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="shops.shop"),
        ),
        migrations.AddField(
            model_name="drawerevent",
            name="shift",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="orders.shift",
            ),
        ),
        migrations.AddIndex(
            model_name="shift",
            index=models.Index(fields=["shop", "-id"], name="orders_shift_newest"),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.UniqueConstraint(fields=("shop", "id"), name="orders_shift_shop_key"),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=smartkirana.db_rules.SameShop(field="counter", name="orders_shift_counter_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)), fields=("shop", "counter"), name="orders_shift_one_open"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shift",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'orders_shift: rows are never deleted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_shift_never_deleted';",
                    hash="a08fb36e91ffbc988b48b81e16358b4c408e953f",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_cee67",
                    table="orders_shift",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shift",
            trigger=pgtrigger.compiler.Trigger(
                name="ends_by_event",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF TG_OP = 'INSERT' THEN\n                        IF NEW.closed_at IS NOT NULL THEN\n                            RAISE EXCEPTION 'a shift starts open' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_shift_starts_open';\n                        END IF;\n                    ELSIF pg_trigger_depth() < 2 OR (to_jsonb(NEW) - 'closed_at') IS DISTINCT FROM (to_jsonb(OLD) - 'closed_at') THEN\n                        RAISE EXCEPTION 'a shift ends only by an event, the rest never changes' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_shift_frozen';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="242bd4bb867681ea55749626e413779b74223cd4",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_ends_by_event_094fe",
                    table="orders_shift",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="drawerevent",
            index=models.Index(fields=["shop", "day", "id"], name="orders_drawerevent_day"),
        ),
        migrations.AddIndex(
            model_name="drawerevent",
            index=models.Index(fields=["shop", "counter", "-id"], name="orders_drawerevent_newest"),
        ),
        migrations.AddConstraint(
            model_name="drawerevent",
            constraint=smartkirana.db_rules.SameShop(field="counter", name="orders_drawerevent_counter_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="drawerevent",
            constraint=smartkirana.db_rules.SameShop(field="shift", name="orders_drawerevent_shift_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="drawerevent",
            constraint=smartkirana.db_rules.SameShop(field="paper", name="orders_drawerevent_paper_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="drawerevent",
            constraint=models.UniqueConstraint(fields=("shop", "request_key"), name="orders_drawerevent_once"),
        ),
        migrations.AddConstraint(
            model_name="drawerevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "moved"), _negated=True), fields=("shift", "kind"), name="orders_drawerevent_shift_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="drawerevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("counted", None),
                        ("difference", 0),
                        ("expected", None),
                        ("kind", "moved"),
                        ("safe", 0),
                        models.Q(("reason", ""), _negated=True),
                        models.Q(("amount", 0), _negated=True),
                    ),
                    models.Q(
                        models.Q(("kind", "moved"), _negated=True),
                        ("counter__isnull", False),
                        ("expected__isnull", False),
                        ("paper", None),
                        ("reason", ""),
                        ("shift__isnull", False),
                        models.Q(
                            models.Q(("counted", None), ("difference", 0), ("kind", "closed")),
                            ("counted", django.db.models.expressions.CombinedExpression(models.F("expected"), "+", models.F("difference"))),
                            _connector="OR",
                        ),
                        ("amount", django.db.models.expressions.CombinedExpression(models.F("difference"), "-", models.F("safe"))),
                    ),
                    _connector="OR",
                ),
                name="orders_drawerevent_of_its_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="drawerevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "moved"), _negated=True),
                    models.Q(
                        ("amount__lt", 0), ("reason__in", ["milk", "tea", "supplier", "owner_took", "to_safe", "to_bank", "other_out"])
                    ),
                    models.Q(("amount__gt", 0), ("reason__in", ["from_safe", "from_bank", "owner_gave", "other_in"])),
                    _connector="OR",
                ),
                name="orders_drawerevent_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="drawerevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("counter__isnull", False),
                    models.Q(("reason__in", ["supplier", "to_safe", "from_safe"]), _negated=True),
                    _connector="OR",
                ),
                name="orders_drawerevent_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="drawerevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("paper__isnull", True), ("reason", "supplier"), _connector="XOR"), name="orders_drawerevent_paper_pays"
            ),
        ),
        migrations.AddConstraint(
            model_name="drawerevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason__in", ["other_out", "other_in"]), _negated=True),
                    models.Q(("words", ""), _negated=True),
                    _connector="OR",
                ),
                name="orders_drawerevent_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="drawerevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("counted", None), ("counted__gte", 0), _connector="OR"), name="orders_drawerevent_counted"
            ),
        ),
        migrations.AddConstraint(
            model_name="drawerevent",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(
                    models.Func(models.F("notes"), function="jsonb_typeof", output_field=models.TextField()), "object"
                ),
                name="orders_drawerevent_notes",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="drawerevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'orders_drawerevent: written rows are never changed or deleted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_drawerevent_append_only';",
                    hash="bcbe1c0b3c862729621c0a1a942f628efd41d95f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_31b67",
                    table="orders_drawerevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="drawerevent",
            trigger=pgtrigger.compiler.Trigger(
                name="end_shift",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.kind = 'closed')",
                    func="\n                    UPDATE orders_shift SET closed_at = NEW.at\n                     WHERE id = NEW.shift_id AND shop_id = NEW.shop_id AND counter_id = NEW.counter_id AND closed_at IS NULL;\n                    IF NOT FOUND THEN\n                        RAISE EXCEPTION 'no open shift of this counter to end' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_drawerevent_shift_is_open';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="1598e90714993e18b0b09f41376e78eae585ea7c",
                    operation="INSERT",
                    pgid="pgtrigger_end_shift_fee8c",
                    table="orders_drawerevent",
                    when="AFTER",
                ),
            ),
        ),
    ]
