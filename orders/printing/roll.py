"""A receipt as lines for a roll printer, before it is known how a line gets to paper: what stands left, right, bold, big or centred."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.models import OrderLine
from orders.printing.content import Bill
from orders.printing.receipt import Code, Copy, codes, lines_with_rates
from orders.printing.receipt import rate_word as rate_of
from smartkirana.money import indian
from smartkirana.templatetags.kirana import MINUS, qty, shop_date, shop_datetime


@dataclass(frozen=True)
class Line:
    """One line of words. Too long for the paper, it goes on in the next; `right` stands at the end of the last."""

    left: str = ""
    right: str = ""
    bold: bool = False
    big: bool = False
    centre: bool = False


@dataclass(frozen=True)
class Rule:
    """A line across the paper, so many printer dots thick."""

    thick: int = 1


@dataclass(frozen=True)
class Codes:
    """QR codes side by side; `under` is the small print below the last one's caption."""

    codes: list[Code]
    under: str = ""


@dataclass(frozen=True)
class Columns:
    """Rows of short texts: the first from the left, the others ending where their column ends."""

    rows: list[list[str]]


Part = Line | Rule | Codes | Columns


def roll(bill: Bill, paper: str, copy: Copy) -> list[Part]:
    """The receipt's parts from top to bottom, in the bill's language. `paper` is a roll of Counter.Paper."""
    with translation.override(bill.language):
        return [
            *_head(bill),
            *_marks(bill, copy),
            *_title(bill),
            *_goods(bill),
            *_sums(bill),
            *_tax(bill),
            *_codes(bill, paper),
            *_end(bill, copy),
        ]


def _head(bill: Bill) -> list[Part]:
    seller = bill.seller
    lines = [Line(seller["name"], bold=True, big=True, centre=True)]
    if seller["local_name"]:
        lines.append(Line(seller["local_name"], bold=True, centre=True))
    small = [seller["address"], f"{seller['city']} {seller['pincode']}, {seller['state']} ({seller['state_code']})"]
    if seller["phone"]:
        small.append(_("Phone %(phone)s") % {"phone": seller["phone"]})
    small += [f"{word} {seller[key]}" for word, key in (("GSTIN", "gstin"), ("FSSAI", "fssai")) if seller[key]]
    if declared := bill.order.printed["declaration"]:
        small.append(_(declared))
    return [*lines, *(Line(words, centre=True) for words in small)]


def _marks(bill: Bill, copy: Copy) -> list[Part]:
    """What makes this paper other than the first: in a frame of rules, under the head."""
    found: list[Part] = []
    if bill.cancelled:
        found += [Line(_("CANCELLED"), bold=True, big=True, centre=True)]
        found += [Line(f"{shop_datetime(bill.cancelled.at)}: {bill.cancelled.reason}", centre=True)]
    if bill.mark:
        words = {"when": shop_datetime(bill.mark.at), "who": bill.mark.by, "number": bill.mark.copy_no}
        found += [Line(_("DUPLICATE"), bold=True, big=True, centre=True)]
        found += [Line(_("printed again %(when)s by %(who)s · copy %(number)s") % words, centre=True)]
    elif not copy.counted:
        found += [Line(_("DUPLICATE"), bold=True, big=True, centre=True)]
        found += [Line(_("not printed by the program's own button"), centre=True)]
    return [Rule(3), *found] if found else []


def _title(bill: Bill) -> list[Part]:
    order, buyer = bill.order, bill.buyer
    lines: list[Part] = [Rule(), Line(_(order.title), bold=True, centre=True), Rule()]
    lines.append(Line(order.bill_number, shop_datetime(order.placed_at), bold=True))
    if bill.note:
        lines.append(Line(_("Against bill %(number)s") % {"number": bill.against["number"]}, shop_date(bill.against_day)))
    lines.append(Line(f"{order.printed['counter']}, {order.printed['cashier']}", buyer["name"] or buyer["phone"] if buyer else ""))
    if buyer and buyer["gstin"]:
        lines.append(Line(_("Buyer's GSTIN %(gstin)s") % {"gstin": buyer["gstin"]}))
        lines += [Line(buyer["address"])] if buyer["address"] else []
    if order.inter_state:
        lines.append(Line(_("Place of supply %(place)s") % {"place": bill.place_of_supply}))
    return lines


def _goods(bill: Bill) -> list[Part]:
    parts: list[Part] = [Rule()]
    for line, rate in lines_with_rates(bill):
        parts.append(Line(line.name, bold=True))
        if line.local_name:
            parts.append(Line(line.local_name))
        parts.append(Line(_figures(line, rate), indian(line.total)))
    return parts


def _figures(line: OrderLine, rate: str) -> str:
    words = [f"{qty(line.quantity)} {line.unit} x {indian(line.unit_price)}"]
    if line.mrp and line.mrp > line.unit_price:
        words.append(f"MRP {indian(line.mrp)}")
    if line.all_discount:
        words.append(_("less %(amount)s") % {"amount": indian(line.all_discount)})
    return ", ".join([*words, *filter(None, [line.hsn, rate and _(rate)])])


def _sums(bill: Bill) -> list[Part]:
    order, count = bill.order, len(bill.lines)
    items = ngettext("%(count)s item", "%(count)s items", count) % {"count": count}
    parts: list[Part] = [Rule(), Line(f"{items}, {_('with GST')}" if bill.shows_tax else items, indian(order.goods_total))]
    if order.round_off:
        parts.append(Line(_("Round off"), f"{'+' if order.round_off > 0 else MINUS}{indian(abs(order.round_off))}"))
    parts += [Rule(2), Line(_("Total"), f"₹ {indian(order.total)}", bold=True, big=True), Rule(2)]
    for payment in bill.payments:
        parts.append(Line(f"{_(payment.get_method_display())} {payment.reference}".strip(), indian(payment.amount)))
        if payment.change:
            parts.append(Line(_("Given %(given)s, change") % {"given": indian(payment.tendered)}, indian(payment.change)))
    if order.saved > 0:
        parts.append(Line(f"{_('You saved')} ₹ {indian(order.saved)}", bold=True, centre=True))
    return parts


def _tax(bill: Bill) -> list[Part]:
    if not bill.shows_tax:
        return []
    inter = bill.order.inter_state
    heads = ["GST", _("Value"), *(["IGST"] if inter else ["CGST", bill.state_tax]), *([_("Cess")] if bill.has_cess else [])]
    rows = [heads]
    for group in bill.by_rate:
        taxes = [group.igst] if inter else [group.cgst, group.sgst]
        rows.append([_(rate_of(group.rate)), *(indian(one) for one in chain([group.value], taxes, [group.cess] if bill.has_cess else []))])
    return [Rule(), Columns(rows)]


def _codes(bill: Bill, paper: str) -> list[Part]:
    return [Codes(row, bill.seller["upi_id"] if row[-1].kind == "upi" else "") for row in codes(bill, paper)]


def _end(bill: Bill, copy: Copy) -> list[Part]:
    words = [bill.seller["footer"], _("Thank you, come again.")]
    parts: list[Part] = [Rule(), *(Line(one, centre=True) for one in words if one)]
    if bill.mark or not copy.counted:
        parts.append(Line(_("DUPLICATE"), bold=True, centre=True))
    return [*parts, Line(_("CANCELLED"), bold=True, centre=True)] if bill.cancelled else parts
