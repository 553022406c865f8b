from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save

from smartkirana.mornings import schedule_each_morning

DAILY = "Daily stock notices"


def schedule_daily_alerts(sender, using, **kwargs) -> None:
    """Have the worker make the notices every morning."""
    schedule_each_morning(DAILY, "inventory.daily.daily_alerts", using)


class InventoryConfig(AppConfig):
    name = "inventory"
    verbose_name = "Stock"

    def ready(self) -> None:
        from inventory.told import stock_event_written

        post_migrate.connect(schedule_daily_alerts, sender=self, dispatch_uid="inventory.schedule_daily_alerts")
        post_save.connect(stock_event_written, sender="inventory.StockEvent", dispatch_uid="inventory.tell_of_stock")
