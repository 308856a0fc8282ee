from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.db.models import ForeignKey

from aftersales.core import files, journal, search
from aftersales.core.actor import SYSTEM
from aftersales.core.errors import Invalid, Missing, NotPermitted, Refused
from aftersales.customers import queries, services
from aftersales.customers.models import Address, Customer, Merge, Phone, Unit, UnitOwnership
from aftersales.customers.permissions import Permission
from tests.customers.merging import LATER, VIN, merged, snapshot, undone
from tests.factories.catalog import make_categories
from tests.factories.customers import make_actor, make_customer, make_unit
from tests.factories.photos import a_photo
from tests.factories.staff import NOW, make_station
from tests.faults.databases import at_once


@pytest.fixture
def clerk(db):
    make_categories()
    return make_actor("NJ")


# Customers


def test_two_records_of_one_customer_become_one_and_nothing_is_lost(clerk):
    kept = make_customer("张三", phone="13800138000", note="常客")
    gone = make_customer("张三", phone="13900139000", note="开发票")
    services.add_phone(SYSTEM, customer_id=gone.pk, phone="13800138000", now=NOW)
    services.add_address(SYSTEM, customer_id=gone.pk, text="南京市中山路1号", now=NOW)
    unit = make_unit(gone)
    before = (Phone.objects.count(), Address.objects.count(), Unit.objects.count(), UnitOwnership.objects.count())
    merged(clerk, kept, gone)
    found = queries.get_customer(clerk, kept.pk)
    assert [(phone.number, phone.is_main) for phone in found.phones.all()] == [
        ("+8613800138000", True),
        ("+8613900139000", False),
    ]
    assert [address.text for address in found.addresses.all()] == ["南京市中山路1号"]
    assert found.note == "常客\n开发票"
    assert queries.list_units_of(clerk, kept.pk) == [unit]
    assert [owner.customer for owner in queries.list_owners(clerk, queries.get_unit(clerk, unit.pk))] == [kept]
    assert before == (
        Phone.objects.count(),
        Address.objects.count(),
        Unit.objects.count(),
        UnitOwnership.objects.count(),
    )
    assert Customer.objects.get(pk=gone.pk).name == "张三"


def test_the_old_number_id_and_name_lead_to_the_kept_record(clerk):
    kept, gone = make_customer("欧阳静", phone="13800138000"), make_customer("欧阳晶", phone="13900139000")
    merged(clerk, kept, gone, name="kept")
    assert queries.get_customer(clerk, gone.pk) == kept
    for typed in (gone.number, kept.number, "13900139000", "欧阳晶", "欧阳静"):
        hits = search.find(clerk, typed, kinds=["customer"])
        assert [(hit.key, hit.title) for hit in hits] == [(str(kept.pk), "欧阳静")], typed
    assert [one.pk for one in queries.list_customers(clerk)] == [kept.pk]
    assert (
        services.edit_customer(
            clerk,
            customer_id=gone.pk,
            version=Customer.objects.get(pk=kept.pk).version,
            name="欧阳静",
            facts=services.CustomerFacts(note="x"),
            now=LATER,
        ).pk
        == kept.pk
    )


def test_a_form_opened_on_either_record_before_the_merge_no_longer_fits(clerk):
    kept, gone = make_customer("张三"), make_customer("张三")
    merged(clerk, kept, gone)
    for each in (kept, gone):
        with pytest.raises(Refused, match="changed this record"):
            services.edit_customer(
                clerk, customer_id=each.pk, version=1, name="李四", facts=services.CustomerFacts(), now=LATER
            )


def test_both_journals_are_told_on_the_kept_page(clerk):
    kept, gone = make_customer("张三"), make_customer("张三")
    services.add_phone(clerk, customer_id=gone.pk, phone="13900139000", now=NOW)
    unit = make_unit(gone)
    merged(clerk, kept, gone)
    acts = [str(item.title) for item in queries.timeline(clerk, customer_id=kept.pk)]
    assert acts.count("Customer registered") == 2
    assert {"Telephone number added", "Merged with another record", "Unit registered"} <= set(acts)
    assert journal.entries_of("customer", gone.pk)[0].act == "merged_into"
    assert unit.pk


