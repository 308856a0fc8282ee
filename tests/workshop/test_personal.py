"""One customer's data across all rooms: everything is in his copy, and nothing is left of him once he is erased."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.models import Sum

from aftersales.core import files, journal, outbox, search
from aftersales.core.actor import SYSTEM
from aftersales.core.errors import Invalid, Missing, NotPermitted, Refused
from aftersales.core.models import Attachment, IdempotencyKey, JournalEntry, OutboxMessage
from aftersales.core.sheets import shelf
from aftersales.customers import queries, services
from aftersales.customers.models import Customer, CustomerPair, Erasure, PersonalCopy, Unit
from aftersales.customers.permissions import Permission
from aftersales.customers.rules import personal as rules
from aftersales.customers.services import copying
from aftersales.customers.web import exports  # noqa: F401 - declares the lists
from aftersales.exchange import services as exchange
from aftersales.reports.models import DailyReport
from aftersales.reports.rules import plain
from aftersales.workshop import queries as workshop, services as workshop_services
from aftersales.workshop.models import CHECK_PHOTOS, Payment, RepairOrder
from aftersales.workshop.rules.order import OrderState
from aftersales.workshop.services.erasing import TEXTS
from tests.factories.customers import make_actor, make_customer, make_unit
from tests.factories.photos import a_photo
from tests.factories.staff import NOW, make_station
from tests.factories.workshop import House, make_house, make_order, receive
from tests.faults.databases import at_once

LATER = NOW + timedelta(days=3)
NAME, OLD_NAME, CONTACT, PHONE, OLD_PHONE = "欧阳震华", "歐陽振华", "阮小七", "13912345678", "13887654321"
ADDRESS, PLATE, OTHER_NAME = "南京市栖霞区仙林大道163号", "苏A88K66", "欧阳振华"
SECRETS = ("苏A88K67", NAME, OLD_NAME, CONTACT, PHONE, OLD_PHONE, ADDRESS, PLATE, OTHER_NAME, "欧阳先生")


@pytest.fixture(autouse=True)
def disk(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def house(db: None) -> House:
    return make_house()


@pytest.fixture
def manager(house: House) -> Any:
    return make_actor("HQ", *map(str, Permission), everywhere=True, name="经理")


def a_served_customer(house: House) -> tuple[Customer, RepairOrder]:
    """Somebody with a history: corrected, merged, with a car that was repaired and paid for, photographed and reported on."""
    customer = make_customer(OLD_NAME, phone=OLD_PHONE)
    services.edit_customer(
        SYSTEM,
        customer_id=customer.pk,
        version=1,
        name=NAME,
        facts=services.CustomerFacts(contact_name=CONTACT, note=f"{NAME}喜欢安静", may_be_advertised_to=True),
        now=NOW,
    )
    services.add_phone(SYSTEM, customer_id=customer.pk, phone=PHONE, label="mobile", now=NOW)
    services.remove_phone(SYSTEM, customer_id=customer.pk, phone_id=customer.phones.first().pk, now=NOW)
    services.add_address(SYSTEM, customer_id=customer.pk, text=ADDRESS, label="家", now=NOW)
    other = make_customer(OTHER_NAME, phone=PHONE, note=f"电话{PHONE}")
    services.find_duplicates(now=NOW)
    services.merge_customers(SYSTEM, kept_id=customer.pk, gone_id=other.pk, choices={"name": "kept"}, now=NOW)
    make_unit(customer, trade="automotive", category="car", serial="LSVAA4186C2184847", plate=PLATE, note=NAME)
    unit = make_unit(customer, note=f"{CONTACT}的电脑")
    Unit.objects.filter(pk=unit.pk).update(plate="苏A88K67")  # no computer has one, but this one is repaired here
    order = make_order(
        house, OrderState.CLOSED, customer_id=customer.pk, unit_id=unit.pk, phone="", name="", category="laptop",
        serial="", fault=f"{NAME}说键盘失灵，回电{PHONE}", note=f"找{CONTACT}",
    )  # fmt: skip
    check = order.checks.get()
    files.attach_photo(SYSTEM, kind=CHECK_PHOTOS, key=check.pk, scope="NJ", upload=a_photo("lime"), now=NOW)
    files.attach_photo(SYSTEM, kind="order", key=order.number, scope="NJ", upload=a_photo(), now=NOW)
    files.attach_photo(SYSTEM, kind="customer", key=customer.pk, scope="NJ", upload=a_photo("red"), now=NOW)
    return Customer.objects.get(pk=customer.pk), order


def fill(order: RepairOrder, words: str) -> list[str]:
    """Every free text that hangs on the order says `words` and where it stands; what was written."""
    written = []
    RepairOrder.objects.filter(pk=order.pk).update(signed_at=NOW, signed_by="x")
    for model, texts in TEXTS.items():
        rows = RepairOrder.objects.filter(pk=order.pk) if model is RepairOrder else model.objects.filter(order=order)
        values: dict[str, Any] = {}
        for name in (*texts.replaced, *texts.emptied, *texts.cleaned):
            said, field = f"{words}/{model.__name__}.{name}", model._meta.get_field(name)
            said = said[: field.max_length] if field.max_length else said
            values[name] = {"x": said} if isinstance(field, models.JSONField) else said
        if values and rows.update(**values):
            written += [value["x"] if isinstance(value, dict) else value for value in values.values()]
    return written


def everything_in_the_database() -> str:
    """Every value of every row of every table, the way people read it."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    text = (
                        bytes(value).decode(errors="replace") if isinstance(value, (bytes, memoryview)) else str(value)
                    )
                    found.append(text.encode().decode("unicode_escape", errors="replace") if "\\u" in text else text)
    return "\n".join(found)


