"""Who calls the API."""

from __future__ import annotations

from dataclasses import dataclass

from shops.access import RIGHTS, Can
from shops.limits import NONE, Limits
from shops.models import Shop, User

CUSTOMER = "customer"  # the role of people who buy in the shop; no place in it, and no page
CUSTOMERS_RIGHTS: frozenset[Can] = frozenset()


@dataclass(frozen=True, slots=True)
class Caller:
    """A person (or a program with a person's key) and the shop the token is for.

    can      the rights of the role, less what a key is not given
    limits   what the role may do at the counter by itself (shops/limits.py)
    session  the device session behind the token; "" for a key
    """

    user: User
    shop: Shop
    role: str
    can: frozenset[Can]
    limits: Limits = NONE
    session: str = ""

    @property
    def is_customer(self) -> bool:
        return self.role == CUSTOMER

    @property
    def label(self) -> str:
        """Whose tries are counted together."""
        return f"session {self.session}" if self.session else f"key of {self.user.pk}"


def rights_of(role: str) -> frozenset[Can]:
    """The rights that a role has through the API: those it has on the pages."""
    return CUSTOMERS_RIGHTS if role == CUSTOMER else RIGHTS[role]
