import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    """An opening balance that was taken back may be written anew."""

    dependencies = [
        ("orders", "0042_khata_pages"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="khataentry",
            name="chain",
        ),
        migrations.RemoveConstraint(
            model_name="khataentry",
            name="orders_khataentry_opening_once",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="khataentry",
            trigger=pgtrigger.compiler.Trigger(
                name="chain",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE head RECORD; undone RECORD;",
                    func="\n                    SELECT khata_number, khata_balance, khata_code INTO head FROM orders_customer\n                     WHERE id = NEW.customer_id AND shop_id = NEW.shop_id FOR NO KEY UPDATE;\n                    IF NOT FOUND THEN\n                        RAISE EXCEPTION 'no such customer in this shop' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_khataentry_customer_same_shop';\n                    END IF;\n                    IF NEW.reverses_id IS NOT NULL THEN\n                        SELECT kind, amount INTO undone FROM orders_khataentry WHERE id = NEW.reverses_id;\n                        IF undone.kind NOT IN ('opening', 'payment', 'discount', 'gave', 'written_off') OR undone.amount <> -NEW.amount THEN\n                            RAISE EXCEPTION 'only an act of the khata itself is reversed, and whole' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_khataentry_reverses';\n                        END IF;\n                    END IF;\n                    IF NEW.kind = 'opening' AND EXISTS (\n                        SELECT FROM orders_khataentry AS first WHERE first.customer_id = NEW.customer_id AND first.kind = 'opening'\n                           AND NOT EXISTS (SELECT FROM orders_khataentry AS back WHERE back.reverses_id = first.id)) THEN\n                        RAISE EXCEPTION 'an opening balance is written once' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_khataentry_opening_once';\n                    END IF;\n                    NEW.number := head.khata_number + 1;\n                    NEW.balance := head.khata_balance + NEW.amount;\n                    NEW.open := NEW.amount;\n                    NEW.code := encode(sha256(convert_to(concat_ws('|', 'khata 1', NEW.shop_id, NEW.customer_id, NEW.number, NEW.kind, NEW.amount, NEW.balance,\n        to_char(NEW.day, 'YYYY-MM-DD'), to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'),\n        coalesce(NEW.member_id::text, ''), coalesce(NEW.order_id::text, ''), coalesce(NEW.payment_id::text, ''),\n        coalesce(NEW.reverses_id::text, ''), NEW.by_id, NEW.receipt, NEW.note, head.khata_code), 'UTF8')), 'hex');\n                    UPDATE orders_customer SET khata_number = NEW.number, khata_balance = NEW.balance, khata_code = NEW.code\n                     WHERE id = NEW.customer_id;\n                    RETURN NEW;\n                ",
                    hash="8bfe4fca3a70edb2737a90e8e70d098d27817f15",
                    operation="INSERT",
                    pgid="pgtrigger_chain_c0192",
                    table="orders_khataentry",
                    when="BEFORE",
                ),
            ),
        ),
    ]
