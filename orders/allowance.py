"""What a cashier may give away by hand, and what a bill gives away. Pure: the limits and approvals come from the caller.

Measured line by line against the list: a rate below the list's, the line's own discount and its share of the bill's together.
Offers and price lists are the shop's own word and count as the list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

from django.utils.translation import gettext as _

from orders.errors import OrderError
from smartkirana.money import PAISA, ZERO, money, plain

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Allowance:
    """percent  most a line may be brought down by hand; rate  may change rates; khata  rupees a khata may reach over its limit."""

    percent: Decimal = HUNDRED
    rate: bool = True
    khata: Decimal = ZERO


EVERYTHING = Allowance()  # but a khata over its limit: that is always approved for one bill


@dataclass(frozen=True, slots=True)
class GivenLine:
    """A line's goods on the list (rupees, after offers), what the customer pays for them, and whether the rate was changed by hand."""

    listed: Decimal
    paid: Decimal
    rate_changed: bool = False

    @property
    def percent(self) -> Decimal:
        """How far below the list, percent, rounded up to two places; zero at or above it."""
        if self.paid >= self.listed:
            return ZERO
        return ((self.listed - self.paid) * 100 / self.listed).quantize(PAISA, rounding=ROUND_UP)

    def is_within(self, percent: Decimal) -> bool:
        """A paisa of rounding is nobody's gift: a share of a discount may be rounded up."""
        return self.listed - self.paid <= money(self.listed * percent / 100) + PAISA


class NeedsApproval(OrderError):
    """More than this cashier may give; `percent`, `rate` and `khata` say what somebody else would have to approve."""

    def __init__(self, code: str, message: str, *, percent: Decimal = ZERO, rate: bool = False, khata: Decimal | None = None) -> None:
        super().__init__(code, message, "approval")
        self.percent, self.rate, self.khata = percent, rate, khata


def check_given(lines: Iterable[GivenLine], allowance: Allowance, *, other_list: bool = False) -> None:
    """Raises NeedsApproval "needs_approval" when the lines give more than `allowance`.

    other_list  the bill is on a price list that is not the customer's own: who may change rates may do that
    """
    lines = list(lines)
    percent = max((line.percent for line in lines if not line.is_within(allowance.percent)), default=ZERO)
    rate = (other_list or any(line.rate_changed for line in lines)) and not allowance.rate
    if percent or rate:
        raise NeedsApproval("needs_approval", _sentence(percent, rate), percent=percent, rate=rate)


def _sentence(percent: Decimal, rate: bool) -> str:
    if percent and rate:
        return _("A changed rate and {percent} % off need approval. Ask for a PIN.").format(percent=plain(percent))
    if percent:
        return _("{percent} % off needs approval. Ask for a PIN.").format(percent=plain(percent))
    return _("A changed rate needs approval. Ask for a PIN.")
