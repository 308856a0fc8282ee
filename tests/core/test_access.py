from __future__ import annotations

from dataclasses import replace

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from aftersales.core import access
from aftersales.core.access import Duty, PermissionInfo
from aftersales.core.actor import SYSTEM, Actor
from aftersales.core.errors import NotPermitted
from aftersales.core.text import text as _
from aftersales.core.web.access import needs, public

SEE = PermissionInfo("box:see", _("See boxes"), "box")
OPEN = PermissionInfo("box:open", _("Open boxes"), "box")


def duty(code, *permissions):
    return Duty(code, _("Duty"), _("For tests."), frozenset(permissions))


@pytest.fixture(autouse=True)
def _own_duties(monkeypatch):
    monkeypatch.setattr(access, "_duties", {})
    monkeypatch.setattr(access, "_permissions", {})
    access.install([duty("looker", "box:see"), duty("opener", "box:see", "box:open")], [SEE, OPEN])


def test_duties_permit_together_what_each_permits():
    assert access.permissions_of(["looker"]) == {"box:see"}
    assert access.permissions_of(["looker", "opener"]) == {"box:see", "box:open"}
    assert access.permissions_of([]) == frozenset()


def test_a_duty_that_no_longer_exists_permits_nothing():
    assert access.permissions_of(["gone"]) == frozenset()
    assert access.permissions_of(["gone", "looker"]) == {"box:see"}
    assert access.find_duty("gone") is None


def test_duties_and_permissions_keep_the_order_of_their_page():
    assert [each.code for each in access.duties()] == ["looker", "opener"]
    assert [each.code for each in access.permissions()] == ["box:see", "box:open"]
    assert access.find_duty("opener") is access.duties()[1]


@pytest.mark.parametrize(
    ("duties", "permissions", "said"),
    [
        ([duty("new", "box:see", "box:burn", "box:bury")], [SEE], "new names unknown permissions: box:burn, box:bury"),
        ([duty("new"), duty("new")], [SEE], "new is declared twice"),
        ([duty("new")], [SEE, SEE], "box:see is declared twice"),
    ],
)
def test_a_page_of_duties_that_cannot_be_right_is_refused_and_the_old_one_stays(duties, permissions, said):
    with pytest.raises(ValueError, match=said):
        access.install(duties, permissions)
    assert [each.code for each in access.duties()] == ["looker", "opener"]
    assert access.permissions_of(["opener"]) == {"box:see", "box:open"}


def test_an_actor_may_what_his_duties_permit_and_nothing_else():
    actor = Actor(id="person:1", name="王芳", permissions=frozenset({"box:see"}))
    assert actor.may("box:see")
    actor.require("box:see")
    assert not actor.may("box:open")
    with pytest.raises(NotPermitted) as refusal:
        actor.require("box:open")
    assert (refusal.value.permission, refusal.value.status) == ("box:open", 403)


def test_an_actor_sees_only_his_places():
    actor = Actor(id="person:1", name="王芳", scopes=frozenset({"SUZ", "NJ"}))
    assert actor.sees("NJ")
    assert not actor.sees("HQ")
    assert actor.scope_filter("station__code") == {"station__code__in": ["NJ", "SUZ"]}


def test_where_the_rows_of_his_places_are_known_records_are_narrowed_by_them():
    actor = Actor(id="person:1", name="王芳", scopes=frozenset({"SUZ", "NJ"}), places={"NJ": 3, "SUZ": 1, "HQ": 7})
    assert actor.scope_filter("station__code") == {"station_id__in": [3, 1]}
    assert actor.scope_filter("order__station__code") == {"order__station_id__in": [3, 1]}
    assert actor.scope_filter("scope") == {"scope__in": ["NJ", "SUZ"]}
    assert actor.scope_filter("code") == {"code__in": ["NJ", "SUZ"]}
    one = replace(actor, scopes=frozenset({"NJ"}))
    assert one.scope_filter("station__code") == {"station_id": 3}
    assert replace(actor, scopes=frozenset({"NJ", "YZ"})).scope_filter("station__code") == {
        "station__code__in": ["NJ", "YZ"]
    }
    assert replace(actor, scopes=frozenset()).scope_filter("station__code") == {"station__code__in": []}
    assert replace(actor, scopes=None).scope_filter("station__code") == {}


def test_an_actor_of_nowhere_sees_nothing():
    actor = Actor(id="person:1", name="王芳")
    assert not actor.sees("NJ")
    assert not actor.sees("")
    assert actor.scope_filter("station__code") == {"station__code__in": []}


def test_the_system_may_and_sees_everything():
    SYSTEM.require("box:open")
    assert SYSTEM.sees("anywhere")
    assert SYSTEM.scope_filter("station__code") == {}


def asked_by(actor):
    request = RequestFactory().get("/box/")
    request.actor = actor
    return request


def test_a_page_opens_only_to_actors_with_its_permission():
    opened = []

    @needs("box:open")
    def box(request):
        opened.append(request.actor.name)
        return HttpResponse("open")

    assert box.access == "box:open"
    with pytest.raises(NotPermitted):
        box(asked_by(Actor(id="person:1", name="王芳", permissions=frozenset({"box:see"}))))
    assert opened == []
    assert box(asked_by(Actor(id="person:2", name="李强", permissions=frozenset({"box:open"})))).content == b"open"


def test_every_page_tells_who_may_open_it():
    def view(request):
        return HttpResponse()

    assert needs(None)(view).access == "signed-in"
    assert public(view).access == "public"
    assert public(view).login_required is False
