"""The papers of an order: which exist when, what stands on them, in which language, and who gets them."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.utils import translation

from aftersales.catalog import queries as catalog
from aftersales.staff import services as staff
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.rules.order import OrderState as S
from aftersales.workshop.rules.papers import PAPER_LABELS, PaperFacts, PaperKind, asked_again, why_not
from aftersales.workshop.web.papers import title_of
from tests.factories.staff import NOW, actor_of, make_manager, make_person, make_station
from tests.factories.workshop import make_house, make_order
from tests.workshop.papers import done_order, pages_of, text, words

pytestmark = pytest.mark.django_db
LANGUAGES = ["zh-hans", "zh-hant", "en"]
KINDS = [kind.value for kind in PaperKind]
ON_A_ROLL = ["slip", "consent", "settlement"]


@pytest.fixture(autouse=True)
def two_hours_later():
    with time_machine.travel(NOW + timedelta(hours=2)):
        yield


@pytest.fixture
def house():
    return make_house()


@pytest.fixture
def browser(house, client_as):
    return client_as(house.advisor_person)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paper_exists_as_page_and_as_pdf_in_every_language(house, browser, language):
    order = done_order(house)
    for kind in KINDS:
        for size in ("a4", "80") if kind in ON_A_ROLL else ("",):
            asked = f"?language={language}&paper={size}"
            page = browser.get(f"/orders/{order.number}/{kind}/{asked}")
            assert page.status_code == 200
            assert " style=" not in text(page)
            assert "{%" not in text(page)
            answer = browser.get(f"/orders/{order.number}/{kind}.pdf{asked}")
            assert order.number in words(answer)
            width = round(float(pages_of(answer)[0].mediabox.width) * 25.4 / 72)
            assert width == {"80": 80, "a4": 210}.get(size, 60 if kind == "label" else 210)


def test_the_order_page_offers_what_exists_and_says_why_the_rest_does_not(house, browser):
    early, late = make_order(house), done_order(house)
    page = text(browser.get(f"/orders/{early.number}/?"))
    assert f'href="/orders/{early.number}/slip/"' in page
    assert f'href="/orders/{early.number}/slip.pdf"' in page
    for kind in ("quotation", "consent", "work_order", "check_sheet", "settlement"):
        assert f'href="/orders/{early.number}/{kind}/"' not in page
    browser.cookies["django_language"] = "en"
    page = text(browser.get(f"/orders/{early.number}/"))
    assert "No quotation has been given to the customer yet." in page
    page = text(browser.get(f"/orders/{late.number}/"))
    assert all(f'href="/orders/{late.number}/{kind}/"' in page for kind in KINDS)
    assert f'href="/orders/{late.number}/quotation/?version=1"' in page


@pytest.mark.parametrize("kind", ["quotation", "consent", "work_order", "check_sheet", "settlement"])
def test_a_paper_that_does_not_exist_yet_is_refused_with_the_reason(house, browser, kind):
    order = make_order(house)
    browser.cookies["django_language"] = "en"
    for address in (f"/orders/{order.number}/{kind}/", f"/orders/{order.number}/{kind}.pdf"):
        answer = browser.get(address)
        assert answer.status_code == 409
        assert str(why_not(PaperKind(kind), PaperFacts(S.RECEIVED))) in text(answer)


@pytest.mark.parametrize("state", list(S))
def test_each_paper_exists_from_its_moment_on(state):
    facts = PaperFacts(state, quotation_no=2, agreed_count=1, asked_again=(2,))
    exists = {kind for kind in PaperKind if why_not(kind, facts) is None}
    always = {PaperKind.SLIP, PaperKind.LABEL, PaperKind.QUOTATION, PaperKind.CONSENT, PaperKind.WORK_ORDER}
    done = {S.REPAIRED, S.CHECKED, S.READY, S.HANDED_OVER, S.CLOSED}
    wanted = always | ({PaperKind.CHECK_SHEET} if state in done | {S.REPAIRING} else set())
    assert exists == wanted | ({PaperKind.SETTLEMENT} if state in done | {S.DECLINED, S.CANCELLED} else set())


def test_only_versions_after_the_first_yes_ask_for_consent_to_added_items():
    assert asked_again([1, 2, 3], first_yes=None) == ()
    assert asked_again([3, 2, 1], first_yes=1) == (2, 3)
    assert asked_again([1, 2], first_yes=2) == ()


def test_the_slip_says_what_was_left_with_us_in_the_language_asked_for(house, browser):
    order = make_order(house, fault="屏幕不亮", accessories=("charger",))
    said = {each: words(browser.get(f"/orders/{order.number}/slip.pdf?language={each}")) for each in LANGUAGES}
    assert "接机单" in said["zh-hans"]
    assert "充电器" in said["zh-hans"]
    assert "接機單" in said["zh-hant"]
    assert "充電器" in said["zh-hant"]
    assert "Deviceintakeslip" in said["en"]
    assert "Charger" in said["en"]
    assert all("屏幕不亮" in each and "陈静" in each and order.number in each for each in said.values())


@pytest.mark.parametrize(
    ("trade", "titles"),
    [
        ("automotive", ["接车单", "接車單", "交车结算单", "交車結算單"]),
        ("electronics", ["接机单", "接機單", "取机单", "取機單"]),
        ("agri", ["接机单", "接機單", "交机单", "交機單"]),
        ("gift", ["收件单", "收件單", "交付单", "交付單"]),
    ],
)
def test_each_trade_has_its_own_word_for_what_is_signed_at_the_counter(trade, titles):
    order = SimpleNamespace(trade=trade)
    said = []
    for kind in (PaperKind.SLIP, PaperKind.SETTLEMENT):
        for language in ("zh-hans", "zh-hant"):
            with translation.override(language):
                said.append(str(title_of(order, kind)))
    assert said == titles


def test_a_profile_names_only_papers_that_there_are_and_the_rest_keep_their_general_name():
    for trade in catalog.list_trades():
        assert {paper.code for paper in trade.papers} <= set(KINDS)
        assert title_of(SimpleNamespace(trade=trade.code), PaperKind.QUOTATION) == PAPER_LABELS[PaperKind.QUOTATION]


def test_the_order_page_says_the_trades_word_on_the_button_and_in_the_list(house, browser):
    order = make_order(house)
    browser.cookies["django_language"] = "zh-hans"
    page = text(browser.get(f"/orders/{order.number}/"))
    assert page.count("接机单") >= 3
    assert "接修单</a>" not in page


def test_the_slip_draws_the_marks_and_tells_them_in_words(house, browser):
    order = make_order(house)
    drawing = catalog.drawing_of(order.trade, order.category.code)
    first, second = drawing.areas[:2]
    marks = [
        {"area": first.code, "x": first.x, "y": first.y, "kind": "scratch", "note": "#长*条"},
        {"area": second.code, "x": second.x, "y": second.y, "kind": "dent", "note": ""},
    ]
    RepairOrder.objects.filter(pk=order.pk).update(marks=marks, is_reminded_of_valuables=True)
    address = f"/orders/{order.number}/slip.pdf?language=zh-hans"
    said = words(browser.get(address))
    with translation.override("zh-hans"):
        assert f"1{first.label}：划痕·#长*条" in said
        assert f"2{second.label}：凹陷" in said
    assert "没有标记" not in said
    page = text(browser.get(f"/orders/{order.number}/slip/?language=zh-hans"))
    assert page.count("tick-box is-ticked") == 1
    RepairOrder.objects.filter(pk=order.pk).update(marks=[])
    assert "没有标记" in words(browser.get(address))
    assert "没有标记" not in words(browser.get(f"{address}&paper=80"))


def test_papers_show_no_whole_telephone_and_the_workshops_papers_none(house, browser):
    order = done_order(house, phone="13812345678")
    for kind in KINDS:
        said = words(browser.get(f"/orders/{order.number}/{kind}.pdf")) + text(
            browser.get(f"/orders/{order.number}/{kind}/")
        )
        assert "12345678" not in said
        assert ("138****5678" in said) == (kind in {"slip", "quotation", "consent", "settlement"})


def test_the_quotation_shows_each_version_as_it_was_given_with_the_answer(house, browser):
    order = done_order(house)
    address = f"/orders/{order.number}/quotation.pdf?language=zh-hans"
    first, second = words(browser.get(f"{address}&version=1")), words(browser.get(address))
    assert "充电尾插" not in first
    assert "充电尾插" in second
    for wanted in (
        "屏幕总成原厂",
        "价目表七月",
        "备选（屏幕）：国产",
        "优惠¥20.00：老客户",
        "原厂屏订货两天",
        "有效期至",
    ):
        assert wanted in first
    assert "¥1,560.00" in first  # the first of the alternatives, the back cover, and the work less its discount
    assert "陈静·已在纸上签字" in first or "陈静·" in first
    assert words(browser.get(f"{address}&version=99")) == second
    assert words(browser.get(f"{address}&version=-1")) == second


def test_the_consent_sheet_asks_only_about_what_was_added(house, browser):
    order = done_order(house)
    said = words(browser.get(f"/orders/{order.number}/consent.pdf?language=zh-hans"))
    assert "增项确认单" in said
    assert "充电尾插" in said
    assert "清洁保养" in said
    assert "屏幕总成" not in said
    assert "¥98.00" in said
    assert "¥1,380.00" in said
    assert "电话确认" in said


def test_the_work_order_has_only_agreed_work_and_no_prices(house, browser):
    said = words(browser.get(f"/orders/{done_order(house).number}/work_order.pdf?language=zh-hans"))
    assert "屏幕总成原厂" in said
    assert "充电尾插" in said
    assert "报修故障已排除" in said
    assert "张伟" in said
    for hidden in ("屏幕总成国产", "后盖", "清洁保养", "¥", "陈静"):
        assert hidden not in said


def test_what_was_found_is_told_in_the_words_of_the_trade_first(house, browser):
    order = done_order(house)
    cause = catalog.get_trade(order.trade).causes[0]
    RepairOrder.objects.filter(pk=order.pk).update(cause=cause.code, remedy="long-gone")
    with translation.override("zh-hant"):
        wanted = f"{cause.label}·long-gone"
    for kind in ("work_order", "quotation"):
        assert wanted in words(browser.get(f"/orders/{order.number}/{kind}.pdf?language=zh-hant"))


def test_the_check_sheet_shows_every_check_and_can_be_filled_in_by_hand_before(house, browser):
    said = words(browser.get(f"/orders/{done_order(house).number}/check_sheet.pdf?language=zh-hans"))
    assert "听筒有杂音" in said
    assert "不合格刘敏" in said
    assert "合格刘敏" in said
    empty = make_order(house, S.REPAIRING)
    assert "报修故障已排除" in words(browser.get(f"/orders/{empty.number}/check_sheet.pdf?language=zh-hans"))


def test_a_signature_from_the_screen_stands_on_the_paper(house, browser):
    order = done_order(house)
    drawn = "data:image/svg+xml"
    signed = text(browser.get(f"/orders/{order.number}/quotation/?version=1"))
    plain = text(browser.get(f"/orders/{order.number}/quotation/?version=2"))
    assert signed.count(drawn) == plain.count(drawn) + 1
    assert b"%PDF" in browser.get(f"/orders/{order.number}/quotation.pdf?version=1").content


def test_customers_papers_speak_the_customers_language_and_the_houses_the_readers(house, browser):
    order = done_order(house)
    type(order.customer).objects.filter(pk=order.customer_id).update(language="zh-hant")
    browser.cookies["django_language"] = "en"
    assert "接機單" in words(browser.get(f"/orders/{order.number}/slip.pdf"))
    assert "Workorder" in words(browser.get(f"/orders/{order.number}/work_order.pdf"))
    page = text(browser.get(f"/orders/{order.number}/slip/"))
    assert '<div class="sheet" lang="zh-Hant">' in page
    assert "Print</button>" in page


def test_what_is_asked_for_and_does_not_exist_is_the_usual(house, browser):
    order = make_order(house)
    answer = browser.get(f"/orders/{order.number}/slip.pdf?language=xx&paper=papyrus&version=²")
    assert order.number in words(answer)


def test_the_stations_letterhead_and_terms_stand_on_its_papers(house, browser, settings, tmp_path):
    from tests.staff.test_letterhead import picture

    settings.MEDIA_ROOT = tmp_path
    terms = {"intake_zh_hans": "请备份资料", "settlement_zh_hans": "质保九十天"}
    staff.edit_letterhead(
        actor_of(make_manager()),
        code="NJ",
        version=1,
        legal_name="南京顺达#电子*有限公司",
        terms=terms,
        logo=picture(),
        now=NOW,
    )
    order = done_order(house)
    slip = words(browser.get(f"/orders/{order.number}/slip.pdf?language=zh-hans"))
    sheet = words(browser.get(f"/orders/{order.number}/settlement.pdf?language=zh-hans"))
    assert "南京顺达#电子*有限公司" in slip
    assert "请备份资料" in slip
    assert "质保九十天" not in slip
    assert "质保九十天" in sheet
    assert 'class="paper-logo"' in text(browser.get(f"/orders/{order.number}/slip/"))


HOSTILE = [
    '#import "x": *',
    "*_$ x $",
    "<script>alert(1)</script>",
    "`#raw`",
    "\\u{41}",
    "{{ actor }}{% now %}",
    "😀\u202e",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_people_write_stays_what_they_wrote(house, browser, hostile):
    order = done_order(house, fault=hostile, note=hostile)
    shown = "".join(hostile.replace("😀\u202e", "〓").split())
    for kind in ("slip", "quotation", "work_order", "check_sheet", "settlement"):
        assert shown in words(browser.get(f"/orders/{order.number}/{kind}.pdf"))
        assert "<script>alert" not in text(browser.get(f"/orders/{order.number}/{kind}/"))


@pytest.mark.parametrize("kind", KINDS)
def test_another_stations_order_has_no_papers(house, client_as, kind):
    order = done_order(house)
    make_station("SUZ")
    stranger = client_as(make_person("赵敏", duty="service_manager", station="SUZ"))
    for address in (f"/orders/{order.number}/{kind}/", f"/orders/{order.number}/{kind}.pdf"):
        answer = stranger.get(address)
        assert answer.status_code == 404
        assert "陈静" not in text(answer)


def test_a_demonstration_says_so_on_its_papers(house, browser, settings):
    order = done_order(house)
    assert "虚构" not in words(browser.get(f"/orders/{order.number}/slip.pdf?language=zh-hans"))
    settings.DEMO = True
    for kind in KINDS:
        assert "虚构" in words(browser.get(f"/orders/{order.number}/{kind}.pdf?language=zh-hans"))
        assert "虚构" in text(browser.get(f"/orders/{order.number}/{kind}/?language=zh-hans"))


def test_the_code_opens_the_order(house, browser, settings, monkeypatch):
    settings.PUBLIC_URL = "https://service.example"
    order = done_order(house)
    asked = []
    real = __import__("segno").make
    monkeypatch.setattr("segno.make", lambda text, **more: asked.append(text) or real(text, **more))
    for kind in KINDS:
        browser.get(f"/orders/{order.number}/{kind}.pdf")
    assert set(asked) == {f"https://service.example/orders/{order.number}/"}
    assert len(asked) == len(KINDS)


def test_without_its_font_no_paper_is_made_and_the_page_says_why(house, browser, tmp_path, monkeypatch):
    from aftersales.ui.papers import engine, fonts

    order = make_order(house)
    monkeypatch.setattr(engine, "loaded_fonts", lambda: fonts.loaded_fonts(tmp_path))
    browser.cookies["django_language"] = "en"
    answer = browser.get(f"/orders/{order.number}/slip.pdf")
    assert answer.status_code == 503
    assert "Noto Sans SC is not installed" in text(answer)


def test_a_label_never_grows_over_its_edge(house, browser):
    order = make_order(house, name="很长的名字" * 16, model_text="Ultra Collector Edition " * 5)
    answer = browser.get(f"/orders/{order.number}/label.pdf")
    assert len(pages_of(answer)) == 1
    assert "…" in words(answer)
    assert order.unit.serial in words(answer)
