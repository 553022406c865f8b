"""How goods are found by words: the text that is indexed, and the query that meets it.

Each indexed word is "<shop id>:<word>", so one index serves all shops and never mixes them. Words come from
`smartkirana.text`, which knows case, accents and scripts; PostgreSQL only matches them, by prefix.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.postgres.search import SearchQueryField
from django.db.models import BooleanField, F, Func, Value
from django.db.models.functions import Cast

from catalog.barcodes import BarcodeError, parse_barcode
from smartkirana.text import normalise, words

SEARCHED = frozenset({"name", "local_name", "search_words", "shelf", "sku", "plu"})


def find_text(product, codes: Iterable[str]) -> str:
    """The words a product is found by, normalised: name first (a search ranks names that begin so), then all other words and codes."""
    parts = [product.name, product.local_name, product.search_words, product.shelf, product.sku, str(product.plu or ""), *codes]
    return normalise(" ".join(parts))


class _Matches(Func):
    """`vector @@ query`, without the text parser that Django's own lookup brings in."""

    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = BooleanField()


def matches(shop_id: int, text: str) -> _Matches | None:
    """A condition on Product: every word of `text` begins some word of it. None when the text holds no word."""
    found = words(text)
    if not found:
        return None
    query = " & ".join(_word(shop_id, word) for word in found)
    return _Matches(F("search_vector"), Cast(Value(query), SearchQueryField()))


def code_of(text: str) -> str:
    """The barcode that `text` is, in its stored form; "" when it cannot be one."""
    try:
        return parse_barcode(text)
    except BarcodeError:
        return ""


def _word(shop_id: int, word: str) -> str:
    forms = [word]
    if len(word) == 12 and word.isdigit():  # UPC-A is stored as the EAN-13 it is
        forms.append("0" + word)
    lexemes = [f"{_quoted(f'{shop_id}:{form}')}:*" for form in forms]
    return lexemes[0] if len(lexemes) == 1 else f"({' | '.join(lexemes)})"


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