def test_the_stricter_consent_holds_unless_somebody_chooses(clerk):
    def pair():
        return make_customer("张三", may_be_messaged=False, may_be_advertised_to=True), make_customer("张三")

    kept, gone = pair()
    merged(clerk, kept, gone)
    kept.refresh_from_db()
    assert (kept.may_be_messaged, kept.may_be_advertised_to) == (False, False)
    kept, gone = pair()
    merged(clerk, kept, gone, may_be_messaged="gone", may_be_advertised_to="kept")
    kept.refresh_from_db()
    assert (kept.may_be_messaged, kept.may_be_advertised_to) == (True, True)


def test_the_fuller_value_is_kept_and_a_choice_overrules_it(clerk):
    kept, gone = make_customer("江苏恒通"), make_customer("江苏恒通物流有限公司", contact_name="王总", grade="key")
    compared = {field.name: field.side for field in queries.compare_customers(clerk, kept.pk, gone.pk).fields}
    assert (compared["name"], compared["contact_name"], compared["grade"]) == ("gone", "gone", "gone")
    merged(clerk, kept, gone, grade="kept")
    kept.refresh_from_db()
    assert (kept.name, kept.contact_name, kept.grade) == ("江苏恒通物流有限公司", "王总", "ordinary")


@pytest.mark.parametrize("choices", [{"name": "both"}, {"name": "elsewhere"}])
def test_a_choice_that_is_none_is_refused_and_nothing_is_merged(clerk, choices):
    kept, gone = make_customer("张三"), make_customer("李四")
    before = snapshot()
    with pytest.raises(Invalid):
        merged(clerk, kept, gone, **choices)
    assert snapshot() == before
    assert not Merge.objects.exists()


def test_two_notes_that_are_too_long_together_must_be_chosen_from(clerk):
    kept, gone = make_customer("张三", note="甲" * 1500), make_customer("张三", note="乙" * 1500)
    with pytest.raises(Invalid, match="Choose one of them"):
        merged(clerk, kept, gone)
    merged(clerk, kept, gone, note="gone")
    kept.refresh_from_db()
    assert kept.note == "乙" * 1500


def test_it_needs_its_own_permission(db):
    advisor = make_actor("NJ", Permission.SEE_CUSTOMERS, Permission.EDIT_CUSTOMERS, Permission.SEE_UNITS)
    kept, gone = make_customer("张三"), make_customer("张三")
    with pytest.raises(NotPermitted):
        merged(advisor, kept, gone)
    with pytest.raises(NotPermitted):
        merged(advisor, make_unit(kept), make_unit(kept))
    assert not Merge.objects.exists()


def test_who_does_not_see_all_stations_of_both_cannot_merge_them(clerk):
    kept, gone = make_customer("张三", phone="13800138000"), make_customer("李四", phone="13900139000")
    make_station("SZ")
    services.welcome_customer(SYSTEM, phone="13900139000", name="李四", station="SZ", now=NOW)
    before = snapshot()
    with pytest.raises(Refused, match="headquarters"):
        merged(clerk, kept, gone)
    assert snapshot() == before
    merged(make_actor("HQ", everywhere=True), kept, gone)
    assert queries.get_customer(make_actor("SZ"), kept.pk) == kept


def test_a_customer_of_another_station_is_missing(clerk):
    kept, far = make_customer("张三"), make_customer("远方", station="SZ")
    with pytest.raises(Missing):
        merged(clerk, kept, far)
    with pytest.raises(Missing):
        merged(clerk, far, kept)
    with pytest.raises(Missing):
        services.merge_customers(clerk, kept_id=kept.pk, gone_id=999, now=NOW)


def test_the_same_record_is_not_merged_with_itself(clerk):
    kept = make_customer("张三")
    with pytest.raises(Refused, match="same record"):
        merged(clerk, kept, kept)


def test_merging_again_gives_the_same_merge_and_does_nothing_twice(clerk):
    kept, gone = make_customer("张三"), make_customer("张三")
    first = merged(clerk, kept, gone)
    before = (snapshot(without=()), len(journal.entries_of("customer", kept.pk)))
    assert merged(clerk, kept, gone) == first
    assert merged(clerk, gone, kept) == first
    assert (snapshot(without=()), len(journal.entries_of("customer", kept.pk))) == before


