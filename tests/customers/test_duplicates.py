from __future__ import annotations

from datetime import timedelta

import pytest

from aftersales.core import journal
from aftersales.core.errors import Missing, NotPermitted
from aftersales.customers import queries, services
from aftersales.customers.models import CustomerPair, MatchKey, UnitPair
from aftersales.customers.permissions import Permission
from aftersales.customers.rules import duplicates as rules
from aftersales.customers.services import duplicates
from tests.factories.customers import make_actor, make_customer, make_unit
from tests.factories.staff import NOW

LATER = NOW + timedelta(days=1)
VIN = "LSVAA4186C2184847"


def person(name, *phones, address="", kind="person", number=1):
    addresses = (address,) if address else ()
    return rules.CustomerFacts(number, name, kind, tuple(f"+86{phone}" for phone in phones), addresses)


def unit(serial="", plate="", *, model="明锐", owner=1, trade="automotive", category="car", one_per="trade"):
    return rules.UnitFacts(1, owner, trade, category, model, serial, plate, one_per)


def told(one, other):
    return [reason.source for reason in rules.likeness(one, other).reasons]


# How likely


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (person("张三", "13800138000"), person("李四", "13800138000"), None),
        (person("张三", "13800138000"), person("張三先生", "13800138000"), "Same telephone number: {number}"),
        (
            person("张炜", "13800138000"),
            person("章伟", "13800138000"),
            "Names that sound the same: {one}, {other}",
        ),
        (
            person("张三", "13800138000"),
            person("张三", "13800138006"),
            "Telephone numbers differ in one digit or two swapped ones: {number}",
        ),
        (person("张三", "13800138000"), person("张三", "13800130800"), "Same name"),
        (
            person("欧阳静怡", "13800138000", address="南京市中山路1号"),
            person("欧阳静仪", "13900139000", address="南京市 中山路1号"),
            "Same address",
        ),
        (
            person("江苏恒通物流有限公司", kind="organisation"),
            person("江苏恒通物流公司", kind="organisation"),
            "Same name",
        ),
        (person("张三", "13800138000"), person("张三", "13900139999"), None),
        (person("张三"), person("张三"), None),
        (person("王芳", address="南京市中山路1号"), person("李强", address="南京市中山路1号"), None),
    ],
)
def test_two_customers_are_likely_one_for_reasons_in_words(one, other, reason):
    likely = rules.likeness(one, other)
    assert rules.likeness(other, one).points == likely.points
    if reason is None:
        assert likely.points < rules.LISTED_FROM
    else:
        assert likely.points >= rules.LISTED_FROM
        assert reason in told(one, other)
        assert rules.keys_of(one) & rules.keys_of(other), "they would never meet"


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (unit("LSVAA4186C2184847"), unit("LSVAA4I86C2I84847"), "The same number spelled differently: {one}, {other}"),
        (unit("PF3K9X2M"), unit("pf-3k9x2m"), "The same number spelled differently: {one}, {other}"),
        (unit("LSVAA4186C2184847"), unit("LSVBA4186C2184847"), "Nearly the same number: {one}, {other}"),
        (unit(plate="苏A12B45"), unit(plate="苏A12845"), "The same plate spelled differently: {one}, {other}"),
        (unit(plate="苏A12345"), unit("LSVAA4186C2184847", "苏A12345"), "Same plate: {plate}"),
        (unit("LSVAA4186C2184847"), unit(), "One of the two carries no number"),
        (unit("LSVAA4186C2184847"), unit("LSVAA4186C2184848"), None),
        (unit("LSVAA4186C2184847", "苏A12345"), unit("WVWZZZ1JZ3W386752", "苏A12345", model="帕萨特"), None),
        (unit("LOT-1", owner=1, one_per="owner"), unit("LOT-1", owner=2, one_per="owner"), None),
        (unit("1001", category="a"), unit("1001", category="b", trade="agri"), None),
        (unit(model="明锐"), unit(model="帕萨特"), None),
    ],
)
def test_two_units_are_likely_one_for_reasons_in_words(one, other, reason):
    likely = rules.likeness(one, other)
    if reason is None:
        assert likely.points < rules.LISTED_FROM
    else:
        assert likely.points >= rules.LISTED_FROM
        assert reason in told(one, other)
        assert rules.keys_of(one) & rules.keys_of(other), "they would never meet"


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "abd", 1), ("abc", "ab", 1), ("abc", "xyz", 2), ("a", "abcd", 2)],
)
def test_the_distance_counts_slips_and_stops_early(one, other, far):
    assert rules.distance(one, other, most=1) == far


# Looking


@pytest.fixture
def clerk(db):
    return make_actor("NJ")


def names(pairs):
    return [(pair.low.name, pair.high.name) for pair in pairs]


def test_pairs_are_found_and_the_likeliest_stands_first(clerk):
    make_customer("张三", phone="13800138000")
    make_customer("张三", phone="13800138001")
    make_customer("李四", phone="13900139000")
    make_customer("李四先生", phone="13900139000")
    make_customer("王五")
    assert services.find_duplicates(now=LATER) == 5
    assert services.find_duplicates(now=LATER) == 0
    assert names(queries.list_pairs(clerk, "customer")) == [("李四", "李四先生"), ("张三", "张三")]
    assert queries.scanned_at("customer") == LATER


