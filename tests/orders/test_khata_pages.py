"""The khata's pages: who owes, one khata, the two big buttons, and what goes wrong in words."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from orders.bill import Tender
from orders.khata import acts
from orders.khata.acts import Act
from orders.khata.people import dispute, save_member
from orders.models import KhataEntry, KhataReminder
from shops.models import Role
from tests import factories

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, "Soap", price="50", mrp="55", stock=1000)


@pytest.fixture
def asha(shop):
    return factories.make_customer(shop, "Asha", phone="+919876500001", credit_limit=D("5000"))


@pytest.fixture
def owner(shop):
    return signed_in(shop.owner)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(shop, name="khatas", *args, **query):
    return reverse(f"orders:{name}", args=[shop.slug, *args], query=query or None)


def on_khata(shop, customer, soap, count=1, days=0):
    at = timezone.now() - timedelta(days=days)
    return factories.make_order(shop, [(soap, count)], customer=customer, payments=[Tender("khata", None)], at=at)


def read(response) -> str:
    """The page's text with plain spaces."""
    return response.text.replace("\xa0", " ").replace("&nbsp;", " ")


def names(response):
    return [row.record.name for row in response.context["table"].paginated_rows]


# --- the list -------------------------------------------------------------------------------------------------
def test_who_owes_most_stands_first_with_since_when_and_what_is_late(owner, shop, soap, asha):
    ravi = factories.make_customer(shop, "Ravi")
    on_khata(shop, ravi, soap, 2, days=45)
    on_khata(shop, asha, soap, 9)
    factories.make_customer(shop, "Even")
    response = owner.get(page(shop))
    assert names(response) == ["Asha", "Ravi"]
    assert "45 days" in response.text
    assert response.context["age"].bands == (D("450.00"), D("100.00"), D("0.00"), D("0.00"))
    assert "2 customers owe ₹ 550.00" in read(response)


def test_the_list_is_narrowed_by_words_lateness_limit_age_and_group(owner, shop, soap, asha):
    old = factories.make_customer(shop, "Old", group="hotel", credit_limit=D("60"))
    on_khata(shop, asha, soap)
    on_khata(shop, old, soap, days=70)
    ahead = factories.make_customer(shop, "Ahead")
    acts.take_payment(Act(shop, ahead, shop.owner), amount=D("10"), method="cash")
    dispute(customer=asha, number=1, words="no")
    asked = {"q=98765": ["Asha"], "show=late": ["Old"], "band=2": ["Old"], "group=hotel": ["Old"], "show=ahead": ["Ahead"],
             "show=disputed": ["Asha"], "show=over": [], "q=nobody": []}  # fmt: skip
    assert {query: names(owner.get(f"{page(shop)}?{query}")) for query in asked} == asked


def test_a_wrong_filter_is_told(owner, shop):
    response = owner.get(page(shop, show="everything"))
    assert (response.status_code, "Choose from the list." in response.text) == (422, True)


def test_the_list_asks_the_same_few_questions_for_any_number_of_khatas(owner, shop, soap):
    counted = []
    for more in (1, 30):
        for n in range(more):
            on_khata(shop, factories.make_customer(shop, f"C{more}-{n}"), soap)
        owner.get(page(shop))
        with CaptureQueriesContext(connection) as queries:
            owner.get(page(shop))
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert counted[0] <= 14


def test_nobody_owing_says_what_to_do(owner, shop):
    assert "Nobody owes anything" in owner.get(page(shop)).text


# --- one khata --------------------------------------------------------------------------------------------------
def test_a_khata_shows_its_entries_newest_first_with_balance_code_and_bill(owner, shop, soap, asha):
    bill = on_khata(shop, asha, soap, 2)
    acts.take_payment(Act(shop, asha, shop.owner, note="by her son"), amount=D("30"), method="upi", reference="6123")
    response = owner.get(page(shop, "khata", asha.pk))
    assert [row[0].number for row in response.context["rows"]] == [2, 1]
    text = read(response)
    for words in ("₹ 70.00", bill.bill_number, "by her son", asha.entries.first().short_code, "You gave", "You got"):
        assert words in text, words


