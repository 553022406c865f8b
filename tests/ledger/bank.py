"""Bank files for tests: a CSV made of rows, taken in as a person would, and its proposal confirmed."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from ledger.bank_acts import Confirmed, confirm_sure
from ledger.bank_files.acts import bring_in, set_columns, take_in
from ledger.bank_files.columns import guess_columns
from ledger.bank_models import BankFile, BankStatement
from ledger.bank_pool import proposal
from orders.bill import Tender
from orders.models import Payment
from shops.models import Shop
from tests import factories

HEADS = ("Transaction Date", "Amount", "MDR", "GST on MDR", "Net Amount", "RRN", "Description")


def csv_of(rows: Sequence[Sequence[object]], heads: Sequence[str] = HEADS) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([heads, *rows])
    return text.getvalue().encode()


def row(payment: Payment, *, at: datetime | None = None, charge="0", gst="0", rrn="", text="UPI") -> tuple:
    """The line that a settlement report has for a payment."""
    there = timezone.localtime(at or payment.at)
    net = payment.amount - Decimal(charge) - Decimal(gst)
    return f"{there:%d/%m/%Y %H:%M:%S}", payment.amount, charge, gst, net, rrn, text


def bring(shop: Shop, rows, heads=HEADS, *, source="upi", account="Paytm", name="report.csv") -> BankFile:
    """A file whose columns are matched as the headings suggest."""
    file = bring_in(shop=shop, by=factories.owner_of(shop), filename=name, content=csv_of(rows, heads))
    set_columns(file=file, by=file.by, mapping=guess_columns(file.headings), source=source, account=account)
    return file


def statement_of(shop: Shop, rows, heads=HEADS, **more) -> BankStatement:
    file = bring(shop, rows, heads, **more)
    return take_in(file=file, by=file.by)


def confirm_all(statement: BankStatement) -> Confirmed:
    """Confirm everything the program is sure of, as the page does, press by press."""
    pairs = [(pair.line, pair.claim) for pair in proposal(statement).sure]
    told = Confirmed(rest=pairs)
    while told.rest:
        told = confirm_sure(statement=statement, pairs=told.rest, by=statement.by)
        assert not told.refused
    return told


def paid(shop: Shop, product, quantity=1, method="upi", *, reference="", at: datetime | None = None, **extra) -> Payment:
    """The one payment of a fresh bill."""
    tenders = [Tender(method, None, reference=reference)]
    if at is not None:
        extra["at"] = at
    return factories.make_order(shop, [(product, quantity)], payments=tenders, **extra).payments.get()
