"""Barcodes: the check digit decides between a good scan and a misread one (GS1)."""

import re

from smartkirana.errors import Refusal

MAX_LENGTH = 48
_GTIN_LENGTHS = (8, 12, 13, 14)
_OTHER = re.compile(r"[A-Z0-9./-]+")


class BarcodeError(Refusal):
    """Codes: barcode_empty, barcode_misread, barcode_long, barcode_letters; field "barcode"."""


def parse_barcode(text: str) -> str:
    """The stored form of a scanned or typed code, the same for both. Raises BarcodeError.

    EAN-8, UPC-A, EAN-13 and ITF-14 must have a right check digit; UPC-A is kept as the EAN-13
    it is. Any other code is letters, digits and - . / in capitals.
    """
    code = text.strip()
    if not code:
        raise BarcodeError("barcode_empty", "Scan or type a code.", "barcode")
    if len(code) > MAX_LENGTH:
        raise BarcodeError("barcode_long", f"A code has at most {MAX_LENGTH} characters. Scan again.", "barcode")
    code = code.upper() if code.isascii() else code
    if not _OTHER.fullmatch(code):
        raise BarcodeError(
            "barcode_letters",
            "Misread code. Scan again. A code has only letters A-Z, digits and - . /",
            "barcode",
        )
    if not code.isdigit() or len(code) not in _GTIN_LENGTHS:
        return code
    if code[-1] != ean_check_digit(code[:-1]):
        raise BarcodeError("barcode_misread", "Misread code. Scan again, or check each digit.", "barcode")
    return code.rjust(13, "0") if len(code) == 12 else code


def ean_check_digit(body: str) -> str:
    """The digit that ends EAN-8, UPC-A, EAN-13 or ITF-14, from all digits before it.

    From the right the digits weigh 3, 1, 3, 1 …, which for the 12 of an EAN-13 is 1, 3 from the
    left. Raises ValueError for anything but digits.
    """
    if not re.fullmatch(r"[0-9]+", body):
        raise ValueError(f"{body!r} is not digits")
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def in_store_ean(prefix: str, number: int) -> str:
    """An EAN-13 for the shop's own labels: a prefix 20 to 29, ten digits of number, check digit.

    These prefixes are no company's, so they never meet a maker's code. Raises ValueError.
    """
    if not re.fullmatch(r"2[0-9]", prefix):
        raise ValueError(f"{prefix!r} is not an in-store prefix (20 to 29)")
    if not 0 <= number < 10**10:
        raise ValueError(f"{number} does not fit ten digits")
    body = f"{prefix}{number:010d}"
    return body + ean_check_digit(body)
