"""A product named in one box: chosen from the suggestions while typing, or typed as its code or enough of its name."""

from __future__ import annotations

from django.utils.translation import gettext as _

from catalog.errors import CatalogError
from catalog.models import Product
from catalog.selectors import products_by_codes, search
from shops.models import Shop
from smartkirana.text import clean_name

MARK = " · "
MOST_OPTIONS = 12
MOST_TOLD = 3


def label(product: Product) -> str:
    """How a product stands in the box: "Tata Salt 1 kg · P00012"; `pick` reads it again."""
    return f"{product.name}{MARK}{product.sku}"


def options(shop: Shop, text: str) -> list[Product]:
    """Goods on sale to choose from while typing; nothing for less than two letters."""
    text = clean_name(text)
    if len(text) < 2:
        return []
    return list(search(shop.products.filter(is_active=True), text, shop=shop).defer("search_text", "search_vector")[:MOST_OPTIONS])


def pick(shop: Shop, text: str) -> Product:
    """The product that a box names. Raises CatalogError "no_product", "unknown_product", "which_product" (several fit)."""
    text = clean_name(text)
    if not text:
        raise CatalogError("no_product", _("Choose a product: type its name or code."), "product")
    code = text.rpartition(MARK)[2].strip()
    known = products_by_codes(shop, [text, code])
    if found := known.get(text.upper()) or known.get(code.upper()):
        return found
    fit = list(search(shop.products.filter(is_active=True), text, shop=shop).defer("search_text", "search_vector")[: MOST_TOLD + 1])
    if not fit:
        raise CatalogError("unknown_product", _("No product is found by “{text}”.").format(text=text[:40]), "product")
    if len(fit) == 1:
        return fit[0]
    names = ", ".join(f"{product.name} ({product.sku})" for product in fit[:MOST_TOLD]) + ("…" if len(fit) > MOST_TOLD else "")
    raise CatalogError("which_product", _("Several fit: {names}. Type the code of the one you mean.").format(names=names), "product")
