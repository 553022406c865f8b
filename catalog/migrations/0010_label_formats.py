import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    """How a shop's scales print their labels: up to eight formats, tried in their order."""

    dependencies = [
        ("catalog", "0005_offers"),
        ("shops", "0003_owners_and_counter_codes"),
    ]

    operations = [
        migrations.CreateModel(
            name="LabelFormat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="tried as number")),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("prefix", models.CharField(max_length=4, verbose_name="leading digits")),
                ("item_digits", models.PositiveSmallIntegerField(default=5, verbose_name="digits of the item")),
                ("value_digits", models.PositiveSmallIntegerField(default=5, verbose_name="digits of the value")),
                (
                    "holds",
                    models.CharField(
                        choices=[("weight", "Weight (kg)"), ("price", "Price (₹)"), ("pieces", "Number of pieces")],
                        default="weight",
                        max_length=6,
                        verbose_name="the value is",
                    ),
                ),
                ("decimals", models.PositiveSmallIntegerField(default=3, verbose_name="decimals of the value")),
                ("own_check", models.BooleanField(default=False, verbose_name="the value has a check digit of its own before it")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("shop", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="label_formats", to="shops.shop")),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="catalog_labelformat_shop_key"),
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["IMMEDIATE"],
                        fields=("shop", "position"),
                        name="catalog_labelformat_position",
                        violation_error_message="Another format stands in this place.",
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "prefix"),
                        name="catalog_labelformat_prefix",
                        violation_error_message="Another format has these leading digits already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 1), ("position__lte", 8)),
                        name="catalog_labelformat_at_most_8",
                        violation_error_message="A shop has at most 8 formats, in places 1 to 8.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("prefix__regex", "^(02|04|2[0-9])[0-9]{0,2}$")),
                        name="catalog_labelformat_in_store",
                        violation_error_message="Labels of a scale begin with 20 to 29, 02 or 04, and up to two digits more.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("item_digits__gte", 2),
                            ("item_digits__lte", 8),
                            ("value_digits__gte", 2),
                            ("value_digits__lte", 8),
                            (
                                "value_digits",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.Value(12), "-", django.db.models.functions.text.Length("prefix")
                                        ),
                                        "-",
                                        models.F("item_digits"),
                                    ),
                                    "-",
                                    models.Case(
                                        models.When(own_check=True, then=models.Value(1)),
                                        default=models.Value(0),
                                        output_field=models.IntegerField(),
                                    ),
                                ),
                            ),
                        ),
                        name="catalog_labelformat_13_digits",
                        violation_error_message="Leading digits, item, value and check digits do not come to 13.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decimals__lte", 3), ("holds", "weight")),
                            models.Q(("decimals__lte", 2), ("holds", "price")),
                            models.Q(("decimals", 0), ("holds", "pieces")),
                            _connector="OR",
                        ),
                        name="catalog_labelformat_decimals",
                        violation_error_message="A weight has at most 3 decimals, a price 2, a number of pieces none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("own_check", False), ("value_digits__in", (4, 5)), _connector="OR"),
                        name="catalog_labelformat_own_check",
                        violation_error_message="Only a value of 4 or 5 digits has a check digit of its own.",
                    ),
                ],
            },
        ),
    ]
