"""Goods that were on the shelf before the books began: one by one, several at once, or as a pasted list."""

from datetime import date, timedelta
from decimal import Decimal
from threading import Thread
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.urls import reverse

from inventory.errors import StockError
from inventory.models import StockDocument, StockLot
from inventory.opening_file import read_openings
from inventory.services import Opening, enter_opening_stock
from shops.models import Shop
from smartkirana.dates import shop_today
from tests import factories

D = Decimal
HTMX = {"HX-Request": "true"}


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, sku="SOAP1", barcodes=[("8901234567890", D(1))])


def enter(product, quantity="10", cost="40", shop=None, **more):
    opening = Opening(product, D(quantity), D(cost), **more)
    shop = shop or product.shop
    return enter_opening_stock(shop=shop, by=shop.owner, openings=[opening])


# --- the act --------------------------------------------------------------------------------------------------
def test_a_lot_keeps_all_that_was_entered(soap):
    enter(soap, "10", "41.33335", mrp=D("52.50"), price=D("50"), batch=" B7 ", expiry=date(2027, 1, 31), credit_rate=D(5))
    lot = soap.lots.get()
    assert (lot.on_hand, lot.unit_cost, lot.value, lot.mrp, lot.price) == (10, D("41.3334"), D("413.33"), D("52.50"), D("50.00"))
    assert (lot.batch, lot.expiry, lot.credit_rate) == ("B7", date(2027, 1, 31), D("5.00"))


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"quantity": "0"}, "bad_quantity"),
        ({"quantity": "-1"}, "bad_quantity"),
        ({"quantity": "1.5"}, "bad_quantity"),
        ({"quantity": "NaN"}, "bad_quantity"),
        ({"quantity": "Infinity"}, "bad_quantity"),
        ({"quantity": "1e999"}, "bad_quantity"),
        ({"cost": "-1"}, "bad_cost"),
        ({"cost": "NaN"}, "bad_cost"),
        ({"cost": "1e999"}, "bad_cost"),
        ({"quantity": "99999999", "cost": "9999999"}, "too_much"),
        ({"mrp": D(0)}, "bad_mrp"),
        ({"mrp": D("1.001")}, "bad_mrp"),
        ({"mrp": D("NaN")}, "bad_mrp"),
        ({"mrp": D("1e30")}, "bad_mrp"),
        ({"mrp": D(50), "price": D(51)}, "above_mrp"),
        ({"price": D(0)}, "bad_price"),
        ({"batch": "x" * 41}, "bad_batch"),
    ],
    ids=str,
)
def test_what_no_shop_has_is_refused(soap, asked, code):
    with pytest.raises(StockError) as refused:
        enter(soap, **asked)
    assert refused.value.code == code
    assert not StockDocument.objects.exists()


def test_a_quantity_has_the_units_decimals(shop):
    dal = factories.make_product(shop, "Dal", unit="kg", price="100", mrp=None)
    enter(dal, "1.125")
    with pytest.raises(StockError, match="at most 3 decimals"):
        enter(dal, "1.1255")


def test_another_shops_product_is_refused(shop, other_shop):
    with pytest.raises(StockError) as refused:
        enter(factories.make_product(other_shop), shop=shop)
    assert refused.value.code == "unknown_product"


@pytest.mark.parametrize("scheme", [Shop.Scheme.COMPOSITION, Shop.Scheme.UNREGISTERED])
def test_only_a_regular_shop_has_credit(db, scheme):
    soap = factories.make_product(factories.make_shop(scheme=scheme))
    with pytest.raises(StockError) as refused:
        enter(soap, credit_rate=D(5))
    assert refused.value.code == "no_credit"


def test_one_bad_row_enters_nothing(soap):
    good, bad = Opening(soap, D(1), D(40)), Opening(soap, D(-1), D(40))
    with pytest.raises(StockError):
        enter_opening_stock(shop=soap.shop, by=soap.shop.owner, openings=[good, bad])
    assert not StockLot.objects.exists()


