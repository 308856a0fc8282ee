"""The screen in the hall: everybody may look, and nobody learns who else is here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from aftersales.core.errors import Missing, NotPermitted
from aftersales.core.models import JournalEntry
from aftersales.workshop import queries, services
from aftersales.workshop.models import WallLink
from aftersales.workshop.rules.order import OrderState as S
from aftersales.workshop.rules.wall import SECONDS, masked_unit, page_at, short_number
from tests.factories.staff import NOW
from tests.factories.workshop import make_house, make_order


@given(st.lists(st.integers(), max_size=80), st.integers(1, 20))
def test_every_card_is_shown_once_in_a_round(cards: list[int], size: int) -> None:
    seen: list[int] = []
    pages = page_at(cards, size=size, now=NOW)[2]
    for turn in range(pages):
        shown, _page, _pages = page_at(cards, size=size, now=NOW + timedelta(seconds=SECONDS * turn))
        assert len(shown) <= size
        seen.extend(shown)
    assert sorted(seen) == sorted(cards)


@given(st.text(alphabet="苏A京B0123456789·", min_size=5, max_size=10))
def test_a_plate_is_never_shown_whole(plate: str) -> None:
    shown = masked_unit(plate=plate, model="")
    assert "*" in shown
    assert len(shown) == len(plate)


def test_a_unit_without_a_plate_is_called_by_its_model() -> None:
    assert masked_unit(plate="", model="云栈 Z20") == "云栈 Z20"
    assert short_number("RO-NJ-2026-000123") == "000123"


@pytest.mark.django_db
def test_the_screen_shows_how_far_a_unit_is_and_neither_name_nor_number(client: Any) -> None:
    house = make_house()
    order = make_order(house, S.READY, name="欧阳静怡")
    make_order(house, S.CLOSED, name="李四光")
    token = services.renew_wall_link(house.supervisor, station="NJ", now=NOW)
    answer = client.get(f"/orders/wall/{token}/")
    page = answer.content.decode()
    assert order.number.rsplit("-", 1)[-1] in page
    assert "Ready to be collected" in page
    for secret in ("欧阳静怡", "李四光", order.unit.serial, "1380"):
        assert secret not in page
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store", "noindex")


@pytest.mark.django_db
def test_an_address_that_was_renewed_or_withdrawn_or_guessed_shows_nothing(client: Any) -> None:
    house = make_house()
    first = services.renew_wall_link(house.supervisor, station="NJ", now=NOW)
    second = services.renew_wall_link(house.supervisor, station="NJ", now=NOW)
    assert client.get(f"/orders/wall/{first}/").status_code == 404
    assert client.get(f"/orders/wall/{second}/").status_code == 200
    assert second not in str(list(WallLink.objects.values()))
    services.withdraw_wall_link(house.supervisor, station="NJ", now=NOW)
    assert client.get(f"/orders/wall/{second}/").status_code == 404
    assert client.get("/orders/wall/guessed/").status_code == 404


@pytest.mark.django_db
def test_a_screen_shows_its_own_station_only() -> None:
    here, there = make_house("NJ"), make_house("SZ")
    mine = make_order(here, S.REPAIRING)
    other = make_order(there, S.REPAIRING)
    cards = queries.list_wall_cards(
        queries.station_of_wall(services.renew_wall_link(here.supervisor, station="NJ", now=NOW)).pk, now=NOW
    )
    assert len(cards) == 1
    assert cards[0].number == short_number(mine.number)
    assert other.station.code == "SZ"


@pytest.mark.django_db
def test_only_who_may_change_the_rules_gives_an_address_and_only_for_his_station() -> None:
    here, _there = make_house("NJ"), make_house("SZ")
    with pytest.raises(NotPermitted):
        services.renew_wall_link(here.technician, station="NJ", now=NOW)
    with pytest.raises(Missing):
        services.renew_wall_link(here.supervisor, station="SZ", now=NOW)
    assert (WallLink.objects.count(), JournalEntry.objects.filter(act="renew_wall_link").count()) == (0, 0)
