"""An order through whose life everything happened, and how its papers are read."""

from __future__ import annotations

import io
from datetime import timedelta

import pypdf

from aftersales.core.money import Money
from aftersales.workshop import services
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.rules.order import OrderState as S
from tests.factories.staff import NOW
from tests.factories.workshop import EXPLAINED, all_passed, make_order

SIGNED = [[[10, 60], [40, 20], [60, 80]], [[90, 30]]]


def minutes(count):
    return NOW + timedelta(minutes=count)


def done_order(house, *, way="wechat", **facts):
    """An order through whose life everything happened: alternatives, a discount, a declined item, added items, rework."""
    s, advisor = services, house.advisor
    order = make_order(house, S.DIAGNOSED, **facts)
    n = order.number

    def add(description, price, **more):
        s.add_line(advisor, number=n, kind="part", description=description, unit_price=Money(price), now=NOW, **more)

    add("屏幕总成原厂", 128000, choice="屏幕", option="原厂", basis="价目表七月")
    add("屏幕总成国产", 48000, choice="屏幕", option="国产")
    add("后盖", 18000)
    add("更换工时", 12000, discount=Money(2000), discount_reason="老客户")
    s.quote_order(advisor, number=n, note="原厂屏订货两天", now=minutes(3))
    s.approve_order(
        advisor, number=n, way="signature", given_by="陈静", agreed=[1, 4], signature=SIGNED, now=minutes(4)
    )
    s.assign_order(house.supervisor, number=n, technician_id=house.technician_person.pk, now=minutes(5))
    s.start_order(house.technician, number=n, now=minutes(6))
    add("充电尾插", 6800)
    add("清洁保养", 3000)
    s.quote_order(advisor, number=n, now=minutes(7))
    s.approve_order(advisor, number=n, way="telephone", given_by="陈静", agreed=[5], note="电话确认", now=minutes(8))
    s.complete_order(house.technician, number=n, work_done="换屏并换尾插", now=minutes(9))
    s.fail_check(house.supervisor, number=n, note="听筒有杂音", now=minutes(10))
    s.complete_order(house.technician, number=n, work_done="换屏换尾插清洁听筒", now=minutes(11))
    s.pass_check(house.supervisor, number=n, answers=all_passed("electronics"), now=minutes(12))
    s.announce_order(advisor, number=n, reached="陈静", told="修好了", now=minutes(13))
    s.explain_order(advisor, number=n, now=minutes(13), **EXPLAINED)
    s.record_payment(advisor, number=n, amount=Money(144800), way=way, now=minutes(14))
    s.hand_over_order(advisor, number=n, taken_by="陈小静", authority="slip", now=minutes(15))
    return RepairOrder.objects.get(pk=order.pk)


def words(answer):
    assert answer.status_code == 200, answer.content[:300]
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    return "".join("".join(page.extract_text() for page in pages_of(answer)).split())


def pages_of(answer):
    return pypdf.PdfReader(io.BytesIO(answer.content)).pages


def text(html):
    return html.content.decode()
