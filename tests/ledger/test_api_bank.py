"""Bank files over the API: brought in, read, taken in, and each line said to be a payment, or none."""

from __future__ import annotations

import base64
from uuid import uuid4

import pytest

from ledger.bank_files.columns import guess_columns
from ledger.bank_models import BankMatch
from orders.models import Payment
from shops.models import Role
from tests import factories
from tests.api_client import Api
from tests.ledger.bank import HEADS, csv_of, paid, row, statement_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return factories.make_shop()


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, price="100", mrp="100", stock=500)


@pytest.fixture
def api(shop):
    return Api(shop, shop.owner)


def as_file(rows) -> dict:
    return {"filename": "report.csv", "content": base64.b64encode(csv_of(rows)).decode()}


def as_rows(rows) -> dict:
    return {"filename": "report", "rows": [list(HEADS), *[[str(cell) for cell in one] for one in rows]]}


COLUMNS = {"columns": guess_columns(HEADS), "source": "upi", "account": "Paytm"}


@pytest.mark.parametrize("send", [as_file, as_rows])
def test_from_the_file_to_seen_payments(shop, soap, api, send):
    payment, fake = paid(shop, soap, 2), paid(shop, soap, 3)
    key = uuid4()
    file = api.post("/bank/files", send([row(payment, charge="1", gst="0.18")]), key=key)
    assert file.status_code == 201
    assert file.json()["needs_columns"]
    assert api.post("/bank/files", send([row(payment, charge="1", gst="0.18")]), key=key).json() == file.json()
    pk = file.json()["id"]
    assert [one["id"] for one in api.get("/bank/files").json()] == [pk]
    read = api.put(f"/bank/files/{pk}/columns", COLUMNS).json()
    assert (read["new_lines"], read["amount"], read["charge"], read["problems"]) == (1, "200.00", "1.18", [])
    assert api.get(f"/bank/files/{pk}").json() == read
    statement = api.post(f"/bank/files/{pk}/take-in").json()
    assert (statement["read"], statement["open"]) == (1, 1)
    assert api.post(f"/bank/files/{pk}/take-in").json()["id"] == statement["id"]
    assert api.get(f"/bank/files/{pk}").status_code == 404
    found = api.get(f"/bank/statements/{statement['id']}").json()
    assert found["proposal"]["sure"][0]["payment"]["payment_id"] == payment.pk
    assert [one["payment_id"] for one in found["proposal"]["not_in_the_file"]] == [fake.pk]
    told = api.post(f"/bank/statements/{statement['id']}/confirm", {"pairs": found["proposal"]["pairs"]}).json()
    assert told == {"done": 1, "changed": 0, "refused": [], "rest": []}
    payment.refresh_from_db()
    fake.refresh_from_db()
    assert (payment.state, fake.state) == (Payment.State.SEEN, Payment.State.CLAIMED)
    lines = api.get(f"/bank/statements/{statement['id']}/lines?state=matched").json()
    assert lines[0]["payment"]["bill_number"] == payment.order.bill_number
    assert api.get("/bank/statements").json()[0]["matched"] == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"filename": "a.csv"}, 400),
        ({"filename": "a.csv", "content": "not base64!"}, 400),
        ({"filename": "a.csv", "content": "", "rows": [["a"]]}, 400),
        ({"filename": "a.csv", "content": ""}, 400),
        ({"filename": "a.xlsx", "content": base64.b64encode(b"PK no zip").decode()}, 400),
        ({"filename": "a.csv", "rows": [["Date", "Amount"]]}, 400),
        ({"filename": "a.csv", "rows": [["x" * 1001]]}, 422),
        ({"filename": "", "rows": [["a"]]}, 422),
    ],
)
def test_what_is_no_file_is_refused(api, shop, body, status):
    assert api.post("/bank/files", body).status_code == status
    assert not shop.bank_files.exists()


