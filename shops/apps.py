from django.apps import AppConfig
from django.core.management import call_command
from django.db.models.signals import post_migrate


def make_cache_table(sender, using, **kwargs) -> None:
    """Lock-outs are counted in the database, so that they hold across workers; their table comes with the migrations."""
    call_command("createcachetable", database=using, verbosity=0)


class ShopsConfig(AppConfig):
    name = "shops"
    verbose_name = "Shops and people"

    def ready(self) -> None:
        post_migrate.connect(make_cache_table, sender=self, dispatch_uid="shops.make_cache_table")
