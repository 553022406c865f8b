"""Pages of suppliers: the list, writing one down, an account with its statement, paying, the opening balance."""

import csv
import io
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.urls import reverse

from inventory.models import SupplierEntry, SupplierPayment
from inventory.purchase_returns import Returned, return_to_supplier
from inventory.suppliers import enter_supplier_balance, pay_supplier, planned_shares, set_supplier_active
from shops.models import Role
from smartkirana.dates import period, shop_today
from tests import factories
from tests.inventory.buying import GSTIN, OTHER_STATE, books_agree, buy, make_supplier, owed, received

HTMX = {"HX-Request": "true"}
KEY = "6f1c0f4e-7f0e-4a57-9a3e-6c2f0a4be001"
OTHER_KEY = "6f1c0f4e-7f0e-4a57-9a3e-6c2f0a4be002"


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, "Soap", gst="other-5", price="120", mrp="150")


@pytest.fixture
def supplier(shop):
    """Not registered: a bill of theirs comes to what its packs cost."""
    return make_supplier(shop, "Gupta Agencies", gstin="", due_days=15, phone="9822011223")


@pytest.fixture
def signed_in(client, shop):
    client.force_login(shop.owner)
    return client


def url(shop, name, *args):
    return reverse(f"inventory:{name}", args=[shop.slug, *args])


def ago(days):
    return shop_today() - timedelta(days=days)


def pay(supplier, amount, **more):
    return pay_supplier(shop=supplier.shop, by=supplier.shop.owner, supplier=supplier, amount=D(amount), **{"method": "cash"} | more)


def shown(client, address, **query):
    """The page's text as one reads it, non-breaking spaces plain."""
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


def box(entry):
    return f"share-{entry.pk}"


def payment(**fields):
    return {"amount": "500", "method": "cash", "day": shop_today().isoformat(), "request_key": KEY, **fields}


# --- the list -------------------------------------------------------------------------------------------------
def test_empty_list_says_what_to_do_next(signed_in, shop):
    page = shown(signed_in, url(shop, "suppliers"))
    assert "No supplier yet" in page
    assert "Write down a supplier" in page
    assert "Then enter their bills" in page


def test_list_tells_what_is_owed_since_when_and_what_is_overdue(signed_in, shop, supplier, soap):
    buy(supplier, received(soap, 10, 40), day=ago(40))
    buy(supplier, received(soap, 5, 40), day=ago(3))
    page = shown(signed_in, url(shop, "suppliers"))
    for told in ("9822011223", "40 days", "₹ 400.00", "₹ 600.00"):
        assert told in page


def test_head_line_adds_up_all_suppliers(signed_in, shop, supplier, soap):
    buy(supplier, received(soap, 10, 40), day=ago(40))
    buy(make_supplier(shop, "Other"), received(soap, 1, 100))
    pay(make_supplier(shop, "Dairy", gstin=""), "250")
    page = shown(signed_in, url(shop, "suppliers"))
    assert "Owed in all</dt><dd>₹ 505.00" in page  # the other one charges 5 % GST
    assert '<dd class="owed">₹ 400.00' in page
    assert 'Paid ahead</dt><dd class="paid">₹ 250.00' in page


def test_paid_ahead_is_said_in_words_not_by_a_minus(signed_in, shop, supplier):
    pay(supplier, "250")
    page = shown(signed_in, url(shop, "suppliers"))
    assert '₹ 250.00</span><span class="sub">paid ahead' in page
    assert "−₹" not in page


@pytest.mark.parametrize("words", ["gupt", "98220 11223", "27AAPFU"])
def test_search_by_name_phone_or_gstin(signed_in, shop, words):
    make_supplier(shop, "Gupta Agencies", gstin=GSTIN, phone="9822011223")
    make_supplier(shop, "Mehta Traders", gstin="")
    page = shown(signed_in, url(shop, "suppliers"), q=words)
    assert "Gupta Agencies" in page
    assert "Mehta" not in page


