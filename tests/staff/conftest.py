from __future__ import annotations

import pytest

from tests.factories import staff as make


@pytest.fixture
def director(db):
    """Sees all stations and may do everything with people."""
    return make.make_manager("李强", login="li.qiang")


@pytest.fixture
def wang(db):
    """Manages the station NJ only."""
    return make.make_person("王芳", duty="service_manager", station="NJ", login="wang.fang", password=make.PASSWORD)


@pytest.fixture
def zhao(db):
    """A technician at NJ."""
    return make.make_person("赵敏", duty="technician", station="NJ", login="zhao.min", password=make.PASSWORD)


@pytest.fixture
def chen(db):
    """A technician at SUZ, which is none of NJ's business."""
    return make.make_person("陈静", duty="technician", station="SUZ", login="chen.jing", password=make.PASSWORD)


@pytest.fixture
def sign_in(client):
    """Signs the test client in as a person, by the sign-in page."""

    def enter(person, password=make.PASSWORD):
        return client.post("/account/login/", {"login": person.login, "password": password})

    return enter
