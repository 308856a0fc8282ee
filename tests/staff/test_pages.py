from __future__ import annotations

import re
from pathlib import Path

import pytest

from aftersales.core import access, clock
from aftersales.core.models import IdempotencyKey
from aftersales.staff import queries, services
from aftersales.staff.models import Person, Station
from aftersales.staff.web import panels
from tests.factories.staff import actor_of, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_director(client_as, director):
    return client_as(director)


@pytest.fixture
def as_wang(client_as, wang):
    return client_as(wang)


def facts_of(person, **changes):
    return person.facts() | {"version": person.version} | changes


def test_the_list_shows_whom_one_sees_and_can_be_narrowed(as_wang, wang, zhao, chen):
    page = as_wang.get("/staff/people/")
    assert page.status_code == 200
    assert "王芳" in page.text
    assert "赵敏" in page.text
    assert "陈静" not in page.text
    narrowed = as_wang.get("/staff/people/", {"duty": "technician", "station": "NJ", "q": "zhao"})
    assert "赵敏" in narrowed.text
    assert "wang.fang" not in narrowed.text
    assert "赵敏" not in as_wang.get("/staff/people/", {"status": "inactive"}).text


def test_the_list_takes_no_more_queries_for_more_people(as_director, director, django_assert_max_num_queries):
    from tests.factories.staff import make_person

    for number in range(15):
        make_person(f"人{number}")
    as_director.get("/staff/people/")
    with django_assert_max_num_queries(8):
        assert as_director.get("/staff/people/").text.count("data-label") > 40


def test_a_person_of_another_station_is_not_there(as_wang, chen):
    for path in ("", "edit/"):
        assert as_wang.get(f"/staff/people/{chen.pk}/{path}").status_code == 404
    for path in ("deactivate/", "invite/", "sessions/end/", "new-password/", "reactivate/"):
        assert as_wang.post(f"/staff/people/{chen.pk}/{path}").status_code == 404
    assert as_wang.post(f"/staff/people/{chen.pk}/duties/", {"station": "NJ", "duty": "technician"}).status_code == 404
    assert as_wang.post(f"/staff/assignments/{chen.assignments.get().pk}/end/").status_code == 404
    chen.refresh_from_db()
    assert chen.is_active
    assert [row.until_on for row in chen.assignments.all()] == [None]


def test_a_technician_opens_none_of_these_pages(client_as, zhao, wang):
    client = client_as(zhao)
    for path in (
        "/staff/people/",
        f"/staff/people/{zhao.pk}/",
        "/staff/people/new/",
        "/staff/duties/",
        "/staff/stations/new/",
    ):
        assert client.get(path).status_code == 403
    assert client.post(f"/staff/people/{wang.pk}/deactivate/").status_code == 403
    assert client.get("/staff/stations/").status_code == 200
    wang.refresh_from_db()
    assert wang.is_active


def test_a_person_is_registered_and_the_link_is_kept_nowhere(as_director, director):
    make_station("NJ")
    form = {"name": "孙丽", "login": "sun.li", "station": "NJ", "duty": "service_advisor"}
    done = as_director.post("/staff/people/new/", form)
    person = queries.find_person_by_login("sun.li")
    assert re.fullmatch(rf"/staff/people/{person.pk}/invitations/\d+/", done.url)
    page = as_director.get(done.url)
    token = re.search(r"/staff/join/([0-9a-f]{64})/", page.text).group(1)
    assert queries.find_open_invitation(token, now=clock.now()).person == person
    kept = [bytes(row.body).decode() + str(row.headers) for row in IdempotencyKey.objects.all()]
    assert token not in "".join(kept)


