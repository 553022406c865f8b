from django.db import migrations, models


class Migration(migrations.Migration):
    """One form, one new product: pressing Save twice makes one."""

    dependencies = [("catalog", "0002_import_progress")]

    operations = [
        migrations.AddField(
            model_name="product",
            name="request_key",
            field=models.UUIDField(blank=True, editable=False, null=True, verbose_name="key of the form it came from"),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(fields=("shop", "request_key"), name="catalog_product_request_key"),
        ),
    ]
