from __future__ import annotations

from dataclasses import dataclass

import pytest

from aftersales.core import events, transaction
from aftersales.core.models import NumberSeries


@dataclass(frozen=True)
class DoorOpened:
    room: str


@dataclass(frozen=True)
class FrontDoorOpened(DoorOpened):
    pass


@pytest.fixture(autouse=True)
def _own_handlers(monkeypatch):
    monkeypatch.setattr(events, "_handlers", {})


def test_every_handler_of_the_event_is_told_at_once_in_the_order_of_registration():
    heard = []
    events.on(DoorOpened)(lambda event: heard.append(("first", event.room)))
    events.on(DoorOpened)(lambda event: heard.append(("second", event.room)))
    events.publish(DoorOpened("hall"))
    assert heard == [("first", "hall"), ("second", "hall")]


def test_handlers_of_other_events_are_left_alone():
    heard = []
    events.on(FrontDoorOpened)(heard.append)
    events.publish(DoorOpened("hall"))
    assert heard == []


def test_an_event_nobody_waits_for_is_no_mistake():
    events.publish(DoorOpened("hall"))


def test_a_handler_registered_twice_is_told_once():
    heard = []

    def hear(event):
        heard.append(event)

    assert events.on(DoorOpened)(hear) is hear
    events.on(DoorOpened)(hear)
    events.publish(DoorOpened("hall"))
    assert len(heard) == 1
    assert events.handlers_by_event() == {DoorOpened: (hear,)}


@pytest.mark.django_db
def test_a_handler_that_fails_fails_the_act_and_nothing_is_written():
    def fail(_event):
        raise RuntimeError("no")

    events.on(DoorOpened)(fail)

    @transaction.act
    def open_door():
        NumberSeries.objects.create(prefix="T", scope="DOOR", year=2026)
        events.publish(DoorOpened("hall"))

    with pytest.raises(RuntimeError):
        open_door()
    assert not NumberSeries.objects.filter(scope="DOOR").exists()
