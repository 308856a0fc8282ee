from __future__ import annotations

import pytest
from django.urls import reverse

from aftersales.customers.models import Customer, CustomerPair, Merge, UnitPair
from tests.factories.customers import make_customer, make_unit
from tests.factories.staff import make_manager, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client_as):
    return client_as(make_person("老周", duty="data_clerk"))


@pytest.fixture
def advisor(client_as):
    return client_as(make_person("小王", duty="service_advisor"))


def body(response) -> str:
    return response.content.decode()


def merge_url(customer) -> str:
    return reverse("customers:merge_customers", args=[customer.pk])


def test_the_other_record_is_searched_compared_and_merged(clerk):
    kept, gone = make_customer("张三", phone="13800138000"), make_customer("张三丰", phone="13900139000", note="常客")
    assert merge_url(kept) in body(clerk.get(reverse("customers:customer", args=[kept.pk])))
    found = body(clerk.get(merge_url(kept), {"q": "张三"}))
    assert f"?with={gone.pk}" in found
    assert f"?with={kept.pk}" not in found
    compared = body(clerk.get(merge_url(kept), {"with": gone.pk}))
    for shown in ("张三", "张三丰", "138****8000", "139****9000", "常客", 'name="name"', f"?with={kept.pk}"):
        assert shown in compared, shown
    assert "13900139000" not in compared
    answer = clerk.post(merge_url(kept), {"with": gone.pk, "name": "kept", "note": "gone"}, follow=True)
    assert answer.redirect_chain == [(reverse("customers:customer", args=[kept.pk]), 302)]
    page = body(answer)
    for shown in ("The two records are one now", gone.number, "139****9000", "常客", "Undo this merge"):
        assert shown in page, shown


def test_a_choice_that_is_missing_is_asked_for_and_nothing_is_merged(clerk):
    kept, gone = make_customer("张三"), make_customer("李四")
    answer = clerk.post(merge_url(kept), {"with": gone.pk})
    assert answer.status_code == 422
    assert not Merge.objects.exists()


def test_the_address_of_the_other_record_opens_the_kept_one(clerk, advisor):
    kept, gone = make_customer("张三"), make_customer("张三")
    ours, theirs = make_unit(kept), make_unit(gone)
    clerk.post(merge_url(kept), {"with": gone.pk})
    clerk.post(reverse("customers:merge_units", args=[ours.pk]), {"with": theirs.pk})
    for browser in (clerk, advisor):
        answer = browser.get(reverse("customers:customer", args=[gone.pk]))
        assert answer.headers["Location"] == reverse("customers:customer", args=[kept.pk])
        answer = browser.get(reverse("customers:unit", args=[theirs.pk]))
        assert answer.headers["Location"] == reverse("customers:unit", args=[ours.pk])
    assert "Undo this merge" not in body(advisor.get(reverse("customers:customer", args=[kept.pk])))


def test_sending_the_form_twice_or_from_two_windows_makes_one_merge(clerk):
    kept, gone = make_customer("张三"), make_customer("张三")
    for once in ("the-key-of-one-form", "the-key-of-one-form", "the-key-of-another"):
        answer = clerk.post(merge_url(kept), {"with": gone.pk}, once=once)
        assert answer.headers["Location"] == reverse("customers:customer", args=[kept.pk])
    assert Merge.objects.count() == 1


def test_what_stands_in_the_way_is_said_before(clerk):
    owner = make_customer("张三")
    phone, car = make_unit(owner), make_unit(owner, trade="automotive", category="car")
    url = reverse("customers:merge_units", args=[phone.pk])
    page = body(clerk.get(url, {"with": car.pk}))
    assert "different trades" in page
    assert "Merge the two" not in page
    refused = clerk.post(url, {"with": car.pk, "category": "kept", "model": "kept"})
    assert refused.status_code in {409, 422}
    assert not Merge.objects.exists()


