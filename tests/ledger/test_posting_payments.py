"""The worked examples of claimed money: what is posted when it is seen, when it never comes, and when the bill is cancelled after."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from ledger import chart
from ledger.errors import LedgerError
from orders.bill import Tender
from orders.models import PaymentEvent
from orders.payments import mark_failed, mark_seen
from orders.services import cancel_order
from tests import factories
from tests.ledger.books import balance, entry_of, moved

D = Decimal
CLEARING = {"upi": "1030", "card": "1035", "bank": "1002"}


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, price="100", mrp="100", stock=500)


def claim(shop, soap, method="upi", customer=None, **extra):
    """The one payment of a bill of ₹100."""
    return factories.make_order(shop, [(soap, 1)], customer=customer, payments=[Tender(method, None)], **extra).payments.get()


def seen(payment, how="soundbox"):
    mark_seen(shop=payment.shop, payment_id=payment.pk, by=payment.by, how=how)
    return payment


def failed(payment, reason="No such UTR"):
    mark_failed(shop=payment.shop, payment_id=payment.pk, by=payment.by, how="statement", reason=reason)
    return payment


def entry_for(payment, kind):
    return payment.shop.journal.filter(source_kind="payment", source_id=payment.events.get(kind=kind).pk).first()


def cancelled(payment):
    order = payment.order
    cancel_order(shop=order.shop, bill_number=order.bill_number, by=order.cashier, reason="Brought back")
    return entry_of(order, "cancelled")


def books_agree():
    connection.check_constraints()
    out = StringIO()
    call_command("check_books", stdout=out)
    return "✗" not in out.getvalue()


def standing(shop, *codes):
    return [balance(shop, code) for code in codes]


# --- seen -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("method", ["upi", "card"])
def test_seen_money_goes_from_clearing_to_the_bank(shop, soap, method):
    payment = seen(claim(shop, soap, method))
    entry = entry_for(payment, "seen")
    assert moved(entry) == {"1002": D("100.00"), CLEARING[method]: D("-100.00")}
    assert entry.narration == f"{payment.get_method_display()} of bill {payment.order.bill_number} seen by the soundbox"
    assert entry.date == payment.events.get().day
    assert books_agree()


def test_a_bank_transfer_is_at_the_bank_already(shop, soap):
    payment = seen(claim(shop, soap, "bank"))
    assert entry_for(payment, "seen") is None
    assert balance(shop, "1002") == D("100.00")
    assert books_agree()


def test_clearing_holds_what_is_not_yet_seen(shop, soap):
    waiting = [claim(shop, soap) for _ in range(3)]
    seen(waiting[0])
    failed(waiting[1])
    assert standing(shop, "1030", "1002", "6220") == [D("100.00"), D("100.00"), D("100.00")]
    assert books_agree()


# --- never came -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("method", CLEARING)
def test_money_that_never_came_is_owed_by_the_bills_customer(shop, soap, method):
    asha = factories.make_customer(shop, credit_limit=D("10.00"))
    payment = failed(claim(shop, soap, method, asha))
    entry = entry_for(payment, "failed")
    assert moved(entry) == {"1004": D("100.00"), CLEARING[method]: D("-100.00")}
    assert entry.narration == f"{payment.get_method_display()} of bill {payment.order.bill_number} never came: No such UTR"
    asha.refresh_from_db()
    assert asha.outstanding == D("100.00"), "above the limit: the goods are gone all the same"
    assert books_agree()


@pytest.mark.parametrize("method", CLEARING)
def test_with_nobody_to_ask_it_is_a_loss(shop, soap, method):
    payment = failed(claim(shop, soap, method))
    assert moved(entry_for(payment, "failed")) == {"6220": D("100.00"), CLEARING[method]: D("-100.00")}
    assert books_agree()


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("method", CLEARING)
def test_money_that_comes_after_all_clears_what_stood_for_it(shop, soap, method, known):
    asha = factories.make_customer(shop) if known else None
    payment = seen(failed(claim(shop, soap, method, asha)), how="statement")
    assert moved(entry_for(payment, "seen")) == {"1002": D("100.00"), "1004" if known else "6220": D("-100.00")}
    assert standing(shop, "1002", "1004", "6220", "1030", "1035") == [D("100.00"), 0, 0, 0, 0]
    assert books_agree()


@pytest.mark.parametrize("method", CLEARING)
def test_a_mistaken_mark_is_taken_back_out_of_the_bank(shop, soap, method):
    payment = failed(seen(claim(shop, soap, method)))
    assert moved(entry_for(payment, "failed")) == {"6220": D("100.00"), "1002": D("-100.00")}
    assert standing(shop, "1002", "6220", "1030", "1035") == [0, D("100.00"), 0, 0]
    assert books_agree()


# --- then cancelled ---------------------------------------------------------------------------------------------
MONEY = ("1001", "1002", "1004", "1030", "1035", "6220")
STORIES = {"claimed": (), "seen": (seen,), "failed": (failed,), "failed, then seen": (failed, seen), "seen, then failed": (seen, failed)}


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("method", CLEARING)
@pytest.mark.parametrize("story", STORIES)
def test_a_cancelled_bill_gives_the_money_back_from_where_it_is(shop, soap, story, method, known):
    asha = factories.make_customer(shop) if known else None
    payment = claim(shop, soap, method, asha)
    for act in STORIES[story]:
        act(payment)
    holds = next(code for code in MONEY if balance(shop, code))
    entry = cancelled(payment)
    assert {code: net for code, net in moved(entry).items() if code in MONEY} == {holds: D("-100.00")}
    assert entry.reverses == entry_of(payment.order)
    assert standing(shop, *MONEY) == [0] * len(MONEY)
    assert books_agree()


def test_each_part_of_a_split_goes_back_from_its_own_place(shop, soap):
    asha = factories.make_customer(shop)
    tenders = [Tender("cash", D(10)), Tender("upi", D(20)), Tender("card", D(30)), Tender("bank", D(15)), Tender("khata", D(25))]
    order = factories.make_order(shop, [(soap, 1)], customer=asha, payments=tenders)
    of = {p.method: p for p in order.payments.all()}
    seen(of["upi"])
    failed(of["card"])
    cancelled(of["upi"])
    assert {code: net for code, net in moved(entry_of(order, "cancelled")).items() if code in MONEY} == {
        "1001": D("-10.00"),
        "1002": D("-35.00"),
        "1004": D("-55.00"),
    }
    asha.refresh_from_db()
    assert asha.outstanding == 0
    assert books_agree()


# --- once, or not at all ----------------------------------------------------------------------------------------
def test_saying_it_twice_posts_once(shop, soap):
    payment = claim(shop, soap)
    for _ in range(3):
        seen(payment)
    assert shop.journal.filter(source_kind="payment").count() == 1
    assert balance(shop, "1002") == D("100.00")


def test_a_failed_posting_leaves_the_claim_as_it_was(shop, soap):
    payment = claim(shop, soap)
    shop.accounts.filter(code=chart.BANK).update(code="1999")
    with pytest.raises(LedgerError):
        seen(payment)
    payment.refresh_from_db()
    assert payment.state == "claimed"
    assert not PaymentEvent.objects.exists()


def test_posting_takes_the_same_few_questions_for_any_bill(shop, django_assert_max_num_queries):
    goods = [factories.make_product(shop, f"Soap {n}", stock=10) for n in range(20)]
    payment = factories.make_order(shop, [(g, 1) for g in goods], payments=[Tender("upi", None)]).payments.get()
    with django_assert_max_num_queries(10):  # savepoint and its end, lock timeout, the open day, 3 to lock and read, the event, the entry
        seen(payment)
