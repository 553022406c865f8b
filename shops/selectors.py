"""What the pages about shops and people read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from shops.devices import device_words, is_phone
from shops.limits import with_limits
from shops.models import Invitation, Membership, Role, Shop, User, Webhook, WebhookDelivery
from shops.signing_out import live_sessions


def places_of(user: User) -> QuerySet[Membership]:
    """The shops a person works in, by name."""
    return user.memberships.filter(is_active=True, shop__is_active=True).select_related("shop").order_by("shop__name", "pk")


def runs_a_shop(user: User) -> bool:
    """True for an owner of an open shop, and for who runs the installation."""
    return user.is_superuser or user.memberships.filter(role=Role.OWNER, is_active=True, shop__is_active=True).exists()


def people_of(shop: Shop) -> QuerySet[Membership]:
    """Everybody who works or worked in the shop: at work first, then by role and name."""
    by_role = Case(*(When(role=role, then=Value(n)) for n, role in enumerate(Role.values)), output_field=IntegerField())
    return shop.memberships.select_related("user", "pin").order_by("-is_active", by_role, "user__name", "pk")


def people_with_pin(shop: Shop) -> QuerySet[Membership]:
    """Who works in the shop and can prove themselves at a counter, by name, with their limits."""
    at_work = shop.memberships.filter(is_active=True, user__is_active=True, pin__isnull=False)
    return with_limits(at_work).select_related("user", "pin").order_by("user__name", "pk")


def open_invitations(shop: Shop) -> QuerySet[Invitation]:
    """Invitations nobody has taken up, the newest first; those whose time is over as well."""
    return shop.invitations.filter(accepted_at=None).order_by("-expires_at", "pk")


@dataclass(frozen=True, slots=True)
class Device:
    """A place where a person is signed in."""

    pk: int
    words: str
    is_phone: bool
    ip: str
    since: datetime
    is_this: bool


def devices_of(user: User, session_key: str | None) -> list[Device]:
    """Where a person is signed in: this device first, then the latest. Those signed out meanwhile drop off the list."""
    sessions = sorted(live_sessions(user), key=lambda session: session.session_key != session_key)
    return [
        Device(s.pk, device_words(s.user_agent), is_phone(s.user_agent), s.ip, s.created_at, s.session_key == session_key) for s in sessions
    ]


def webhooks_of(shop: Shop) -> QuerySet[Webhook]:
    """The shop's webhooks as they were made, with how many of their messages are `waiting` and how many were `given_up`."""

    def count(state: str) -> Coalesce:
        told = WebhookDelivery.objects.filter(shop=shop, webhook=OuterRef("pk"), state=state).order_by().values("webhook")
        return Coalesce(Subquery(told.annotate(n=Count("pk")).values("n")), Value(0))

    State = WebhookDelivery.State
    return shop.webhooks.annotate(waiting=count(State.WAITING), given_up=count(State.GIVEN_UP)).order_by("pk")
