"""Pages outside any shop: signing in and out, one's own account, choosing and joining a shop.

Of allauth only these views are mounted, under the names it looks for; there is no open sign-up, e-mail or social sign-in.
"""

from django.urls import path

from shops.views import account, codes, entrance, second_step

urlpatterns = [
    path("", entrance.home, name="home"),
    path("shops/", entrance.choose, name="choose_shop"),
    path("join/", entrance.join, name="join"),
    path("sign-in/", account.sign_in, name="account_login"),
    path("sign-in/code/", codes.by_code, name="sign_in_by_code"),
    path("sign-in/code/check/", codes.check_sign_in_code, name="check_sign_in_code"),
    path("sign-in/second-step/", second_step.second_step, name="mfa_authenticate"),
    path("sign-in/passkey/", second_step.sign_in_by_passkey, name="mfa_login_webauthn"),
    path("sign-out/", account.sign_out, name="account_logout"),
    path("password/", account.password, name="account_change_password"),
    path("password/forgot/", codes.forgotten, name="forgotten_password"),
    path("password/forgot/check/", codes.check_reset_code, name="check_reset_code"),
    path("password/new/", codes.new_password, name="new_password"),
    path("this-is-me/", account.this_is_me, name="this_is_me"),
    path("language/", account.language, name="language"),
    path("devices/", account.devices, name="usersessions_list"),
    path("devices/<int:device>/sign-out/", account.sign_out_device, name="sign_out_device"),
    path("safer-sign-in/", second_step.safer_sign_in, name="mfa_index"),
    path("safer-sign-in/app/", second_step.add_app, name="mfa_activate_totp"),
    path("safer-sign-in/app/remove/", second_step.remove_app, name="mfa_deactivate_totp"),
    path("safer-sign-in/recovery-codes/", second_step.recovery_codes, name="mfa_view_recovery_codes"),
    path("safer-sign-in/recovery-codes/new/", second_step.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("safer-sign-in/passkeys/add/", second_step.add_passkey, name="mfa_add_webauthn"),
    path("safer-sign-in/passkeys/<int:passkey>/remove/", second_step.remove_passkey, name="remove_passkey"),
]
