"""A bank's file brought in by a person with the keyboard: columns looked over, taken in, what came confirmed."""

import pytest
from playwright.sync_api import expect

from ledger.bank_models import BankLine
from orders.models import Payment
from tests import factories
from tests.browser.conftest import sign_in
from tests.browser.test_counter import problems
from tests.browser.test_counter_goods import axe
from tests.ledger.bank import csv_of, paid, row

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_person_brings_in_a_report_with_the_keyboard(page, shop, tmp_path):
    soap = factories.make_product(shop, price="100", mrp="100", stock=500)
    came, fake, same = paid(shop, soap, 2), paid(shop, soap, 3), [paid(shop, soap, 5) for _ in "ab"]
    path = tmp_path / "report.csv"
    path.write_bytes(csv_of([row(came, charge="4", rrn="634512557733"), row(same[0], rrn="634512550001")]))
    sign_in(page, shop.owner)
    page.goto(f"/s/{shop.slug}/payments/")
    page.get_by_role("link", name="Bring in a statement").press("Enter")
    page.get_by_label("The file").set_input_files(path)
    page.get_by_role("button", name="Read the file").press("Enter")

    expect(page.get_by_label("Whose file")).to_be_focused()
    page.keyboard.press("u")
    page.keyboard.press("Tab")
    page.keyboard.type("Paytm")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Take in 2 payments")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Confirm 1")).to_be_focused()
    expect(page.locator("#statement-work")).to_contain_text(fake.order.bill_number)
    assert not problems(axe(page))
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 payment is seen.")).to_be_visible()
    expect(page.get_by_role("button", name="Confirm")).to_have_count(0)

    page.get_by_role("radio", name=same[1].order.bill_number).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="for you to decide")).to_have_count(0)
    states = dict(Payment.objects.values_list("pk", "state"))
    assert [states[p.pk] for p in (came, fake, *same)] == ["seen", "claimed", "claimed", "seen"]
    assert set(BankLine.objects.values_list("state", flat=True)) == {"matched"}