def erased(actor: Any, customer: Customer, now: Any = LATER, **facts: Any) -> Customer:
    wanted = {"number": customer.number, "reason": "本人 11 月 26 日书面要求"} | facts
    return services.erase_customer(actor, customer_id=customer.pk, now=now, **wanted)


def a_copy(actor: Any, customer: Customer) -> PersonalCopy:
    """The copy, which the worker has made."""
    copy = services.copy_out_customer(actor, customer_id=customer.pk, once="one-form", now=LATER)
    services.make_copy({"token": copy.token}, LATER)
    return PersonalCopy.objects.get(pk=copy.pk)


def unpacked(copy: PersonalCopy) -> zipfile.ZipFile:
    return zipfile.ZipFile(shelf.path_of(copy.token))


# The copy


def test_the_copy_holds_every_text_about_him_from_every_room(house: House, manager: Any) -> None:
    customer, order = a_served_customer(house)
    written = fill(order, "canary")
    copy = a_copy(manager, customer)
    with unpacked(copy) as archive:
        everything = archive.read("data.json").decode()
        tables = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist() if name.endswith(".csv")}
        photos = [name for name in archive.namelist() if name.startswith("photos/")]
    assert len(written) > 10
    assert [said for said in written if said not in everything] == []
    for secret in SECRETS[:-1]:
        assert secret in everything, secret
    assert len(photos) == 3
    facts = json.loads(everything)
    assert facts["number"] == customer.number
    assert facts["order_payments"][0]["amount_fen"] == 28000
    assert [row["Repair order"] for row in csv.DictReader(io.StringIO(tables["orders.csv"]))] == [order.number]
    assert {"customer.csv", "phones.csv", "units.csv", "orders.csv", "journal.csv"} <= set(tables)


def test_every_table_that_hangs_on_an_order_is_copied_and_erased() -> None:
    hanging = {
        model
        for model in apps.get_app_config("workshop").get_models()
        if any(field.related_model is RepairOrder and field.name == "order" for field in model._meta.get_fields())
    }
    assert set(TEXTS) == hanging | {RepairOrder}, "Name its texts in services/erasing.py."
    copied = {model for _title, model in workshop.TABLES.values()}
    assert copied == hanging, "Name it in queries/personal.py."


