"""What the operations on bank files take and answer."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from smartkirana.api.fields import Id, Moment, Name, Rupees, Text
from smartkirana.api.shapes import Shape
from smartkirana.api.uploads import Columns

SourceOf = Literal["bank", "upi", "card"]
LineState = Literal["open", "matched", "aside"]


class BankColumnsIn(Shape):
    columns: Columns = Field(description="Field → number of the column, from 0.", examples=[{"date": 0, "text": 1, "amount": 2}])
    source: SourceOf
    account: Name = Field(max_length=40, examples=["HDFC current"])


class ReadLineOut(Shape):
    row: int
    day: date
    at: Moment | None
    amount: Rupees
    charge: Rupees
    net: Rupees
    reference: str
    text: str


class BadCellOut(Shape):
    row: int
    column: str
    text: str
    reason: str


class BankFileOut(Shape):
    id: int
    filename: str
    source: SourceOf
    account: str
    headings: list[str]
    columns: dict[str, int] = Field(description="Field → number of the column; as guessed while `needs_columns`.")
    needs_columns: bool
    rows: int
    brought_in_at: Moment
    brought_in_by: str


class BankFileReadOut(BankFileOut):
    """The file as far as it can be read. Nothing of it is taken in yet."""

    fields: dict[str, str] = Field(description="What a column may be.")
    new_lines: int
    known_lines: int
    amount: Rupees
    charge: Rupees
    net: Rupees
    left_out: int = Field(description="Rows of money that left, failed, or that are no payment.")
    problems: list[BadCellOut] = Field(description="The first 50.")
    problem_count: int
    first_lines: list[ReadLineOut]


class BankStatementOut(Shape):
    id: int
    source: SourceOf
    account: str
    filename: str
    first_day: date
    last_day: date
    read: int
    known: int
    matched: int
    aside: int
    open: int
    taken_in_at: Moment
    taken_in_by: str


class ClaimOut(Shape):
    """A payment that a line may be, or is."""

    payment_id: int
    method: str
    amount: Rupees
    state: str
    reference: str
    at: Moment
    bill_number: str | None
    customer_id: int | None


class BankLineOut(Shape):
    id: int
    statement_id: int
    row: int
    day: date
    at: Moment | None
    amount: Rupees
    charge: Rupees
    net: Rupees
    reference: str
    text: str
    state: LineState
    payment: ClaimOut | None


class LineSaidOut(Shape):
    kind: Literal["matched", "aside", "undone"]
    payment_id: int | None
    charge: Rupees
    found_by_program: bool
    reason: str
    said_by: str
    at: Moment


class BankLineFullOut(BankLineOut):
    said: list[LineSaidOut]
    candidates: list[ClaimOut]


class SurePairOut(Shape):
    line: BankLineOut
    payment: ClaimOut
    why: str


class DoubtfulOut(Shape):
    line: BankLineOut
    payments: list[ClaimOut]


class ProposalOut(Shape):
    """What the open lines may be. `sure` and the other lists show the first ones; `pairs` are all sure ones."""

    pairs: list[list[int]] = Field(description="[line, payment], to be sent to confirm.")
    sure: list[SurePairOut]
    doubtful: list[DoubtfulOut]
    no_bill_found: list[BankLineOut]
    not_in_the_file: list[ClaimOut]
    more: dict[str, int] = Field(description="How many of each are not shown.")
    sure_amount: Rupees
    sure_charge: Rupees


class BankStatementFullOut(BankStatementOut):
    amount_matched: Rupees
    amount_open: Rupees
    amount_aside: Rupees
    charge: Rupees
    net: Rupees
    proposal: ProposalOut


Pair = Annotated[list[Id], Field(min_length=2, max_length=2)]


class PairsIn(Shape):
    pairs: list[Pair] = Field(min_length=1, max_length=10_000, examples=[[[12, 34], [13, 35]]])


class ConfirmedOut(Shape):
    done: int
    changed: int = Field(description="Pairs of which the program is not sure any more.")
    refused: list[str]
    rest: list[list[int]] = Field(description="Send these next: a call does at most 200.")


class ChosenOut(Shape):
    done: int
    refused: list[str]


class MatchIn(Shape):
    payment_id: Id


class LineReasonIn(Shape):
    reason: Text = Field(max_length=200, examples=["Interest from the bank"])
