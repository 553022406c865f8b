"""Shops with at least one row in every table that the admin shows, for the tests of the admin."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django_q.models import OrmQ, Task
from django_q.signing import SignedPackage
from django_q.tasks import schedule

from catalog.labels.presets import preset
from catalog.labels.services import add_format
from catalog.models import ImportJob
from catalog.offers.services import OfferDetails, save_offer
from catalog.prices.services import save_price_list, set_prices
from catalog.tiles.services import add_tile
from inventory.bill_files.acts import Choice, choose_goods, set_columns, take_in
from inventory.bill_files.entry import at_hand
from inventory.counting import ask_recount, count_goods, open_stock_take
from inventory.expiry import NewPrice, mark_down
from inventory.ordering import OrderedLine, save_order
from inventory.pace import fresh_pace
from inventory.purchase_returns import Returned, return_to_supplier
from inventory.receiving import PaperBill, ReceivedLine, receive_goods
from inventory.recipes import Part, save_recipe
from inventory.services import adjust_stock
from inventory.suppliers import SupplierDetails, pay_supplier, save_supplier
from ledger.bank_acts import confirm
from ledger.bank_files.acts import bring_in
from ledger.bank_files.acts import set_columns as set_bank_columns
from ledger.bank_files.acts import take_in as take_in_bank
from ledger.closing import close_day
from orders.approvals import approve
from orders.bill import Tender
from orders.khata.acts import Act, take_payment
from orders.khata.people import dispute, save_member
from orders.models import BillPrint, KhataReminder
from orders.payments import mark_failed, mark_seen
from orders.return_plan import BackLine
from orders.returning import take_back
from orders.services import cancel_order
from orders.shifts import Count, close_shift, move_cash, open_shift
from shops.api.keys import make_key
from shops.code_models import GOOD_FOR, SignInCode
from shops.limits import Limits, change_limits
from shops.models import ApiAnswer, Notice, Role, Shop, User
from shops.rates import count_try
from shops.services import invite
from shops.webhooks import change_webhook, make_webhook, tell
from smartkirana.dates import shop_today
from tests import factories
from tests.inventory.packing import make_packet, make_sack, pack
from tests.passkeys import make_passkey

APPS = {"shops", "catalog", "inventory", "orders", "ledger"}


def make_world(name: str, slug: str = "") -> Shop:
    """A shop all of whose texts hold `name`, with goods, stock, a khata bill, a cancelled bill, and people."""
    owner = factories.make_user(f"{name} Owner")
    shop = factories.make_shop(f"{name} Kirana", owner=owner, slug=slug or f"{name.lower()}-kirana")
    clerk = factories.make_member(shop, Role.STAFF, factories.make_user(f"{name} Clerk"))
    shop.counters.update(name=f"{name} Till")
    shelf = shop.categories.create(name=f"{name} Shelf")
    soap = add_product(shop, 1, category=shelf)
    add_tile(shop=shop, product=soap)
    add_format(shop=shop, **preset("grams").fields() | {"name": f"{name} scale"})
    soap.price, soap.changed_by = Decimal("51.00"), owner
    soap.save(update_fields=["price", "changed_by"])
    adjust_stock(shop=shop, by=clerk, product=soap, reason="damage", change=Decimal(-1), note=f"{name} note")
    buy_and_pay(shop, soap, f"{name} Agencies")
    count_twice(shop, soap, name)
    hotels = add_prices(shop, soap, name)
    customer = factories.make_customer(shop, f"{name} Asha", price_list=hotels)
    bill = factories.make_order(shop, [(soap, 2)], cashier=clerk, customer=customer, payments=[Tender("khata", None)])
    save_member(customer=customer, name=f"{name} Ravi", limit=None)
    take_payment(Act(shop, customer, clerk, note=f"{name} note"), amount=Decimal(20), method="cash")
    dispute(customer=customer, number=1, words=f"{name} words")
    KhataReminder.objects.create(shop=shop, customer=customer, way="sms", amount=Decimal(20), by=owner)
    BillPrint.objects.create(shop=shop, order=bill, paper="r80", copy_no=1, by=clerk)
    claimed = factories.make_order(shop, [(soap, 1)], cashier=clerk, payments=[Tender("upi", None, reference=f"{name} UTR")])
    mark_failed(shop=shop, payment_id=claimed.payments.get().pk, by=clerk, how="owner", reason=f"{name} reason")
    add_bank_files(shop, soap, name)
    add_counter_facts(shop, clerk, name)
    spoilt = factories.make_order(shop, [(soap, 1)], cashier=clerk)
    cancel_order(shop=shop, bill_number=spoilt.bill_number, by=owner, reason=f"{name} reason")
    bring_back(shop, soap, clerk, name)
    ImportJob.objects.create(shop=shop, by=owner, filename=f"{name}.csv", content=b"name,price")
    invite(shop=shop, by=owner, name=f"{name} Guest", phone=factories.make_user().phone.as_e164, role=Role.STAFF)
    pack_some(shop, name)
    mark_down(shop=shop, by=owner, prices=[NewPrice(soap.lots.earliest("pk").pk, Decimal("45.00"))])
    fresh_pace(shop)
    Notice.objects.create(shop=shop, kind="stock", day=shop_today(), title=f"{name} notice")
    count_the_drawer(shop, name, close=60)
    add_code(shop, clerk)
    add_programs(shop, name)
    return shop


def add_code(shop: Shop, user: User) -> None:
    """A code that somebody asked for by the shop's API."""
    now = timezone.now()
    SignInCode.objects.create(shop=shop, phone=user.phone, purpose="sign_in", made_at=now, expires_at=now + GOOD_FOR)


