from decimal import Decimal

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models

import smartkirana.db_rules


class Migration(migrations.Migration):
    """Suppliers, their accounts and bills, goods that go back to them; a lot knows its input credit to six places."""

    dependencies = [
        ("catalog", "0011_favourites"),
        ("inventory", "0003_lots_stay_what_they_are"),
        ("shops", "0011_number_series"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GoodsReceipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bill_number", models.CharField(max_length=32, verbose_name="supplier's bill number")),
                ("bill_date", models.DateField(verbose_name="bill date")),
                ("year", models.CharField(max_length=5, verbose_name="financial year of the bill")),
                ("supplier_gstin", models.CharField(blank=True, max_length=15, verbose_name="supplier's GSTIN")),
                ("inter_state", models.BooleanField(default=False, verbose_name="from another state")),
                ("reverse_charge", models.BooleanField(default=False, verbose_name="tax under reverse charge")),
                ("inclusive", models.BooleanField(default=False, verbose_name="prices with tax")),
                ("gross", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="goods ₹")),
                ("discount", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="discount ₹")),
                ("charges", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="charges ₹")),
                ("taxable", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="taxable ₹")),
                ("cgst", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="CGST ₹")),
                ("sgst", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="SGST ₹")),
                ("igst", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="IGST ₹")),
                ("cess", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="cess ₹")),
                (
                    "other_charges",
                    models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="charges without tax ₹"),
                ),
                (
                    "cash_discount",
                    models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="cash discount ₹"),
                ),
                ("round_off", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="round off ₹")),
                ("total", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="total ₹")),
                ("cost", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="cost of the goods ₹")),
            ],
        ),
        migrations.CreateModel(
            name="PurchaseReturn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("taxable", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="taxable ₹")),
                ("cgst", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="CGST ₹")),
                ("sgst", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="SGST ₹")),
                ("igst", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="IGST ₹")),
                ("cess", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="cess ₹")),
                (
                    "cash_discount",
                    models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="cash discount ₹"),
                ),
                ("total", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="total ₹")),
                ("value", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="left the stock ₹")),
            ],
        ),
        migrations.CreateModel(
            name="PurchaseReturnLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=13, verbose_name="pieces")),
                ("taxable", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="taxable ₹")),
                ("cgst", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="CGST ₹")),
                ("sgst", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="SGST ₹")),
                ("igst", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="IGST ₹")),
                ("cess", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="cess ₹")),
                (
                    "cash_discount",
                    models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="cash discount ₹"),
                ),
                ("value", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="left the stock ₹")),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ReceiptLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line_no", models.PositiveSmallIntegerField(verbose_name="line")),
                ("name", models.CharField(max_length=120, verbose_name="goods")),
                ("hsn", models.CharField(blank=True, max_length=8, verbose_name="HSN")),
                ("supply_class", models.CharField(max_length=10, verbose_name="supply")),
                ("packs", models.DecimalField(decimal_places=3, max_digits=12, verbose_name="packs")),
                ("pack_size", models.DecimalField(decimal_places=3, max_digits=10, verbose_name="pieces in a pack")),
                ("free", models.DecimalField(decimal_places=3, default=Decimal("0.00"), max_digits=12, verbose_name="free pieces")),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=13, verbose_name="pieces")),
                ("price", models.DecimalField(decimal_places=4, max_digits=12, verbose_name="price of a pack ₹")),
                ("gross", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="gross ₹")),
                ("discount", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="line discount ₹")),
                (
                    "bill_discount",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="share of the bill's discount ₹"
                    ),
                ),
                (
                    "charge",
                    models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="share of the charges ₹"),
                ),
                ("taxable", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="taxable ₹")),
                ("gst_rate", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=5, verbose_name="GST %")),
                ("cess_rate", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=5, verbose_name="cess %")),
                ("cgst", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="CGST ₹")),
                ("sgst", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="SGST ₹")),
                ("igst", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="IGST ₹")),
                ("cess", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="cess ₹")),
                ("credit", models.BooleanField(default=False, verbose_name="input credit taken")),
                (
                    "other_charge",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="share of charges without tax ₹"
                    ),
                ),
                (
                    "cash_discount",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="share of the cash discount ₹"
                    ),
                ),
                ("cost", models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="cost ₹")),
                ("unit_cost", models.DecimalField(decimal_places=4, max_digits=12, verbose_name="cost of a piece ₹")),
                ("batch", models.CharField(blank=True, max_length=40, verbose_name="batch")),
                ("mrp", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, verbose_name="MRP ₹")),
                ("expiry", models.DateField(blank=True, null=True, verbose_name="best before")),
            ],
            options={
                "ordering": ["line_no"],
            },
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount ₹")),
            ],
        ),
        migrations.CreateModel(
            name="Supplier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("phone", phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region="IN", verbose_name="phone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                (
                    "state_code",
                    models.CharField(
                        choices=[
                            ("01", "Jammu and Kashmir (01)"),
                            ("02", "Himachal Pradesh (02)"),
                            ("03", "Punjab (03)"),
                            ("04", "Chandigarh (04)"),
                            ("05", "Uttarakhand (05)"),
                            ("06", "Haryana (06)"),
                            ("07", "Delhi (07)"),
                            ("08", "Rajasthan (08)"),
                            ("09", "Uttar Pradesh (09)"),
                            ("10", "Bihar (10)"),
                            ("11", "Sikkim (11)"),
                            ("12", "Arunachal Pradesh (12)"),
                            ("13", "Nagaland (13)"),
                            ("14", "Manipur (14)"),
                            ("15", "Mizoram (15)"),
                            ("16", "Tripura (16)"),
                            ("17", "Meghalaya (17)"),
                            ("18", "Assam (18)"),
                            ("19", "West Bengal (19)"),
                            ("20", "Jharkhand (20)"),
                            ("21", "Odisha (21)"),
                            ("22", "Chhattisgarh (22)"),
                            ("23", "Madhya Pradesh (23)"),
                            ("24", "Gujarat (24)"),
                            ("25", "Daman and Diu (before 2020) (25)"),
                            ("26", "Dadra and Nagar Haveli and Daman and Diu (26)"),
                            ("27", "Maharashtra (27)"),
                            ("28", "Andhra Pradesh (before division) (28)"),
                            ("29", "Karnataka (29)"),
                            ("30", "Goa (30)"),
                            ("31", "Lakshadweep (31)"),
                            ("32", "Kerala (32)"),
                            ("33", "Tamil Nadu (33)"),
                            ("34", "Puducherry (34)"),
                            ("35", "Andaman and Nicobar Islands (35)"),
                            ("36", "Telangana (36)"),
                            ("37", "Andhra Pradesh (37)"),
                            ("38", "Ladakh (38)"),
                            ("96", "Other countries (96)"),
                            ("97", "Other territory (97)"),
                            ("99", "Centre jurisdiction (99)"),
                        ],
                        max_length=2,
                        verbose_name="state",
                    ),
                ),
                ("gstin", models.CharField(blank=True, max_length=15, verbose_name="GSTIN")),
                ("composition", models.BooleanField(default=False, verbose_name="pays GST by composition: charges none")),
                ("due_days", models.PositiveSmallIntegerField(default=0, verbose_name="days to pay")),
                ("lead_days", models.PositiveSmallIntegerField(default=2, verbose_name="days from order to goods")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "balance",
                    models.DecimalField(decimal_places=2, default=Decimal("0.00"), editable=False, max_digits=14, verbose_name="we owe ₹"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("request_key", models.UUIDField(blank=True, editable=False, null=True, verbose_name="key of the form it came from")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="known since")),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="SupplierEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(blank=True, max_length=16, verbose_name="our number")),
                ("day", models.DateField(verbose_name="day")),
                ("due", models.DateField(blank=True, null=True, verbose_name="to be paid by")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount ₹")),
                ("open", models.DecimalField(decimal_places=2, editable=False, max_digits=14, verbose_name="open ₹")),
            ],
        ),
        migrations.CreateModel(
            name="SupplierPayment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "method",
                    models.CharField(choices=[("cash", "Cash"), ("upi", "UPI"), ("bank", "Bank")], max_length=5, verbose_name="paid by"),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="paid ₹")),
                (
                    "discount",
                    models.DecimalField(decimal_places=2, default=Decimal("0.00"), max_digits=14, verbose_name="discount they gave ₹"),
                ),
                ("reference", models.CharField(blank=True, max_length=40, verbose_name="reference")),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="stockdocument",
            name="inventory_stockdocument_reason",
        ),
        migrations.AlterField(
            model_name="stockdocument",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opening", "Opening stock"),
                    ("adjustment", "Adjustment"),
                    ("receipt", "Supplier's bill"),
                    ("return", "Returned to supplier"),
                    ("payment", "Paid to supplier"),
                    ("balance", "Supplier's opening balance"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="stockdocument",
            name="reason",
            field=models.CharField(
                choices=[
                    ("opening", "Opening stock"),
                    ("damage", "Damaged"),
                    ("loss", "Lost or stolen"),
                    ("expired", "Past its date"),
                    ("correction", "Count was wrong"),
                    ("own_use", "Own use"),
                    ("sample", "Given as a sample"),
                    ("found", "Found"),
                    ("receipt", "Bought"),
                    ("return", "Returned to supplier"),
                    ("payment", "Paid to supplier"),
                    ("balance", "Supplier's opening balance"),
                ],
                max_length=10,
                verbose_name="reason",
            ),
        ),
        migrations.AlterField(
            model_name="stockevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "Opening stock entered"),
                    ("adjusted", "Stock adjusted"),
                    ("received", "Goods received"),
                    ("returned", "Goods returned to supplier"),
                    ("paid", "Supplier paid"),
                    ("owed", "Supplier's opening balance entered"),
                ],
                max_length=10,
            ),
        ),
        # PostgreSQL alters no column that a trigger's condition names: the trigger steps aside.
        pgtrigger.migrations.RemoveTrigger(model_name="stocklot", name="stays_what_it_is"),
        migrations.AlterField(
            model_name="stocklot",
            name="credit_rate",
            field=models.DecimalField(decimal_places=6, default=Decimal("0.00"), max_digits=9, verbose_name="input GST credited %"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stocklot",
            trigger=pgtrigger.compiler.Trigger(
                name="stays_what_it_is",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (ROW(OLD.shop_id, OLD.product_id, OLD.unit_cost, OLD.credit_rate, OLD.credit_igst, OLD.created_at) IS DISTINCT FROM ROW(NEW.shop_id, NEW.product_id, NEW.unit_cost, NEW.credit_rate, NEW.credit_igst, NEW.created_at))",
                    func="RAISE EXCEPTION 'a lot keeps its product, its cost and its credit' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'inventory_stocklot_stays_what_it_is';",
                    hash="0443e7af9e3cf0e593ab514f6b7f6716809d1fdf",
                    operation="UPDATE",
                    pgid="pgtrigger_stays_what_it_is_cbbba",
                    table="inventory_stocklot",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AlterField(
            model_name="stockmovement",
            name="reason",
            field=models.CharField(
                choices=[
                    ("opening", "Opening stock"),
                    ("sale", "Sold"),
                    ("cancelled", "Bill cancelled"),
                    ("receipt", "Bought"),
                    ("return", "Returned to supplier"),
                    ("damage", "Damaged"),
                    ("loss", "Lost or stolen"),
                    ("expired", "Past its date"),
                    ("correction", "Count was wrong"),
                    ("own_use", "Own use"),
                    ("sample", "Given as a sample"),
                    ("found", "Found"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="stockdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "adjustment"), ("reason__in", ["damage", "loss", "expired", "correction", "own_use", "sample", "found"])
                    ),
                    models.Q(models.Q(("kind", "adjustment"), _negated=True), ("reason", models.F("kind"))),
                    _connector="OR",
                ),
                name="inventory_stockdocument_reason",
            ),
        ),
        migrations.AddField(
            model_name="goodsreceipt",
            name="document",
            field=models.OneToOneField(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="receipt", to="inventory.stockdocument"
            ),
        ),
        migrations.AddField(
            model_name="goodsreceipt",
            name="shop",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="goods_receipts", to="shops.shop"
            ),
        ),
        migrations.AddField(
            model_name="purchasereturn",
            name="document",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="purchase_return",
                to="inventory.stockdocument",
            ),
        ),
        migrations.AddField(
            model_name="purchasereturn",
            name="receipt",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="inventory.goodsreceipt"
            ),
        ),
        migrations.AddField(
            model_name="purchasereturn",
            name="shop",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="purchase_returns", to="shops.shop"
            ),
        ),
        migrations.AddField(
            model_name="purchasereturnline",
            name="purchase_return",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="inventory.purchasereturn"
            ),
        ),
        migrations.AddField(
            model_name="purchasereturnline",
            name="shop",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="purchase_return_lines", to="shops.shop"
            ),
        ),
        migrations.AddField(
            model_name="receiptline",
            name="lot",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="receipt_lines", to="inventory.stocklot"
            ),
        ),
        migrations.AddField(
            model_name="receiptline",
            name="product",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receipt_lines",
                to="catalog.product",
            ),
        ),
        migrations.AddField(
            model_name="receiptline",
            name="receipt",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="inventory.goodsreceipt"
            ),
        ),
        migrations.AddField(
            model_name="receiptline",
            name="shop",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="receipt_lines", to="shops.shop"
            ),
        ),
        migrations.AddField(
            model_name="purchasereturnline",
            name="receipt_line",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="returned", to="inventory.receiptline"
            ),
        ),
        migrations.AddField(
            model_name="settlement",
            name="document",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="settlements", to="inventory.stockdocument"
            ),
        ),
        migrations.AddField(
            model_name="settlement",
            name="shop",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="settlements", to="shops.shop"
            ),
        ),
        migrations.AddField(
            model_name="supplier",
            name="shop",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="suppliers", to="shops.shop"),
        ),
        migrations.AddField(
            model_name="settlement",
            name="supplier",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.supplier"
            ),
        ),
        migrations.AddField(
            model_name="goodsreceipt",
            name="supplier",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receipts",
                to="inventory.supplier",
            ),
        ),
        migrations.AddField(
            model_name="supplierentry",
            name="document",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="supplier_entry",
                to="inventory.stockdocument",
            ),
        ),
        migrations.AddField(
            model_name="supplierentry",
            name="shop",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="supplier_entries", to="shops.shop"
            ),
        ),
        migrations.AddField(
            model_name="supplierentry",
            name="supplier",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="inventory.supplier",
            ),
        ),
        migrations.AddField(
            model_name="settlement",
            name="bill",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="settled_by", to="inventory.supplierentry"
            ),
        ),
        migrations.AddField(
            model_name="settlement",
            name="paid",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="settles", to="inventory.supplierentry"
            ),
        ),
        migrations.AddField(
            model_name="supplierpayment",
            name="document",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="supplier_payment",
                to="inventory.stockdocument",
            ),
        ),
        migrations.AddField(
            model_name="supplierpayment",
            name="shop",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="supplier_payments", to="shops.shop"
            ),
        ),
        migrations.AddConstraint(
            model_name="purchasereturn",
            constraint=models.UniqueConstraint(fields=("shop", "id"), name="inventory_purchasereturn_shop_key"),
        ),
        migrations.AddConstraint(
            model_name="purchasereturn",
            constraint=smartkirana.db_rules.SameShop(field="document", name="inventory_purchasereturn_document_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="purchasereturn",
            constraint=smartkirana.db_rules.SameShop(field="receipt", name="inventory_purchasereturn_receipt_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="purchasereturn",
            constraint=models.CheckConstraint(condition=models.Q(("cgst", models.F("sgst"))), name="inventory_purchasereturn_tax_heads"),
        ),
        migrations.AddConstraint(
            model_name="purchasereturn",
            constraint=models.CheckConstraint(
                condition=models.Q(("taxable__gte", 0), ("total__gte", 0)), name="inventory_purchasereturn_signs"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="purchasereturn",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'inventory_purchasereturn: written rows are never changed or deleted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'inventory_purchasereturn_append_only';",
                    hash="e6c0e2f9703b59eeb76cda0f01c0b57f9ff01c22",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_270ec",
                    table="inventory_purchasereturn",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="receiptline",
            index=models.Index(fields=["shop", "product", "-id"], name="inventory_receipt_by_product"),
        ),
        migrations.AddConstraint(
            model_name="receiptline",
            constraint=smartkirana.db_rules.SameShop(field="receipt", name="inventory_receiptline_receipt_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="receiptline",
            constraint=smartkirana.db_rules.SameShop(field="product", name="inventory_receiptline_product_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="receiptline",
            constraint=smartkirana.db_rules.SameShop(also=("product_id",), field="lot", name="inventory_receiptline_lot_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="receiptline",
            constraint=models.UniqueConstraint(fields=("shop", "id"), name="inventory_receiptline_shop_key"),
        ),
        migrations.AddConstraint(
            model_name="receiptline",
            constraint=models.UniqueConstraint(fields=("receipt", "line_no"), name="inventory_receiptline_once"),
        ),
        migrations.AddConstraint(
            model_name="receiptline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("free__gte", 0),
                    ("pack_size__gt", 0),
                    ("packs__gte", 0),
                    (
                        "quantity",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(models.F("packs"), "*", models.F("pack_size")),
                            "+",
                            models.F("free"),
                        ),
                    ),
                    ("quantity__gt", 0),
                ),
                name="inventory_receiptline_pieces",
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptline",
            constraint=models.CheckConstraint(
                condition=models.Q(("cgst", models.F("sgst")), ("cost__gte", 0), ("taxable__gte", 0)), name="inventory_receiptline_value"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="receiptline",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'inventory_receiptline: written rows are never changed or deleted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'inventory_receiptline_append_only';",
                    hash="7e1c208f58069a083992d98a17e1bb01fa647577",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f332c",
                    table="inventory_receiptline",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="purchasereturnline",
            constraint=smartkirana.db_rules.SameShop(field="purchase_return", name="inventory_purchasereturnline_return_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="purchasereturnline",
            constraint=smartkirana.db_rules.SameShop(field="receipt_line", name="inventory_purchasereturnline_line_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="purchasereturnline",
            constraint=models.UniqueConstraint(fields=("purchase_return", "receipt_line"), name="inventory_purchasereturnline_once"),
        ),
        migrations.AddConstraint(
            model_name="purchasereturnline",
            constraint=models.CheckConstraint(
                condition=models.Q(("cgst", models.F("sgst")), ("quantity__gt", 0)), name="inventory_purchasereturnline_moves"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="purchasereturnline",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'inventory_purchasereturnline: written rows are never changed or deleted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'inventory_purchasereturnline_append_only';",
                    hash="e0788947f765bd97560b9ef69f03f9bf7bd428f5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d2876",
                    table="inventory_purchasereturnline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="purchasereturnline",
            trigger=pgtrigger.compiler.Trigger(
                name="no_more_than_came",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF (SELECT sum(quantity) FROM inventory_purchasereturnline WHERE receipt_line_id = NEW.receipt_line_id)\n                       > (SELECT quantity FROM inventory_receiptline WHERE id = NEW.receipt_line_id) THEN\n                        RAISE EXCEPTION 'more would go back than came' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'inventory_purchasereturnline_no_more_than_came';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="a7c62aff4756746423e5293979c69e2374f1266e",
                    operation="INSERT",
                    pgid="pgtrigger_no_more_than_came_44943",
                    table="inventory_purchasereturnline",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="supplier",
            constraint=models.UniqueConstraint(fields=("shop", "id"), name="inventory_supplier_shop_key"),
        ),
        migrations.AddConstraint(
            model_name="supplier",
            constraint=models.UniqueConstraint(
                models.F("shop"),
                django.db.models.functions.text.Upper("name"),
                name="inventory_supplier_name",
                violation_error_message="A supplier of this name exists already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplier",
            constraint=models.UniqueConstraint(
                condition=models.Q(("gstin", ""), _negated=True),
                fields=("shop", "gstin"),
                name="inventory_supplier_gstin_once",
                violation_error_message="Another supplier has this GSTIN.",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplier",
            constraint=models.UniqueConstraint(fields=("shop", "request_key"), name="inventory_supplier_request_key"),
        ),
        migrations.AddConstraint(
            model_name="supplier",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="inventory_supplier_named"),
        ),
        migrations.AddConstraint(
            model_name="supplier",
            constraint=models.CheckConstraint(
                condition=models.Q(("gstin", ""), ("gstin__regex", "^[0-9A-Z]{15}$"), _connector="OR"), name="inventory_supplier_gstin"
            ),
        ),
        migrations.AddConstraint(
            model_name="supplier",
            constraint=models.CheckConstraint(
                condition=models.Q(("composition", False), models.Q(("gstin", ""), _negated=True), _connector="OR"),
                name="inventory_supplier_composition",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplier",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_days__lte", 365), ("lead_days__lte", 365)), name="inventory_supplier_days"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="supplier",
            trigger=pgtrigger.compiler.Trigger(
                name="balance_by_postings",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NEW.balance <> OLD.balance AND pg_trigger_depth() < 2 THEN\n                        RAISE EXCEPTION 'what is owed to a supplier changes only by a posting' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'inventory_supplier_balance_by_postings';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="8f55b11dc78de21ad79c7f600338aeb8b96cc43f",
                    operation='UPDATE OF "balance"',
                    pgid="pgtrigger_balance_by_postings_0fc05",
                    table="inventory_supplier",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="supplier",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'inventory_supplier: rows are never deleted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'inventory_supplier_never_deleted';",
                    hash="dd7f6cc5869d94869858ef9b77b84d7b0c186abe",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_cca7f",
                    table="inventory_supplier",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="goodsreceipt",
            index=models.Index(fields=["shop", "supplier", "-id"], name="inventory_receipt_by_supplier"),
        ),
        migrations.AddConstraint(
            model_name="goodsreceipt",
            constraint=models.UniqueConstraint(fields=("shop", "id"), name="inventory_goodsreceipt_shop_key"),
        ),
        migrations.AddConstraint(
            model_name="goodsreceipt",
            constraint=smartkirana.db_rules.SameShop(field="document", name="inventory_goodsreceipt_document_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="goodsreceipt",
            constraint=smartkirana.db_rules.SameShop(field="supplier", name="inventory_goodsreceipt_supplier_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="goodsreceipt",
            constraint=models.UniqueConstraint(
                models.F("shop"),
                models.F("supplier"),
                models.F("year"),
                django.db.models.functions.text.Upper("bill_number"),
                name="inventory_goodsreceipt_bill_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="goodsreceipt",
            constraint=models.CheckConstraint(
                condition=models.Q(("bill_number", ""), _negated=True), name="inventory_goodsreceipt_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="goodsreceipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("reverse_charge", False),
                        (
                            "total",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    django.db.models.expressions.CombinedExpression(
                                                        models.F("taxable"), "+", models.F("cgst")
                                                    ),
                                                    "+",
                                                    models.F("sgst"),
                                                ),
                                                "+",
                                                models.F("igst"),
                                            ),
                                            "+",
                                            models.F("cess"),
                                        ),
                                        "+",
                                        models.F("other_charges"),
                                    ),
                                    "-",
                                    models.F("cash_discount"),
                                ),
                                "+",
                                models.F("round_off"),
                            ),
                        ),
                    ),
                    models.Q(
                        ("reverse_charge", True),
                        (
                            "total",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(models.F("taxable"), "+", models.F("other_charges")),
                                    "-",
                                    models.F("cash_discount"),
                                ),
                                "+",
                                models.F("round_off"),
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="inventory_goodsreceipt_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="goodsreceipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cgst", models.F("sgst")),
                    models.Q(models.Q(("cgst", 0), ("inter_state", True)), models.Q(("igst", 0), ("inter_state", False)), _connector="OR"),
                ),
                name="inventory_goodsreceipt_tax_heads",
            ),
        ),
        migrations.AddConstraint(
            model_name="goodsreceipt",
            constraint=models.CheckConstraint(
                condition=models.Q(("round_off__gte", -1), ("round_off__lte", 1)), name="inventory_goodsreceipt_rounded"
            ),
        ),
        migrations.AddConstraint(
            model_name="goodsreceipt",
            constraint=models.CheckConstraint(
                condition=models.Q(("cost__gte", 0), ("taxable__gte", 0), ("total__gte", 0)), name="inventory_goodsreceipt_signs"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="goodsreceipt",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'inventory_goodsreceipt: written rows are never changed or deleted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'inventory_goodsreceipt_append_only';",
                    hash="8bd23f964b5f1e60cfaf8bc9ed8cbf46c0425e10",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_63386",
                    table="inventory_goodsreceipt",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="supplierentry",
            index=models.Index(fields=["shop", "supplier", "day", "id"], include=("amount",), name="inventory_supplier_statement"),
        ),
        migrations.AddIndex(
            model_name="supplierentry",
            index=models.Index(
                condition=models.Q(("open", 0), _negated=True), fields=["shop", "supplier", "day"], name="inventory_supplier_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierentry",
            constraint=models.UniqueConstraint(fields=("shop", "id"), name="inventory_supplierentry_shop_key"),
        ),
        migrations.AddConstraint(
            model_name="supplierentry",
            constraint=smartkirana.db_rules.SameShop(field="supplier", name="inventory_supplierentry_supplier_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="supplierentry",
            constraint=smartkirana.db_rules.SameShop(field="document", name="inventory_supplierentry_document_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="supplierentry",
            constraint=models.UniqueConstraint(fields=("shop", "id", "supplier"), name="inventory_supplierentry_supplier_key"),
        ),
        migrations.AddConstraint(
            model_name="supplierentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True), fields=("shop", "number"), name="inventory_supplierentry_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gte", 0), ("open__gte", 0), ("open__lte", models.F("amount"))),
                    models.Q(("amount__lt", 0), ("open__gte", models.F("amount")), ("open__lte", 0)),
                    _connector="OR",
                ),
                name="inventory_supplierentry_open",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="supplierentry",
            trigger=pgtrigger.compiler.Trigger(
                name="open_by_settlements",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF TG_OP = 'INSERT' THEN\n                        IF NEW.open <> NEW.amount THEN\n                            RAISE EXCEPTION 'an entry starts open' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'inventory_supplierentry_starts_open';\n                        END IF;\n                    ELSIF pg_trigger_depth() < 2 OR (to_jsonb(NEW) - 'open') IS DISTINCT FROM (to_jsonb(OLD) - 'open') THEN\n                        RAISE EXCEPTION 'what is open changes only by a settlement, the rest never' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'inventory_supplierentry_frozen';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="7a0370f69e06810225a7d9d02cba8ef3dd4ff25a",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_open_by_settlements_39fbe",
                    table="inventory_supplierentry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="supplierentry",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'inventory_supplierentry: rows are never deleted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'inventory_supplierentry_never_deleted';",
                    hash="b103c1c9f75b927fcc6a6959780949bb733c51c3",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_7b2a7",
                    table="inventory_supplierentry",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=smartkirana.db_rules.SameShop(field="supplier", name="inventory_settlement_supplier_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=smartkirana.db_rules.SameShop(also=("supplier_id",), field="bill", name="inventory_settlement_bill_same_supplier"),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=smartkirana.db_rules.SameShop(also=("supplier_id",), field="paid", name="inventory_settlement_paid_same_supplier"),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=smartkirana.db_rules.SameShop(field="document", name="inventory_settlement_document_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="inventory_settlement_amount"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="settlement",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'inventory_settlement: written rows are never changed or deleted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'inventory_settlement_append_only';",
                    hash="b5e9cdda8e0317f3b118e4d0393281ea23af8b62",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_bfe4a",
                    table="inventory_settlement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="settlement",
            trigger=pgtrigger.compiler.Trigger(
                name="settle",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    UPDATE inventory_supplierentry AS entry SET open = entry.open + moved.amount\n                      FROM (SELECT id, sum(amount) AS amount\n                              FROM (SELECT bill_id AS id, -amount AS amount FROM new_rows\n                                    UNION ALL SELECT paid_id, amount FROM new_rows) AS both_sides\n                             GROUP BY id) AS moved\n                     WHERE entry.id = moved.id;\n                    RETURN NULL;\n                ",
                    hash="0200ddb0150f002865f5316a8b44bdb4eb24d4da",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_settle_4d10e",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="inventory_settlement",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierpayment",
            constraint=smartkirana.db_rules.SameShop(field="document", name="inventory_supplierpayment_document_same_shop"),
        ),
        migrations.AddConstraint(
            model_name="supplierpayment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("discount__gte", 0)), name="inventory_supplierpayment_amounts"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="supplierpayment",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'inventory_supplierpayment: written rows are never changed or deleted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'inventory_supplierpayment_append_only';",
                    hash="db041db1bddd694bbca1b3b98d348105ed4a6fc6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_0cd47",
                    table="inventory_supplierpayment",
                    when="BEFORE",
                ),
            ),
        ),
    ]
