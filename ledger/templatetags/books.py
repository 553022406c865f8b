"""How the books write a balance."""

from decimal import Decimal

from django import template

from smartkirana.money import indian
from smartkirana.templatetags.kirana import MINUS, NBSP, NOTHING

register = template.Library()


@register.filter
def dr_cr(net: Decimal | None) -> str:
    """A balance (debit minus credit) with its side: "1,250.00 Dr", "300.00 Cr", "0.00"."""
    if net is None:
        return NOTHING
    side = f"{NBSP}Dr" if net > 0 else f"{NBSP}Cr" if net < 0 else ""
    return f"{indian(abs(net))}{side}"


@register.filter
def side(amount: Decimal) -> str:
    """A debit or credit column: empty for zero, so that the eye finds the figures."""
    return indian(amount) if amount else ""


@register.filter
def change(percent: Decimal | None) -> str:
    """A change in percent with its sign: "+12.5 %", "−3 %"; more than a thousandfold or nothing to compare with is a dash."""
    if percent is None or abs(percent) >= 100_000:
        return NOTHING
    digits = indian(abs(percent), 1).removesuffix(".0")
    return f"{'+' if percent > 0 else MINUS if percent < 0 else ''}{digits}{NBSP}%"
