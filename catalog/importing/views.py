"""The pages of bringing in a list, and of taking one out."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from catalog.errors import CatalogError
from catalog.exporting import csv_lines, export_rows, template_notes, template_rows, xlsx_file
from catalog.importing.acts import confirm, drop, match_columns, take_in
from catalog.importing.columns import COLUMNS
from catalog.importing.files import LARGEST_FILE, bad_file
from catalog.models import ImportJob
from shops.access import Can, shop_page
from smartkirana.dates import shop_today
from smartkirana.files import KINDS
from smartkirana.web import go, show

Status = ImportJob.Status
PROBLEMS_A_PAGE = 25
SLOW_START = timedelta(seconds=15)


@shop_page(Can.EDIT_GOODS, methods=("GET", "POST"))
def imports(request: HttpRequest) -> HttpResponse:
    """Choose a file; the lists brought in lately."""
    error = ""
    if request.method == "POST":
        try:
            job = _taken_in(request)
        except CatalogError as refusal:
            error = refusal.message
        else:
            return go(request, "catalog:import", request.shop.slug, job.pk)
    lately = request.shop.import_jobs.select_related("by").defer("content", "problems", "sample")[:10]
    return show(request, "catalog/imports.html", {"jobs": lately, "error": error, "columns": COLUMNS}, bad=bool(error))


def _taken_in(request: HttpRequest) -> ImportJob:
    file = request.FILES.get("file")
    if file is None:
        raise bad_file("Choose the file with your list first.")
    if file.size > LARGEST_FILE:
        raise bad_file("The file is larger than 10 MB. Split it into smaller lists.")
    return take_in(shop=request.shop, by=request.cashier, filename=file.name, content=file.read())


@shop_page(Can.EDIT_GOODS)
def import_job(request: HttpRequest, pk: int) -> HttpResponse:
    """One list, at the step it has reached; while it is worked on, the page asks again every second."""
    return _job_page(request, _job(request, pk))


def _job(request: HttpRequest, pk: int) -> ImportJob:
    return get_object_or_404(request.shop.import_jobs.defer("content"), pk=pk)


def _job_page(request: HttpRequest, job: ImportJob, *, error: str = "", mapping: dict[str, int] | None = None) -> HttpResponse:
    waiting = job.status in (Status.CHECKING, Status.WRITING)
    matching = job.status == Status.UPLOADED or "columns" in request.GET or bool(error)
    context = {
        "job": job,
        "error": error,
        "working": waiting,
        "late": waiting and not job.rows_done and timezone.now() - job.stage_at > SLOW_START,
        "percent": 100 * job.rows_done // (job.rows_total or 1),
        "matching": matching and not waiting and job.status != Status.DONE,
        "fields": _fields(job, job.mapping if mapping is None else mapping) if matching else [],
        "problems": Paginator(job.problems, PROBLEMS_A_PAGE).get_page(request.GET.get("page")),
        "planned": [row for row in job.sample if isinstance(row, dict)],
        "good": job.rows_new + job.rows_changed,
    }
    return show(request, "catalog/import.html", context, partial="import_state", bad=bool(error))


def _fields(job: ImportJob, mapping: dict[str, int]) -> list[dict]:
    """Each field with the file's columns to choose from, and what the first rows hold."""
    rows = []
    for column in COLUMNS:
        number = mapping.get(column.field)
        known = number is not None and 0 <= number < len(job.headers)
        seen = [row[number] for row in job.sample if isinstance(row, list) and number < len(row) and row[number]] if known else []
        rows.append({"column": column, "number": number if known else None, "seen": seen})
    return rows


@shop_page(Can.EDIT_GOODS, methods=("POST",))
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    mapping = {c.field: int(v) for c in COLUMNS if (v := request.POST.get(c.field, "")).isascii() and v.isdigit() and len(v) < 5}
    try:
        match_columns(job=job, mapping=mapping)
    except CatalogError as refusal:
        return _job_page(request, job, error=refusal.message, mapping=mapping)
    return go(request, "catalog:import", request.shop.slug, job.pk)


@shop_page(Can.EDIT_GOODS, methods=("POST",))
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    try:
        confirm(job=job)
    except CatalogError as refusal:
        messages.info(request, refusal.message)
    return go(request, "catalog:import", request.shop.slug, job.pk)


@shop_page(Can.EDIT_GOODS, methods=("POST",))
def import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    job = _job(request, pk)
    try:
        drop(job=job)
    except CatalogError as refusal:
        messages.info(request, refusal.message)
        return go(request, "catalog:import", request.shop.slug, job.pk)
    messages.success(request, f"{job.filename} is forgotten. Nothing was written.")
    return go(request, "catalog:imports", request.shop.slug)


@shop_page(Can.EDIT_GOODS)
def import_problems(request: HttpRequest, pk: int) -> HttpResponse:
    """Every bad row as a CSV, to be mended beside the list."""
    job = _job(request, pk)
    rows = [["Line", "Column", "Value", "Reason"], *([str(p["line"]), p["column"], p["value"], p["reason"]] for p in job.problems)]
    return _csv(csv_lines(rows), f"bad-rows-{job.pk}.csv")


@shop_page(Can.SEE_GOODS)
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    """The empty list to fill, with example rows."""
    if kind == "csv":
        return _csv(csv_lines(template_rows()), "products-template.csv")
    if kind == "xlsx":
        return FileResponse(
            xlsx_file(template_rows(), notes=template_notes()),
            as_attachment=True,
            filename="products-template.xlsx",
            content_type=KINDS["xlsx"],
        )
    raise Http404


@shop_page(Can.SEE_GOODS)
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """All products as a file; the cost only for those who may see it."""
    day = shop_today()
    rows = export_rows(request.shop, day, see_cost=Can.SEE_COST in request.can)
    name = f"products-{request.shop.slug}-{day:%Y-%m-%d}.{kind}"
    if kind == "csv":
        return _csv(csv_lines(rows), name)
    if kind == "xlsx":
        return FileResponse(xlsx_file(rows), as_attachment=True, filename=name, content_type=KINDS["xlsx"])
    raise Http404


def _csv(lines, name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
