"""What the counter's log hears from the shop's own floor: PINs set and cleared, rules changed."""

from __future__ import annotations

from orders.till_log import record
from shops.models import Shop, User


def log_counter_fact(sender: type, *, shop: Shop, kind: str, by: User, details: dict, **kwargs: object) -> None:
    """In the same transaction as the act itself."""
    record(shop=shop, kind=kind, by=by, details=details)
