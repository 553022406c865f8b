"""Who may sign in at all."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings


class PhoneBackend(AuthenticationBackend):
    """Phone and password. People of the demo shop, whose password everybody knows, only on a local installation."""

    def _check_password(self, user, password):
        # Not in user_can_authenticate: allauth lets a refused but active person through there, to say why.
        return super()._check_password(None if _is_stray_demo(user) else user, password)

    def get_user(self, user_id):
        user = super().get_user(user_id)
        return None if _is_stray_demo(user) else user


def _is_stray_demo(user) -> bool:
    return user is not None and user.is_demo and not settings.LOCAL