def test_only_what_is_new_or_changed_is_looked_at_again(clerk):
    first, second = make_customer("张三", phone="13800138000"), make_customer("李四", phone="13900139000")
    services.find_duplicates(now=LATER)
    assert services.find_duplicates(now=LATER) == 0
    services.add_phone(clerk, customer_id=second.pk, phone="13800138000", now=LATER)
    services.edit_customer(
        clerk, customer_id=second.pk, version=1, name="张叁", facts=services.CustomerFacts(), now=LATER
    )
    assert services.find_duplicates(now=LATER) == 1
    assert names(queries.list_pairs(clerk, "customer")) == [("张三", "张叁")]
    services.remove_phone(clerk, customer_id=first.pk, phone_id=first.phones.get().pk, now=LATER)
    services.find_duplicates(now=LATER)
    assert not queries.list_pairs(clerk, "customer").exists()


def test_the_nightly_look_finds_what_was_written_behind_its_back(clerk):
    make_customer("张三", phone="13800138000")
    make_customer("张三", phone="13800138000")
    services.find_duplicates(now=LATER)
    MatchKey.objects.all().delete()
    CustomerPair.objects.all().delete()
    assert services.find_duplicates(now=LATER) == 0
    duplicates.find_duplicates_thoroughly({}, LATER)
    assert queries.list_pairs(clerk, "customer").count() == 1


def test_a_key_that_a_crowd_shares_makes_no_pairs(clerk, monkeypatch):
    monkeypatch.setattr(rules, "CROWD", 3)
    for _number in range(4):
        make_customer("总机", phone="02584220000")
    services.find_duplicates(now=LATER)
    assert not queries.list_pairs(clerk, "customer").exists()


def test_only_who_sees_both_sees_the_pair(clerk):
    make_customer("张三", phone="13800138000")
    make_customer("张三", phone="13800138000", station="SZ")
    services.find_duplicates(now=LATER)
    assert not queries.list_pairs(clerk, "customer").exists()
    headquarters = make_actor("HQ", everywhere=True)
    pair = queries.list_pairs(headquarters, "customer").get()
    with pytest.raises(Missing):
        services.dismiss_pair(clerk, kind="customer", pair_id=pair.pk, now=LATER)
    assert queries.list_pairs(headquarters, "customer").exists()
    with pytest.raises(NotPermitted):
        queries.list_pairs(make_actor("NJ", Permission.SEE_CUSTOMERS), "customer")


def test_two_that_are_not_the_same_stay_away_with_who_said_so(clerk):
    one = make_customer("张三", phone="13800138000")
    make_customer("张三", phone="13800138000")
    services.find_duplicates(now=LATER)
    pair = queries.list_pairs(clerk, "customer").get()
    services.dismiss_pair(clerk, kind="customer", pair_id=pair.pk, now=LATER)
    services.dismiss_pair(clerk, kind="customer", pair_id=pair.pk, now=LATER + timedelta(days=1))
    services.add_phone(clerk, customer_id=one.pk, phone="13900139000", now=LATER)
    services.find_duplicates(now=LATER)
    assert not queries.list_pairs(clerk, "customer").exists()
    kept = queries.list_pairs(clerk, "customer", dismissed=True).get()
    assert (kept.dismissed_by, kept.dismissed_at) == (clerk.name, LATER)
    assert [entry.act for entry in journal.entries_of("customer", one.pk)].count("dismiss_pair") == 1
    services.reopen_pair(clerk, kind="customer", pair_id=pair.pk, now=LATER)
    assert queries.list_pairs(clerk, "customer").count() == 1


def test_units_are_found_too(clerk):
    owner = make_customer("张三")
    make_unit(owner, serial="PF3K9X2O")
    make_unit(owner, serial="PF3K9X20")
    services.find_duplicates(now=LATER)
    pair = queries.list_pairs(clerk, "unit").get()
    assert [str(reason) for reason in queries.reasons_of(pair)] == [
        "The same number spelled differently: PF3K9X2O, PF3K9X20",
        "Same owner",
        "Same model",
    ]


def test_a_merge_takes_its_pairs_away_and_undoing_finds_them_again(clerk):
    one, two = make_customer("张三", phone="13800138000"), make_customer("张三", phone="13800138000")
    services.find_duplicates(now=LATER)
    merge = services.merge_customers(clerk, kept_id=one.pk, gone_id=two.pk, now=LATER)
    assert not CustomerPair.objects.exists()
    services.find_duplicates(now=LATER)
    assert not CustomerPair.objects.exists()
    services.undo_merge(clerk, merge_id=merge.pk, now=LATER)
    services.find_duplicates(now=LATER)
    assert queries.list_pairs(clerk, "customer").count() == 1


def test_ten_times_as_many_customers_take_no_more_questions_each(clerk, django_assert_max_num_queries):
    for number in range(60):
        make_customer(f"客户{number}", phone=f"138{number:08}")
    with django_assert_max_num_queries(40):
        services.find_duplicates(now=LATER)
    with django_assert_max_num_queries(6):
        list(queries.list_pairs(clerk, "customer")[:50])
    assert not UnitPair.objects.exists()
