"""The rules over credit notes: what came back, at what worth and cost, and what it did to money and books. See `ledger/checks.py`."""

from __future__ import annotations

from ledger.rule import MONEY, Rule

CREDIT_NOTES_ADD_UP = Rule(
    "credit_notes_add_up",
    "Every credit note is the sum of its lines and its round-off, is given back to the paisa, and has its event",
    """
    SELECT shop.slug, 'credit note ' || note.number || ': total ' || note.total || ', lines and round-off '
           || coalesce(lines.total, 0) + note.round_off || ', given back ' || coalesce(given.amount, 0)
      FROM orders_creditnote AS note
      JOIN shops_shop AS shop ON shop.id = note.shop_id
      LEFT JOIN (SELECT credit_note_id, sum(total) AS total, sum(taxable) AS taxable, sum(cgst) AS cgst, sum(sgst) AS sgst,
                        sum(igst) AS igst, sum(cess) AS cess, sum(cost) AS cost
                   FROM orders_creditnoteline WHERE shop_id = ANY(%(shops)s) GROUP BY credit_note_id) AS lines
        ON lines.credit_note_id = note.id
      LEFT JOIN (SELECT credit_note_id, -sum(amount) AS amount FROM orders_payment
                  WHERE shop_id = ANY(%(shops)s) AND credit_note_id IS NOT NULL GROUP BY credit_note_id) AS given
        ON given.credit_note_id = note.id
     WHERE note.shop_id = ANY(%(shops)s)
       AND (lines.total IS NULL OR note.total <> lines.total + note.round_off OR note.total <> coalesce(given.amount, 0)
            OR (note.taxable + note.exempt, note.cgst, note.sgst, note.igst, note.cess, note.cost)
               IS DISTINCT FROM (lines.taxable, lines.cgst, lines.sgst, lines.igst, lines.cess, lines.cost))
    UNION ALL
    SELECT shop.slug, 'credit note ' || note.number || ': no event'
      FROM orders_creditnote AS note JOIN shops_shop AS shop ON shop.id = note.shop_id
     WHERE note.shop_id = ANY(%(shops)s)
       AND NOT EXISTS (SELECT FROM orders_orderevent AS event WHERE event.credit_note_id = note.id)
    """,
)

CREDIT_NOTES_ARE_BOOKED = Rule(
    "credit_notes_are_booked",
    "Every credit note's entry has the sales and taxes taken back, the goods at cost, and what was given back",
    f"""
    WITH note AS (
            SELECT note.*, event.id AS event_id, coalesce(thrown.value, 0) AS lost
              FROM orders_creditnote AS note
              JOIN orders_orderevent AS event ON event.credit_note_id = note.id
              LEFT JOIN (SELECT document_id, -sum(value) AS value FROM inventory_stockmovement
                          WHERE shop_id = ANY(%(shops)s) AND document = 'credit' AND reason = 'damage' GROUP BY document_id) AS thrown
                ON thrown.document_id = note.id
             WHERE note.shop_id = ANY(%(shops)s)),
         meant AS (
            SELECT note.id, head.code, head.net
              FROM note,
                   LATERAL (VALUES ('4002', taxable + exempt - after_tax_reduction), ('2101', cgst), ('2102', sgst), ('2103', igst),
                                   ('2104', cess), ('6900', round_off), ('1003', cost - lost), ('5001', -cost), ('5020', lost),
                                   ('money', -total)) AS head (code, net)),
         there AS (
            SELECT note.id, CASE WHEN account.code IN {MONEY} THEN 'money' ELSE account.code END AS code,
                   sum(posting.debit - posting.credit) AS net
              FROM note
              JOIN ledger_journalentry AS entry
                ON entry.shop_id = note.shop_id AND entry.source_kind = 'order' AND entry.source_id = note.event_id
              JOIN ledger_posting AS posting ON posting.entry_id = entry.id
              JOIN ledger_account AS account ON account.id = posting.account_id
             GROUP BY 1, 2)
    SELECT shop.slug, 'credit note ' || note.number || ', account ' || coalesce(meant.code, there.code) || ': note '
           || coalesce(meant.net, 0) || ', entry ' || coalesce(there.net, 0)
      FROM meant FULL JOIN there ON there.id = meant.id AND there.code = meant.code
      JOIN note ON note.id = coalesce(meant.id, there.id)
      JOIN shops_shop AS shop ON shop.id = note.shop_id
     WHERE coalesce(meant.net, 0) <> coalesce(there.net, 0) AND coalesce(meant.code, there.code) NOT IN ('1301', '1302', '1303', '5025')
    UNION ALL
    SELECT shop.slug, 'credit note ' || note.number || ': input tax given back ' || coalesce(sum(there.net) FILTER (WHERE code = '5025'), 0)
           || ', taken off the credit ' || -coalesce(sum(there.net) FILTER (WHERE code <> '5025'), 0)
      FROM there JOIN note ON note.id = there.id JOIN shops_shop AS shop ON shop.id = note.shop_id
     WHERE there.code IN ('1301', '1302', '1303', '5025')
     GROUP BY shop.slug, note.number, note.lost HAVING sum(there.net) <> 0 OR note.lost = 0
    """,  # noqa: S608 - constants of ours
)

