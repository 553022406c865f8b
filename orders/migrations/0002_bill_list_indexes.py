from django.db import migrations, models


class Migration(migrations.Migration):
    """Lists of bills run by day, then number: a range of days and one counter's bills come off an index in that order."""

    dependencies = [("orders", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="order", name="orders_order_by_day"),
        migrations.RemoveIndex(model_name="order", name="orders_order_by_counter"),
        migrations.AddIndex(model_name="order", index=models.Index(fields=["shop", "day", "id"], name="orders_order_day")),
        migrations.AddIndex(
            model_name="order", index=models.Index(fields=["shop", "counter", "day", "id"], name="orders_order_counter_day")
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["shop", "day", "id"], name="orders_order_cancelled", condition=models.Q(("status", "cancelled"))),
        ),
    ]
