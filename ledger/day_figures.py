"""What a day came to: the figures of the X report while it runs, and of the Z report when it is closed. Nothing is changed here.

A figure belongs to the day of the books of its event, as its journal entry does. Amounts are rupees, as texts ("12.50"), so that
what a closed day said can be kept as JSON and printed the same for ever.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from shops.models import Shop
from smartkirana.money import ZERO, money

type Figures = dict[str, Any]

# Every query gets these parameters; a day belongs to the span when it is later than `after` and not later than `day`.
SPAN = "event.shop_id = %(shop)s AND event.day <= %(day)s AND event.day > %(after)s"
ALWAYS = date(1900, 1, 1)

BILLS = f"""
SELECT event.kind, regexp_replace(bill.bill_number, '/[0-9]+$', '') AS series, count(*) AS count, min(bill.bill_number) AS first,
       max(bill.bill_number) AS last, sum(bill.subtotal) AS gross, sum(bill.discount) AS discount, sum(bill.round_off) AS round_off,
       sum(bill.total) AS total, sum(bill.cgst + bill.sgst + bill.igst + bill.cess) AS tax
  FROM orders_orderevent AS event JOIN orders_order AS bill ON bill.id = event.order_id
 WHERE {SPAN} AND event.kind IN ('placed', 'cancelled')
 GROUP BY 1, 2 ORDER BY 2
"""  # noqa: S608
RETURNS = f"""
SELECT count(*) AS count, coalesce(sum(note.total), 0) AS total, coalesce(sum(note.cgst + note.sgst + note.igst + note.cess), 0) AS tax
  FROM orders_orderevent AS event JOIN orders_creditnote AS note ON note.id = event.credit_note_id
 WHERE {SPAN} AND event.kind = 'returned'
"""  # noqa: S608
# Lines of bills, less those of cancelled bills and of credit notes.
RATES = f"""
SELECT line.supply_class, line.rate, sum(sign * (line.taxable - line.after_tax_reduction)) AS value, sum(sign * line.cgst) AS cgst,
       sum(sign * line.sgst) AS sgst, sum(sign * line.igst) AS igst, sum(sign * line.cess) AS cess, sum(sign * line.total) AS total
  FROM (SELECT CASE event.kind WHEN 'placed' THEN 1 ELSE -1 END AS sign, sold.supply_class, sold.rate, sold.taxable, sold.cgst, sold.sgst,
               sold.igst, sold.cess, sold.after_tax_reduction, sold.total
          FROM orders_orderevent AS event JOIN orders_orderline AS sold ON sold.order_id = event.order_id
         WHERE {SPAN} AND event.kind IN ('placed', 'cancelled')
        UNION ALL
        SELECT -1, back.supply_class, back.rate, back.taxable, back.cgst, back.sgst, back.igst, back.cess, back.after_tax_reduction,
               back.total
          FROM orders_orderevent AS event JOIN orders_creditnoteline AS back ON back.credit_note_id = event.credit_note_id
         WHERE {SPAN} AND event.kind = 'returned') AS line
 GROUP BY 1, 2 ORDER BY 1 DESC, 2
"""  # noqa: S608
TENDERS = f"""
SELECT payment.method, count(*) FILTER (WHERE payment.amount > 0) AS count,
       coalesce(sum(payment.amount) FILTER (WHERE payment.amount > 0), 0) AS taken,
       coalesce(-sum(payment.amount) FILTER (WHERE payment.amount < 0), 0) AS back,
       count(*) FILTER (WHERE payment.state = 'claimed' AND payment.amount > 0 AND bill.status <> 'cancelled') AS unseen_count,
       coalesce(sum(payment.amount) FILTER (WHERE payment.state = 'claimed' AND payment.amount > 0 AND bill.status <> 'cancelled'), 0)
         AS unseen
  FROM orders_orderevent AS event
  JOIN orders_order AS bill ON bill.id = event.order_id
  JOIN orders_payment AS payment ON payment.order_id = event.order_id
   AND CASE event.kind WHEN 'placed' THEN payment.reverses_id IS NULL AND payment.credit_note_id IS NULL
                       WHEN 'returned' THEN payment.credit_note_id = event.credit_note_id
                       ELSE payment.reverses_id IS NOT NULL END
 WHERE {SPAN} AND event.kind IN ('placed', 'cancelled', 'returned')
 GROUP BY 1
"""  # noqa: S608
DRAWERS = f"""
SELECT event.kind, event.reason, coalesce(counter.name, '') AS counter, count(*) AS count, sum(event.amount) AS amount,
       sum(event.difference) AS difference, sum(event.safe) AS safe,
       count(*) FILTER (WHERE event.kind = 'closed' AND event.counted IS NULL) AS uncounted
  FROM orders_drawerevent AS event LEFT JOIN shops_counter AS counter ON counter.id = event.counter_id
 WHERE {SPAN}
 GROUP BY 1, 2, 3 ORDER BY 3, 2
