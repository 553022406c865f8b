"""The rules over drawers, shifts and closed days. See `ledger/checks.py`."""

from __future__ import annotations

from ledger.drawer_rules import OTHER_SIDE
from ledger.rule import Rule
from ledger.seals import seals

# What was paid in cash, for bills and in khatas: (shop_id, counter_id, amount), without a counter for money of no drawer.
PAID = """
    SELECT shop_id, counter_id, amount FROM orders_payment WHERE shop_id = ANY(%(shops)s) AND method = 'cash'
"""
# Every fact about cash, with the drawer it was in.
FACTS = f"""{PAID}
    UNION ALL
    SELECT shop_id, counter_id, amount FROM orders_drawerevent
     WHERE shop_id = ANY(%(shops)s) AND counter_id IS NOT NULL AND paper_id IS NULL
    UNION ALL
    SELECT shop_id, counter_id, -amount FROM inventory_supplierpayment WHERE shop_id = ANY(%(shops)s) AND method = 'cash'
"""  # noqa: S608

DRAWERS = Rule(
    "drawers",
    "Every drawer holds what its bills, counts and moves come to",
    f"""
    WITH facts AS (SELECT counter_id, sum(amount) AS amount FROM ({FACTS}) AS fact GROUP BY counter_id),
         booked AS (SELECT counter_id, sum(debit - credit) AS net FROM ledger_posting
                     WHERE shop_id = ANY(%(shops)s) AND counter_id IS NOT NULL GROUP BY counter_id)
    SELECT shop.slug, counter.name || ': drawer ' || counter.cash || ', postings ' || coalesce(booked.net, 0)
           || ', bills and moves ' || coalesce(facts.amount, 0)
      FROM shops_counter AS counter
      JOIN shops_shop AS shop ON shop.id = counter.shop_id
      LEFT JOIN facts ON facts.counter_id = counter.id
      LEFT JOIN booked ON booked.counter_id = counter.id
     WHERE counter.shop_id = ANY(%(shops)s)
       AND (counter.cash <> coalesce(booked.net, 0) OR counter.cash <> coalesce(facts.amount, 0))
    UNION ALL
    SELECT shop.slug, 'supplier paid ' || paid.amount || ' out of a drawer: the drawer says ' || -event.amount
      FROM orders_drawerevent AS event
      JOIN inventory_supplierpayment AS paid ON paid.document_id = event.paper_id
      JOIN shops_shop AS shop ON shop.id = event.shop_id
     WHERE event.shop_id = ANY(%(shops)s) AND (paid.counter_id, paid.amount) IS DISTINCT FROM (event.counter_id, -event.amount)
    """,  # noqa: S608 - constants of this file
)

CASH = Rule(
    "cash",
    "Account 1001 is the drawers and the cash that was in none, and only it has drawers",
    f"""
    SELECT shop.slug, 'account 1001: ' || coalesce(booked.net, 0) || ', drawers ' || coalesce(drawers.cash, 0)
           || ', cash of no drawer ' || coalesce(outside.amount, 0)
      FROM shops_shop AS shop
      LEFT JOIN (SELECT posting.shop_id, sum(posting.debit - posting.credit) AS net
                   FROM ledger_posting AS posting JOIN ledger_account AS account ON account.id = posting.account_id
                  WHERE posting.shop_id = ANY(%(shops)s) AND account.code = '1001' GROUP BY posting.shop_id) AS booked
        ON booked.shop_id = shop.id
      LEFT JOIN (SELECT shop_id, sum(cash) AS cash FROM shops_counter WHERE shop_id = ANY(%(shops)s) GROUP BY shop_id) AS drawers
        ON drawers.shop_id = shop.id
      LEFT JOIN (SELECT shop_id, sum(amount) AS amount FROM ({FACTS}) AS fact WHERE counter_id IS NULL GROUP BY shop_id) AS outside
        ON outside.shop_id = shop.id
     WHERE shop.id = ANY(%(shops)s) AND coalesce(booked.net, 0) <> coalesce(drawers.cash, 0) + coalesce(outside.amount, 0)
    UNION ALL
    SELECT shop.slug, 'entry ' || posting.entry_id || ': account ' || account.code || ' with a drawer'
      FROM ledger_posting AS posting
      JOIN ledger_account AS account ON account.id = posting.account_id
      JOIN shops_shop AS shop ON shop.id = posting.shop_id
     WHERE posting.shop_id = ANY(%(shops)s) AND posting.counter_id IS NOT NULL AND account.code <> '1001'
    """,  # noqa: S608
)

