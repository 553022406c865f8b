"""What the REST API keeps: keys for programs, and the first answer to each request that moved money or stock."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from smartkirana.db_rules import frozen_but, refuse, shop_key


class ApiKey(models.Model):
    """A key for a program: it acts as the person who made it, with at most the rights named in `scopes`.

    Only its SHA-256 is kept; 32 random bytes need no slow hash. It ends with the person's place in the shop, or when it is revoked.
    """

    shop = models.ForeignKey("shops.Shop", models.PROTECT, related_name="api_keys")
    name = models.CharField("what it is for", max_length=60)
    start = models.CharField("begins with", max_length=12)
    hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=20), verbose_name="rights")
    made_by = models.ForeignKey("shops.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField("made", auto_now_add=True)
    last_used_on = models.DateField("last used", null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField("revoked", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "API key"
        constraints = [
            shop_key("shops_apikey"),
            models.CheckConstraint(name="shops_apikey_hash", condition=Q(hash__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="shops_apikey_some_scope", condition=~Q(scopes=[])),
        ]
        triggers = [frozen_but("shops_apikey", "last_used_on", "revoked_at")]

    def __str__(self) -> str:
        return self.name


class ApiAnswer(models.Model):
    """The good answer to a request with an Idempotency-Key: asked again with the same key and body, it is given again."""

    shop = models.ForeignKey("shops.Shop", models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey("shops.User", models.PROTECT, related_name="+", db_index=False)
    key = models.UUIDField("key")
    asked = models.CharField("SHA-256 of method, path and body", max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    at = models.DateTimeField("when", auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "user", "key"], name="shops_apianswer_once"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=refuse("shops_apianswer_frozen", "an answer that was given stays as it was"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.status} for {self.key}"


class Rate(models.Model):
    """How often something was tried until its time is over; see shops/rates.py. Unlogged: after a crash the counting starts anew."""

    key = models.CharField(max_length=200, primary_key=True)
    until = models.DateTimeField()
    tries = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="shops_rate_until")]

    def __str__(self) -> str:
        return f"{self.tries} of {self.key}"
