"""What a password here may not be, beyond Django's own rules."""

from django.core.exceptions import ValidationError

from smartkirana.text import normalise


class NotThePhone:
    """Everybody at the counter knows the phone, and it is what people choose first. Django compares text only, a phone is none."""

    def validate(self, password: str, user=None) -> None:
        phone = user.short_phone if user is not None and user.phone else ""
        digits = "".join(character for character in normalise(password) if character.isdigit())
        if phone and phone in digits:
            raise ValidationError("The phone is no secret: choose a password without it.", code="password_is_phone")

    def get_help_text(self) -> str:
        return "Do not use the phone."
