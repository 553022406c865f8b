from django.db import migrations

# What customers owe from bills made before the khata had entries: one entry for each fact, in the order they happened.
ENTRIES = """
    INSERT INTO orders_khataentry (shop_id, customer_id, number, kind, amount, balance, open, day, since, due, order_id, payment_id, receipt, note,
                                   code, by_id, at)
    SELECT shop_id, customer_id, 0, kind, amount, 0, 0, day, since, CASE WHEN amount > 0 THEN since + due_days END, order_id, payment_id, '', note,
           '', by_id, at
      FROM (SELECT bill.shop_id, bill.customer_id, 'sale' AS kind, sum(payment.amount) AS amount, bill.day, bill.day AS since, bill.id AS order_id,
                   NULL::bigint AS payment_id, '' AS note, bill.cashier_id AS by_id, bill.placed_at AS at, 0 AS turn
              FROM orders_payment AS payment JOIN orders_order AS bill ON bill.id = payment.order_id
             WHERE payment.method = 'khata' AND payment.reverses_id IS NULL
             GROUP BY bill.id
            UNION ALL
            SELECT bill.shop_id, bill.customer_id, 'cancelled', sum(payment.amount), event.day, event.day, bill.id, NULL, event.reason, event.by_id,
                   event.at, 2
              FROM orders_payment AS payment JOIN orders_order AS bill ON bill.id = payment.order_id
              JOIN orders_orderevent AS event ON event.order_id = bill.id AND event.kind = 'cancelled'
             WHERE payment.reverses_id IS NOT NULL AND (payment.method = 'khata' OR payment.state = 'failed')
             GROUP BY bill.id, event.id
            UNION ALL
            SELECT bill.shop_id, bill.customer_id, CASE event.kind WHEN 'failed' THEN 'claim_failed' ELSE 'claim_came' END,
                   CASE event.kind WHEN 'failed' THEN payment.amount ELSE -payment.amount END, event.day, bill.day, bill.id, payment.id, event.note,
                   event.by_id, event.at, 1
              FROM orders_paymentevent AS event
              JOIN orders_payment AS payment ON payment.id = event.payment_id
              JOIN orders_order AS bill ON bill.id = payment.order_id
             WHERE event.kind = 'failed' OR (event.kind = 'seen' AND event.was = 'failed')) AS fact
      JOIN (SELECT id AS customer, due_days FROM orders_customer) AS known ON known.customer = fact.customer_id
     ORDER BY customer_id, at, turn, order_id;
"""

# A cancelled bill meets its own bill, money that came after all its own claim; what is left meets nothing, for nobody has paid yet.
SETTLED = """
    INSERT INTO orders_khatasettlement (shop_id, customer_id, owed_id, paid_id, because_id, amount)
    SELECT more.shop_id, more.customer_id, more.id, less.id, less.id, more.amount
      FROM orders_khataentry AS more
      JOIN orders_khataentry AS less ON less.kind = 'claim_came' AND less.payment_id = more.payment_id
     WHERE more.kind = 'claim_failed'
    UNION ALL
    SELECT more.shop_id, more.customer_id, more.id, less.id, less.id, more.amount
      FROM orders_khataentry AS more
      JOIN orders_khataentry AS less ON less.kind = 'cancelled' AND less.order_id = more.order_id AND less.customer_id = more.customer_id
     WHERE more.kind IN ('sale', 'claim_failed')
       AND NOT EXISTS (SELECT FROM orders_khataentry AS came WHERE came.kind = 'claim_came' AND came.payment_id = more.payment_id);
"""


class Migration(migrations.Migration):
    """The khata entries of bills that were made before there were any."""

    dependencies = [("orders", "0040_khata_entries")]

    operations = [migrations.RunSQL(ENTRIES, migrations.RunSQL.noop), migrations.RunSQL(SETTLED, migrations.RunSQL.noop)]
