"""A supplier's bill as a file: read, its columns matched and remembered, the form filled, nothing posted before it is saved."""

import io
import zipfile
from datetime import date
from decimal import Decimal as D

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inventory.bill_files.cells import READERS
from inventory.bill_files.columns import guess
from inventory.bill_files.entry import at_hand
from inventory.models import BillFileMapping, GoodsReceipt
from tests.inventory.bill_files import (
    COLUMNS,
    HEADINGS,
    LINES,
    as_columns,
    bring,
    csv_file,
    filled,
    goods_of,
    item,
    matched,
    rows,
    url,
    xlsx_file,
)
from tests.inventory.buying import books_agree, make_supplier

KEY = "6f1c0f4e-7f0e-4a57-9a3e-6c2f0a4be001"


@pytest.fixture
def supplier(shop):
    return make_supplier(shop, "Gupta Agencies")


@pytest.fixture
def signed_in(client, shop):
    client.force_login(shop.owner)
    return client


def test_sixty_lines_fill_the_form_and_saving_it_enters_them(signed_in, shop, supplier):
    goods = goods_of(shop)
    answer = bring(signed_in, shop, supplier, csv_file(rows([item(n) for n in range(LINES)])))
    file = shop.bill_files.get()
    assert answer["Location"] == url(shop, "bill_file", file.pk)
    answer = signed_in.post(url(shop, "bill_file_columns", file.pk), as_columns(COLUMNS))
    assert answer["Location"] == url(shop, "enter_bill_file", file.pk)
    sent = filled(signed_in, shop, file)
    assert not GoodsReceipt.objects.exists()
    assert (sent["number"], sent["date"], sent["paper_total"]) == (["GA/2211"], ["2026-11-20"], ["5733.00"])
    assert len(sent["row"]) == LINES
    answer = signed_in.post(url(shop, "new_purchase"), sent)
    receipt = shop.goods_receipts.get()
    assert answer["Location"] == url(shop, "purchase", receipt.pk)
    assert (receipt.total, receipt.lines.count()) == (D("5733.00"), LINES)
    lot = goods[10].lots.get()
    assert (lot.on_hand, lot.batch, lot.expiry.isoformat(), lot.mrp) == (3, "B10", "2031-12-31", D(60))
    assert goods[11].lots.get().on_hand == 2
    assert not shop.bill_files.exists()
    books_agree(shop)


# --- reading --------------------------------------------------------------------------------------------------
def test_columns_are_guessed_from_the_headings_wherever_they_stand(signed_in, shop, supplier):
    bring(signed_in, shop, supplier, csv_file(rows([item(0)])))
    file = shop.bill_files.get()
    assert (file.headings, file.rows[0][0], file.about) == (HEADINGS, 6, {"number": "GA/2211", "date": "20/11/2026"})
    page = signed_in.get(url(shop, "bill_file", file.pk)).content.decode()
    for n, field in enumerate(COLUMNS):
        select = page.partition(f'name="column-{n}"')[2].partition("</select>")[0]
        assert ("selected" in select) == bool(field)
        assert not field or f'<option value="{field}" selected>' in select
    assert "<span>SOAP 0</span>" in page  # a sample row


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        ("Code|Particulars|Qty|Rate|Amount", "code|name|quantity|rate|total"),
        (
            "Product Name|HSN|Batch|Exp|MRP (₹)|Billed Qty|Sch Qty|PTR|Disc.%|Tax %",
            "name|hsn|batch|expiry|mrp|quantity|free|rate|discount_percent|gst",
        ),
        ("EAN|Qty.|Unit Price|Disc Amt|CGST %|SGST %|Net Amt", "barcode|quantity|rate|discount|half_gst||total"),
        ("Item|Packing|Quantity|Basic Rate|Disc ₹|IGST %", "name|pack|quantity|rate|discount|gst"),
        ("वस्तु|मात्रा|दर", "||"),
    ],
    ids=str,
)  # fmt: skip
def test_usual_headings_are_known(headings, fields):
    heads, wanted = headings.split("|"), fields.split("|")
    found = {number: field for field, number in guess(heads).items()}
    assert [found.get(n, "") for n in range(len(heads))] == wanted


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_other_marks_and_encodings_are_read(signed_in, shop, supplier, delimiter, encoding):
    goods_of(shop, 2)
    sheet = rows([item(0, name="CAFÉ CRÈME", rate="1,045.50"), item(1)])
    sheet[7:] = [row for row in sheet[7:] if "₹" not in "".join(row)]  # not in cp1252
    bring(signed_in, shop, supplier, csv_file(sheet, delimiter=delimiter, encoding=encoding))
    file = shop.bill_files.get()
    assert file.headings == HEADINGS
    assert (file.rows[0][1][3], file.rows[0][1][11]) == ("CAFÉ CRÈME", "1,045.50")


