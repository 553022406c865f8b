"""Bad input and what it must not do: the values, a world to try them on, and how one request is judged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from html.parser import HTMLParser
from types import SimpleNamespace
from urllib.parse import urlencode
from uuid import uuid4

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from catalog.importing.acts import match_columns, take_in
from catalog.labels.presets import preset
from catalog.labels.services import add_format
from catalog.offers.services import OfferDetails, save_offer
from catalog.prices.services import save_price_list, set_prices
from catalog.tiles.services import add_tile
from inventory.bill_files.acts import set_columns
from inventory.bill_files.acts import take_in as take_in_bill
from inventory.counting import count_goods, finish_counting, open_stock_take
from inventory.ordering import OrderedLine, save_order
from inventory.pace import fresh_pace
from inventory.receiving import PaperBill, ReceivedLine, receive_goods
from inventory.recipes import Part, save_recipe
from inventory.repacking import Made, Taken, repack_goods
from inventory.services import adjust_stock
from inventory.suppliers import SupplierDetails, save_supplier
from ledger.bank_acts import confirm, set_aside
from ledger.bank_files.acts import bring_in
from ledger.bank_files.acts import set_columns as set_bank_columns
from ledger.bank_files.acts import take_in as take_in_bank
from ledger.closing import close_day
from orders.bill import BillLine, Tender
from orders.khata.acts import Act, take_payment
from orders.khata.people import dispute, give_link, save_member
from orders.models import KhataReminder
from orders.payments import mark_failed
from orders.return_plan import BackLine, Exchange
from orders.returning import take_back
from orders.services import cancel_order
from orders.shifts import Count, move_cash, open_shift
from orders.till_log import record
from shops.api.keys import make_key
from shops.models import Notice, Role, WebhookDelivery
from shops.services import add_counter, invite
from shops.webhooks import change_webhook, make_webhook
from smartkirana.dates import shop_today
from tests import factories
from tests.proofs import WHOLE

APPS = ("shops", "catalog", "inventory", "orders", "ledger")
HTMX = {"HX-Request": "true"}
SCRIPT = "<script>alert(1)</script>"
OURS, THEIRS = f"\"'>{SCRIPT}", "Zanzibar"
FORM = "application/x-www-form-urlencoded"
ANSWERS = {200, 204, 302, 400, 403, 404, 409, 413, 422, 429}
SENTENCE = (b'role="alert"', b"<p data-refused", b'<p data-kind="bad"', b'<p class="bad"')

VALUES: dict[str, str | bytes] = {
    "nothing": "",
    "spaces": " \t\u00a0",
    "NUL": "1\x00",
    "very long": "क" * 10_000,
    "5,000 digits": "9" * 5000,
    "emoji, right to left": "🧂\u202eeman\u2066👨‍👩‍👧‍👦",
    "script": OURS,
    "SQL and templates": "' OR 1=1; DROP TABLE x -- {{ 7|add:7 }} %(x)s {0} ../../../etc/passwd",
    "below zero": "-1",
    "zero": "0",
    "huge power": "1e999",
    "NaN": "NaN",
    "signalling NaN": "sNaN",
    "infinity": "-Infinity",
    "four decimals": "0.0001",
    "20 digits": "99999999999999999999",
    "18 digits": "999999999999999999",
    "comma": "12,34",
    "superscript digit": "²",
    "Devanagari digits": "१२",
    "no such day": "2026-13-45",
    "first day of all": "0001-01-01",
    "last day of all": "9999-12-31",
    "broken UTF-8": b"\xff1\xed\xa0\x80",
}
WORDS = ("nothing", "spaces", "NUL", "very long", "emoji, right to left", "script", "SQL and templates", "zero", "NaN", "5,000 digits",
         "superscript digit", "last day of all", "broken UTF-8")  # fmt: skip
BRIEFLY = ("NUL", "very long", "5,000 digits", "18 digits", "script", "zero", "first day of all", "last day of all")
QUERIES = (
    "page=-1",
    "page=0",
    "page=999999999999",
    "page=NaN",
    "page=%C2%B2",
    "sort=;drop&order=;drop",
    "sort=-shop__memberships__user__password",
    "sort=../../x",
    "period=custom&start=2026-12-31&end=2026-01-01",
    "period=custom&start=0001-01-01&end=9999-12-31",
    "period=year&on=9999-12-31",
    "on=0001-01-01",
    "q=%00&category=%00&status=%00&period=%00",
    "&&&=&=;%",
    "q[]=1&q=2&q=3&page=1&page=x",
)
BODIES = (
    ("text/plain", b"hello"),
    ("application/json", b'{"name": 1}'),
    (FORM, b"\x00=\x00&=&%zz=%ff"),
    (f"{FORM}; charset=utf-7", b"name=1"),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=file\r\n\r\ncut off"),
)


# --- the world ------------------------------------------------------------------------------------------------
def make_world(name: str) -> SimpleNamespace:
    """A shop with a row of everything that an address can name; all its texts hold `name`."""
    shop = factories.make_shop(f"{name} Kirana", owner=factories.make_user(f"{name} Owner"), upi_id="sharma@okbank")
    shop.counters.update(name=f"{name} Till")
    w = SimpleNamespace(shop=shop, owner=shop.owner, till=add_counter(shop=shop, name=f"{name} Till 2", code="S2"))
    w.category = shop.categories.create(name=f"{name} Shelf")
    w.clerk = factories.make_member(shop, Role.STAFF, factories.make_user(f"{name} Clerk"))
    w.member = shop.memberships.get(user=w.clerk)
    codes = {"sku": f"SKU-{shop.pk}", "barcodes": [(f"CODE-{shop.pk}", Decimal(1))], "plu": 100 + shop.pk % 1000}
    w.product = factories.make_product(
        shop, f"{name} Soap", stock=50, category=w.category, local_name=f"{name} साबुन", search_words=name, min_stock=Decimal(90), **codes
    )
    factories.stock_up(w.product, 5, mrp=Decimal(60), price=Decimal(58), batch=name[:20])
    w.lot = w.product.lots.first()
    w.label = add_format(shop=shop, **preset("grams").fields() | {"name": name[:40]})
    w.tile = add_tile(shop=shop, product=w.product)
    loose = {"unit": "kg", "loose": True, "mrp": None, "plu": 50_000 + shop.pk % 1000, "sku": f"SUGAR-{shop.pk}"}
    w.untiled = factories.make_product(shop, f"{name} Sugar", **loose)
    adjust_stock(shop=shop, by=w.clerk, product=w.product, reason="damage", change=Decimal(-1), note=f"{name} note")
    _add_prices(w, name)
    w.customer = factories.make_customer(shop, f"{name} Asha", address=f"{name} Road", price_list=w.price_list)
    khata = [Tender("khata", None, reference=name[:40])]
    w.bill = factories.make_order(shop, [(w.product, 2)], cashier=w.clerk, customer=w.customer, payments=khata)
    _add_khata(w, name)
    w.spoilt = factories.make_order(shop, [(w.product, 1)], cashier=w.clerk)
    cancel_order(shop=shop, bill_number=w.spoilt.bill_number, by=shop.owner, reason=f"{name} reason")
    claims = [Tender("upi", Decimal(50), reference=name[:40]), Tender("card", None)]
    w.claimed = factories.make_order(shop, [(w.product, 2)], cashier=w.clerk, payments=claims)
    w.claim = w.claimed.payments.first()
    mark_failed(shop=shop, payment_id=w.claimed.payments.last().pk, by=shop.owner, how="owner", reason=f"{name} reason")
    _bring_back(w, name)
    w.seller = factories.make_seller(shop, Role.MANAGER, f"{name} Manager")
    record(shop=shop, kind="no_sale", by=w.clerk, signed_in=w.owner, counter=w.till, amount=Decimal(5), reason=name, details={"item": name})
    w.phone = factories.make_user(f"{name} Guest").phone.as_e164
    w.invitation, w.code = invite(shop=shop, by=shop.owner, name=f"{name} Guest", phone=w.phone, role=Role.STAFF)
    _add_imports(w, name)
    _add_purchases(w, name)
    _add_packing(w, name)
    _add_stock_takes(w, name)
    _add_drawer(w, name)
    _add_bank_files(w, name)
    fresh_pace(shop)  # else the first look at the low stock writes it, whatever it was asked
    lines = [{"text": name, "url": "inventory:low_stock", "query": ""}]
    w.notice = Notice.objects.create(shop=shop, kind="stock", day=shop_today(), title=name[:100], lines=lines)
    _add_programs(w, name)
    session = SessionStore()
    session.create()
    w.device = UserSession.objects.create(user=shop.owner, ip="127.0.0.1", session_key=session.session_key, user_agent=name)
    return w


def _add_programs(w: SimpleNamespace, name: str) -> None:
    """A key, and a webhook that is off, with a message to it."""
    w.key, _secret = make_key(shop=w.shop, by=w.owner, name=name[:60], scopes=["see_goods"])
    w.webhook, _secret = make_webhook(shop=w.shop, by=w.owner, url=f"http://127.0.0.1:9/{w.shop.pk}", events=["stock.low"])
    change_webhook(webhook=w.webhook, url=w.webhook.url, events=["stock.low"], active=False)
    said = {"product_name": name}
    w.message = WebhookDelivery.objects.create(shop=w.shop, webhook=w.webhook, kind="stock.low", payload=said, answer_text=name[:200])


def _bring_back(w: SimpleNamespace, name: str) -> None:
    """A bill of which a part came back, in exchange for other goods."""
    w.returned = factories.make_order(w.shop, [(w.product, 3)], cashier=w.clerk)
    w.note = take_back(
        shop=w.shop, counter=w.till, by=w.clerk, bill_number=w.returned.bill_number, lines=[BackLine(1, Decimal(2), "supplier")],
        how="cash", request_key=uuid4(), reason=f"{name} reason", exchange=Exchange([BillLine(w.product.pk, Decimal(1))]),
    )  # fmt: skip


def _add_khata(w: SimpleNamespace, name: str) -> None:
    """A household, a payment, a link, and something the customer does not agree with."""
    w.shop.remind_from, w.shop.remind_until = 0, 24  # whatever the hour in which the tests run
    w.shop.save(update_fields=["remind_from", "remind_until"])
    w.person = save_member(customer=w.customer, name=f"{name} Ravi", limit=Decimal(200))
    paid = take_payment(Act(w.shop, w.customer, w.clerk, note=f"{name} note"), amount=Decimal(20), method="upi", reference=name[:40])
    w.entry_no = paid.number
    w.dispute = dispute(customer=w.customer, number=1, words=f"{name} words")
    give_link(customer=w.customer)
    KhataReminder.objects.create(
        shop=w.shop, customer=w.customer, way="sms", amount=Decimal(20), by=w.owner, at=timezone.now() - timedelta(days=30)
    )


def _add_prices(w: SimpleNamespace, name: str) -> None:
    """A price list with a price, a slab for everybody, an offer on the product, and a set that it is in."""
    w.price_list = save_price_list(shop=w.shop, name=f"{name} List"[:40])
    for price_list, least in ((w.price_list, 12), (None, 6)):
        set_prices(by=w.owner, product=w.product, price_list=price_list, steps=[(Decimal(least), Decimal(50))])
    day = shop_today()
    details = OfferDetails(f"{name} Offer", "percent", day, percent=Decimal(5), product=w.product)
    w.offer = save_offer(shop=w.shop, by=w.owner, details=details)
    parts = [(w.product, Decimal(3))]
    save_offer(shop=w.shop, by=w.owner, details=OfferDetails(f"{name} Set", "combo", day, price=Decimal(140), parts=parts))


def _add_purchases(w: SimpleNamespace, name: str) -> None:
    """A supplier, a bill of theirs, of which everything is still there, and a draft of an order."""
    details = SupplierDetails(name, address=f"{name} Yard", gstin=factories.GSTIN, note=name)
    w.supplier = save_supplier(shop=w.shop, details=details)
    lines = [ReceivedLine(w.product, Decimal(10), Decimal(40), batch=name[:40])]
    paper = PaperBill(w.supplier, name[:32], shop_today())
    w.receipt = receive_goods(shop=w.shop, by=w.owner, paper=paper, lines=lines, note=name)
    w.order = save_order(shop=w.shop, by=w.owner, supplier=w.supplier, lines=[OrderedLine(w.product, Decimal(2))], note=name)
    _add_bill_file(w, name)


def _add_drawer(w: SimpleNamespace, name: str) -> None:
    """A day that is closed, and a shift of today that is open, out of whose drawer something was paid."""
    w.z = close_day(shop=w.shop, day=shop_today() - timedelta(days=2), by=w.owner)
    till = w.shop.counters.get(code="S1")
    w.shift = open_shift(shop=w.shop, counter=till, cashier=w.owner, count=Count(Decimal(2000), {500: 4}))
    move_cash(shop=w.shop, by=w.owner, counter=till, reason="other_out", amount=Decimal(5), words=name)


def _add_packing(w: SimpleNamespace, name: str) -> None:
    """A sack of which some packets were made, and how."""
    w.sack = factories.make_product(w.shop, f"{name} Sack", price="2400", mrp=None, cost="2000", unit="bag", stock=4)
    w.packet = factories.make_product(w.shop, f"{name} Packet", price="50", mrp="52", cost="40")
    taken, made = [Taken(w.sack, Decimal(1))], [Made(w.packet, Decimal(50), batch=name[:40])]
    parts = [Part("taken", w.sack, Decimal(1)), Part("made", w.packet, Decimal(50))]
    w.recipe = save_recipe(shop=w.shop, by=w.owner, name=name[:60], kind="break", parts=parts, note=name)
    w.repack = repack_goods(shop=w.shop, by=w.owner, taken=taken, made=made, recipe=w.recipe, note=name)


def _add_bill_file(w: SimpleNamespace, name: str) -> None:
    """A supplier's file whose columns are said, with an item that is none of the goods yet."""
    text = f"Invoice No: {name[:8]}\nCode,Item,Qty,Rate,Expiry\nX1,{name.replace(chr(34), '')},2,40,Dec-31\n"
    w.bill_file = take_in_bill(shop=w.shop, by=w.owner, supplier=w.supplier, filename=f"{name}.csv", content=text.encode())
    set_columns(file=w.bill_file, by=w.owner, mapping={"code": 0, "name": 1, "quantity": 2, "rate": 3, "expiry": 4})


