"""What the customer reads before he signs stays what he signed; what the house answers for is seen where the unit is."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from aftersales.core.errors import Invalid
from aftersales.staff import services as staff
from aftersales.staff.models import Station
from aftersales.ui.papers import PaperSize, Signatures, Words
from aftersales.workshop import queries, services
from aftersales.workshop.models import RepairOrder, SignedTerms
from aftersales.workshop.rules.order import OrderState as S
from aftersales.workshop.web.papers.intake import slip
from aftersales.workshop.web.papers.parts import Wish
from tests.factories.staff import NOW, actor_of, make_manager
from tests.factories.workshop import imei, make_house, make_order, receive

pytestmark = pytest.mark.django_db
SIGNED = [[[10, 60], [40, 20], [60, 80]]]


def write_terms(version: int, words: str) -> None:
    staff.edit_letterhead(
        actor_of(make_manager()), code="NJ", version=version, legal_name="南京顺达",
        terms={"intake_zh_hans": words}, now=NOW,
    )  # fmt: skip


def printed(order: RepairOrder) -> str:
    order = RepairOrder.objects.get(pk=order.pk)
    blocks = slip(order, Wish("zh-hans", PaperSize.A4)).blocks
    return " ".join(block.text for block in blocks if isinstance(block, Words))


def page_of(house, client_as, address: str) -> str:
    return client_as(house.advisor_person).get(address).content.decode()


def test_the_slip_prints_the_terms_that_were_signed_though_they_change_later() -> None:
    house = make_house()
    write_terms(1, "请备份资料")
    signed, unsigned = receive(house, signature=SIGNED), receive(house)
    write_terms(2, "资料自负")
    assert "请备份资料" in printed(signed)
    assert "资料自负" not in printed(signed)
    assert "资料自负" in printed(unsigned)


def test_signing_again_is_under_the_terms_of_that_day_and_each_wording_is_kept_once() -> None:
    house = make_house()
    write_terms(1, "请备份资料")
    order = receive(house, signature=SIGNED)
    receive(house, signature=SIGNED)
    assert SignedTerms.objects.count() == 1
    write_terms(2, "资料自负")
    services.sign_order(house.advisor, number=order.number, signature=SIGNED, signed_by="陈静", now=NOW)
    assert "资料自负" in printed(order)


def test_a_house_that_had_no_terms_when_it_was_signed_prints_none() -> None:
    house = make_house()
    order = receive(house, signature=SIGNED)
    write_terms(1, "请备份资料")
    assert "请备份资料" not in printed(order)


def test_terms_changed_after_the_page_showed_them_are_read_again_before_anything_is_written() -> None:
    house = make_house()
    write_terms(1, "请备份资料")
    shown = queries.terms_at(Station.objects.get(code="NJ"), "zh-hans").digest
    write_terms(2, "资料自负")
    with pytest.raises(Invalid, match="changed meanwhile") as refused:
        receive(house, signature=SIGNED, terms_shown=shown)
    assert refused.value.field == "signature"
    assert not RepairOrder.objects.exists()
    assert not SignedTerms.objects.exists()


def test_the_slip_names_who_signed_and_when() -> None:
    house = make_house()
    order = receive(house, signature=SIGNED, signed_by="陈静的弟弟")
    order = RepairOrder.objects.get(pk=order.pk)
    places = next(b for b in slip(order, Wish("zh-hans", PaperSize.A4)).blocks if isinstance(b, Signatures)).places
    assert places[0].name == "陈静的弟弟"


def test_the_terms_can_be_read_at_the_counter_and_where_it_is_signed_later(client_as) -> None:
    house = make_house()
    write_terms(1, "请备份资料")
    order = receive(house)
    assert "请备份资料" in page_of(house, client_as, "/orders/receive/")
    assert "请备份资料" in page_of(house, client_as, f"/orders/{order.number}/sign/")


@pytest.mark.parametrize(("days", "is_told"), [(10, True), (400, False)])
def test_a_running_repair_warranty_is_told_at_the_counter_and_on_the_units_page(client_as, days, is_told) -> None:
    house = make_house()
    first = make_order(house, S.HANDED_OVER, phone="13900001111", serial=imei(910001))
    with time_machine.travel(NOW + timedelta(days=days)):
        known = queries.known_at_counter(house.advisor, unit_id=first.unit_id)
        page = page_of(house, client_as, f"/units/{first.unit_id}/")
        titles = [str(panel.title) for panel in queries.panels_of(house.advisor, None, first.unit_id)]
    assert known is not None
    assert [cover.order.number for cover in known.covers] == ([first.number] if is_told else [])
    assert ("Repair warranty" in titles) is is_told
    assert first.number in page
    if is_told:
        assert first.covered_until is not None
        assert known.covers[0].through == first.covered_until - timedelta(days=1)
        assert known.covers[0].items


def test_a_repair_in_the_house_has_no_warranty_yet() -> None:
    house = make_house()
    here = receive(house)
    known = queries.known_at_counter(house.advisor, unit_id=here.unit_id)
    assert known is not None
    assert known.covers == []
