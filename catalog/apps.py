from django.apps import AppConfig
from django.db.models.signals import post_migrate


def seed_gst_rates(sender, using, **kwargs) -> None:
    from catalog.gst import load_gst_rates

    load_gst_rates(using=using)


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = "Goods and prices"

    def ready(self) -> None:
        import catalog.receivers  # noqa: F401  (connects them)

        post_migrate.connect(seed_gst_rates, sender=self, dispatch_uid="catalog.seed_gst_rates")
