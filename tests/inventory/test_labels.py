"""Labels: which goods, what stands on them, that it fits, and the PDF."""

import re
import shutil
import subprocess
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.errors import StockError
from inventory.label_drawing import LEADING, Label, bar_width, bars_of, draw_page, lay_out, page_rules, print_html, width_of, wrapped
from inventory.label_goods import Labelled, labels_of, of_price_changes, of_receipt, of_repack, put_own_codes, repeated
from inventory.label_sheets import PAPERS
from inventory.new_prices import Arrival, follow_goods
from inventory.repacking import Made
from smartkirana.dates import shop_today
from smartkirana.pdf import write_pdf
from tests import factories
from tests.inventory.buying import buy, make_supplier, received
from tests.inventory.packing import make_packet, make_sack, pack

HTMX = {"HX-Request": "true"}
KEY, SECOND = "0a1b2c3d", "11111111"
FULL = Label(
    name="Toor dal, unpolished, from Latur 1 kg", code="8901234567890", shop="Sharma Kirana & Sons", mrp=D("185"), price=D("172"),
    net="1 kg", packed=date(2026, 11, 26), best_before=date(2027, 5, 26), batch="B-7", fssai="12345678901234",
)  # fmt: skip


@pytest.fixture
def packet(shop):
    return make_packet(shop, sku="PACKET")


@pytest.fixture
def signed_in(client, shop):
    client.force_login(shop.owner)
    return client


def url(shop, name):
    return reverse(f"inventory:{name}", args=[shop.slug])


# --- which goods ----------------------------------------------------------------------------------------------
def test_bill_wants_a_label_for_every_piece_that_came(shop, packet):
    loose = factories.make_product(shop, "Sugar, loose", price="46", mrp=None, cost="40", unit="kg")
    receipt = buy(make_supplier(shop), received(packet, 3, 39, pack_size=D(4), batch="B7", mrp=D(55)), received(loose, "12.5", 40))
    first, second = of_receipt(receipt)
    assert (first.product, first.lot.batch, first.lot.mrp, first.count) == (packet, "B7", 55, 12)
    assert second.count == 1


def test_packing_wants_a_label_for_every_packet(shop, packet):
    sack = make_sack(shop)
    factories.make_order(shop, [(packet, 2)])  # below zero: two of them fill it
    made = of_repack(shop, pack(shop, [(sack, 1)], [Made(packet, D(49), batch="B7")]))
    assert [(one.product, one.lot.batch, one.count) for one in made] == [(packet, "B7", 49)]


def test_changed_prices_want_new_labels_and_changed_costs_do_not(shop, packet):
    soap = factories.make_product(shop)
    gone = factories.make_product(shop, "Gone", is_active=False)
    for product, price, cost in ((packet, 51, 40), (soap, D("52.50"), 41), (gone, 50, 40)):
        follow_goods(shop=shop, by=shop.owner, came=[Arrival(product, D(cost), sell_at=D(price))])
    assert [one.product for one in of_price_changes(shop, shop_today())] == [packet]
    assert of_price_changes(shop, shop_today() + timedelta(days=1)) == []


# --- what stands on them --------------------------------------------------------------------------------------
def test_label_of_a_packed_lot_says_everything(shop, packet):
    shop.fssai = "12345678901234"
    pack(shop, [(make_sack(shop), 1)], [Made(packet, D(49), batch="B7", expiry=date(2099, 1, 31))])
    label = labels_of(shop, [Labelled(packet, packet.lots.get())], own_codes=False)[0]
    assert label == Label(
        name="Sugar 1 kg", code="PACKET", shop="Sharma Kirana", unit="pc", mrp=D("52.00"), price=D("50.00"), net="1 kg",
        packed=shop_today(), best_before=date(2099, 1, 31), batch="B7", fssai="12345678901234",
    )  # fmt: skip


def test_bought_goods_have_no_day_of_packing_and_cartons_lend_no_code(shop):
    tea = factories.make_product(shop, "Tea", sku="TEA", barcodes=[("18901234567897", 12)])
    buy(make_supplier(shop), received(tea, 1, 40))
    label = labels_of(shop, [Labelled(tea, tea.lots.get())], own_codes=False)[0]
    assert (label.packed, label.code) == (None, "TEA")


def test_own_codes_are_shown_before_and_kept_when_printed(shop, packet):
    rows = [Labelled(packet)]
    shown = labels_of(shop, rows, own_codes=True)[0].code
    assert not packet.barcodes.exists()
    put_own_codes(shop, rows)
    put_own_codes(shop, rows)
    assert packet.barcodes.get().code == shown == labels_of(shop, rows, own_codes=False)[0].code


def test_labels_are_repeated_within_reason(shop, packet):
    label = labels_of(shop, [Labelled(packet)], own_codes=False)
    assert len(repeated(label, [Labelled(packet, None, 7)])) == 7
    for count, code in ((0, "no_labels"), (2001, "too_many")):
        with pytest.raises(StockError) as error:
            repeated(label, [Labelled(packet, None, count)])
        assert error.value.code == code


