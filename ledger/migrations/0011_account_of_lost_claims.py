from django.db import migrations

ADD = """
INSERT INTO ledger_account (shop_id, code, name, type, parent_id, description, is_active)
SELECT DISTINCT shop_id, '6220', 'Payments that never came', 'expense', NULL::bigint,
       'UPI, card and bank money claimed at the counter and never seen', true
  FROM ledger_account
    ON CONFLICT (shop_id, code) DO NOTHING
"""


class Migration(migrations.Migration):
    """Shops that have their chart already get account 6220."""

    dependencies = [("ledger", "0010_payment_events")]

    operations = [migrations.RunSQL(ADD, migrations.RunSQL.noop)]