def test_nothing_to_enter_is_refused(shop):
    with pytest.raises(StockError) as refused:
        enter_opening_stock(shop=shop, by=shop.owner, openings=[])
    assert refused.value.code == "empty"


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_once_enters_once():
    shop = factories.make_shop()
    soap, key, answers = factories.make_product(shop), uuid4(), []

    def press():
        answers.append(enter_opening_stock(shop=shop, by=shop.owner, openings=[Opening(soap, D(3), D(40))], request_key=key).pk)
        connections.close_all()

    threads = [Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert len(set(answers)) == 1
    assert soap.lots.get().on_hand == 3


# --- the page -------------------------------------------------------------------------------------------------
@pytest.fixture
def signed_in(client, shop):
    client.force_login(shop.owner)
    return client


@pytest.fixture
def page(shop):
    return reverse("inventory:opening", args=[shop.slug])


def row(product, key="0a1b2c3d", **fields):
    """What the browser sends for one row."""
    sent = {"quantity": "10", "unit_cost": "40", "mrp": "52.50", "batch": "", "expiry": "", **fields}
    return {"row": [f"{key}-{product.pk}"], **{f"{key}-{name}": value for name, value in sent.items()}}


def rows(*sent):
    both = {key: value for one in sent for key, value in one.items()}
    return both | {"row": [key for one in sent for key in one["row"]]}


def test_a_row_is_entered(signed_in, page, soap):
    answer = signed_in.post(page, row(soap, batch="B7", expiry="2027-01-31"), follow=True)
    assert "Entered: 1 lot, worth ₹\xa0400.00 at cost." in answer.content.decode()
    lot = soap.lots.get()
    assert (lot.on_hand, lot.batch, lot.expiry, lot.credit_rate) == (10, "B7", date(2027, 1, 31), 0)


def test_several_rows_are_entered_at_once_two_of_one_product(signed_in, page, shop, soap):
    rice = factories.make_product(shop, "Rice", unit="kg", mrp=None)
    signed_in.post(page, rows(row(soap), row(soap, "11111111", quantity="4", batch="B8"), row(rice, "22222222", quantity="7.5", mrp="")))
    assert sorted(shop.lots.values_list("on_hand", flat=True)) == [4, D("7.5"), 10]
    assert StockDocument.objects.count() == 1


def test_the_tick_takes_the_rate_of_the_day(signed_in, page, soap):
    signed_in.post(page, row(soap, credit="on"))
    assert soap.lots.get().credit_rate == 5


def test_an_unregistered_shop_is_not_asked_for_credit(db, client):
    shop = factories.make_shop(scheme=Shop.Scheme.UNREGISTERED)
    soap = factories.make_product(shop)
    client.force_login(shop.owner)
    address = reverse("inventory:opening", args=[shop.slug])
    assert "input GST credit" not in client.get(f"{address}?product={soap.pk}").content.decode()
    client.post(address, row(soap, credit="on"))
    assert soap.lots.get().credit_rate == 0


def test_pressing_twice_enters_once(signed_in, page, soap):
    key = signed_in.get(page).context["request_key"]
    for _ in range(2):
        signed_in.post(page, row(soap) | {"request_key": key})
    assert soap.lots.get().on_hand == 10


def test_one_wrong_row_enters_nothing_and_keeps_what_was_typed(signed_in, page, soap):
    answer = signed_in.post(page, rows(row(soap, quantity="6", batch="KEEP"), row(soap, "11111111", quantity="1.5")), headers=HTMX)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert shown.strip().startswith('<form id="opening-form"')
    assert 'value="KEEP"' in shown
    assert "whole numbers only" in shown
    assert not StockLot.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"quantity": ""},
        {"quantity": "-1"},
        {"quantity": "NaN"},
        {"quantity": "Infinity"},
        {"quantity": "1e999"},
        {"quantity": "1.0001"},
        {"quantity": "99999999", "unit_cost": "9999999"},
        {"unit_cost": ""},
        {"unit_cost": "-1"},
        {"unit_cost": "1.00001"},
        {"mrp": "0"},
        {"mrp": "1e999"},
        {"mrp": "1.001"},
        {"batch": "x" * 41},
        {"batch": "a\x00b"},
        {"expiry": "2026-02-30"},
        {"expiry": "0001-01-01"},
        {"expiry": "9999-12-31"},
        {"expiry": "soon"},
    ],
    ids=str,
)
def test_bad_input_is_a_sentence_and_nothing_is_written(signed_in, page, soap, fields):
    answer = signed_in.post(page, row(soap, **fields))
    assert answer.status_code == 422
    assert 'class="bad"' in answer.content.decode() or "note bad" in answer.content.decode()
    assert not StockDocument.objects.exists()


