from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

DAILY = "Daily stock notices"
MORNING = time(6, 30)


def schedule_daily_alerts(sender, using, **kwargs) -> None:
    """Have the worker make the notices every morning."""
    schedule_each_morning(DAILY, "inventory.daily.daily_alerts", using)


def schedule_each_morning(name: str, job: str, using: str) -> None:
    """Have the worker run `job` every morning at 6:30 in India; a schedule of this name that is there stays as it is."""
    from django_q.models import Schedule

    if Schedule._meta.db_table not in connections[using].introspection.table_names():
        return
    if not Schedule.objects.using(using).filter(name=name).exists():
        wall = ZoneInfo("Asia/Kolkata")
        now = datetime.now(wall)
        first = datetime.combine(now.date(), MORNING, wall)
        Schedule.objects.using(using).create(
            name=name, func=job, schedule_type=Schedule.DAILY, next_run=first if first > now else first + timedelta(days=1)
        )


class InventoryConfig(AppConfig):
    name = "inventory"
    verbose_name = "Stock"

    def ready(self) -> None:
        post_migrate.connect(schedule_daily_alerts, sender=self, dispatch_uid="inventory.schedule_daily_alerts")
