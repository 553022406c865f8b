"""The acts on recipes: how goods are usually packed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from catalog.models import Product
from inventory.errors import StockError
from inventory.models import Recipe, RecipePart
from inventory.repack_models import RepackKind
from inventory.repacking import MOST_LINES
from inventory.services import checked_quantity
from shops.models import Shop, User
from smartkirana.db_rules import broken_rule, made_with_key
from smartkirana.text import clean_name

Side = RecipePart.Side


@dataclass(frozen=True)
class Part:
    """`quantity` (> 0, product's unit) of a product on one side of the recipe."""

    side: str
    product: Product
    quantity: Decimal


def save_recipe(
    *,
    shop: Shop,
    by: User,
    name: str,
    kind: str,
    parts: Sequence[Part],
    note: str = "",
    recipe: Recipe | None = None,
    request_key: UUID | None = None,
) -> Recipe:
    """Make a recipe, or change `recipe`; what was packed by it stays as it was.

    request_key  one per opened form of a new recipe; the same recipe again with it is the one made before
    Raises StockError "no_name", "name_taken", "bad_kind", "nothing_taken", "nothing_made", "too_many", "unknown_product",
    "same_goods", "bad_quantity"; its field names the part: "taken-0-quantity".
    """
    name = clean_name(name)
    if not 0 < len(name) <= 60:
        raise StockError("no_name", "Give the recipe a name of at most 60 letters.", "name")
    if kind not in RepackKind.values:
        raise StockError("bad_kind", "Choose what is done.", "kind")
    checked = _checked_parts(shop, parts)
    if recipe is None:
        known, key = made_with_key(shop.recipes.all(), request_key, name=name)
        if known:
            return known
        recipe = Recipe(shop=shop, request_key=key)
    recipe.name, recipe.kind, recipe.note, recipe.changed_by = name, kind, clean_name(note)[:200], by
    try:
        return _write(recipe, checked)
    except IntegrityError as error:
        if broken_rule(error) == "inventory_recipe_request_key":
            return shop.recipes.get(request_key=recipe.request_key)
        if broken_rule(error) == "inventory_recipe_name":
            raise StockError("name_taken", f"There is a recipe “{name}” already.", "name") from None
        raise


@transaction.atomic
def _write(recipe: Recipe, parts: Sequence[Part]) -> Recipe:
    if recipe.pk:
        Recipe.objects.select_for_update(no_key=True).get(pk=recipe.pk)  # two people who change it do so one after the other
        recipe.save(update_fields=["name", "kind", "note", "changed_by", "updated_at"])
        recipe.parts.all().delete()
    else:
        recipe.save(force_insert=True)
    RecipePart.objects.bulk_create(
        RecipePart(shop_id=recipe.shop_id, recipe=recipe, side=one.side, product=one.product, quantity=one.quantity) for one in parts
    )
    return recipe


def _checked_parts(shop: Shop, parts: Sequence[Part]) -> list[Part]:
    """The parts of both sides, every product once."""
    sides = {side: [one for one in parts if one.side == side] for side in (Side.TAKEN, Side.MADE)}
    for side, code, words in ((Side.TAKEN, "nothing_taken", "what goes in"), (Side.MADE, "nothing_made", "what comes out")):
        if not sides[side]:
            raise StockError(code, f"Choose {words}.")
    if len(parts) > 2 * MOST_LINES:
        raise StockError("too_many", f"At most {MOST_LINES} kinds on each side.")
    seen: set[int] = set()
    checked = []
    for side, rows in sides.items():
        for n, one in enumerate(rows):
            field = f"{side.value}-{n}-quantity"
            if one.product.shop_id != shop.pk:
                raise StockError("unknown_product", "Choose a product of this shop.", field)
            if one.product.pk in seen:
                raise StockError("same_goods", f"{one.product.name} stands in the recipe twice. Keep one of them.", field)
            seen.add(one.product.pk)
            checked.append(Part(side, one.product, checked_quantity(one.product, one.quantity, field=field)))
    return checked


def set_recipe_in_use(*, recipe: Recipe, by: User, in_use: bool) -> None:
    """Offer a recipe, or put it away; nothing of it is lost."""
    recipe.is_active, recipe.changed_by = in_use, by
    recipe.save(update_fields=["is_active", "changed_by", "updated_at"])
