"""Bills, credit notes, khatas and cards on paper, the old book, PINs and UPI links, over the API."""

from decimal import Decimal

import pytest

from ledger.closing import close_day
from orders.bill import Tender
from orders.cards import CUSTOMER, STAFF, read_card
from orders.return_plan import BackLine
from orders.returning import take_back
from shops.accounts import register_customer
from shops.models import Role
from shops.pins import check_pin
from smartkirana.dates import shop_today
from tests import factories
from tests.api_client import Api


@pytest.fixture
def owner(shop):
    return Api(shop, shop.owner)


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, "Soap", stock=100)


def is_pdf(answer) -> bool:
    return answer.status_code == 200 and answer.content[:4] == b"%PDF" and answer.headers["Content-Type"] == "application/pdf"


def test_a_bill_comes_as_pdf_and_as_bytes_for_a_roll(shop, owner, soap):
    order = factories.make_order(shop, [(soap, 1)])
    invoice = owner.get(f"/orders/{order.pk}/invoice.pdf")
    assert is_pdf(invoice)
    assert invoice.headers["Content-Disposition"] == f'attachment; filename="{order.slug}.pdf"'
    assert owner.get(f"/orders/{order.pk}/receipt.bin?paper=r58").content[:1] == b"\x1b"


def test_a_print_is_written_down_and_the_next_is_a_duplicate(shop, owner, soap):
    order = factories.make_order(shop, [(soap, 1)])
    key = "9e4f2f1e-98c7-4bd0-8a30-0f3a50e55b02"
    first = [owner.post(f"/orders/{order.pk}/prints", {"paper": "r80"}, key=key).json()["copy_number"] for _ in "ab"]
    second = owner.post(f"/orders/{order.pk}/prints", {"paper": "a4"}, key=True).json()["copy_number"]
    assert (first, second) == ([1, 1], 2)
    assert [(one["copy_number"], one["paper"]) for one in owner.get(f"/orders/{order.pk}/prints").json()] == [(1, "r80"), (2, "a4")]
    assert is_pdf(owner.get(f"/orders/{order.pk}/invoice.pdf?copy_number=2"))
    assert owner.get(f"/orders/{order.pk}/invoice.pdf?copy_number=3").status_code == 404


def test_customers_get_the_invoices_of_their_own_orders_alone(shop, soap):
    account = register_customer(shop=shop, phone="+919876511111", name="Asha", password=factories.PASSWORD)
    asha = Api(shop, account)
    mine = asha.post("/orders", {"items": [{"product_id": soap.pk, "quantity": 1}], "payment_method": "upi"}).json()["id"]
    assert is_pdf(asha.get(f"/orders/{mine}/invoice.pdf"))
    assert asha.get(f"/orders/{factories.make_order(shop, [(soap, 1)]).pk}/invoice.pdf").status_code == 404
    assert asha.get(f"/orders/{mine}/receipt.bin").status_code == 403


def test_a_credit_note_comes_on_paper(shop, owner, soap):
    order = factories.make_order(shop, [(soap, 2)])
    note = take_back(
        shop=shop, counter=shop.counters.get(), by=shop.owner, bill_number=order.bill_number, lines=[BackLine(1, Decimal(1))], how="cash",
        request_key="9e4f2f1e-98c7-4bd0-8a30-0f3a50e55b03", reason="torn",
    )  # fmt: skip
    assert is_pdf(owner.get(f"/returns/{note.pk}/note.pdf"))
    assert owner.get(f"/returns/{note.pk}/receipt.bin").content[:1] == b"\x1b"
    assert owner.get("/returns/999999/note.pdf").status_code == 404


def test_a_khata_comes_on_paper_and_for_excel(shop, owner, soap):
    asha = factories.make_customer(shop)
    factories.make_order(shop, [(soap, 1)], customer=asha, payments=[Tender("khata", None)])
    assert is_pdf(owner.get(f"/khata/{asha.pk}/statement.pdf"))
    assert is_pdf(owner.get(f"/khata/{asha.pk}/entries/1/receipt.pdf"))
    assert owner.get(f"/khata/{asha.pk}/statement.xlsx").content[:2] == b"PK"
    assert owner.get(f"/khata/{asha.pk}/entries/9/receipt.pdf").status_code == 404
    assert owner.get(f"/khata/{asha.pk}/statement.pdf?from=2026-11-02&to=2026-11-01").status_code == 400