def _add_stock_takes(w: SimpleNamespace, name: str) -> None:
    """A stock take at work, and one whose counting has ended."""
    w.take, w.counted = (open_stock_take(shop=w.shop, by=w.owner, name=name[:60], category=w.category) for _ in "ab")
    w.entry, _ = (count_goods(take=take, by=w.owner, product=w.product, counted=Decimal(40)) for take in (w.take, w.counted))
    finish_counting(take=w.counted)


def _add_bank_files(w: SimpleNamespace, name: str) -> None:
    """A bank's file on its way in, and one that was taken in: a line that may be a claim, one that is one, and one set aside."""
    said = name.replace(chr(34), "")
    matched = factories.make_order(w.shop, [(w.product, 1)], cashier=w.clerk, payments=[Tender("upi", None)]).payments.get()
    day = f"{shop_today():%d/%m/%Y}"
    rows = [f"{day},{w.claim.amount},1.00,{said},{said} one", f"{day},{matched.amount},0,{said}2,{said}", f"{day},7,0,{said}3,{said}"]
    content = "\n".join(["Date,Amount,MDR,RRN,Description", *rows]).encode()
    w.bank_file, taken = (bring_in(shop=w.shop, by=w.owner, filename=f"{name}.csv", content=content) for _ in "ab")
    for file in (w.bank_file, taken):
        mapping = {"date": 0, "amount": 1, "charge": 2, "reference": 3, "text": 4}
        set_bank_columns(file=file, by=w.owner, mapping=mapping, source="bank", account=name)
    w.statement = take_in_bank(file=taken, by=w.owner)
    w.line, w.matched_line, aside = w.statement.lines.order_by("row")
    confirm(shop=w.shop, line_id=w.matched_line.pk, payment_id=matched.pk, by=w.owner)
    set_aside(shop=w.shop, line_id=aside.pk, by=w.owner, reason=f"{name} reason")


