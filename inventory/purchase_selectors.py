"""Reading suppliers' bills: the list, one bill with everything about it, what of it can still go back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from catalog.models import Product
from inventory.models import GoodsReceipt, PurchaseReturn, PurchaseReturnLine, ReceiptLine, Supplier
from inventory.selectors import NOTHING, product_by_code
from shops.models import Shop
from smartkirana.money import ZERO, quantity

ONE = Decimal(1)
PIECES = DecimalField(max_digits=13, decimal_places=3)


@dataclass(frozen=True)
class PurchaseChoice:
    """What a list of bills is narrowed to: words of supplier or bill number, a supplier, days on the bills."""

    q: str = ""
    supplier: Supplier | None = None
    start: date | None = None
    end: date | None = None


def purchases(shop: Shop, choice: PurchaseChoice) -> QuerySet[GoodsReceipt]:
    """The shop's bills of suppliers, the one entered last first, with `tax` (rupees) and account at hand."""
    bills = shop.goods_receipts.select_related("supplier", "document__supplier_entry").order_by("-pk")
    if choice.q:
        bills = bills.filter(Q(bill_number__icontains=choice.q) | Q(supplier__name__icontains=choice.q))
    if choice.supplier:
        bills = bills.filter(supplier=choice.supplier)
    if choice.start:
        bills = bills.filter(bill_date__gte=choice.start)
    if choice.end:
        bills = bills.filter(bill_date__lte=choice.end)
    return bills.annotate(tax=F("cgst") + F("sgst") + F("igst") + F("cess"))


def receipt_of(shop: Shop, receipt_id: int) -> GoodsReceipt | None:
    """One bill with supplier, paper, person and account; None when the shop has no such bill."""
    rows = shop.goods_receipts.select_related("supplier", "order", "document__by", "document__supplier_entry")
    return rows.filter(pk=receipt_id).first()


def lines_of(receipt: GoodsReceipt) -> list[ReceiptLine]:
    """The bill's lines with product and lot, `went_back` (pieces returned of each) and `all_discount` (rupees)."""
    gone = PurchaseReturnLine.objects.filter(receipt_line=OuterRef("pk")).values("receipt_line").annotate(s=Sum("quantity")).values("s")
    lines = receipt.lines.select_related("product", "lot").defer("product__search_text", "product__search_vector")
    found = list(lines.annotate(went_back=Coalesce(Subquery(gone), Value(NOTHING), output_field=PIECES)))
    for line in found:
        line.all_discount = line.discount + line.bill_discount
    return found


def returnable(receipt: GoodsReceipt) -> list[ReceiptLine]:
    """The bill's lines, each with `may_go`: how many pieces can still go back, those that came and are in their lot."""
    lines = lines_of(receipt)
    for line in lines:
        line.may_go = max(min(line.quantity - line.went_back, line.lot.on_hand), quantity(0))
    return lines


def returns_of(receipt: GoodsReceipt) -> list[PurchaseReturn]:
    """The debit notes made of a bill, with number, day and person."""
    return list(receipt.returns.select_related("document__supplier_entry", "document__by").order_by("pk"))


def credited(lines: list[ReceiptLine]) -> Decimal:
    """The input tax claimed on a bill's lines, rupees."""
    return sum((line.tax for line in lines if line.credit), ZERO)


def goods_by_code(shop: Shop, text: str) -> tuple[Product | None, Decimal]:
    """The product that a scanned or typed code names exactly, and how many pieces that code stands for: 12 for a carton's."""
    code = text.strip().upper()
    product = product_by_code(shop, text)
    if product is None or product.sku.upper() == code:
        return product, ONE
    codes = product.barcodes.filter(code__in=[code, code.rjust(13, "0")])
    return product, codes.values_list("pack_quantity", flat=True).first() or ONE