def test_filters_keep_whom_one_owes_who_is_overdue_and_who_is_no_longer_used(signed_in, shop, soap):
    late, fresh, _, gone = (make_supplier(shop, name, gstin="", due_days=15) for name in ("Late", "Fresh", "Clear", "Gone"))
    buy(late, received(soap, 1, 40), day=ago(40))
    buy(fresh, received(soap, 1, 40))
    buy(gone, received(soap, 1, 40))
    set_supplier_active(supplier=gone, active=False)
    kept = {
        show: {name for name in ("Late", "Fresh", "Clear", "Gone") if f">{name}" in shown(signed_in, url(shop, "suppliers"), show=show)}
        for show in ("", "owed", "overdue", "unused")
    }
    assert kept == {"": {"Late", "Fresh", "Clear"}, "owed": {"Late", "Fresh", "Gone"}, "overdue": {"Late"}, "unused": {"Gone"}}


def test_words_find_a_supplier_no_longer_used_as_well(signed_in, shop, supplier):
    set_supplier_active(supplier=supplier, active=False)
    assert "no longer used" in shown(signed_in, url(shop, "suppliers"), q="gupta")


def test_sorts_by_name_and_by_balance(signed_in, shop, soap):
    for name, packs in (("Asha", 1), ("Bharat", 3), ("Chandra", 2)):
        buy(make_supplier(shop, name, gstin=""), received(soap, packs, 40))

    def order(sort):
        page = shown(signed_in, url(shop, "suppliers"), sort=sort)
        return "".join(sorted("ABC", key=lambda initial: page.index({"A": "Asha", "B": "Bharat", "C": "Chandra"}[initial])))

    assert [order(sort) for sort in ("", "-name", "balance", "-balance")] == ["ABC", "CBA", "ACB", "BCA"]


def test_another_shops_suppliers_never_show(signed_in, shop, other_shop):
    make_supplier(other_shop, "Theirs")
    assert "Theirs" not in shown(signed_in, url(shop, "suppliers"))


def test_list_asks_as_often_for_thirty_suppliers_as_for_one(signed_in, shop, soap, django_assert_num_queries):
    counts = []
    for more in (1, 30):
        for n in range(more):
            buy(make_supplier(shop, f"Supplier {more} {n}", gstin=""), received(soap, 1, 40), day=ago(2))
        with django_assert_num_queries(7) as asked:
            signed_in.get(url(shop, "suppliers"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_second_page_goes_on_where_the_first_ends(signed_in, shop):
    for n in range(51):
        make_supplier(shop, f"Supplier {n:02d}", gstin="")
    first, second = (shown(signed_in, url(shop, "suppliers"), page=page) for page in (1, 2))
    assert "Supplier 49" in first
    assert "Supplier 50" not in first
    assert "Supplier 50" in second


# --- writing down ---------------------------------------------------------------------------------------------
def details(**fields):
    return {"name": "Mehta Traders", "request_key": KEY, **fields}


def test_everything_known_is_written_down(signed_in, shop):
    sent = details(
        phone="98220 11223", gstin=OTHER_STATE, due_days="30", lead_days="4", email="m@example.in", address="Yard", note="Ask Ravi"
    )
    answer = signed_in.post(url(shop, "new_supplier"), sent, follow=True)
    saved = shop.suppliers.get()
    assert answer.redirect_chain[-1][0] == url(shop, "supplier", saved.pk)
    assert (saved.short_phone, saved.state_code, saved.due_days, saved.lead_days) == ("9822011223", "29", 30, 4)
    page = answer.content.decode()
    for told in ("Mehta Traders is written down", OTHER_STATE, "30 days after the bill", "tel:+919822011223", "https://wa.me/919822011223"):
        assert told in page


def test_pressing_twice_writes_one_down(signed_in, shop):
    for _ in range(2):
        assert signed_in.post(url(shop, "new_supplier"), details()).status_code == 302
    assert shop.suppliers.count() == 1


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"name": ""}, "name"),
        ({"phone": "12345"}, "phone"),
        ({"gstin": "27AAPFU0939F1ZX"}, "gstin"),
        ({"gstin": OTHER_STATE, "state_code": "27"}, "gstin"),
        ({"state_code": "77"}, "state_code"),
        ({"email": "gupta"}, "email"),
        ({"composition": "on"}, "composition"),
        ({"due_days": "366"}, "due_days"),
        ({"lead_days": "soon"}, "lead_days"),
        ({"name": "Gupta Agencies"}, "name"),
    ],
    ids=str,
)
def test_each_mistake_stands_at_its_box(signed_in, shop, supplier, wrong, place):
    answer = signed_in.post(url(shop, "new_supplier"), details(**wrong), headers=HTMX)
    assert answer.status_code == 422
    assert f'id="id_{place}_error"' in answer.content.decode()
    assert shop.suppliers.count() == 1


