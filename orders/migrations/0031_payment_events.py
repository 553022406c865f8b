import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import smartkirana.db_rules


class Migration(migrations.Migration):
    """Claims are seen or fail by events; a payment's state is what its last event says."""

    dependencies = [
        ("orders", "0030_payment_mark"),
        ("shops", "0003_owners_and_counter_codes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PaymentEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("seen", "Seen"), ("failed", "Never came")], max_length=8)),
                (
                    "was",
                    models.CharField(
                        choices=[("claimed", "Claimed"), ("seen", "Seen"), ("failed", "Failed")], max_length=8, verbose_name="state before"
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("cashier", "at the counter"),
                            ("soundbox", "by the soundbox"),
                            ("owner", "in the bank's app"),
                            ("statement", "in the bank statement"),
                        ],
                        max_length=9,
                        verbose_name="found out",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("day", models.DateField(verbose_name="day of the books")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="payment",
            name="append_only",
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("reverses", None), ("state", "claimed")), fields=["shop", "-at", "-id"], name="orders_payment_unseen"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="payment",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'orders_payment: rows are never deleted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_payment_never_deleted';",
                    hash="f781cbb19dd8d606e97dd851f329e28922e3fb80",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_8b407",
                    table="orders_payment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="payment",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF (to_jsonb(NEW) - ARRAY['state']) IS DISTINCT FROM\n               (to_jsonb(OLD) - ARRAY['state']) THEN\n                RAISE EXCEPTION 'orders_payment: an issued row keeps what was printed' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_payment_frozen';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="93930028b2b6a18826eaeb1484ee909cb129099e",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_c8803",
                    table="orders_payment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="payment",
            trigger=pgtrigger.compiler.Trigger(
                name="state_by_events",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NEW.state <> OLD.state AND pg_trigger_depth() < 2 THEN\n                        RAISE EXCEPTION 'a payment changes its state only by an event' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_payment_state_by_events';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="35a581a56230f598b1e9eb333d5fbc9ef0a3b6dd",
                    operation='UPDATE OF "state"',
                    pgid="pgtrigger_state_by_events_50a55",
                    table="orders_payment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="payment",
            trigger=pgtrigger.compiler.Trigger(
                name="starts_claimed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.state <> 'claimed' AND NEW.method IN ('upi', 'card', 'bank') AND NEW.reverses_id IS NULL)",
                    func="RAISE EXCEPTION 'UPI, card and bank money is claimed until an event says more' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_payment_starts_claimed';",
                    hash="ca727855bceef354cbc57151278f0c9fe0ac71b4",
                    operation="INSERT",
                    pgid="pgtrigger_starts_claimed_690eb",
                    table="orders_payment",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "seen"), ("method__in", ["upi", "card", "bank"]), _connector="OR"),
                name="orders_payment_cash_is_seen",
            ),
        ),
        migrations.AddField(
            model_name="paymentevent",
            name="by",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="paymentevent",
            name="payment",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="events", to="orders.payment"
            ),
        ),
        migrations.AddField(
            model_name="paymentevent",
            name="shop",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="payment_events", to="shops.shop"
            ),
        ),
        migrations.AddIndex(
            model_name="paymentevent",
            index=models.Index(fields=["shop", "-id"], name="orders_paymentevent_newest"),
        ),
        migrations.AddConstraint(
            model_name="paymentevent",
            constraint=smartkirana.db_rules.SameShop(field="payment", name="orders_paymentevent_payment_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="paymentevent",
            constraint=models.UniqueConstraint(fields=("payment", "kind"), name="orders_paymentevent_once"),
        ),
        migrations.AddConstraint(
            model_name="paymentevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", models.F("was")), _negated=True), name="orders_paymentevent_changes"
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentevent",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("kind", "failed"), _negated=True), models.Q(("note", ""), _negated=True), _connector="OR"),
                name="orders_paymentevent_note",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paymentevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'orders_paymentevent: written rows are never changed or deleted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_paymentevent_append_only';",
                    hash="1136e7a9bf1f978284b75d1e1dcbad14b62497c9",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_0064d",
                    table="orders_paymentevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paymentevent",
            trigger=pgtrigger.compiler.Trigger(
                name="move_payment",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    UPDATE orders_payment SET state = NEW.kind\n                     WHERE id = NEW.payment_id AND state = NEW.was AND method IN ('upi', 'card', 'bank') AND reverses_id IS NULL\n                       AND NOT EXISTS (SELECT FROM orders_payment AS back WHERE back.reverses_id = NEW.payment_id);\n                    IF NOT FOUND THEN\n                        RAISE EXCEPTION 'no claimed payment of a bill that stands is in that state' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_paymentevent_fits';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="57f105a805a73ad56fd83ed4d331041c5ef2b2b5",
                    operation="INSERT",
                    pgid="pgtrigger_move_payment_60c31",
                    table="orders_paymentevent",
                    when="AFTER",
                ),
            ),
        ),
    ]
