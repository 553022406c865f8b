"""What is said of a bank's lines: seen by them, taken back, set aside; the books follow, and nothing is done twice."""

from datetime import timedelta
from decimal import Decimal

import pgtrigger
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from ledger.bank_acts import confirm, confirm_sure, set_aside, undo
from ledger.bank_models import BankLine, BankMatch
from ledger.bank_pool import proposal
from ledger.checks import run
from ledger.errors import LedgerError
from orders.bill import Tender
from orders.errors import OrderError
from orders.khata.acts import Act, take_payment
from orders.models import Payment
from orders.payments import mark_failed, mark_seen
from orders.services import cancel_order
from smartkirana.db_rules import broken_rule
from tests import factories
from tests.ledger.bank import confirm_all, paid, row, statement_of
from tests.ledger.books import balance

D = Decimal


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, price="100", mrp="100", stock=500)


def said(act, line, **more):
    return act(shop=line.shop, line_id=line.pk, by=line.statement.by, **more)


def state(payment) -> str:
    return Payment.objects.get(pk=payment.pk).state


def books(shop) -> tuple[Decimal, Decimal, Decimal]:
    """Clearing, bank, charges."""
    return balance(shop, "1030"), balance(shop, "1002"), balance(shop, "6100")


def agree(shop) -> None:
    assert {rule.name: breaches for rule, breaches in run([shop.pk]) if breaches} == {}


def refused(code, act, *args, **more) -> str:
    with pytest.raises((LedgerError, OrderError)) as error:
        act(*args, **more)
    assert error.value.code == code
    return error.value.message


# --- seen by a line -----------------------------------------------------------------------------------------------
def test_a_line_sees_its_claim_and_its_charge_goes_to_6100(shop, soap):
    payment = paid(shop, soap)
    statement = statement_of(shop, [row(payment, charge="2", gst="0.36")])
    assert confirm_all(statement).done == 1
    line = statement.lines.get()
    assert (line.state, line.payment, line.net) == ("matched", payment, D("97.64"))
    event = payment.events.get()
    assert (event.kind, event.how) == ("seen", "statement")
    match = line.matches.get()
    assert (match.kind, match.charge, match.saw, match.sure) == ("matched", D("2.36"), True, True)
    assert books(shop) == (0, D("97.64"), D("2.36"))
    agree(shop)


def test_a_claim_seen_at_the_counter_only_has_its_charge_split_off(shop, soap):
    payment = paid(shop, soap)
    mark_seen(shop=shop, payment_id=payment.pk, by=shop.owner, how="cashier")
    statement = statement_of(shop, [row(payment, charge="2")])
    confirm_all(statement)
    assert (payment.events.count(), statement.lines.get().matches.get().saw) == (1, False)
    assert books(shop) == (0, D(98), D(2))
    agree(shop)


def test_money_that_was_given_up_comes_back_by_its_reference(shop, soap):
    customer = factories.make_customer(shop)
    payment = paid(shop, soap, customer=customer, reference="UTR 557733")
    mark_failed(shop=shop, payment_id=payment.pk, by=shop.owner, how="owner", reason="Not in the app")
    assert balance(shop, "1004") == 100
    confirm_all(statement_of(shop, [row(payment, rrn="634512557733")]))
    assert (state(payment), balance(shop, "1004"), books(shop)) == ("seen", 0, (0, 100, 0))
    agree(shop)


def test_money_for_a_khata_is_seen_as_a_bills_is(shop, soap):
    customer = factories.make_customer(shop)
    factories.make_order(shop, [(soap, 2)], customer=customer, payments=[Tender("khata", None)])
    payment = take_payment(Act(shop, customer, shop.owner), amount=D(150), method="upi").payment
    statement = statement_of(shop, [row(payment, charge="3")])
    confirm_all(statement)
    assert (state(payment), statement.lines.get().payment, books(shop)) == ("seen", payment, (0, 147, 3))
    agree(shop)


def test_saying_it_twice_does_it_once(shop, soap):
    payment = paid(shop, soap)
    line = statement_of(shop, [row(payment, charge="2")]).lines.get()
    for _ in range(2):
        said(confirm, line, payment_id=payment.pk)
    assert (BankMatch.objects.count(), payment.events.count(), books(shop)) == (1, 1, (0, 98, 2))


