"""What is kept of codes that are sent by SMS."""

from __future__ import annotations

from datetime import timedelta

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from phonenumber_field.modelfields import PhoneNumberField

from smartkirana.db_rules import frozen_but, refuse

GOOD_FOR = timedelta(minutes=10)
MOST_TRIES = 5


class SignInCode(models.Model):
    """A code that somebody asked for: its hash, never the code. Asked for an unknown phone the row is there too, only nothing is sent.

    `shop` empty: for the pages of the house; else for the API of that shop. `code_hash` is "" until the worker has made the code.
    One of a purpose, shop and phone is open at a time; it ends by use, by a newer one (`ended_at`), by five tries, by its time.
    """

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in", "Sign in"
        RESET = "reset", "New password"

    purpose = models.CharField("for", max_length=8, choices=Purpose)
    shop = models.ForeignKey("shops.Shop", models.PROTECT, related_name="sign_in_codes", null=True, blank=True)
    phone = PhoneNumberField("phone", region="IN")
    code_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    made_at = models.DateTimeField("asked", default=timezone.now)
    expires_at = models.DateTimeField("good until")
    tries = models.PositiveSmallIntegerField("tries", default=0)
    used_at = models.DateTimeField("used", null=True, blank=True)
    ended_at = models.DateTimeField("a newer one came", null=True, blank=True)
    sent_at = models.DateTimeField("sent", null=True, blank=True)

    class Meta:
        verbose_name = "code by SMS"
        verbose_name_plural = "codes by SMS"
        constraints = [
            models.UniqueConstraint(
                fields=["phone", "purpose", "shop"],
                condition=Q(used_at=None, ended_at=None),
                nulls_distinct=False,
                name="shops_signincode_one_open",
            ),
            models.CheckConstraint(name="shops_signincode_hashed", condition=Q(code_hash="") | Q(code_hash__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="shops_signincode_tries", condition=Q(tries__lte=MOST_TRIES)),
            models.CheckConstraint(name="shops_signincode_purpose", condition=Q(purpose__in=["sign_in", "reset"])),
            models.CheckConstraint(
                name="shops_signincode_ten_minutes",
                condition=Q(expires_at__gt=F("made_at"), expires_at__lte=F("made_at") + GOOD_FOR),
            ),
            models.CheckConstraint(
                name="shops_signincode_used_in_time", condition=Q(used_at=None) | Q(used_at__lte=F("expires_at"), ended_at=None)
            ),
        ]
        indexes = [models.Index(fields=["made_at"], name="shops_signincode_made")]
        triggers = [
            frozen_but("shops_signincode", "code_hash", "tries", "used_at", "ended_at", "sent_at"),
            pgtrigger.Trigger(
                name="only_onward",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF (OLD.code_hash <> '' AND NEW.code_hash <> OLD.code_hash) OR NEW.tries < OLD.tries
                       OR (OLD.used_at IS NOT NULL AND NEW.used_at IS DISTINCT FROM OLD.used_at)
                       OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at) THEN
                        {refuse("shops_signincode_only_onward", "a code is made once, and what was tried, used or ended stays so")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.phone}"
