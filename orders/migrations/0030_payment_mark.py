from django.db import migrations, models


class Migration(migrations.Migration):
    """A payment keeps what the cashier marked when it was taken: code shown, said to be paid, seen."""

    dependencies = [("orders", "0011_approvals")]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="mark",
            field=models.CharField(
                blank=True,
                choices=[("shown", "Code shown"), ("claimed", "Customer says paid"), ("seen", "Seen at the counter")],
                db_default="",
                default="",
                max_length=7,
                verbose_name="marked at the counter",
            ),
        ),
    ]
