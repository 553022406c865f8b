"""Khata entries: numbered, chained, never edited; what was paid meets what is owed."""

from __future__ import annotations

import hashlib
from datetime import UTC
from decimal import Decimal
from uuid import uuid4

import pgtrigger
import pytest
from django.db import IntegrityError, connection, transaction

from ledger.checks import run
from ledger.models import Posting
from orders.bill import Tender
from orders.errors import OrderError
from orders.khata import acts
from orders.khata.acts import Act
from orders.khata.entries import Share
from orders.models import KhataEntry
from orders.payments import mark_failed, mark_seen
from orders.services import cancel_order
from tests import factories

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, "Soap", price="50", mrp="55", stock=1000)


@pytest.fixture
def asha(shop):
    return factories.make_customer(shop, "Asha")


def on_khata(shop, customer, soap, count, **more):
    return factories.make_order(shop, [(soap, count)], customer=customer, payments=[Tender("khata", None)], **more)


def act(shop, customer, **more):
    return Act(shop, customer, shop.owner, key=uuid4(), **more)


def written(customer):
    return [(e.number, e.kind, e.amount, e.balance, e.open) for e in customer.entries.order_by("number")]


def books_hold(shop):
    broken = {rule.name: found for rule, found in run([shop.pk]) if found}
    assert not broken


def code_of(entry: KhataEntry, before: str) -> str:
    """The recipe of docs/khata.md, written a second time."""
    facts = [
        "khata 1", entry.shop_id, entry.customer_id, entry.number, entry.kind, f"{entry.amount:.2f}", f"{entry.balance:.2f}",
        entry.day.isoformat(), entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f"), entry.member_id or "", entry.order_id or "",
        entry.payment_id or "", entry.reverses_id or "", entry.by_id, entry.receipt, entry.note, before,
    ]  # fmt: skip
    return hashlib.sha256("|".join(map(str, facts)).encode()).hexdigest()


def test_a_bill_on_khata_is_an_entry_and_a_payment_meets_the_oldest_bill_first(shop, soap, asha):
    on_khata(shop, asha, soap, 2)
    on_khata(shop, asha, soap, 1)
    entry = acts.take_payment(act(shop, asha), amount=D("120"), method="cash")
    assert written(asha) == [
        (1, "sale", D("100.00"), D("100.00"), D("0.00")),
        (2, "sale", D("50.00"), D("150.00"), D("30.00")),
        (3, "payment", D("-120.00"), D("30.00"), D("0.00")),
    ]
    assert entry.receipt.startswith("KR/")
    asha.refresh_from_db()
    assert asha.outstanding == D("30.00")
    books_hold(shop)


def test_a_payment_goes_where_it_was_meant_and_the_rest_to_the_oldest(shop, soap, asha):
    on_khata(shop, asha, soap, 2)
    newer = on_khata(shop, asha, soap, 1)
    share = Share(newer.khata_entries.get().pk, D("50"))
    acts.take_payment(act(shop, asha), amount=D("70"), method="cash", shares=[share])
    assert [row[4] for row in written(asha)] == [D("80.00"), D("0.00"), D("0.00")]
    books_hold(shop)


def test_what_is_paid_too_much_is_kept_and_the_next_bill_uses_it_up(shop, soap, asha):
    acts.take_payment(act(shop, asha), amount=D("80"), method="cash")
    on_khata(shop, asha, soap, 2)
    assert [row[3:] for row in written(asha)] == [(D("-80.00"), D("0.00")), (D("20.00"), D("20.00"))]
    books_hold(shop)


def test_what_is_let_off_stands_as_an_entry_of_its_own(shop, soap, asha):
    on_khata(shop, asha, soap, 2)
    acts.take_payment(act(shop, asha), amount=D("95"), method="cash", discount=D("5"))
    assert [row[1] for row in written(asha)] == ["sale", "payment", "discount"]
    assert Posting.objects.get(account__code="6200", shop=shop).debit == D("5.00")
    books_hold(shop)