_SIDES = ", ".join(f"('{reason.value}', '{code}')" for reason, code in OTHER_SIDE.items())
DRAWER_EVENTS_ARE_POSTED = Rule(
    "drawer_events_are_posted",
    "Every count of a drawer and all that was put in or taken out is booked",
    f"""
    WITH side (reason, code) AS (VALUES {_SIDES}),
         heads AS (
            SELECT event.id, head.code, head.net
              FROM orders_drawerevent AS event
              LEFT JOIN side ON side.reason = event.reason,
                   LATERAL (VALUES (CASE WHEN event.counter_id IS NULL THEN '1015' ELSE '1001' END, event.amount),
                                   (side.code, -event.amount), ('1015', event.safe), ('6800', -event.difference)) AS head (code, net)
             WHERE event.shop_id = ANY(%(shops)s) AND event.paper_id IS NULL AND head.code IS NOT NULL),
         meant AS (SELECT id, code, sum(net) AS net FROM heads GROUP BY id, code),
         booked AS (
            SELECT entry.source_id AS id, account.code, sum(posting.debit - posting.credit) AS net
              FROM ledger_journalentry AS entry
              JOIN ledger_posting AS posting ON posting.entry_id = entry.id
              JOIN ledger_account AS account ON account.id = posting.account_id
             WHERE entry.shop_id = ANY(%(shops)s) AND entry.source_kind = 'drawer'
             GROUP BY entry.source_id, account.code)
    SELECT shop.slug, 'drawer of ' || coalesce(counter.name, 'the safe') || ', ' || event.day || ' ' || event.kind || ', account '
           || coalesce(meant.code, booked.code) || ': ' || coalesce(meant.net, 0) || ', entry ' || coalesce(booked.net, 0)
      FROM meant FULL JOIN booked ON booked.id = meant.id AND booked.code = meant.code
      JOIN orders_drawerevent AS event ON event.id = coalesce(meant.id, booked.id)
      JOIN shops_shop AS shop ON shop.id = event.shop_id
      LEFT JOIN shops_counter AS counter ON counter.id = event.counter_id
     WHERE coalesce(meant.net, 0) <> coalesce(booked.net, 0)
    """,  # noqa: S608
)

SHIFTS = Rule(
    "shifts",
    "Every shift was opened by a count, and is ended as its events say",
    """
    SELECT shop.slug, 'shift of ' || counter.name || ' from ' || shift.opened_at::date || ': '
           || CASE WHEN opened.id IS NULL THEN 'never opened by a count' ELSE 'its end and its events differ' END
      FROM orders_shift AS shift
      JOIN shops_shop AS shop ON shop.id = shift.shop_id
      JOIN shops_counter AS counter ON counter.id = shift.counter_id
      LEFT JOIN orders_drawerevent AS opened ON opened.shift_id = shift.id AND opened.kind = 'opened'
      LEFT JOIN orders_drawerevent AS closed ON closed.shift_id = shift.id AND closed.kind = 'closed'
     WHERE shift.shop_id = ANY(%(shops)s) AND (opened.id IS NULL OR shift.closed_at IS DISTINCT FROM closed.at)
    """,
)

_SPANS = """
    SELECT shop_id, number, after, day, previous FROM ledger_dayclose WHERE shop_id = ANY(%(shops)s)
"""
SEALS = Rule(
    "seals",
    "Every closed day is as it was when it was sealed, and the seals follow one another",
    f"""
    WITH now AS ({seals(_SPANS)}),
         chain AS (
            SELECT *, lag(seal, 1, '') OVER sequence AS before, lag(day) OVER sequence AS day_before,
                   lag(number, 1, 0) OVER sequence AS last
              FROM ledger_dayclose WHERE shop_id = ANY(%(shops)s) WINDOW sequence AS (PARTITION BY shop_id ORDER BY number))
    SELECT shop.slug, 'Z ' || chain.number || ' of ' || chain.day || ': '
           || CASE WHEN chain.seal <> now.seal OR chain.entries <> now.entries
                   THEN 'its journal entries are not those that were sealed (' || chain.entries || ' then, ' || now.entries || ' now)'
                   ELSE 'it does not follow the close before it' END
      FROM chain
      JOIN now ON now.shop_id = chain.shop_id AND now.number = chain.number
      JOIN shops_shop AS shop ON shop.id = chain.shop_id
     WHERE chain.seal <> now.seal OR chain.entries <> now.entries OR chain.previous <> chain.before
        OR chain.after IS DISTINCT FROM chain.day_before OR chain.number <> chain.last + 1
    UNION ALL
    SELECT shop.slug, 'books closed up to ' || coalesce(shop.sealed_until::text, 'no day') || ', last Z of '
           || coalesce(closed.day::text, 'no day')
      FROM shops_shop AS shop
      LEFT JOIN (SELECT shop_id, max(day) AS day FROM ledger_dayclose GROUP BY shop_id) AS closed ON closed.shop_id = shop.id
     WHERE shop.id = ANY(%(shops)s) AND shop.sealed_until IS DISTINCT FROM closed.day
    """,  # noqa: S608
)
