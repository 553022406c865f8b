from decimal import Decimal

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import smartkirana.db_rules


class Migration(migrations.Migration):
    """Numbered, chained khata entries; money for a khata stands among the payments; every payment names its counter."""

    dependencies = [
        ("orders", "0032_number_series_moves"),
        ("shops", "0012_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KhataEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(editable=False, verbose_name="no.")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opening", "Opening balance"),
                            ("sale", "Bill on khata"),
                            ("cancelled", "Bill cancelled"),
                            ("returned", "Goods returned"),
                            ("payment", "You got"),
                            ("discount", "Let off"),
                            ("gave", "You gave"),
                            ("written_off", "Written off"),
                            ("claim_failed", "Payment never came"),
                            ("claim_came", "Payment came after all"),
                            ("reversal", "Reversed"),
                        ],
                        max_length=12,
                        verbose_name="what",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=13, verbose_name="amount ₹")),
                ("balance", models.DecimalField(decimal_places=2, editable=False, max_digits=13, verbose_name="balance ₹")),
                ("open", models.DecimalField(decimal_places=2, editable=False, max_digits=13, verbose_name="open ₹")),
                ("day", models.DateField(verbose_name="day of the books")),
                ("since", models.DateField(verbose_name="owed since")),
                ("due", models.DateField(blank=True, null=True, verbose_name="to be paid by")),
                ("receipt", models.CharField(blank=True, max_length=16, verbose_name="receipt")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("request_key", models.UUIDField(blank=True, editable=False, null=True, verbose_name="key of the form it came from")),
                ("code", models.CharField(editable=False, max_length=64, verbose_name="check code")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
            ],
            options={
                "verbose_name": "khata entry",
                "verbose_name_plural": "khata entries",
                "ordering": ["customer", "number"],
            },
        ),
        migrations.CreateModel(
            name="KhataMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("limit", models.DecimalField(blank=True, decimal_places=2, max_digits=13, null=True, verbose_name="own limit ₹")),
                ("is_active", models.BooleanField(default=True, verbose_name="may take goods")),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="KhataSettlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=13, verbose_name="amount ₹")),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="payment",
            name="starts_claimed",
        ),
        migrations.RemoveConstraint(
            model_name="payment",
            name="orders_payment_amount",
        ),
        migrations.AddField(
            model_name="customer",
            name="khata_balance",
            field=models.DecimalField(
                decimal_places=2, default=Decimal("0.00"), editable=False, max_digits=13, verbose_name="balance after it ₹"
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="khata_code",
            field=models.CharField(blank=True, editable=False, max_length=64, verbose_name="its check code"),
        ),
        migrations.AddField(
            model_name="customer",
            name="khata_number",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="last khata entry"),
        ),
        migrations.AddField(
            model_name="payment",
            name="counter",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="shops.counter",
            ),
        ),
        migrations.RunSQL(
            # Whose drawer the money of old bills lies in: the bill's counter's. The frozen rows gain a column, nothing that was said changes.
            """
            ALTER TABLE orders_payment DISABLE TRIGGER USER;
            UPDATE orders_payment AS payment SET counter_id = bill.counter_id FROM orders_order AS bill WHERE bill.id = payment.order_id;
            ALTER TABLE orders_payment ENABLE TRIGGER USER;
            """,
            "",
        ),
        migrations.AddField(
            model_name="payment",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="orders.customer",
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="order",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="orders.order",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("customer__isnull", False)), fields=["shop", "customer", "-id"], name="orders_payment_of_khata"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customer",
            trigger=pgtrigger.compiler.Trigger(
                name="khata_by_entries",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF pg_trigger_depth() < 2 AND (NEW.khata_number, NEW.khata_balance, NEW.khata_code)\n                       IS DISTINCT FROM (OLD.khata_number, OLD.khata_balance, OLD.khata_code) THEN\n                        RAISE EXCEPTION 'a khata changes only by an entry' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_customer_khata_by_entries';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="5de0c0ccecccaaf809f4cb729d5995623bf3d2cb",
                    operation='UPDATE OF "khata_number", "khata_balance", "khata_code"',
                    pgid="pgtrigger_khata_by_entries_63877",
                    table="orders_customer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customer",
            trigger=pgtrigger.compiler.Trigger(
                name="khata_agrees",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\n                    IF EXISTS (SELECT 1 FROM orders_customer WHERE id = NEW.id AND outstanding <> khata_balance) THEN\n                        RAISE EXCEPTION 'what is posted for a customer and the entries of the khata differ' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_customer_khata_agrees';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="496084ce5ebb190108a77ccf84fe1ce9908c7a7f",
                    operation='UPDATE OF "outstanding", "khata_balance"',
                    pgid="pgtrigger_khata_agrees_22439",
                    table="orders_customer",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="payment",
            trigger=pgtrigger.compiler.Trigger(
                name="starts_claimed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.state <> 'claimed' AND NEW.method IN ('upi', 'card', 'bank') AND NEW.reverses_id IS NULL AND NEW.amount > 0)",
                    func="RAISE EXCEPTION 'UPI, card and bank money is claimed until an event says more' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_payment_starts_claimed';",
                    hash="0f195875dcd69ce6f6e5848de22679263c9ebed4",
                    operation="INSERT",
                    pgid="pgtrigger_starts_claimed_690eb",
                    table="orders_payment",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=smartkirana.db_rules.SameShop(field="customer", name="orders_payment_customer_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=smartkirana.db_rules.SameShop(field="counter", name="orders_payment_counter_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gt", 0), ("customer", None), ("order__isnull", False), ("reverses", None)),
                    models.Q(("amount__lt", 0), ("customer", None), ("order__isnull", False), ("reverses__isnull", False)),
                    models.Q(
                        ("customer__isnull", False),
                        ("order", None),
                        models.Q(("amount", 0), _negated=True),
                        models.Q(("method", "khata"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="orders_payment_amount",
            ),
        ),
        migrations.AddField(
            model_name="khataentry",
            name="by",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="khataentry",
            name="customer",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="orders.customer",
            ),
        ),
        migrations.AddField(
            model_name="khataentry",
            name="order",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="khata_entries",
                to="orders.order",
            ),
        ),
        migrations.AddField(
            model_name="khataentry",
            name="payment",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="khata_entries",
                to="orders.payment",
            ),
        ),
        migrations.AddField(
            model_name="khataentry",
            name="reverses",
            field=models.OneToOneField(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reversed_by",
                to="orders.khataentry",
            ),
        ),
        migrations.AddField(
            model_name="khataentry",
            name="shop",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="khata_entries", to="shops.shop"
            ),
        ),
        migrations.AddField(
            model_name="khatamember",
            name="customer",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="members", to="orders.customer"
            ),
        ),
        migrations.AddField(
            model_name="khatamember",
            name="shop",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="khata_members", to="shops.shop"
            ),
        ),
        migrations.AddField(
            model_name="khataentry",
            name="member",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="orders.khatamember",
                verbose_name="taken by",
            ),
        ),
        migrations.AddField(
            model_name="khatasettlement",
            name="because",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="settlements", to="orders.khataentry"
            ),
        ),
        migrations.AddField(
            model_name="khatasettlement",
            name="customer",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orders.customer"
            ),
        ),
        migrations.AddField(
            model_name="khatasettlement",
            name="owed",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="settled_by", to="orders.khataentry"
            ),
        ),
        migrations.AddField(
            model_name="khatasettlement",
            name="paid",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="settles", to="orders.khataentry"
            ),
        ),
        migrations.AddField(
            model_name="khatasettlement",
            name="shop",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="khata_settlements", to="shops.shop"
            ),
        ),
        migrations.AddConstraint(
            model_name="khatamember",
            constraint=models.UniqueConstraint(fields=("shop", "id"), name="orders_khatamember_shop_key"),
        ),
        migrations.AddConstraint(
            model_name="khatamember",
            constraint=smartkirana.db_rules.SameShop(field="customer", name="orders_khatamember_customer_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="khatamember",
            constraint=models.UniqueConstraint(fields=("shop", "id", "customer"), name="orders_khatamember_customer_key"),
        ),
        migrations.AddConstraint(
            model_name="khatamember",
            constraint=models.UniqueConstraint(
                fields=("customer", "name"),
                name="orders_khatamember_name",
                violation_error_message="Somebody of this name stands in the household already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="khatamember",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="orders_khatamember_named"),
        ),
        migrations.AddConstraint(
            model_name="khatamember",
            constraint=models.CheckConstraint(
                condition=models.Q(("limit", None), ("limit__gte", 0), _connector="OR"), name="orders_khatamember_limit"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="khatamember",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'orders_khatamember: rows are never deleted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_khatamember_never_deleted';",
                    hash="4d9957ad46fa828b15599a92efa38275e6e54742",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_a7202",
                    table="orders_khatamember",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="khataentry",
            index=models.Index(
                condition=models.Q(("open", 0), _negated=True),
                fields=["shop", "customer", "since"],
                include=("open",),
                name="orders_khata_open",
            ),
        ),
        migrations.AddIndex(
            model_name="khataentry",
            index=models.Index(fields=["shop", "day", "id"], name="orders_khata_day"),
        ),
        migrations.AddConstraint(
            model_name="khataentry",
            constraint=models.UniqueConstraint(fields=("shop", "id"), name="orders_khataentry_shop_key"),
        ),
        migrations.AddConstraint(
            model_name="khataentry",
            constraint=smartkirana.db_rules.SameShop(field="customer", name="orders_khataentry_customer_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="khataentry",
            constraint=smartkirana.db_rules.SameShop(also=("customer_id",), field="member", name="orders_khataentry_member_same_customer"),
        ),
        migrations.AddConstraint(
            model_name="khataentry",
            constraint=smartkirana.db_rules.SameShop(field="order", name="orders_khataentry_order_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="khataentry",
            constraint=smartkirana.db_rules.SameShop(field="payment", name="orders_khataentry_payment_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="khataentry",
            constraint=smartkirana.db_rules.SameShop(
                also=("customer_id",), field="reverses", name="orders_khataentry_reverses_same_customer"
            ),
        ),
        migrations.AddConstraint(
            model_name="khataentry",
            constraint=models.UniqueConstraint(fields=("shop", "id", "customer"), name="orders_khataentry_customer_key"),
        ),
        migrations.AddConstraint(
            model_name="khataentry",
            constraint=models.UniqueConstraint(fields=("customer", "number"), name="orders_khataentry_number"),
        ),
        migrations.AddConstraint(
            model_name="khataentry",
            constraint=models.UniqueConstraint(fields=("shop", "request_key"), name="orders_khataentry_request_key"),
        ),
        migrations.AddConstraint(
            model_name="khataentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("receipt", ""), _negated=True), fields=("shop", "receipt"), name="orders_khataentry_receipt"
            ),
        ),
        migrations.AddConstraint(
            model_name="khataentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["sale", "cancelled"])), fields=("order", "kind"), name="orders_khataentry_bill_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="khataentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("kind", "reversal"), _negated=True), ("payment__isnull", False)),
                fields=("payment", "kind"),
                name="orders_khataentry_payment_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="khataentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "opening")), fields=("customer",), name="orders_khataentry_opening_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="khataentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gt", 0), ("kind__in", ["sale", "gave", "claim_failed"])),
                    models.Q(
                        ("amount__lt", 0), ("kind__in", ["cancelled", "returned", "payment", "discount", "written_off", "claim_came"])
                    ),
                    models.Q(("kind__in", ["opening", "reversal"]), models.Q(("amount", 0), _negated=True)),
                    _connector="OR",
                ),
                name="orders_khataentry_sign",
            ),
        ),
        migrations.AddConstraint(
            model_name="khataentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gte", 0), ("open__gte", 0), ("open__lte", models.F("amount"))),
                    models.Q(("amount__lt", 0), ("open__gte", models.F("amount")), ("open__lte", 0)),
                    _connector="OR",
                ),
                name="orders_khataentry_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="khataentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["sale", "cancelled"]), ("order__isnull", False), ("reverses", None)),
                    models.Q(("kind", "returned"), ("order__isnull", False), ("payment__isnull", False), ("reverses", None)),
                    models.Q(
                        ("kind__in", ["payment", "gave", "claim_failed", "claim_came"]), ("payment__isnull", False), ("reverses", None)
                    ),
                    models.Q(("kind__in", ["opening", "discount", "written_off"]), ("order", None), ("payment", None), ("reverses", None)),
                    models.Q(("kind", "reversal"), ("reverses__isnull", False), models.Q(("note", ""), _negated=True)),
                    _connector="OR",
                ),
                name="orders_khataentry_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="khataentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "written_off"), _negated=True), models.Q(("note", ""), _negated=True), _connector="OR"
                ),
                name="orders_khataentry_reason",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="khataentry",
            trigger=pgtrigger.compiler.Trigger(
                name="chain",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE head RECORD; undone RECORD;",
                    func="\n                    SELECT khata_number, khata_balance, khata_code INTO head FROM orders_customer\n                     WHERE id = NEW.customer_id AND shop_id = NEW.shop_id FOR NO KEY UPDATE;\n                    IF NOT FOUND THEN\n                        RAISE EXCEPTION 'no such customer in this shop' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_khataentry_customer_same_shop';\n                    END IF;\n                    IF NEW.reverses_id IS NOT NULL THEN\n                        SELECT kind, amount INTO undone FROM orders_khataentry WHERE id = NEW.reverses_id;\n                        IF undone.kind NOT IN ('opening', 'payment', 'discount', 'gave', 'written_off') OR undone.amount <> -NEW.amount THEN\n                            RAISE EXCEPTION 'only an act of the khata itself is reversed, and whole' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_khataentry_reverses';\n                        END IF;\n                    END IF;\n                    NEW.number := head.khata_number + 1;\n                    NEW.balance := head.khata_balance + NEW.amount;\n                    NEW.open := NEW.amount;\n                    NEW.code := encode(sha256(convert_to(concat_ws('|', 'khata 1', NEW.shop_id, NEW.customer_id, NEW.number, NEW.kind, NEW.amount, NEW.balance,\n        to_char(NEW.day, 'YYYY-MM-DD'), to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'),\n        coalesce(NEW.member_id::text, ''), coalesce(NEW.order_id::text, ''), coalesce(NEW.payment_id::text, ''),\n        coalesce(NEW.reverses_id::text, ''), NEW.by_id, NEW.receipt, NEW.note, head.khata_code), 'UTF8')), 'hex');\n                    UPDATE orders_customer SET khata_number = NEW.number, khata_balance = NEW.balance, khata_code = NEW.code\n                     WHERE id = NEW.customer_id;\n                    RETURN NEW;\n                ",
                    hash="77880cfbf5e8d731887a91247faa0ef5993e0bd7",
                    operation="INSERT",
                    pgid="pgtrigger_chain_c0192",
                    table="orders_khataentry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="khataentry",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF pg_trigger_depth() < 2 OR (to_jsonb(NEW) - 'open') IS DISTINCT FROM (to_jsonb(OLD) - 'open') THEN\n                        RAISE EXCEPTION 'what is open changes only by a settlement, the rest never' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_khataentry_frozen';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="dd20db4df177ece7e59a0d2a2e35daeafbd49aa4",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_35d76",
                    table="orders_khataentry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="khataentry",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'orders_khataentry: rows are never deleted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_khataentry_never_deleted';",
                    hash="af30876cf6743ff4723c6a29ca8f7df1b77d8e82",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_0ce99",
                    table="orders_khataentry",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="khatasettlement",
            constraint=smartkirana.db_rules.SameShop(also=("customer_id",), field="owed", name="orders_khatasettlement_owed_same_customer"),
        ),
        migrations.AddConstraint(
            model_name="khatasettlement",
            constraint=smartkirana.db_rules.SameShop(also=("customer_id",), field="paid", name="orders_khatasettlement_paid_same_customer"),
        ),
        migrations.AddConstraint(
            model_name="khatasettlement",
            constraint=smartkirana.db_rules.SameShop(
                also=("customer_id",), field="because", name="orders_khatasettlement_because_same_customer"
            ),
        ),
        migrations.AddConstraint(
            model_name="khatasettlement",
            constraint=models.CheckConstraint(condition=models.Q(("amount", 0), _negated=True), name="orders_khatasettlement_amount"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="khatasettlement",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'orders_khatasettlement: written rows are never changed or deleted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_khatasettlement_append_only';",
                    hash="c0435646173420ae2a7effd4253f569e268e7163",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_98ff4",
                    table="orders_khatasettlement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="khatasettlement",
            trigger=pgtrigger.compiler.Trigger(
                name="settle",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    UPDATE orders_khataentry AS entry SET open = entry.open + moved.amount\n                      FROM (SELECT id, sum(amount) AS amount\n                              FROM (SELECT owed_id AS id, -amount AS amount FROM new_rows\n                                    UNION ALL SELECT paid_id, amount FROM new_rows) AS both_sides\n                             GROUP BY id) AS moved\n                     WHERE entry.id = moved.id AND moved.amount <> 0;\n                    RETURN NULL;\n                ",
                    hash="8ea66e0993700e24204f00c553a4fd3a66fac4ea",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_settle_c5f0e",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="orders_khatasettlement",
                    when="AFTER",
                ),
            ),
        ),
    ]
