"""The rules over stock takes: what was counted is what was moved, and what was moved is booked. See `ledger/checks.py`."""

from __future__ import annotations

from ledger.rule import Rule

COUNTS_ARE_MOVED = Rule(
    "counts_are_moved",
    "Every approved stock take moved what was counted less what the books had",
    """
    WITH standing AS (
            SELECT entry.* FROM inventory_countentry AS entry
             WHERE entry.shop_id = ANY(%(shops)s) AND entry.reverses_id IS NULL
               AND NOT EXISTS (SELECT FROM inventory_countentry AS back WHERE back.reverses_id = entry.id)
               AND NOT EXISTS (SELECT FROM inventory_recount AS again WHERE again.take_id = entry.take_id
                                  AND again.product_id = entry.product_id AND again.round > entry.round)),
         goods AS (
            SELECT take_id, product_id, sum(quantity) - (array_agg(book ORDER BY id))[1] AS difference
              FROM standing GROUP BY take_id, product_id, lot_id),
         meant AS (SELECT take_id, product_id, sum(difference) AS difference FROM goods GROUP BY take_id, product_id),
         moved AS (
            SELECT take.id AS take_id, movement.product_id, sum(movement.quantity) AS quantity
              FROM inventory_stocktake AS take
              JOIN inventory_stockmovement AS movement ON movement.shop_id = take.shop_id AND movement.document = 'stock'
                                                      AND movement.document_id = take.document_id
             WHERE take.shop_id = ANY(%(shops)s) AND take.status = 'approved' GROUP BY 1, 2)
    SELECT shop.slug, 'stock take ' || take.number || ', ' || product.name || ': differs by ' || coalesce(meant.difference, 0)
           || ', moved ' || coalesce(moved.quantity, 0)
      FROM meant FULL JOIN moved ON moved.take_id = meant.take_id AND moved.product_id = meant.product_id
      JOIN inventory_stocktake AS take ON take.id = coalesce(meant.take_id, moved.take_id)
      JOIN catalog_product AS product ON product.id = coalesce(meant.product_id, moved.product_id)
      JOIN shops_shop AS shop ON shop.id = take.shop_id
     WHERE take.status = 'approved' AND take.uncounted = 'leave' AND coalesce(meant.difference, 0) <> coalesce(moved.quantity, 0)
    """,
)

COUNTS_ARE_BOOKED = Rule(
    "counts_are_booked",
    "Every stock take is booked: what was found as income, what was short as a loss",
    """
    WITH moved AS (
            SELECT shop_id, document_id, sum(value) FILTER (WHERE quantity > 0) AS found, sum(value) FILTER (WHERE quantity < 0) AS short
              FROM inventory_stockmovement
             WHERE shop_id = ANY(%(shops)s) AND document = 'stock' AND reason = 'count' GROUP BY 1, 2),
         meant AS (
            SELECT moved.document_id, head.code, head.net
              FROM moved, LATERAL (VALUES ('1003', coalesce(found, 0) + coalesce(short, 0)),
                                          ('4300', -found), ('5020', -short)) AS head (code, net)),
         booked AS (
            SELECT event.stock_document_id, account.code, sum(posting.debit - posting.credit) AS net
              FROM inventory_stockevent AS event
              JOIN ledger_journalentry AS entry
                ON entry.shop_id = event.shop_id AND entry.source_kind = 'stock' AND entry.source_id = event.id
              JOIN ledger_posting AS posting ON posting.entry_id = entry.id
              JOIN ledger_account AS account ON account.id = posting.account_id
             WHERE event.shop_id = ANY(%(shops)s) AND event.kind = 'counted' AND account.code IN ('1003', '4300', '5020') GROUP BY 1, 2)
    SELECT shop.slug, 'stock take ' || take.number || ', account ' || coalesce(meant.code, booked.code)
           || ': goods ' || coalesce(meant.net, 0) || ', entry ' || coalesce(booked.net, 0)
      FROM meant FULL JOIN booked ON booked.stock_document_id = meant.document_id AND booked.code = meant.code
      JOIN inventory_stocktake AS take ON take.document_id = coalesce(meant.document_id, booked.stock_document_id)
      JOIN shops_shop AS shop ON shop.id = take.shop_id
     WHERE coalesce(meant.net, 0) <> coalesce(booked.net, 0)
    """,
)