def test_a_line_sees_one_claim_and_a_claim_one_line(shop, soap):
    one, two = paid(shop, soap), paid(shop, soap)
    lines = list(statement_of(shop, [row(one, rrn="1"), row(two, rrn="2")]).lines.all())
    said(confirm, lines[0], payment_id=one.pk)
    assert "another payment" in refused("other_claim", said, confirm, lines[0], payment_id=two.pk)
    assert "another line" in refused("other_line", said, confirm, lines[1], payment_id=one.pk)
    assert (state(two), BankMatch.objects.count()) == ("claimed", 1)
    agree(shop)


def test_amounts_that_differ_are_refused_and_an_untold_charge_is_split_off(shop, soap):
    payment, less = paid(shop, soap, 2), paid(shop, soap)
    charged, plain = statement_of(shop, [row(less, charge="2"), (row(less)[0], "197.50", "", "", "", "77", "")]).lines.order_by("row")
    refused("amount", said, confirm, charged, payment_id=payment.pk)
    refused("amount", said, confirm, plain, payment_id=less.pk)
    said(confirm, plain, payment_id=payment.pk)
    assert (plain.matches.get().charge, books(shop)) == (D("2.50"), (100, D("197.50"), D("2.50")))
    agree(shop)


def test_cash_cancelled_bills_and_other_shops_are_refused(shop, soap, other_shop):
    cash, gone = factories.make_order(shop, [(soap, 1)]).payments.get(), paid(shop, soap)
    cancel_order(shop=shop, bill_number=gone.order.bill_number, by=shop.owner, reason="Mistake")
    theirs = paid(other_shop, factories.make_product(other_shop, price="100", mrp="100", stock=5))
    line = statement_of(shop, [row(gone)]).lines.get()
    refused("nothing_claimed", said, confirm, line, payment_id=cash.pk)
    refused("cancelled", said, confirm, line, payment_id=gone.pk)
    refused("unknown_payment", said, confirm, line, payment_id=theirs.pk)
    refused("unknown_line", confirm, shop=other_shop, line_id=line.pk, payment_id=theirs.pk, by=shop.owner)
    assert (BankMatch.objects.count(), state(theirs)) == (0, "claimed")


# --- taken back ---------------------------------------------------------------------------------------------------
def test_taking_a_match_back_opens_the_line_and_the_claim_waits_again(shop, soap):
    payment = paid(shop, soap)
    statement = statement_of(shop, [row(payment, charge="2")])
    confirm_all(statement)
    line = said(undo, statement.lines.get(), reason="Somebody else's")
    line.refresh_from_db()
    assert (line.state, line.payment, state(payment), books(shop)) == ("open", None, "claimed", (100, 0, 0))
    assert [(e.was, e.kind, e.note) for e in payment.events.all()] == [("claimed", "seen", ""), ("seen", "claimed", "Somebody else's")]
    agree(shop)
    assert proposal(statement).sure == []  # not proposed again
    said(confirm, line, payment_id=payment.pk)  # but may be said again
    assert (state(payment), books(shop)) == ("seen", (0, 98, 2))
    agree(shop)


def test_what_the_counter_saw_stays_seen_when_the_line_is_taken_back(shop, soap):
    payment = paid(shop, soap)
    mark_seen(shop=shop, payment_id=payment.pk, by=shop.owner, how="soundbox")
    statement = statement_of(shop, [row(payment, charge="2")])
    confirm_all(statement)
    said(undo, statement.lines.get(), reason="Wrong")
    assert (state(payment), books(shop)) == ("seen", (0, 100, 0))
    agree(shop)


def test_a_payment_that_never_came_after_all_frees_its_line(shop, soap):
    payment = paid(shop, soap, customer=factories.make_customer(shop))
    statement = statement_of(shop, [row(payment, charge="2")])
    confirm_all(statement)
    mark_failed(shop=shop, payment_id=payment.pk, by=shop.owner, how="statement", reason="Wrong line")
    line = statement.lines.get()
    assert (line.state, line.payment, line.matches.last().reason) == ("open", None, "Wrong line")
    assert (balance(shop, "1004"), books(shop)) == (100, (0, 0, 0))
    agree(shop)


