"""How goods are usually packed. `/recipes`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from catalog.api.words import named_as
from inventory import repack_selectors as selectors
from inventory.api import schemas_repacks as schemas
from inventory.api.found import products_in, recipe_in
from inventory.models import Recipe, RecipePart
from inventory.recipes import Part, save_recipe, set_recipe_in_use
from shops.access import Can
from shops.api.declare import operation
from shops.models import Shop
from smartkirana.api.fields import Id
from smartkirana.api.problems import NotThere

router = Router(tags=["packing"])
Side = RecipePart.Side
WRITES = {"right": Can.EDIT_GOODS, "answer": schemas.RecipeOut, "problems": {400, 404, 409}}


def _out(recipe: Recipe) -> dict[str, Any]:
    sides: dict[str, list[dict[str, Any]]] = {Side.TAKEN: [], Side.MADE: []}
    for part in recipe.parts.all():
        about = {"product_id": part.product_id, "name": part.product.name, "unit": part.product.unit, "quantity": part.quantity}
        sides[part.side].append(about)
    same = {name: getattr(recipe, name) for name in ("name", "kind", "note", "is_active")}
    return same | {"id": recipe.pk, "taken": sides[Side.TAKEN], "made": sides[Side.MADE]}


def _one(shop: Shop, recipe_id: int) -> dict[str, Any]:
    recipe = shop.recipes.prefetch_related("parts__product").filter(pk=recipe_id).first()
    if recipe is None:
        raise NotThere("recipe")
    return _out(recipe)


def _parts(shop: Shop, body: schemas.RecipeIn) -> list[Part]:
    goods = products_in(shop, [one.product_id for one in (*body.taken, *body.made)])
    sides = ((Side.TAKEN, body.taken), (Side.MADE, body.made))
    return [Part(side, goods[one.product_id], one.quantity) for side, rows in sides for one in rows]


@operation(router, "GET", "", right=Can.ADJUST_STOCK, answer=list[schemas.RecipeOut])
def list_recipes(request: HttpRequest, asked: Query[schemas.RecipesAsked]):
    """The shop's recipes by name, 200 at most."""
    return [_out(one) for one in selectors.recipes(request.auth.shop, put_away=asked.put_away)]


@operation(router, "GET", "/{recipe_id}", right=Can.ADJUST_STOCK, answer=schemas.RecipeOut, problems={404})
def get_recipe(request: HttpRequest, recipe_id: Id):
    """One recipe."""
    return _one(request.auth.shop, recipe_id)


@operation(router, "POST", "", status=201, **WRITES)
def create_recipe(request: HttpRequest, body: schemas.RecipeIn):
    """Make a recipe."""
    return _saved(request, body, None)


@operation(router, "PUT", "/{recipe_id}", **WRITES)
def update_recipe(request: HttpRequest, recipe_id: Id, body: schemas.RecipeIn):
    """Write a recipe anew; what was packed by it stays as it was."""
    return _saved(request, body, recipe_in(request.auth.shop, recipe_id))


def _saved(request: HttpRequest, body: schemas.RecipeIn, known: Recipe | None) -> dict[str, Any]:
    shop = request.auth.shop
    with named_as({}):
        saved = save_recipe(
            shop=shop, by=request.auth.user, name=body.name, kind=body.kind, note=body.note, parts=_parts(shop, body), recipe=known
        )
    return _one(shop, saved.pk)


@operation(router, "POST", "/{recipe_id}/in-use", right=Can.EDIT_GOODS, answer=schemas.RecipeOut, problems={404})
def set_recipe_in_use_by_api(request: HttpRequest, recipe_id: Id, body: schemas.InUseIn):
    """Offer a recipe, or put it away."""
    recipe = recipe_in(request.auth.shop, recipe_id)
    assert recipe is not None
    set_recipe_in_use(recipe=recipe, by=request.auth.user, in_use=body.in_use)
    return _one(request.auth.shop, recipe_id)