def test_the_undo_page_says_what_goes_back_and_undoes(clerk):
    kept, gone = make_customer("张三", phone="13800138000"), make_customer("张三丰", phone="13900139000")
    clerk.post(merge_url(kept), {"with": gone.pk, "name": "gone"})
    url = reverse("customers:undo_merge_of_customers", args=[Merge.objects.get().pk])
    page = body(clerk.get(url))
    for shown in (gone.number, "Telephone numbers", "Nothing has happened since", "This is possible until"):
        assert shown in page, shown
    assert clerk.post(url).headers["Location"] == reverse("customers:customer", args=[kept.pk])
    assert Customer.objects.filter(merged_into=None).count() == 2
    assert "undone already" in body(clerk.get(url))
    assert clerk.get(reverse("customers:customer", args=[gone.pk])).status_code == 200


def test_other_stations_and_other_duties_do_not_reach_it(clerk, advisor, client_as):
    kept, far = make_customer("张三"), make_customer("远方", station="SZ")
    assert advisor.get(merge_url(kept)).status_code == 403
    assert clerk.get(merge_url(far)).status_code == 404
    assert clerk.get(merge_url(kept), {"with": far.pk}).status_code == 404
    assert clerk.get(merge_url(kept), {"with": "no number"}).status_code == 200
    manager = client_as(make_manager())
    manager.post(merge_url(far), {"with": make_customer("远方", station="SZ").pk})
    url = reverse("customers:undo_merge_of_customers", args=[Merge.objects.get().pk])
    assert clerk.get(url).status_code == 404
    assert clerk.post(url).status_code == 404
    assert Merge.objects.get().undone_at is None


def test_a_merge_of_units_is_not_undone_with_the_permission_for_customers(client_as, clerk):
    owner = make_customer("张三")
    one, two = make_unit(owner), make_unit(owner)
    clerk.post(reverse("customers:merge_units", args=[one.pk]), {"with": two.pk})
    merge = Merge.objects.get()
    assert clerk.get(reverse("customers:undo_merge_of_customers", args=[merge.pk])).status_code == 404
    assert "Undo the merge" in body(clerk.get(reverse("customers:undo_merge_of_units", args=[merge.pk])))


# Possible duplicates


def test_pairs_stand_with_their_reasons_and_numbers_masked(clerk, advisor):
    make_customer("张三", phone="13800138000")
    other = make_customer("张三先生", phone="13800138000")
    url = reverse("customers:duplicate_customers")
    assert "No two records look like one" in body(clerk.get(url))
    answer = clerk.post(reverse("customers:find_duplicates"), follow=True)
    page = body(answer)
    for shown in ("2 records were compared", "张三先生", "Same telephone number: 138****8000", f"?with={other.pk}"):
        assert shown in page, shown
    assert "13800138000" not in page
    assert advisor.get(url).status_code == 403


def test_two_that_are_not_the_same_move_to_the_other_list_and_back(clerk):
    owner = make_customer("张三", phone="13800138000")
    make_customer("张三", phone="13800138000")
    make_unit(owner, serial="PF3K9X2O")
    make_unit(owner, serial="PF3K9X20")
    clerk.post(reverse("customers:find_duplicates"))
    for kind, model in (("customer", CustomerPair), ("unit", UnitPair)):
        pair, url = model.objects.get(), reverse(f"customers:duplicate_{kind}s")
        assert "Compare" in body(clerk.get(url))
        clerk.post(reverse(f"customers:dismiss_pair_of_{kind}s", args=[pair.pk]))
        assert "No two records look like one" in body(clerk.get(url))
        assert "老周" in body(clerk.get(url, {"show": "different"}))
        clerk.post(reverse(f"customers:reopen_pair_of_{kind}s", args=[pair.pk]))
        assert "Compare" in body(clerk.get(url))


def test_what_was_merged_is_listed_with_who_and_when(clerk):
    kept, gone = make_customer("张三"), make_customer("张三")
    url = reverse("customers:duplicate_customers")
    assert "Nothing was merged yet" in body(clerk.get(url, {"show": "merged"}))
    clerk.post(merge_url(kept), {"with": gone.pk})
    page = body(clerk.get(url, {"show": "merged"}))
    for shown in (kept.number, gone.number, "老周", "Undo…"):
        assert shown in page, shown
