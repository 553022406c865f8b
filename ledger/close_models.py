"""Closed days: each numbered, with its Z report as it was, and sealed. See `ledger/closing.py` and docs/day-close.md."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from shops.models import Shop, User
from smartkirana.db_rules import append_only, refuse, shop_key


class DayClose(models.Model):
    """A day of the shop, closed: nothing is dated on or before it from now on.

    after     the day closed before it (None for the first): the close covers every day later than that, up to `day`
    entries   how many journal entries it seals
    previous  the seal of the close before, "" for the first
    seal      SHA-256 in hex over `previous` and those entries with their postings (`ledger/seals.py`)
    figures   the Z report as it was: what `ledger.day_figures` said
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="day_closes", db_index=False)
    number = models.PositiveIntegerField("Z number")
    day = models.DateField("day")
    after = models.DateField("closed before", null=True, blank=True)
    entries = models.PositiveIntegerField("journal entries")
    previous = models.CharField("seal before", max_length=64, blank=True)
    seal = models.CharField("seal", max_length=64)
    figures = models.JSONField("Z report")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField("when", default=timezone.now)

    class Meta:
        ordering = ["-number"]
        verbose_name = "closed day"
        constraints = [
            shop_key("ledger_dayclose"),
            models.UniqueConstraint(fields=["shop", "number"], name="ledger_dayclose_number"),
            models.UniqueConstraint(fields=["shop", "day"], name="ledger_dayclose_day"),
            models.CheckConstraint(
                name="ledger_dayclose_seals", condition=Q(seal__regex=r"^[0-9a-f]{64}$", previous__regex=r"^([0-9a-f]{64})?$")
            ),
            models.CheckConstraint(name="ledger_dayclose_first", condition=Q(number=1, after=None, previous="") | Q(number__gt=1)),
        ]
        triggers = [
            append_only("ledger_dayclose"),
            pgtrigger.Trigger(
                name="in_order",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("last", "ledger_dayclose%ROWTYPE")],
                func=f"""
                    PERFORM 1 FROM shops_shop WHERE id = NEW.shop_id FOR UPDATE;
                    SELECT * INTO last FROM ledger_dayclose WHERE shop_id = NEW.shop_id ORDER BY number DESC LIMIT 1;
                    IF NEW.number <> coalesce(last.number, 0) + 1 OR NEW.after IS DISTINCT FROM last.day
                       OR NEW.previous <> coalesce(last.seal, '') OR NEW.day <= last.day THEN
                        {refuse("ledger_dayclose_in_order", "days are closed one after the other")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="close_books",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func="UPDATE shops_shop SET sealed_until = NEW.day WHERE id = NEW.shop_id; RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"Z {self.number}, {self.day}"

    @property
    def short_seal(self) -> str:
        """The seal as it stands on paper: its first 16 digits in fours."""
        return "-".join(self.seal[at : at + 4].upper() for at in range(0, 16, 4))
