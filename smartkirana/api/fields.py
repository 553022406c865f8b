"""The kinds of value in the API's JSON. Amounts are decimals: strings with fixed places going out, a number or a string coming in."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.utils import timezone
from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler, PlainSerializer, StringConstraints, WithJsonSchema

MOST = 2**63 - 1
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


def _fixed(places: int) -> PlainSerializer:
    return PlainSerializer(lambda value: f"{value:.{places}f}", return_type=str)


def _out(places: int, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": rf"^-?\d+\.\d{{{places}}}$", "examples": [example]}, mode="serialization")


def _number(value: Any) -> Any:
    """True and false are no amounts, and a number in a string may stand between spaces."""
    if isinstance(value, bool):
        raise ValueError("Give a number.")
    return value.strip() if isinstance(value, str) else value


def _is_text(value: str) -> str:
    if _NO_TEXT.search(value):
        raise ValueError("This holds characters that are no text.")
    return value


class _Length:
    """How long a text may be, where the field of the schema does not say it (`= Field(max_length=40)`): of two lengths written down
    as constraints pydantic takes the one of the type.
    """

    def __init__(self, most: int, least: int = 0) -> None:
        self.lengths = {"max_length": most, **({"min_length": least} if least else {})}

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        return {**self.lengths, **handler(source)}


_asked = BeforeValidator(_number)

# --- going out ---
Rupees = Annotated[Decimal, _fixed(2), _out(2, "75.00")]
UnitCost = Annotated[Decimal, _fixed(4), _out(4, "41.2500")]
Quantity = Annotated[Decimal, _fixed(3), _out(3, "2.000")]
Percent = Annotated[Decimal, _fixed(2), _out(2, "5.00")]

# --- coming in ---
RupeesIn = Annotated[Decimal, _asked, Field(ge=0, max_digits=12, decimal_places=2, examples=["75.00"])]
PriceIn = Annotated[Decimal, _asked, Field(ge=0, max_digits=10, decimal_places=2, examples=["75.00"])]
CostIn = Annotated[Decimal, _asked, Field(ge=0, max_digits=12, decimal_places=4, examples=["41.25"])]
QuantityIn = Annotated[Decimal, _asked, Field(gt=0, max_digits=12, decimal_places=3, examples=["2.000"])]
LevelIn = Annotated[Decimal, _asked, Field(ge=0, max_digits=12, decimal_places=3, examples=["10.000"])]
ChangeIn = Annotated[Decimal, _asked, Field(ge=-999_999_999, max_digits=12, decimal_places=3, examples=["-2.000"])]
PercentIn = Annotated[Decimal, _asked, Field(ge=0, le=100, max_digits=5, decimal_places=2, examples=["5.00"])]
Id = Annotated[int, Field(ge=1, le=MOST)]
Text = Annotated[str, StringConstraints(strip_whitespace=True), _Length(500), AfterValidator(_is_text)]
Name = Annotated[str, StringConstraints(strip_whitespace=True), _Length(120, least=1), AfterValidator(_is_text)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True), _Length(20_000), AfterValidator(_is_text)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_is_text)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]
Moment = Annotated[
    datetime,
    PlainSerializer(lambda value: timezone.localtime(value).isoformat(timespec="seconds"), return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-02-04T11:30:00+05:30"]}, mode="serialization"),
]
