"""What the operations on stock take and answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from smartkirana.api.fields import ChangeIn, Id, Moment, Quantity, Text
from smartkirana.api.lists import Paging
from smartkirana.api.shapes import Shape

State = Literal["critical", "low", "overstocked", "normal"]
Why = Literal["adjustment", "damage", "loss", "return", "correction", "expired", "own_use", "sample", "found"]
LONGEST_HISTORY = 500


def _word(value: object) -> object:
    """Old clients write reasons in capitals too."""
    return value.strip().lower().replace("-", "_").replace(" ", "_") if isinstance(value, str) else value


class StatusAsked(Paging):
    include_inactive: bool = Field(False, description="Goods taken off sale, too.")
    q: Text | None = Field(None, max_length=200, description="Words of the name, SKU, PLU or barcode.")
    category: Text | None = Field(None, max_length=60, description="Its name.")


class StockStatusOut(Shape):
    product_id: int
    product_name: str
    sku: str
    unit: str
    current_stock: Quantity
    min_stock_level: Quantity
    max_stock_level: Quantity | None
    reorder_quantity: Quantity
    status: State = Field(description="critical: none left; low: under the minimum; overstocked: over the maximum.")


class AdjustIn(Shape):
    product_id: Id
    quantity_change: ChangeIn = Field(description="In the product's unit: minus for what is gone, plus for what was found.")
    adjustment_reason: Annotated[Why, BeforeValidator(_word)] = Field(examples=["damage"])
    notes: Text | None = Field(None, max_length=200, examples=["Fell off the shelf"])
    lot_id: Id | None = Field(None, description="Which lot; left out, the first to expire gives.")


class AdjustedOut(Shape):
    product_id: int
    product_name: str
    previous_stock: Quantity
    quantity_change: Quantity
    new_stock: Quantity
    reason: str
    timestamp: Moment
    document_id: int


class HistoryAsked(Paging):
    limit: int = Field(50, ge=1, le=LONGEST_HISTORY, description="Rows on a page.")


class MovementOut(Shape):
    id: int
    product_id: int
    movement_type: str = Field(examples=["sale"], description="opening, sale, purchase, purchase_return, damage, correction, …")
    quantity: Quantity = Field(description="Plus came in, minus went out; in the product's unit.")
    reference_type: Literal["order", "credit_note", "stock_document"]
    reference_id: int
    reference_number: str = Field(description="Of the bill, where there is one.")
    lot_id: int
    notes: str
    moved_by_user_id: int
    created_at: Moment


class LowAlertOut(Shape):
    product_id: int
    product_name: str
    sku: str
    unit: str
    current_stock: Quantity
    min_stock_level: Quantity
    reorder_quantity: Quantity
    suggested_order_qty: Quantity = Field(description="What is on order already is taken off.")
    urgency: Literal["critical", "high"] = Field(description="critical: none is left.")
