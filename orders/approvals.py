"""Approvals at the counter: what a cashier may not do alone, somebody else lets pass with their PIN, for one bill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from orders.allowance import Allowance
from orders.errors import OrderError
from orders.refunds import Permit
from orders.till_log import record
from orders.till_models import Approval, TillEvent
from shops.limits import Limits, carried_limits, limits_of
from shops.models import Counter, Membership, Shop, User
from shops.pins import check_pin
from shops.selectors import people_with_pin
from smartkirana.db_rules import broken_rule
from smartkirana.money import ZERO, money
from smartkirana.templatetags.kirana import percent as in_percent
from smartkirana.templatetags.kirana import rupees
from smartkirana.text import clean_name

LARGEST_KHATA = Decimal("99999999.99")


@dataclass(frozen=True)
class Ask:
    """What is to be approved: a discount up to `percent`, another `rate`, a khata up to `khata` rupees outstanding.

    take_back  goods for up to so many rupees taken back; `unpaid`: more money for them than was paid
    """

    percent: Decimal = ZERO
    rate: bool = False
    khata: Decimal | None = None
    take_back: Decimal | None = None
    unpaid: bool = False

    def words(self) -> str:
        """As it stands on the screen: "up to 12 %, another rate"."""
        parts = [
            _("discount up to {percent}").format(percent=in_percent(self.percent)) if self.percent else "",
            _("another rate") if self.rate else "",
            _("khata up to {amount}").format(amount=rupees(self.khata)) if self.khata is not None else "",
            _("goods back up to {amount}").format(amount=rupees(self.take_back)) if self.take_back is not None else "",
            _("more money than was paid") if self.unpaid else "",
        ]
        return ", ".join(filter(None, parts))

    def within(self, limits: Limits) -> bool:
        khata = self.khata is not None or self.unpaid
        return limits.covers(percent=self.percent, rate=self.rate, khata=khata, take_back=self.take_back is not None)


@dataclass(frozen=True)
class Cover:
    """What a bill's approvals let pass together: the highest percent, a rate, the highest outstanding in rupees."""

    percent: Decimal = ZERO
    rate: bool = False
    khata: Decimal | None = None
    take_back: Decimal | None = None
    unpaid: bool = False


NOTHING = Cover()


def approve(
    *,
    shop: Shop,
    counter: Counter,
    request_key: UUID,
    asked_by: User,
    approver: Membership,
    pin: str,
    percent: Decimal = ZERO,
    rate: bool = False,
    khata_up_to: Decimal | None = None,
    take_back: Decimal | None = None,
    unpaid: bool = False,
    reason: str,
    client_id: UUID,
    signed_in: User | None = None,
) -> Approval:
    """Let the bill with `request_key` pass where its cashier may not alone; the approver's PIN proves it.

    approver     a member of the shop whose own limits cover all that is asked
    percent      the highest discount by hand on a line or the bill; khata_up_to rupees the outstanding may reach
    client_id    one for each asking: sent again it answers the first approval

    Raises OrderError "nothing_asked", "bad_percent", "bad_amount", "no_reason", "bad_counter", "bad_approver", "not_covered",
    "asked_before" (the id belongs to another asking); ShopError and WrongPin as shops.pins.check_pin. Call it outside any transaction.
    """
    ask = checked_ask(percent=percent, rate=rate, khata=khata_up_to, take_back=take_back, unpaid=unpaid)
    why = clean_name(reason)[:200]
    if not why:
        raise OrderError("no_reason", _("Say why: choose a reason or write one."), "reason")
    if counter.shop_id != shop.pk:
        raise OrderError("bad_counter", _("This counter is not in use. Choose another one."), "counter")
    if approver.shop_id != shop.pk or not approver.is_active:
        raise OrderError("bad_approver", _("Choose somebody of the list."), "who")
    if not ask.within(limits_of(shop, approver.role)):
        raise OrderError("not_covered", _("{name} may not approve this alone. Choose somebody else.").format(name=approver.user), "who")
    check_pin(approver, pin)
    new = Approval(
        shop=shop, public_id=client_id, request_key=request_key, counter=counter, asked_by=asked_by, approved_by=approver,
        percent=ask.percent, rate=ask.rate, khata=ask.khata, take_back=ask.take_back, unpaid=ask.unpaid, reason=why,
    )  # fmt: skip
    return _written(new, signed_in or asked_by)