def test_the_days_reports_come_on_paper(shop, owner, soap):
    factories.make_order(shop, [(soap, 1)])
    closed = close_day(shop=shop, day=shop_today(), by=shop.owner)
    for kind in ("x", f"z/{closed.number}/report"):
        assert is_pdf(owner.get(f"/day/{kind}.pdf"))
        assert is_pdf(owner.get(f"/day/{kind}.pdf?paper=r80"))
        assert owner.get(f"/day/{kind}.bin").content[:1] == b"\x1b"
    assert owner.get("/day/z/99/report.pdf").status_code == 404


def test_cards_are_those_a_counter_reads(shop, owner):
    asha, clerk = factories.make_customer(shop), factories.make_member(shop, Role.STAFF)
    place = shop.memberships.get(user=clerk)
    assert read_card(owner.get(f"/customers/{asha.pk}/card").json()["code"]) == (CUSTOMER, asha.pk)
    assert read_card(owner.get(f"/people/{place.pk}/badge").json()["code"]) == (STAFF, place.pk)
    assert Api(shop, clerk).get(f"/people/{place.pk}/badge").status_code == 403


# --- the old book -----------------------------------------------------------------------------------------------
def test_the_old_book_is_taken_over_when_every_line_is_right(shop, owner):
    head, asha = ["Phone", "Name", "Balance"], ["9876500001", "Asha", "120.50"]
    wrong = owner.post("/khata/old-book", {"filename": "book.csv", "rows": [head, asha, ["98", "Ravi", "x"]]}, key=True)
    assert (wrong.status_code, wrong.json()["code"], list(wrong.json()["fields"])) == (400, "wrong_lines", ["line 3"])
    assert not shop.customers.exists()
    key = "9e4f2f1e-98c7-4bd0-8a30-0f3a50e55b04"
    right = [owner.post("/khata/old-book", {"filename": "book.csv", "rows": [head, asha]}, key=key).json() for _ in "ab"]
    assert right == [{"written": 1}] * 2
    assert shop.customers.get().outstanding == 120.50


# --- PINs -------------------------------------------------------------------------------------------------------
def test_an_owner_gives_a_first_pin_and_each_sets_their_own_by_password(shop, owner):
    clerk = factories.make_member(shop, Role.STAFF)
    place = shop.memberships.select_related("user", "shop").get(user=clerk)
    assert owner.put(f"/people/{place.pk}/pin", {"pin": "482913"}).status_code == 200
    assert check_pin(place, "482913")
    own = Api(shop, clerk)
    assert own.put("/people/me/pin", {"pin": "591726", "password": "wrong"}).json()["code"] == "wrong_password"
    assert own.put("/people/me/pin", {"pin": "591726", "password": factories.PASSWORD}).status_code == 200
    assert check_pin(place, "591726")
    again = owner.put(f"/people/{place.pk}/pin", {"pin": "837264"})
    assert (again.status_code, again.json()["code"]) == (400, "has_pin")
    assert owner.delete(f"/people/{place.pk}/pin").status_code == 200
    assert owner.put(f"/people/{shop.memberships.get(user=shop.owner).pk}/pin", {"pin": "837264"}).json()["code"] == "own_pin"


def test_a_stolen_token_does_not_guess_the_password_by_pins(shop, owner):
    tries = [owner.put("/people/me/pin", {"pin": "591726", "password": "wrong"}).status_code for _ in range(6)]
    assert tries == [400] * 5 + [429]


# --- UPI --------------------------------------------------------------------------------------------------------
def test_the_link_to_pay_by_upi(shop, owner):
    refused = owner.get("/counter/upi?amount=105.00")
    assert (refused.status_code, refused.json()["code"]) == (400, "no_upi_id")
    shop.upi_id = "sharma@okbank"
    shop.save()
    link = owner.get("/counter/upi?amount=105.00").json()["link"]
    assert link.startswith("upi://pay?")
    assert "am=105.00" in link
