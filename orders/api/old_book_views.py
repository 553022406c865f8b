"""The old khata book taken over: `/khata/old-book`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from orders.errors import OrderError
from orders.khata.old_book import lines_of_file, read_old_book, write_old_book
from shops.access import Can
from shops.api.declare import operation
from smartkirana.api.problems import ApiProblem
from smartkirana.api.shapes import Shape
from smartkirana.api.uploads import FileIn

router = Router(tags=["khata"])
MOST_TOLD = 50


class OldBookOut(Shape):
    written: int = Field(description="How many old balances were written.")


@operation(router, "POST", "/old-book", right=Can.CANCEL_BILL, moves=True, answer=OldBookOut, status=201, problems={400})
def take_over_old_book(request: HttpRequest, body: FileIn):
    """Take over what customers owed in the old book: columns phone, name, amount, date, note (phone and amount are needed).

    Customers who are not known yet are made. Nothing is written until every line is right: 400 names the wrong ones.
    """
    caller = request.auth
    balances, wrong = read_old_book(caller.shop, lines_of_file(*body.name_and_bytes()))
    if wrong:
        told: dict[str, Any] = {f"line {one.number}": one.why for one in wrong[:MOST_TOLD]}
        raise ApiProblem(
            400, "wrong_lines", f"{len(wrong)} lines are wrong; the first is line {wrong[0].number}: {wrong[0].why}", fields=told
        )
    if not balances:
        raise OrderError("nothing", "There is no line with a balance.", "content")
    return {"written": write_old_book(shop=caller.shop, by=caller.user, balances=balances, key=request.request_key)}