def test_a_khata_asks_the_same_few_questions_for_any_number_of_entries(owner, shop, soap, asha):
    save_member(customer=asha, name="Ravi", limit=None)
    counted = []
    for more in (2, 25):
        for _ in range(more):
            on_khata(shop, asha, soap)
            acts.take_payment(Act(shop, asha, shop.owner), amount=D("1"), method="cash")
        owner.get(page(shop, "khata", asha.pk))
        with CaptureQueriesContext(connection) as queries:
            owner.get(page(shop, "khata", asha.pk))
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_an_entry_shows_the_bill_beside_it(owner, shop, soap, asha):
    bill = on_khata(shop, asha, soap, 2)
    response = owner.get(page(shop, "khata_entry", asha.pk, 1))
    assert bill.bill_number in response.text
    assert "Soap" in response.text
    assert owner.get(page(shop, "khata_entry", asha.pk, 9)).status_code == 404


def test_another_shops_khata_is_not_there(owner, other_shop):
    stranger = factories.make_customer(other_shop, "Stranger")
    for name in ("khata", "khata_got", "khata_gave", "khata_members", "khata_link", "khata_pdf"):
        url = page(other_shop, name, stranger.pk)
        assert owner.get(url).status_code == 404
        assert owner.get(url.replace(other_shop.slug, "shop-x")).status_code == 404


# --- you got, you gave --------------------------------------------------------------------------------------------
def test_you_got_writes_an_entry_and_leads_to_its_receipt(owner, shop, soap, asha):
    on_khata(shop, asha, soap, 2)
    sent = {"amount": "60", "method": "cash", "discount": "", "reference": "", "note": "", "request_key": str(uuid4())}
    response = owner.post(page(shop, "khata_got", asha.pk), sent)
    assert response.headers["Location"] == page(shop, "khata_entry", asha.pk, 2)
    again = owner.post(page(shop, "khata_got", asha.pk), sent)
    assert (again.status_code, asha.entries.count()) == (302, 2)
    entry = owner.get(response.headers["Location"])
    assert "KR/" in entry.text
    assert "wa.me/919876500001" in entry.text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"amount": ""}, "Write the amount."),
        ({"amount": "0"}, "above zero"),
        ({"amount": "x"}, "Write a number."),
        ({"amount": "1.234"}, "At most 2 decimals."),
        ({"method": "gold"}, "Choose how it was paid."),
        ({"discount": "101"}, "Only what is owed can be let off"),
    ],
)
def test_you_got_tells_what_is_wrong_at_its_box(owner, shop, soap, asha, wrong, words):
    on_khata(shop, asha, soap, 2)
    response = owner.post(page(shop, "khata_got", asha.pk), {"amount": "60", "method": "cash", "discount": ""} | wrong)
    assert (response.status_code, words in response.text) == (422, True)
    assert asha.entries.count() == 1


def test_a_share_that_is_too_much_is_told_beside_its_entry(owner, shop, soap, asha):
    on_khata(shop, asha, soap, 2)
    box = f"share-{asha.entries.get().pk}"
    response = owner.post(page(shop, "khata_got", asha.pk), {"amount": "200", "method": "cash", box: "150"})
    assert (response.status_code, "Only ₹ 100.00 of it is open." in read(response)) == (422, True)


def test_you_gave_is_money_and_stops_at_the_limit(owner, shop, asha):
    response = owner.post(page(shop, "khata_gave", asha.pk), {"amount": "5000.01", "method": "cash"})
    assert (response.status_code, "limit is ₹ 5,000.00" in read(response)) == (422, True)
    owner.post(page(shop, "khata_gave", asha.pk), {"amount": "200", "method": "cash", "note": "fee"})
    assert asha.entries.get().kind == KhataEntry.Kind.GAVE


