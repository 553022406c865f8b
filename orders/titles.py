"""What a bill is called: the law names it by seller, goods and buyer (Rules 46, 46A and 49).

The English words are kept with the bill; its papers translate them into the bill's language.
"""

from django.utils.translation import gettext_noop as words

TAX_INVOICE = words("Tax Invoice")
BILL_OF_SUPPLY = words("Bill of Supply")
INVOICE_CUM_BILL = words("Invoice-cum-Bill of Supply")
TAX_INVOICE_AND_BILL = words("Tax Invoice + Bill of Supply")
CASH_MEMO = words("Cash Memo")

CREDIT_NOTE = words("Credit Note")
COMMERCIAL_NOTE = words("Commercial Credit Note (no GST)")  # after section 34's last day

# Rule 5(1)(f): a composition seller prints this at the top of every bill of supply.
COMPOSITION_DECLARATION = words("Composition taxable person, not eligible to collect tax on supplies")


def document_title(scheme: str, has_taxable: bool, has_exempt: bool, buyer_registered: bool) -> str:
    """The title of a bill.

    scheme  "regular", "composition" or "unregistered"
    Raises ValueError for another scheme, and for a regular seller's bill with no goods of either kind.
    """
    if scheme == "unregistered":
        return CASH_MEMO
    if scheme == "composition":
        return BILL_OF_SUPPLY
    if scheme != "regular":
        raise ValueError(f"unknown tax scheme {scheme!r}")
    if has_taxable and has_exempt:
        return TAX_INVOICE_AND_BILL if buyer_registered else INVOICE_CUM_BILL
    if has_taxable:
        return TAX_INVOICE
    if has_exempt:
        return BILL_OF_SUPPLY
    raise ValueError("a bill without goods has no title")


def declaration(scheme: str) -> str:
    """The sentence the law wants at the top of the bill; "" for most sellers."""
    return COMPOSITION_DECLARATION if scheme == "composition" else ""


# Said on papers by other parts of the house in English; here so that they are translated there.
ON_PAPER = (words("Cash"), words("UPI"), words("Card"), words("Bank transfer"), words("Khata"), words("Credit note"), words("exempt"))
