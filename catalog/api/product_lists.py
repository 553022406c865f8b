"""Lists of products: taken out as a file, brought in by steps: `/product-lists`."""

from __future__ import annotations

from typing import IO, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from catalog.exporting import csv_lines, export_rows, template_notes, template_rows, xlsx_file
from catalog.importing.acts import confirm, drop, match_columns, take_in
from catalog.importing.columns import COLUMNS
from catalog.models import ImportJob
from shops.access import Can
from shops.api.declare import operation
from shops.api.schemas import MessageOut
from shops.models import Shop
from smartkirana.api.fields import Id, Moment
from smartkirana.api.lists import Paging, page_of
from smartkirana.api.problems import NotThere
from smartkirana.api.shapes import Shape
from smartkirana.api.uploads import Cell, Columns, FileIn
from smartkirana.dates import shop_today
from smartkirana.files import file_response

router = Router(tags=["product lists"])


class ProductListOut(Shape):
    """A list on its way in. uploaded → checking → checked → writing → done; or failed, with a message."""

    id: int
    filename: str
    status: Literal["uploaded", "checking", "checked", "writing", "done", "failed"]
    headings: list[str]
    columns: dict[str, int] = Field(description="Field → number of the column, from 0; a guess until it is said.")
    rows: int
    rows_done: int
    rows_new: int
    rows_changed: int
    rows_same: int
    rows_bad: int
    message: str
    brought_in_at: Moment


class FieldOut(Shape):
    field: Cell
    heading: str
    note: str


class ColumnsSaidIn(Shape):
    columns: Columns = Field(examples=[{"name": 0, "price": 1}])


class BadRowOut(Shape):
    line: int
    column: str
    value: str
    reason: str


def _job(shop: Shop, pk: int) -> ImportJob:
    found = shop.import_jobs.defer("content").filter(pk=pk).first()
    if found is None:
        raise NotThere("list")
    return found


def _out(job: ImportJob) -> dict[str, Any]:
    same = ("filename", "status", "rows_done", "rows_new", "rows_changed", "rows_same", "rows_bad", "message")
    named = {"id": job.pk, "headings": job.headers, "columns": job.mapping, "rows": job.rows_total, "brought_in_at": job.created_at}
    return named | {name: getattr(job, name) for name in same}


@operation(router, "GET", "/fields", right=Can.SEE_GOODS, answer=list[FieldOut])
def list_fields(request: HttpRequest):
    """What a list can say of a product, and what the columns are called in our own files."""
    return COLUMNS


@operation(router, "GET", "/template.xlsx", right=Can.SEE_GOODS, file="xlsx")
def product_list_template(request: HttpRequest):
    """The empty list to fill, with example rows."""
    return _sheet(xlsx_file(template_rows(), notes=template_notes()), "products-template.xlsx")


@operation(router, "GET", "/products.csv", right=Can.SEE_GOODS, file="csv")
def products_as_csv(request: HttpRequest):
    """All products; the cost for those who may see it."""
    return file_response(b"".join(csv_lines(_rows(request))), f"products-{request.auth.shop.slug}.csv")


@operation(router, "GET", "/products.xlsx", right=Can.SEE_GOODS, file="xlsx")
def products_as_xlsx(request: HttpRequest):
    """All products; the cost for those who may see it."""
    return _sheet(xlsx_file(_rows(request)), f"products-{request.auth.shop.slug}.xlsx")


def _sheet(file: IO[bytes], name: str) -> HttpResponse:
    with file:
        return file_response(file.read(), name)


def _rows(request: HttpRequest):
    return export_rows(request.auth.shop, shop_today(), see_cost=Can.SEE_COST in request.auth.can)


@operation(router, "GET", "", right=Can.EDIT_GOODS, answer=list[ProductListOut], paged=True)
def list_product_lists(request: HttpRequest, response: HttpResponse, part: Query[Paging]):
    """The lists brought in lately, the newest first."""
    rows = request.auth.shop.import_jobs.defer("content", "problems", "sample")
    return [_out(job) for job in page_of(rows, part, response)]


@operation(router, "POST", "", right=Can.EDIT_GOODS, answer=ProductListOut, status=201, problems={400})
def bring_product_list(request: HttpRequest, body: FileIn):
    """Bring a list of products. Nothing is written before its columns are said and it is confirmed."""
    filename, content = body.name_and_bytes()
    return _out(take_in(shop=request.auth.shop, by=request.auth.user, filename=filename, content=content))


@operation(router, "GET", "/{list_id}", right=Can.EDIT_GOODS, answer=ProductListOut, problems={404})
def one_product_list(request: HttpRequest, list_id: Id):
    """One list, at the step it has reached."""
    return _out(_job(request.auth.shop, list_id))


@operation(router, "PUT", "/{list_id}/columns", right=Can.EDIT_GOODS, answer=ProductListOut, problems={400, 404})
def product_list_columns(request: HttpRequest, list_id: Id, body: ColumnsSaidIn):
    """Say which column fills which field, and have every row checked; ask for the list again until it is checked."""
    match_columns(job=_job(request.auth.shop, list_id), mapping=body.columns)
    return _out(_job(request.auth.shop, list_id))


@operation(router, "GET", "/{list_id}/bad-rows", right=Can.EDIT_GOODS, answer=list[BadRowOut], paged=True, problems={404})
def product_list_bad_rows(request: HttpRequest, response: HttpResponse, list_id: Id, part: Query[Paging]):
    """The rows that cannot be taken, and why."""
    return page_of(_job(request.auth.shop, list_id).problems, part, response)


@operation(router, "POST", "/{list_id}/confirm", right=Can.EDIT_GOODS, answer=ProductListOut, problems={400, 404})
def confirm_product_list(request: HttpRequest, list_id: Id):
    """Have the good rows of a checked list written; ask for the list again until it is done."""
    confirm(job=_job(request.auth.shop, list_id))
    return _out(_job(request.auth.shop, list_id))


@operation(router, "DELETE", "/{list_id}", right=Can.EDIT_GOODS, answer=MessageOut, problems={400, 404})
def forget_product_list(request: HttpRequest, list_id: Id):
    """Forget a list that was not written."""
    drop(job=_job(request.auth.shop, list_id))
    return {"message": "Forgotten. Nothing of it was written."}
