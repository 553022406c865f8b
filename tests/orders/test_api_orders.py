"""Orders through the REST API, to the letter of what outside clients speak."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ledger.checks import run
from orders.bill import Tender
from orders.models import Order, Payment
from orders.services import cancel_order
from shops.accounts import register_customer
from shops.limits import Limits, change_limits
from shops.models import Role
from shops.services import add_counter
from smartkirana.dates import shop_today
from tests import factories
from tests.api_client import Api

D = Decimal
ORDER_FIELDS = [
    "id",
    "order_number",
    "invoice_number",
    "order_date",
    "subtotal",
    "discount_amount",
    "tax_amount",
    "cgst",
    "sgst",
    "igst",
    "round_off",
    "total_amount",
    "payment_method",
    "payment_status",
    "order_status",
    "items",
]
ITEM_FIELDS = ["id", "product_id", "product_name", "quantity", "unit_price", "gst_rate", "gst_amount", "line_total"]


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=100)


@pytest.fixture
def owner(shop):
    return Api(shop, shop.owner)


@pytest.fixture
def staff(shop):
    return Api(shop, factories.make_member(shop))


def account(shop, *, proven: bool = True, phone: str = "+919812345678"):
    """A customer's account with the shop."""
    user = register_customer(shop=shop, phone=phone, name="Asha", password=factories.PASSWORD)
    if proven:
        user.phone_proven_at = timezone.now()
        user.save(update_fields=["phone_proven_at"])
    return user


def body(*goods, **more) -> dict:
    return {"items": [{"product_id": product.pk, "quantity": quantity} for product, quantity in goods]} | more


def made(api, *goods, **more) -> dict:
    answer = api.post("/orders", body(*goods, **more))
    assert answer.status_code == 201, answer.content
    return answer.json()


def problem(answer, status: int) -> str:
    assert answer.status_code == status, answer.content
    assert set(answer.json()) == {"detail", "code", "fields"}
    return answer.json()["detail"]


def found(shop) -> list:
    return [breach for _rule, breaches in run([shop.pk]) for breach in breaches]


# --- making one -------------------------------------------------------------------------------------------------
def test_makes_an_order_with_everything_the_contract_names(shop, owner, soap):
    order = made(owner, (soap, 2), notes="Ring twice")
    assert set(ORDER_FIELDS) <= set(order)
    assert set(ITEM_FIELDS) <= set(order["items"][0])
    assert (order["subtotal"], order["discount_amount"], order["round_off"], order["total_amount"]) == ("105.00", "0.00", "0.00", "105.00")
    assert (order["tax_amount"], order["cgst"], order["sgst"], order["igst"]) == ("5.00", "2.50", "2.50", "0.00")
    assert (order["payment_method"], order["payment_status"], order["order_status"]) == ("cash", "completed", "pending")
    item = order["items"][0]
    assert (item["product_name"], item["quantity"], item["unit_price"]) == ("Soap", "2.000", "52.50")
    assert (item["gst_rate"], item["gst_amount"], item["line_total"]) == ("5.00", "5.00", "105.00")
    saved = Order.objects.get(pk=order["id"])
    assert (saved.number, saved.bill_number, saved.note) == (order["order_number"], order["invoice_number"], "Ring twice")
    assert saved.number == f"ORD-{shop_today():%Y%m%d}-0001"
    assert soap.lots.get().on_hand == 98
    assert found(shop) == []
    connection.check_constraints()


def test_numbers_may_be_strings_and_unknown_fields_are_ignored(owner, soap):
    answer = owner.post("/orders", {"items": [{"product_id": str(soap.pk), "quantity": "1.000", "colour": "red"}], "app": "old"})
    assert answer.status_code == 201, answer.content


def test_more_than_there_is_in_stock_is_refused_though_the_shops_policy_only_warns(shop, owner, soap):
    tea = factories.make_product(shop, "Tea", stock=3)
    detail = problem(owner.post("/orders", body((soap, 1), (tea, 4))), 400)
    assert "Tea" in detail
    assert "3" in detail
    assert not shop.orders.exists()
    assert not shop.movements.filter(reason="sale").exists()
    assert not shop.number_series.exists()