def test_a_claim_can_fail_come_and_wait_and_fail_again(shop, soap):
    payment = paid(shop, soap, customer=factories.make_customer(shop))
    line = statement_of(shop, [row(payment)]).lines.get()
    for _ in range(2):
        mark_failed(shop=shop, payment_id=payment.pk, by=shop.owner, how="owner", reason="Not there")
        said(confirm, line, payment_id=payment.pk)
        said(undo, line, reason="Not this one")
    assert (state(payment), payment.events.count(), balance(shop, "1004")) == ("claimed", 6, 0)
    agree(shop)


def test_setting_aside_needs_a_reason_posts_nothing_and_can_be_taken_back(shop, soap):
    payment = paid(shop, soap)
    line = statement_of(shop, [row(payment)]).lines.get()
    refused("no_reason", said, set_aside, line, reason=" \u200b ")
    for _ in range(2):
        said(set_aside, line, reason="Own money")
    refused("other_claim", said, confirm, line, payment_id=payment.pk)
    assert (BankMatch.objects.count(), state(payment), books(shop)) == (1, "claimed", (100, 0, 0))
    said(undo, line, reason="It was a bill")
    said(undo, line, reason="Pressed twice")
    assert (BankMatch.objects.count(), BankLine.objects.get().state) == (2, "open")
    refused("no_reason", said, undo, line, reason="")
    agree(shop)


def test_a_matched_line_is_not_set_aside(shop, soap):
    payment = paid(shop, soap)
    statement = statement_of(shop, [row(payment)])
    confirm_all(statement)
    refused("other_claim", said, set_aside, statement.lines.get(), reason="Own money")


# --- many at once -------------------------------------------------------------------------------------------------
def test_confirming_goes_on_where_it_stopped_and_twice_is_once(shop, soap):
    payments = [paid(shop, soap, n) for n in range(1, 6)]
    statement = statement_of(shop, [row(p, charge="1") for p in payments])
    shown = [(pair.line, pair.claim) for pair in proposal(statement).sure]
    first = confirm_sure(statement=statement, pairs=shown, by=shop.owner, most=2)
    assert (first.done, len(first.rest), books(shop)[2]) == (2, 3, 2)
    again = confirm_sure(statement=statement, pairs=shown, by=shop.owner)  # as after a crash: all that was shown is sent again
    assert (again.done, again.changed, again.rest, BankMatch.objects.count()) == (5, 0, [], 5)
    assert books(shop) == (0, 1500 - 5, 5)
    agree(shop)


def test_only_what_is_still_sure_is_confirmed(shop, soap):
    one, two = paid(shop, soap, 1), paid(shop, soap, 2)
    statement = statement_of(shop, [row(one), row(two)])
    shown = [(pair.line, pair.claim) for pair in proposal(statement).sure]
    cancel_order(shop=shop, bill_number=two.order.bill_number, by=shop.owner, reason="Mistake")
    told = confirm_sure(statement=statement, pairs=[*shown, (shown[0][0], two.pk), (10**15, one.pk)], by=shop.owner)
    assert (told.done, told.changed, told.refused) == (1, 3, [])


def test_the_number_of_queries_of_a_proposal_is_flat(shop, soap, django_assert_max_num_queries):
    few = statement_of(shop, [row(paid(shop, soap, n)) for n in range(1, 3)])
    with django_assert_max_num_queries(3):
        assert len(proposal(few).sure) == 2
    many = statement_of(shop, [row(paid(shop, soap, n)) for n in range(3, 15)], account="Other")
    with django_assert_max_num_queries(3):
        assert len(proposal(many).sure) == 12


def test_confirming_one_takes_a_fixed_number_of_statements(shop, soap, django_assert_max_num_queries):
    payment = paid(shop, soap)
    line = statement_of(shop, [row(payment, charge="1")]).lines.get()
    with django_assert_max_num_queries(16):
        said(confirm, line, payment_id=payment.pk)


