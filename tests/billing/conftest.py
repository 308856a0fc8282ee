from __future__ import annotations

import pytest

from tests.factories.billing import make_actor
from tests.factories.customers import make_customer


@pytest.fixture
def customer(db):
    return make_customer("苏州工艺礼品行")


@pytest.fixture
def finance(customer):
    return make_actor("finance")


@pytest.fixture
def clerk(customer):
    return make_actor("returns_clerk")


@pytest.fixture
def manager(customer):
    return make_actor("sales_manager")


@pytest.fixture
def seller(customer):
    return make_actor("salesperson")
