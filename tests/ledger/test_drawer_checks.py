"""check_books finds a drawer, a shift or a booking of cash that was changed behind the program's back, and names it."""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
import pytest
from django.db import connection
from django.db.models import F

from inventory.models import SupplierPayment
from ledger.checks import run
from ledger.models import JournalEntry, Posting
from orders.models import DrawerEvent, Payment, Shift
from orders.shifts import Count, close_shift, move_cash, open_shift
from shops.models import Counter
from tests import factories
from tests.inventory.buying import make_supplier

D = Decimal


@pytest.fixture
def story(shop):
    """A shift that is over, with a bill, a supplier and milk; five rupees short."""
    soap, till = factories.make_product(shop, stock=50), shop.counters.get()
    shift = open_shift(shop=shop, counter=till, cashier=shop.owner, count=Count(D(2000)))
    factories.make_order(shop, [(soap, 2)])
    move_cash(shop=shop, by=shop.owner, counter=till, reason="milk", amount=D(60))
    move_cash(shop=shop, by=shop.owner, counter=till, reason="supplier", amount=D(40), supplier=make_supplier(shop))
    move_cash(shop=shop, by=shop.owner, reason="owner_gave", amount=D(700))
    close_shift(shop=shop, shift=shift, by=shop.owner, count=Count(D(2000)), to_safe=D(1500))
    connection.check_constraints()
    assert found(shop) == {}
    return shop


def found(shop):
    return {rule.name: [b.what for b in breaches] for rule, breaches in run([shop.pk]) if breaches}


def test_a_drawer_of_another_amount(story):
    with pgtrigger.ignore("shops.Counter:cash_kept"):
        story.counters.update(cash=F("cash") + 1)
    till = story.counters.get()
    assert found(story)["drawers"] == [f"{till.name}: drawer 501.00, postings 500.00, bills and moves 500.00"]
    assert "cash" in found(story)


def test_a_payment_at_another_counter(story):
    other = Counter.objects.create(shop=story, name="Milk window", code="M1")
    with pgtrigger.ignore("orders.Payment:frozen"):
        Payment.objects.filter(shop=story, method="cash").update(counter=other)
    assert len(found(story)["drawers"]) == 2


def test_a_posting_that_lost_its_drawer(story):
    with pgtrigger.ignore("ledger.Posting:append_only"):
        Posting.objects.filter(shop=story, counter__isnull=False, debit=D(105)).update(counter=None)
    assert set(found(story)) == {"drawers"}


def test_a_drawer_on_another_account(story):
    with pgtrigger.ignore("ledger.Posting:append_only"):
        Posting.objects.filter(shop=story, account__code="5005").update(counter=story.counters.get())
    assert any("account 5005 with a drawer" in what for what in found(story)["cash"])


def test_a_move_of_another_amount(story):
    with pgtrigger.ignore("orders.DrawerEvent:append_only"):
        DrawerEvent.objects.filter(shop=story, reason="milk").update(amount=D(-61))
    broken = found(story)
    assert set(broken) == {"drawers", "drawer_events_are_posted", "cash"} or set(broken) == {"drawers", "drawer_events_are_posted"}
    assert len(broken["drawer_events_are_posted"]) == 2


def test_another_reason(story):
    with pgtrigger.ignore("orders.DrawerEvent:append_only"):
        DrawerEvent.objects.filter(shop=story, reason="owner_gave").update(reason="other_in", words="x")
    assert set(found(story)) == {"drawer_events_are_posted"}


def test_a_supplier_paid_another_amount_out_of_the_drawer(story):
    with pgtrigger.ignore("inventory.SupplierPayment:append_only"):
        SupplierPayment.objects.filter(shop=story).update(amount=D(41))
    assert any("supplier paid 41.00 out of a drawer: the drawer says 40.00" in what for what in found(story)["drawers"])


def test_an_entry_that_is_gone(story):
    event = story.drawer_events.get(reason="milk")
    with pgtrigger.ignore("ledger.JournalEntry:append_only", "ledger.Posting:append_only"):
        Posting.objects.filter(entry__source_kind="drawer", entry__source_id=event.pk).delete()
        JournalEntry.objects.filter(source_kind="drawer", source_id=event.pk).delete()
    assert "drawer_events_are_posted" in found(story)


def test_an_entry_of_another_day(story):
    entry = story.journal.filter(source_kind="drawer").first()
    with pgtrigger.ignore("orders.DrawerEvent:append_only"):
        DrawerEvent.objects.filter(pk=entry.source_id).update(day="2020-01-01")
    assert any("its event of 2020-01-01" in what for what in found(story)["entries_have_events"])


def test_a_shift_opened_again(story):
    with pgtrigger.ignore("orders.Shift:ends_by_event"):
        Shift.objects.filter(shop=story).update(closed_at=None)
    assert any("its end and its events differ" in what for what in found(story)["shifts"])


def test_a_shift_never_counted(story):
    Shift.objects.create(shop=story, counter=story.counters.get(), cashier=story.owner)
    assert any("never opened by a count" in what for what in found(story)["shifts"])
