"""The floor of a bill and of a goods receipt: the same rows written by plain SQL over the same connection, with nothing checked in Python."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

from ledger.models import Account
from shops.models import Role, Shop

ORDER = """
INSERT INTO orders_order (shop_id, counter_id, cashier_id, request_key, channel, status, number, bill_number, day, placed_at, title, place_of_supply,
    inter_state, subtotal, discount, taxable, exempt, cgst, sgst, igst, cess, after_tax_reduction, round_off, total, cost, saved, printed)
VALUES (%s, %s, %s, %s, 'counter', 'completed', %s, %s, %s, %s, 'Tax Invoice', '27', false, 525, 0, 500, 0, 12.5, 12.5, 0, 0, 0, 0, 525, 400, 25, %s)
RETURNING id
"""
LINE = "(%s, %s, %s, %s, 'Goods', '', '', '1905', 'pc', 'PCS', 'taxable', 1, 110, 105, 105, 0, '', 0, 0, 5, 0, 100, 2.5, 2.5, 0, 0, 0, 105, 80)"
LINES = """
INSERT INTO orders_orderline (shop_id, order_id, line_no, product_id, name, local_name, batch, hsn, unit, uqc, supply_class, quantity, mrp, unit_price, gross,
    discount, offer, offer_discount, bill_discount, rate, cess_rate, taxable, cgst, sgst, igst, cess, after_tax_reduction, total, cost) VALUES
"""
MOVES = """
INSERT INTO inventory_stockmovement (shop_id, lot_id, product_id, quantity, value, unit_cost, reason, document, document_id, document_line, by_id, at) VALUES
"""
NUMBERS = """
INSERT INTO orders_numberseries (shop_id, series, last) VALUES (%s, %s, 1), (%s, %s, 1)
ON CONFLICT (shop_id, series) DO UPDATE SET last = orders_numberseries.last + 1 RETURNING last
"""
POSTED = (("1001", 525, 0), ("4010", 0, 500), ("2101", 0, 12.5), ("2102", 0, 12.5), ("5001", 400, 0), ("1003", 0, 400))


def bill(shop: Shop, products: Sequence[int]) -> Callable[[], None]:
    """A function that writes one bill of five lines by hand: reads and locks what a bill must, then nine INSERTs."""
    owner, counter = shop.memberships.get(role=Role.OWNER).user_id, shop.counters.all()[0].pk
    accounts = dict(Account.objects.filter(shop=shop).values_list("code", "id"))

    def write() -> None:
        now, ids = timezone.now(), random.sample(products, 5)
        day = timezone.localtime(now).date()
        with transaction.atomic(), connection.cursor() as cursor:
            ask = cursor.execute
            ask("SELECT id, price, mrp FROM catalog_product WHERE shop_id = %s AND id = ANY(%s)", [shop.pk, ids])
            ask(
                "SELECT id, product_id, on_hand FROM inventory_stocklot WHERE shop_id = %s AND product_id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                [shop.pk, ids],
            )
            lots = {product: lot for lot, product, _ in cursor.fetchall()}
            ask(NUMBERS, [shop.pk, f"order:{day}", shop.pk, "bill:H1/hand"])
            (order_no,), (bill_no,) = cursor.fetchall()
            number, bill_number = f"ORD-{day:%Y%m%d}-{order_no}", f"H1/hand/{bill_no:06d}".upper()
            ask(ORDER, [shop.pk, counter, owner, uuid4(), number, bill_number, day, now, json.dumps({"by": "hand"})])
            order = cursor.fetchone()[0]
            ask(LINES + ", ".join([LINE] * 5), [v for n, pk in enumerate(ids, 1) for v in (shop.pk, order, n, pk)])
            move = "(%s, %s, %s, -1, -80, 80, 'sale', 'order', %s, %s, %s, %s)"
            ask(MOVES + ", ".join([move] * 5), [v for n, pk in enumerate(ids, 1) for v in (shop.pk, lots[pk], pk, order, n, owner, now)])
            ask(
                "INSERT INTO orders_payment (shop_id, order_id, counter_id, method, amount, reference, state, by_id, at) "
                "VALUES (%s, %s, %s, 'cash', 525, '', 'seen', %s, %s)",
                [shop.pk, order, counter, owner, now],
            )
            ask(
                "INSERT INTO orders_orderevent (shop_id, order_id, kind, reason, day, by_id, at) VALUES (%s, %s, 'placed', '', %s, %s, %s) RETURNING id",
                [shop.pk, order, day, owner, now],
            )
            event = cursor.fetchone()[0]
            ask(
                "INSERT INTO ledger_journalentry (shop_id, date, narration, source_kind, source_id, created_at) VALUES (%s, %s, %s, 'order', %s, %s) RETURNING id",
                [shop.pk, day, bill_number, event, now],
            )
            entry = cursor.fetchone()[0]
            posting = ", ".join(["(%s, %s, %s, %s, %s::bigint, %s, %s)"] * len(POSTED))
            drawer = {"1001": counter}
            ask(
                f"INSERT INTO ledger_posting (shop_id, entry_id, date, account_id, counter_id, debit, credit) VALUES {posting}",
                [v for code, debit, credit in POSTED for v in (shop.pk, entry, day, accounts[code], drawer.get(code), debit, credit)],
            )

    return write


def receipt(shop: Shop, products: Sequence[int], lines: int) -> Callable[[], None]:
    """A function that writes the lots, movements and lines of one goods receipt by hand, in one INSERT each; its head and books are left out."""
    owner = shop.memberships.get(role=Role.OWNER).user_id

    def write() -> None:
        now, ids = timezone.now(), random.sample(products, lines)
        with transaction.atomic(), connection.cursor() as cursor:
            ask = cursor.execute
            ask("SELECT id, name, hsn FROM catalog_product WHERE shop_id = %s AND id = ANY(%s)", [shop.pk, ids])
            ask(
                "SELECT id FROM inventory_stocklot WHERE shop_id = %s AND product_id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                [shop.pk, ids],
            )
            ask(LOTS, [shop.pk, now, ids])
            lots = dict(cursor.fetchall())
            ask(
                "INSERT INTO inventory_stockdocument (shop_id, kind, reason, note, day, by_id, at) "
                "VALUES (%s, 'receipt', 'receipt', '', %s, %s, %s) RETURNING id",
                [shop.pk, timezone.localtime(now).date(), owner, now],
            )
            paper = cursor.fetchone()[0]
            move = "(%s, %s, %s, 12, 960, 80, 'receipt', 'stock', %s, %s, %s, %s)"
            ask(
                MOVES + ", ".join([move] * lines),
                [v for n, (product, lot) in enumerate(lots.items(), 1) for v in (shop.pk, lot, product, paper, n, owner, now)],
            )
            transaction.set_rollback(True)

    return write


LOTS = """
INSERT INTO inventory_stocklot (shop_id, product_id, batch, unit_cost, credit_rate, credit_igst, on_hand, value, created_at)
SELECT %s, unnested, '', 80, 5, false, 0, 0, %s FROM unnest(%s::bigint[]) AS unnested RETURNING product_id, id
"""