def test_goods_with_two_mrps_are_sold_from_the_lots_that_have_enough(shop, owner):
    tea = factories.make_product(shop, "Tea", stock=2)
    factories.stock_up(tea, 10, mrp=D("60"))
    assert made(owner, (tea, 5))["items"][0]["mrp"] == "60.00"


@pytest.mark.parametrize(
    ("more", "ways", "status"),
    [
        ({"payment_method": "upi"}, [("upi", "105.00", "claimed")], "pending"),
        ({"payment_method": "card"}, [("card", "105.00", "claimed")], "pending"),
        ({"payment_method": "bank_transfer"}, [("bank_transfer", "105.00", "claimed")], "pending"),
        (
            {"payments": [{"method": "cash", "amount": 5}, {"method": "upi", "amount": "100", "reference": "612345678901"}]},
            [("cash", "5.00", "seen"), ("upi", "100.00", "claimed")],
            "pending",
        ),
    ],
)
def test_ways_of_paying(shop, owner, soap, more, ways, status):
    order = made(owner, (soap, 2), **more)
    assert [(p["method"], p["amount"], p["state"]) for p in order["payments"]] == ways
    assert order["payment_status"] == status
    assert order["payment_method"] == (ways[0][0] if len(ways) == 1 else "split")
    assert found(shop) == []


@pytest.mark.parametrize(
    "more",
    [
        {"payment_method": "credit"},
        {"is_credit_sale": True},
        {"payments": [{"method": "credit", "amount": 105}]},
        {"payments": [{"method": "cash", "amount": 5}], "is_credit_sale": True},
    ],
)
def test_credit_goes_on_the_khata_and_needs_a_customer(shop, owner, soap, more):
    assert "customer" in problem(owner.post("/orders", body((soap, 2), **more)), 400)
    asha = factories.make_customer(shop)
    order = made(owner, (soap, 2), customer_id=asha.pk, credit_duration_days=15, **more)
    assert (order["payment_status"], order["customer_id"]) == ("pending", asha.pk)
    entry = asha.entries.get()
    assert entry.amount == D(100 if len(order["payments"]) == 2 else 105)
    assert (entry.due - shop_today()).days == 15
    assert found(shop) == []


@pytest.mark.parametrize("amounts", [(50, 50), (50, 60)])
def test_payments_that_are_not_the_total_are_refused(owner, soap, amounts):
    payments = [{"method": "cash", "amount": amount} for amount in amounts]
    assert "Payments come to" in problem(owner.post("/orders", body((soap, 2), payments=payments)), 400)


def test_prices_and_discounts_by_hand_go_as_far_as_the_role_may(shop, owner, staff, soap):
    cheap = {"items": [{"product_id": soap.pk, "quantity": 1, "unit_price": "50.00"}]}
    off = {"items": [{"product_id": soap.pk, "quantity": 2, "discount": "5.00"}]}
    much = {"items": [{"product_id": soap.pk, "quantity": 2, "discount": "6.00"}]}
    for asked in (cheap, much):
        assert "approval" in problem(staff.post("/orders", asked), 403)
    assert staff.post("/orders", off).json()["total_amount"] == "100.00"
    order = owner.post("/orders", cheap).json()
    assert (order["items"][0]["unit_price"], order["total_amount"]) == ("50.00", "50.00")
    assert owner.post("/orders", much | {"discount_amount": 1}).json()["discount_amount"] == "7.00"
    above = {"items": [{"product_id": soap.pk, "quantity": 1, "unit_price": 53}]}
    assert "MRP" in problem(owner.post("/orders", above), 400)


def test_the_price_that_is_the_shops_own_needs_no_approval(staff, soap):
    assert staff.post("/orders", {"items": [{"product_id": soap.pk, "quantity": 1, "unit_price": 52.5}]}).status_code == 201


def test_a_total_that_the_buyer_did_not_see_is_refused(owner, soap):
    assert "₹105" in problem(owner.post("/orders", body((soap, 2), expected_total=100)), 400)
    assert owner.post("/orders", body((soap, 2), expected_total="105")).status_code == 201