def test_changing_keeps_what_is_not_changed(signed_in, shop, supplier):
    page = signed_in.get(url(shop, "change_supplier", supplier.pk)).content.decode()
    for known in ("Gupta Agencies", "9822011223", 'value="15"'):
        assert known in page
    signed_in.post(url(shop, "change_supplier", supplier.pk), details(name="Gupta & Sons", phone="9822011223", due_days="15"))
    supplier.refresh_from_db()
    assert (supplier.name, supplier.due_days) == ("Gupta & Sons", 15)


def test_supplier_goes_out_of_use_and_comes_back(signed_in, shop, supplier):
    signed_in.post(url(shop, "supplier_in_use", supplier.pk), {"in_use": "no"})
    supplier.refresh_from_db()
    assert not supplier.is_active
    assert "Use it again" in shown(signed_in, url(shop, "change_supplier", supplier.pk))
    signed_in.post(url(shop, "supplier_in_use", supplier.pk), {"in_use": "yes"})
    supplier.refresh_from_db()
    assert supplier.is_active


# --- one account ----------------------------------------------------------------------------------------------
def test_account_tells_what_is_owed_and_how_old_it_is(signed_in, shop, supplier, soap):
    for days, packs in ((5, 1), (16, 2), (45, 3), (46, 4), (75, 5), (105, 6), (106, 7)):
        buy(supplier, received(soap, packs, 100), day=ago(days))
    page = shown(signed_in, url(shop, "supplier", supplier.pk))
    bands = [
        ("Not due yet", 1, "100.00"), ("1–30 days late", 2, "500.00"), ("31–60 days late", 2, "900.00"), ("61–90 days late", 1, "600.00"),
        ("Over 90 days late", 1, "700.00"),
    ]  # fmt: skip
    for words, bills, amount in bands:
        row = page[page.index(words) :][:200]
        assert f'<td class="num">{bills}</td>' in row
        assert amount in row
    assert "₹ 2,800.00</b>" in page
    assert "₹ 2,700.00 overdue" in page


def test_bill_due_today_is_not_late_and_due_yesterday_is(signed_in, shop, supplier, soap):
    buy(supplier, received(soap, 1, 40), day=ago(15))
    assert "Nothing of it is overdue." in shown(signed_in, url(shop, "supplier", supplier.pk))
    buy(supplier, received(soap, 1, 40), day=ago(16))
    assert "₹ 40.00 overdue" in shown(signed_in, url(shop, "supplier", supplier.pk))


