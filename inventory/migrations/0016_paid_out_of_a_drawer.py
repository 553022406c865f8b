import django.db.models.deletion
from django.db import migrations, models

import smartkirana.db_rules


class Migration(migrations.Migration):
    """Whose drawer a supplier was paid out of."""

    dependencies = [
        ("inventory", "0015_count_by_shelf"),
        ("shops", "0020_drawers_and_closed_days"),
    ]

    operations = [
        migrations.AddField(
            model_name="supplierpayment",
            name="counter",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="supplier_payments",
                to="shops.counter",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierpayment",
            constraint=smartkirana.db_rules.SameShop(field="counter", name="inventory_supplierpayment_counter_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="supplierpayment",
            constraint=models.CheckConstraint(
                condition=models.Q(("counter", None), ("method", "cash"), _connector="OR"), name="inventory_supplierpayment_drawer"
            ),
        ),
    ]
