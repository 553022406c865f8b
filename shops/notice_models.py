"""What the shop's owner is told in the morning: one notice of a kind for a day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from smartkirana.db_rules import shop_key


class Notice(models.Model):
    """`lines` is a list of {"text": a sentence, "url": name of an address of the shop or "", "query": "?…" or ""}."""

    class Kind(models.TextChoices):
        STOCK = "stock", "Stock this morning"
        CLAIMS = "claims", "Payments not seen"
        PROGRAMS = "programs", "Programs not told"

    shop = models.ForeignKey("shops.Shop", models.PROTECT, related_name="notices", db_index=False)
    kind = models.CharField("kind", max_length=10, choices=Kind)
    day = models.DateField("day")
    title = models.CharField("title", max_length=200)
    lines = models.JSONField("lines", default=list)
    made_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField("seen", null=True, blank=True)
    seen_by = models.ForeignKey("shops.User", models.PROTECT, related_name="+", null=True, blank=True, db_index=False)

    class Meta:
        constraints = [
            shop_key("shops_notice"),
            models.UniqueConstraint(fields=["shop", "kind", "day"], name="shops_notice_once_a_day"),
            models.CheckConstraint(
                name="shops_notice_seen_by_somebody",
                condition=Q(seen_at=None, seen_by=None) | Q(seen_at__isnull=False, seen_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["shop"], condition=Q(seen_at=None), name="shops_notice_unseen")]

    def __str__(self) -> str:
        return self.title
