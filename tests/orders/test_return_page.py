"""The page on which goods come back, its sums, and finding new goods."""

from __future__ import annotations

import re
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.bill import Tender
from orders.models import CreditNote, Customer, TillEvent
from orders.services import cancel_order
from shops.limits import Limits, change_limits
from shops.models import Role
from tests import factories
from tests.inventory.buying import buy, make_supplier, received

D = Decimal
HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return factories.make_shop()


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=20, barcodes=[("8901234567890", D(1))])


@pytest.fixture
def bill(shop, soap):
    return factories.make_order(shop, [(soap, 4)])


@pytest.fixture
def owner(client, shop):
    client.force_login(shop.owner)
    return client


def page(bill, name="bill_return"):
    return reverse(f"orders:{name}", args=[bill.shop.slug, bill.slug])


def posted(bill, **fields) -> dict:
    return {"key": str(uuid4()), "counter": bill.counter_id, "back-1": "1", "where-1": "shelf", "how": "cash", "balance": "-52.50"} | fields


def new_goods(product, count="1") -> dict:
    return {"line-product": product.pk, "line-mrp": product.mrp, "line-quantity": count, "line-price": ""}


def test_the_page_shows_what_may_still_come_back(owner, bill):
    owner.post(page(bill), posted(bill))
    content = owner.get(page(bill)).content.decode()
    assert "of 3 pc" in content
    assert "1 pc came back" in content


def test_taking_back_writes_the_note_and_goes_to_it(owner, bill):
    answer = owner.post(page(bill), posted(bill, reason="Wrong item"), headers=HTMX)
    note = CreditNote.objects.get()
    assert answer.headers["HX-Redirect"] == note.get_absolute_url()
    assert note.reason == "Wrong item"
    assert "Give back ₹ 52.50." in owner.get(note.get_absolute_url()).content.decode()
    event = TillEvent.objects.get(kind="took_back")
    assert (event.amount, event.details["note"]) == (D("52.50"), note.number)


def test_a_second_press_goes_to_the_first_note(owner, bill):
    form = posted(bill)
    first, second = (owner.post(page(bill), form) for _ in range(2))
    assert first.url == second.url
    assert CreditNote.objects.count() == 1


def test_the_sums_say_what_is_given_back(owner, bill):
    answer = owner.post(page(bill, "return_sums"), posted(bill, **{"back-1": "3"}), headers=HTMX).content.decode()
    assert "Give back" in answer
    assert "₹\u00a0157.50" in answer
    assert 'name="balance" value="-157.50"' in answer
    assert not CreditNote.objects.exists()


def test_a_round_off_is_shared(owner, shop):
    bill = factories.make_order(shop, [(factories.make_product(shop, stock=9), 1)])
    assert bill.round_off == D("0.50")
    answer = owner.post(page(bill, "return_sums"), posted(bill), headers=HTMX).content.decode()
    assert 'value="-53.00"' in answer


def test_an_exchange_on_one_page_says_and_takes_the_difference(owner, shop, bill):
    ghee = factories.make_product(shop, "Ghee", price="80", mrp="85", stock=3)
    form = posted(bill, balance="", tendered="100", **new_goods(ghee))
    sums = owner.post(page(bill, "return_sums"), form, headers=HTMX).content.decode()
    assert "Customer pays" in sums
    assert "₹\u00a027.50" in sums
    assert "Change" in sums
    assert "₹\u00a072.50" in sums
    owner.post(page(bill), form | {"balance": "27.50"})
    note = CreditNote.objects.get()
    assert [(p.method, p.amount) for p in note.exchange.payments.order_by("id")] == [("credit", D("52.50")), ("cash", D("27.50"))]
    content = owner.get(note.get_absolute_url()).content.decode()
    assert note.exchange.bill_number in content
    assert note.number in owner.get(note.exchange.get_absolute_url()).content.decode()


@pytest.mark.parametrize("gift", [{"line-rate": "1"}, {"line-off": "50%"}])
def test_an_exchange_gives_nothing_away_by_hand_past_the_cashiers_limits(client, shop, bill, gift):
    """The page has no field for it; a form made by hand gets no further than the counter would let it."""
    ghee = factories.make_product(shop, "Ghee", price="80", mrp="85", stock=3)
    change_limits(shop=shop, role=Role.STAFF, by=shop.owner, limits=Limits(discount_percent=D(5), may_take_back=True))
    client.force_login(factories.make_member(shop, Role.STAFF))
    total = {"1": "-51.50", "50%": "-12.50"}[next(iter(gift.values()))]
    answer = client.post(page(bill), posted(bill, balance=total, **{**new_goods(ghee), "line-rate": "", "line-off": ""} | gift))
    assert answer.status_code == 422
    assert "approval" in answer.content.decode()
    assert not CreditNote.objects.exists()
    assert shop.orders.count() == 1


