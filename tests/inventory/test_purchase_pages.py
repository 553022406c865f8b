"""Pages of suppliers' bills: entering one, its sums while it is written, one bill, sending goods back, the list."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.urls import reverse

from inventory.models import GoodsReceipt, PurchaseReturn
from inventory.suppliers import set_supplier_active
from shops.models import Role
from smartkirana.dates import shop_today
from tests import factories
from tests.inventory.buying import OTHER_STATE, buy, make_supplier, received

HTMX = {"HX-Request": "true"}
KEY = "6f1c0f4e-7f0e-4a57-9a3e-6c2f0a4be001"
FIRST, SECOND = "0a1b2c3d", "11111111"


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, "Soap", sku="SOAP1", barcodes=[("8901234567890", 1), ("18901234567897", 12)])


@pytest.fixture
def supplier(shop):
    return make_supplier(shop, "Gupta Agencies")


@pytest.fixture
def signed_in(client, shop):
    client.force_login(shop.owner)
    return client


def url(shop, name, *args):
    return reverse(f"inventory:{name}", args=[shop.slug, *args])


def head(supplier, **fields):
    today = shop_today().isoformat()
    return {"supplier": supplier.pk, "number": "GA/101", "date": today, "day": today, "request_key": KEY, **fields}


def line(product, key=FIRST, **fields):
    """What the browser sends for one line."""
    sent = {"packs": "2", "pack_size": "12", "price": "480", "gst_rate": "5", **fields}
    return {"row": [f"{key}-{product.pk}"], **{f"{key}-{name}": value for name, value in sent.items()}}


def lines(*sent):
    return {name: value for one in sent for name, value in one.items()} | {"row": [key for one in sent for key in one["row"]]}


# --- entering -------------------------------------------------------------------------------------------------
def test_bill_is_entered_and_its_page_shown(signed_in, shop, supplier, soap):
    sent = head(supplier, charges="40") | line(soap, batch="B7", free="1", discount="10%", mrp="60", sell_at="55")
    answer = signed_in.post(url(shop, "new_purchase"), sent, follow=True)
    receipt = shop.goods_receipts.get()
    assert answer.redirect_chain[-1][0] == url(shop, "purchase", receipt.pk)
    assert "Bill GA/101 of Gupta Agencies is entered: ₹\xa0949.20." in answer.content.decode()
    assert (receipt.taxable, receipt.total) == (D("904.00"), D("949.20"))
    lot = soap.lots.get()
    assert (lot.on_hand, lot.batch, lot.unit_cost, lot.value) == (25, "B7", D("36.1600"), D("904.00"))
    soap.refresh_from_db()
    assert (soap.price, soap.mrp, soap.cost) == (55, 60, D("36.16"))


def test_pressing_save_twice_enters_once(signed_in, shop, supplier, soap):
    for _ in range(2):
        assert signed_in.post(url(shop, "new_purchase"), head(supplier) | line(soap)).status_code == 302
    assert soap.lots.get().on_hand == 24


def test_htmx_is_sent_on_to_the_bill(signed_in, shop, supplier, soap):
    answer = signed_in.post(url(shop, "new_purchase"), head(supplier) | line(soap), headers=HTMX)
    assert answer["HX-Redirect"] == url(shop, "purchase", shop.goods_receipts.get().pk)


def test_two_lines_of_one_product_with_two_batches_make_two_lots(signed_in, shop, supplier, soap):
    sent = lines(line(soap, batch="B1"), line(soap, SECOND, batch="B2", packs="1"))
    signed_in.post(url(shop, "new_purchase"), head(supplier) | sent)
    assert sorted(soap.lots.values_list("batch", "on_hand")) == [("B1", 24), ("B2", 12)]


def test_empty_rate_is_the_goods_own_of_the_bills_day(signed_in, shop, supplier, soap):
    signed_in.post(url(shop, "new_purchase"), head(supplier) | line(soap, gst_rate=""))
    assert shop.goods_receipts.get().lines.get().gst_rate == 5


def test_supplier_of_the_address_is_chosen_and_goods_of_it_stand_there(signed_in, shop, supplier, soap):
    make_supplier(shop, "Another")
    page = signed_in.get(url(shop, "new_purchase"), {"supplier": supplier.pk, "product": soap.pk}).content.decode()
    assert f'<option value="{supplier.pk}" selected>' in page
    assert f"-{soap.pk}" in page
    assert 'value="52.50"' in page  # the MRP it had


def test_supplier_no_longer_bought_from_is_not_offered(signed_in, shop, supplier, soap):
    set_supplier_active(supplier=supplier, active=False)
    page = signed_in.get(url(shop, "new_purchase"))
    assert "Gupta Agencies" not in page.content.decode()
    assert "No supplier is written down yet" in page.content.decode()
    assert signed_in.post(url(shop, "new_purchase"), head(supplier) | line(soap)).status_code == 422


def test_one_wrong_line_enters_nothing_and_keeps_what_was_typed(signed_in, shop, supplier, soap):
    sent = lines(line(soap, batch="KEEP"), line(soap, SECOND, packs="1.5", pack_size="1"))
    answer = signed_in.post(url(shop, "new_purchase"), head(supplier, number="KEEP/1") | sent, headers=HTMX)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert shown.strip().startswith('<form id="purchase-form"')
    assert 'value="KEEP"' in shown
    assert 'value="KEEP/1"' in shown
    assert f'id="id_{SECOND}-packs_error"' in shown
    assert not GoodsReceipt.objects.exists()


@pytest.mark.parametrize(
    ("sent", "box"),
    [
        ({"number": ""}, "number"),
        ({"number": "x" * 33}, "number"),
        ({"date": ""}, "date"),
        ({"date": "2099-01-01"}, "date"),
        ({"date": "0001-01-01"}, "date"),
        ({"day": "2020-01-01"}, "day"),
        ({"discount": "101%"}, "discount"),
        ({"discount": "99999"}, "discount"),
        ({"charges": "-1"}, "charges"),
        ({"other_charges": "1.001"}, "other_charges"),
        ({"cash_discount": "99999"}, "cash_discount"),
        ({"paper_total": "900"}, "paper_total"),
        ({"supplier": ""}, "supplier"),
        ({"supplier": "\x00"}, "supplier"),
        ({"place": "moon"}, "place"),
        ({f"{FIRST}-packs": ""}, f"{FIRST}-packs"),
        ({f"{FIRST}-packs": "NaN"}, f"{FIRST}-packs"),
        ({f"{FIRST}-packs": "0"}, f"{FIRST}-packs"),
        ({f"{FIRST}-pack_size": "-1"}, f"{FIRST}-pack_size"),
        ({f"{FIRST}-free": "1e999"}, f"{FIRST}-free"),
        ({f"{FIRST}-price": "1.00001"}, f"{FIRST}-price"),
        ({f"{FIRST}-price": "9999"}, f"{FIRST}-price"),
        ({f"{FIRST}-discount": "five"}, f"{FIRST}-discount"),
        ({f"{FIRST}-gst_rate": "500"}, f"{FIRST}-gst_rate"),
        ({f"{FIRST}-cess_rate": "-1"}, f"{FIRST}-cess_rate"),
        ({f"{FIRST}-batch": "x" * 41}, f"{FIRST}-batch"),
        ({f"{FIRST}-mrp": "0"}, f"{FIRST}-mrp"),
        ({f"{FIRST}-expiry": "2020-01-01"}, f"{FIRST}-expiry"),
        ({f"{FIRST}-expiry": "9999-12-31"}, f"{FIRST}-expiry"),
        ({f"{FIRST}-sell_at": "99", f"{FIRST}-mrp": "60"}, f"{FIRST}-sell_at"),
        ({f"{FIRST}-sell_at": "99.999"}, f"{FIRST}-sell_at"),
    ],
    ids=str,
)
def test_each_mistake_stands_at_its_box_and_nothing_is_written(signed_in, shop, supplier, soap, sent, box):
    answer = signed_in.post(url(shop, "new_purchase"), head(supplier) | line(soap) | sent)
    assert answer.status_code == 422
    assert f'id="id_{box}_error"' in answer.content.decode()
    assert not GoodsReceipt.objects.exists()


@pytest.mark.parametrize("rows", [{}, {"row": "x"}, {"row": f"{FIRST}-999999999999"}, {"row": f"{FIRST}-" + "9" * 18}], ids=str)
def test_lines_that_are_no_lines_are_refused(signed_in, shop, supplier, rows):
    answer = signed_in.post(url(shop, "new_purchase"), head(supplier) | rows)
    assert answer.status_code == 422
    assert 'class="note bad"' in answer.content.decode()


def test_same_bill_number_of_a_supplier_is_refused_at_the_number(signed_in, shop, supplier, soap):
    buy(supplier, received(soap, 1, 40), number="GA/101")
    answer = signed_in.post(url(shop, "new_purchase"), head(supplier, number="ga/101") | line(soap))
    assert answer.status_code == 422
    assert "is entered already" in answer.content.decode()
    assert 'id="id_number_error"' in answer.content.decode()


def test_goods_and_suppliers_of_another_shop_are_refused(signed_in, shop, supplier, soap, other_shop):
    theirs, their_supplier = factories.make_product(other_shop), make_supplier(other_shop, "Theirs")
    assert signed_in.post(url(shop, "new_purchase"), head(supplier) | lines(line(soap), line(theirs, SECOND))).status_code == 422
    assert signed_in.post(url(shop, "new_purchase"), head(their_supplier) | line(soap)).status_code == 422
    assert not GoodsReceipt.objects.exists()


def test_form_asks_as_often_for_twenty_lines_as_for_one(signed_in, shop, supplier, django_assert_max_num_queries):
    goods = [factories.make_product(shop, f"Soap {n}") for n in range(20)]
    sent = head(supplier, number="") | lines(*(line(one, f"{n:08x}") for n, one in enumerate(goods)))
    with django_assert_max_num_queries(9):
        assert signed_in.post(url(shop, "new_purchase"), sent).status_code == 422


# --- scanning and choosing ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "pack"), [("8901234567890", "1"), ("18901234567897", "12"), ("soap1", "1")], ids=["piece", "carton", "SKU"]
)
def test_code_adds_a_line_with_the_pieces_it_stands_for(signed_in, shop, soap, code, pack):
    answer = signed_in.post(url(shop, "purchase_find"), {"q": code, "go": "1"}, headers=HTMX)
    shown = answer.content.decode()
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#lines", "beforeend")
    assert f"-{soap.pk}" in shown
    assert f'-pack_size" value="{pack}"' in shown
    assert '-gst_rate" value="5"' in shown


def test_same_code_again_adds_a_pack_to_its_line(signed_in, shop, soap):
    sent = line(soap, code="18901234567897", packs="3") | {"q": "18901234567897", "go": "1"}
    answer = signed_in.post(url(shop, "purchase_find"), sent, headers=HTMX)
    assert answer.status_code == 204
    assert answer["HX-Trigger"] == '{"purchase:again": {"key": "' + FIRST + '", "packs": "4"}}'


def test_another_code_of_the_same_goods_makes_a_line_of_its_own(signed_in, shop, soap):
    sent = line(soap, code="18901234567897") | {"q": "8901234567890", "go": "1"}
    assert signed_in.post(url(shop, "purchase_find"), sent, headers=HTMX)["HX-Retarget"] == "#lines"


def test_words_give_goods_to_choose_from(signed_in, shop, soap, other_shop):
    factories.make_product(other_shop, "Soap of theirs")
    shown = signed_in.get(url(shop, "purchase_find"), {"q": "soa"}, headers=HTMX).content.decode()
    assert f'"product": "{soap.pk}"' in shown
    assert "theirs" not in shown
    chosen = signed_in.post(url(shop, "purchase_find"), {"product": soap.pk}, headers=HTMX)
    assert f"-{soap.pk}" in chosen.content.decode()
    assert chosen["HX-Retarget"] == "#lines"


def test_another_shops_goods_cannot_be_chosen(signed_in, shop, other_shop):
    theirs = factories.make_product(other_shop)
    assert signed_in.post(url(shop, "purchase_find"), {"product": theirs.pk}, headers=HTMX).status_code == 404
    assert signed_in.get(url(shop, "new_purchase"), {"product": theirs.pk}).status_code == 404


def test_finding_works_without_javascript(signed_in, shop, soap):
    answer = signed_in.get(url(shop, "purchase_find"), {"q": "SOAP1", "go": "1"})
    assert answer["Location"] == f"{url(shop, 'new_purchase')}?product={soap.pk}"


# --- the sums while one writes --------------------------------------------------------------------------------
def sums(client, shop, sent):
    answer = client.post(url(shop, "purchase_sums"), sent, headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


def test_sums_tell_each_line_and_the_foot(signed_in, shop, supplier, soap):
    shown = sums(signed_in, shop, head(supplier, number="", paper_total="1008") | line(soap))
    for told in ("24 pc", "₹ 960.00", "₹ 48.00", "₹ 40.00", "<dt>CGST</dt><dd>24.00</dd>", "₹ 1,008.00", "The same as on the paper."):
        assert told in shown
    assert f'hx-swap-oob="innerHTML:#sums-{FIRST}"' in shown
    assert not GoodsReceipt.objects.exists()


def test_sums_of_another_state_are_igst(signed_in, shop, soap):
    far = make_supplier(shop, "Far away", gstin=OTHER_STATE)
    assert "<dt>IGST</dt><dd>48.00</dd>" in sums(signed_in, shop, head(far) | line(soap))


def test_sums_say_when_the_supplier_charges_no_tax(signed_in, shop, soap):
    small = make_supplier(shop, "Small", gstin="")
    assert "this supplier charges none" in sums(signed_in, shop, head(small) | line(soap))


def test_sums_show_tax_under_reverse_charge_apart_from_the_total(signed_in, shop, supplier, soap):
    shown = sums(signed_in, shop, head(supplier, reverse_charge="on") | line(soap))
    assert "Tax that you owe the government" in shown
    assert "<dd>₹ 960.00</dd>" in shown


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        ("1010", "The paper asks for ₹ 2.00 more than these lines come to."),
        ("1000", "These lines come to ₹ 8.00 more than the paper asks for."),
    ],
)
def test_difference_from_the_paper_is_told_in_words(signed_in, shop, supplier, soap, paper, words):
    assert words in sums(signed_in, shop, head(supplier, paper_total=paper) | line(soap))


def test_small_difference_is_the_round_off(signed_in, shop, supplier, soap):
    shown = sums(signed_in, shop, head(supplier, paper_total="1007.50") | line(soap))
    assert "<dt>Round off</dt><dd>−0.50</dd>" in shown
    assert "The same as on the paper." in shown


def test_dearer_goods_show_old_and_new_cost_and_a_price_that_keeps_the_margin(signed_in, shop, supplier, soap):
    shown = sums(signed_in, shop, head(supplier) | line(soap, price="528", mrp="60"))
    assert "₹ 40.00 → <b>₹ 44.00</b>" in shown
    assert "₹ 52.50 → <b>₹ 60.00</b>" in shown
    assert f'data-fill="{FIRST}-sell_at" data-value="58.00"' in shown  # 44 × 52.50 / 40 = 57.75


def test_cost_above_the_price_is_told_and_the_sums_stand_all_the_same(signed_in, shop, supplier, soap):
    shown = sums(signed_in, shop, head(supplier) | line(soap, price="660", mrp="80"))
    assert "more than the ₹ 52.50 it sells for" in shown
    assert 'data-value="72.00"' in shown
    assert "₹ 1,386.00" in shown


def test_unfinished_and_wrong_lines_are_left_out_and_said_so(signed_in, shop, supplier, soap):
    sent = lines(line(soap), line(soap, SECOND, price=""), line(soap, "22222222", packs="1.5", pack_size="1"))
    shown = sums(signed_in, shop, head(supplier) | sent)
    assert "Packs or price are missing." in shown
    assert "whole numbers only" in shown
    assert "2 lines are not in the sums yet." in shown
    assert "₹ 1,008.00" in shown


def test_sums_wait_for_the_supplier(signed_in, shop, supplier, soap):
    assert "Choose the supplier" in sums(signed_in, shop, head(supplier) | line(soap) | {"supplier": ""})


def test_mistakes_of_head_and_foot_are_told_beside_the_sums(signed_in, shop, supplier, soap):
    shown = sums(signed_in, shop, head(supplier, discount="abc", date="2099-01-01") | line(soap))
    assert "Discount on the whole bill: Write 5% for percent" in shown


def test_rate_that_is_not_the_goods_own_is_told(signed_in, shop, supplier, soap):
    assert "GST is usually 5 %" in sums(signed_in, shop, head(supplier) | line(soap, gst_rate="18"))


def test_sums_ask_as_often_for_twenty_lines_as_for_one(signed_in, shop, supplier, django_assert_max_num_queries):
    goods = [factories.make_product(shop, f"Soap {n}") for n in range(20)]
    sent = head(supplier, paper_total="5") | lines(*(line(one, f"{n:08x}") for n, one in enumerate(goods)))
    with django_assert_max_num_queries(7):
        sums(signed_in, shop, sent)


def test_sums_work_without_javascript(signed_in, shop, supplier, soap):
    page = signed_in.post(url(shop, "purchase_sums"), head(supplier) | line(soap)).content.decode()
    assert "<html" in page
    assert "1,008.00" in page


# --- one bill -------------------------------------------------------------------------------------------------
def test_bill_page_tells_all_of_it(signed_in, shop, supplier, soap):
    receipt = buy(supplier, received(soap, 2, 480, pack_size=D(12), batch="B7"), number="GA/7", note="by tempo")
    page = signed_in.get(url(shop, "purchase", receipt.pk)).content.decode().replace("\xa0", " ")
    for told in (
        "GA/7",
        "Gupta Agencies",
        "24 pc",
        "2 × 12",
        "₹ 40.00",
        "₹ 1,008.00",
        "by tempo",
        "GR/",
        shop.owner.name,
        "48.00",
        "batch B7",
    ):
        assert told in page
    for link in ("history", soap.pk), ("supplier", supplier.pk), ("purchase_return", receipt.pk):
        assert url(shop, *link) in page


def test_bill_page_asks_as_often_for_many_lines(signed_in, shop, supplier, django_assert_max_num_queries):
    goods = [factories.make_product(shop, f"Soap {n}") for n in range(12)]
    receipt = buy(supplier, *(received(one, 1, 40) for one in goods))
    with django_assert_max_num_queries(6):
        signed_in.get(url(shop, "purchase", receipt.pk))


def test_bill_of_another_shop_is_not_found(signed_in, shop, other_shop):
    theirs = buy(make_supplier(other_shop), received(factories.make_product(other_shop), 1, 40))
    for name in ("purchase", "purchase_return"):
        assert signed_in.get(url(shop, name, theirs.pk)).status_code == 404
    assert signed_in.post(url(shop, "purchase_return", theirs.pk), {}).status_code == 404


def test_accountant_sees_bills_and_enters_none(client, shop, supplier, soap):
    receipt = buy(supplier, received(soap, 2, 40))
    client.force_login(factories.make_member(shop, Role.ACCOUNTANT))
    assert url(shop, "purchase_return", receipt.pk) not in client.get(url(shop, "purchase", receipt.pk)).content.decode()
    assert url(shop, "new_purchase") not in client.get(url(shop, "purchases")).content.decode()
    assert client.get(url(shop, "new_purchase")).status_code == 403
    assert client.post(url(shop, "purchase_return", receipt.pk), {}).status_code == 403


# --- sending back ---------------------------------------------------------------------------------------------
def test_goods_go_back_and_the_bill_names_the_debit_note(signed_in, shop, supplier, soap):
    receipt = buy(supplier, received(soap, 10, 40))
    sent = {f"line-{receipt.lines.get().pk}": "3", "note": "leaking", "request_key": KEY}
    answer = signed_in.post(url(shop, "purchase_return", receipt.pk), sent, follow=True)
    number = PurchaseReturn.objects.get().document.supplier_entry.number
    page = answer.content.decode().replace("\xa0", " ")
    assert f"Debit note {number} is written: ₹ 126.00 less to pay to Gupta Agencies." in page
    for told in ("leaking", "3 went back", "7 left in the lot"):
        assert told in page
    assert soap.lots.get().on_hand == 7


def test_pressing_return_twice_returns_once(signed_in, shop, supplier, soap):
    receipt = buy(supplier, received(soap, 10, 40))
    for _ in range(2):
        signed_in.post(url(shop, "purchase_return", receipt.pk), {f"line-{receipt.lines.get().pk}": "3", "request_key": KEY})
    assert soap.lots.get().on_hand == 7


@pytest.mark.parametrize("count", ["11", "-1", "0.5", "NaN", "x", "1e999"])
def test_more_than_came_or_nonsense_is_refused_at_its_box(signed_in, shop, supplier, soap, count):
    receipt = buy(supplier, received(soap, 10, 40))
    box = f"line-{receipt.lines.get().pk}"
    answer = signed_in.post(url(shop, "purchase_return", receipt.pk), {box: count, "note": "KEEP"}, headers=HTMX)
    assert answer.status_code == 422
    assert f'id="id_{box}_error"' in answer.content.decode()
    assert 'value="KEEP"' in answer.content.decode()
    assert not PurchaseReturn.objects.exists()


def test_returning_nothing_is_refused_in_words(signed_in, shop, supplier, soap):
    receipt = buy(supplier, received(soap, 10, 40))
    answer = signed_in.post(url(shop, "purchase_return", receipt.pk), {})
    assert answer.status_code == 422
    assert "Choose what goes back" in answer.content.decode()


def test_what_is_sold_cannot_go_back_and_the_page_says_so(signed_in, shop, supplier, soap):
    receipt = buy(supplier, received(soap, 2, 40))
    factories.make_order(shop, [(soap, 2)])
    assert "Nothing of this bill can go back any more" in signed_in.get(url(shop, "purchase_return", receipt.pk)).content.decode()


# --- the list -------------------------------------------------------------------------------------------------
def test_empty_list_says_what_to_do(signed_in, shop):
    page = signed_in.get(url(shop, "purchases")).content.decode()
    assert "No bill of a supplier yet" in page
    assert "When goods come in" in page
    assert page.count(url(shop, "new_purchase")) == 2


def test_list_is_newest_first_and_tells_what_is_open(signed_in, shop, supplier, soap):
    yesterday = shop_today() - timedelta(days=1)
    buy(supplier, received(soap, 2, 40), number="OLD/1", date=yesterday)
    buy(supplier, received(soap, 3, 40), number="NEW/2")
    page = signed_in.get(url(shop, "purchases")).content.decode().replace("\xa0", " ")
    assert page.index("NEW/2") < page.index("OLD/1")
    for told in ("₹ 126.00", "₹ 6.00", "was due", "Gupta Agencies"):
        assert told in page


def test_list_is_narrowed_by_words_supplier_and_days(signed_in, shop, supplier, soap):
    yesterday = shop_today() - timedelta(days=1)
    buy(supplier, received(soap, 2, 40), number="OLD/1", date=yesterday)
    buy(make_supplier(shop, "Mehta Stores"), received(soap, 2, 40), number="NEW/2")

    def shown(**query):
        page = signed_in.get(url(shop, "purchases"), query, headers=HTMX).content.decode()
        return [number for number in ("OLD/1", "NEW/2") if number in page]

    assert shown(q="mehta") == ["NEW/2"]
    assert shown(q="old/") == ["OLD/1"]
    assert shown(supplier=supplier.pk) == ["OLD/1"]
    assert shown(end=yesterday.isoformat()) == ["OLD/1"]
    assert shown(start=shop_today().isoformat()) == ["NEW/2"]
    assert shown(q="nothing like it") == []


@pytest.mark.parametrize("query", [{"q": "\x00"}, {"supplier": "x"}, {"start": "0001-01-01"}, {"start": "2026-02-01", "end": "2026-01-01"}])
def test_filter_that_makes_no_sense_is_a_sentence(signed_in, shop, query):
    answer = signed_in.get(url(shop, "purchases"), query)
    assert answer.status_code == 422
    assert "note bad" in answer.content.decode()


def test_list_shows_nothing_of_another_shop(signed_in, shop, other_shop):
    theirs = make_supplier(other_shop, "Theirs")
    buy(theirs, received(factories.make_product(other_shop), 1, 40), number="THEIRS/1")
    assert "THEIRS" not in signed_in.get(url(shop, "purchases")).content.decode()
    assert signed_in.get(url(shop, "purchases"), {"supplier": theirs.pk}).status_code == 422


def test_list_asks_as_often_for_twenty_bills_as_for_one(signed_in, shop, supplier, soap, django_assert_num_queries):
    signed_in.get(url(shop, "purchases"))
    for count in (1, 19):
        for _ in range(count):
            buy(supplier, received(soap, 1, 40))
        with django_assert_num_queries(5):
            signed_in.get(url(shop, "purchases"))


# --- the product's history ------------------------------------------------------------------------------------
def test_product_history_names_the_suppliers_bill_and_leads_to_it(signed_in, shop, supplier, soap):
    receipt = buy(supplier, received(soap, 10, 40), number="GA/77")
    signed_in.post(url(shop, "purchase_return", receipt.pk), {f"line-{receipt.lines.get().pk}": "3", "note": "leaking"})
    page = signed_in.get(url(shop, "history", soap.pk)).content.decode().split('id="movements"')[1]
    assert page.count(f'<a href="{url(shop, "purchase", receipt.pk)}">GA/77</a>') == 2
    assert "leaking" in page


def test_who_sees_no_costs_reads_the_bill_number_without_a_link(client, shop, supplier, soap):
    receipt = buy(supplier, received(soap, 10, 40), number="GA/77")
    client.force_login(factories.make_member(shop, Role.STAFF))
    page = client.get(url(shop, "history", soap.pk)).content.decode()
    assert "GA/77" in page
    assert url(shop, "purchase", receipt.pk) not in page
