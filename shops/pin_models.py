"""PINs of the counter."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from smartkirana.db_rules import SameShop, frozen_but


class Pin(models.Model):
    """A member's PIN for the counter: its hash, and the wrong tries since it was last right. A new PIN is a new row.

    A PIN proves a person to a device that is signed in already, and is asked together with the name; it opens no account.
    """

    shop = models.ForeignKey("shops.Shop", models.PROTECT, related_name="pins")
    membership = models.OneToOneField("shops.Membership", models.CASCADE, related_name="pin", db_constraint=False)
    hash = models.CharField(max_length=200, editable=False)
    digits = models.PositiveSmallIntegerField("digits")
    set_by = models.ForeignKey("shops.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField("set", default=timezone.now)
    wrong = models.PositiveSmallIntegerField("wrong tries", default=0)
    wrong_at = models.DateTimeField("last try", null=True, blank=True)
    lockouts = models.PositiveSmallIntegerField("times locked since it was right", default=0)
    locked_until = models.DateTimeField("locked until", null=True, blank=True)

    class Meta:
        verbose_name = "counter PIN"
        constraints = [
            SameShop(field="membership", name="shops_pin_membership_same_shop"),
            models.CheckConstraint(name="shops_pin_hashed", condition=Q(hash__regex=r"^[a-z0-9_]+\$.{20,}$")),
            models.CheckConstraint(name="shops_pin_digits", condition=Q(digits__gte=4, digits__lte=6)),
        ]
        triggers = [frozen_but("shops_pin", "wrong", "wrong_at", "lockouts", "locked_until")]

    def __str__(self) -> str:
        return f"PIN of {self.membership}"

    @property
    def is_first(self) -> bool:
        """True while it is the one that somebody else chose for the person."""
        return self.set_by_id != self.membership.user_id
