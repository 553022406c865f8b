from django.db import migrations, models


class Migration(migrations.Migration):
    """Entries may come from payments that were seen or failed."""

    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="journalentry",
            name="source_kind",
            field=models.CharField(choices=[("order", "Bill"), ("stock", "Stock"), ("payment", "Payment seen or failed")], max_length=8),
        ),
    ]
