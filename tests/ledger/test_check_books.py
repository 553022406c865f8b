"""check_books holds over a shop's day, and finds and names whatever was broken behind the program's back."""

from decimal import Decimal
from io import StringIO
from pathlib import Path

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from inventory.counting import take_back
from inventory.models import PurchaseReturnLine, ReceiptLine, Repack, Settlement, StockDocument, StockLot, StockMovement, Supplier
from inventory.purchase_returns import Returned, return_to_supplier
from inventory.services import adjust_stock
from inventory.suppliers import enter_supplier_balance, pay_supplier
from ledger.checks import RULES, run
from ledger.models import JournalEntry, Posting
from orders.bill import BillLine, Tender
from orders.khata.acts import Act, give, take_payment
from orders.models import Customer, KhataEntry, Order, OrderEvent, OrderLine, Payment, PaymentEvent
from orders.payments import mark_failed, mark_seen
from orders.services import cancel_order
from shops.models import NumberSeries
from tests import factories
from tests.inventory.buying import buy, make_supplier, received
from tests.inventory.counting_world import approve, count, open_take
from tests.inventory.packing import make_packet, make_sack, pack

D = Decimal


def tell_story(shop) -> None:
    """A mixed day: `shop.bill` stands, `shop.undone` is cancelled, `shop.asha` owes."""
    soap = factories.make_product(shop, stock=100, sku="SOAP")
    rice = factories.make_product(shop, "Loose rice", price="60.40", mrp=None, cost="50.3333", gst="other-0", unit="kg", stock="33.333")
    shop.asha = factories.make_customer(shop, "Asha")
    shop.bill = factories.make_order(
        shop,
        [(soap, 4), (rice, "1.337")],
        customer=shop.asha,
        payments=[Tender("cash", D("91.00")), Tender("upi", D("100.00")), Tender("khata", D("100.00"))],
    )
    shop.undone = factories.make_order(
        shop, [(soap, 2)], customer=shop.asha, payments=[Tender("khata", D("5.00")), Tender("card", D("50.00")), Tender("bank", D("50.00"))]
    )
    say = {"shop": shop, "by": shop.owner, "how": "statement"}
    mark_seen(payment_id=shop.undone.payments.get(method="card").pk, **say)
    mark_failed(payment_id=shop.undone.payments.get(method="bank").pk, reason="Not there", **say)
    cancel_order(shop=shop, bill_number=shop.undone.bill_number, by=shop.owner, reason="Wrong goods")
    owed = factories.make_order(shop, [(soap, 2)], customer=shop.asha, payments=[Tender("upi", D("50.00")), Tender("card", D("55.00"))])
    for payment in owed.payments.all():
        mark_failed(payment_id=payment.pk, reason="Not there", **say)
    shop.seen = owed.payments.get(method="card")
    mark_seen(payment_id=shop.seen.pk, **say)
    shop.ravi = factories.make_customer(shop, "Ravi")
    take_payment(Act(shop, shop.asha, shop.owner), amount=D("60.00"), method="upi", discount=D("1.00"))
    for _ in range(2):
        give(Act(shop, shop.ravi, shop.owner), amount=D("20.00"), method="cash")
    factories.make_order(shop, [(soap, 1)])
    gift = factories.make_product(shop, "Calendar", price="10.00", mrp=None, cost="0", stock=5)
    factories.make_order(shop, [BillLine(gift.pk, D(1), discount=D("10.00"))], payments=[])
    adjust_stock(shop=shop, by=shop.owner, product=soap, change=D(-3), reason=StockDocument.Reason.DAMAGE)
    adjust_stock(shop=shop, by=shop.owner, product=soap, change=D(2), reason=StockDocument.Reason.FOUND)
    adjust_stock(shop=shop, by=shop.owner, product=rice, change=D("-0.5"), reason=StockDocument.Reason.OWN_USE)
    count_and_approve(shop, soap, rice)
    buy_and_pay(shop, soap)
    break_bulk(shop)
    connection.check_constraints()


