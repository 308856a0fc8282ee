from __future__ import annotations

from datetime import date

import pytest

from aftersales.deadlines import queries
from aftersales.deadlines.models import Calendar, CalendarYear, SpecialDay
from tests.factories.staff import PASSWORD, make_manager, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendars_installed")]


@pytest.fixture
def manager(client_as):
    return client_as(make_manager())


@pytest.fixture
def technician(client_as):
    return client_as(make_person(password=PASSWORD))


def text_of(response):
    return response.content.decode()


def special_form(**facts):
    return {"version": "1", "on": "2026-11-25", "kind": "off", "name": "盘点", "periods": "", "follows": ""} | facts


def test_the_list_shows_each_calendar_with_its_week(technician):
    page = text_of(technician.get("/calendars/"))
    assert "Mainland China, Monday to Friday" in page
    assert "Mon to Fri 08:30-12:00, 13:30-18:00" in page
    assert "New calendar" not in page


def test_the_list_says_what_to_do_when_there_is_none(manager):
    SpecialDay.objects.all().delete()
    CalendarYear.objects.all().delete()
    Calendar.objects.all().delete()
    assert "aftersales init" in text_of(manager.get("/calendars/"))


def test_the_year_marks_days_off_and_make_up_workdays_in_words(technician):
    page = text_of(technician.get("/calendars/CN/?year=2026"))
    assert "2026 has 248 working days." in page
    assert "Saturday 10 Oct: make-up workday (National Day)" in page
    assert "https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm" in page
    assert "is-make_up" in page
    assert "Set a special day" not in page


@pytest.mark.parametrize("year", ["", "abc", "99999", "-1", "²"])
def test_a_year_that_is_none_shows_the_present_one(technician, year):
    assert technician.get("/calendars/CN/", {"year": year}).status_code == 200


def test_a_year_without_data_says_so(technician):
    assert "The holidays of 2027 are not announced yet" in text_of(technician.get("/calendars/CN/?year=2027"))


def test_a_calendar_that_does_not_exist_is_missing(technician):
    assert technician.get("/calendars/XX/").status_code == 404


def test_a_special_day_is_set_and_shown(manager):
    assert "2026-11-25" in text_of(manager.get("/calendars/CN/days/set/?on=2026-11-25"))
    answer = manager.post("/calendars/CN/days/set/", special_form())
    assert answer.status_code == 302
    assert answer.url == "/calendars/CN/?year=2026"
    assert "盘点" in text_of(manager.get(answer.url))


def test_days_alike_that_follow_one_another_stand_on_one_line(technician):
    page = text_of(technician.get("/calendars/CN/?year=2026"))
    assert "1 Oct – 7 Oct" in page
    assert page.count("<tr") < 110


def test_the_form_of_a_special_day_shows_what_stands_and_offers_to_remove_it(manager):
    page = manager.get("/calendars/CN/days/set/?on=2026-10-10")
    assert page.context["form"].initial["kind"] == "workday"
    assert 'action="/calendars/CN/days/remove/"' in text_of(page)
    assert "/days/remove/" not in text_of(manager.get("/calendars/CN/days/set/?on=2026-10-12"))


@pytest.mark.parametrize("on", ["", "yesterday", "9999-12-31", "2026-13-01"])
def test_a_date_that_is_none_opens_an_empty_form(manager, on):
    assert manager.get("/calendars/CN/days/set/", {"on": on}).status_code == 200


def test_a_refused_special_day_is_shown_in_its_form(manager):
    answer = manager.post("/calendars/CN/days/set/", special_form(kind="hours"))
    assert answer.status_code == 422
    assert "Give the hours of that day" in text_of(answer)
    assert "盘点" in text_of(answer)
    assert not SpecialDay.objects.filter(date=date(2026, 11, 25)).exists()


def test_two_people_at_once_see_each_others_version(manager):
    manager.post("/calendars/CN/days/set/", special_form())
    answer = manager.post("/calendars/CN/days/set/", special_form(name="培训"))
    assert answer.status_code == 409
    assert "changed this record" in text_of(answer)
    assert SpecialDay.objects.get(date=date(2026, 11, 25)).name == "盘点"


def test_a_special_day_is_removed(manager):
    answer = manager.post("/calendars/CN/days/remove/", {"version": "1", "on": "2026-10-10"})
    assert answer.status_code == 302
    assert not SpecialDay.objects.filter(date=date(2026, 10, 10)).exists()


def test_a_calendar_is_created_with_the_hours_proposed(manager):
    page = manager.get("/calendars/new/")
    form = {name: value for name, value in page.context["form"].initial.items() if value is not None}
    form |= {f"day_{number}": "09:00-18:00" for number in range(6)}
    answer = manager.post("/calendars/new/", form | {"code": "NJ", "name": "南京站"})
    assert answer.url == "/calendars/NJ/"
    page = text_of(manager.get("/calendars/NJ/?year=2026"))
    assert "南京站" in page
    assert "National Day" in page


