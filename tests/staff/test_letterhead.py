"""How a station speaks on its papers: who may change it, what a logo may be, and what is refused."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from aftersales.core import files, journal
from aftersales.core.errors import Conflict, Invalid, Missing, NotPermitted
from aftersales.core.models import Attachment
from aftersales.staff import queries, rules, services
from aftersales.staff.models import Letterhead
from tests.factories.staff import NOW, actor_of, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(colour="green", size=(600, 200)):
    buffer = io.BytesIO()
    Image.new("RGBA", size, colour).save(buffer, "PNG")
    buffer.seek(0)
    return buffer


def edit(actor, code="NJ", *, version=1, legal_name="南京顺达电子技术服务有限公司", terms=None, **more):
    return services.edit_letterhead(
        actor, code=code, version=version, legal_name=legal_name, terms=terms or {}, now=NOW, **more
    )


def test_a_station_without_a_letterhead_has_an_empty_one(wang):
    head = queries.letterhead_of(queries.get_station(actor_of(wang), "NJ"))
    assert (head.legal_name, head.terms, head.version) == ("", {}, 1)
    assert queries.logo_of(head) is None


def test_the_manager_writes_it_and_the_journal_says_so(wang):
    terms = {"intake_zh_hans": " 请备份资料。\r\n", "settlement_en": ""}
    head = edit(actor_of(wang), terms=terms, logo=picture())
    assert head.terms == {"intake_zh_hans": "请备份资料。"}
    assert queries.logo_of(head).startswith(b"\xff\xd8")
    (entry,) = [each for each in journal.entries_of("station", "NJ") if each.act == "edit_letterhead"]
    assert entry.after["legal_name"] == "南京顺达电子技术服务有限公司"
    assert entry.after["intake_zh_hans"] == "请备份资料。"
    assert "logo" in entry.after


def test_a_new_logo_takes_the_place_of_the_one_before_and_one_can_be_taken_off(wang):
    actor = actor_of(wang)
    first = edit(actor, logo=picture("green")).logo
    second = edit(actor, version=2, logo=picture("red")).logo
    assert first != second
    assert [each.token for each in Attachment.objects.all()] == [second]
    same = edit(actor, version=3, logo=picture("red"))
    assert same.logo == second
    none = edit(actor, version=4, removes_logo=True)
    assert (none.logo, none.logo_mark, Attachment.objects.count()) == ("", "", 0)


@pytest.mark.parametrize("sent", [b"<svg onload='alert(1)'/>", b"GIF89a", b"\x89PNG\r\n\x1a\nbroken", b""])
def test_what_is_no_photo_is_refused_and_nothing_changes(wang, sent):
    with pytest.raises(Invalid) as refused:
        edit(actor_of(wang), logo=io.BytesIO(sent))
    assert refused.value.field == "logo"
    assert not Letterhead.objects.exists()


def test_terms_that_no_paper_holds_are_refused(wang):
    with pytest.raises(Invalid) as refused:
        edit(actor_of(wang), terms={"intake_en": "x" * (rules.MOST_TERMS + 1)})
    assert refused.value.field == "intake_en"
    assert not Letterhead.objects.exists()


def test_only_who_may_edit_the_station_writes_it(wang, zhao, chen):
    make_station("SUZ")
    for person in (zhao, chen):
        with pytest.raises(NotPermitted):
            edit(actor_of(person))
    with pytest.raises(Missing):
        edit(actor_of(wang), "SUZ")
    assert not Letterhead.objects.exists()


def test_two_people_writing_it_are_told_of_each_other(wang, director):
    edit(actor_of(wang), legal_name="one")
    with pytest.raises(Conflict) as refused:
        edit(actor_of(director), legal_name="two")
    assert any(each.yours == "two" for each in refused.value.differences)
    assert Letterhead.objects.get().legal_name == "one"


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "简"), ("en", "en"), ("zh-hant", "简")])
def test_terms_missing_in_one_language_are_shown_in_another(wang, language, said):
    head = edit(actor_of(wang), terms={"intake_zh_hans": "简", "intake_en": "en"})
    assert head.terms_in("intake", language) == said
    assert head.terms_in("settlement", language) == ""


def test_a_logo_whose_file_is_lost_is_none(wang):
    head = edit(actor_of(wang), logo=picture())
    files._path(head.logo, thumb=True).unlink()
    assert queries.logo_of(head) is None


def test_the_page_shows_and_saves_it(wang, client_as):
    browser = client_as(wang)
    page = browser.get("/staff/stations/NJ/letterhead/").content.decode()
    assert page.count("<textarea") == 6
    sent = {
        "version": 1,
        "legal_name": "南京顺达",
        "intake_zh_hans": "<script>条款</script>",
        "logo": SimpleUploadedFile("x.png", picture().read(), "image/png"),
    }
    assert browser.post("/staff/stations/NJ/letterhead/", sent).status_code == 302
    page = browser.get("/staff/stations/NJ/letterhead/").content.decode()
    assert "&lt;script&gt;条款" in page
    assert 'src="data:image/svg+xml,' in page
    assert "南京顺达" in browser.get("/staff/stations/NJ/").content.decode()


def test_the_page_says_what_is_wrong_with_a_logo(wang, client_as):
    sent = {"version": 1, "legal_name": "x", "logo": SimpleUploadedFile("x.svg", b"<svg/>", "image/svg+xml")}
    answer = client_as(wang).post("/staff/stations/NJ/letterhead/", sent)
    assert answer.status_code == 422
    assert not Letterhead.objects.exists()


def test_a_technician_does_not_get_the_page(zhao, client_as):
    assert client_as(zhao).get("/staff/stations/NJ/letterhead/").status_code == 403