def test_statement_has_every_paper_with_what_was_owed_after_it(signed_in, shop, supplier, soap):
    enter_supplier_balance(shop=shop, by=shop.owner, supplier=supplier, amount=D("1000"), day=ago(3), note="old khata")
    bill = buy(supplier, received(soap, 10, 40), day=ago(2), number="GA/7")
    return_to_supplier(shop=shop, by=shop.owner, receipt=bill, returned=[Returned(bill.lines.get().pk, D(2))], day=ago(1), note="torn")
    pay(supplier, "1100", method="upi", reference="UTR4", discount=D("20"), note="by Suresh")
    page = shown(signed_in, url(shop, "supplier", supplier.pk), start=ago(3).isoformat(), end=shop_today().isoformat())
    statement = page[page.index('id="statement"') :]
    places = [statement.index(told) for told in ("Brought forward", "old khata", "GA/7", "1,400.00", "Debit note for bill", "1,320.00",
                                                 "Paid: UPI", "200.00", "Owed at the end")]  # fmt: skip
    assert places == sorted(places)
    entries = {entry.document.kind: entry.number for entry in supplier.entries.select_related("document")}
    for told in (entries["receipt"], entries["return"], entries["payment"], "UTR4", "₹ 1,100.00 and ₹ 20.00 discount", "by Suresh",
                 "opening balance ₹ 1,000.00", url(shop, "purchase", bill.pk)):  # fmt: skip
        assert told in statement


def test_statement_brings_forward_what_was_owed_before(signed_in, shop, supplier, soap):
    buy(supplier, received(soap, 10, 40), day=ago(20))
    buy(supplier, received(soap, 1, 40), day=ago(2))
    page = shown(signed_in, url(shop, "supplier", supplier.pk), start=ago(10).isoformat(), end=ago(1).isoformat())
    brought = page[page.index("Brought forward") :][:200]
    assert "400.00" in brought
    assert "440.00" in page[page.index("Owed at the end") :]


def test_statement_is_of_this_financial_year_unless_asked_otherwise(signed_in, shop, supplier):
    assert f'value="{period("year", shop_today()).start}"' in shown(signed_in, url(shop, "supplier", supplier.pk))


def test_balance_is_right_on_the_second_page_too(signed_in, shop, supplier, soap):
    for n in range(51):
        buy(supplier, received(soap, 1, 10), day=ago(60 - n))
    span = {"start": ago(90).isoformat(), "end": shop_today().isoformat()}
    page = shown(signed_in, url(shop, "supplier", supplier.pk), page=2, **span)
    assert "500.00" in page[page.index("Brought forward") :][:200]
    assert "510.00" in page[page.index("Owed at the end") :]
    assert "Carried forward" in shown(signed_in, url(shop, "supplier", supplier.pk), **span)


def test_wrong_dates_are_told_and_the_account_stays(signed_in, shop, supplier):
    address = url(shop, "supplier", supplier.pk)
    answer = signed_in.get(address, {"start": "2026-05-01", "end": "2026-04-01"}, headers=HTMX)
    assert answer.status_code == 422
    assert "Exchange the dates" in answer.content.decode()
    for wild in ({"start": "0001-01-01"}, {"end": "9999-12-31"}, {"start": "x"}, {"end": "0001-01-01"}):
        assert signed_in.get(address, wild).status_code == 422


def test_account_asks_as_often_for_forty_papers_as_for_four(signed_in, shop, supplier, soap, django_assert_max_num_queries):
    counts = []
    for more in (2, 20):
        for n in range(more):
            buy(supplier, received(soap, 1, 40), day=ago(more + n))
            pay(supplier, "35")
        with django_assert_max_num_queries(16) as asked:
            signed_in.get(url(shop, "supplier", supplier.pk))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_who_may_only_look_finds_no_button(client, shop, supplier, soap):
    buy(supplier, received(soap, 1, 40))
    client.force_login(factories.make_member(shop, Role.ACCOUNTANT))
    for address in (url(shop, "suppliers"), url(shop, "supplier", supplier.pk)):
        page = shown(client, address)
        assert "/pay/" not in page
        assert "suppliers/new/" not in page
        assert "/change/" not in page
        assert "/opening/" not in page


