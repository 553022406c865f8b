"""The worked examples of a kirana's books: opening stock, damage, own use, goods found, all with soap at 5 % and cost 40.00."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum

from inventory.models import StockEvent
from inventory.services import adjust_stock
from ledger.models import JournalEntry
from tests import factories

D = Decimal


def moved(document) -> dict[str, Decimal]:
    """Account code → debit minus credit of the document's entry."""
    entry = JournalEntry.objects.get(shop=document.shop, source_kind=JournalEntry.Source.STOCK_EVENT, source_id=document.event.pk)
    return {code: debit - credit for code, debit, credit in entry.postings.values_list("account__code", "debit", "credit")}


@pytest.fixture
def soap(shop):
    soap = factories.make_product(shop)
    factories.stock_up(soap, 100, credit_rate=D(5))
    return soap


def adjust(soap, change, reason, **more):
    return adjust_stock(shop=soap.shop, by=soap.shop.owner, product=soap, change=D(change), reason=reason, **more)


def test_opening_stock_stands_against_the_opening_difference(shop, soap):
    document = shop.stock_documents.get()
    assert moved(document) == {"1003": D("4000.00"), "3090": D("-4000.00")}
    connection.check_constraints()


def test_damage_of_three_soaps_gives_the_credit_back(soap):
    document = adjust(soap, -3, "damage")
    assert moved(document) == {"5020": D("120.00"), "1003": D("-120.00"), "5025": D("6.00"), "1301": D("-3.00"), "1302": D("-3.00")}
    connection.check_constraints()


@pytest.mark.parametrize("reason", ["loss", "correction"])
def test_a_shortage_is_a_loss_with_reversal(soap, reason):
    assert moved(adjust(soap, -3, reason))["5025"] == D("6.00")


def test_credit_taken_as_igst_goes_back_as_igst(shop):
    soap = factories.make_product(shop)
    factories.stock_up(soap, 10, credit_rate=D(5), credit_igst=True)
    assert moved(adjust(soap, -3, "damage")) == {"5020": D("120.00"), "1003": D("-120.00"), "5025": D("6.00"), "1303": D("-6.00")}


def test_damage_without_credit_taken_reverses_nothing(shop):
    soap = factories.make_product(shop, stock=10)
    assert moved(adjust(soap, -3, "damage")) == {"5020": D("120.00"), "1003": D("-120.00")}


def test_the_owner_takes_two_soaps_as_drawings(soap):
    document = adjust(soap, -2, "own_use")
    assert moved(document) == {"3020": D("84.00"), "1003": D("-80.00"), "1301": D("-2.00"), "1302": D("-2.00")}
    connection.check_constraints()


@pytest.mark.parametrize("reason", ["found", "correction"])
def test_a_soap_found_is_a_count_gain_without_gst(soap, reason):
    assert moved(adjust(soap, 1, reason)) == {"1003": D("40.00"), "4300": D("-40.00")}


def test_the_entry_bears_the_papers_day_and_words(soap):
    document = adjust(soap, -1, "damage", note="rain through the roof", day=date(2026, 4, 2))
    entry = JournalEntry.objects.get(source_kind=JournalEntry.Source.STOCK_EVENT, source_id=document.event.pk)
    assert (entry.date, entry.narration) == (date(2026, 4, 2), "Stock: damaged, rain through the roof")


def test_goods_that_cost_nothing_post_nothing(shop):
    gift = factories.make_product(shop, cost="0", stock=5)
    adjust(gift, -1, "damage")
    assert StockEvent.objects.filter(shop=shop).count() == 2
    assert not JournalEntry.objects.filter(shop=shop).exists()


def test_the_inventory_account_equals_the_lots(shop, soap):
    for change, reason in ((-3, "damage"), (-2, "own_use"), (1, "found"), (-7, "correction")):
        adjust(soap, change, reason)
    factories.make_order(shop, [(soap, 10)])
    books = shop.accounts.get(code="1003").postings.aggregate(value=Sum("debit") - Sum("credit"))["value"]
    assert books == shop.lots.aggregate(value=Sum("value"))["value"] == D("3160.00")
