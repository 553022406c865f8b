"""Beside the khatas: the household, the private page, what customers do not agree with, reminders: `/khata`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from orders.api.customer_views import known
from orders.api.khata_reading import dispute_out
from orders.api.khata_schemas import (
    DisputeOut,
    LinkOut,
    MemberChangeIn,
    MemberIn,
    MemberOut,
    ReasonIn,
    RemindedOut,
    ReminderOut,
    RemindIn,
)
from orders.khata import people, selectors
from orders.khata.reminding import remind, to_remind
from orders.khata.sending import private_address, reminder_words, whatsapp
from orders.models import Customer
from shops.access import Can
from shops.api.declare import operation
from shops.api.schemas import MessageOut
from smartkirana.api.fields import Id
from smartkirana.api.lists import Paging, page_of
from smartkirana.api.problems import NotThere

router = Router(tags=["khata"])


# --- what customers do not agree with ---------------------------------------------------------------------------
@operation(router, "GET", "/disputes", right=Can.SEE_BILLS, answer=list[DisputeOut], paged=True)
def list_disputes(request: HttpRequest, response: HttpResponse, asked: Query[Paging]):
    """What customers do not agree with, until it is settled: the oldest first."""
    return [dispute_out(one) for one in page_of(selectors.open_disputes(request.auth.shop), asked, response)]


@operation(router, "POST", "/disputes/{dispute_id}/settle", right=Can.CANCEL_BILL, answer=MessageOut, problems={400, 404})
def settle_one(request: HttpRequest, dispute_id: Id, body: ReasonIn):
    """Say how a dispute was settled. Settling twice does it once."""
    found = request.auth.shop.khata_disputes.filter(pk=dispute_id).select_related("customer").first()
    if found is None:
        raise NotThere("dispute")
    people.settle_dispute(dispute=found, by=request.auth.user, answer=body.note)
    return {"message": f"Settled with {found.customer}."}


# --- reminders --------------------------------------------------------------------------------------------------
@operation(router, "GET", "/reminders", right=Can.SELL, answer=list[ReminderOut], paged=True)
def list_reminders(request: HttpRequest, response: HttpResponse, asked: Query[Paging]):
    """Who is past their day and was not reminded lately, each with the message ready."""
    return [_ready(request, one) for one in page_of(to_remind(request.auth.shop), asked, response)]


@operation(router, "POST", "/{customer_id}/remind", right=Can.SELL, answer=RemindedOut, status=201, problems={400, 404})
def remind_one(request: HttpRequest, customer_id: Id, body: RemindIn):
    """Remind a customer of what is owed, outside quiet hours and not too often."""
    customer = known(request, customer_id)
    done = remind(customer=customer, by=request.auth.user, way=body.way, address=private_address(request, customer))
    return {"customer_id": customer.pk, "way": done.way, "amount": done.amount, "at": done.at}


def _ready(request: HttpRequest, customer: Customer) -> dict:
    customer.shop = request.auth.shop
    text = reminder_words(customer, private_address(request, customer))
    return {
        "customer_id": customer.pk,
        "name": customer.name,
        "phone": customer.short_phone,
        "outstanding": customer.outstanding,
        "owes_since": customer.oldest,
        "last_reminded_at": customer.reminded_at,
        "disputed": customer.disputed,
        "text": text,
        "whatsapp": whatsapp(customer, text),
    }


# --- the household ----------------------------------------------------------------------------------------------
@operation(router, "GET", "/{customer_id}/members", right=Can.SEE_BILLS, answer=list[MemberOut], problems={404})
def list_members(request: HttpRequest, customer_id: Id):
    """Who of the household may take goods on the khata; 30 people at most."""
    return list(known(request, customer_id).members.all())


@operation(router, "POST", "/{customer_id}/members", right=Can.SELL, answer=MemberOut, status=201, problems={400, 404, 409})
def new_member(request: HttpRequest, customer_id: Id, body: MemberIn):
    """Write down somebody who may take goods on the khata."""
    return people.save_member(customer=known(request, customer_id), name=body.name, limit=body.limit)


@operation(router, "PUT", "/{customer_id}/members/{person_id}", right=Can.SELL, answer=MemberOut, problems={400, 404, 409})
def update_member(request: HttpRequest, customer_id: Id, person_id: Id, body: MemberChangeIn):
    """Change somebody's name or limit, or let them take goods no more, or again."""
    customer = known(request, customer_id)
    member = customer.members.filter(pk=person_id).first()
    if member is None:
        raise NotThere("member")
    given = body.model_dump(exclude_unset=True)
    was_active = member.is_active
    if "name" in given or "limit" in given:
        name = member.name if given.get("name") is None else given["name"]
        people.save_member(customer=customer, member=member, name=name, limit=given.get("limit", member.limit))
    wanted = was_active if given.get("is_active") is None else given["is_active"]
    if member.is_active != wanted:
        people.set_member_active(member=member, active=wanted)
    return member


# --- the private page -------------------------------------------------------------------------------------------
@operation(router, "GET", "/{customer_id}/link", right=Can.SELL, answer=LinkOut, problems={404})
def private_link(request: HttpRequest, customer_id: Id):
    """The address of the customer's private page."""
    return {"link": private_address(request, known(request, customer_id))}


@operation(router, "POST", "/{customer_id}/link", right=Can.SELL, answer=LinkOut, problems={404})
def give_private_link(request: HttpRequest, customer_id: Id):
    """The same, made when there is none."""
    customer = known(request, customer_id)
    people.give_link(customer=customer)
    return {"link": private_address(request, customer)}


@operation(router, "DELETE", "/{customer_id}/link", right=Can.SELL, answer=MessageOut, problems={404})
def revoke_private_link(request: HttpRequest, customer_id: Id):
    """Let the old address show nothing any more."""
    people.revoke_link(customer=known(request, customer_id))
    return {"message": "The old link shows nothing any more."}