def add_programs(shop: Shop, name: str) -> None:
    """A key, an answer by Idempotency-Key and a count; a webhook that is off, and a message to it."""
    owner = factories.owner_of(shop)
    make_key(shop=shop, by=owner, name=f"{name} program", scopes=["see_goods"])
    ApiAnswer.objects.create(shop=shop, user=owner, key=uuid4(), asked=name, status=200, body=name)
    count_try(f"{name} {uuid4()}", 60, 5)
    hook, _ = make_webhook(shop=shop, by=owner, url=f"http://127.0.0.1:9/{slugify(name)}", events=["stock.low"])
    tell(shop=Shop.objects.get(pk=shop.pk), kind="stock.low", facts=lambda: {"product_name": f"{name} Soap"})
    change_webhook(webhook=hook, url=hook.url, events=hook.events, active=False)


def bring_back(shop: Shop, soap, clerk: User, name: str) -> None:
    """Goods of a bill that came back for money."""
    bill = factories.make_order(shop, [(soap, 2)], cashier=clerk)
    take_back(
        shop=shop, counter=shop.counters.first(), by=clerk, bill_number=bill.bill_number, lines=[BackLine(1, Decimal(1))], how="cash",
        request_key=uuid4(), reason=f"{name} reason",
    )  # fmt: skip


def count_the_drawer(shop: Shop, name: str, close: int) -> None:
    """A shift in which something was taken out, and the day `close` days ago closed."""
    owner = factories.owner_of(shop)
    till = shop.counters.first()
    shift = open_shift(shop=shop, counter=till, cashier=owner, count=Count(Decimal(500)), reason=f"{name} reason")
    move_cash(shop=shop, by=owner, counter=till, reason="other_out", amount=Decimal(5), words=f"{name} words")
    close_shift(shop=shop, shift=shift, by=owner, count=Count(Decimal(495)))
    close_day(shop=shop, day=shop_today() - timedelta(days=close), by=owner)


def add_counter_facts(shop: Shop, clerk: User, name: str) -> None:
    """A PIN of the clerk's manager, rules of the counter, an approval, and with them entries of the log."""
    place = factories.make_seller(shop, Role.MANAGER, f"{name} Manager")
    change_limits(shop=shop, role=Role.STAFF, by=place.user, limits=Limits(Decimal(3)))
    approve(
        shop=shop, counter=shop.counters.first(), request_key=uuid4(), asked_by=clerk, approver=place, pin=factories.PIN,
        percent=Decimal(9), reason=f"{name} reason", client_id=uuid4(),
    )  # fmt: skip


