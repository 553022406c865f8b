"""Where the demo's goods come from: four suppliers, a delivery from each every twelve days, and their money when it is due."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal
from random import Random

from django.db.models import Sum

from catalog.off import NOTHING, Off
from inventory.models import PurchaseOrder
from inventory.ordering import OrderedLine, save_order, send_order
from inventory.receiving import PaperBill, ReceivedLine, receive_goods, work_out
from inventory.suppliers import SupplierDetails, enter_supplier_balance, pay_supplier, save_supplier
from shops.models import Role, Shop
from smartkirana.demo.world import ZONE, Goods
from smartkirana.money import ZERO, rupee_round

SUPPLIERS = (
    SupplierDetails("Deshmukh Distributors", "9822011223", state_code="27", gstin="27AAKFD5521M1Z6", due_days=21, lead_days=2,
                    address="Market Yard, Pune"),
    SupplierDetails("Om Sai Agencies", "9822044556", state_code="27", due_days=7, lead_days=1, address="Gultekdi, Pune",
                    note="Comes on Tuesdays, before eleven"),
    SupplierDetails("Gujarat Foods & Beverages", "9824077889", state_code="24", gstin="24AAQCA8719H1ZC", due_days=30, lead_days=5,
                    address="Vatva, Ahmedabad"),
    SupplierDetails("Mandai Wholesale, Shinde and Sons", "9822099001", state_code="27", due_days=0, lead_days=1, address="Mandai, Pune"),
)  # fmt: skip
EVERY = 12  # days between two deliveries of a supplier
FIRST = 26  # days of sales that the first stock is for
LOW, FULL = 16, 34  # days of sales: ordered under the one, up to the other
PACK = {True: Decimal(10), False: Decimal(12)}  # kg in a bag, pieces in a carton


class Purchases:
    """The buying of one shop, day by day; a source of chance of its own, so that the bills stay what they are."""

    def __init__(self, shop: Shop, goods: list[Goods], seed: int) -> None:
        self.shop, self.random = shop, Random(seed)
        self.by = shop.memberships.get(role=Role.OWNER).user
        self.suppliers = [save_supplier(shop=shop, details=details) for details in SUPPLIERS]
        self.goods: list[list[Goods]] = [[] for _ in SUPPLIERS]
        for g in goods:
            if not g.two_mrps:  # the old and the new MRP are a story of their own
                self.goods[3 if g.product.loose else (g.product.category_id or 0) % 3].append(g)
        self.bills = 0

    def begin(self, day: date) -> None:
        """What was owed when the books began."""
        for supplier, amount in zip(self.suppliers, (Decimal("18450.00"), Decimal("6210.50")), strict=False):
            enter_supplier_balance(shop=self.shop, by=self.by, supplier=supplier, amount=amount, day=day, note="from the old khata")

    def morning(self, day: date) -> None:
        """What comes, and what is paid, before the shop opens."""
        for n, supplier in enumerate(self.suppliers):
            due = supplier.entries.filter(open__gt=0, due__lte=day).aggregate(sum=Sum("open", default=ZERO))["sum"]
            if due and self.random.random() < 0.5:
                method = "cash" if n == 3 else "bank"
                pay_supplier(shop=self.shop, by=self.by, supplier=supplier, amount=due, method=method, day=day)
            if day.toordinal() % EVERY == 3 * n and (lines := self.lines(n, day)):
                self.receive(n, day, lines)

    def lines(self, n: int, day: date) -> list[ReceivedLine]:
        """What runs low of a supplier's goods, in whole packs, up to 60 lines."""
        products = [g.product.pk for g in self.goods[n]]
        rows = self.shop.lots.filter(product__in=products).values("product").annotate(there=Sum("on_hand"))
        stock = {row["product"]: row["there"] for row in rows}
        low = [g for g in self.goods[n] if stock.get(g.product.pk, ZERO) < Decimal(g.pace * LOW)]
        return [self.line(g, stock.get(g.product.pk, ZERO), day) for g in low[:60]]

    def line(self, g: Goods, stock: Decimal, day: date) -> ReceivedLine:
        product, random = g.product, self.random
        size = PACK[bool(product.decimals)]
        packs = max((Decimal(g.pace * FULL) - stock) / size, Decimal(1)).to_integral_value(ROUND_CEILING)
        piece = min(product.cost * Decimal(random.choice(("1", "1", "1", "0.99", "1.01"))), product.price * Decimal("0.95"))
        keeps = None if product.loose or product.perishable else date.fromordinal(day.toordinal() + random.randrange(90, 500))
        return ReceivedLine(
            product=product,
            packs=packs,
            price=round(piece * size, 2),
            pack_size=size,
            free=packs // 10 if not product.decimals else ZERO,
            batch="" if product.loose else f"B{random.randrange(1000, 9999)}",
            mrp=product.mrp,
            expiry=keeps,
        )

    def orders(self, day: date) -> None:
        """Where the demo stands: one order still a draft, one sent, and one of which the half came."""
        for n, upto in enumerate(("draft", "sent", "part")):
            lines = [self.line(g, ZERO, day) for g in self.goods[n][:6]]
            wanted = [OrderedLine(one.product, one.packs + 1, one.pack_size, one.price) for one in lines]
            if not wanted:
                continue
            order = save_order(shop=self.shop, by=self.by, supplier=self.suppliers[n], lines=wanted, expected=day + timedelta(days=2))
            if upto != "draft":
                order = send_order(order=order)
            if upto == "part":
                self.receive(n, day, lines[: max(len(lines) // 2, 1)], order)

    def receive(self, n: int, day: date, lines: list[ReceivedLine], order: PurchaseOrder | None = None) -> None:
        """A bill with now and then a discount or freight on it, rounded to the rupee as suppliers do."""
        self.bills += 1
        off = Off(percent=Decimal(2)) if self.random.random() < 0.3 else NOTHING
        freight = sum(one.packs * one.price for one in lines) // self.random.choice((100, 200, 10**9))
        number = f"{'DOGM'[n]}/{self.bills + 310}"
        head = {"supplier": self.suppliers[n], "number": number, "date": day, "discount": off, "other_charges": freight}
        total, _ = rupee_round(work_out(self.shop, PaperBill(**head), lines).totals.total, "rupee")
        receive_goods(
            shop=self.shop,
            by=self.by,
            paper=PaperBill(**head, paper_total=total),
            lines=lines,
            day=day,
            order=order,
            at=datetime.combine(day, time(6, 30), ZONE),
        )
