"""Where a request comes from."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104 - shown for connections without an address, such as a unix socket


def address_of(request: HttpRequest) -> str:
    """The sender's address as the server in front of us states it; forwarded headers have been judged before."""
    stated = getattr(request, "client_address", "") or request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(stated))
    except ValueError:
        return UNKNOWN