# --- the file -------------------------------------------------------------------------------------------------
def lines_of(answer):
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_file_has_the_statement_from_brought_forward_to_the_end(signed_in, shop, supplier, soap):
    buy(supplier, received(soap, 10, 40), day=ago(20), number="OLD/1")
    buy(supplier, received(soap, 1, 40), day=ago(2), number="GA/8")
    pay(supplier, "440", reference="UTR4")
    answer = signed_in.get(
        url(shop, "supplier_statement_file", supplier.pk), {"start": ago(5).isoformat(), "end": shop_today().isoformat()}
    )
    assert "gupta-agencies" in answer["Content-Disposition"]
    head, *rows = lines_of(answer)
    assert head[0] == "Date"
    assert [(row[2], row[3], row[5], row[6], row[7]) for row in rows] == [
        ("Brought forward", "", "", "", "400.00"),
        ("Bill", "GA/8", "40.00", "", "440.00"),
        ("Paid: Cash", "", "", "440.00", "0.00"),
        ("Owed at the end", "", "40.00", "440.00", "0.00"),
    ]
    assert rows[2][4] == "UTR4 · settled OLD/1 ₹ 400.00, GA/8 ₹ 40.00"


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_no_cell_runs_as_a_formula(signed_in, shop, supplier, soap, formula):
    buy(supplier, received(soap, 1, 40), number=formula, note=formula)
    for row in lines_of(signed_in.get(url(shop, "supplier_statement_file", supplier.pk))):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]


# --- paying ---------------------------------------------------------------------------------------------------
@pytest.fixture
def three_bills(supplier, soap):
    """Of 400, 80 and 200 rupees, the oldest first."""
    return [buy(supplier, received(soap, packs, 40), day=ago(days)) for days, packs in ((30, 10), (20, 2), (10, 5))]


def entries(bills):
    return list(SupplierEntry.objects.filter(document__receipt__in=bills).order_by("pk"))


def open_amounts(bills):
    return [entry.open for entry in entries(bills)]


def test_payment_settles_the_oldest_and_says_its_number(signed_in, shop, supplier, three_bills):
    answer = signed_in.post(url(shop, "pay_supplier", supplier.pk), payment(reference="Suresh", discount="20"), follow=True)
    paid = SupplierPayment.objects.get()
    assert (paid.amount, paid.discount, paid.method, paid.reference) == (500, 20, "cash", "Suresh")
    assert answer.redirect_chain[-1][0] == url(shop, "supplier", supplier.pk)
    assert f"Payment {paid.document.supplier_entry.number} is written down" in answer.content.decode()
    assert open_amounts(three_bills) == [0, 0, 160]
    books_agree(shop)


def test_chosen_bill_is_paid_first_and_the_rest_goes_to_the_oldest(signed_in, shop, supplier, three_bills):
    sent = payment(amount="250", **{box(entries(three_bills)[2]): "200"})
    signed_in.post(url(shop, "pay_supplier", supplier.pk), sent)
    assert open_amounts(three_bills) == [350, 80, 0]


def test_pressing_twice_pays_once_though_the_chosen_bill_is_settled_by_then(signed_in, shop, supplier, three_bills):
    sent = payment(amount="200", **{box(entries(three_bills)[2]): "200"})
    for _ in range(2):
        assert signed_in.post(url(shop, "pay_supplier", supplier.pk), sent, headers=HTMX)["HX-Redirect"] == url(
            shop, "supplier", supplier.pk
        )
    assert owed(supplier) == 480


def test_chosen_bill_that_somebody_else_settled_is_told_at_its_box(signed_in, shop, supplier, three_bills):
    chosen = entries(three_bills)[0]
    pay(supplier, "450")
    answer = signed_in.post(url(shop, "pay_supplier", supplier.pk), payment(amount="100", **{box(chosen): "100"}))
    assert answer.status_code == 422
    assert "It is settled by now." in answer.content.decode()
    assert SupplierPayment.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"amount": "9999999999"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"method": "gold"}, "method"),
        ({"method": ""}, "method"),
        ({"discount": "-1"}, "discount"),
        ({"discount": "9999"}, "discount"),
        ({"day": ""}, "day"),
        ({"day": "2099-01-01"}, "day"),
        ({"reference": "x" * 41}, "reference"),
    ],
    ids=str,
)
def test_each_mistake_of_a_payment_stands_at_its_box(signed_in, shop, supplier, three_bills, wrong, place):
    answer = signed_in.post(url(shop, "pay_supplier", supplier.pk), payment() | wrong, headers=HTMX)
    assert answer.status_code == 422
    assert answer.content.decode().strip().startswith('<form id="pay-form"')
    assert f'id="id_{place}_error"' in answer.content.decode()
    assert not SupplierPayment.objects.exists()


