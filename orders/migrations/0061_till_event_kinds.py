from django.db import migrations, models


class Migration(migrations.Migration):
    """What may stand in the counter log, with shifts and returns."""

    dependencies = [
        ("orders", "0060_shifts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="tillevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("line_removed", "Line removed"),
                    ("line_reduced", "Quantity lowered"),
                    ("bill_voided", "Open bill cancelled"),
                    ("price_changed", "Rate changed"),
                    ("discount_given", "Discount given"),
                    ("no_sale", "Drawer without a sale"),
                    ("drawer_opened", "Drawer opened"),
                    ("reprint", "Printed again"),
                    ("locked", "Locked"),
                    ("switched", "Unlocked or taken over"),
                    ("approval", "Approved"),
                    ("took_back", "Goods taken back"),
                    ("pin_wrong", "Wrong PIN"),
                    ("pin_locked", "PIN locked"),
                    ("pin_set", "PIN set"),
                    ("pin_cleared", "PIN cleared"),
                    ("rules_changed", "Counter rules changed"),
                    ("drawer_counted", "Drawer counted"),
                ],
                max_length=16,
                verbose_name="what",
            ),
        ),
    ]
