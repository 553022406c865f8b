"""Bringing in a list, from the file to the products."""

import io
import zipfile
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from catalog import jobs
from catalog.barcodes import in_store_ean
from catalog.errors import CatalogError
from catalog.importing.acts import confirm, match_columns
from catalog.models import ImportJob
from catalog.selectors import search
from shops.models import Role
from tests import factories

D = Decimal
HTMX = {"HX-Request": "true"}
CODES = [in_store_ean("29", n) for n in range(10)]
HEAD = "SKU,Name,Category,Barcodes,Unit,Loose,HSN,GST %,MRP,Selling price,Cost,Minimum stock\n"


@pytest.fixture
def owner(client, shop):
    client.force_login(shop.owner)
    return client


def send(client, shop, content, name="list.csv"):
    content = content.encode() if isinstance(content, str) else content
    return client.post(reverse("catalog:imports", args=[shop.slug]), {"file": SimpleUploadedFile(name, content)})


def act(client, shop, step: str, data=None):
    return client.post(reverse(f"catalog:import_{step}", args=[shop.slug, shop.import_jobs.first().pk]), data or {})


def check(client, shop, content, name="list.csv") -> ImportJob:
    """The list sent, its columns taken as guessed, and checked."""
    response = send(client, shop, content, name)
    assert response.status_code == 302, response.content.decode()
    assert act(client, shop, "columns", shop.import_jobs.first().mapping).status_code == 302
    return shop.import_jobs.first()


def bring_in(client, shop, content, name="list.csv") -> ImportJob:
    job = check(client, shop, content, name)
    assert job.status == "checked", job.message
    assert act(client, shop, "confirm").status_code == 302
    return shop.import_jobs.first()


def counts(job: ImportJob) -> tuple:
    return (job.rows_new, job.rows_changed, job.rows_same, job.rows_bad)


def reasons(job: ImportJob) -> list[tuple]:
    return [(p["line"], p["column"], p["reason"]) for p in job.problems]


