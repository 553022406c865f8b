"""The rule over goods made out of other goods. See `ledger/checks.py`."""

from __future__ import annotations

from ledger.rule import Rule

REPACKS_KEEP_VALUE = Rule(
    "repacks_keep_value",
    "Every repack: value taken and packing are the value made and the variance, as it was moved and as it is booked",
    """
    WITH moved AS (
            SELECT document_id, sum(-value) FILTER (WHERE quantity < 0) AS taken, sum(value) FILTER (WHERE quantity > 0) AS made
              FROM inventory_stockmovement
             WHERE shop_id = ANY(%(shops)s) AND document = 'stock' AND reason = 'repack' GROUP BY 1),
         booked AS (
            SELECT event.stock_document_id AS document_id,
                   sum(posting.debit - posting.credit) FILTER (WHERE account.code = '1003') AS stock,
                   sum(posting.debit - posting.credit) FILTER (WHERE account.code = '5015') AS variance,
                   sum(posting.credit - posting.debit) FILTER (WHERE account.code = '5010') AS packing
              FROM inventory_stockevent AS event
              JOIN ledger_journalentry AS entry
                ON entry.shop_id = event.shop_id AND entry.source_kind = 'stock' AND entry.source_id = event.id
              JOIN ledger_posting AS posting ON posting.entry_id = entry.id
              JOIN ledger_account AS account ON account.id = posting.account_id
             WHERE event.shop_id = ANY(%(shops)s) AND event.kind = 'repacked' GROUP BY 1)
    SELECT shop.slug, 'repack ' || repack.id || ': taken ' || coalesce(moved.taken, 0) || ' (paper ' || repack.value_taken || ') + packing '
           || repack.packing_cost || ' (booked ' || coalesce(booked.packing, 0) || '), made ' || coalesce(moved.made, 0)
           || ' + variance ' || coalesce(booked.variance, 0) || ', stock account ' || coalesce(booked.stock, 0)
      FROM inventory_repack AS repack
      JOIN shops_shop AS shop ON shop.id = repack.shop_id
      LEFT JOIN moved ON moved.document_id = repack.document_id
      LEFT JOIN booked ON booked.document_id = repack.document_id
     WHERE repack.shop_id = ANY(%(shops)s)
       AND (coalesce(moved.taken, 0) <> repack.value_taken
            OR coalesce(booked.packing, 0) <> repack.packing_cost
            OR coalesce(moved.taken, 0) + repack.packing_cost <> coalesce(moved.made, 0) + coalesce(booked.variance, 0)
            OR coalesce(booked.stock, 0) <> coalesce(moved.made, 0) - coalesce(moved.taken, 0))
    UNION ALL
    SELECT shop.slug, 'stock paper ' || document.id || ' is a repack without its figures'
      FROM inventory_stockdocument AS document
      JOIN shops_shop AS shop ON shop.id = document.shop_id
     WHERE document.shop_id = ANY(%(shops)s) AND document.kind = 'repack'
       AND NOT EXISTS (SELECT FROM inventory_repack AS repack WHERE repack.document_id = document.id)
    """,
)
