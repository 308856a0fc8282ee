"""How many queries each page asks, frozen: a loop that asks for every row shows up here, on both databases.

After an intended change: UPDATE_QUERY_COUNTS=1 pytest tests/architecture/test_query_counts.py
"""

import json
import os
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, reverse_lazy

from aftersales.core import clock
from aftersales.core.actor import SYSTEM
from aftersales.policies import services as policies
from aftersales.policies.models import PolicyVersion
from aftersales.warehouse import queries as warehouse_now, services as warehouse
from tests.factories import (
    billing as make_billing,
    policies as make_policies,
    staff as make_staff,
    warehouse as make_warehouse,
    workshop as make_workshop,
)

FROZEN = Path(__file__).with_name("query_counts.json")
NOT_COUNTED = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "BEGIN", "COMMIT")
FEW, MANY = 3, 12


@dataclass
class House:
    """A station with its people, and orders, each of a customer and a unit of its own."""

    staff: make_workshop.House
    orders: list = field(default_factory=list)
    clerk: object = None
    freight: str = ""

    def fill(self, count):
        """Take in until there are so many, and let as many people join."""
        for _missing in range(len(self.orders), count):
            self.orders.append(make_workshop.receive(self.staff, now=clock.now()))
            make_staff.make_person(now=clock.now())
            customer = self.orders[-1].customer
            make_billing.post(SYSTEM, customer, 100)
            make_billing.post(SYSTEM, self.orders[0].customer, 100)
            self.freight = make_billing.make_freight(self.clerk, customer).number

    def draft(self, page, *more):
        """A page of the draft of the returns policy, which is taken over when it is first asked for."""
        if not PolicyVersion.objects.exists():
            policies.adopt_shipped(make_policies.make_owner(), file=make_policies.SHIPPED, now=clock.now())
        return reverse(f"policies:{page}", args=["returns", 1, *more])


PAGES = {
    "home": lambda house: reverse("desk:home"),
    "orders": lambda house: reverse("workshop:orders"),
    "board": lambda house: reverse("workshop:board"),
    "order": lambda house: reverse("workshop:order", args=[house.orders[0].number]),
    "similar": lambda house: reverse("workshop:similar", args=[house.orders[0].number]),
    "questions": lambda house: reverse("workshop:questions"),
    "ask_expert": lambda house: reverse("workshop:ask_expert", args=[house.orders[0].number]),
    "slip": lambda house: reverse("workshop:slip", args=[house.orders[0].number]),
    "slip_pdf": lambda house: reverse("workshop:slip_pdf", args=[house.orders[0].number]),
    "work_by_month": lambda house: reverse("workshop:work_by_month"),
    "quality": lambda house: reverse("workshop:quality"),
    "quality_orders": lambda house: reverse("workshop:quality_orders"),
    "work_by_category": lambda house: reverse("workshop:work_by_category"),
    "past_repairs": lambda house: reverse("workshop:past_repairs"),
    "search": lambda house: (reverse("desk:search"), {"q": "138"}),
    "receive": lambda house: reverse("workshop:receive"),
    "customers": lambda house: reverse("customers:customers"),
    "customer": lambda house: reverse("customers:customer", args=[house.orders[0].customer_id]),
    "duplicates": lambda house: reverse("customers:duplicate_customers"),
    "units": lambda house: reverse("customers:units"),
    "unit": lambda house: reverse("customers:unit", args=[house.orders[0].unit_id]),
    "catalog": lambda house: reverse("catalog:models"),
    "people": lambda house: reverse("staff:people"),
    "stations": lambda house: reverse("staff:stations"),
    "letterhead": lambda house: reverse("staff:edit_letterhead", args=[house.staff.station]),
    "duties": lambda house: reverse("staff:duties"),
    "daily_report": lambda house: reverse("reports:daily") + "?station=NJ",
    "daily_report_of_all": lambda house: reverse("reports:daily"),
    "daily_report_figure": lambda house: reverse("reports:figure") + "?station=NJ&figure=taken_in",
    "outbox": lambda house: reverse("reports:stuck"),
    "calendars": lambda house: reverse("deadlines:calendars"),
    "policy_editor": lambda house: house.draft("check_draft"),
    "policy_table": lambda house: house.draft("edit_table", "return", "ground") + "?row=G08",
    "policy_cases": lambda house: house.draft("test_rows"),
    "policy_add_case": lambda house: house.draft("add_case"),
    "policy_workbook": lambda house: house.draft("workbook"),
    "policy_text": lambda house: house.draft("edit_text"),
    "accounts": lambda house: reverse("billing:accounts"),
    "account": lambda house: reverse("billing:account", args=[house.orders[0].customer_id]),
    "statement": lambda house: reverse("billing:statement", args=[house.orders[0].customer_id]),
    "vouchers": lambda house: reverse("billing:vouchers"),
    "freight": lambda house: reverse("billing:freight"),
    "freight_document": lambda house: reverse("billing:freight_document", args=[house.freight]),
    "exports": lambda house: reverse("exchange:exports"),
    "imports": lambda house: reverse("exchange:imports"),
}
"""The pages that are watched, each with how its address is found; with a form to send where the page answers to one."""


