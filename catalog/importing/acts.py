"""The steps of bringing in a list: taken in, its columns matched, confirmed. The long work is done by `catalog.jobs`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from catalog.errors import CatalogError
from catalog.importing.columns import BY_FIELD, guess
from catalog.importing.files import read_sheet
from catalog.models import ImportJob
from shops.models import Shop, User
from smartkirana.text import clean_name

Status = ImportJob.Status
KEPT_DAYS = 30
LOOKED_AT = 20


@transaction.atomic
def take_in(*, shop: Shop, by: User, filename: str, content: bytes) -> ImportJob:
    """Keep an uploaded list until it is written. Raises CatalogError (field "file") when it is no list of products.

    Old lists that were never confirmed go, so that their files do not pile up.
    """
    sheet = read_sheet(filename, content, most=LOOKED_AT)
    shop.import_jobs.filter(created_at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()
    return ImportJob.objects.create(
        shop=shop,
        by=by,
        filename=clean_name(filename)[-120:] or "list",
        content=content,
        headers=sheet.headers,
        rows_total=0,
        mapping=_remembered(shop, sheet.headers) or guess(sheet.headers),
        sample=[row.cells for row in sheet.rows[:3]],
    )


def _remembered(shop: Shop, headers: list[str]) -> dict[str, int]:
    """How the shop matched the same headings the last time."""
    last = shop.import_jobs.filter(headers=headers, status=Status.DONE).values_list("mapping", flat=True).first()
    return last or {}


@transaction.atomic
def match_columns(*, job: ImportJob, mapping: dict[str, int]) -> None:
    """Say which column of the file fills which field, and have every row checked.

    Raises CatalogError "no_columns", "column_twice" or "not_now" (the list is being worked on, or done).
    """
    if not {"name", "sku", "barcode"} & set(mapping):
        raise CatalogError("no_columns", "Say which column holds the name, or the SKU or barcode of products you have.", "name")
    for field, number in mapping.items():
        if field not in BY_FIELD or not 0 <= number < len(job.headers):
            raise CatalogError("bad_column", "Choose columns of this file.", field if field in BY_FIELD else None)
    if (twice := _twice(mapping.values())) is not None:
        raise CatalogError("column_twice", f"The column “{job.headers[twice]}” is chosen for two things.")
    _move(job, (Status.UPLOADED, Status.CHECKED, Status.FAILED), Status.CHECKING, mapping=mapping, message="")
    async_task("catalog.jobs.check_import", job.pk)


def _twice(numbers: Iterable[int]) -> int | None:
    seen: set[int] = set()
    for number in numbers:
        if number in seen:
            return number
        seen.add(number)
    return None


@transaction.atomic
def confirm(*, job: ImportJob) -> None:
    """Have a checked list written. Raises CatalogError "not_now" when it is not waiting for that (a second press)."""
    _move(job, (Status.CHECKED,), Status.WRITING)
    async_task("catalog.jobs.write_import", job.pk)


def drop(*, job: ImportJob) -> None:
    """Forget a list that was not written. Raises CatalogError "not_now"."""
    gone, _ = ImportJob.objects.filter(pk=job.pk).exclude(status__in=[Status.WRITING, Status.DONE]).delete()
    if not gone:
        raise _not_now()


def _move(job: ImportJob, before: Iterable[str], to: str, **fields) -> None:
    """One conditional UPDATE, so that of two presses only one counts."""
    now = timezone.now()
    moved = ImportJob.objects.filter(pk=job.pk, status__in=list(before)).update(status=to, rows_done=0, stage_at=now, **fields)
    if not moved:
        raise _not_now()


def _not_now() -> CatalogError:
    return CatalogError("not_now", "This list is being worked on already, or it is done.")