def _add_imports(w: SimpleNamespace, name: str) -> None:
    """A list just taken in, and one whose rows are checked; each with a bad row."""
    text = f'Name,Selling price,HSN\n"{name.replace(chr(34), "")} Salt",10,2501\n"{name.replace(chr(34), "")}",x,9\n'
    w.job, w.checked = (take_in(shop=w.shop, by=w.owner, filename=f"{name}.csv", content=text.encode()) for _ in "ab")
    match_columns(job=w.checked, mapping={"name": 0, "price": 1, "hsn": 2})


def identities(world: SimpleNamespace) -> dict[str, str]:
    """Kind → what names the world's thing of that kind in a form."""
    kinds = (
        "till", "category", "member", "product", "lot", "label", "tile", "customer", "bill", "claim", "invitation", "job",
        "price_list", "offer", "seller", "supplier", "receipt", "order", "bill_file",
        "bank_file", "statement", "line", "matched_line", "sack", "packet", "recipe", "repack", "take", "entry", "notice", "note",
    )  # fmt: skip
    keys = {"request key": str(world.bill.request_key), "number": world.bill.bill_number}
    return {kind: str(getattr(world, kind).pk) for kind in kinds} | keys


# --- what must not change -------------------------------------------------------------------------------------
def rows_of_all_tables() -> dict[tuple[str, str], tuple[int, int]]:
    """(table, shop) → how many rows and their sum, over every table of ours; the long GST schedules are only counted."""
    parts = []
    for model in (model for app in APPS for model in apps.get_app_config(app).get_models()):
        table = model._meta.db_table
        shop = "t.shop_id" if any(field.name == "shop" for field in model._meta.fields) else "NULL"
        total = "0" if table.startswith("catalog_gst") else "sum(hashtext(t::text))"
        parts.append(f"SELECT '{table}', {shop}::text, count(*), {total} FROM {table} t GROUP BY 2")  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return {(table, shop): (count, total) for table, shop, count, total in cursor.fetchall()}