def test_no_more_than_what_is_owed_is_let_off(shop, soap, asha):
    on_khata(shop, asha, soap, 1)
    with pytest.raises(OrderError, match="50"):
        acts.take_payment(act(shop, asha), amount=D("45"), method="cash", discount=D("6"))
    assert asha.entries.count() == 1


def test_a_cancelled_bill_frees_what_had_paid_it(shop, soap, asha):
    first = on_khata(shop, asha, soap, 2)
    on_khata(shop, asha, soap, 1)
    acts.take_payment(act(shop, asha), amount=D("100"), method="cash")
    cancel_order(shop=shop, bill_number=first.bill_number, by=shop.owner, reason="wrong person")
    assert [(row[1], row[4]) for row in written(asha)] == [
        ("sale", D("0.00")), ("sale", D("0.00")), ("payment", D("-50.00")), ("cancelled", D("0.00")),
    ]  # fmt: skip
    books_hold(shop)


def test_upi_for_a_khata_that_never_came_is_owed_again_and_meets_itself_when_it_comes_after_all(shop, soap, asha):
    on_khata(shop, asha, soap, 2)
    entry = acts.take_payment(act(shop, asha), amount=D("100"), method="upi", reference="612345678901")
    say = {"shop": shop, "payment_id": entry.payment_id, "by": shop.owner, "how": "owner"}
    mark_failed(reason="not in the bank's app", **say)
    asha.refresh_from_db()
    assert asha.outstanding == D("100.00")
    mark_seen(**say)
    assert [(row[1], row[4]) for row in written(asha)] == [
        ("sale", D("0.00")), ("payment", D("0.00")), ("claim_failed", D("0.00")), ("claim_came", D("0.00")),
    ]  # fmt: skip
    books_hold(shop)


def test_upi_of_a_bill_that_never_came_stands_in_the_khata_of_its_customer_until_the_bill_is_cancelled(shop, soap, asha):
    bill = factories.make_order(shop, [(soap, 2)], customer=asha, payments=[Tender("upi", D("60")), Tender("khata", None)])
    mark_failed(shop=shop, payment_id=bill.payments.get(method="upi").pk, by=shop.owner, how="owner", reason="fake screen")
    cancel_order(shop=shop, bill_number=bill.bill_number, by=shop.owner, reason="goods brought back")
    assert [(row[1], row[2], row[4]) for row in written(asha)] == [
        ("sale", D("40.00"), D("0.00")), ("claim_failed", D("60.00"), D("0.00")), ("cancelled", D("-100.00"), D("0.00")),
    ]  # fmt: skip
    books_hold(shop)


def test_a_wrong_entry_is_reversed_with_a_reason_and_its_money_goes_back_from_where_it_is(shop, soap, asha):
    on_khata(shop, asha, soap, 2)
    entry = acts.take_payment(act(shop, asha), amount=D("100"), method="upi")
    mark_seen(shop=shop, payment_id=entry.payment_id, by=shop.owner, how="owner")
    back = acts.reverse_entry(act(shop, asha, note="another Asha paid"), number=entry.number)
    assert (back.amount, back.reverses_id) == (D("100.00"), entry.pk)
    assert [row[4] for row in written(asha)] == [D("100.00"), D("0.00"), D("0.00")]
    bank = Posting.objects.filter(shop=shop, account__code="1002")
    assert [(p.debit, p.credit) for p in bank.order_by("id")] == [(D("100.00"), D("0.00")), (D("0.00"), D("100.00"))]
    assert acts.reverse_entry(act(shop, asha, note="again"), number=entry.number) == back
    books_hold(shop)


@pytest.mark.parametrize(("number", "note", "code"), [(1, "", "no_reason"), (1, "oops", "not_reversible"), (9, "oops", "unknown_entry")])
def test_what_cannot_be_reversed_is_said(shop, soap, asha, number, note, code):
    on_khata(shop, asha, soap, 2)
    with pytest.raises(OrderError) as refused:
        acts.reverse_entry(act(shop, asha, note=note), number=number)
    assert refused.value.code == code


