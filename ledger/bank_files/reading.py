"""Lines of a bank's file as money that came in. Pure: nothing is asked of the database.

Rows that are no payment (sums, headings again, money that left, payments that failed) are counted, not told; a row that looks like
a payment and cannot be read is told with its reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone

from catalog.importing.cells import SCIENTIFIC, BadCell
from inventory.bill_files.layout import is_foot
from inventory.bill_files.reading import Problem
from ledger.bank_files.cells import NOTHING, clock, moment, signed
from smartkirana.money import ZERO
from smartkirana.text import normalise

LONGEST_REFERENCE = 60
A_PAISA_OR_TWO = Decimal("0.05")  # files round the charge and its GST each on its own
_FOOT = re.compile(r"(?:opening|closing|brought|carried|statement|generated|page|summary|note|end of|disclaimer)\b")
_LEFT = {"dr", "d", "debit", "debited", "withdrawal", "payout", "refund", "reversal", "chargeback", "paid out", "sent"}
_WENT_WELL = {"success", "successful", "succeeded", "completed", "complete", "captured", "settled", "paid", "credited", "approved", "done",
              "ok", "s", "processed", "received", "txn success", "sale"}  # fmt: skip
_WENT_WRONG = {"failed", "failure", "fail", "pending", "declined", "cancelled", "canceled", "refunded", "reversed", "expired", "initiated",
               "created", "timeout", "timed out", "rejected", "void", "voided", "txn failure", "in process", "deemed"}  # fmt: skip


class ReadLine(NamedTuple):
    """Money that came in, as a row says it; rupees. `place` runs over lines alike in day, amount and reference."""

    row: int
    day: date
    at: datetime | None
    amount: Decimal
    charge: Decimal
    net: Decimal
    reference: str
    text: str
    place: int = 1

    @property
    def key(self) -> tuple[date, Decimal, str]:
        return self.day, self.amount, self.reference


@dataclass
class Reading:
    """What a file holds: lines, rows that cannot be read, and how many rows were money that left or no payment at all."""

    lines: list[ReadLine] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left: int = 0
    failed: int = 0
    other: int = 0

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def charge(self) -> Decimal:
        return sum((line.charge for line in self.lines), ZERO)

    @property
    def net(self) -> Decimal:
        return self.amount - self.charge

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day of the lines."""
        found = [line.day for line in self.lines]
        return (min(found), max(found)) if found else None


class _Skip(Exception):
    """The row is no money that came in; `args[0]` names the counter of `Reading`."""


class _Bad(Exception):
    """A cell that cannot be read: field, text, why."""


def read_lines(rows: Sequence, headings: Sequence[str], mapping: dict[str, int], today: date) -> Reading:
    """The rows [[row of the file, [cells]], …] by their mapping; a day after `today` is refused."""
    found = Reading()
    for row, cells in rows:
        said = {name: cells[at] for name, at in mapping.items() if at < len(cells) and cells[at].strip().lower() not in NOTHING}
        try:
            found.lines.append(_line(row, said, cells, today))
        except _Skip as skip:
            setattr(found, skip.args[0], getattr(found, skip.args[0]) + 1)
        except _Bad as bad:
            name, text, why = bad.args
            found.problems.append(Problem(row, headings[mapping[name]] or f"{mapping[name] + 1}", text[:60], why))
    found.lines = numbered(found.lines)
    return found


def numbered(lines: list[ReadLine]) -> list[ReadLine]:
    """The lines with their running places. Among lines alike the earlier comes first, so that a file turned round counts the same."""
    seen: Counter[tuple] = Counter()
    placed = []
    for line in sorted(lines, key=lambda line: (line.day, line.at.timestamp() if line.at else 0.0, line.row)):
        seen[line.key] += 1
        placed.append(line._replace(place=seen[line.key]))
    return placed


def _line(row: int, said: dict[str, str], cells: Sequence[str], today: date) -> ReadLine:
    if normalise(said.get("direction", "")) in _LEFT:
        raise _Skip("left")
    if not said.keys() & {"amount", "net"}:
        raise _Skip("left" if "debit" in said else "other")
    if "date" not in said or is_foot(said["date"]) or _FOOT.match(normalise(said["date"])):
        raise _Skip("other")
    sums = _sums(said)
    day, at = _when(said, today, no_amount=sums is None)
    if sums is None:
        name = "amount" if "amount" in said else "net"
        raise _Bad(name, said[name], "Not a number.")
    amount, charge = sums
    _went_well(said.get("status", ""))
    texts = [said.get(name, "") for name in ("text", "order")]
    return ReadLine(row, day, at, amount, charge, amount - charge, _reference(said), " ".join(t for t in texts if t)[:200])


def _when(said: dict[str, str], today: date, *, no_amount: bool) -> tuple[date, datetime | None]:
    """A row with neither day nor amount is no payment (headings again); one of them alone is told."""
    try:
        day, at = moment(said["date"])
    except BadCell as bad:
        if no_amount:
            raise _Skip("other") from None
        raise _Bad("date", said["date"], str(bad)) from None
    if day > today:
        raise _Bad("date", said["date"], "This day has not come yet. Is the month before the day?")
    if "time" in said and at is None:
        try:
            at = clock(said["time"])
        except BadCell as bad:
            raise _Bad("time", said["time"], str(bad)) from None
    return day, timezone.make_aware(datetime.combine(day, at)) if at and at != time() else None


def _sums(said: dict[str, str]) -> tuple[Decimal, Decimal] | None:
    """(what was paid, what was kept of it) in rupees; None where the amount is no number. Raises _Skip for money that left, _Bad."""
    values: dict[str, Decimal] = {}
    for name in ("amount", "net", "charge", "charge_gst"):
        if name in said:
            try:
                values[name] = signed(said[name])
            except BadCell as bad:
                if name in ("amount", "net") and str(bad) == "Not a number.":
                    return None
                raise _Bad(name, said[name], str(bad)) from None
    if values.get("amount", values.get("net", ZERO)) <= 0:
        raise _Skip("left")
    kept = abs(values.get("charge", ZERO)) + abs(values.get("charge_gst", ZERO))
    if "amount" not in values:
        return values["net"] + kept, kept
    if "net" not in values:
        return _fitting(said, values["amount"], kept)
    taken = values["amount"] - values["net"]
    if taken < 0:
        raise _Bad("net", said["net"], "More than what was paid.")
    if said.keys() & {"charge", "charge_gst"} and abs(taken - kept) > A_PAISA_OR_TWO:
        raise _Bad("net", said["net"], f"Amount less charges would be {values['amount'] - kept}.")
    return _fitting(said, values["amount"], taken)


def _fitting(said: dict[str, str], amount: Decimal, charge: Decimal) -> tuple[Decimal, Decimal]:
    if charge >= amount:
        name = next(name for name in ("charge", "charge_gst", "net") if name in said)
        raise _Bad(name, said[name], "The charge is as large as the payment.")
    return amount, charge


def _went_well(status: str) -> None:
    word = normalise(status)
    if word in _WENT_WRONG:
        raise _Skip("failed")
    if word and word not in _WENT_WELL:
        raise _Bad("status", status, "Does this mean that the money came? Write Success or Failed.")


def _reference(said: dict[str, str]) -> str:
    """The reference, its leading zeros and Excel's tail gone. One that Excel shortened says nothing."""
    text = said.get("reference", "").strip("'’` ")
    if SCIENTIFIC.fullmatch(text):
        return ""
    return re.sub(r"^0+(?=.)", "", re.sub(r"\.0$", "", text))[:LONGEST_REFERENCE]