RETURNED_AT_COST = Rule(
    "returned_at_cost",
    "Goods that came back lie in the lots they left, at the cost booked, and the damaged ones are gone again",
    """
    WITH moved AS (
            SELECT document_id, document_line, reason, sum(quantity) AS quantity, sum(value) AS value
              FROM inventory_stockmovement WHERE shop_id = ANY(%(shops)s) AND document = 'credit' GROUP BY 1, 2, 3)
    SELECT shop.slug, 'credit note ' || note.number || ', ' || line.name || ': ' || line.quantity || ' at ' || line.cost || ', came back '
           || coalesce(came.quantity, 0) || ' at ' || coalesce(came.value, 0) || ', thrown away ' || -coalesce(thrown.quantity, 0)
      FROM orders_creditnoteline AS line
      JOIN orders_creditnote AS note ON note.id = line.credit_note_id
      JOIN shops_shop AS shop ON shop.id = line.shop_id
      LEFT JOIN moved AS came ON came.document_id = note.id AND came.document_line = line.line_no AND came.reason = 'came_back'
      LEFT JOIN moved AS thrown ON thrown.document_id = note.id AND thrown.document_line = line.line_no AND thrown.reason = 'damage'
     WHERE line.shop_id = ANY(%(shops)s)
       AND (line.quantity <> coalesce(came.quantity, 0) OR line.cost <> coalesce(came.value, 0)
            OR (CASE line."where" WHEN 'damaged' THEN (-line.quantity, -line.cost) ELSE (0::numeric, 0::numeric) END)
               IS DISTINCT FROM (coalesce(thrown.quantity, 0::numeric), coalesce(thrown.value, 0::numeric)))
    UNION ALL
    SELECT shop.slug, 'credit note ' || note.number || ', lot ' || back.lot_id || ': more came back than left it'
      FROM (SELECT moved.shop_id, note.order_id, moved.lot_id, sum(moved.quantity) AS quantity, max(note.id) AS note_id
              FROM inventory_stockmovement AS moved JOIN orders_creditnote AS note ON note.id = moved.document_id
             WHERE moved.shop_id = ANY(%(shops)s) AND moved.document = 'credit' AND moved.reason = 'came_back'
             GROUP BY 1, 2, 3) AS back
      JOIN orders_creditnote AS note ON note.id = back.note_id
      JOIN shops_shop AS shop ON shop.id = back.shop_id
     WHERE back.quantity > (SELECT coalesce(-sum(sold.quantity), 0) FROM inventory_stockmovement AS sold
                             WHERE sold.shop_id = back.shop_id AND sold.document = 'order' AND sold.document_id = back.order_id
                               AND sold.reason = 'sale' AND sold.lot_id = back.lot_id)
    """,
)