def test_goods_customers_and_counters_of_others_are_not_there(shop, other_shop, owner, soap):
    theirs = factories.make_product(other_shop, stock=10)
    for asked in (
        body((theirs, 1)),
        body((soap, 1), customer_id=factories.make_customer(other_shop).pk),
        body((soap, 1), counter_id=other_shop.counters.get().pk),
        {"items": [{"product_id": 999_999_999, "quantity": 1}]},
    ):
        problem(owner.post("/orders", asked), 404)
    soap.is_active = False
    soap.save(update_fields=["is_active"])
    assert "not on sale" in problem(owner.post("/orders", body((soap, 1))), 400)


def test_a_counter_may_be_named_and_one_that_needs_a_shift_sells_in_a_shift(shop, owner, soap):
    second = add_counter(shop=shop, name="Second", code="S2")
    assert made(owner, (soap, 1), counter_id=second.pk)["invoice_number"].startswith("S2/")
    shop.counters.filter(pk=second.pk).update(needs_shift=True)
    assert "shift" in problem(owner.post("/orders", body((soap, 1), counter_id=second.pk)), 400)


@pytest.mark.parametrize(
    "bad",
    [
        {"items": []},
        {},
        {"items": [{"product_id": 1}]},
        {"items": [{"product_id": 1, "quantity": 0}]},
        {"items": [{"product_id": 1, "quantity": -1}]},
        {"items": [{"product_id": 1, "quantity": "NaN"}]},
        {"items": [{"product_id": 2**63, "quantity": 1}]},
        {"items": [{"product_id": 1, "quantity": 1}], "payment_method": "gold"},
        {"items": [{"product_id": 1, "quantity": 1}], "notes": "a\x00b"},
        {"items": [{"product_id": 1, "quantity": 1}], "credit_duration_days": 366},
    ],
)
def test_a_body_that_does_not_fit_is_422(owner, bad):
    problem(owner.post("/orders", bad), 422)


def test_the_same_key_makes_one_order(owner, soap):
    key = uuid4()
    first, again = (owner.post("/orders", body((soap, 1)), key=key) for _ in range(2))
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert Order.objects.count() == 1
    assert problem(owner.post("/orders", body((soap, 2)), key=key), 409)


def test_who_may_make_orders(shop, soap):
    for role, status in ((Role.MANAGER, 201), (Role.STAFF, 201), (Role.ACCOUNTANT, 403)):
        assert Api(shop, factories.make_member(shop, role)).post("/orders", body((soap, 1))).status_code == status
    assert Api().post("/orders", body((soap, 1))).status_code == 401


def test_an_order_takes_few_queries_whatever_its_length(shop, owner):
    goods = [factories.make_product(shop, f"Goods {n}", stock=50) for n in range(30)]
    made(owner, (goods[0], 1))
    for size in (1, 30):
        with CaptureQueriesContext(
            connection,
        ) as by_service:
            factories.make_order(shop, [(one, 1) for one in goods[:size]], cashier=shop.owner, counter=shop.counters.get())
        with CaptureQueriesContext(connection) as by_api:
            made(owner, *((one, 1) for one in goods[:size]))
        assert len(by_api) - len(by_service) <= 6


# --- customers --------------------------------------------------------------------------------------------------
def test_a_customer_orders_online_and_is_the_shops_customer_once_their_phone_is_proven(shop, soap):
    user = account(shop)
    api = Api(shop, user)
    order = made(api, (soap, 2), payment_method="upi")
    assert (order["channel"], order["payment_status"], order["order_status"]) == ("online", "pending", "pending")
    asha = shop.customers.get()
    assert (asha.phone, asha.name, order["customer_id"]) == (user.phone, "Asha", asha.pk)
    made(api, (soap, 1), payment_method="card")
    assert shop.customers.count() == 1
    assert found(shop) == []


