"""What must be true of the books, each rule one SQL statement over all rows: it returns those that break it.

One statement sees one moment, so a rule may run while bills are being made. Amounts in rupees; a net is debit minus credit.
Every statement gets `%(shops)s`, the shops to look at, and returns (shop's address, words that name the row).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.db import connection

from ledger.bank_checks import BANK_RULES
from ledger.count_checks import COUNTS_ARE_BOOKED, COUNTS_ARE_MOVED
from ledger.credit_checks import (
    CREDIT_NOTES_ADD_UP,
    CREDIT_NOTES_ARE_BOOKED,
    CREDIT_NUMBERS,
    EXCHANGES,
    NO_MORE_THAN_SOLD,
    RETURNED_AT_COST,
)
from ledger.drawer_checks import CASH, DRAWER_EVENTS_ARE_POSTED, DRAWERS, SEALS, SHIFTS
from ledger.khata_checks import KHATA, KHATA_CHAIN, KHATA_IS_POSTED, KHATA_SETTLED, KHATA_SOURCES
from ledger.payment_checks import CLAIMS_ARE_POSTED, CLEARING, MONEY_BY_METHOD, PAYMENT_STATES
from ledger.purchase_checks import PURCHASES_ARE_BOOKED, RECEIPTS_ADD_UP, SETTLEMENTS, SUPPLIERS
from ledger.repack_checks import REPACKS_KEEP_VALUE
from ledger.rule import BOOKED, MONEY, Rule

MOST_NAMED = 20


class Breach(NamedTuple):
    """A row that breaks a rule, and how many do."""

    shop: str
    what: str
    count: int


def run(shops: Sequence[int]) -> Iterator[tuple[Rule, list[Breach]]]:
    """Every rule with its first breaches; an empty list where it holds."""
    for rule in RULES:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT slug, what, count(*) OVER () FROM ({rule.sql}) AS broken (slug, what) ORDER BY slug, what LIMIT {MOST_NAMED}",  # noqa: S608 - our own rules
                {"shops": list(shops)},
            )
            yield rule, [Breach(*row) for row in cursor.fetchall()]


NOTHING_MOVED = """
    bill.total = 0 AND bill.cost = 0 AND bill.taxable = bill.after_tax_reduction AND bill.exempt = 0
    AND bill.cgst = 0 AND bill.igst = 0 AND bill.cess = 0 AND bill.round_off = 0
