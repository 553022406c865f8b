"""Recipes: kept, changed, put away; and what the database itself refuses."""

from decimal import Decimal as D
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from inventory.errors import StockError
from inventory.models import Recipe, RecipePart, Repack
from inventory.recipes import Part, save_recipe, set_recipe_in_use
from smartkirana.db_rules import broken_rule
from tests.inventory.packing import make_packet, make_sack, pack


@pytest.fixture
def sack(shop):
    return make_sack(shop)


@pytest.fixture
def packet(shop):
    return make_packet(shop)


def keep(shop, sack, packet, name="Sugar", **more):
    parts = more.pop("parts", [Part("taken", sack, D(1)), Part("made", packet, D(49))])
    return save_recipe(shop=shop, by=shop.owner, name=name, kind=more.pop("kind", "break"), parts=parts, **more)


def test_recipe_is_kept_and_changed(shop, sack, packet):
    recipe = keep(shop, sack, packet, note="Blue bags")
    done = pack(shop, [(sack, 1)], [(packet, 49)], recipe=recipe)
    changed = keep(shop, sack, packet, name="Sugar packets", recipe=recipe, parts=[Part("taken", sack, D(2)), Part("made", packet, D(98))])
    assert changed.pk == recipe.pk
    assert list(recipe.parts.values_list("side", "quantity")) == [("taken", D(2)), ("made", D(98))]
    assert done.taken_content == 50


def test_pressing_twice_keeps_one(shop, sack, packet):
    key = uuid4()
    assert keep(shop, sack, packet, request_key=key) == keep(shop, sack, packet, request_key=key)
    assert shop.recipes.count() == 1


def test_recipe_is_put_away_and_offered_again(shop, sack, packet):
    recipe = keep(shop, sack, packet)
    for on in (False, True):
        set_recipe_in_use(recipe=recipe, by=shop.owner, in_use=on)
        recipe.refresh_from_db()
        assert recipe.is_active is on


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("no_name", {"name": " \u200b "}),
        ("no_name", {"name": "x" * 61}),
        ("bad_kind", {"kind": "melt"}),
        ("name_taken", {"name": "sugar"}),
    ],
)
def test_bad_head_is_refused(shop, sack, packet, code, change):
    keep(shop, sack, packet)
    with pytest.raises(StockError) as error:
        keep(shop, sack, packet, **change)
    assert error.value.code == code
    assert shop.recipes.count() == 1


def test_bad_parts_are_refused(shop, other_shop, sack, packet):
    theirs = make_packet(other_shop)
    taken, made = Part("taken", sack, D(1)), Part("made", packet, D(49))
    for code, parts in {
        "nothing_taken": [made],
        "nothing_made": [taken],
        "same_goods": [taken, made, made],
        "unknown_product": [taken, Part("made", theirs, D(1))],
        "bad_quantity": [taken, Part("made", packet, D("0.5"))],
        "too_many": [taken, *[made] * 100],
    }.items():
        with pytest.raises(StockError) as error:
            keep(shop, sack, packet, parts=parts)
        assert error.value.code == code


def refuses(rule, act):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        _at_once(act)
    assert broken_rule(error.value) == rule


def _at_once(act):
    """With the deferred rules looked at too, as a commit would."""
    act()
    connection.check_constraints()


def test_database_keeps_what_was_packed(shop, other_shop, sack, packet):
    done, recipe = pack(shop, [(sack, 1)], [(packet, 49)], packing_cost="5"), keep(shop, sack, packet)
    mine = Repack.objects.filter(pk=done.pk)
    refuses("inventory_repack_append_only", lambda: mine.update(packing_cost=0))
    refuses("inventory_repack_append_only", lambda: mine.delete())
    refuses("inventory_recipe_never_deleted", lambda: Recipe.objects.filter(pk=recipe.pk)._raw_delete("default"))
    refuses("inventory_recipe_named", lambda: Recipe.objects.filter(pk=recipe.pk).update(name=""))
    refuses("inventory_recipepart_quantity", lambda: recipe.parts.update(quantity=0))
    theirs = make_packet(other_shop)
    wrong = {"shop": shop, "recipe": recipe, "side": "made", "product": theirs, "quantity": 1}
    refuses("inventory_recipepart_product_same_shop", lambda: RecipePart.objects.create(**wrong))
    refuses("inventory_recipepart_once", lambda: RecipePart.objects.create(**wrong | {"product": sack}))
