from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from aftersales.core import events, journal, search
from aftersales.core.actor import SYSTEM
from aftersales.core.errors import Conflict, Invalid, Missing, NotPermitted
from aftersales.customers import queries, services
from aftersales.customers.events import CustomerRegistered
from aftersales.customers.models import Customer, CustomerStation, Phone
from aftersales.customers.permissions import Permission
from aftersales.customers.services import CustomerFacts
from tests.factories.customers import make_actor, make_customer, make_unit
from tests.factories.staff import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(monkeypatch):
    seen: list[object] = []
    monkeypatch.setattr(events, "publish", seen.append)
    return seen


def test_a_customer_is_registered_with_number_telephone_station_and_journal(published):
    actor = make_actor("NJ")
    customer = services.register_customer(actor, name=" 张 三 ", phone="138 0013 8000", now=NOW)
    assert customer.number == "CU-NJ-2026-000001"
    assert [phone.number for phone in customer.phones.all()] == ["+8613800138000"]
    assert queries.stations_of([customer.pk]) == {customer.pk: ["NJ"]}
    entry = journal.entries_of("customer", customer.pk)[0]
    assert (entry.act, entry.scope, entry.after["phone"]) == ("register", "NJ", "+8613800138000")
    assert published == [CustomerRegistered(customer.pk, "NJ", NOW)]


def test_numbers_run_without_gap_past_a_refusal():
    actor = make_actor("NJ")
    first = services.register_customer(actor, name="甲", now=NOW)
    with pytest.raises(Invalid):
        services.register_customer(actor, name="乙", phone="123", now=NOW)
    second = services.register_customer(actor, name="丙", now=NOW)
    assert (first.number, second.number) == ("CU-NJ-2026-000001", "CU-NJ-2026-000002")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": "robot"}, "kind"),
        ({"grade": "best"}, "grade"),
        ({"segment": "x"}, "segment"),
        ({"language": "fr"}, "language"),
    ],
)
def test_words_that_are_not_on_the_lists_are_refused(facts, field):
    with pytest.raises(Invalid) as refused:
        services.register_customer(make_actor("NJ"), name="张三", facts=CustomerFacts(**facts), now=NOW)
    assert refused.value.field == field
    assert not Customer.objects.exists()


def test_without_the_permission_nothing_is_written():
    customer = make_customer()
    phone = customer.phones.get()
    reader = make_actor("NJ", Permission.SEE_CUSTOMERS)
    attempts = [
        lambda: services.register_customer(reader, name="李四", now=NOW),
        lambda: services.welcome_customer(reader, name="李四", phone="13800138001", now=NOW),
        lambda: services.edit_customer(
            reader, customer_id=customer.pk, version=1, name="李四", facts=CustomerFacts(), now=NOW
        ),
        lambda: services.add_phone(reader, customer_id=customer.pk, phone="13800138001", now=NOW),
        lambda: services.remove_phone(reader, customer_id=customer.pk, phone_id=phone.pk, now=NOW),
        lambda: services.choose_main_phone(reader, customer_id=customer.pk, phone_id=phone.pk, now=NOW),
        lambda: services.add_address(reader, customer_id=customer.pk, text="南京", now=NOW),
        lambda: services.remove_address(reader, customer_id=customer.pk, address_id=1, now=NOW),
        lambda: services.reveal_contact(reader, customer_id=customer.pk, now=NOW),
    ]
    entries = len(journal.entries_of("customer", customer.pk))
    for attempt in attempts:
        with pytest.raises(NotPermitted):
            attempt()
    assert Customer.objects.get().name == "张三"
    assert Phone.objects.get() == phone
    assert len(journal.entries_of("customer", customer.pk)) == entries


def test_an_edit_is_kept_journaled_and_found():
    customer = make_customer("张三")
    edited = services.edit_customer(
        make_actor("NJ"), customer_id=customer.pk, version=1, name="李四", facts=CustomerFacts(grade="key"), now=NOW
    )
    assert (edited.name, edited.grade, edited.version) == ("李四", "key", 2)
    entry = journal.entries_of("customer", customer.pk)[0]
    assert (entry.before, entry.after) == ({"name": "张三", "grade": "ordinary"}, {"name": "李四", "grade": "key"})
    assert queries.find_customers(make_actor("NJ"), "lisi") == [customer]
    assert queries.find_customers(make_actor("NJ"), "zhangsan") == []


def test_two_edits_at_once_are_told_of_each_other_and_the_first_stands():
    customer = make_customer("张三")
    actor = make_actor("NJ", name="小王")
    services.edit_customer(actor, customer_id=customer.pk, version=1, name="张三丰", facts=CustomerFacts(), now=NOW)
    with pytest.raises(Conflict) as conflict:
        services.edit_customer(
            actor, customer_id=customer.pk, version=1, name="张三", facts=CustomerFacts(note="常客"), now=NOW
        )
    assert "小王" in str(conflict.value)
    assert [(d.label.source, d.theirs, d.yours) for d in conflict.value.differences] == [
        ("Name", "张三丰", "张三"), ("Note", "—", "常客"),
    ]  # fmt: skip
    customer.refresh_from_db()
    assert (customer.name, customer.note) == ("张三丰", "")


