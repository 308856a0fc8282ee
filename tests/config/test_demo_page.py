"""What a visitor of a demonstration is told, and what nobody else is."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.django_db
PAGE = "/account/login/"


def test_the_sign_in_page_of_a_demonstration_says_who_one_can_be(client: Any, settings: Any) -> None:
    settings.DEMO = True
    page = client.get(PAGE).content.decode()
    assert "shen.guoping" in page
    assert "quiet-lotus-pond" in page


def test_a_real_installation_offers_nobody(client: Any) -> None:
    page = client.get(PAGE).content.decode()
    assert "shen.guoping" not in page
    assert "quiet-lotus-pond" not in page
