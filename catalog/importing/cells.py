"""One cell of a list as a value of the product, or a sentence saying why it cannot be one."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from catalog.barcodes import BarcodeError, parse_barcode
from catalog.rules import LARGEST_QUANTITY, LONGEST
from catalog.units import UNITS
from smartkirana.text import clean_name, normalise

PLACES = {"mrp": 2, "price": 2, "cost": 4, "min_stock": 3, "max_stock": 3, "reorder_quantity": 3, "gst_rate": 2}
_YES = {"yes", "y", "true", "1", "on", "active", "haan", "ha", "हाँ", "हां", "होय"}
_NO = {"no", "n", "false", "0", "off", "inactive", "nahi", "नहीं", "नाही"}
SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_CURRENCY = re.compile(r"^(?:₹|rs\.?|inr)\s*|\s*(?:/-|₹|rs\.?|inr|%)$", re.IGNORECASE)
_FORMULA = re.compile(r"'(?=[=+\-@\t\r])")
_UNIT_WORDS = {
    "pc": "pc pcs piece pieces nos no number numbers each ea unit units u",
    "pack": "pack packs packet packets pkt pkts pac pouch sachet",
    "kg": "kg kgs kilo kilos kilogram kilograms kilogramme",
    "g": "g gm gms gram grams gr",
    "l": "l lt ltr ltrs lit litre litres liter liters",
    "ml": "ml mlt millilitre milliliter millilitres",
    "m": "m mtr mtrs metre meter metres meters",
    "dozen": "dozen doz dzn dz",
    "pair": "pair pairs prs",
    "box": "box boxes bx",
    "bottle": "bottle bottles btl",
    "bag": "bag bags",
    "can": "can cans tin tins",
    "carton": "carton cartons ctn case cases",
    "bundle": "bundle bundles bdl",
    "roll": "roll rolls rol",
}
UNIT_OF = {word: code for code, words in _UNIT_WORDS.items() for word in words.split()} | {u.uqc.lower(): u.code for u in UNITS}


class BadCell(Exception):
    """Why a cell cannot be taken; the message is fit to show."""


@lru_cache(maxsize=8192)  # a list says "pc", "5" and "Biscuits" thousands of times
def read_cell(field: str, text: str):
    """The value of a cell that is not empty: text, Decimal, bool, int, or for barcodes a tuple of (code, pieces). Raises BadCell."""
    text = _FORMULA.sub("", text, count=1)
    if field in LONGEST:
        return _words(field, text)
    if field in PLACES:
        return number(text, PLACES[field])
    return _READERS[field](text)


def _words(field: str, text: str) -> str:
    clean = clean_name(text)
    if len(clean) > LONGEST[field]:
        raise BadCell(f"Longer than {LONGEST[field]} letters.")
    if field == "sku" and SCIENTIFIC.fullmatch(clean):
        raise BadCell(shortened(clean))
    return clean


def number(text: str, places: int) -> Decimal:
    """A figure as people and programs write it: "₹ 1,234.50", "45/-", "5 %". Raises BadCell."""
    plain = _CURRENCY.sub("", _CURRENCY.sub("", text.strip())).replace(",", "").replace("\u00a0", "").replace(" ", "")
    try:
        value = Decimal(plain) if "_" not in plain else None
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite():
        raise BadCell("Not a number.")
    if value < 0:
        raise BadCell("Below zero.")
    if value > Decimal("99999999"):
        raise BadCell("Too large a figure.")
    if value != round(value, places):
        raise BadCell(f"More than {places} decimals.")
    return round(value, places)


def _whole(text: str) -> int:
    value = number(text, 0)
    if not 1 <= value <= 99999:
        raise BadCell("A PLU is a number from 1 to 99999.")
    return int(value)


def _yes_no(text: str) -> bool:
    word = normalise(text)
    if word in _YES | _NO:
        return word in _YES
    raise BadCell("Write yes or no.")


def _unit(text: str) -> str:
    code = UNIT_OF.get(normalise(text).replace(" ", ""))
    if code is None:
        raise BadCell(f"Unknown unit. Use one of: {', '.join(u.name for u in UNITS)}.")
    return code


def _hsn(text: str) -> str:
    digits = "".join(text.split())
    if not (digits.isascii() and digits.isdigit()):
        raise BadCell("An HSN is digits only.")
    if len(digits) in (3, 5, 7):  # a spreadsheet drops the zero of 0405
        digits = "0" + digits
    if len(digits) not in (4, 6, 8):
        raise BadCell("An HSN has 4, 6 or 8 digits.")
    return digits


def _codes(text: str) -> tuple[tuple[str, Decimal], ...]:
    found: dict[str, Decimal] = {}
    for part in re.split(r"[,;|\n]+", text):
        code_text, _, holds = part.strip().partition("=")
        if not code_text:
            continue
        if SCIENTIFIC.fullmatch(code_text):
            raise BadCell(shortened(code_text))
        try:
            code = parse_barcode(code_text)
        except BarcodeError as error:
            raise BadCell(f"{code_text}: {error.message}") from error
        if code in found:
            raise BadCell(f"{code} stands twice in the cell.")
        found[code] = number(holds, 3) if holds else Decimal(1)
        if not 0 < found[code] <= LARGEST_QUANTITY:
            raise BadCell(f"How many does {code} stand for? Give a number above zero.")
    return tuple(found.items())


def shortened(text: str) -> str:
    """The sentence for a code that a spreadsheet keeps as 8.90E+12."""
    return f"Excel has shortened this number to {text}. Format the column as text, type the code again, and save."


_READERS = {"plu": _whole, "loose": _yes_no, "perishable": _yes_no, "is_active": _yes_no, "unit": _unit, "hsn": _hsn, "barcode": _codes}