def test_the_first_number_is_the_main_one_until_another_is_chosen():
    customer = make_customer(phone="13800138000")
    actor = make_actor("NJ")
    second = services.add_phone(actor, customer_id=customer.pk, phone="13900139000", label="office", now=NOW)
    assert not second.is_main
    services.choose_main_phone(actor, customer_id=customer.pk, phone_id=second.pk, now=NOW)
    assert queries.get_customer(actor, customer.pk).phones.all()[0].number == "+8613900139000"
    services.remove_phone(actor, customer_id=customer.pk, phone_id=second.pk, now=NOW)
    assert customer.phones.get().is_main
    assert queries.find_customers(actor, "13900139000") == []


def test_a_number_is_a_customers_once_but_several_customers_may_share_it():
    father, son = make_customer("张父", phone="13800138000"), make_customer("张子", phone="13800138000")
    actor = make_actor("NJ")
    with pytest.raises(Invalid, match="already has this number"):
        services.add_phone(actor, customer_id=father.pk, phone="+86 138-0013-8000", now=NOW)
    assert queries.find_customers_by_phone(actor, "138 0013 8000") == [father, son]
    assert queries.find_customer_by_phone(actor, "13800138000") is None
    assert Phone.objects.count() == 2


def test_the_database_itself_allows_one_main_number():
    customer = make_customer(phone="13800138000")
    with pytest.raises(IntegrityError), transaction.atomic():
        Phone.objects.create(customer=customer, number="+8613900139000", typed="", is_main=True)


def test_addresses_are_added_once_and_removed():
    customer, actor = make_customer(), make_actor("NJ")
    added = services.add_address(actor, customer_id=customer.pk, text=" 江苏省南京市  中山路1号 ", now=NOW)
    assert (added.text, added.masked) == ("江苏省南京市 中山路1号", "江苏省南京市****")
    for text in ("江苏省南京市 中山路1号", "", "长" * 201):
        with pytest.raises(Invalid):
            services.add_address(actor, customer_id=customer.pk, text=text, now=NOW)
    services.remove_address(actor, customer_id=customer.pk, address_id=added.pk, now=NOW)
    assert not customer.addresses.exists()
    with pytest.raises(Missing):
        services.remove_address(actor, customer_id=customer.pk, address_id=added.pk, now=NOW)


def test_a_telephone_of_another_customer_cannot_be_touched_through_ones_own():
    mine, other = make_customer("张三"), make_customer("李四", station="SZ")
    with pytest.raises(Missing):
        services.remove_phone(make_actor("NJ"), customer_id=mine.pk, phone_id=other.phones.get().pk, now=NOW)
    assert other.phones.count() == 1


def test_uncovering_contacts_is_journaled():
    customer = make_customer()
    actor = make_actor("NJ", Permission.SEE_CUSTOMERS, Permission.SEE_CONTACT)
    services.reveal_contact(actor, customer_id=customer.pk, now=NOW)
    entry = journal.entries_of("customer", customer.pk)[0]
    assert (entry.act, entry.actor_name) == ("reveal_contact", "前台小王")


# What other stations know


def test_a_customer_of_another_station_does_not_exist_here():
    customer = make_customer("张三", phone="13800138000", station="SZ")
    make_unit(customer, serial="PF3K9X2M")
    here = make_actor("NJ")
    with pytest.raises(Missing):
        queries.get_customer(here, customer.pk)
    with pytest.raises(Missing):
        services.edit_customer(here, customer_id=customer.pk, version=1, name="X", facts=CustomerFacts(), now=NOW)
    assert queries.find_customer_by_phone(here, "13800138000") is None
    for typed in ("张三", "zs", "8000", "13800138000", "PF3K9X2M", customer.number):
        assert queries.find_customers(here, typed) == []
        assert search.find(here, typed) == []
    assert not queries.list_customers(here).exists()
    everywhere = make_actor("HQ", everywhere=True)
    assert queries.find_customers(everywhere, "zs") == [customer]


def test_full_number_and_name_together_welcome_a_customer_of_another_station(published):
    known = make_customer("張三", phone="13800138000", station="SZ")
    published.clear()
    here = make_actor("NJ")
    welcomed = services.welcome_customer(here, phone="138 0013 8000", name="张三", now=NOW)
    assert welcomed == known
    assert queries.get_customer(here, known.pk) == known
    assert queries.find_customers(here, "8000") == [known]
    assert queries.find_customers(make_actor("SZ"), "8000") == [known]
    assert published == [CustomerRegistered(known.pk, "NJ", NOW, is_new=False)]
    assert journal.entries_of("customer", known.pk)[0].act == "welcome"
    services.welcome_customer(here, phone="13800138000", name="张三", now=NOW)
    assert len(published) == 1


