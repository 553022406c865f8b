"""How a caller proves who they are: by password or by a code, and by the second step where the person has one."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from shops import codes
from shops.accounts import account_for, prove_phone
from shops.api.limits import address_of, insist
from shops.models import Shop, User
from shops.rates import forget
from shops.second_step import needs_second_step, second_step_is_right
from smartkirana.api.problems import ApiProblem

FIVE_MINUTES = 5 * 60
TRIES_OF_A_PHONE, TRIES_OF_AN_ADDRESS = 5, 60
WRONG = "This phone and password do not go together. Check both and try again."


def by_password(request: HttpRequest, shop: Shop | None, phone: str, password: str, second_code: str | None) -> User:
    """The account with this phone and password in the shop. One hash is worked out whether or not there is one.

    Every try counts before it is looked at, so that many at once are as many; a right one starts the phone's count anew.
    Raises ApiProblem 401 "wrong_password", "second_code_needed", "wrong_second_code", or 429.
    """
    tries = f"password:{shop.pk if shop else 0}:{phone}"
    insist(f"password:{address_of(request)}", most=TRIES_OF_AN_ADDRESS, per=FIVE_MINUTES)
    insist(tries, most=TRIES_OF_A_PHONE, per=FIVE_MINUTES)
    user = account_for(phone, shop) if shop else None
    if user is None or not user.has_usable_password() or (user.is_demo and not settings.LOCAL):
        User().set_password(password)
        raise ApiProblem(401, "wrong_password", WRONG)
    if not user.check_password(password):
        raise ApiProblem(401, "wrong_password", WRONG)
    _second_step(user, second_code)
    forget(tries)
    return user


def by_code(request: HttpRequest, shop: Shop | None, phone: str, code: str, second_code: str | None) -> User:
    """The account whose phone the code was sent to; it has shown that the phone is its own.

    Raises ApiProblem 401 "bad_code", "second_code_needed", "wrong_second_code"; TooManyTries.
    """
    try:
        user = codes.check_code(phone=phone, code=code, purpose="sign_in", shop=shop, ip=address_of(request))
    except codes.BadCode as error:
        raise ApiProblem(401, error.code, error.message) from error
    _second_step(user, second_code)
    prove_phone(user)
    return user


def _second_step(user: User, second_code: str | None) -> None:
    if not needs_second_step(user):
        return
    if not second_code:
        raise ApiProblem(401, "second_code_needed", "Send the code of your authenticator app as second_code, too.")
    if not second_step_is_right(user, second_code):
        raise ApiProblem(401, "wrong_second_code", "The code of the authenticator app is not right. Wait for the next one and try again.")