def test_without_sums_on_the_page_nothing_is_taken_back(owner, bill):
    answer = owner.post(page(bill), posted(bill, balance=""))
    assert answer.status_code == 422
    assert "Look over what it comes to" in answer.content.decode()
    assert 'value="-52.50"' in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"back-1": ""}, "Choose what comes back"),
        ({"back-1": "5", "balance": "-1"}, "Only 4 pc of Soap can still come back."),
        ({"back-1": "x"}, "give how much comes back"),
        ({"balance": "-50"}, "It comes to -₹ 52.50 now, not -₹ 50.00"),
        ({"how": "goat"}, "Choose how it is paid or given back."),
        ({"where-1": "moon"}, "Say where Soap goes"),
        ({"how": "khata", "balance": "0"}, "type the customer&#x27;s phone number first"),
        ({"how": "khata", "balance": "0", "phone": "12"}, "phone"),
    ],
)
def test_what_is_wrong_has_a_sentence_and_stays_typed(owner, bill, fields, sentence):
    answer = owner.post(page(bill), posted(bill, **fields), headers=HTMX)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not CreditNote.objects.exists()


def test_credit_is_kept_for_a_customer_written_down_by_phone(owner, bill):
    owner.post(page(bill), posted(bill, how="khata", phone="98200 12345", balance="0.00"))
    asha = Customer.objects.get()
    assert (asha.short_phone, asha.outstanding) == ("9820012345", D("-52.50"))


def test_what_is_owed_for_the_bill_is_shown_and_goes_down_first(owner, shop, soap):
    asha = factories.make_customer(shop)
    bill = factories.make_order(shop, [(soap, 4)], customer=asha, payments=[Tender("khata", None)])
    sums = owner.post(page(bill, "return_sums"), posted(bill), headers=HTMX).content.decode()
    assert "Goes to the khata" in sums
    assert "₹\u00a0210.00 of this bill is still owed." in sums
    stays = owner.post(page(bill, "return_sums"), posted(bill, **{"khata-stays": "on"}), headers=HTMX).content.decode()
    assert "Only ₹\u00a00.00 was paid in money for this bill." in stays


def test_a_claim_nobody_has_seen_is_warned_of(owner, shop, soap):
    bill = factories.make_order(shop, [(soap, 4)], payments=[Tender("upi", None)])
    sums = owner.post(page(bill, "return_sums"), posted(bill), headers=HTMX).content.decode()
    assert "nobody has seen it in the bank yet" in sums


# --- rights -------------------------------------------------------------------------------------------------------
def test_staff_need_the_pin_of_somebody_who_may(client, shop, bill):
    manager = factories.make_seller(shop, Role.MANAGER, "Mohan")
    client.force_login(factories.make_member(shop, Role.STAFF))
    assert "Who approves?" in client.get(page(bill)).content.decode()
    form = posted(bill)
    refused = client.post(page(bill), form)
    assert "needs approval" in refused.content.decode()
    hidden = dict(re.findall(r'name="(ask-[a-z]+|approval)" value="([^"]*)"', refused.content.decode()))
    assert hidden["ask-worth"] == "52.50"
    wrong = client.post(page(bill), form | hidden | {"who": manager.pk, "pin": "1111"})
    assert wrong.status_code == 422
    client.post(page(bill), form | hidden | {"who": manager.pk, "pin": factories.PIN})
    note = CreditNote.objects.get()
    approval = shop.approvals.get()
    assert (approval.take_back, approval.approved_by, approval.request_key) == (D("52.50"), manager, note.request_key)


def test_a_shop_may_let_its_staff_take_back(client, shop, bill):
    staff = factories.make_member(shop, Role.STAFF)
    shop.counter_limits.create(
        role="staff", discount_percent=5, may_change_rate=False, may_pass_khata_limit=False, may_cancel_open_bill=True, may_take_back=True,
        changed_by=shop.owner,
    )  # fmt: skip
    client.force_login(staff)
    assert "Who approves?" not in client.get(page(bill)).content.decode()
    assert client.post(page(bill), posted(bill)).status_code == 302


def test_an_accountant_takes_nothing_back(client, shop, bill):
    client.force_login(factories.make_member(shop, Role.ACCOUNTANT))
    assert client.get(page(bill)).status_code == 403
    assert client.post(page(bill), posted(bill)).status_code == 403


def test_a_stranger_gets_404(client, bill):
    client.force_login(factories.make_shop("Other").owner)
    for name in ("bill_return", "return_find"):
        assert client.get(page(bill, name)).status_code == 404


# --- new goods ----------------------------------------------------------------------------------------------------
def test_a_scan_answers_the_row_of_new_goods(owner, bill):
    answer = owner.get(page(bill, "return_find"), {"q": "8901234567890", "go": "1"}, headers=HTMX)
    assert answer.headers["HX-Retarget"] == "#new-rows"
    assert 'name="line-quantity" value="1"' in answer.content.decode()