# --- kept by the database -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("what", "rule"),
    [
        ("UPDATE ledger_bankline SET amount = amount + 1, net = net + 1", "ledger_bankline_frozen"),
        ("UPDATE ledger_bankline SET state = 'aside'", "ledger_bankline_moved_by_matches"),
        ("DELETE FROM ledger_bankline", "ledger_bankline_never_deleted"),
        ("UPDATE ledger_bankmatch SET charge = 0", "ledger_bankmatch_append_only"),
        ("DELETE FROM ledger_bankmatch", "ledger_bankmatch_append_only"),
        ("UPDATE ledger_bankstatement SET read = 9", "ledger_bankstatement_append_only"),
    ],
)
def test_what_is_written_stays(shop, soap, what, rule):
    confirm_all(statement_of(shop, [row(paid(shop, soap), charge="1")]))
    with pytest.raises(IntegrityError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(what)
    assert broken_rule(error.value) == rule


def test_the_database_refuses_a_match_that_does_not_fit(shop, soap):
    payment = paid(shop, soap)
    line = statement_of(shop, [row(payment, charge="1")]).lines.get()
    facts = {"shop": shop, "line": line, "day": timezone.localdate(), "by": shop.owner, "kind": "matched"}
    for wrong in ({"charge": 1}, {"charge": 2}):  # the claim is not seen; and the charge does not fit
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            BankMatch.objects.create(**facts, payment=payment, **wrong)
        assert broken_rule(error.value) == "ledger_bankmatch_fits"
        mark_seen(shop=shop, payment_id=payment.pk, by=shop.owner, how="owner")
    with pytest.raises(TypeError):
        BankMatch.objects.bulk_create([])


def test_late_money_is_matched_and_too_late_money_is_not(shop, soap):
    at = timezone.now() - timedelta(days=20)
    late, too_late = paid(shop, soap, 1, at=at), paid(shop, soap, 2, at=at)
    statement = statement_of(shop, [row(late, at=at + timedelta(days=4)), row(too_late, at=at + timedelta(days=9))])
    found = proposal(statement)
    assert [pair.claim for pair in found.sure] == [late.pk]
    assert (found.lines, found.claims, found.old) == ([statement.lines.get(amount=200).pk], [too_late.pk], {too_late.pk})


# --- check_books ---------------------------------------------------------------------------------------------------
def named(shop) -> dict[str, list[str]]:
    return {rule.name: [breach.what for breach in breaches] for rule, breaches in run([shop.pk]) if breaches}


def behind_the_back(sql: str) -> None:
    """Change rows as no program may: with the triggers off."""
    with pgtrigger.ignore():
        with connection.cursor() as cursor:
            cursor.execute(sql)
        connection.check_constraints()


@pytest.mark.parametrize(
    ("sql", "rule", "word"),
    [
        ("UPDATE ledger_bankline SET state = 'open', payment_id = NULL", "bank_lines", "open, said last matched"),
        ("DELETE FROM ledger_bankmatch", "bank_lines", "matched, said last nothing"),
        ("UPDATE orders_payment SET state = 'claimed'", "bank_matches", "its payment is claimed"),
        ("UPDATE ledger_bankline SET amount = amount - 1, net = net - 1", "bank_matches", "reached the bank 97.00, charge 2.00"),
        ("UPDATE ledger_bankmatch SET charge = 3", "bank_charges", "account 6100: charge 3.00, entry 2.00"),
        ("UPDATE ledger_posting SET debit = debit * 2, credit = credit * 2 FROM ledger_journalentry AS entry "
         "WHERE entry.id = entry_id AND source_kind = 'bank'", "bank_charges", "account 1002: charge -2.00, entry -4.00"),
        ("UPDATE ledger_journalentry SET source_id = 9000001 WHERE source_kind = 'bank'", "entries_have_events", "no event"),
    ],
)  # fmt: skip
def test_check_books_names_what_was_changed_behind_its_back(shop, soap, sql, rule, word):
    confirm_all(statement_of(shop, [row(paid(shop, soap), charge="2")]))
    agree(shop)
    behind_the_back(sql)
    assert any(word in what for what in named(shop)[rule])