@pytest.mark.parametrize(
    "sent", [{}, {"row": "x"}, {"row": "0a1b2c3d-999999999999"}, {"row": "0a1b2c3d-" + "9" * 18}, {"row": "<b>-1"}], ids=str
)
def test_rows_that_are_no_rows_are_refused(signed_in, page, sent):
    assert signed_in.post(page, sent).status_code == 422


def test_another_shops_product_in_a_row_is_refused(signed_in, page, soap, other_shop):
    theirs = factories.make_product(other_shop)
    answer = signed_in.post(page, rows(row(soap), row(theirs, "11111111")))
    assert answer.status_code == 422
    assert not StockLot.objects.exists()


def test_finding_works_without_javascript(signed_in, page, soap):
    assert f"?product={soap.pk}" in signed_in.get(f"{page}?q=soa").content.decode()
    assert f"-{soap.pk}" in signed_in.get(f"{page}?product={soap.pk}").content.decode()


@pytest.mark.parametrize("code", ["SOAP1", "soap1", "8901234567890"])
def test_a_code_adds_its_row_at_once(signed_in, shop, soap, code):
    answer = signed_in.get(reverse("inventory:opening_find", args=[shop.slug]), {"q": code, "go": "1"}, headers=HTMX)
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#rows", "beforeend")
    assert f"-{soap.pk}" in answer.content.decode()


def test_words_give_goods_to_choose_from(signed_in, shop, soap, other_shop):
    factories.make_product(other_shop, "Soap of theirs")
    find = reverse("inventory:opening_find", args=[shop.slug])
    shown = signed_in.get(find, {"q": "soa", "go": "1"}, headers=HTMX).content.decode()
    assert f"product={soap.pk}" in shown
    assert "theirs" not in shown
    assert f"-{soap.pk}" in signed_in.get(find, {"product": soap.pk}, headers=HTMX).content.decode()


def test_another_shops_product_cannot_be_chosen(signed_in, shop, page, other_shop):
    theirs = factories.make_product(other_shop)
    assert signed_in.get(f"{page}?product={theirs.pk}").status_code == 404
    assert signed_in.get(reverse("inventory:opening_find", args=[shop.slug]), {"product": theirs.pk}).status_code == 404


# --- the pasted list ------------------------------------------------------------------------------------------
@pytest.fixture
def paste(shop):
    return reverse("inventory:opening_paste", args=[shop.slug])


def test_pasted_lines_are_entered(signed_in, paste, shop, soap):
    rice = factories.make_product(shop, "Rice", sku="R-1", unit="kg", mrp=None)
    text = "8901234567890\t24\t41.50\t52.50\tB7\t31/12/2026\n\nr-1\t1,250.5\t\t\t\t\n"
    answer = signed_in.post(paste, {"text": text, "enter": "1", "credit": "on"}, follow=True)
    assert "Entered: 2 lots" in answer.content.decode()
    lot = soap.lots.get()
    assert (lot.on_hand, lot.unit_cost, lot.batch, lot.expiry, lot.credit_rate) == (24, D("41.5"), "B7", date(2026, 12, 31), 5)
    assert (rice.lots.get().on_hand, rice.lots.get().unit_cost) == (D("1250.5"), 40)


def test_checking_writes_nothing_and_says_what_it_is_worth(signed_in, paste, soap):
    answer = signed_in.post(paste, {"text": "SOAP1, 24, 40", "check": "1"}, headers=HTMX)
    assert answer.status_code == 200
    assert "worth ₹\xa0960.00" in answer.content.decode()
    assert not StockLot.objects.exists()


