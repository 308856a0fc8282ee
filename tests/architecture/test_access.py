"""Who gets what answer where: `access.csv` is the committed answer, this test asks again.

A row is an address, a column a duty. Where an address stands alone it is really opened by a person of that duty, and the
cell is the status. Where it needs to know of which thing (an order, a customer), the declared permission decides between
`may` and 403. After an intended change: python tools/access_table.py
"""

import csv
import os
from pathlib import Path

import pytest

from aftersales.config.duties import DUTIES, PERMISSIONS
from tests.factories import staff as make_staff
from tools.routes import PUBLIC, SIGNED_IN, all_routes

TABLE = Path(__file__).with_name("access.csv")
NOBODY = "not signed in"
HEADS = ["address", "name", "access", NOBODY, *(duty.code for duty in DUTIES)]


@pytest.fixture
def people(db):
    """One person of every duty, all at one station."""
    return {duty.code: make_staff.make_person(duty.code, duty=duty.code) for duty in DUTIES}


def answers(route, duty, client):
    """What a person of this duty gets at this address."""
    if not route.takes_arguments:
        return opened(route.pattern, client)
    if route.access == PUBLIC:
        return "may"
    if duty is None:
        return "302"
    return "may" if route.access == SIGNED_IN or route.access in duty.permissions else "403"


def opened(address, client):
    try:
        return str(client.get(address).status_code)
    except Exception as error:  # noqa: BLE001 - the table goes on, and shows where it broke
        return f"{type(error).__name__}: {error}"[:60]


def table_of_today(client, people):
    rows = {route.pattern: [route.pattern, route.name, route.access] for route in all_routes()}
    for duty in (None, *DUTIES):
        for route in all_routes():
            if duty is None:
                client.logout()
            else:  # anew for each address: signing out is one of them
                client.force_login(people[duty.code])
            rows[route.pattern].append(answers(route, duty, client))
    return [HEADS, *rows.values()]


def as_text(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    return [", ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def test_every_address_says_who_may_open_it():
    assert [route.pattern for route in all_routes() if not route.access] == []


def test_every_declared_permission_exists():
    known = {permission.code for permission in PERMISSIONS} | {PUBLIC, SIGNED_IN}
    assert {route.access for route in all_routes() if route.access} <= known


@pytest.mark.django_db
def test_everybody_gets_the_answer_that_the_table_states(client, people):
    rows = table_of_today(client, people)
    broken = {row[0]: cell for row in rows[1:] for cell in row[3:] if cell != "may" and cell[0] not in "234"}
    assert broken == {}
    if os.environ.get("UPDATE_ACCESS_TABLE"):
        with TABLE.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    with TABLE.open(newline="", encoding="utf-8") as file:
        stated = [row for row in csv.reader(file) if row]
    assert as_text(rows) == as_text(stated), "After an intended change run: python tools/access_table.py"
