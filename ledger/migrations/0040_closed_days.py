import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import smartkirana.db_rules

# Cash of bills made before drawers were known by counter.
DRAWERS = """
ALTER TABLE ledger_posting DISABLE TRIGGER USER;
UPDATE ledger_posting AS posting SET counter_id = bill.counter_id
  FROM ledger_account AS account, ledger_journalentry AS entry, orders_orderevent AS event, orders_order AS bill
 WHERE account.id = posting.account_id AND account.code = '1001' AND entry.id = posting.entry_id AND entry.source_kind = 'order'
   AND event.shop_id = entry.shop_id AND event.id = entry.source_id AND bill.id = event.order_id;
ALTER TABLE ledger_posting ENABLE TRIGGER USER;
ALTER TABLE shops_counter DISABLE TRIGGER USER;
UPDATE shops_counter AS counter SET cash = drawer.cash
  FROM (SELECT counter_id, sum(debit - credit) AS cash FROM ledger_posting WHERE counter_id IS NOT NULL GROUP BY counter_id) AS drawer
 WHERE counter.id = drawer.counter_id;
ALTER TABLE shops_counter ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    """Whose drawer cash lies in, and days that are closed."""

    dependencies = [
        ("inventory", "0016_paid_out_of_a_drawer"),
        ("ledger", "0020_khata_source"),
        ("orders", "0060_shifts"),
        ("shops", "0020_drawers_and_closed_days"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DayClose",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="Z number")),
                ("day", models.DateField(verbose_name="day")),
                ("after", models.DateField(blank=True, null=True, verbose_name="closed before")),
                ("entries", models.PositiveIntegerField(verbose_name="journal entries")),
                ("previous", models.CharField(blank=True, max_length=64, verbose_name="seal before")),
                ("seal", models.CharField(max_length=64, verbose_name="seal")),
                ("figures", models.JSONField(verbose_name="Z report")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
            ],
            options={
                "verbose_name": "closed day",
                "ordering": ["-number"],
            },
        ),
        migrations.AddField(
            model_name="posting",
            name="counter",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="postings",
                to="shops.counter",
            ),
        ),
        migrations.RunSQL(DRAWERS, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="journalentry",
            name="source_kind",
            field=models.CharField(
                choices=[
                    ("order", "Bill"),
                    ("stock", "Stock"),
                    ("payment", "Payment seen or failed"),
                    ("khata", "Khata"),
                    ("drawer", "Drawer"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(
                condition=models.Q(("counter__isnull", False)),
                fields=["shop", "counter", "date", "id"],
                include=("debit", "credit"),
                name="ledger_posting_by_counter",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="journalentry",
            trigger=pgtrigger.compiler.Trigger(
                name="day_is_open",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE sealed date;",
                    func="\n                    SELECT sealed_until INTO sealed FROM shops_shop WHERE id = NEW.shop_id FOR KEY SHARE;\n                    IF NEW.date <= sealed THEN\n                        RAISE EXCEPTION 'the books of that day are closed' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_journalentry_day_is_open';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="4b2396bdc8421a177fa53cbc92a0ab8edd09b096",
                    operation="INSERT",
                    pgid="pgtrigger_day_is_open_2f643",
                    table="ledger_journalentry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="posting",
            trigger=pgtrigger.compiler.Trigger(
                name="add_to_drawer",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    UPDATE shops_counter AS counter SET cash = counter.cash + p.change\n                      FROM (SELECT counter_id, sum(debit - credit) AS change FROM new_rows WHERE counter_id IS NOT NULL GROUP BY counter_id) AS p\n                     WHERE counter.id = p.counter_id;\n                    RETURN NULL;\n                ",
                    hash="82bb81b53ba722a3be6325a8b756a8fa9075ec20",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_add_to_drawer_fbec9",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="ledger_posting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="posting",
            trigger=pgtrigger.compiler.Trigger(
                name="day_is_open",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF EXISTS (SELECT FROM new_rows JOIN shops_shop AS shop ON shop.id = new_rows.shop_id\n                                WHERE new_rows.date <= shop.sealed_until) THEN\n                        RAISE EXCEPTION 'the books of that day are closed' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_posting_day_is_open';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="8c845cd1521fb21dc14f924ad3ab15dae1c99d8b",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_day_is_open_80b47",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="ledger_posting",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=smartkirana.db_rules.SameShop(field="counter", name="ledger_posting_counter_same_shop"),
        ),
        migrations.AddField(
            model_name="dayclose",
            name="by",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="dayclose",
            name="shop",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="day_closes", to="shops.shop"
            ),
        ),
        migrations.AddConstraint(
            model_name="dayclose",
            constraint=models.UniqueConstraint(fields=("shop", "id"), name="ledger_dayclose_shop_key"),
        ),
        migrations.AddConstraint(
            model_name="dayclose",
            constraint=models.UniqueConstraint(fields=("shop", "number"), name="ledger_dayclose_number"),
        ),
        migrations.AddConstraint(
            model_name="dayclose",
            constraint=models.UniqueConstraint(fields=("shop", "day"), name="ledger_dayclose_day"),
        ),
        migrations.AddConstraint(
            model_name="dayclose",
            constraint=models.CheckConstraint(
                condition=models.Q(("previous__regex", "^([0-9a-f]{64})?$"), ("seal__regex", "^[0-9a-f]{64}$")),
                name="ledger_dayclose_seals",
            ),
        ),
        migrations.AddConstraint(
            model_name="dayclose",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("after", None), ("number", 1), ("previous", "")), ("number__gt", 1), _connector="OR"),
                name="ledger_dayclose_first",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dayclose",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'ledger_dayclose: written rows are never changed or deleted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_dayclose_append_only';",
                    hash="bfbc4d34b85a19ac5c6758f0af1eba003416fd19",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f82af",
                    table="ledger_dayclose",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dayclose",
            trigger=pgtrigger.compiler.Trigger(
                name="in_order",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE last ledger_dayclose%ROWTYPE;",
                    func="\n                    PERFORM 1 FROM shops_shop WHERE id = NEW.shop_id FOR UPDATE;\n                    SELECT * INTO last FROM ledger_dayclose WHERE shop_id = NEW.shop_id ORDER BY number DESC LIMIT 1;\n                    IF NEW.number <> coalesce(last.number, 0) + 1 OR NEW.after IS DISTINCT FROM last.day\n                       OR NEW.previous <> coalesce(last.seal, '') OR NEW.day <= last.day THEN\n                        RAISE EXCEPTION 'days are closed one after the other' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_dayclose_in_order';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="e98f176c29f68441f5c2ddde210f58d05fe46b2b",
                    operation="INSERT",
                    pgid="pgtrigger_in_order_14879",
                    table="ledger_dayclose",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dayclose",
            trigger=pgtrigger.compiler.Trigger(
                name="close_books",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="UPDATE shops_shop SET sealed_until = NEW.day WHERE id = NEW.shop_id; RETURN NULL;",
                    hash="be884c2aabe10a2b010e786532c9f086f8d32e91",
                    operation="INSERT",
                    pgid="pgtrigger_close_books_73b6a",
                    table="ledger_dayclose",
                    when="AFTER",
                ),
            ),
        ),
    ]
