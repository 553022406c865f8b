"""Where a person starts work in a shop. Pages of the floors above are known here by name only."""

from django.urls import reverse

from shops.access import Can, may
from shops.models import Membership

STARTS = (
    ("orders:counter", Can.SELL),
    ("ledger:profit_loss", Can.SEE_BOOKS),
    ("orders:bills", Can.SEE_BILLS),
    ("shops:more", Can.ENTER),
)


def first_page(membership: Membership) -> str:
    """At the counter who may sell, at the books who may see them, else at the first page their role opens."""
    name = next(name for name, right in STARTS if may(membership, right))
    return reverse(name, args=[membership.shop.slug])