def test_a_phone_that_is_not_proven_makes_nobody_the_shops_customer(shop, soap):
    asha = factories.make_customer(shop, phone="+919812345678")
    api = Api(shop, account(shop, proven=False))
    theirs = factories.make_order(shop, [(soap, 1)], customer=asha)
    order = made(api, (soap, 1), payment_method="upi")
    assert order["customer_id"] is None
    assert [row["id"] for row in api.get("/orders").json()] == [order["id"]]
    problem(api.get(f"/orders/{theirs.pk}"), 404)


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"customer_id": 1}, 403),
        ({"counter_id": 1}, 403),
        ({"discount_amount": 1}, 403),
        ({"is_credit_sale": True}, 403),
        ({"payment_method": "credit"}, 403),
        ({"payments": [{"method": "credit", "amount": "52.50"}]}, 403),
        ({"payment_method": "cash"}, 400),
        ({}, 400),
    ],
)
def test_what_a_customer_may_not_ask_for(shop, soap, more, status):
    api = Api(shop, account(shop))
    problem(api.post("/orders", body((soap, 1), **more)), status)
    for by_hand in ("unit_price", "discount"):
        problem(api.post("/orders", {"items": [{"product_id": soap.pk, "quantity": 1, by_hand: 10}], "payment_method": "upi"}), 403)
    assert not shop.orders.exists()


def test_a_customer_sees_their_own_orders_alone(shop, owner, soap):
    user = account(shop)
    asha, other = factories.make_customer(shop, phone=str(user.phone)), factories.make_customer(shop, "Ravi")
    at_counter = factories.make_order(shop, [(soap, 1)], customer=asha)
    others = [factories.make_order(shop, [(soap, 1)], customer=other), factories.make_order(shop, [(soap, 1)])]
    api = Api(shop, user)
    online = made(api, (soap, 1), payment_method="upi")
    answer = api.get("/orders")
    assert [row["id"] for row in answer.json()] == [online["id"], at_counter.pk]
    assert answer["X-Total-Count"] == "2"
    assert api.get(f"/orders/{at_counter.pk}").status_code == 200
    for order in others:
        problem(api.get(f"/orders/{order.pk}"), 404)
    for path in ("status", "payment-status"):
        problem(api.put(f"/orders/{online['id']}/{path}", {"new_status": "confirmed"}), 403)


# --- lists ------------------------------------------------------------------------------------------------------
def test_the_list_is_newest_first_and_paged(shop, owner, soap):
    made_orders = [factories.make_order(shop, [(soap, 1)]) for _ in range(3)]
    answer = owner.get("/orders?page=1&limit=2")
    assert [row["id"] for row in answer.json()] == [one.pk for one in reversed(made_orders)][:2]
    assert answer["X-Total-Count"] == "3"
    row = answer.json()[0]
    assert {"id", "order_number", "order_date", "total_amount", "payment_status", "order_status"} <= set(row)
    assert (row["total_amount"], row["payment_status"], row["order_status"]) == ("53.00", "completed", "completed")
    assert owner.get("/orders?page=9").json() == []
    assert [owner.get(f"/orders?{bad}").status_code for bad in ("page=0", "limit=101", "status=lost", "from=tomorrow")] == [422] * 4


def test_the_list_is_narrowed(shop, owner, soap):
    asha = factories.make_customer(shop)
    done = factories.make_order(shop, [(soap, 1)])
    pending = made(owner, (soap, 1), payment_method="upi")["id"]
    owed = factories.make_order(shop, [(soap, 1)], customer=asha, payments=[Tender("khata", None)])
    gone = factories.make_order(shop, [(soap, 1)])
    cancel_order(shop=shop, bill_number=gone.bill_number, by=shop.owner, reason="Test")

    def ids(query: str) -> set[int]:
        return {row["id"] for row in owner.get(f"/orders?{query}").json()}

    assert ids("status=pending") == {pending}
    assert ids("status=completed") == {done.pk, owed.pk}
    assert ids("status=cancelled") == ids("payment_status=refunded") == {gone.pk}
    assert ids("payment_status=pending") == {pending, owed.pk}
    assert ids("payment_status=completed") == {done.pk}
    assert ids(f"customer_id={asha.pk}") == {owed.pk}
    assert ids(f"from={shop_today()}&to={shop_today()}") == {done.pk, pending, owed.pk, gone.pk}
    assert ids("to=2020-01-01") == set()
    assert ids(f"q={owed.number}") == {owed.pk}