def xlsx(rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


# --- the way through --------------------------------------------------------------------------------------------
def test_a_list_becomes_products_only_when_confirmed(owner, shop):
    content = HEAD + f"A1,Ghee 1 l,Dairy,{CODES[0]},bottle,no,04059020,,650,640,600,6\n,Toor dal,Pulses,,kg,yes,0713,,,148,126.5,10\n"
    job = check(owner, shop, content)
    assert (job.status, counts(job)) == ("checked", (2, 0, 0, 0))
    assert not shop.products.exists()
    assert not shop.categories.exists()
    page = owner.get(reverse("catalog:import", args=[shop.slug, job.pk])).content.decode()
    assert "Write 2 products" in page
    act(owner, shop, "confirm")
    job.refresh_from_db()
    assert (job.status, bytes(job.content)) == ("done", b"")
    ghee, dal = shop.products.order_by("name")
    assert (ghee.sku, ghee.mrp, ghee.price, ghee.cost, ghee.unit, ghee.min_stock) == ("A1", D(650), D(640), D(600), "bottle", D(6))
    assert (ghee.category.name, ghee.gst_goods.slug, ghee.changed_by) == ("Dairy", "04059020-ghee", shop.owner)
    assert ghee.barcodes.get().code == CODES[0]
    assert (dal.sku, dal.loose, dal.mrp) == ("P00001", True, None)
    assert dal.gst_goods.packing == "loose"


def test_imported_goods_are_found_by_name_and_code(owner, shop):
    bring_in(owner, shop, HEAD + f"A1,Ghee 1 l,Dairy,{CODES[0]},bottle,no,04059020,,650,640,600,6\n")
    assert search(shop.products, "gh").get().sku == "A1"
    assert search(shop.products, CODES[0]).get().sku == "A1"


def test_the_same_list_again_changes_nothing(owner, shop):
    content = HEAD + f"A1,Ghee,Dairy,{CODES[0]},bottle,,04059020,,650,640,600,6\n,Toor dal,,,kg,yes,0713,,,148,126.5,\n"
    bring_in(owner, shop, content)
    job = check(owner, shop, content)
    assert counts(job) == (0, 0, 2, 0)
    assert "Everything in the list is already so." in owner.get(reverse("catalog:import", args=[shop.slug, job.pk])).content.decode()


def test_updates_by_sku_and_by_barcode_and_keeps_history(owner, shop):
    bring_in(owner, shop, HEAD + f"A1,Ghee,,{CODES[0]},,,04059020,,650,640,600,\nB2,Butter,,{CODES[1]},,,040510,,60,58,50,\n")
    job = bring_in(owner, shop, f"barcode,rate\n{CODES[1]},57\n")
    assert counts(job) == (0, 1, 0, 0)
    butter = shop.products.get(sku="B2")
    assert (butter.name, butter.price, butter.cost) == ("Butter", D(57), D(50))
    change = butter.price_changes.get()
    assert (change.old_price, change.price, change.changed_by) == (D(58), D(57), shop.owner)
    bring_in(owner, shop, f"sku,name,barcode\na1,Ghee pure,{CODES[2]}=12\n")
    ghee = shop.products.get(sku="A1")
    assert ghee.name == "Ghee pure"
    assert dict(ghee.barcodes.values_list("code", "pack_quantity")) == {CODES[0]: 1, CODES[2]: 12}
    assert {p.pk for p in search(shop.products, "ghee pure")} == {ghee.pk}
    assert search(shop.products, CODES[0]).get() == search(shop.products, CODES[2]).get() == ghee


def test_an_empty_cell_leaves_what_the_product_has(owner, shop):
    product = factories.make_product(shop, "Soap", sku="S1", local_name="साबण", min_stock=D(5))
    job = check(owner, shop, "sku,name,local name,mrp,price,minimum stock\nS1,,,,,\n")
    assert counts(job) == (0, 0, 1, 0)
    bring_in(owner, shop, "sku,name,local name,mrp,price,minimum stock\nS1,,,,51,\n")
    product.refresh_from_db()
    assert (product.price, product.local_name, product.min_stock) == (D(51), "साबण", D(5))


def test_price_is_the_mrp_when_there_is_none(owner, shop):
    bring_in(owner, shop, "name,mrp,gst\nSoap,40,5\n")
    assert shop.products.get().price == D(40)


def test_xlsx_with_numbers_and_its_own_headings(owner, shop):
    rows = [
        ["Item Name", "EAN", "Tax", "MRP (Rs)", "Rate"],
        ["Soap", int(CODES[3]), 5, 45.2, 44.0],
        [None] * 5,
        ["Oil", None, 5.0, None, 180],
    ]
    bring_in(owner, shop, xlsx(rows), "stock.xlsx")
    soap = shop.products.get(name="Soap")
    assert (soap.mrp, soap.price, soap.barcodes.get().code) == (D("45.20"), D(44), CODES[3])


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("\ufeffName;MRP;GST\nCafé;40;5\n".encode(), "Café"),
        ("Name\tMRP\tGST\nCafé\t40\t5\n".encode("cp1252"), "Café"),
        ("Name,MRP,GST\nनमक,40,5\n".encode("utf-16"), "नमक"),
        (b'Name,MRP,GST\r\n"Soap, ""big""\nblue",40,5\r\n', 'Soap, "big" blue'),
        ("Name|MRP|GST\n🍌 شاي|40|5\n".encode(), "🍌 شاي"),
        (b"Name,MRP,GST\n'=cmd|x,40,5\n", "=cmd|x"),
    ],
)
def test_reads_encodings_delimiters_and_quotes(owner, shop, content, name):
    bring_in(owner, shop, content)
    assert shop.products.get().name == name


def test_columns_are_remembered_for_the_same_headings(owner, shop):
    send(owner, shop, "Foo,Bar,Baz\nSoap,40,5\n")
    act(owner, shop, "columns", {"name": "0", "mrp": "1", "gst_rate": "2"})
    act(owner, shop, "confirm")
    assert shop.products.get().name == "Soap"
    send(owner, shop, "Foo,Bar,Baz\nOil,140,5\n")
    assert shop.import_jobs.first().mapping == {"name": 0, "mrp": 1, "gst_rate": 2}