def test_columns_that_cannot_be_are_refused_and_a_file_is_forgotten(shop, soap, api):
    pk = api.post("/bank/files", as_rows([row(paid(shop, soap))])).json()["id"]
    assert api.put(f"/bank/files/{pk}/columns", COLUMNS | {"columns": {"date": 0}}).json()["code"] == "no_columns"
    assert api.put(f"/bank/files/{pk}/columns", COLUMNS | {"columns": {"date": 99, "amount": 1}}).json()["code"] == "bad_column"
    assert api.put(f"/bank/files/{pk}/columns", COLUMNS | {"source": "wallet"}).status_code == 422
    assert api.post(f"/bank/files/{pk}/take-in").json()["code"] == "no_columns"
    assert api.delete(f"/bank/files/{pk}").status_code == 200
    assert api.delete(f"/bank/files/{pk}").status_code == 404


def test_a_line_is_matched_set_aside_and_taken_back(shop, soap, api):
    payment = paid(shop, soap, 2)
    line = statement_of(shop, [row(payment)]).lines.get()
    full = api.get(f"/bank/lines/{line.pk}").json()
    assert [one["payment_id"] for one in full["candidates"]] == [payment.pk]
    key = uuid4()
    matched = api.post(f"/bank/lines/{line.pk}/match", {"payment_id": payment.pk}, key=key)
    assert matched.json()["state"] == "matched"
    assert api.post(f"/bank/lines/{line.pk}/match", {"payment_id": payment.pk}, key=key).json() == matched.json()
    assert BankMatch.objects.filter(line=line).count() == 1
    assert api.post(f"/bank/lines/{line.pk}/aside", {"reason": "Mine"}).json()["code"] == "other_claim"
    assert api.post(f"/bank/lines/{line.pk}/undo", {"reason": ""}).json()["code"] == "no_reason"
    back = api.post(f"/bank/lines/{line.pk}/undo", {"reason": "Other money"}).json()
    assert (back["state"], [said["kind"] for said in back["said"]]) == ("open", ["matched", "undone"])
    assert api.post(f"/bank/lines/{line.pk}/aside", {"reason": "Mine"}).json()["state"] == "aside"


def test_chosen_payments_are_seen_and_what_cannot_be_is_told(shop, soap, api):
    payment = paid(shop, soap, 2)
    statement = statement_of(shop, [row(payment)])
    line = statement.lines.get()
    told = api.post(f"/bank/statements/{statement.pk}/choose", {"pairs": [[line.pk, payment.pk], [999999, payment.pk]]}).json()
    assert told == {"done": 1, "refused": ["There is no such line."]}


def test_lines_do_not_ask_more_for_more_rows(shop, soap, api, django_assert_max_num_queries):
    for many in (1, 12):
        statement = statement_of(shop, [row(paid(shop, soap, n + many)) for n in range(many)])
        with django_assert_max_num_queries(20):
            api.get(f"/bank/statements/{statement.pk}")
        with django_assert_max_num_queries(12):
            api.get(f"/bank/statements/{statement.pk}/lines?limit=100")


def test_another_shops_files_and_lines_are_not_there(shop, soap):
    statement = statement_of(shop, [row(paid(shop, soap))])
    other = factories.make_shop("Other")
    api = Api(other, other.owner)
    line = statement.lines.get().pk
    assert api.get(f"/bank/statements/{statement.pk}").status_code == 404
    assert api.get(f"/bank/lines/{line}").status_code == 404
    assert api.post(f"/bank/lines/{line}/aside", {"reason": "Mine"}).status_code == 404
    assert api.post(f"/bank/statements/{statement.pk}/confirm", {"pairs": [[line, 1]]}).status_code == 404
    assert api.get("/bank/statements").json() == []


def test_for_owner_and_accountant_only(shop):
    assert Api(shop, factories.make_member(shop, Role.ACCOUNTANT)).get("/bank/files").status_code == 200
    assert Api(shop, factories.make_member(shop, Role.MANAGER)).get("/bank/files").status_code == 403