def count_and_approve(shop, soap, rice) -> None:
    """A stock take that found rice and missed soap, some of it counted twice."""
    shop.take = open_take(shop)
    take_back(entry=count(shop.take, soap, 900), by=shop.owner)
    count(shop.take, soap, 60)
    count(shop.take, rice, "20.125")
    adjust_stock(shop=shop, by=shop.owner, product=rice, change=D("-0.5"), reason=StockDocument.Reason.DAMAGE)
    count(shop.take, rice, "30.000")
    approve(shop.take)


def buy_and_pay(shop, soap) -> None:
    """`shop.bought` came in from `shop.gupta`, a part of it went back, a part is paid."""
    shop.gupta = make_supplier(shop, "Gupta Agencies")
    enter_supplier_balance(shop=shop, by=shop.owner, supplier=shop.gupta, amount=D(500))
    shop.bought = buy(shop.gupta, received(soap, 10, 40), charges=D(10), paper_total=D("430.00"))
    back = [Returned(shop.bought.lines.get().pk, D(2))]
    return_to_supplier(shop=shop, by=shop.owner, receipt=shop.bought, returned=back)
    pay_supplier(shop=shop, by=shop.owner, supplier=shop.gupta, amount=D(700), method="bank")
    farmer = make_supplier(shop, "Ramu", gstin="")
    buy(farmer, received(soap, 5, 40), reverse_charge=True, cash_discount=D(3))


def break_bulk(shop) -> None:
    """`shop.packed` is a sack made into packets, of which three were sold before."""
    packet = make_packet(shop)
    factories.make_order(shop, [(packet, 3)])
    shop.packed = pack(shop, [(make_sack(shop), 1)], [(packet, 49)], packing_cost="58")


@pytest.fixture
def story(shop, other_shop):
    tell_story(shop)
    tell_story(other_shop)
    return shop


def check(*args) -> str:
    out = StringIO()
    call_command("check_books", *args, stdout=out)
    return out.getvalue()


def broken(shop) -> dict[str, list[str]]:
    """Rule name → what it names, over this shop."""
    return {rule.name: [b.what for b in found] for rule, found in run([shop.pk]) if found}


def repack_moves(shop):
    """The movements of the sack that was packed."""
    return StockMovement.objects.filter(shop=shop, document="stock", document_id=shop.packed.document_id)


def sql(statement: str, *params) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def test_mixed_story_is_clean(story):
    text = check()
    assert text.count("✓") == len(RULES)
    assert "✗" not in text
    assert "The books of 2 shops agree." in text


def test_quiet_says_nothing_when_all_is_well(story):
    assert check("--quiet") == ""


def test_empty_house_is_clean(db):
    assert "The books of 0 shops agree." in check()


def test_unknown_shop_is_told(db):
    with pytest.raises(CommandError, match="There is no shop nowhere"):
        check("--shop", "nowhere")


def test_broken_books_exit_with_one_and_name_the_bill(story):
    with pgtrigger.ignore():
        Order.objects.filter(pk=story.bill.pk).update(cost=F("cost") + 1)
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("check_books", stdout=out)
    assert refused.value.returncode == 1
    assert story.bill.bill_number in out.getvalue()
    assert "✗ Every bill's cost" in out.getvalue()


def test_one_shop_can_be_checked_alone(story, other_shop):
    with pgtrigger.ignore():
        Order.objects.filter(pk=other_shop.bill.pk).update(cost=F("cost") + 1)
    assert "The books of 1 shop agree." in check("--shop", story.slug)
    with pytest.raises(CommandError):
        check("--shop", other_shop.slug)


def test_many_breaches_are_counted_and_a_few_named(story, other_shop):
    with pgtrigger.ignore():
        OrderLine.objects.filter(shop=story).update(cost=F("cost") + 1)
    assert {len(found) for rule, found in run([story.pk]) if rule.name == "cost"} == {6}


