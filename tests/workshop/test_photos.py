"""Photos of a unit, from the intake page to the eyes of those who may see them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from aftersales.core.models import Attachment
from aftersales.workshop.models import RepairOrder
from tests.factories.staff import make_person
from tests.factories.workshop import imei, make_house, make_order

pytestmark = pytest.mark.django_db
NANJING = {1: "N", 2: (32.0, 3.0, 30.0), 3: "E", 4: (118.0, 47.0, 0.0)}


def a_photo(name: str = "car.jpg", *, colour: str = "navy") -> SimpleUploadedFile:
    """A photograph with the place where it was taken, as telephones make them."""
    picture = Image.new("RGB", (640, 480), colour)
    facts = Image.Exif()
    facts[0x8825] = NANJING
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=facts)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def intake(**facts: Any) -> dict[str, Any]:
    return {
        "station": "NJ", "trade": "electronics", "phone": "13800138000", "name": "陈静",
        "category": "phone", "serial": imei(8), "fault": "碎屏", "condition.locked": "by-owner",
        "is_reminded_of_valuables": "on", **facts,
    }  # fmt: skip


def test_photos_taken_at_intake_are_kept_without_the_place_they_were_taken_at(client_as: Callable[..., Any]) -> None:
    house = make_house()
    browser = client_as(house.advisor_person)
    browser.post(reverse("workshop:receive"), intake(photos=[a_photo("a.jpg"), a_photo("b.jpg", colour="red")]))
    order = RepairOrder.objects.get()
    kept = Attachment.objects.filter(kind="order", key=order.number)
    assert kept.count() == 2
    page = browser.get(reverse("workshop:order", args=[order.number])).content.decode()
    for photo in kept:
        assert reverse("core:thumbnail", args=[photo.token]) in page
        whole = browser.get(reverse("core:photo", args=[photo.token]))
        body = b"".join(whole.streaming_content)
        assert not Image.open(io.BytesIO(body)).getexif().get_ifd(0x8825)
        assert whole["X-Content-Type-Options"] == "nosniff"


def test_a_page_disguised_as_a_photo_is_refused_and_no_order_is_opened(client_as: Callable[..., Any]) -> None:
    house = make_house()
    disguised = SimpleUploadedFile("photo.jpg", b"<html><script>alert(1)</script></html>", "image/jpeg")
    answer = client_as(house.advisor_person).post(reverse("workshop:receive"), intake(photos=[disguised]))
    assert answer.status_code in {409, 422}
    assert not RepairOrder.objects.exists()
    assert not Attachment.objects.exists()


def test_another_station_cannot_open_a_photo_even_by_its_address(client_as: Callable[..., Any]) -> None:
    house = make_house("NJ")
    order = make_order(house)
    client_as(house.advisor_person).post(reverse("workshop:add_photos", args=[order.number]), {"photos": [a_photo()]})
    token = Attachment.objects.get().token
    stranger = client_as(make_house("SZ").advisor_person)
    assert stranger.get(reverse("core:photo", args=[token])).status_code == 404
    assert stranger.get(reverse("core:thumbnail", args=[token])).status_code == 404


def test_a_colleague_who_may_not_see_orders_cannot_open_their_photos(client_as: Callable[..., Any]) -> None:
    house = make_house("NJ")
    order = make_order(house)
    client_as(house.advisor_person).post(reverse("workshop:add_photos", args=[order.number]), {"photos": [a_photo()]})
    token = Attachment.objects.get().token
    guard = client_as(make_person(duty="gate_guard", station="NJ"))
    assert guard.get(reverse("core:photo", args=[token])).status_code == 404
    assert client_as(house.technician_person).get(reverse("core:photo", args=[token])).status_code == 200


def test_adding_nothing_is_refused_with_a_sentence(client_as: Callable[..., Any]) -> None:
    house = make_house()
    order = make_order(house)
    answer = client_as(house.advisor_person).post(reverse("workshop:add_photos", args=[order.number]), {})
    assert answer.status_code == 422
    assert "at least one photo" in answer.content.decode()