def test_many_rows_ask_as_little_as_one(shop, django_assert_num_queries):
    sack = make_sack(shop)
    goods = [make_packet(shop, f"Sugar {n} kg", price="9000", mrp=None, cost="1") for n in range(1, 6)]
    pack(shop, [(sack, 1)], [(one, 1) for one in goods])
    rows = [Labelled(one, one.lots.get()) for one in goods]
    with django_assert_num_queries(4):
        assert len(labels_of(shop, rows, own_codes=True)) == 5


# --- it fits --------------------------------------------------------------------------------------------------
NAMES = st.one_of(
    st.text("abcdefgh WMilm,.&₹", min_size=1, max_size=120).filter(str.strip),
    st.text("सेंधा नमक क्षत्रिय", min_size=1, max_size=120).filter(str.strip),
)


@settings(max_examples=60, deadline=None)
@given(
    name=NAMES,
    code=st.sampled_from(["8901234567890", "96385074", "P00042", "", "ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789", "नमक"]),
    mrp=st.sampled_from([None, D("5"), D("9999999.99")]),
    price=st.sampled_from([D("4.50"), D("9999999.98")]),
    batch=st.sampled_from(["", "W" * 40]),
    fssai=st.sampled_from(["", "12345678901234"]),
    full=st.booleans(),
    paper=st.sampled_from(list(PAPERS.values())),
)
def test_everything_stays_within_the_label_and_beside_each_other(name, code, mrp, price, batch, fssai, full, paper):
    facts = {"packed": date(2026, 11, 26), "best_before": date(2027, 9, 30), "net": "1000 kg"} if full else {}
    price = min(price, mrp) if mrp else price
    drawing = lay_out(
        Label(name=" ".join(name.split()), code=code, shop="S" * 80, mrp=mrp, price=price, batch=batch, fssai=fssai, **facts), paper
    )
    side, edge = paper.pad
    bottom = 0.0
    for one in drawing.texts:
        width = width_of(one.line.text, one.line.size, one.line.weight)
        left = one.x - width / 2 if one.middle else one.x
        assert left >= float(side) - 0.01, one
        assert left + width <= float(paper.width - side) + 0.01, one
        assert one.top >= bottom - 0.01, "no line lies on the one before"
        bottom = one.top + one.line.size * LEADING
        assert bottom <= float(paper.height - edge) + 0.01, one
    if drawing.path:
        top, tall = (float(part) for part in re.match(r"M[\d.]+ ([\d.]+)h[\d.]+v([\d.]+)", drawing.path).groups())
        lines = [one for one in drawing.texts if not one.middle and one.top < top]
        assert all(one.top + one.line.size * LEADING <= top + 0.01 for one in lines)
        assert tall >= 3.5, "a scanner needs some height"


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_usual_label_has_everything_in_full_and_tall_bars(paper):
    drawing = lay_out(FULL, paper)
    words = " ".join(one.line.text for one in drawing.texts)
    for part in (
        FULL.name, "Our price ₹ 172.00", "MRP ₹ 185.00 (incl. of all taxes)", "Net 1 kg", "Pkd 26 Nov 2026", "Best before 26 May 2027",
        "Batch B-7", "8901234567890", "Sharma Kirana & Sons", "FSSAI 12345678901234",
    ):  # fmt: skip
        assert part in words
    assert float(re.match(r"M\S+ \S+h[\d.]+v([\d.]+)", drawing.path)[1]) >= 5


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_bars_keep_their_quiet_zones_and_are_not_too_fine(paper):
    bars, room = bars_of("8901234567890"), float(paper.width - 2 * paper.pad[0])
    module = bar_width(bars, paper, room)
    assert module >= 0.264
    starts = [float(x) for x in re.findall(r"M([\d.]+)", lay_out(FULL, paper).path)]
    assert starts[0] >= 11 * module - 0.01
    assert float(paper.width) - (starts[0] + 95 * module) >= 7 * module - 0.01
    if paper.dot:
        assert module % float(paper.dot) == 0


def test_a_code_too_long_for_bars_is_written_out(shop):
    label = Label(name="Soap", code="X" * 48, shop="Sharma Kirana")
    drawing = lay_out(label, PAPERS["a65"])
    assert drawing.path == ""
    assert any(one.line.text.startswith("XXXX") for one in drawing.texts)


def test_words_are_broken_only_where_they_must_be():
    assert wrapped("one two", 1, 400, 100) == ["one two"]
    assert "".join(wrapped("W" * 50, 3, 400, 20)) == "W" * 50


# --- the PDF --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("paper", "pages", "size"), [("a24", 2, "A4"), ("a40", 1, "A4"), ("a65", 1, "A4"), ("roll", 26, "141.732 x 70.8661")]
)
def test_pdf_has_its_pages_in_their_size_and_no_word_is_lost(tmp_path, paper, pages, size):
    if not shutil.which("pdfinfo"):
        pytest.skip("poppler is not installed")
    paper = PAPERS[paper]
    pdf = write_pdf(print_html([FULL] * 26, paper), sheet="css/label-sheet.css", rules=page_rules(paper))
    file = tmp_path / "labels.pdf"
    file.write_bytes(pdf)
    told = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
    assert re.search(rf"Pages:\s+{pages}\n", told)
    assert size in told
    words = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    assert words.count("8901234567890") == 26
    assert words.count("incl. of all taxes") == 26