def test_more_than_a_bill_has_open_is_told_at_its_box(signed_in, shop, supplier, three_bills):
    chosen = entries(three_bills)[1]
    answer = signed_in.post(url(shop, "pay_supplier", supplier.pk), payment(**{box(chosen): "80.01"}))
    assert answer.status_code == 422
    assert f'id="id_{box(chosen)}_error"' in answer.content.decode()
    assert "Only ₹ 80.00 of it is open." in answer.content.decode().replace("\xa0", " ")


def test_bills_of_more_than_is_paid_are_refused_in_words(signed_in, shop, supplier, three_bills):
    answer = signed_in.post(url(shop, "pay_supplier", supplier.pk), payment(amount="100", **{box(entries(three_bills)[0]): "400"}))
    assert answer.status_code == 422
    assert "come to more than" in answer.content.decode()


def test_bill_of_another_supplier_cannot_be_paid(signed_in, shop, supplier, three_bills, soap):
    stranger = make_supplier(shop, "Stranger", gstin="")
    theirs = entries([buy(stranger, received(soap, 1, 40))])[0]
    signed_in.post(url(shop, "pay_supplier", supplier.pk), payment(amount="40", **{box(theirs): "40"}))
    theirs.refresh_from_db()
    assert theirs.open == 40


def test_page_offers_all_that_is_overdue_and_all_that_is_open(signed_in, shop, supplier, three_bills):
    address = url(shop, "pay_supplier", supplier.pk)
    assert 'value="480.00"' in shown(signed_in, address, pay="overdue")
    page = shown(signed_in, address, pay="all")
    assert 'value="680.00"' in page
    assert "We owe then</dt><dd>₹ 0.00" in page


# --- where it goes, while one writes --------------------------------------------------------------------------
def plan(client, supplier, **fields):
    answer = client.post(url(supplier.shop, "pay_plan", supplier.pk), payment(**fields), headers=HTMX)
    assert answer.status_code == 200
    assert not SupplierPayment.objects.filter(shop=supplier.shop).exists()
    return answer.content.decode().replace("\xa0", " ")


def test_plan_tells_what_each_bill_gets_and_what_is_owed_then(signed_in, supplier, three_bills):
    first, second, third = entries(three_bills)
    page = plan(signed_in, supplier, amount="500")
    for entry, told in ((first, "₹ 400.00"), (second, "₹ 80.00"), (third, "₹ 20.00")):
        assert told in page[page.index(f"#gets-{entry.pk}") :][:120]
    assert page.count("settled") == 2
    assert page.count("in part") == 1
    assert "We owe then</dt><dd>₹ 180.00" in page


def test_plan_tells_the_advance(signed_in, supplier, three_bills):
    page = plan(signed_in, supplier, amount="700")
    assert "Advance for the next bills</dt><dd>20.00" in page
    assert "Paid ahead then</dt><dd>₹ 20.00" in page


def test_plan_tells_what_cannot_be(signed_in, supplier, three_bills):
    assert "come to more than" in plan(signed_in, supplier, amount="100", **{box(entries(three_bills)[0]): "400"})


@pytest.mark.parametrize("amount", ["", "x", "-5", "1e999"])
def test_plan_waits_while_there_is_no_amount(signed_in, supplier, three_bills, amount):
    assert "Write what you pay" in plan(signed_in, supplier, amount=amount)


def test_plan_works_without_javascript(signed_in, shop, supplier, three_bills):
    answer = signed_in.post(url(shop, "pay_plan", supplier.pk), payment(amount="500"))
    assert "<html" in answer.content.decode()
    assert "₹\xa0180.00" in answer.content.decode()
    assert not SupplierPayment.objects.exists()


