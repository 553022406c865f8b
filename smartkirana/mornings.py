"""Jobs that the worker does every morning."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connections

MORNING = time(6, 30)


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
