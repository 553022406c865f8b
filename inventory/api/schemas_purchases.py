"""What the operations on suppliers' bills and on goods sent back take and answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from catalog.api.schemas import RateIn
from catalog.off import parse_off
from smartkirana.api.fields import (
    CostIn,
    Day,
    Id,
    LevelIn,
    Moment,
    Name,
    Percent,
    PriceIn,
    Quantity,
    QuantityIn,
    Rupees,
    RupeesIn,
    Text,
    UnitCost,
)
from smartkirana.api.lists import Paging
from smartkirana.api.shapes import Shape

MOST_LINES = 500


def _as_text(value: Any) -> Any:
    """Rupees may be sent as a number."""
    return str(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else value


def _is_off(value: str) -> str:
    if parse_off(value) is None:
        raise ValueError("Write 5% for percent, or 12.50 for rupees.")
    return value


OffIn = Annotated[
    str,
    BeforeValidator(_as_text),
    StringConstraints(strip_whitespace=True, max_length=20),
    AfterValidator(_is_off),
    Field(examples=["5%", "12.50"]),
]


class PurchaseLineIn(Shape):
    product_id: Id
    packs: LevelIn = Field(examples=["2"], description="Charged.")
    price: CostIn = Field(examples=["480.00"], description="Rupees a pack, as on the paper.")
    pack_size: QuantityIn = Field(Decimal(1), description="Pieces in a pack.")
    free: LevelIn = Field(Decimal(0), description="Pieces that came for nothing.")
    discount: OffIn = ""
    gst_rate: RateIn | None = Field(None, description="As on the paper; left out, that of the goods on the bill's date.")
    cess_rate: RateIn | None = None
    credit_blocked: bool = Field(False, description="No input credit may be taken (section 17(5)).")
    batch: Text = Field("", max_length=60)
    mrp: PriceIn | None = None
    expiry: Day | None = None
    sell_at: PriceIn | None = Field(None, description="A new selling price; left out, it stays.")


class PurchaseHeadIn(Shape):
    supplier_id: Id
    bill_number: Name = Field(max_length=60, examples=["GA/1042"])
    bill_date: Day
    inter_state: bool | None = Field(None, description="Left out: by the states of supplier and shop.")
    reverse_charge: bool = False
    prices_include_tax: bool = False
    discount: OffIn = Field("", description="On the whole bill.")
    charges: RupeesIn = Field(Decimal(0), description="Freight and charges with tax.")
    other_charges: RupeesIn = Field(Decimal(0), description="Charges without tax.")
    cash_discount: RupeesIn = Decimal(0)
    paper_total: RupeesIn | None = Field(None, description="What the paper asks for; the bill is refused when ours is another.")
    lines: list[PurchaseLineIn] = Field(min_length=1, max_length=MOST_LINES)


class PurchaseIn(PurchaseHeadIn):
    received_on: Day | None = None
    note: Text = Field("", max_length=200)
    order_id: Id | None = Field(None, description="The purchase order that the goods come on.")


class PurchaseSums(Shape):
    gross: Rupees
    discount: Rupees
    charges: Rupees
    taxable: Rupees
    cgst: Rupees
    sgst: Rupees
    igst: Rupees
    cess: Rupees
    other_charges: Rupees
    cash_discount: Rupees
    round_off: Rupees
    total: Rupees
    cost: Rupees = Field(description="Of the goods, without credited tax.")


class CostedLineOut(Shape):
    product_id: int
    name: str
    quantity: Quantity
    taxable: Rupees
    tax: Rupees
    cost: Rupees
    unit_cost: UnitCost


class PurchasePreviewOut(PurchaseSums):
    inter_state: bool
    lines: list[CostedLineOut]


class PurchasesAsked(Paging):
    q: Text | None = Field(None, max_length=80, description="Part of the supplier's name or of the bill number.")
    supplier_id: Id | None = None
    start: Day | None = Field(None, description="Bills of this day and later.")
    end: Day | None = None


class PurchaseRowOut(Shape):
    id: int
    number: str = Field(description="Ours.")
    supplier_id: int
    supplier_name: str
    bill_number: str
    bill_date: date
    received_on: date
    order_id: int | None
    taxable: Rupees
    tax: Rupees
    total: Rupees
    open: Rupees = Field(description="Not paid yet.")
    due: date | None


class PurchaseLineOut(Shape):
    id: int
    line_no: int
    product_id: int
    name: str
    hsn_code: str
    lot_id: int
    packs: Quantity
    pack_size: Quantity
    free: Quantity
    quantity: Quantity
    price: UnitCost
    discount: Rupees
    taxable: Rupees
    gst_rate: Percent
    cgst: Rupees
    sgst: Rupees
    igst: Rupees
    cess: Rupees
    cost: Rupees
    unit_cost: UnitCost
    credit: bool
    batch: str
    mrp: Rupees | None
    expiry: date | None
    went_back: Quantity
    may_go_back: Quantity = Field(description="Came, is still in its lot, and did not go back yet.")


class ReturnOut(Shape):
    id: int
    number: str = Field(examples=["DN/26-27/0001"])
    purchase_id: int
    day: date
    note: str
    taxable: Rupees
    cgst: Rupees
    sgst: Rupees
    igst: Rupees
    cess: Rupees
    cash_discount: Rupees
    total: Rupees = Field(description="What the supplier is owed less.")
    by_user_id: int


class PurchaseOut(PurchaseRowOut, PurchaseSums):
    supplier_gstin: str
    inter_state: bool
    reverse_charge: bool
    prices_include_tax: bool
    note: str
    by_user_id: int
    entered_at: Moment
    lines: list[PurchaseLineOut]
    returns: list[ReturnOut]


class ReturnLineIn(Shape):
    line_id: Id
    quantity: QuantityIn = Field(description="Pieces.")


class PurchaseReturnIn(Shape):
    lines: list[ReturnLineIn] = Field(min_length=1, max_length=MOST_LINES)
    day: Day | None = None
    note: Text = Field("", max_length=200, examples=["Leaking packets"])
