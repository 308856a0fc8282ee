"""Bringing in the repair history of an earlier system."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given, strategies as st

from aftersales.core import search
from aftersales.core.actor import SYSTEM
from aftersales.core.errors import Missing, NotPermitted
from aftersales.core.text import Text
from aftersales.workshop import queries, services
from aftersales.workshop.models import PastRepair
from aftersales.workshop.rules.history import WIDTHS, OldRepair, read_row
from tests.factories.staff import NOW
from tests.factories.workshop import House, make_house

TODAY = date(2026, 11, 23)


def a_row(number: int = 1, **cells: str) -> dict[str, str]:
    wanted = {
        "id": f"cafe_{number}",
        "product_category": "Laptop",
        "brand": "Acer",
        "partner_product_category": "notebook",
        "problem": "Does not start",
        "repair_status": "Fixed",
        "country": "GBR",
        "group_identifier": "Repair Café",
        "event_date": "2019-05-31",
    }
    return wanted | cells


def bring_in(house: House, *rows: Mapping[str, str]) -> services.HistoryReport:
    return services.bring_in_past_repairs(SYSTEM, station=house.station, source="test", rows=rows, now=NOW)


@pytest.mark.django_db
def test_rows_become_repairs_that_can_be_found_and_counted() -> None:
    house = make_house()
    report = bring_in(house, a_row(1), a_row(2, product_category="Kettle", problem="leaks"))
    assert (report.read, report.added, report.misfit_count) == (2, 2, 0)
    kettle = PastRepair.objects.get(category="Kettle")
    assert search.keys(house.advisor, "past_repair", "leaks kettle") == [str(kettle.pk)]
    counts = queries.count_by_category(house.supervisor, first=date(2019, 5, 1), last=date(2019, 5, 31))
    assert [(str(row.label), row.past) for row in counts] == [("Kettle", 1), ("Laptop", 1)]


@pytest.mark.django_db
def test_a_second_run_changes_nothing() -> None:
    house = make_house()
    bring_in(house, a_row(1), a_row(2))
    before = list(PastRepair.objects.order_by("pk").values())
    again = bring_in(house, a_row(1), a_row(2))
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    assert list(PastRepair.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_a_corrected_row_is_changed_in_place() -> None:
    house = make_house()
    bring_in(house, a_row(1))
    report = bring_in(house, a_row(1, problem="Battery swollen"))
    assert (report.added, report.changed) == (0, 1)
    assert PastRepair.objects.get().problem == "Battery swollen"
    assert search.keys(house.advisor, "past_repair", "swollen") != []


@pytest.mark.django_db
def test_rows_that_do_not_fit_are_listed_with_line_and_reason_and_the_others_come_in() -> None:
    house = make_house()
    report = bring_in(
        house, a_row(1), a_row(2, event_date="31.5.2019"), a_row(3, id=""), a_row(4, event_date="2099-01-01")
    )
    assert report.added == 1
    assert [misfit.line for misfit in report.misfits] == [3, 4, 5]
    assert "31.5.2019" in str(report.misfits[0].reason)


@pytest.mark.django_db
def test_another_station_does_not_see_the_history() -> None:
    house, stranger = make_house("NJ"), make_house("SZ")
    bring_in(house, a_row(1))
    past = PastRepair.objects.get()
    assert search.keys(stranger.advisor, "past_repair", "Laptop") == []
    with pytest.raises(Missing):
        queries.get_past_repair(stranger.advisor, str(past.pk))


@pytest.mark.django_db
def test_it_refuses_people_who_do_not_take_units_in() -> None:
    house = make_house()
    with pytest.raises(NotPermitted):
        services.bring_in_past_repairs(house.technician, station="NJ", source="test", rows=[a_row()], now=NOW)
    assert not PastRepair.objects.exists()


cells = st.dictionaries(st.sampled_from([*WIDTHS, "other"]), st.none() | st.text(max_size=400))


@given(cells)
def test_whatever_a_row_holds_it_is_either_kept_whole_or_refused_with_a_reason(row: dict[str, str | None]) -> None:
    read = read_row(row, TODAY)
    assert isinstance(read, (OldRepair, Text))
    if isinstance(read, OldRepair):
        assert read.problem == (row.get("problem") or "").replace("\x00", "").strip()
