"""Who may sign in at all."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings


class PhoneBackend(AuthenticationBackend):
    """Phone and password. People of the demo shop, whose password everybody knows, only on a local installation."""

    def user_can_authenticate(self, user) -> bool:
        return super().user_can_authenticate(user) and (settings.LOCAL or not user.is_demo)