def test_the_same_form_sent_twice_registers_one_person(as_director, director):
    make_station("NJ")
    form = {"name": "孙丽", "login": "sun.li", "station": "NJ", "duty": "service_advisor"}
    before = Person.objects.count()
    first, second = (as_director.post("/staff/people/new/", form, once="the-very-same-form-1") for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Person.objects.count() == before + 1


def test_a_refusal_is_shown_in_the_form_with_what_was_typed(as_director, director, zhao):
    form = {"name": "孙丽", "login": "ZHAO.min", "station": "NJ", "duty": "service_advisor"}
    page = as_director.post("/staff/people/new/", form)
    assert page.status_code == 422
    assert 'value="孙丽"' in page.text
    assert Person.objects.filter(name="孙丽").count() == 0


def test_an_edit_that_collides_shows_both_versions(as_director, director, zhao):
    opened = facts_of(zhao, name="赵小敏")
    services.edit_person(actor_of(director), person_id=zhao.pk, **facts_of(zhao, name="赵敏敏"), now=clock.now())
    page = as_director.post(f"/staff/people/{zhao.pk}/edit/", opened)
    assert page.status_code == 409
    assert "赵敏敏" in page.text
    assert "赵小敏" in page.text
    zhao.refresh_from_db()
    assert zhao.name == "赵敏敏"


def test_duties_come_and_go_on_the_person_page(as_director, zhao):
    path = f"/staff/people/{zhao.pk}/"
    assert as_director.post(f"{path}duties/", {"station": "NJ", "duty": "service_advisor"}).url == path
    again = as_director.post(f"{path}duties/", {"station": "NJ", "duty": "service_advisor"})
    assert again.status_code == 422
    assert as_director.post(f"{path}duties/", {"station": "??", "duty": "king"}).status_code == 422
    assert zhao.assignments.count() == 2
    row = zhao.assignments.get(duty="service_advisor")
    assert as_director.post(f"/staff/assignments/{row.pk}/end/").url == path
    row.refresh_from_db()
    assert row.until_on is not None
    page = as_director.get(path)
    assert page.status_code == 200
    assert str(panels.ACTS["end_duty"][0]) in page.text


def test_a_person_is_deactivated_and_reactivated_on_his_page(as_director, director, zhao):
    path = f"/staff/people/{zhao.pk}/"
    as_director.post(f"{path}deactivate/")
    zhao.refresh_from_db()
    assert not zhao.is_active
    assert f"{path}reactivate/" in as_director.get(path).text
    as_director.post(f"{path}reactivate/")
    zhao.refresh_from_db()
    assert zhao.is_active
    assert as_director.post(f"/staff/people/{director.pk}/deactivate/").status_code == 409


def test_acts_on_people_are_not_done_by_following_a_link(as_director, zhao):
    for path in ("deactivate", "invite", "sessions/end", "new-password", "reactivate", "duties"):
        assert as_director.get(f"/staff/people/{zhao.pk}/{path}/").status_code == 405
    zhao.refresh_from_db()
    assert zhao.is_active


def test_the_matrix_tells_every_duty_and_every_permission(as_director):
    page = as_director.get("/staff/duties/")
    assert page.status_code == 200
    for duty in access.duties():
        assert str(duty.purpose) in page.text
    for permission in access.permissions():
        assert permission.code in page.text
    rows = [row for room in panels.matrix() for row in room.rows]
    assert len(rows) == len(access.permissions())
    for row in rows:
        for duty, is_included in row.cells:
            assert is_included == (row.permission.code in duty.permissions)
    allowed = sum(len(duty.permissions) for duty in access.duties())
    assert page.text.count('role="img"') == allowed


def test_a_station_is_opened_shown_and_edited(as_director, director):
    form = {"code": "nj", "name": "南京", "trades": ["agri"], "calendar_code": "CN", "time_zone": "Asia/Shanghai"}
    assert as_director.post("/staff/stations/new/", form).url == "/staff/stations/NJ/"
    assert as_director.get("/staff/stations/NJ/").status_code == 200
    taken = as_director.post("/staff/stations/new/", form)
    assert taken.status_code == 422
    edited = form | {"name": "南京南", "version": 1, "is_open": "on"}
    assert as_director.post("/staff/stations/NJ/edit/", edited).status_code == 302
    assert as_director.post("/staff/stations/NJ/edit/", edited | {"name": "x"}).status_code == 409
    assert Station.objects.get(code="NJ").name == "南京南"
    assert "南京南" in as_director.get("/staff/stations/").text


def test_a_station_manager_sees_no_other_station_and_opens_none(as_wang, chen):
    page = as_wang.get("/staff/stations/")
    assert "/staff/stations/NJ/" in page.text
    assert "SUZ" not in page.text
    assert "/staff/stations/new/" not in page.text
    assert as_wang.get("/staff/stations/SUZ/").status_code == 404
    assert as_wang.get("/staff/stations/SUZ/edit/").status_code == 404


def test_my_account_tells_my_duties(client_as, zhao):
    page = client_as(zhao).get("/staff/me/")
    assert page.status_code == 200
    assert "Station NJ" in page.text
    assert "zhao.min" in page.text


def test_no_template_has_an_inline_script_style_or_unknown_component():
    root = Path(panels.__file__).parent.parent / "templates"
    components = {path.stem for path in root.parent.parent.glob("*/templates/cotton/*.html")}
    for path in root.rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"<script(?![^>]*src=)", text), path
        assert " style=" not in text, path
        used = set(re.findall(r"<c-([a-z-]+)", text)) - {"slot", "vars"}
        assert used <= components, path
