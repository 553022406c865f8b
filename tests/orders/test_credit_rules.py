"""What the database itself refuses of credit notes, whoever writes them."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from orders.models import CreditNote, CreditNoteLine, OrderEvent
from orders.return_plan import BackLine
from orders.returning import take_back
from orders.services import cancel_order
from smartkirana.db_rules import broken_rule
from tests import factories

D = Decimal
pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return factories.make_shop()


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=20)


@pytest.fixture
def note(shop, soap):
    """Two of three pieces came back."""
    bill = factories.make_order(shop, [(soap, 3)])
    return take_back(
        shop=shop, counter=shop.counters.get(), by=shop.owner, bill_number=bill.bill_number, lines=[BackLine(1, D(2))], how="cash",
        request_key=uuid4(),
    )  # fmt: skip


def refused(write) -> str:
    def whole() -> None:
        with transaction.atomic():
            write()
            connection.check_constraints()

    with pytest.raises(IntegrityError) as error:
        whole()
    return broken_rule(error.value)


def another(row, **fields):
    """The same row once more, but for `fields`."""
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    return lambda: type(row).objects.bulk_create([type(row)(**{**values, **fields})])


def test_no_more_than_was_sold(note):
    line = note.lines.get()
    assert refused(another(line, line_no=2)) == "orders_creditnoteline_no_more_than_sold"


def test_no_line_of_another_bill(note, shop, soap):
    other = factories.make_order(shop, [(soap, 9)]).lines.get()
    assert refused(another(note.lines.get(), line_no=2, order_line_id=other.pk)) == "orders_creditnoteline_of_its_bill"


def test_nothing_of_a_cancelled_bill(note, shop, soap):
    gone = factories.make_order(shop, [(soap, 1)])
    cancel_order(shop=shop, bill_number=gone.bill_number, by=shop.owner, reason="wrong")
    again = another(note, order_id=gone.pk, request_key=uuid4(), number="CNS1/2627/00002")
    assert refused(again) == "orders_creditnote_of_a_bill_that_stands"


def test_a_bill_with_returns_is_not_cancelled(note, shop):
    event = {
        "shop": shop,
        "order": note.order,
        "kind": "cancelled",
        "reason": "wrong",
        "day": note.day,
        "by": shop.owner,
        "at": timezone.now(),
    }
    assert refused(lambda: OrderEvent(**event).save()) == "orders_orderevent_nothing_came_back"


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"total": D("1")}, "orders_creditnote_adds_up"),
        ({"taxable": D("1")}, "orders_creditnote_tax_adds_up"),
        ({"cgst": D("1")}, "orders_creditnote_equal_halves"),
        ({"commercial": True}, "orders_creditnote_without_gst"),
        ({"number": "cn 1"}, "orders_creditnote_number_form"),
        ({"number": "CNS1/2627/00001"}, "orders_creditnote_number"),
    ],
)
def test_a_note_adds_up(note, fields, rule):
    assert refused(another(note, **{"request_key": uuid4(), "number": "CNS1/2627/00002", **fields})) == rule


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"quantity": D(0)}, "orders_creditnoteline_quantity_above_zero"),
        ({"quantity": D("0.001"), "gross": D("1")}, "orders_creditnoteline_adds_up"),
        ({"quantity": D("0.001"), "cgst": D("1")}, "orders_creditnoteline_tax_adds_up"),
        ({"quantity": D("0.001"), "line_no": 1}, "orders_creditnoteline_once"),
    ],
)
def test_a_line_adds_up(note, fields, rule):
    assert refused(another(note.lines.get(), **{"line_no": 2, **fields})) == rule


def test_a_note_of_another_shop_is_no_note_of_ours(note):
    other = factories.make_shop("Other")
    assert refused(another(note, shop_id=other.pk, request_key=uuid4())).endswith("same_shop")
    assert CreditNote.objects.count() == 1 == CreditNoteLine.objects.count()


def test_money_given_back_needs_its_note(note):
    refund = note.refunds.get()
    assert refused(another(refund, credit_note_id=None)) == "orders_payment_amount"
    assert refused(another(refund, amount=D(5))) == "orders_payment_amount"
