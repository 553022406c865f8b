"""What the operations on webhooks take and answer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from smartkirana.api.fields import Id, Moment, Text
from smartkirana.api.shapes import Shape

Event = Literal["order.placed", "bill.issued", "order.cancelled", "return.made", "payment.seen", "stock.low"]
Events = Annotated[list[Event], Field(min_length=1, max_length=20, examples=[["bill.issued", "payment.seen"]])]
DeliveryState = Literal["waiting", "arrived", "given_up"]


class WebhookIn(Shape):
    url: Text = Field(
        max_length=500, description="https, and reachable from the open internet.", examples=["https://example.in/smartkirana"]
    )
    events: Events


class WebhookChangeIn(Shape):
    """What is left out stays as it is."""

    url: Text | None = Field(None, max_length=500)
    events: Events | None = None
    active: bool | None = None


class WebhookOut(Shape):
    id: int
    url: str
    events: list[str]
    active: bool
    made_by: str
    made_at: Moment


class NewWebhookOut(WebhookOut):
    secret: str = Field(description="Signs every message. Shown this once.")


class SecretOut(Shape):
    secret: str = Field(description="Signs every message from now on. Shown this once.")


class DeliveryOut(Shape):
    id: int
    event_id: str
    webhook_id: int
    url: str
    kind: str
    state: DeliveryState
    tries: int
    happened_at: Moment
    last_try_at: Moment | None
    next_try_at: Moment | None
    delivered_at: Moment | None
    answer_code: int | None
    answer_text: str


class DeliveryFullOut(DeliveryOut):
    message: dict[str, Any] = Field(description="The body that is sent.")


class DeliveriesAsked(Shape):
    webhook_id: Id | None = None
    state: DeliveryState | None = None
    kind: Event | None = None