def test_old_balance_write_off_and_taking_back_are_written_by_their_forms(owner, shop, asha):
    owner.post(page(shop, "khata_opening", asha.pk), {"way": "owed", "amount": "500", "day": "2026-04-01"})
    owner.post(page(shop, "khata_write_off", asha.pk), {"amount": "100", "note": "moved"})
    owner.post(page(shop, "khata_reverse", asha.pk, 2), {"note": "she came back"})
    assert list(asha.entries.order_by("number").values_list("kind", "balance")) == [
        ("opening", D("500.00")), ("written_off", D("400.00")), ("reversal", D("500.00")),
    ]  # fmt: skip
    refused = owner.post(page(shop, "khata_reverse", asha.pk, 3), {"note": "again"})
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("role", "name", "status"),
    [
        (Role.STAFF, "khata_got", 200),
        (Role.STAFF, "khata_gave", 403),
        (Role.STAFF, "khata_write_off", 403),
        (Role.MANAGER, "khata_gave", 200),
        (Role.MANAGER, "khata_write_off", 403),
        (Role.ACCOUNTANT, "khata", 200),
        (Role.ACCOUNTANT, "khata_got", 403),
    ],
)
def test_each_role_may_do_its_part(shop, asha, role, name, status):
    assert signed_in(factories.make_member(shop, role)).get(page(shop, name, asha.pk)).status_code == status


# --- the household, the statement ---------------------------------------------------------------------------------
def test_the_household_is_written_down_changed_and_taken_out(owner, shop, asha):
    owner.post(page(shop, "khata_members", asha.pk), {"name": "Ravi", "limit": "200"})
    ravi = asha.members.get()
    twice = owner.post(page(shop, "khata_members", asha.pk), {"name": "Ravi", "limit": ""})
    assert (twice.status_code, "stands in the household already" in twice.text) == (422, True)
    owner.post(page(shop, "khata_member", asha.pk, ravi.pk), {"name": "Ravi Patil", "limit": ""})
    owner.post(page(shop, "khata_member", asha.pk, ravi.pk), {"in_use": "no"})
    ravi.refresh_from_db()
    assert (ravi.name, ravi.limit, ravi.is_active) == ("Ravi Patil", None, False)


def test_the_statement_as_a_spreadsheet_ends_with_what_is_owed(owner, shop, soap, asha):
    on_khata(shop, asha, soap, 2, days=3)
    acts.take_payment(Act(shop, asha, shop.owner, note="=1+1"), amount=D("30"), method="cash")
    response = owner.get(page(shop, "khata_xlsx", asha.pk))
    rows = list(load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True))
    assert rows[-1][6] == 70
    assert rows[-2][2] == "Paid, Cash: =1+1"
    assert [row[6] for row in rows[5:]] == [0, 100, 70, 70]


def test_the_statement_as_pdf_and_the_receipt_are_papers(owner, shop, soap, asha):
    on_khata(shop, asha, soap)
    for url in (page(shop, "khata_pdf", asha.pk), page(shop, "khata_receipt", asha.pk, 1)):
        response = owner.get(url)
        assert (response.headers["Content-Type"], response.content[:5]) == ("application/pdf", b"%PDF-")
    wrong = owner.get(page(shop, "khata_pdf", asha.pk, start="2026-05-01", end="2026-04-01"))
    assert wrong.status_code == 422


# --- reminders ----------------------------------------------------------------------------------------------------
@pytest.fixture
def noon(monkeypatch):
    """Reminders go out at any hour of the day the tests run."""
    monkeypatch.setattr("orders.khata.reminding.is_quiet", lambda shop, now=None: False)
    monkeypatch.setattr("orders.khata.more_views.is_quiet", lambda shop, now=None: False)


