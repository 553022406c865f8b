"""Keys for programs: made by an owner, shown once, with no more rights than they need."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from shops.access import Can
from shops.api.caller import Caller, rights_of
from shops.errors import ShopError
from shops.limits import carried_limits, with_limits
from shops.models import ApiKey, Membership, Shop, User
from smartkirana.dates import shop_today
from smartkirana.text import clean_name

KEY_MARK = "sk_"
SHOWN = 10  # characters by which a person knows a key again
MOST_KEYS = 50
PRESSED_TWICE = timedelta(seconds=20)
SCOPES: dict[str, Can] = {right.name.lower(): right for right in Can if right is not Can.RUN_SHOP}


def make_key(*, shop: Shop, by: User, name: str, scopes: Sequence[str], by_hand: bool = False) -> tuple[ApiKey, str]:
    """A new key; the second value is the key itself, which cannot be had again.

    scopes   names of rights: "see_goods", "sell" … (`SCOPES`)
    by_hand  a button made it: pressed twice, the key that was made first and shown to nobody goes
    Raises ShopError "no_name", "bad_scope", "too_many_keys".
    """
    name = clean_name(name)[:60]
    if not name:
        raise ShopError("no_name", "Write what the key is for.", "name")
    if not scopes or set(scopes) - SCOPES.keys():
        raise ShopError("bad_scope", f"Choose the key's rights among {', '.join(SCOPES)}.", "scopes")
    if by_hand:
        twin = shop.api_keys.filter(made_by=by, name=name, scopes=sorted(set(scopes)), last_used_on=None, revoked_at=None)
        twin.filter(made_at__gt=timezone.now() - PRESSED_TWICE).delete()
    if shop.api_keys.filter(revoked_at=None).count() >= MOST_KEYS:
        raise ShopError("too_many_keys", f"A shop has at most {MOST_KEYS} keys. Revoke one that is not used any more.")
    secret = KEY_MARK + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(shop=shop, name=name, start=secret[:SHOWN], hash=_hash(secret), scopes=sorted(set(scopes)), made_by=by)
    return key, secret


def revoke_key(*, key: ApiKey) -> None:
    """End a key, from the next call on. Twice is once."""
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])


def keys_of(shop: Shop) -> QuerySet[ApiKey]:
    """The keys in use first, the newest first; then the latest of those revoked."""
    return shop.api_keys.select_related("made_by").order_by("revoked_at", "-pk")


def caller_with_key(secret: str) -> Caller | None:
    """Who made the key, with the rights it was given as far as they still have them. None for a key that is not, or no more, good."""
    key = ApiKey.objects.filter(hash=_hash(secret), revoked_at=None).first()
    if key is None:
        return None
    place = with_limits(Membership.objects.select_related("shop", "user")).filter(
        user=key.made_by_id, shop=key.shop_id, is_active=True, shop__is_active=True, user__is_active=True
    )
    if (found := place.first()) is None:
        return None
    if key.last_used_on != (today := shop_today()):
        ApiKey.objects.filter(pk=key.pk).update(last_used_on=today)
    can = rights_of(found.role) & {SCOPES[scope] for scope in key.scopes if scope in SCOPES}
    return Caller(found.user, found.shop, found.role, can, carried_limits(found))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
