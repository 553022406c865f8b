import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import smartkirana.db_rules

ADD = """
INSERT INTO ledger_account (shop_id, code, name, type, parent_id, description, is_active)
SELECT gst.shop_id, new.code, new.name, 'liability', gst.id, new.description, true
  FROM ledger_account AS gst,
       (VALUES ('2111', 'Reverse charge CGST', 'CGST we owe on purchases, paid in cash'),
               ('2112', 'Reverse charge SGST', 'SGST we owe on purchases, paid in cash'),
               ('2113', 'Reverse charge IGST', 'IGST we owe on purchases, paid in cash')) AS new (code, name, description)
 WHERE gst.code = '2003'
    ON CONFLICT (shop_id, code) DO NOTHING
"""


class Migration(migrations.Migration):
    """Postings know the supplier; shops that have their chart already get the accounts of reverse charge."""

    dependencies = [
        ("inventory", "0004_suppliers_and_purchases"),
        ("ledger", "0011_account_of_lost_claims"),
        ("orders", "0032_number_series_moves"),
        ("shops", "0011_number_series"),
    ]

    operations = [
        migrations.RunSQL(ADD, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="posting",
            name="supplier",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="postings",
                to="inventory.supplier",
            ),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(
                condition=models.Q(("supplier__isnull", False)), fields=["shop", "supplier", "id"], name="ledger_posting_by_supplier"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="posting",
            trigger=pgtrigger.compiler.Trigger(
                name="add_to_supplier",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    UPDATE inventory_supplier AS supplier SET balance = supplier.balance + p.change\n                      FROM (SELECT supplier_id, sum(credit - debit) AS change FROM new_rows WHERE supplier_id IS NOT NULL GROUP BY supplier_id) AS p\n                     WHERE supplier.id = p.supplier_id;\n                    RETURN NULL;\n                ",
                    hash="0add9a9167d4ff2ee3a1a42d4fc9a6455bc0d48a",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_add_to_supplier_49c3e",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="ledger_posting",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=smartkirana.db_rules.SameShop(field="supplier", name="ledger_posting_supplier_same_shop"),
        ),
    ]
