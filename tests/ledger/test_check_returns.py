"""The rules over credit notes hold over a shop's day, and name whatever was broken behind the program's back."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pgtrigger
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from inventory.models import StockMovement
from ledger.checks import RULES, run
from ledger.models import JournalEntry, Posting
from orders.bill import BillLine, Tender
from orders.models import CreditNote, CreditNoteLine, KhataEntry, OrderEvent, OrderLine, Payment
from orders.return_plan import BackLine, Exchange
from orders.returning import take_back
from shops.models import NumberSeries
from smartkirana.db_rules import broken_rule
from tests import factories

D = Decimal


@pytest.fixture
def story(shop):
    """`shop.note` is of a khata bill, `shop.swap` an exchange; one line is damaged, one is for the supplier."""
    soap = factories.make_product(shop, sku="SOAP")
    factories.stock_up(soap, 90, credit_rate=D(5))
    rice = factories.make_product(shop, "Rice", price="60.40", mrp=None, cost="50.3333", gst="other-0", unit="kg", stock="33.333")
    shop.asha = factories.make_customer(shop, "Asha")
    khata = [Tender("cash", D(100)), Tender("khata", None)]
    shop.bill = factories.make_order(shop, [(soap, 4), (rice, "1.337")], customer=shop.asha, payments=khata)
    paid = factories.make_order(shop, [(soap, 5)], bill_discount=D("3.33"))

    def back(bill, *lines, **extra):
        return take_back(
            shop=shop, counter=shop.counters.first(), by=shop.owner, bill_number=bill.bill_number, lines=lines,
            request_key=uuid4(), **{"how": "cash", **extra},
        )  # fmt: skip

    shop.note = back(shop.bill, BackLine(1, D(3)), BackLine(2, D("0.337")), BackLine(1, D(1), "damaged"))
    shop.swap = back(paid, BackLine(1, D(2), "supplier"), exchange=Exchange([BillLine(soap.pk, D(1))]), how="upi")
    back(paid, BackLine(1, D(3)), how="khata", customer=shop.asha)
    connection.check_constraints()
    return shop


def broken(shop) -> dict[str, list[str]]:
    return {rule.name: [b.what for b in found] for rule, found in run([shop.pk]) if found}


def test_a_day_with_returns_is_clean(story):
    assert broken(story) == {}


def drop_entry(story):
    entry = JournalEntry.objects.get(source_kind="order", source_id=story.note.event.pk)
    Posting.objects.filter(entry=entry)._raw_delete("default")
    JournalEntry.objects.filter(pk=entry.pk)._raw_delete("default")


def change(model, **values):
    def changed(story):
        rows = model.objects.filter(shop=story)
        rows = rows.filter(credit_note=story.note) if hasattr(model, "credit_note") else rows.filter(pk=story.note.pk)
        rows.update(**values)

    return changed


def more_back_than_sold(story):
    line = story.note.lines.get(line_no=2)
    OrderLine.objects.filter(pk=line.order_line_id).update(quantity=D("0.100"))


def lose_a_movement(story):
    StockMovement.objects.filter(document="credit", document_id=story.note.pk, document_line=2)._raw_delete("default")


def keep_the_damaged(story):
    StockMovement.objects.filter(document="credit", document_id=story.note.pk, reason="damage")._raw_delete("default")


def post_elsewhere(code, other):
    def moved(story):
        entry = JournalEntry.objects.get(source_kind="order", source_id=story.note.event.pk)
        Posting.objects.filter(entry=entry, account__code=code).update(account=story.accounts.get(code=other))

    return moved


def spend_less_on_new_goods(story):
    story.swap.refunds.filter(method="credit").update(amount=F("amount") + 1)


def forget_the_number(story):
    CreditNote.objects.filter(pk=story.swap.pk).update(number="CNS1/2627/00009")


def give_numbers_away(story):
    NumberSeries.objects.filter(series__startswith="credit:").update(last=F("last") + 1)


def lose_the_khata_entry(story):
    KhataEntry.objects.filter(shop=story, kind="returned", order=story.bill).update(amount=F("amount") - 1)


def lose_the_event(story):
    OrderEvent.objects.filter(credit_note=story.note)._raw_delete("default")


BREAKS = [
    ("credit_notes_add_up", change(CreditNote, total=F("total") + 1, round_off=F("round_off") + 1)),
    ("credit_notes_add_up", change(CreditNoteLine, cost=F("cost") + 1)),
    ("credit_notes_add_up", change(Payment, amount=F("amount") - 1)),
    ("credit_notes_add_up", lose_the_event),
    ("credit_notes_are_booked", drop_entry),
    ("credit_notes_are_booked", post_elsewhere("4002", "4010")),
    ("credit_notes_are_booked", post_elsewhere("2101", "2102")),
    ("credit_notes_are_booked", post_elsewhere("5020", "5001")),
    ("credit_notes_are_booked", post_elsewhere("1301", "1002")),
    ("taxes", change(CreditNote, cgst=F("cgst") + 1, sgst=F("sgst") + 1, taxable=F("taxable") - 2)),
    ("money_by_method", change(Payment, method="cash")),
    ("returned_at_cost", lose_a_movement),
    ("returned_at_cost", keep_the_damaged),
    ("returned_at_cost", change(CreditNoteLine, where="shelf")),
    ("no_more_than_sold", more_back_than_sold),
    ("exchanges", spend_less_on_new_goods),
    ("credit_numbers", forget_the_number),
    ("credit_numbers", give_numbers_away),
    ("khata_sources", lose_the_khata_entry),
    ("entries_have_events", lose_the_event),
]


@pytest.mark.parametrize(("rule", "breaks"), BREAKS, ids=[f"{rule}-{n}" for n, (rule, _) in enumerate(BREAKS)])
def test_what_is_broken_is_named(story, rule, breaks):
    assert rule in {one.name for one in RULES}
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE orders_creditnote DISABLE TRIGGER USER; ALTER TABLE orders_creditnoteline DISABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    with pgtrigger.ignore():
        breaks(story)
    found = broken(story)
    assert rule in found, found


@pytest.mark.parametrize(
    ("model", "values", "name"),
    [
        (CreditNote, {"total": 1}, "orders_creditnote_append_only"),
        (CreditNoteLine, {"quantity": 1}, "orders_creditnoteline_append_only"),
    ],
)
def test_a_written_note_is_never_changed(story, model, values, name):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        model.objects.filter(shop=story).update(**values)
    assert broken_rule(refused.value) == name
