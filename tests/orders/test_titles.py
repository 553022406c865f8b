from itertools import product

import pytest

from orders.titles import declaration, document_title


@pytest.mark.parametrize(
    ("taxable", "exempt", "registered", "title"),
    [
        (True, False, False, "Tax Invoice"),
        (True, False, True, "Tax Invoice"),
        (False, True, False, "Bill of Supply"),
        (False, True, True, "Bill of Supply"),
        (True, True, False, "Invoice-cum-Bill of Supply"),
        (True, True, True, "Tax Invoice + Bill of Supply"),
    ],
)
def test_a_regular_seller_titles_by_basket_and_buyer(taxable, exempt, registered, title):
    assert document_title("regular", taxable, exempt, registered) == title


@pytest.mark.parametrize(("scheme", "title"), [("composition", "Bill of Supply"), ("unregistered", "Cash Memo")])
def test_other_sellers_have_one_title_for_everything(scheme, title):
    assert {document_title(scheme, *case) for case in product((True, False), repeat=3)} == {title}


def test_no_goods_and_unknown_schemes_have_no_title():
    with pytest.raises(ValueError, match="without goods"):
        document_title("regular", False, False, False)
    with pytest.raises(ValueError, match="casual"):
        document_title("casual", True, False, False)


def test_only_a_composition_seller_declares_it():
    assert declaration("composition") == "Composition taxable person, not eligible to collect tax on supplies"
    assert declaration("regular") == declaration("unregistered") == ""
