import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What staff and managers may do at the counter without asking."""

    dependencies = [("shops", "0004_pins")]

    operations = [
        migrations.CreateModel(
            name="CounterLimits",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shop", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="counter_limits", to="shops.shop")),
                ("role", models.CharField(choices=[("staff", "Staff"), ("manager", "Manager")], max_length=10, verbose_name="role")),
                ("discount_percent", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="discount by hand, at most %")),
                ("may_change_rate", models.BooleanField(verbose_name="may change a rate")),
                ("may_pass_khata_limit", models.BooleanField(verbose_name="may go past a khata limit")),
                ("may_cancel_open_bill", models.BooleanField(verbose_name="may cancel an open bill")),
                (
                    "changed_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
            ],
            options={
                "verbose_name": "counter rules",
                "verbose_name_plural": "counter rules",
            },
        ),
        migrations.AddConstraint(
            model_name="counterlimits",
            constraint=models.UniqueConstraint(fields=("shop", "role"), name="shops_counterlimits_role"),
        ),
        migrations.AddConstraint(
            model_name="counterlimits",
            constraint=models.CheckConstraint(condition=models.Q(("role__in", ["staff", "manager"])), name="shops_counterlimits_limited"),
        ),
        migrations.AddConstraint(
            model_name="counterlimits",
            constraint=models.CheckConstraint(
                condition=models.Q(("discount_percent__gte", 0), ("discount_percent__lte", 100)), name="shops_counterlimits_percent"
            ),
        ),
    ]