def test_every_bad_line_is_told_and_nothing_entered(signed_in, paste, soap):
    text = "SKU,Qty,Best before\nSOAP1,5,\nNOPE,1,\n,1,\nSOAP1,x,\nSOAP1,,\nSOAP1,-1,\nSOAP1,1,30/02/2026\nSOAP1,1.5,\n"
    answer = signed_in.post(paste, {"text": text, "enter": "1"})
    assert answer.status_code == 422
    assert [line.number for line in answer.context["bad"]] == [3, 4, 5, 6, 7, 8, 9]
    assert "7 lines are wrong. Nothing was entered." in answer.content.decode()
    assert not StockLot.objects.exists()


def test_a_file_is_read_and_kept_for_entering(signed_in, paste, soap):
    file = SimpleUploadedFile("stock.csv", "\ufeffBarcode;Quantity\n8901234567890;7\n".encode())
    shown = signed_in.post(paste, {"file": file, "check": "1"})
    assert shown.context["good"] == 1
    signed_in.post(paste, {"text": shown.context["text"], "enter": "1"})
    assert soap.lots.get().on_hand == 7


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\x00\x00", b"PK\x03\x04\xff\xfe", b"\xff\xfe\x00", b"a\x00b,1\n"], ids=repr)
def test_a_file_that_is_no_text_is_refused_in_words(signed_in, paste, content):
    answer = signed_in.post(paste, {"file": SimpleUploadedFile("x.csv", content), "enter": "1"})
    assert answer.status_code == 422
    assert "note bad" in answer.content.decode() or 'class="bad"' in answer.content.decode()


@pytest.mark.parametrize(
    "text", ["", "   \n ", "SKU,Name\nSOAP1,Soap", '"SOAP1,1\n', "x" * 200_000, "SOAP1," + "9" * 5000, "SOAP1,\x00"], ids=lambda t: t[:12]
)
def test_lines_that_cannot_be_are_refused(signed_in, paste, soap, text):
    assert signed_in.post(paste, {"text": text, "enter": "1"}).status_code == 422
    assert not StockLot.objects.exists()


def test_another_shops_code_is_unknown(shop, other_shop):
    factories.make_product(other_shop, sku="THEIRS")
    good, bad = read_openings(shop, "THEIRS,1", credit=False)
    assert not good
    assert bad[0].why == "No product of this shop has this SKU or barcode."


def test_too_many_lines_are_refused(shop):
    with pytest.raises(StockError) as refused:
        read_openings(shop, "A,1\n" * 10_001, credit=False)
    assert refused.value.code == "too_many_lines"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("31/12/2026", date(2026, 12, 31)),
        ("2026-12-31", date(2026, 12, 31)),
        ("1.2.2027", date(2027, 2, 1)),
        ("02/2027", date(2027, 2, 28)),
    ],
)
def test_dates_are_read_as_they_are_printed_on_packets(soap, written, day):
    good, _ = read_openings(soap.shop, f"SOAP1,1,,,,{written}", credit=False)
    assert good[0].expiry == day


@pytest.mark.parametrize(
    "written", ["2026", "13/2026", "0/2027", "12/31/2026", "1/1/1999", "31/12/126", "32/1/2027", "a/b", "²/2027", "1/2/3/4"]
)
def test_dates_that_are_none_are_told(soap, written):
    _, bad = read_openings(soap.shop, f"SOAP1,1,,,,{written}", credit=False)
    assert "is not a date" in bad[0].why


def test_reading_takes_the_same_queries_for_any_number_of_lines(soap, django_assert_num_queries):
    for lines in (1, 300):
        with django_assert_num_queries(2):
            good, _ = read_openings(soap.shop, "SOAP1,1\n" * lines, credit=False)
        assert len(good) == lines


def test_opening_stock_is_of_today_unless_said(soap):
    assert enter(soap).day == shop_today()
    with pytest.raises(StockError) as refused:
        enter_opening_stock(shop=soap.shop, by=soap.shop.owner, openings=[Opening(soap, D(1), D(1))], day=shop_today() + timedelta(days=1))
    assert refused.value.code == "bad_day"