def writes_so_far() -> int:
    """Rows of our tables inserted, changed or deleted in this transaction, those taken back again too; it only ever grows."""
    tables = [model._meta.db_table for app in APPS for model in apps.get_app_config(app).get_models()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)", [tables]
        )
        return cursor.fetchone()[0]


def changed_tables(before: dict, after: dict) -> list[str]:
    return sorted({table for table, shop in before.keys() | after.keys() if before.get((table, shop)) != after.get((table, shop))})


@contextmanager
def taken_back(client: Client) -> Iterator[None]:
    """Whatever happens inside is undone, in the database and in the browser. Acts see themselves in no transaction but the test's."""
    cookies = {key: morsel.value for key, morsel in client.cookies.items()}
    savepoint = connection.savepoint()
    try:
        yield
    finally:
        connection.savepoint_rollback(savepoint)
        connection.needs_rollback = False
        client.cookies.clear()
        client.cookies.load(cookies)


# --- what a page asks for -------------------------------------------------------------------------------------
@contextmanager
def names_asked(monkeypatch) -> Iterator[set[str]]:
    """Every name that is looked up in a query or a form meanwhile, so that no field need be listed by hand."""
    names: set[str] = set()

    def listening(method):
        def look_up(self, key, *args, **kwargs):
            if isinstance(key, str):
                names.add(key)
            return method(self, key, *args, **kwargs)

        return look_up

    with monkeypatch.context() as patch:
        for method in ("__getitem__", "__contains__", "getlist"):
            patch.setattr(QueryDict, method, listening(getattr(QueryDict, method)))
        yield names


