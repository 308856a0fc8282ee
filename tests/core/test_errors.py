from __future__ import annotations

import pytest

from aftersales.core.errors import Conflict, Difference, Invalid, Missing, NotPermitted, Refused
from aftersales.core.text import text as _


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Refused(_("Not now.")), 409),
        (Invalid(_("Write a number."), field="price"), 422),
        (NotPermitted("box:open"), 403),
        (Missing(), 404),
        (Missing(_("There is no such unit.")), 404),
        (Conflict(changed_by="王芳", differences=()), 409),
    ],
)
def test_every_refusal_is_a_sentence_with_a_status(refusal, status):
    assert isinstance(refusal, Refused)
    assert refusal.status == status
    assert str(refusal) == str(refusal.sentence)
    assert str(refusal).endswith(".")


def test_a_refusal_can_name_the_field_at_fault():
    assert Invalid(_("Write a number."), field="price").field == "price"
    assert Refused(_("Not now.")).field == ""


def test_a_conflict_names_the_other_person_and_shows_both_versions():
    difference = Difference(_("Name"), "张三", "张叁")
    conflict = Conflict(changed_by="王芳", differences=(difference,))
    assert "王芳" in str(conflict)
    assert conflict.differences == (difference,)


def test_missing_says_the_same_whether_it_is_hidden_or_not_there():
    assert str(Missing()) == str(Missing())
    assert "number" in str(Missing())


def test_not_permitted_does_not_tell_the_code_of_the_permission():
    assert "box:open" not in str(NotPermitted("box:open"))
