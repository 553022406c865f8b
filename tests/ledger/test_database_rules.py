"""What the database itself refuses, whoever writes: service, shell, admin or import."""

from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from psycopg import errors as pg

from ledger.models import JournalEntry, Posting
from orders.bill import Tender
from smartkirana.dates import shop_today
from smartkirana.db_rules import broken_rule
from tests import factories
from tests.ledger.books import entry_of

D = Decimal


def write_entry(shop, *postings, source_id=1, date=None):
    """An entry written past the service: postings are (code, debit, credit)."""
    day = date or shop_today()
    entry = JournalEntry.objects.create(shop=shop, date=day, narration="By hand", source_kind="stock", source_id=source_id)
    for code, debit, credit in postings:
        post(entry, shop.accounts.get(code=code), debit, credit)
    return entry


def post(entry, account, debit="0", credit="0", **extra):
    extra.setdefault("date", entry.date)
    return Posting.objects.create(shop=entry.shop, entry=entry, account=account, debit=D(debit), credit=D(credit), **extra)


@contextmanager
def refused_at_commit(rule: str):
    """The writes inside break `rule`, which speaks at commit only: it is asked here, and the writes are undone."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():  # noqa: PT012 - the commit is what refuses
        yield
        connection.check_constraints()
    assert broken_rule(refused.value) == rule


def test_entry_whose_sides_differ_is_refused(shop):
    with refused_at_commit("ledger_entry_balanced"):
        write_entry(shop, ("1001", "100.00", "0"), ("4010", "0", "99.99"))


def test_entry_without_postings_is_refused(shop):
    with refused_at_commit("ledger_entry_balanced"):
        write_entry(shop)


def test_balanced_entry_is_accepted(shop):
    write_entry(shop, ("1001", "100.00", "0"), ("4010", "0", "100.00"))
    connection.check_constraints()


@pytest.mark.parametrize(("debit", "credit"), [("0", "0"), ("5.00", "5.00"), ("-5.00", "0"), ("0", "-5.00")])
def test_posting_has_exactly_one_side_above_zero(shop, debit, credit):
    entry = write_entry(shop, ("1001", "1.00", "0"), ("4010", "0", "1.00"))
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        post(entry, shop.accounts.get(code="1001"), debit, credit)
    assert broken_rule(refused.value) == "ledger_posting_one_side"


@pytest.mark.parametrize("model", [JournalEntry, Posting])
@pytest.mark.parametrize("act", ["update", "delete"])
def test_written_books_are_never_changed(shop, model, act):
    write_entry(shop, ("1001", "1.00", "0"), ("4010", "0", "1.00"))
    rows = model.objects.filter(shop=shop)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        rows.update(date="2020-01-01") if act == "update" else rows._raw_delete("default")
    assert isinstance(refused.value.__cause__, pg.RestrictViolation)
    assert broken_rule(refused.value) == f"{model._meta.db_table}_append_only"


def test_posting_to_another_shops_account_is_refused(shop, other_shop):
    with refused_at_commit("ledger_posting_account_same_shop"):
        entry = write_entry(shop, ("1001", "1.00", "0"))
        post(entry, other_shop.accounts.get(code="4010"), credit="1.00")


def test_posting_for_another_shops_customer_is_refused(shop, other_shop):
    stranger = factories.make_customer(other_shop)
    with refused_at_commit("ledger_posting_customer_same_shop"):
        entry = write_entry(shop, ("4010", "0", "1.00"))
        post(entry, shop.accounts.get(code="1004"), debit="1.00", customer=stranger)


def test_posting_of_another_day_than_its_entry_is_refused(shop):
    with refused_at_commit("ledger_posting_entry_same_shop"):
        entry = write_entry(shop, ("1001", "1.00", "0"))
        post(entry, shop.accounts.get(code="4010"), credit="1.00", date="2020-01-01")


def test_second_entry_for_one_event_is_refused(shop):
    order = factories.make_order(shop, [(factories.make_product(shop, stock=5), 1)])
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        JournalEntry.objects.create(shop=shop, date=order.day, narration="Again", source_kind="order", source_id=entry_of(order).source_id)
    assert broken_rule(refused.value) == "ledger_journalentry_one_per_event"


def test_what_a_customer_owes_cannot_be_set_by_hand(shop):
    asha = factories.make_customer(shop)
    asha.outstanding = D("500.00")
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        asha.save(update_fields=["outstanding"])
    assert broken_rule(refused.value) == "orders_customer_outstanding_by_postings"


def test_what_a_customer_owes_follows_postings(shop):
    asha = factories.make_customer(shop)
    soap = factories.make_product(shop, stock=5)
    factories.make_order(shop, [(soap, 2)], customer=asha, payments=[Tender("khata", D("105.00"))])
    asha.refresh_from_db()
    assert asha.outstanding == D("105.00")


def test_account_with_postings_stays(shop):
    write_entry(shop, ("1001", "1.00", "0"), ("4010", "0", "1.00"))
    with refused_at_commit("ledger_posting_account_same_shop"):
        shop.accounts.filter(code="4010")._raw_delete("default")


@pytest.mark.parametrize("code", ["12", "12a4", "", "123456789"])
def test_account_code_is_four_to_eight_digits(shop, code):
    with pytest.raises(Exception), transaction.atomic():  # noqa: B017 - too long is a DataError, the rest the named rule
        shop.accounts.filter(code="4010").update(code=code)


def test_account_code_is_used_once_in_a_shop(shop, other_shop):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        shop.accounts.filter(code="4010").update(code="4015")
    assert broken_rule(refused.value) == "ledger_account_code"
    assert other_shop.accounts.filter(code="4010").exists()
