"""The only code that writes the books. Each function runs inside the act whose event it posts; if it fails, the act fails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet, Sum

from inventory.models import StockEvent, StockMovement
from ledger import drawer_rules, khata_rules, posting_rules, purchase_rules, return_rules
from ledger.chart import CHART
from ledger.errors import LedgerError
from ledger.models import Account, JournalEntry
from ledger.posting_rules import Line
from ledger.writer import insert_entry
from orders.models import DrawerEvent, KhataEntry, OrderEvent, PaymentEvent
from shops.models import Shop
from smartkirana.money import ZERO

KHATA_WORDS = {
    KhataEntry.Kind.OPENING: "opening balance",
    KhataEntry.Kind.PAYMENT: "received",
    KhataEntry.Kind.DISCOUNT: "let off",
    KhataEntry.Kind.GAVE: "given",
    KhataEntry.Kind.WRITTEN_OFF: "written off",
    KhataEntry.Kind.REVERSAL: "taken back",
}


def open_books(*, shop: Shop) -> None:
    """Give a new shop its chart of accounts. Safe to call twice."""
    known = set(shop.accounts.values_list("code", flat=True))
    for level in ([a for a in CHART if not a.parent], [a for a in CHART if a.parent]):
        ids = dict(shop.accounts.values_list("code", "id"))
        Account.objects.bulk_create(
            Account(shop=shop, code=a.code, name=a.name, type=a.type, description=a.description, parent_id=ids.get(a.parent))
            for a in level
            if a.code not in known
        )


def record_entry(
    *,
    shop: Shop,
    day: date,
    narration: str,
    source_kind: str,
    source_id: int,
    lines: Sequence[Line],
    reverses: JournalEntry | None = None,
    counter_id: int | None = None,
) -> JournalEntry | None:
    """Write one journal entry with its postings, amounts in rupees. `counter_id`: whose drawer its cash is in, None for no drawer.

    Nothing to post (all amounts zero) writes nothing. The pair (source_kind, source_id) can be posted once only: the
    database refuses a second entry. Raises LedgerError "no_account" when the chart lacks a code, and "unbalanced".
    """
    if not lines:
        return None
    if sum(line.debit - line.credit for line in lines):
        raise LedgerError("unbalanced", "The books would not balance. Nothing was saved; please report this.")
    entry = JournalEntry(shop=shop, date=day, narration=narration[:200], source_kind=source_kind, source_id=source_id, reverses=reverses)
    entry.pk, written = insert_entry(
        shop_id=shop.pk,
        day=day,
        narration=entry.narration,
        source_kind=source_kind,
        source_id=source_id,
        lines=lines,
        reverses_id=entry.reverses_id,
        counter_id=counter_id,
    )
    entry._state.adding = False
    if written != len(lines):
        missing = {line.code for line in lines} - set(shop.accounts.values_list("code", flat=True))
        raise LedgerError("no_account", f"The chart of accounts lacks {', '.join(sorted(missing))}. Run check_books to see what is wrong.")
    return entry


def post_sale(event: OrderEvent) -> JournalEntry | None:
    """Post a bill that was made."""
    order = event.order
    payments = order.payments.filter(reverses=None) if event.with_payments is None else event.with_payments
    return record_entry(
        shop=event.shop,
        day=event.day,
        narration=f"Bill {order.bill_number}",
        source_kind=JournalEntry.Source.ORDER_EVENT,
        source_id=event.pk,
        lines=posting_rules.sale(order, payments),
        counter_id=order.counter_id,
    )


def post_cancelled_sale(event: OrderEvent) -> JournalEntry | None:
    """Post the reverse of a bill, linked to its entry (a bill for nothing has none)."""
    order = event.order
    original = event.shop.journal.filter(
        source_kind=JournalEntry.Source.ORDER_EVENT, source_id__in=order.events.filter(kind=OrderEvent.Kind.PLACED).values("pk")
    ).first()
    back = StockMovement.objects.filter(
        shop=event.shop, document=StockMovement.Document.ORDER, document_id=order.pk, reason=StockMovement.Reason.SALE_CANCELLED
    ).aggregate(value=Sum("value", default=ZERO))["value"]
    return record_entry(
        shop=event.shop,
        day=event.day,
        narration=f"Bill {order.bill_number} cancelled: {event.reason}",
        source_kind=JournalEntry.Source.ORDER_EVENT,
        source_id=event.pk,
        lines=posting_rules.cancelled_sale(order, order.payments.filter(reverses=None), back),
        reverses=original,
        counter_id=order.counter_id,
    )


def post_taken_back(event: OrderEvent) -> JournalEntry | None:
    """Post a credit note."""
    note = event.credit_note
    assert note is not None
    damaged = event.shop.movements.filter(
        document=StockMovement.Document.CREDIT_NOTE, document_id=note.pk, reason=StockMovement.Reason.DAMAGE
    ).select_related("lot")
    return record_entry(
        shop=event.shop,
        day=event.day,
        narration=f"Credit note {note.number} of bill {event.order.bill_number}" + (f": {event.reason}" if event.reason else ""),
        source_kind=JournalEntry.Source.ORDER_EVENT,
        source_id=event.pk,
        lines=return_rules.taken_back(note, note.refunds.order_by("id"), list(damaged)),
        counter_id=note.counter_id,
    )


def post_payment_event(event: PaymentEvent) -> JournalEntry | None:
    """Post that the money of a claim was seen, or that it never came."""
    payment = event.payment
    what = f"{payment.get_method_display()} of {f'bill {payment.order.bill_number}' if payment.order else payment.what_for}"
    words = {
        PaymentEvent.Kind.SEEN: f"seen {event.get_how_display()}",
        PaymentEvent.Kind.FAILED: f"never came: {event.note}",
        PaymentEvent.Kind.CLAIMED: f"waits again: {event.note}",
    }
    return record_entry(
        shop=event.shop,
        day=event.day,
        narration=f"{what} {words[PaymentEvent.Kind(event.kind)]}",
        source_kind=JournalEntry.Source.PAYMENT_EVENT,
        source_id=event.pk,
        lines=posting_rules.payment_moved(event),
    )


def post_drawer_event(event: DrawerEvent) -> JournalEntry | None:
    """Post cash that was counted, put in or taken out. What a supplier got is posted by their own paper."""
    return record_entry(
        shop=event.shop,
        day=event.day,
        narration=drawer_rules.narration(event),
        source_kind=JournalEntry.Source.DRAWER_EVENT,
        source_id=event.pk,
        lines=drawer_rules.drawer_event(event),
        counter_id=event.counter_id,
    )


def post_khata_act(entry: KhataEntry) -> JournalEntry | None:
    """Post what was done in a khata itself; a reversal is linked to the entry it takes back."""
    original = entry.reverses_id and event_entry(entry.shop, JournalEntry.Source.KHATA_ENTRY, entry.reverses_id)
    note = f": {entry.note}" if entry.note else ""
    return record_entry(
        shop=entry.shop,
        day=entry.day,
        narration=f"Khata of {entry.customer}, {KHATA_WORDS[KhataEntry.Kind(entry.kind)]}{note}",
        source_kind=JournalEntry.Source.KHATA_ENTRY,
        source_id=entry.pk,
        lines=khata_rules.khata_act(entry),
        reverses=original or None,
        counter_id=entry.payment.counter_id if entry.payment else None,
    )


def event_entry(shop: Shop, source_kind: str, source_id: int) -> JournalEntry | None:
    """The journal entry that posted an event."""
    return shop.journal.filter(source_kind=source_kind, source_id=source_id).first()


def post_opening_stock(event: StockEvent) -> JournalEntry | None:
    """Post goods that were there when the books began."""
    value = sum((m.value for m in _movements(event)), ZERO)
    return _record_stock(event, "Opening stock", posting_rules.opening_stock(value))


def post_adjustment(event: StockEvent) -> JournalEntry | None:
    """Post damage, loss, own use, found goods or a correction."""
    document = event.stock_document
    what = f"Stock: {document.get_reason_display().lower()}"
    return _record_stock(event, what, posting_rules.adjustment(document, _movements(event)), ", ")


def post_counted(event: StockEvent) -> JournalEntry | None:
    """Post an approved stock take; its paper's note names it."""
    document = event.stock_document
    return record_entry(
        shop=event.shop,
        day=document.day,
        narration=document.note,
        source_kind=JournalEntry.Source.STOCK_EVENT,
        source_id=event.pk,
        lines=posting_rules.counted(_movements(event)),
    )