# --- bad rows ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("head", "row", "column", "reason"),
    [
        ("name,mrp,gst", "Soap,abc,5", "MRP", "Not a number."),
        ("name,mrp,gst", "Soap,-4,5", "MRP", "Below zero."),
        ("name,mrp,gst", "Soap,999999999999,5", "MRP", "Too large a figure."),
        ("name,mrp,gst", "Soap,9e9999999999999999999,5", "MRP", "Not a number."),
        ("name,mrp,gst", "Soap,1.234,5", "MRP", "More than 2 decimals."),
        ("name,mrp,gst", "Soap,NaN,5", "MRP", "Not a number."),
        ("name,mrp,gst,min stock", "Soap,10,5,1.1234", "Minimum stock", "More than 3 decimals."),
        ("name,mrp,gst,min stock", "Soap,10,5,1.5", "Minimum stock", "A piece is sold whole: no decimals."),
        ("name,mrp,gst,min stock", "Soap,10,5,-1", "Minimum stock", "Below zero."),
        ("name,mrp,gst,price", "Soap,10,5,11", "Selling price", "Above the MRP of ₹ 10.00. Nobody may sell above MRP."),
        ("name,mrp,gst,cost", "Soap,10,5,11", "Cost", "Above the selling price of ₹ 10.00: every sale would lose money."),
        ("name,mrp,gst,price", "Soap,0,5,0", "MRP", "The MRP must be above zero. Leave it empty for goods without one."),
        ("name,sku,gst", "Soap,A1,5", "Selling price", "Give a selling price or an MRP."),
        ("name,mrp,gst", ",10,5", "Name", "A new product needs a name."),
        ("name,mrp,gst", "\u202e,10,5", "Name", "A new product needs a name."),
        ("name,mrp,gst", f"{'x' * 121},10,5", "Name", "Longer than 120 letters."),
        ("name,mrp,gst", "Soap,10,7", "GST %", "No goods bear 7\xa0% GST today."),
        ("name,mrp,gst", "Soap,10,12", "GST %", "No goods bear 12\xa0% GST today."),
        ("name,mrp,gst", "Soap,10,", "HSN", "Give the HSN or the GST %."),
        ("name,mrp,hsn", "Biscuit,10,190", "HSN", "No GST rate is known for HSN 0190. Fill the column GST %."),
        ("name,mrp,hsn", "Soap,10,12", "HSN", "An HSN has 4, 6 or 8 digits."),
        ("name,mrp,hsn", "Soap,10,12ab", "HSN", "An HSN is digits only."),
        ("name,mrp,hsn,gst", "Ghee,10,04059020,18", "GST %", "HSN 04059020 bears 5\xa0% today, not 18\xa0%."),
        ("name,mrp,gst,unit", "Soap,10,5,hogshead", "Unit", "Unknown unit. Use one of: piece"),
        ("name,mrp,gst,plu", "Soap,10,5,0", "PLU", "A PLU is a number from 1 to 99999."),
        ("name,mrp,gst,loose", "Soap,10,5,maybe", "Loose", "Write yes or no."),
        ("name,mrp,gst,barcode", "Soap,10,5,8.90E+12", "Barcodes", "Excel has shortened this number to 8.90E+12."),
        ("name,mrp,gst,barcode", "Soap,10,5,8901063010310", "Barcodes", "8901063010310: Misread code."),
        ("name,mrp,gst,barcode", "Soap,10,5,AB=0", "Barcodes", "How many does AB stand for?"),
    ],
)
def test_a_bad_row_is_told_with_line_column_and_reason(owner, shop, head, row, column, reason):
    job = check(owner, shop, f"{head}\n{row}\n")
    assert (job.status, counts(job)) == ("checked", (0, 0, 0, 1))
    line, at, why = reasons(job)[0]
    assert (line, at) == (2, column)
    assert why.startswith(reason)
    assert act(owner, shop, "confirm").status_code == 302
    assert not shop.products.exists()


def test_an_ambiguous_hsn_is_decided_by_the_rate_column(owner, shop):
    job = check(owner, shop, "name,mrp,hsn,gst\nParatha,10,2106,0\nMixture,10,2106,5\nSomething,10,2106,\n")
    assert counts(job) == (2, 0, 0, 1)
    assert "Say which in the column GST %" in reasons(job)[0][2]


def test_rows_that_clash_with_each_other_are_told(owner, shop):
    job = check(
        owner,
        shop,
        HEAD
        + f"A1,One,,{CODES[0]},,,,5,10,10,1,\n"
        + "a1,Two,,,,,,5,10,10,1,\n"
        + f"A3,Three,,{CODES[0]},,,,5,10,10,1,\n"
        + ",Four,,,,,,5,10,10,1,\n"
        + ",four,,,,,,5,10,10,1,\n",
    )
    assert counts(job) == (2, 0, 0, 3)
    assert [(line, column) for line, column, _ in reasons(job)] == [(3, "SKU"), (4, "Barcodes"), (6, "Name")]
    assert "line 2" in reasons(job)[0][2]


