"""Addresses that leave the house: they must be complete and must not trust what the browser says the host is."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse


def join_link(token: str) -> str:
    """The address by which an invited person chooses his password."""
    return f"{settings.PUBLIC_URL}{reverse('staff:open_invitation', args=[token])}"