def buy_and_pay(shop: Shop, soap, name: str) -> None:
    """A supplier, a bill of theirs, of which some went back, and a payment for it."""
    owner = shop.memberships.filter(role=Role.OWNER).earliest("pk").user
    supplier = save_supplier(shop=shop, details=SupplierDetails(name))
    lines = [ReceivedLine(soap, Decimal(5), Decimal(40))]
    receipt = receive_goods(shop=shop, by=owner, paper=PaperBill(supplier, f"{name} 1"[:32], shop_today()), lines=lines)
    return_to_supplier(shop=shop, by=owner, receipt=receipt, returned=[Returned(receipt.lines.get().pk, Decimal(1))])
    save_order(shop=shop, by=owner, supplier=supplier, lines=[OrderedLine(soap, Decimal(2))], note=f"{name} note")
    pay_supplier(shop=shop, by=owner, supplier=supplier, amount=Decimal(60), method="cash", reference=f"{name} ref"[:40])
    add_bill_file(shop, supplier, soap, name)


def add_bill_file(shop: Shop, supplier, soap, name: str) -> None:
    """A supplier's file whose columns are said, and an item of it that is known."""
    content = f"Item,Qty,Rate\n{name} Soap,1,40\n".encode()
    file = take_in(shop=shop, by=shop.owner, supplier=supplier, filename=f"{name}.csv", content=content)
    set_columns(file=file, by=shop.owner, mapping={"name": 0, "quantity": 1, "rate": 2})
    open_items = {one.first.line: one for one in at_hand(file).open_items}
    choose_goods(file=file, by=shop.owner, chosen=dict.fromkeys(open_items, Choice(soap)), open_items=open_items)


def add_bank_files(shop: Shop, soap, name: str) -> None:
    """A bank's file on its way in, and one taken in of which a line is matched."""
    payment = factories.make_order(shop, [(soap, 1)], payments=[Tender("upi", None)]).payments.get()
    content = f"Date,Amount,RRN\n{shop_today():%d/%m/%Y},{payment.amount},{name} 1\n".encode()
    files = [bring_in(shop=shop, by=shop.owner, filename=f"{name} {n}.csv", content=content) for n in "ab"]
    mapping = {"date": 0, "amount": 1, "reference": 2}
    set_bank_columns(file=files[1], by=shop.owner, mapping=mapping, source="bank", account=f"{name} bank")
    statement = take_in_bank(file=files[1], by=shop.owner)
    confirm(shop=shop, line_id=statement.lines.get().pk, payment_id=payment.pk, by=shop.owner)


def pack_some(shop: Shop, name: str) -> None:
    """A recipe, and a sack packed by it."""
    owner = shop.memberships.filter(role=Role.OWNER).earliest("pk").user
    sack, packet = make_sack(shop, f"{name} Sack"), make_packet(shop, f"{name} Packet")
    parts = [Part("taken", sack, Decimal(1)), Part("made", packet, Decimal(50))]
    recipe = save_recipe(shop=shop, by=owner, name=f"{name} packets", kind="break", parts=parts, note=f"{name} note")
    pack(shop, [(sack, 1)], [(packet, 49)], recipe=recipe, note=f"{name} note")


def count_twice(shop: Shop, soap, name: str) -> None:
    """A stock take in which the product was counted, and is to be counted again."""
    owner = shop.memberships.filter(role=Role.OWNER).earliest("pk").user
    take = open_stock_take(shop=shop, by=owner, name=name)
    count_goods(take=take, by=owner, product=soap, counted=Decimal(40))
    ask_recount(take=take, by=owner, product_ids=[soap.pk])


def add_prices(shop: Shop, soap, name: str):
    """A price list with the product on it, and a set of it on offer."""
    owner = shop.memberships.filter(role=Role.OWNER).earliest("pk").user
    hotels = save_price_list(shop=shop, name=f"{name} Hotels")
    set_prices(by=owner, product=soap, price_list=hotels, steps=[(Decimal(6), Decimal("45.00"))])
    details = OfferDetails(f"{name} Set", "combo", shop_today(), price=Decimal(90), parts=[(soap, Decimal(2))])
    save_offer(shop=shop, by=owner, details=details)
    return hotels


def add_product(shop: Shop, number: int, **fields):
    name = shop.name.split()[0]
    code = f"{name.upper()}-{shop.pk}-{number}"
    return factories.make_product(shop, f"{name} Soap {number}", stock=50, barcodes=[(code, Decimal(1))], **fields)


