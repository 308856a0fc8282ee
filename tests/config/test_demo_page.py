"""What a visitor of a demonstration is told, and what nobody else is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from tests.factories.workshop import make_house, make_order

pytestmark = pytest.mark.django_db
SAID = "This is a demonstration"
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


def test_every_kind_of_page_of_a_demonstration_says_so(
    client: Any, client_as: Callable[..., Any], settings: Any
) -> None:
    house = make_house()
    order = make_order(house)
    browser = client_as(house.advisor_person)
    papers = [reverse(f"workshop:{paper}", args=[order.number]) for paper in ("order", "slip", "label")]
    pages = ["/", *papers, "/orders/RO-NJ-2026-999999/", "/no-such-page/"]
    assert not any(SAID in browser.get(page).content.decode() for page in pages)
    settings.DEMO = True
    for page in pages:
        assert SAID in browser.get(page).content.decode(), page
    assert SAID in client.get(PAGE).content.decode()
