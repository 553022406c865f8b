from decimal import Decimal

import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import smartkirana.db_rules


class Migration(migrations.Migration):
    """Prices of a list, and prices from a quantity on."""

    dependencies = [
        ("catalog", "0003_request_key"),
        ("shops", "0003_owners_and_counter_codes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PriceList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("shop", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="price_lists", to="shops.shop")),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="ListPrice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "min_quantity",
                    models.DecimalField(decimal_places=3, default=Decimal("0.00"), max_digits=12, verbose_name="from quantity"),
                ),
                ("price", models.DecimalField(decimal_places=2, max_digits=10, verbose_name="price ₹")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
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
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="list_prices",
                        to="catalog.product",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="list_prices", to="shops.shop"
                    ),
                ),
                (
                    "price_list",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prices",
                        to="catalog.pricelist",
                    ),
                ),
            ],
            options={
                "verbose_name": "list price",
                "ordering": ["product", "price_list", "min_quantity"],
            },
        ),
        migrations.AddConstraint(
            model_name="pricelist",
            constraint=models.UniqueConstraint(fields=("shop", "id"), name="catalog_pricelist_shop_key"),
        ),
        migrations.AddConstraint(
            model_name="pricelist",
            constraint=models.UniqueConstraint(
                models.F("shop"),
                django.db.models.functions.text.Upper("name"),
                name="catalog_pricelist_name",
                violation_error_message="A price list of this name exists already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricelist",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="catalog_pricelist_named"),
        ),
        migrations.AddConstraint(
            model_name="listprice",
            constraint=smartkirana.db_rules.SameShop(field="product", name="catalog_listprice_product_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="listprice",
            constraint=smartkirana.db_rules.SameShop(field="price_list", name="catalog_listprice_list_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="listprice",
            constraint=models.UniqueConstraint(
                fields=("shop", "product", "price_list", "min_quantity"),
                name="catalog_listprice_once",
                nulls_distinct=False,
                violation_error_message="There is a price from this quantity on already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="listprice",
            constraint=models.CheckConstraint(
                condition=models.Q(("price__gt", 0)),
                name="catalog_listprice_price_above_zero",
                violation_error_message="The price must be above zero.",
            ),
        ),
        migrations.AddConstraint(
            model_name="listprice",
            constraint=models.CheckConstraint(
                condition=models.Q(("min_quantity__gt", 0), models.Q(("min_quantity", 0), ("price_list__isnull", False)), _connector="OR"),
                name="catalog_listprice_quantity",
                violation_error_message="Without a price list, a price holds from a quantity above zero on.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listprice",
            trigger=pgtrigger.compiler.Trigger(
                name="within_mrp",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NEW.price > (SELECT mrp FROM catalog_product WHERE id = NEW.product_id) THEN\n                        RAISE EXCEPTION 'the price is above the MRP' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'catalog_listprice_within_mrp';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="2de1f344b60ce97fbe7ea3bd03b457852aa1a8fc",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_within_mrp_5e464",
                    table="catalog_listprice",
                    when="BEFORE",
                ),
            ),
        ),
    ]
