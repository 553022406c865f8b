"""Work done in the background. Each job gets an id only, and running one twice does no more than running it once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from catalog.errors import CatalogError
from catalog.importing.files import Sheet, read_sheet
from catalog.importing.plan import Plan, make_plan
from catalog.importing.write import write_plan
from catalog.models import ImportJob
from smartkirana.dates import shop_today

log = logging.getLogger(__name__)
Status = ImportJob.Status
LOCK_CLASS = 0x1BB0
UNEXPECTED = "Something unexpected stopped it. Nothing was written. Try again, or save the list as a plain CSV first."
BUSY = "Products were changed by somebody at the same moment. Nothing was written. Check the list again."


def check_import(job_id: int) -> None:
    """Check every row of an uploaded list; writes only the job's own counts and problems."""
    job = ImportJob.objects.select_related("shop").filter(pk=job_id, status=Status.CHECKING).first()
    if job is None:
        return
    with _failing_in_words(job_id):
        sheet = _sheet(job)
        ImportJob.objects.filter(pk=job_id).update(rows_total=len(sheet.rows), rows_done=0)
        ours = ImportJob.objects.filter(pk=job_id, status=Status.CHECKING)
        plan = make_plan(shop=job.shop, sheet=sheet, mapping=job.mapping, day=shop_today(), tick=lambda done: ours.update(rows_done=done))
        ours.update(status=Status.CHECKED, rows_done=len(sheet.rows), stage_at=timezone.now(), **_outcome(sheet, plan))


def write_import(job_id: int) -> None:
    """Write a confirmed list, all of it in one transaction, checked once more against the shop as it is now."""
    with _failing_in_words(job_id), _progress(job_id) as tick, transaction.atomic():
        with connection.cursor() as cursor:  # one run at a time; the job's row itself stays free for the progress
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_CLASS, job_id])
        job = ImportJob.objects.select_related("shop", "by").filter(pk=job_id, status=Status.WRITING).first()
        if job is None:
            return
        sheet = _sheet(job)
        half = len(sheet.rows) / 2
        plan = make_plan(shop=job.shop, sheet=sheet, mapping=job.mapping, day=shop_today(), tick=lambda done: tick(done // 2))
        to_write = len(plan.new) + len(plan.changed) or 1
        write_plan(shop=job.shop, by=job.by, plan=plan, tick=lambda done: tick(int(half + half * done / to_write)))
        ImportJob.objects.filter(pk=job_id).update(
            status=Status.DONE, rows_done=len(sheet.rows), content=b"", stage_at=timezone.now(), **_outcome(sheet, plan)
        )


def _sheet(job: ImportJob) -> Sheet:
    return read_sheet(job.filename, bytes(job.content))


def _outcome(sheet: Sheet, plan: Plan) -> dict:
    return {
        "rows_new": len(plan.new),
        "rows_changed": len(plan.changed),
        "rows_same": plan.same,
        "rows_bad": plan.bad,
        "problems": plan.problems,
        "sample": [*(row.cells for row in sheet.rows[:3]), *plan.sample()],
    }


@contextmanager
def _failing_in_words(job_id: int) -> Iterator[None]:
    """Whatever goes wrong, the job ends and the page says so; a retry of the queue would only repeat it."""
    try:
        yield
        return
    except CatalogError as error:
        message = error.message
    except DatabaseError:
        log.exception("import %s: the database refused", job_id)
        message = BUSY
    except Exception:
        log.exception("import %s failed", job_id)
        message = UNEXPECTED
    ImportJob.objects.filter(pk=job_id, status__in=[Status.CHECKING, Status.WRITING]).update(
        status=Status.FAILED, message=message, stage_at=timezone.now()
    )


@contextmanager
def _progress(job_id: int) -> Iterator[Callable[[int], None]]:
    """Tells how far a transaction is while it is not committed, over a connection of its own."""
    other = connection.copy()

    def tick(done: int) -> None:
        with other.cursor() as cursor:
            cursor.execute("UPDATE catalog_importjob SET rows_done = %s WHERE id = %s", [done, job_id])

    try:
        yield tick
    finally:
        other.close()
