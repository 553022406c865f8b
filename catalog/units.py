"""Units that goods are sold by, the decimals a quantity may have, and their codes on GST documents (UQC)."""

from typing import NamedTuple


class Unit(NamedTuple):
    code: str
    name: str
    uqc: str
    decimals: int


UNITS = (
    Unit("pc", "piece", "PCS", 0),
    Unit("pack", "packet", "PAC", 0),
    Unit("kg", "kilogram", "KGS", 3),
    Unit("g", "gram", "GMS", 0),
    Unit("l", "litre", "LTR", 3),
    Unit("ml", "millilitre", "MLT", 0),
    Unit("m", "metre", "MTR", 2),
    Unit("dozen", "dozen", "DOZ", 3),
    Unit("pair", "pair", "PRS", 0),
    Unit("box", "box", "BOX", 0),
    Unit("bottle", "bottle", "BTL", 0),
    Unit("bag", "bag", "BAG", 0),
    Unit("can", "can", "CAN", 0),
    Unit("carton", "carton", "CTN", 0),
    Unit("bundle", "bundle", "BDL", 0),
    Unit("roll", "roll", "ROL", 0),
)
_BY_CODE = {u.code: u for u in UNITS}


_ALSO = {
    "pcs": "pc", "nos": "pc", "no": "pc", "unit": "pc", "units": "pc", "each": "pc", "pkt": "pack", "kilo": "kg", "kgs": "kg",
    "gm": "g", "gms": "g", "ltr": "l", "liter": "l", "millilitre": "ml", "milliliter": "ml", "mtr": "m", "meter": "m", "dz": "dozen",
}  # fmt: skip
_BY_NAME = {name: u.code for u in UNITS for name in (u.code, u.name, f"{u.name}s", u.uqc.lower())} | _ALSO


def unit_named(text: str) -> str | None:
    """The code of a unit as programs write it ("kg", "Kilogram", "KGS", "pcs"); None for a word that names none."""
    return _BY_NAME.get(text.strip().lower())


def decimals_of(code: str) -> int:
    """Decimal places a quantity in this unit may have (0 to 3)."""
    return _BY_CODE[code].decimals


def uqc_of(code: str) -> str:
    """The three-letter unit quantity code for GST invoices and returns."""
    return _BY_CODE[code].uqc


def name_of(code: str) -> str:
    """The unit's name for people: "kilogram"."""
    return _BY_CODE[code].name
