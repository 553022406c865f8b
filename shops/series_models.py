"""Numbers that run without a gap."""

from django.db import models


class NumberSeries(models.Model):
    """The last number given in a series. Its row is locked and moved in the act that uses the number: no gap, no repeat."""

    shop = models.ForeignKey("shops.Shop", models.PROTECT, related_name="number_series")
    series = models.CharField("series", max_length=24, help_text="order:2026-11-22 or bill:S1/26-27")
    last = models.PositiveIntegerField("last number", default=0)

    class Meta:
        db_table = "orders_numberseries"  # it was that app's
        verbose_name_plural = "number series"
        constraints = [models.UniqueConstraint(fields=["shop", "series"], name="orders_numberseries_once")]

    def __str__(self) -> str:
        return f"{self.series} {self.last}"