# --- each rule, broken ----------------------------------------------------------------------------------------
def entries(story):
    return KhataEntry.objects.filter(customer=story.asha)


def drop_khata(story, number):
    KhataEntry.objects.filter(customer=story.ravi, number=number)._raw_delete("default")


def owe_more(story):
    Customer.objects.filter(pk=story.asha.pk).update(outstanding=500)
    connection.check_constraints()  # while the trigger that would see it is away


def unsettle(story):
    """A payment and a debt stand side by side, as if nobody had let them meet."""
    met = story.khata_settlements.filter(paid__kind="payment").first()
    KhataEntry.objects.filter(pk=met.owed_id).update(open=F("open") + met.amount)
    KhataEntry.objects.filter(pk=met.paid_id).update(open=F("open") - met.amount)
    met.delete()


def placed(order):
    return order.events.get(kind="placed")


def entry_of(order, kind="placed"):
    return JournalEntry.objects.get(source_kind="order", source_id=order.events.get(kind=kind).pk)


def drop_entry(story):
    entry = entry_of(story.bill)
    Posting.objects.filter(entry=entry)._raw_delete("default")
    JournalEntry.objects.filter(pk=entry.pk)._raw_delete("default")


def drop_stock_entry(story):
    entry = JournalEntry.objects.filter(shop=story, source_kind="stock").last()
    Posting.objects.filter(entry=entry)._raw_delete("default")
    JournalEntry.objects.filter(pk=entry.pk)._raw_delete("default")


def drop_seen_entry(story):
    entry = entry_of_event(story.seen.events.get(kind="seen"))
    Posting.objects.filter(entry=entry)._raw_delete("default")
    JournalEntry.objects.filter(pk=entry.pk)._raw_delete("default")


def entry_of_event(event):
    return JournalEntry.objects.get(source_kind="payment", source_id=event.pk)


def posting(story, code, of=None, kind="placed"):
    """The postings on an account: all, those of a bill's entry, or those of a payment that was seen."""
    rows = Posting.objects.filter(shop=story, account__code=code)
    if isinstance(of, Payment):
        return rows.filter(entry=entry_of_event(of.events.get(kind="seen")))
    return rows.filter(entry=entry_of(of, kind)) if of else rows


def stock_posting(story, code, paper=None):
    """The postings of the supplier's bill, or of another paper, on an account."""
    event = (paper or story.bought).document.event
    return Posting.objects.filter(account__code=code, entry__source_kind="stock", entry__source_id=event.pk)


