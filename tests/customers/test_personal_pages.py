from __future__ import annotations

import argparse
import io
import zipfile

import pytest
from django.urls import reverse

from aftersales.config.cli import erasing
from aftersales.core import clock, jobs
from aftersales.customers import services
from aftersales.customers.models import Customer, Erasure, PersonalCopy
from tests.factories.customers import make_customer
from tests.factories.staff import make_manager, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def manager(client_as):
    return client_as(make_manager())


@pytest.fixture
def clerk(client_as):
    return client_as(make_person("老周", duty="data_clerk"))


def body(response) -> str:
    return response.content.decode()


def erase_url(customer) -> str:
    return reverse("customers:erase_customer", args=[customer.pk])


def test_a_copy_is_made_listed_and_downloaded_by_its_maker_only(manager, clerk):
    customer = make_customer("张三", phone="13800138000")
    page = reverse("customers:copies", args=[customer.pk])
    assert page in body(manager.get(reverse("customers:customer", args=[customer.pk])))
    for _again in range(2):
        answer = manager.post(reverse("customers:copy_out_customer", args=[customer.pk]), once="the-key-of-one-form")
        assert answer.headers["Location"] == page
    copy = PersonalCopy.objects.get()
    file = reverse("customers:copy_file", args=[customer.pk, copy.token])
    assert "hx-get" in body(manager.get(page))
    assert manager.get(file).headers["Location"] == page
    while jobs.run_next(clock.now(), worker_id="here"):
        pass
    watched = body(manager.get(page, headers={"HX-Request": "true"}))
    assert file in watched
    assert "hx-get" not in watched
    assert "<html" not in watched
    answer = manager.get(file)
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="{customer.number}')
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert "13800138000" in archive.read("data.json").decode()
    assert clerk.get(file).status_code == 404
    assert file not in body(clerk.get(page))


def test_the_erase_page_says_what_goes_and_what_stays_and_asks_twice(manager, django_capture_on_commit_callbacks):
    customer = make_customer("张三", phone="13800138000")
    page = body(manager.get(erase_url(customer)))
    for shown in ("What goes", "What stays", "cannot be undone", customer.number):
        assert shown in page, shown
    wrong = manager.post(erase_url(customer), {"number": "CU-1", "reason": "书面要求"})
    assert wrong.status_code == 422
    assert "Type the customer&#x27;s number exactly" in body(wrong)
    assert Customer.objects.get().name == "张三"
    with django_capture_on_commit_callbacks(execute=True):
        answer = manager.post(
            erase_url(customer), {"number": customer.number.lower(), "reason": "书面要求"}, follow=True
        )
    shown = body(answer)
    assert "Everything personal of this customer is erased" in shown
    assert "Erased on request" in shown
    assert "张三" not in shown
    assert "13800138000" not in shown
    assert "erased on request" in shown
    assert "书面要求" in body(manager.get(erase_url(customer)))
    assert "Edit" not in [part.strip() for part in shown.split(">")]


def test_other_duties_and_stations_do_not_reach_it(clerk, client_as):
    customer, far = make_customer("张三"), make_customer("远方", station="SZ")
    advisor = client_as(make_person("小王", duty="service_advisor"))
    assert clerk.get(erase_url(customer)).status_code == 403
    for name in ("copies", "copy_out_customer", "erase_customer"):
        assert advisor.post(reverse(f"customers:{name}", args=[customer.pk])).status_code == 403
    assert clerk.get(reverse("customers:copies", args=[far.pk])).status_code == 404
    assert clerk.post(reverse("customers:copy_out_customer", args=[far.pk])).status_code == 404
    assert not PersonalCopy.objects.exists()
    assert not Erasure.objects.exists()


def test_the_commands_write_the_list_and_erase_again(manager, capsys, tmp_path):
    customer = make_customer("张三")
    manager.post(erase_url(customer), {"number": customer.number, "reason": "书面要求"})
    assert erasing.erase_again(argparse.Namespace(list=str(tmp_path / "nowhere.txt"))) == 1
    assert "There is no list" in capsys.readouterr().err
    assert erasing.write_list(argparse.Namespace()) == 0
    assert services.list_path().read_text().count("\n") == 2
    Erasure.objects.all().delete()
    Customer.objects.update(name="张三", erased_at=None)
    assert erasing.erase_again(argparse.Namespace(list="")) == 0
    assert f"{customer.number} is erased again." in capsys.readouterr().out
    assert Customer.objects.get().name == customer.number