def test_a_name_answers_goods_to_choose_from(owner, bill):
    answer = owner.get(page(bill, "return_find"), {"q": "soa", "go": "1"}, headers=HTMX).content.decode()
    assert "Soap" in answer
    assert "?product=" in answer


def test_a_code_nobody_has_is_told(owner, bill):
    answer = owner.get(page(bill, "return_find"), {"q": "4006381333931", "go": "1"}, headers=HTMX).content.decode()
    assert "Not in list" in answer


def test_goods_with_two_mrps_are_asked_for(owner, shop, soap, bill):
    factories.stock_up(soap, 5, mrp=D(60), price=D(58))
    answer = owner.get(page(bill, "return_find"), {"q": "8901234567890"}, headers=HTMX).content.decode()
    assert "Which MRP is on the packet?" in answer
    chosen = owner.get(page(bill, "return_find"), {"product": soap.pk, "mrp": "60.00"}, headers=HTMX)
    assert 'name="line-mrp" value="60.00"' in chosen.content.decode()


def test_a_cancelled_bill_says_so(owner, shop, soap):
    bill = factories.make_order(shop, [(soap, 1)])
    cancel_order(shop=shop, bill_number=bill.bill_number, by=shop.owner, reason="wrong")
    assert "everything went back already" in owner.get(page(bill)).content.decode()


def test_query_count_is_flat_in_the_number_of_lines(owner, shop, soap, django_assert_max_num_queries):
    others = [factories.make_product(shop, f"Soap {n}", stock=5) for n in range(8)]
    bill = factories.make_order(shop, [(one, 1) for one in others])
    with django_assert_max_num_queries(16):
        owner.get(page(bill))


# --- notes --------------------------------------------------------------------------------------------------------
def test_the_list_finds_by_bill_and_by_where_it_went(owner, shop, bill):
    owner.post(page(bill), posted(bill, **{"where-1": "damaged"}))
    note = CreditNote.objects.get()
    listing = reverse("orders:credit_notes", args=[shop.slug])
    for query in ({}, {"q": bill.bill_number}, {"q": note.number}, {"went": "damaged"}):
        assert note.number in owner.get(listing, query).content.decode()
    for query in ({"q": "zzz"}, {"went": "supplier"}, {"start": "2020-01-01", "end": "2020-01-02"}):
        assert note.number not in owner.get(listing, query).content.decode()
    assert owner.get(listing, {"start": "2020-01-02", "end": "2020-01-01"}).status_code == 422


def test_the_list_asks_the_same_for_one_note_and_for_many(owner, shop, soap):
    listing = reverse("orders:credit_notes", args=[shop.slug])
    counts = []
    for _ in range(2):
        bill = factories.make_order(shop, [(soap, 3)])
        for _ in range(len(counts) * 2 + 1):
            owner.post(page(bill), posted(bill))
        with CaptureQueriesContext(connection) as asked:
            owner.get(listing)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_export_has_a_line_for_each_note(owner, shop, bill):
    owner.post(page(bill), posted(bill, reason="=1+1"))
    lines = b"".join(owner.get(reverse("orders:credit_notes_csv", args=[shop.slug])).streaming_content).decode().splitlines()
    assert lines[0].startswith("\ufeffCredit note,Date,Kind,Bill")
    assert bill.bill_number in lines[1]
    assert "'=1+1" in lines[1]


def test_the_papers_name_the_bill_and_the_taxes(owner, shop, bill):
    owner.post(page(bill), posted(bill))
    note = CreditNote.objects.get()
    for name in ("credit_note_roll", "credit_note_pdf", "credit_note_bin"):
        assert owner.get(reverse(f"orders:{name}", args=[shop.slug, note.slug])).status_code == 200
    paper = owner.get(reverse("orders:credit_note_roll", args=[shop.slug, note.slug])).content.decode()
    assert "Credit Note" in paper
    assert f"Against bill {bill.bill_number}" in paper
    assert "1.25" in paper


def test_goods_for_the_supplier_offer_the_purchase_they_came_with(owner, shop):
    ghee = factories.make_product(shop, "Ghee", price="80", mrp="85")
    receipt = buy(make_supplier(shop, "Gupta Agencies"), received(ghee, 5, D(40)))
    bill = factories.make_order(shop, [(ghee, 2)])
    owner.post(page(bill), posted(bill, balance="-80.00", **{"where-1": "supplier"}))
    content = owner.get(CreditNote.objects.get().get_absolute_url()).content.decode()
    assert "Send back to Gupta Agencies" in content
    assert reverse("inventory:purchase_return", args=[shop.slug, receipt.pk]) in content


def test_the_bill_shows_its_returns_and_is_not_cancelled_any_more(owner, bill):
    owner.post(page(bill), posted(bill))
    content = owner.get(bill.get_absolute_url()).content.decode()
    assert CreditNote.objects.get().number in content
    assert "Goods for ₹\u00a0157.50 may still come back." in content
    assert "Cancel this bill" not in content
