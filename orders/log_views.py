"""The counter's log as the owner reads it, and as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from orders import log_selectors as selectors
from orders.bill_views import PER_PAGE
from orders.tables import TillEventTable, details_in_words
from orders.till_forms import LogFilter
from orders.till_models import TillEvent
from shops.access import Can, shop_page
from smartkirana.csv_rows import csv_lines, harmless
from smartkirana.paging import paginate
from smartkirana.web import show


@shop_page(Can.CANCEL_BILL)
def counter_log(request: HttpRequest) -> HttpResponse:
    """What happened at the counters besides the bills, newest first, with sums by person."""
    form, choice = _asked(request)
    if choice is None:
        return show(request, "orders/counter_log.html", {"form": form}, partial="log_rows", bad=True)
    table = TillEventTable(selectors.till_events(request.shop, choice))
    at_the_end = paginate(request, table, PER_PAGE)
    sums = selectors.person_sums(request.shop, choice)
    context = {"form": form, "table": table, "choice": choice, "at_the_end": at_the_end, "sums": sums}
    return show(request, "orders/counter_log.html", context, partial="log_rows")


@shop_page(Can.CANCEL_BILL)
def counter_log_csv(request: HttpRequest) -> HttpResponse:
    """The same events as a file for a spreadsheet, sent while it is read."""
    form, choice = _asked(request)
    if choice is None:
        return show(request, "orders/counter_log.html", {"form": form}, bad=True)
    lines = csv_lines(selectors.EXPORT_COLUMNS, map(_cells, selectors.exported(request.shop, choice)))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="counter-log-{request.shop.slug}.csv"'
    return response


def _asked(request: HttpRequest) -> tuple[LogFilter, selectors.LogChoice | None]:
    form = LogFilter(request.GET, shop=request.shop)
    return form, selectors.log_choice(most_days=LogFilter.MOST_DAYS, **form.cleaned_data) if form.is_valid() else None


def _cells(event: TillEvent) -> list[object]:
    at, device = timezone.localtime(event.at), event.at_device and timezone.localtime(event.at_device)
    words = (event.get_kind_display(), event.by, event.signed_in, event.counter or "")
    told = (event.reason, details_in_words(event), event.request_key or "", f"{device:%Y-%m-%d %H:%M:%S}" if device else "")
    amount = "" if event.amount is None else event.amount
    return [f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}", *(harmless(str(word)) for word in words), amount, *(harmless(str(word)) for word in told)]
