-- 200,000 bills of five lines at ₹105 (taxable 100.00 + CGST 2.50 + SGST 2.50), cost ₹80 a piece, over the year before today.
-- Each bill n sells the products n to n+4 (modulo all), one piece each: ₹525 in cash or by UPI.
CREATE TEMP TABLE bill ON COMMIT DROP AS
SELECT n,
       (current_date - 365 + (n * 365 / %(bills)s)::int) AS day,
       (current_date - 365 + (n * 365 / %(bills)s)::int) + time '08:00' + (n %% 36000) * interval '1 second' AS at,
       nextval(pg_get_serial_sequence('orders_order', 'id')) AS order_id,
       nextval(pg_get_serial_sequence('orders_orderevent', 'id')) AS event_id,
       nextval(pg_get_serial_sequence('ledger_journalentry', 'id')) AS entry_id,
       CASE WHEN n %% 2 = 0 THEN 'cash' ELSE 'upi' END AS method
  FROM generate_series(1, %(bills)s) AS n;

INSERT INTO orders_order (id, shop_id, counter_id, cashier_id, request_key, channel, status, number, bill_number, day, placed_at, title,
    place_of_supply, inter_state, subtotal, discount, taxable, exempt, cgst, sgst, igst, cess, after_tax_reduction, round_off, total, cost, saved, printed)
SELECT order_id, %(shop)s, %(counter)s, %(owner)s, gen_random_uuid(), 'counter', 'completed', 'ORD-' || to_char(day, 'YYYYMMDD') || '-' || n,
       'B1/' || CASE WHEN extract(month FROM day) >= 4 THEN to_char(day, 'YY') || '-' || to_char(day + interval '1 year', 'YY')
                     ELSE to_char(day - interval '1 year', 'YY') || '-' || to_char(day, 'YY') END
             || '/' || lpad((n - min(n) OVER (PARTITION BY extract(year FROM day - interval '3 months')) + 1)::text, 6, '0'),
       day, at, 'Tax Invoice', '27', false, 525, 0, 500, 0, 12.50, 12.50, 0, 0, 0, 0, 525, 400, 25,
       jsonb_build_object('seller', jsonb_build_object('name', 'Bench Kirana', 'state', 'Maharashtra', 'state_code', '27', 'scheme', 'regular',
           'gstin', '27AAPFU0939F1ZV', 'address', '1 Loop Lane', 'city', 'Pune', 'pincode', '411001', 'phone', '', 'fssai', '', 'local_name', '',
           'upi_id', 'bench@examplebank', 'upi_name', 'Bench Kirana', 'footer', '', 'language', 'en'),
           'buyer', NULL, 'counter', 'Counter 1', 'counter_code', 'B1', 'cashier', 'Bench', 'declaration', '')
  FROM bill;

INSERT INTO orders_orderline (shop_id, order_id, line_no, product_id, name, local_name, batch, hsn, unit, uqc, supply_class, quantity, mrp, unit_price,
    gross, discount, offer, offer_discount, bill_discount, rate, cess_rate, taxable, cgst, sgst, igst, cess, after_tax_reduction, total, cost)
SELECT %(shop)s, order_id, k + 1, %(first)s + (n + k) %% %(products)s, 'Goods ' || (n + k) %% %(products)s, '', '', '1905', 'pc', 'PCS', 'taxable', 1, 110, 105,
       105, 0, '', 0, 0, 5, 0, 100, 2.50, 2.50, 0, 0, 0, 105, 80
  FROM bill, generate_series(0, 4) AS k ORDER BY n, k;

INSERT INTO inventory_stockmovement (shop_id, lot_id, product_id, quantity, value, unit_cost, reason, document, document_id, document_line, by_id, at)
SELECT %(shop)s, lot.id, lot.product_id, -1, -80, 80, 'sale', 'order', order_id, k + 1, %(owner)s, bill.at
  FROM bill, generate_series(0, 4) AS k, inventory_stocklot AS lot
 WHERE lot.shop_id = %(shop)s AND lot.product_id = %(first)s + (n + k) %% %(products)s
 ORDER BY n, k;

INSERT INTO orders_payment (shop_id, order_id, counter_id, method, amount, reference, state, by_id, at)
SELECT %(shop)s, order_id, %(counter)s, method, 525, '', CASE method WHEN 'cash' THEN 'seen' ELSE 'claimed' END, %(owner)s, at FROM bill ORDER BY n;

INSERT INTO orders_orderevent (id, shop_id, order_id, kind, reason, day, by_id, at)
SELECT event_id, %(shop)s, order_id, 'placed', '', day, %(owner)s, at FROM bill ORDER BY n;

INSERT INTO ledger_journalentry (id, shop_id, date, narration, source_kind, source_id, created_at)
SELECT entry_id, %(shop)s, day, 'Bill ' || n, 'order', event_id, at FROM bill ORDER BY n;

INSERT INTO ledger_posting (shop_id, entry_id, date, account_id, counter_id, debit, credit)
SELECT %(shop)s, entry_id, day, account.id, CASE p.code WHEN '1001' THEN %(counter)s::bigint END, p.debit, p.credit
  FROM bill
 CROSS JOIN LATERAL (VALUES (CASE method WHEN 'cash' THEN '1001' ELSE '1030' END, 525, 0), ('4010', 0, 500), ('2101', 0, 12.50), ('2102', 0, 12.50),
                            ('5001', 400, 0), ('1003', 0, 400)) AS p (code, debit, credit)
  JOIN ledger_account AS account ON account.shop_id = %(shop)s AND account.code = p.code
 ORDER BY n;

ALTER TABLE shops_counter DISABLE TRIGGER USER; -- the postings' own trigger, which adds this up, is off as well
UPDATE shops_counter SET cash = cash + (SELECT sum(525) FROM bill WHERE method = 'cash') WHERE id = %(counter)s;
ALTER TABLE shops_counter ENABLE TRIGGER USER;

INSERT INTO orders_numberseries (shop_id, series, last)
SELECT %(shop)s, 'bill:' || left(bill_number, 8), count(*) FROM orders_order WHERE shop_id = %(shop)s GROUP BY left(bill_number, 8)
UNION ALL
SELECT %(shop)s, 'order:' || current_date, %(bills)s + 1;