"""  # noqa: S608
# What a reversal takes back counts under what it was.
KHATA = """
SELECT coalesce(original.kind, event.kind) AS kind, coalesce(payment.method, '') AS method,
       count(*) FILTER (WHERE original.id IS NULL) AS count,
       sum(event.amount) AS amount
  FROM orders_khataentry AS event
  LEFT JOIN orders_khataentry AS original ON original.id = event.reverses_id
  LEFT JOIN orders_payment AS payment ON payment.id = event.payment_id AND payment.order_id IS NULL
 WHERE event.shop_id = %(shop)s AND event.day <= %(day)s AND event.day > %(after)s
 GROUP BY 1, 2 ORDER BY 1, 2
"""
GIVEN, GOT = ("sale", "cancelled", "returned", "gave", "claim_failed", "claim_came"), ("payment",)
HELD = """
SELECT account.code, coalesce((SELECT sum(p.debit - p.credit) FROM ledger_posting AS p
                                WHERE p.shop_id = account.shop_id AND p.account_id = account.id AND p.date <= %(day)s), 0) AS net
  FROM ledger_account AS account
 WHERE account.shop_id = %(shop)s AND account.code IN ('1001', '1015', '1002', '1030', '1035', '1004', '2001')
"""
PLACES = {"1001": "drawers", "1015": "safe", "1002": "bank", "1030": "upi", "1035": "card", "1004": "khata", "2001": "owed"}
METHODS = ("cash", "upi", "card", "bank", "khata", "credit")


def day_figures(shop: Shop, day: date, after: date | None) -> Figures:
    """The figures of the days later than `after` up to `day` (of all days up to it, without `after`). Seven queries, however many bills."""
    asked = {"shop": shop.pk, "day": day, "after": after or ALWAYS}
    found = {"bills": _rows(BILLS, asked), "drawers": _rows(DRAWERS, asked)}
    held = {PLACES[row["code"]]: row["net"] for row in _rows(HELD, asked)}
    figures = {
        "day": day.isoformat(),
        **_bills(found["bills"]),
        "returns": _rows(RETURNS, asked)[0],
        "rates": _rows(RATES, asked),
        "tenders": sorted(_rows(TENDERS, asked), key=lambda row: METHODS.index(row["method"])),
        "khata": _khata(_rows(KHATA, asked)),
        **_drawers(found["drawers"]),
        "money": {**held, "owed": -held.get("owed", ZERO)},
    }
    figures["net"] = figures["sold"]["total"] - figures["cancelled"]["total"] - figures["returns"]["total"]
    return _texts(figures)


def _bills(rows: list[dict]) -> Figures:
    """Bills made, bills cancelled, and the numbers of each series."""
    sums = ("count", "gross", "discount", "round_off", "total", "tax")
    by_kind = {
        kind: {name: sum((row[name] for row in rows if row["kind"] == kind), 0 if name == "count" else ZERO) for name in sums}
        for kind in ("placed", "cancelled")
    }
    series = [{name: row[name] for name in ("series", "first", "last", "count")} for row in rows if row["kind"] == "placed"]
    return {"sold": by_kind["placed"], "cancelled": by_kind["cancelled"], "series": series}


def _khata(rows: list[dict]) -> Figures:
    """What went onto khatas less what was taken back, what came, and each kind of entry with how it was paid."""
    given = sum((row["amount"] for row in rows if row["kind"] in GIVEN), ZERO)
    got = -sum((row["amount"] for row in rows if row["kind"] in GOT), ZERO)
    return {"given": given, "got": got, "rows": rows}


def _drawers(rows: list[dict]) -> Figures:
    """What was put in and taken out by reason (`place` "drawer" or "safe"), and by counter what its counts were short or over."""
    moves: dict[tuple[str, str], dict] = {}
    counts: dict[str, dict] = {}
    for row in rows:
        if row["kind"] == "moved":
            key = (row["reason"], "drawer" if row["counter"] else "safe")
            move = moves.setdefault(key, {"reason": key[0], "place": key[1], "count": 0, "amount": ZERO})
            move["count"], move["amount"] = move["count"] + row["count"], move["amount"] + row["amount"]
        else:
            one = counts.setdefault(
                row["counter"], {"counter": row["counter"], "shifts": 0, "difference": ZERO, "safe": ZERO, "uncounted": 0}
            )
            one["shifts"] += row["count"] if row["kind"] == "closed" else 0
            one["difference"], one["safe"] = one["difference"] + row["difference"], one["safe"] + row["safe"]
            one["uncounted"] += row["uncounted"]
    return {"moves": list(moves.values()), "counts": list(counts.values())}


def _rows(sql: str, asked: dict) -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _texts(value: Any) -> Any:
    """The figures as JSON has them: amounts are texts with two places, counts stay numbers."""
    if isinstance(value, dict):
        return {name: _texts(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_texts(one) for one in value]
    return str(money(value)) if isinstance(value, Decimal) else value
