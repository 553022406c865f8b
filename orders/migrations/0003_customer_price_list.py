import django.db.models.deletion
from django.db import migrations, models

import smartkirana.db_rules


class Migration(migrations.Migration):
    """A customer may buy by a price list of the shop."""

    dependencies = [
        ("catalog", "0004_price_lists"),
        ("orders", "0005_line_terms"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="price_list",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="customers",
                to="catalog.pricelist",
                verbose_name="price list",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=smartkirana.db_rules.SameShop(field="price_list", name="orders_customer_price_list_same_shop"),
        ),
    ]
