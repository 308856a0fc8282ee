"""The pages of allauth that this house uses, mounted at /account/ under allauth's own names.

Only these exist: no sign-up, no e-mail management, no social accounts. Each states who may open it. All are keyless: their
answers carry session cookies and secrets, which must not be kept for replay, and each guards itself against being sent twice.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from aftersales.core.web.access import needs, public
from aftersales.core.web.idempotency import keyless
from aftersales.staff.web.views.account import my_sessions

mine = needs(None)

urlpatterns = [
    path("login/", public(keyless(account.login)), name="account_login"),
    path("logout/", public(keyless(account.logout)), name="account_logout"),
    path("inactive/", public(keyless(account.account_inactive)), name="account_inactive"),
    path("reauthenticate/", mine(keyless(account.reauthenticate)), name="account_reauthenticate"),
    path("password/change/", mine(keyless(account.password_change)), name="account_change_password"),
    path("password/set/", mine(keyless(account.password_set)), name="account_set_password"),
    path("sessions/", my_sessions, name="usersessions_list"),
    path("2fa/", mine(keyless(mfa.index)), name="mfa_index"),
    path("2fa/authenticate/", public(keyless(mfa.authenticate)), name="mfa_authenticate"),
    path("2fa/reauthenticate/", mine(keyless(mfa.reauthenticate)), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", mine(keyless(totp.activate_totp)), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", mine(keyless(totp.deactivate_totp)), name="mfa_deactivate_totp"),
    path("2fa/codes/", mine(keyless(recovery_codes.view_recovery_codes)), name="mfa_view_recovery_codes"),
    path(
        "2fa/codes/generate/", mine(keyless(recovery_codes.generate_recovery_codes)), name="mfa_generate_recovery_codes"
    ),
    path(
        "2fa/codes/download/", mine(keyless(recovery_codes.download_recovery_codes)), name="mfa_download_recovery_codes"
    ),
    path("passkeys/", mine(keyless(webauthn.list_webauthn)), name="mfa_list_webauthn"),
    path("passkeys/add/", mine(keyless(webauthn.add_webauthn)), name="mfa_add_webauthn"),
    path("passkeys/login/", public(keyless(webauthn.login_webauthn)), name="mfa_login_webauthn"),
    path(
        "passkeys/reauthenticate/", mine(keyless(webauthn.reauthenticate_webauthn)), name="mfa_reauthenticate_webauthn"
    ),
    path("passkeys/<int:pk>/remove/", mine(keyless(webauthn.remove_webauthn)), name="mfa_remove_webauthn"),
    path("passkeys/<int:pk>/edit/", mine(keyless(webauthn.edit_webauthn)), name="mfa_edit_webauthn"),
]
