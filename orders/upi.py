"""UPI payment links and their QR code (NPCI linking specification; ISO/IEC 18004).

A link asks for money; it proves nothing. Whether the money came is for bank and owner to see.
"""

import re
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import quote

import segno

from shops.identifiers import parse_upi_id
from smartkirana.errors import Refusal
from smartkirana.money import Number, money
from smartkirana.text import clean_name

MAX_REFERENCE = 35
MAX_NOTE = 50
PLAIN_MASK = 3  # one of the eight patterns of the standard; weighing all eight takes 20 ms, and a code of random letters gains nothing
QUIET_ZONE = 4  # modules of white around the code, without which cameras miss it


class UpiError(Refusal):
    """Codes: upi_name, upi_amount."""


class QrPath(NamedTuple):
    """A QR code for `<svg viewBox="0 0 size size"><path d="…"/></svg>`: one unit is one module."""

    size: int
    d: str


def upi_link(*, pa: str, pn: str, amount: Number | None, reference: str = "", note: str = "") -> str:
    """A `upi://pay` link in rupees.

    pa         the shop's UPI id; pn the name behind it
    amount     rupees above zero, or None: the payer types it
    reference  unique per attempt; sent as its letters and digits, the last 35 if more
    note       shown to the payer, cut at 50 characters; a slash in it becomes a hyphen

    Raises IdentifierError for a wrong UPI id, UpiError: "upi_name", "upi_amount".
    """
    name = clean_name(pn)
    if not name:
        raise UpiError("upi_name", "Give the name behind the UPI id in the shop's settings.", "upi_name")
    parts = {"pa": parse_upi_id(pa), "pn": name}
    if amount is not None:
        parts["am"] = str(_asked(amount))
    # The end of a reference holds its running number, so that is the part to keep.
    parts["tr"] = re.sub(r"[^A-Za-z0-9]", "", reference)[-MAX_REFERENCE:]
    parts["tn"] = clean_name(note).replace("/", "-")[:MAX_NOTE].strip()
    parts["cu"] = "INR"
    # Spaces as %20: payment apps show the plus of form encoding as a plus.
    return "upi://pay?" + "&".join(f"{key}={quote(value, safe='@')}" for key, value in parts.items() if value)


def qr_path(text: str, *, quiet_zone: int = QUIET_ZONE, mask: int | None = None) -> QrPath:
    """The QR code of a text in UTF-8, byte mode, error correction M, as one SVG path; `mask` None weighs all eight patterns.

    Raises ValueError if the text is too long for a QR code (2,331 bytes).
    """
    matrix = qr_matrix(text, mask=mask)
    runs = [
        f"M{start + quiet_zone} {y + quiet_zone}h{length}v1h-{length}z" for y, row in enumerate(matrix) for start, length in _dark_runs(row)
    ]
    return QrPath(len(matrix) + 2 * quiet_zone, "".join(runs))


def qr_matrix(text: str, *, mask: int | None = None) -> tuple[bytearray, ...]:
    """The rows of the code, 1 for a dark module, without quiet zone."""
    return segno.make(text.encode(), mode="byte", error="m", boost_error=False, micro=False, mask=mask).matrix


def _dark_runs(row: bytearray) -> list[tuple[int, int]]:
    """(start, length) of each run of dark modules."""
    return [(run.start(), run.end() - run.start()) for run in re.finditer(rb"\x01+", bytes(row))]


def _asked(amount: Number) -> Decimal:
    asked = money(amount)
    if asked <= 0:
        raise UpiError("upi_amount", "There is nothing to pay by UPI.", "amount")
    return asked
