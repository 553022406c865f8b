"""Jobs that the worker does every morning, and every minute."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connections

MORNING = time(6, 30)


def schedule_each_morning(name: str, job: str, using: str) -> None:
    """Have the worker run `job` every morning at 6:30 in India; a schedule of this name that is there stays as it is."""
    wall = ZoneInfo("Asia/Kolkata")
    now = datetime.now(wall)
    first = datetime.combine(now.date(), MORNING, wall)
    _schedule(name, job, using, schedule_type="D", next_run=first if first > now else first + timedelta(days=1))


def schedule_each_minute(name: str, job: str, using: str) -> None:
    """Have the worker run `job` every minute, without a row for each time it went well."""
    _schedule(name, job, using, schedule_type="I", minutes=1, kwargs="{'q_options': {'save': False}}")


def _schedule(name: str, job: str, using: str, **how: object) -> None:
    from django_q.models import Schedule

    if Schedule._meta.db_table not in connections[using].introspection.table_names():
        return
    if not Schedule.objects.using(using).filter(name=name).exists():
        Schedule.objects.using(using).create(name=name, func=job, **how)