@pytest.mark.parametrize(("amount", "discount", "chosen"), [("500", "0", {}), ("120", "7", {1: "50"}), ("900", "0", {2: "200", 0: "1"})])
def test_what_is_planned_is_what_is_done(supplier, three_bills, amount, discount, chosen):
    from inventory.suppliers import Share

    papers = entries(three_bills)
    shares = [Share(papers[n].pk, D(rupees)) for n, rupees in chosen.items()] or None
    planned = planned_shares(supplier, D(amount) + D(discount), shares)
    document = pay(supplier, amount, discount=D(discount), shares=shares)
    done: dict[int, D] = {}
    for settled in document.supplier_entry.settles.all():
        done[settled.bill_id] = done.get(settled.bill_id, D(0)) + settled.amount
    assert planned == done


def test_pay_page_asks_as_often_for_thirty_bills_as_for_one(signed_in, shop, supplier, soap, django_assert_max_num_queries):
    counts = []
    for more in (1, 30):
        for n in range(more):
            buy(supplier, received(soap, 1, 40), day=ago(more + n))
        with django_assert_max_num_queries(9) as asked:
            signed_in.get(url(shop, "pay_supplier", supplier.pk))
        counts.append(len(asked))
    assert counts[0] == counts[1]


# --- the opening balance --------------------------------------------------------------------------------------
def opening(**fields):
    return {"way": "owed", "amount": "1200.50", "day": ago(5).isoformat(), "request_key": KEY, **fields}


@pytest.mark.parametrize(("way", "balance"), [("owed", "1200.50"), ("ahead", "-1200.50")])
def test_opening_balance_is_owed_or_paid_ahead(signed_in, shop, supplier, way, balance):
    address = url(shop, "supplier_opening", supplier.pk)
    for _ in range(2):  # pressed twice
        assert signed_in.post(address, opening(way=way)).status_code == 302
    assert owed(supplier) == D(balance)
    books_agree(shop)


def test_opening_balance_is_offered_once(signed_in, shop, supplier):
    address, account = url(shop, "supplier_opening", supplier.pk), url(shop, "supplier", supplier.pk)
    assert address in shown(signed_in, account)
    signed_in.post(address, opening())
    assert address not in shown(signed_in, account)
    assert signed_in.get(address)["Location"] == account
    again = signed_in.post(address, opening(request_key=OTHER_KEY))
    assert again.status_code == 422
    assert "entered already" in again.content.decode()


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"way": "x"}, "way"),
        ({"day": "2099-01-01"}, "day"),
    ],
    ids=str,
)
def test_each_mistake_of_an_opening_balance_stands_at_its_box(signed_in, shop, supplier, wrong, place):
    answer = signed_in.post(url(shop, "supplier_opening", supplier.pk), opening() | wrong, headers=HTMX)
    assert answer.status_code == 422
    assert f'id="id_{place}_error"' in answer.content.decode()
    assert not supplier.entries.exists()


# --- whose it is ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["supplier", "supplier_statement_file", "change_supplier", "pay_supplier", "supplier_opening"])
def test_another_shops_supplier_is_not_found(signed_in, shop, other_shop, name):
    theirs = make_supplier(other_shop, "Theirs")
    assert signed_in.get(url(shop, name, theirs.pk)).status_code == 404


@pytest.mark.parametrize("name", ["supplier_in_use", "change_supplier", "pay_supplier", "pay_plan", "supplier_opening"])
def test_nothing_can_be_done_to_another_shops_supplier(signed_in, shop, other_shop, name):
    theirs = make_supplier(other_shop, "Theirs")
    assert signed_in.post(url(shop, name, theirs.pk), payment() | opening() | {"in_use": "no", "name": "Mine"}).status_code == 404
    theirs.refresh_from_db()
    assert (theirs.name, theirs.is_active, theirs.balance) == ("Theirs", True, 0)
