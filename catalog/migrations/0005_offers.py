import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import smartkirana.db_rules


class Migration(migrations.Migration):
    """Offers with their days, and the parts of sets."""

    dependencies = [
        ("catalog", "0004_price_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("percent", "Percent off"),
                            ("amount", "Rupees off each"),
                            ("buy_get", "Buy some, get some free"),
                            ("combo", "A set for one price"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("percent", models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="% off")),
                ("amount", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, verbose_name="₹ off each")),
                ("buy", models.DecimalField(blank=True, decimal_places=3, max_digits=10, null=True, verbose_name="buy")),
                ("get", models.DecimalField(blank=True, decimal_places=3, max_digits=10, null=True, verbose_name="get free")),
                ("price", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, verbose_name="price of a set ₹")),
                ("first_day", models.DateField(verbose_name="first day")),
                ("last_day", models.DateField(blank=True, null=True, verbose_name="last day")),
                ("on_lists", models.BooleanField(default=False, verbose_name="also on bills with a price list")),
                ("is_active", models.BooleanField(default=True, verbose_name="not ended")),
                ("request_key", models.UUIDField(blank=True, editable=False, null=True, verbose_name="key of the form it came from")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="catalog.category",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="catalog.product",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="offers", to="shops.shop"),
                ),
            ],
            options={
                "ordering": ["-first_day", "-id"],
            },
        ),
        migrations.CreateModel(
            name="OfferPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=3, default=1, max_digits=10, verbose_name="quantity")),
                (
                    "offer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="catalog.offer",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="offer_parts", to="catalog.product"
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="offer_parts", to="shops.shop"
                    ),
                ),
            ],
            options={
                "ordering": ["offer", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(condition=models.Q(("is_active", True)), fields=["shop", "last_day"], name="catalog_offer_not_over"),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(fields=["shop", "-first_day", "-id"], name="catalog_offer_newest"),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(fields=("shop", "id"), name="catalog_offer_shop_key"),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=smartkirana.db_rules.SameShop(field="product", name="catalog_offer_product_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=smartkirana.db_rules.SameShop(field="category", name="catalog_offer_category_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(fields=("shop", "request_key"), name="catalog_offer_request_key"),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="catalog_offer_named"),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "percent"),
                        ("percent__gt", 0),
                        ("percent__lte", 100),
                        ("amount__isnull", True),
                        ("buy__isnull", True),
                        ("get__isnull", True),
                        ("percent__isnull", False),
                        ("price__isnull", True),
                    ),
                    models.Q(
                        ("amount__gt", 0),
                        ("kind", "amount"),
                        ("amount__isnull", False),
                        ("buy__isnull", True),
                        ("get__isnull", True),
                        ("percent__isnull", True),
                        ("price__isnull", True),
                    ),
                    models.Q(
                        ("buy__gt", 0),
                        ("get__gt", 0),
                        ("kind", "buy_get"),
                        ("amount__isnull", True),
                        ("buy__isnull", False),
                        ("get__isnull", False),
                        ("percent__isnull", True),
                        ("price__isnull", True),
                    ),
                    models.Q(
                        ("kind", "combo"),
                        ("price__gt", 0),
                        ("amount__isnull", True),
                        ("buy__isnull", True),
                        ("get__isnull", True),
                        ("percent__isnull", True),
                        ("price__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="catalog_offer_figures",
                violation_error_message="Give the figures of this kind of offer, above zero, and no others.",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("category", None), ("kind", "combo"), ("product", None)),
                    models.Q(models.Q(("kind", "combo"), _negated=True), ("category", None), ("product__isnull", False)),
                    models.Q(models.Q(("kind", "combo"), _negated=True), ("category__isnull", False), ("product", None)),
                    _connector="OR",
                ),
                name="catalog_offer_scope",
                violation_error_message="An offer is on one product or on one category; a set has its goods as parts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day", None), ("last_day__gte", models.F("first_day")), _connector="OR"),
                name="catalog_offer_days",
                violation_error_message="The last day comes before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="offerpart",
            constraint=smartkirana.db_rules.SameShop(field="offer", name="catalog_offerpart_offer_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="offerpart",
            constraint=smartkirana.db_rules.SameShop(field="product", name="catalog_offerpart_product_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="offerpart",
            constraint=models.UniqueConstraint(
                fields=("shop", "offer", "product"),
                name="catalog_offerpart_once",
                violation_error_message="This product is in the set already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="offerpart",
            constraint=models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="catalog_offerpart_quantity"),
        ),
    ]
