"""GSTIN and PAN: the numbers of registered sellers and buyers, checked before they are believed.

The patterns are those the GST portal publishes; the check character is Luhn's method in base 36.
"""

import re
from dataclasses import dataclass

from smartkirana.errors import Refusal

STATES: dict[str, str] = {
    "01": "Jammu and Kashmir",
    "02": "Himachal Pradesh",
    "03": "Punjab",
    "04": "Chandigarh",
    "05": "Uttarakhand",
    "06": "Haryana",
    "07": "Delhi",
    "08": "Rajasthan",
    "09": "Uttar Pradesh",
    "10": "Bihar",
    "11": "Sikkim",
    "12": "Arunachal Pradesh",
    "13": "Nagaland",
    "14": "Manipur",
    "15": "Mizoram",
    "16": "Tripura",
    "17": "Meghalaya",
    "18": "Assam",
    "19": "West Bengal",
    "20": "Jharkhand",
    "21": "Odisha",
    "22": "Chhattisgarh",
    "23": "Madhya Pradesh",
    "24": "Gujarat",
    "25": "Daman and Diu (before 2020)",
    "26": "Dadra and Nagar Haveli and Daman and Diu",
    "27": "Maharashtra",
    "28": "Andhra Pradesh (before division)",
    "29": "Karnataka",
    "30": "Goa",
    "31": "Lakshadweep",
    "32": "Kerala",
    "33": "Tamil Nadu",
    "34": "Puducherry",
    "35": "Andaman and Nicobar Islands",
    "36": "Telangana",
    "37": "Andhra Pradesh",
    "38": "Ladakh",
    "96": "Other countries",
    "97": "Other territory",
    "99": "Centre jurisdiction",
}
# Here the state's half of the tax is UTGST by name; amounts and returns are the same.
UNION_TERRITORIES_WITHOUT_LEGISLATURE = frozenset({"04", "26", "31", "35", "38"})
SUCCESSOR_STATES = {"25": "26", "28": "37"}  # codes that only old numbers carry
OF_NO_STATE = frozenset({"97", "99"})  # offices registered with the centre, or at sea

NORMAL, GOVERNMENT, TCS, TDS = "normal", "government", "tcs", "tds"
UN_BODY, NON_RESIDENT = "un_body", "non_resident"

# In this order: a deductor's or collector's number fits the normal pattern too.
_PATTERNS = (
    (UN_BODY, re.compile(r"[0-9]{4}[A-Z]{3}[0-9]{5}[UO]N[A-Z0-9]")),
    (NON_RESIDENT, re.compile(r"[0-9]{4}[A-Z]{3}[0-9]{5}NR[0-9A-Z]")),
    (GOVERNMENT, re.compile(r"[0-9]{2}[A-Z]{4}[0-9]{5}[A-Z][0-9]Z[0-9]")),
    (TCS, re.compile(r"[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]C[0-9A-Z]")),
    (TDS, re.compile(r"[0-9]{2}[A-Z]{4}[A-Z0-9][0-9]{4}[A-Z][1-9A-Z]D[0-9A-Z]")),
    (NORMAL, re.compile(r"[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z][Z1-9ABD-J][0-9A-Z]")),
)
_PAN = re.compile(r"[A-Z]{5}[0-9]{4}[A-Z]")
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Identity numbers of these two are older than the check character, and some do not carry one.
_UNCHECKED = frozenset({UN_BODY, GOVERNMENT})
_HOLDERS = {
    "P": "individual",
    "C": "company",
    "H": "Hindu undivided family",
    "F": "firm",
    "A": "association of persons",
    "B": "body of individuals",
    "T": "trust",
    "L": "local authority",
    "J": "artificial juridical person",
    "G": "government",
}


class GstinError(Refusal):
    """Codes: gstin_length, gstin_pattern, gstin_state, gstin_check, gstin_other_state; field "gstin"."""


class PanError(Refusal):
    """Codes: pan_length, pan_pattern; field "pan"."""


