"""The goods of a supplier's file: found, chosen and remembered; and what is left of a file when its bill is entered."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from inventory.bill_files.acts import take_in
from inventory.bill_files.entry import at_hand
from inventory.models import BillFile, BillFileMapping, SupplierItem
from tests import factories
from tests.at_once import at_once
from tests.inventory.bill_files import bring, choose, csv_file, ean, filled, goods_of, item, matched, rows, url
from tests.inventory.buying import make_supplier

KEY = "6f1c0f4e-7f0e-4a57-9a3e-6c2f0a4be001"


@pytest.fixture
def supplier(shop):
    return make_supplier(shop, "Gupta Agencies")


@pytest.fixture
def signed_in(client, shop):
    client.force_login(shop.owner)
    return client


# --- the goods ------------------------------------------------------------------------------------------------


def test_unmatched_items_are_listed_chosen_and_remembered(signed_in, shop, supplier):
    tea = factories.make_product(shop, "Tata Tea Premium 250 g", sku="TEA", price="140", mrp="140", cost="100")
    goods_of(shop, 1)
    unknown = item(1, code="TTP", ean="", name="TATA TEA PREM", rate="1,200", pack="", mrp="")
    stand = item(2, code="", ean="", name="DISPLAY STAND")
    file = matched(signed_in, shop, supplier, [item(0), unknown, unknown, stand])
    page = signed_in.get(url(shop, "bill_file", file.pk)).content.decode()
    assert "TATA TEA PREM" in page
    assert "2 lines" in page  # asked for once
    assert signed_in.get(url(shop, "enter_bill_file", file.pk))["Location"] == url(shop, "bill_file", file.pk)
    answer = choose(signed_in, shop, file, (7, "Tata Tea Premium 250 g · TEA", "12"), (9, "", ""), leave="9")
    assert answer["Location"] == url(shop, "enter_bill_file", file.pk)
    known = shop.supplier_items.get()
    assert (known.kind, known.key, known.product, known.pack_size) == ("code", "TTP", tea, 12)
    sent = filled(signed_in, shop, file)
    keys = [row.partition("-")[0] for row in sent["row"] if row.endswith(f"-{tea.pk}")]
    assert (len(sent["row"]), len(keys)) == (3, 2)
    assert (sent[f"{keys[0]}-pack_size"], sent[f"{keys[0]}-mrp"]) == (["12"], ["140.00"])  # the goods' own MRP
    second = matched(signed_in, shop, supplier, [unknown, stand])
    assert [one.product_id for one in at_hand(second).matches] == [tea.pk, None]  # what was left out is asked for again


def test_a_pack_in_the_file_is_not_asked_for_and_remembered(signed_in, shop, supplier):
    factories.make_product(shop, "Tea", sku="TEA")
    file = matched(signed_in, shop, supplier, [item(0, ean="", pack="24")])
    assert 'type="hidden" name="pack" value="24' in signed_in.get(url(shop, "bill_file", file.pk)).content.decode()
    choose(signed_in, shop, file, (6, "TEA", "7"))
    assert shop.supplier_items.get().pack_size == 24


def test_a_name_is_remembered_where_there_is_no_code(signed_in, shop, supplier):
    tea = factories.make_product(shop, "Tea", sku="TEA", price="140", mrp="140", cost="100")
    file = matched(signed_in, shop, supplier, [item(0, code="", ean="", name="Tata-Tea  250")])
    choose(signed_in, shop, file, (6, "TEA", ""))
    second = matched(signed_in, shop, supplier, [item(0, code="", ean="", name="TATA TEA 250")])
    assert at_hand(second).matches[0].product_id == tea.pk
    other = make_supplier(shop, "Mehta Traders")
    assert at_hand(matched(signed_in, shop, other, [item(0, code="", ean="", name="TATA TEA 250")])).matches[0].product_id is None


def test_goods_are_found_by_barcode_then_memory_then_the_very_same_name(signed_in, shop, supplier):
    soap, tea, named = (factories.make_product(shop, name, sku=name) for name in ("Soap", "Tea", "Rin Bar"))
    soap.barcodes.create(shop=shop, code=ean(7), pack_quantity=6)
    SupplierItem.objects.create(shop=shop, supplier=supplier, kind="code", key="GA007", said="x", product=tea, changed_by=shop.owner)
    twice = [factories.make_product(shop, "Twin", sku=f"TWIN{n}") for n in range(2)]
    rows_sent = [
        item(7, name="Rin Bar"), item(7, ean="", code="ga007", name="Rin Bar"),
        item(8, ean="", name="RIN BAR"), item(9, ean="", name="Twin"),
    ]  # fmt: skip
    found = at_hand(matched(signed_in, shop, supplier, rows_sent))
    assert [one.product_id for one in found.matches] == [soap.pk, tea.pk, named.pk, None]
    assert (found.matches[0].pack, found.open_items[0].several, len(twice)) == (6, True, 2)


@pytest.mark.parametrize(
    ("goods", "pack", "sentence"),
    [
        ("", "", "Choose the goods, or leave it out."),
        ("nothing of the kind", "", "No product is found by"),
        ("Tea", "", "Several fit"),
        ("TEA1", "0", "How many pieces does their pack hold?"),
        ("TEA1", "NaN", "How many pieces does their pack hold?"),
        ("TEA1", "1e999", "How many pieces does their pack hold?"),
        ("TEA1", "99999999", "How many pieces does their pack hold?"),
    ],
    ids=str,
)
def test_a_wrong_choice_is_told_at_its_box_and_nothing_is_kept(signed_in, shop, supplier, goods, pack, sentence):
    for n in (1, 2):
        factories.make_product(shop, f"Tea {n}", sku=f"TEA{n}")
    file = matched(signed_in, shop, supplier, [item(0, ean="", pack=""), item(1, ean="", pack="")])
    answer = choose(signed_in, shop, file, (6, "TEA2", "6"), (7, goods, pack))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="TEA2"' in page  # what was typed rightly stays
    assert not SupplierItem.objects.exists()


def test_goods_of_another_shop_are_not_found(signed_in, shop, supplier, other_shop):
    factories.make_product(other_shop, "Theirs", sku="THEIRS", barcodes=[(ean(0), 1)])
    file = matched(signed_in, shop, supplier, [item(0, name="Theirs")])
    assert at_hand(file).matches[0].product_id is None
    assert choose(signed_in, shop, file, (6, "THEIRS", "1")).status_code == 422


def test_what_was_said_of_an_item_can_be_asked_again(signed_in, shop, supplier):
    factories.make_product(shop, "Tea", sku="TEA")
    file = matched(signed_in, shop, supplier, [item(0, ean=""), item(1, ean="")])
    choose(signed_in, shop, file, (6, "TEA", ""), leave_rest="1")
    file.refresh_from_db()
    assert not at_hand(file).open_items
    for line in ("6", "7", "7", "99", "x"):
        answer = signed_in.post(url(shop, "bill_file_again", file.pk), {"line": line})
        assert answer["Location"] == url(shop, "bill_file", file.pk)
    file.refresh_from_db()
    assert len(at_hand(file).open_items) == 2
    assert not SupplierItem.objects.exists()


def test_a_bill_of_which_all_is_left_out_is_not_opened(signed_in, shop, supplier):
    file = matched(signed_in, shop, supplier, [item(0)])
    answer = choose(signed_in, shop, file, leave_rest="1")
    page = signed_in.get(answer["Location"], follow=True).content.decode()
    assert "All of it is left out." in page


# --- twice, and what is left of it ----------------------------------------------------------------------------
def test_reading_twice_takes_in_one_file(signed_in, shop, supplier):
    answers = [bring(signed_in, shop, supplier, csv_file(rows([item(0)])), request_key=KEY)["Location"] for _ in range(2)]
    assert len(set(answers)) == 1
    assert shop.bill_files.count() == 1
    bring(signed_in, shop, supplier, csv_file(rows([item(1)])), request_key=KEY)  # gone back, and another file chosen
    assert shop.bill_files.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_take_in_one_file(shop, supplier):
    content = csv_file(rows([item(0)])).read()

    def press():
        return take_in(shop=shop, by=shop.owner, supplier=supplier, filename="bill.csv", content=content, request_key=UUID(KEY))

    assert at_once([press, press]) == [shop.bill_files.get()] * 2


def test_saving_twice_enters_one_bill_and_the_file_is_gone(signed_in, shop, supplier):
    goods_of(shop, 1)
    file = matched(signed_in, shop, supplier, [item(0)])
    sent = filled(signed_in, shop, file) | {"paper_total": ""}
    for _ in range(2):
        assert signed_in.post(url(shop, "new_purchase"), sent).status_code == 302
    assert (shop.goods_receipts.count(), shop.bill_files.count()) == (1, 0)
    assert signed_in.get(url(shop, "enter_bill_file", file.pk)).status_code == 404


def test_anothers_file_named_by_a_form_is_neither_shown_nor_cleared(signed_in, shop, supplier, other_shop):
    goods_of(shop, 1)
    file = matched(signed_in, shop, supplier, [item(0)])
    theirs = BillFile.objects.create(
        shop=other_shop, supplier=make_supplier(other_shop, "Theirs"), by=other_shop.owner, filename="secret.csv"
    )
    sent = filled(signed_in, shop, file) | {"paper_total": "", "file": str(theirs.pk)}
    assert "secret.csv" not in signed_in.post(url(shop, "new_purchase"), sent | {"number": ""}).content.decode()
    assert signed_in.post(url(shop, "new_purchase"), sent).status_code == 302
    assert other_shop.bill_files.exists()


def test_a_file_is_forgotten_on_demand_and_after_a_month(signed_in, shop, supplier):
    old, new = (matched(signed_in, shop, supplier, [item(0)]) for _ in "ab")
    assert "bill.csv" in signed_in.get(url(shop, "bring_bill")).content.decode()
    assert signed_in.post(url(shop, "forget_bill_file", new.pk)).status_code == 302
    assert shop.bill_files.get() == old
    shop.bill_files.update(created_at=timezone.now() - timedelta(days=31))
    bring(signed_in, shop, supplier, csv_file(rows([item(0)])))
    assert not shop.bill_files.filter(pk=old.pk).exists()
    assert shop.bill_file_mappings.exists()


def test_pages_ask_as_often_for_sixty_lines_as_for_one(signed_in, shop, supplier, django_assert_max_num_queries):
    goods_of(shop, 40)
    file = matched(signed_in, shop, supplier, [item(n) for n in range(60)])
    with django_assert_max_num_queries(12):
        assert signed_in.get(url(shop, "bill_file", file.pk)).status_code == 200
    typed = [(n + 6, f"OUR{n - 40}", "1") for n in range(40, 60)]
    with django_assert_max_num_queries(16):
        assert choose(signed_in, shop, file, *typed).status_code == 302
    with django_assert_max_num_queries(12):
        sent = filled(signed_in, shop, file)
    with django_assert_max_num_queries(16):
        assert signed_in.post(url(shop, "new_purchase"), sent | {"number": ""}).status_code == 422


# --- rules of the database ------------------------------------------------------------------------------------
def test_rows_of_two_shops_never_meet(shop, supplier, other_shop):
    theirs = make_supplier(other_shop, "Theirs")
    soap = factories.make_product(shop)
    for broken in (
        BillFile(shop=shop, supplier=theirs, by=shop.owner),
        BillFileMapping(shop=shop, supplier=theirs, signature="0" * 64, mapping={"rate": 0}, changed_by=shop.owner),
        SupplierItem(shop=shop, supplier=theirs, kind="code", key="A", product=soap, changed_by=shop.owner),
        SupplierItem(shop=other_shop, supplier=theirs, kind="code", key="A", product=soap, changed_by=shop.owner),
    ):
        with transaction.atomic():
            broken.save()
            with pytest.raises(IntegrityError, match="same_shop"):
                connection.check_constraints()
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    "fields", [{"mapping": []}, {"mapping": {}}, {"mapping": "x"}, {"signature": "x"}], ids=str
)  # fmt: skip
def test_a_mapping_is_an_object_and_signed(shop, supplier, fields):
    good = {"signature": "0" * 64, "mapping": {"rate": 0}} | fields
    with pytest.raises(IntegrityError), transaction.atomic():
        BillFileMapping.objects.create(shop=shop, supplier=supplier, changed_by=shop.owner, **good)


@pytest.mark.parametrize("fields", [{"key": ""}, {"kind": "ean"}, {"pack_size": 0}], ids=str)
def test_a_remembered_item_has_a_key_and_a_pack(shop, supplier, fields):
    good = {"kind": "code", "key": "A", "pack_size": 1} | fields
    with pytest.raises(IntegrityError), transaction.atomic():
        SupplierItem.objects.create(shop=shop, supplier=supplier, product=factories.make_product(shop), changed_by=shop.owner, **good)
