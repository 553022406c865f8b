"""A supplier's bill as a file: brought in, its columns and goods said; then it is entered at `/purchases`. `/purchase-files`."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from inventory.api.found import products_in, supplier_in
from inventory.bill_files.acts import Choice, ask_again, choose_goods, drop, set_columns, take_in
from inventory.bill_files.columns import COLUMNS, guess
from inventory.bill_files.entry import FileAtHand, at_hand, bill_day
from inventory.bill_files.matching import Match
from inventory.bill_files.reading import typed
from inventory.errors import StockError
from inventory.models import BillFile
from shops.access import Can
from shops.api.declare import operation
from shops.api.schemas import MessageOut
from shops.models import Shop
from smartkirana.api.fields import Id, Moment, Quantity, QuantityIn, Rupees
from smartkirana.api.lists import Paging, page_of
from smartkirana.api.problems import NotThere
from smartkirana.api.shapes import Shape
from smartkirana.api.uploads import Columns, FileIn

router = Router(tags=["purchases"])
MOST_PROBLEMS = 50
BOXES = ("packs", "pack_size", "free", "price", "discount", "gst_rate", "mrp", "batch", "expiry")


class BillFileIn(FileIn):
    supplier_id: Id


class BillColumnsIn(Shape):
    columns: Columns = Field(examples=[{"name": 0, "quantity": 1, "rate": 2}])
    inclusive: bool = Field(False, description="The rates have the tax in them.")


class GoodsChosenIn(Shape):
    line: int = Field(ge=1, description="The first line of the item in the file.")
    product_id: Id | None = Field(None, description="null: leave the item out of this bill.")
    pack_size: QuantityIn = Field(Decimal(1), description="Our pieces in one of theirs.")


class GoodsSaidIn(Shape):
    goods: Annotated[list[GoodsChosenIn], Field(min_length=1, max_length=500)]


class LineIn(Shape):
    line: int = Field(ge=1)


class BillFileRowOut(Shape):
    id: int
    supplier_id: int
    supplier_name: str
    filename: str
    headings: list[str]
    columns: dict[str, int] = Field(description="Field → number of the column, from 0; a guess until it is said.")
    needs_columns: bool
    inclusive: bool
    brought_in_at: Moment


class BillLineOut(Shape):
    """A line as it may be sent to /purchases; figures are as the file has them."""

    line: int
    said: str = Field(description="What the supplier calls it.")
    product_id: int
    packs: str
    pack_size: str
    free: str
    price: str
    discount: str
    gst_rate: str | None
    mrp: str | None
    batch: str
    expiry: str | None


class UnknownGoodsOut(Shape):
    line: int
    said: str
    code: str
    barcode: str
    lines: int = Field(description="How many lines of the file are of it.")
    pack_size: Quantity | None


class UnreadCellOut(Shape):
    line: int
    column: str
    text: str
    reason: str


class BillFileOut(BillFileRowOut):
    fields: dict[str, str]
    bill_number: str
    bill_date: str | None
    paper_total: Rupees | None
    lines_total: Rupees | None
    lines: list[BillLineOut]
    unknown: list[UnknownGoodsOut] = Field(description="Say which goods these are, or leave them out.")
    problems: list[UnreadCellOut]


def _file(shop: Shop, pk: int) -> BillFile:
    found = shop.bill_files.select_related("shop", "supplier").filter(pk=pk).first()
    if found is None:
        raise NotThere("file")
    return found


def _row(file: BillFile) -> dict[str, Any]:
    return {
        "id": file.pk,
        "supplier_id": file.supplier_id,
        "supplier_name": file.supplier.name,
        "filename": file.filename,
        "headings": file.headings,
        "columns": file.mapping or guess(file.headings),
        "needs_columns": not file.mapping,
        "inclusive": file.inclusive,
        "brought_in_at": file.created_at,
    }


def _whole(file: BillFile) -> dict[str, Any]:
    found = at_hand(file) if file.mapping else None
    reading = found.reading if found else None
    return _row(file) | {
        "fields": {column.field: str(column.label) for column in COLUMNS},
        "bill_number": reading.number if reading else "",
        "bill_date": str(day) if found and (day := bill_day(found)) else None,
        "paper_total": reading.paper_total if reading else None,
        "lines_total": reading.lines_total if reading else None,
        "lines": [_line(match) for match in found.known] if found else [],
        "unknown": _unknown(found) if found else [],
        "problems": [
            {"line": one.line, "column": one.column, "text": one.text, "reason": one.why}
            for one in (reading.problems[:MOST_PROBLEMS] if reading else ())
        ],
    }


def _line(match: Match) -> dict[str, Any]:
    boxes = typed(match.item, match.pack)
    empty = {"free": "0", "gst_rate": None, "mrp": None, "expiry": None}
    told = {name: str(boxes.get(name) or "") or empty.get(name, "") for name in BOXES}
    return told | {"line": match.item.line, "said": match.item.said, "product_id": match.product_id}


def _unknown(found: FileAtHand) -> list[dict[str, Any]]:
    return [
        {"lines": len(one.items), "pack_size": one.first.values.get("pack")}
        | {name: getattr(one.first, name) for name in ("line", "said", "code", "barcode")}
        for one in found.open_items
    ]


@operation(router, "GET", "", right=Can.BUY, answer=list[BillFileRowOut], paged=True)
def list_purchase_files(request: HttpRequest, response: HttpResponse, part: Query[Paging]):
    """Files brought in and not entered yet, the newest first."""
    return [_row(file) for file in page_of(request.auth.shop.bill_files.select_related("supplier").defer("rows"), part, response)]


@operation(router, "POST", "", right=Can.BUY, answer=BillFileOut, status=201, moves=True, problems={400, 404})
def bring_purchase_file(request: HttpRequest, body: BillFileIn):
    """Bring a supplier's file; the columns of a file with the same headings are known from the last time."""
    caller, (filename, content) = request.auth, body.name_and_bytes()
    supplier = supplier_in(caller.shop, body.supplier_id)
    made = take_in(shop=caller.shop, by=caller.user, supplier=supplier, filename=filename, content=content, request_key=request.request_key)
    return _whole(_file(caller.shop, made.pk))


