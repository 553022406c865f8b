"""The figures of a day as lines to read: the same for the screen, the A4 sheet and the roll. Pure but for the language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ledger.day_figures import Figures
from ledger.models import DayClose
from orders.models import DrawerEvent, KhataEntry, Payment
from orders.printing.roll import Columns, Line, Part, Rule
from shops.models import Shop
from smartkirana.money import indian
from smartkirana.templatetags.kirana import MINUS, percent, shop_date, shop_datetime

LONGEST_LABEL = 34
LET_GO = (KhataEntry.Kind.DISCOUNT, KhataEntry.Kind.WRITTEN_OFF)


@dataclass(frozen=True)
class Row:
    """A label, how many of it (None where counting says nothing), rupees."""

    label: str
    amount: Decimal | None
    count: int | None = None
    strong: bool = False

    @property
    def words(self) -> str:
        return f"{self.label} ({self.count})" if self.count is not None else self.label

    @property
    def figure(self) -> str:
        return "" if self.amount is None else indian(self.amount, minus=MINUS)


@dataclass(frozen=True)
class Section:
    """Rows under one head; or `table`, rows of short texts under their heads."""

    title: str
    rows: list[Row] = field(default_factory=list)
    table: list[list[str]] = field(default_factory=list)


def sections(figures: Figures, *, with_money: bool) -> list[Section]:
    """Everything a day came to; `with_money` also where the money was at its end, for who sees the books."""
    found = [
        Section(_("Sales"), list(_sales(figures))),
        Section(_("Paid by"), list(_tenders(figures))),
        Section(_("Tax by rate"), table=_rates(figures)),
        Section(_("Khata"), list(_khata(figures))),
        Section(_("Put in and taken out"), list(_moves(figures))),
        Section(_("Drawers counted"), list(_counts(figures))),
        Section(_("Not yet seen"), list(_unseen(figures))),
        Section(_("Bill numbers"), list(_series(figures))),
        Section(_("Money at the end"), list(_money(figures)) if with_money else []),
    ]
    return [one for one in found if one.rows or one.table]


def _amount(text: str) -> Decimal:
    return Decimal(text)


def _sales(figures: Figures) -> Iterator[Row]:
    sold, cancelled, returns = figures["sold"], figures["cancelled"], figures["returns"]
    yield Row(_("Goods"), _amount(sold["gross"]))
    if _amount(sold["discount"]):
        yield Row(_("Discounts"), -_amount(sold["discount"]))
    if _amount(sold["round_off"]):
        yield Row(_("Round off"), _amount(sold["round_off"]))
    yield Row(_("Bills"), _amount(sold["total"]), sold["count"], strong=True)
    if cancelled["count"]:
        yield Row(_("Cancelled bills"), -_amount(cancelled["total"]), cancelled["count"])
    if returns["count"]:
        yield Row(_("Returned goods"), -_amount(returns["total"]), returns["count"])
    yield Row(_("Net sales"), _amount(figures["net"]), strong=True)
    if tax := _amount(sold["tax"]) - _amount(cancelled["tax"]) - _amount(returns["tax"]):
        yield Row(_("of it GST and cess"), tax)


def _tenders(figures: Figures) -> Iterator[Row]:
    ways = dict(Payment.Method.choices)
    for row in figures["tenders"]:
        yield Row(_(ways[row["method"]]), _amount(row["taken"]), row["count"])
        if back := _amount(row["back"]):
            yield Row(_("{way}, given back").format(way=_(ways[row["method"]])), -back)


def _rates(figures: Figures) -> list[list[str]]:
    taxes = ("cgst", "sgst", "igst", "cess")
    rows = [row for row in figures["rates"] if any(_amount(row[name]) for name in ("value", "total"))]
    shown = [name for name in taxes if any(_amount(row[name]) for row in rows)]
    if not shown:
        return []
    heads = ["GST", _("Value"), *({"cess": _("Cess")}.get(name, name.upper()) for name in shown)]
    named = [percent(Decimal(row["rate"])) if row["supply_class"] == "taxable" else _("exempt") for row in rows]
    values = [row["value"] if row["supply_class"] == "taxable" else row["total"] for row in rows]
    body = [
        [name, *(indian(one, minus=MINUS) for one in (value, *(row[tax] for tax in shown)))]
        for name, value, row in zip(named, values, rows, strict=True)
    ]
    return [heads, *body]


def _khata(figures: Figures) -> Iterator[Row]:
    khata, ways = figures["khata"], dict(Payment.Method.choices)
    given, got = (_amount(khata[name]) for name in ("given", "got"))
    if not khata["rows"]:
        return
    yield Row(_("You gave"), given, strong=True)
    yield Row(_("You got"), got, strong=True)
    for row in khata["rows"]:
        if row["kind"] == KhataEntry.Kind.PAYMENT:
            yield Row(_("of it {way}").format(way=_(ways[row["method"]])), -_amount(row["amount"]), row["count"])
    for row in khata["rows"]:
        if row["kind"] in LET_GO:
            yield Row(str(KhataEntry.Kind(row["kind"]).label), -_amount(row["amount"]), row["count"])


def _moves(figures: Figures) -> Iterator[Row]:
    for row in figures["moves"]:
        label = str(DrawerEvent.Reason(row["reason"]).label)
        yield Row(label if row["place"] == "drawer" else _("Safe: {what}").format(what=label), _amount(row["amount"]), row["count"])


def _counts(figures: Figures) -> Iterator[Row]:
    for row in figures["counts"]:
        difference = _amount(row["difference"])
        if not row["shifts"] and not difference:
            continue
        word = _("over") if difference > 0 else _("short") if difference < 0 else _("right")
        shifts = ngettext("{n} shift", "{n} shifts", row["shifts"]).format(n=row["shifts"])
        yield Row(f"{row['counter']}, {shifts}, {word}", difference)
        if row["uncounted"]:
            yield Row(_("{counter}: ended without a count").format(counter=row["counter"]), None, row["uncounted"])


def _unseen(figures: Figures) -> Iterator[Row]:
    ways = dict(Payment.Method.choices)
    for row in figures["tenders"]:
        if row["unseen_count"]:
            yield Row(_(ways[row["method"]]), _amount(row["unseen"]), row["unseen_count"])


def _series(figures: Figures) -> Iterator[Row]:
    for row in figures["series"]:
        first, last = (row[name].rpartition("/")[2].lstrip("0") or "0" for name in ("first", "last"))
        yield Row(f"{row['series']}/ {first}–{last}", None, row["count"])


def _money(figures: Figures) -> Iterator[Row]:
    names = {
        "drawers": _("Drawers"), "safe": _("Safe or home"), "bank": _("Bank"), "upi": _("UPI not yet seen"),
        "card": _("Card not yet seen"), "khata": _("Khata owed to us"), "owed": _("We owe suppliers"),
    }  # fmt: skip
    for name, label in names.items():
        yield Row(label, _amount(figures["money"].get(name, "0")))


# --- the roll ---------------------------------------------------------------------------------------------------
def title(figures: Figures, z: DayClose | None) -> str:
    return _("Z report {number}").format(number=z.number) if z else _("X report")


def day_of(figures: Figures) -> date:
    return date.fromisoformat(figures["day"])


def roll_parts(shop: Shop, figures: Figures, z: DayClose | None, *, with_money: bool) -> list[Part]:
    """The report for a roll, from top to bottom."""
    parts: list[Part] = [Line(shop.name, bold=True, big=True, centre=True)]
    parts += [Line(f"GSTIN {shop.gstin}", centre=True)] if shop.gstin else []
    parts += [Rule(), Line(title(figures, z), bold=True, centre=True), Line(shop_date(day_of(figures)), centre=True), Rule()]
    for section in sections(figures, with_money=with_money):
        parts.append(Line(section.title, bold=True))
        parts += [Line(row.words[:LONGEST_LABEL], row.figure, bold=row.strong) for row in section.rows]
        parts += [Columns(section.table)] if section.table else []
        parts.append(Rule())
    return [*parts, *(Line(words, centre=True) for words in foot(z))]


def foot(z: DayClose | None) -> list[str]:
    """Who closed the day and its seal; of an X report that nothing is closed."""
    if z is None:
        return [_("The day is still open. Nothing was closed.")]
    closed = _("Closed {when} by {who}").format(when=shop_datetime(z.at), who=z.by)
    sealed = ngettext("{n} journal entry sealed", "{n} journal entries sealed", z.entries).format(n=indian(z.entries, 0))
    return [closed, sealed, _("Seal {seal}").format(seal=z.short_seal)]
