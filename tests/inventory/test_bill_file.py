"""A supplier's bill as a file: read, its columns and goods matched and remembered, the form filled, nothing posted before it is saved."""

from decimal import Decimal as D

import pytest

from inventory.models import GoodsReceipt
from tests import hostile
from tests.inventory.bill_files import COLUMNS, LINES, as_columns, bring, csv_file, goods_of, item, rows, url
from tests.inventory.buying import books_agree, make_supplier


@pytest.fixture
def supplier(shop):
    return make_supplier(shop, "Gupta Agencies")


@pytest.fixture
def signed_in(client, shop):
    client.force_login(shop.owner)
    return client


def filled(client, shop, file):
    """What the browser would send from the form that the file filled."""
    page = client.get(url(shop, "enter_bill_file", file.pk))
    assert page.status_code == 200
    return hostile.form_on(page.content, url(shop, "new_purchase"))


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
