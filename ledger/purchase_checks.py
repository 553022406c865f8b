"""The rules over purchases: suppliers' accounts, their bills, goods that went back. See `ledger/checks.py`."""

from __future__ import annotations

from ledger.rule import Rule

SUPPLIERS = Rule(
    "suppliers",
    "Every supplier is owed what the postings and the papers of the account say",
    """
    SELECT shop.slug, supplier.name || ': owed ' || supplier.balance || ', postings ' || coalesce(booked.net, 0)
           || ', papers ' || coalesce(papers.amount, 0)
      FROM inventory_supplier AS supplier
      JOIN shops_shop AS shop ON shop.id = supplier.shop_id
      LEFT JOIN (SELECT supplier_id, sum(credit - debit) AS net FROM ledger_posting
                  WHERE shop_id = ANY(%(shops)s) AND supplier_id IS NOT NULL GROUP BY supplier_id) AS booked
        ON booked.supplier_id = supplier.id
      LEFT JOIN (SELECT supplier_id, sum(amount) AS amount FROM inventory_supplierentry
                  WHERE shop_id = ANY(%(shops)s) GROUP BY supplier_id) AS papers
        ON papers.supplier_id = supplier.id
     WHERE supplier.shop_id = ANY(%(shops)s)
       AND (supplier.balance <> coalesce(booked.net, 0) OR supplier.balance <> coalesce(papers.amount, 0))
    UNION ALL
    SELECT shop.slug, 'entry ' || posting.entry_id || ': account ' || account.code
           || CASE WHEN posting.supplier_id IS NULL THEN ' without a supplier' ELSE ' with a supplier' END
      FROM ledger_posting AS posting
      JOIN ledger_account AS account ON account.id = posting.account_id
      JOIN shops_shop AS shop ON shop.id = posting.shop_id
     WHERE posting.shop_id = ANY(%(shops)s) AND (account.code = '2001') <> (posting.supplier_id IS NOT NULL)
    """,
)

SETTLEMENTS = Rule(
    "settlements",
    "What is open of a supplier's paper is its amount less what settled it",
    """
    SELECT shop.slug, supplier.name || ', ' || entry.day || ': open ' || entry.open || ' of ' || entry.amount
           || ', settled ' || coalesce(settled.amount, 0)
      FROM inventory_supplierentry AS entry
      JOIN inventory_supplier AS supplier ON supplier.id = entry.supplier_id
      JOIN shops_shop AS shop ON shop.id = entry.shop_id
      LEFT JOIN (SELECT id, sum(amount) AS amount
                   FROM (SELECT bill_id AS id, -amount AS amount FROM inventory_settlement WHERE shop_id = ANY(%(shops)s)
                         UNION ALL SELECT paid_id, amount FROM inventory_settlement WHERE shop_id = ANY(%(shops)s)) AS both_sides
                  GROUP BY id) AS settled ON settled.id = entry.id
     WHERE entry.shop_id = ANY(%(shops)s) AND entry.open <> entry.amount + coalesce(settled.amount, 0)
    """,
)

