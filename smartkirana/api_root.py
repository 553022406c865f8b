"""The REST API: every app's operations under /api/v1, one way of saying what went wrong, the schema and its page."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.log import log_response
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from shops.access import open_to_all
from smartkirana.api.answers import json_answer
from smartkirana.api.problems import ALREADY, CONFLICTS, ApiProblem, Problem
from smartkirana.errors import Refusal

DESCRIPTION = """Everything that a page of the shop can do, a program can do.

Sign in with `POST /api/v1/auth/login` and send the access token as `Authorization: Bearer …`; or make a key for a program.
Amounts are decimal strings with fixed places; requests may send a number or a string. Every problem answers
`{"detail": a sentence, "code": a word, "fields": {…}}`.
"""


class ExactParser(Parser):
    """JSON whose numbers arrive as the decimals that were written."""

    def parse_body(self, request: HttpRequest) -> Any:
        return json.loads(request.body, parse_float=Decimal, parse_constant=_no_number)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number.")


class ShopAPI(NinjaAPI):
    def _get_urls(self) -> list:
        patterns = super()._get_urls()
        for pattern in patterns:
            pattern.callback = _methods_told(pattern.callback)
        return patterns

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**kwargs)
        document["components"]["schemas"]["Problem"] = Problem.model_json_schema()  # no view answers one, so the library knows none
        return document


api = ShopAPI(
    title="SmartKirana",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url="/docs",
    openapi_url="/openapi.json",
    parser=ExactParser(),
    docs_decorator=open_to_all(),  # it shows what is in docs/ and no shop
)
for path, router in (
    ("/v1", "inventory.api.papers.router"),
    ("/v1", "orders.api.paper_views.router"),
    ("/v1/accounting", "ledger.api.accounting.router"),
    ("/v1/auth", "shops.api.sign_in.router"),
    ("/v1/bank", "ledger.api.bank.router"),
    ("/v1/bank/files", "ledger.api.bank_files.router"),
    ("/v1/books", "ledger.api.books.router"),
    ("/v1/categories", "catalog.api.categories.router"),
    ("/v1/counter", "orders.api.counter_views.router"),
    ("/v1/customers", "orders.api.customer_views.router"),
    ("/v1/day", "ledger.api.day.router"),
    ("/v1/gst-rates", "catalog.api.gst_rates.router"),
    ("/v1/inventory", "inventory.api.lots.router"),
    ("/v1/inventory", "inventory.api.running_low.router"),
    ("/v1/inventory", "inventory.api.stock.router"),
    ("/v1/keys", "shops.api.key_views.router"),
    ("/v1/khata", "orders.api.khata_people_views.router"),
    ("/v1/khata", "orders.api.old_book_views.router"),
    ("/v1/khata", "orders.api.khata_views.router"),
    ("/v1/label-formats", "catalog.api.label_formats.router"),
    ("/v1/money", "ledger.api.money.router"),
    ("/v1/notices", "shops.api.notice_views.router"),
    ("/v1/offers", "catalog.api.offers.router"),
    ("/v1/orders", "orders.api.order_views.router"),
    ("/v1/payments", "orders.api.payment_views.router"),
    ("/v1/people", "shops.api.people.router"),
    ("/v1/price-lists", "catalog.api.price_lists.router"),
    ("/v1/product-lists", "catalog.api.product_lists.router"),
    ("/v1/products", "catalog.api.codes.router"),
    ("/v1/products", "catalog.api.products.router"),
    ("/v1/purchase-files", "inventory.api.bill_files.router"),
    ("/v1/purchase-orders", "inventory.api.orders.router"),
    ("/v1/purchases", "inventory.api.purchases.router"),
    ("/v1/recipes", "inventory.api.recipes.router"),
    ("/v1/repacks", "inventory.api.repacks.router"),
    ("/v1/returns", "orders.api.return_views.router"),
    ("/v1/shifts", "orders.api.shift_views.router"),
    ("/v1/shop", "shops.api.shop_views.router"),
    ("/v1/stock-takes", "inventory.api.take_reviews.router"),
    ("/v1/stock-takes", "inventory.api.takes.router"),
    ("/v1/suppliers", "inventory.api.suppliers.router"),
    ("/v1/tiles", "catalog.api.tiles.router"),
    ("/v1/webhooks", "shops.api.webhook_views.router"),
):
    api.add_router(path, router)


def _methods_told(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A method that an address does not have is a problem like any other; the library's own answer is plain text."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        allowed = ", ".join(sorted(response["Allow"].split(", ")))
        answer = problem(request, 405, "no_such_method", f"This address takes {allowed}. See /api/docs.")
        answer["Allow"] = allowed
        return answer

    return told


def problem(request: HttpRequest, status: int, code: str, detail: str, fields: dict[str, str] | None = None, wait: int = 0) -> HttpResponse:
    response = json_answer(json.dumps({"detail": detail, "code": code, "fields": fields or {}}), status)
    if wait:
        response["Retry-After"] = str(wait)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ApiProblem)
def _api_problem(request: HttpRequest, error: ApiProblem) -> HttpResponse:
    return problem(request, error.status, error.code, error.detail, error.fields, error.wait)


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    """A rule refused: 400; what is there already 409; too many tries 429; what somebody else must approve 403."""
    wait = int(getattr(error, "wait", 0))
    taken = error.code in CONFLICTS or error.code.endswith("_taken")
    status = 429 if wait else 409 if taken else 403 if error.code.endswith("needs_approval") else 400
    detail = str(error.message)
    if taken and error.code.endswith("_taken") and ALREADY.strip() not in detail:
        detail += " It" + ALREADY + "."
    return problem(request, status, error.code, detail, {error.field: detail} if error.field else {}, wait)


@api.exception_handler(ValidationError)
def _does_not_fit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields: dict[str, str] = {}
    for one in error.errors:
        fields.setdefault(_where(one["loc"]), str(one["msg"]).removeprefix("Value error, "))
    first = next(iter(fields.items()), ("", ""))
    return problem(request, 422, "does_not_fit", f"{first[0]}: {first[1]}".strip(": "), fields)


def _where(loc: tuple[Any, ...]) -> str:
    """("body", "body", "items", 0, "quantity") → "items.0.quantity"."""
    inner = loc[2:] if loc[:1] == ("body",) and len(loc) > 2 else loc[1:]
    return ".".join(str(part) for part in inner if part != "body") or "body"


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 400:  # the library's only one: a body that is no JSON
        return problem(request, 422, "bad_json", "The body is no JSON. Send a JSON object.")
    return problem(request, error.status_code, "refused", error.message)


@api.exception_handler(PermissionDenied)
def _denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return problem(request, 403, "not_allowed", str(error) or "You may not do this.")


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(request, 404, "not_found", "Not there, or not yours.")


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """A bug: logged as Django logs those of pages, answered as JSON."""
    got_request_exception.send(sender=type(api), request=request)
    response = problem(
        request, 500, "broken", "Something went wrong on our side. Send it again; with the same Idempotency-Key nothing happens twice."
    )
    log_response("%s: %s", "Internal Server Error", request.path, response=response, request=request, exception=error)
    return response


@open_to_all(methods=("GET", "POST", "PUT", "PATCH", "DELETE"))  # there is nothing
def nothing_here(request: HttpRequest, path: str = "") -> HttpResponse:
    """An address under /api/ that is none: JSON, since a program asked."""
    return problem(request, 404, "no_such_address", "There is no such address. See /api/docs for all that there are.")
