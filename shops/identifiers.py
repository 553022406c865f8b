"""Other numbers of shops and people: FSSAI, UPI id, PIN code, phone."""

import re
import unicodedata

from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException

from smartkirana.errors import Refusal

_UPI_ID = re.compile(r"[a-z0-9][a-z0-9._-]{1,255}@[a-z][a-z0-9]{1,63}")


class IdentifierError(Refusal):
    """Codes: fssai, upi_id, pincode (each also the name of its field); bad_phone (field "phone")."""


def parse_fssai(text: str) -> str:
    """The 14 digits of a food licence or registration. Raises IdentifierError."""
    value = _digits(text)
    if not re.fullmatch(r"[0-9]{14}", value):
        raise IdentifierError(
            "fssai",
            "An FSSAI number has 14 digits. It is at the top of the licence or registration.",
            "fssai",
        )
    return value


def parse_upi_id(text: str) -> str:
    """A UPI id in small letters: name@handle. Raises IdentifierError."""
    value = text.strip()
    value = value.lower() if value.isascii() else value
    if not _UPI_ID.fullmatch(value):
        raise IdentifierError(
            "upi_id",
            "A UPI id looks like sharma@okbank: a name, @, and the bank's handle, no spaces. Copy it from your UPI app.",
            "upi_id",
        )
    return value


def parse_pincode(text: str) -> str:
    """The 6 digits of an Indian PIN code. Raises IdentifierError."""
    value = _digits(text)
    if not re.fullmatch(r"[1-9][0-9]{5}", value):
        raise IdentifierError("pincode", "A PIN code has 6 digits and does not begin with 0.", "pincode")
    return value


def parse_phone(text: str) -> str:
    """A phone as people type it (ten digits, spaces, 0 or +91 before it) as E.164: "+919876543210". Raises IdentifierError."""
    wrong = IdentifierError("bad_phone", "Give a phone number of ten digits.", "phone")
    try:
        number = PhoneNumber.from_string(text.strip(), region="IN")
    except NumberParseException:
        raise wrong from None
    if not number.is_valid():
        raise wrong
    return number.as_e164


def _digits(text: str) -> str:
    """Without spaces, and with the digits of Indian keyboards read as 0-9."""
    return "".join(str(unicodedata.decimal(character, character)) for character in "".join(text.split()))