def post_goods_received(event: StockEvent) -> JournalEntry | None:
    """Post a supplier's bill."""
    receipt = event.stock_document.receipt
    into_stock = sum((m.value for m in _movements(event)), ZERO)
    lines = purchase_rules.goods_received(receipt, receipt.lines.all(), into_stock)
    return _record_stock(event, f"Bill {receipt.bill_number} of {receipt.supplier.name}", lines)


def post_goods_returned(event: StockEvent) -> JournalEntry | None:
    """Post a debit note."""
    back = event.stock_document.purchase_return
    what = f"Returned to {back.receipt.supplier.name}, bill {back.receipt.bill_number}"
    return _record_stock(event, what, purchase_rules.goods_returned(back))


def post_supplier_paid(event: StockEvent) -> JournalEntry | None:
    """Post money that went to a supplier."""
    payment, entry = event.stock_document.supplier_payment, event.stock_document.supplier_entry
    what = f"Paid to {entry.supplier.name}, {payment.get_method_display()}"
    return _record_stock(event, what, purchase_rules.supplier_paid(payment, entry.supplier_id), counter_id=payment.counter_id)


def post_supplier_balance(event: StockEvent) -> JournalEntry | None:
    """Post what was owed to a supplier when the books began."""
    entry = event.stock_document.supplier_entry
    return _record_stock(
        event, f"Opening balance of {entry.supplier.name}", purchase_rules.supplier_balance(entry.amount, entry.supplier_id)
    )


def post_repacked(event: StockEvent) -> JournalEntry | None:
    """Post goods made out of other goods; without packing cost or lots below zero there is nothing to post."""
    repack = event.stock_document.repack
    into_stock = sum((m.value for m in _movements(event) if m.quantity > 0), ZERO)
    return _record_stock(event, repack.get_kind_display(), posting_rules.repacked(repack, into_stock))


def _record_stock(
    event: StockEvent, what: str, lines: Sequence[Line], between: str = ": ", counter_id: int | None = None
) -> JournalEntry | None:
    document = event.stock_document
    return record_entry(
        shop=event.shop,
        day=document.day,
        narration=what + (f"{between}{document.note}" if document.note else ""),
        source_kind=JournalEntry.Source.STOCK_EVENT,
        source_id=event.pk,
        lines=lines,
        counter_id=counter_id,
    )


def _movements(event: StockEvent) -> QuerySet[StockMovement]:
    return StockMovement.objects.filter(
        shop=event.shop, document=StockMovement.Document.STOCK_DOCUMENT, document_id=event.stock_document_id
    ).select_related("lot")