RECEIPTS_ADD_UP = Rule(
    "receipts_add_up",
    "Every supplier's bill is the sum of its lines, and every debit note too",
    """
    SELECT shop.slug, 'bill ' || receipt.bill_number || ': ' || receipt.taxable || ' + ' || receipt.cgst + receipt.sgst + receipt.igst
           || ' cost ' || receipt.cost || ', lines ' || coalesce(lines.taxable, 0) || ' + ' || coalesce(lines.tax, 0)
           || ' cost ' || coalesce(lines.cost, 0)
      FROM inventory_goodsreceipt AS receipt
      JOIN shops_shop AS shop ON shop.id = receipt.shop_id
      LEFT JOIN (SELECT receipt_id, sum(taxable) AS taxable, sum(cgst + sgst + igst) AS tax, sum(cess) AS cess, sum(cost) AS cost
                   FROM inventory_receiptline WHERE shop_id = ANY(%(shops)s) GROUP BY receipt_id) AS lines ON lines.receipt_id = receipt.id
     WHERE receipt.shop_id = ANY(%(shops)s)
       AND ROW(receipt.taxable, receipt.cgst + receipt.sgst + receipt.igst, receipt.cess, receipt.cost)
           IS DISTINCT FROM ROW(lines.taxable, lines.tax, lines.cess, lines.cost)
    UNION ALL
    SELECT shop.slug, 'debit note of ' || back.id || ': ' || back.taxable || ' value ' || back.value || ', lines '
           || coalesce(lines.taxable, 0) || ' value ' || coalesce(lines.value, 0)
      FROM inventory_purchasereturn AS back
      JOIN shops_shop AS shop ON shop.id = back.shop_id
      LEFT JOIN (SELECT purchase_return_id, sum(taxable) AS taxable, sum(cgst + sgst + igst + cess) AS tax, sum(value) AS value
                   FROM inventory_purchasereturnline WHERE shop_id = ANY(%(shops)s) GROUP BY purchase_return_id) AS lines
        ON lines.purchase_return_id = back.id
     WHERE back.shop_id = ANY(%(shops)s)
       AND ROW(back.taxable, back.cgst + back.sgst + back.igst + back.cess, back.value)
           IS DISTINCT FROM ROW(lines.taxable, lines.tax, lines.value)
    """,
)

PURCHASES_ARE_BOOKED = Rule(
    "purchases_are_booked",
    "Every supplier's bill is booked: goods at cost, the credit claimed, and what is owed",
    """
    WITH booked AS (
            SELECT event.stock_document_id, account.code, sum(posting.debit - posting.credit) AS net
              FROM inventory_stockevent AS event
              JOIN ledger_journalentry AS entry
                ON entry.shop_id = event.shop_id AND entry.source_kind = 'stock' AND entry.source_id = event.id
              JOIN ledger_posting AS posting ON posting.entry_id = entry.id
              JOIN ledger_account AS account ON account.id = posting.account_id
             WHERE event.shop_id = ANY(%(shops)s) AND event.kind = 'received' GROUP BY 1, 2),
         credited AS (
            SELECT receipt_id, sum(cgst) AS cgst, sum(igst) AS igst, sum(cess) AS cess FROM inventory_receiptline
             WHERE shop_id = ANY(%(shops)s) AND credit GROUP BY 1),
         moved AS (
            SELECT document_id, sum(value) AS value FROM inventory_stockmovement
             WHERE shop_id = ANY(%(shops)s) AND document = 'stock' AND reason = 'receipt' GROUP BY 1),
         meant AS (
            SELECT receipt.document_id, head.code, head.net
              FROM inventory_goodsreceipt AS receipt
              LEFT JOIN credited ON credited.receipt_id = receipt.id
              LEFT JOIN moved ON moved.document_id = receipt.document_id,
                   LATERAL (VALUES ('2001', -receipt.total), ('1003', moved.value), ('5015', receipt.cost - moved.value),
                                   ('6900', receipt.round_off), ('1301', credited.cgst), ('1302', credited.cgst),
                                   ('1303', credited.igst), ('1304', credited.cess),
                                   ('2111', CASE WHEN receipt.reverse_charge THEN -receipt.cgst END),
                                   ('2112', CASE WHEN receipt.reverse_charge THEN -receipt.sgst END),
                                   ('2113', CASE WHEN receipt.reverse_charge THEN -receipt.igst END)) AS head (code, net)
             WHERE receipt.shop_id = ANY(%(shops)s))
    SELECT shop.slug, 'bill ' || receipt.bill_number || ', account ' || coalesce(meant.code, booked.code)
           || ': bill ' || coalesce(meant.net, 0) || ', entry ' || coalesce(booked.net, 0)
      FROM meant FULL JOIN booked ON booked.stock_document_id = meant.document_id AND booked.code = meant.code
      JOIN inventory_goodsreceipt AS receipt ON receipt.document_id = coalesce(meant.document_id, booked.stock_document_id)
      JOIN shops_shop AS shop ON shop.id = receipt.shop_id
     WHERE coalesce(meant.net, 0) <> coalesce(booked.net, 0)
    """,
)
