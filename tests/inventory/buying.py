"""A shop that buys: a supplier, a bill in one line of code, and the books looked at afterwards."""

from __future__ import annotations

import itertools
from decimal import Decimal

from inventory.models import GoodsReceipt, Supplier
from inventory.receiving import PaperBill, ReceivedLine, receive_goods
from inventory.suppliers import SupplierDetails, save_supplier
from ledger.checks import run
from shops.models import Shop
from smartkirana.dates import shop_today
from tests import factories

D = Decimal
GSTIN = "27AAPFU0939F1ZV"
OTHER_STATE = "29AABCR1718E1ZL"
_numbers = itertools.count(1)


def make_supplier(shop: Shop, name: str = "", **details) -> Supplier:
    """A registered supplier of the shop's own state, unless said otherwise."""
    details.setdefault("gstin", "" if shop.suppliers.filter(gstin=GSTIN).exists() else GSTIN)
    return save_supplier(shop=shop, details=SupplierDetails(name or f"Gupta Agencies {next(_numbers)}", **details))


def received(product, packs, price, **more) -> ReceivedLine:
    return ReceivedLine(product, D(str(packs)), D(str(price)), **more)


def buy(supplier: Supplier, *lines: ReceivedLine, number: str = "", day=None, **head) -> GoodsReceipt:
    """Goods of one bill, of today unless said otherwise."""
    ours = {name: head.pop(name) for name in ("note", "order", "request_key") if name in head}
    paper = PaperBill(supplier, number or f"GA/{next(_numbers)}", head.pop("date", day or shop_today()), **head)
    return receive_goods(shop=supplier.shop, by=factories.owner_of(supplier.shop), paper=paper, lines=lines, day=day, **ours)


def owed(supplier: Supplier) -> Decimal:
    """What the supplier's row says is owed, read anew."""
    supplier.refresh_from_db()
    return supplier.balance


def postings(document) -> dict[str, Decimal]:
    """Account code → debit minus credit of the paper's journal entry."""
    entry = document.shop.journal.get(source_kind="stock", source_id=document.event.pk)
    sums: dict[str, Decimal] = {}
    for posting in entry.postings.select_related("account"):
        sums[posting.account.code] = sums.get(posting.account.code, D(0)) + posting.debit - posting.credit
    return sums


def books_agree(shop: Shop) -> None:
    """Every rule of check_books holds."""
    broken = {rule.name: found for rule, found in run([shop.pk]) if found}
    assert not broken
