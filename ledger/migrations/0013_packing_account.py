from django.db import migrations

ADD = """
INSERT INTO ledger_account (shop_id, code, name, type, parent_id, description, is_active)
SELECT DISTINCT shop_id, '5010', 'Packing', 'expense', NULL::bigint,
       'Packing material and labour; what went into packed goods is credited', true
  FROM ledger_account
    ON CONFLICT (shop_id, code) DO NOTHING
"""


class Migration(migrations.Migration):
    """Shops that have their chart already get account 5010."""

    dependencies = [("ledger", "0012_suppliers")]

    operations = [migrations.RunSQL(ADD, migrations.RunSQL.noop)]
