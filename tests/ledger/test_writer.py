"""The one statement that writes an entry, against the same thing written with the ORM."""

from decimal import Decimal

import pgtrigger
import pytest
from django.db import connection, transaction

from ledger.errors import LedgerError
from ledger.models import JournalEntry, Posting
from ledger.posting_rules import Line
from ledger.services import record_entry
from smartkirana.dates import shop_today
from tests import factories

D = Decimal


def by_orm(shop, source_id, lines) -> JournalEntry:
    entry = JournalEntry.objects.create(shop=shop, date=shop_today(), narration="Test", source_kind="stock", source_id=source_id)
    accounts = dict(shop.accounts.values_list("code", "id"))
    Posting.objects.bulk_create(
        Posting(
            shop=shop,
            entry=entry,
            date=entry.date,
            account_id=accounts[li.code],
            debit=li.debit,
            credit=li.credit,
            customer_id=li.customer_id,
        )
        for li in lines
    )
    return entry


def rows(entry) -> list[dict]:
    return list(entry.postings.order_by("pk").values("shop_id", "date", "account__code", "customer_id", "debit", "credit"))


@pytest.fixture
def lines(shop):
    asha = factories.make_customer(shop)
    return [
        Line("1001", debit=D("99.99")),
        Line("1004", debit=D("0.01"), customer_id=asha.pk),
        Line("4010", credit=D("95.24")),
        Line("2101", credit=D("2.38")),
        Line("2102", credit=D("2.38")),
    ]


@pytest.fixture(autouse=True)
def without_entries(db):
    """These postings stand for no act, so no khata entry stands beside them."""
    yield
    with pgtrigger.ignore("orders.Customer:khata_agrees"):
        connection.check_constraints()


def test_writes_the_same_rows_in_the_same_order(shop, lines):
    ours = record_entry(shop=shop, day=shop_today(), narration="Test", source_kind="stock", source_id=1, lines=lines)
    theirs = by_orm(shop, 2, lines)
    assert rows(ours) == rows(theirs)
    same = ("shop_id", "date", "narration", "source_kind", "reverses_id")
    saved = JournalEntry.objects.get(pk=ours.pk)
    assert [getattr(saved, f) for f in same] == [getattr(theirs, f) for f in same]
    assert saved.created_at is not None


def test_the_khata_follows_its_postings(shop, lines):
    record_entry(shop=shop, day=shop_today(), narration="Test", source_kind="stock", source_id=1, lines=lines)
    assert shop.customers.get().outstanding == D("0.01")


def test_a_missing_account_is_named_and_nothing_stays(shop, lines):
    shop.accounts.filter(code="2102").delete()
    with pytest.raises(LedgerError) as refused, transaction.atomic():
        record_entry(shop=shop, day=shop_today(), narration="Test", source_kind="stock", source_id=1, lines=lines)
    assert refused.value.code == "no_account"
    assert "2102" in refused.value.message
    assert not shop.journal.exists()


def test_another_shops_accounts_are_not_used(shop, other_shop, lines):
    entry = record_entry(shop=shop, day=shop_today(), narration="Test", source_kind="stock", source_id=1, lines=lines)
    assert set(entry.postings.values_list("account__shop_id", flat=True)) == {shop.pk}
