"""`insert_rows` against Django's own bulk_create: the same rows, column by column."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from inventory.models import StockMovement
from orders.models import Order, OrderLine, Payment
from smartkirana.bulk import insert_row, insert_rows
from tests import factories


def values(model, **which) -> list[dict]:
    hidden = {"id", "document_id", "line_no", "at", "reverses_id"}
    return [{k: v for k, v in row.items() if k not in hidden} for row in model.objects.filter(**which).order_by("pk").values()]


@pytest.fixture
def order(shop):
    soap = factories.make_product(shop, "Soap 'n' “साबुन” \\ {x,\"y\"}", stock=10)
    return factories.make_order(shop, [(soap, 3)])


def test_lines_are_the_same_as_djangos(order):
    line = order.lines.get()
    line.local_name, line.mrp, line.batch = "नहाने का साबुन, {दो}", None, 'a"b\\c,NULL'
    copies = []
    for number in (2, 3, 4, 5):
        copy = OrderLine(**{f.attname: getattr(line, f.attname) for f in OrderLine._meta.concrete_fields if f.name != "id"})
        copy.line_no = number
        copies.append(copy)
    insert_rows(copies[:2])
    OrderLine.objects.bulk_create(copies[2:])
    ours, theirs = values(OrderLine, line_no__in=(2, 3)), values(OrderLine, line_no__in=(4, 5))
    assert ours == theirs
    assert ours[0]["mrp"] is None
    assert ours[0]["batch"] == 'a"b\\c,NULL'


def test_movements_and_payments_are_the_same_as_djangos(order, shop):
    movement, payment = order.shop.movements.filter(document="order").get(), order.payments.get()
    for model, row, marks in ((StockMovement, movement, ("document_id", 901, 902)), (Payment, payment, ("reference", "ours", "theirs"))):
        mark, ours, theirs = marks
        copies = []
        for value in (ours, theirs):
            copy = model(**{f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields if f.name != "id"})
            setattr(copy, mark, value)
            copy.at = timezone.now() - timedelta(days=1)
            copies.append(copy)
        insert_rows(copies[:1])
        model.objects.bulk_create(copies[1:])
        first, second = (values(model, **{mark: v})[0] for v in (ours, theirs))
        assert {k: v for k, v in first.items() if k != mark} == {k: v for k, v in second.items() if k != mark}


def test_the_databases_rules_hold(order):
    payment = order.payments.get()
    wrong = Payment(shop=order.shop, order=order, method="cash", amount=Decimal(-1), state="seen", by=payment.by, at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([wrong])


def test_nothing_is_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_rows([])


def test_one_statement_whatever_the_number(order, django_assert_num_queries):
    payment = order.payments.get()
    rows = [
        Payment(
            shop=order.shop,
            order=order,
            method="upi",
            amount=Decimal(n),
            reference=str(uuid4()),
            state="claimed",
            by=payment.by,
            at=payment.at,
        )
        for n in range(1, 40)
    ]
    with django_assert_num_queries(1):
        insert_rows(rows)
    assert order.payments.count() == 40


def test_one_row_is_the_same_as_saved_and_knows_its_id(order):
    copies = []
    for number in ("S1/26-27/900001", "S1/26-27/900002"):
        copy = Order(**{f.attname: getattr(order, f.attname) for f in Order._meta.concrete_fields if f.name != "id"})
        copy.bill_number, copy.number, copy.request_key = number, f"ORD-{number[-4:]}", uuid4()
        copies.append(copy)
    insert_row(copies[0])
    copies[1].save(force_insert=True)
    hidden = {"id", "bill_number", "number", "request_key"}
    ours, theirs = ({k: v for k, v in Order.objects.filter(pk=c.pk).values()[0].items() if k not in hidden} for c in copies)
    assert ours == theirs
    assert not copies[0]._state.adding