BREAKS = {
    "bill without event": ("acts_have_events", lambda s: OrderEvent.objects.filter(pk=placed(s.bill).pk)._raw_delete("default"), "bill"),
    "event without entry": ("events_are_posted", drop_entry, "bill"),
    "stock event without entry": ("events_are_posted", drop_stock_entry, "stock paper"),
    "entry without event": (
        "entries_have_events",
        lambda s: JournalEntry.objects.filter(pk=entry_of(s.bill).pk).update(source_id=99999999),
        "Bill ",
    ),
    "event of another day": (
        "entries_have_events",
        lambda s: OrderEvent.objects.filter(pk=placed(s.bill).pk).update(day="2020-01-01"),
        "2020-01-01",
    ),
    "posting changed": ("entries_balance", lambda s: posting(s, "1001", s.bill).update(debit=F("debit") + 1), "Bill "),
    "trial balance": ("trial_balance", lambda s: posting(s, "1001", s.bill).update(debit=F("debit") + 1), "debit"),
    "lot quantity": ("lots", lambda s: StockLot.objects.filter(shop=s, product__sku="SOAP").update(on_hand=F("on_hand") + 1), "Soap"),
    "lot value": ("stock_value", lambda s: StockLot.objects.filter(shop=s, product__sku="SOAP").update(value=F("value") + 1), "1003"),
    "customer owes more": ("khata", owe_more, "Asha"),
    "khata without customer": ("khata", lambda s: posting(s, "1004", s.bill).update(customer=None), "without a customer"),
    "line total": (
        "bills_add_up",
        lambda s: OrderLine.objects.filter(order=s.bill, line_no=1).update(
            total=F("total") - 1, taxable=F("taxable") - 1, gross=F("gross") - 1
        ),
        "bill",
    ),
    "payment amount": ("bills_add_up", lambda s: Payment.objects.filter(order=s.bill, method="upi").update(amount=F("amount") + 1), "bill"),
    "money on another account": (
        "money_by_method",
        lambda s: posting(s, "1030", s.bill).update(account=s.accounts.get(code="1001")),
        "1030",
    ),
    "given back from another account": (
        "money_by_method",
        lambda s: posting(s, "1002", s.undone, "cancelled").update(account=s.accounts.get(code="1035")),
        "cancelled",
    ),
    "khata entry changed": ("khata_chain", lambda s: entries(s).filter(number=1).update(note="never mind"), "entry 1: its check code"),
    "khata entry of another amount": ("khata_chain", lambda s: entries(s).filter(number=1).update(amount=F("amount") - 1), "should be"),
    "khata entry gone": (
        "khata_chain",
        lambda s: KhataEntry.objects.filter(customer=s.ravi, number=1)._raw_delete("default"),
        "1 missing before it",
    ),
    "last khata entry gone": (
        "khata_chain",
        lambda s: KhataEntry.objects.filter(customer=s.ravi, number=2)._raw_delete("default"),
        "the customer says",
    ),
    "bill on khata without its entry": (
        "khata_sources",
        lambda s: Payment.objects.filter(order=s.bill, method="khata").update(amount=F("amount") + 1),
        "sale of bill",
    ),
    "settlement taken out": ("khata_settled", lambda s: s.khata_settlements.all()._raw_delete("default"), "settlements leave"),
    "unused beside open": ("khata_settled", unsettle, "side by side"),
    "khata act on another customer": (
        "khata_is_posted",
        lambda s: Posting.objects.filter(entry__source_kind="khata", customer=s.asha).update(customer=s.ravi),
        "posted 0",
    ),
    "state without event": ("payment_states", lambda s: Payment.objects.filter(order=s.bill, method="upi").update(state="seen"), "bill"),
    "events out of order": (
        "payment_states",
        lambda s: PaymentEvent.objects.filter(payment=s.seen, kind="seen").update(was="claimed"),
        "the one before is failed",
    ),
    "seen without entry": ("claims_are_posted", drop_seen_entry, "card seen, account 1002: payment 55.00, entry 0"),
    "seen money on another account": (
        "claims_are_posted",
        lambda s: posting(s, "1002", s.seen).update(account=s.accounts.get(code="1001")),
        "account 1001",
    ),
    "clearing": ("clearing", lambda s: posting(s, "1030", s.bill).update(debit=F("debit") + 1), "not yet seen 160.00"),
    "sales on another account": (
        "bills_are_booked",
        lambda s: posting(s, "4010", s.bill).update(account=s.accounts.get(code="4200")),
        "4200",
    ),
    "tax on another account": ("taxes", lambda s: posting(s, "2101", s.bill).update(account=s.accounts.get(code="2102")), "2101"),
    "cost of a bill": ("cost", lambda s: Order.objects.filter(pk=s.bill.pk).update(cost=F("cost") + 1), "bill"),
    "status without event": ("cancelled", lambda s: Order.objects.filter(pk=s.bill.pk).update(status="cancelled"), "bill"),
    "reversal not linked": (
        "cancelled",
        lambda s: JournalEntry.objects.filter(pk=entry_of(s.undone, "cancelled").pk).update(reverses=None),
        "not linked",
    ),
    "money not given back": (
        "cancelled",
        lambda s: Payment.objects.filter(order=s.undone, method="card", reverses__isnull=False).update(amount=-1),
        "payments come to",
    ),
    "number left out": (
        "numbers",
        lambda s: Order.objects.filter(pk=s.undone.pk).update(bill_number=s.undone.bill_number[:-1] + "9"),
        "missing before",
    ),
    "owed more than booked": ("suppliers", lambda s: Supplier.objects.filter(pk=s.gupta.pk).update(balance=1), "Gupta"),
    "owed to nobody": ("suppliers", lambda s: stock_posting(s, "2001").update(supplier=None), "without a supplier"),
    "settled too much": ("settlements", lambda s: Settlement.objects.filter(shop=s).update(amount=F("amount") + 1), "Gupta"),
    "bill's line": ("receipts_add_up", lambda s: ReceiptLine.objects.filter(receipt=s.bought).update(cost=F("cost") + 1), "cost"),
    "debit note's line": (
        "receipts_add_up",
        lambda s: PurchaseReturnLine.objects.filter(shop=s).update(value=F("value") + 1),
        "debit note",
    ),
    "credit on another account": (
        "purchases_are_booked",
        lambda s: stock_posting(s, "1301").update(account=s.accounts.get(code="1303")),
        "1303",
    ),
    "packets worth less": ("repacks_keep_value", lambda s: repack_moves(s).filter(quantity__gt=0).update(value=F("value") - 1), "variance"),
    "sack worth less": ("repacks_keep_value", lambda s: repack_moves(s).filter(quantity__lt=0).update(value=F("value") + 1), "taken"),
    "packing on the paper alone": (
        "repacks_keep_value",
        lambda s: Repack.objects.filter(shop=s).update(packing_cost=F("packing_cost") + 1, value_made=F("value_made") + 1),
        "booked 58.00",
    ),
    "packing on another account": (
        "repacks_keep_value",
        lambda s: stock_posting(s, "5010", s.packed).update(account=s.accounts.get(code="5005")),
        "booked 0",
    ),
    "repack without figures": ("repacks_keep_value", lambda s: Repack.objects.filter(shop=s).delete(), "without its figures"),
    "moved more than was counted": (
        "counts_are_moved",
        lambda s: StockMovement.objects.filter(shop=s, reason="count", product__sku="SOAP").update(quantity=F("quantity") - 1),
        "Soap: differs by",
    ),
    "counted goods on another account": (
        "counts_are_booked",
        lambda s: posting(s, "5020").filter(entry__narration="Stock take 1").update(account=s.accounts.get(code="5005")),
        "account 5020",
    ),
    "series runs ahead": ("numbers", lambda s: NumberSeries.objects.filter(shop=s, series__startswith="bill:").update(last=77), "77"),
}


