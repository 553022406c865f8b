"""An order as the supplier gets it: an A4 sheet, or the words of a message. No price stands on either."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from django.template.loader import render_to_string

from inventory.models import PurchaseOrder, PurchaseOrderLine
from shops.gstin import STATES
from smartkirana.pdf import write_pdf
from smartkirana.templatetags.kirana import qty, shop_date

MOST_TOLD = 60  # goods in a message; a longer address is cut off by some phones
WIDTHS = (24, 24, 34)  # mm of packs, pieces in a pack, quantity


def order_pdf(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine]) -> bytes:
    """The order as a PDF of A4 pages in English, under the shop's name."""
    context = {"order": order, "lines": lines, "shop": order.shop, "state": STATES[order.shop.state_code], "supplier": order.supplier}
    columns = "".join(
        f".lines th:nth-child({n}) {{ width: {mm}mm }} .lines th:nth-child({n}), .lines td:nth-child({n}) {{ text-align: right }} "
        for n, mm in enumerate(WIDTHS, 2)
    )
    return write_pdf(render_to_string("print/purchase_order.html", context), sheet="css/invoice.css", rules=columns)


def order_message(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine]) -> str:
    """The order in plain English words, to be sent by WhatsApp: number, goods and how much."""
    goods = [f"{n}. {line.name}: {amount(line)}" for n, line in enumerate(lines[:MOST_TOLD], 1)]
    if len(lines) > MOST_TOLD:
        goods.append(f"and {len(lines) - MOST_TOLD} more, see the order sheet")
    parts = [f"Order {order.number} from {order.shop.name}", *goods]
    if order.expected:
        parts.append(f"Needed by {shop_date(order.expected)}")
    return "\n".join([*parts, *([order.note] if order.note else [])])


def amount(line: PurchaseOrderLine) -> str:
    """ "3 × 12 pc = 36 pc", or "5 kg" where a pack is one unit."""
    unit = line.product.unit
    if line.pack_size == 1:
        return f"{qty(line.quantity)} {unit}"
    return f"{qty(line.packs)} × {qty(line.pack_size)} {unit} = {qty(line.quantity)} {unit}"


def whatsapp_link(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine]) -> str:
    """Opens WhatsApp with the order written; to the supplier when a phone is known, else WhatsApp asks to whom."""
    phone = order.supplier.phone.as_e164.removeprefix("+") if order.supplier.phone else ""
    return f"https://wa.me/{phone}?text={quote(order_message(order, lines))}"
