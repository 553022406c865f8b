"""Pages of purchase orders: the list, writing one, one order, sending and ending it, its paper, receiving its goods."""

import shutil
import subprocess
from decimal import Decimal as D
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from inventory.models import PurchaseOrder
from inventory.ordering import OrderedLine, cancel_order, close_order, save_order, send_order
from tests import factories
from tests.inventory.buying import GSTIN, buy, make_supplier, received

HTMX = {"HX-Request": "true"}
KEY = "6f1c0f4e-7f0e-4a57-9a3e-6c2f0a4be002"
FIRST, SECOND = "0a1b2c3d", "11111111"


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, "Soap", sku="SOAP1", barcodes=[("8901234567890", 1), ("18901234567897", 12)])


@pytest.fixture
def supplier(shop):
    return make_supplier(shop, "Gupta Agencies", phone="9822011223")


@pytest.fixture
def signed_in(client, shop):
    client.force_login(shop.owner)
    return client


@pytest.fixture
def draft(shop, supplier, soap):
    return ordered(supplier, soap)


def ordered(supplier, soap, packs=2, **more):
    lines = [OrderedLine(soap, D(packs), D(12), D("480"))]
    return save_order(shop=supplier.shop, by=factories.owner_of(supplier.shop), supplier=supplier, lines=lines, **more)


def url(shop, name, *args):
    return reverse(f"inventory:{name}", args=[shop.slug, *args])


def form(product, key=FIRST, **fields):
    """What the browser sends for a form with one line."""
    line = {name: fields.pop(name, usual) for name, usual in {"packs": "2", "pack_size": "12", "cost": "480"}.items()}
    return {"request_key": KEY, "row": [f"{key}-{product.pk}"], **{f"{key}-{name}": value for name, value in line.items()}, **fields}


# --- writing --------------------------------------------------------------------------------------------------
def test_an_order_is_written_once_and_its_page_shown(signed_in, shop, supplier, soap):
    sent = form(soap, supplier=supplier.pk, expected="2030-01-31", note="Before eleven")
    page = signed_in.post(url(shop, "new_order"), sent, follow=True).content.decode()
    again = signed_in.post(url(shop, "new_order"), sent)
    order = PurchaseOrder.objects.get()
    assert again.status_code == 302
    for told in (order.number, "Gupta Agencies", "24 pc", "2 × 12", "480.00", "960.00", "31 Jan 2030", "Before eleven", "Draft"):
        assert told in page


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"packs": "0"}, "above zero"),
        ({"packs": ""}, "How many packs?"),
        ({"packs": "abc"}, "Write a number."),
        ({"packs": "0.5", "pack_size": "1"}, "whole numbers only"),
        ({"cost": "-1"}, "not below zero"),
        ({"supplier": ""}, "Choose the supplier."),
        ({"supplier": "999999"}, "Choose a supplier of this shop."),
        ({"expected": "1999-01-01"}, "between 2000 and 2099"),
        ({"row": ["0a1b2c3d-999999"]}, "not in this shop"),
        ({"row": []}, "Enter at least one product"),
    ],
)
def test_a_bad_order_gets_a_sentence_and_keeps_what_was_typed(signed_in, shop, supplier, soap, change, told):
    answer = signed_in.post(url(shop, "new_order"), form(soap, **{"supplier": supplier.pk, "note": "kept words"} | change), headers=HTMX)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "kept words" in answer.content.decode()
    assert not PurchaseOrder.objects.exists()


def test_a_draft_is_changed_and_a_stale_form_is_told(signed_in, shop, draft, soap):
    page = signed_in.get(url(shop, "change_order", draft.pk)).content.decode()
    assert 'name="seen" value="0"' in page
    assert signed_in.post(url(shop, "change_order", draft.pk), form(soap, packs="5", seen="0")).status_code == 302
    assert draft.lines.get().quantity == 60
    stale = signed_in.post(url(shop, "change_order", draft.pk), form(soap, packs="7", seen="0"))
    assert stale.status_code == 422
    assert "Somebody changed order" in stale.content.decode()
    assert draft.lines.get().quantity == 60


def test_a_sent_order_cannot_be_opened_for_change(signed_in, shop, draft):
    send_order(order=draft)
    assert signed_in.get(url(shop, "change_order", draft.pk)).url == url(shop, "purchase_order", draft.pk)


def test_goods_found_come_as_they_came_last_and_a_second_scan_is_one_pack_more(signed_in, shop, supplier, soap):
    buy(supplier, received(soap, 1, 480, pack_size=D(24)))
    line = signed_in.post(url(shop, "order_find"), {"q": "8901234567890", "go": "1"}, headers=HTMX)
    assert line["HX-Retarget"] == "#lines"
    assert 'value="24"' in line.content.decode()
    assert 'value="480"' in line.content.decode()
    again = signed_in.post(url(shop, "order_find"), form(soap) | {"q": "8901234567890", "go": "1"}, headers=HTMX)
    assert again.status_code == 204
    assert '"packs": "3"' in again["HX-Trigger"]