def test_what_was_given_what_was_owed_before_and_what_is_given_up_are_entries_with_their_accounts(shop, asha):
    acts.enter_opening_balance(act(shop, asha), amount=D("500"))
    acts.give(act(shop, asha, note="for the school fee"), amount=D("200"), method="cash")
    acts.write_off(act(shop, asha, note="moved away"), amount=D("700"))
    assert [row[3] for row in written(asha)] == [D("500.00"), D("700.00"), D("0.00")]
    net = {c: d - k for c, d, k in Posting.objects.filter(shop=shop).values_list("account__code", "debit", "credit") if c != "1004"}
    assert net == {"3090": D("-500.00"), "1001": D("-200.00"), "6210": D("700.00")}
    books_hold(shop)


def test_the_opening_balance_is_written_once(shop, asha):
    acts.enter_opening_balance(act(shop, asha), amount=D("500"))
    with pytest.raises(OrderError) as refused:
        acts.enter_opening_balance(act(shop, asha), amount=D("500"))
    assert refused.value.code == "balance_there"


def test_a_wrong_opening_balance_is_taken_back_and_written_anew(shop, asha):
    acts.enter_opening_balance(act(shop, asha), amount=D("500"))
    acts.reverse_entry(act(shop, asha, note="read the wrong line"), number=1)
    acts.enter_opening_balance(act(shop, asha), amount=D("50"))
    assert [row[3] for row in written(asha)] == [D("500.00"), D("0.00"), D("50.00")]
    books_hold(shop)


def test_a_claim_that_failed_and_came_is_not_said_to_fail_again(shop, soap, asha):
    bill = factories.make_order(shop, [(soap, 1)], customer=asha, payments=[Tender("upi", None)])
    say = {"shop": shop, "payment_id": bill.payments.get().pk, "by": shop.owner, "how": "owner"}
    mark_failed(reason="not there", **say)
    mark_seen(**say)
    with pytest.raises(OrderError) as refused:
        mark_failed(reason="not there", **say)
    assert refused.value.code == "said_before"


def test_giving_stops_at_the_limit(shop, asha):
    asha.credit_limit = D("100")
    asha.save()
    with pytest.raises(OrderError, match="limit"):
        acts.give(act(shop, asha), amount=D("100.01"), method="cash")
    acts.give(act(shop, asha), amount=D("100"), method="cash")


def test_a_second_press_writes_nothing(shop, soap, asha):
    on_khata(shop, asha, soap, 2)
    once = act(shop, asha)
    first = acts.take_payment(once, amount=D("30"), method="cash")
    assert acts.take_payment(once, amount=D("30"), method="cash") == first
    assert asha.entries.count() == 2


def test_the_check_code_is_the_documented_sum_over_the_facts_and_the_code_before(shop, soap, asha):
    on_khata(shop, asha, soap, 2)
    acts.take_payment(act(shop, asha, note="पैसे मिले"), amount=D("120.50"), method="cash")
    before = ""
    for entry in asha.entries.order_by("number"):
        assert entry.code == code_of(entry, before)
        before = entry.code
    asha.refresh_from_db()
    assert (asha.khata_number, asha.khata_balance, asha.khata_code) == (2, D("-20.50"), before)


@pytest.mark.parametrize(
    "change", ["UPDATE orders_khataentry SET amount = 1", "DELETE FROM orders_khataentry", "UPDATE orders_customer SET khata_balance = 0"]
)
def test_the_database_refuses_to_change_what_was_written(shop, soap, asha, change):
    on_khata(shop, asha, soap, 2)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_an_entry_without_its_posting_is_refused_at_the_end_of_the_act(shop, asha):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_khataentry (shop_id, customer_id, number, kind, amount, balance, open, day, since, receipt, note, code,"
            " by_id, at) VALUES (%s, %s, 0, 'opening', 5, 0, 0, '2026-01-01', '2026-01-01', '', '', '', %s, now())",
            [shop.pk, asha.pk, shop.owner.pk],
        )
    with pytest.raises(IntegrityError, match="differ"), transaction.atomic():
        connection.check_constraints()
    with pgtrigger.ignore("orders.Customer:khata_agrees"):
        connection.check_constraints()
