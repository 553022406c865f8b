"""A product named in one box: chosen from the suggestions while typing, or typed as its code or enough of its name."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from catalog.errors import CatalogError
from catalog.models import Product
from catalog.selectors import products_by_codes, search
from shops.models import Shop
from smartkirana.text import clean_name

MARK = " · "
MOST_OPTIONS = 12
MOST_TOLD = 3
MOST_SEARCHED = 20  # boxes with words, not codes, that are looked for at once


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
    found = pick_all(shop, [text])[text]
    if isinstance(found, CatalogError):
        raise found
    return found


def pick_all(shop: Shop, texts: Iterable[str]) -> dict[str, Product | CatalogError]:
    """The products that boxes name, or what `pick` would refuse with, by the text of the box.

    Chosen ones and codes take two queries, however many; words are looked for one by one, at most MOST_SEARCHED of them.
    """
    clean = {text: clean_name(text) for text in texts}
    codes = {text: said.rpartition(MARK)[2].strip() for text, said in clean.items()}
    known = products_by_codes(shop, {*clean.values(), *codes.values()} - {""}) if any(clean.values()) else {}
    found: dict[str, Product | CatalogError] = {}
    searched = 0
    for text, said in clean.items():
        product = known.get(said.upper()) or known.get(codes[text].upper())
        if product is None and said:
            searched += 1
        found[text] = product or _searched(shop, said, may_search=searched <= MOST_SEARCHED)
    return found


def _searched(shop: Shop, text: str, *, may_search: bool) -> Product | CatalogError:
    if not text:
        return CatalogError("no_product", _("Choose a product: type its name or code."), "product")
    if not may_search:
        return CatalogError("which_product", _("Choose one of the suggestions while you type."), "product")
    fit = list(search(shop.products.filter(is_active=True), text, shop=shop).defer("search_text", "search_vector")[: MOST_TOLD + 1])
    if not fit:
        return CatalogError("unknown_product", _("No product is found by “{text}”.").format(text=text[:40]), "product")
    if len(fit) == 1:
        return fit[0]
    names = ", ".join(f"{product.name} ({product.sku})" for product in fit[:MOST_TOLD]) + ("…" if len(fit) > MOST_TOLD else "")
    return CatalogError("which_product", _("Several fit: {names}. Type the code of the one you mean.").format(names=names), "product")