def test_excel_keeps_percent_and_month_as_they_are_shown(signed_in, shop, supplier):
    goods_of(shop, 1)
    line = item(0, expiry=date(2031, 12, 1), gst=0.05, disc=0.025, mrp=60, qty=2, free=1, rate=45.4999999999, total=91.0)
    bring(signed_in, shop, supplier, xlsx_file(rows([line]), formats={"G": "mmm-yy", "N": "0%", "M": "0.0%"}))
    file = shop.bill_files.get()
    signed_in.post(url(shop, "bill_file_columns", file.pk), as_columns(COLUMNS))
    sent = filled(signed_in, shop, file)
    key = sent["row"][0].partition("-")[0]
    boxes = {name: sent[f"{key}-{name}"][0] for name in ("packs", "free", "price", "discount", "gst_rate", "mrp", "expiry", "batch")}
    assert boxes == {
        "packs": "2", "free": "1", "price": "45.50", "discount": "2.5%", "gst_rate": "5", "mrp": "60.00",
        "expiry": "2031-12-31", "batch": "B0",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("rate", "1,23,456.50", D("123456.5000")),
        ("rate", "₹ 12", D("12.0000")),
        ("rate", "Rs.12.5/-", D("12.5000")),
        ("rate", "41.66666667", D("41.6667")),
        ("gst", "5%", D("5.00")),
        ("gst", "GST 18 %", D("18.00")),
        ("gst", "IGST@12", D("12.00")),
        ("discount_percent", "2.5 %", D("2.50")),
        ("quantity", "10", (D("10.000"), D("0.00"))),
        ("quantity", "10 PCS", (D("10.000"), D("0.00"))),
        ("quantity", "10+2", (D("10.000"), D("2.000"))),
        ("pack", "1x12", D(12)),
        ("pack", "24's", D("24.000")),
        ("expiry", "31/12/26", date(2026, 12, 31)),
        ("expiry", "12-2026", date(2026, 12, 31)),
        ("expiry", "Dec-26", date(2026, 12, 31)),
        ("expiry", "DEC 2026", date(2026, 12, 31)),
        ("expiry", "2/28", date(2028, 2, 29)),
        ("expiry", "31-Dec-2026", date(2026, 12, 31)),
        ("expiry", "2026-12-31", date(2026, 12, 31)),
        ("expiry", "2026-12", date(2026, 12, 31)),
    ],
    ids=str,
)
def test_cells_are_read_as_suppliers_write_them(field, text, value):
    assert READERS[field](text) == value


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"qty": "two"}, "Qty", "Not a number."),
        ({"qty": ""}, "Qty", "There is no quantity."),
        ({"qty": "-2"}, "Qty", "Below zero."),
        ({"qty": "1.0001"}, "Qty", "More than 3 decimals."),
        ({"rate": "NaN"}, "Rate", "Not a number."),
        ({"rate": "1e999"}, "Rate", "Too large a figure."),
        ({"rate": "999999999999"}, "Rate", "Too large a figure."),
        ({"rate": "-"}, "Rate", "There is no rate."),
        ({"free": "x"}, "Free", "Not a number."),
        ({"pack": "500 GM"}, "Pcs/Case", "That is what a piece weighs"),
        ({"pack": "0"}, "Pcs/Case", "A pack holds at least something."),
        ({"mrp": "sixty"}, "M.R.P.", "Not a number."),
        ({"disc": "101"}, "Disc %", "More than 100 %."),
        ({"gst": "five"}, "GST %", "Not a number."),
        ({"expiry": "31/13/26"}, "Exp. Date", "Not a date such as 31/12/26"),
        ({"expiry": "12/31/2026"}, "Exp. Date", "Not a date"),
        ({"batch": "b" * 41}, "Batch No.", "at most 40"),
        ({"ean": "8901234567899"}, "EAN Code", "Misread code."),
        ({"ean": "8.90E+12"}, "EAN Code", "has shortened this number"),
        ({"total": "?"}, "Net Amount", "Not a number."),
    ],
    ids=str,
)
def test_a_bad_cell_is_told_with_its_row_and_column_and_nothing_is_written(signed_in, shop, supplier, cells, column, sentence):
    goods_of(shop, 2)
    bring(signed_in, shop, supplier, csv_file(rows([item(0), item(1, **cells)])))
    file = shop.bill_files.get()
    answer = signed_in.post(url(shop, "bill_file_columns", file.pk), as_columns(COLUMNS), follow=True)
    page = answer.content.decode()
    told = page.partition("Cells that cannot be read")[2].partition("</table>")[0]
    assert "<td>Row 7</td>" in told
    assert f"<td data-lead>{column}</td>" in told
    assert sentence in told
    assert not GoodsReceipt.objects.exists()


