"""The acts on suppliers: who they are, what was owed when the books began, and paying them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Sum

from inventory.errors import StockError
from inventory.models import Settlement, StockDocument, StockEvent, Supplier, SupplierEntry, SupplierPayment
from inventory.papers import enter_paper
from shops.gstin import STATES, GstinError, gstin_in
from shops.identifiers import IdentifierError, parse_phone
from shops.models import Counter, Shop, User
from shops.numbers import next_numbers
from smartkirana.dates import financial_year, shop_today
from smartkirana.db_rules import broken_rule, made_with_key
from smartkirana.money import ZERO, money, rupees
from smartkirana.text import clean_name

LARGEST_AMOUNT = Decimal("999999999.99")
LONGEST_DAYS = 365
MOST_OPEN = 500  # bills, and payments, of a supplier that one act settles, oldest first
Kind = StockDocument.Kind
Method = SupplierPayment.Method
SENTENCES = {
    "inventory_supplier_name": ("name_taken", "A supplier of this name exists already.", "name"),
    "inventory_supplier_gstin_once": ("gstin_taken", "Another supplier has this GSTIN.", "gstin"),
}


@dataclass(frozen=True)
class SupplierDetails:
    """What is known of a supplier, as typed; the name is enough. due_days: days to pay a bill; lead_days: from order to goods."""

    name: str
    phone: str = ""
    email: str = ""
    address: str = ""
    state_code: str = ""
    gstin: str = ""
    composition: bool = False
    due_days: int = 0
    lead_days: int = 2
    note: str = ""


def save_supplier(*, shop: Shop, details: SupplierDetails, supplier: Supplier | None = None, request_key: UUID | None = None) -> Supplier:
    """Write down a new supplier, or change one. Without a state it is that of the GSTIN, else the shop's.

    request_key  one per opened form: pressing twice makes one
    Raises StockError "no_name", "name_taken", "bad_phone", "bad_email", "bad_state", "gstin_…", "gstin_taken",
    "bad_composition", "bad_days".
    """
    if supplier is None:
        known, key = made_with_key(shop.suppliers.all(), request_key, name=clean_name(details.name)[:80])
        if known:
            return known
        supplier = Supplier(shop=shop, request_key=key)
    _describe(supplier, details)
    try:
        with transaction.atomic():
            supplier.save()
    except IntegrityError as error:
        rule = broken_rule(error)
        if rule == "inventory_supplier_request_key":  # two presses at once
            return shop.suppliers.get(request_key=supplier.request_key)
        if rule in SENTENCES:
            raise StockError(*SENTENCES[rule]) from None
        raise
    return supplier


def _describe(supplier: Supplier, d: SupplierDetails) -> None:
    supplier.name = clean_name(d.name)[:80]
    if not supplier.name:
        raise StockError("no_name", "Give the supplier a name.", "name")
    if d.state_code and d.state_code not in STATES:
        raise StockError("bad_state", "Choose a state from the list.", "state_code")
    try:
        supplier.phone = parse_phone(d.phone) if d.phone.strip() else ""
        supplier.gstin = gstin_in(d.gstin, d.state_code)
        validate_email(d.email.strip() or "nobody@example.in")
    except (IdentifierError, GstinError) as wrong:
        raise StockError(wrong.code, wrong.message, wrong.field) from None
    except ValidationError:
        raise StockError("bad_email", "Write an e-mail address like name@example.in, or leave it empty.", "email") from None
    supplier.email = d.email.strip()
    supplier.state_code = d.state_code or (supplier.gstin[:2] if supplier.gstin[:2] in STATES else supplier.shop.state_code)
    if d.composition and not supplier.gstin:
        raise StockError("bad_composition", "A composition taxpayer has a GSTIN. Write it, or leave this off.", "composition")
    for field in ("due_days", "lead_days"):
        if not 0 <= getattr(d, field) <= LONGEST_DAYS:
            raise StockError("bad_days", f"Give 0 to {LONGEST_DAYS} days.", field)
    supplier.composition, supplier.due_days, supplier.lead_days = d.composition, d.due_days, d.lead_days
    supplier.address, supplier.note = clean_name(d.address)[:200], clean_name(d.note)[:200]


def set_supplier_active(*, supplier: Supplier, active: bool) -> None:
    """Take a supplier out of the choosers, or back in; papers and account stay."""
    supplier.is_active = active
    supplier.save(update_fields=["is_active"])


# --- the account ----------------------------------------------------------------------------------------------
def enter_supplier_balance(
    *, shop: Shop, by: User, supplier: Supplier, amount: Decimal, day: date | None = None, note: str = "", request_key: UUID | None = None
) -> StockDocument:
    """What was owed to a supplier (rupees; below zero: paid ahead) when the books began. Once for each supplier.

    Raises StockError "unknown_supplier", "bad_amount", "balance_there", "bad_day".
    """
    _of_this_shop(shop, supplier)
    if amount is None or not amount.is_finite() or not amount or abs(amount) > LARGEST_AMOUNT or amount != money(amount):
        raise StockError("bad_amount", "Give what you owed them, in rupees and paise; with a minus, what you had paid ahead.", "amount")

    def write(document: StockDocument) -> None:
        lock_account(supplier)
        if supplier.entries.filter(document__kind=Kind.BALANCE).exclude(document=document).exists():
            raise StockError("balance_there", f"The opening balance of {supplier.name} is entered already.", "amount")
        add_entry(document, supplier, amount, due=document.day if amount > 0 else None)
        settle_oldest(document, supplier)

    document = _paper(shop, Kind.BALANCE, by, day, note, request_key)
    return enter_paper(document, StockEvent.Kind.OWED, write)


@dataclass(frozen=True)
class Share:
    """Rupees of a payment that go to one open bill (a SupplierEntry's id)."""

    entry_id: int
    amount: Decimal


def pay_supplier(
    *,
    shop: Shop,
    by: User,
    supplier: Supplier,
    amount: Decimal,
    method: str,
    discount: Decimal = ZERO,
    reference: str = "",
    shares: Sequence[Share] | None = None,
    day: date | None = None,
    note: str = "",
    request_key: UUID | None = None,
    counter: Counter | None = None,
) -> StockDocument:
    """Pay a supplier: `amount` rupees in cash, from the bank or by UPI, and `discount` rupees that they let go.

    shares  which bills it pays; the rest, and all of it without any, goes to the oldest open bill first. What then is left over is an
            advance, which the next bills use up.
    counter  whose drawer the cash comes out of, None for none of them; `orders.shifts.move_cash` says so
    Raises StockError "unknown_supplier", "bad_amount", "bad_discount", "bad_method", "bad_share", "bad_day", "day_closed".
    """
    _of_this_shop(shop, supplier)
    if amount is None or not amount.is_finite() or not 0 < amount <= LARGEST_AMOUNT or amount != money(amount):
        raise StockError("bad_amount", "Give what you paid, in rupees and paise, above zero.", "amount")
    if discount is None or not discount.is_finite() or not 0 <= discount <= LARGEST_AMOUNT or discount != money(discount):
        raise StockError("bad_discount", "A discount cannot be below zero.", "discount")
    if method not in Method.values:
        raise StockError("bad_method", "Choose how it was paid.", "method")

    def write(document: StockDocument) -> None:
        lock_account(supplier)
        if discount and discount > _net_open(supplier):
            raise StockError("bad_discount", "The discount is more than what is open. Make it smaller.", "discount")
        entry = add_entry(document, supplier, -(money(amount) + money(discount)), series="PV")
        SupplierPayment.objects.create(
            shop=shop,
            document=document,
            method=method,
            amount=money(amount),
            discount=money(discount),
            reference=clean_name(reference)[:40],
            counter=counter,
        )
        if shares is not None:
            settle_chosen(document, entry, shares)
        settle_oldest(document, supplier)

    document = _paper(shop, Kind.PAYMENT, by, day, note, request_key)
    return enter_paper(document, StockEvent.Kind.PAID, write)


def _paper(shop: Shop, kind: StockDocument.Kind, by: User, day: date | None, note: str, request_key: UUID | None) -> StockDocument:
    return StockDocument(
        shop=shop, kind=kind, reason=kind.value, by=by, request_key=request_key, note=clean_name(note)[:200], day=day or shop_today()
    )


def _of_this_shop(shop: Shop, supplier: Supplier) -> None:
    if supplier.shop_id != shop.pk:
        raise StockError("unknown_supplier", "Choose a supplier of this shop.", "supplier")


def lock_account(supplier: Supplier) -> None:
    """One act at a time on a supplier's account, so that two payments cannot settle one bill."""
    Supplier.objects.select_for_update(no_key=True).only("pk").get(pk=supplier.pk)


def add_entry(document: StockDocument, supplier: Supplier, amount: Decimal, *, series: str = "", due: date | None = None) -> SupplierEntry:
    """Put a paper into a supplier's account; with `series` under the next number of it, e.g. "PV/26-27/0001"."""
    number = ""
    if series:
        named = f"{series}/{financial_year(document.day)}"
        number = f"{named}/{next_numbers(document.shop, [named])[0]:04d}"
    return SupplierEntry.objects.create(
        shop=document.shop, supplier=supplier, document=document, number=number, day=document.day, due=due, amount=amount, open=amount
    )


def due_day(supplier: Supplier, bill_date: date) -> date:
    """By when a bill of that date is to be paid."""
    return bill_date + timedelta(days=supplier.due_days)


def _net_open(supplier: Supplier) -> Decimal:
    """Rupees of bills that nothing has settled, less what was paid and not used yet."""
    return supplier.entries.exclude(open=0).aggregate(net=Sum("open", default=ZERO))["net"]


def settle_chosen(document: StockDocument, paid: SupplierEntry, shares: Sequence[Share]) -> None:
    """Give a payment to the bills that were chosen. Raises StockError "bad_share"."""
    chosen = _chosen(paid.supplier, -paid.open, shares)
    _settle(document, paid.supplier, [(bill, paid, amount) for bill, amount in chosen])


def _chosen(supplier: Supplier, worth: Decimal, shares: Sequence[Share]) -> list[tuple[SupplierEntry, Decimal]]:
    open_ones = {entry.pk: entry for entry in supplier.entries.filter(open__gt=0, pk__in=[share.entry_id for share in shares])}
    if len({share.entry_id for share in shares}) != len(shares):
        raise StockError("bad_share", "A bill stands twice. Give each bill one amount.", "shares")
    for share in shares:
        entry = open_ones.get(share.entry_id)
        if entry is None or not 0 < share.amount <= entry.open:
            raise StockError("bad_share", "A bill chosen is settled by now, or less of it is open. Look again.", "shares")
    if sum((share.amount for share in shares), ZERO) > worth:
        raise StockError("bad_share", f"The bills come to more than the {rupees(worth)} paid.", "shares")
    return [(open_ones[share.entry_id], share.amount) for share in shares]


def settle_oldest(document: StockDocument, supplier: Supplier) -> None:
    """Let what was paid and not used meet what is open, the oldest of both first."""
    _settle(document, supplier, _meet(_not_settled(supplier)))


def _not_settled(supplier: Supplier) -> list[SupplierEntry]:
    """The oldest open bills and the oldest unused payments: so many of each, since a new payment is younger than all bills."""
    entries = supplier.entries.order_by("day", "pk")
    return [*entries.filter(open__gt=0)[:MOST_OPEN], *entries.filter(open__lt=0)[:MOST_OPEN]]


def _meet(entries: Sequence[SupplierEntry]) -> list[tuple[SupplierEntry, SupplierEntry, Decimal]]:
    """(bill, payment, rupees), the oldest of both first; takes the amounts off the entries' `open`."""
    bills = [entry for entry in entries if entry.open > 0]
    met = []
    for paid in (entry for entry in entries if entry.open < 0):
        while paid.open < 0 and bills:
            amount = min(bills[0].open, -paid.open)
            met.append((bills[0], paid, amount))
            bills[0].open -= amount
            paid.open += amount
            if not bills[0].open:
                bills.pop(0)
    return met


def planned_shares(supplier: Supplier, worth: Decimal, shares: Sequence[Share] | None = None) -> dict[int, Decimal]:
    """Where a payment of `worth` rupees, discount and all, would go if it were made now: entry id → rupees. Nothing is written.

    Raises StockError "bad_share" as `pay_supplier` does.
    """
    goes: dict[int, Decimal] = {}
    for bill, amount in _chosen(supplier, worth, shares or ()):
        goes[bill.pk] = amount
    entries = _not_settled(supplier)
    for entry in entries:
        entry.open -= goes.get(entry.pk, ZERO)
    paid = SupplierEntry(open=sum(goes.values(), ZERO) - worth)
    for bill, by, amount in _meet([*entries, paid]):
        if by is paid:
            goes[bill.pk] = goes.get(bill.pk, ZERO) + amount
    return goes


def _settle(document: StockDocument, supplier: Supplier, met: Sequence[tuple[SupplierEntry, SupplierEntry, Decimal]]) -> None:
    both = {"shop": document.shop, "supplier": supplier, "document": document}
    Settlement.objects.bulk_create(Settlement(bill=bill, paid=paid, amount=amount, **both) for bill, paid, amount in met)