def test_a_record_that_was_merged_elsewhere_meanwhile_is_refused(clerk):
    one, two, three = make_customer("张三"), make_customer("张三"), make_customer("张三")
    merged(clerk, two, three)
    with pytest.raises(Refused, match="meanwhile"):
        merged(clerk, one, three)


def test_whoever_comes_with_the_old_name_and_number_is_the_kept_customer(clerk):
    kept = make_customer("张三丰", phone="13800138000")
    gone = make_customer("张三", phone="13800138000")
    merged(clerk, kept, gone)
    customer, _unit = services.find_or_register(
        clerk, phone="13800138000", name="张三", trade="electronics", category="laptop", now=LATER
    )
    assert customer == kept
    customer, _unit = services.find_or_register(
        clerk, phone="", name="", customer_id=gone.pk, trade="electronics", category="laptop", now=LATER
    )
    assert customer == kept


def test_lots_that_both_own_are_merged_first(clerk):
    kept, gone = make_customer("甲公司"), make_customer("甲公司")
    goods = {"trade": "gift", "category": "ceramics", "serial": "LOT-2026-001"}
    ours, theirs = make_unit(kept, **goods), make_unit(gone, **goods)
    with pytest.raises(Refused, match="LOT-2026-001"):
        merged(clerk, kept, gone)
    merged(clerk, ours, theirs, owner="kept")
    merged(clerk, kept, gone)
    assert queries.list_units_of(clerk, kept.pk) == [ours]