def test_lists_take_the_same_queries_whatever_their_length(shop, owner, soap):
    asha = factories.make_customer(shop)
    counts = []
    for many in (1, 29):
        for _ in range(many):
            factories.make_order(shop, [(soap, 1)], customer=asha, payments=[Tender("upi", None)])
        with CaptureQueriesContext(connection) as asked:
            assert len(owner.get("/orders?limit=100").json()) == shop.orders.count()
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_another_shops_order_is_not_there(shop, other_shop, owner):
    theirs = factories.make_order(other_shop, [(factories.make_product(other_shop, stock=1), 1)])
    problem(owner.get(f"/orders/{theirs.pk}"), 404)
    for path in ("status", "payment-status"):
        problem(owner.put(f"/orders/{theirs.pk}/{path}", {"new_status": "cancelled"}), 404)
    problem(owner.get("/orders/0"), 422)


# --- the workflow -----------------------------------------------------------------------------------------------
def test_an_order_goes_through_its_steps_by_body_and_by_query(shop, staff, soap):
    pk = made(staff, (soap, 1))["id"]
    for n, step in enumerate(("confirmed", "packed", "completed")):
        path = f"/orders/{pk}/status"
        answer = staff.put(f"{path}?new_status={step}") if n % 2 else staff.put(path, {"new_status": step})
        assert answer.status_code == 200, answer.content
        assert (answer.json()["order_id"], answer.json()["new_status"]) == (pk, step)
        assert staff.get(f"/orders/{pk}").json()["order_status"] == step
    assert "nothing more" in problem(staff.put(path, {"new_status": "cancelled"}), 400)
    assert found(shop) == []


def test_a_step_left_out_is_refused_naming_the_allowed_ones(staff, soap):
    pk = made(staff, (soap, 1))["id"]
    for step in ("packed", "completed", "pending", "shipped"):
        assert "confirmed or cancelled" in problem(staff.put(f"/orders/{pk}/status", {"new_status": step}), 400)
    problem(staff.put(f"/orders/{pk}/status"), 422)


def test_cancelling_gives_the_stock_back_and_reverses_the_books(shop, staff, soap):
    pk = made(staff, (soap, 4))["id"]
    assert staff.put(f"/orders/{pk}/status?new_status=cancelled").status_code == 200
    order = staff.get(f"/orders/{pk}").json()
    assert (order["order_status"], order["payment_status"]) == ("cancelled", "refunded")
    assert soap.lots.get().on_hand == 100
    assert Order.objects.get(pk=pk).events.get(kind="cancelled").reason == "Cancelled through the API"
    assert "nothing more" in problem(staff.put(f"/orders/{pk}/status?new_status=cancelled"), 400)
    assert found(shop) == []


def test_who_may_not_cancel_open_bills_may_not_cancel_orders(shop, owner, staff, soap):
    change_limits(shop=shop, role=Role.STAFF, by=shop.owner, limits=Limits())
    pk = made(staff, (soap, 1))["id"]
    problem(staff.put(f"/orders/{pk}/status?new_status=cancelled"), 403)
    assert owner.put(f"/orders/{pk}/status", {"new_status": "cancelled", "reason": "Not at home"}).status_code == 200
    assert Order.objects.get(pk=pk).events.get(kind="cancelled").reason == "Not at home"


# --- how it is paid ---------------------------------------------------------------------------------------------
def pay(api, pk, to, **more):
    return api.put(f"/orders/{pk}/payment-status", {"new_status": to, **more})


def status_of(api, pk) -> str:
    return api.get(f"/orders/{pk}").json()["payment_status"]


def test_a_claim_that_was_seen_completes_the_payment(shop, owner, soap):
    pk = made(owner, (soap, 2), payment_method="upi")["id"]
    answer = pay(owner, pk, "completed")
    assert (answer.status_code, answer.json()["new_status"]) == (200, "completed")
    assert status_of(owner, pk) == "completed"
    assert Payment.objects.get().state == "seen"
    assert "from there it goes to refunded" in problem(pay(owner, pk, "failed"), 400)
    assert found(shop) == []