NO_MORE_THAN_SOLD = Rule(
    "no_more_than_sold",
    "No more came back of a bill than it sold, nor for more than it cost; nothing of a cancelled one",
    """
    SELECT shop.slug, 'bill ' || bill.bill_number || ', ' || line.name || ': sold ' || line.quantity || ', came back ' || back.quantity
      FROM (SELECT order_line_id, sum(quantity) AS quantity, sum(total) AS total, sum(cgst) AS cgst, sum(igst) AS igst, sum(cess) AS cess
              FROM orders_creditnoteline WHERE shop_id = ANY(%(shops)s) GROUP BY order_line_id) AS back
      JOIN orders_orderline AS line ON line.id = back.order_line_id
      JOIN orders_order AS bill ON bill.id = line.order_id
      JOIN shops_shop AS shop ON shop.id = line.shop_id
     WHERE back.quantity > line.quantity OR back.total > line.total OR back.cgst > line.cgst OR back.igst > line.igst
        OR back.cess > line.cess OR (back.quantity = line.quantity AND back.total <> line.total)
    UNION ALL
    SELECT shop.slug, 'bill ' || bill.bill_number || ': of ' || bill.total || ' came back ' || sum(note.total)
      FROM orders_creditnote AS note
      JOIN orders_order AS bill ON bill.id = note.order_id
      JOIN shops_shop AS shop ON shop.id = note.shop_id
     WHERE note.shop_id = ANY(%(shops)s)
     GROUP BY shop.slug, bill.id HAVING sum(note.total) > bill.total OR bill.status = 'cancelled'
    """,
)

EXCHANGES = Rule(
    "exchanges",
    "What a credit note pays of the bill made in exchange is what that bill says it was paid by it",
    """
    WITH spent AS (SELECT credit_note_id AS note_id, -sum(amount) AS amount FROM orders_payment
                    WHERE shop_id = ANY(%(shops)s) AND method = 'credit' AND credit_note_id IS NOT NULL GROUP BY 1),
         paid AS (SELECT bill.id AS order_id, bill.exchange_of_id AS note_id, sum(payment.amount) AS amount
                    FROM orders_payment AS payment JOIN orders_order AS bill ON bill.id = payment.order_id
                   WHERE payment.shop_id = ANY(%(shops)s) AND payment.method = 'credit' AND payment.credit_note_id IS NULL GROUP BY bill.id)
    SELECT shop.slug, coalesce('credit note ' || note.number, 'bill ' || bill.bill_number) || ': for new goods '
           || coalesce(spent.amount, 0) || ', bill paid by it ' || coalesce(paid.amount, 0)
      FROM spent FULL JOIN paid ON paid.note_id = spent.note_id
      LEFT JOIN orders_creditnote AS note ON note.id = coalesce(spent.note_id, paid.note_id)
      LEFT JOIN orders_order AS bill ON bill.id = paid.order_id
      JOIN shops_shop AS shop ON shop.id = coalesce(note.shop_id, bill.shop_id)
     WHERE coalesce(spent.amount, 0) <> coalesce(paid.amount, 0)
    """,
)

CREDIT_NUMBERS = Rule(
    "credit_numbers",
    "Credit note numbers of every series run without a gap, in 16 characters at most",
    """
    WITH numbered AS (
            SELECT shop_id, number, regexp_replace(number, '/[0-9]+$', '') AS series, substring(number FROM '/([0-9]+)$')::bigint AS n
              FROM orders_creditnote WHERE shop_id = ANY(%(shops)s)),
         stepped AS (SELECT *, lag(n, 1, 0::bigint) OVER (PARTITION BY shop_id, series ORDER BY n) AS before FROM numbered),
         last_ones AS (SELECT shop_id, 'credit:' || series AS series, max(n) AS n FROM numbered GROUP BY 1, 2)
    SELECT shop.slug, CASE WHEN n > before + 1 THEN n - before - 1 || ' missing before credit note ' || number
                           ELSE 'credit note ' || number || ' is out of its series' END
      FROM stepped JOIN shops_shop AS shop ON shop.id = shop_id
     WHERE n IS DISTINCT FROM before + 1
    UNION ALL
    SELECT shop.slug, 'series ' || series.series || ': last number given ' || series.last || ', last credit note '
           || coalesce(last_ones.n, 0)
      FROM orders_numberseries AS series
      JOIN shops_shop AS shop ON shop.id = series.shop_id
      LEFT JOIN last_ones ON last_ones.shop_id = series.shop_id AND last_ones.series = series.series
     WHERE series.shop_id = ANY(%(shops)s) AND series.series LIKE 'credit:%%' AND series.last <> coalesce(last_ones.n, 0)
    """,
)
