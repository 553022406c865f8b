"""What the operations on lots, dates, opening stock and goods running low take and answer."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from smartkirana.api.fields import CostIn, Day, Id, Moment, PriceIn, Quantity, QuantityIn, Rupees, Text, UnitCost
from smartkirana.api.lists import Paging
from smartkirana.api.shapes import Shape

MOST_ROWS = 200


# --- lots -----------------------------------------------------------------------------------------------------
class LotsAsked(Shape):
    with_empty: bool = False


class LotOut(Shape):
    id: int
    product_id: int
    batch: str
    mrp: Rupees | None
    price: Rupees | None = Field(description="Its own selling price; null: the product's.")
    expiry: date | None
    days_left: int | None
    on_hand: Quantity
    unit_cost: UnitCost | None = Field(description="null for who may not see costs; so is value.")
    value: Rupees | None
    came_in: Moment


class BoughtOut(Shape):
    purchase_id: int
    bill_number: str
    bill_date: date
    supplier_id: int
    supplier_name: str
    packs: Quantity
    pack_size: Quantity
    free: Quantity
    quantity: Quantity
    price: UnitCost = Field(description="Rupees a pack, as on the bill.")
    unit_cost: UnitCost = Field(description="Rupees a piece after all of it.")
    mrp: Rupees | None
    batch: str


class OpeningLineIn(Shape):
    product_id: Id
    quantity: QuantityIn
    unit_cost: CostIn
    mrp: PriceIn | None = Field(None, description="Left out: the product's; null: none printed.")
    batch: Text = Field("", max_length=60)
    expiry: Day | None = None
    credit_taken: bool = Field(False, description="Input GST credit was taken on it.")


class OpeningStockIn(Shape):
    lines: list[OpeningLineIn] = Field(min_length=1, max_length=MOST_ROWS)
    day: Day | None = None
    note: Text = Field("", max_length=200)


class StockPaperOut(Shape):
    document_id: int
    day: date
    lots: int
    value: Rupees | None = Field(description="At cost; null for who may not see costs.")


# --- dates ----------------------------------------------------------------------------------------------------
class ExpiringNarrowed(Shape):
    q: Text | None = Field(None, max_length=80)
    category: Text | None = Field(None, max_length=60, description="Its name.")
    supplier_id: Id | None = None


class ExpiringAsked(Paging, ExpiringNarrowed):
    days: Literal["past", "7", "15", "30", "60", "all"] = Field("30", description="At most so many days left; past: past its date.")


class ExpiringOut(LotOut):
    product_name: str
    sku: str
    unit: str
    category: str | None
    sells_at: Rupees
    suggested_price: Rupees | None = Field(description="That moves it in the days it has; null past its date.")
    purchase_id: int | None


class BandOut(Shape):
    days: Literal["past", "7", "15", "30", "60", "all"]
    lots: int
    value: Rupees | None


class LotPriceIn(Shape):
    lot_id: Id
    price: PriceIn | None = Field(description="Rupees a unit; null: the product's price again.")


class MarkDownIn(Shape):
    prices: list[LotPriceIn] = Field(min_length=1, max_length=MOST_ROWS)


class LotPriceOut(Shape):
    lot_id: int
    old_price: Rupees | None
    price: Rupees | None


class StockWriteOffIn(Shape):
    lot_ids: list[Id] = Field(min_length=1, max_length=MOST_ROWS)
    note: Text = Field("", max_length=200)


# --- running low ----------------------------------------------------------------------------------------------
class LowNarrowed(Shape):
    q: Text | None = Field(None, max_length=80)
    category: Text | None = Field(None, max_length=60, description="Its name.")
    supplier_id: Id | None = Field(None, description="Who brought it last.")
    out_only: bool = False
    within: int | None = Field(None, ge=1, le=365, description="Gone in so many days at its pace.")


class LowAsked(Paging, LowNarrowed):
    pass


class RunningLowOut(Shape):
    product_id: int
    product_name: str
    sku: str
    unit: str
    current_stock: Quantity
    min_stock_level: Quantity
    max_stock_level: Quantity | None
    reorder_quantity: Quantity
    per_day: Quantity = Field(description="Sold a day, over the last four weeks.")
    days_left: int | None = Field(description="null: it does not sell.")
    supplier_id: int | None
    supplier_name: str
    lead_days: int
    on_order: Quantity
    suggested_order_qty: Quantity


class WishIn(Shape):
    product_id: Id
    quantity: QuantityIn


class OrderLowIn(Shape):
    """The goods named, or with `everything` all that the list with these narrowings shows (500 at most)."""

    goods: list[WishIn] = Field([], max_length=500)
    everything: bool = False
    bring_supplier_id: Id | None = Field(None, description="Who brings what nobody brought yet.")
    narrowed: LowNarrowed = LowNarrowed()


class DraftedOrderOut(Shape):
    id: int
    number: str
    supplier_id: int
    supplier_name: str


class DraftedOut(Shape):
    orders: list[DraftedOrderOut]
    left_over: list[int] = Field(description="Products that nobody is known to bring.")


class BelowZeroOut(Shape):
    product_id: int
    product_name: str
    sku: str
    unit: str
    current_stock: Quantity
    lowest_lot: Quantity


class SlowAsked(Paging):
    show: Literal["idle30", "idle60", "idle90", "idle180", "cover60", "cover90", "cover180"] = Field(
        "idle90", description="idle: not sold for so many days; cover: lasts longer than so many days."
    )
    q: Text | None = Field(None, max_length=80)
    category: Text | None = Field(None, max_length=60, description="Its name.")
    order: Literal["", "idle", "cover", "name"] = Field("", description="Left out: the dearest first.")


class SlowOut(Shape):
    product_id: int
    product_name: str
    sku: str
    unit: str
    category: str
    current_stock: Quantity
    value: Rupees
    in_stock_since: date
    last_sold: date | None
    per_day: Quantity
    days_of_cover: int | None


class SlowListOut(Shape):
    goods: int
    value: Rupees = Field(description="Of all of them, at lot cost.")
    rows: list[SlowOut]