@dataclass(frozen=True, slots=True)
class Gstin:
    """A GSTIN or UIN in its stored form.

    pan      "" where the number is not built on a PAN (UN bodies, non-residents, some offices)
    kind     normal, government, tcs, tds, un_body or non_resident
    warning  a sentence to show although the number is taken; "" when all is well
    """

    value: str
    state_code: str
    pan: str
    kind: str
    warning: str = ""

    def __str__(self) -> str:
        return self.value

    @property
    def state(self) -> str:
        return STATES[self.state_code]


def parse_gstin(text: str) -> Gstin:
    """Read a GSTIN as typed or pasted: case and spaces make no difference. Raises GstinError."""
    value = _upper(text)
    if len(value) != 15:
        raise _wrong(
            "length",
            f"A GSTIN has 15 characters, this has {len(value)}. Look for a missing or doubled one.",
        )
    kind = next((kind for kind, pattern in _PATTERNS if pattern.fullmatch(value)), None)
    if kind is None:
        raise _wrong(
            "pattern",
            "This is not how a GSTIN is built: 2 digits of the state, 10 characters of the PAN, "
            "3 more. Look for O typed as 0 or I typed as 1.",
        )
    state = value[:2]
    if state not in STATES or state == "96":  # 96 is a place of supply, nobody is registered there
        raise _wrong("state", f"No state has the code {state}. Check the first two digits.")
    pan = value[2:12] if kind in (NORMAL, TCS, TDS) and _PAN.fullmatch(value[2:12]) else ""
    return Gstin(value, state, pan, kind, _warning(value, kind))


def check_character(first14: str) -> str:
    """The 15th character that belongs to the first 14. Raises ValueError for other input."""
    if len(first14) != 14 or not set(first14) <= set(_DIGITS):
        raise ValueError(f"{first14!r} is not 14 characters of 0-9 and A-Z")
    total = 0
    for position, character in enumerate(first14):
        product = _DIGITS.index(character) * (1 + position % 2)
        total += sum(divmod(product, 36))
    return _DIGITS[-total % 36]


def parse_pan(text: str) -> str:
    """A PAN in its stored form. Its last letter is a check letter of unpublished make, so only
    the pattern can be tested. Raises PanError.
    """
    value = _upper(text)
    if len(value) != 10:
        raise PanError("pan_length", f"A PAN has 10 characters, this has {len(value)}. Check it.", "pan")
    if not _PAN.fullmatch(value):
        raise PanError("pan_pattern", "A PAN is 5 letters, 4 digits and a letter. Check each.", "pan")
    return value


def pan_holder(pan: str) -> str:
    """Who a PAN was given to ("individual", "company" …) by its 4th letter; "" if unknown."""
    return _HOLDERS.get(pan[3:4], "")


def _warning(value: str, kind: str) -> str:
    if value[14] != check_character(value[:14]):
        if kind not in _UNCHECKED:
            raise _wrong(
                "check",
                "One character of this GSTIN is misread: the last one does not fit the others. "
                "Compare it with the certificate or the supplier's bill.",
            )
        return "The last character does not fit the others. Compare it with the certificate."
    new = SUCCESSOR_STATES.get(value[:2])
    if new:
        return f"Code {value[:2]} is on old numbers only, {STATES[new]} is {new} now. Ask for the new GSTIN."
    return ""


def _upper(text: str) -> str:
    bare = "".join(text.split())
    # Outside ASCII, upper() makes plain letters of foreign ones ("ſ" becomes "S").
    return bare.upper() if bare.isascii() else bare


def _wrong(code: str, message: str) -> GstinError:
    return GstinError(f"gstin_{code}", message, "gstin")


def gstin_in(text: str, state_code: str) -> str:
    """The stored form of a GSTIN whose holder has an address in `state_code` ("" for none); "" for an empty text. Raises GstinError."""
    if not text.strip():
        return ""
    found = parse_gstin(text)
    home = SUCCESSOR_STATES.get(found.state_code, found.state_code)
    if state_code and home not in OF_NO_STATE and home != SUCCESSOR_STATES.get(state_code, state_code):
        raise GstinError("gstin_other_state", f"This GSTIN is of {found.state}, the address of {STATES[state_code]}.", "gstin")
    return found.value