NOT_SENT, TICKS = ("submit", "button", "file"), ("checkbox", "radio")


class _Forms(HTMLParser):
    """The POST forms of a page: (action, [(name, value)]) with what a browser would send."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        self.select = self.textarea = ""

    def handle_starttag(self, tag, pairs):
        attrs = dict(pairs)
        name = attrs.get("name") or ""
        if tag == "form":
            self.forms.append((attrs.get("action") or attrs.get("hx-post") or "", []))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and (("selected" in attrs) or not self._has(self.select)):
            self._put(self.select, attrs.get("value") or "")
        elif tag == "textarea":
            self.textarea = name
            self._put(name, "")
        elif tag == "input" and attrs.get("type") not in NOT_SENT and (attrs.get("type") not in TICKS or "checked" in attrs):
            self._put(name, attrs.get("value") or "", again=True)

    def handle_data(self, data):
        if self.textarea:
            self._put(self.textarea, data.strip())

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.textarea = ""

    def _has(self, name):
        return bool(self.forms) and any(known == name for known, _ in self.forms[-1][1])

    def _put(self, name, value, again=False):
        if name and self.forms:
            kept = [pair for pair in self.forms[-1][1] if again or pair[0] != name]
            self.forms[-1][1][:] = [*kept, (name, value)]


def form_on(page: bytes, url: str) -> dict[str, list[str]]:
    """What a browser would send from the page's form for `url`, but for the CSRF token."""
    parser = _Forms()
    parser.feed(page.decode())
    found: dict[str, list[str]] = {}
    for action, pairs in parser.forms:
        if action in ("", ".", url):
            for name, value in pairs:
                if name != "csrfmiddlewaretoken":
                    found.setdefault(name, []).append(value)
    return found


