"""A real mail server on a port of its own, that keeps what it is given, and can refuse."""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every line that is spoken


@dataclass
class MailServer:
    """What arrived, in order; `refuses` has the server's answer for addresses it does not take."""

    port: int
    letters: list[EmailMessage] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    refuses_data: str = ""
    on_data: Callable[[], None] = lambda: None

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuses_data:
            return self.refuses_data
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.receivers.extend(envelope.rcpt_tos)
        self.entries.append("tls" if session.ssl else "plain")
        self.on_data()
        return "250 taken"

    @contextmanager
    def running(
        self, *, login: str = "", password: str = "", context: ssl.SSLContext | None = None
    ) -> Iterator[MailServer]:
        """The server listening, until the block ends; with a login it wants to know who writes."""

        def known(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
            wanted = LoginPassword(login.encode(), password.encode())
            return AuthResult(success=given == wanted, handled=False)

        options: dict[str, Any] = {"tls_context": context, "require_starttls": context is not None}
        if login:
            options |= {"authenticator": known, "auth_required": True, "auth_require_tls": context is not None}
        controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)
        controller.start()
        try:
            yield self
        finally:
            controller.stop()


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def use(settings: Any, port: int, *, login: str = "", password: str = "", tls: bool = False) -> None:
    """Let mails go to the server on this port."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = login, password
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = tls, False
    settings.DEFAULT_FROM_EMAIL = "售后 <service@example.cn>"