def test_a_cartons_code_asks_for_a_carton(signed_in, shop, soap):
    line = signed_in.post(url(shop, "order_find"), {"q": "18901234567897", "go": "1"}, headers=HTMX)
    assert 'value="12"' in line.content.decode()


def test_sums_are_worked_out_while_one_writes(signed_in, shop, soap):
    answer = signed_in.post(url(shop, "order_sums"), form(soap, packs="3"), headers=HTMX).content.decode()
    assert "1,440.00" in answer
    assert "36 pc" in answer
    assert "missing" in signed_in.post(url(shop, "order_sums"), form(soap, packs=""), headers=HTMX).content.decode()


def test_an_order_is_copied_into_a_new_form(signed_in, shop, draft):
    page = signed_in.get(url(shop, "new_order"), {"copy": draft.pk}).content.decode()
    assert "Soap" in page
    assert 'value="480"' in page
    assert f'<option value="{draft.supplier_id}" selected' in page
    assert PurchaseOrder.objects.count() == 1


# --- its way --------------------------------------------------------------------------------------------------
def test_an_order_is_sent_closed_and_cancelled_from_its_page(signed_in, shop, supplier, draft, soap):
    assert "is marked as sent" in signed_in.post(url(shop, "send_order", draft.pk), follow=True).content.decode()
    refused = signed_in.post(url(shop, "close_order", draft.pk), {"reason": ""})
    assert refused.status_code == 422
    assert "Say why nothing more will come." in refused.content.decode()
    assert (
        "Not made any more"
        in signed_in.post(url(shop, "close_order", draft.pk), {"reason": "Not made any more"}, follow=True).content.decode()
    )
    other = ordered(supplier, soap)
    assert "is cancelled" in signed_in.post(url(shop, "cancel_order", other.pk), follow=True).content.decode()
    assert "is cancelled" in signed_in.post(url(shop, "send_order", other.pk)).content.decode().lower()


def test_the_page_offers_only_what_may_be_done(signed_in, shop, supplier, draft, soap):
    acts = {"Mark as sent", "Receive these goods", "Close the order", "Cancel it", "WhatsApp"}

    def offered(order):
        page = signed_in.get(url(shop, "purchase_order", order.pk)).content.decode()
        return {act for act in acts if act in page}

    assert offered(draft) == acts - {"Receive these goods"}
    send_order(order=draft)
    assert offered(draft) == acts - {"Mark as sent"}
    buy(supplier, received(soap, 12, 40), order=draft)
    assert offered(draft) == {"Receive these goods", "Close the order", "WhatsApp"}
    close_order(order=draft, reason="enough")
    assert offered(draft) == set()
    assert offered(cancel_order(order=ordered(supplier, soap))) == set()


# --- receiving ------------------------------------------------------------------------------------------------
def test_the_purchase_form_opens_with_what_is_missing_and_counts_it(signed_in, shop, supplier, draft, soap):
    send_order(order=draft)
    buy(supplier, received(soap, 5, 40), order=draft)
    page = signed_in.get(url(shop, "new_purchase"), {"order": draft.pk}).content.decode()
    assert f'name="order" value="{draft.pk}"' in page
    assert f"These goods come on order {draft.number}" in page
    assert 'value="19"' in page  # 24 ordered, 5 came: no whole packs, so by the piece
    today = draft.at.date().isoformat()
    head = {"supplier": supplier.pk, "number": "GA/9", "date": today, "day": today, "order": draft.pk, "request_key": KEY}
    line = {"row": [f"{FIRST}-{soap.pk}"], **{f"{FIRST}-{k}": v for k, v in {"packs": "20", "pack_size": "1", "price": "40"}.items()}}
    assert signed_in.post(url(shop, "new_purchase"), head | line).status_code == 302
    shown = signed_in.get(url(shop, "purchase_order", draft.pk)).content.decode()
    for told in ("Received", "1 more than ordered", "GA/9"):
        assert told in shown
    assert draft.number in signed_in.get(url(shop, "purchase", shop.goods_receipts.get(bill_number="GA/9").pk)).content.decode()


