"""The ledger observes: one receiver for each event table, no logic of its own.

Plain `send` semantics on purpose: a posting that fails aborts the act. A bill without books is worse than no bill.
"""

from __future__ import annotations

from django.db.models.signals import post_save

from inventory.models import StockEvent
from ledger import services
from ledger.bank_acts import failed_after_all
from ledger.bank_models import BankMatch
from ledger.bank_posting import post_match
from orders.models import DrawerEvent, KhataEntry, OrderEvent, PaymentEvent
from shops.models import Shop

POST_ORDER = {
    OrderEvent.Kind.PLACED: services.post_sale,
    OrderEvent.Kind.CANCELLED: services.post_cancelled_sale,
    OrderEvent.Kind.RETURNED: services.post_taken_back,
}
POST_STOCK = {
    StockEvent.Kind.OPENED: services.post_opening_stock,
    StockEvent.Kind.ADJUSTED: services.post_adjustment,
    StockEvent.Kind.RECEIVED: services.post_goods_received,
    StockEvent.Kind.RETURNED: services.post_goods_returned,
    StockEvent.Kind.PAID: services.post_supplier_paid,
    StockEvent.Kind.OWED: services.post_supplier_balance,
    StockEvent.Kind.REPACKED: services.post_repacked,
    StockEvent.Kind.COUNTED: services.post_counted,
}
# The other entries follow a bill's or a payment's event, which posts them.
POSTED_BY_KHATA = {*KhataEntry.OWN_ACTS, KhataEntry.Kind.REVERSAL}


def shop_opened(sender, instance: Shop, created: bool, raw: bool = False, **kwargs) -> None:
    if created and not raw:
        services.open_books(shop=instance)


def order_event_written(sender, instance: OrderEvent, created: bool, raw: bool = False, **kwargs) -> None:
    if created and not raw and instance.kind not in OrderEvent.STEPS:  # a step moves neither money nor stock
        POST_ORDER[instance.kind](instance)


def stock_event_written(sender, instance: StockEvent, created: bool, raw: bool = False, **kwargs) -> None:
    if created and not raw:
        POST_STOCK[instance.kind](instance)


def payment_event_written(sender, instance: PaymentEvent, created: bool, raw: bool = False, **kwargs) -> None:
    if created and not raw:
        services.post_payment_event(instance)
        if instance.kind == PaymentEvent.Kind.FAILED and instance.was == PaymentEvent.Kind.SEEN:
            failed_after_all(instance)


def bank_match_written(sender, instance: BankMatch, created: bool, raw: bool = False, **kwargs) -> None:
    if created and not raw:
        post_match(instance)


def drawer_event_written(sender, instance: DrawerEvent, created: bool, raw: bool = False, **kwargs) -> None:
    if created and not raw:
        services.post_drawer_event(instance)


def khata_entry_written(sender, instance: KhataEntry, created: bool, raw: bool = False, **kwargs) -> None:
    if created and not raw and instance.kind in POSTED_BY_KHATA:
        services.post_khata_act(instance)


def connect() -> None:
    """Called once, when the app is ready."""
    post_save.connect(shop_opened, sender=Shop, dispatch_uid="ledger.shop_opened")
    post_save.connect(order_event_written, sender=OrderEvent, dispatch_uid="ledger.order_event_written")
    post_save.connect(payment_event_written, sender=PaymentEvent, dispatch_uid="ledger.payment_event_written")
    post_save.connect(drawer_event_written, sender=DrawerEvent, dispatch_uid="ledger.drawer_event_written")
    post_save.connect(bank_match_written, sender=BankMatch, dispatch_uid="ledger.bank_match_written")
    post_save.connect(khata_entry_written, sender=KhataEntry, dispatch_uid="ledger.khata_entry_written")
    post_save.connect(stock_event_written, sender=StockEvent, dispatch_uid="ledger.stock_event_written")