def test_rows_that_clash_with_the_shop_are_told(owner, shop):
    factories.make_product(shop, "Soap", sku="S1", barcodes=[(CODES[0], D(1))], plu=7)
    factories.make_product(shop, "Oil", sku="S2", barcodes=[(CODES[1], D(1))])
    job = check(
        owner,
        shop,
        f'sku,name,barcode,plu,mrp,gst\nS2,Oil,{CODES[0]},,60,5\n,Other,,7,60,5\nS2,Oil,,7,60,5\nX,Both,"{CODES[0]},{CODES[1]}",,60,5\n',
    )
    assert counts(job) == (0, 0, 0, 4)
    assert "already a barcode of Soap" in reasons(job)[0][2]
    assert "already typed for Soap" in reasons(job)[1][2]


def test_another_shops_goods_are_not_touched_or_known(owner, shop, other_shop):
    theirs = factories.make_product(other_shop, "Their soap", sku="S1", barcodes=[(CODES[0], D(1))])
    bring_in(owner, shop, f"sku,name,barcode,mrp,gst,category\nS1,Ours,{CODES[0]},60,5,New\n")
    theirs.refresh_from_db()
    assert theirs.name == "Their soap"
    assert shop.products.get().name == "Ours"
    assert not other_shop.categories.exists()


def test_good_rows_go_in_and_bad_ones_stay_out(owner, shop):
    job = bring_in(owner, shop, "name,mrp,gst\nSoap,40,5\nOil,x,5\n")
    assert counts(job) == (1, 0, 0, 1)
    assert shop.products.get().name == "Soap"
    page = owner.get(reverse("catalog:import", args=[shop.slug, job.pk])).content.decode()
    assert "1 product is written." in page
    assert "Not a number." in page


def test_bad_rows_come_as_csv_without_formulas(owner, shop):
    job = check(owner, shop, "name,mrp,gst\nSoap,=HYPERLINK(1),5\n")
    response = owner.get(reverse("catalog:import_problems", args=[shop.slug, job.pk]))
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert text.splitlines() == ["Line,Column,Value,Reason", "2,MRP,'=HYPERLINK(1),Not a number."]


def test_many_bad_rows_come_in_pages(owner, shop):
    job = check(owner, shop, "name,mrp,gst\n" + "Soap,x,5\n" * 250)
    page = owner.get(reverse("catalog:import", args=[shop.slug, job.pk]), {"page": 3}).content.decode()
    assert "51–75 of 250" in page


# --- bad files --------------------------------------------------------------------------------------------------
def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("xl/workbook.xml", "<a/>")
        z.writestr("xl/worksheets/sheet1.xml", b"0" * (130 * 1024 * 1024))
    return file.getvalue()


