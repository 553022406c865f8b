from django.apps import AppConfig
from django.core.management import call_command
from django.db.models.signals import post_migrate, post_save

from smartkirana.mornings import schedule_each_minute, schedule_each_morning

DAILY = "Old codes and counts"
SENDING = "Messages to programs"


def make_cache_table(sender, using, **kwargs) -> None:
    """Lock-outs are counted in the database, so that they hold across workers; their table comes with the migrations."""
    call_command("createcachetable", database=using, verbosity=0)


def schedule_tidying(sender, using, **kwargs) -> None:
    """Have the worker throw away old codes and counts every morning."""
    schedule_each_morning(DAILY, "shops.daily.tidy_up", using)


def schedule_sending(sender, using, **kwargs) -> None:
    """Have the worker send what programs are to be told, again where it did not arrive."""
    schedule_each_minute(SENDING, "shops.webhook_sending.send_due", using)


def bound_devices(sender, instance, created, raw=False, **kwargs) -> None:
    """Nobody's list of devices grows without end."""
    from shops.signing_out import keep_within_bounds

    if created and not raw and not instance.data:
        keep_within_bounds(instance.user)


class ShopsConfig(AppConfig):
    name = "shops"
    verbose_name = "Shops and people"

    def ready(self) -> None:
        from allauth.usersessions.models import UserSession

        from shops import checks  # noqa: F401 (registers them)

        post_migrate.connect(make_cache_table, sender=self, dispatch_uid="shops.make_cache_table")
        post_migrate.connect(schedule_tidying, sender=self, dispatch_uid="shops.schedule_tidying")
        post_migrate.connect(schedule_sending, sender=self, dispatch_uid="shops.schedule_sending")
        post_save.connect(bound_devices, sender=UserSession, dispatch_uid="shops.bound_devices")
