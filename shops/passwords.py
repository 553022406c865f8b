"""What a password here may not be, beyond Django's own rules; asking a signed-in person for theirs once more; a new one."""

from allauth.core import ratelimit
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from shops.errors import ShopError
from shops.models import User
from shops.signing_out import sign_out_everywhere
from smartkirana.text import normalise


class NotThePhone:
    """Everybody at the counter knows the phone, and it is what people choose first. Django compares text only, a phone is none."""

    def validate(self, password: str, user=None) -> None:
        phone = user.short_phone if user is not None and user.phone else ""
        digits = "".join(character for character in normalise(password) if character.isdigit())
        if phone and phone in digits:
            raise ValidationError(_("The phone is no secret: choose a password without it."), code="password_is_phone")

    def get_help_text(self) -> str:
        return "Do not use the phone."


def check_own_password(request: HttpRequest, password: str) -> None:
    """Raises ShopError "wrong_password", or "too_many_tries" after five in five minutes, when it is not the signed-in person's own."""
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        raise ShopError("too_many_tries", _("Too many tries. Wait five minutes, then try again."), "password")
    if not request.user.check_password(password):
        raise ShopError("wrong_password", _("This is not your present password."), "password")


def check_new_password(password: str, user: User) -> None:
    """Raises ShopError "weak_password", with all that is wrong with it in words."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ShopError("weak_password", " ".join(error.messages), "password") from error


@transaction.atomic
def reset_password(*, user: User, new_password: str) -> None:
    """Give a person who has shown that the phone is theirs a new password; whoever is signed in as them anywhere is signed out.

    Raises ShopError "weak_password".
    """
    check_new_password(new_password, user)
    user.set_password(new_password)
    user.save(update_fields=["password"])
    sign_out_everywhere(user)