def test_what_cannot_be_read_stands_in_its_box_and_is_refused_there(signed_in, shop, supplier):
    goods_of(shop, 2)
    file = matched(signed_in, shop, supplier, [item(0, qty="two", gst="five"), item(1, qty="")])
    sent = filled(signed_in, shop, file)
    first, second = (row.partition("-")[0] for row in sent["row"])
    assert (sent[f"{first}-packs"], sent[f"{first}-gst_rate"], sent[f"{second}-packs"]) == (["two"], ["five"], [""])
    answer = signed_in.post(url(shop, "new_purchase"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{first}-packs_error"' in page
    assert "Row 6, Qty: “two”. Not a number." in page  # the file is still named
    assert shop.bill_files.exists()
    assert not GoodsReceipt.objects.exists()


def test_sums_headings_again_and_names_alone_are_no_goods(signed_in, shop, supplier):
    goods_of(shop, 2)
    blank = [""] * len(HEADINGS)
    section = [*blank[:3], "SOAPS AND DETERGENTS", *blank[4:]]
    file = matched(signed_in, shop, supplier, [section, item(0), HEADINGS, item(1)])
    found = at_hand(file)
    assert [one.item.line for one in found.matches] == [7, 9]
    assert (found.reading.paper_total, found.lines_total) == (D("5733.00"), D("191.10"))


# --- the columns ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"column-8": ""}, "Say which column is the quantity."),
        ({"column-11": ""}, "Say which column is the rate."),
        ({"column-1": "", "column-2": "", "column-3": ""}, "Say which column names the goods"),
        ({"column-0": "rate"}, "Both “Sr” and “Rate” are said to be: Rate."),
        ({"column-0": "password"}, "Choose from the list what each column is."),
        ({"column-0": "\x00"}, "Choose from the list"),
    ],
    ids=str,
)
def test_columns_must_make_sense(signed_in, shop, supplier, change, sentence):
    bring(signed_in, shop, supplier, csv_file(rows([item(0)])))
    file = shop.bill_files.get()
    answer = signed_in.post(url(shop, "bill_file_columns", file.pk), as_columns(COLUMNS) | change)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    file.refresh_from_db()
    assert (file.mapping, BillFileMapping.objects.exists()) == ({}, False)


def test_next_file_with_these_headings_goes_straight_to_the_form(signed_in, shop, supplier):
    goods_of(shop, 3)
    bring(signed_in, shop, supplier, csv_file(rows([item(0)])))
    file = shop.bill_files.get()
    changed = [*COLUMNS]
    changed[12], changed[4] = "discount", ""  # the first time it was corrected
    signed_in.post(url(shop, "bill_file_columns", file.pk), as_columns(changed) | {"inclusive": "on"})
    answer = bring(signed_in, shop, supplier, xlsx_file(rows([item(n, disc="2.50") for n in range(3)])))
    second = shop.bill_files.first()
    assert answer["Location"] == url(shop, "enter_bill_file", second.pk)
    sent = filled(signed_in, shop, second)
    assert (len(sent["row"]), "inclusive" in sent) == (3, True)
    assert sent[sent["row"][0].partition("-")[0] + "-discount"] == ["2.50"]
    assert shop.bill_file_mappings.count() == 1


