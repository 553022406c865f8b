import django.db.models.constraints
import django.db.models.deletion
from django.db import migrations, models

import smartkirana.db_rules


class Migration(migrations.Migration):
    """The goods on the counter's tiles, up to 24 in the shop's own order."""

    dependencies = [("catalog", "0010_label_formats")]

    operations = [
        migrations.CreateModel(
            name="Favourite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="place")),
                (
                    "product",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name="favourites", to="catalog.product"
                    ),
                ),
                ("shop", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="favourites", to="shops.shop")),
            ],
            options={
                "verbose_name": "counter tile",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="catalog_favourite_shop_key"),
                    smartkirana.db_rules.SameShop(field="product", name="catalog_favourite_product_same_shop"),
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
                        fields=("shop", "position"),
                        name="catalog_favourite_position",
                        violation_error_message="Another tile stands in this place.",
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "product"),
                        name="catalog_favourite_once",
                        violation_error_message="This product has a tile already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 1), ("position__lte", 24)),
                        name="catalog_favourite_at_most_24",
                        violation_error_message="There is room for 24 tiles, in places 1 to 24.",
                    ),
                ],
            },
        ),
    ]
