"""What is said of a statement's lines: which claim each was, that it was none, that this was wrong. Nothing else moves a line.

Each act is one short transaction, so five thousand lines hold no lock for long, and one that was done is not done again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ledger.bank_models import BankLine, BankMatch, BankStatement
from ledger.bank_pool import proposal
from ledger.errors import LedgerError
from orders.errors import OrderError
from orders.models import Payment, PaymentEvent
from orders.payments import see_in_statement, told, wait_again
from shops.books_days import books_day
from shops.models import Shop, User
from smartkirana.db_rules import broken_rule
from smartkirana.money import ZERO
from smartkirana.text import clean_name

AT_ONCE = 200  # pairs that are confirmed by one press; the page goes on by itself


def confirm(*, shop: Shop, line_id: int, payment_id: int, by: User, sure: bool = False, at: datetime | None = None) -> BankLine:
    """The line is the money of this payment: a claim is seen by it, the charge goes from bank to 6100. Saying it twice does it once.

    `sure`: the program found it, else a person chose. What the file does not tell of a charge is what the payment is more than the line.
    Runs in its own durable transaction; locks the bill (or the khata), then the line. Raises LedgerError "unknown_line",
    "other_claim", "other_line", "amount", and OrderError as `mark_seen` does.
    """
    at = at or timezone.now()
    try:
        with told(PaymentEvent.Kind.SEEN), transaction.atomic(durable=True):
            payment, saw = see_in_statement(shop=shop, payment_id=payment_id, by=by, at=at)
            line = _lock(shop, line_id)
            if line.payment_id == payment.pk:
                return line
            _may_match(line, payment)
            BankMatch.objects.create(
                shop=shop, line=line, kind=BankMatch.Kind.MATCHED, payment=payment, charge=payment.amount - line.net, saw=saw, sure=sure,
                day=books_day(shop, timezone.localtime(at).date()), by=by, at=at,
            )  # fmt: skip
    except IntegrityError as error:
        if not broken_rule(error).startswith("ledger_bankline_payment"):
            raise
        raise LedgerError("other_line", _("This payment was found in another line meanwhile. Look again.")) from error
    line.state, line.payment = BankLine.State.MATCHED, payment
    return line


def _may_match(line: BankLine, payment: Payment) -> None:
    if line.state == BankLine.State.MATCHED:
        raise LedgerError("other_claim", _("This line is matched with another payment already. Take that back first."))
    if line.state == BankLine.State.ASIDE:
        raise LedgerError("other_claim", _("This line was said to be no bill’s money. Take that back first."))
    if BankLine.objects.filter(payment=payment).exists():
        raise LedgerError("other_line", _("This payment is matched with another line already. Take that back first."))
    if payment.amount < line.net or (line.charge and payment.amount != line.amount):
        raise LedgerError("amount", _("The payment and the line are not of the same amount."))


def set_aside(*, shop: Shop, line_id: int, by: User, reason: str) -> BankLine:
    """The line is no bill's money: the owner's own, interest, a refund. Nothing is posted. Saying it twice does it once.

    Runs in its own durable transaction; locks the line. Raises LedgerError "no_reason", "unknown_line", "other_claim".
    """
    note = _reason(reason)
    with transaction.atomic(durable=True):
        line = _lock(shop, line_id)
        if line.state == BankLine.State.MATCHED:
            raise LedgerError("other_claim", _("This line is matched with a payment. Take that back first."))
        if line.state == BankLine.State.OPEN:
            _say(line, BankMatch.Kind.ASIDE, by, note)
            line.state = BankLine.State.ASIDE
    return line


def undo(*, shop: Shop, line_id: int, by: User, reason: str) -> BankLine:
    """What was said of the line was wrong: it is open again, its charge is booked back, and a claim that only it had seen waits again.

    Runs in its own durable transaction; locks the bill, then the line. A line of which nothing is said stays as it is.
    Raises LedgerError "no_reason", "unknown_line", "changed".
    """
    note = _reason(reason)
    with transaction.atomic(durable=True):
        payment_id = shop.bank_lines.filter(pk=line_id).values_list("payment_id", flat=True).first()
        if payment_id is not None and _last(shop, line_id).saw:
            wait_again(shop=shop, payment_id=payment_id, by=by, reason=note, at=timezone.now())
        line = _lock(shop, line_id)
        if line.payment_id != payment_id:
            raise LedgerError("changed", _("Somebody else changed this line just now. Look again."))
        take_apart(line, by, note)
    return line


def take_apart(line: BankLine, by: User, note: str) -> None:
    """Write that what was said of a locked line was wrong, inside the caller's transaction."""
    if line.state != BankLine.State.OPEN:
        _say(line, BankMatch.Kind.UNDONE, by, note, line.payment, _last(line.shop, line.pk).charge if line.payment_id else ZERO)
        line.state, line.payment = BankLine.State.OPEN, None


