"""The pages of bank files, as a person walks through them, and who may."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ledger import bank_acts, bank_match_views
from ledger.bank_models import BankFile, BankMatch, BankStatement
from ledger.daily import daily_claims, tell_shop
from orders.models import Payment
from orders.payment_selectors import open_claims_of_counter
from orders.payments import mark_seen
from shops.models import Notice, Role
from shops.services import add_counter
from smartkirana.money import rupees
from tests import factories
from tests.ledger.bank import bring, confirm_all, csv_of, paid, row, statement_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, price="100", mrp="100", stock=500)


@pytest.fixture
def owner(client, shop):
    client.force_login(shop.owner)
    return client


def url(shop, name, *args):
    return reverse(f"ledger:{name}", args=[shop.slug, *args])


def upload(rows):
    return {"file": SimpleUploadedFile("report.csv", csv_of(rows))}


def unbilled(payment):
    """A line of the same moment that no bill claims."""
    return (row(payment)[0], "777", "", "", "", "8", "")


def columns(file, **more):
    from ledger.bank_files.columns import guess_columns

    return {f"column-{n}": field for field, n in guess_columns(file.headings).items()} | {"source": "upi", "account": "Paytm"} | more


# --- the walk -----------------------------------------------------------------------------------------------------
def test_a_file_is_brought_matched_looked_over_taken_in_and_confirmed(owner, shop, soap):
    payment, fake = paid(shop, soap, 2), paid(shop, soap, 3)
    answer = owner.post(url(shop, "bring_bank_file"), upload([row(payment, charge="4"), unbilled(payment)]))
    file = BankFile.objects.get()
    assert answer.url == url(shop, "bank_file", file.pk)
    assert b"Whose file is it" in owner.get(answer.url).content
    answer = owner.post(url(shop, "bank_file_columns", file.pk), columns(file))
    page = owner.get(answer.url).content.decode()
    assert "Take in 2 payments" in page
    assert "977.00" in page
    answer = owner.post(url(shop, "take_in_bank_file", file.pk))
    statement = BankStatement.objects.get()
    assert answer.url == url(shop, "bank_statement", statement.pk) == owner.post(url(shop, "take_in_bank_file", file.pk)).url
    response = owner.get(answer.url)
    page = response.content.decode()
    assert "1 payment is sure" in page
    assert "1 line without a bill" in page
    assert "1 payment is not in this file" in page
    assert fake.order.bill_number in page
    pairs = response.context["proposed"].pairs
    assert owner.post(url(shop, "confirm_statement", statement.pk), {"pairs": pairs}).url == url(shop, "bank_statement", statement.pk)
    assert [Payment.objects.get(pk=p.pk).state for p in (payment, fake)] == ["seen", "claimed"]
    assert owner.post(url(shop, "confirm_statement", statement.pk), {"pairs": pairs}).status_code == 302
    assert BankMatch.objects.count() == 1


def test_the_second_file_goes_straight_to_looking_over(owner, shop, soap):
    bring(shop, [row(paid(shop, soap))])
    answer = owner.post(url(shop, "bring_bank_file"), upload([row(paid(shop, soap, 2))]), follow=True)
    assert b"Look it over" in answer.content
    assert b"Take in 1 payment" in answer.content


def test_confirming_many_goes_on_by_itself(owner, shop, soap, monkeypatch):
    monkeypatch.setattr(bank_acts.confirm_sure, "__kwdefaults__", {"most": 2})
    statement = statement_of(shop, [row(paid(shop, soap, n)) for n in range(1, 6)])
    pairs = owner.get(url(shop, "bank_statement", statement.pk)).context["proposed"].pairs
    press = lambda data: owner.post(url(shop, "confirm_statement", statement.pk), data, headers=HTMX)  # noqa: E731
    answer = press({"pairs": pairs})
    assert (answer.context["done"], answer.context["total"]) == (2, 5)
    assert b"load, submit" in answer.content
    answer = press({"pairs": answer.context["rest"], "total": 5})
    assert answer.context["done"] == 4
    answer = press({"pairs": answer.context["rest"], "total": 5})
    assert answer.headers["HX-Redirect"] == url(shop, "bank_statement", statement.pk)
    assert BankMatch.objects.count() == 5


def test_what_is_doubtful_is_chosen_by_the_person(owner, shop, soap):
    one, two = paid(shop, soap), paid(shop, soap)
    statement = statement_of(shop, [row(one)])
    line = statement.lines.get()
    page = owner.get(url(shop, "bank_statement", statement.pk)).content.decode()
    assert "1 line is for you to decide" in page
    assert one.order.bill_number in page
    assert owner.post(url(shop, "choose_claims", statement.pk), {f"line-{line.pk}": ""}).status_code == 422
    assert owner.post(url(shop, "choose_claims", statement.pk), {f"line-{line.pk}": two.pk}).status_code == 302
    assert (Payment.objects.get(pk=two.pk).state, BankMatch.objects.get().sure) == ("seen", False)


def test_a_line_is_matched_set_aside_and_taken_back_on_its_page(owner, shop, soap):
    payment = paid(shop, soap)
    line = statement_of(shop, [row(payment, charge="2")]).lines.get()
    page = url(shop, "bank_line", line.pk)
    assert payment.order.bill_number in owner.get(page).content.decode()
    assert owner.post(url(shop, "match_line", line.pk), {"payment": "x"}).status_code == 422
    assert owner.post(url(shop, "match_line", line.pk), {"payment": payment.pk}).url == page
    assert owner.post(url(shop, "undo_line", line.pk), {"reason": ""}).status_code == 422
    owner.post(url(shop, "undo_line", line.pk), {"reason": "Another bill"})
    owner.post(url(shop, "set_line_aside", line.pk), {"reason": "Own money"})
    told = owner.get(page).content.decode()
    assert told.index("Matched</b>") < told.index("Another bill") < told.index("Own money")
    assert Payment.objects.get(pk=payment.pk).state == "claimed"


def test_a_khatas_payment_stands_by_the_customers_name(owner, shop, soap):
    from orders.khata.acts import Act, take_payment

    customer = factories.make_customer(shop, "Asha Devi")
    payment = take_payment(Act(shop, customer, shop.owner), amount=Decimal(100), method="upi").payment
    statement = statement_of(shop, [row(payment)])
    assert "Asha Devi" in owner.get(url(shop, "bank_statement", statement.pk)).content.decode()
    confirm_all(statement)
    for name, pk in (("bank_lines", statement.pk), ("bank_line", statement.lines.get().pk)):
        assert "Asha Devi" in owner.get(url(shop, name, pk)).content.decode()


def test_lines_are_searched_and_filtered(owner, shop, soap):
    payment = paid(shop, soap)
    statement = statement_of(shop, [row(payment, rrn="634512557733"), row(paid(shop, soap, 2))])
    confirm_all(statement)
    found = lambda **q: [line.amount for line in owner.get(url(shop, "bank_lines", statement.pk), q).context["page"].object_list]  # noqa: E731
    assert (found(), found(q="557733"), found(q="200"), found(q=payment.order.bill_number), found(state="open")) == (
        [100, 200], [100], [200], [100], []
    )  # fmt: skip
    assert owner.get(url(shop, "bank_lines", statement.pk), {"state": "x"}).status_code == 422


# --- how much it asks ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["bank_statements", "bank_statement", "bank_lines"])
def test_the_number_of_queries_does_not_grow(owner, shop, soap, name):
    def asked(account, numbers):
        payments = [paid(shop, soap, n) for n in numbers]
        statement = statement_of(shop, [*(row(p) for p in payments), unbilled(payments[0])], account=account)
        address = url(shop, name) if name == "bank_statements" else url(shop, name, statement.pk)
        owner.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert owner.get(address).status_code == 200
        return len(caught)

    assert asked("A", [1]) == asked("B", range(2, 14))


# --- who may ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "status"), [(Role.OWNER, 200), (Role.ACCOUNTANT, 200), (Role.MANAGER, 403), (Role.STAFF, 403), (None, 404)]
)
def test_owner_and_accountant_see_bank_files_and_nobody_else(client, shop, other_shop, soap, role, status):
    statement = statement_of(shop, [row(paid(shop, soap))])
    file = bring(shop, [row(paid(shop, soap, 2))])
    client.force_login(factories.make_member(shop, role) if role else other_shop.owner)
    pages = [("bank_statements",), ("bring_bank_file",), ("bank_file", file.pk), ("bank_statement", statement.pk),
             ("bank_lines", statement.pk), ("bank_line", statement.lines.get().pk)]  # fmt: skip
    assert {client.get(url(shop, *page)).status_code for page in pages} == {status}


def test_another_shops_rows_are_not_found(client, shop, other_shop, soap):
    statement = statement_of(shop, [row(paid(shop, soap))])
    client.force_login(other_shop.owner)
    for name, pk in (("bank_statement", statement.pk), ("bank_line", statement.lines.get().pk), ("bank_lines", statement.pk)):
        assert client.get(url(other_shop, name, pk)).status_code == 404
    for name in ("confirm_statement", "choose_claims"):
        assert client.post(url(other_shop, name, statement.pk), {"pairs": "1-1"}).status_code == 404


@pytest.mark.parametrize("pairs", ["", "x", "1", "1-2-3", "-1-2", "9" * 40 + "-1", "²-1"])
def test_a_page_out_of_date_is_told(owner, shop, soap, pairs):
    statement = statement_of(shop, [row(paid(shop, soap))])
    answer = owner.post(url(shop, "confirm_statement", statement.pk), {"pairs": pairs})
    assert answer.status_code == 422
    assert b"out of date" in answer.content
    assert bank_match_views.PAGE in [template.name for template in answer.templates]


# --- claims that wait ---------------------------------------------------------------------------------------------
def test_claims_of_a_counter_since_a_moment_are_listed(shop, soap):
    ours, other = shop.counters.get(), add_counter(shop=shop, name="Milk", code="M1")
    now = timezone.now()
    old, here, seen = (paid(shop, soap, at=now - timedelta(hours=n), counter=ours) for n in (9, 3, 2))
    paid(shop, soap, counter=other)
    mark_seen(shop=shop, payment_id=seen.pk, by=shop.owner, how="cashier")
    since = open_claims_of_counter(shop, here.counter, now - timedelta(hours=5))
    assert [(c.payment, c.amount, c.what_for, c.at) for c in since] == [(here, 100, here.order.bill_number, here.at)]
    assert [c.payment for c in open_claims_of_counter(shop, here.counter, now - timedelta(hours=10))] == [old, here]


def test_the_list_says_who_and_since_when_and_filters_what_is_late(owner, shop, soap):
    old, new = paid(shop, soap, at=timezone.now() - timedelta(days=4)), paid(shop, soap)
    page = owner.get(reverse("orders:claims", args=[shop.slug])).content.decode()
    assert "4 days" in page
    assert f"taken by {shop.owner}" in page
    assert url(shop, "bring_bank_file") in page
    late = owner.get(reverse("orders:claims", args=[shop.slug]), {"late": "3"}).content.decode()
    assert old.order.bill_number in late
    assert new.order.bill_number not in late


def test_each_morning_the_owner_is_told_once_of_late_claims(shop, soap):
    assert tell_shop(shop.pk) is None
    paid(shop, soap, at=timezone.now() - timedelta(days=4))
    assert daily_claims() == {"made": 1, "nothing": 0, "failed": 0}
    assert daily_claims() == {"made": 0, "nothing": 1, "failed": 0}
    notice = Notice.objects.get()
    assert (notice.kind, notice.title) == ("claims", f"1 payment of {rupees(100)} not seen after 3 days")
    assert notice.lines[0]["query"] == "?late=3"