@pytest.mark.parametrize("model", TEXTS, ids=lambda model: model.__name__)
def test_every_text_says_whether_it_may_name_the_customer(model: type[models.Model]) -> None:
    texts = TEXTS[model]
    named = [*texts.replaced, *texts.emptied, *texts.cleaned, *texts.kept]
    there = [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField, models.JSONField))
    ]
    assert sorted(named) == sorted(there), "Say in services/erasing.py what becomes of it when its customer is erased."


def test_another_customers_data_is_not_in_it(house: House, manager: Any) -> None:
    customer, _order = a_served_customer(house)
    receive(house, name="另一位", phone="13700000001", fault="别人的机器")
    copy = a_copy(manager, customer)
    with unpacked(copy) as archive:
        everything = "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    assert "另一位" not in everything
    assert "别人的机器" not in everything


def test_the_same_form_makes_one_copy_which_the_journal_knows(house: House, manager: Any) -> None:
    customer, _order = a_served_customer(house)
    first = services.copy_out_customer(manager, customer_id=customer.pk, once="one-form", now=LATER)
    again = services.copy_out_customer(manager, customer_id=customer.pk, once="one-form", now=LATER)
    assert first == again
    assert [entry.act for entry in journal.entries_of("customer", customer.pk)].count("copy_out") == 1


