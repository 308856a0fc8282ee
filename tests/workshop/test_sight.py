"""Checklist, marks and signature of an order, from the counter on."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from aftersales.core.errors import Invalid, NotPermitted, Refused
from aftersales.core.models import JournalEntry
from aftersales.customers import services as customers
from aftersales.customers.models import Unit
from aftersales.workshop import queries, services
from aftersales.workshop.models import RepairOrder
from aftersales.workshop.rules.order import OrderState
from aftersales.workshop.web.timeline import moment
from tests.factories.staff import NOW, actor_of, make_person, make_station
from tests.factories.workshop import House, an_intake, imei, make_house, make_order, receive

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
SIGNED = [[[100, 100], [300, 150], [420, 90]]]
MARK = {"area": "screen", "x": 200, "y": 300, "kind": "crack", "note": "左上角"}
VIN = "LSVAA4186C2184847"


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def garage() -> House:
    made = make_house("SZ")
    make_station("SZ", trades=("automotive",))
    return made


def drive_in(house: House, **facts: Any) -> RepairOrder:
    wanted: dict[str, Any] = {
        "trade": "automotive", "category": "car", "serial": VIN, "plate": "苏A12345", "fault": "异响", "meter": 45000,
        "condition": {"energy": "half"}, "is_reminded_of_valuables": True,
    }  # fmt: skip
    return receive(house, **(wanted | facts))


def test_what_was_seen_marked_and_signed_is_kept_and_told_in_words(house: House) -> None:
    order = receive(house, condition={"screen": "damaged", "locked": "on-paper"}, marks=[MARK], signature=SIGNED)
    order = RepairOrder.objects.get(pk=order.pk)
    assert order.condition == {"screen": "damaged", "locked": "on-paper"}
    assert order.signature == SIGNED
    assert (order.signed_by, order.signed_at) == ("陈静", NOW)
    assert [str(point) for point in queries.worded_condition(order)] == [
        "Screen: Damaged",
        "Screen lock: Code left on paper, sealed",
    ]
    assert [str(mark) for mark in queries.worded_marks(order)] == ["1 Screen: Crack · 左上角"]


def test_the_journal_says_signed_and_never_what_was_written(house: House) -> None:
    order = receive(house, signature=SIGNED)
    entry = JournalEntry.objects.get(kind="order", key=order.number)
    assert entry.after["signed"] == "on_screen"
    assert str(SIGNED[0][0]) not in str(entry.after)


def test_a_telephone_is_not_taken_in_while_it_is_open_how_it_is_unlocked(house: House) -> None:
    with pytest.raises(Invalid, match="Screen lock") as refused:
        receive(house, condition={"screen": "good"})
    assert refused.value.field == "condition"
    assert not RepairOrder.objects.exists()
    assert not Unit.objects.exists()


def test_a_telephone_is_not_taken_in_while_its_owner_was_not_told_to_save_his_data(house: House) -> None:
    with pytest.raises(Invalid, match="reminder of valuables"):
        receive(house, is_reminded_of_valuables=False)
    assert not RepairOrder.objects.exists()


def test_a_kettle_needs_neither_lock_nor_reminder(house: House) -> None:
    order = receive(
        house, category="kettle", serial="SH-2231", condition={"power": "fails"}, is_reminded_of_valuables=False
    )
    assert order.condition == {"power": "fails"}


def test_a_car_is_not_taken_in_without_mileage_and_fuel(garage: House) -> None:
    with pytest.raises(Invalid, match="Fuel or charge, Mileage"):
        drive_in(garage, meter=None, condition={})
    assert not RepairOrder.objects.exists()


def test_a_car_whose_meter_is_dead_is_taken_in_when_that_is_said(garage: House) -> None:
    order = drive_in(garage, meter=None, is_meter_unreadable=True)
    assert (order.meter_reading, order.is_meter_unreadable) == (None, True)


def test_a_lower_mileage_than_before_needs_a_reason(garage: House) -> None:
    first = drive_in(garage)
    services.cancel_order(garage.advisor, number=first.number, reason="改天", now=NOW)
    services.hand_over_order(garage.advisor, number=first.number, taken_by="陈静", now=NOW)
    again = {"customer_id": first.customer_id, "unit_id": first.unit_id, "phone": "", "name": ""}
    with pytest.raises(Refused, match="45000"):
        drive_in(garage, meter=100, **again)
    assert drive_in(garage, meter=100, meter_reason="换过仪表", **again).meter_reading == 100


@pytest.mark.parametrize("facts", [{"area": "left-front-door"}, {"x": 4000}, {"kind": "haunted"}])
def test_marks_that_are_not_on_this_drawing_are_refused_and_nothing_is_written(
    house: House, facts: dict[str, Any]
) -> None:
    with pytest.raises(Invalid) as refused:
        receive(house, marks=[MARK | facts])
    assert refused.value.field == "marks"
    assert not RepairOrder.objects.exists()


def test_a_signature_that_is_none_is_refused_and_nothing_is_written(house: House) -> None:
    with pytest.raises(Invalid):
        receive(house, signature=[[[5000, 1], [2, 2]]])
    assert not RepairOrder.objects.exists()


def test_accessories_that_the_trade_does_not_know_are_refused(house: House) -> None:
    with pytest.raises(Invalid) as refused:
        receive(house, accessories=["charger", "dragon"])
    assert refused.value.field == "accessories"


def test_a_unit_found_by_its_number_that_is_of_another_kind_is_told(house: House) -> None:
    order = make_order(house, OrderState.HANDED_OVER, serial=imei(501), category="phone")
    with pytest.raises(Invalid, match="on record as Mobile phones"):
        receive(
            house, serial=imei(501), category="kettle", phone="", name="", customer_id=order.customer_id, condition={}
        )


def test_the_day_of_purchase_is_filled_in_where_it_was_not_known(house: House) -> None:
    from datetime import date

    first = make_order(house, OrderState.HANDED_OVER, serial=imei(502))
    receive(
        house, serial=imei(502), phone="", name="", customer_id=first.customer_id, fault="充不进电",
        purchased_on=date(2026, 3, 1),
    )  # fmt: skip
    assert Unit.objects.get(pk=first.unit_id).purchased_on == date(2026, 3, 1)


def corrected(garage: House, order: RepairOrder, meter: int | None, reason: str = "") -> RepairOrder:
    stands = {
        name: getattr(order, name) for name in ("number", "version", "fault", "accessories", "condition", "intake_note")
    }
    return services.edit_order(garage.advisor, **stands, meter=meter, meter_reason=reason, now=LATER)


def test_a_misread_meter_is_corrected_with_a_reason_on_the_order_and_on_the_unit(garage: House) -> None:
    order = drive_in(garage, meter=450000)
    with pytest.raises(Invalid, match="450000") as refused:
        corrected(garage, order, 45000)
    assert refused.value.field == "meter_reason"
    order.refresh_from_db()
    assert (order.meter_reading, order.unit.meter_reading) == (450000, 450000)
    corrected(garage, order, 45000, "多读一位")
    order = RepairOrder.objects.get()
    assert (order.meter_reading, order.unit.meter_reading) == (45000, 45000)
    told = queries.journal_of(order)[0]
    assert (told.before, told.after, told.note) == ({"meter_reading": 450000}, {"meter_reading": 45000}, "多读一位")
    assert [(str(label), words) for label, words in moment(told).told] == [("Meter", "45000")]


def test_a_correction_without_a_reading_or_with_the_same_leaves_the_meter_alone(garage: House) -> None:
    order = drive_in(garage, meter=45000)
    assert corrected(garage, order, None).meter_reading == 45000
    assert corrected(garage, RepairOrder.objects.get(), 45000).meter_reading == 45000
    assert JournalEntry.objects.filter(act="record_meter").count() == 1, "at intake"


def test_a_meter_that_could_not_be_read_is_read_later_and_needs_no_reason(garage: House) -> None:
    order = corrected(garage, drive_in(garage, meter=None, is_meter_unreadable=True), 45000)
    assert (order.meter_reading, order.is_meter_unreadable) == (45000, False)


def test_a_unit_whose_meter_was_read_again_since_keeps_its_reading(garage: House) -> None:
    order = drive_in(garage, meter=450000)
    customers.record_meter(garage.advisor, unit_id=order.unit_id, reading=45100, reason="路试后", now=LATER)
    corrected(garage, order, 45000, "多读一位")
    assert RepairOrder.objects.get().unit.meter_reading == 45100


def test_what_has_no_meter_gets_no_reading_by_a_correction() -> None:
    house = make_house()
    order = receive(house)
    with pytest.raises(Invalid, match="no meter"):
        corrected(house, order, 5)
    assert RepairOrder.objects.get().meter_reading is None


def test_an_intake_is_signed_afterwards_and_signed_again_after_a_correction(house: House) -> None:
    order = receive(house)
    services.sign_order(house.advisor, number=order.number, is_signed_on_paper=True, signed_by="陈静的弟弟", now=NOW)
    services.sign_order(house.advisor, number=order.number, signature=SIGNED, signed_by="陈静", now=NOW)
    kept = RepairOrder.objects.get()
    assert (kept.signature, kept.signed_by, kept.is_signed_on_paper) == (SIGNED, "陈静", False)
    signed = [entry.after for entry in JournalEntry.objects.filter(act="sign").order_by("id")]
    assert [entry["signed"] for entry in signed] == ["on_paper", "on_screen"]


def test_nobody_signs_without_a_signature_or_a_name(house: House) -> None:
    order = receive(house)
    with pytest.raises(Invalid, match="sign"):
        services.sign_order(house.advisor, number=order.number, signed_by="陈静", now=NOW)
    with pytest.raises(Invalid, match="who signed"):
        services.sign_order(house.advisor, number=order.number, signature=SIGNED, signed_by=" ", now=NOW)
    with pytest.raises(NotPermitted):
        services.sign_order(house.technician, number=order.number, signature=SIGNED, signed_by="陈静", now=NOW)
    assert RepairOrder.objects.get().signed_at is None


def test_what_has_left_the_house_is_not_signed_any_more(house: House) -> None:
    order = make_order(house, OrderState.HANDED_OVER)
    with pytest.raises(Refused, match="handed over"):
        services.sign_order(house.advisor, number=order.number, signature=SIGNED, signed_by="陈静", now=NOW)


def test_a_correction_does_not_take_back_what_had_to_be_answered(house: House) -> None:
    order = receive(house)
    with pytest.raises(Invalid, match="Screen lock"):
        services.edit_order(
            house.advisor, number=order.number, version=1, fault="不亮", intake_note="", accessories=[], condition={},
            now=NOW,
        )  # fmt: skip
    assert RepairOrder.objects.get().condition == {"locked": "by-owner"}


def test_a_consent_keeps_its_signature_and_refuses_what_is_none(house: House) -> None:
    order = make_order(house, OrderState.QUOTED)
    yes: dict[str, Any] = {"way": "in_person", "given_by": "陈静", "number": order.number, "now": NOW}
    with pytest.raises(Invalid):
        services.approve_order(house.advisor, signature=["x"], **yes)
    services.approve_order(house.advisor, signature=SIGNED, **yes)
    assert queries.list_consents(order)[0].signature == SIGNED
    assert JournalEntry.objects.filter(act="approve").get().after["signed"] == "on_screen"


def test_a_photo_of_fifty_megapixels_is_refused_with_a_sentence_and_no_order_is_opened(house: House) -> None:
    data = BytesIO()
    Image.new("L", (10_000, 5_000)).save(data, "PNG")
    huge = SimpleUploadedFile("IMG_1.png", data.getvalue(), content_type="image/png")
    with pytest.raises(Invalid, match="million pixels") as refused:
        services.receive_order(house.advisor, intake=an_intake(), photos=[huge], now=NOW)
    assert refused.value.field == "photos"
    assert not RepairOrder.objects.exists()


def test_one_scanned_word_means_one_unit(house: House) -> None:
    order = make_order(house, OrderState.HANDED_OVER, serial=imei(77))
    for scanned in (imei(77), order.number.lower(), f"https://example.invalid/orders/{order.number}/"):
        assert queries.find_unit_at_counter(house.advisor, scanned).pk == order.unit_id, scanned
    assert queries.find_unit_at_counter(house.advisor, imei(78)) is None


def test_another_station_finds_nothing_at_its_counter(house: House) -> None:
    order = make_order(house, OrderState.HANDED_OVER, serial=imei(77), phone="13900007777")
    stranger = make_house("SZ").advisor
    assert queries.find_unit_at_counter(stranger, imei(77)) is None
    assert queries.find_at_counter(stranger, "13900007777") == []
    assert queries.known_at_counter(stranger, unit_id=order.unit_id) is None
    assert queries.known_at_counter(stranger, customer_id=order.customer_id) is None


def test_the_counter_knows_earlier_visits_what_is_here_and_what_was_declined(house: House) -> None:
    first = make_order(house, OrderState.DECLINED, serial=imei(77), phone="13900007777")
    services.hand_over_order(house.advisor, number=first.number, taken_by="陈静", now=NOW)
    known = queries.known_at_counter(house.advisor, unit_id=first.unit_id)
    assert known is not None
    assert ([visit.pk for visit in known.visits], known.here) == ([first.pk], None)
    assert [line.description for line in known.declined] == ["屏幕总成"]
    again = receive(house, serial=imei(77), phone="13900007777")
    known = queries.known_at_counter(house.advisor, unit_id=first.unit_id)
    assert known is not None
    assert known.here == again


@pytest.mark.parametrize(
    ("typed", "box", "trade"),
    [
        (imei(5), "serial", "electronics"),
        (VIN, "serial", "automotive"),
        ("苏A12345", "plate", "automotive"),
        ("13812345678", "phone", ""),
        ("陈静", "name", ""),
        ("PF3K9X2M", "serial", ""),
    ],
)
def test_an_unknown_word_goes_into_the_box_it_looks_like(house: House, typed: str, box: str, trade: str) -> None:
    from aftersales.catalog import queries as catalog

    guess = queries.guess(typed, catalog.list_trades(["electronics", "automotive"]))
    assert (guess.box, guess.trade) == (box, trade)


def test_somebody_without_the_duty_finds_nothing_at_the_counter(house: House) -> None:
    keeper = actor_of(make_person("配件员", duty="parts_keeper", station="NJ"))
    with pytest.raises(NotPermitted):
        queries.find_at_counter(keeper, "陈")
    with pytest.raises(NotPermitted):
        queries.known_at_counter(keeper, unit_id=1)