def test_hours_are_edited(manager):
    form = manager.get("/calendars/CN/edit/").context["form"].initial
    form = {name: value for name, value in form.items() if value is not None}
    answer = manager.post("/calendars/CN/edit/", form | {"day_0": "09:00-17:00"})
    assert answer.status_code == 302
    assert Calendar.objects.get(code="CN").weekly[0] == "09:00-17:00"


def test_hours_that_cannot_be_are_refused_at_their_weekday(manager):
    form = manager.get("/calendars/CN/edit/").context["form"].initial
    form = {name: value for name, value in form.items() if value is not None}
    answer = manager.post("/calendars/CN/edit/", form | {"day_2": "17:00-09:00"})
    assert answer.status_code == 422
    assert "24-hour clock" in str(answer.context["form"].errors["day_2"])
    assert Calendar.objects.get(code="CN").version == 1


def test_a_year_is_previewed_before_it_is_taken_over(manager):
    form = {"version": "1", "days": "2027-01-01, 休, 元旦", "source": "gov.cn"}
    assert manager.get("/calendars/CN/years/2027/import/").status_code == 200
    preview = text_of(manager.post("/calendars/CN/years/2027/preview/", form))
    assert "Friday 1 Jan: day off (New Year)" in preview
    assert "Take over this announcement" in preview
    assert not CalendarYear.objects.filter(year=2027).exists()
    assert manager.post("/calendars/CN/years/2027/import/", form).status_code == 302
    assert CalendarYear.objects.get(year=2027).source == "gov.cn"


@pytest.mark.parametrize("page", ["preview", "import"])
def test_an_announcement_that_cannot_be_read_is_refused_with_its_line(manager, page):
    form = {"version": "1", "days": "2027-01-01, 休, 元旦\nnonsense", "source": ""}
    answer = manager.post(f"/calendars/CN/years/2027/{page}/", form)
    assert answer.status_code == 422
    assert "Line 2" in text_of(answer)
    assert not CalendarYear.objects.filter(year=2027).exists()


@pytest.mark.parametrize("year", [0, 1, 9999, 99999])
def test_a_year_no_calendar_can_hold_is_refused(manager, year):
    form = {"version": "1", "days": "2027-01-01, 休, 元旦", "source": ""}
    assert manager.get(f"/calendars/CN/years/{year}/import/").status_code == 422
    assert manager.post(f"/calendars/CN/years/{year}/preview/", form).status_code == 422
    assert manager.post(f"/calendars/CN/years/{year}/import/", form).status_code == 422


def test_a_date_is_worked_out_with_its_days(technician):
    asked = {"calendar": "CN", "started_at": "2026-11-23T10:00", "amount": "3", "unit": "working_days"}
    page = text_of(technician.get("/calendars/work-out/", asked))
    assert "due Thu 26 Nov 2026, 18:00" in page
    assert "counted, day 3 of 3, due at 18:00" in page


def test_a_date_that_rests_on_an_unknown_year_carries_the_warning(technician):
    asked = {"calendar": "CN", "started_at": "2027-03-01T10:00", "amount": "3", "unit": "working_days"}
    assert "no public holiday is counted" in text_of(technician.get("/calendars/work-out/", asked))


def test_the_form_to_work_out_a_date_opens_empty_handed(technician):
    page = technician.get("/calendars/work-out/")
    assert page.status_code == 200
    assert "explanation" not in page.context


@pytest.mark.parametrize(
    "asked",
    [
        {"amount": "0"},
        {"amount": "5000"},
        {"amount": "3", "started_at": "gestern"},
        {"amount": "3", "started_at": "9999-12-31T10:00"},
        {"amount": "3", "started_at": "0001-01-01T00:00"},
    ],
)
def test_what_cannot_be_worked_out_is_refused(technician, asked):
    wanted = {"calendar": "CN", "started_at": "2026-11-23T10:00", "unit": "working_days"} | asked
    assert technician.get("/calendars/work-out/", wanted).status_code == 422


@pytest.mark.parametrize("page", ["new/", "CN/edit/", "CN/days/set/", "CN/years/2027/import/"])
def test_pages_that_change_refuse_those_who_may_only_look(technician, page):
    assert technician.get(f"/calendars/{page}").status_code == 403


def test_acts_refuse_those_who_may_only_look(technician):
    assert technician.post("/calendars/CN/days/set/", special_form()).status_code == 403
    assert technician.post("/calendars/CN/days/remove/", {"version": "1", "on": "2026-10-10"}).status_code == 403
    assert SpecialDay.objects.count() == 678


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ["工作日历", "调休上班", "2026 年共有 248 个工作日。"]),
        ("zh-hant", ["工作日曆", "調休上班", "國慶節"]),
    ],
)
def test_pages_are_read_in_chinese(client_as, language, words):
    browser = client_as(make_manager(language=language))
    page = text_of(browser.get("/calendars/CN/?year=2026"))
    for word in words:
        assert word in page
    assert "working day" not in page


def test_pages_ask_the_database_little(technician, django_assert_max_num_queries):
    technician.get("/calendars/CN/?year=2026")
    with django_assert_max_num_queries(16):
        technician.get("/calendars/CN/?year=2026")
    assert queries.list_rules()["repair"].span.amount == 3