def other_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as z:
        z.writestr("hello.txt", "hello")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "The file is empty."),
        ("a.csv", b"\n\n", "no rows under the headings"),
        ("a.csv", b"name,mrp\n", "no rows under the headings"),
        ("a.xlsx", b"%PDF-1.7 \x00\x01", "not an Excel file"),
        ("a.csv", b"%PDF-1.7 text", "neither a CSV nor an Excel"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "neither a CSV nor an Excel"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel file"),
        ("a.csv", b'name,mrp\n"Soap,40\nOil,50\n', "quotation mark"),
        ("a.csv", b'name,mrp\n"Soap"x,40\n', "Line 2 cannot be read"),
        ("a.xlsx", b"PK\x03\x04 broken", "damaged"),
        ("a.xlsx", other_zip(), "not an Excel file"),
        ("a.xlsx", bomb(), "unpacks to far too much"),
        ("a.csv", b"x," * 200 + b"\n" + b"1," * 200, "200 columns"),
        ("a.csv", b"n" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
        ("a.csv", b"n\n" + b"1\n" * 50_001, "More than 50,000 rows"),
        ("a.csv", b"name\n" + b"x" * 200_000, "quotation mark"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_list_is_refused_in_words(owner, shop, name, content, sentence):
    response = send(owner, shop, content, name)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not shop.import_jobs.exists()


def test_a_broken_sheet_inside_a_good_zip_is_refused(owner, shop):
    file = io.BytesIO(xlsx([["name", "mrp"], ["Soap", 1]]))
    out = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(out, "w") as target:
        for part in source.namelist():
            target.writestr(part, b"<worksheet><sheetData><row" if "sheet1" in part else source.read(part))
    response = send(owner, shop, out.getvalue(), "a.xlsx")
    assert response.status_code == 422
    assert "damaged" in response.content.decode()


def test_no_file_is_told(owner, shop):
    response = owner.post(reverse("catalog:imports", args=[shop.slug]), {})
    assert response.status_code == 422
    assert "Choose the file" in response.content.decode()


# --- the steps --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"mrp": "1"}, "which column holds the name"),
        ({"name": "99"}, "Choose columns of this file."),
        ({"name": "0", "mrp": "0"}, "chosen for two things"),
        ({"name": "-1", "sku": "x"}, "which column holds the name"),
    ],
)
def test_columns_must_make_sense(owner, shop, columns, sentence):
    send(owner, shop, "name,mrp,gst\nSoap,40,5\n")
    response = act(owner, shop, "columns", columns)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert shop.import_jobs.get().status == "uploaded"


def test_while_it_works_the_page_asks_again_and_then_stops(owner, shop):
    send(owner, shop, "name,mrp,gst\nSoap,40,5\n")
    job = shop.import_jobs.get()
    url = reverse("catalog:import", args=[shop.slug, job.pk])
    shop.import_jobs.update(status="checking", rows_done=0, rows_total=4)
    fragment = owner.get(url, headers=HTMX).content.decode()
    assert fragment.lstrip().startswith('<div id="import-state"')
    assert 'hx-trigger="every 1s"' in fragment
    assert "<progress" in fragment
    shop.import_jobs.update(status="checked")
    assert "hx-trigger" not in owner.get(url, headers=HTMX).content.decode()


def test_confirming_twice_writes_once(owner, shop):
    check(owner, shop, "name,mrp,gst\nSoap,40,5\n")
    act(owner, shop, "confirm")
    act(owner, shop, "confirm")
    assert shop.products.count() == 1


def test_jobs_are_safe_twice(owner, shop):
    job = bring_in(owner, shop, "name,mrp,gst\nSoap,40,5\n")
    jobs.write_import(job.pk)
    jobs.check_import(job.pk)
    jobs.write_import(999_999)
    assert shop.products.count() == 1
    job.refresh_from_db()
    assert job.status == "done"


def test_what_changed_between_check_and_write_is_checked_again(owner, shop):
    check(owner, shop, f"name,barcode,mrp,gst\nSoap,{CODES[0]},40,5\nOil,{CODES[1]},140,5\n")
    factories.make_product(shop, "Quick", barcodes=[(CODES[0], D(1))], sku="Q1", cost="45", price="50")
    act(owner, shop, "confirm")
    job = shop.import_jobs.first()
    assert (job.status, counts(job)) == ("done", (1, 0, 0, 1))
    assert shop.products.filter(name="Oil").exists()


def test_a_failure_in_the_middle_writes_nothing_and_says_so(owner, shop, monkeypatch):
    check(owner, shop, "name,mrp,gst\nSoap,40,5\n")

    def halfway(*args, **kwargs):
        factories.make_product(shop, "Half")
        raise RuntimeError("power cut")

    monkeypatch.setattr(jobs, "write_plan", halfway)
    act(owner, shop, "confirm")
    job = shop.import_jobs.first()
    assert job.status == "failed"
    assert "Nothing was written" in owner.get(reverse("catalog:import", args=[shop.slug, job.pk])).content.decode()
    assert not shop.products.exists()


def test_a_list_can_be_forgotten_until_it_is_written(owner, shop):
    check(owner, shop, "name,mrp,gst\nSoap,40,5\n")
    assert act(owner, shop, "drop").status_code == 302
    assert not shop.import_jobs.exists()
    bring_in(owner, shop, "name,mrp,gst\nSoap,40,5\n")
    act(owner, shop, "drop")
    assert shop.import_jobs.exists()


def test_a_done_list_is_not_matched_again(shop, owner):
    job = bring_in(owner, shop, "name,mrp,gst\nSoap,40,5\n")
    for step in (lambda: match_columns(job=job, mapping={"name": 0}), lambda: confirm(job=job)):
        with pytest.raises(CatalogError):
            step()


# --- who may ----------------------------------------------------------------------------------------------------
def pages(shop, job):
    one = [shop.slug, job.pk]
    return {
        "get": [
            reverse("catalog:imports", args=[shop.slug]),
            reverse("catalog:import", args=one),
            reverse("catalog:import_problems", args=one),
        ],
        "post": [reverse(f"catalog:import_{step}", args=one) for step in ("columns", "confirm", "drop")],
    }


def test_staff_gets_403_strangers_404_anonymous_sign_in_and_wrong_methods_405(client, shop, other_shop):
    client.force_login(shop.owner)
    send(client, shop, "name,mrp,gst\nSoap,40,5\n")
    job = shop.import_jobs.get()
    for method, wrong in (("get", "put"), ("post", "get")):
        for url in pages(shop, job)[method]:
            client.force_login(shop.owner)
            assert getattr(client, wrong)(url).status_code == 405, url
            client.force_login(factories.make_member(shop, Role.STAFF))
            assert getattr(client, method)(url).status_code == 403, url
            client.force_login(other_shop.owner)
            assert getattr(client, method)(url).status_code == 404, url
            client.logout()
            assert getattr(client, method)(url).status_code == 302, url
    client.force_login(other_shop.owner)
    for method, urls in pages(other_shop, job).items():
        for url in urls[1 if method == "get" else 0 :]:
            assert getattr(client, method)(url).status_code == 404, url
    job.refresh_from_db()
    assert job.status == "uploaded"


# --- out --------------------------------------------------------------------------------------------------------
def export(client, shop, kind):
    return b"".join(client.get(reverse("catalog:export", args=[shop.slug, kind])).streaming_content)


def test_what_goes_out_comes_back_unchanged(owner, shop):
    dairy = shop.categories.create(name="Dairy")
    factories.make_product(
        shop, "Ghee", category=dairy, hsn="04059020", gst="04059020-ghee", barcodes=[(CODES[0], D(1)), (CODES[1], D(12))]
    )
    factories.make_product(
        shop,
        "Toor dal",
        mrp=None,
        price="148",
        cost="126.5050",
        unit="kg",
        loose=True,
        plu=12,
        hsn="0713",
        gst="0713-dal-loose",
        min_stock=D("2.5"),
        stock=7,
    )
    factories.make_product(shop, "-Soap", local_name="=साबण", gst="other-18", is_active=False, perishable=True)
    for kind in ("csv", "xlsx"):
        job = check(owner, shop, export(owner, shop, kind), f"out.{kind}")
        assert (reasons(job), counts(job)) == ([], (0, 0, 3, 0))


def test_no_cell_of_an_export_is_a_formula(owner, shop):
    factories.make_product(shop, "=cmd|' /C calc'!A0", local_name="@SUM(1)", search_words="+1")
    text = export(owner, shop, "csv").decode("utf-8-sig")
    assert "'=cmd|" in text
    assert ",'@SUM(1)," in text
    book = load_workbook(io.BytesIO(export(owner, shop, "xlsx")))
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


def test_staff_export_has_no_cost(client, shop):
    factories.make_product(shop, "Soap", cost="41.37")
    client.force_login(factories.make_member(shop, Role.STAFF))
    text = export(client, shop, "csv").decode("utf-8-sig")
    assert "Soap" in text
    assert "41.37" not in text
    assert "Cost" not in text


def test_export_is_only_for_the_shops_people_and_two_kinds(client, shop, other_shop):
    client.force_login(other_shop.owner)
    assert client.get(reverse("catalog:export", args=[shop.slug, "csv"])).status_code == 404
    assert client.get(reverse("catalog:export", args=[other_shop.slug, "exe"])).status_code == 404
    assert client.post(reverse("catalog:export", args=[other_shop.slug, "csv"])).status_code == 405


def test_the_template_can_be_brought_in_as_it_is(owner, shop):
    for kind in ("csv", "xlsx"):
        content = b"".join(owner.get(reverse("catalog:import_template", args=[shop.slug, kind])).streaming_content)
        job = check(owner, shop, content, f"t.{kind}")
        assert (reasons(job), counts(job)) == ([], (2, 0, 0, 0))
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Products", "Notes"]