def test_photos_follow(clerk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    kept, gone = make_customer("张三"), make_customer("张三")
    for owner, color in ((kept, "red"), (gone, "red"), (gone, "blue")):
        files.attach_photo(SYSTEM, kind="customer", key=owner.pk, scope="NJ", upload=a_photo(color), now=NOW)
    merge = merged(clerk, kept, gone)
    assert len(files.list_photos("customer", kept.pk)) == 2
    undone(clerk, merge)
    assert [len(files.list_photos("customer", each.pk)) for each in (kept, gone)] == [1, 2]


# Units


def test_two_records_of_one_unit_become_one(clerk):
    owner = make_customer("张三")
    kept = make_unit(owner, trade="automotive", category="car", serial="LSVAA4187C2184847", model_text="明锐", note="")
    gone = make_unit(owner, trade="automotive", category="car", serial=VIN, plate="苏A12345", model_text="明锐")
    services.record_meter(SYSTEM, unit_id=gone.pk, reading=12000, now=NOW)
    merged(clerk, kept, gone, serial="gone")
    unit = queries.get_unit(clerk, gone.pk)
    assert (unit.pk, unit.serial, unit.plate, unit.meter_reading) == (kept.pk, VIN, "苏A12345", 12000)
    assert queries.find_unit_by_serial(clerk, VIN) == kept
    assert queries.find_unit_by_plate(clerk, "苏A12345") == kept
    for typed in (VIN, "苏A12345"):
        assert search.keys(clerk, "unit", typed) == [str(kept.pk)]
    assert [row.pk for row in queries.list_units(clerk)] == [kept.pk]
    assert [one.pk for one in queries.list_units_of(clerk, owner.pk)] == [kept.pk]


def test_the_number_that_was_not_kept_still_finds_the_unit_here_and_at_the_counter(clerk):
    owner = make_customer("张三", phone="13800138000")
    kept = make_unit(owner, serial="PF3K9X2M")
    gone = make_unit(owner, serial="PF3K9X2N")
    merged(clerk, kept, gone, serial="kept")
    assert search.keys(clerk, "unit", "PF3K9X2N") == [str(kept.pk)]
    assert queries.find_unit_by_serial(clerk, "PF3K9X2N") == kept
    taken_in = services.find_or_register(
        clerk, phone="13800138000", name="张三", trade="electronics", category="laptop", serial="PF3K9X2N", now=LATER
    )
    assert taken_in == (owner, kept)
    assert queries.get_unit(clerk, kept.pk).serial == "PF3K9X2M"
    with pytest.raises(Invalid, match="already on another unit"):
        make_unit(owner, serial="PF3K9X2N")


def test_the_owner_who_is_not_chosen_owned_the_unit_until_now(clerk):
    first, second = make_customer("张三"), make_customer("李四")
    kept, gone = make_unit(first), make_unit(second)
    merge = merged(clerk, kept, gone, owner="gone")
    unit = queries.get_unit(clerk, kept.pk)
    assert unit.owner == second
    owners = [(owner.customer, owner.ownership.until_at) for owner in queries.list_owners(clerk, unit)]
    assert owners == [(second, None), (first, LATER)]
    undone(clerk, merge)
    assert [owner.customer for owner in queries.list_owners(clerk, queries.get_unit(clerk, kept.pk))] == [first]
    assert [owner.customer for owner in queries.list_owners(clerk, queries.get_unit(clerk, gone.pk))] == [second]


def test_units_of_two_trades_are_not_one(clerk):
    owner = make_customer()
    kept, gone = make_unit(owner), make_unit(owner, trade="automotive", category="car")
    with pytest.raises(Refused, match="different trades"):
        merged(clerk, kept, gone)


def test_days_that_cannot_both_be_true_are_refused(clerk):
    owner = make_customer()
    kept = make_unit(owner, category="phone", shipped_on=NOW.date())
    gone = make_unit(owner, category="phone", purchased_on=NOW.date() - timedelta(days=9))
    with pytest.raises(Invalid, match="before it left the maker"):
        merged(clerk, kept, gone)
    assert not Merge.objects.exists()


# At once


def test_two_who_merge_the_same_pair_at_once_make_one_merge(shared_database):
    clerk = make_actor("NJ")
    kept, gone = make_customer("张三"), make_customer("张三")
    make_unit(gone)
    results = at_once(
        *[lambda: merged(clerk, kept, gone) for _ in range(3)], *[lambda: merged(clerk, gone, kept) for _ in range(3)]
    )
    assert len({result.pk for result in results}) == 1
    assert Merge.objects.count() == 1
    assert Unit.objects.get().owner_id == Merge.objects.get().kept_key


def test_what_is_taken_in_while_two_are_merged_ends_with_the_kept_record(shared_database):
    clerk = make_actor("NJ")
    kept, gone = make_customer("张三", phone="13800138000"), make_customer("李四", phone="13900139000")
    make_unit(gone)

    def take_in(number):
        return services.find_or_register(
            clerk, phone="13900139000", name="李四", customer_id=gone.pk if number % 2 else None, trade="electronics",
            category="laptop", serial=f"PF3K9X2{number}", now=LATER,
        )  # fmt: skip

    results = at_once(*[lambda n=n: take_in(n) for n in range(5)], lambda: merged(clerk, kept, gone))
    assert not [result for result in results if isinstance(result, Exception)]
    assert Customer.objects.count() == 2
    assert set(Unit.objects.values_list("owner_id", flat=True)) == {kept.pk}


# What must not be forgotten


def test_every_table_that_names_a_customer_or_a_unit_is_known_to_merging():
    known = {
        "customers.CustomerStation.customer", "customers.Phone.customer", "customers.Address.customer",
        "customers.Unit.owner", "customers.UnitOwnership.customer", "customers.UnitOwnership.unit",
        "customers.Customer.merged_into", "customers.Unit.merged_into",
        "customers.CustomerPair.low", "customers.CustomerPair.high", "customers.UnitPair.low", "customers.UnitPair.high",
        "workshop.RepairOrder.customer", "workshop.RepairOrder.unit",
        # An account stays with its record; its balance is carried over by two entries (billing, decision 31).
        "billing.Account.customer", "billing.FreightDocument.customer",
        # A copy lives three days and goes with whoever absorbed its customer; an erased customer cannot be merged.
        "customers.PersonalCopy.customer", "customers.Erasure.customer",
    }  # fmt: skip
    fields = [field for model in apps.get_models() for field in model._meta.get_fields()]
    naming = {
        str(field) for field in fields if isinstance(field, ForeignKey) and field.related_model in {Customer, Unit}
    }
    assert naming == known, "Let its rows follow a merge (services.hand_over, take_back), then name it here."
