"""What the operations on packing and on recipes take and answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from smartkirana.api.fields import Day, Id, Moment, Name, PercentIn, PriceIn, Quantity, QuantityIn, Rupees, RupeesIn, Text, UnitCost
from smartkirana.api.shapes import Shape

MOST_LINES = 50
Kind = Literal["break", "kit", "apart"]


class TakenIn(Shape):
    product_id: Id
    quantity: QuantityIn
    lot_id: Id | None = Field(None, description="Out of which lot; left out, the first to expire gives.")


class MadeIn(Shape):
    product_id: Id
    quantity: QuantityIn
    price: PriceIn | None = Field(None, description="A new selling price, for who may change prices.")
    mrp: PriceIn | None = Field(None, description="Printed on it; left out: the product's.")
    batch: Text = Field("", max_length=60)
    expiry: Day | None = Field(None, description="Left out: the earliest of the goods taken.")
    cost_share: PercentIn | None = Field(None, description="Of the cost, for all that is made or for none; for who may see costs.")


class RepackIn(Shape):
    kind: Kind = Field("break", description="break bulk, make up a kit, take a kit apart.")
    taken: list[TakenIn] = Field(min_length=1, max_length=MOST_LINES)
    made: list[MadeIn] = Field(min_length=1, max_length=MOST_LINES)
    packing_cost: RupeesIn = Field(Decimal(0), description="Bags and labour.")
    recipe_id: Id | None = None
    day: Day | None = None
    note: Text = Field("", max_length=200)


class RepackedGoodsOut(Shape):
    product_id: int
    name: str
    unit: str
    quantity: Quantity
    value: Rupees | None = Field(description="null for who may not see costs; so is unit_cost.")
    unit_cost: UnitCost | None
    lot_ids: list[int]


class RepackOut(Shape):
    id: int
    document_id: int
    kind: Kind
    day: date
    note: str
    recipe_id: int | None
    recipe_name: str
    by_user_id: int
    packed_at: Moment
    packing_cost: Rupees | None
    taken: list[RepackedGoodsOut]
    made: list[RepackedGoodsOut]


class RecipePartIn(Shape):
    product_id: Id
    quantity: QuantityIn


class RecipeIn(Shape):
    name: Name = Field(examples=["Sugar, sack into 1 kg"])
    kind: Kind = "break"
    taken: list[RecipePartIn] = Field(min_length=1, max_length=MOST_LINES)
    made: list[RecipePartIn] = Field(min_length=1, max_length=MOST_LINES)
    note: Text = Field("", max_length=200)


class RecipesAsked(Shape):
    put_away: bool = Field(False, description="Those put away, instead of those in use.")


class RecipePartOut(Shape):
    product_id: int
    name: str
    unit: str
    quantity: Quantity


class RecipeOut(Shape):
    id: int
    name: str
    kind: Kind
    note: str
    is_active: bool
    taken: list[RecipePartOut]
    made: list[RecipePartOut]


class InUseIn(Shape):
    in_use: bool