def test_who_is_late_stands_ready_to_be_reminded_and_then_no_more(owner, shop, soap, asha, noon, capsys):
    on_khata(shop, asha, soap, 2, days=40)
    fresh = factories.make_customer(shop, "Fresh")
    on_khata(shop, fresh, soap)
    response = owner.get(page(shop, "khata_reminders"))
    assert "Namaste Asha" in response.text
    assert "Fresh" not in response.text
    owner.post(page(shop, "khata_remind", asha.pk), {"way": "sms"})
    assert "SMS to +919876500001: Namaste Asha" in capsys.readouterr().out
    assert (KhataReminder.objects.get().amount, asha.reminders.count()) == (D("100.00"), 1)
    assert "Nobody is to be reminded" in owner.get(page(shop, "khata_reminders")).text
    again = owner.post(page(shop, "khata_remind", asha.pk), {"way": "whatsapp"}, headers={"HX-Request": "true"})
    assert (again.status_code, "less than 7 days ago" in again.text) == (422, True)


def test_in_the_quiet_hours_nobody_is_reminded(owner, shop, soap, asha, monkeypatch):
    on_khata(shop, asha, soap, days=40)
    night = timezone.localtime().replace(hour=23)
    monkeypatch.setattr("orders.khata.reminding.timezone.now", lambda: night)
    answer = owner.post(page(shop, "khata_remind", asha.pk), {"way": "whatsapp"}, headers={"HX-Request": "true"})
    assert (answer.status_code, "Nobody is reminded before 9:00 or after 20:00." in answer.text) == (422, True)
    assert "quiet hours" in owner.get(page(shop, "khata_reminders")).text


@pytest.mark.parametrize(("way", "words"), [("email", "has no e-mail address"), ("pigeon", "Choose WhatsApp, SMS or e-mail.")])
def test_a_reminder_that_cannot_go_out_is_told_and_not_counted(owner, shop, soap, asha, noon, way, words):
    on_khata(shop, asha, soap, days=40)
    answer = owner.post(page(shop, "khata_remind", asha.pk), {"way": way}, headers={"HX-Request": "true"})
    assert (answer.status_code, words in answer.text, KhataReminder.objects.count()) == (422, True, 0)


def test_a_reminder_by_e_mail_is_in_the_customers_language(owner, shop, soap, noon, mailoutbox):
    asha = factories.make_customer(shop, "आशा", email="asha@example.in", language="hi")
    on_khata(shop, asha, soap, days=40)
    owner.post(page(shop, "khata_remind", asha.pk), {"way": "email"})
    assert (mailoutbox[0].to, "आशा" in mailoutbox[0].body) == (["asha@example.in"], True)


# --- the old book -------------------------------------------------------------------------------------------------
def test_the_old_book_is_taken_over_line_by_line(owner, shop, asha):
    text = 'Phone, Name, Balance, Date\n98765 00001, Asha, "1,250.50", 01/04/2026\n9876500002, Sunita, -20'
    sent = {"text": text, "request_key": str(uuid4())}
    assert owner.post(page(shop, "khata_import"), sent).status_code == 302
    owed = dict(shop.customers.values_list("name", "outstanding"))
    assert owed == {"Asha": D("1250.50"), "Sunita": D("-20.00")}
    assert asha.entries.get().day.isoformat() == "2026-04-01"


def test_nothing_of_the_old_book_is_written_while_a_line_is_wrong(owner, shop, asha):
    text = "9876500001, Asha, 100\n12, Nobody, 5\n9876500003, Ravi, lots\n9876500001, Twice, 7\n9876500004, Zero, 0"
    response = owner.post(page(shop, "khata_import"), {"text": text})
    assert response.status_code == 422
    assert [wrong.number for wrong in response.context["wrong"]] == [2, 3, 4, 5]
    assert not KhataEntry.objects.exists()


def test_the_old_book_says_what_it_needs(owner, shop):
    response = owner.post(page(shop, "khata_import"), {"text": ""})
    assert (response.status_code, "Paste the lines, or choose a file." in response.text) == (422, True)
