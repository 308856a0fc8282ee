"""Foreign keys are invisible to imports, so the same tower is asked of them."""

import configparser
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField

ROOT = Path(__file__).resolve().parents[2]


def floors():
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    lines = contracts["importlinter:contract:tower"]["layers"].split("\n")
    rows = [re.findall(r"\w+", line) for line in lines if line.strip()]
    return {room: floor for floor, row in enumerate(rows) for room in row}


def room_of(model):
    parts = model.__module__.split(".")
    return parts[1] if parts[0] == "aftersales" else ""


def relations_between_rooms():
    fields = (field for model in apps.get_models() for field in model._meta.get_fields())
    for field in fields:
        if isinstance(field, ForeignKey | ManyToManyField):
            here, there = room_of(field.model), room_of(field.related_model)
            if here and there and here != there:
                yield field


RELATIONS = [pytest.param(field, id=str(field)) for field in relations_between_rooms()]


@pytest.mark.parametrize("field", RELATIONS)
def test_a_relation_to_another_room_points_down(field):
    floor = floors()
    assert floor[room_of(field.model)] < floor[room_of(field.related_model)]


@pytest.mark.parametrize("field", RELATIONS)
def test_a_relation_to_another_room_leaves_no_trace_there(field):
    assert field.remote_field.related_name == "+", f'{field} needs related_name="+"'


def test_there_are_relations_to_look_at():
    assert RELATIONS