@pytest.mark.parametrize("case", BREAKS)
def test_what_is_broken_is_found_and_named(story, other_shop, case):
    rule, act, words = BREAKS[case]
    with pgtrigger.ignore():
        act(story)
    named = broken(story)
    assert rule in named, named
    assert any(words in what for what in named[rule]), named[rule]
    if words == "bill":
        assert any(story.bill.bill_number in what for what in named[rule])
    assert broken(other_shop) == {}


ELSEWHERE = {  # rules of rooms that have a story of their own
    "test_bank_acts": {"bank_lines", "bank_matches", "bank_charges"},
    "test_check_returns": {
        "credit_notes_add_up",
        "credit_notes_are_booked",
        "returned_at_cost",
        "no_more_than_sold",
        "exchanges",
        "credit_numbers",
    },
    "test_drawer_checks": {"cash", "drawers", "drawer_events_are_posted", "shifts"},
    "test_close_day": {"seals"},
}


def test_every_rule_has_a_test_that_breaks_it():
    here = {rule for rule, _, _ in BREAKS.values()}
    assert here.union(*ELSEWHERE.values()) == {rule.name for rule in RULES}
    for file, rules in ELSEWHERE.items():
        text = (Path(__file__).parent / f"{file}.py").read_text()
        assert all(f'"{rule}"' in text for rule in rules), file
