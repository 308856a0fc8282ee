"""How allauth behaves in this house: nobody signs himself up, passwords go through our services, secrets are encrypted."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, ClassVar, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from aftersales.core import clock
from aftersales.core.errors import Refused
from aftersales.staff import queries, rules, services
from aftersales.staff.web import clients

if TYPE_CHECKING:
    from aftersales.staff.models import Person


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in for people who were invited."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("Login or password is wrong. Mind capitals, and which keyboard is chosen."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes his own account."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Only addresses of this very host, and never a downgrade from https."""
        request = cast("HttpRequest", self.request)
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        """The sender's address; connections without one share a counter."""
        return clients.address_of(request)

    def clean_password(self, password: str, user: AbstractBaseUser | None = None) -> str:
        """The password, checked as the services check it, so that the form can show what is wrong."""
        cleaned = str(super().clean_password(password, user))
        if rules.has_house_word(cleaned):
            raise ValidationError(str(rules.HOUSE_WORD))
        return cleaned

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Store the password by our service: journaled, and all other devices signed out."""
        now = clock.now()
        person = cast("Person", user)
        request = cast("HttpRequest", self.request)
        try:
            saved = services.set_password(
                queries.actor_for(person, now=now),
                password=password,
                keep_session=request.session.session_key or "",
                now=now,
            )
        except Refused as refused:  # the form has checked before; only a race comes here
            raise ValidationError(str(refused)) from refused
        person.password, person.must_set_password = saved.password, saved.must_set_password

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the own account."""
        return reverse("staff:my_account")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """The sign-in page."""
        return reverse("account_login")


class MfaAdapter(DefaultMFAAdapter):
    """The second factor: its secrets are not readable in the database."""

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """The login, which is what the person types here."""
        return cast("Person", user).login

    def encrypt(self, text: str) -> str:
        """The secret as it is stored."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret as it is used."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        """What a passkey says about its owner: number, login and name."""
        entity = dict(super().get_public_key_credential_user_entity(user))
        person = cast("Person", user)
        return entity | {"name": person.login, "display_name": person.name}


def _cipher() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key_from(secret)) for secret in secrets])


def _key_from(secret: str | bytes) -> bytes:
    digest = salted_hmac("aftersales.staff.mfa", "key", secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)