def test_a_claim_that_never_came_fails_and_may_come_after_all(shop, owner, soap):
    pk = made(owner, (soap, 2), payment_method="card")["id"]
    assert pay(owner, pk, "failed", reason="Bank says no").status_code == 200
    assert status_of(owner, pk) == "failed"
    assert Payment.objects.get().events.get().note == "Bank says no"
    assert "completed or refunded" in problem(pay(owner, pk, "failed"), 400)
    assert pay(owner, pk, "completed").status_code == 200
    assert status_of(owner, pk) == "completed"
    assert found(shop) == []


def test_a_failed_claim_of_a_customer_is_owed_until_it_is_paid_on_the_khata(shop, owner, soap):
    from orders.khata.acts import Act, take_payment

    asha = factories.make_customer(shop)
    pk = made(owner, (soap, 2), payment_method="upi", customer_id=asha.pk)["id"]
    pay(owner, pk, "failed")
    assert status_of(owner, pk) == "failed"
    take_payment(Act(shop, asha, shop.owner), amount=D(105), method="cash")
    assert status_of(owner, pk) == "completed"
    assert found(shop) == []


def test_nothing_goes_back_to_pending(owner, soap):
    pk = made(owner, (soap, 2), payment_method="upi")["id"]
    assert "completed or failed or refunded" in problem(pay(owner, pk, "pending"), 400)
    problem(pay(owner, pk, "gold"), 400)


def test_what_is_open_on_the_khata_is_paid_there(shop, owner, soap):
    asha = factories.make_customer(shop)
    pk = made(owner, (soap, 2), payment_method="credit", customer_id=asha.pk)["id"]
    assert "goes to refunded" in problem(pay(owner, pk, "completed"), 400)


@pytest.mark.parametrize("way", ["cash", "upi"])
def test_a_refund_cancels_an_order_that_is_not_handed_over(shop, owner, soap, way):
    pk = made(owner, (soap, 2), payment_method=way)["id"]
    assert pay(owner, pk, "refunded").status_code == 200
    order = owner.get(f"/orders/{pk}").json()
    assert (order["order_status"], order["payment_status"]) == ("cancelled", "refunded")
    assert "nothing more" in problem(pay(owner, pk, "completed"), 400)
    assert found(shop) == []


@pytest.mark.parametrize(("way", "back"), [("cash", "cash"), ("bank", "upi"), ("khata", "khata")])
def test_a_refund_of_what_was_handed_over_takes_all_goods_back(shop, owner, soap, way, back):
    asha = factories.make_customer(shop)
    order = factories.make_order(shop, [(soap, 2)], customer=asha, payments=[Tender(way, None)])
    if way == "bank":
        assert "completed or failed" in problem(pay(owner, order.pk, "refunded"), 400)
        pay(owner, order.pk, "completed")
    assert pay(owner, order.pk, "refunded").status_code == 200
    shown = owner.get(f"/orders/{order.pk}").json()
    assert (shown["order_status"], shown["payment_status"]) == ("completed", "refunded")
    note = shop.credit_notes.get()
    assert (note.total, [p.method for p in note.refunds.all()]) == (order.total, [back])
    assert soap.lots.get().on_hand == 100
    assert found(shop) == []


def test_the_same_key_refunds_once(shop, owner, soap):
    order = factories.make_order(shop, [(soap, 2)])
    key = uuid4()
    answers = [owner.put(f"/orders/{order.pk}/payment-status", {"new_status": "refunded"}, key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert shop.credit_notes.count() == 1


def test_only_owners_say_how_the_payment_turned_out(shop, soap):
    pk = made(Api(shop, shop.owner), (soap, 2), payment_method="upi")["id"]
    for role in (Role.MANAGER, Role.STAFF, Role.ACCOUNTANT):
        problem(pay(Api(shop, factories.make_member(shop, role)), pk, "completed"), 403)