def test_other_headings_and_other_suppliers_are_asked_for_anew(signed_in, shop, supplier):
    goods_of(shop, 1)
    matched(signed_in, shop, supplier, [item(0)])
    sheet = rows([item(0)])
    other = make_supplier(shop, "Mehta Traders")
    assert "/enter/" not in bring(signed_in, shop, other, csv_file(sheet))["Location"]
    sheet[4] = [*HEADINGS[:-1], "Value"]
    assert "/enter/" not in bring(signed_in, shop, supplier, csv_file(sheet))["Location"]


def test_a_remembered_mapping_that_is_no_longer_good_is_asked_for_again(signed_in, shop, supplier):
    goods_of(shop, 1)
    matched(signed_in, shop, supplier, [item(0)])
    shop.bill_file_mappings.update(mapping={"quantity": 99, "colour": 1})
    answer = bring(signed_in, shop, supplier, csv_file(rows([item(0)])))
    assert answer["Location"] == url(shop, "bill_file", shop.bill_files.first().pk)


# --- bad files ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "The file is empty."),
        ("a.csv", b"\n \n", "There is nothing in this file."),
        ("a.csv", b"Item,Qty,Rate\n", "There are no rows under the headings."),
        ("a.xlsx", b"%PDF-1.7 \x00\x01", "not an Excel file"),
        ("a.csv", b"%PDF-1.7 text", "neither a CSV nor an Excel"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "neither a CSV nor an Excel"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel file"),
        ("a.csv", b'Item,Qty,Rate\n"Soap,1,2\n', "quotation mark"),
        ("a.xlsx", b"PK\x03\x04 broken", "damaged"),
        ("a.csv", b"Item,Qty,Rate\n" + b"Soap,1,2\n" * 601, "More than 600 rows."),
        ("a.csv", b"Item,Qty,Rate," + b"x," * 90 + b"x\n1,2,3\n", "more than 80 columns"),
        ("a.csv", b"n" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_bill_is_refused_in_words(signed_in, shop, supplier, name, content, sentence):
    answer = bring(signed_in, shop, supplier, SimpleUploadedFile(name, content))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert 'id="id_file_error"' in answer.content.decode()
    assert not shop.bill_files.exists()


def test_an_excel_cell_beyond_all_numbers_is_refused_in_words(signed_in, shop, supplier):
    good = zipfile.ZipFile(xlsx_file(rows([item(0, gst=987654321)]), formats={"N": "0%"}))
    out = io.BytesIO()
    with good, zipfile.ZipFile(out, "w") as target:
        for part in good.namelist():
            target.writestr(part, good.read(part).replace(b"987654321", b"9" * 400))
    answer = bring(signed_in, shop, supplier, SimpleUploadedFile("bill.xlsx", out.getvalue()))
    assert answer.status_code == 422
    assert "damaged" in answer.content.decode()


def test_supplier_and_file_are_asked_for(signed_in, shop, supplier, other_shop):
    answer = signed_in.post(url(shop, "bring_bill"), {})
    assert answer.status_code == 422
    assert "Choose the supplier." in answer.content.decode()
    assert "Choose the file first." in answer.content.decode()
    theirs = make_supplier(other_shop, "Theirs")
    assert bring(signed_in, shop, theirs, csv_file(rows([item(0)]))).status_code == 422


def test_more_goods_than_a_bill_holds_are_told(signed_in, shop, supplier):
    goods_of(shop, 1)
    file = matched(signed_in, shop, supplier, [item(0)] * 501)
    page = signed_in.get(url(shop, "enter_bill_file", file.pk), follow=True).content.decode()
    assert "These are 501 lines; a bill has at most 500." in page


def test_invisible_and_hostile_text_is_kept_out_and_escaped(signed_in, shop, supplier):
    file = matched(signed_in, shop, supplier, [item(0, ean="", name="<script>alert(1)</script>\u202eX", code="=cmd|' /C calc'!A0")])
    page = signed_in.get(url(shop, "bill_file", file.pk)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;X" in page
    assert "<script>alert(1)" not in page