def test_a_copy_still_being_made_when_its_customer_is_erased_leaves_no_file(
    house: House, manager: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    customer, _order = a_served_customer(house)
    copy = services.copy_out_customer(manager, customer_id=customer.pk, once="one-form", now=LATER)
    write = copying.write_copy

    def written_too_late(path: Path, *args: Any, **facts: Any) -> int:
        erased(manager, customer)
        return write(path, *args, **facts)

    monkeypatch.setattr(copying, "write_copy", written_too_late)
    with django_capture_on_commit_callbacks(execute=True):
        services.make_copy({"token": copy.token}, LATER)
    assert not shelf.path_of(copy.token).exists()
    services.make_copy({"token": copy.token}, LATER)
    assert not PersonalCopy.objects.exists()


def test_a_copy_is_its_makers_and_is_cleared_after_some_days(
    house: House, manager: Any, django_capture_on_commit_callbacks: Any
) -> None:
    customer, _order = a_served_customer(house)
    copy = a_copy(manager, customer)
    assert shelf.path_of(copy.token).exists()
    assert queries.get_copy(manager, customer.pk, copy.token, now=LATER) == copy
    other = make_actor("SZ", *map(str, Permission), everywhere=True)
    with pytest.raises(Missing):
        queries.get_copy(other, customer.pk, copy.token, now=LATER)
    assert services.clear_copies(now=LATER + rules.COPY_KEPT - timedelta(seconds=1)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert services.clear_copies(now=LATER + rules.COPY_KEPT) == 1
    assert not shelf.path_of(copy.token).exists()
    with pytest.raises(Missing):
        queries.get_copy(manager, customer.pk, copy.token, now=LATER)


def test_without_permission_or_all_his_stations_nothing_is_copied_or_erased(house: House) -> None:
    customer, _order = a_served_customer(house)
    with pytest.raises(NotPermitted):
        services.copy_out_customer(house.supervisor, customer_id=customer.pk, once="one-form", now=LATER)
    with pytest.raises(NotPermitted):
        erased(house.supervisor, customer)
    here = make_actor("NJ")
    make_station("SZ")
    services.welcome_customer(SYSTEM, phone=PHONE, name=NAME, station="SZ", now=NOW)
    with pytest.raises(Refused, match="headquarters"):
        services.copy_out_customer(here, customer_id=customer.pk, once="one-form", now=LATER)
    with pytest.raises(Refused, match="headquarters"):
        erased(here, customer)
    with pytest.raises(Missing):
        services.copy_out_customer(make_actor("WX"), customer_id=customer.pk, once="another-form", now=LATER)
    assert not PersonalCopy.objects.exists()
    assert Customer.objects.get(pk=customer.pk).name == NAME


# Erasing


def test_nothing_is_left_of_him_in_any_table_or_file(
    house: House, manager: Any, disk: Path, django_capture_on_commit_callbacks: Any
) -> None:
    customer, order = a_served_customer(house)
    fill(order, f"{NAME}{PHONE}，家住{ADDRESS}，车{PLATE}，欧阳先生，{OLD_NAME}")
    outbox.add("sms", key="to-him", payload={"to": PHONE, "text": [f"{NAME}您好"]}, now=NOW)
    IdempotencyKey.objects.create(
        key="a-form", actor_id="person:1", fingerprint="x", body=f"<p>{PHONE}</p>".encode(), created_at=NOW
    )
    journal.record(
        SYSTEM,
        at=NOW,
        act="export",
        kind="list",
        key="customers",
        after={"filter": "q=%E6%AC%A7%E9%98%B3%E9%9C%87%E5%8D%8E"},
    )
    kept = {
        "units": {order.number: f"明锐 · {PLATE}"},
        "waiting": [{"number": order.number, "note": NAME, "owner": "仓库"}],
    }
    DailyReport.objects.create(
        station=order.station, day=NOW.date(), snapshot=kept, sha256=plain.digest(kept), made_at=NOW, due_at=NOW
    )
    a_copy(manager, customer)
    before = everything_in_the_database()
    assert [secret for secret in SECRETS if secret not in before] == []
    with django_capture_on_commit_callbacks(execute=True):
        erased(manager, customer)
    assert search.forget_words() > 0 or connection.vendor == "postgresql"  # what the worker does next
    left = everything_in_the_database()
    assert [secret for secret in SECRETS if secret in left] == []
    assert "%E6%AC%A7%E9%98%B3" not in left
    assert not Attachment.objects.exists()
    assert [path for path in disk.rglob("*") if path.is_file() and path.suffix in {".jpg", ".bin"}] == []
    assert DailyReport.objects.get().sha256 == plain.digest(DailyReport.objects.get().snapshot)
    assert OutboxMessage.objects.get(key="to-him").payload == {
        "to": customer.number,
        "text": [f"{customer.number}您好"],
    }


def test_money_counts_and_who_did_what_stay(house: House, manager: Any) -> None:
    customer, order = a_served_customer(house)

    def figures() -> Any:
        return (
            RepairOrder.objects.filter(customer=customer).count(),
            RepairOrder.objects.aggregate(total=Sum("total_fen"), due=Sum("due_fen")),
            Payment.objects.aggregate(paid=Sum("amount_fen")),
            [
                (e.pk, e.at, e.actor_name, e.act, e.kind, e.key)
                for e in JournalEntry.objects.filter(kind="order").order_by("pk")
            ],
            Unit.objects.get(pk=order.unit_id).serial,
        )

    before = figures()
    erased(manager, customer)
    assert figures() == before
    entries = journal.entries_of("order", order.number)
    assert {entry.after["state"] for entry in entries if entry.after and "state" in entry.after} >= {
        "received",
        "closed",
    }
    assert [entry.note for entry in entries] == [""] * len(entries)


def test_only_his_number_is_left_and_it_finds_him(house: House, manager: Any) -> None:
    customer, order = a_served_customer(house)
    erased(manager, customer)
    found = queries.get_customer(manager, customer.pk)
    assert (found.name, found.contact_name, found.note) == (customer.number, "", "")
    assert (found.may_be_messaged, found.may_be_advertised_to, found.phones.count()) == (False, False, 0)
    assert search.keys(manager, "customer", customer.number) == [str(customer.pk)]
    for typed in (NAME, PHONE, PLATE, OTHER_NAME):
        assert search.find(manager, typed, kinds=["customer", "unit"]) == []
    assert search.keys(house.advisor, "order", NAME) == []
    assert search.keys(house.advisor, "order", order.number) == [order.number]
    erasure = Erasure.objects.get()
    assert (erasure.erased_by, erasure.reason) == ("经理", "本人 11 月 26 日书面要求")
    assert journal.entries_of("customer", customer.pk)[0].act == "erase"
    shown = [
        str(change.after) for item in queries.timeline(manager, customer_id=customer.pk) for change in item.changes
    ]
    assert "erased on request" in shown


def test_others_with_the_same_name_or_who_were_there_are_not_touched(house: House, manager: Any) -> None:
    customer, _order = a_served_customer(house)
    namesake = make_customer(NAME, phone="13700000009", note="同名")
    other = receive(house, name=NAME, phone="13700000008", fault=f"{NAME}的手机")
    erased(manager, customer)
    namesake.refresh_from_db()
    other.refresh_from_db()
    assert (namesake.name, namesake.note, other.fault) == (NAME, "同名", f"{NAME}的手机")
    assert journal.entries_of("customer", namesake.pk)[0].after["name"] == NAME


def test_the_reason_does_not_keep_his_name(house: House, manager: Any) -> None:
    customer, _order = a_served_customer(house)
    erased(manager, customer, reason=f"{NAME}来电 {PHONE}")
    assert Erasure.objects.get().reason == f"{customer.number}来电 {customer.number}"


def test_it_is_refused_while_something_is_open_or_due(house: House, manager: Any) -> None:
    customer, order = a_served_customer(house)
    open_order = receive(house, customer_id=customer.pk, phone="", name="")
    with pytest.raises(Refused, match=open_order.number):
        erased(manager, customer)
    workshop_services.cancel_order(house.advisor, number=open_order.number, reason="不修了", now=LATER)
    with pytest.raises(Refused, match=open_order.number):
        erased(manager, customer)
    RepairOrder.objects.filter(pk=open_order.pk).update(state="closed", handed_over_at=LATER)
    RepairOrder.objects.filter(pk=order.pk).update(due_fen=100)
    with pytest.raises(Refused, match="due"):
        erased(manager, customer)
    assert Customer.objects.get(pk=customer.pk).name == NAME
    assert JournalEntry.objects.exclude(erased_at=None).count() == 0


@pytest.mark.parametrize(
    "wrong", [{"number": "CU-NJ-2026-999999"}, {"number": ""}, {"reason": " "}, {"reason": "x" * 201}]
)
def test_it_takes_a_second_look_and_a_reason(house: House, manager: Any, wrong: dict[str, str]) -> None:
    customer, _order = a_served_customer(house)
    with pytest.raises(Invalid):
        erased(manager, customer, **wrong)
    assert Customer.objects.get(pk=customer.pk).name == NAME
    assert not Erasure.objects.exists()


def test_erasing_again_changes_nothing(house: House, manager: Any) -> None:
    customer, _order = a_served_customer(house)
    erased(manager, customer)
    count = JournalEntry.objects.count()
    assert erased(manager, customer, now=LATER + timedelta(days=1)).erased_at == LATER
    assert JournalEntry.objects.count() == count
    assert Erasure.objects.count() == 1


def test_nothing_can_be_done_with_him_any_more_and_the_merge_stands(house: House, manager: Any) -> None:
    customer, _order = a_served_customer(house)
    merge = queries.merges_into("customer", customer.pk)[0].merge
    erased(manager, customer)
    with pytest.raises(Refused, match="erased"):
        services.undo_merge(manager, merge_id=merge.pk, now=LATER)
    assert queries.preview_undo(manager, merge.pk, now=LATER).why_not is not None
    with pytest.raises(Refused, match="register him anew"):
        services.add_phone(manager, customer_id=customer.pk, phone=PHONE, now=LATER)
    with pytest.raises(Refused, match="register him anew"):
        receive(house, customer_id=customer.pk, phone="", name="")
    with pytest.raises(Refused, match="erased"):
        services.merge_customers(manager, kept_id=make_customer("李四").pk, gone_id=customer.pk, now=LATER)
    again = services.welcome_customer(house.advisor, phone=PHONE, name=NAME, now=LATER)
    assert again.pk != customer.pk
    services.find_duplicates(now=LATER)
    assert not CustomerPair.objects.exists()


def test_lists_exported_lately_are_gone(house: House, manager: Any, django_capture_on_commit_callbacks: Any) -> None:
    customer, _order = a_served_customer(house)
    export = exchange.make_export(
        house.supervisor, wanted=exchange.Wanted("customers:customers", "", "csv"), once="a-list", now=LATER
    )
    assert shelf.path_of(export.token).exists()
    with django_capture_on_commit_callbacks(execute=True):
        erased(manager, customer)
    assert not shelf.path_of(export.token).exists()


# A restored backup


def test_who_was_erased_is_erased_again_after_a_backup_was_restored(
    house: House, manager: Any, disk: Path, django_capture_on_commit_callbacks: Any
) -> None:
    customer, _order = a_served_customer(house)
    stays = make_customer("李四")
    with django_capture_on_commit_callbacks(execute=True):
        erased(manager, customer)
    listed = services.list_path().read_text()
    assert customer.number not in listed
    assert len(listed.splitlines()) == 2
    # The backup knew him.
    Erasure.objects.all().delete()
    Customer.objects.filter(pk=customer.pk).update(name=NAME, erased_at=None)
    done, refused = services.erase_again(services.list_path(), now=LATER)
    assert (done, refused) == ([customer.number], [])
    assert Customer.objects.get(pk=customer.pk).name == customer.number
    assert services.erase_again(services.list_path(), now=LATER) == ([], [])
    assert Customer.objects.get(pk=stays.pk).name == "李四"


def test_who_is_being_served_in_the_backup_is_named_and_not_erased(
    house: House, manager: Any, django_capture_on_commit_callbacks: Any
) -> None:
    customer, _order = a_served_customer(house)
    with django_capture_on_commit_callbacks(execute=True):
        erased(manager, customer)
    Erasure.objects.all().delete()
    Customer.objects.filter(pk=customer.pk).update(name=NAME, erased_at=None)
    order = receive(house, customer_id=customer.pk, phone="", name="")
    done, refused = services.erase_again(services.list_path(), now=LATER)
    assert done == []
    assert [number for number, _error in refused] == [customer.number]
    assert order.number in str(refused[0][1])


def test_a_lost_list_is_written_anew_from_the_database(
    house: House, manager: Any, django_capture_on_commit_callbacks: Any
) -> None:
    customer, _order = a_served_customer(house)
    erased(manager, customer)
    assert not services.list_path().exists()
    assert services.write_list(now=LATER) == 1
    assert services.write_list(now=LATER) == 1
    assert len(services.list_path().read_text().splitlines()) == 2
    Erasure.objects.all().delete()
    Customer.objects.filter(pk=customer.pk).update(name=NAME, erased_at=None)
    assert services.erase_again(services.list_path(), now=LATER)[0] == [customer.number]


# At the same moment


def test_who_is_erased_while_he_is_taken_in_is_either_served_or_erased_never_half(
    shared_database: str, disk: Path
) -> None:
    house = make_house()
    closed = make_order(house, OrderState.CLOSED)
    customer = Customer.objects.get(pk=closed.customer_id)
    name, everybody = customer.name, make_actor("HQ", *map(str, Permission), everywhere=True)

    def take_in() -> RepairOrder:
        return receive(house, customer_id=customer.pk, phone="", name="")

    results = at_once(take_in, lambda: erased(everybody, customer), take_in)
    failed = [result for result in results if isinstance(result, BaseException)]
    assert {type(error) for error in failed} == {Refused}
    customer.refresh_from_db()
    if customer.erased_at:
        assert (len(failed), customer.name, RepairOrder.objects.count()) == (2, customer.number, 1)
    else:
        assert (len(failed), customer.name, RepairOrder.objects.count()) == (1, name, 3)


def test_who_is_erased_by_two_at_once_is_erased_once(shared_database: str, disk: Path) -> None:
    house = make_house()
    customer = Customer.objects.get(pk=make_order(house, OrderState.CLOSED).customer_id)
    everybody = make_actor("HQ", *map(str, Permission), everywhere=True)
    results = at_once(*[lambda: erased(everybody, customer)] * 3)
    assert not [result for result in results if isinstance(result, BaseException) and not isinstance(result, Refused)]
    assert Erasure.objects.count() == 1
    assert [entry.act for entry in journal.entries_of("customer", customer.pk)].count("erase") == 1
