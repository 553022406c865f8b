from django.db import migrations


class Migration(migrations.Migration):
    """Number series belong to the ground floor from now on (`shops`), in the table they always had."""

    dependencies = [("orders", "0031_payment_events")]

    operations = [migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="NumberSeries")])]
