from django.db import migrations, models


class Migration(migrations.Migration):
    """Joins what several parts changed at once."""

    dependencies = [
        ("ledger", "0050_bank_lines"),
    ]

    operations = [
        migrations.AlterField(
            model_name="journalentry",
            name="source_kind",
            field=models.CharField(
                choices=[
                    ("order", "Bill"),
                    ("stock", "Stock"),
                    ("payment", "Payment seen or failed"),
                    ("khata", "Khata"),
                    ("bank", "Bank charge"),
                    ("drawer", "Drawer"),
                ],
                max_length=8,
            ),
        ),
    ]