def test_first_label_goes_where_the_sheet_is_free():
    drawn = draw_page([FULL] * 3, PAPERS["a24"], start=24)
    assert drawn.count("<g ") == 1
    assert "translate(137 250.2)" in drawn
    assert print_html([FULL] * 3, PAPERS["a24"], start=24).count("<section>") == 2


def test_names_are_text_and_never_markup():
    nasty = Label(name="<script>alert(1)</script>&\"'", code="P1", shop="<b>")
    for drawn in (draw_page([nasty], PAPERS["roll"]), print_html([nasty], PAPERS["roll"])):
        assert "<script" not in drawn
        assert "<b>" not in drawn


# --- the page -------------------------------------------------------------------------------------------------
def form(*rows, **more):
    data = {"paper": "a24", "start": "1", "labels": [f"{key}-{product.pk}-{lot.pk if lot else 0}" for key, product, lot, _ in rows]}
    return data | {f"{key}-count": count for key, _, _, count in rows} | more


def test_page_opens_with_the_goods_of_a_bill(signed_in, shop, packet):
    receipt = buy(make_supplier(shop), received(packet, 12, 39))
    page = signed_in.get(url(shop, "labels"), {"receipt": receipt.pk}).content.decode()
    assert "Sugar 1 kg" in page
    assert 'value="12"' in page
    bill = signed_in.get(reverse("inventory:purchase", args=[shop.slug, receipt.pk])).content.decode()
    assert f"{url(shop, 'labels')}?receipt={receipt.pk}" in bill


def test_preview_draws_and_saves_nothing(signed_in, shop, packet):
    page = signed_in.post(url(shop, "labels_preview"), form((KEY, packet, None, 30)), headers=HTMX).content.decode()
    assert "<html" not in page
    assert "30 labels" in page
    assert "2 sheets" in page
    assert "gets one of the shop" in page
    assert page.count("<g ") == 24
    assert not packet.barcodes.exists()


def test_pdf_comes_and_goods_without_a_code_get_one(signed_in, shop, packet):
    response = signed_in.post(url(shop, "labels_pdf"), form((KEY, packet, None, 3), paper="roll"))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert packet.barcodes.get().code.startswith("29")


def test_helper_prints_with_the_sku_and_gives_no_code(client, shop, packet):
    client.force_login(factories.make_member(shop))
    page = client.post(url(shop, "labels_preview"), form((KEY, packet, None, 1)), headers=HTMX).content.decode()
    assert "show their SKU" in page
    assert client.post(url(shop, "labels_pdf"), form((KEY, packet, None, 1))).content.startswith(b"%PDF")
    assert not packet.barcodes.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({f"{KEY}-count": "x"}, "Write a whole number."),
        ({f"{KEY}-count": "-1"}, "Write 0 or more."),
        ({f"{KEY}-count": "99999"}, "Write 2000 or less."),
        ({f"{KEY}-count": "0"}, "how many labels of each"),
        ({"paper": "a5"}, "Choose a paper."),
        ({"start": "25"}, "This sheet has 24 labels."),
        ({"labels": "nonsense"}, "One of the products is not in this shop."),
        ({"labels": []}, "Choose goods"),
    ],
)
def test_what_is_wrong_is_said(signed_in, shop, packet, change, sentence):
    response = signed_in.post(url(shop, "labels_pdf"), form((KEY, packet, None, 1)) | change)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not packet.barcodes.exists()


def test_goods_and_lots_of_another_shop_are_not_taken(signed_in, shop, other_shop, packet):
    theirs = factories.make_product(other_shop, stock=3)
    for product, lot in ((theirs, None), (packet, theirs.lots.get())):
        response = signed_in.post(url(shop, "labels_pdf"), form((KEY, product, lot, 1)))
        assert response.status_code == 422
    assert not theirs.barcodes.exists()


def test_scan_and_words_find_goods(signed_in, shop, packet):
    row = signed_in.get(url(shop, "labels_find"), {"q": "packet", "go": "1"}, headers=HTMX)
    assert row["HX-Retarget"] == "#labels-rows"
    assert "Sugar 1 kg" in signed_in.get(url(shop, "labels_find"), {"q": "suga"}, headers=HTMX).content.decode()
    assert signed_in.get(url(shop, "labels_find"), {"q": "packet", "go": "1"}).url == f"{url(shop, 'labels')}?product={packet.pk}"


def test_prices_changed_today_are_offered(signed_in, shop, packet):
    follow_goods(shop=shop, by=shop.owner, came=[Arrival(packet, packet.cost, sell_at=D("51"))])
    assert "Sugar 1 kg" in signed_in.get(url(shop, "labels"), {"days": "1"}).content.decode()
