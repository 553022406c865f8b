from django.apps import AppConfig
from django.db.models.signals import post_migrate

from smartkirana.mornings import schedule_each_morning

DAILY = "Payments not seen"


def schedule_daily_claims(sender, using, **kwargs) -> None:
    """Have the worker tell of payments that nobody has seen, every morning."""
    schedule_each_morning(DAILY, "ledger.daily.daily_claims", using)


class LedgerConfig(AppConfig):
    name = "ledger"
    verbose_name = "Books"

    def ready(self) -> None:
        from ledger import receivers

        receivers.connect()
        post_migrate.connect(schedule_daily_claims, sender=self, dispatch_uid="ledger.schedule_daily_claims")