def test_a_bill_on_an_order_of_somebody_else_or_ended_is_told(signed_in, shop, other_shop, supplier, draft, soap):
    today = draft.at.date().isoformat()
    line = {"row": [f"{FIRST}-{soap.pk}"], **{f"{FIRST}-{k}": v for k, v in {"packs": "20", "pack_size": "1", "price": "40"}.items()}}

    def told(**change):
        head = {"supplier": supplier.pk, "number": "GA/9", "date": today, "day": today, "order": draft.pk, "request_key": KEY} | change
        answer = signed_in.post(url(shop, "new_purchase"), head | line)
        assert answer.status_code == 422
        return answer.content.decode()

    assert "waits for no goods" in told()
    send_order(order=draft)
    assert "is not with Patel Oils" in told(supplier=make_supplier(shop, "Patel Oils").pk)
    theirs = ordered(make_supplier(other_shop), factories.make_product(other_shop))
    assert "out of date" in told(order=theirs.pk)
    assert "out of date" in told(order="x'--")
    assert not shop.goods_receipts.exists()


# --- its paper ------------------------------------------------------------------------------------------------
def test_the_pdf_says_who_wants_what_of_whom_and_no_price(signed_in, shop, draft):
    answer = signed_in.get(url(shop, "order_pdf", draft.pk))
    assert answer["Content-Type"] == "application/pdf"
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=answer.content, capture_output=True, check=True).stdout.decode()
    for told in ("Purchase order", draft.number, shop.name, "Gupta Agencies", GSTIN, "9822011223", "Soap", "24 pc", "DRAFT"):
        assert told in text
    assert "480" not in text


def test_whatsapp_opens_with_the_goods_written(signed_in, shop, draft):
    page = signed_in.get(url(shop, "purchase_order", draft.pk)).context
    link = urlsplit(page["whatsapp"])
    assert (link.netloc, link.path) == ("wa.me", "/919822011223")
    text = parse_qs(link.query)["text"][0]
    assert f"Order {draft.number} from {shop.name}" in text
    assert "1. Soap: 2 × 12 pc = 24 pc" in text
    assert "480" not in text


# --- the list -------------------------------------------------------------------------------------------------
def test_the_list_is_narrowed_by_status_supplier_and_words(signed_in, shop, supplier, draft, soap):
    other = send_order(order=ordered(make_supplier(shop, "Patel Oils"), soap))

    def numbers(**asked):
        return [row.record.number for row in signed_in.get(url(shop, "purchase_orders"), asked).context["table"].rows]

    assert numbers() == [other.number, draft.number]
    assert numbers(status="sent") == [other.number]
    assert numbers(status="open") == [other.number, draft.number]
    assert numbers(supplier=supplier.pk) == [draft.number]
    assert numbers(q="patel") == [other.number]
    assert signed_in.get(url(shop, "purchase_orders"), {"status": "bad"}, headers=HTMX).status_code == 422
    assert signed_in.get(url(shop, "purchase_orders"), {"page": "9" * 40}).status_code == 200


def test_the_suppliers_page_shows_open_orders(signed_in, shop, supplier, draft, soap):
    gone = cancel_order(order=ordered(supplier, soap))
    page = signed_in.get(url(shop, "supplier", supplier.pk)).content.decode()
    assert draft.number in page
    assert gone.number not in page
    assert f"{url(shop, 'new_order')}?supplier={supplier.pk}" in page


@pytest.mark.parametrize("name", ["purchase_order", "change_order", "send_order", "close_order", "cancel_order", "order_pdf"])
def test_another_shops_order_is_not_found(signed_in, shop, other_shop, name):
    theirs = ordered(make_supplier(other_shop), factories.make_product(other_shop))
    for pk in (theirs.pk, 0, 10**18, 10**30):
        address = url(shop, name, pk)
        answer = signed_in.post(address) if name in ("send_order", "close_order", "cancel_order") else signed_in.get(address)
        assert answer.status_code == 404
    assert PurchaseOrder.objects.get(pk=theirs.pk).status == "draft"
    for asked in ({"copy": theirs.pk}, {"copy": "x"}, {"product": theirs.lines.get().product_id}):
        assert signed_in.get(url(shop, "new_order"), asked).status_code == 404
    assert signed_in.get(url(shop, "new_purchase"), {"order": theirs.pk}).status_code == 404


def test_query_counts_do_not_grow(signed_in, shop, supplier, django_assert_max_num_queries):
    products = [factories.make_product(shop, f"Goods {n}") for n in range(30)]
    lines = [OrderedLine(product, D(1), D(12), D(100)) for product in products]
    orders = [save_order(shop=shop, by=shop.owner, supplier=supplier, lines=lines) for _ in range(20)]
    send_order(order=orders[0])
    for address, most in [
        (url(shop, "purchase_orders"), 10),
        (url(shop, "purchase_order", orders[0].pk), 10),
        (url(shop, "change_order", orders[1].pk), 11),
        (url(shop, "order_pdf", orders[0].pk), 7),
        (f"{url(shop, 'new_purchase')}?order={orders[0].pk}", 12),
    ]:
        signed_in.get(address)
        with django_assert_max_num_queries(most):
            assert signed_in.get(address).status_code == 200
