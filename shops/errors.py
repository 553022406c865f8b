from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from smartkirana.errors import Refusal


class ShopError(Refusal):
    """Something about a shop or its people cannot be saved so: the message says why and what to do, fit to show."""


class TooManyTries(ShopError):
    """Tried too often; code "too_many_tries". After `wait` seconds it may be tried again."""

    def __init__(self, wait: int, field: str | None = None) -> None:
        super().__init__("too_many_tries", _wait_words(wait), field)
        self.wait = wait


class BadCode(ShopError):
    """A code that is wrong, used, too old, tried too often, or was never sent: the same words for all of them; code "bad_code"."""

    def __init__(self) -> None:
        super().__init__("bad_code", _("This code is not right or has run out. Ask for a new one."), "code")


def _wait_words(wait: int) -> str:
    if wait < 90:
        words = ngettext("Too many tries. Wait {n} second, then try again.", "Too many tries. Wait {n} seconds, then try again.", wait)
        return words.format(n=wait)
    if wait < 90 * 60:
        n = -(-wait // 60)
        words = ngettext("Too many tries. Wait {n} minute, then try again.", "Too many tries. Wait {n} minutes, then try again.", n)
        return words.format(n=n)
    n = -(-wait // 3600)
    words = ngettext("Too many tries. Wait {n} hour, then try again.", "Too many tries. Wait {n} hours, then try again.", n)
    return words.format(n=n)
