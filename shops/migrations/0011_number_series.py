import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The table of number series stays where it is, under the name it has; only the app that speaks for it is another."""

    dependencies = [("shops", "0010_counter_printer"), ("orders", "0032_number_series_moves")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="NumberSeries",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("series", models.CharField(help_text="order:2026-11-22 or bill:S1/26-27", max_length=24, verbose_name="series")),
                        ("last", models.PositiveIntegerField(default=0, verbose_name="last number")),
                        (
                            "shop",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="number_series", to="shops.shop"),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "number series",
                        "db_table": "orders_numberseries",
                        "constraints": [models.UniqueConstraint(fields=("shop", "series"), name="orders_numberseries_once")],
                    },
                ),
            ],
        ),
    ]
