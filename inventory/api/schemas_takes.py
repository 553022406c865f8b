"""What the operations on stock takes take and answer."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from smartkirana.api.fields import Id, LevelIn, Moment, Quantity, Rupees, Text
from smartkirana.api.lists import Paging
from smartkirana.api.shapes import Shape

Status = Literal["open", "review", "approved", "cancelled"]
MOST_RECOUNTED = 500


class TakeIn(Shape):
    """A category, a shelf, goods that words find, or none of them: the whole shop."""

    name: Text = Field("", max_length=120, examples=["Diwali"])
    category: Text | None = Field(None, max_length=60, description="Its name.")
    shelf: Text = Field("", max_length=40)
    words: Text = Field("", max_length=200)


class TakeOut(Shape):
    id: int
    number: int
    name: str
    about: str = Field(description="The category, shelf or words; empty: the whole shop.")
    status: Status = Field(description="open: being counted; review: to be approved.")
    opened_by_user_id: int
    opened_at: Moment
    counted_at: Moment | None
    decided_by_user_id: int | None
    decided_at: Moment | None
    uncounted: Literal["leave", "zero"]
    document_id: int | None = Field(description="The stock paper of an approved one.")


class TakeProgressOut(TakeOut):
    goods_counted: int
    goods: int


class StockCountIn(Shape):
    product_id: Id
    quantity: LevelIn = Field(description="Counted in one place, in the product's unit; what was counted elsewhere is added to it.")
    lot_id: Id | None = Field(None, description="Counts the lots that look like this one alone; left out: the product whatever its lots.")
    seen: int = Field(0, ge=0, le=2**63 - 1, description="newest_movement when the product was called up; 0: now.")


class CountOut(Shape):
    id: int
    product_id: int
    product_name: str
    lot_id: int | None
    quantity: Quantity
    round: int
    by_user_id: int
    counted_at: Moment
    reverses_id: int | None = Field(description="The entry that this one takes back.")


class LookOut(Shape):
    lot_id: int
    words: str = Field(examples=["MRP ₹ 52.50 · batch B7"])


class CalledUpOut(Shape):
    """Goods called up to be counted. What the books have of them is not told."""

    product_id: int
    name: str
    sku: str
    unit: str
    pieces: Quantity = Field(description="What the scanned code stands for.")
    newest_movement: int
    looks: list[LookOut] = Field(description="Lots that can be told apart on the shelf, one of each look.")
    counted: list[CountOut] = Field(description="What was counted of it so far.")


class CallAsked(Shape):
    q: Text = Field("", max_length=80, description="A barcode, SKU or words.")


class LeftAsked(Paging):
    q: Text | None = Field(None, max_length=80)


class LeftOut(Shape):
    product_id: int
    name: str
    sku: str
    unit: str
    category: str | None
    shelf: str


class ReviewAsked(Paging):
    show: Literal["differences", "all", "moved"] = "differences"
    sort: Literal["value", "name"] = "value"


class DifferenceOut(Shape):
    product_id: int
    name: str
    lot_id: int | None
    look: str
    counted: Quantity | None = Field(description="null once it is approved.")
    book: Quantity | None = Field(description="What the books had when it was counted; null once it is approved.")
    difference: Quantity
    value: Rupees = Field(description="At the lots' cost.")
    moved: bool = Field(description="Something of it moved while it was counted.")
    put_right: bool = Field(description="Another paper put it right since: have it counted again.")


class ReviewOut(Shape):
    found: Rupees
    short: Rupees
    net: Rupees
    differing: int
    moved: int
    uncounted_lots: int
    uncounted_value: Rupees
    rows: list[DifferenceOut]


class UncountedOut(Shape):
    lot_id: int
    product_id: int
    name: str
    look: str
    on_hand: Quantity
    value: Rupees


class RecountIn(Shape):
    product_ids: list[Id] = Field(min_length=1, max_length=MOST_RECOUNTED)


class RecountOut(Shape):
    goods: int
    status: Status


class ApproveIn(Shape):
    uncounted: Literal["leave", "zero"] = Field("leave", description="zero: stock that nobody counted is taken as not there.")
    note: Text = Field("", max_length=150)


class CalledUpListOut(Shape):
    goods: CalledUpOut | None = Field(description="The one product that the code, or the words, name.")
    of_this_take: bool
    found: list[LeftOut] = Field(description="Goods to choose from.")
