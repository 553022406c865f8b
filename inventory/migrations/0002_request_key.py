from django.db import migrations, models


class Migration(migrations.Migration):
    """One form, one stock paper: sending it again answers the first."""

    dependencies = [("inventory", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="stockdocument",
            name="request_key",
            field=models.UUIDField(blank=True, editable=False, null=True, verbose_name="key of the form it came from"),
        ),
        migrations.AddConstraint(
            model_name="stockdocument",
            constraint=models.UniqueConstraint(fields=("shop", "request_key"), name="inventory_stockdocument_request_key"),
        ),
    ]
