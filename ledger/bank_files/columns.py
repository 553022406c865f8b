"""What a column of a bank's, UPI app's or card machine's file may be, and the headings by which they call it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_noop

from inventory.bill_files.columns import Column, guess
from ledger.errors import LedgerError

COLUMNS = (
    Column(
        "date",
        gettext_noop("Date, or date and time"),
        (
            "transaction date", "txn date", "tran date", "trans date", "transaction date time", "transaction date and time",
            "transaction date and time ist", "transaction time stamp", "transaction timestamp", "txn date time", "txn timestamp",
            "date and time", "date time", "datetime", "date", "value date", "value dt", "posting date", "post date", "payment date",
            "created at", "created on", "transaction utc time", "transaction on", "txn dt", "settlement date",
        ),
    ),
    Column(
        "time",
        gettext_noop("Time"),
        ("transaction time", "txn time", "tran time", "time", "time ist", "payment time"),
    ),
    Column(
        "amount",
        gettext_noop("Amount that was paid (credit)"),
        (
            "gross amount", "gross amt", "credit amount", "credit amt", "deposit amount", "deposit amt", "deposits", "deposit", "credit",
            "credits", "cr amount", "amount cr", "credit inr", "credit rs", "deposit amt inr", "deposit amount inr", "cr amt",
            "transaction amount", "txn amount", "txn amt", "tran amount", "total transaction amount", "amount credited", "payment amount",
            "paid amount", "collected amount", "sale amount", "amount", "amount inr", "amt", "total amount", "gross", "cr",
        ),
    ),
    Column(
        "debit",
        gettext_noop("Money that left (debit)"),
        (
            "withdrawal amount", "withdrawal amt", "withdrawals", "withdrawal", "debit amount", "debit amt", "debit", "debits", "dr amount",
            "debit inr", "debit rs", "withdrawal amt inr", "withdrawal amount inr", "dr amt", "dr",
        ),
    ),
    Column(
        "direction",
        gettext_noop("Cr or Dr"),
        ("cr dr", "dr cr", "crdr", "drcr", "debit credit", "credit debit", "transaction type", "txn type", "type", "dr cr indicator"),
    ),
    Column(
        "charge",
        gettext_noop("Charge kept (MDR)"),
        (
            "mdr", "mdr amount", "mdr amt", "commission", "commission amount", "commission amt", "charges", "charge", "charge amount",
            "fee", "fees", "fee amount", "processing fee", "merchant fee", "service charge", "service fee", "mdr charges", "mdr rs",
            "msf", "msf amount", "merchant discount", "deductions", "total deductions", "platform fee", "bank charges",
        ),
    ),
    Column(
        "charge_gst",
        gettext_noop("GST on the charge"),
        (
            "gst", "gst amount", "gst on mdr", "gst on charges", "gst on commission", "gst on fee", "tax", "tax amount", "service tax",
            "gst amt", "taxes", "tax on fee", "igst", "igst amount", "mdr gst", "gst rs",
        ),
    ),
    Column(
        "net",
        gettext_noop("Net amount that reached the bank"),
        (
            "net amount", "net amt", "settled amount", "settlement amount", "settlement amt", "net settlement amount", "payout amount",
            "net settled amount", "net payable", "amount settled", "net", "net credit", "net amount settled", "payable amount", "net rs",
        ),
    ),
    Column(
        "reference",
        gettext_noop("Reference (UTR, RRN)"),
        (
            "rrn", "rrn no", "utr", "utr no", "utr number", "upi rrn", "upi reference", "upi ref no", "upi reference no", "upi ref id",
            "bank reference no", "bank ref no", "bank reference number", "bank rrn", "customer ref no", "chq ref no", "chq ref number",
            "chq no", "cheque no", "cheque number", "ref no cheque no", "chq no ref no", "ref cheque no", "cheque ref no",
            "cheque no ref no", "reference no", "reference number", "ref no", "reference", "ref number", "instrument id", "tran id",
            "transaction id", "txn id", "transaction reference", "transaction ref no", "payment id", "auth code",
            "approval code", "upi transaction id",
        ),
    ),
    Column(
        "text",
        gettext_noop("Description"),
        (
            "narration", "description", "particulars", "transaction particulars", "transaction remarks", "remarks", "transaction details",
            "details", "transaction description", "naration", "payer name", "customer name", "customer vpa", "payer vpa", "note", "notes",
            "comments", "payer",
        ),
    ),
    Column(
        "order",
        gettext_noop("Your own reference (order no.)"),
        (
            "order id", "order no", "merchant order id", "merchant reference", "merchant reference id", "merchant ref id",
            "merchant transaction id", "merchant txn id", "invoice no", "bill no", "merchant ref no", "external reference", "tr",
        ),
    ),
    Column(
        "status",
        gettext_noop("Whether it went well (status)"),
        ("status", "transaction status", "txn status", "payment status", "state", "result"),
    ),
)  # fmt: skip
BY_FIELD = {column.field: column for column in COLUMNS}


def checked_mapping(mapping: Mapping[str, int], headings: Sequence[str]) -> dict[str, int]:
    """A mapping that a file can be read by. Raises LedgerError "bad_column", "column_twice", "no_columns"."""
    for field, number in mapping.items():
        if field not in BY_FIELD or isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < len(headings):
            raise LedgerError("bad_column", "Choose from the list what each column is.")
    if len(set(mapping.values())) < len(mapping):
        raise LedgerError("column_twice", "A column can be one thing only.")
    if "date" not in mapping:
        raise LedgerError("no_columns", "Say which column is the date.")
    if not mapping.keys() & {"amount", "net"}:
        raise LedgerError("no_columns", "Say which column is the amount: what was paid, or what reached the bank.")
    return dict(mapping)


def guess_columns(headings: Sequence[str]) -> dict[str, int]:
    """Field → number of the column, as the headings suggest."""
    return guess(headings, COLUMNS)