def encoded(fields: dict[str, list]) -> bytes:
    return urlencode([(name, value) for name, values in fields.items() for value in values]).encode()


class Turns:
    """All bad values with `make prove`; else they take turns: a fourth of them here, the next fourth at the next place."""

    def __init__(self) -> None:
        self.turn = 0

    def __call__[Values: (dict, list, tuple)](self, values: Values) -> Values:
        if WHOLE:
            return values
        self.turn += 1
        kept = [value for place, value in enumerate(values) if (place + self.turn) % 4 == 0]
        return type(values)((key, values[key]) for key in kept) if isinstance(values, dict) else type(values)(kept)


# --- the judgement --------------------------------------------------------------------------------------------
def values_for(right: str, *, briefly: bool = False, turn: int = 0) -> dict[str, str | bytes]:
    """Bad values for a field rightly filled with `right`: for words what words can do, for all else all; few where nothing is.

    Fields take turns: of what is not in BRIEFLY each field gets every third, its neighbours the others.
    """
    if briefly or not right:
        kinds = BRIEFLY
    else:
        kinds = WORDS if re.search(r"[^\W\d_]{3}", right) else VALUES
    return {kind: VALUES[kind] for place, kind in enumerate(kinds) if kind in BRIEFLY or place % 3 == turn % 3}


def moved(answer) -> bool:
    """True when the answer is another page, as a browser or htmx is told of it."""
    return answer.status_code == 302 or "HX-Redirect" in answer.headers


def has_sentence(answer) -> bool:
    """True when the answer says in a marked place what is wrong, or is no page."""
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return True
    return any(sign in answer.content for sign in SENTENCE)


def faults(answer, *, wrong: Iterable[int] = ()) -> list[str]:
    """What is wrong with an answer by itself."""
    body = answer.getvalue()
    found = []
    if answer.status_code not in ANSWERS or answer.status_code in wrong:
        found.append(f"answered {answer.status_code}")
    if THEIRS.encode() in body:
        found.append("shows another shop's rows")
    if answer.headers.get("Content-Type", "").startswith("text/html") and SCRIPT.encode() in body:
        found.append("shows a script unescaped")
    if answer.status_code == 422 and not has_sentence(answer):
        found.append("refuses without a sentence")
    return found