@pytest.mark.parametrize(("phone", "name"), [("13800138000", "李四"), ("13800138001", "张三")])
def test_number_or_name_alone_make_a_new_customer_and_tell_nothing(phone, name):
    known = make_customer("张三", phone="13800138000", station="SZ", note="欠款")
    here = make_actor("NJ")
    made = services.welcome_customer(here, phone=phone, name=name, now=NOW)
    assert made != known
    assert CustomerStation.objects.filter(customer=known).count() == 1
    assert made.number == "CU-NJ-2026-000001"
    assert made.note == ""
    told = str([(item.title, item.detail, item.changes) for item in queries.timeline(here, customer_id=made.pk)])
    assert "SZ" not in told
    assert "欠款" not in told


# Lists and the timeline


def test_the_list_is_narrowed_by_every_filter_and_never_beyond_what_is_visible():
    dealer = make_customer("君发礼品", kind="organisation", segment="dealer", grade="key")
    person = make_customer("张三")
    make_customer("远方", station="SZ", segment="dealer")
    here = make_actor("NJ")
    assert set(queries.list_customers(here)) == {dealer, person}
    for filters in ({"kind": "organisation"}, {"segment": "dealer"}, {"grade": "key"}, {"typed": "jflp"}):
        assert list(queries.list_customers(here, **filters)) == [dealer], filters
    assert list(queries.list_customers(here, station="SZ")) == []
    assert list(queries.list_customers(here, typed="SZ", has_open=True)) == []


def test_upper_rooms_say_who_has_work_open(monkeypatch):
    busy, _idle = make_customer("忙"), make_customer("闲")
    monkeypatch.setattr(queries.records, "_open_sources", [])
    here = make_actor("NJ")
    assert not queries.list_customers(here, has_open=True).exists()
    queries.add_open_source(lambda actor: Customer.objects.filter(name="忙").values_list("pk", flat=True))
    assert list(queries.list_customers(here, has_open=True)) == [busy]


def test_the_list_counts_units_in_use():
    customer = make_customer()
    make_unit(customer)
    make_unit(customer, is_active=False)
    assert queries.list_customers(make_actor("NJ")).get().unit_count == 1


def test_the_timeline_tells_what_happened_in_words_with_numbers_masked():
    customer = make_customer("张三", phone="13800138000")
    actor = make_actor("NJ")
    services.edit_customer(
        actor, customer_id=customer.pk, version=1, name="李四", facts=CustomerFacts(grade="key"), now=NOW
    )
    services.reveal_contact(actor, customer_id=customer.pk, now=NOW)
    unit = make_unit(customer, serial="PF3K9X2M")
    items = queries.timeline(actor, customer_id=customer.pk)
    assert {str(item.title) for item in items} == {"Customer registered", "Customer changed", "Unit registered"}
    changed = next(item for item in items if str(item.title) == "Customer changed")
    assert [(str(c.label), str(c.before), str(c.after)) for c in changed.changes] == [
        ("Grade", "Ordinary", "Key customer"), ("Name", "张三", "李四"),
    ]  # fmt: skip
    told = str([[str(change.after) for change in item.changes] for item in items])
    assert "138****8000" in told
    assert "13800138000" not in told
    assert [str(item.title) for item in queries.timeline(actor, unit_id=unit.pk)] == ["Unit registered"]


def test_who_may_not_see_units_reads_nothing_of_them_on_the_timeline():
    customer = make_customer()
    make_unit(customer)
    actor = make_actor("NJ", Permission.SEE_CUSTOMERS)
    assert [str(item.title) for item in queries.timeline(actor, customer_id=customer.pk)] == ["Customer registered"]


def test_upper_rooms_add_to_the_timeline_and_to_the_page(monkeypatch):
    customer = make_customer()
    monkeypatch.setattr(queries.records, "_timeline_sources", [])
    monkeypatch.setattr(queries.records, "_panel_sources", [])
    item = queries.TimelineItem(at=NOW, title="Order taken in", url="/orders/1/")

    def source(actor, customer_id, unit_id):
        return [item] if customer_id == customer.pk and unit_id is None else []

    queries.add_timeline_source(source)
    queries.add_timeline_source(source)
    queries.add_panel_source(
        lambda actor, customer_id, unit_id: [queries.Panel("Orders", "x.html", {"n": customer_id})]
    )
    assert queries.timeline(make_actor("NJ"), customer_id=customer.pk).count(item) == 1
    assert queries.list_panels(SYSTEM, customer_id=customer.pk)[0].data == {"n": customer.pk}
