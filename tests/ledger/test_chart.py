"""The chart of accounts that every shop starts with."""

from ledger.chart import CHART

# What outside clients rely on, to the letter.
PUBLISHED = {
    "1001": "Cash", "1002": "Bank Account", "1003": "Inventory", "1004": "Accounts Receivable", "1005": "Fixed Assets",
    "2001": "Accounts Payable", "2002": "Loan Payable", "2003": "GST Payable", "3001": "Capital", "4001": "Sales Revenue",
    "4002": "Sales Return", "5001": "Cost of Goods Sold", "5002": "Salary & Wages", "5003": "Rent", "5004": "Utilities",
    "5005": "Administrative",
}  # fmt: skip


def test_published_codes_keep_their_names():
    names = {a.code: a.name for a in CHART}
    assert {code: names.get(code) for code in PUBLISHED} == PUBLISHED


def test_codes_are_used_once():
    codes = [a.code for a in CHART]
    assert len(codes) == len(set(codes))


def test_parents_are_accounts_without_parents():
    top = {a.code for a in CHART if not a.parent}
    assert {a.parent for a in CHART if a.parent} <= top


def test_new_shop_has_the_whole_chart(shop):
    assert {(a.code, a.name, a.type, a.parent.code if a.parent else "") for a in shop.accounts.select_related("parent")} == {
        (a.code, a.name, a.type, a.parent) for a in CHART
    }


def test_opening_the_books_twice_adds_nothing(shop):
    from ledger.services import open_books

    open_books(shop=shop)
    assert shop.accounts.count() == len(CHART)
