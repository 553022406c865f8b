import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    """Joins what several parts changed at once."""

    dependencies = [
        ("orders", "0070_sight_taken_back"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="paymentevent",
            name="move_payment",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paymentevent",
            trigger=pgtrigger.compiler.Trigger(
                name="move_payment",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    UPDATE orders_payment SET state = NEW.kind\n                     WHERE id = NEW.payment_id AND state = NEW.was AND method IN ('upi', 'card', 'bank') AND reverses_id IS NULL\n                       AND credit_note_id IS NULL\n                       AND NOT EXISTS (SELECT FROM orders_payment AS back WHERE back.reverses_id = NEW.payment_id);\n                    IF NOT FOUND THEN\n                        RAISE EXCEPTION 'no claimed payment of a bill that stands is in that state' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_paymentevent_fits';\n                    END IF;\n                    IF NEW.kind <> 'claimed' AND EXISTS (\n                        SELECT FROM orders_paymentevent AS said\n                         WHERE said.payment_id = NEW.payment_id AND said.kind = NEW.kind AND said.id < NEW.id\n                           AND said.id > (SELECT coalesce(max(id), 0) FROM orders_paymentevent AS again\n                                           WHERE again.payment_id = NEW.payment_id AND again.kind = 'claimed')) THEN\n                        RAISE EXCEPTION 'seen and failed are said of a payment once each' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'orders_paymentevent_once';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="ffc8fee8aa67d2987aa46aabc24f3634f42c2288",
                    operation="INSERT",
                    pgid="pgtrigger_move_payment_60c31",
                    table="orders_paymentevent",
                    when="AFTER",
                ),
            ),
        ),
    ]
