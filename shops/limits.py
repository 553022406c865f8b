"""What a role may do at the counter by itself; beyond it somebody whose limits reach further approves with their PIN."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext as _

from shops.errors import ShopError
from shops.models import CounterLimits, Membership, Role, Shop, User
from shops.signals import counter_fact
from smartkirana.db_rules import broken_rule
from smartkirana.money import ZERO


@dataclass(frozen=True)
class Limits:
    """What one person may do at the counter. `discount_percent`: the most by hand off a line or a bill, in percent."""

    discount_percent: Decimal = ZERO
    may_change_rate: bool = False
    may_pass_khata_limit: bool = False
    may_cancel_open_bill: bool = False
    may_take_back: bool = False

    def covers(self, *, percent: Decimal = ZERO, rate: bool = False, khata: bool = False, take_back: bool = False) -> bool:
        """True when all of this is within the limits: a discount of `percent`, another rate, a khata past its limit, goods taken back."""
        return (
            percent <= self.discount_percent
            and (self.may_change_rate or not rate)
            and (self.may_pass_khata_limit or not khata)
            and (self.may_take_back or not take_back)
        )


NONE = Limits()
ALL = Limits(Decimal(100), True, True, True, True)
USUAL: dict[str, Limits] = {
    Role.OWNER: ALL,
    Role.MANAGER: Limits(Decimal(20), True, True, True, True),
    Role.STAFF: Limits(Decimal(5), False, False, True, False),
    Role.ACCOUNTANT: NONE,
}
_FIELDS = tuple(asdict(NONE))


def limits_of(shop: Shop, role: str) -> Limits:
    """The limits of a role in the shop. One query for staff and managers, none for the others."""
    if role not in CounterLimits.LIMITED:
        return USUAL[role]
    row = shop.counter_limits.filter(role=role).values(*_FIELDS).first()
    return Limits(**row) if row else USUAL[role]


def all_limits(shop: Shop) -> dict[str, Limits]:
    """The limits of every role in the shop; one query."""
    changed = {row.pop("role"): Limits(**row) for row in shop.counter_limits.values("role", *_FIELDS)}
    return USUAL | changed


def with_limits(places: QuerySet[Membership]) -> QuerySet[Membership]:
    """The memberships together with the limits of their roles, for `carried_limits`: no query of its own."""
    own = CounterLimits.objects.filter(shop=OuterRef("shop"), role=OuterRef("role"))
    parts = {name: Cast(name, CharField()) if name == "discount_percent" else name for name in _FIELDS}
    return places.annotate(own_limits=Subquery(own.values_list(JSONObject(**parts))[:1]))


def carried_limits(place: Membership) -> Limits:
    """The limits that `with_limits` brought along."""
    carried: dict[str, Any] | None = getattr(place, "own_limits", None)
    if not carried:
        return USUAL[place.role]
    return Limits(**{**carried, "discount_percent": Decimal(carried["discount_percent"])})


def change_limits(*, shop: Shop, role: str, by: User, limits: Limits) -> bool:
    """Set what a role may do at the counter, from the next page on. True when it is something new.

    Raises ShopError "bad_percent", "not_limited" (owners may do all, accountants do not sell).
    """
    if role not in CounterLimits.LIMITED:
        raise ShopError("not_limited", _("Only what staff and managers may do can be set."), "role")
    if limits == limits_of(shop, role):
        return False
    try:
        with transaction.atomic():
            CounterLimits.objects.update_or_create(shop=shop, role=role, defaults={**asdict(limits), "changed_by": by})
            told = {"role": role, **{name: str(value) for name, value in asdict(limits).items()}}
            counter_fact.send(sender=Shop, shop=shop, kind="rules_changed", by=by, details=told)
    except IntegrityError as error:
        if broken_rule(error) == "shops_counterlimits_percent":
            raise ShopError("bad_percent", _("Give a percentage from 0 to 100."), "discount_percent") from error
        raise
    return True