def widen(shop: Shop, times: int) -> None:
    """`times` more rows in the tables that grow, each with relations of its own."""
    name = shop.name.split()[0]
    for number in range(2, times + 2):
        soap = add_product(shop, number, category=shop.categories.create(name=f"{name} Shelf {number}"))
        add_tile(shop=shop, product=soap)
        soap.price = Decimal("50.00")
        soap.save(update_fields=["price"])
        clerk = factories.make_member(shop, Role.STAFF, factories.make_user(f"{name} Clerk {number}"))
        adjust_stock(shop=shop, by=clerk, product=soap, reason="loss", change=Decimal(-1))
        buy_and_pay(shop, soap, f"{name} Agencies {number}")
        count_twice(shop, soap, f"{name} Count {number}")
        hotels = add_prices(shop, soap, f"{name} {number}")
        customer = factories.make_customer(shop, f"{name} Asha {number}", price_list=hotels)
        bill = factories.make_order(shop, [(soap, 1)], cashier=clerk, customer=customer, payments=[Tender("khata", None)])
        BillPrint.objects.create(shop=shop, order=bill, paper="r80", copy_no=1, by=clerk)
        bring_back(shop, soap, clerk, name)
        claim = factories.make_order(shop, [(soap, 1)], cashier=clerk, payments=[Tender("card", None)]).payments.get()
        mark_seen(shop=shop, payment_id=claim.pk, by=clerk, how="cashier")
        add_bank_files(shop, soap, f"{name} {number}")
        ImportJob.objects.create(shop=shop, by=clerk, filename=f"{name}-{number}.csv", content=b"name,price")
        invite(shop=shop, by=clerk, name=f"{name} Guest {number}", phone=factories.make_user().phone.as_e164, role=Role.STAFF)
        UserSession.objects.create(user=clerk, ip="127.0.0.1", session_key=uuid4().hex, user_agent="Chrome on Windows")
        Notice.objects.create(shop=shop, kind="stock", day=shop_today() - timedelta(days=number), title=f"{name} notice")
        count_the_drawer(shop, f"{name} {number}", close=60 - number)
        add_code(shop, clerk)
        if number % 3 == 0:  # a shop has so many webhooks at most
            add_programs(shop, f"{name} {number}")


def widen_counter_facts(shop: Shop, clerk: User) -> None:
    place = factories.make_seller(shop, Role.MANAGER)
    approve(
        shop=shop, counter=shop.counters.first(), request_key=uuid4(), asked_by=clerk, approver=place, pin=factories.PIN,
        rate=True, reason="Price on the shelf", client_id=uuid4(),
    )  # fmt: skip


def make_platform_rows(user: User) -> None:
    """Rows of the tables that belong to the installation."""
    UserSession.objects.create(user=user, ip="127.0.0.1", session_key="0" * 32, user_agent="Firefox")
    make_passkey(user)
    schedule("math.floor", 1.5, name="a schedule")
    now = timezone.now()
    for name, success in (("done", True), ("broken", False)):
        Task.objects.create(id=name, name=name, func="math.floor", args=(1.5,), started=now, stopped=now, result=1, success=success)
    OrmQ.objects.create(key="smartkirana", payload=SignedPackage.dumps({"id": "1", "name": "a task", "func": "math.floor", "args": (1.5,)}))


def make_platform_admin() -> User:
    return factories.make_user("Platform Admin", is_staff=True, is_superuser=True)


def registered() -> list[type[Model]]:
    return sorted(admin.site._registry, key=lambda model: model._meta.label)


def ours() -> list[type[Model]]:
    """The tables of our own apps."""
    return [model for model in registered() if model._meta.app_label in APPS]


def page(model: type[Model], act: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{act}", args=args)


def of_shop(model: type[Model], shop: Shop):
    """The rows of `model` that belong to the shop; None where the table is shared by all."""
    label = model._meta.label
    if label == "shops.Shop":
        return Shop.objects.filter(pk=shop.pk)
    if label == "shops.User":
        return User.objects.filter(memberships__shop=shop)
    return model._default_manager.filter(shop=shop) if any(f.name == "shop" for f in model._meta.fields) else None
