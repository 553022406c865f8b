"""What the operations on categories, codes, price lists, offers, label formats and GST rates take and answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from smartkirana.api.fields import Day, Id, LevelIn, Moment, Name, Percent, PercentIn, PriceIn, Quantity, QuantityIn, Rupees, Text, UnitCost
from smartkirana.api.lists import Paging
from smartkirana.api.shapes import Shape

MOST_CODES = 20
MOST_STEPS = 12
MOST_PRICES = 500
MOST_PARTS = 10


# --- categories and codes -------------------------------------------------------------------------------------
class CategoryIn(Shape):
    name: Name = Field(max_length=60, examples=["Biscuits"])
    local_name: Text = Field("", max_length=60)


class CategoryOut(Shape):
    id: int
    name: str
    local_name: str


class CodeIn(Shape):
    code: Name = Field(max_length=60, examples=["8901719101038"])
    holds: QuantityIn = Field(Decimal(1), description="How many units a carton's code stands for.")


class CodesIn(Shape):
    codes: list[CodeIn] = Field(max_length=MOST_CODES, description="All codes of the product; what is not among them is taken off.")


class CodeOut(Shape):
    code: str
    holds: Quantity


class PriceChangeOut(Shape):
    at: Moment
    old_price: Rupees
    price: Rupees
    old_mrp: Rupees | None
    mrp: Rupees | None
    old_cost: UnitCost | None = Field(description="null for who may not see costs; so is cost.")
    cost: UnitCost | None
    changed_by_user_id: int | None


# --- price lists ----------------------------------------------------------------------------------------------
class PriceListIn(Shape):
    name: Name = Field(max_length=80, examples=["Wholesale"])


class PriceListChange(Shape):
    name: Name | None = Field(None, max_length=80)
    is_active: bool | None = Field(None, description="False: out of use, all pay what everybody pays.")


class PriceListOut(Shape):
    id: int
    name: str
    is_active: bool
    goods: int = Field(description="Products with a price on it.")
    customers: int


class StepOut(Shape):
    from_quantity: Quantity = Field(description="0: any quantity.")
    price: Rupees


class StepIn(Shape):
    from_quantity: LevelIn
    price: PriceIn


class StepsIn(Shape):
    steps: list[StepIn] = Field(max_length=MOST_STEPS, description="All of them; what is not among them is taken off.")


class ListGoodsAsked(Paging):
    q: Text | None = Field(None, max_length=200)
    everything: bool = Field(False, description="Also goods without a price on the list.")


class ListGoodsOut(Shape):
    product_id: int
    name: str
    sku: str
    unit: str
    selling_price: Rupees
    mrp: Rupees | None
    steps: list[StepOut]


class EntryIn(Shape):
    product_id: Id
    from_quantity: LevelIn = Field(Decimal(0), description="0: any quantity.")
    price: PriceIn | None = Field(description="null takes this price off.")


class EntriesIn(Shape):
    prices: list[EntryIn] = Field(min_length=1, max_length=MOST_PRICES)


class EnteredOut(Shape):
    changed: int


# --- offers ---------------------------------------------------------------------------------------------------
class PartIn(Shape):
    product_id: Id
    quantity: QuantityIn


class OfferIn(Shape):
    name: Name = Field(max_length=80, examples=["Diwali"])
    kind: Literal["percent", "amount", "buy_get", "combo"]
    first_day: Day | None = Field(None, description="Left out: today.")
    last_day: Day | None = Field(None, description="Left out: until it is ended.")
    percent: PercentIn | None = None
    amount: PriceIn | None = Field(None, description="Rupees off each.")
    buy: QuantityIn | None = None
    get: QuantityIn | None = None
    price: PriceIn | None = Field(None, description="Of a set.")
    product_id: Id | None = None
    category: Text | None = Field(None, max_length=60, description="Its name.")
    parts: list[PartIn] = Field([], max_length=MOST_PARTS, description="Of a combo.")
    on_lists: bool = Field(False, description="Also on bills with a price list.")


class OffersAsked(Paging):
    state: Literal["", "running", "coming", "over"] = ""


class OfferPartOut(Shape):
    product_id: int
    name: str
    quantity: Quantity


class OfferOut(Shape):
    id: int
    name: str
    kind: Literal["percent", "amount", "buy_get", "combo"]
    says: str = Field(examples=["Buy 2, get 1 free"])
    state: Literal["running", "coming", "over"]
    first_day: date
    last_day: date | None
    percent: Percent | None
    amount: Rupees | None
    buy: Quantity | None
    get: Quantity | None
    price: Rupees | None
    product_id: int | None
    product_name: str | None
    category: str | None
    parts: list[OfferPartOut]
    on_lists: bool
    is_active: bool = Field(description="False: ended by hand.")


# --- labels of scales -----------------------------------------------------------------------------------------
class LabelFormatIn(Shape):
    name: Name = Field(max_length=40, examples=["Weight in grams"])
    prefix: str = Field(pattern=r"^[0-9]{2,4}$", description="Leading digits: 20 to 29, 02 or 04, and up to two more.", examples=["21"])
    item_digits: int = Field(5, ge=2, le=8)
    value_digits: int = Field(5, ge=2, le=8)
    holds: Literal["weight", "price", "pieces"] = "weight"
    decimals: int = Field(3, ge=0, le=3)
    own_check: bool = Field(False, description="The value has a check digit of its own before it.")
    is_active: bool = True


class LabelFormatOut(Shape):
    id: int
    position: int
    name: str
    prefix: str
    item_digits: int
    value_digits: int
    holds: Literal["weight", "price", "pieces"]
    decimals: int
    own_check: bool
    is_active: bool
    hidden_by: int | None = Field(description="A format tried earlier that takes every label meant for this one.")


class LabelPresetOut(Shape):
    key: str
    name: str
    prefix: str
    item_digits: int
    value_digits: int
    holds: Literal["weight", "price", "pieces"]
    decimals: int
    own_check: bool


class PlaceIn(Shape):
    to: Literal["up", "down"] = Field(description="Try it earlier, or later.")


class DoneOut(Shape):
    message: str


# --- GST ------------------------------------------------------------------------------------------------------
class RatesAsked(Shape):
    hsn: str | None = Field(None, pattern=r"^[0-9]{2,8}$", examples=["1905"])
    q: Text | None = Field(None, max_length=60, description="Or words, such as ghee.")
    on: Day | None = Field(None, description="Left out: today.")
    loose: bool | None = Field(None, description="Weighed before the buyer, or in labelled packs; left out: both.")


class GstLineOut(Shape):
    gst_goods_id: int
    hsn: str
    goods: str
    packing: Literal["any", "loose", "packed"]
    supply_class: Literal["taxable", "nil_rated", "exempt", "non_gst"]
    gst_rate: Percent | None
    cess_rate: Percent | None
    on_printed_price: bool = Field(description="Taxed on the MRP (Rule 31D).")
    note: str


class GstRatesOut(Shape):
    on: date
    rates_in_force: list[Percent]
    lines: list[GstLineOut] = Field(description="The nearest first; without HSN and words the general lines.")
