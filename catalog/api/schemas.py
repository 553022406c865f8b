"""What the operations on products take and answer."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from smartkirana.api.fields import CostIn, Id, LevelIn, Name, Percent, PriceIn, Quantity, Rupees, Text, UnitCost
from smartkirana.api.lists import Paging
from smartkirana.api.shapes import Shape

# Not bounded to a percent's 0 to 100: that 250 is no GST rate is a rule (400), and its sentence names those in force.
RateIn = Annotated[
    Decimal,
    BeforeValidator(lambda value: value.strip() if isinstance(value, str) else value),
    Field(ge=0, max_digits=6, decimal_places=2, examples=["5.00"]),
]


class ProductOut(Shape):
    id: int
    name: str
    local_name: str
    sku: str
    category: str | None
    subcategory: str | None
    unit: str = Field(examples=["kg"])
    cost_price: UnitCost | None = Field(description="null for customers.")
    mrp: Rupees | None = Field(description="null for goods without a printed price.")
    selling_price: Rupees
    gst_rate: Percent = Field(description="Percent, in force today.")
    gst_goods_id: int = Field(description="The line of the GST schedules, see /gst-rates.")
    hsn_code: str | None
    barcode: str | None = Field(description="The first one that stands for a single piece; all are at /products/{id}/barcodes.")
    plu: int | None
    shelf: str
    search_words: str
    is_loose: bool
    current_stock: Quantity
    min_stock_level: Quantity
    max_stock_level: Quantity | None
    reorder_quantity: Quantity
    is_perishable: bool
    is_active: bool


class ProductsAsked(Paging):
    category: Text | None = Field(None, max_length=60, description="Its name.")
    is_active: bool | None = Field(None, description="False: goods taken off sale. Left out: those on sale.")
    q: Text | None = Field(None, max_length=200, description="Words of the name, SKU, PLU or barcode.")


class ByCategoryAsked(Paging):
    category: Text = Field(max_length=60, description="Its name.")


class ProductIn(Shape):
    name: Name = Field(examples=["Parle-G Biscuits 70 g"])
    sku: Name = Field(max_length=40, examples=["PG70"])
    category: Text = Field(max_length=60, description="Made when it is new.", examples=["Biscuits"])
    subcategory: Text | None = Field(None, max_length=60, examples=["Glucose"])
    unit: Text = Field(max_length=20, description="pc, pack, kg, g, l, ml, m, dozen …", examples=["pc"])
    cost_price: CostIn = Field(description="Rupees a unit, without input credit.", examples=["8.40"])
    mrp: PriceIn = Field(examples=["10.00"])
    selling_price: PriceIn = Field(description="Rupees a unit with GST, not above the MRP.", examples=["10.00"])
    gst_rate: RateIn = Field(description="Percent; must be in force today.")
    hsn_code: Text | None = Field(None, max_length=12, description="4, 6 or 8 digits.", examples=["1905"])
    gst_goods_id: Id | None = Field(None, description="The line of the GST schedules, where rate and HSN do not tell.")
    min_stock_level: LevelIn = Decimal(10)
    max_stock_level: LevelIn | None = None
    reorder_quantity: LevelIn = Decimal(0)
    is_perishable: bool = False
    is_loose: bool = False
    barcode: Text | None = Field(None, max_length=60, examples=["8901719101038"])
    plu: int | None = Field(None, ge=1, le=99999)
    local_name: Text | None = Field(None, max_length=120)
    search_words: Text | None = Field(None, max_length=200)
    shelf: Text | None = Field(None, max_length=40)


class ProductChange(Shape):
    """Give what is to change; a value is taken even when it is 0 or false. Null leaves a field as it is; `clear` empties one."""

    name: Name | None = None
    sku: Name | None = Field(None, max_length=40)
    category: Text | None = Field(None, max_length=60)
    subcategory: Text | None = Field(None, max_length=60)
    unit: Text | None = Field(None, max_length=20)
    cost_price: CostIn | None = None
    mrp: PriceIn | None = None
    selling_price: PriceIn | None = None
    gst_rate: RateIn | None = None
    hsn_code: Text | None = Field(None, max_length=12, description="4, 6 or 8 digits.", examples=["1905"])
    gst_goods_id: Id | None = None
    min_stock_level: LevelIn | None = None
    max_stock_level: LevelIn | None = None
    reorder_quantity: LevelIn | None = None
    is_perishable: bool | None = None
    is_loose: bool | None = None
    is_active: bool | None = None
    barcode: Text | None = Field(None, max_length=60, examples=["8901719101038"])
    plu: int | None = Field(None, ge=1, le=99999)
    local_name: Text | None = Field(None, max_length=120)
    search_words: Text | None = Field(None, max_length=200)
    shelf: Text | None = Field(None, max_length=40)
    clear: list[Literal["mrp", "max_stock_level", "plu"]] = Field([], max_length=3, description="Fields that shall have no value.")


class TakenOffOut(Shape):
    message: str
    product_id: int