"""

ACTS_HAVE_EVENTS = Rule(
    "acts_have_events",
    "Every bill and every stock paper has its event",
    """
    SELECT shop.slug, 'bill ' || bill.bill_number || ': no event'
      FROM orders_order AS bill JOIN shops_shop AS shop ON shop.id = bill.shop_id
     WHERE bill.shop_id = ANY(%(shops)s)
       AND NOT EXISTS (SELECT FROM orders_orderevent AS event WHERE event.order_id = bill.id AND event.kind = 'placed')
    UNION ALL
    SELECT shop.slug, 'stock paper ' || paper.id || ' of ' || paper.day || ': no event'
      FROM inventory_stockdocument AS paper JOIN shops_shop AS shop ON shop.id = paper.shop_id
     WHERE paper.shop_id = ANY(%(shops)s)
       AND NOT EXISTS (SELECT FROM inventory_stockevent AS event WHERE event.stock_document_id = paper.id)
    """,
)

EVENTS_ARE_POSTED = Rule(
    "events_are_posted",
    "Every event has its journal entry",
    f"""
    SELECT shop.slug, 'bill ' || bill.bill_number || ' ' || event.kind || ': no entry'
      FROM orders_orderevent AS event
      JOIN orders_order AS bill ON bill.id = event.order_id
      JOIN shops_shop AS shop ON shop.id = event.shop_id
     WHERE event.shop_id = ANY(%(shops)s) AND event.kind IN ('placed', 'cancelled') AND NOT ({NOTHING_MOVED})
       AND NOT EXISTS (SELECT FROM ledger_journalentry AS entry
                        WHERE entry.shop_id = event.shop_id AND entry.source_kind = 'order' AND entry.source_id = event.id)
    UNION ALL
    SELECT shop.slug, 'stock paper ' || paper.id || ' of ' || paper.day || ': no entry'
      FROM inventory_stockevent AS event
      JOIN inventory_stockdocument AS paper ON paper.id = event.stock_document_id
      JOIN shops_shop AS shop ON shop.id = event.shop_id
     WHERE event.shop_id = ANY(%(shops)s)
       AND ((SELECT coalesce(sum(moved.value), 0) <> 0 FROM inventory_stockmovement AS moved
              WHERE moved.shop_id = event.shop_id AND moved.document = 'stock' AND moved.document_id = paper.id)
            OR EXISTS (SELECT FROM inventory_supplierentry AS account WHERE account.document_id = paper.id AND account.amount <> 0))
       AND NOT EXISTS (SELECT FROM ledger_journalentry AS entry
                        WHERE entry.shop_id = event.shop_id AND entry.source_kind = 'stock' AND entry.source_id = event.id)
    """,  # noqa: S608 - constants of this file
)

ENTRIES_HAVE_EVENTS = Rule(
    "entries_have_events",
    "Every journal entry has its event, of the same day",
    """
    SELECT shop.slug, 'entry ' || entry.id || ' "' || entry.narration || '": '
           || CASE WHEN coalesce(sold.day, paid.day, drawer.day, paper.day, khata.day, kept.day) IS NULL THEN 'no event'
                   ELSE 'of ' || entry.date || ', its event of '
                        || coalesce(sold.day, paid.day, drawer.day, paper.day, khata.day, kept.day) END
      FROM ledger_journalentry AS entry
      JOIN shops_shop AS shop ON shop.id = entry.shop_id
      LEFT JOIN orders_orderevent AS sold
        ON entry.source_kind = 'order' AND sold.shop_id = entry.shop_id AND sold.id = entry.source_id
      LEFT JOIN orders_paymentevent AS paid
        ON entry.source_kind = 'payment' AND paid.shop_id = entry.shop_id AND paid.id = entry.source_id
      LEFT JOIN orders_drawerevent AS drawer
        ON entry.source_kind = 'drawer' AND drawer.shop_id = entry.shop_id AND drawer.id = entry.source_id
      LEFT JOIN inventory_stockevent AS moved
        ON entry.source_kind = 'stock' AND moved.shop_id = entry.shop_id AND moved.id = entry.source_id
      LEFT JOIN inventory_stockdocument AS paper ON paper.id = moved.stock_document_id
      LEFT JOIN orders_khataentry AS khata
        ON entry.source_kind = 'khata' AND khata.shop_id = entry.shop_id AND khata.id = entry.source_id
      LEFT JOIN ledger_bankmatch AS kept
        ON entry.source_kind = 'bank' AND kept.shop_id = entry.shop_id AND kept.id = entry.source_id
     WHERE entry.shop_id = ANY(%(shops)s)
       AND entry.date IS DISTINCT FROM coalesce(sold.day, paid.day, drawer.day, paper.day, khata.day, kept.day)
    """,
)

ENTRIES_BALANCE = Rule(
    "entries_balance",
    "Every journal entry balances",
    """
    SELECT shop.slug, 'entry ' || entry.id || ' "' || entry.narration || '": debit '
           || coalesce(sums.debit, 0) || ', credit ' || coalesce(sums.credit, 0)
      FROM ledger_journalentry AS entry
      JOIN shops_shop AS shop ON shop.id = entry.shop_id
      LEFT JOIN (SELECT entry_id, sum(debit) AS debit, sum(credit) AS credit FROM ledger_posting
                  WHERE shop_id = ANY(%(shops)s) GROUP BY entry_id) AS sums ON sums.entry_id = entry.id
     WHERE entry.shop_id = ANY(%(shops)s) AND (sums.debit IS NULL OR sums.debit <> sums.credit)
    """,
)

TRIAL_BALANCE = Rule(
    "trial_balance",
    "The trial balance comes to zero",
    """
    SELECT shop.slug, 'debit ' || sum(posting.debit) || ', credit ' || sum(posting.credit)
      FROM ledger_posting AS posting JOIN shops_shop AS shop ON shop.id = posting.shop_id
     WHERE posting.shop_id = ANY(%(shops)s)
     GROUP BY shop.slug HAVING sum(posting.debit) <> sum(posting.credit)
    """,
)

LOTS = Rule(
    "lots",
    "Every lot holds what its movements come to",
    """
    SELECT shop.slug, product.name || ', lot ' || lot.id || ': holds ' || lot.on_hand || ' worth ' || lot.value
           || ', movements ' || coalesce(sums.quantity, 0) || ' worth ' || coalesce(sums.value, 0)
      FROM inventory_stocklot AS lot
      JOIN catalog_product AS product ON product.id = lot.product_id
      JOIN shops_shop AS shop ON shop.id = lot.shop_id
      LEFT JOIN (SELECT lot_id, sum(quantity) AS quantity, sum(value) AS value FROM inventory_stockmovement
                  WHERE shop_id = ANY(%(shops)s) GROUP BY lot_id) AS sums ON sums.lot_id = lot.id
     WHERE lot.shop_id = ANY(%(shops)s)
       AND (lot.on_hand <> coalesce(sums.quantity, 0) OR lot.value <> coalesce(sums.value, 0))
    """,
)

STOCK_VALUE = Rule(
    "stock_value",
    "Account 1003 Inventory is worth what the lots are",
    """
    SELECT shop.slug, 'account 1003: ' || coalesce(booked.net, 0) || ', lots ' || coalesce(lots.value, 0)
      FROM shops_shop AS shop
      LEFT JOIN (SELECT posting.shop_id, sum(posting.debit - posting.credit) AS net
                   FROM ledger_posting AS posting JOIN ledger_account AS account ON account.id = posting.account_id
                  WHERE posting.shop_id = ANY(%(shops)s) AND account.code = '1003' GROUP BY posting.shop_id) AS booked
        ON booked.shop_id = shop.id
      LEFT JOIN (SELECT shop_id, sum(value) AS value FROM inventory_stocklot
                  WHERE shop_id = ANY(%(shops)s) GROUP BY shop_id) AS lots ON lots.shop_id = shop.id
     WHERE shop.id = ANY(%(shops)s) AND coalesce(booked.net, 0) <> coalesce(lots.value, 0)
    """,
)

BILLS_ADD_UP = Rule(
    "bills_add_up",
    "Every bill is the sum of its lines and its round-off, and of its payments",
    """
    SELECT shop.slug, 'bill ' || bill.bill_number || ': total ' || bill.total || ', lines and round-off '
           || coalesce(lines.total, 0) + bill.round_off || ', payments ' || coalesce(paid.amount, 0)
      FROM orders_order AS bill
      JOIN shops_shop AS shop ON shop.id = bill.shop_id
      LEFT JOIN (SELECT order_id, sum(total) AS total FROM orders_orderline
                  WHERE shop_id = ANY(%(shops)s) GROUP BY order_id) AS lines ON lines.order_id = bill.id
      LEFT JOIN (SELECT order_id, sum(amount) AS amount FROM orders_payment
                  WHERE shop_id = ANY(%(shops)s) AND reverses_id IS NULL AND credit_note_id IS NULL
                  GROUP BY order_id) AS paid ON paid.order_id = bill.id
     WHERE bill.shop_id = ANY(%(shops)s)
       AND (lines.total IS NULL OR bill.total <> lines.total + bill.round_off OR bill.total <> coalesce(paid.amount, 0))
    """,
)

BILLS_ARE_BOOKED = Rule(
    "bills_are_booked",
    "Every bill's entry has its sales, taxes, round-off and cost",
    f"""
    WITH booked AS ({BOOKED}),
         meant AS (
            SELECT bill.shop_id, bill.id AS order_id, head.code, head.net
              FROM orders_order AS bill,
                   LATERAL (VALUES ('4010', bill.after_tax_reduction - bill.taxable), ('4015', -bill.exempt), ('2101', -bill.cgst),
                                   ('2102', -bill.sgst), ('2103', -bill.igst), ('2104', -bill.cess), ('6900', -bill.round_off),
                                   ('5001', bill.cost), ('1003', -bill.cost)) AS head (code, net)
             WHERE bill.shop_id = ANY(%(shops)s)),
         there AS (SELECT * FROM booked WHERE kind = 'placed' AND code NOT IN {MONEY})
    SELECT shop.slug, 'bill ' || bill.bill_number || ', account ' || coalesce(meant.code, there.code)
           || ': bill ' || coalesce(meant.net, 0) || ', entry ' || coalesce(there.net, 0)
      FROM meant FULL JOIN there ON there.order_id = meant.order_id AND there.code = meant.code
      JOIN orders_order AS bill ON bill.id = coalesce(meant.order_id, there.order_id)
      JOIN shops_shop AS shop ON shop.id = bill.shop_id
     WHERE coalesce(meant.net, 0) <> coalesce(there.net, 0)
    """,  # noqa: S608
)

TAXES = Rule(
    "taxes",
    "The output tax accounts hold the taxes of the bills that stand, less those of their credit notes",
    f"""
    WITH booked AS ({BOOKED}),
         back AS (
            SELECT order_id, sum(cgst) AS cgst, sum(sgst) AS sgst, sum(igst) AS igst, sum(cess) AS cess
              FROM orders_creditnote WHERE shop_id = ANY(%(shops)s) GROUP BY order_id),
         meant AS (
            SELECT bill.id AS order_id, head.code, head.tax - coalesce(head.back, 0) AS tax
              FROM orders_order AS bill LEFT JOIN back ON back.order_id = bill.id,
                   LATERAL (VALUES ('2101', bill.cgst, back.cgst), ('2102', bill.sgst, back.sgst), ('2103', bill.igst, back.igst),
                                   ('2104', bill.cess, back.cess)) AS head (code, tax, back)
             WHERE bill.shop_id = ANY(%(shops)s) AND bill.status <> 'cancelled'),
         there AS (SELECT order_id, code, -sum(net) AS tax FROM booked
                    WHERE code IN ('2101', '2102', '2103', '2104') GROUP BY order_id, code)
    SELECT shop.slug, 'bill ' || bill.bill_number || ', account ' || coalesce(meant.code, there.code)
           || ': bill ' || coalesce(meant.tax, 0) || ', books ' || coalesce(there.tax, 0)
      FROM meant FULL JOIN there ON there.order_id = meant.order_id AND there.code = meant.code
      JOIN orders_order AS bill ON bill.id = coalesce(meant.order_id, there.order_id)
      JOIN shops_shop AS shop ON shop.id = bill.shop_id
     WHERE coalesce(meant.tax, 0) <> coalesce(there.tax, 0)
    """,  # noqa: S608
)

COST = Rule(
    "cost",
    "Every bill's cost is that of its lines and of the goods that left",
    """
    SELECT shop.slug, 'bill ' || bill.bill_number || ': cost ' || bill.cost || ', lines ' || coalesce(lines.cost, 0)
           || ', goods ' || coalesce(gone.cost, 0)
      FROM orders_order AS bill
      JOIN shops_shop AS shop ON shop.id = bill.shop_id
      LEFT JOIN (SELECT order_id, sum(cost) AS cost FROM orders_orderline
                  WHERE shop_id = ANY(%(shops)s) GROUP BY order_id) AS lines ON lines.order_id = bill.id
      LEFT JOIN (SELECT document_id, -sum(value) AS cost FROM inventory_stockmovement
                  WHERE shop_id = ANY(%(shops)s) AND document = 'order' AND reason = 'sale' GROUP BY document_id) AS gone
        ON gone.document_id = bill.id
     WHERE bill.shop_id = ANY(%(shops)s) AND (bill.cost <> coalesce(lines.cost, 0) OR bill.cost <> coalesce(gone.cost, 0))
    """,
)

CANCELLED = Rule(
    "cancelled",
    "Every cancelled bill has its cancel event, its payments back and its entry reversed",
    """
    SELECT shop.slug, 'bill ' || bill.bill_number || ': '
           || CASE WHEN (bill.status = 'cancelled') <> (undone.id IS NOT NULL) THEN 'status and events differ'
                   WHEN paid.amount <> 0 THEN 'payments come to ' || paid.amount
                   ELSE 'its entries are not linked' END
      FROM orders_order AS bill
      JOIN shops_shop AS shop ON shop.id = bill.shop_id
      LEFT JOIN orders_orderevent AS undone ON undone.order_id = bill.id AND undone.kind = 'cancelled'
      LEFT JOIN orders_orderevent AS placed ON placed.order_id = bill.id AND placed.kind = 'placed'
      LEFT JOIN ledger_journalentry AS back
        ON back.shop_id = bill.shop_id AND back.source_kind = 'order' AND back.source_id = undone.id
      LEFT JOIN ledger_journalentry AS original
        ON original.shop_id = bill.shop_id AND original.source_kind = 'order' AND original.source_id = placed.id
      LEFT JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS amount FROM orders_payment
                          WHERE order_id = bill.id) AS paid ON bill.status = 'cancelled'
     WHERE bill.shop_id = ANY(%(shops)s)
       AND ((bill.status = 'cancelled') <> (undone.id IS NOT NULL) OR paid.amount <> 0
            OR (undone.id IS NOT NULL AND back.reverses_id IS DISTINCT FROM original.id))
    """,
)

NUMBERS = Rule(
    "numbers",
    "Bill numbers of every series run without a gap, in 16 characters at most",
    """
    WITH numbered AS (
            SELECT shop_id, bill_number, regexp_replace(bill_number, '/[0-9]+$', '') AS series,
                   substring(bill_number FROM '/([0-9]+)$')::bigint AS n
              FROM orders_order WHERE shop_id = ANY(%(shops)s)),
         stepped AS (SELECT *, lag(n, 1, 0::bigint) OVER (PARTITION BY shop_id, series ORDER BY n) AS before FROM numbered),
         last_ones AS (SELECT shop_id, 'bill:' || series AS series, max(n) AS n FROM numbered GROUP BY 1, 2)
    SELECT shop.slug, CASE WHEN n > before + 1 THEN n - before - 1 || ' missing before bill ' || bill_number
                           ELSE 'bill ' || bill_number || ' is out of its series' END
      FROM stepped JOIN shops_shop AS shop ON shop.id = shop_id
     WHERE n IS DISTINCT FROM before + 1
    UNION ALL
    SELECT shop.slug, 'bill ' || bill_number || ': not a number Rule 46 allows'
      FROM numbered JOIN shops_shop AS shop ON shop.id = shop_id
     WHERE length(bill_number) > 16 OR bill_number !~ '^[A-Z0-9/-]+$'
    UNION ALL
    SELECT shop.slug, 'series ' || series.series || ': last number given ' || series.last || ', last bill ' || coalesce(last_ones.n, 0)
      FROM orders_numberseries AS series
      JOIN shops_shop AS shop ON shop.id = series.shop_id
      LEFT JOIN last_ones ON last_ones.shop_id = series.shop_id AND last_ones.series = series.series
     WHERE series.shop_id = ANY(%(shops)s) AND series.series LIKE 'bill:%%' AND series.last <> coalesce(last_ones.n, 0)
    """,
)

RULES = (
    ACTS_HAVE_EVENTS,
    EVENTS_ARE_POSTED,
    ENTRIES_HAVE_EVENTS,
    ENTRIES_BALANCE,
    TRIAL_BALANCE,
    LOTS,
    STOCK_VALUE,
    KHATA,
    KHATA_CHAIN,
    KHATA_SOURCES,
    KHATA_SETTLED,
    KHATA_IS_POSTED,
    BILLS_ADD_UP,
    BILLS_ARE_BOOKED,
    MONEY_BY_METHOD,
    TAXES,
    COST,
    PAYMENT_STATES,
    CLAIMS_ARE_POSTED,
    CLEARING,
    CANCELLED,
    NUMBERS,
    CREDIT_NOTES_ADD_UP,
    CREDIT_NOTES_ARE_BOOKED,
    RETURNED_AT_COST,
    NO_MORE_THAN_SOLD,
    EXCHANGES,
    CREDIT_NUMBERS,
    SUPPLIERS,
    SETTLEMENTS,
    RECEIPTS_ADD_UP,
    PURCHASES_ARE_BOOKED,
    REPACKS_KEEP_VALUE,
    COUNTS_ARE_MOVED,
    COUNTS_ARE_BOOKED,
    DRAWERS,
    CASH,
    DRAWER_EVENTS_ARE_POSTED,
    SHIFTS,
    SEALS,
    *BANK_RULES,
)
