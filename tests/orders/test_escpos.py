"""Receipts for roll printers: read back by a small printer of our own that knows no command but the usual ones."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from orders.bill import BillLine, Tender
from orders.printing.escpos import BAND, CUT, DRAWER, TYPE, as_ascii, encode, lay_out
from orders.printing.receipt import Copy
from orders.printing.roll import Columns, Line, Rule, roll
from orders.printing.strips import strips
from orders.prints import record_print
from orders.selectors import printed_bill
from orders.services import cancel_order
from shops.models import Counter, Role, Shop
from smartkirana.money import indian
from tests import factories
from tests.orders.roll_printer import Text, read
from tests.orders.test_strips import ink, same

D = Decimal
ROLLS = {"r80": (576, 48), "r58": (384, 32)}
ORIGINAL = Copy(counted=True)


@pytest.fixture
def shop(db):
    return factories.make_shop(
        local_name="शर्मा किराना", fssai="11526012000123", phone="020 2445 1234", upi_id="sharma@okbank", upi_name="Sharma"
    )


@pytest.fixture
def goods(shop):
    return [
        factories.make_product(shop, "Wheat atta 10 kg", local_name="गेहूँ का आटा", price="420", mrp="450", cost="300", stock=50, hsn="1101"),
        factories.make_product(
            shop, "Dishwash bar “lemon” – 500 g", price="42.37", mrp="42.37", cost="20", gst="other-18", stock=50, hsn="3402"
        ),
    ]


@pytest.fixture
def order(shop, goods):
    lines = [BillLine(goods[0].pk, D(2), discount=D("20")), BillLine(goods[1].pk, D(3))]
    return factories.make_order(shop, lines, payments=[Tender("cash", None, tendered=D(1000))])


@pytest.fixture
def khata(shop, goods):
    return factories.make_order(
        shop, [(goods[0], 1)], customer=factories.make_customer(shop, "Ramesh"), payments=[Tender("cash", D(20)), Tender("khata", None)]
    )


def printed(order, paper="r80", copy=ORIGINAL, mark=None, drawer=False):
    bill = printed_bill(type(order).objects.get(pk=order.pk), mark, "https://kirana.example.in/b/0123456789abcdefghjkmnpqrstv/")
    return read(encode(roll(bill, paper, copy), dots=ROLLS[paper][0], drawer=drawer))


def spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)


# --- the whole receipt ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("paper", ROLLS)
@pytest.mark.parametrize("language", ["en", "hi"])
def test_every_line_fits_the_paper_and_it_is_cut_at_the_end(shop, order, khata, paper, language):
    dots, columns = ROLLS[paper]
    shop.language = language
    shop.save(update_fields=["language"])
    fresh = factories.make_order(shop, [(shop.products.first(), 1)], counter=shop.counters.get())
    for bill in (order, khata, fresh):
        out = printed(bill, paper)
        assert all(len(line.words) * line.across <= columns for line in out.lines), out.text
        assert all(image.width <= dots and image.height <= BAND for image in out.images)
        assert out.commands[0] == "init"
        assert out.commands[-2:] == ["feed", "cut"]
        assert out.commands.count("cut") == 1
        assert "drawer" not in out.commands


def test_every_sum_of_the_bill_is_on_it(order):
    text = spaced(printed(order).text)
    for words in (
        "Sharma Kirana", "14 Tilak Road", "Pune 411030, Maharashtra (27)", "Phone 020 2445 1234", "GSTIN 27AAPFU0939F1ZV",
        "FSSAI 11526012000123", "Tax Invoice", "S1/26-27/000001", "Counter 1, Owner of Sharma Kirana", "Wheat atta 10 kg",
        "2 pc x 420.00, MRP 450.00, less 20.00, 1101, 5% 820.00", 'Dishwash bar "lemon" - 500 g', "3 pc x 42.37, 3402, 18% 127.11",
        "2 items, with GST 947.11", "Round off -0.11", "Cash 947.00", "Given 1,000.00, change 53.00",
        "GST Value CGST SGST", "5% 780.96 19.52 19.52", "18% 107.73 9.69 9.69",
        "Exchange within 7 days with this bill.", "Thank you, come again.",
    ):  # fmt: skip
        assert words in text, words


def test_what_is_not_ascii_is_drawn_in_its_place(order):
    """Name of the shop and of the goods in Hindi, the total, what was saved: each strip as the same words are drawn alone."""
    images = printed(order).images
    for words in (
        strips("शर्मा किराना", dots=576, px=TYPE, bold=True, centre=True),
        strips("गेहूँ का आटा", dots=576, px=TYPE),
        strips("Total", "₹ 947.00", dots=576, px=44, bold=True),
        strips("You saved ₹ 80.00", dots=576, px=TYPE, bold=True, centre=True),
    ):
        assert all(any(same(one, as_sent(strip)) for one in images) for strip in words)


def as_sent(strip: Image.Image) -> Image.Image:
    """Bytes hold eight dots: a strip gets white to the next full one."""
    wide = Image.new("1", (-(-strip.width // 8) * 8, strip.height), 255)
    wide.paste(strip, (0, 0))
    return wide


def test_a_hindi_receipt_is_drawn_where_it_is_hindi_and_typed_where_it_is_figures(shop, goods):
    shop.language = "hi"
    shop.save(update_fields=["language"])
    out = printed(factories.make_order(shop, [(goods[0], 1)], payments=[Tender("cash", None)]))
    assert not re.search("Total|Cash|item|saved|Thank|Value", out.text)
    assert "1 pc x 420.00, MRP 450.00, 1101, 5%" in out.text
    for left, right, how in (("कुल", "₹ 420.00", {"px": 44, "bold": True}), ("नकद", "420.00", {}), ("1 सामान, GST सहित", "420.00", {})):
        assert any(same(one, as_sent(strips(left, right, dots=576, **how)[0])) for one in out.images), left


def test_name_is_big_total_is_drawn_big_and_item_names_are_bold(order):
    out = printed(order)
    name = next(line for line in out.lines if line.words == "Sharma Kirana")
    assert (name.across, name.down, name.bold, name.centred) == (2, 2, True, True)
    assert next(line for line in out.lines if line.words == "Wheat atta 10 kg") == Text("Wheat atta 10 kg", True, 1, 1, False)
    assert not next(line for line in out.lines if "x 420.00" in line.words).bold
    assert max(image.height for image in out.images[:-2] if image.width == 576) > 44


def test_money_that_is_due_brings_the_upi_code_beside_the_bills(khata, order):
    with_both, with_one = printed(khata, "r80"), printed(order, "r80")
    codes = lambda out: [image for image in out.images if image.height > 150]  # noqa: E731
    assert len(codes(with_both)) >= 1
    assert sum(one.height for one in with_both.images) - sum(one.height for one in with_one.images) < 250, "one row, not two"
    assert ink(codes(with_both)[0]) > 1.5 * ink(codes(with_one)[0])


def test_duplicate_and_cancelled_stand_at_both_ends(shop, order):
    record_print(order=order, by=shop.owner, paper="r80")
    again = record_print(order=order, by=factories.make_user("Farida"), paper="r80")
    assert "DUPLICATE" not in printed(order).text
    text = spaced(printed(order, copy=Copy(row=again, counted=True), mark=again).text)
    assert text.count("DUPLICATE") == 2
    assert "by Farida, copy 2" in text
    cancel_order(shop=shop, bill_number=order.bill_number, by=shop.owner, reason="Wrong goods")
    text = spaced(printed(order).text)
    assert text.count("CANCELLED") == 2
    assert "Wrong goods" in text


def test_a_paper_nobody_counted_says_so(order):
    assert "not printed by the program's own button" in spaced(printed(order, copy=Copy()).text)


@pytest.mark.parametrize("scheme", [Shop.Scheme.COMPOSITION, Shop.Scheme.UNREGISTERED])
def test_who_may_not_charge_tax_shows_none(db, scheme):
    shop = factories.make_shop(scheme=scheme)
    text = printed(factories.make_order(shop, [(factories.make_product(shop, stock=9), 2)])).text
    assert "CGST" not in text
    assert "5%" not in text
    assert ("not eligible to collect tax" in spaced(text)) is (scheme == "composition")


def test_buyer_in_another_state_has_igst_and_place_of_supply(shop, goods):
    buyer = factories.make_customer(shop, "Mysore Stores", gstin="29AABCR1718E1ZL", address="1 MG Road, Bengaluru", state_code="29")
    text = spaced(printed(factories.make_order(shop, [(goods[0], 1)], customer=buyer, payments=[Tender("cash", None)])).text)
    for words in ("Buyer's GSTIN 29AABCR1718E1ZL", "Place of supply Karnataka (29)", "GST Value IGST", "5% 400.00 20.00"):
        assert words in text, words


@pytest.mark.parametrize("paper", ROLLS)
def test_a_very_large_bill_keeps_its_figures_on_a_narrow_roll(shop, paper):
    gold = factories.make_product(shop, "Saffron", price="9999999.00", mrp="9999999.00", cost="1", stock=9, hsn="09102010")
    order = factories.make_order(shop, [(gold, 9)])
    text = spaced(printed(order, paper).text)
    for amount in (order.taxable, order.cgst, order.goods_total):
        assert indian(amount) in text


@pytest.mark.parametrize("paper", ROLLS)
@pytest.mark.parametrize("name", ["W" * 120, "\u0915" * 120, "<b>&amp;", "आटा 🌾 عسل", "x" * 31 + " " + "y" * 33])
def test_odd_names_break_nothing(shop, name, paper):
    thing = factories.make_product(shop, name, local_name=name, stock=9)
    dots, columns = ROLLS[paper]
    out = printed(factories.make_order(shop, [(thing, 1)]), paper)
    assert all(len(line.words) * line.across <= columns for line in out.lines)
    assert all(image.width <= dots for image in out.images)


# --- the pieces -----------------------------------------------------------------------------------------------
def test_no_text_can_bring_a_command_of_its_own():
    """A name with ESC p in it would open the drawer."""
    evil = "Soap\x1bp\x00\x19\xfa\x1dVB\x00\x07"
    for line in (Line(evil, bold=True), Line(evil, evil), Line(f"क {evil}", evil)):
        out = read(encode([line], dots=576))
        assert [one for one in out.commands if one in ("drawer", "cut")] == ["cut"]


@settings(max_examples=150, deadline=None)
@given(
    left=st.text(st.characters(codec="utf-8", max_codepoint=0x2100), max_size=90),
    right=st.text(st.characters(codec="utf-8", max_codepoint=0x2100), max_size=60),
    bold=st.booleans(),
    big=st.booleans(),
    centre=st.booleans(),
    paper=st.sampled_from(list(ROLLS)),
)
def test_any_line_is_readable_and_fits(left, right, bold, big, centre, paper):
    dots, columns = ROLLS[paper]
    out = read(encode([Line(left, right, bold=bold, big=big, centre=centre), Line("after")], dots=dots))
    assert all(len(line.words) * line.across <= columns for line in out.lines)
    assert all(image.width <= dots for image in out.images)
    assert out.lines[-1] == Text("after", False, 1, 1, False), "a line leaves the printer as it found it"


def test_punctuation_that_ascii_has_in_another_shape_is_typed_not_drawn():
    assert as_ascii("“Amul” – 2 × 5 · it’s…") == '"Amul" - 2 x 5, it\'s...'
    assert read(encode([Line("“Amul” – 2 × 5")], dots=576)).images == []


def test_right_stands_in_the_last_line_of_a_long_left():
    assert lay_out("one two", "9.00", 20) == ["one two         9.00"]
    assert lay_out("one two three", "9.00", 12) == ["one two", "three   9.00"]
    assert lay_out("aaaa bbbb cccc", "1,234.00", 14) == ["aaaa bbbb cccc", "      1,234.00"]
    assert lay_out("", "9.00", 8) == ["    9.00"]
    assert lay_out("", "", 8) == [""]


def test_a_table_too_wide_for_the_paper_is_told_in_words():
    rows = [["GST", "Value", "CGST", "SGST", "Cess"], ["5%", "8,99,99,991.00", "22,49,999.78", "22,49,999.78", "1.00"]]
    text = spaced(read(encode([Columns(rows)], dots=384)).text)
    assert "GST 5%, Value 8,99,99,991.00, CGST 22,49,999.78, SGST 22,49,999.78, Cess 1.00" in text


def test_a_rule_crosses_the_whole_paper():
    (image,) = read(encode([Rule(2)], dots=384)).images
    rows = [image.crop((0, y, 384, y + 1)).convert("L").histogram()[0] for y in range(image.height)]
    assert rows.count(384) == 2
    assert rows.count(0) == image.height - 2


# --- the address ----------------------------------------------------------------------------------------------
def address(order, name="receipt_bin", **query) -> str:
    url = reverse(f"orders:{name}", args=[order.shop.slug, order.slug])
    return url + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def test_first_print_is_written_down_and_comes_back_as_bytes_without_a_mark(client, shop, order):
    client.force_login(shop.owner)
    sent = {"first": order.request_key, "paper": "r58", "then": "bin"}
    answer = client.post(address(order, "bill_print"), sent, follow=True)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{order.slug}.bin"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert "DUPLICATE" not in read(answer.content).text
    assert [(p.copy_no, p.paper) for p in order.prints.all()] == [(1, "r58")]
    again = client.post(address(order, "bill_print"), sent, follow=True)
    assert order.prints.count() == 1, "asked for again after a paper jam, it is the same print"
    assert "DUPLICATE" not in read(again.content).text
    second = client.post(address(order, "bill_print"), {"paper": "r80", "then": "bin"}, follow=True)
    assert read(second.content).text.count("DUPLICATE") == 2
    assert order.prints.count() == 2


def test_looking_at_the_bytes_writes_nothing_and_they_are_marked(client, shop, order):
    client.force_login(shop.owner)
    assert "not printed by the program" in spaced(read(client.get(address(order)).content).text)
    assert not order.prints.exists()


def test_the_drawer_opens_with_the_first_print_of_a_cash_bill(client, shop, order, khata, goods):
    client.force_login(shop.owner)
    upi = factories.make_order(shop, [(goods[0], 1)], payments=[Tender("upi", None)])
    opened = lambda one: DRAWER in client.post(address(one, "bill_print"), {"paper": "r80", "then": "bin"}, follow=True).content  # noqa: E731
    assert not opened(order), "this counter has no drawer"
    Counter.objects.filter(shop=shop).update(printer="raw", opens_drawer=True)
    assert not opened(order), "its second print"
    assert opened(khata), "a part of it was cash"
    assert not opened(khata)
    assert not opened(upi)


def test_the_drawer_opens_before_the_paper_moves():
    out = read(encode([Line("x")], dots=384, drawer=True))
    assert out.commands[:2] == ["init", "drawer"]
    assert encode([Line("x")], dots=384).endswith(CUT)


@pytest.mark.parametrize("paper", ["a4", "", "r90"])
def test_only_rolls_are_printed_raw(client, shop, order, paper):
    client.force_login(shop.owner)
    answer = client.post(address(order, "bill_print"), {"paper": paper, "then": "bin"})
    assert answer.status_code == 400
    assert not order.prints.exists()


def test_ladder(client, shop, order, other_shop):
    assert client.get(address(order)).status_code == 302
    client.force_login(other_shop.owner)
    assert client.get(address(order)).status_code == 404
    client.force_login(factories.make_member(shop, Role.ACCOUNTANT))
    assert client.get(address(order)).status_code == 200
    assert client.post(address(order)).status_code == 405
    assert client.get(address(order, copy=7)).status_code == 404


def test_queries_do_not_grow_with_lines(client, shop, django_assert_num_queries):
    client.force_login(shop.owner)
    few = factories.make_order(shop, [(factories.make_product(shop, stock=9), 1)])
    many = factories.make_order(shop, [(factories.make_product(shop, f"Thing {n}", stock=9), 1) for n in range(12)])
    with django_assert_num_queries(7):
        client.get(address(few))
    with django_assert_num_queries(7):
        client.get(address(many))
