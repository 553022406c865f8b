"""Who stands at this device. It is signed in once, by its owner perhaps; who sells on it changes by PIN, and it locks.

The session keeps HANDED_OVER: the shop's address → the id of the `Pin` by which somebody stands there, 0 while it is locked.
Nothing is kept as long as the device is simply the signed-in person's own. Once something is kept, every shop that is not named
there is locked too: whoever stands at one shop's counter does not walk into the person's other shops.

- A PIN opens its own shop only, and for what both people may do: the lesser of the two.
- A PIN that is changed or cleared, and a person who is removed or may no longer sell, end there: the shop is locked again.
- The signed-in person's password makes the device their own again, all of it. Signing out ends everything.
"""

from __future__ import annotations

from django.http import HttpRequest

from shops.models import Membership, Pin, Shop
from smartkirana.web import HANDED_OVER

STOOD = "stood"  # session: who proved themselves here by PIN, so that what was noted before a switch keeps its name
MOST_STOOD = 50
LOCKED = 0


def pin_standing(request: HttpRequest, slug: str) -> int | None:
    """The id of the PIN that opened the shop on this device; LOCKED while none does; None on a device of one's own."""
    stands = request.session.get(HANDED_OVER)
    return stands.get(slug, LOCKED) if stands else None


def lock(request: HttpRequest, shop: Shop) -> None:
    """Lock the device: all shops on it."""
    request.session[HANDED_OVER] = {shop.slug: LOCKED}


def stand_by_pin(request: HttpRequest, shop: Shop, pin: Pin) -> None:
    """Somebody of the shop has proven themselves: they sell from now on. Other shops on the device stay as they are, or lock."""
    request.session[HANDED_OVER] = {**request.session.get(HANDED_OVER, {}), shop.slug: pin.pk}
    stood = [*request.session.get(STOOD, []), pin.membership.user_id]
    request.session[STOOD] = list(dict.fromkeys(reversed(stood)))[:MOST_STOOD][::-1]


def stand_by_password(request: HttpRequest) -> None:
    """The signed-in person has proven themselves: the device is their own again."""
    request.session.pop(HANDED_OVER, None)


def has_stood(request: HttpRequest, user_id: int) -> bool:
    """True for the signed-in person and everybody who proved themselves on this device since the sign-in."""
    return user_id == request.user.pk or user_id in request.session.get(STOOD, [])


def of_pin(places: list[Membership], pin_id: int) -> Membership | None:
    """The place whose PIN it is; None when there is none any more, or it is no PIN (LOCKED)."""
    return next((place for place in places if pin_id and getattr(place, "pin", None) and place.pin.pk == pin_id), None)