POLICY_PAGES = {
    "policies": reverse_lazy("policies:policies"),
    "policy": reverse_lazy("policies:policy", args=["returns"]),
    "policy_questions": reverse_lazy("policies:questions", args=["returns"]),
    "policy_question": reverse_lazy("policies:rule_question", args=["returns", "AMB-01"]),
    "policy_case": reverse_lazy("policies:try_case", args=["returns"]),
    "policy_versions": reverse_lazy("policies:versions", args=["returns"]),
    "policy_version": reverse_lazy("policies:version", args=["returns", 2]),
    "policy_compared": reverse_lazy("policies:compare", args=["returns", 2]),
    "policy_what_if": reverse_lazy("policies:what_if", args=["returns", 2]),
    "policy_coverage": reverse_lazy("policies:coverage", args=["returns", 2]),
    "decisions": reverse_lazy("policies:decisions"),
}
"""The pages of a policy in force with a draft and decisions, which may be few or many."""

WAREHOUSE_PAGES = {
    "stock": reverse_lazy("warehouse:stock"),
    "stock_moves": reverse_lazy("warehouse:moves"),
    "stock_items": reverse_lazy("warehouse:items"),
    "stores": reverse_lazy("warehouse:stores"),
    "receive_stock": reverse_lazy("warehouse:receive"),
    "transfer_stock": reverse_lazy("warehouse:transfer"),
    "stocktakes": reverse_lazy("warehouse:stocktakes"),
    "slow_goods": reverse_lazy("warehouse:slow"),
}
"""The pages of a store that is being counted, in which there may be few things or many."""


@pytest.fixture
def house(db, client):
    """The house, seen by its service manager."""
    client.force_login(make_staff.make_manager(now=clock.now()))
    return House(make_workshop.make_house(now=clock.now()), clerk=make_billing.make_actor("returns_clerk"))


def count(client, address):
    ask = client.get if isinstance(address, str) else client.post
    words = (address,) if isinstance(address, str) else address
    ask(*words)  # what is asked once in a process is not the page's
    with CaptureQueriesContext(connection) as asked:
        answer = ask(*words)
    assert answer.status_code == 200, f"{words[0]} answers {answer.status_code}"
    return sum(not query["sql"].startswith(NOT_COUNTED) for query in asked.captured_queries)


def agree(counts):
    """The counts are those that are frozen."""
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))
    if os.environ.get("UPDATE_QUERY_COUNTS"):
        FROZEN.write_text(json.dumps(frozen | counts, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        return
    assert counts == {page: frozen[page] for page in counts}


def test_each_page_asks_as_often_as_stated_however_much_there_is_to_show(house, client):
    house.fill(FEW)
    counts = {page: count(client, address(house)) for page, address in PAGES.items()}
    agree(counts)
    house.fill(MANY)
    assert {page: count(client, address(house)) for page, address in PAGES.items()} == counts


def decide(owner, how_many):
    """So many returns decided, each a little otherwise."""
    cases = [policies.Case(make_policies.facts(days_recv=day), make_policies.TODAY) for day in range(how_many)]
    policies.decide_many(owner, policy="returns", decision="return", cases=cases, now=clock.now())


def test_the_pages_of_a_policy_ask_as_often_as_stated_however_many_decisions_there_are(db, client):
    client.force_login(make_staff.make_manager(now=clock.now()))
    owner = make_policies.make_owner()
    make_policies.make_policy(owner, make_policies.make_approver(), now=clock.now())
    policies.begin_draft(owner, policy="returns", now=clock.now(), today=make_policies.TODAY)
    decide(owner, FEW)
    counts = {page: count(client, str(address)) for page, address in POLICY_PAGES.items()}
    agree(counts)
    decide(owner, MANY)
    assert {page: count(client, str(address)) for page, address in POLICY_PAGES.items()} == counts


def fill(goods, stocktake, how_many):
    """So many items received in two deliveries, moved on, reserved, and counted in part."""
    now = clock.now() - timedelta(days=200)
    for each in range(how_many):
        item = make_warehouse.make_item(f"G{how_many}-{each}", now=now)
        for what in (item, goods.item):
            make_warehouse.receive(goods, 5, reference=f"DN-{how_many}-{each}", item=what.code, now=now)
        make_warehouse.transfer(goods, 2, item=item.code, now=now)
        balance = next(row for row in warehouse_now.stock_of(goods.keeper, goods.item))
        warehouse.reserve_stock(goods.keeper, balance_id=balance.pk, quantity=1, purpose="RO", now=now)
        if each % 2:
            warehouse.count_line(goods.keeper, number=stocktake.number, item=item.code, counted=each, now=now)


def test_the_pages_of_the_warehouse_ask_as_often_as_stated_however_much_lies_there(db, client):
    client.force_login(make_staff.make_manager(now=clock.now()))
    goods = make_warehouse.make_warehouse(now=clock.now())
    stocktake = warehouse.begin_stocktake(goods.keeper, store="MAIN", now=clock.now())
    pages = WAREHOUSE_PAGES | {
        "stock_item": reverse("warehouse:item", args=[goods.item.pk]),
        "stocktake": reverse("warehouse:stocktake", args=[stocktake.number]),
    }
    fill(goods, stocktake, FEW)
    counts = {page: count(client, str(address)) for page, address in pages.items()}
    agree(counts)
    fill(goods, stocktake, MANY)
    assert {page: count(client, str(address)) for page, address in pages.items()} == counts


def test_no_page_is_watched_that_does_not_exist_any_more():
    assert set(json.loads(FROZEN.read_text(encoding="utf-8"))) == {
        *PAGES,
        *POLICY_PAGES,
        *WAREHOUSE_PAGES,
        "stock_item",
        "stocktake",
    }