def _written(new: Approval, signed_in: User) -> Approval:
    try:
        with transaction.atomic():
            new.save(force_insert=True)
            _log(new, signed_in)
    except IntegrityError as error:
        if broken_rule(error) != "orders_approval_once":
            raise
        known = Approval.objects.get(shop=new.shop, public_id=new.public_id)
        same = ("request_key", "approved_by_id", "percent", "rate", "khata", "take_back", "unpaid")
        if any(getattr(known, name) != getattr(new, name) for name in same):
            raise OrderError("asked_before", _("This was asked before for something else. Close it and ask again.")) from error
        return known
    return new


def _log(given: Approval, signed_in: User) -> None:
    ask = Ask(given.percent, given.rate, given.khata, given.take_back, given.unpaid)
    record(
        shop=given.shop,
        kind=TillEvent.Kind.APPROVAL,
        by=given.asked_by,
        signed_in=signed_in,
        counter=given.counter,
        request_key=given.request_key,
        amount=given.khata if given.take_back is None else given.take_back,
        reason=given.reason,
        details={"approved_by": str(given.approved_by.user)[:80], "what": ask.words()[:80]},
        client_id=given.public_id,
    )


def checked_ask(*, percent: Decimal, rate: bool, khata: Decimal | None, take_back: Decimal | None = None, unpaid: bool = False) -> Ask:
    """Raises OrderError "bad_percent", "bad_amount", "nothing_asked"."""
    if not percent.is_finite() or not 0 <= percent <= 100 or percent != money(percent):
        raise OrderError("bad_percent", _("Give a percentage from 0 to 100 with at most two decimals."), "percent")
    if khata is not None and not (khata.is_finite() and 0 <= khata <= LARGEST_KHATA):
        raise OrderError("bad_amount", _("The khata amount is no amount of rupees."), "khata")
    if take_back is not None and not (take_back.is_finite() and 0 <= take_back <= LARGEST_KHATA):
        raise OrderError("bad_amount", _("What the goods are worth is no amount of rupees."), "take_back")
    if not percent and not rate and khata is None and take_back is None:
        raise OrderError("nothing_asked", _("There is nothing to approve."))
    in_paise = (None if amount is None else money(amount) for amount in (khata, take_back))
    return Ask(money(percent), rate, *in_paise, unpaid)


def approvers(shop: Shop, ask: Ask) -> list[Membership]:
    """Who has a PIN and may approve it, by name, with `pin` and `user`; one query."""
    return [place for place in people_with_pin(shop) if ask.within(carried_limits(place))]


def approved(shop: Shop, request_key: UUID, ids: Sequence[UUID]) -> Cover:
    """What these approvals let pass for the bill. No query without ids, else one.

    Raises OrderError "bad_approval" for an id that is not an approval of this bill.
    """
    if not ids:
        return NOTHING
    given = list(shop.approvals.filter(request_key=request_key, public_id__in=ids).only("percent", "rate", "khata", "take_back", "unpaid"))
    if len(given) != len(set(ids)):
        raise OrderError("bad_approval", _("An approval of this bill is not known here. Ask for it again."), "approval")
    return Cover(
        percent=max(one.percent for one in given),
        rate=any(one.rate for one in given),
        khata=max((one.khata for one in given if one.khata is not None), default=None),
        take_back=max((one.take_back for one in given if one.take_back is not None), default=None),
        unpaid=any(one.unpaid for one in given),
    )


def allowance(limits: Limits, cover: Cover) -> Allowance:
    """What a cashier with these limits may give away on a bill with these approvals."""
    return Allowance(
        percent=max(limits.discount_percent, cover.percent),
        rate=limits.may_change_rate or cover.rate,
        khata=cover.khata or ZERO,
    )


def permit_of(limits: Limits, given: Ask | None = None) -> Permit:
    """What the cashier may give back alone, with what was approved on top."""
    alone = limits.may_take_back
    unpaid = alone and limits.may_pass_khata_limit
    given = given or Ask(take_back=ZERO)
    return Permit(
        take_back=Permit().take_back if alone else given.take_back or ZERO,
        unpaid=unpaid or given.unpaid,
        khata=given.khata or ZERO,
        gift=allowance(limits, NOTHING),
    )