@operation(router, "GET", "/{purchase_file_id}", right=Can.BUY, answer=BillFileOut, problems={404})
def purchase_file(request: HttpRequest, purchase_file_id: Id):
    """One file: the lines whose goods are known, those that are not, and cells that cannot be read."""
    return _whole(_file(request.auth.shop, purchase_file_id))


@operation(router, "PUT", "/{purchase_file_id}/columns", right=Can.BUY, answer=BillFileOut, problems={400, 404})
def purchase_file_columns(request: HttpRequest, purchase_file_id: Id, body: BillColumnsIn):
    """Say what each column is; remembered for the supplier's files with the same headings."""
    file = _file(request.auth.shop, purchase_file_id)
    set_columns(file=file, by=request.auth.user, mapping=body.columns, inclusive=body.inclusive)
    return _whole(file)


@operation(router, "PUT", "/{purchase_file_id}/goods", right=Can.BUY, answer=BillFileOut, problems={400, 404})
def purchase_file_goods(request: HttpRequest, purchase_file_id: Id, body: GoodsSaidIn):
    """Say which goods the unknown items are; remembered for the supplier's later files."""
    caller = request.auth
    file = _file(caller.shop, purchase_file_id)
    open_items = {one.first.line: one for one in (at_hand(file).open_items if file.mapping else ())}
    if unknown := [one.line for one in body.goods if one.line not in open_items]:
        raise StockError("no_such_line", f"Line {unknown[0]} has no unknown goods. Ask for the file again.", "line")
    goods = products_in(caller.shop, [one.product_id for one in body.goods if one.product_id])
    chosen = {one.line: Choice(goods[one.product_id] if one.product_id else None, one.pack_size) for one in body.goods}
    choose_goods(file=file, by=caller.user, chosen=chosen, open_items=open_items)
    return _whole(file)


@operation(router, "PUT", "/{purchase_file_id}/ask-again", right=Can.BUY, answer=BillFileOut, problems={400, 404})
def purchase_file_ask_again(request: HttpRequest, purchase_file_id: Id, body: LineIn):
    """Forget which goods an item is, so that it is unknown again."""
    file = _file(request.auth.shop, purchase_file_id)
    match = next((one for one in (at_hand(file).matches if file.mapping else ()) if one.item.line == body.line), None)
    if match is None:
        raise StockError("no_such_line", f"Line {body.line} has no goods. Ask for the file again.", "line")
    ask_again(file=file, match=match)
    return _whole(file)


@operation(router, "DELETE", "/{purchase_file_id}", right=Can.BUY, answer=MessageOut, problems={404})
def forget_purchase_file(request: HttpRequest, purchase_file_id: Id):
    """Forget a file: once its bill is entered, or when it is not wanted."""
    drop(file=_file(request.auth.shop, purchase_file_id))
    return {"message": "Forgotten. What was said of its columns and goods is remembered."}