def failed_after_all(event: PaymentEvent) -> None:
    """A payment that a line had seen is said to have never come: the line was other money. Inside the transaction of that event."""
    line = BankLine.objects.select_for_update(no_key=True).filter(shop=event.shop, payment=event.payment).first()
    if line is not None:
        take_apart(line, event.by, event.note)


def _say(line: BankLine, kind: str, by: User, note: str, payment: Payment | None = None, charge=ZERO) -> None:
    now = timezone.now()
    day = books_day(line.shop, timezone.localtime(now).date())
    BankMatch.objects.create(shop=line.shop, line=line, kind=kind, payment=payment, charge=charge, reason=note, day=day, by=by, at=now)


def _reason(text: str) -> str:
    note = clean_name(text)[:200]
    if not note:
        raise LedgerError("no_reason", _("Write why, in a few words."), "reason")
    return note


def _lock(shop: Shop, line_id: int) -> BankLine:
    line = shop.bank_lines.select_for_update(of=("self",), no_key=True).select_related("payment").filter(pk=line_id).first()
    if line is None:
        raise LedgerError("unknown_line", _("There is no such line."))
    line.shop = shop
    return line


def _last(shop: Shop, line_id: int) -> BankMatch:
    return shop.bank_matches.filter(line_id=line_id).latest("pk")


# --- many at once -------------------------------------------------------------------------------------------------
@dataclass
class Confirmed:
    """What became of the pairs (line, payment) that a person confirmed; `rest` are those for the next press."""

    done: int = 0
    changed: int = 0
    refused: list[str] = field(default_factory=list)
    rest: list[tuple[int, int]] = field(default_factory=list)


def confirm_sure(*, statement: BankStatement, pairs: Iterable[tuple[int, int]], by: User, most: int = AT_ONCE) -> Confirmed:
    """Confirm the pairs that a person was shown, as far as the program is still sure of them; at most `most`, each by itself.

    Pressed twice, or again after a crash in the middle, it does what is left: a pair that is done is counted as done.
    """
    sent = list(dict.fromkeys(pairs))
    now, rest = sent[:most], sent[most:]
    told = Confirmed(rest=rest)
    there = dict(statement.lines.filter(pk__in=[line for line, _ in now], state=BankLine.State.MATCHED).values_list("pk", "payment_id"))
    sure = {(pair.line, pair.claim) for pair in proposal(statement).sure}
    for line_id, payment_id in now:
        if there.get(line_id) == payment_id:
            told.done += 1
        elif (line_id, payment_id) not in sure:
            told.changed += 1
        else:
            _one(statement.shop, line_id, payment_id, by, told)
    return told


def _one(shop: Shop, line_id: int, payment_id: int, by: User, so_far: Confirmed) -> None:
    try:
        confirm(shop=shop, line_id=line_id, payment_id=payment_id, by=by, sure=True)
    except (LedgerError, OrderError) as refusal:
        so_far.refused.append(refusal.message)
    else:
        so_far.done += 1


def choose_all(*, statement: BankStatement, chosen: Iterable[tuple[int, int]], by: User) -> tuple[int, list[str]]:
    """Match lines of the statement with the payments (line, payment) that a person chose, each by itself: (how many, what was refused)."""
    wanted = list(chosen)
    ours = set(statement.lines.filter(pk__in=[line for line, _payment in wanted]).values_list("pk", flat=True))
    done, refused = 0, []
    for line, payment in wanted:
        try:
            if line not in ours:
                raise LedgerError("unknown_line", _("There is no such line."))
            confirm(shop=statement.shop, line_id=line, payment_id=payment, by=by)
        except (LedgerError, OrderError) as refusal:
            refused.append(refusal.message)
        else:
            done += 1
    return done, list(dict.fromkeys(refused))
